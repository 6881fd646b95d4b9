//! Recording centres and their units, and moving centres through their life cycle.

use entity::centre::{self, CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;
use entity::{area, organisation, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{gate, holders};
use crate::access::policy::Action;
use crate::access::{Place, Session};
use crate::casework::address;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, SHORT};
use crate::casework::placement::keeping;
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::Text;

/// What records a centre.
#[derive(Clone, Debug)]
pub struct Create {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The organisation that runs it.
    pub organisation_id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: CentreKind,
    /// How it takes people.
    pub regime: CentreRegime,
    /// The area that it lies in.
    pub area_id: Uuid,
    /// Its address.
    pub address: Option<String>,
    /// Whether the address is kept secret.
    pub is_address_protected: bool,
}

/// Records a centre that is planned: it admits nobody before it is opened.
pub async fn create(session: &Session, key: &Key, command: &Create) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("centre", id);
    let mut change = Change::begin(session, Action::CentreCreate, key, subject).await?;
    let mut checks = Checks::default();
    checks.text("input.name", &command.name, SHORT);
    checks.some_text("input.address", command.address.as_deref(), SHORT);
    checks.done()?;
    let (path, right) = ("input.organisationId", Right::ANY);
    change.read::<organisation::Entity>(command.organisation_id, right, path).await?;
    gate::run_here(&change, command.organisation_id, path)?;
    change.read::<area::Entity>(command.area_id, Right::ANY, "input.areaId").await?;
    let (place, address) = (place_of_address(id), command.address.clone());
    let (open, secret) = address::columns(session, place, address, command.is_address_protected)?;
    let (now, by) = (session.now(), change.by());
    let centre = centre::Model {
        id,
        organisation_id: command.organisation_id,
        name: command.name.clone(),
        kind: command.kind,
        regime: command.regime,
        area_id: command.area_id,
        address: open,
        protected_address: secret,
        is_address_protected: command.is_address_protected,
        status: CentreStatus::Planned,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    };
    change.insert(centre).await?;
    change.commit().await
}

fn place_of_address(centre_id: Uuid) -> Place {
    Place::of(centre::Column::ProtectedAddress, centre_id)
}

/// What changes a centre.
#[derive(Clone, Debug)]
pub struct Update {
    /// The centre.
    pub id: Uuid,
    /// The version that the change was decided on.
    pub expected_version: i32,
    /// Its name.
    pub name: Option<Option<String>>,
    /// Where it stands in its life cycle.
    pub status: Option<Option<CentreStatus>>,
    /// Its address, which goes where protection wants it.
    pub address: Option<Option<String>>,
    /// Whether the address is kept secret.
    pub is_address_protected: Option<Option<bool>>,
}

/// Changes a centre. It is closed when nobody holds a place in it.
pub async fn update(session: &Session, key: &Key, command: &Update) -> Result<Uuid, Halt> {
    let subject = Subject::new("centre", command.id);
    let mut change = Change::begin(session, Action::CentreUpdate, key, subject).await?;
    command.check()?;
    let centre = gate::enter(&change, command.id, "input.id").await?;
    let told = address::Told {
        address: command.address.clone(),
        is_protected: command.is_address_protected.flatten(),
    };
    told.check_shown(&mut change, centre.protected_address.as_ref(), ("centre", centre.id))?;
    let kept = (centre.address.as_deref(), centre.protected_address.as_ref());
    let (place, was) = (place_of_address(centre.id), centre.is_address_protected);
    let ((open, secret), is_protected) = told.over(session, place, kept, was)?;
    let after = centre::Model {
        name: command.name.clone().flatten().unwrap_or_else(|| centre.name.clone()),
        status: command.status.flatten().unwrap_or(centre.status),
        address: open,
        protected_address: secret,
        is_address_protected: is_protected,
        ..centre.clone()
    };
    change.expect(&centre, &after, command.expected_version)?;
    if after.status != centre.status {
        centre.status.check(after.status, "input.status")?;
    }
    if after.status == CentreStatus::Closed && centre.status != CentreStatus::Closed {
        refuse_holders(&change, centre.id).await?;
    }
    let opens = after.status == CentreStatus::Open && centre.status != CentreStatus::Open;
    change.update(&centre, after).await?;
    if opens {
        // Those who wait since it was suspended come in.
        let mut roll = keeping::of_centre(&change, centre.id).await?;
        roll.settle();
        roll.write(&mut change).await?;
    }
    change.commit().await
}

/// Refuses to close a centre in which somebody holds a place. Whoever gives one out keeps the centre
/// from others, and so does this.
async fn refuse_holders(change: &Change, centre_id: Uuid) -> Result<(), Halt> {
    let of_centre = Condition::all().add(unit::Column::CentreId.eq(centre_id));
    let holders = holders::count(change, of_centre, holders::present(change.session())).await?;
    if holders > 0 {
        return Err(Problem::at("input.status", Text::CentreOccupied { holders }).into());
    }
    Ok(())
}

impl Update {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        match &self.name {
            Some(Some(name)) => checks.text("input.name", name, SHORT),
            given => checks.hold(given.is_none(), "input.name", Text::NotNull),
        }
        checks.hold(self.status != Some(None), "input.status", Text::NotNull);
        let address = self.address.as_ref().and_then(Option::as_deref);
        checks.some_text("input.address", address, SHORT);
        let is_protected = self.is_address_protected;
        checks.hold(is_protected != Some(None), "input.isAddressProtected", Text::NotNull);
        checks.done()
    }
}

/// What adds a unit to a centre.
#[derive(Clone, Debug)]
pub struct AddUnit {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The centre.
    pub centre_id: Uuid,
    /// Its name.
    pub name: String,
    /// Least age, in completed months.
    pub min_age_months: Option<i32>,
    /// The age from which on nobody is taken, in completed months.
    pub max_age_months: Option<i32>,
    /// The only sex that it takes.
    pub sex: Option<Sex>,
    /// Whether it takes mothers or parents with their children.
    pub takes_families: bool,
    /// The longest stay, in days.
    pub max_stay_days: Option<i32>,
}

/// Oldest age that a limit may name, in months.
const OLDEST: i64 = 1200;

/// Longest stay that a limit may name, in days.
const LONGEST: i64 = 3660;

/// Adds a unit to a centre that is not closed; it has no places until they are set.
pub async fn add_unit(session: &Session, key: &Key, command: &AddUnit) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("unit", id);
    let mut change = Change::begin(session, Action::UnitCreate, key, subject).await?;
    command.check()?;
    let path = "input.centreId";
    let centre = gate::enter(&change, command.centre_id, path).await?;
    if centre.status == CentreStatus::Closed {
        return Err(Problem::at(path, Text::CentreClosed).from_where(centre.status).into());
    }
    let (now, by) = (session.now(), change.by());
    let unit = unit::Model {
        id,
        centre_id: centre.id,
        name: command.name.clone(),
        min_age_months: command.min_age_months,
        max_age_months: command.max_age_months,
        sex: command.sex,
        takes_families: command.takes_families,
        max_stay_days: command.max_stay_days,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: by,
        updated_by: by,
    };
    change.insert(unit).await?;
    change.commit().await
}

impl AddUnit {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.name", &self.name, SHORT);
        let ages = [
            ("input.minAgeMonths", self.min_age_months),
            ("input.maxAgeMonths", self.max_age_months),
        ];
        for (path, age) in ages {
            checks.number(path, age.unwrap_or_default().into(), 0, OLDEST);
        }
        checks.number("input.maxStayDays", self.max_stay_days.unwrap_or(1).into(), 1, LONGEST);
        let ages = self.min_age_months.zip(self.max_age_months);
        let is_in_order = ages.is_none_or(|(min, max)| min < max);
        checks.hold(is_in_order, "input.maxAgeMonths", Text::AgesOutOfOrder);
        checks.done()
    }
}
