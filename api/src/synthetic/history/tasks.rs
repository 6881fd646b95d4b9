//! What is due of an open case: the next visit, the next assessment, the plan's review, and its
//! measures.

use entity::case::{self, CaseStatus};
use entity::measure::MeasureStatus;
use entity::plan::PlanStatus;
use entity::task::TaskKind;
use entity::visit::VisitStatus;

use super::Chronicle;
use crate::casework::task::Due;
use crate::synthetic::calendar::after;

impl Chronicle<'_> {
    pub(super) fn write_tasks(&mut self) {
        let own = self.rows.case.iter().rev().find(|case| case.id == self.case_id);
        let Some(case) = own.filter(|case| case.status != CaseStatus::Closed).cloned() else {
            return;
        };
        let owner = Some(self.lead_on(self.yesterday()));
        let mut due = vec![self.assessment_due(&case), self.visit_due(&case)];
        due.extend(self.plan_due(&case));
        due.extend(self.measures_due(&case));
        let due = due.into_iter().map(|due| due.owned_by(owner));
        let rows: Vec<_> = due.map(|due| due.row(case.updated_at, owner)).collect();
        self.rows.task.extend(rows);
    }

    fn assessment_due(&self, case: &case::Model) -> Due {
        let assessments = self.rows.assessment.iter().rev();
        let mut own = assessments.take_while(|row| row.case_id == case.id);
        let due_on = own.find_map(|row| row.next_due_on).unwrap_or(after(case.opened_on, 10));
        Due::of_case(TaskKind::Assessment, case.id, case, due_on)
    }

    fn visit_due(&self, case: &case::Model) -> Due {
        let visits = || {
            let visits = self.rows.visit.iter().rev();
            visits
                .take_while(|row| row.case_id == Some(case.id))
                .filter(|row| row.voided_at.is_none())
        };
        let planned = visits().filter(|row| row.status == VisitStatus::Scheduled);
        let planned = planned.map(|row| row.scheduled_for).min();
        let due_on = planned.or_else(|| visits().find_map(|row| row.next_due_on));
        let due_on = due_on.unwrap_or(after(self.today(), 3));
        Due::of_case(TaskKind::Visit, case.id, case, due_on)
    }

    fn plan_due(&self, case: &case::Model) -> Option<Due> {
        let mut plans = self.rows.plan.iter().rev().take_while(|plan| plan.case_id == case.id);
        let plan = plans.find(|plan| plan.status == PlanStatus::Active)?;
        let due_on = plan.review_due_on?;
        Some(Due::of_case(TaskKind::PlanReview, plan.id, case, due_on))
    }

    fn measures_due(&self, case: &case::Model) -> Vec<Due> {
        let plans = self.rows.plan.iter().rev().take_while(|plan| plan.case_id == self.case_id);
        let in_force: Vec<_> =
            plans.filter(|plan| plan.status == PlanStatus::Active).map(|plan| plan.id).collect();
        let measures = self.rows.measure.iter().rev();
        let own = measures.take_while(|measure| measure.case_id == self.case_id);
        let open = own.filter(|measure| {
            matches!(measure.status, MeasureStatus::Planned | MeasureStatus::InProgress)
                && in_force.contains(&measure.plan_id)
        });
        open.map(|measure| Due::measure(measure, case)).collect()
    }
}
