//! Why the viewer sees something or doesn't, and who else sees it.

use async_graphql::{Context, Enum, ID, Object};
use entity::access_grant::{self, AccessLevel, GrantBasis};

use super::id::{Kind, parse};
use super::loader::{Asking, By, one};
use super::organisation::{Organisation, Worker};
use super::scalar::Instant;
use crate::access::policy::Action;
use crate::casework::reach::holders::{self, Holder};
use crate::casework::reach::{self, Basis, Decision};
use crate::error::Result;

/// By what the viewer sees something, or why not.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Basis")]
pub enum AccessBasis {
    /// It says nothing of a family: everybody signed in sees it.
    OpenToAll,
    /// Who works with families knows their colleagues.
    OpenToRole,
    /// It is shared with the organisation, or open to the worker alone, for a time.
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
    /// The viewer's role never sees such objects, whichever there are.
    RoleSeesNoRows,
    /// There is no such object, or it is not shared with the viewer: the two look the same.
    NotFoundOrNotShared,
}

/// Why the viewer sees an object, or doesn't.
pub struct AccessDecision {
    node_id: ID,
    decision: Decision,
}

/// Why the viewer sees an object, or doesn't.
#[Object(serial)]
impl AccessDecision {
    /// The id that was asked about.
    async fn node_id(&self) -> &ID {
        &self.node_id
    }

    /// Whether the viewer sees the object.
    async fn is_visible(&self) -> bool {
        self.decision.level.is_some()
    }

    /// The viewer's level on the object; null if it is not seen. What it hides is named by the object
    /// itself, in `redactedFields`.
    async fn level(&self) -> Option<AccessLevel> {
        self.decision.level
    }

    /// By what, or why not, for programs.
    async fn basis(&self) -> AccessBasis {
        self.decision.basis.into()
    }

    /// The same for people, in the viewer's language.
    async fn explanation(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(self.decision.basis.told(ctx.session()?.language()))
    }

    /// The grants in force by which the viewer sees the family or the person that the object is about,
    /// oldest first.
    async fn grants(&self) -> Vec<AccessGrant> {
        let grants = self.decision.grants.iter();
        grants.map(|row| AccessGrant { grant: (***row).clone(), is_direct: true }).collect()
    }
}

/// That an organisation, or one worker of it, may see a family or a person for a time.
pub struct AccessGrant {
    grant: access_grant::Model,
    is_direct: bool,
}

/// That an organisation, or one worker of it, may see a family or a person for a time.
#[Object(serial)]
impl AccessGrant {
    /// The organisation, with all above it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.grant.organisation_id))).await
    }

    /// The one worker for whom it holds; null if it holds for all of the organisation.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        one(ctx, self.grant.worker_id.map(By::<entity::worker::Entity>::id)).await
    }

    /// How much it shows.
    async fn level(&self) -> AccessLevel {
        self.grant.level
    }

    /// Why it exists.
    async fn basis(&self) -> GrantBasis {
        self.grant.basis
    }

    /// From when on it holds.
    async fn since(&self) -> Instant {
        Instant(self.grant.since)
    }

    /// Until when it holds; null while that is open.
    async fn until(&self) -> Option<Instant> {
        self.grant.until.map(Instant)
    }

    /// The family or the person that it opens; null for another family of the person.
    async fn subject_id(&self) -> Option<ID> {
        let grant = self.is_direct.then_some(&self.grant)?;
        let family = grant.family_id.map(|id| Kind::Family.id(id));
        family.or_else(|| grant.person_id.map(|id| Kind::Person.id(id)))
    }

    /// What it follows from: a case, a placement, a referral, an enrolment, access in an emergency, or
    /// the family or person as it was recorded. Null for a law, and for another family of the person.
    async fn source_id(&self) -> Option<ID> {
        let grant = self.is_direct.then_some(&self.grant)?;
        let source = grant.source_id?;
        let kind = match grant.basis {
            GrantBasis::Lead if grant.family_id == Some(source) => Kind::Family,
            GrantBasis::Lead if grant.person_id == Some(source) => Kind::Person,
            GrantBasis::Lead => Kind::Case,
            GrantBasis::Referral => Kind::Referral,
            GrantBasis::Placement => Kind::Placement,
            GrantBasis::Enrolment => Kind::Enrolment,
            GrantBasis::BreakGlass => Kind::BreakGlass,
            GrantBasis::Statute => return None,
        };
        Some(kind.id(source))
    }
}

/// Somebody who sees a family or a person.
pub struct AccessHolder(Holder);

/// Somebody who sees a family or a person: an organisation by a grant, one worker of it, or the
/// coordinators of an area.
#[Object(serial)]
impl AccessHolder {
    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, Some(By::<entity::organisation::Entity>::id(self.0.organisation_id))).await
    }

    /// By what: `GRANT`, or `AREA` for the coordinators of the area.
    async fn basis(&self) -> AccessBasis {
        if self.0.grant.is_some() { AccessBasis::Grant } else { AccessBasis::Area }
    }

    /// How much they see at most.
    async fn level(&self) -> AccessLevel {
        self.0.level
    }

    /// The grant; null for coordinators.
    async fn grant(&self) -> Option<AccessGrant> {
        let grant = self.0.grant.clone()?;
        Some(AccessGrant { grant, is_direct: self.0.is_direct })
    }

    /// How many workers that is now: those who act for the organisation, in it or above it, in a role
    /// that sees by such a grant.
    async fn worker_count(&self) -> i32 {
        i32::try_from(self.0.workers).unwrap_or(i32::MAX)
    }

    /// How many machine accounts that is now.
    async fn client_count(&self) -> i32 {
        i32::try_from(self.0.clients).unwrap_or(i32::MAX)
    }
}

/// Roots for who sees what.
#[derive(Default)]
pub struct ReachQuery;

#[Object]
impl ReachQuery {
    /// Why the viewer sees an object, or doesn't. What is hidden and what never was are answered alike.
    async fn access_decision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with any prefix.")] node_id: ID,
    ) -> Option<Result<AccessDecision>> {
        Some(decide(ctx, node_id).await)
    }

    /// Who sees the family or the person that an object is about: every organisation with a grant in
    /// force, oldest first, up to 100, and then the coordinators of the area. Null unless the viewer's
    /// organisation leads the work with them. For supervisors.
    async fn who_can_see(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with any prefix.")] node_id: ID,
    ) -> Option<Result<Vec<AccessHolder>>> {
        who_can_see(ctx, &node_id).await.transpose()
    }
}

async fn decide(ctx: &Context<'_>, node_id: ID) -> Result<AccessDecision> {
    let session = ctx.session()?;
    let (kind, id) = parse(&node_id)?;
    let decision = reach::decide(session, kind.prefix(), id).await?;
    Ok(AccessDecision { node_id, decision })
}

async fn who_can_see(ctx: &Context<'_>, node_id: &ID) -> Result<Option<Vec<AccessHolder>>> {
    let session = ctx.session()?;
    session.may(Action::ReadAccess)?;
    let (kind, id) = parse(node_id)?;
    let found = holders::who_can_see(session, kind.prefix(), id).await?;
    Ok(found.map(|holders| holders.into_iter().map(AccessHolder).collect()))
}
