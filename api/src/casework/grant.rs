//! Who may see a family or a person: a grant is written with what it follows from, and ends with it.

use chrono::{DateTime, Utc};
use entity::access_grant::{self, AccessLevel, GrantBasis, Shown};
use entity::placement;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::change::Change;
use super::problem::Halt;

/// What a grant opens.
#[derive(Clone, Copy, Debug)]
pub enum About {
    /// A family, with its members.
    Family(Uuid),
    /// A person without a family.
    Person(Uuid),
}

/// That an organisation serves a family while an enrolment in its programme lasts.
pub fn enrolment_grant(
    change: &Change,
    organisation_id: Uuid,
    (family_id, enrolment_id): (Uuid, Uuid),
) -> access_grant::Model {
    access_grant::Model {
        level: AccessLevel::ServiceOnly,
        shown: Shown::all(AccessLevel::ServiceOnly),
        basis: GrantBasis::Enrolment,
        ..lead_grant(change, organisation_id, About::Family(family_id), enrolment_id)
    }
}

/// That an organisation leads the work with a family or a person, because of a row: a case, or the
/// family or the person that it recorded.
pub fn lead_grant(
    change: &Change,
    organisation_id: Uuid,
    about: About,
    source_id: Uuid,
) -> access_grant::Model {
    let now = change.session().now();
    let (family_id, person_id) = match about {
        About::Family(id) => (Some(id), None),
        About::Person(id) => (None, Some(id)),
    };
    access_grant::Model {
        id: Uuid::now_v7(),
        organisation_id,
        worker_id: None,
        family_id,
        person_id,
        level: AccessLevel::Full,
        shown: Shown::all(AccessLevel::Full),
        basis: GrantBasis::Lead,
        source_id: Some(source_id),
        since: now,
        until: None,
        created_at: now,
        created_by: change.by(),
    }
}

/// That a centre's organisation sees a person whom it is to place, in full, and their family in
/// summary, as long as the placement runs.
pub fn placement_grants(
    change: &Change,
    organisation_id: Uuid,
    placement: &placement::Model,
) -> Vec<access_grant::Model> {
    let now = change.session().now();
    let grant = |(family_id, person_id, level)| access_grant::Model {
        id: Uuid::now_v7(),
        organisation_id,
        worker_id: None,
        family_id,
        person_id,
        level,
        shown: Shown::all(level),
        basis: GrantBasis::Placement,
        source_id: Some(placement.id),
        since: now,
        until: None,
        created_at: now,
        created_by: change.by(),
    };
    let person = (None, Some(placement.person_id), AccessLevel::Full);
    let family = placement.family_id.map(|id| (Some(id), None, AccessLevel::Summary));
    [Some(person), family].into_iter().flatten().map(grant).collect()
}

/// Sets until when the grants hold that follow from rows, each by its own row, in one statement.
pub async fn show_until(
    change: &mut Change,
    basis: GrantBasis,
    until: Vec<(Uuid, Option<DateTime<Utc>>)>,
) -> Result<(), Halt> {
    use access_grant::Column as Grant;
    let Some((first, rest)) = until.split_first() else { return Ok(()) };
    let is_of = |source: Uuid| Grant::SourceId.eq(source);
    let mut by_source = Expr::case(is_of(first.0), Expr::val(first.1));
    for (source, until) in rest {
        by_source = by_source.case(is_of(*source), Expr::val(*until));
    }
    let follow = Condition::all()
        .add(Grant::Basis.eq(basis))
        .add(Grant::SourceId.is_in(until.iter().map(|(source, _)| *source)));
    let values = vec![(Grant::Until, by_source.finally(Expr::col(Grant::Until)).into())];
    change.update_where::<access_grant::Entity>(values, follow).await?;
    Ok(())
}

/// Ends what is left of the grants that follow from rows, and tells that it is lost: also of those
/// whose time ran out.
pub async fn end(
    change: &mut Change,
    basis: GrantBasis,
    sources: &[Uuid],
    at: DateTime<Utc>,
) -> Result<(), Halt> {
    use access_grant::Column as Grant;
    if sources.is_empty() {
        return Ok(());
    }
    let follow = Condition::all()
        .add(Grant::Basis.eq(basis))
        .add(Grant::SourceId.is_in(sources.iter().copied()));
    let is_open = Condition::any().add(Grant::Until.is_null()).add(Grant::Until.gt(at));
    let until = Expr::case(is_open, Expr::val(at)).finally(Expr::col(Grant::Until));
    change.update_where::<access_grant::Entity>(vec![(Grant::Until, until.into())], follow).await?;
    Ok(())
}
