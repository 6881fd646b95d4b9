//! Creates the tables of the feature `service`: service type, service, service person, visit, visit child.

step! {
    up: [
        "create table service_type (
            id uuid primary key,
            code text not null,
            name text not null,
            class text not null,
            is_active boolean not null,
            unique (code)
        )",
        "create table service (
            id uuid primary key,
            case_id uuid references \"case\" (id),
            family_id uuid not null references family (id),
            measure_id uuid references measure (id),
            service_type_id uuid not null references service_type (id),
            provider_id uuid not null references organisation (id),
            delivered_on date not null,
            quantity integer not null,
            recorded_at timestamptz not null,
            voided_at timestamptz,
            void_reason text,
            check (quantity > 0)
        )",
        "create index ix_service_case_id_delivered_on on service (case_id, delivered_on)",
        "create index ix_service_family_id on service (family_id)",
        "create index ix_service_provider_id_delivered_on on service (provider_id, delivered_on)",
        "create table service_person (
            service_id uuid not null references service (id),
            person_id uuid not null references person (id),
            primary key (service_id, person_id)
        )",
        "create index ix_service_person_person_id on service_person (person_id)",
        "create table visit (
            id uuid primary key,
            case_id uuid not null references \"case\" (id),
            family_id uuid not null references family (id),
            worker_id uuid references worker (id),
            purpose text not null,
            scheduled_for date not null,
            visited_at timestamptz,
            status text not null,
            note text,
            next_due_on date,
            recorded_at timestamptz not null,
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            created_by uuid,
            updated_by uuid,
            voided_at timestamptz,
            void_reason text,
            check (status <> 'COMPLETED' or visited_at is not null)
        )",
        "create index ix_visit_case_id_scheduled_for on visit (case_id, scheduled_for)",
        "create index ix_visit_family_id on visit (family_id)",
        "create index ix_visit_worker_id_scheduled_for on visit (worker_id, scheduled_for)",
        "create table visit_child (
            visit_id uuid not null references visit (id),
            person_id uuid not null references person (id),
            seen boolean not null,
            seen_alone boolean not null,
            primary key (visit_id, person_id),
            check (seen or not seen_alone)
        )",
        "create index ix_visit_child_person_id on visit_child (person_id)",
    ],
    down: [
        "drop table visit_child",
        "drop table visit",
        "drop table service_person",
        "drop table service",
        "drop table service_type",
    ],
}
