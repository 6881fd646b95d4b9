//! Plans of measures, their goals and their signatures: one plan for each episode, or two.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::episode::ClosureClass;
use entity::goal::{self, GoalStatus};
use entity::measure::{self, MeasureStatus};
use entity::plan::{self, PlanStatus};
use entity::plan_sign_off;
use uuid::Uuid;

use super::Chronicle;
use super::course::Span;
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, days_between, morning};
use crate::synthetic::outline::{Draft, Revision, Shape};
use crate::synthetic::reference::{SERVICE_TYPES, service_name, service_type_id};

const GOALS: [(&str, &str, &str); 6] = [
    ("The children attend school every day.", "Education", "Days missed in a month"),
    ("The flat is warm, clean and safe.", "Housing", "What the worker sees at visits"),
    ("A parent has work.", "Income", "A contract that lasts three months"),
    ("The mother manages the children's day without shouting.", "Care", "The family's own diary"),
    ("The parent is treated and stays sober.", "Health", "The clinic's certificate"),
    ("The child is examined and gets the therapy it needs.", "Health", "Appointments kept"),
];
const VIEWS: [&str; 4] = [
    "Wants to stay with the mother and to go to the same school.",
    "Is afraid when guests come at night.",
    "Would like to join the drawing class.",
    "Did not want to talk today.",
];

/// A plan to be written.
#[derive(Clone, Copy)]
struct Sheet {
    revision: i32,
    status: PlanStatus,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

impl Chronicle<'_> {
    pub(super) fn write_plans(&mut self) {
        let mut revision = 0;
        for span in self.plot.course.spans.clone() {
            for sheet in self.sheets(&span, revision) {
                revision = sheet.revision;
                self.write_plan(sheet);
            }
        }
    }

    /// The plans of an episode.
    fn sheets(&mut self, span: &Span, revision: i32) -> Vec<Sheet> {
        use PlanStatus::{
            Active, Agreed, Cancelled, Completed, Draft as Written, Superseded, UnderReview,
        };
        let since = self.plot.chance.day_after(span.opened_on, 20, 28);
        let sheet =
            |no, status, since, until| Sheet { revision: revision + no, status, since, until };
        let last_day = span.last_day(self.yesterday());
        if let Some((closed_on, class)) = span.closed {
            let was_dropped = matches!(class, ClosureClass::Refused | ClosureClass::Administrative);
            let status = if was_dropped { Cancelled } else { Completed };
            return vec![sheet(1, status, since, Some(closed_on))];
        }
        let second_on = after(since, 5 + days_between(since, last_day) / 3);
        let two = |first, second| {
            vec![sheet(1, first, since, Some(second_on)), sheet(2, second, second_on, None)]
        };
        match self.plot.story.shape {
            Shape::Intake | Shape::Assessment => Vec::new(),
            Shape::Planning(Draft::Written) => vec![sheet(1, Written, since, None)],
            Shape::Planning(Draft::Agreed) => vec![sheet(1, Agreed, since, None)],
            Shape::Planning(Draft::Rewritten) => vec![
                sheet(1, Cancelled, since, Some(after(since, 2))),
                sheet(2, Written, after(since, 2), None),
            ],
            Shape::Active(Revision::UnderReview) => vec![sheet(1, UnderReview, since, None)],
            Shape::Active(Revision::Second) => two(Superseded, Active),
            Shape::Active(Revision::AfterCancelled) => two(Cancelled, Active),
            Shape::Active(Revision::First) | Shape::Reopened => {
                vec![sheet(1, Active, since, None)]
            }
            _ => vec![sheet(1, Completed, since, Some(after(last_day, -20)))],
        }
    }

    fn write_plan(&mut self, sheet: Sheet) {
        let stamp = self.stamp(after(sheet.since, -3), Some(sheet.until.unwrap_or(sheet.since)));
        let id = self.plot.chance.id(stamp.made_at);
        let is_agreed = sheet.status != PlanStatus::Draft;
        let is_running = sheet.until.is_none() && is_agreed;
        let review_due_on = is_running.then(|| self.plot.chance.day_after(self.today(), -5, 120));
        let has_views = self.plot.chance.percent(45);
        self.rows.plan.push(plan::Model {
            id,
            case_id: self.case_id,
            family_id: self.family_id,
            revision: sheet.revision,
            since: sheet.since,
            until: sheet.until,
            status: sheet.status,
            review_due_on,
            family_agreed: is_agreed.then(|| self.plot.chance.percent(94)),
            child_views: has_views.then(|| self.plot.chance.pick(&VIEWS).to_owned()),
            review_note: None,
            version: stamp.version,
            created_at: stamp.made_at,
            updated_at: stamp.changed_at,
            created_by: stamp.by,
            updated_by: stamp.by,
        });
        let goals = self.write_goals(id, stamp.made_at, sheet.status);
        let owners = self.write_measures(id, &goals, sheet);
        self.write_sign_offs(id, owners, sheet);
    }

    fn write_goals(
        &mut self,
        plan_id: Uuid,
        made_at: DateTime<Utc>,
        status: PlanStatus,
    ) -> Vec<Uuid> {
        let count = if self.plot.chance.percent(45) { 2 } else { 1 };
        (0..count)
            .map(|_| {
                let (statement, need, indicator) = self.plot.chance.pick(&GOALS);
                let id = self.plot.chance.id(made_at);
                let reached = self.plot.chance.percent(75);
                self.rows.goal.push(goal::Model {
                    id,
                    plan_id,
                    family_id: self.family_id,
                    statement: statement.to_owned(),
                    need: Some(need.to_owned()),
                    indicator: Some(indicator.to_owned()),
                    status: match status {
                        PlanStatus::Completed if reached => GoalStatus::Reached,
                        PlanStatus::Completed => GoalStatus::NotReached,
                        PlanStatus::Cancelled | PlanStatus::Superseded => GoalStatus::Dropped,
                        _ => GoalStatus::Open,
                    },
                });
                id
            })
            .collect()
    }

    /// Two or three measures, each with its owner; returns the owners.
    fn write_measures(&mut self, plan_id: Uuid, goals: &[Uuid], sheet: Sheet) -> Vec<Uuid> {
        let count = 2 + self.plot.chance.below(2) as usize;
        let last_day = sheet.until.unwrap_or(self.yesterday());
        let mut owners = Vec::with_capacity(count);
        for no in 0..count {
            let due_on = self.due_on(sheet, no);
            let (status, done_on) = self.measure_status(sheet, due_on, last_day);
            let service = self.plot.chance.below(SERVICE_TYPES);
            let responsible_id = self.owner();
            owners.push(responsible_id);
            let stamp = self.stamp(sheet.since, done_on);
            self.rows.measure.push(measure::Model {
                id: self.plot.chance.id(stamp.made_at),
                plan_id,
                goal_id: goals.get(no % goals.len().max(1)).copied(),
                case_id: self.case_id,
                family_id: self.family_id,
                description: service_name(service).to_owned(),
                service_type_id: Some(service_type_id(service)),
                responsible_id,
                due_on,
                status,
                result: result_of(status).map(str::to_owned),
                done_on: done_on.filter(|_| status == MeasureStatus::Done),
                recorded_at: stamp.made_at,
                version: stamp.version,
                created_at: stamp.made_at,
                updated_at: stamp.changed_at,
                created_by: stamp.by,
                updated_by: stamp.by,
            });
        }
        owners
    }

    /// In a plan that is running, the first measure was due in the past.
    fn due_on(&mut self, sheet: Sheet, no: usize) -> NaiveDate {
        let is_proposed = matches!(sheet.status, PlanStatus::Draft | PlanStatus::Agreed);
        match sheet.until {
            Some(until) => self.plot.chance.day_after(until, -15, 15).max(after(sheet.since, 7)),
            None if no == 0 && !is_proposed => {
                let latest = self.yesterday().max(after(sheet.since, 10));
                self.plot.chance.day_after(latest, -25, -1).max(after(sheet.since, 7))
            }
            None => self.plot.chance.day_after(self.today(), 3, 90),
        }
    }

    fn measure_status(
        &mut self,
        sheet: Sheet,
        due_on: NaiveDate,
        last_day: NaiveDate,
    ) -> (MeasureStatus, Option<NaiveDate>) {
        use MeasureStatus::{Cancelled, Done, InProgress, NotDone, Planned};
        let ended_on = Some(due_on.min(last_day).max(sheet.since));
        let draw = self.plot.chance.below(100);
        match sheet.status {
            PlanStatus::Draft | PlanStatus::Agreed => (Planned, None),
            PlanStatus::Cancelled => (Cancelled, Some(last_day)),
            PlanStatus::Completed | PlanStatus::Superseded if draw < 76 => (Done, ended_on),
            PlanStatus::Completed | PlanStatus::Superseded if draw < 92 => (NotDone, ended_on),
            PlanStatus::Completed | PlanStatus::Superseded => (Cancelled, ended_on),
            _ if due_on > last_day && draw < 55 => (Planned, None),
            _ if due_on > last_day => (InProgress, None),
            _ if draw < 60 => (Done, ended_on),
            _ if draw < 75 => (NotDone, ended_on),
            _ if draw < 80 => (Cancelled, ended_on),
            _ => (InProgress, None),
        }
    }

    /// Half of the measures are the branch's own.
    fn owner(&mut self) -> Uuid {
        let no = self.plot.branch.no;
        let agencies = [
            Agency::School(no),
            Agency::Clinic(no),
            Agency::Employment,
            Agency::Police,
            Agency::Guardianship,
            Agency::ChildrensService,
        ];
        let other = self.plot.chance.pick(&agencies).id();
        if self.plot.chance.percent(50) { self.organisation_id() } else { other }
    }

    fn write_sign_offs(&mut self, plan_id: Uuid, owners: Vec<Uuid>, sheet: Sheet) {
        let mut signing = vec![self.organisation_id()];
        signing.extend(owners);
        signing.sort_unstable();
        signing.dedup();
        let signed_at = morning(sheet.since) + TimeDelta::minutes(30);
        for organisation_id in signing {
            let is_own = organisation_id == self.organisation_id();
            self.rows.plan_sign_off.push(plan_sign_off::Model {
                plan_id,
                organisation_id,
                family_id: self.family_id,
                worker_id: is_own.then(|| self.plot.branch.supervisor_id()),
                signed_at: (sheet.status != PlanStatus::Draft).then_some(signed_at),
            });
        }
    }
}

const fn result_of(status: MeasureStatus) -> Option<&'static str> {
    match status {
        MeasureStatus::Done => Some("Carried out as agreed."),
        MeasureStatus::NotDone => Some("The parent did not come, twice."),
        MeasureStatus::Cancelled => Some("No longer needed."),
        MeasureStatus::Planned | MeasureStatus::InProgress => None,
    }
}
