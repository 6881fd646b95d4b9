//! The case with its episodes and the workers assigned to it.

use chrono::NaiveDate;
use entity::assignment::{self, AssignmentRole};
use entity::case::{self, CaseKind, CaseStatus, RiskLevel, SupportLevel};
use entity::enrolment::EnrolmentStatus;
use entity::episode::{self, ClosureClass};
use uuid::Uuid;

use super::Chronicle;
use super::course::Span;
use crate::synthetic::calendar::{days_between, morning};
use crate::synthetic::outline::{House, Scheme, Shape};

const LEVELS: [(u32, SupportLevel); 4] = [
    (25, SupportLevel::Adaptation),
    (50, SupportLevel::Basic),
    (20, SupportLevel::Crisis),
    (5, SupportLevel::Emergency),
];
const RISKS: [(u32, RiskLevel); 4] = [
    (25, RiskLevel::Low),
    (45, RiskLevel::Medium),
    (25, RiskLevel::High),
    (5, RiskLevel::Critical),
];
const KINDS: [(u32, CaseKind); 4] = [
    (15, CaseKind::EarlyHelp),
    (60, CaseKind::Accompaniment),
    (19, CaseKind::ChildProtection),
    (6, CaseKind::Aftercare),
];
const REASONS: [&str; 5] = [
    "The facts of a report were confirmed.",
    "Parents need help in raising their children.",
    "Neglect was found at a visit.",
    "The family has no income and unsafe housing.",
    "A child often misses school.",
];

impl Chronicle<'_> {
    pub(super) fn write_case(&mut self) {
        let spans = self.plot.course.spans.clone();
        let (Some(first), Some(latest)) = (spans.first().copied(), spans.last().copied()) else {
            return;
        };
        let status = self.plot.course.status;
        let made_at = morning(first.opened_on);
        let (support_level, risk_level) = self.levels(status);
        let kind = self.kind_of_case();
        self.rows.case.push(case::Model {
            id: self.case_id,
            family_id: self.family_id,
            reference: format!("C-{}", self.plot.reference),
            kind,
            lead_organisation_id: self.organisation_id(),
            area_id: self.area_id,
            status,
            support_level,
            risk_level,
            opened_on: first.opened_on,
            closed_on: latest.closed.map(|(closed_on, _)| closed_on),
            version: 1 + status as i32,
            created_at: made_at,
            updated_at: self.touched_at.max(made_at),
            created_by: Some(self.lead_on(first.opened_on)),
            updated_by: Some(self.lead_on(self.yesterday())),
        });
        for (no, span) in (1..).zip(&spans) {
            self.write_episode(no, span);
        }
        self.write_assignments();
    }

    fn kind_of_case(&mut self) -> CaseKind {
        match (self.plot.story.berth, self.plot.story.seat) {
            (Some(berth), _) if berth.house == House::Rehabilitation => CaseKind::AlternativeCare,
            (_, Some(seat)) if seat.scheme == Scheme::EarlyHelp => CaseKind::EarlyHelp,
            _ => self.plot.chance.weigh(&KINDS),
        }
    }

    /// No level is known at intake; the parents' school asks for a risk above the lowest.
    fn levels(&mut self, status: CaseStatus) -> (Option<SupportLevel>, Option<RiskLevel>) {
        let (level, risk) = (self.plot.chance.weigh(&LEVELS), self.plot.chance.weigh(&RISKS));
        let risk = match self.plot.story.seat {
            Some(seat) if seat.scheme == Scheme::ParentsSchool => match seat.status {
                EnrolmentStatus::Ineligible => RiskLevel::Low,
                _ => risk.max(RiskLevel::Medium),
            },
            _ => risk,
        };
        match status {
            CaseStatus::Intake => (None, None),
            CaseStatus::Closed => (Some(SupportLevel::Adaptation), Some(RiskLevel::Low)),
            _ => (Some(level), Some(risk)),
        }
    }

    fn write_episode(&mut self, no: i32, span: &Span) {
        let recorded_at = morning(span.opened_on);
        let is_requested = self.plot.story.shape == Shape::ClosureRequested;
        let class = match span.closed {
            Some((_, class)) => Some(class),
            None => is_requested.then_some(ClosureClass::Overcame),
        };
        let closed_on = span.closed.map(|(closed_on, _)| closed_on);
        let asked_on = closed_on.unwrap_or(self.yesterday());
        let words = class.map(closure_words);
        self.rows.episode.push(episode::Model {
            id: self.plot.chance.id(recorded_at),
            case_id: self.case_id,
            family_id: self.family_id,
            no,
            opened_on: span.opened_on,
            reason: self.plot.chance.pick(&REASONS).to_owned(),
            source_report_id: None,
            closed_on,
            closure_class: class,
            closure_reason: words.map(|(reason, _)| reason.to_owned()),
            summary: words.map(|(_, summary)| summary.to_owned()),
            closed_by_id: class.map(|_| self.lead_on(asked_on)),
            approved_by_id: closed_on.map(|_| self.plot.branch.supervisor_id()),
            recorded_at,
            closure_recorded_at: closed_on.map(|day| self.plot.chance.moment(day)),
        });
    }

    fn write_assignments(&mut self) {
        for lead in self.leads.clone() {
            self.assign(lead.worker_id, AssignmentRole::Lead, lead.since, lead.until);
        }
        let Some(span) = self.plot.course.latest().copied() else { return };
        let until = span.closed.map(|(closed_on, _)| closed_on);
        if self.plot.chance.percent(12) {
            let supervisor_id = self.plot.branch.supervisor_id();
            self.assign(supervisor_id, AssignmentRole::Supervisor, span.opened_on, until);
        }
        let is_long = days_between(span.opened_on, span.last_day(self.yesterday())) > 30;
        let draw = self.plot.chance.below(1_000);
        let other = self.plot.branch.caseworker(draw);
        let is_lead = self.leads.iter().any(|lead| lead.worker_id == other);
        if is_long && !is_lead && self.plot.chance.percent(20) {
            let since = self.plot.chance.day_after(span.opened_on, 5, 25);
            self.assign(other, AssignmentRole::Co, since, until);
        }
    }

    fn assign(
        &mut self,
        worker_id: Uuid,
        role: AssignmentRole,
        since: NaiveDate,
        until: Option<NaiveDate>,
    ) {
        let recorded_at = morning(since);
        self.rows.assignment.push(assignment::Model {
            id: self.plot.chance.id(recorded_at),
            case_id: self.case_id,
            family_id: self.family_id,
            worker_id,
            role,
            since,
            until,
            recorded_at,
        });
    }
}

/// The reason and the summary of a closure.
const fn closure_words(class: ClosureClass) -> (&'static str, &'static str) {
    match class {
        ClosureClass::Overcame => (
            "The family overcame its difficulties.",
            "The goals were reached; the children are safe and looked after at home.",
        ),
        ClosureClass::Adverse => (
            "Parental rights were removed by a court.",
            "Help did not reach its aim; the children are in the care of others.",
        ),
        ClosureClass::Moved => (
            "The family moved away.",
            "The family left the municipality; the authority there was told.",
        ),
        ClosureClass::Transferred => (
            "Another authority took over.",
            "The file was handed over with all plans and assessments.",
        ),
        ClosureClass::Refused => (
            "The family refused further help.",
            "No danger to the children was found; the family knows where to ask for help.",
        ),
        ClosureClass::Administrative => (
            "Opened by mistake beside another file.",
            "Nothing was done under this number; work goes on elsewhere.",
        ),
    }
}
