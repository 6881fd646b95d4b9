//! Makes the identity ledger append-only: what was registered first is never changed nor deleted,
//! whoever asks.

step! {
    up: [],
    down: [],
    sqlite: {
        up: [
            "create trigger tr_identity_fact_update before update on identity_fact begin
                select raise(abort, 'identity_fact is append-only');
            end",
            "create trigger tr_identity_fact_delete before delete on identity_fact begin
                select raise(abort, 'identity_fact is append-only');
            end",
        ],
        down: [
            "drop trigger tr_identity_fact_delete",
            "drop trigger tr_identity_fact_update",
        ],
    },
    postgres: {
        up: [
            "create function refuse_identity_fact_change() returns trigger language plpgsql as $$
                begin
                    raise exception 'identity_fact is append-only';
                end
            $$",
            "create trigger tr_identity_fact_append_only before update or delete on identity_fact
                for each row execute function refuse_identity_fact_change()",
        ],
        down: [
            "drop trigger tr_identity_fact_append_only on identity_fact",
            "drop function refuse_identity_fact_change()",
        ],
    },
}
