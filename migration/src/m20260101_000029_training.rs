//! Creates the tables of the feature `training`: training event, training headcount.

step! {
    up: [
        "create table training_event (
            id uuid primary key,
            topic text not null,
            kind text not null,
            organiser_id uuid not null references organisation (id),
            held_on date not null,
            recorded_at timestamptz not null,
            created_by uuid,
            voided_at timestamptz,
            void_reason text,
            check (voided_at is null or void_reason is not null)
        )",
        "create index ix_training_event_organiser_id_held_on on training_event (organiser_id, held_on)",
        "create index ix_training_event_held_on_id on training_event (held_on, id)",
        "create table training_headcount (
            training_event_id uuid not null references training_event (id),
            organisation_kind text not null,
            participants integer not null,
            primary key (training_event_id, organisation_kind),
            check (participants >= 0)
        )",
    ],
    down: [
        "drop table training_headcount",
        "drop table training_event",
    ],
}
