//! A wrong number of a person is voided with a reason, and stays on record.

step! {
    up: [
        "alter table person_identifier add column voided_at timestamptz",
        "alter table person_identifier add column void_reason text",
    ],
    down: [
        "alter table person_identifier drop column void_reason",
        "alter table person_identifier drop column voided_at",
    ],
}
