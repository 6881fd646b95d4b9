//! A family that an office leads, an NGO with a branch, and others who see nothing.

use chrono::TimeDelta;
use entity::access_grant::{self, GrantBasis};
use entity::change::{self, ChangeKind};
use entity::membership::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage};

/// By how many ways [`Scene::ways`] looks for a family.
pub const WAYS: usize = 8;

pub struct Scene<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    pub office: Branch,
    pub worker: Person,
    pub boss: Person,
    pub other_boss: Person,
    pub home: Household,
    pub ngo: Branch,
    pub helper: Person,
    pub machine: Person,
    /// In a branch of the NGO.
    pub in_branch: Person,
    pub branch: Branch,
    /// In another NGO.
    pub stranger: Person,
    pub service_type: Uuid,
}

impl<'s> Scene<'s> {
    pub async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let ngo = stage.organisation("NGO", None).await;
        let branch = stage.organisation("Branch", Some(&ngo)).await;
        let elsewhere = stage.organisation("Elsewhere", None).await;
        let home = stage.household(&office, &area, "X").await;
        stage.episode(&home).await;
        Self {
            stage,
            worker: stage.worker(&office, Role::Caseworker).await,
            boss: stage.worker(&office, Role::Supervisor).await,
            other_boss: stage.worker(&office, Role::Supervisor).await,
            helper: stage.worker(&ngo, Role::NgoWorker).await,
            machine: stage.machine(&ngo).await,
            in_branch: stage.worker(&branch, Role::NgoWorker).await,
            stranger: stage.worker(&elsewhere, Role::NgoWorker).await,
            service_type: stage.service_type("HELP", true).await,
            area,
            office,
            home,
            ngo,
            branch,
        }
    }

    /// Sends a mutation and answers with the whole.
    pub async fn sends(&self, by: &Person, mutation: &str, input: Value, of: &str) -> Answer {
        let selection = if of.is_empty() { String::new() } else { format!("{of} {{ id status }}") };
        self.stage.as_(by).mutate(mutation, input, &selection).await
    }

    /// A family-wide consent to a referral to the NGO, changed by what is given.
    pub fn consent(&self, more: &Value) -> Value {
        with(
            json!({ "familyId": id("family", self.home.id),
                "givenById": id("person", self.home.parent), "capacity": "PARENT",
                "form": "WRITTEN", "purposes": ["REFERRAL"],
                "recipientIds": [id("organisation", self.ngo.id)],
                "categories": ["IDENTITY", "CONTACT"],
                "until": self.stage.now() + TimeDelta::days(60) }),
            more,
        )
    }

    pub async fn consented(&self, more: &Value) -> String {
        let answer = self.sends(&self.worker, "consentGive", self.consent(more), "consent").await;
        answer.done("/consent/id").as_str().unwrap().to_owned()
    }

    /// A referral to the NGO, changed by what is given.
    pub fn referral(&self, more: &Value) -> Value {
        with(
            json!({ "caseId": id("case", self.home.case), "reason": "Help with school.",
                "receiverId": id("organisation", self.ngo.id),
                "expiresAt": self.stage.now() + TimeDelta::days(30) }),
            more,
        )
    }

    pub async fn referred(&self, more: &Value) -> String {
        let input = self.referral(more);
        let answer = self.sends(&self.worker, "referralSend", input, "referral").await;
        answer.done("/referral/id").as_str().unwrap().to_owned()
    }

    /// A consent and a referral on it, which the NGO accepted: both ids.
    pub async fn shared(&self, more: &Value) -> (String, String) {
        let consent = self.consented(&json!({})).await;
        let referral = self.referred(&with(json!({ "consentId": consent }), more)).await;
        self.accept(&referral).await;
        (consent, referral)
    }

    pub async fn accept(&self, referral: &str) {
        let input = json!({ "id": referral, "accepts": true });
        let answer = self.sends(&self.helper, "referralAnswer", input, "referral").await;
        assert_eq!(answer.done("/referral/status"), "ACCEPTED");
    }

    /// By how many ways somebody finds the family: nodes, roots, lists and counts.
    pub async fn ways(&self, by: &Person) -> usize {
        let query = format!(
            "{{ a: node(id: \"{family}\") {{ id }} b: family(id: \"{family}\") {{ id }}
                c: node(id: \"{}\") {{ id }} d: child(id: \"{}\") {{ id }} e: node(id: \"{}\") {{ id }}
                f: families {{ totalCount nodes {{ id }} }} g: children {{ totalCount nodes {{ id }} }}
                h: cases {{ totalCount nodes {{ id }} }} }}",
            id("person", self.home.child),
            id("child", self.home.child),
            id("case", self.home.case),
            family = id("family", self.home.id),
        );
        let answer = self.stage.as_(by).query(&query).await;
        let parts = answer.data("").as_object().unwrap();
        let is_seen = |part: &&Value| !part.is_null() && part["totalCount"] != json!(0);
        parts.values().filter(is_seen).count()
    }

    /// Whether somebody finds a referral or a transfer: by its node, in the list, and in the count.
    pub async fn finds(&self, by: &Person, row: &str) -> bool {
        let root = if row.starts_with("referral") { "referrals" } else { "transfers" };
        let query = format!(
            "{{ node(id: \"{row}\") {{ id }} nodes(ids: [\"{row}\"]) {{ id }}
                {root} {{ totalCount nodes {{ id }} }}
                accessDecision(nodeId: \"{row}\") {{ isVisible }} }}"
        );
        let answer = self.stage.as_(by).query(&query).await;
        let is_found = !answer.data("/node").is_null();
        assert_eq!(!answer.data("/nodes/0").is_null(), is_found, "{}", answer.text);
        let list = answer.data(&format!("/{root}"));
        assert_eq!(list["nodes"].to_string().contains(row), is_found, "{}", answer.text);
        let count = list["nodes"].as_array().unwrap().len();
        assert_eq!(list["totalCount"], json!(count), "{}", answer.text);
        assert_eq!(answer.data("/accessDecision/isVisible"), is_found, "{}", answer.text);
        is_found
    }

    /// What the feed tells of access to the family, and of which organisation, in its order; with the
    /// transaction in which it was told, where that is known.
    pub async fn told(&self) -> Vec<(ChangeKind, Option<Uuid>)> {
        let lines = change::Entity::find()
            .filter(change::Column::EntityId.eq(self.home.id))
            .filter(change::Column::Kind.ne(ChangeKind::Upserted))
            .order_by_asc(change::Column::Seq)
            .all(&self.stage.database.reader)
            .await
            .unwrap();
        lines.iter().map(|line| (line.kind, line.organisation_id)).collect()
    }

    /// Nothing of the family or of the referral is left to the NGO, and it was told so.
    pub async fn is_over(&self, referral: &str) {
        for by in [&self.helper, &self.machine] {
            assert_eq!(self.ways(by).await, 0);
            assert!(!self.finds(by, referral).await);
        }
        let lost = self.told().await.last().copied();
        assert_eq!(lost, Some((ChangeKind::AccessLost, Some(self.ngo.id))));
        let grants = access_grant::Entity::find()
            .filter(access_grant::Column::Basis.eq(GrantBasis::Referral))
            .all(&self.stage.database.reader)
            .await
            .unwrap();
        let is_open =
            |grant: &access_grant::Model| grant.until.is_none_or(|at| at > self.stage.now());
        assert!(!grants.iter().any(is_open), "{grants:?}");
    }

    /// Where a referral stands, and why, by who leads the work.
    pub async fn stands(&self, row: &str) -> (Value, Value) {
        let query = format!(
            "{{ node(id: \"{row}\") {{ ... on Referral {{ status statusReason }}
                ... on Transfer {{ status statusReason }} ... on Consent {{ status }} }} }}"
        );
        let answer = self.stage.as_(&self.boss).query(&query).await;
        let node = answer.data("/node");
        (node["status"].clone(), node["statusReason"].clone())
    }
}

/// An input changed by what is given; null leaves a field out.
pub fn with(mut input: Value, more: &Value) -> Value {
    for (field, value) in more.as_object().unwrap() {
        if value.is_null() {
            input.as_object_mut().unwrap().remove(field);
        } else {
            input[field] = value.clone();
        }
    }
    input
}
