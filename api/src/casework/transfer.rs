//! Transfers of a case to another organisation that is to lead it: proposed by the one that does,
//! answered by the other.

pub mod answering;
mod moving;
pub mod proposing;
pub mod revoking;
pub mod upkeep;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::case;
use entity::transfer::{self, Column, TransferStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Order};
use uuid::Uuid;

use super::referral::Direction;
use crate::access::scope::one_of;
use crate::access::{Row, Rows, Session};
use crate::error::Result;

/// Where the transfer is named.
const PATH: &str = "input.id";

/// What narrows a list of transfers.
#[derive(Debug, Default)]
pub struct TransferFilter {
    /// In one of these states.
    pub status_in: Option<Vec<TransferStatus>>,
    /// Of one of these cases.
    pub case_in: Option<Vec<Uuid>>,
    /// Sent or received, as the viewer's organisation sees it.
    pub direction: Option<Direction>,
}

/// The transfers that the viewer may see.
pub fn transfers(session: &Session, filter: TransferFilter) -> Rows<transfer::Entity> {
    let viewer = session.viewer();
    let ours = |column: Column| one_of(viewer.backend, column, viewer.organisations.clone());
    session
        .find::<transfer::Entity>()
        .filter_some(filter.direction, |way| match way {
            Direction::Sent => ours(Column::SenderId),
            Direction::Received => ours(Column::ReceiverId),
        })
        .filter_some(filter.status_in, |statuses| Column::Status.is_in(statuses))
        .filter_some(filter.case_in, |cases| Column::CaseId.is_in(cases))
}

/// The transfers of cases, latest first.
pub async fn of_cases(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<transfer::Model>>>> {
    let rows = session.find::<transfer::Entity>().of(Column::CaseId, ids);
    rows.order(Column::ProposedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|transfer| transfer.case_id)
        .await
}

/// The references of the cases that transfers are about: whoever sees a transfer knows of which case
/// it is, and no more.
pub async fn references(session: &Session, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let of_transfer = |column: Column| Expr::col((transfer::Entity, column));
    let of_case = |column: case::Column| Expr::col((case::Entity, column));
    let mut reference = Query::select();
    reference
        .column((case::Entity, case::Column::Reference))
        .from(case::Entity)
        .and_where(of_case(case::Column::Id).eq(of_transfer(Column::CaseId)))
        .and_where(of_case(case::Column::FamilyId).eq(of_transfer(Column::FamilyId)));
    let rows = session.find::<transfer::Entity>().of(Column::Id, ids);
    let asked = vec![
        Expr::col((transfer::Entity, Column::Id)),
        SimpleExpr::SubQuery(None, Box::new(reference.into())),
    ];
    let found = rows.facts::<(Uuid, Option<String>)>(asked).await?;
    Ok(found.into_iter().filter_map(|(id, reference)| Some((id, reference?))).collect())
}

/// Whether a transfer ran out, whether that is noted or not.
pub fn ran_out(transfer: &transfer::Model, now: DateTime<Utc>) -> bool {
    transfer.expires_at <= now
}
