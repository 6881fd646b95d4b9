//! The region that the families live in: its branches, and how many centres and intakes the
//! stories need.

use chrono::NaiveDate;
use entity::secret::{Fingerprint, Sealed, Secret};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::Sowing;
use super::agencies::{Agency, worker_id};
use super::calendar::after;
use super::chance::{Kind, fixed};
use super::outline::House;
use super::story::{Stories, Tally, municipalities};
use crate::access::{Place, Vault};

/// What is known before the first family.
#[derive(Debug)]
pub struct Region {
    pub sowing: Sowing,
    pub tally: Tally,
    branches: Vec<Branch>,
    vault: Vault,
    /// The branch of the municipality whose nine months of 2020 are known.
    pub historic: Branch,
}

/// A municipality with the branch that leads its families.
#[derive(Debug)]
pub struct Branch {
    pub no: u32,
    pub name: &'static str,
    workers: u32,
}

/// The number of the municipality that is history.
pub const HISTORIC: u32 = 90;

const NAMES: [&str; 20] = [
    "Calderfenn",
    "Brindlow Vale",
    "Ostmarrow",
    "Larkholt",
    "Tarnmere Hills",
    "Quillbeck",
    "Solvanne",
    "Merrowdene",
    "Fenwillow",
    "Ashmorrow",
    "Pellmarsh",
    "Dunfallow",
    "Rookhollow",
    "Thistlemar",
    "Greyreed",
    "Wyndlethorn",
    "Alderquay",
    "Harrowmist",
    "Silverlode",
    "Eldenbrook",
];

impl Region {
    pub fn found(sowing: Sowing, vault: Vault) -> Self {
        let workers = if sowing.families >= 20_000 { 8 } else { 5 };
        let branches = (0..)
            .zip(NAMES)
            .take(municipalities(sowing.families) as usize)
            .map(|(no, name)| Branch { no, name, workers })
            .collect();
        Self {
            tally: Stories::new(sowing.seed, sowing.families).tally(),
            sowing,
            branches,
            vault,
            historic: Branch { no: HISTORIC, name: "Quietwater", workers },
        }
    }

    /// The last day on which something can have happened.
    pub fn yesterday(&self) -> NaiveDate {
        after(self.sowing.today, -1)
    }

    /// A restricted value, sealed for its place.
    pub fn seal<C: ColumnTrait>(&self, column: C, row: Uuid, text: String) -> Sealed {
        let sealed = self.vault.seal(Place::of(column, row), &Secret::new(text));
        sealed.unwrap_or_else(|_| unreachable!("a text that was made up can be sealed"))
    }

    /// The hash by which a number is found again.
    pub fn fingerprint(&self, kind: &str, number: &str) -> Fingerprint {
        self.vault.fingerprint(kind, &Secret::new(number.to_owned()))
    }

    /// The branch of a municipality.
    pub fn branch(&self, no: u32) -> &Branch {
        self.branches.get(no as usize).unwrap_or(&self.historic)
    }

    pub fn all_branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().chain([&self.historic])
    }

    /// The centres, by kind and number.
    pub fn houses(&self) -> impl Iterator<Item = (House, u32)> {
        [House::Rehabilitation, House::Crisis, House::EarlyHelp, House::Planned]
            .into_iter()
            .flat_map(|house| (0..self.tally.centres(house)).map(move |centre| (house, centre)))
    }
}

impl Branch {
    pub fn organisation_id(&self) -> Uuid {
        Agency::Branch(self.no).id()
    }

    pub fn municipality_id(&self) -> Uuid {
        fixed(Kind::Area, self.no + 1)
    }

    /// Whether the municipality is the city, with districts; the others have a settlement.
    pub const fn is_city(&self) -> bool {
        self.no == 0
    }

    /// The areas within the municipality.
    pub fn districts(&self) -> impl Iterator<Item = (u32, String)> {
        let names: &[&str] = if self.is_city() {
            &["Old Town", "Riverside", "Northgate"]
        } else if self.no == HISTORIC {
            &[]
        } else {
            &["Mill End"]
        };
        (1..).zip(names.iter().map(|name| format!("{name}, {}", self.name)))
    }

    /// The number of an area within the municipality.
    pub const fn district_no(&self, no: u32) -> u32 {
        1_000 + self.no * 10 + no
    }

    /// Where a family lives: in the municipality, or in an area within it.
    pub fn home(&self, draw: u32) -> Uuid {
        match draw % 4 {
            0 if !self.is_city() => self.municipality_id(),
            no if self.is_city() => fixed(Kind::Area, self.district_no(1 + no % 3)),
            1 if self.no != HISTORIC => fixed(Kind::Area, self.district_no(1)),
            _ => self.municipality_id(),
        }
    }

    /// The numbers of the caseworkers.
    pub fn caseworkers(&self) -> impl Iterator<Item = u32> {
        (0..self.workers).map(|k| self.no * 100 + k)
    }

    /// The id of one of the caseworkers.
    pub fn caseworker(&self, draw: u32) -> Uuid {
        worker_id(self.no * 100 + draw % self.workers)
    }

    pub const fn supervisor(&self) -> u32 {
        self.no * 100 + 99
    }

    pub fn supervisor_id(&self) -> Uuid {
        worker_id(self.supervisor())
    }
}
