//! When it became known that somebody came to a centre and left it, so that figures can be told as of any
//! moment; results of visits and measures keep that in `recorded_at`.

step! {
    up: [
        "alter table placement add column admission_recorded_at timestamptz",
        "alter table placement add column discharge_recorded_at timestamptz",
        "update placement set admission_recorded_at = admitted_at",
        "update placement set discharge_recorded_at = updated_at where discharged_at is not null",
        "create index ix_placement_admitted_at on placement (admitted_at)",
    ],
    down: [
        "drop index ix_placement_admitted_at",
        "alter table placement drop column discharge_recorded_at",
        "alter table placement drop column admission_recorded_at",
    ],
}
