//! Who may move a placement, and from where: the centre to which it leads, or who leads the work with
//! the person.

use chrono::{DateTime, Utc};
use entity::placement::{self, Column, PlacementStatus};
use sea_orm::{ActiveEnum, ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::keeping;
use super::roll::{Line, Roll};
use crate::access::Session;
use crate::casework::change::{Change, Right};
use crate::casework::problem::{Halt, Problem};
use crate::casework::state::Machine;
use crate::casework::wording::{Placing, Text};

/// Where the input names the placement.
const PATH: &str = "input.id";

/// Whose act it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The centre's.
    Centre,
    /// The centre's, or of who leads the work with the person.
    Either,
}

/// A placement with the roll of its centre, kept from others until the change is over.
#[derive(Debug)]
pub struct Entered {
    /// The roll, with what ran out and what was given to those who wait.
    pub roll: Roll,
    /// The line of the placement.
    pub place: usize,
}

/// A placement that is the viewer's to move.
pub async fn enter(
    change: &Change,
    id: Uuid,
    expected_version: Option<i32>,
    whose: Whose,
) -> Result<Entered, Halt> {
    enter_with(change, (id, None), expected_version, whose).await
}

/// The same, with the centre of a unit to which it moves.
pub async fn enter_with(
    change: &Change,
    (id, unit_id): (Uuid, Option<Uuid>),
    expected_version: Option<i32>,
    whose: Whose,
) -> Result<Entered, Halt> {
    let mut roll = keeping::enter(change, id, unit_id, PATH).await?;
    let place = roll.place_of(id).ok_or_else(|| Problem::not_found(PATH))?;
    let row = roll.row(place).ok_or_else(|| Problem::not_found(PATH))?;
    let is_theirs =
        runs(change, &roll, row.centre_id) || (whose == Whose::Either && leads(change, id).await?);
    if !is_theirs {
        return Err(Problem::at(PATH, Placing::CentreDecides).into());
    }
    change.expect_some(row, row, expected_version)?;
    roll.settle();
    Ok(Entered { roll, place })
}

/// Whether the viewer acts for the organisation that runs a centre.
pub fn runs(change: &Change, roll: &Roll, centre_id: Uuid) -> bool {
    let organisations = &change.session().viewer().organisations;
    roll.centres
        .get(&centre_id)
        .is_some_and(|centre| organisations.contains(&centre.organisation_id))
}

async fn leads(change: &Change, id: Uuid) -> Result<bool, Halt> {
    let led = change.see::<placement::Entity>(Right::Led).filter(Column::Id.eq(id));
    Ok(led.one(change.connection()).await?.is_some())
}

impl Entered {
    /// The placement.
    pub fn row(&self) -> Result<&placement::Model, Halt> {
        self.roll.row(self.place).ok_or_else(|| Problem::not_found(PATH).into())
    }

    /// Refuses a move that the machine does not have from where the placement stands; a reservation
    /// that ran out is told as such.
    pub fn check(&self, next: PlacementStatus) -> Result<(), Halt> {
        let row = self.row()?;
        let before = self.roll.lines.get(self.place).and_then(|line| line.before.as_ref());
        let ran_out = row.status == PlacementStatus::Expired
            && before.is_some_and(|before| before.status == PlacementStatus::Reserved);
        if ran_out {
            return Err(Problem::at(PATH, Placing::ReservationRanOut)
                .from_where(row.status)
                .into());
        }
        row.status.check(next, PATH)
    }

    /// Whether it waited for a place, and has one now.
    pub fn was_given(&self) -> bool {
        let line = self.roll.lines.get(self.place);
        line.is_some_and(|line| {
            let waited = line.before.as_ref().map(|before| before.status);
            waited == Some(PlacementStatus::Waitlisted)
                && line.row.status == PlacementStatus::Reserved
        })
    }

    /// The placement with those of its group who take the same step.
    pub fn party(&self, next: PlacementStatus) -> Result<Vec<usize>, Halt> {
        self.check(next)?;
        let status = self.row()?.status;
        let party = self.roll.group_of(self.place);
        let apart = self.lines(&party).into_iter().find(|line| line.row.status != status);
        match apart {
            Some(line) => {
                Err(Problem::at(PATH, Placing::GroupApart).from_where(line.row.status).into())
            }
            None => Ok(party),
        }
    }

    /// The lines of a party.
    pub fn lines(&self, party: &[usize]) -> Vec<&Line> {
        party.iter().filter_map(|place| self.roll.lines.get(*place)).collect()
    }

    /// Refuses places that the centre does not give out, and persons who died or have another place: a
    /// second reservation is refused to who reserves, a second residential stay to who admits.
    pub fn check_free(&self, party: &[usize], is_admission: bool) -> Result<(), Halt> {
        for line in self.lines(party) {
            self.check_line(line, is_admission)?;
        }
        Ok(())
    }

    fn check_line(&self, line: &Line, is_admission: bool) -> Result<(), Halt> {
        let centre = self.roll.centres.get(&line.row.centre_id);
        if let Some(centre) = centre.filter(|centre| !self.roll.is_open(centre.id)) {
            let status = centre.status.to_value();
            return Err(Problem::at(PATH, Placing::CentreNotOpen { status }).into());
        }
        if line.person.death_date.is_some() {
            return Err(Problem::at(PATH, Text::AfterDeath).into());
        }
        if !is_admission && self.roll.has_reservation(line) {
            return Err(Problem::at(PATH, Placing::ReservedElsewhere).into());
        }
        if is_admission && line.row.is_residential && self.roll.is_resident(line) {
            return Err(Problem::at(PATH, Placing::PlacedElsewhere).into());
        }
        Ok(())
    }

    /// A time that is not before another one, nor in the future; now, if none is given.
    pub fn time(
        &self,
        session: &Session,
        at: Option<DateTime<Utc>>,
        (earliest, path): (DateTime<Utc>, &str),
    ) -> Result<DateTime<Utc>, Halt> {
        let at = at.unwrap_or(self.roll.now);
        if at > self.roll.now {
            return Err(Problem::at(path, Text::InFuture { today: self.roll.today }).into());
        }
        if at < earliest {
            let earliest = session.day_of(earliest);
            return Err(Problem::at(path, Text::TooEarly { earliest }).into());
        }
        Ok(at)
    }

    /// Refuses a party for which too few places are free.
    pub fn check_places(&self, party: &[usize]) -> Result<(), Halt> {
        match self.roll.lacking(party) {
            Some(lacking) => Err(no_place(PATH, lacking).into()),
            None => Ok(()),
        }
    }
}

/// That too few places are free: how many there are, and that one may wait.
pub fn no_place(path: &str, (free, wanted): (i32, i32)) -> Problem {
    Problem::at(path, Placing::NoPlaceFree { free, wanted }).with_places(free, true)
}
