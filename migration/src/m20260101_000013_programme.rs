//! Creates the tables of the feature `programme`: programme, budget line, programme availability, eligibility rule, programme stage, intake.

step! {
    up: [
        "create table programme (
            id uuid primary key,
            organisation_id uuid not null references organisation (id),
            name text not null,
            summary text not null,
            kind text not null,
            enrolment_unit text not null,
            since date not null,
            until date,
            status text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (until is null or until > since)
        )",
        "create index ix_programme_organisation_id on programme (organisation_id)",
        "create index ix_programme_name_id on programme (name, id)",
        "create table budget_line (
            id uuid primary key,
            programme_id uuid not null references programme (id),
            year integer not null,
            purpose text not null,
            amount_minor bigint not null,
            currency text not null,
            unique (programme_id, year, purpose)
        )",
        "create table programme_availability (
            id uuid primary key,
            programme_id uuid not null references programme (id),
            area_id uuid not null references area (id),
            since date not null,
            until date,
            check (until is null or until > since)
        )",
        "create index ix_programme_availability_programme_id on programme_availability (programme_id)",
        "create table eligibility_rule (
            id uuid primary key,
            programme_id uuid not null references programme (id),
            kind text not null,
            min_value integer,
            max_value integer,
            code text,
            area_id uuid references area (id),
            register_id uuid references register (id),
            prior_programme_id uuid references programme (id)
        )",
        "create index ix_eligibility_rule_programme_id on eligibility_rule (programme_id)",
        "create table programme_stage (
            id uuid primary key,
            programme_id uuid not null references programme (id),
            no integer not null,
            name text not null,
            owner_kind text not null,
            requires_consent boolean not null,
            prerequisite_id uuid references programme_stage (id),
            relapse_to_id uuid references programme_stage (id),
            unique (programme_id, no)
        )",
        "create table intake (
            id uuid primary key,
            programme_id uuid not null references programme (id),
            name text not null,
            opens_on date not null,
            closes_on date,
            starts_on date not null,
            ends_on date,
            capacity integer not null,
            has_waiting_list boolean not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (capacity >= 0),
            check (closes_on is null or closes_on >= opens_on),
            check (ends_on is null or ends_on >= starts_on)
        )",
        "create index ix_intake_programme_id_opens_on on intake (programme_id, opens_on)",
    ],
    down: [
        "drop table intake",
        "drop table programme_stage",
        "drop table eligibility_rule",
        "drop table programme_availability",
        "drop table budget_line",
        "drop table programme",
    ],
}
