//! Access in an emergency: one worker reads one family or one person for some hours, nothing restricted
//! and nothing to write; a supervisor reviews it, and whoever leads the work learns of it.

mod scene;

use chrono::TimeDelta;
use entity::change::{self, ChangeKind};
use entity::membership::Role;
use entity::{audit_event, break_glass, task};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::harness::run;
use crate::harness::world::id;
use scene::{Scene, WAYS, query_of};

#[test]
fn the_next_request_sees_it_a_colleague_does_not_and_after_the_hours_nobody_does() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let client = stage.as_(&scene.worker);
        assert_eq!(scene.seen_by(&client).await, 0, "before");
        let taken = scene.open(&scene.worker, scene.family(), json!({})).await;
        let held = taken.done("/breakGlass");
        assert_eq!(held["level"], "SUMMARY");
        assert_eq!(held["subjectId"], json!(scene.family()));
        assert_eq!(held["isInForce"], true);
        assert_eq!(held["family"], Value::Null, "from the next request on");

        let family = client.query(&scene.family_query()).await;
        assert_eq!(family.data("/family/label"), "Label X");
        assert_eq!(family.data("/family/address"), &Value::Null, "in summary");
        assert_eq!(scene.seen_by(&client).await, WAYS);
        for other in [&scene.colleague, &scene.boss] {
            assert_eq!(scene.seen_by(&stage.as_(other)).await, 0, "{:?}", other.role);
        }
        let two = stage.as_(&scene.worker).query(&query_of(scene.other.id)).await;
        assert_eq!(two.data("/family"), &Value::Null, "another family of the same office");

        stage.wait(TimeDelta::hours(4) - TimeDelta::minutes(1));
        assert_eq!(scene.seen_by(&client).await, WAYS);
        stage.wait(TimeDelta::minutes(1));
        assert_eq!(scene.seen_by(&client).await, 0, "four hours later");
    });
}

#[test]
fn a_person_may_be_opened_alone() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let child = id("child", scene.home.child);
        scene.open(&scene.worker, child, json!({ "hours": 1 })).await.done("/breakGlass/id");
        let query = format!(
            "{{ node(id: \"{}\") {{ ... on Person {{ familyName }} }} \
             other: node(id: \"{}\") {{ id }} family(id: \"{}\") {{ id }} }}",
            id("person", scene.home.child),
            id("person", scene.home.parent),
            scene.family(),
        );
        let seen = stage.as_(&scene.worker).query(&query).await;
        assert_eq!(seen.data("/node/familyName"), "FamilyX");
        assert_eq!(seen.data("/other"), &Value::Null);
        assert_eq!(seen.data("/family"), &Value::Null);
    });
}

#[test]
fn nothing_restricted_is_shown_though_the_scope_is_there() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let query = scene.restricted_query();
        let scope = ["restricted:read"];
        let full = json!({ "level": "FULL" });
        scene.open(&scene.boss, scene.family(), full).await.done("/breakGlass/id");
        let seen = stage.as_with(&scene.boss, &scope).query(&query).await;
        assert_eq!(seen.data("/family/address"), "Street X", "in full");
        assert_eq!(seen.data("/family/concernReports/0/narrative"), "What was reported.");
        for hidden in [
            "/family/protectedAddress",
            "/family/concernReports/0/reporterName",
            "/node/identifiers/0/value",
        ] {
            assert_eq!(seen.data(hidden), &Value::Null, "{hidden}");
        }
        let hidden = seen.list("/family/redactedFields");
        assert_eq!(hidden, [json!("protectedAddress")]);
        assert!(!seen.text.contains("Secret"), "{}", seen.text);
        // What the same supervisor leads is shown as ever.
        let own = query_of(scene.own.id).replace("label", "protectedAddress");
        let own = stage.as_with(&scene.boss, &scope).query(&own).await;
        assert_eq!(own.data("/family/protectedAddress"), "Secret Z");
        // Whoever leads sees it all.
        let led = stage.as_with(&scene.lead_boss, &scope).query(&query).await;
        assert_eq!(led.data("/family/protectedAddress"), "Secret X");
        assert_eq!(led.data("/node/identifiers/0/value"), "Secret 77");
        assert_eq!(led.data("/family/concernReports/0/reporterName"), "Secret Anna");
    });
}

#[test]
fn who_broke_the_glass_writes_nothing_and_is_offered_nothing() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let full = json!({ "level": "FULL" });
        scene.open(&scene.boss, scene.family(), full).await.done("/breakGlass/id");
        let client = stage.as_(&scene.boss);
        for (mutation, input, path) in scene.writes() {
            let refused = client.mutate(mutation, input, "").await.refusal();
            assert_eq!(refused, ("NOT_FOUND".to_owned(), path.to_owned()), "{mutation}");
        }
        for (kind, row) in scene.rows() {
            let fields = crate::schema::fields_of(&format!("{kind}Permissions")).join(" ");
            let query = format!(
                "{{ node(id: \"{row}\") {{ ... on {kind} {{ viewerPermissions {{ {fields} }} }} }} }}"
            );
            let offered = client.query(&query).await;
            let offered = offered.data("/node/viewerPermissions").as_object().unwrap();
            assert!(offered.values().all(|may| may == false), "{kind}: {offered:?}");
        }
        let events = audit_event::Entity::find().filter(audit_event::Column::Action.ne("READ"));
        let events = events.all(&stage.database.reader).await.unwrap();
        let told: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(told, ["ACCESS_BREAK_GLASS"]);
        assert_eq!(events[0].subject, scene.boss.subject);
    });
}

#[test]
fn it_is_refused_with_what_to_do() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (worker, family) = (&scene.worker, scene.family());
        for (more, code, path) in [
            (json!({ "reason": " " }), "REQUIRED", "input.reason"),
            (json!({ "hours": 0 }), "OUT_OF_RANGE", "input.hours"),
            (json!({ "hours": 25 }), "OUT_OF_RANGE", "input.hours"),
            (json!({ "level": "FULL" }), "PERMISSION_DENIED", "input.level"),
            (json!({ "subjectId": id("family", scene.area.id) }), "NOT_FOUND", "input.subjectId"),
            (json!({ "subjectId": id("person", scene.area.id) }), "NOT_FOUND", "input.subjectId"),
            (
                json!({ "subjectId": id("family", scene.own.id) }),
                "ALREADY_EXISTS",
                "input.subjectId",
            ),
        ] {
            let refused = scene.open(worker, family.clone(), more.clone()).await.refusal();
            assert_eq!(refused, (code.to_owned(), path.to_owned()), "{more}");
        }
        assert_eq!(break_glass::Entity::find().count(&stage.database.reader).await.unwrap(), 0);
        assert_eq!(task::Entity::find().count(&stage.database.reader).await.unwrap(), 0);
        scene.open(worker, family.clone(), json!({})).await.done("/breakGlass/id");
        let again = scene.open(worker, family.clone(), json!({ "hours": 20 })).await;
        assert_eq!(again.refusal().0, "ALREADY_EXISTS");
        let until = (stage.now() + TimeDelta::hours(4)).format("%Y-%m-%dT%H").to_string();
        let told = again.user_error()["message"].as_str().unwrap().to_owned();
        assert!(told.contains(&until), "{told}");
        // Its members are seen by it already.
        let child = scene.open(worker, id("child", scene.home.child), json!({})).await;
        assert_eq!(child.refusal().0, "ALREADY_EXISTS");
        stage.wait(TimeDelta::hours(4));
        scene.open(worker, family, json!({})).await.done("/breakGlass/id");
    });
}

#[test]
fn a_supervisor_may_need_more_than_was_taken_first() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let family = scene.family();
        scene.open(&scene.boss, family.clone(), json!({})).await.done("/breakGlass/id");
        let full = json!({ "level": "FULL" });
        scene.open(&scene.boss, family.clone(), full.clone()).await.done("/breakGlass/id");
        let again = scene.open(&scene.boss, family, full).await.refusal();
        assert_eq!(again.0, "ALREADY_EXISTS");
        let seen = stage.as_(&scene.boss).query(&scene.family_query()).await;
        assert_eq!(seen.data("/family/address"), "Street X");
    });
}

#[test]
fn nobody_opens_one_after_another() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let mut families = Vec::new();
        for _ in 0..7 {
            families.push(stage.household(&scene.office, &scene.area, "Y").await.id);
        }
        // At once: the requests of a worker wait for each other.
        let opening = families
            .iter()
            .map(|family| scene.open(&scene.worker, id("family", *family), json!({ "hours": 1 })));
        let answers = futures_util::future::join_all(opening).await;
        let refused = answers.iter().filter(|one| one.data("/result/userErrors") != &json!([]));
        let refused: Vec<_> = refused.map(|one| one.refusal()).collect();
        let expected = ("PERMISSION_DENIED".to_owned(), "input".to_owned());
        assert_eq!(refused, [expected.clone(), expected]);
        stage.wait(TimeDelta::hours(23));
        let nowhere = id("family", scene.area.id);
        let late = scene.open(&scene.worker, nowhere.clone(), json!({})).await.refusal();
        assert_eq!(late.0, "PERMISSION_DENIED", "whether it exists is not told");
        scene.open(&scene.colleague, id("family", families[6]), json!({})).await.done("");
        stage.wait(TimeDelta::hours(1));
        let next = scene.open(&scene.worker, nowhere, json!({})).await.refusal();
        assert_eq!(next.0, "NOT_FOUND");
    });
}

#[test]
fn a_supervisor_reviews_it_and_the_task_says_nothing_of_the_family() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taken = scene.open(&scene.worker, scene.family(), json!({})).await;
        let taken = taken.done("/breakGlass/id").clone();
        let query = "{ tasks { nodes { kind dueOn owner { id } family { id } case { id }
            organisation { id } breakGlass { id subjectId reason family { id } worker { id } } } } }";
        let due = stage.as_(&scene.boss).query(query).await;
        let tomorrow = stage.today() + TimeDelta::days(1);
        let expected = json!([{ "kind": "BREAK_GLASS_REVIEW", "dueOn": tomorrow, "owner": null,
            "family": null, "case": null, "organisation": { "id": id("organisation", scene.ours.id) },
            "breakGlass": { "id": taken, "subjectId": scene.family(), "reason": scene::REASON,
                "family": null, "worker": { "id": id("worker", scene.worker.id) } } }]);
        assert_eq!(due.data("/tasks/nodes"), &expected);
        for other in [&scene.worker, &scene.colleague, &scene.lead_boss, &scene.lead_worker] {
            let tasks = stage.as_(other).query(query).await;
            assert_eq!(tasks.list("/tasks/nodes").len(), 0, "{:?}", other.role);
        }
        let review = json!({ "id": taken, "outcome": "JUSTIFIED", "note": "At night." });
        let select = "breakGlass { outcome isInForce reviewNote reviewedBy { id } }";
        let done = stage.as_(&scene.boss).mutate("breakGlassReview", review.clone(), select).await;
        let expected = json!({ "outcome": "JUSTIFIED", "isInForce": true, "reviewNote": "At night.",
            "reviewedBy": { "id": id("worker", scene.boss.id) } });
        assert_eq!(done.done("/breakGlass"), &expected);
        let again = stage.as_(&scene.boss).mutate("breakGlassReview", review, "").await;
        assert_eq!(again.refusal().0, "INVALID_STATE_TRANSITION");
        let task = task::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        assert_eq!(task.status, task::TaskStatus::Done);
        assert_eq!(scene.seen_by(&stage.as_(&scene.worker)).await, WAYS, "it goes on");
    });
}

#[test]
fn without_need_it_ends_at_once() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taken = scene.open(&scene.worker, scene.family(), json!({})).await;
        let taken = taken.done("/breakGlass/id").clone();
        let mut review = json!({ "id": taken, "outcome": "UNJUSTIFIED" });
        let silent = stage.as_(&scene.boss).mutate("breakGlassReview", review.clone(), "").await;
        assert_eq!(silent.refusal(), ("REQUIRED".to_owned(), "input.note".to_owned()));
        review["note"] = json!("No need.");
        let elsewhere = stage.as_(&scene.lead_boss);
        let denied = elsewhere.mutate("breakGlassReview", review.clone(), "").await.refusal();
        assert_eq!(denied.0, "PERMISSION_DENIED");
        let select = "breakGlass { isInForce endedAt }";
        let cut = stage.as_(&scene.boss).mutate("breakGlassReview", review, select).await;
        assert_eq!(cut.done("/breakGlass/isInForce"), false);
        assert_ne!(cut.done("/breakGlass/endedAt"), &Value::Null);
        assert_eq!(scene.seen_by(&stage.as_(&scene.worker)).await, 0);
        let gained = (ChangeKind::AccessGained, Some(scene.worker.id));
        let lost = (ChangeKind::AccessLost, Some(scene.worker.id));
        assert_eq!(scene.told(scene.home.id).await, [gained, lost]);
        stage.wait(TimeDelta::hours(5));
        assert_eq!(hearth::upkeep::pass(&stage.app).await.unwrap(), 0, "it was told");
    });
}

#[test]
fn who_took_it_does_not_review_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taken = scene.open(&scene.boss, scene.family(), json!({})).await;
        let review = json!({ "id": taken.done("/breakGlass/id"), "outcome": "JUSTIFIED" });
        let own = stage.as_(&scene.boss).mutate("breakGlassReview", review.clone(), "").await;
        assert_eq!(own.refusal(), ("APPROVER_IS_REQUESTER".to_owned(), "input.id".to_owned()));
        let other = stage.worker(&scene.ours, Role::Supervisor).await;
        let done = stage.as_(&other).mutate("breakGlassReview", review, "breakGlass { id }").await;
        done.done("/breakGlass/id");
    });
}

#[test]
fn who_leads_the_work_learns_of_it_and_strangers_do_not() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let child = id("person", scene.home.child);
        let family = scene.open(&scene.worker, scene.family(), json!({})).await;
        let person = scene.open(&scene.boss, child.clone(), json!({})).await;
        let [family, person] = [&family, &person].map(|one| one.done("/breakGlass/id").clone());
        let list = async |who, filter: &str| {
            let query = format!("{{ breakGlassAccesses{filter} {{ totalCount nodes {{ id }} }} }}");
            let answer = stage.as_(who).query(&query).await;
            let nodes = answer.list("/breakGlassAccesses/nodes");
            nodes.iter().map(|node| node["id"].clone()).collect::<Vec<_>>()
        };
        let both = vec![person.clone(), family.clone()];
        assert_eq!(list(&scene.lead_boss, "").await, both, "latest first");
        assert_eq!(list(&scene.boss, "").await, both);
        assert_eq!(list(&scene.worker, "").await, std::slice::from_ref(&family), "one's own");
        assert_eq!(list(&scene.colleague, "").await, Vec::<Value>::new());
        assert_eq!(list(&scene.lead_worker, "").await, Vec::<Value>::new());
        let stranger = stage.organisation("Stranger", None).await;
        let stranger = stage.worker(&stranger, Role::Supervisor).await;
        assert_eq!(list(&stranger, "").await, Vec::<Value>::new());
        let node = format!("{{ node(id: {family}) {{ id }} }}");
        assert_eq!(stage.as_(&stranger).query(&node).await.data("/node"), &Value::Null);
        for (filter, expected) in [
            (format!("(filter: {{ subjectId: \"{child}\" }})"), vec![person.clone()]),
            ("(filter: { isReviewed: true })".to_owned(), vec![]),
            ("(filter: { isReviewed: false, isInForce: true })".to_owned(), both.clone()),
            ("(filter: { isInForce: false })".to_owned(), vec![]),
            ("(filter: { outcomeIn: [UNJUSTIFIED] })".to_owned(), vec![]),
        ] {
            assert_eq!(list(&scene.lead_boss, &filter).await, expected, "{filter}");
        }
    });
}

#[test]
fn what_ran_out_is_told_as_lost_once_by_whichever_server() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let taken = scene.open(&scene.worker, scene.family(), json!({})).await;
        let taken = taken.done("/breakGlass/id").clone();
        let pass = || hearth::upkeep::pass(&stage.app);
        assert_eq!(pass().await.unwrap(), 0, "it holds");
        stage.wait(TimeDelta::hours(4));
        let (one, other) = tokio::join!(pass(), pass());
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        assert_eq!(pass().await.unwrap(), 0);
        let gained = (ChangeKind::AccessGained, Some(scene.worker.id));
        let lost = (ChangeKind::AccessLost, Some(scene.worker.id));
        assert_eq!(scene.told(scene.home.id).await, [gained, lost]);
        let row = break_glass::Entity::find().one(&stage.database.reader).await.unwrap().unwrap();
        assert_eq!((row.ended_at, row.version), (Some(row.until), 2));
        let events = audit_event::Entity::find()
            .filter(audit_event::Column::EntityKind.eq("breakglass"))
            .order_by_asc(audit_event::Column::OccurredAt)
            .all(&stage.database.reader)
            .await
            .unwrap();
        let told: Vec<_> = events.iter().map(|one| (&*one.action, &*one.role)).collect();
        let expected = [("ACCESS_BREAK_GLASS", "CASEWORKER"), ("BREAK_GLASS_EXPIRE", "HOUSE")];
        assert_eq!(told, expected);
        // It is reviewed all the same.
        let review = json!({ "id": taken, "outcome": "UNJUSTIFIED", "note": "No need." });
        let client = stage.as_(&scene.boss);
        let done = client.mutate("breakGlassReview", review, "breakGlass { endedAt }").await;
        assert!(done.done("/breakGlass/endedAt").is_string());
        let lines = change::Entity::find().filter(change::Column::Kind.eq(ChangeKind::AccessLost));
        assert_eq!(lines.count(&stage.database.reader).await.unwrap(), 1);
    });
}
