//! The known nine months of one municipality, January to September 2020: 51 families with 123
//! children, of whom 11 overcame their difficulties, 35 continue, 3 moved away, and 2 lost
//! their parental rights. Nothing else ever happened there.

use chrono::NaiveDate;
use entity::episode::ClosureClass;

use super::calendar::{after, day};
use super::chance::Chance;
use super::history::course::{Course, Span, report_before, status_of};
use super::history::{Plot, tell_plot};
use super::outline::Shape;
use super::region::Region;
use super::rows::Rows;
use super::story::{Story, Tie};

/// How many families.
pub const FAMILIES: u32 = 51;

/// The first of them have three children, the rest two.
const OF_THREE: u32 = 21;
const OPENED: NaiveDate = day(2020, 1, 1);
const CONTINUES_AFTER: NaiveDate = day(2020, 10, 12);
/// Numbers beyond those that mean something special.
const NUMBERS: u32 = 4_000_000_000;
const STREAM: u64 = 1 << 42;

/// Writes the families of those nine months.
pub fn write(region: &Region, rows: &mut Rows) {
    for no in 0..FAMILIES {
        let mut chance = Chance::new(region.sowing.seed, STREAM + u64::from(no));
        let span = span(no, &mut chance);
        let class = span.closed.map_or(ClosureClass::Overcame, |(_, class)| class);
        let shape = Shape::Closed(class);
        let plot = Plot {
            story: Story {
                index: NUMBERS + no,
                shape,
                berth: None,
                seat: None,
                referral: None,
                municipality: region.historic.no,
                tie: Tie::None,
            },
            course: Course { status: status_of(shape), spans: vec![span], stay: None, seat: None },
            branch: &region.historic,
            reference: format!("2020-{:02}", no + 1),
            children: Some(if no < OF_THREE { 3 } else { 2 }),
            chance,
        };
        tell_plot(region, plot, rows);
    }
}

/// Two families of five were carried in from 2019. Those that continue at the end of
/// September are closed within the year after.
fn span(no: u32, chance: &mut Chance) -> Span {
    let class = class(no);
    let opened_on = if no % 5 < 2 {
        chance.day_after(OPENED, -200, -10)
    } else {
        chance.day_after(OPENED, 0, 95)
    };
    let closed_on = match class {
        Some(_) => chance.day_after(OPENED, 190, 266),
        None => chance.day_after(CONTINUES_AFTER, 0, 380),
    };
    Span {
        opened_on,
        closed: Some((closed_on, class.unwrap_or(ClosureClass::Overcame))),
        reported_on: report_before(opened_on, chance).map(|day| day.min(after(opened_on, -1))),
    }
}

/// How it ended within the nine months, if it did.
const fn class(no: u32) -> Option<ClosureClass> {
    match no {
        4..=14 => Some(ClosureClass::Overcame),
        19 | 26 | 33 => Some(ClosureClass::Moved),
        40 | 47 => Some(ClosureClass::Adverse),
        _ => None,
    }
}
