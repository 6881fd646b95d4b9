//! Reports that were published, and results of metrics that are kept because they take long.

step! {
    up: [
        "create table snapshot (
            id uuid primary key,
            organisation_id uuid not null references organisation (id),
            audience text not null check (audience in ('INTERNAL', 'ANALYST', 'PUBLIC')),
            since date not null,
            through date not null check (through >= since),
            as_of timestamptz not null,
            published_at timestamptz not null check (published_at >= as_of),
            published_by_id uuid not null references worker (id),
            sha256 text not null check (length(sha256) = 64),
            content text not null
        )",
        "create index ix_snapshot_audience_since_through on snapshot (audience, since, through)",
        "create index ix_snapshot_published_at on snapshot (published_at)",
        "create index ix_snapshot_organisation_id on snapshot (organisation_id)",
        "create table rollup (
            id text primary key,
            question text not null,
            as_of timestamptz not null,
            asked_at timestamptz not null,
            content text not null
        )",
        "create index ix_rollup_asked_at on rollup (asked_at)",
        "create index ix_service_delivered_on on service (delivered_on)",
    ],
    down: [
        "drop index ix_service_delivered_on",
        "drop table rollup",
        "drop table snapshot",
    ],
    sqlite: {
        up: [
            "create trigger tr_snapshot_update before update on snapshot
             begin select raise(abort, 'what was published is never changed'); end",
            "create trigger tr_snapshot_delete before delete on snapshot
             begin select raise(abort, 'what was published is never deleted'); end",
        ],
        down: [],
    },
    postgres: {
        up: [
            "create function snapshot_refuse() returns trigger language plpgsql as $$
             begin
                raise exception 'what was published is never changed: % on % is refused', tg_op, tg_table_name
                    using errcode = 'insufficient_privilege';
             end $$",
            "create trigger tr_snapshot_refuse before update or delete or truncate on snapshot
             for each statement execute function snapshot_refuse()",
        ],
        down: [
            "drop trigger tr_snapshot_refuse on snapshot",
            "drop function snapshot_refuse()",
        ],
    },
}
