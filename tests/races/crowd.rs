//! Those who race: children of families of an office, for places in a centre that is new each time.

use chrono::TimeDelta;
use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::placement::{self, PlacementBasis, PlacementStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Outcome;
use crate::harness::Stage;
use crate::harness::world::{Branch, Household, id};

/// One who races, by a placement, and as whom the centre asks.
pub struct Racer {
    pub no: usize,
    pub id: String,
    pub placement: Uuid,
    pub token: String,
}

pub struct Crowd<'s> {
    stage: &'s Stage,
    area: Branch,
    provider: Branch,
    homes: Vec<Household>,
    /// The unit for which they race now.
    pub unit: Uuid,
}

impl<'s> Crowd<'s> {
    pub async fn gather(stage: &'s Stage, count: usize) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let provider = stage.organisation("Provider", None).await;
        let mut homes = Vec::new();
        for _ in 0..count {
            homes.push(stage.household(&office, &area, "X").await);
        }
        Self { stage, area, provider, homes, unit: Uuid::nil() }
    }

    /// A placement for each, in a new centre: every fourth in an emergency, the others approved.
    pub async fn line_up(&mut self, places: i32) -> Vec<Racer> {
        let (centre, unit) = self.stage.centre(&self.provider, &self.area, places).await;
        self.unit = unit;
        let mut tokens = Vec::new();
        for _ in 0..4 {
            tokens.push(self.stage.worker(&self.provider, Role::CentreStaff).await.token());
        }
        let (mut rows, mut grants, mut racers) = (Vec::new(), Vec::new(), Vec::new());
        for (no, home) in self.homes.iter().enumerate() {
            let is_urgent = no % 4 == 0;
            let status =
                if is_urgent { PlacementStatus::Requested } else { PlacementStatus::Approved };
            let row = self.stage.placement(home, (centre, unit), status);
            let placement = *row.id.as_ref();
            let basis = if is_urgent { PlacementBasis::Emergency } else { PlacementBasis::Parent };
            rows.push(placement::ActiveModel { basis: Set(basis), holds_place: Set(false), ..row });
            grants.push(self.grant(home, placement));
            let token = tokens[no % tokens.len()].clone();
            racers.push(Racer { no, id: id("placement", placement), placement, token });
        }
        let writer = &self.stage.database.writer;
        placement::Entity::insert_many(rows).exec(writer).await.unwrap();
        access_grant::Entity::insert_many(grants).exec(writer).await.unwrap();
        racers
    }

    fn grant(&self, home: &Household, placement: Uuid) -> access_grant::ActiveModel {
        let now = self.stage.now();
        access_grant::ActiveModel {
            id: Set(Uuid::now_v7()),
            organisation_id: Set(self.provider.id),
            person_id: Set(Some(home.child)),
            family_id: Set(None),
            level: Set(AccessLevel::Full),
            basis: Set(GrantBasis::Placement),
            source_id: Set(Some(placement)),
            since: Set(now - TimeDelta::days(1)),
            until: Set(None),
            created_at: Set(now),
            created_by: Set(None),
        }
    }

    /// What the tables hold is what each was told.
    pub async fn agrees(&self, racers: &[Racer], outcomes: &[Outcome]) {
        let rows = placement::Entity::find()
            .filter(placement::Column::UnitId.eq(self.unit))
            .all(&self.stage.database.reader)
            .await
            .unwrap();
        assert_eq!(rows.len(), racers.len());
        for (racer, outcome) in racers.iter().zip(outcomes) {
            let row = rows.iter().find(|row| row.id == racer.placement).unwrap();
            let is = match row.status {
                PlacementStatus::Reserved | PlacementStatus::Admitted => Outcome::Holds,
                PlacementStatus::Waitlisted => Outcome::Waits,
                _ => Outcome::Refused,
            };
            assert_eq!(is, *outcome, "{row:?}");
        }
    }

    /// Ends the round: who still has a place has it no longer, so that the next can begin.
    pub async fn go_home(&self) {
        placement::Entity::update_many()
            .col_expr(placement::Column::Status, Expr::val("CANCELLED"))
            .filter(placement::Column::UnitId.eq(self.unit))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
    }
}
