//! Creates the tables of the feature `person`: person, person name, person identifier, relationship.

step! {
    up: [
        "create table person (
            id uuid primary key,
            given_name text not null,
            family_name text,
            patronymic text,
            sex text not null,
            birth_date date,
            birth_precision text not null,
            death_date date,
            disability text,
            phone text,
            search_key text not null,
            is_address_protected boolean not null,
            merged_into_id uuid references person (id),
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid
        )",
        "create index ix_person_updated_at_id on person (updated_at, id)",
        "create index ix_person_birth_date on person (birth_date)",
        "create index ix_person_search_key on person (search_key)",
        "create table person_name (
            id uuid primary key,
            person_id uuid not null references person (id),
            kind text not null,
            family_name text,
            given_name text not null,
            patronymic text,
            since date,
            until date,
            recorded_at timestamptz not null,
            check (until is null or since is null or until > since)
        )",
        "create index ix_person_name_person_id on person_name (person_id)",
        "create table person_identifier (
            id uuid primary key,
            person_id uuid not null references person (id),
            kind text not null,
            value text not null,
            recorded_at timestamptz not null
        )",
        "create index ix_person_identifier_person_id on person_identifier (person_id)",
        "create table relationship (
            id uuid primary key,
            person_id uuid not null references person (id),
            other_id uuid not null references person (id),
            kind text not null,
            since date,
            until date,
            recorded_at timestamptz not null,
            voided_at timestamptz,
            void_reason text,
            check (person_id <> other_id)
        )",
        "create index ix_relationship_person_id on relationship (person_id)",
        "create index ix_relationship_other_id on relationship (other_id)",
    ],
    down: [
        "drop table relationship",
        "drop table person_identifier",
        "drop table person_name",
        "drop table person",
    ],
}
