//! Handing a case over: everything of it that somebody owes or may do is the new lead's, in one
//! transaction, and the old one sees the family no more unless it leads another case of it.

use chrono::{DateTime, Utc};
use entity::access_grant::{self, GrantBasis};
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseStatus};
use entity::membership::{self, Role};
use entity::task::{self, TaskStatus};
use entity::transfer;
use entity::visit::{self, VisitStatus};
use entity::worker::{self, WorkerStatus};
use entity::{family, family_member, organisation};
use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, IntoIden, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::access::scope::one_of;
use crate::casework::change::{Change, KEPT, Right};
use crate::casework::grant::{About, lead_grant};
use crate::casework::joined::select_columns_of;
use crate::casework::problem::Halt;

/// A case that is handed over, kept from others after its family, with the transfer.
#[derive(Debug)]
pub struct Handover {
    /// The transfer.
    pub transfer: transfer::Model,
    /// Whether the worker may lead it.
    pub fits: bool,
    /// The case.
    case: case::Model,
}

/// What the columns of the case begin with.
const CASE: &str = "case_";
/// What [`Handover::fits`] is selected as.
const FITS: &str = "worker_fits";

impl Handover {
    /// The transfer with its case, as they stand once nobody else has them; none if somebody answered
    /// it meanwhile, or if there is none that the viewer sees.
    pub async fn begin(change: &Change, id: Uuid, worker_id: Uuid) -> Result<Option<Self>, Halt> {
        let column = |column| Expr::col((transfer::Entity, column));
        let of_case = Expr::col((case::Entity, case::Column::Id));
        let of_family = Expr::col((family::Entity, family::Column::Id));
        let mut select = Query::select();
        select
            .from(transfer::Entity)
            .inner_join(case::Entity, of_case.eq(column(transfer::Column::CaseId)))
            .inner_join(family::Entity, of_family.eq(column(transfer::Column::FamilyId)))
            .and_where(transfer::Column::Id.eq(id))
            .cond_where(change.rows_of::<transfer::Entity>(Right::ANY));
        select_columns_of::<transfer::Entity>(&mut select, "");
        select_columns_of::<case::Entity>(&mut select, CASE);
        select.expr_as(Expr::exists(workers(change, worker_id)), FITS);
        let kept =
            [family::Entity.into_iden(), case::Entity.into_iden(), transfer::Entity.into_iden()];
        select.lock_with_tables(KEPT, kept);
        let Some(row) = change.connection().query_one(&select).await? else { return Ok(None) };
        Ok(Some(Self {
            transfer: transfer::Model::from_query_result(&row, "")?,
            fits: row.try_get("", FITS)?,
            case: case::Model::from_query_result(&row, CASE)?,
        }))
    }

    fn of_case<C: ColumnTrait>(&self, column: C) -> Condition {
        Condition::all().add(column.eq(self.case.id))
    }
}

/// Moves the case, what is open of it, and the access that leading it gives.
pub async fn hand_over(
    change: &mut Change,
    handover: &Handover,
    worker_id: Uuid,
) -> Result<(), Halt> {
    let later = change.session().later();
    change.happens_at(later);
    move_lead(change, handover).await?;
    move_assignments(change, handover, worker_id).await?;
    move_tasks(change, handover, worker_id).await?;
    move_visits(change, handover, worker_id).await?;
    end_access(change, handover, later).await?;
    let (case, about) = (&handover.case, About::Family(handover.case.family_id));
    let grant = lead_grant(change, handover.transfer.receiver_id, about, case.id);
    change.insert(grant).await?;
    Ok(())
}

/// The worker, if they work on cases in the organisation that takes over or above it, within the
/// viewer's organisations: there they see what it leads.
fn workers(change: &Change, worker_id: Uuid) -> SelectStatement {
    use membership::Column;
    let viewer = change.session().viewer();
    let (home, receiver) = (Alias::new("home"), Alias::new("receiver"));
    let path = Expr::col((receiver.clone(), organisation::Column::Path));
    let home_of = Expr::col((home.clone(), organisation::Column::Id));
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(membership::Entity)
        .from(worker::Entity)
        .from_as(organisation::Entity, home)
        .from_as(organisation::Entity, receiver.clone())
        .and_where(Column::WorkerId.eq(worker_id))
        .and_where(worker::Column::Id.eq(worker_id))
        .and_where(worker::Column::Status.eq(WorkerStatus::Active))
        .and_where(Column::Role.is_in([Role::Caseworker, Role::Supervisor]))
        .and_where(one_of(viewer.backend, Column::OrganisationId, viewer.organisations.clone()))
        .and_where(home_of.eq(Expr::col((membership::Entity, Column::OrganisationId))))
        .and_where(
            Expr::col((receiver, organisation::Column::Id))
                .eq(Expr::col((transfer::Entity, transfer::Column::ReceiverId))),
        )
        .and_where(path.binary(BinOper::Like, Expr::cust("home.path || '%'")))
        .and_where(Column::Since.lte(viewer.now))
        .and_where(Column::Until.is_null().or(Column::Until.gt(viewer.now)));
    select
}

/// Other open cases of the family that the old lead leads.
fn other_cases(handover: &Handover) -> SelectStatement {
    use case::Column;
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(case::Entity)
        .and_where(Column::FamilyId.eq(handover.case.family_id))
        .and_where(Column::LeadOrganisationId.eq(handover.transfer.sender_id))
        .and_where(Column::Status.ne(CaseStatus::Closed))
        .and_where(Column::Id.ne(handover.case.id));
    select
}

async fn move_lead(change: &mut Change, handover: &Handover) -> Result<(), Halt> {
    let (now, by) = (change.session().now(), change.by());
    let to = handover.transfer.receiver_id;
    let of_case = vec![
        (case::Column::LeadOrganisationId, Expr::val(to)),
        (case::Column::UpdatedAt, Expr::val(now)),
        (case::Column::UpdatedBy, Expr::val(by)),
        (case::Column::Version, Expr::col(case::Column::Version).add(1)),
    ];
    change.update_where::<case::Entity>(of_case, handover.of_case(case::Column::Id)).await?;
    let of_family = vec![
        (family::Column::LeadOrganisationId, Expr::val(to)),
        (family::Column::UpdatedAt, Expr::val(now)),
        (family::Column::UpdatedBy, Expr::val(by)),
        (family::Column::Version, Expr::col(family::Column::Version).add(1)),
    ];
    let was_theirs = Condition::all()
        .add(family::Column::Id.eq(handover.case.family_id))
        .add(family::Column::LeadOrganisationId.eq(handover.transfer.sender_id));
    change.update_where::<family::Entity>(of_family, was_theirs).await?;
    Ok(())
}

async fn move_assignments(
    change: &mut Change,
    handover: &Handover,
    worker_id: Uuid,
) -> Result<(), Halt> {
    use assignment::Column;
    let today = change.session().today();
    let open = handover.of_case(Column::CaseId).add(Column::Until.is_null());
    let ended = vec![(Column::Until, Expr::val(today))];
    change.update_where::<assignment::Entity>(ended, open).await?;
    let lead = assignment::Model {
        id: Uuid::now_v7(),
        case_id: handover.case.id,
        family_id: handover.case.family_id,
        worker_id,
        role: AssignmentRole::Lead,
        since: today,
        until: None,
        recorded_at: change.session().now(),
    };
    change.insert(lead).await?;
    Ok(())
}

async fn move_tasks(change: &mut Change, handover: &Handover, worker_id: Uuid) -> Result<(), Halt> {
    use task::Column;
    let now = change.session().now();
    let open = handover.of_case(Column::CaseId).add(Column::Status.eq(TaskStatus::Open));
    let moved = vec![
        (Column::OrganisationId, Expr::val(handover.transfer.receiver_id)),
        (Column::OwnerId, Expr::val(worker_id)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    change.update_where::<task::Entity>(moved, open).await?;
    Ok(())
}

async fn move_visits(
    change: &mut Change,
    handover: &Handover,
    worker_id: Uuid,
) -> Result<(), Halt> {
    use visit::Column;
    let (now, by) = (change.session().now(), change.by());
    let planned = handover
        .of_case(Column::CaseId)
        .add(Column::Status.eq(VisitStatus::Scheduled.to_value()))
        .add(Column::VoidedAt.is_null());
    let moved = vec![
        (Column::WorkerId, Expr::val(worker_id)),
        (Column::UpdatedAt, Expr::val(now)),
        (Column::UpdatedBy, Expr::val(by)),
        (Column::Version, Expr::col(Column::Version).add(1)),
    ];
    change.update_where::<visit::Entity>(moved, planned).await?;
    Ok(())
}

/// What the old lead saw by leading ends: the family, and those of its members who were opened to it
/// by themselves; unless it leads another open case of the family.
async fn end_access(
    change: &mut Change,
    handover: &Handover,
    at: DateTime<Utc>,
) -> Result<(), Halt> {
    use access_grant::Column;
    let mut members = Query::select();
    members
        .column((family_member::Entity, family_member::Column::PersonId))
        .from(family_member::Entity)
        .and_where(family_member::Column::FamilyId.eq(handover.case.family_id))
        .and_where(family_member::Column::VoidedAt.is_null());
    let theirs = Condition::any()
        .add(Column::FamilyId.eq(handover.case.family_id))
        .add(Expr::col((access_grant::Entity, Column::PersonId)).in_subquery(members));
    let of_lead = Condition::all()
        .add(Column::Basis.eq(GrantBasis::Lead))
        .add(Column::OrganisationId.eq(handover.transfer.sender_id))
        .add(Column::Until.is_null().or(Column::Until.gt(at)))
        .add(theirs)
        .add(Expr::exists(other_cases(handover)).not());
    let ended: Vec<(Column, SimpleExpr)> = vec![(Column::Until, Expr::val(at))];
    change.update_where::<access_grant::Entity>(ended, of_lead).await?;
    Ok(())
}
