//! Recording and changing families: a new one is compared with those that are known, and a move
//! out of the organisation's areas needs a decision and a second person.

use entity::case::{self, CaseStatus};
use entity::family_characteristic::{self, FamilyCharacteristic};
use entity::membership::Role;
use entity::{area, decision, family};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, Statement};
use uuid::Uuid;

use super::likeness;
use crate::access::policy::Action;
use crate::access::{Place, Session};
use crate::casework::address;
use crate::casework::change::{Change, Key, Right, Subject, conflict};
use crate::casework::check::{Checks, SHORT};
use crate::casework::grant::{About, lead_grant};
use crate::casework::problem::{Halt, Problem};
use crate::casework::reference;
use crate::casework::wording::Text;
use crate::error::{Error, Result};

/// What records a family.
#[derive(Clone, Debug)]
pub struct Create {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// What the family is called among those who work with it.
    pub label: String,
    /// The area that it lives in.
    pub area_id: Uuid,
    /// Its address.
    pub address: Option<String>,
    /// Whether the address is kept secret.
    pub is_address_protected: bool,
    /// Its circumstances.
    pub characteristics: Vec<FamilyCharacteristic>,
    /// That it is new, though it looks like a known one.
    pub confirmed_new: bool,
}

/// Records a family, which the viewer's organisation sees in full from now on.
pub async fn create(session: &Session, key: &Key, command: &Create) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("family", id);
    let mut change = Change::begin(session, Action::FamilyCreate, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.label", &command.label, SHORT);
    checks.some_text("input.address", command.address.as_deref(), SHORT);
    checks.distinct("input.characteristics", &command.characteristics);
    checks.done()?;
    change.read::<area::Entity>(command.area_id, Right::ANY, "input.areaId").await?;
    let family = new_row(&change, id, command)?;
    if !command.confirmed_new {
        likeness::refuse_known(&change, &family).await?;
    }
    change.insert(family).await?;
    let grant = lead_grant(&change, session.viewer().organisation_id, About::Family(id), id);
    change.insert(grant).await?;
    let rows = characteristics(id, &command.characteristics, session);
    change.insert_all(rows).await?;
    change.commit().await
}

fn new_row(change: &Change, id: Uuid, command: &Create) -> Result<family::Model> {
    let session = change.session();
    let (now, by) = (session.now(), change.by());
    let (place, address) = (place_of_address(id), command.address.clone());
    let (open, secret) = address::columns(session, place, address, command.is_address_protected)?;
    Ok(family::Model {
        id,
        reference: reference::of("F", id),
        search_key: likeness::key(&command.label),
        address_key: open.as_deref().map(likeness::key),
        label: command.label.clone(),
        area_id: command.area_id,
        lead_organisation_id: Some(session.viewer().organisation_id),
        address: open,
        protected_address: secret,
        is_address_protected: command.is_address_protected,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    })
}

fn place_of_address(family_id: Uuid) -> Place {
    Place::of(family::Column::ProtectedAddress, family_id)
}

fn characteristics(
    family_id: Uuid,
    kinds: &[FamilyCharacteristic],
    session: &Session,
) -> Vec<family_characteristic::Model> {
    let recorded_at = session.now();
    let row = |kind: &FamilyCharacteristic| family_characteristic::Model {
        family_id,
        kind: *kind,
        recorded_at,
    };
    kinds.iter().map(row).collect()
}

/// What changes a family.
#[derive(Clone, Debug)]
pub struct Update {
    /// The family.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// What it is called.
    pub label: Option<Option<String>>,
    /// The area that it lives in.
    pub area_id: Option<Option<Uuid>>,
    /// Its address, which goes where protection wants it.
    pub address: Option<Option<String>>,
    /// Whether the address is kept secret.
    pub is_address_protected: Option<Option<bool>>,
    /// Its circumstances, all of them.
    pub characteristics: Option<Option<Vec<FamilyCharacteristic>>>,
    /// The decision on a move out of the organisation's areas.
    pub move_decision_id: Option<Uuid>,
}

/// Changes a family; its open cases move with it.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("family", command.id);
    let mut change = Change::begin(session, Action::FamilyUpdate, key, subject).await?;
    check(command)?;
    let family = change.lock::<family::Entity>(command.id, Right::Led, "input.id").await?;
    let (secret, row) = (family.protected_address.as_ref(), ("family", family.id));
    command.told_address().check_shown(&mut change, secret, row)?;
    let after = patched(session, &family, command)?;
    if let Some(problem) = conflict(&family, &after, command.expected_version) {
        return Err(match &command.characteristics {
            Some(Some(kinds)) if !are_kept(&change, family.id, kinds).await? => {
                problem.with_field("characteristics")
            }
            _ => problem,
        }
        .into());
    }
    if after.area_id != family.area_id {
        check_move(&change, &family, &after, command.move_decision_id).await?;
        move_open_cases(&mut change, &after).await?;
    }
    if let Some(Some(kinds)) = &command.characteristics {
        replace_characteristics(&mut change, family.id, kinds).await?;
        change.bump(&family, after).await?;
    } else {
        change.update(&family, after).await?;
    }
    change.commit().await
}

fn check(command: &Update) -> Result<(), Halt> {
    let mut checks = Checks::default();
    match &command.label {
        Some(Some(label)) => checks.text("input.label", label, SHORT),
        given => checks.hold(given.is_none(), "input.label", Text::NotNull),
    }
    checks.hold(command.area_id != Some(None), "input.areaId", Text::NotNull);
    let address = command.address.as_ref().and_then(Option::as_deref);
    checks.some_text("input.address", address, SHORT);
    let is_protected = command.is_address_protected;
    checks.hold(is_protected != Some(None), "input.isAddressProtected", Text::NotNull);
    match &command.characteristics {
        Some(Some(kinds)) => checks.distinct("input.characteristics", kinds),
        given => checks.hold(given.is_none(), "input.characteristics", Text::NotNull),
    }
    checks.done()
}

impl Update {
    fn told_address(&self) -> address::Told {
        address::Told {
            address: self.address.clone(),
            is_protected: self.is_address_protected.flatten(),
        }
    }
}

/// The family as the client wants it.
fn patched(session: &Session, family: &family::Model, command: &Update) -> Result<family::Model> {
    let kept = (family.address.as_deref(), family.protected_address.as_ref());
    let (place, was) = (place_of_address(family.id), family.is_address_protected);
    let ((open, secret), is_protected) = command.told_address().over(session, place, kept, was)?;
    let label = command.label.clone().flatten().unwrap_or_else(|| family.label.clone());
    Ok(family::Model {
        search_key: likeness::key(&label),
        address_key: open.as_deref().map(likeness::key),
        label,
        area_id: command.area_id.flatten().unwrap_or(family.area_id),
        address: open,
        protected_address: secret,
        is_address_protected: is_protected,
        ..family.clone()
    })
}

/// A move to an area that the family's organisation does not serve needs a decision about the
/// family, and a supervisor who did not record it.
async fn check_move(
    change: &Change,
    family: &family::Model,
    after: &family::Model,
    decision_id: Option<Uuid>,
) -> Result<(), Halt> {
    let connection = change.connection();
    let asked = Statement::from_sql_and_values(
        connection.get_database_backend(),
        SERVED,
        [family.lead_organisation_id.into(), after.area_id.into()],
    );
    let row = connection.query_one_raw(asked).await?.ok_or(Error::Internal)?;
    let answer = |place| row.try_get_by_index::<bool>(place);
    let (is_area, has_areas, serves) = (answer(0)?, answer(1)?, answer(2)?);
    if !is_area {
        return Err(Problem::not_found("input.areaId").into());
    }
    if serves || !has_areas {
        return Ok(());
    }
    let Some(decision_id) = decision_id else {
        return Err(Problem::at("input.moveDecisionId", Text::MoveNeedsDecision).into());
    };
    let path = "input.moveDecisionId";
    let decision = change.read::<decision::Entity>(decision_id, Right::FULL, path).await?;
    if decision.family_id != Some(family.id) {
        return Err(Problem::not_found(path).into());
    }
    let today = change.session().today();
    let since = decision.effect_since.unwrap_or(decision.decided_on);
    if since > today || decision.effect_until.is_some_and(|until| until <= today) {
        return Err(Problem::at(path, Text::DecisionNotInEffect).into());
    }
    let viewer = change.session().viewer();
    if viewer.role != Role::Supervisor {
        return Err(Problem::at("input.areaId", Text::SupervisorDecides).into());
    }
    if decision.recorded_by_id.is_some() && decision.recorded_by_id == viewer.worker_id {
        return Err(Problem::at(path, Text::ApproverIsRequester).into());
    }
    Ok(())
}

/// Whether $2 is an area; whether the organisation $1, or one above it, serves any area; and whether
/// it serves $2 or an area in which $2 lies.
const SERVED: &str = "
    select
        exists (select 1 from area where id = $2),
        exists (
            select 1 from organisation own
            join organisation above on own.path like above.path || '%'
            join organisation_area served on served.organisation_id = above.id
            where own.id = $1),
        exists (
            select 1 from organisation own
            join organisation above on own.path like above.path || '%'
            join organisation_area served on served.organisation_id = above.id
            join area root on root.id = served.area_id
            join area place on place.path like root.path || '%'
            where own.id = $1 and place.id = $2)";

async fn move_open_cases(change: &mut Change, family: &family::Model) -> Result<(), Halt> {
    use case::Column;
    let open = Condition::all()
        .add(Column::FamilyId.eq(family.id))
        .add(Column::Status.ne(CaseStatus::Closed));
    let moved = vec![
        (Column::AreaId, Expr::val(family.area_id)),
        (Column::Version, Expr::col(Column::Version).add(1)),
        (Column::UpdatedAt, Expr::val(change.session().now())),
        (Column::UpdatedBy, Expr::val(change.by())),
    ];
    change.update_where::<case::Entity>(moved, open).await?;
    Ok(())
}

/// Whether a family's circumstances are those.
async fn are_kept(
    change: &Change,
    family_id: Uuid,
    kinds: &[FamilyCharacteristic],
) -> Result<bool, Halt> {
    use family_characteristic::Column;
    let kept = change
        .see::<family_characteristic::Entity>(Right::Led)
        .filter(Column::FamilyId.eq(family_id))
        .all(change.connection())
        .await?;
    Ok(kept.len() == kinds.len() && kept.iter().all(|row| kinds.contains(&row.kind)))
}

async fn replace_characteristics(
    change: &mut Change,
    family_id: Uuid,
    kinds: &[FamilyCharacteristic],
) -> Result<(), Halt> {
    use family_characteristic::Column;
    let gone = Condition::all()
        .add(Column::FamilyId.eq(family_id))
        .add(Column::Kind.is_not_in(kinds.iter().copied()));
    change.remove_where::<family_characteristic::Entity>(gone).await?;
    let rows = characteristics(family_id, kinds, change.session());
    change.insert_missing(rows).await
}
