//! Why an assessment was sent back, and what the review of a plan came to.

step! {
    up: [
        "alter table assessment add column decision_note text",
        "alter table plan add column review_note text",
    ],
    down: [
        "alter table plan drop column review_note",
        "alter table assessment drop column decision_note",
    ],
}
