//! Why a viewer sees something, or doesn't; and who else sees what the viewer's organisation leads.
//! Nothing here opens anything: it tells what the predicates of `access/scope` come to.

pub mod holders;
mod finding;
mod wording;

use entity::access_grant::{self, AccessLevel};
use entity::family_member;
use entity::membership::Role;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::policy::{Action, allows};
use crate::access::{Row, Session};
use crate::error::Result;
use finding::Found;

/// By what a viewer sees something, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It says nothing of a family: everybody signed in sees it.
    OpenToAll,
    /// Who works with families knows their colleagues.
    OpenToRole,
    /// It is shared with the viewer's organisation, or open to the viewer alone, for a time.
    Grant,
    /// It lies in a coordinator's area.
    Area,
    /// The viewer's organisation received the report.
    ReceivedByOrganisation,
    /// The viewer submitted the report.
    OwnReport,
    /// It is the viewer's own: a task of theirs, what they opened in an emergency, themselves.
    Own,
    /// It is the organisation's to do, or to review.
    OfOrganisation,
    /// The viewer's role never sees such rows.
    RoleSeesNoRows,
    /// There is no such row, or it is not shared: the two look the same.
    NotFoundOrNotShared,
}

/// Why a viewer sees something, or doesn't.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The viewer's level on it; none if it is not seen.
    pub level: Option<AccessLevel>,
    /// By what.
    pub basis: Basis,
    /// The grants in force by which it is seen, the oldest first.
    pub grants: Vec<Row<access_grant::Model>>,
}

/// Says by what the viewer sees a row of a kind, which is the prefix of its ids. What is hidden and
/// what never was are answered alike, by the same statement.
pub async fn decide(session: &Session, kind: &str, id: Uuid) -> Result<Decision> {
    let Some(found) = finding::find(session, kind, id).await? else {
        let basis = if sees_never(session.viewer().role, kind) {
            Basis::RoleSeesNoRows
        } else {
            Basis::NotFoundOrNotShared
        };
        return Ok(Decision { level: None, basis, grants: Vec::new() });
    };
    let grants = grants(session, &found).await?;
    Ok(Decision { level: Some(found.level), basis: found.basis, grants })
}

/// The grants by which the viewer sees a family or a person.
async fn grants(session: &Session, found: &Found) -> Result<Vec<Row<access_grant::Model>>> {
    if found.family_id.is_none() && found.person_id.is_none() {
        return Ok(Vec::new());
    }
    session
        .find::<access_grant::Entity>()
        .filter(about(found.family_id, found.person_id))
        .order(access_grant::Column::Since, Order::Asc)
        .order(access_grant::Column::Id, Order::Asc)
        .all()
        .await
}

/// Grants for a family, for a person, or for any family of the person.
fn about(family_id: Option<Uuid>, person_id: Option<Uuid>) -> Condition {
    use access_grant::Column;
    let home = || Expr::col((access_grant::Entity, Column::FamilyId));
    Condition::any()
        .add_option(family_id.map(|id| Column::FamilyId.eq(id)))
        .add_option(person_id.map(|id| Column::PersonId.eq(id)))
        .add_option(person_id.map(|id| home().in_subquery(homes_of(id))))
}

/// The ids of the families of a person, past ones too: by each the person is seen.
fn homes_of(person_id: Uuid) -> SelectStatement {
    let mut homes = Query::select();
    homes
        .column((family_member::Entity, family_member::Column::FamilyId))
        .from(family_member::Entity)
        .and_where(family_member::Column::VoidedAt.is_null())
        .and_where(family_member::Column::PersonId.eq(person_id));
    homes
}

/// Whether a role never sees rows of a kind, whichever there are.
fn sees_never(role: Role, kind: &str) -> bool {
    let action = match kind {
        "family" | "person" | "child" | "entry" | "decision" => Action::ReadFamilies,
        "case" | "episode" | "assessment" | "plan" | "measure" | "service" | "visit"
        | "enrolment" => Action::ReadCases,
        "placement" => Action::ReadPlacements,
        "report" => Action::ReadConcernReports,
        "task" => Action::ReadTasks,
        "breakglass" => Action::ReadBreakGlass,
        "consent" => Action::ConsentGive,
        "referral" => Action::ReadReferrals,
        "transfer" => Action::ReadTransfers,
        "snapshot" => Action::ReadMetrics,
        _ => return false,
    };
    !allows(role, action)
}
