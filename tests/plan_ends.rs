//! What becomes of a plan's measures when it ends before it is carried out, who may sign for an agency,
//! and what becomes of planned visits when a case is closed or its level of support changes.

use chrono::TimeDelta;
use entity::case::CaseStatus;
use entity::measure::{self, MeasureStatus};
use entity::membership::Role;
use entity::plan::PlanStatus;
use entity::task::{self, TaskStatus};
use entity::visit::{self, VisitStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Stage, run};

struct Scene<'s> {
    stage: &'s Stage,
    office: Branch,
    home: Household,
    worker: Person,
    boss: Person,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let home = stage.household(&office, &area, "X").await;
        stage.episode(&home).await;
        stage.set_case(home.case, CaseStatus::Active).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        Self { stage, office, home, worker, boss }
    }

    async fn done(&self, mutation: &str, input: Value) {
        let answer = self.stage.as_(&self.worker).mutate(mutation, input, "").await;
        assert_eq!(answer.data("/result/userErrors"), &json!([]), "{mutation}");
    }

    /// A plan with a measure in each state, one of them overdue.
    async fn plan(&self, status: PlanStatus) -> (Uuid, Measures) {
        let (stage, home, office) = (self.stage, &self.home, &self.office);
        let plan = stage.plan(home, office, 1, status).await;
        let measure = async |status| stage.measure(home, plan, office, status).await;
        let measures = Measures {
            planned: measure(MeasureStatus::Planned).await,
            begun: measure(MeasureStatus::InProgress).await,
            overdue: measure(MeasureStatus::Planned).await,
            done: measure(MeasureStatus::Done).await,
        };
        measure::Entity::update_many()
            .col_expr(measure::Column::DueOn, Expr::val(stage.today() - TimeDelta::days(1)))
            .col_expr(measure::Column::Result, Expr::val("Asked twice."))
            .filter(measure::Column::Id.eq(measures.overdue))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        (plan, measures)
    }

    async fn measure(&self, id: Uuid) -> measure::Model {
        let found = measure::Entity::find_by_id(id).one(&self.stage.database.reader).await;
        found.unwrap().unwrap()
    }

    async fn open_tasks(&self) -> Vec<task::Model> {
        let open = task::Entity::find().filter(task::Column::Status.eq(TaskStatus::Open));
        open.all(&self.stage.database.reader).await.unwrap()
    }
}

struct Measures {
    planned: Uuid,
    begun: Uuid,
    overdue: Uuid,
    done: Uuid,
}

#[test]
fn a_plan_that_is_replaced_takes_its_open_measures_with_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (_, measures) = scene.plan(PlanStatus::Active).await;
        let next = stage.plan(&scene.home, &scene.office, 2, PlanStatus::Agreed).await;
        let new = stage.measure(&scene.home, next, &scene.office, MeasureStatus::Planned).await;
        scene.done("planActivate", json!({ "planId": id("plan", next) })).await;
        let reason = "Plan no. 2 took the place of this one.";
        for (id, status, result) in [
            (measures.planned, MeasureStatus::Cancelled, reason.to_owned()),
            (measures.begun, MeasureStatus::NotDone, reason.to_owned()),
            (measures.overdue, MeasureStatus::NotDone, format!("Asked twice.\n\n{reason}")),
        ] {
            let row = scene.measure(id).await;
            assert_eq!((row.status, row.result, row.version), (status, Some(result), 2));
        }
        let done = scene.measure(measures.done).await;
        assert_eq!((done.status, done.version), (MeasureStatus::Done, 1));
        assert_eq!(scene.measure(new).await.status, MeasureStatus::Planned);
        let due: Vec<_> = scene.open_tasks().await.iter().map(|task| task.subject_id).collect();
        assert!(due.contains(&new) && due.contains(&next) && due.len() == 2, "{due:?}");
    });
}

#[test]
fn a_plan_that_is_given_up_says_so_of_its_measures_and_a_draft_blames_nobody() {
    run(async |stage| {
        for (status, begun, overdue) in [
            (PlanStatus::Active, MeasureStatus::NotDone, MeasureStatus::NotDone),
            (PlanStatus::Draft, MeasureStatus::NotDone, MeasureStatus::Cancelled),
        ] {
            let scene = Scene::set(stage).await;
            let (plan, measures) = scene.plan(status).await;
            let cancel =
                json!({ "planId": id("plan", plan), "outcome": "CANCEL", "note": "They moved." });
            scene.done("planReview", cancel).await;
            let planned = scene.measure(measures.planned).await;
            let expected = (MeasureStatus::Cancelled, Some("They moved.".to_owned()));
            assert_eq!((planned.status, planned.result), expected, "{status:?}");
            assert_eq!(scene.measure(measures.begun).await.status, begun, "{status:?}");
            assert_eq!(scene.measure(measures.overdue).await.status, overdue, "{status:?}");
            assert_eq!(scene.measure(measures.done).await.status, MeasureStatus::Done);
            assert!(scene.open_tasks().await.is_empty(), "{status:?}");
        }
    });
}

#[test]
fn an_agency_is_signed_for_by_who_works_in_it_above_it_or_below_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let health = stage.organisation("Health service", None).await;
        let clinic = stage.organisation("Clinic", Some(&health)).await;
        let ward = stage.organisation("Ward", Some(&clinic)).await;
        let plan = stage.plan(&scene.home, &clinic, 1, PlanStatus::Draft).await;
        let sign = |worker: &Person| {
            json!({ "planId": id("plan", plan), "signOffs": [{
                "organisationId": id("organisation", clinic.id),
                "workerId": id("worker", worker.id) }] })
        };
        let elsewhere = stage.worker(&scene.office, Role::Caseworker).await;
        let gone = stage.worker(&clinic, Role::Reporter).await;
        entity::membership::Entity::update_many()
            .col_expr(entity::membership::Column::Until, Expr::val(stage.now()))
            .filter(entity::membership::Column::WorkerId.eq(gone.id))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let client = stage.as_(&scene.worker);
        for worker in [elsewhere, gone] {
            let refused = client.mutate("planAgree", sign(&worker), "").await.refusal();
            let path = "input.signOffs.0.workerId".to_owned();
            assert_eq!(refused, ("NOT_FOUND".to_owned(), path));
        }
        for branch in [&health, &clinic, &ward] {
            let worker = stage.worker(branch, Role::Reporter).await;
            scene.done("planAgree", sign(&worker)).await;
        }
    });
}

#[test]
fn a_closure_cancels_what_was_planned_and_a_reopening_starts_without_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let case = id("case", scene.home.case);
        let soon = stage.today() + TimeDelta::days(3);
        let visit = json!({ "caseId": case, "purpose": "MONITORING", "scheduledFor": soon });
        scene.done("visitSchedule", visit).await;
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        scene.done("caseClosureRequest", ask).await;
        let approve = json!({ "caseId": case, "isApproved": true });
        stage.as_(&scene.boss).mutate("caseClosureDecide", approve, "case { id }").await.done("");
        let row = visit::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        let reason = Some("The case was closed before the visit.".to_owned());
        assert_eq!((row.status, row.note, row.version), (VisitStatus::Cancelled, reason, 2));
        assert!(scene.open_tasks().await.is_empty());
        scene.done("caseReopen", json!({ "caseId": case, "reason": "Again." })).await;
        let level = json!({ "id": case, "expectedVersion": 4, "supportLevel": "BASIC" });
        scene.done("caseUpdate", level).await;
        let visit =
            scene.open_tasks().await.into_iter().find(|task| task.kind == task::TaskKind::Visit);
        assert!(visit.unwrap().due_on > soon, "by the level, not by what was planned before");
    });
}

#[test]
fn a_visit_that_is_planned_earlier_than_a_new_level_asks_stays_due_on_its_day() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let case = id("case", scene.home.case);
        let soon = stage.today() + TimeDelta::days(2);
        let visit = json!({ "caseId": case, "purpose": "MONITORING", "scheduledFor": soon });
        scene.done("visitSchedule", visit).await;
        let level = |version: i32, level: Value| json!({ "id": case, "expectedVersion": version, "supportLevel": level });
        for (version, to) in [(1, json!("BASIC")), (2, Value::Null)] {
            scene.done("caseUpdate", level(version, to)).await;
            assert_eq!(scene.open_tasks().await[0].due_on, soon);
        }
    });
}
