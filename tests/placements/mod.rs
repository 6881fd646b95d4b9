//! Places in centres as they are asked for, given out, waited for and left.

mod access;
mod asking;
mod giving;
mod groups;
mod leaving;
mod limits;
mod waiting;

use entity::membership::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage};

/// An office that leads the work with families, and a centre of somebody else's.
pub struct Scene<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    pub office: Branch,
    pub provider: Branch,
    /// The office's caseworker and supervisor.
    pub worker: Person,
    pub boss: Person,
    /// The centre's staff and supervisor.
    pub staff: Person,
    pub chief: Person,
    pub centre: Uuid,
    pub unit: Uuid,
}

pub const PLACEMENT: &str = "placement { id version status priority waitingPosition reservedUntil \
    reservedAt admittedAt dischargedAt closedAt statusReason destination plannedDischargeOn \
    unit { id occupancy { places occupied free waiting } } group { id status } \
    breaches { kind reason approvedBy { id } } absences { kind holdsPlace since until } }";

impl<'s> Scene<'s> {
    /// With so many places in one unit.
    pub async fn set(stage: &'s Stage, places: i32) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let provider = stage.organisation("Provider", None).await;
        let (centre, unit) = stage.centre(&provider, &area, places).await;
        Self {
            stage,
            worker: stage.worker(&office, Role::Caseworker).await,
            boss: stage.worker(&office, Role::Supervisor).await,
            staff: stage.worker(&provider, Role::CentreStaff).await,
            chief: stage.worker(&provider, Role::Supervisor).await,
            area,
            office,
            provider,
            centre,
            unit,
        }
    }

    pub async fn home(&self) -> Household {
        self.stage.household(&self.office, &self.area, "X").await
    }

    /// What asks for a place for the child of a home.
    pub fn request(&self, home: &Household) -> Value {
        json!({ "persons": [{ "personId": id("child", home.child), "unitId": id("unit", self.unit) }],
            "caseId": id("case", home.case), "basis": "PARENT" })
    }

    pub async fn send(&self, by: &Person, mutation: &str, input: Value) -> Answer {
        self.stage.as_(by).mutate(mutation, input, PLACEMENT).await
    }

    /// Sends what must be done; the placement's id.
    pub async fn done(&self, by: &Person, mutation: &str, input: Value) -> Value {
        self.send(by, mutation, input).await.done("/placement/id").clone()
    }

    /// A place that is asked for, for a child of a family of its own.
    pub async fn asked(&self) -> Value {
        let request = self.request(&self.home().await);
        self.done(&self.worker, "placementRequest", request).await
    }

    /// The same, with another priority or basis.
    pub async fn asked_with(&self, more: &Value) -> Value {
        let mut request = self.request(&self.home().await);
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        self.done(&self.worker, "placementRequest", request).await
    }

    pub async fn approve(&self, placement: &Value) {
        let input = json!({ "id": placement, "isApproved": true });
        self.send(&self.staff, "placementApprove", input).await.done("");
    }

    pub async fn approved(&self) -> Value {
        let placement = self.asked().await;
        self.approve(&placement).await;
        placement
    }

    /// Approved requests for one child in this centre and in another one of the provider's.
    pub async fn approved_here_and_there(&self) -> [Value; 2] {
        let (_, other) = self.stage.centre(&self.provider, &self.area, 2).await;
        let home = self.home().await;
        let here = self.done(&self.worker, "placementRequest", self.request(&home)).await;
        let mut there = self.request(&home);
        there["persons"][0]["unitId"] = json!(id("unit", other));
        let there = self.done(&self.worker, "placementRequest", there).await;
        for placement in [&here, &there] {
            self.approve(placement).await;
        }
        [here, there]
    }

    pub async fn reserve(&self, placement: &Value) -> Answer {
        self.send(&self.staff, "placementReserve", json!({ "id": placement })).await
    }

    /// Reserves a place, or waits for one.
    pub async fn queue(&self, placement: &Value) -> Answer {
        let input = json!({ "id": placement, "joinWaitingList": true });
        self.send(&self.staff, "placementReserve", input).await
    }

    pub async fn reserved(&self) -> Value {
        let placement = self.approved().await;
        self.reserve(&placement).await.done("");
        placement
    }

    pub async fn waiting(&self) -> Value {
        let placement = self.approved().await;
        let answer = self.queue(&placement).await;
        assert_eq!(answer.done("/placement/status"), "WAITLISTED");
        placement
    }

    pub async fn admit(&self, placement: &Value) -> Answer {
        self.send(&self.staff, "placementAdmit", json!({ "id": placement })).await
    }

    pub async fn admitted(&self) -> Value {
        let placement = self.reserved().await;
        self.admit(&placement).await.done("");
        placement
    }

    pub async fn discharge(&self, placement: &Value) -> Answer {
        let input = json!({ "id": placement, "reason": "The aim was reached.",
            "destination": "BIRTH_FAMILY" });
        self.send(&self.staff, "placementDischarge", input).await
    }

    /// What the office's caseworker sees of a placement.
    pub async fn seen(&self, placement: &Value) -> Value {
        let query =
            format!("query Q($id: ID!) {{ node(id: $id) {{ ... on Placement {{ {} }} }} }}", {
                PLACEMENT.strip_prefix("placement {").unwrap().strip_suffix('}').unwrap()
            });
        let client = self.stage.as_(&self.worker);
        let answer = client.query_with(&query, json!({ "id": placement })).await;
        answer.data("/node").clone()
    }

    pub async fn status(&self, placement: &Value) -> String {
        self.seen(placement).await["status"].as_str().unwrap().to_owned()
    }
}

/// The code and the place of a refusal.
pub fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}
