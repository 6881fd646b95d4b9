//! Who approves a referral is somebody else than who wrote it. Nobody approved one before.

step! {
    up: [
        "alter table referral drop column approved_by",
        "alter table referral add column approved_by uuid check (approved_by <> created_by)",
    ],
    down: [
        "alter table referral drop column approved_by",
        "alter table referral add column approved_by uuid",
    ],
}
