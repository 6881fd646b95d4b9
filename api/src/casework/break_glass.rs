//! Access in an emergency: a worker opens one family or one person for a few hours, says why, and a
//! supervisor looks at it afterwards.

pub mod opening;
pub mod reviewing;
pub mod upkeep;

use entity::break_glass::{self, BreakGlassOutcome, Column};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::ExprTrait;
use uuid::Uuid;

use super::grant::About;
use crate::access::{Rows, Session};

/// What narrows a list of access in emergencies.
#[derive(Debug, Default)]
pub struct BreakGlassFilter {
    /// Reviewed or not.
    pub is_reviewed: Option<bool>,
    /// What the review came to.
    pub outcome_in: Option<Vec<BreakGlassOutcome>>,
    /// Whether it holds now.
    pub is_in_force: Option<bool>,
    /// Taken by one of these workers.
    pub worker_in: Option<Vec<Uuid>>,
    /// Taken for one of these organisations.
    pub organisation_in: Option<Vec<Uuid>>,
    /// To this family, or to this person.
    pub about: Option<About>,
}

/// The access in emergencies that the viewer may know of.
pub fn list(session: &Session, filter: BreakGlassFilter) -> Rows<break_glass::Entity> {
    let holds = || Column::EndedAt.is_null().and(Column::Until.gt(session.now()));
    let reviewed = || Column::ReviewedAt.is_not_null();
    session
        .find::<break_glass::Entity>()
        .filter_some(filter.is_reviewed, |seen| if seen { reviewed() } else { reviewed().not() })
        .filter_some(filter.outcome_in, |outcomes| Column::Outcome.is_in(outcomes))
        .filter_some(filter.is_in_force, |holding| if holding { holds() } else { holds().not() })
        .filter_some(filter.worker_in, |workers| Column::WorkerId.is_in(workers))
        .filter_some(filter.organisation_in, |ids| Column::OrganisationId.is_in(ids))
        .filter_some(filter.about, |about| match about {
            About::Family(id) => Column::FamilyId.eq(id),
            About::Person(id) => Column::PersonId.eq(id),
        })
}
