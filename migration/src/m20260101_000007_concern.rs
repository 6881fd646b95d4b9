//! Creates the tables of the feature `concern`: concern report, concern category.

step! {
    up: [
        "create table concern_report (
            id uuid primary key,
            reference text not null,
            received_at timestamptz not null,
            channel text not null,
            source_class text not null,
            reporter_name text,
            reporter_contact text,
            is_anonymous boolean not null,
            submitted_by_id uuid references worker (id),
            submitted_by_client_id uuid references api_client (id),
            organisation_id uuid not null references organisation (id),
            area_id uuid not null references area (id),
            narrative text not null,
            urgency text not null,
            due_at timestamptz,
            status text not null,
            decision text,
            decided_at timestamptz,
            family_id uuid references family (id),
            case_id uuid references \"case\" (id),
            duplicate_of_id uuid references concern_report (id),
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            voided_at timestamptz,
            void_reason text,
            unique (reference)
        )",
        "create index ix_concern_report_organisation_id_received_at_id on concern_report (organisation_id, received_at, id)",
        "create index ix_concern_report_area_id_received_at_id on concern_report (area_id, received_at, id)",
        "create index ix_concern_report_family_id on concern_report (family_id)",
        "create index ix_concern_report_submitted_by_id on concern_report (submitted_by_id)",
        "create index ix_concern_report_submitted_by_client_id on concern_report (submitted_by_client_id)",
        "create table concern_category (
            concern_report_id uuid not null references concern_report (id),
            kind text not null,
            primary key (concern_report_id, kind)
        )",
    ],
    down: [
        "drop table concern_category",
        "drop table concern_report",
    ],
}
