//! Who belongs to a family: memberships with dates, of which those of one person in one family
//! never overlap; a child may belong to two households.

use chrono::NaiveDate;
use entity::access_grant::{self, GrantBasis};
use entity::family_member::{self, MemberRole};
use entity::person::DatePrecision;
use entity::{family, person};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::person::gate;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;

/// What adds a member.
#[derive(Clone, Debug)]
pub struct Add {
    /// The family.
    pub family_id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// The membership.
    pub membership: Membership,
}

/// A membership as it is told.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// Role of the person in the family.
    pub role: MemberRole,
    /// First day.
    pub since: NaiveDate,
    /// The day after the last.
    pub until: Option<NaiveDate>,
    /// Whether the person lives in this household.
    pub lives_here: bool,
    /// Whether the person is legally responsible for the children.
    pub legal_responsibility: bool,
    /// Whether the person mainly cares for the children.
    pub primary_caregiver: bool,
}

/// Adds a person to a family for a time.
pub async fn add(session: &Session, key: &Key, command: &Add) -> Result<Uuid, Halt> {
    let subject = Subject::new("family", command.family_id);
    let mut change = Change::begin(session, Action::FamilyMemberAdd, key, subject).await?;
    check(session, &command.membership)?;
    let path = "input.familyId";
    let family = change.lock::<family::Entity>(command.family_id, Right::Led, path).await?;
    let path = "input.personId";
    let person = gate::enter(&change, command.person_id, path).await?;
    check_life(&person, command.membership.since, "input.membership.since")?;
    refuse_overlap(&change, command).await?;
    let row = row(&change, family.id, person.id, &command.membership);
    change.insert(row).await?;
    end_own_grant(&mut change, person.id).await?;
    change.commit().await
}

/// The checks of a membership that need no other row.
pub fn check(session: &Session, membership: &Membership) -> Result<(), Halt> {
    let mut checks = Checks::default();
    checks.past("input.membership.since", Some(membership.since), session.today());
    checks.day("input.membership.until", membership.until);
    let latest = session.today().succ_opt();
    let has_come = membership.until.is_none_or(|until| Some(until) <= latest);
    checks.hold(has_come, "input.membership.until", Text::InFuture { today: session.today() });
    checks.range("input.membership.until", Some(membership.since), membership.until);
    checks.done()
}

/// Refuses a day on which a person did not live yet or any more.
pub fn check_life(person: &person::Model, day: NaiveDate, path: &str) -> Result<(), Halt> {
    let mut checks = Checks::default();
    let born = person.birth_date.filter(|_| person.birth_precision == DatePrecision::Day);
    checks.hold(born.is_none_or(|born| day >= born), path, Text::BeforeBirth);
    checks.hold(person.death_date.is_none_or(|died| day <= died), path, Text::AfterDeath);
    checks.done()
}

/// The row of a membership.
pub fn row(
    change: &Change,
    family_id: Uuid,
    person_id: Uuid,
    told: &Membership,
) -> family_member::Model {
    let now = change.session().now();
    family_member::Model {
        id: told.id.unwrap_or_else(Uuid::now_v7),
        family_id,
        person_id,
        role: told.role,
        lives_here: told.lives_here,
        legal_responsibility: told.legal_responsibility,
        primary_caregiver: told.primary_caregiver,
        since: told.since,
        until: told.until,
        recorded_at: now,
        ended_recorded_at: told.until.map(|_| now),
        voided_at: None,
        void_reason: None,
    }
}

async fn refuse_overlap(change: &Change, command: &Add) -> Result<(), Halt> {
    use family_member::Column;
    let since = command.membership.since;
    let mut overlapping = change
        .see::<family_member::Entity>(Right::Led)
        .filter(Column::FamilyId.eq(command.family_id))
        .filter(Column::PersonId.eq(command.person_id))
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Until.is_null().or(Column::Until.gt(since)));
    if let Some(until) = command.membership.until {
        overlapping = overlapping.filter(Column::Since.lt(until));
    }
    match overlapping.one(change.connection()).await? {
        Some(_) => Err(Problem::at("input.membership.since", Text::MembershipsOverlap).into()),
        None => Ok(()),
    }
}

/// A person who was recorded without a family was seen by a grant of its own: from now on the
/// family's grants say who sees it.
async fn end_own_grant(change: &mut Change, person_id: Uuid) -> Result<(), Halt> {
    use access_grant::Column;
    let now = change.session().now();
    let own = Condition::all()
        .add(Column::PersonId.eq(person_id))
        .add(Column::SourceId.eq(person_id))
        .add(Column::Basis.eq(GrantBasis::Lead))
        .add(Column::OrganisationId.is_in(change.session().viewer().organisations.iter().copied()))
        .add(Column::Until.is_null());
    change.update_where::<access_grant::Entity>(vec![(Column::Until, Expr::val(now))], own).await?;
    Ok(())
}

/// What ends a membership.
#[derive(Clone, Debug)]
pub struct End {
    /// The family.
    pub family_id: Uuid,
    /// The membership.
    pub member_id: Uuid,
    /// The day after the last.
    pub until: NaiveDate,
}

/// Ends a membership. It stays on record, so that the family can be shown as of a day.
pub async fn end(session: &Session, key: &Key, command: &End) -> Result<Uuid, Halt> {
    let subject = Subject::new("family", command.family_id);
    let mut change = Change::begin(session, Action::FamilyMemberEnd, key, subject).await?;
    let mut checks = Checks::default();
    checks.day("input.until", Some(command.until));
    let today = session.today();
    let has_come = Some(command.until) <= today.succ_opt();
    checks.hold(has_come, "input.until", Text::InFuture { today });
    checks.done()?;
    let path = "input.familyId";
    let family = change.lock::<family::Entity>(command.family_id, Right::Led, path).await?;
    let path = "input.memberId";
    let member = change.read::<family_member::Entity>(command.member_id, Right::Led, path).await?;
    if member.family_id != family.id || member.voided_at.is_some() {
        return Err(Problem::not_found(path).into());
    }
    if member.until.is_some() {
        return Err(Problem::at(path, Text::EndedAlready).into());
    }
    let mut checks = Checks::default();
    checks.range("input.until", Some(member.since), Some(command.until));
    checks.done()?;
    let ended = family_member::Model {
        until: Some(command.until),
        ended_recorded_at: Some(session.now()),
        ..member.clone()
    };
    change.update(&member, ended).await?;
    change.commit().await
}
