//! Recording what bodies decided: commissions, guardianship authorities, courts.

use chrono::NaiveDate;
use entity::{decision, organisation};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::subject::About;
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What records a decision.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The body that decided.
    pub body_id: Uuid,
    /// Whom it is about: a family, a person, or both.
    pub about: About,
    /// What was decided.
    pub kind: String,
    /// Its number at the body.
    pub number: String,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The first day on which it has effect, if that is another one.
    pub effect_since: Option<NaiveDate>,
    /// The day after the last on which it has effect.
    pub effect_until: Option<NaiveDate>,
    /// Where the document is kept.
    pub document: Option<String>,
}

/// Records a decision of a body.
pub async fn record(session: &Session, key: &Key, command: &Record) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("decision", id);
    let mut change = Change::begin(session, Action::DecisionRecord, key, subject).await?;
    command.check(session)?;
    let worker = change.worker()?;
    command.about.lock(&change, ("input.decidedOn", command.decided_on)).await?;
    let level = Right::ANY;
    change.read::<organisation::Entity>(command.body_id, level, "input.bodyId").await?;
    command.check_known(&change).await?;
    let decision = decision::Model {
        id,
        body_id: command.body_id,
        family_id: command.about.family_id,
        person_id: command.about.person_id,
        kind: command.kind.clone(),
        number: command.number.clone(),
        decided_on: command.decided_on,
        effect_since: command.effect_since,
        effect_until: command.effect_until,
        document: command.document.clone(),
        recorded_at: session.now(),
        recorded_by_id: Some(worker),
    };
    change.insert(decision).await?;
    change.commit().await
}

impl Record {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let subject = self.about.family_id.or(self.about.person_id);
        checks.hold(subject.is_some(), "input.familyId", Text::Required);
        checks.text("input.kind", &self.kind, SHORT);
        checks.text("input.number", &self.number, SHORT);
        checks.some_text("input.document", self.document.as_deref(), LONG);
        checks.past("input.decidedOn", Some(self.decided_on), session.today());
        checks.day("input.effectSince", self.effect_since);
        checks.day("input.effectUntil", self.effect_until);
        let since = self.effect_since.unwrap_or(self.decided_on);
        checks.range("input.effectUntil", Some(since), self.effect_until);
        checks.done()
    }

    /// That the same is not recorded already for the same subject, which is locked.
    async fn check_known(&self, change: &Change) -> Result<(), Halt> {
        use decision::Column;
        let about = |column: Column, id: Option<Uuid>| match id {
            Some(id) => column.eq(id),
            None => column.is_null(),
        };
        let known = change
            .see::<decision::Entity>(Right::Led)
            .filter(Column::BodyId.eq(self.body_id))
            .filter(Column::Number.eq(&self.number))
            .filter(Column::Kind.eq(&self.kind))
            .filter(Column::DecidedOn.eq(self.decided_on))
            .filter(about(Column::FamilyId, self.about.family_id))
            .filter(about(Column::PersonId, self.about.person_id))
            .limit(1)
            .one(change.connection())
            .await?;
        match known {
            Some(_) => Err(Problem::at("input.number", Text::DecisionKnown).into()),
            None => Ok(()),
        }
    }
}
