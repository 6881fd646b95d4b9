//! The days of a family's history: first those of its stay and its seat, then an episode of
//! the case around them.

use chrono::NaiveDate;
use entity::case::CaseStatus;
use entity::enrolment::{EnrolmentOutcome, EnrolmentStatus};
use entity::episode::ClosureClass;
use entity::placement::PlacementStatus;

use crate::synthetic::calendar::after;
use crate::synthetic::chance::Chance;
use crate::synthetic::outline::{House, Shape};
use crate::synthetic::story::{Berth, Seat, Story};

/// The days of a family's history.
#[derive(Clone, Debug)]
pub struct Course {
    pub status: CaseStatus,
    /// The episodes, oldest first; only the last one can be open.
    pub spans: Vec<Span>,
    pub stay: Option<StayDays>,
    pub seat: Option<SeatDays>,
}

/// An episode of a case.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub opened_on: NaiveDate,
    pub closed: Option<(NaiveDate, ClosureClass)>,
    /// Since when a report was known that led to it.
    pub reported_on: Option<NaiveDate>,
}

/// The days of a placement.
#[derive(Clone, Copy, Debug)]
pub struct StayDays {
    pub requested: NaiveDate,
    pub admitted: Option<NaiveDate>,
    /// Discharged, refused, cancelled or expired.
    pub ended: Option<NaiveDate>,
}

/// The days of an enrolment.
#[derive(Clone, Copy, Debug)]
pub struct SeatDays {
    pub requested_on: NaiveDate,
    pub enrolled_on: Option<NaiveDate>,
    pub ended: Option<(NaiveDate, EnrolmentOutcome)>,
}

impl Span {
    /// The last day on which something can have happened in it.
    pub fn last_day(&self, yesterday: NaiveDate) -> NaiveDate {
        self.closed.map_or(yesterday, |(closed_on, _)| closed_on)
    }

    /// The day of the report, or else of the opening.
    pub fn begins_on(&self) -> NaiveDate {
        self.reported_on.unwrap_or(self.opened_on)
    }
}

impl Course {
    /// The days of a story, as seen from a day.
    pub fn of(story: &Story, today: NaiveDate, chance: &mut Chance) -> Self {
        let stay = story.berth.map(|berth| StayDays::of(&berth, today, chance));
        let seat = story.seat.map(|seat| SeatDays::of(&seat, today, chance));
        let first = [stay.map(|days| days.requested), seat.map(|days| days.requested_on)];
        let last = [
            stay.and_then(|days| days.ended),
            seat.and_then(|days| days.ended.map(|(ended_on, _)| ended_on)),
        ];
        let around = Around {
            from: first.into_iter().flatten().min(),
            until: last.into_iter().flatten().max(),
        };
        Self {
            status: status_of(story.shape),
            spans: around.spans(story, today, chance),
            stay,
            seat,
        }
    }

    /// The latest episode.
    pub fn latest(&self) -> Option<&Span> {
        self.spans.last()
    }
}

pub const fn status_of(shape: Shape) -> CaseStatus {
    match shape {
        Shape::Intake => CaseStatus::Intake,
        Shape::Assessment => CaseStatus::Assessment,
        Shape::Planning(_) => CaseStatus::Planning,
        Shape::Active(_) | Shape::Reopened => CaseStatus::Active,
        Shape::Monitoring => CaseStatus::Monitoring,
        Shape::ClosureRequested => CaseStatus::ClosureRequested,
        Shape::Closed(_) | Shape::ClosedTwice => CaseStatus::Closed,
    }
}

/// What an episode must reach around.
struct Around {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Around {
    fn spans(&self, story: &Story, today: NaiveDate, chance: &mut Chance) -> Vec<Span> {
        let class = match story.shape {
            Shape::Closed(class) => Some(class),
            Shape::ClosedTwice => Some(ClosureClass::Overcame),
            _ => None,
        };
        let latest = match class {
            Some(class) => self.closed_span(class, today, chance),
            None => self.open_span(story.shape, today, chance),
        };
        if !matches!(story.shape, Shape::Reopened | Shape::ClosedTwice) {
            return vec![latest];
        }
        let closed_on = chance.day_after(latest.begins_on(), -300, -40);
        let opened_on = chance.day_after(closed_on, -240, -100);
        let closed = Some((closed_on, ClosureClass::Overcame));
        vec![Span { opened_on, closed, reported_on: report_before(opened_on, chance) }, latest]
    }

    fn open_span(&self, shape: Shape, today: NaiveDate, chance: &mut Chance) -> Span {
        let (most, least) = match shape {
            Shape::Intake => (6, 2),
            Shape::Assessment => (25, 8),
            Shape::Planning(_) => (60, 34),
            Shape::Active(_) => (480, 70),
            Shape::Reopened => (240, 70),
            _ => (640, 240),
        };
        let opened_on = self.early_enough(chance.day_after(today, -most, -least), chance);
        Span { opened_on, closed: None, reported_on: report_before(opened_on, chance) }
    }

    fn closed_span(&self, class: ClosureClass, today: NaiveDate, chance: &mut Chance) -> Span {
        let drawn = chance.day_after(today, -420, -6);
        let closed_on = match self.until {
            Some(until) => drawn.max(chance.day_after(until, 15, 60)),
            None => drawn,
        };
        let opened_on = self.early_enough(chance.day_after(closed_on, -420, -100), chance);
        let reported_on = report_before(opened_on, chance);
        Span { opened_on, closed: Some((closed_on, class)), reported_on }
    }

    /// A day that is early enough for a plan before the stay or the seat.
    fn early_enough(&self, drawn: NaiveDate, chance: &mut Chance) -> NaiveDate {
        let Some(from) = self.from else { return drawn };
        drawn.min(chance.day_after(from, -90, -34))
    }
}

/// Most cases begin with a report, some days earlier.
pub fn report_before(opened_on: NaiveDate, chance: &mut Chance) -> Option<NaiveDate> {
    chance.percent(80).then(|| chance.day_after(opened_on, -9, -1))
}

impl StayDays {
    fn of(berth: &Berth, today: NaiveDate, chance: &mut Chance) -> Self {
        use PlacementStatus::{
            Admitted, Approved, Cancelled, Discharged, Expired, OnLeave, Refused, Requested,
            Reserved, Waitlisted,
        };
        let longest = if berth.house == House::Crisis { 60 } else { 130 };
        match berth.status {
            Admitted | OnLeave => {
                let admitted = chance.day_after(today, -longest + 10, -8);
                Self::admitted(admitted, None, chance)
            }
            Discharged => {
                let window = after(today, -150 - 200 * i64::from(berth.window));
                let admitted = chance.day_after(window, 0, 60);
                let discharged = chance.day_after(admitted, longest / 3, longest);
                Self::admitted(admitted, Some(discharged), chance)
            }
            Requested => Self::requested(chance.day_after(today, -6, -1)),
            Approved => Self::requested(chance.day_after(today, -10, -3)),
            Reserved => Self::requested(chance.day_after(today, -20, -6)),
            Waitlisted => Self::requested(chance.day_after(today, -40, -10)),
            Refused | Cancelled | Expired => {
                let requested = chance.day_after(today, -200, -40);
                let ended = Some(chance.day_after(requested, 5, 20));
                Self { ended, ..Self::requested(requested) }
            }
        }
    }

    const fn requested(requested: NaiveDate) -> Self {
        Self { requested, admitted: None, ended: None }
    }

    fn admitted(admitted: NaiveDate, ended: Option<NaiveDate>, chance: &mut Chance) -> Self {
        let requested = chance.day_after(admitted, -14, -2);
        Self { requested, admitted: Some(admitted), ended }
    }
}

impl SeatDays {
    fn of(seat: &Seat, today: NaiveDate, chance: &mut Chance) -> Self {
        use EnrolmentStatus::{
            Ended, Enrolled, Expired, InProgress, Ineligible, Offered, Requested, Suspended,
            Waitlisted, Withdrawn,
        };
        let term = seat.scheme.term(today, seat.cohort);
        let (requested_on, enrolled_on) = match seat.status {
            InProgress | Suspended | Ended => {
                let requested_on = chance.day_after(term.opens, 0, 15);
                (requested_on, Some(chance.day_after(requested_on, 3, 14)))
            }
            Enrolled => {
                let requested_on = chance.day_after(today, -20, -5);
                (requested_on, Some(chance.day_after(requested_on, 2, 4)))
            }
            Waitlisted => (chance.day_after(today, -40, -5), None),
            Offered | Expired | Withdrawn => (chance.day_after(today, -25, -12), None),
            Requested | Ineligible => (chance.day_after(today, -20, -1), None),
        };
        let ended = (seat.status == Ended).then(|| match (chance.below(5), enrolled_on) {
            (0, Some(enrolled_on)) => {
                (chance.day_after(enrolled_on, 20, 60), EnrolmentOutcome::DroppedOut)
            }
            (1, Some(enrolled_on)) => {
                (chance.day_after(enrolled_on, 30, 70), EnrolmentOutcome::Other)
            }
            _ => (term.ends, EnrolmentOutcome::Completed),
        });
        Self { requested_on, enrolled_on, ended }
    }
}
