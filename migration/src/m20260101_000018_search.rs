//! Makes the words in `person.search_key` quick to find. The service writes that column; an index on
//! the whole of it finds no word, and on PostgreSQL would bound its length.

step! {
    up: [
        "drop index ix_person_search_key",
    ],
    down: [
        "create index ix_person_search_key on person (search_key)",
    ],
    postgres: {
        up: [
            "create extension if not exists pg_trgm",
            "create index ix_person_search_key_trgm on person using gin (search_key gin_trgm_ops)",
        ],
        down: [
            "drop index ix_person_search_key_trgm",
        ],
    },
}
