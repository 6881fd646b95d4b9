//! Makes the audit what it says it is: in the order of its writing, with operation and origin, never
//! changed nor deleted, and sealed in a chain.
//!
//! On PostgreSQL, whoever writes to the audit holds a shared lock from before the first number is
//! drawn until its transaction is over: who gets the lock alone knows that all numbers up to the
//! greatest are written or never will be.

step! {
    up: [
        "create table audit_kept as select * from audit_event",
        "drop table audit_event",
        "create table audit_event (
            seq {serial},
            occurred_at timestamptz not null,
            request_id uuid not null,
            subject text not null,
            client_id text not null,
            organisation_id uuid not null,
            role text not null,
            operation text,
            document text,
            origin text,
            action text not null,
            entity_kind text not null,
            entity_ids text not null,
            field_class text not null
        )",
        "insert into audit_event (occurred_at, request_id, subject, client_id, organisation_id, role,
            action, entity_kind, entity_ids, field_class)
         select occurred_at, request_id, subject, client_id, organisation_id, role,
            action, entity_kind, coalesce({entity_hex}, ''), field_class
         from audit_kept order by occurred_at, id",
        "drop table audit_kept",
        "create index ix_audit_event_subject_occurred_at on audit_event (subject, occurred_at)",
        "create index ix_audit_event_occurred_at on audit_event (occurred_at)",
        "create table audit_seal (
            no bigint not null primary key,
            first_seq bigint not null,
            last_seq bigint not null,
            count bigint not null,
            root {bytes} not null,
            leaves {bytes} not null,
            hash {bytes} not null,
            sealed_at timestamptz not null
        )",
        "create index ix_audit_seal_last_seq on audit_seal (last_seq)",
    ],
    down: [
        "drop table audit_seal",
        "drop table audit_event",
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
        "insert into audit_event (id, occurred_at, request_id, subject, client_id, organisation_id,
            role, action, entity_kind, entity_id, field_class)
         select {new_uuid}, occurred_at, request_id, subject, client_id, organisation_id,
            role, action, entity_kind, entity_id, field_class
         from audit_kept order by seq",
        "drop table audit_kept",
        "create index ix_audit_event_entity_id_occurred_at on audit_event (entity_id, occurred_at)",
        "create index ix_audit_event_occurred_at on audit_event (occurred_at)",
    ],
    sqlite: {
        up: [
            "create trigger tr_audit_event_update before update on audit_event
             begin select raise(abort, 'the audit is append-only: rows of audit_event are never changed'); end",
            "create trigger tr_audit_event_delete before delete on audit_event
             begin select raise(abort, 'the audit is append-only: rows of audit_event are never deleted'); end",
            "create trigger tr_audit_seal_update before update on audit_seal
             begin select raise(abort, 'the audit is append-only: rows of audit_seal are never changed'); end",
            "create trigger tr_audit_seal_delete before delete on audit_seal
             begin select raise(abort, 'the audit is append-only: rows of audit_seal are never deleted'); end",
        ],
        down: [
            "create table audit_kept as
             select audit_event.*, unhex(ids.value) as entity_id
             from audit_event, json_each('[\"' || replace(entity_ids, ' ', '\",\"') || '\"]') as ids",
            "drop trigger tr_audit_event_update",
            "drop trigger tr_audit_event_delete",
            "drop trigger tr_audit_seal_update",
            "drop trigger tr_audit_seal_delete",
        ],
    },
    postgres: {
        up: [
            // What it gets is gathered and added to it together, so that each row costs little.
            "create index ix_audit_event_entity_ids on audit_event
             using gin (string_to_array(entity_ids, ' '))",
            "create function audit_refuse() returns trigger language plpgsql as $$
             begin
                raise exception 'the audit is append-only: % on % is refused', tg_op, tg_table_name
                    using errcode = 'insufficient_privilege';
             end $$",
            // The number is the one in `access/audit/chain.rs`.
            "create function audit_enter() returns trigger language plpgsql as $$
             begin
                perform pg_advisory_xact_lock_shared(79600263980148);
                return null;
             end $$",
            "create trigger tr_audit_event_refuse before update or delete or truncate on audit_event
             for each statement execute function audit_refuse()",
            "create trigger tr_audit_seal_refuse before update or delete or truncate on audit_seal
             for each statement execute function audit_refuse()",
            "create trigger tr_audit_event_enter before insert on audit_event
             for each statement execute function audit_enter()",
            "revoke update, delete, truncate on audit_event, audit_seal from public",
            "revoke update, delete, truncate on audit_event, audit_seal from current_user",
        ],
        down: [
            "create table audit_kept as
             select audit_event.*, ids.id::uuid as entity_id
             from audit_event
             cross join lateral unnest(string_to_array(entity_ids, ' ')) as ids (id)",
            "drop trigger tr_audit_event_enter on audit_event",
            "drop trigger tr_audit_event_refuse on audit_event",
            "drop trigger tr_audit_seal_refuse on audit_seal",
            "drop function audit_enter()",
            "drop function audit_refuse()",
        ],
    },
}
