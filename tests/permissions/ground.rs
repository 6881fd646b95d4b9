//! Who looks at the rows: two who lead the work, and some with whom it is shared.

use chrono::NaiveDate;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::register::RegisterSubject;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::Stage;
use crate::harness::world::{Branch, Household, Person};

/// A mutation with an input that is valid for a row, and the field that stands for it.
#[derive(Clone)]
pub struct Act {
    pub field: &'static str,
    pub mutation: &'static str,
    pub input: Value,
}

/// A row, and everything that may be done with it, by its fields in order.
pub struct Row {
    pub id: String,
    pub acts: Vec<Act>,
}

impl Row {
    pub fn new(id: String, acts: Vec<(&'static str, &'static str, Value)>) -> Self {
        let act = |(field, mutation, input)| Act { field, mutation, input };
        let mut acts: Vec<Act> = acts.into_iter().map(act).collect();
        acts.sort_by_key(|act| act.field);
        Self { id, acts }
    }

    pub fn fields(&self) -> Vec<&'static str> {
        self.acts.iter().map(|act| act.field).collect()
    }
}

/// An office that leads the work, and those whom it shares its families with.
pub struct Ground<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    pub office: Branch,
    /// Another office that sees the families in full, for a while.
    pub neighbour: Branch,
    /// A partner that runs centres.
    pub house: Branch,
    pub worker: Person,
    pub boss: Person,
    pub machine: Person,
    /// Everybody who looks.
    pub viewers: Vec<(&'static str, Person)>,
    pub service_type: Uuid,
    pub family_register: Uuid,
    pub person_register: Uuid,
    partners: Vec<(Branch, AccessLevel, GrantBasis)>,
}

impl<'s> Ground<'s> {
    #[expect(clippy::too_many_lines, reason = "one line a thing")]
    pub async fn lay(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let neighbour = stage.organisation("Neighbour", None).await;
        let ngo = stage.organisation("NGO", None).await;
        let house = stage.organisation("House", None).await;
        let system = stage.organisation("System", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let machine = stage.machine(&system).await;
        let viewers = vec![
            ("the caseworker", worker.clone()),
            ("the supervisor", boss.clone()),
            ("the neighbour's caseworker", stage.worker(&neighbour, Role::Caseworker).await),
            ("the neighbour's supervisor", stage.worker(&neighbour, Role::Supervisor).await),
            ("the NGO's worker", stage.worker(&ngo, Role::NgoWorker).await),
            ("the centre's staff", stage.worker(&house, Role::CentreStaff).await),
            ("the coordinator", stage.coordinator(&office, &area).await),
            ("the machine", machine.clone()),
        ];
        let partners = vec![
            (neighbour.clone(), AccessLevel::Full, GrantBasis::Referral),
            (ngo, AccessLevel::ServiceOnly, GrantBasis::Referral),
            (house.clone(), AccessLevel::Summary, GrantBasis::Placement),
            (system, AccessLevel::Summary, GrantBasis::Referral),
        ];
        let service_type = stage.service_type("S", true).await;
        let family_register = stage.register("F", RegisterSubject::Family, true).await;
        let person_register = stage.register("P", RegisterSubject::Person, true).await;
        Self {
            stage,
            area,
            office,
            neighbour,
            house,
            worker,
            boss,
            machine,
            viewers,
            service_type,
            family_register,
            person_register,
            partners,
        }
    }

    /// A family that the office leads and everybody sees some of.
    pub async fn home(&self) -> Household {
        let home = self.stage.household(&self.office, &self.area, "X").await;
        for (partner, level, basis) in &self.partners {
            self.stage.grant(partner, home.id, *level, *basis, Uuid::now_v7()).await;
        }
        home
    }

    pub fn today(&self) -> NaiveDate {
        self.stage.today()
    }

    /// The viewer as a worker; somebody else where a machine looks.
    pub const fn as_worker<'p>(&'p self, viewer: &'p Person) -> &'p Person {
        match viewer.role {
            Role::Integration => &self.boss,
            _ => viewer,
        }
    }

    /// Changes a row as it stands in its table.
    pub async fn set<A>(&self, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.update(&self.stage.database.writer).await.unwrap();
    }
}
