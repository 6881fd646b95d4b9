//! Areas, organisations, workers, and the viewer.

use async_graphql::{Context, ID, Object};
use entity::area::AreaKind;
use entity::membership::Role;
use entity::organisation::{OrganisationKind, OrganisationStatus};
use entity::worker::WorkerStatus;
use sea_orm::ActiveEnum;

use super::id::Kind;
use super::input::objects;
use super::loader::{Asking, By, many, one, questions};
use super::scalar::Instant;
use crate::access::Row;
use crate::access::policy::{self, Action};
use crate::casework;
use crate::error::Result;

objects! {
    /// A place in the hierarchy of areas.
    Area of area;
    /// An agency, a branch or a team.
    Organisation of organisation;
    /// A person on the staff of an agency.
    Worker of worker;
}

questions! {
    /// The areas directly within an area.
    AreasWithin -> Vec<Row<entity::area::Model>> = casework::organisation::areas_within;
    /// The branches directly under an organisation.
    BranchesOf -> Vec<Row<entity::organisation::Model>> = casework::organisation::branches_of;
    /// The areas that an organisation works in.
    AreasOf -> Vec<Row<entity::area::Model>> = casework::organisation::areas_of;
}

/// A place in the hierarchy that an authority works with, from the region to the settlement.
#[Object(serial)]
impl Area {
    /// Id with the prefix `area_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Area.id(self.0.id)
    }

    /// Name of the area.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Level of the area.
    async fn kind(&self) -> AreaKind {
        self.0.kind
    }

    /// The area that this one lies in; null for the topmost.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Self>> {
        one(ctx, self.0.parent_id.map(By::<entity::area::Entity>::id)).await
    }

    /// The areas directly within this one, by name.
    async fn areas(&self, ctx: &Context<'_>) -> Result<Vec<Self>> {
        many(ctx, AreasWithin(self.0.id)).await
    }
}

/// An agency, a branch or a team; branches and teams are organisations with a parent.
#[Object(serial)]
impl Organisation {
    /// Id with the prefix `organisation_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Organisation.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Name of the organisation.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Class of the agency.
    async fn kind(&self) -> OrganisationKind {
        self.0.kind
    }

    /// Whether it acts.
    async fn status(&self) -> OrganisationStatus {
        self.0.status
    }

    /// The organisation that this one is a branch of; null for the topmost.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Self>> {
        one(ctx, self.0.parent_id.map(By::<entity::organisation::Entity>::id)).await
    }

    /// Branches and teams directly under this one, by name.
    async fn branches(&self, ctx: &Context<'_>) -> Result<Vec<Self>> {
        many(ctx, BranchesOf(self.0.id)).await
    }

    /// The areas that it works in, by name.
    async fn areas(&self, ctx: &Context<'_>) -> Result<Vec<Area>> {
        many(ctx, AreasOf(self.0.id)).await
    }
}

/// A person on the staff of an agency. Seen by those who work with families, by auditors and
/// administrators, and by the worker.
#[Object(serial)]
impl Worker {
    /// Id with the prefix `worker_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Worker.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// Name as colleagues know it.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether the worker may sign in.
    async fn status(&self) -> WorkerStatus {
        self.0.status
    }
}

/// Who asks: one role in one organisation, as the token and the memberships allow.
pub struct Viewer;

/// Who asks: one role in one organisation, as the token and the memberships allow.
#[Object(serial)]
impl Viewer {
    /// The role in force.
    async fn role(&self, ctx: &Context<'_>) -> Result<Role> {
        Ok(ctx.session()?.viewer().role)
    }

    /// Name of the worker or of the machine account.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(ctx.session()?.viewer().display_name.clone())
    }

    /// The worker; null for a machine account.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<Worker>> {
        let id = ctx.session().ok()?.viewer().worker_id;
        one(ctx, id.map(By::<entity::worker::Entity>::id)).await
    }

    /// The organisation that the viewer acts for.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        let id = ctx.session().ok()?.viewer().organisation_id;
        one(ctx, Some(By::<entity::organisation::Entity>::id(id))).await
    }

    /// How many organisations the viewer acts for: its own, with all branches and teams.
    async fn organisation_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(i32::try_from(ctx.session()?.viewer().organisations.len()).unwrap_or(i32::MAX))
    }

    /// The areas whose families a coordinator sees, areas within them included, up to 100;
    /// empty for other roles.
    async fn areas(&self, ctx: &Context<'_>) -> Result<Vec<Area>> {
        let ids: Vec<_> = ctx.session()?.viewer().areas.iter().copied().take(100).collect();
        let mut areas = Vec::with_capacity(ids.len());
        for row in
            casework::by_id::<entity::area::Entity>(ctx.session()?, &ids).await?.into_values()
        {
            areas.push(Area(row));
        }
        areas.sort_by(|one, other| one.0.path.cmp(&other.0.path));
        Ok(areas)
    }

    /// The scopes of the token, sorted.
    async fn scopes(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(ctx.session()?.viewer().scopes.iter().cloned().collect())
    }

    /// What the role may do at all, as names of actions.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let role = ctx.session()?.viewer().role;
        let allowed = Action::all().filter(|action| policy::allows(role, *action));
        Ok(allowed.map(|action| action.to_value()).collect())
    }
}

/// Roots for the viewer.
#[derive(Default)]
pub struct OrganisationQuery;

#[Object(serial)]
impl OrganisationQuery {
    /// Who I am: role, organisation, areas, what I may do.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        Some(ctx.session().map(|_| Viewer))
    }
}
