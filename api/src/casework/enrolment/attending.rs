//! Who attended a programme on a day; the same day recorded again is corrected.

use chrono::NaiveDate;
use entity::attendance::{self, Column};
use entity::programme::EnrolmentUnit;
use entity::{enrolment, enrolment_person};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::gate::{self, By};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::household::Household;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{ProgrammeText, Text};

/// Whether somebody was there.
#[derive(Clone, Copy, Debug)]
pub struct Attended {
    /// The person.
    pub person_id: Uuid,
    /// Whether the person was there.
    pub is_present: bool,
}

/// What records attendance.
#[derive(Clone, Debug)]
pub struct Record {
    /// The enrolment.
    pub id: Uuid,
    /// The day.
    pub held_on: NaiveDate,
    /// Who was there, and who was not.
    pub persons: Vec<Attended>,
}

/// Records who attended. For the staff of the programme, while somebody takes part.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let subject = Subject::new("enrolment", command.id);
    let mut change = Change::begin(session, Action::AttendanceRecord, key, subject).await?;
    let persons: Vec<Uuid> = command.persons.iter().map(|person| person.person_id).collect();
    let mut checks = Checks::default();
    checks.hold(!persons.is_empty(), "input.persons", Text::Required);
    checks.distinct("input.persons", &persons);
    checks.past("input.heldOn", Some(command.held_on), session.today());
    checks.done()?;
    let (enrolment, programme) =
        gate::enter(&change, command.id, By::Programme, "input.id").await?;
    gate::taking_part(&enrolment, "input.id")?;
    let earliest = enrolment.enrolled_on.unwrap_or(command.held_on);
    if command.held_on < earliest {
        return Err(Problem::at("input.heldOn", Text::TooEarly { earliest }).into());
    }
    command.check_persons(&change, &enrolment, programme.enrolment_unit).await?;
    let corrected = command.correct(&mut change, &persons).await?;
    let (now, by) = (session.now(), change.by());
    let new = command.persons.iter().filter(|person| !corrected.contains(&person.person_id));
    let row = |person: &Attended| attendance::Model {
        enrolment_id: enrolment.id,
        person_id: person.person_id,
        held_on: command.held_on,
        family_id: enrolment.family_id,
        is_present: person.is_present,
        recorded_at: now,
        recorded_by: by,
    };
    let rows: Vec<attendance::Model> = new.map(row).collect();
    change.insert_all(rows).await?;
    change.bump(&enrolment, enrolment.clone()).await?;
    change.commit().await
}

impl Record {
    /// That all take part; where a family does as a whole, its members do.
    async fn check_persons(
        &self,
        change: &Change,
        enrolment: &enrolment::Model,
        unit: EnrolmentUnit,
    ) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let at = |place: usize| format!("input.persons.{place}.personId");
        if unit == EnrolmentUnit::Family {
            let household = Household::read(change, enrolment.family_id, Right::ANY).await?;
            for (place, person) in self.persons.iter().enumerate() {
                if let Some(text) = household.no_member_by(person.person_id, self.held_on) {
                    checks.fail(&at(place), text);
                }
            }
            return checks.done();
        }
        let parts = change
            .see::<enrolment_person::Entity>(Right::ANY)
            .filter(enrolment_person::Column::EnrolmentId.eq(enrolment.id))
            .all(change.connection())
            .await?;
        for (place, person) in self.persons.iter().enumerate() {
            let takes_part = enrolment.person_id == Some(person.person_id)
                || parts.iter().any(|part| part.person_id == person.person_id);
            checks.hold(takes_part, &at(place), ProgrammeText::NotAParticipant);
        }
        checks.done()
    }

    /// Corrects what was recorded of the day already; of whom.
    async fn correct(&self, change: &mut Change, persons: &[Uuid]) -> Result<Vec<Uuid>, Halt> {
        let present = self.persons.iter().filter(|person| person.is_present);
        let present: Vec<Uuid> = present.map(|person| person.person_id).collect();
        let (now, by) = (change.session().now(), change.by());
        let is_present = Expr::case(Column::PersonId.is_in(present), true).finally(false);
        let values = vec![
            (Column::IsPresent, is_present.into()),
            (Column::RecordedAt, Expr::val(now)),
            (Column::RecordedBy, Expr::val(by)),
        ];
        let known = Condition::all()
            .add(Expr::col((attendance::Entity, Column::EnrolmentId)).eq(self.id))
            .add(Column::HeldOn.eq(self.held_on))
            .add(Column::PersonId.is_in(persons.iter().copied()));
        let rows = change.update_where::<attendance::Entity>(values, known).await?;
        Ok(rows.iter().map(|row| row.person_id).collect())
    }
}
