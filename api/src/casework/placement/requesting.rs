//! Asking a centre for a place, for one person or for several who come together.

use chrono::NaiveDate;
use entity::centre::{self, CentreRegime, CentreStatus};
use entity::placement::{self, PlacementBasis, PlacementStatus};
use entity::{decision, family, family_member, person, unit};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, QueryFilter, QueryResult,
    QueryTrait,
};
use uuid::Uuid;

use super::giving::check_planned;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::grant::placement_grants;
use crate::casework::joined::select_columns_of;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Placing, Text};

/// Most persons who come as a group.
const MOST_PERSONS: usize = 10;
/// Greatest priority.
const HIGHEST: i64 = 9;

/// What asks for a place.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who is to be placed; several come as a group, all or none.
    pub persons: Vec<Wanted>,
    /// The open case that it belongs to.
    pub case_id: Option<Uuid>,
    /// The family, unless the case says it.
    pub family_id: Option<Uuid>,
    /// On what basis.
    pub basis: PlacementBasis,
    /// The decision behind it.
    pub decision_id: Option<Uuid>,
    /// How urgently they wait; greatest first.
    pub priority: i32,
    /// When they are to leave.
    pub planned_discharge_on: Option<NaiveDate>,
}

/// A person for whom a place in a unit is asked.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The id of the placement, if the client made one.
    pub id: Option<Uuid>,
    /// The person.
    pub person_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
}

/// Asks for places; the centre sees the persons from now on, as long as the placement runs. The
/// families of the persons are kept, so that nobody closes a case without seeing the request.
pub async fn request(session: &Session, key: &Key, command: &Request) -> Result<Uuid, Halt> {
    let id = command.persons.first().and_then(|wanted| wanted.id).unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("placement", id);
    let mut change = Change::begin(session, Action::PlacementRequest, key, subject).await?;
    command.check(session)?;
    change.hold::<family::Entity>(command.families(session.today())).await?;
    let family_id = command.family(&change).await?;
    let homes = command.homes(&change).await?;
    command.check_persons(&change, (family_id, &homes)).await?;
    if let Some(decision_id) = command.decision_id {
        change.read::<decision::Entity>(decision_id, Right::ANY, "input.decisionId").await?;
    }
    let rows: Vec<placement::Model> = command.rows(&change, id, family_id, &homes);
    let mut grants = Vec::new();
    for (row, (_, centre)) in rows.iter().zip(&homes) {
        grants.extend(placement_grants(&change, centre.organisation_id, row));
    }
    change.insert_all(rows).await?;
    change.insert_all(grants).await?;
    change.commit().await
}

impl Request {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let path = "input.persons";
        checks.hold(!self.persons.is_empty(), path, Text::Required);
        let many = self.persons.len() > MOST_PERSONS;
        checks.hold(!many, path, Text::TooMany { most: MOST_PERSONS });
        let persons: Vec<Uuid> = self.persons.iter().map(|wanted| wanted.person_id).collect();
        checks.distinct(path, &persons);
        checks.number("input.priority", self.priority.into(), 0, HIGHEST);
        check_planned(&mut checks, session, self.planned_discharge_on);
        let is_one = self.case_id.is_none() || self.family_id.is_none();
        checks.hold(is_one, "input.familyId", Text::OnlyOne);
        let follows = matches!(
            self.basis,
            PlacementBasis::Commission | PlacementBasis::Guardianship | PlacementBasis::Court
        );
        let is_decided = !follows || self.decision_id.is_some();
        checks.hold(is_decided, "input.decisionId", Placing::PlacementNeedsDecision);
        checks.done()
    }

    /// The families that the persons belong to today, and the one that is named.
    fn families(&self, today: NaiveDate) -> Condition {
        let mut theirs = Query::select();
        theirs
            .column(family_member::Column::FamilyId)
            .from(family_member::Entity)
            .cond_where(lasts(today))
            .and_where(family_member::Column::PersonId.is_in(self.ids()));
        let mut of_case = Query::select();
        of_case
            .column(entity::case::Column::FamilyId)
            .from(entity::case::Entity)
            .and_where(entity::case::Column::Id.eq(self.case_id));
        let id = || Expr::col((family::Entity, family::Column::Id));
        Condition::any()
            .add(id().in_subquery(theirs))
            .add(id().in_subquery(of_case))
            .add(id().eq(self.family_id))
    }

    fn ids(&self) -> Vec<Uuid> {
        self.persons.iter().map(|wanted| wanted.person_id).collect()
    }

    /// The family, which the viewer's organisation leads.
    async fn family(&self, change: &Change) -> Result<Option<Uuid>, Halt> {
        if let Some(case_id) = self.case_id {
            let case = gate::enter(change, case_id, "input.caseId").await?;
            return Ok(Some(case.family_id));
        }
        let Some(family_id) = self.family_id else { return Ok(None) };
        let family = change.read::<family::Entity>(family_id, Right::Led, "input.familyId").await?;
        Ok(Some(family.id))
    }

    /// The unit of each person with its centre: one centre, which is not closed.
    async fn homes(&self, change: &Change) -> Result<Vec<(unit::Model, centre::Model)>, Halt> {
        let ids: Vec<Uuid> = self.persons.iter().map(|wanted| wanted.unit_id).collect();
        let mut select = Query::select();
        let of_unit = Expr::col((unit::Entity, unit::Column::CentreId))
            .eq(Expr::col((centre::Entity, centre::Column::Id)));
        select
            .from(unit::Entity)
            .inner_join(centre::Entity, of_unit)
            .and_where(unit::Column::Id.is_in(ids));
        select_columns_of::<unit::Entity>(&mut select, UNIT);
        select_columns_of::<centre::Entity>(&mut select, CENTRE);
        let rows = change.connection().query_all(&select).await?;
        let read = |row| {
            Ok((
                unit::Model::from_query_result(row, UNIT)?,
                centre::Model::from_query_result(row, CENTRE)?,
            ))
        };
        let found = rows.iter().map(read).collect::<Result<Vec<_>, DbErr>>()?;
        let mut homes: Vec<(unit::Model, centre::Model)> = Vec::new();
        for (place, wanted) in self.persons.iter().enumerate() {
            let path = format!("input.persons.{place}.unitId");
            let home = found.iter().find(|(unit, _)| unit.id == wanted.unit_id);
            let (unit, centre) = home.ok_or_else(|| Problem::not_found(&path))?;
            if centre.status == CentreStatus::Closed {
                let text = Text::CentreClosed;
                return Err(Problem::at(&path, text).from_where(centre.status).into());
            }
            if homes.first().is_some_and(|(_, first)| first.id != centre.id) {
                return Err(Problem::at(&path, Placing::UnitsApart).into());
            }
            homes.push((unit.clone(), centre.clone()));
        }
        Ok(homes)
    }

    /// Refuses persons who can't be placed: whom the viewer's organisation does not lead, who are no
    /// members of the family, who died, and who have such a placement.
    async fn check_persons(
        &self,
        change: &Change,
        (family_id, homes): (Option<Uuid>, &[(unit::Model, centre::Model)]),
    ) -> Result<(), Halt> {
        let centre_id = homes.first().map(|(_, centre)| centre.id);
        let mut select = change
            .see::<person::Entity>(Right::Led)
            .filter(person::Column::Id.is_in(self.ids()))
            .filter(person::Column::MergedIntoId.is_null())
            .into_query();
        let belongs = belongs(family_id, change.session().today());
        select.expr_as(belongs, Alias::new(BELONGS));
        select.expr_as(Expr::exists(asked(centre_id)), Alias::new(ASKED));
        let rows = change.connection().query_all(&select).await?;
        let read = |row: &QueryResult| -> Result<(person::Model, bool, bool), DbErr> {
            let person = person::Model::from_query_result(row, "")?;
            Ok((person, row.try_get("", BELONGS)?, row.try_get("", ASKED)?))
        };
        let persons = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut checks = Checks::default();
        for (place, wanted) in self.persons.iter().enumerate() {
            let path = format!("input.persons.{place}.personId");
            let found = persons.iter().find(|(person, ..)| person.id == wanted.person_id);
            let Some((person, belongs, asked)) = found else {
                checks.fail(&path, Text::NotFound);
                continue;
            };
            checks.hold(family_id.is_none() || *belongs, &path, Placing::NotFamilyMember);
            checks.hold(person.death_date.is_none(), &path, Text::AfterDeath);
            checks.hold(!asked, &path, Placing::RequestedAlready);
        }
        checks.done()
    }

    fn rows(
        &self,
        change: &Change,
        id: Uuid,
        family_id: Option<Uuid>,
        homes: &[(unit::Model, centre::Model)],
    ) -> Vec<placement::Model> {
        let group_id = (self.persons.len() > 1).then(Uuid::now_v7);
        let mut rows = Vec::new();
        for (wanted, (unit, centre)) in self.persons.iter().zip(homes) {
            let first = rows.is_empty().then_some(id);
            let id = first.or(wanted.id).unwrap_or_else(Uuid::now_v7);
            let group = (family_id, group_id);
            rows.push(self.row(change, (id, wanted.person_id), (unit, centre), group));
        }
        rows
    }

    fn row(
        &self,
        change: &Change,
        (id, person_id): (Uuid, Uuid),
        (unit, centre): (&unit::Model, &centre::Model),
        (family_id, group_id): (Option<Uuid>, Option<Uuid>),
    ) -> placement::Model {
        let (now, by) = (change.session().now(), change.by());
        placement::Model {
            id,
            person_id,
            centre_id: centre.id,
            unit_id: unit.id,
            case_id: self.case_id,
            family_id,
            group_id,
            basis: self.basis,
            decision_id: self.decision_id,
            status: PlacementStatus::Requested,
            is_residential: centre.regime == CentreRegime::Residential,
            holds_place: false,
            priority: self.priority,
            requested_at: now,
            reserved_until: None,
            admitted_at: None,
            planned_discharge_on: self.planned_discharge_on,
            discharged_at: None,
            discharge_reason: None,
            destination: None,
            decided_by_id: None,
            reserved_at: None,
            closed_at: None,
            admission_recorded_at: None,
            discharge_recorded_at: None,
            status_reason: None,
            recorded_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
            voided_at: None,
            void_reason: None,
        }
    }
}

const UNIT: &str = "ward_";
const CENTRE: &str = "home_";
const BELONGS: &str = "belongs_to_family";
const ASKED: &str = "asked_already";

fn lasts(today: NaiveDate) -> Condition {
    use family_member::Column;
    Condition::all()
        .add(Column::VoidedAt.is_null())
        .add(Column::Since.lte(today))
        .add(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(today)))
}

fn of_person(column: SimpleExpr) -> SimpleExpr {
    column.eq(Expr::col((person::Entity, person::Column::Id)))
}

fn belongs(family_id: Option<Uuid>, today: NaiveDate) -> SimpleExpr {
    use family_member::{Column, Entity};
    let mut membership = Query::select();
    membership
        .expr(Expr::val(1))
        .from(Entity)
        .cond_where(lasts(today))
        .and_where(Column::FamilyId.eq(family_id))
        .and_where(of_person(Expr::col((Entity, Column::PersonId))));
    Expr::exists(membership)
}

/// Whether a placement of the person in a centre is asked for or runs.
fn asked(centre_id: Option<Uuid>) -> SelectStatement {
    use placement::{Column, Entity};
    let open = [
        PlacementStatus::Requested,
        PlacementStatus::Approved,
        PlacementStatus::Waitlisted,
        PlacementStatus::Reserved,
        PlacementStatus::Admitted,
        PlacementStatus::OnLeave,
    ];
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(of_person(Expr::col((Entity, Column::PersonId))))
        .and_where(Column::CentreId.eq(centre_id))
        .and_where(Column::Status.is_in(open))
        .and_where(Column::VoidedAt.is_null());
    select
}
