//! Any object by its id.

use std::collections::HashMap;

use async_graphql::{Context, ID, Interface, Object};
use uuid::Uuid;

use super::assessment::Assessment;
use super::break_glass::BreakGlass;
use super::case::{Case, Episode};
use super::centre::{Centre, Unit};
use super::concern::ConcernReport;
use super::consent::Consent;
use super::enrolment::Enrolment;
use super::family::Family;
use super::id::{Kind, MOST_IDS, parse};
use super::loader::{Asking, By, one};
use super::metric::snapshot::Snapshot;
use super::organisation::{Area, Organisation, Worker};
use super::person::{Child, ChildBy, Person};
use super::placement::Placement;
use super::plan::{Measure, Plan};
use super::prefetch::{ITSELF, by_ids};
use super::programme::{Intake, Programme};
use super::referral::Referral;
use super::register::{Decision, RegisterEntry};
use super::scalar::Instant;
use super::service::Service;
use super::task::Task;
use super::training::TrainingEvent;
use super::transfer::Transfer;
use super::visit::Visit;
use crate::error::{Error, Result};

/// An object with an id that holds for ever.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "A prefix that names the type, and 32 hex digits."
))]
#[expect(missing_docs, reason = "each variant is the type of the same name")]
pub enum Node {
    Area(Area),
    Organisation(Organisation),
    Worker(Worker),
    Person(Person),
    Child(Child),
    Family(Family),
    RegisterEntry(RegisterEntry),
    Decision(Decision),
    ConcernReport(ConcernReport),
    Case(Case),
    Episode(Episode),
    Assessment(Assessment),
    Plan(Plan),
    Measure(Measure),
    Service(Service),
    Visit(Visit),
    Centre(Centre),
    Unit(Unit),
    Placement(Placement),
    Programme(Programme),
    Intake(Intake),
    Enrolment(Enrolment),
    Snapshot(Snapshot),
    TrainingEvent(TrainingEvent),
    Task(Task),
    BreakGlass(BreakGlass),
    Consent(Consent),
    Referral(Referral),
    Transfer(Transfer),
}

/// An object that changes, and counts its changes.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "A prefix that names the type, and 32 hex digits."),
    field(name = "version", ty = "i32", desc = "Grows with each change."),
    field(name = "created_at", ty = "Instant", desc = "When it was recorded."),
    field(name = "updated_at", ty = "Instant", desc = "When it was last changed.")
)]
#[expect(missing_docs, reason = "each variant is the type of the same name")]
#[expect(clippy::duplicated_attributes, reason = "two fields are of one type")]
pub enum Versioned {
    Organisation(Organisation),
    Worker(Worker),
    Person(Person),
    Child(Child),
    Family(Family),
    ConcernReport(ConcernReport),
    Case(Case),
    Assessment(Assessment),
    Plan(Plan),
    Measure(Measure),
    Visit(Visit),
    Centre(Centre),
    Unit(Unit),
    Placement(Placement),
    Programme(Programme),
    Intake(Intake),
    Enrolment(Enrolment),
    Task(Task),
    BreakGlass(BreakGlass),
    Consent(Consent),
    Referral(Referral),
    Transfer(Transfer),
}

/// Roots for any object.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Any object by its id; null if there is none that the viewer may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with any prefix.")] id: ID,
    ) -> Option<Result<Node>> {
        if let Err(error) = look_ahead(ctx, std::slice::from_ref(&id)).await {
            return Some(Err(error));
        }
        find(ctx, &id).await
    }

    /// Objects by their ids, in the order of the ids; null for each that the viewer may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids with any prefixes, up to 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > MOST_IDS {
            return Err(Error::BadInput(format!("`ids` holds at most {MOST_IDS} ids.")));
        }
        ctx.session()?;
        look_ahead(ctx, &ids).await?;
        Ok(join_in_order(ids.iter().map(|id| find(ctx, id))).await)
    }
}

/// Runs lookups side by side, so that their loaders batch, and keeps their order.
async fn join_in_order<F: Future>(lookups: impl Iterator<Item = F>) -> Vec<F::Output> {
    futures_util::future::join_all(lookups).await
}

/// Reads objects together with what is selected of them, one statement for each type.
async fn look_ahead(ctx: &Context<'_>, ids: &[ID]) -> Result<()> {
    let mut by_type: HashMap<Kind, Vec<Uuid>> = HashMap::new();
    for (kind, id) in ids.iter().filter_map(|id| parse(id).ok()) {
        by_type.entry(kind).or_default().push(id);
    }
    for (kind, ids) in by_type {
        look_ahead_at(ctx, kind, &ids).await?;
    }
    Ok(())
}

macro_rules! ahead {
    ($ctx:ident, $ids:ident, $type:literal of $entity:ident) => {
        by_ids::<By<entity::$entity::Entity>>($ctx, $type, ITSELF, $ids).await
    };
}

async fn look_ahead_at(ctx: &Context<'_>, kind: Kind, ids: &[Uuid]) -> Result<()> {
    match kind {
        Kind::Area => ahead!(ctx, ids, "Area" of area),
        Kind::Organisation => ahead!(ctx, ids, "Organisation" of organisation),
        Kind::Person => ahead!(ctx, ids, "Person" of person),
        Kind::Child => by_ids::<ChildBy>(ctx, "Child", ITSELF, ids).await,
        Kind::Family => ahead!(ctx, ids, "Family" of family),
        Kind::RegisterEntry => ahead!(ctx, ids, "RegisterEntry" of register_entry),
        Kind::Decision => ahead!(ctx, ids, "Decision" of decision),
        Kind::ConcernReport => ahead!(ctx, ids, "ConcernReport" of concern_report),
        Kind::Case => ahead!(ctx, ids, "Case" of case),
        Kind::Episode => ahead!(ctx, ids, "Episode" of episode),
        Kind::Assessment => ahead!(ctx, ids, "Assessment" of assessment),
        Kind::Plan => ahead!(ctx, ids, "Plan" of plan),
        Kind::Measure => ahead!(ctx, ids, "Measure" of measure),
        Kind::Service => ahead!(ctx, ids, "Service" of service),
        Kind::Visit => ahead!(ctx, ids, "Visit" of visit),
        Kind::Centre => ahead!(ctx, ids, "Centre" of centre),
        Kind::Unit => ahead!(ctx, ids, "Unit" of unit),
        Kind::Placement => ahead!(ctx, ids, "Placement" of placement),
        Kind::Programme => ahead!(ctx, ids, "Programme" of programme),
        Kind::Intake => ahead!(ctx, ids, "Intake" of intake),
        Kind::Enrolment => ahead!(ctx, ids, "Enrolment" of enrolment),
        Kind::Snapshot => ahead!(ctx, ids, "Snapshot" of snapshot),
        Kind::TrainingEvent => ahead!(ctx, ids, "TrainingEvent" of training_event),
        Kind::Task => ahead!(ctx, ids, "Task" of task),
        Kind::BreakGlass => ahead!(ctx, ids, "BreakGlass" of break_glass),
        Kind::Consent => ahead!(ctx, ids, "Consent" of consent),
        Kind::Referral => ahead!(ctx, ids, "Referral" of referral),
        Kind::Transfer => ahead!(ctx, ids, "Transfer" of transfer),
        _ => Ok(()),
    }
}

macro_rules! found {
    ($ctx:ident, $uuid:ident, $type:ident of $entity:ident) => {
        one::<$type, _, _>($ctx, Some(By::<entity::$entity::Entity>::id($uuid)))
            .await
            .map(|found| found.map(Node::from))
    };
}

async fn find(ctx: &Context<'_>, id: &ID) -> Option<Result<Node>> {
    let (kind, uuid) = match parse(id) {
        Ok(parsed) => parsed,
        Err(error) => return Some(Err(error)),
    };
    match kind {
        Kind::Area => found!(ctx, uuid, Area of area),
        Kind::Organisation => found!(ctx, uuid, Organisation of organisation),
        Kind::Worker => found!(ctx, uuid, Worker of worker),
        Kind::Person => found!(ctx, uuid, Person of person),
        Kind::Child => {
            one::<Child, _, _>(ctx, Some(ChildBy(uuid))).await.map(|found| found.map(Node::from))
        }
        Kind::Family => found!(ctx, uuid, Family of family),
        Kind::RegisterEntry => found!(ctx, uuid, RegisterEntry of register_entry),
        Kind::Decision => found!(ctx, uuid, Decision of decision),
        Kind::ConcernReport => found!(ctx, uuid, ConcernReport of concern_report),
        Kind::Case => found!(ctx, uuid, Case of case),
        Kind::Episode => found!(ctx, uuid, Episode of episode),
        Kind::Assessment => found!(ctx, uuid, Assessment of assessment),
        Kind::Plan => found!(ctx, uuid, Plan of plan),
        Kind::Measure => found!(ctx, uuid, Measure of measure),
        Kind::Service => found!(ctx, uuid, Service of service),
        Kind::Visit => found!(ctx, uuid, Visit of visit),
        Kind::Centre => found!(ctx, uuid, Centre of centre),
        Kind::Unit => found!(ctx, uuid, Unit of unit),
        Kind::Placement => found!(ctx, uuid, Placement of placement),
        Kind::Programme => found!(ctx, uuid, Programme of programme),
        Kind::Intake => found!(ctx, uuid, Intake of intake),
        Kind::Enrolment => found!(ctx, uuid, Enrolment of enrolment),
        Kind::Snapshot => found!(ctx, uuid, Snapshot of snapshot),
        Kind::TrainingEvent => found!(ctx, uuid, TrainingEvent of training_event),
        Kind::Task => found!(ctx, uuid, Task of task),
        Kind::BreakGlass => found!(ctx, uuid, BreakGlass of break_glass),
        Kind::Consent => found!(ctx, uuid, Consent of consent),
        Kind::Referral => found!(ctx, uuid, Referral of referral),
        Kind::Transfer => found!(ctx, uuid, Transfer of transfer),
        _ => None,
    }
}

macro_rules! current {
    ($ctx:ident, $uuid:ident, $type:ident of $entity:ident) => {
        one::<$type, _, _>($ctx, Some(By::<entity::$entity::Entity>::id($uuid)))
            .await
            .map(|found| found.map(Versioned::from))
    };
}

/// A row that casework names by the prefix of its ids, as it is now.
pub async fn versioned(ctx: &Context<'_>, kind: &str, uuid: Uuid) -> Option<Result<Versioned>> {
    match kind {
        "person" => current!(ctx, uuid, Person of person),
        "family" => current!(ctx, uuid, Family of family),
        "report" => current!(ctx, uuid, ConcernReport of concern_report),
        "case" => current!(ctx, uuid, Case of case),
        "assessment" => current!(ctx, uuid, Assessment of assessment),
        "plan" => current!(ctx, uuid, Plan of plan),
        "measure" => current!(ctx, uuid, Measure of measure),
        "visit" => current!(ctx, uuid, Visit of visit),
        "programme" => current!(ctx, uuid, Programme of programme),
        "intake" => current!(ctx, uuid, Intake of intake),
        "enrolment" => current!(ctx, uuid, Enrolment of enrolment),
        "task" => current!(ctx, uuid, Task of task),
        "breakglass" => current!(ctx, uuid, BreakGlass of break_glass),
        "consent" => current!(ctx, uuid, Consent of consent),
        "referral" => current!(ctx, uuid, Referral of referral),
        "transfer" => current!(ctx, uuid, Transfer of transfer),
        _ => None,
    }
}
