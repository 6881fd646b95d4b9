//! Entries on registers, the decisions behind them, and children's legal statuses.

use chrono::NaiveDate;
use entity::decision;
use entity::episode::ClosureClass;
use entity::legal_status::{self, LegalStatusKind};
use entity::register_entry::{self, RegisterGrounds};
use uuid::Uuid;

use super::Chronicle;
use super::course::Span;
use super::household::{Makeup, Person};
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, morning};
use crate::synthetic::outline::Shape;
use crate::synthetic::reference::Book;

const FAMILY_GROUNDS: [RegisterGrounds; 6] = [
    RegisterGrounds::Poverty,
    RegisterGrounds::Dependence,
    RegisterGrounds::Housing,
    RegisterGrounds::EvasionOfDuties,
    RegisterGrounds::Neglect,
    RegisterGrounds::Other,
];
const CHILD_GROUNDS: [RegisterGrounds; 4] = [
    RegisterGrounds::Neglect,
    RegisterGrounds::Neglect,
    RegisterGrounds::Violence,
    RegisterGrounds::EvasionOfDuties,
];

/// An entry to be written.
#[derive(Clone, Copy)]
struct Entry {
    book: Book,
    person_id: Option<Uuid>,
    grounds: RegisterGrounds,
    since: NaiveDate,
    until: Option<NaiveDate>,
    decision_id: Option<Uuid>,
}

impl Entry {
    fn of_family(book: Book, grounds: RegisterGrounds, span: &Span) -> Self {
        let until = span.closed.map(|(closed_on, _)| closed_on);
        Self { book, person_id: None, grounds, since: span.opened_on, until, decision_id: None }
    }
}

impl Chronicle<'_> {
    pub(super) fn write_registers(&mut self) {
        for span in self.plot.course.spans.clone() {
            if self.plot.story.shape != Shape::Intake && self.plot.chance.percent(85) {
                let grounds = self.plot.chance.pick(&FAMILY_GROUNDS);
                self.enter(Entry::of_family(Book::FamiliesInDifficulty, grounds, &span));
            }
            if self.plot.chance.percent(4) {
                let grounds = RegisterGrounds::Housing;
                self.enter(Entry::of_family(Book::Households, grounds, &span));
            }
            self.write_children(&span);
        }
        self.write_legal_statuses();
    }

    /// A child on its own, because of neglect or violence; some because of both.
    fn write_children(&mut self, span: &Span) {
        let draw = self.plot.chance.below(100);
        let mut own = self.home.children.iter();
        let child = own.find(|child| child.born_on < span.opened_on).map(|child| child.id);
        let (Some(person_id), true) = (child, draw < 20) else { return };
        let since = after(span.opened_on, 5);
        if since > span.last_day(self.yesterday()) {
            return;
        }
        let until = span.closed.map(|(closed_on, _)| closed_on).filter(|until| *until > since);
        let book = if draw < 14 { Book::EvasionOrViolence } else { Book::ChildrenInDifficulty };
        let grounds = self.plot.chance.pick(&CHILD_GROUNDS);
        let decision_id =
            self.decide(Agency::Commission, "REGISTER_ENTRY", (Some(person_id), since));
        let decision_id = Some(decision_id);
        let entry = Entry { book, person_id: Some(person_id), grounds, since, until, decision_id };
        self.enter(entry);
        if draw < 3 && grounds != RegisterGrounds::Violence {
            self.enter(Entry { grounds: RegisterGrounds::Violence, ..entry });
        }
    }

    fn enter(&mut self, entry: Entry) {
        let recorded_at = self.plot.chance.moment(entry.since);
        let is_void = entry.until.is_none() && self.plot.chance.below(300) == 0;
        self.rows.register_entry.push(register_entry::Model {
            id: self.plot.chance.id(recorded_at),
            register_id: entry.book.id(),
            family_id: entry.person_id.is_none().then_some(self.family_id),
            person_id: entry.person_id,
            grounds: entry.grounds,
            decision_id: entry.decision_id,
            removal_decision_id: None,
            since: entry.since,
            until: entry.until,
            removal_reason: entry.until.map(|_| "The grounds no longer exist.".to_owned()),
            recorded_at,
            ended_recorded_at: entry.until.map(morning),
            voided_at: is_void.then_some(recorded_at),
            void_reason: is_void.then(|| "Entered on the wrong register.".to_owned()),
        });
    }

    /// Writes a decision of a body on a day, on a person or else on the family.
    pub(super) fn decide(
        &mut self,
        body: Agency,
        kind: &str,
        (person_id, decided_on): (Option<Uuid>, NaiveDate),
    ) -> Uuid {
        let recorded_at = self.plot.chance.moment(decided_on);
        let id = self.plot.chance.id(recorded_at);
        self.rows.decision.push(decision::Model {
            id,
            body_id: body.id(),
            family_id: person_id.is_none().then_some(self.family_id),
            person_id,
            kind: kind.to_owned(),
            number: format!("{}-{}", decided_on.format("%Y"), self.plot.chance.between(100, 9_999)),
            decided_on,
            effect_since: Some(decided_on),
            effect_until: None,
            document: None,
            recorded_at,
            recorded_by_id: None,
        });
        id
    }

    fn write_legal_statuses(&mut self) {
        let last_class = self.plot.course.latest().and_then(|span| span.closed);
        let children = self.home.children.clone();
        for (no, child) in children.iter().enumerate() {
            match last_class {
                Some((closed_on, ClosureClass::Adverse)) => self.lose_care(child, closed_on),
                _ if self.home.makeup == Makeup::Grandmother => self.under_guardian(child, no),
                _ => self.in_parental_care(child),
            }
        }
    }

    /// Rights are removed when the case is closed; the next status depends on the child.
    fn lose_care(&mut self, child: &Person, closed_on: NaiveDate) {
        let court_on = after(closed_on, -2);
        let removal =
            self.decide(Agency::Guardianship, "REMOVAL_OF_RIGHTS", (Some(child.id), court_on));
        self.status(child, LegalStatusKind::ParentalCare, (child.born_on, Some(court_on)), None);
        let placed_on = after(court_on, 40);
        let next = self.plot.chance.pick(&[
            LegalStatusKind::Guardianship,
            LegalStatusKind::Foster,
            LegalStatusKind::Adopted,
        ]);
        let is_placed = placed_on <= self.yesterday() && self.plot.chance.percent(60);
        let until = is_placed.then_some(placed_on);
        let without = LegalStatusKind::WithoutParentalCare;
        self.status(child, without, (court_on, until), Some(removal));
        if is_placed {
            let body = Agency::Guardianship;
            let decision = self.decide(body, "PLACEMENT_IN_FAMILY", (Some(child.id), placed_on));
            self.status(child, next, (placed_on, None), Some(decision));
        }
        self.enter(Entry {
            book: Book::WithoutCare,
            person_id: Some(child.id),
            grounds: RegisterGrounds::LossOfCare,
            since: court_on,
            until,
            decision_id: Some(removal),
        });
    }

    fn under_guardian(&mut self, child: &Person, no: usize) {
        let since = self.known_at.max(child.known_at).date_naive();
        let kind = match (self.plot.story.index + u32::try_from(no).unwrap_or_default()) % 8 {
            0 => LegalStatusKind::Orphan,
            1 => LegalStatusKind::Unknown,
            _ => LegalStatusKind::Guardianship,
        };
        let decision = (kind == LegalStatusKind::Guardianship)
            .then(|| self.decide(Agency::Guardianship, "GUARDIANSHIP", (Some(child.id), since)));
        self.status(child, kind, (since, None), decision);
    }

    /// Recorded where somebody asked: for some families only.
    fn in_parental_care(&mut self, child: &Person) {
        let is_asked = self.plot.story.berth.is_some()
            || self.plot.story.index < crate::synthetic::outline::FEATURED
            || self.plot.chance.percent(25);
        if is_asked {
            self.status(child, LegalStatusKind::ParentalCare, (child.born_on, None), None);
        }
    }

    fn status(
        &mut self,
        child: &Person,
        status: LegalStatusKind,
        (since, until): (NaiveDate, Option<NaiveDate>),
        decision_id: Option<Uuid>,
    ) {
        let recorded_at = morning(since).max(child.known_at);
        self.rows.legal_status.push(legal_status::Model {
            id: self.plot.chance.id(recorded_at),
            person_id: child.id,
            status,
            decision_id,
            since,
            until,
            recorded_at,
            ended_recorded_at: until.map(morning),
            voided_at: None,
            void_reason: None,
        });
    }
}
