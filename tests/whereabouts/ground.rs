//! An office with its families, a register and a centre, and what happens to their children.

use chrono::{NaiveDate, TimeDelta};
use entity::absence::{self, AbsenceKind};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::episode::{self, ClosureClass};
use entity::family_member::{self, MemberRole};
use entity::legal_status::{self, LegalStatusKind};
use entity::membership::Role;
use entity::person::{self, DatePrecision, Sex};
use entity::placement::{self, Destination, PlacementStatus};
use entity::register::RegisterSubject;
use entity::register_entry::{self, RegisterGrounds};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START};
use crate::harness::{Answer, Stage};

pub const QUERY: &str = "query W($on: Date, $first: Int, $after: String,
  $filter: ChildWhereaboutsFilter) {
  childWhereabouts(on: $on, first: $first, after: $after, filter: $filter) { totalCount
    nodes { child { id } whereabouts since placement { id unit { name } } family { id }
      redactedFields }
    pageInfo { hasNextPage endCursor } } }";

pub struct Ground<'s> {
    pub stage: &'s Stage,
    pub area: Branch,
    pub office: Branch,
    pub worker: Person,
    pub provider: Branch,
    /// The centre with its unit.
    pub place: (Uuid, Uuid),
    pub register: Uuid,
}

impl<'s> Ground<'s> {
    pub async fn lay(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let provider = stage.organisation("Provider", None).await;
        let place = stage.centre(&provider, &area, 90).await;
        let register = stage.register("A", RegisterSubject::Family, true).await;
        Self { stage, area, office, worker, provider, place, register }
    }

    pub fn day(&self, days: i64) -> NaiveDate {
        self.stage.today() + TimeDelta::days(days)
    }

    /// A family of the office.
    pub async fn home(&self) -> Household {
        self.stage.household(&self.office, &self.area, "X").await
    }

    /// A family of the office that is on the register.
    pub async fn registered(&self) -> Household {
        let home = self.home().await;
        let days = (START - self.stage.today()).num_days();
        self.entry(Some(home.id), None, (days, None)).await;
        home
    }

    /// Many children of a family.
    pub async fn children(&self, family: Uuid, count: usize) {
        let (ids, now): (Vec<Uuid>, _) =
            ((0..count).map(|_| Uuid::now_v7()).collect(), self.stage.now());
        for ids in ids.chunks(100) {
            let persons = ids.iter().map(|id| person::ActiveModel {
                id: Set(*id),
                given_name: Set("Many".to_owned()),
                sex: Set(Sex::Unknown),
                birth_date: Set(Some(START)),
                birth_precision: Set(DatePrecision::Year),
                search_key: Set(String::new()),
                is_address_protected: Set(false),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            });
            let members = ids.iter().map(|id| family_member::ActiveModel {
                id: Set(Uuid::now_v7()),
                family_id: Set(family),
                person_id: Set(*id),
                role: Set(MemberRole::Child),
                lives_here: Set(true),
                legal_responsibility: Set(false),
                primary_caregiver: Set(false),
                since: Set(START),
                recorded_at: Set(now),
                ..Default::default()
            });
            let writer = &self.stage.database.writer;
            person::Entity::insert_many(persons).exec_without_returning(writer).await.unwrap();
            family_member::Entity::insert_many(members)
                .exec_without_returning(writer)
                .await
                .unwrap();
        }
    }

    pub async fn entry(
        &self,
        family: Option<Uuid>,
        person: Option<Uuid>,
        (since, until): (i64, Option<i64>),
    ) {
        let row = register_entry::ActiveModel {
            id: Set(Uuid::now_v7()),
            register_id: Set(self.register),
            family_id: Set(family),
            person_id: Set(person),
            grounds: Set(RegisterGrounds::Neglect),
            since: Set(self.day(since)),
            until: Set(until.map(|until| self.day(until))),
            recorded_at: Set(self.stage.now()),
            ..Default::default()
        };
        self.stage.put(row).await;
    }

    /// A residential stay from a week ago on, until yesterday if it ended.
    pub async fn stay(
        &self,
        home: &Household,
        status: PlacementStatus,
        to: Option<Destination>,
    ) -> Uuid {
        let row = self.stage.placement(home, self.place, status);
        let id = row.id.clone().unwrap();
        self.stage.put(placement::ActiveModel { destination: Set(to), ..row }).await;
        id
    }

    pub async fn absence(
        &self,
        home: &Household,
        stay: Uuid,
        kind: AbsenceKind,
        (since, until): (i64, Option<i64>),
    ) {
        let row = absence::ActiveModel {
            id: Set(Uuid::now_v7()),
            placement_id: Set(stay),
            person_id: Set(home.child),
            kind: Set(kind),
            holds_place: Set(true),
            since: Set(self.day(since)),
            until: Set(until.map(|until| self.day(until))),
            recorded_at: Set(self.stage.now()),
        };
        self.stage.put(row).await;
    }

    pub async fn status(&self, home: &Household, status: LegalStatusKind, since: i64) {
        let row = legal_status::ActiveModel {
            id: Set(Uuid::now_v7()),
            person_id: Set(home.child),
            status: Set(status),
            since: Set(self.day(since)),
            recorded_at: Set(self.stage.now()),
            ..Default::default()
        };
        self.stage.put(row).await;
    }

    pub async fn end_statuses(&self, until: i64) {
        legal_status::Entity::update_many()
            .col_expr(legal_status::Column::Until, Expr::val(self.day(until)))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
    }

    /// The work with a family is closed because it moved.
    pub async fn moved(&self, home: &Household, on: i64) {
        let boss = self.stage.worker(&self.office, Role::Supervisor).await;
        let row = episode::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            no: Set(1),
            opened_on: Set(START),
            reason: Set("A report.".to_owned()),
            closed_on: Set(Some(self.day(on))),
            closure_class: Set(Some(ClosureClass::Moved)),
            summary: Set(Some("Moved.".to_owned())),
            closed_by_id: Set(Some(self.worker.id)),
            approved_by_id: Set(Some(boss.id)),
            recorded_at: Set(self.stage.now()),
            ..Default::default()
        };
        self.stage.put(row).await;
    }

    /// Somebody belongs to a family and lives elsewhere.
    pub async fn lives_elsewhere(&self, home: &Household, person: Uuid) {
        family_member::Entity::update_many()
            .col_expr(family_member::Column::LivesHere, Expr::val(false))
            .filter(family_member::Column::FamilyId.eq(home.id))
            .filter(family_member::Column::PersonId.eq(person))
            .exec(&self.stage.database.writer)
            .await
            .unwrap();
    }

    pub async fn share(&self, to: &Branch, home: &Household, level: AccessLevel) {
        self.stage.grant(to, home.id, level, GrantBasis::Referral, Uuid::now_v7()).await;
    }

    /// What the caseworker is told.
    pub async fn ask(&self, variables: Value) -> Answer {
        self.ask_as(&self.worker, variables).await
    }

    pub async fn ask_as(&self, somebody: &Person, variables: Value) -> Answer {
        self.stage.as_(somebody).query_with(QUERY, variables).await
    }

    /// The children that the caseworker is told of, each with its class.
    pub async fn classes(&self, days: Option<i64>) -> Vec<(String, String)> {
        let on = days.map(|days| self.day(days));
        let answer = self.ask(json!({ "first": 100, "on": on })).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let nodes = answer.list("/childWhereabouts/nodes").iter();
        nodes.map(|node| (text(&node["child"]["id"]), text(&node["whereabouts"]))).collect()
    }

    /// All children under a filter, by pages of a size. Each asks with a bucket of their own.
    pub async fn walk(&self, first: i32, filter: &Value) -> Vec<String> {
        let worker = self.stage.worker(&self.office, Role::Caseworker).await;
        let (mut all, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "first": first, "after": after, "filter": filter });
            let answer = self.ask_as(&worker, variables).await;
            let nodes = answer.list("/childWhereabouts/nodes");
            assert!(nodes.len() <= usize::try_from(first).unwrap());
            all.extend(nodes.iter().map(|node| node["child"]["id"].as_str().unwrap().to_owned()));
            if answer.data("/childWhereabouts/pageInfo/hasNextPage") == false {
                assert_eq!(answer.data("/childWhereabouts/totalCount"), all.len());
                return all;
            }
            after = answer.data("/childWhereabouts/pageInfo/endCursor").clone();
        }
    }
}
