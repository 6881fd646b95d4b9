//! Drafting a plan: its goals, their measures, and whose signatures it needs.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use entity::case::{self, CaseStatus};
use entity::goal::{self, GoalStatus};
use entity::measure::{self, MeasureStatus};
use entity::plan::{self, PlanStatus};
use entity::{organisation, plan_sign_off, service_type};
use sea_orm::sea_query::{Expr, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG, MOST_ITEMS};
use crate::casework::problem::Halt;
use crate::casework::wording::Text;
use crate::error::Error;

/// Goals of one plan.
pub const MOST_GOALS: usize = 20;

/// A measure to be drafted.
#[derive(Clone, Debug)]
pub struct DraftMeasure {
    /// What is to be done.
    pub description: String,
    /// The kind of service that it calls for.
    pub service_type_id: Option<Uuid>,
    /// The agency that answers for it; the case's own unless said.
    pub responsible_id: Option<Uuid>,
    /// Until when.
    pub due_on: NaiveDate,
}

/// A goal to be drafted.
#[derive(Clone, Debug)]
pub struct DraftGoal {
    /// The goal.
    pub statement: String,
    /// The need that it answers.
    pub need: Option<String>,
    /// By what it is known that it is reached.
    pub indicator: Option<String>,
    /// Its measures.
    pub measures: Vec<DraftMeasure>,
}

/// What drafts a plan.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The case.
    pub case_id: Uuid,
    /// First day.
    pub since: NaiveDate,
    /// When it is to be reviewed.
    pub review_due_on: Option<NaiveDate>,
    /// Its goals.
    pub goals: Vec<DraftGoal>,
    /// What the children say to it.
    pub child_views: Option<String>,
}

/// Drafts the next plan of a case. The agencies that answer for its measures are to sign it, and the
/// one that leads the case. A case that was assessed is planned from now on.
pub async fn draft(session: &Session, key: &Key, command: &Draft) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("plan", id);
    let mut change = Change::begin(session, Action::PlanDraft, key, subject).await?;
    command.check()?;
    let case = gate::enter(&change, command.case_id, "input.caseId").await?;
    let known = Known::read(&change, &case, command).await?;
    command.check_against(&known)?;
    let plan = command.plan(id, known.revision + 1, &case, &change);
    let (goals, measures) = command.parts(&plan, &case, &change);
    let sign_offs = sign_offs(&plan, &case, &measures);
    change.insert(plan).await?;
    change.insert_all(goals).await?;
    change.insert_all(measures).await?;
    change.insert_all(sign_offs).await?;
    gate::advance(&mut change, &case, CaseStatus::Planning).await?;
    change.commit().await
}

/// What is there that a draft is checked against.
#[derive(Default)]
struct Known {
    revision: i32,
    has_draft: bool,
    ids: HashSet<Uuid>,
}

/// A row of one table or another: a plan of the case, or something that the draft refers to.
#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    revision: Option<i32>,
    status: Option<PlanStatus>,
}

impl Known {
    /// The plans of the case, and those organisations and kinds of service that the draft names
    /// and that are there: in one statement, since they are of one form.
    async fn read(change: &Change, case: &case::Model, command: &Draft) -> Result<Self, Halt> {
        let measures = || command.goals.iter().flat_map(|goal| &goal.measures);
        let responsible = measures().filter_map(|measure| measure.responsible_id);
        let service_types = measures().filter_map(|measure| measure.service_type_id);
        let mut select = plans_of(change, case.id);
        for others in [
            organisations(change, responsible.collect()),
            kinds_of_service(change, service_types.collect()),
        ] {
            select.union(UnionType::All, others);
        }
        let rows = change.connection().query_all(&select).await.map_err(Error::from)?;
        let mut known = Self::default();
        for row in rows {
            let found = Found::from_query_result(&row, "").map_err(Error::from)?;
            known.revision = known.revision.max(found.revision.unwrap_or_default());
            known.has_draft |= found.status == Some(PlanStatus::Draft);
            known.ids.insert(found.id);
        }
        Ok(known)
    }
}

fn plans_of(change: &Change, case_id: Uuid) -> SelectStatement {
    use plan::Column;
    let select = change.see::<plan::Entity>(Right::Led).filter(Column::CaseId.eq(case_id));
    select
        .select_only()
        .column(Column::Id)
        .column(Column::Revision)
        .column(Column::Status)
        .into_query()
}

fn organisations(change: &Change, ids: BTreeSet<Uuid>) -> SelectStatement {
    use organisation::Column;
    let select = change.see::<organisation::Entity>(Right::ANY);
    let select = select.filter(Column::Id.is_in(ids)).select_only().column(Column::Id);
    without_revision(select.into_query())
}

fn kinds_of_service(change: &Change, ids: BTreeSet<Uuid>) -> SelectStatement {
    use service_type::Column;
    let select = change.see::<service_type::Entity>(Right::ANY);
    let select = select.filter(Column::Id.is_in(ids)).select_only().column(Column::Id);
    without_revision(select.into_query())
}

fn without_revision(mut select: SelectStatement) -> SelectStatement {
    select.expr(Expr::cust("null")).expr(Expr::cust("null")).take()
}

/// The signatures that a plan needs, each still missing.
fn sign_offs(
    plan: &plan::Model,
    case: &case::Model,
    measures: &[measure::Model],
) -> Vec<plan_sign_off::Model> {
    let mut signing: BTreeSet<Uuid> =
        measures.iter().map(|measure| measure.responsible_id).collect();
    signing.insert(case.lead_organisation_id);
    let missing = |organisation_id| missing(plan, organisation_id);
    signing.into_iter().map(missing).collect()
}

/// A signature that a plan needs and does not have.
pub const fn missing(plan: &plan::Model, organisation_id: Uuid) -> plan_sign_off::Model {
    plan_sign_off::Model {
        plan_id: plan.id,
        organisation_id,
        family_id: plan.family_id,
        worker_id: None,
        signed_at: None,
    }
}

impl Draft {
    fn check(&self) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.day("input.since", Some(self.since));
        checks.day("input.reviewDueOn", self.review_due_on);
        checks.range("input.reviewDueOn", Some(self.since), self.review_due_on);
        checks.some_text("input.childViews", self.child_views.as_deref(), LONG);
        let measures: usize = self.goals.iter().map(|goal| goal.measures.len()).sum();
        checks.hold(!self.goals.is_empty(), "input.goals", Text::Required);
        checks.hold(
            self.goals.is_empty() || measures > 0,
            "input.goals.0.measures",
            Text::Required,
        );
        if self.goals.len() > MOST_GOALS {
            checks.fail("input.goals", Text::TooMany { most: MOST_GOALS });
        } else if measures > MOST_ITEMS {
            checks.fail("input.goals", Text::TooMany { most: MOST_ITEMS });
        } else {
            self.check_goals(&mut checks);
        }
        checks.done()
    }

    fn check_goals(&self, checks: &mut Checks) {
        for (no, goal) in self.goals.iter().enumerate() {
            let path = format!("input.goals.{no}");
            checks.text(&format!("{path}.statement"), &goal.statement, LONG);
            checks.some_text(&format!("{path}.need"), goal.need.as_deref(), LONG);
            checks.some_text(&format!("{path}.indicator"), goal.indicator.as_deref(), LONG);
        }
        for (path, measure) in self.measures() {
            checks.text(&format!("{path}.description"), &measure.description, LONG);
            let due_on = format!("{path}.dueOn");
            checks.day(&due_on, Some(measure.due_on));
            let earliest = self.since;
            checks.hold(measure.due_on >= earliest, &due_on, Text::TooEarly { earliest });
        }
    }

    fn check_against(&self, known: &Known) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.hold(!known.has_draft, "input.caseId", Text::DraftOpen);
        let is_known = |id: Option<Uuid>| id.is_none_or(|id| known.ids.contains(&id));
        for (path, measure) in self.measures() {
            let responsible = format!("{path}.responsibleId");
            checks.hold(is_known(measure.responsible_id), &responsible, Text::NotFound);
            let service_type = format!("{path}.serviceTypeId");
            checks.hold(is_known(measure.service_type_id), &service_type, Text::NotFound);
        }
        checks.done()
    }

    /// The measures, each with its place in the input.
    fn measures(&self) -> impl Iterator<Item = (String, &DraftMeasure)> {
        self.goals.iter().enumerate().flat_map(|(no, goal)| {
            let place = move |measure_no| format!("input.goals.{no}.measures.{measure_no}");
            let measures = goal.measures.iter().enumerate();
            measures.map(move |(measure_no, measure)| (place(measure_no), measure))
        })
    }

    fn plan(&self, id: Uuid, revision: i32, case: &case::Model, change: &Change) -> plan::Model {
        let (now, by) = (change.session().now(), change.by());
        plan::Model {
            id,
            case_id: case.id,
            family_id: case.family_id,
            revision,
            since: self.since,
            until: None,
            status: PlanStatus::Draft,
            review_due_on: self.review_due_on,
            family_agreed: None,
            child_views: self.child_views.clone(),
            review_note: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
        }
    }

    fn parts(
        &self,
        plan: &plan::Model,
        case: &case::Model,
        change: &Change,
    ) -> (Vec<goal::Model>, Vec<measure::Model>) {
        let mut goals = Vec::with_capacity(self.goals.len());
        let mut measures = Vec::new();
        for draft in &self.goals {
            let goal = draft.row(plan);
            let of_goal = draft.measures.iter().map(|measure| measure.row(&goal, case, change));
            measures.extend(of_goal);
            goals.push(goal);
        }
        (goals, measures)
    }
}

impl DraftGoal {
    fn row(&self, plan: &plan::Model) -> goal::Model {
        goal::Model {
            id: Uuid::now_v7(),
            plan_id: plan.id,
            family_id: plan.family_id,
            statement: self.statement.clone(),
            need: self.need.clone(),
            indicator: self.indicator.clone(),
            status: GoalStatus::Open,
        }
    }
}

impl DraftMeasure {
    fn row(&self, goal: &goal::Model, case: &case::Model, change: &Change) -> measure::Model {
        let (now, by) = (change.session().now(), change.by());
        measure::Model {
            id: Uuid::now_v7(),
            plan_id: goal.plan_id,
            goal_id: Some(goal.id),
            case_id: case.id,
            family_id: case.family_id,
            description: self.description.clone(),
            service_type_id: self.service_type_id,
            responsible_id: self.responsible_id.unwrap_or(case.lead_organisation_id),
            due_on: self.due_on,
            status: MeasureStatus::Planned,
            result: None,
            done_on: None,
            recorded_at: now,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
        }
    }
}
