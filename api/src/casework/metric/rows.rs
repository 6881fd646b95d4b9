//! The rows behind a figure, for those who may see them: what they may not see is counted and not listed.

use entity::metric::Dimension;
use entity::{family, person, register_entry};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::SimpleExpr;

use super::Answer;
use super::definition::{Reading, Unit};
use super::frame::Frame;
use super::question::Key;
use super::source::Source;
use crate::access::scope::{Visible, counted};
use crate::access::{Rows, Session, Veil};
use crate::error::{Error, Result};

/// The families that a group of a result counts, or whose cases, measures, visits, reports or enrolments
/// it counts; all of them together without keys.
pub async fn families(
    session: &Session,
    answer: &Answer,
    keys: Option<Vec<Key>>,
) -> Result<Rows<family::Entity>> {
    let table = match answer.question.definition().unit {
        Unit::Families => None,
        Unit::Episodes => Some("episode"),
        Unit::Cases => Some("\"case\""),
        Unit::Measures => Some("measure"),
        Unit::Visits => Some("visit"),
        Unit::Reports => Some("concern_report"),
        Unit::Enrolments => Some("enrolment"),
        _ => return Err(no_rows("families", "children")),
    };
    let column = match table {
        None => "\"family\".\"id\"".to_owned(),
        Some(table) => format!(
            "\"family\".\"id\" in (select b.family_id from {table} b where b.family_id is not null and b.id"
        ),
    };
    let found = counts(session, answer, keys, &column, table.is_some()).await?;
    Ok(listed::<family::Entity>(session, answer, found))
}

/// The persons that a group of a result counts, or whose stays it counts.
pub async fn persons(
    session: &Session,
    answer: &Answer,
    keys: Option<Vec<Key>>,
) -> Result<Rows<person::Entity>> {
    match answer.question.definition().unit {
        Unit::Children | Unit::Persons | Unit::Stays | Unit::Moves | Unit::Nights => {}
        _ => return Err(no_rows("children", "families")),
    }
    let found = counts(session, answer, keys, "\"person\".\"id\"", false).await?;
    Ok(listed::<person::Entity>(session, answer, found))
}

fn no_rows(asked: &str, instead: &str) -> Error {
    Error::BadInput(format!(
        "The metric's rows are not {asked}: ask for `{instead}`, if it counts those."
    ))
}

/// The rows that the viewer sees; where grounds decide who counts, those whose grounds they see.
fn listed<E>(session: &Session, answer: &Answer, found: SimpleExpr) -> Rows<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
{
    let question = &answer.question;
    let by_grounds = question.by.contains(&Dimension::Grounds)
        || question.filter.codes(Dimension::Grounds).is_some();
    let grounds = by_grounds.then_some(register_entry::Column::Grounds);
    session.find_showing::<E>(&Veil::of::<register_entry::Entity>([grounds])).filter(found)
}

/// That a row is one of those that a group counts.
async fn counts(
    session: &Session,
    answer: &Answer,
    keys: Option<Vec<Key>>,
    column: &str,
    is_nested: bool,
) -> Result<SimpleExpr> {
    let question = &answer.question;
    let mut frame = question.frame(session, counted(session.viewer()), answer.as_of);
    let keys = if let Some(keys) = keys {
        if keys.len() != frame.by.len() {
            return Err(Error::BadInput(format!(
                "`keys` names one key for each dimension of `groupBy`, which are {}.",
                frame.by.len()
            )));
        }
        keys
    } else {
        frame = Frame { by: Vec::new(), ..frame };
        Vec::new()
    };
    let pick = picks(question.definition().reading_by(&frame.by));
    match Source::of(session, &frame).await? {
        Source::Facts(facts) => {
            let tally = Source::of(session, &frame).await?.tally(session, &frame).await?;
            let parts = tally.get(&keys).into_iter().flat_map(|parts| parts.keys());
            let parts: Vec<String> = parts.filter(|part| pick(part)).cloned().collect();
            if parts.is_empty() {
                return Ok(SimpleExpr::Constant(false.into()));
            }
            let end = if is_nested { ")" } else { "" };
            Ok(facts.subjects(&frame, &keys, &parts).holding(column, end))
        }
        Source::Events(events) => {
            let counted = events.iter().filter(|event| event.keys == keys && pick(&event.part));
            let ids: Vec<uuid::Uuid> = counted.map(|event| event.subject).collect();
            Ok(super::sql::Sql::holding_ids(frame.backend, column, &ids, is_nested))
        }
    }
}

/// Which parts a value is of.
fn picks(reading: Reading) -> fn(&str) -> bool {
    match reading {
        Reading::Count(pick) | Reading::Share(pick) => pick,
        Reading::SpreadWithin => |part| part.ends_with(" Y"),
        Reading::Held => |part| part == super::source::HELD,
        Reading::ShareOfBase | Reading::PerBase | Reading::Spread => |_| true,
    }
}
