//! A scene for programmes: an office that leads families, an NGO that runs a programme, and what they
//! do through the API.

use chrono::{Days, NaiveDate};
use entity::consent::{ConsentPurpose, ConsentStatus};
use entity::family_characteristic::FamilyCharacteristic;
use entity::membership::Role;
use entity::organisation::OrganisationKind;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Branch, Household, Person, id};
use super::{Answer, Stage};

/// What is asked of an enrolment.
pub const ENROLMENT: &str = "enrolment { id version status waitingPosition offeredUntil }";

/// An office, an NGO with a programme, and those who work there.
pub struct Scene<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    pub office: Branch,
    pub ngo: Branch,
    pub worker: Person,
    pub admin: Person,
    pub partner: Person,
    /// A word that is in the texts about each family.
    pub canary: &'static str,
}

impl<'s> Scene<'s> {
    pub async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("District", None).await;
        let office = stage.organisation("Office", None).await;
        let ngo = stage.agency("NGO", OrganisationKind::Ngo).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let admin = stage.worker(&ngo, Role::Admin).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        Self { stage, area, office, ngo, worker, admin, partner, canary: "X" }
    }

    /// A day around today.
    pub fn day(&self, days: i64) -> NaiveDate {
        let today = self.stage.today();
        let by = Days::new(days.unsigned_abs());
        if days < 0 { today - by } else { today + by }
    }

    /// The input of a programme for families that the NGO runs.
    pub fn programme(&self) -> Value {
        json!({ "organisationId": id("organisation", self.ngo.id), "name": "School",
            "summary": "Evenings for parents.", "kind": "PARENTING", "enrolmentUnit": "FAMILY",
            "since": self.day(-400) })
    }

    pub async fn send(&self, by: &Person, mutation: &str, input: Value, asked: &str) -> Answer {
        self.stage.as_(by).mutate(mutation, input, asked).await
    }

    /// Records a programme, with some fields of its own, and makes it active; its id.
    pub async fn active(&self, fields: Value) -> Value {
        let mut input = self.programme();
        for (field, value) in fields.as_object().unwrap() {
            input[field] = value.clone();
        }
        let made = self.send(&self.admin, "programmeCreate", input, "programme { id }").await;
        let programme = made.done("/programme/id").clone();
        let active = json!({ "id": programme, "expectedVersion": 1, "status": "ACTIVE" });
        let done = self.send(&self.admin, "programmeUpdate", active, "programme { status }").await;
        assert_eq!(done.done("/programme/status"), "ACTIVE");
        programme
    }

    /// Opens an intake with a waiting list.
    pub async fn intake(&self, programme: &Value, capacity: i32) -> Value {
        let input = json!({ "programmeId": programme, "name": "Spring", "opensOn": self.day(-1),
            "startsOn": self.day(0), "endsOn": self.day(300), "capacity": capacity,
            "hasWaitingList": true });
        let made = self.send(&self.partner, "intakeOpen", input, "intake { id }").await;
        made.done("/intake/id").clone()
    }

    /// A family that the office leads.
    pub async fn home(&self) -> Household {
        self.stage.household(&self.office, &self.area, self.canary).await
    }

    /// Asks for an enrolment, as the office does.
    pub async fn request(&self, intake: &Value, home: &Household, persons: &[Uuid]) -> Answer {
        let persons: Vec<String> = persons.iter().map(|person| id("person", *person)).collect();
        let input = json!({ "intakeId": intake, "familyId": id("family", home.id),
            "personIds": persons });
        self.send(&self.worker, "enrolmentRequest", input, ENROLMENT).await
    }

    /// Asks for the enrolment of a new family; its id.
    pub async fn requested(&self, intake: &Value) -> Value {
        let home = self.home().await;
        self.request(intake, &home, &[]).await.done("/enrolment/id").clone()
    }

    pub async fn offer(&self, enrolment: &Value) -> Answer {
        let input = json!({ "id": enrolment, "joinWaitingList": true });
        self.send(&self.partner, "enrolmentOffer", input, ENROLMENT).await
    }

    pub async fn answer(&self, enrolment: &Value, answer: &str) -> Answer {
        let input = json!({ "id": enrolment, "answer": answer });
        self.send(&self.worker, "enrolmentAnswer", input, ENROLMENT).await
    }

    /// An enrolment of a new family that was accepted; its id.
    pub async fn enrolled(&self, intake: &Value) -> Value {
        let enrolment = self.requested(intake).await;
        self.take(&enrolment).await;
        enrolment
    }

    /// Offers a place and accepts it.
    pub async fn take(&self, enrolment: &Value) {
        assert_eq!(self.offer(enrolment).await.done("/enrolment/status"), "OFFERED");
        assert_eq!(self.answer(enrolment, "ACCEPT").await.done("/enrolment/status"), "ENROLLED");
    }

    /// How an enrolment stands, as the office sees it.
    pub async fn standing(&self, enrolment: &Value, field: &str) -> Value {
        let query =
            format!("query Q($id: ID!) {{ node(id: $id) {{ ... on Enrolment {{ {field} }} }} }}");
        let client = self.stage.as_(&self.worker);
        client.query_with(&query, json!({ "id": enrolment })).await.data("/node").clone()
    }

    pub async fn status(&self, enrolment: &Value) -> Value {
        self.standing(enrolment, "status").await["status"].clone()
    }
}

/// A refusal, as stories compare it.
pub fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

impl Stage {
    /// A consent to programmes of a family as a whole, or of one person of it.
    pub async fn consent(&self, family: Uuid, person: Option<Uuid>) -> Uuid {
        self.answer((family, person), ConsentPurpose::Programme, ConsentStatus::Given).await
    }

    /// A circumstance of a family.
    pub async fn characteristic(&self, family: Uuid, kind: FamilyCharacteristic) {
        self.put(entity::family_characteristic::ActiveModel {
            family_id: Set(family),
            kind: Set(kind),
            recorded_at: Set(self.now()),
        })
        .await;
    }
}
