//! Creates the tables of the feature `ledger`: audit event, change, idempotency key.

step! {
    up: [
        "create table audit_event (
            id uuid primary key,
            occurred_at timestamptz not null,
            request_id uuid not null,
            subject text not null,
            client_id text not null,
            organisation_id uuid not null,
            role text not null,
            action text not null,
            entity_kind text not null,
            entity_id uuid,
            field_class text not null
        )",
        "create index ix_audit_event_entity_id_occurred_at on audit_event (entity_id, occurred_at)",
        "create index ix_audit_event_occurred_at on audit_event (occurred_at)",
        "create table change (
            seq {serial},
            transaction_no bigint,
            changed_at timestamptz not null,
            entity_kind text not null,
            entity_id uuid not null,
            family_id uuid,
            person_id uuid,
            organisation_id uuid,
            kind text not null,
            version integer not null
        )",
        "create index ix_change_entity_id_seq on change (entity_id, seq)",
        "create index ix_change_family_id_seq on change (family_id, seq)",
        "create table idempotency_key (
            subject text not null,
            client_mutation_id uuid not null,
            action text not null,
            payload_hash text not null,
            entity_kind text,
            entity_id uuid,
            created_at timestamptz not null,
            primary key (subject, client_mutation_id)
        )",
        "create index ix_idempotency_key_created_at on idempotency_key (created_at)",
    ],
    down: [
        "drop table idempotency_key",
        "drop table change",
        "drop table audit_event",
    ],
}
