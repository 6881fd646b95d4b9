//! Those who race: families of an office, for places in a centre and in an intake that are new each
//! time.

use chrono::TimeDelta;
use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::enrolment::{self, EnrolmentStatus};
use entity::membership::Role;
use entity::placement::{self, PlacementBasis, PlacementStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Outcome;
use crate::harness::Stage;
use crate::harness::programmes::Scene;
use crate::harness::world::{Branch, Household, id};

/// How somebody comes by a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Is admitted at once, in an emergency.
    Urgent,
    /// Reserves a place in the centre, or waits for one if that is wanted.
    Reserving { waits: bool },
    /// Is offered a place in the intake, or waits for one if that is wanted.
    Enrolling { waits: bool },
}

impl Way {
    const fn of(no: usize) -> Self {
        match no % 5 {
            0 => Self::Urgent,
            1 => Self::Reserving { waits: false },
            2 => Self::Reserving { waits: true },
            3 => Self::Enrolling { waits: false },
            _ => Self::Enrolling { waits: true },
        }
    }

    pub const fn enrols(self) -> bool {
        matches!(self, Self::Enrolling { .. })
    }
}

/// One who races: by which row, and with whose token.
pub struct Racer {
    pub way: Way,
    pub row: Uuid,
    pub id: String,
    pub token: String,
}

pub struct Crowd<'s> {
    scene: Scene<'s>,
    provider: Branch,
    programme: Value,
    homes: Vec<Household>,
    /// The unit and the intake for whose places they race now.
    pub unit: Uuid,
    pub intake: Uuid,
}

impl<'s> Crowd<'s> {
    pub async fn gather(stage: &'s Stage, count: usize) -> Self {
        let scene = Scene::set(stage).await;
        let provider = stage.organisation("Provider", None).await;
        let mut homes = Vec::new();
        for _ in 0..count {
            homes.push(scene.home().await);
        }
        let programme = scene.active(json!({})).await;
        Self { scene, provider, programme, homes, unit: Uuid::nil(), intake: Uuid::nil() }
    }

    /// New places, for which each stands ready.
    pub async fn line_up(&mut self, places: i32) -> Vec<Racer> {
        let stage = self.scene.stage;
        let (centre, unit) = stage.centre(&self.provider, &self.scene.area, places).await;
        self.unit = unit;
        self.intake = uuid_of(&self.scene.intake(&self.programme, places).await);
        let (mut staff, mut partners) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            staff.push(stage.worker(&self.provider, Role::CentreStaff).await.token());
            partners.push(stage.worker(&self.scene.ngo, Role::NgoWorker).await.token());
        }
        let (mut placements, mut enrolments) = (Vec::new(), Vec::new());
        let (mut grants, mut racers) = (Vec::new(), Vec::new());
        for (no, home) in self.homes.iter().enumerate() {
            let (way, row) = (Way::of(no), Uuid::now_v7());
            grants.push(self.grant(home, way, row));
            let (kind, tokens) =
                if way.enrols() { ("enrolment", &partners) } else { ("placement", &staff) };
            if way.enrols() {
                enrolments.push(self.enrolment(home, row));
            } else {
                placements.push(self.placement(home, way, (row, centre)));
            }
            let token = tokens[no % tokens.len()].clone();
            racers.push(Racer { way, row, id: id(kind, row), token });
        }
        let writer = &stage.database.writer;
        placement::Entity::insert_many(placements).exec(writer).await.unwrap();
        if !enrolments.is_empty() {
            enrolment::Entity::insert_many(enrolments).exec(writer).await.unwrap();
        }
        access_grant::Entity::insert_many(grants).exec(writer).await.unwrap();
        racers
    }

    fn placement(
        &self,
        home: &Household,
        way: Way,
        (row, centre): (Uuid, Uuid),
    ) -> placement::ActiveModel {
        let (status, basis) = match way {
            Way::Urgent => (PlacementStatus::Requested, PlacementBasis::Emergency),
            _ => (PlacementStatus::Approved, PlacementBasis::Parent),
        };
        placement::ActiveModel {
            id: Set(row),
            basis: Set(basis),
            holds_place: Set(false),
            ..self.scene.stage.placement(home, (centre, self.unit), status)
        }
    }

    fn enrolment(&self, home: &Household, row: Uuid) -> enrolment::ActiveModel {
        let now = self.scene.stage.now();
        enrolment::ActiveModel {
            id: Set(row),
            intake_id: Set(self.intake),
            programme_id: Set(uuid_of(&self.programme)),
            family_id: Set(home.id),
            status: Set(EnrolmentStatus::Requested),
            priority: Set(0),
            requested_at: Set(now),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }

    fn grant(&self, home: &Household, way: Way, row: Uuid) -> access_grant::ActiveModel {
        let now = self.scene.stage.now();
        let by_enrolment = way.enrols();
        access_grant::ActiveModel {
            id: Set(Uuid::now_v7()),
            organisation_id: Set(if by_enrolment { self.scene.ngo.id } else { self.provider.id }),
            worker_id: Set(None),
            person_id: Set((!by_enrolment).then_some(home.child)),
            family_id: Set(by_enrolment.then_some(home.id)),
            level: Set(AccessLevel::ServiceOnly),
            shown: Set(access_grant::Shown::all(AccessLevel::ServiceOnly)),
            basis: Set(if by_enrolment { GrantBasis::Enrolment } else { GrantBasis::Placement }),
            source_id: Set(Some(row)),
            since: Set(now - TimeDelta::days(1)),
            until: Set(None),
            created_at: Set(now),
            created_by: Set(None),
        }
    }

    /// Where each stands by the tables.
    pub async fn standing(&self, racers: &[Racer]) -> Vec<Outcome> {
        let reader = &self.scene.stage.database.reader;
        let placements = placement::Entity::find()
            .filter(placement::Column::UnitId.eq(self.unit))
            .all(reader)
            .await
            .unwrap();
        let enrolments = enrolment::Entity::find()
            .filter(enrolment::Column::IntakeId.eq(self.intake))
            .all(reader)
            .await
            .unwrap();
        assert_eq!(placements.len() + enrolments.len(), racers.len(), "nobody is lost");
        let of = |racer: &Racer| {
            if racer.way.enrols() {
                let row = enrolments.iter().find(|row| row.id == racer.row).unwrap();
                Outcome::of(&sea_orm::ActiveEnum::to_value(&row.status))
            } else {
                let row = placements.iter().find(|row| row.id == racer.row).unwrap();
                Outcome::of(&sea_orm::ActiveEnum::to_value(&row.status))
            }
        };
        racers.iter().map(of).collect()
    }

    /// Lets the first offer that stands run out soon: an offer lasts for days otherwise.
    pub async fn let_an_offer_run_out(&self) {
        let offered = enrolment::Entity::find()
            .filter(enrolment::Column::IntakeId.eq(self.intake))
            .filter(enrolment::Column::Status.eq(EnrolmentStatus::Offered));
        let database = &self.scene.stage.database;
        let Some(row) = offered.one(&database.reader).await.unwrap() else { return };
        let soon = self.scene.stage.now() + TimeDelta::milliseconds(100);
        enrolment::Entity::update_many()
            .col_expr(enrolment::Column::OfferedUntil, Expr::val(soon))
            .filter(enrolment::Column::Id.eq(row.id))
            .filter(enrolment::Column::Status.eq(EnrolmentStatus::Offered))
            .exec(&database.writer)
            .await
            .unwrap();
    }

    /// The same in all centres.
    pub async fn all_go_home(&self) {
        placement::Entity::update_many()
            .col_expr(placement::Column::Status, Expr::val("CANCELLED"))
            .exec(&self.scene.stage.database.writer)
            .await
            .unwrap();
    }

    /// Ends the round: who still lives in the centre does so no longer, so that the next can begin.
    pub async fn go_home(&self) {
        placement::Entity::update_many()
            .col_expr(placement::Column::Status, Expr::val("CANCELLED"))
            .filter(placement::Column::UnitId.eq(self.unit))
            .exec(&self.scene.stage.database.writer)
            .await
            .unwrap();
    }
}

fn uuid_of(id: &Value) -> Uuid {
    let (_, hex) = id.as_str().unwrap().split_once('_').unwrap();
    Uuid::parse_str(hex).unwrap()
}
