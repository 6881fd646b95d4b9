//! Creates the tables of the feature `assessment`: assessment.

step! {
    up: [
        "create table assessment (
            id uuid primary key,
            case_id uuid not null references \"case\" (id),
            family_id uuid not null references family (id),
            tool text not null,
            tool_version text not null,
            answers text not null,
            score integer,
            risk_level text,
            needs text,
            assessed_on date not null,
            assessed_by_id uuid not null references worker (id),
            approved_by_id uuid references worker (id),
            status text not null,
            next_due_on date,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (approved_by_id is null or approved_by_id <> assessed_by_id)
        )",
        "create index ix_assessment_case_id_assessed_on on assessment (case_id, assessed_on)",
        "create index ix_assessment_family_id on assessment (family_id)",
    ],
    down: [
        "drop table assessment",
    ],
}
