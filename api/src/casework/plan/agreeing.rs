//! Agreement to a plan: the agencies' signatures, the family's answer, the children's views.

use std::collections::BTreeSet;

use entity::plan::{self, PlanStatus};
use entity::worker::{self, WorkerStatus};
use entity::{membership, organisation, plan_sign_off};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, QueryFilter, QueryResult};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::problem::Halt;
use crate::casework::staff::{ROOT, memberships};
use crate::casework::state::Machine;
use crate::casework::wording::Text;

/// A signature.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The agency.
    pub organisation_id: Uuid,
    /// Who signed for it.
    pub worker_id: Option<Uuid>,
}

/// What records agreement to a plan.
#[derive(Clone, Debug)]
pub struct Agree {
    /// The plan.
    pub plan_id: Uuid,
    /// The version that it was decided on.
    pub expected_version: Option<i32>,
    /// Who signed.
    pub sign_offs: Vec<Signature>,
    /// The family's answer.
    pub family_agreed: Option<Option<bool>>,
    /// What the children say to it.
    pub child_views: Option<Option<String>>,
}

/// Records who agreed to a draft; when all have signed and the family has answered, it is agreed.
pub async fn agree(session: &Session, key: &Key, command: &Agree) -> Result<Uuid, Halt> {
    let subject = Subject::new("plan", command.plan_id);
    let mut change = Change::begin(session, Action::PlanAgree, key, subject).await?;
    command.check()?;
    let (_, before) = super::enter(&change, command.plan_id).await?;
    let mut after = plan::Model {
        family_agreed: command.family_agreed.unwrap_or(before.family_agreed),
        child_views: command.child_views.clone().unwrap_or_else(|| before.child_views.clone()),
        ..before.clone()
    };
    change.expect_some(&before, &after, command.expected_version)?;
    before.status.check(PlanStatus::Agreed, "input.planId")?;
    let needed = needed(&change, before.id).await?;
    command.check_against(&change, &needed).await?;
    let is_missing = |sign_off: &&plan_sign_off::Model| sign_off.signed_at.is_none();
    let missing: BTreeSet<Uuid> =
        needed.iter().filter(is_missing).map(|sign_off| sign_off.organisation_id).collect();
    let signed = command.sign(&mut change, before.id, &missing).await?;
    if signed == missing.len() && after.family_agreed.is_some() {
        after.status = PlanStatus::Agreed;
    }
    if signed > 0 {
        change.bump(&before, after).await?;
    } else {
        change.update(&before, after).await?;
    }
    change.commit().await
}

async fn needed(change: &Change, plan_id: Uuid) -> Result<Vec<plan_sign_off::Model>, Halt> {
    let sign_offs = change
        .see::<plan_sign_off::Entity>(Right::Led)
        .filter(plan_sign_off::Column::PlanId.eq(plan_id))
        .all(change.connection())
        .await?;
    Ok(sign_offs)
}

impl Agree {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        let signing: Vec<Uuid> = self.sign_offs.iter().map(|sign| sign.organisation_id).collect();
        checks.distinct("input.signOffs", &signing);
        let views = self.child_views.as_ref().and_then(Option::as_deref);
        checks.some_text("input.childViews", views, LONG);
        checks.done()
    }

    /// Only agencies whose signature the plan needs, and workers who work for them.
    async fn check_against(
        &self,
        change: &Change,
        needed: &[plan_sign_off::Model],
    ) -> Result<(), Halt> {
        let signatories = self.signatories(change).await?;
        let mut checks = Checks::default();
        for (no, sign) in self.sign_offs.iter().enumerate() {
            let is_needed =
                needed.iter().any(|sign_off| sign_off.organisation_id == sign.organisation_id);
            let path = format!("input.signOffs.{no}");
            checks.hold(is_needed, &format!("{path}.organisationId"), Text::NotFound);
            let works_there = |id: Uuid| signatories.contains(&(id, sign.organisation_id));
            let may_sign = sign.worker_id.is_none_or(works_there);
            checks.hold(may_sign, &format!("{path}.workerId"), Text::NotFound);
        }
        checks.done()
    }

    /// Of those who are said to have signed, who works for which of the agencies.
    async fn signatories(&self, change: &Change) -> Result<BTreeSet<(Uuid, Uuid)>, Halt> {
        let workers: Vec<Uuid> = self.sign_offs.iter().filter_map(|sign| sign.worker_id).collect();
        if workers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let agencies: Vec<Uuid> = self.sign_offs.iter().map(|sign| sign.organisation_id).collect();
        let mut active = Query::select();
        active
            .column((worker::Entity, worker::Column::Id))
            .from(worker::Entity)
            .cond_where(change.rows_of::<worker::Entity>(Right::ANY))
            .and_where(worker::Column::Status.eq(WorkerStatus::Active))
            .and_where(worker::Column::Id.is_in(workers));
        let worker = || Expr::col((membership::Entity, membership::Column::WorkerId));
        let mut select = memberships(change, &agencies);
        select
            .expr(worker())
            .column((Alias::new(ROOT), organisation::Column::Id))
            .and_where(worker().in_subquery(active));
        let rows = change.connection().query_all(&select).await?;
        let pair = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        Ok(rows.iter().map(pair).collect::<Result<_, DbErr>>()?)
    }

    /// Writes the signatures that were missing, in one statement; how many there were.
    async fn sign(
        &self,
        change: &mut Change,
        plan_id: Uuid,
        missing: &BTreeSet<Uuid>,
    ) -> Result<usize, Halt> {
        use plan_sign_off::Column;
        let own = change.session().viewer().organisation_id;
        let me = change.session().viewer().worker_id;
        let (mut signing, mut signers) = (Vec::new(), Vec::new());
        for sign in self.sign_offs.iter().filter(|sign| missing.contains(&sign.organisation_id)) {
            let default = me.filter(|_| sign.organisation_id == own);
            signing.push(sign.organisation_id);
            if let Some(signer) = sign.worker_id.or(default) {
                signers.push((Column::OrganisationId.eq(sign.organisation_id), signer));
            }
        }
        if signing.is_empty() {
            return Ok(0);
        }
        let count = signing.len();
        let mut values = vec![(Column::SignedAt, Expr::val(change.session().now()))];
        // Who signed for an agency may be unknown; CASE without any case would be no SQL.
        if !signers.is_empty() {
            let case = signers.into_iter().fold(CaseStatement::new(), |case, (here, signer)| {
                case.case(here, Expr::val(signer))
            });
            values.push((Column::WorkerId, case.finally(Expr::val(None::<Uuid>)).into()));
        }
        let these = Condition::all()
            .add(Column::PlanId.eq(plan_id))
            .add(Column::OrganisationId.is_in(signing));
        change.update_where::<plan_sign_off::Entity>(values, these).await?;
        Ok(count)
    }
}
