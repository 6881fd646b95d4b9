//! Creates the tables of the feature `centre`: centre, unit, capacity period.

step! {
    up: [
        "create table centre (
            id uuid primary key,
            organisation_id uuid not null references organisation (id),
            name text not null,
            kind text not null,
            regime text not null,
            area_id uuid not null references area (id),
            address text,
            protected_address text,
            is_address_protected boolean not null,
            status text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (not is_address_protected or address is null)
        )",
        "create index ix_centre_organisation_id on centre (organisation_id)",
        "create index ix_centre_name_id on centre (name, id)",
        "create table unit (
            id uuid primary key,
            centre_id uuid not null references centre (id),
            name text not null,
            min_age_months integer,
            max_age_months integer,
            sex text,
            takes_families boolean not null,
            max_stay_days integer,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (min_age_months is null or max_age_months is null or max_age_months > min_age_months)
        )",
        "create index ix_unit_centre_id on unit (centre_id)",
        "create table capacity_period (
            id uuid primary key,
            unit_id uuid not null references unit (id),
            since date not null,
            until date,
            places integer not null,
            check (places >= 0),
            check (until is null or until > since)
        )",
        "create index ix_capacity_period_unit_id_since on capacity_period (unit_id, since)",
        "create unique index uq_capacity_period_unit_id_open on capacity_period (unit_id) where until is null",
    ],
    down: [
        "drop table capacity_period",
        "drop table unit",
        "drop table centre",
    ],
}
