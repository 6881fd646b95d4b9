//! Assessments of a family, after the opening and again in long episodes.

use chrono::NaiveDate;
use entity::assessment::{self, AssessmentStatus};
use entity::case::RiskLevel;

use super::Chronicle;
use super::course::Span;
use crate::synthetic::calendar::{after, days_between};
use crate::synthetic::outline::Shape;

const NEEDS: [&str; 6] = [
    "Warm and safe housing; help with documents.",
    "Support in raising a child after a loss of work.",
    "Treatment of a dependence, and care of the children meanwhile.",
    "Regular meals and school attendance.",
    "A way out of violence at home.",
    "Medical care of the youngest child.",
];

impl Chronicle<'_> {
    pub(super) fn write_assessments(&mut self) {
        use AssessmentStatus::{Approved, Draft, Rejected, Submitted};
        for span in self.plot.course.spans.clone() {
            let first_on = self.plot.chance.day_after(span.opened_on, 4, 7);
            match (self.plot.story.shape, self.plot.story.index % 3) {
                (Shape::Intake, _) => {}
                (Shape::Assessment, 0) => self.assess(first_on, Draft),
                (Shape::Assessment, 1) => self.assess(first_on, Submitted),
                (Shape::Assessment, _) => self.assess(first_on, Rejected),
                _ => {
                    self.assess(first_on, Approved);
                    self.assess_again(&span);
                }
            }
        }
    }

    fn assess_again(&mut self, span: &Span) {
        let last_day = span.last_day(self.yesterday());
        if days_between(span.opened_on, last_day) > 230 {
            let again_on = self.plot.chance.day_after(last_day, -40, -8);
            self.assess(again_on, AssessmentStatus::Approved);
        }
    }

    fn assess(&mut self, assessed_on: NaiveDate, status: AssessmentStatus) {
        use AssessmentStatus::{Approved, Draft, Rejected};
        let scores = [(); 5].map(|()| self.plot.chance.below(5));
        let score = i32::try_from(scores.iter().sum::<u32>()).unwrap_or_default();
        let [housing, care, health, school, income] = scores;
        let is_decided = matches!(status, Approved | Rejected);
        let stamp = self.stamp(assessed_on, is_decided.then(|| after(assessed_on, 1)));
        let is_written = status != Draft;
        self.rows.assessment.push(assessment::Model {
            id: self.plot.chance.id(stamp.made_at),
            case_id: self.case_id,
            family_id: self.family_id,
            tool: "family-needs".to_owned(),
            tool_version: "2".to_owned(),
            answers: format!(
                "{{\"housing\":{housing},\"care\":{care},\"health\":{health},\"school\":{school},\"income\":{income}}}"
            ),
            score: is_written.then_some(score),
            risk_level: is_written.then(|| risk_of(score)),
            needs: is_written.then(|| self.plot.chance.pick(&NEEDS).to_owned()),
            assessed_on,
            assessed_by_id: self.lead_on(assessed_on),
            approved_by_id: is_decided.then(|| self.plot.branch.supervisor_id()),
            status,
            decision_note: None,
            next_due_on: (status == Approved).then(|| after(assessed_on, 180)),
            version: stamp.version,
            created_at: stamp.made_at,
            updated_at: stamp.changed_at,
            created_by: stamp.by,
            updated_by: stamp.by,
        });
    }
}

const fn risk_of(score: i32) -> RiskLevel {
    match score {
        ..=6 => RiskLevel::Low,
        7..=11 => RiskLevel::Medium,
        12..=15 => RiskLevel::High,
        _ => RiskLevel::Critical,
    }
}
