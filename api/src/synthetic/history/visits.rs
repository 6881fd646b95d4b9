//! Visits to a family: to verify a report, then regularly, and one that is planned.

use chrono::NaiveDate;
use entity::visit::{self, VisitPurpose, VisitStatus};
use entity::visit_child;
use uuid::Uuid;

use super::Chronicle;
use super::course::Span;
use crate::synthetic::calendar::{after, days_between};
use crate::synthetic::outline::Shape;

const NOTES: [&str; 7] = [
    "The flat was warm; there was food; the children played.",
    "The mother was tired; agreed on a talk with the psychologist.",
    "The father was not at home; the younger child has a cough.",
    "School says the child has come every day since the last visit.",
    "The kitchen is being repaired; the neighbours help with meals.",
    "The parent was sober and spoke of the course; the child was calm.",
    "The child asked when the drawing class begins.",
];
const STATUSES: [(u32, VisitStatus); 4] = [
    (85, VisitStatus::Completed),
    (6, VisitStatus::NoAccess),
    (4, VisitStatus::Missed),
    (5, VisitStatus::Cancelled),
];
/// How many regular visits an episode has at most.
const MOST: i64 = 5;

impl Chronicle<'_> {
    pub(super) fn write_visits(&mut self) {
        for span in self.plot.course.spans.clone() {
            if span.reported_on.is_some() {
                let purpose = VisitPurpose::Verification;
                self.visit(span.opened_on, purpose, VisitStatus::Completed);
            }
            self.write_regular(&span);
            if span.closed.is_none() && self.plot.story.shape != Shape::Intake {
                let planned_for = self.plot.chance.day_after(self.today(), 1, 25);
                self.visit(planned_for, VisitPurpose::Monitoring, VisitStatus::Scheduled);
            }
        }
    }

    fn write_regular(&mut self, span: &Span) {
        let last_day = span.last_day(self.yesterday());
        let length = days_between(span.opened_on, last_day);
        let count = (length / 22).min(self.plot.chance.between(3, MOST));
        for no in 1..=count {
            let early = self.plot.chance.between(0, length / (count + 1) / 3);
            let day = after(span.opened_on, length * no / count - early);
            let purpose = self.purpose(day);
            let status = self.plot.chance.weigh(&STATUSES);
            if day > span.opened_on {
                self.visit(day, purpose, status);
            }
        }
    }

    fn purpose(&mut self, day: NaiveDate) -> VisitPurpose {
        let discharged_on = self.plot.course.stay.and_then(|stay| stay.ended);
        let ended_on = self.plot.course.seat.and_then(|seat| seat.ended).map(|(day, _)| day);
        if discharged_on.is_some_and(|discharged_on| discharged_on < day) {
            VisitPurpose::PostDischarge
        } else if ended_on.is_some_and(|ended_on| ended_on < day) {
            VisitPurpose::FollowUp
        } else if self.plot.chance.percent(7) {
            VisitPurpose::Crisis
        } else {
            VisitPurpose::Monitoring
        }
    }

    fn visit(&mut self, scheduled_for: NaiveDate, purpose: VisitPurpose, status: VisitStatus) {
        let is_made = status == VisitStatus::Completed;
        let is_tried = is_made || status == VisitStatus::NoAccess;
        let known_on = scheduled_for.min(self.yesterday());
        let stamp = self.stamp(known_on, None);
        let id = self.plot.chance.id(stamp.made_at);
        let has_note = is_made && self.plot.chance.percent(80);
        let interval = self.plot.chance.pick(&[14, 30, 30, 60]);
        let is_void = is_made && self.plot.chance.below(200) == 0;
        self.rows.visit.push(visit::Model {
            id,
            case_id: Some(self.case_id),
            concern_report_id: None,
            enrolment_id: None,
            family_id: self.family_id,
            worker_id: stamp.by,
            purpose,
            scheduled_for,
            visited_at: is_tried.then_some(stamp.made_at),
            status,
            note: has_note.then(|| self.plot.chance.pick(&NOTES).to_owned()),
            next_due_on: is_made.then(|| after(scheduled_for, interval)),
            recorded_at: stamp.made_at,
            version: stamp.version,
            created_at: stamp.made_at,
            updated_at: stamp.changed_at,
            created_by: stamp.by,
            updated_by: stamp.by,
            voided_at: is_void.then_some(stamp.made_at),
            void_reason: is_void.then(|| "Written in the wrong file.".to_owned()),
        });
        if is_made {
            self.see_children(id, scheduled_for);
        }
    }

    fn see_children(&mut self, visit_id: Uuid, day: NaiveDate) {
        for person_id in self.children_on(day) {
            let seen = self.plot.chance.percent(90);
            let seen_alone = seen && self.plot.chance.percent(35);
            self.rows.visit_child.push(visit_child::Model {
                visit_id,
                person_id,
                seen,
                seen_alone,
            });
        }
    }
}
