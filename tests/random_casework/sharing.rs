//! What partners share: consents, referrals and transfers, as steps of a history; and what holds of
//! them whatever comes.

use chrono::TimeDelta;
use entity::access_grant::{self, GrantBasis};
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseStatus};
use entity::consent::{self, ConsentStatus};
use entity::referral::{self, ReferralStatus};
use entity::transfer::{self, TransferStatus};
use serde_json::json;

use super::invariants::all;
use super::steps::Step;
use super::verbs::{Verb, text};
use crate::harness::Stage;

/// How many days ahead something lies; sometimes behind.
fn days_ahead(step: &Step, place: usize, stage: &Stage) -> chrono::DateTime<chrono::Utc> {
    let days = i64::try_from(step.choice(place) % 60).unwrap() - 2;
    stage.now() + TimeDelta::days(days)
}

pub const SHARING: &[Verb] = &[
    Verb {
        name: "consentGive",
        selection: "consent { id version status }",
        input: |step, known, stage| {
            let family = known.pick("family", step.choice(0));
            json!({ "familyId": family, "capacity": "REPRESENTATIVE", "form": "WRITTEN",
                "purposes": [step.one_of(1, &["REFERRAL", "REFERRAL", "REFERRAL", "SERVICES"])],
                "recipientIds": [known.pick("organisation", step.choice(2))],
                "categories": ["IDENTITY", "CONTACT"], "isRefused": step.choice(3) % 5 == 0,
                "until": stage.now() + TimeDelta::days(400) })
        },
    },
    Verb {
        name: "consentWithdraw",
        selection: "consent { id version status }",
        input: |step, known, _| {
            // Seldom, or nothing would rest on any.
            let name = if step.choice(3) % 3 == 0 { "consent" } else { "case" };
            let consent = known.pick_in(name, &["GIVEN"], step.choice(0));
            let prefix = consent.as_str().unwrap().replace("case_", "consent_");
            json!({ "id": prefix, "reason": text(step, 2) })
        },
    },
    Verb {
        name: "referralSend",
        selection: "referral { id version status }",
        input: |step, known, stage| {
            let more = step.choice(4) % 3 == 0;
            let on_consent = step.choice(5) % 2 == 0;
            let mut input = json!({ "caseId": known.pick_in("case", OPEN, step.choice(0)),
                "receiverId": known.pick("organisation", step.choice(1)), "reason": text(step, 2),
                "expiresAt": days_ahead(step, 3, stage) });
            if more {
                input["level"] = json!("SUMMARY");
                input["sections"] = json!(["IDENTITY"]);
            }
            if on_consent {
                input["consentId"] = known.pick_in("consent", &["GIVEN"], step.choice(6));
            } else {
                input["legalBasis"] = json!("A law.");
            }
            input
        },
    },
    Verb {
        name: "referralApprove",
        selection: "referral { id version status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("referral", &["DRAFT"], step.choice(0)),
                "isApproved": step.choice(1) % 4 != 0, "reason": text(step, 2) })
        },
    },
    Verb {
        name: "referralAnswer",
        selection: "referral { id version status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("referral", &["SENT"], step.choice(0)),
                "accepts": step.choice(1) % 4 != 0, "reason": text(step, 2) })
        },
    },
    Verb {
        name: "referralComplete",
        selection: "referral { id version status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("referral", &["ACCEPTED"], step.choice(0)),
                "reason": text(step, 2) })
        },
    },
    Verb {
        name: "referralWithdraw",
        selection: "referral { id version status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("referral", &["ACCEPTED"], step.choice(0)),
                "reason": text(step, 2) })
        },
    },
    Verb {
        name: "referralRevoke",
        selection: "referral { id version status }",
        input: |step, known, _| {
            let status = step.one_of(1, &["DRAFT", "SENT", "ACCEPTED", "DECLINED"]);
            json!({ "id": known.pick_in("referral", &[status], step.choice(0)),
                "reason": text(step, 2) })
        },
    },
    Verb {
        name: "transferPropose",
        selection: "transfer { id version status }",
        input: |step, known, stage| {
            json!({ "caseId": known.pick_in("case", OPEN, step.choice(0)),
                "toOrganisationId": known.pick("organisation", step.choice(1)),
                "reason": text(step, 2), "expiresAt": days_ahead(step, 3, stage) })
        },
    },
    Verb {
        name: "transferAnswer",
        selection: "transfer { id version status case { id version status } }",
        input: |step, known, _| {
            let accepts = step.choice(1) % 2 == 0;
            let mut input = json!({ "id": known.pick_in("transfer", &["PROPOSED"], step.choice(0)),
                "accepts": accepts, "reason": text(step, 2) });
            if accepts {
                input["workerId"] = known.pick("worker", step.choice(3));
            }
            input
        },
    },
    Verb {
        name: "transferRevoke",
        selection: "transfer { id version status }",
        input: |step, known, _| {
            json!({ "id": known.pick_in("transfer", &["PROPOSED"], step.choice(0)),
                "reason": text(step, 2) })
        },
    },
];

/// Whether a mutation is for who received something.
pub fn is_received(mutation: &str) -> bool {
    let received = ["referralAnswer", "referralComplete", "referralWithdraw", "transferAnswer"];
    received.contains(&mutation)
}

/// How many statements more a mutation takes that ends what others see, in as many tables.
pub fn more_statements(mutation: &str) -> usize {
    match mutation {
        "caseClosureDecide" => 2,
        "transferAnswer" => 3,
        _ => 0,
    }
}

const OPEN: &[&str] = &["INTAKE", "ASSESSMENT", "PLANNING", "ACTIVE", "MONITORING"];

/// What must hold of what is shared, whatever was done.
pub async fn hold(stage: &Stage) {
    referrals_hold(stage).await;
    leads_hold(stage).await;
}

/// Access by a referral exists while it is accepted and its consent is given, and in no other state.
async fn referrals_hold(stage: &Stage) {
    let now = stage.now();
    let grants = all::<access_grant::Entity>(stage).await;
    let consents = all::<consent::Entity>(stage).await;
    for row in all::<referral::Entity>(stage).await {
        let of_row = |one: &&access_grant::Model| {
            one.basis == GrantBasis::Referral && one.source_id == Some(row.id)
        };
        let theirs: Vec<_> = grants.iter().filter(of_row).collect();
        assert!(theirs.len() <= 1, "{row:?}: {theirs:?}");
        let holds = theirs.iter().any(|one| one.until.is_none_or(|until| until > now));
        let lasts = row.expires_at.is_none_or(|until| until > now);
        assert_eq!(holds, row.status == ReferralStatus::Accepted && lasts, "{row:?}: {theirs:?}");
        assert_ne!(row.sender_id, row.receiver_id);
        assert!(row.approved_by.is_none() || row.approved_by != row.created_by, "{row:?}");
        let rests_on = consents.iter().find(|one| Some(one.id) == row.consent_id);
        if let Some(consent) = rests_on.filter(|_| holds) {
            assert_eq!(consent.status, ConsentStatus::Given, "{row:?}");
        }
        for grant in theirs {
            assert!(grant.until <= row.expires_at, "{row:?}: {grant:?}");
            assert_eq!(grant.organisation_id, row.receiver_id);
        }
    }
}

/// Who leads a case is assigned to it, and sees its family.
async fn leads_hold(stage: &Stage) {
    let now = stage.now();
    let grants = all::<access_grant::Entity>(stage).await;
    let (cases, assigned) =
        (all::<case::Entity>(stage).await, all::<assignment::Entity>(stage).await);
    let transfers = all::<transfer::Entity>(stage).await;
    for case in &cases {
        let of_case = transfers.iter().filter(|one| one.case_id == case.id);
        let open = of_case.filter(|one| one.status == TransferStatus::Proposed).count();
        assert!(open <= 1, "{case:?}");
        let leads = assigned.iter().filter(|one| {
            one.case_id == case.id && one.role == AssignmentRole::Lead && one.until.is_none()
        });
        assert!(leads.count() <= 1, "{case:?}");
        let is_seen = grants.iter().any(|one| {
            one.basis == GrantBasis::Lead
                && one.organisation_id == case.lead_organisation_id
                && one.family_id == Some(case.family_id)
                && one.until.is_none_or(|until| until > now)
        });
        assert!(is_seen || case.status == CaseStatus::Closed, "who leads sees: {case:?}");
    }
}
