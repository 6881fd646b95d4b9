//! Places that are given out: who decided a request and why it ended, since when a place is held,
//! and which limit was exceeded with whose approval.

step! {
    up: [
        "alter table placement add column decided_by_id uuid check (decided_by_id is null or created_by is null or decided_by_id <> created_by)",
        "alter table placement add column reserved_at timestamptz",
        "alter table placement add column closed_at timestamptz",
        "alter table placement add column status_reason text",
        "alter table placement drop column override_reason",
        "create index ix_placement_reserved_until on placement (reserved_until) where status = 'RESERVED'",
        "create index ix_placement_waiting on placement (unit_id, priority, requested_at, id) where status = 'WAITLISTED'",
        "create index ix_placement_centre_id_updated_at on placement (centre_id, updated_at)",
        "create index ix_placement_group_id on placement (group_id)",
        "create table placement_breach (
            id uuid primary key,
            placement_id uuid not null references placement (id),
            person_id uuid not null references person (id),
            kind text not null,
            reason text not null,
            approved_by_id uuid not null references worker (id),
            recorded_at timestamptz not null
        )",
        "create index ix_placement_breach_placement_id on placement_breach (placement_id)",
        "create index ix_placement_breach_person_id on placement_breach (person_id)",
    ],
    down: [
        "drop table placement_breach",
        "drop index ix_placement_group_id",
        "drop index ix_placement_centre_id_updated_at",
        "drop index ix_placement_waiting",
        "drop index ix_placement_reserved_until",
        "alter table placement add column override_reason text",
        "alter table placement drop column status_reason",
        "alter table placement drop column closed_at",
        "alter table placement drop column reserved_at",
        "alter table placement drop column decided_by_id",
    ],
}
