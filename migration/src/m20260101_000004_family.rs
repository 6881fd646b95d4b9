//! Creates the tables of the feature `family`: family, family characteristic, family member.

step! {
    up: [
        "create table family (
            id uuid primary key,
            reference text not null,
            label text not null,
            area_id uuid not null references area (id),
            lead_organisation_id uuid references organisation (id),
            address text,
            protected_address text,
            is_address_protected boolean not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            unique (reference)
        )",
        "create index ix_family_updated_at_id on family (updated_at, id)",
        "create index ix_family_area_id_updated_at_id on family (area_id, updated_at, id)",
        "create table family_characteristic (
            family_id uuid not null references family (id),
            kind text not null,
            recorded_at timestamptz not null,
            primary key (family_id, kind)
        )",
        "create index ix_family_characteristic_kind on family_characteristic (kind)",
        "create table family_member (
            id uuid primary key,
            family_id uuid not null references family (id),
            person_id uuid not null references person (id),
            role text not null,
            lives_here boolean not null,
            legal_responsibility boolean not null,
            primary_caregiver boolean not null,
            since date not null,
            until date,
            recorded_at timestamptz not null,
            ended_recorded_at timestamptz,
            voided_at timestamptz,
            void_reason text,
            check (until is null or until > since)
        )",
        "create index ix_family_member_family_id on family_member (family_id)",
        "create index ix_family_member_person_id_family_id on family_member (person_id, family_id)",
        "create unique index uq_family_member_family_id_person_id_open on family_member (family_id, person_id) where until is null and voided_at is null",
    ],
    down: [
        "drop table family_member",
        "drop table family_characteristic",
        "drop table family",
    ],
}
