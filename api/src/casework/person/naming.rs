//! What a person is called: a new legal name is a new row and ends the former, so that a person is
//! found by each name that it ever bore.

use chrono::NaiveDate;
use entity::person;
use entity::person_name::{self, Column, NameKind};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::{gate, life};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, MOST_ITEMS, SHORT};
use crate::casework::problem::{Halt, Problem};
use crate::casework::search::{NameParts, search_key};
use crate::casework::wording::Text;

/// The parts of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullName {
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
}

impl FullName {
    /// The legal name of a person.
    pub fn of(person: &person::Model) -> Self {
        Self {
            family_name: person.family_name.clone(),
            given_name: person.given_name.clone(),
            patronymic: person.patronymic.clone(),
        }
    }

    /// Checks each part that is told.
    pub fn check(&self, checks: &mut Checks) {
        checks.text("input.givenName", &self.given_name, SHORT);
        check_part(checks, "input.familyName", self.family_name.as_deref());
        check_part(checks, "input.patronymic", self.patronymic.as_deref());
    }

    /// The name in one line, the family name first.
    pub fn in_one_line(&self) -> String {
        let parts =
            [self.family_name.as_deref(), Some(&*self.given_name), self.patronymic.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        parts.join(" ")
    }

    /// The row of a name.
    pub fn row(&self, change: &Change, person_id: Uuid, kind: NameKind) -> person_name::Model {
        person_name::Model {
            id: Uuid::now_v7(),
            person_id,
            kind,
            family_name: self.family_name.clone(),
            given_name: self.given_name.clone(),
            patronymic: self.patronymic.clone(),
            since: None,
            until: None,
            recorded_at: change.session().now(),
        }
    }

    fn is_of(&self, name: &person_name::Model) -> bool {
        (&self.family_name, &self.given_name, &self.patronymic)
            == (&name.family_name, &name.given_name, &name.patronymic)
    }
}

/// A part of a name that is there says something.
pub fn check_part(checks: &mut Checks, path: &str, part: Option<&str>) {
    if let Some(part) = part {
        checks.text(path, part, SHORT);
    }
}

/// All names of a person that are on record.
async fn names(change: &Change, person_id: Uuid) -> Result<Vec<person_name::Model>, Halt> {
    let names = change
        .see::<person_name::Entity>(Right::Led)
        .filter(Column::PersonId.eq(person_id))
        .all(change.connection())
        .await?;
    Ok(names)
}

/// Records a new legal name, borne from today on, and ends the former; what the person is to be
/// found by from now on.
pub async fn rename(
    change: &mut Change,
    before: &person::Model,
    after: &person::Model,
) -> Result<String, Halt> {
    let names = names(change, after.id).await?;
    let today = change.session().today();
    let ends = end_legal(change, before, &names, today).await?;
    let new = FullName::of(after).row(change, after.id, NameKind::Legal);
    let mut rows = vec![person_name::Model { since: Some(today), ..new }];
    rows.extend(ends);
    let known = names.iter().chain(&rows).map(NameParts::from);
    let key = search_key(known.chain([before.into()]));
    change.insert_all(rows).await?;
    Ok(key)
}

/// Ends the legal name that is borne; if none is on record, the row of the one that was.
async fn end_legal(
    change: &mut Change,
    before: &person::Model,
    names: &[person_name::Model],
    today: NaiveDate,
) -> Result<Option<person_name::Model>, Halt> {
    let is_borne =
        |name: &&person_name::Model| name.kind == NameKind::Legal && name.until.is_none();
    let borne: Vec<_> = names.iter().filter(is_borne).collect();
    if borne.is_empty() {
        let former = FullName::of(before).row(change, before.id, NameKind::Legal);
        return Ok(Some(person_name::Model { until: Some(today), ..former }));
    }
    // One that began today was borne for this day.
    let began = borne.iter().filter_map(|name| name.since?.succ_opt()).max();
    let until = began.map_or(today, |earliest| earliest.max(today));
    let condition = Condition::all().add(Column::Id.is_in(borne.iter().map(|name| name.id)));
    change
        .update_where::<person_name::Entity>(vec![(Column::Until, Expr::val(until))], condition)
        .await?;
    Ok(None)
}

/// What records a further name.
#[derive(Clone, Debug)]
pub struct NameAdd {
    /// The person.
    pub person_id: Uuid,
    /// What kind of name it is; not the legal one.
    pub kind: NameKind,
    /// The name.
    pub name: FullName,
    /// First day on which it was borne, if known.
    pub since: Option<NaiveDate>,
    /// The day after the last.
    pub until: Option<NaiveDate>,
}

/// Records a further name of a person, which is found by it from now on.
pub async fn add(session: &Session, key: &Key, command: &NameAdd) -> Result<Uuid, Halt> {
    let subject = Subject::new("person", command.person_id);
    let mut change = Change::begin(session, Action::PersonNameAdd, key, subject).await?;
    check(session, command)?;
    let person = gate::enter(&change, command.person_id, "input.personId").await?;
    let mut checks = Checks::default();
    life::check_within(&mut checks, &person, command.since, "input.since");
    checks.done()?;
    let names = names(&change, person.id).await?;
    refuse_known(&names, command)?;
    let row = person_name::Model {
        since: command.since,
        until: command.until,
        ..command.name.row(&change, person.id, command.kind)
    };
    let known = names.iter().chain([&row]).map(NameParts::from);
    let after =
        person::Model { search_key: search_key(known.chain([(&person).into()])), ..person.clone() };
    change.insert(row).await?;
    change.bump(&person, after).await?;
    change.commit().await
}

fn check(session: &Session, command: &NameAdd) -> Result<(), Halt> {
    let mut checks = Checks::default();
    command.name.check(&mut checks);
    checks.hold(command.kind != NameKind::Legal, "input.kind", Text::LegalNameByUpdate);
    checks.past("input.since", command.since, session.today());
    checks.day("input.until", command.until);
    let today = session.today();
    let has_come = command.until.is_none_or(|until| Some(until) <= today.succ_opt());
    checks.hold(has_come, "input.until", Text::InFuture { today });
    checks.range("input.until", command.since, command.until);
    checks.done()
}

/// The name at birth is one; any name is recorded once of a kind.
fn refuse_known(names: &[person_name::Model], command: &NameAdd) -> Result<(), Halt> {
    let of_kind = || names.iter().filter(|name| name.kind == command.kind);
    if command.kind == NameKind::Birth && of_kind().next().is_some() {
        return Err(Problem::at("input.kind", Text::AlreadyExists).into());
    }
    if of_kind().any(|name| command.name.is_of(name)) {
        return Err(Problem::at("input", Text::AlreadyExists).into());
    }
    if names.len() >= MOST_ITEMS {
        return Err(Problem::at("input", Text::TooMany { most: MOST_ITEMS }).into());
    }
    Ok(())
}
