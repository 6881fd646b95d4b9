//! Finding a row of any kind as the viewer sees it: whom it is about, and by what it is seen.

use entity::access_grant::AccessLevel;
use entity::membership::Role;
use entity::{break_glass, concern_report, referral, task, transfer};
use uuid::Uuid;

use super::Basis;
use crate::access::{Seen, Session, Viewer};
use crate::casework::{by_id, person};
use crate::error::Result;

/// A row that the viewer sees.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The viewer's level on it.
    pub level: AccessLevel,
    /// The family that it is about.
    pub family_id: Option<Uuid>,
    /// The person that it is about.
    pub person_id: Option<Uuid>,
    /// By what it is seen.
    pub basis: Basis,
}

/// What is open to everybody, or to a role.
const fn open(level: AccessLevel, basis: Basis) -> Found {
    Found { level, family_id: None, person_id: None, basis }
}

/// What is about a family, or else about a person.
fn shared(
    viewer: &Viewer,
    level: AccessLevel,
    (family_id, person_id): (Option<Uuid>, Option<Uuid>),
) -> Found {
    let in_area = viewer.role == Role::AreaCoordinator;
    let basis = if in_area { Basis::Area } else { Basis::Grant };
    Found { level, family_id, person_id, basis }
}

/// Declares of each kind, by the prefix of its ids, its table and whom its rows are about.
macro_rules! find_by {
    ($session:ident, $kind:ident, $id:ident;
     open: $($open:literal $open_entity:ident),+;
     shared: $($prefix:literal $entity:ident ($row:ident) $about:expr,)+
     own: $($own:literal $own_entity:ident by $found:path,)+) => {
        match $kind {
            $($open => by_id::<entity::$open_entity::Entity>($session, &[$id])
                .await?
                .remove(&$id)
                .map(|row| open(row.level(), Basis::OpenToAll)),)+
            $($prefix => by_id::<entity::$entity::Entity>($session, &[$id])
                .await?
                .remove(&$id)
                .map(|$row| shared($session.viewer(), $row.level(), $about)),)+
            $($own => by_id::<entity::$own_entity::Entity>($session, &[$id])
                .await?
                .remove(&$id)
                .map(|row| $found($session.viewer(), &row)),)+
            "child" => person::children_among($session, &[$id])
                .await?
                .remove(&$id)
                .map(|row| shared($session.viewer(), row.level(), (None, Some(row.id)))),
            _ => None,
        }
    };
}

/// A row of a kind, if the viewer sees it.
pub async fn find(session: &Session, kind: &str, id: Uuid) -> Result<Option<Found>> {
    Ok(find_by! {
        session, kind, id;
        open: "area" area, "organisation" organisation, "centre" centre, "unit" unit,
            "programme" programme, "intake" intake, "training" training_event;
        shared:
            "family" family (row) (Some(row.id), None),
            "person" person (row) (None, Some(row.id)),
            "entry" register_entry (row) (row.family_id, row.person_id),
            "decision" decision (row) (row.family_id, row.person_id),
            "case" case (row) (Some(row.family_id), None),
            "episode" episode (row) (Some(row.family_id), None),
            "assessment" assessment (row) (Some(row.family_id), None),
            "plan" plan (row) (Some(row.family_id), None),
            "measure" measure (row) (Some(row.family_id), None),
            "service" service (row) (Some(row.family_id), None),
            "visit" visit (row) (Some(row.family_id), None),
            "placement" placement (row) (None, Some(row.person_id)),
            "enrolment" enrolment (row) (Some(row.family_id), row.person_id),
            "consent" consent (row) (Some(row.family_id), row.person_id),
        own:
            "worker" worker by colleague,
            "report" concern_report by report,
            "task" task by due,
            "breakglass" break_glass by emergency,
            "referral" referral by referred,
            "transfer" transfer by offered,
            "snapshot" snapshot by published,
    })
}

fn colleague(viewer: &Viewer, row: &Seen<entity::worker::Model>) -> Found {
    let is_self = viewer.worker_id == Some(row.id);
    open(row.level(), if is_self { Basis::Own } else { Basis::OpenToRole })
}

fn report(viewer: &Viewer, row: &Seen<concern_report::Model>) -> Found {
    let by_family = shared(viewer, row.level(), (row.family_id, None));
    match viewer.role {
        Role::Reporter | Role::Integration => open(row.level(), Basis::OwnReport),
        Role::AreaCoordinator => by_family,
        _ if viewer.organisations.contains(&row.organisation_id) => {
            Found { basis: Basis::ReceivedByOrganisation, ..by_family }
        }
        _ => by_family,
    }
}

fn due(viewer: &Viewer, row: &Seen<task::Model>) -> Found {
    match row.family_id {
        Some(family_id) => shared(viewer, row.level(), (Some(family_id), None)),
        None if viewer.organisations.contains(&row.organisation_id) => {
            open(row.level(), Basis::OfOrganisation)
        }
        None => open(row.level(), Basis::Own),
    }
}

fn published(viewer: &Viewer, row: &Seen<entity::snapshot::Model>) -> Found {
    let is_own = viewer.organisations.contains(&row.organisation_id);
    open(row.level(), if is_own { Basis::OfOrganisation } else { Basis::OpenToRole })
}

fn emergency(viewer: &Viewer, row: &Seen<break_glass::Model>) -> Found {
    if viewer.worker_id == Some(row.worker_id) {
        return open(row.level(), Basis::Own);
    }
    if viewer.organisations.contains(&row.organisation_id) {
        return open(row.level(), Basis::OfOrganisation);
    }
    shared(viewer, row.level(), (row.family_id, row.person_id))
}

fn referred(viewer: &Viewer, row: &Seen<referral::Model>) -> Found {
    if viewer.organisations.contains(&row.receiver_id) {
        return open(row.level(), Basis::OfOrganisation);
    }
    shared(viewer, row.level(), (Some(row.family_id), None))
}

fn offered(viewer: &Viewer, row: &Seen<transfer::Model>) -> Found {
    if viewer.organisations.contains(&row.receiver_id) && row.answered_at.is_none() {
        return open(row.level(), Basis::OfOrganisation);
    }
    shared(viewer, row.level(), (Some(row.family_id), None))
}
