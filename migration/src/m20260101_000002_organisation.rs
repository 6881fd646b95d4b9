//! Creates the tables of the feature `organisation`: organisation, organisation area, worker, membership, api client, revocation.

step! {
    up: [
        "create table organisation (
            id uuid primary key,
            parent_id uuid references organisation (id),
            kind text not null,
            name text not null,
            path text not null,
            status text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            unique (path)
        )",
        "create index ix_organisation_parent_id on organisation (parent_id)",
        "create table organisation_area (
            organisation_id uuid not null references organisation (id),
            area_id uuid not null references area (id),
            primary key (organisation_id, area_id)
        )",
        "create index ix_organisation_area_area_id on organisation_area (area_id)",
        "create table worker (
            id uuid primary key,
            subject text not null,
            display_name text not null,
            status text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            unique (subject)
        )",
        "create table membership (
            id uuid primary key,
            worker_id uuid not null references worker (id),
            organisation_id uuid not null references organisation (id),
            role text not null,
            area_id uuid references area (id),
            since timestamptz not null,
            until timestamptz,
            check (until is null or until > since)
        )",
        "create index ix_membership_worker_id on membership (worker_id)",
        "create index ix_membership_organisation_id on membership (organisation_id)",
        "create table api_client (
            id uuid primary key,
            organisation_id uuid not null references organisation (id),
            client_id text not null,
            name text not null,
            status text not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            unique (client_id)
        )",
        "create index ix_api_client_organisation_id on api_client (organisation_id)",
        "create table revocation (
            id text primary key,
            revoked_at timestamptz not null,
            expires_at timestamptz not null
        )",
        "create index ix_revocation_expires_at on revocation (expires_at)",
    ],
    down: [
        "drop table revocation",
        "drop table api_client",
        "drop table membership",
        "drop table worker",
        "drop table organisation_area",
        "drop table organisation",
    ],
}
