//! The people and the machine who act in demos and examples: one for each role, and a
//! caseworker from elsewhere. Their ids are the same in every sowing.

use entity::api_client::ApiClientStatus;
use entity::membership::Role;
use entity::{api_client, membership};
use uuid::Uuid;

use super::agencies::{self, Agency, membership, push_worker};
use super::calendar::{FOUNDED, morning};
use super::chance::{Kind, fixed};
use super::names;
use super::outline::House;
use super::rows::Rows;
use super::story::HOME;
use crate::access::viewer::RESTRICTED_SCOPE;

/// Somebody who acts, as a token would name them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// A short name for the command line, for example `caseworker`.
    pub key: &'static str,
    /// The role.
    pub role: Role,
    /// The subject of the tokens.
    pub subject: String,
    /// The client that the tokens are given to.
    pub client_id: String,
    /// The organisation that the actor acts for.
    pub organisation_id: Uuid,
    /// The scopes of the tokens.
    pub scopes: &'static [&'static str],
    /// The name shown.
    pub display_name: String,
    /// Who it is and what there is to see, in a sentence.
    pub about: &'static str,
}

struct Part {
    key: &'static str,
    role: Role,
    worker: u32,
    agency: Agency,
    scopes: &'static [&'static str],
    about: &'static str,
}

/// The client of people's tokens.
const CLIENT: &str = "hearth-demo";
/// The client id of the partner's machine account.
const PARTNER_CLIENT: &str = "open-door-sync";
const PARTNER_NAME: &str = "Open Door, case system";
const OTHER: u32 = HOME + 1;

const CAST: [Part; 12] = [
    Part {
        key: "caseworker",
        role: Role::Caseworker,
        worker: HOME * 100,
        agency: Agency::Branch(HOME),
        scopes: &[],
        about: "Works with the families of a branch; some children are in centres.",
    },
    Part {
        key: "supervisor",
        role: Role::Supervisor,
        worker: HOME * 100 + 99,
        agency: Agency::Branch(HOME),
        scopes: &[RESTRICTED_SCOPE],
        about: "Approves and assigns in the same branch; reads what is restricted.",
    },
    Part {
        key: "director",
        role: Role::Supervisor,
        worker: 200_005,
        agency: Agency::RegionalCentre,
        scopes: &[RESTRICTED_SCOPE],
        about: "Supervises the regional centre with all its branches; publishes reports of the region.",
    },
    Part {
        key: "coordinator",
        role: Role::AreaCoordinator,
        worker: 200_001,
        agency: Agency::RegionalCentre,
        scopes: &[],
        about: "Reads all families of the branch's municipality, in summary.",
    },
    Part {
        key: "centre_staff",
        role: Role::CentreStaff,
        worker: Agency::Provider(House::Rehabilitation, 0).clerk(),
        agency: Agency::Provider(House::Rehabilitation, 0),
        scopes: &[],
        about: "Works with the children placed in the first rehabilitation centre.",
    },
    Part {
        key: "ngo_worker",
        role: Role::NgoWorker,
        worker: Agency::FirstPartner.clerk(),
        agency: Agency::FirstPartner,
        scopes: &[],
        about: "Serves families that were referred to a partner, and sees little else of them.",
    },
    Part {
        key: "integration",
        role: Role::Integration,
        worker: 0,
        agency: Agency::SecondPartner,
        scopes: &[],
        about: "The machine account of another partner: its referrals and its reports.",
    },
    Part {
        key: "reporter",
        role: Role::Reporter,
        worker: Agency::School(HOME).clerk(),
        agency: Agency::School(HOME),
        scopes: &[],
        about: "A school's worker, who reports concerns and follows only those.",
    },
    Part {
        key: "analyst",
        role: Role::Analyst,
        worker: 200_002,
        agency: Agency::RegionalCentre,
        scopes: &[],
        about: "Asks for figures of the region, and sees no person.",
    },
    Part {
        key: "auditor",
        role: Role::Auditor,
        worker: 200_003,
        agency: Agency::RegionalCentre,
        scopes: &[],
        about: "Reads and verifies the audit trail.",
    },
    Part {
        key: "admin",
        role: Role::Admin,
        worker: 200_004,
        agency: Agency::RegionalCentre,
        scopes: &[],
        about: "Configures organisations, workers, clients and codes.",
    },
    Part {
        key: "caseworker_other",
        role: Role::Caseworker,
        worker: OTHER * 100,
        agency: Agency::Branch(OTHER),
        scopes: &[],
        about: "Works in the branch of another municipality: shares no family with the first.",
    },
];

/// Those who act, whatever the seed and the number of families.
pub fn actors() -> Vec<Actor> {
    CAST.iter()
        .map(|part| {
            let is_machine = part.role == Role::Integration;
            Actor {
                key: part.key,
                role: part.role,
                subject: part.subject(),
                client_id: if is_machine { PARTNER_CLIENT } else { CLIENT }.to_owned(),
                organisation_id: part.agency.id(),
                scopes: part.scopes,
                display_name: part.display_name(),
                about: part.about,
            }
        })
        .collect()
}

impl Part {
    fn subject(&self) -> String {
        if self.role == Role::Integration {
            return PARTNER_CLIENT.to_owned();
        }
        format!("{}@hearth.example", self.key)
    }

    fn display_name(&self) -> String {
        if self.role == Role::Integration {
            return PARTNER_NAME.to_owned();
        }
        names::of_staff(self.worker)
    }

    /// The coordinator's area is the municipality of the caseworker's branch.
    fn area_id(&self) -> Option<Uuid> {
        (self.role == Role::AreaCoordinator).then(|| fixed(Kind::Area, HOME + 1))
    }

    fn membership(&self) -> membership::Model {
        membership(self.worker, self.agency, self.role, self.area_id())
    }
}

fn people() -> impl Iterator<Item = &'static Part> {
    CAST.iter().filter(|part| part.role != Role::Integration)
}

/// Whether the worker with a number is one of those who act.
pub fn is_actor(worker: u32) -> bool {
    people().any(|part| part.worker == worker)
}

/// Writes the workers and the machine account of those who act, without memberships.
pub fn write_workers(rows: &mut Rows) {
    for part in people() {
        push_worker(rows, part.worker, part.subject(), part.display_name());
    }
    let founded = morning(FOUNDED);
    rows.api_client.push(api_client::Model {
        id: machine_id(),
        organisation_id: Agency::SecondPartner.id(),
        client_id: PARTNER_CLIENT.to_owned(),
        name: PARTNER_NAME.to_owned(),
        status: ApiClientStatus::Active,
        version: 1,
        created_at: founded,
        updated_at: founded,
        created_by: None,
        updated_by: None,
    });
}

/// Writes the memberships of those who act: the last rows of a sowing, which show that it is
/// complete.
pub fn write_memberships(rows: &mut Rows) {
    rows.membership.extend(people().map(Part::membership));
}

/// The partner's machine account.
pub fn machine_id() -> Uuid {
    fixed(Kind::ApiClient, 1)
}

/// A membership that only a complete sowing has.
pub fn last_membership_id() -> Uuid {
    fixed(Kind::Membership, OTHER * 100)
}

/// The worker who reports from the school of a municipality.
pub fn reporter_id(municipality: u32) -> Uuid {
    agencies::worker_id(Agency::School(municipality).clerk())
}
