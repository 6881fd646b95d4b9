//! Assessments of families.

pub mod answers;
pub mod comparison;
pub mod deciding;
pub mod recording;

use std::collections::HashMap;

use entity::assessment;
use uuid::Uuid;

use crate::access::{Row, Session};
use crate::error::Result;

/// The last assessments of each case, latest first.
pub async fn last_of_cases(
    session: &Session,
    ids: &[Uuid],
    last: u64,
) -> Result<HashMap<Uuid, Vec<Row<assessment::Model>>>> {
    use assessment::Column;
    let rows = session.find::<assessment::Entity>().of(Column::CaseId, ids);
    let rows = rows.last_of_each(Column::CaseId, Column::AssessedOn, last);
    rows.grouped(|assessment| assessment.case_id).await
}
