//! The areas, the organisations and their staff: who is there before the first family. Their
//! ids are the same in every sowing.

use chrono::{DateTime, Utc};
use entity::area::AreaKind;
use entity::membership::Role;
use entity::organisation::{OrganisationKind, OrganisationStatus};
use entity::worker::WorkerStatus;
use entity::{area, membership, organisation, organisation_area, worker};
use uuid::Uuid;

use super::actors;
use super::calendar::{FOUNDED, morning};
use super::chance::{Kind, fixed};
use super::names;
use super::outline::House;
use super::region::{Branch, Region};
use super::rows::Rows;

/// An organisation, by its part in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agency {
    RegionalCentre,
    ChildrensService,
    Guardianship,
    Commission,
    Police,
    Prosecutor,
    Employment,
    FirstPartner,
    SecondPartner,
    /// The regional centre's branch in a municipality.
    Branch(u32),
    School(u32),
    Clinic(u32),
    /// What runs a centre, by the centre's number among its kind.
    Provider(House, u32),
}

/// Agencies of which there is one in the region.
const SINGLE: [(Agency, &str, OrganisationKind); 9] = [
    (Agency::RegionalCentre, "Regional Centre for Families", OrganisationKind::RegionalCentre),
    (Agency::ChildrensService, "Children's Service", OrganisationKind::ChildAffairsService),
    (Agency::Guardianship, "Guardianship Authority", OrganisationKind::GuardianshipAuthority),
    (Agency::Commission, "Commission for Minors", OrganisationKind::CommissionForMinors),
    (Agency::Police, "Police, Juvenile Unit", OrganisationKind::Police),
    (Agency::Prosecutor, "Prosecutor's Office", OrganisationKind::Prosecutor),
    (Agency::Employment, "Employment Centre", OrganisationKind::Employment),
    (Agency::FirstPartner, "Lantern, a Society for Families", OrganisationKind::Ngo),
    (Agency::SecondPartner, "Open Door, a Partner of Parents", OrganisationKind::Ngo),
];

impl Agency {
    const fn no(self) -> u32 {
        match self {
            Self::RegionalCentre => 1,
            Self::ChildrensService => 2,
            Self::Guardianship => 3,
            Self::Commission => 4,
            Self::Police => 5,
            Self::Prosecutor => 6,
            Self::Employment => 7,
            Self::FirstPartner => 8,
            Self::SecondPartner => 9,
            Self::Branch(no) => 100 + no,
            Self::School(no) => 200 + no,
            Self::Clinic(no) => 300 + no,
            Self::Provider(house, no) => 10_000 * (1 + house as u32) + no,
        }
    }

    pub fn id(self) -> Uuid {
        fixed(Kind::Organisation, self.no())
    }

    /// The number of its worker, where it has one outside the branches.
    pub const fn clerk(self) -> u32 {
        100_000 + self.no()
    }
}

/// The id of the worker with a number.
pub fn worker_id(no: u32) -> Uuid {
    fixed(Kind::Worker, no)
}

/// Writes areas, organisations and staff.
pub fn write(region: &Region, rows: &mut Rows) {
    add_area(rows, (0, None), AreaKind::Region, "Threewaters Region", "/r/");
    for (agency, name, kind) in SINGLE {
        add_organisation(rows, agency, kind, name.to_owned());
        cover(rows, agency, fixed(Kind::Area, 0));
        add_worker(rows, agency.clerk(), agency, role_in(agency));
    }
    for branch in region.all_branches() {
        write_municipality(branch, rows);
        write_branch(branch, rows);
    }
    for (house, centre) in region.houses() {
        let agency = Agency::Provider(house, centre);
        let name = format!("{} {}", provider_name(house), centre + 1);
        add_organisation(rows, agency, OrganisationKind::CentreProvider, name);
        cover(rows, agency, fixed(Kind::Area, 0));
        add_worker(rows, agency.clerk(), agency, Role::CentreStaff);
    }
    actors::write_workers(rows);
}

const fn provider_name(house: House) -> &'static str {
    match house {
        House::Rehabilitation | House::SmallGroup => "Rehabilitation Service",
        House::Crisis => "Crisis Service",
        House::EarlyHelp => "Early Help Service",
        House::Planned => "Palliative Service",
    }
}

const fn role_in(agency: Agency) -> Role {
    match agency {
        Agency::RegionalCentre => Role::Supervisor,
        Agency::FirstPartner | Agency::SecondPartner => Role::NgoWorker,
        _ => Role::Reporter,
    }
}

fn write_municipality(branch: &Branch, rows: &mut Rows) {
    let path = format!("/r/m{:02}/", branch.no);
    add_area(rows, (branch.no + 1, Some(0)), AreaKind::Municipality, branch.name, &path);
    for (no, name) in branch.districts() {
        let kind = if branch.is_city() { AreaKind::CityDistrict } else { AreaKind::Settlement };
        let path = format!("{path}d{no}/");
        add_area(rows, (branch.district_no(no), Some(branch.no + 1)), kind, &name, &path);
    }
}

fn write_branch(branch: &Branch, rows: &mut Rows) {
    let (no, name) = (branch.no, branch.name);
    let branch_agency = Agency::Branch(no);
    add_organisation(
        rows,
        branch_agency,
        OrganisationKind::SocialService,
        format!("Branch of {name}"),
    );
    for (agency, kind, name) in [
        (Agency::School(no), OrganisationKind::Education, format!("School of {name}")),
        (Agency::Clinic(no), OrganisationKind::Health, format!("Clinic of {name}")),
    ] {
        add_organisation(rows, agency, kind, name);
        cover(rows, agency, branch.municipality_id());
        add_worker(rows, agency.clerk(), agency, Role::Reporter);
    }
    cover(rows, branch_agency, branch.municipality_id());
    for worker in branch.caseworkers() {
        add_worker(rows, worker, branch_agency, Role::Caseworker);
    }
    add_worker(rows, branch.supervisor(), branch_agency, Role::Supervisor);
}

fn founded() -> DateTime<Utc> {
    morning(FOUNDED)
}

fn add_area(
    rows: &mut Rows,
    (no, parent): (u32, Option<u32>),
    kind: AreaKind,
    name: &str,
    path: &str,
) {
    rows.area.push(area::Model {
        id: fixed(Kind::Area, no),
        parent_id: parent.map(|parent| fixed(Kind::Area, parent)),
        kind,
        name: name.to_owned(),
        path: path.to_owned(),
        version: 1,
        created_at: founded(),
        updated_at: founded(),
        created_by: None,
        updated_by: None,
    });
}

fn add_organisation(rows: &mut Rows, agency: Agency, kind: OrganisationKind, name: String) {
    let home = Agency::RegionalCentre;
    let (parent_id, path) = match agency {
        Agency::Branch(no) => (Some(home.id()), format!("/rc/b{no:02}/")),
        Agency::RegionalCentre => (None, "/rc/".to_owned()),
        other => (None, format!("/o{}/", other.no())),
    };
    rows.organisation.push(organisation::Model {
        id: agency.id(),
        parent_id,
        kind,
        name,
        path,
        status: OrganisationStatus::Active,
        version: 1,
        created_at: founded(),
        updated_at: founded(),
        created_by: None,
        updated_by: None,
    });
}

fn cover(rows: &mut Rows, agency: Agency, area_id: Uuid) {
    let organisation_id = agency.id();
    rows.organisation_area.push(organisation_area::Model { organisation_id, area_id });
}

/// Adds somebody on the staff. The memberships of those who act in the demo come last of all
/// rows, and are written elsewhere.
fn add_worker(rows: &mut Rows, no: u32, agency: Agency, role: Role) {
    if actors::is_actor(no) {
        return;
    }
    let subject = format!("worker-{no}@hearth.example");
    push_worker(rows, no, subject, names::of_staff(no));
    rows.membership.push(membership(no, agency, role, None));
}

pub fn push_worker(rows: &mut Rows, no: u32, subject: String, display_name: String) {
    rows.worker.push(worker::Model {
        id: worker_id(no),
        subject,
        display_name,
        status: WorkerStatus::Active,
        version: 1,
        created_at: founded(),
        updated_at: founded(),
        created_by: None,
        updated_by: None,
    });
}

pub fn membership(no: u32, agency: Agency, role: Role, area_id: Option<Uuid>) -> membership::Model {
    membership::Model {
        id: fixed(Kind::Membership, no),
        worker_id: worker_id(no),
        organisation_id: agency.id(),
        role,
        area_id,
        since: founded(),
        until: None,
    }
}
