//! Creates the tables of the feature `enrolment`: enrolment, enrolment person, stage event.

step! {
    up: [
        "create table enrolment (
            id uuid primary key,
            intake_id uuid not null references intake (id),
            programme_id uuid not null references programme (id),
            family_id uuid not null references family (id),
            person_id uuid references person (id),
            case_id uuid references \"case\" (id),
            worker_id uuid references worker (id),
            status text not null,
            priority integer not null,
            requested_at timestamptz not null,
            enrolled_on date,
            ended_on date,
            outcome text,
            recorded_at timestamptz not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            check (status <> 'ENDED' or (ended_on is not null and outcome is not null))
        )",
        "create unique index uq_enrolment_intake_id_family_id_open on enrolment (intake_id, family_id) where person_id is null and status in ('REQUESTED', 'WAITLISTED', 'OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED')",
        "create unique index uq_enrolment_intake_id_person_id_open on enrolment (intake_id, person_id) where person_id is not null and status in ('REQUESTED', 'WAITLISTED', 'OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED')",
        "create index ix_enrolment_family_id on enrolment (family_id)",
        "create index ix_enrolment_person_id on enrolment (person_id)",
        "create index ix_enrolment_programme_id on enrolment (programme_id)",
        "create table enrolment_person (
            enrolment_id uuid not null references enrolment (id),
            person_id uuid not null references person (id),
            primary key (enrolment_id, person_id)
        )",
        "create index ix_enrolment_person_person_id on enrolment_person (person_id)",
        "create table stage_event (
            id uuid primary key,
            enrolment_id uuid not null references enrolment (id),
            stage_id uuid not null references programme_stage (id),
            family_id uuid not null references family (id),
            kind text not null,
            occurred_on date not null,
            recorded_at timestamptz not null
        )",
        "create index ix_stage_event_enrolment_id_occurred_on on stage_event (enrolment_id, occurred_on)",
        "create index ix_stage_event_family_id on stage_event (family_id)",
    ],
    down: [
        "drop table stage_event",
        "drop table enrolment_person",
        "drop table enrolment",
    ],
}
