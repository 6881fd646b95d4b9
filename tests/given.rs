//! Who is given work: an organisation that leads it, and workers who see it.

use chrono::TimeDelta;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::case;
use entity::case::SupportLevel;
use entity::membership::Role;
use entity::task::{self, TaskKind, TaskStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::harness::world::id;
use crate::harness::{Stage, run};

#[test]
fn a_case_that_the_centre_above_opens_is_led_by_the_branch_of_the_family() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let centre = stage.organisation("Centre", None).await;
        let branch = stage.organisation("Branch", Some(&centre)).await;
        let family = stage.family(&branch, &area, "X").await;
        let (full, lead) = (AccessLevel::Full, GrantBasis::Lead);
        stage.grant(&branch, family, full, lead, family).await;
        let boss = stage.worker(&centre, Role::Supervisor).await;
        let worker = stage.worker(&branch, Role::Caseworker).await;
        let client = stage.as_(&boss);
        let open = json!({ "familyId": id("family", family), "kind": "EARLY_HELP",
            "reason": "So.", "supportLevel": "BASIC" });
        let opened = client.mutate("caseOpen", open, "case { id leadOrganisation { id } }").await;
        let expected = json!(id("organisation", branch.id));
        assert_eq!(opened.done("/case/leadOrganisation/id"), &expected);
        let assign = json!({ "caseId": opened.done("/case/id"), "role": "LEAD",
            "workerId": id("worker", worker.id) });
        client.mutate("caseAssign", assign, "case { id }").await.done("/case/id");
        let tasks = stage.as_(&worker).query("{ tasks { nodes { kind owner { id } } } }").await;
        assert_eq!(tasks.list("/tasks/nodes").len(), 2, "the branch sees what it owes");
    });
}

#[test]
fn a_case_is_assigned_to_who_may_write_into_it() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let branch = stage.organisation("Branch", Some(&office)).await;
        let home = stage.household(&office, &area, "X").await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let below = stage.worker(&branch, Role::Caseworker).await;
        let client = stage.as_(&boss);
        let assign = json!({ "caseId": id("case", home.case), "role": "CO",
            "workerId": id("worker", below.id) });
        let refused = client.mutate("caseAssign", assign.clone(), "").await.refusal();
        assert_eq!(refused, ("NOT_FOUND".to_owned(), "input.workerId".to_owned()));
        // What is shared with the branch for a while is not enough, a lead is.
        let (full, shared) = (AccessLevel::Full, GrantBasis::Referral);
        stage.grant(&branch, home.id, full, shared, home.case).await;
        let refused = client.mutate("caseAssign", assign.clone(), "").await.refusal();
        assert_eq!(refused.0, "NOT_FOUND");
        stage.grant(&branch, home.id, full, GrantBasis::Lead, home.case).await;
        client.mutate("caseAssign", assign, "case { id }").await.done("/case/id");
    });
}

async fn visit_due(stage: &Stage) -> Option<chrono::NaiveDate> {
    let open = task::Entity::find()
        .filter(task::Column::Kind.eq(TaskKind::Visit))
        .filter(task::Column::Status.eq(TaskStatus::Open));
    open.one(&stage.database.reader).await.unwrap().map(|task| task.due_on)
}

/// The office visits in the morning, a centre in the afternoon, and the office tells of its visit in
/// the evening: the next one is due by the level of support all the same.
#[test]
fn a_visit_of_others_leaves_the_office_its_next_one() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let provider = stage.organisation("Provider", None).await;
        let home = stage.household(&office, &area, "X").await;
        stage.episode(&home).await;
        case::Entity::update_many()
            .col_expr(case::Column::SupportLevel, Expr::val(SupportLevel::Basic.to_value()))
            .exec(&stage.database.writer)
            .await
            .unwrap();
        let level = AccessLevel::Summary;
        stage.grant(&provider, home.id, level, GrantBasis::Placement, home.case).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let staff = stage.worker(&provider, Role::CentreStaff).await;
        let visited = |hours: i64, purpose: &str| {
            json!({ "caseId": id("case", home.case), "purpose": purpose, "outcome": "COMPLETED",
                "visitedAt": stage.now() - TimeDelta::hours(hours) })
        };
        let later = json!({ "caseId": id("case", home.case), "purpose": "MONITORING",
            "scheduledFor": stage.today() + TimeDelta::days(1) });
        for (by, mutation, input) in [
            (&staff, "visitSchedule", later),
            (&staff, "visitRecord", visited(1, "MONITORING")),
            (&worker, "visitRecord", visited(5, "MONITORING")),
        ] {
            let done = stage.as_(by).mutate(mutation, input, "visit { id }").await;
            done.done("/visit/id");
        }
        let due = visit_due(stage).await.expect("by the level of support");
        assert!(due > stage.today() + TimeDelta::days(1), "not by the centre's plan: {due}");
    });
}
