//! Consents, referrals and transfers, by who leads the work and receives as well, so that what is over
//! is answered with its object.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::consent::ConsentStatus;
use entity::consent_recipient;
use entity::membership::Role;
use entity::referral::ReferralStatus;
use entity::transfer::TransferStatus;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Ground};
use crate::harness::world::{Branch, Household, Person, id};

/// Two branches of the office: one that leads and one that receives.
struct Region<'g, 's> {
    ground: &'g Ground<'s>,
    boss: Person,
    office: Branch,
    ngo: Branch,
    helper: Person,
}

pub async fn acts(ground: &Ground<'_>) -> Vec<Act> {
    let stage = ground.stage;
    let office = stage.organisation("Branch", Some(&ground.office)).await;
    let ngo = stage.organisation("Helpers", Some(&ground.office)).await;
    let boss = ground.boss.clone();
    let helper = stage.worker(&ngo, Role::Caseworker).await;
    let region = Region { ground, boss, office, ngo, helper };
    let mut acts = region.consents().await;
    acts.extend(region.sent().await);
    acts.extend(region.referrals().await);
    acts.extend(region.transfers().await);
    acts
}

impl Region<'_, '_> {
    async fn home(&self) -> Household {
        let home =
            self.ground.stage.household(&self.office, &self.ground.area, self.ground.canary).await;
        self.ground.stage.episode(&home).await;
        home
    }

    /// A consent that covers a referral to the NGO.
    async fn consent(&self, home: &Household) -> Uuid {
        let stage = self.ground.stage;
        let consent = stage.answered(home, ConsentStatus::Given).await;
        stage
            .put(consent_recipient::ActiveModel {
                consent_id: Set(consent),
                organisation_id: Set(self.ngo.id),
                family_id: Set(home.id),
            })
            .await;
        consent
    }

    async fn referral(&self, status: ReferralStatus, consent: bool) -> (Household, Uuid, Uuid) {
        let stage = self.ground.stage;
        let home = self.home().await;
        let consent_id = self.consent(&home).await;
        let mut row = stage.referral(&home, (&self.office, &self.ngo), status);
        if consent {
            row.consent_id = Set(Some(consent_id));
        }
        let id = row.id.clone().unwrap();
        stage.put(row).await;
        if status == ReferralStatus::Accepted {
            let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
            stage.grant(&self.ngo, home.id, level, basis, id).await;
        }
        (home, id, consent_id)
    }

    async fn consents(&self) -> Vec<Act> {
        let home = self.home().await;
        let give = json!({ "id": id("consent", Uuid::now_v7()), "familyId": id("family", home.id), "givenById": id("person", home.parent),
            "personId": id("child", home.child), "capacity": "PARENT", "form": "WRITTEN",
            "purposes": ["REFERRAL", "SERVICES"], "categories": ["IDENTITY", "HEALTH"],
            "recipientIds": [id("organisation", self.ngo.id), id("organisation", self.office.id)],
            "until": self.ground.stage.now() + TimeDelta::days(30) });
        let (_, _, consent) = self.referral(ReferralStatus::Accepted, true).await;
        let withdraw = json!({ "id": id("consent", consent), "reason": "No more." });
        vec![
            Act::new("consentGive", "of a child, to two", &self.boss, give),
            Act::new("consentWithdraw", "a referral was accepted on it", &self.boss, withdraw),
        ]
    }

    async fn sent(&self) -> Vec<Act> {
        let stage = self.ground.stage;
        let home = self.home().await;
        let consent = self.consent(&home).await;
        let kind = stage.service_type(&self.ground.code("HELP"), true).await;
        let until = stage.now() + TimeDelta::days(30);
        let on_consent = json!({ "id": id("referral", Uuid::now_v7()), "caseId": id("case", home.case),
            "receiverId": id("organisation", self.ngo.id), "reason": "Help with school.",
            "serviceTypeId": id("servicetype", kind), "level": "SUMMARY", "sections": ["IDENTITY"],
            "consentId": id("consent", consent), "expiresAt": until });
        let home = self.home().await;
        let by_law = json!({ "caseId": id("case", home.case), "reason": "Help with a lawsuit.",
            "receiverId": id("organisation", self.ngo.id), "legalBasis": "The law of youth.",
            "expiresAt": until });
        vec![
            Act::new("referralSend", "on a consent, for sections", &self.boss, on_consent),
            Act::new("referralSend", "on a law", &self.boss, by_law),
        ]
    }

    async fn referrals(&self) -> Vec<Act> {
        let row = async |status, consent| id("referral", self.referral(status, consent).await.1);
        let why = |id: String| json!({ "id": id, "reason": "So it is." });
        let draft = row(ReferralStatus::Draft, false).await;
        let sent = row(ReferralStatus::Sent, true).await;
        let accepted = async || why(row(ReferralStatus::Accepted, true).await);
        let (one, two, three) = (accepted().await, accepted().await, accepted().await);
        vec![
            Act::new(
                "referralApprove",
                "sent on",
                &self.boss,
                json!({ "id": draft, "isApproved": true, "reason": "So it is." }),
            ),
            Act::new(
                "referralAnswer",
                "accepted on a consent",
                &self.boss,
                json!({ "id": sent, "accepts": true, "reason": "Gladly." }),
            ),
            Act::new("referralComplete", "on a consent", &self.boss, one),
            Act::new("referralWithdraw", "on a consent", &self.boss, two),
            Act::new("referralRevoke", "accepted, on a consent", &self.boss, three),
        ]
    }

    /// A case with a worker, a task and a visit that is planned.
    async fn at_work(&self) -> Household {
        let home = self.home().await;
        let client = self.ground.stage.as_(&self.boss);
        let case = id("case", home.case);
        let office = self.ground.stage.worker(&self.office, Role::Caseworker).await;
        let assign = json!({ "caseId": case, "workerId": id("worker", office.id), "role": "LEAD" });
        client.mutate("caseAssign", assign, "case { id }").await.done("/case/id");
        let visit = json!({ "caseId": case, "purpose": "MONITORING",
            "scheduledFor": self.ground.day(3) });
        client.mutate("visitSchedule", visit, "visit { id }").await.done("/visit/id");
        let (level, basis) = (AccessLevel::Full, GrantBasis::Lead);
        let own = Some(home.child);
        self.ground
            .stage
            .grant_until(&self.office, None, own, level, basis, home.child, None)
            .await;
        home
    }

    async fn proposed(&self, home: &Household) -> String {
        let ways = (&self.office, &self.ngo);
        let row = self.ground.stage.transfer(home, ways, TransferStatus::Proposed);
        let own = id("transfer", row.id.clone().unwrap());
        self.ground.stage.put(row).await;
        own
    }

    /// A closure by which all that is open ends, and an accepted referral with it.
    async fn closure(&self) -> Act {
        let stage = self.ground.stage;
        let home = self.at_work().await;
        let row = stage.referral(&home, (&self.office, &self.ngo), ReferralStatus::Accepted);
        let (level, basis) = (AccessLevel::ServiceOnly, GrantBasis::Referral);
        let source = row.id.clone().unwrap();
        stage.put(row).await;
        stage.grant(&self.ngo, home.id, level, basis, source).await;
        let case = id("case", home.case);
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        let asker = stage.worker(&self.office, Role::Supervisor).await;
        let client = stage.as_(&asker);
        client.mutate("caseClosureRequest", ask, "case { id }").await.done("/case/id");
        let close = json!({ "caseId": case, "isApproved": true });
        Act::new("caseClosureDecide", "a referral was accepted", &self.boss, close).within(14)
    }

    async fn transfers(&self) -> Vec<Act> {
        let home = self.home().await;
        let stale = entity::transfer::ActiveModel {
            expires_at: Set(self.ground.stage.now() - TimeDelta::hours(1)),
            ..self.ground.stage.transfer(&home, (&self.office, &self.ngo), TransferStatus::Proposed)
        };
        self.ground.stage.put(stale).await;
        let propose = json!({ "id": id("transfer", Uuid::now_v7()), "caseId": id("case", home.case), "reason": "They moved.",
            "toOrganisationId": id("organisation", self.ngo.id) });
        let given = self.proposed(&self.at_work().await).await;
        let accept: Value = json!({ "id": given, "accepts": true,
            "workerId": id("worker", self.helper.id), "reason": "Welcome." });
        let kept = self.proposed(&self.home().await).await;
        let revoke = json!({ "id": kept, "reason": "They stay." });
        vec![
            Act::new("transferPropose", "after one that ran out", &self.boss, propose),
            Act::new("transferAnswer", "accepted, with all that is open", &self.boss, accept)
                .within(15),
            self.closure().await,
            Act::new("transferRevoke", "in time", &self.boss, revoke),
        ]
    }
}
