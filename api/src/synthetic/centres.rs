//! The centres with their units and places. More beds are dealt out to no unit than it has
//! places, so that some stay free, except in the small group, which is full.

use chrono::NaiveDate;
use entity::centre::{CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;
use entity::{capacity_period, centre, unit};
use uuid::Uuid;

use super::agencies::Agency;
use super::calendar::{FOUNDED, after, morning};
use super::chance::{Kind, fixed};
use super::outline::House;
use super::region::Region;
use super::rows::Rows;

/// What a unit is like.
#[derive(Clone, Copy, Debug)]
pub struct Ward {
    pub name: &'static str,
    /// Months of age: from, and below.
    pub ages: Option<(i32, i32)>,
    pub sex: Option<Sex>,
    pub takes_families: bool,
    pub max_stay_days: i32,
    pub places: i32,
}

const fn group(name: &'static str, ages: (i32, i32), sex: Option<Sex>, places: i32) -> Ward {
    Ward { name, ages: Some(ages), sex, takes_families: false, max_stay_days: 180, places }
}

const REHABILITATION: [Ward; 4] = [
    group("Younger children", (36, 84), None, 20),
    group("Girls", (84, 216), Some(Sex::Female), 20),
    group("Boys", (84, 216), Some(Sex::Male), 20),
    group("Small group", (36, 84), None, SMALL),
];
const CRISIS: [Ward; 1] = [Ward {
    name: "Mothers with children",
    ages: None,
    sex: None,
    takes_families: true,
    max_stay_days: 90,
    places: 24,
}];
const EARLY_HELP: [Ward; 1] = [Ward {
    name: "Day group",
    ages: Some((0, 36)),
    sex: None,
    takes_families: false,
    max_stay_days: 365,
    places: 45,
}];
const PLANNED: [Ward; 1] = [group("Palliative ward", (0, 216), None, 8)];

/// As many places as children are there.
const SMALL: i32 = 4;
/// The unit that is full, of the first rehabilitation centre only.
const SMALL_UNIT: u32 = 3;

/// The unit of a kind of centre with a number.
pub fn ward(house: House, unit: u32) -> &'static Ward {
    let wards = wards(house);
    &wards[unit as usize % wards.len()]
}

const fn wards(house: House) -> &'static [Ward] {
    match house {
        House::Rehabilitation | House::SmallGroup => &REHABILITATION,
        House::Crisis => &CRISIS,
        House::EarlyHelp => &EARLY_HELP,
        House::Planned => &PLANNED,
    }
}

fn no(house: House, centre: u32) -> u32 {
    10_000 * (1 + house as u32) + centre
}

/// What runs a centre.
pub const fn provider(house: House, centre: u32) -> Agency {
    Agency::Provider(house, centre)
}

pub fn centre_id(house: House, centre: u32) -> Uuid {
    fixed(Kind::Centre, no(house, centre))
}

pub fn unit_id(house: House, centre: u32, unit: u32) -> Uuid {
    fixed(Kind::Unit, no(house, centre) * 10 + unit)
}

/// Writes the centres with their units and places.
pub fn write(region: &Region, rows: &mut Rows) {
    for (house, centre) in region.houses() {
        write_centre(region, rows, house, centre);
        for (unit, ward) in (0..).zip(wards(house)) {
            if unit == SMALL_UNIT && centre > 0 {
                continue;
            }
            write_unit(rows, house, centre, unit);
            write_places(region, rows, (house, centre, unit), ward);
        }
    }
}

fn write_centre(region: &Region, rows: &mut Rows, house: House, centre: u32) {
    let (kind, regime, name) = match house {
        House::Rehabilitation | House::SmallGroup => {
            (CentreKind::SocialRehabilitation, CentreRegime::Residential, "Harbour House")
        }
        House::Crisis => (CentreKind::Crisis, CentreRegime::Residential, "Shelter Bay"),
        House::EarlyHelp => (CentreKind::EarlyHelp, CentreRegime::Day, "First Steps"),
        House::Planned => (CentreKind::Palliative, CentreRegime::Residential, "Evening Light"),
    };
    let is_protected = house == House::Crisis;
    let address = format!("{} Quay Lane", 2 + centre * 2);
    let founded = morning(FOUNDED);
    let branches = region.all_branches().count().saturating_sub(1);
    let at = u32::try_from(centre as usize % branches.max(1)).unwrap_or_default();
    let id = centre_id(house, centre);
    let seal = |address| region.seal(centre::Column::ProtectedAddress, id, address);
    rows.centre.push(centre::Model {
        id,
        organisation_id: provider(house, centre).id(),
        name: if centre == 0 { name.to_owned() } else { format!("{name} {}", centre + 1) },
        kind,
        regime,
        area_id: region.branch(at).municipality_id(),
        address: (!is_protected).then(|| address.clone()),
        protected_address: is_protected.then(|| seal(address)),
        is_address_protected: is_protected,
        status: if house == House::Planned { CentreStatus::Planned } else { CentreStatus::Open },
        version: 1,
        created_at: founded,
        updated_at: founded,
        created_by: None,
        updated_by: None,
    });
}

fn write_unit(rows: &mut Rows, house: House, centre: u32, unit: u32) {
    let ward = ward(house, unit);
    let founded = morning(FOUNDED);
    rows.unit.push(unit::Model {
        id: unit_id(house, centre, unit),
        centre_id: centre_id(house, centre),
        name: ward.name.to_owned(),
        min_age_months: ward.ages.map(|(from, _)| from),
        max_age_months: ward.ages.map(|(_, below)| below),
        sex: ward.sex,
        takes_families: ward.takes_families,
        max_stay_days: Some(ward.max_stay_days),
        version: 1,
        created_at: founded,
        updated_at: founded,
        created_by: None,
        updated_by: None,
    });
}

/// A unit began smaller, except the small group, which is new, and what is only planned.
fn write_places(
    region: &Region,
    rows: &mut Rows,
    (house, centre, unit): (House, u32, u32),
    ward: &Ward,
) {
    let today = region.sowing.today;
    let mut add = |since: NaiveDate, until: Option<NaiveDate>, places: i32| {
        let no = (no(house, centre) * 10 + unit) * 10 + u32::from(until.is_none());
        rows.capacity_period.push(capacity_period::Model {
            id: fixed(Kind::CapacityPeriod, no),
            unit_id: unit_id(house, centre, unit),
            since,
            until,
            places,
        });
    };
    if house == House::Planned {
        return add(after(today, 200), None, ward.places);
    }
    if house == House::Rehabilitation && unit == SMALL_UNIT {
        return add(after(today, -400), None, ward.places);
    }
    let enlarged = after(today, -700);
    add(FOUNDED, Some(enlarged), ward.places - 4);
    add(enlarged, None, ward.places);
}
