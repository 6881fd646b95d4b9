//! Two who do at once what doesn't go together: one of them waits for the other, and sees what it did.
//! Where it matters who comes first, the story holds the first one's transaction open.

use std::time::Duration;

use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::family;
use entity::membership::Role;
use entity::{case, episode, person};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};

/// A transaction of somebody else's, which has begun to write.
async fn another(stage: &Stage) -> DatabaseTransaction {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    stage.database.writer.begin_with_options(options).await.unwrap()
}

/// Sends a request while a transaction is open, which is committed once the request waits for it.
async fn meanwhile(
    transaction: DatabaseTransaction,
    request: impl Future<Output = Answer>,
) -> Answer {
    let commit = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        transaction.commit().await.unwrap();
    };
    tokio::join!(request, commit).0
}

struct Scene {
    area: Branch,
    office: Branch,
    home: Household,
    worker: Person,
    boss: Person,
}

async fn scene(stage: &Stage) -> Scene {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let home = stage.household(&office, &area, "X").await;
    stage.episode(&home).await;
    let worker = stage.worker(&office, Role::Caseworker).await;
    let boss = stage.worker(&office, Role::Supervisor).await;
    Scene { area, office, home, worker, boss }
}

#[test]
fn a_closure_sees_the_immediate_report_that_came_in_beside_it() {
    run(async |stage| {
        let scene = scene(stage).await;
        let case = id("case", scene.home.case);
        let ask = json!({ "caseId": case, "outcome": "OVERCAME", "summary": "All is well." });
        stage.as_(&scene.worker).mutate("caseClosureRequest", ask, "").await;
        let (received, immediate) = (ConcernStatus::Received, ConcernUrgency::Immediate);
        let home = Some(scene.home.id);
        let other = another(stage).await;
        // As a submission does that names the family.
        let family = family::Entity::find_by_id(scene.home.id).lock(LockType::NoKeyUpdate);
        family.one(&other).await.unwrap().unwrap();
        let row = stage.report_row(&scene.office, &scene.area, received, immediate, home);
        entity::concern_report::Entity::insert(row).exec(&other).await.unwrap();
        let boss = stage.as_(&scene.boss);
        let approve = json!({ "caseId": case, "isApproved": true });
        let refused = meanwhile(other, boss.mutate("caseClosureDecide", approve, "")).await;
        assert_eq!(refused.refusal(), ("DEPENDENCY_FAILED".to_owned(), "input.caseId".to_owned()));
        let open = episode::Entity::find().filter(episode::Column::ClosedOn.is_null());
        assert_eq!(open.count(&stage.database.reader).await.unwrap(), 1);
    });
}

#[test]
fn a_case_is_opened_where_the_family_lives_when_it_is() {
    run(async |stage| {
        let scene = scene(stage).await;
        let next = stage.area("Next", None).await;
        let other = another(stage).await;
        family::Entity::update_many()
            .col_expr(family::Column::AreaId, Expr::val(next.id))
            .filter(family::Column::Id.eq(scene.home.id))
            .exec(&other)
            .await
            .unwrap();
        let open = json!({ "familyId": id("family", scene.home.id), "kind": "CHILD_PROTECTION",
            "reason": "So." });
        let boss = stage.as_(&scene.boss);
        let opened = meanwhile(other, boss.mutate("caseOpen", open, "case { area { id } }")).await;
        assert_eq!(opened.done("/case/area/id"), &json!(id("area", next.id)));
    });
}

#[test]
fn of_two_reports_that_are_confirmed_at_once_one_opens_the_case_and_the_other_joins_it() {
    run(async |stage| {
        let scene = scene(stage).await;
        for _ in 0..5 {
            let family = stage.family(&scene.office, &scene.area, "Y").await;
            let lead = entity::access_grant::GrantBasis::Lead;
            let full = entity::access_grant::AccessLevel::Full;
            stage.grant(&scene.office, family, full, lead, family).await;
            let mut reports = Vec::new();
            for _ in 0..2 {
                let (status, urgency) = (ConcernStatus::Verifying, ConcernUrgency::Routine);
                let (office, area) = (&scene.office, &scene.area);
                reports.push(stage.report(office, area, status, urgency, Some(family)).await);
            }
            let confirm = |report: Uuid| {
                json!({ "id": id("report", report), "decision": "CONFIRMED",
                    "reason": "So it is.", "evidence": "A record." })
            };
            let client = stage.as_(&scene.worker);
            let select = "concernReport { case { id } }";
            let (one, other) = tokio::join!(
                client.mutate("concernReportDecide", confirm(reports[0]), select),
                client.mutate("concernReportDecide", confirm(reports[1]), select),
            );
            let case = "/concernReport/case/id";
            assert_eq!(one.done(case), other.done(case));
            let cases = case::Entity::find().filter(case::Column::FamilyId.eq(family));
            assert_eq!(cases.count(&stage.database.reader).await.unwrap(), 1);
        }
    });
}

#[test]
fn of_two_who_open_the_same_kind_of_case_at_once_one_is_told_that_it_is_open() {
    run(async |stage| {
        let scene = scene(stage).await;
        let open = json!({ "familyId": id("family", scene.home.id), "kind": "CHILD_PROTECTION",
            "reason": "So." });
        let (one, other) = (stage.as_(&scene.worker), stage.as_(&scene.boss));
        let (one, other) = tokio::join!(
            one.mutate("caseOpen", open.clone(), ""),
            other.mutate("caseOpen", open.clone(), ""),
        );
        let refused: Vec<_> = [one, other]
            .iter()
            .filter(|answer| answer.data("/result/userErrors") != &json!([]))
            .map(Answer::refusal)
            .collect();
        assert_eq!(refused, [("ALREADY_EXISTS".to_owned(), "input.familyId".to_owned())]);
    });
}

#[test]
fn of_two_who_record_the_same_child_at_once_the_second_is_asked() {
    run(async |stage| {
        let scene = scene(stage).await;
        let second = stage.household(&scene.office, &scene.area, "Y").await;
        let before = person::Entity::find().count(&stage.database.reader).await.unwrap();
        let child = |family: Uuid| -> Value {
            json!({ "givenName": "Olena", "familyName": "Bondar", "birthDate": "2016-03-04",
                "sex": "FEMALE", "familyId": id("family", family),
                "membership": { "role": "CHILD", "since": "2025-01-01" } })
        };
        let (one, other) = (stage.as_(&scene.worker), stage.as_(&scene.boss));
        let (one, other) = tokio::join!(
            one.mutate("personCreate", child(scene.home.id), ""),
            other.mutate("personCreate", child(second.id), ""),
        );
        let refused: Vec<_> = [one, other]
            .iter()
            .filter(|answer| answer.data("/result/userErrors") != &json!([]))
            .map(Answer::refusal)
            .collect();
        assert_eq!(refused, [("DUPLICATE_SUSPECTED".to_owned(), "input".to_owned())]);
        let after = person::Entity::find().count(&stage.database.reader).await.unwrap();
        assert_eq!(after, before + 1);
    });
}

/// A supervisor asks for a closure and approves it at once: the decision waits for the request, and sees
/// who asked.
#[test]
fn who_asks_for_a_closure_does_not_approve_it_at_the_same_moment() {
    run(async |stage| {
        let scene = scene(stage).await;
        let other = another(stage).await;
        let row = family::Entity::find_by_id(scene.home.id).lock(LockType::NoKeyUpdate);
        row.one(&other).await.unwrap().unwrap();
        case::Entity::update_many()
            .col_expr(case::Column::Status, Expr::val("CLOSURE_REQUESTED"))
            .col_expr(case::Column::Version, Expr::val(2))
            .filter(case::Column::Id.eq(scene.home.case))
            .exec(&other)
            .await
            .unwrap();
        episode::Entity::update_many()
            .col_expr(episode::Column::ClosureClass, Expr::val("MOVED"))
            .col_expr(episode::Column::Summary, Expr::val("They moved."))
            .col_expr(episode::Column::ClosedById, Expr::val(scene.boss.id))
            .filter(episode::Column::CaseId.eq(scene.home.case))
            .exec(&other)
            .await
            .unwrap();
        let approve = json!({ "caseId": id("case", scene.home.case), "isApproved": true });
        let boss = stage.as_(&scene.boss);
        let refused = meanwhile(other, boss.mutate("caseClosureDecide", approve, "")).await;
        assert_eq!(refused.refusal(), ("APPROVER_IS_REQUESTER".to_owned(), "input".to_owned()));
    });
}
