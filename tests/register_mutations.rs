//! Registers: decisions of bodies, entries that they start and end, and the catalogues.

use chrono::{NaiveDate, TimeDelta};
use entity::membership::Role;
use entity::register::RegisterSubject;
use entity::{decision, register_entry};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};

const ENTRY: &str = "entry { id grounds since until removalReason register { code } \
    family { id } person { id } decision { id } removalDecision { id } }";
const DECISION: &str =
    "decision { id kind number decidedOn effectSince effectUntil document body { id } }";

struct Scene<'s> {
    stage: &'s Stage,
    body: Branch,
    home: Household,
    worker: Person,
    families: Uuid,
    persons: Uuid,
    /// A decision about the family.
    decided: String,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let body = stage.organisation("Commission", None).await;
        let home = stage.household(&office, &area, "X").await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let families = stage.register("F1", RegisterSubject::Family, true).await;
        let persons = stage.register("P1", RegisterSubject::Person, true).await;
        let decided = stage.decision(&body, home.id, "1/1").await;
        let decided = id("decision", decided);
        Self { stage, body, home, worker, families, persons, decided }
    }

    fn days_ago(&self, days: i64) -> NaiveDate {
        self.stage.today() - TimeDelta::days(days)
    }

    async fn send(&self, mutation: &str, input: Value) -> Answer {
        let selection = if mutation == "decisionRecord" { DECISION } else { ENTRY };
        self.stage.as_(&self.worker).mutate(mutation, input, selection).await
    }

    fn entering(&self) -> Value {
        json!({ "registerId": id("register", self.persons), "grounds": "NEGLECT",
            "personId": id("child", self.home.child), "since": self.days_ago(5),
            "decisionId": self.decided })
    }

    fn decision(&self) -> Value {
        json!({ "bodyId": id("organisation", self.body.id), "kind": "Registration",
            "familyId": id("family", self.home.id), "number": "17/3",
            "decidedOn": self.days_ago(6) })
    }
}

fn with(mut input: Value, field: &str, value: Value) -> Value {
    input[field] = value;
    input
}

fn refused(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

async fn recorded_by(stage: &Stage, number: &str) -> Option<Uuid> {
    let decision = decision::Entity::find().filter(decision::Column::Number.eq(number));
    decision.one(&stage.database.reader).await.unwrap().unwrap().recorded_by_id
}

#[test]
fn a_decision_starts_an_entry_and_another_ends_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let decided = scene.send("decisionRecord", scene.decision()).await;
        let first = decided.done("/decision/id").clone();
        assert_eq!(decided.done("/decision/number"), "17/3");
        assert_eq!(recorded_by(stage, "17/3").await, Some(scene.worker.id));
        // A decision about the family starts the entry of its child.
        let input = with(scene.entering(), "decisionId", first.clone());
        let client = stage.as_(&scene.worker);
        let key = Uuid::now_v7();
        let request = client.mutate_as(key, "registerEnter", input.clone(), "entry { id }");
        let (statements, entered) = stage.counted(request).await;
        let entry = entered.done("/entry/id").clone();
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let again = client.mutate_as(key, "registerEnter", input, ENTRY).await;
        assert!(again.replayed());
        assert_eq!(again.done("/entry/decision/id"), &first);
        assert_eq!(again.done("/entry/person/id"), &json!(id("person", scene.home.child)));
        assert_eq!(again.done("/entry/until"), &json!(null));

        let about_child = with(scene.decision(), "personId", json!(id("child", scene.home.child)));
        let about_child = with(about_child, "number", json!("20/1"));
        let request = client.mutate("decisionRecord", about_child, "decision { id }");
        let (statements, decided) = stage.counted(request).await;
        let second = decided.done("/decision/id").clone();
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let input = json!({ "entryId": entry, "decisionId": second, "until": scene.days_ago(-1),
            "reason": "The causes are overcome." });
        let request = client.mutate("registerRemove", input.clone(), "entry { id }");
        let (statements, removed) = stage.counted(request).await;
        removed.done("/entry/id");
        assert!(statements <= 12, "{statements}: {:#?}", stage.said());
        let twice = scene.send("registerRemove", input).await.refusal();
        assert_eq!(twice, refused("INVALID_STATE_TRANSITION", "input.entryId"));
        let stored = register_entry::Entity::find().one(&stage.database.reader).await.unwrap();
        let stored = stored.unwrap();
        assert_eq!(stored.until, Some(scene.days_ago(-1)));
        assert_eq!(stored.removal_reason.as_deref(), Some("The causes are overcome."));
        assert!(stored.removal_decision_id.is_some() && stored.ended_recorded_at.is_some());
    });
}

#[test]
fn an_entry_that_ended_is_made_again_from_its_last_day_on() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let entered = scene.send("registerEnter", scene.entering()).await;
        let removal = json!({ "entryId": entered.done("/entry/id"), "reason": "Overcome.",
            "until": scene.days_ago(2), "decisionId": scene.decided });
        scene.send("registerRemove", removal).await.done("/entry/id");
        let again = |days: i64| with(scene.entering(), "since", json!(scene.days_ago(days)));
        for days in [5, 3] {
            let refusal = scene.send("registerEnter", again(days)).await.refusal();
            assert_eq!(refusal, refused("OUT_OF_RANGE", "input.since"), "{days}");
        }
        scene.send("registerEnter", again(2)).await.done("/entry/id");
        let twice = scene.send("registerEnter", again(2)).await.refusal();
        assert_eq!(twice, refused("ALREADY_EXISTS", "input.grounds"));
    });
}

#[test]
fn a_decision_that_makes_no_sense_or_is_known_is_refused() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.send("decisionRecord", scene.decision()).await.done("/decision/id");
        let refusal = scene.send("decisionRecord", scene.decision()).await.refusal();
        assert_eq!(refusal, refused("ALREADY_EXISTS", "input.number"));
        let new = |field: &str, value: Value| {
            with(with(scene.decision(), "number", json!("18")), field, value)
        };
        let before = json!(scene.days_ago(7));
        let unborn = with(
            new("personId", json!(id("person", scene.home.child))),
            "decidedOn",
            json!("2000-01-01"),
        );
        let cases = [
            (new("familyId", json!(null)), "REQUIRED", "input.familyId"),
            (new("familyId", json!(id("family", Uuid::now_v7()))), "NOT_FOUND", "input.familyId"),
            (new("personId", json!(id("person", Uuid::now_v7()))), "NOT_FOUND", "input.personId"),
            (new("bodyId", json!(id("organisation", Uuid::now_v7()))), "NOT_FOUND", "input.bodyId"),
            (new("kind", json!(" ")), "REQUIRED", "input.kind"),
            (new("kind", json!("x".repeat(201))), "TOO_LONG", "input.kind"),
            (new("number", json!("")), "REQUIRED", "input.number"),
            (new("document", json!("\u{0}")), "INVALID", "input.document"),
            (new("decidedOn", json!(scene.days_ago(-1))), "OUT_OF_RANGE", "input.decidedOn"),
            (new("decidedOn", json!("1800-01-01")), "OUT_OF_RANGE", "input.decidedOn"),
            (new("effectUntil", before), "OUT_OF_RANGE", "input.effectUntil"),
            (new("effectSince", json!("2300-01-01")), "OUT_OF_RANGE", "input.effectSince"),
            (unborn, "OUT_OF_RANGE", "input.decidedOn"),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.send("decisionRecord", input).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told:.300}");
        }
        // The same number about somebody else is another decision.
        let child = with(scene.decision(), "personId", json!(id("child", scene.home.child)));
        scene.send("decisionRecord", child).await.done("/decision/id");
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is refused")]
fn an_entry_that_makes_no_sense_or_is_open_is_refused() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        scene.send("registerEnter", scene.entering()).await.done("/entry/id");
        let refusal = scene.send("registerEnter", scene.entering()).await.refusal();
        assert_eq!(refusal, refused("ALREADY_EXISTS", "input.grounds"));
        let violence = with(scene.entering(), "grounds", json!("VIOLENCE"));
        scene.send("registerEnter", violence.clone()).await.done("/entry/id");
        let new = |field: &str, value: Value| {
            with(with(scene.entering(), "grounds", json!("OTHER")), field, value)
        };
        let office = stage.organisation("Office 2", None).await;
        let area = stage.area("Area 2", None).await;
        let other = stage.household(&office, &area, "Y").await;
        let stray = stage.decision(&scene.body, other.id, "1").await;
        let sibling = with(scene.decision(), "personId", json!(id("person", scene.home.parent)));
        let sibling = with(sibling, "familyId", json!(null));
        let elsewhere = scene.send("decisionRecord", sibling).await.done("/decision/id").clone();
        let old = stage.register("OLD", RegisterSubject::Person, false).await;
        let family = json!(id("family", scene.home.id));
        let cases = [
            (new("personId", json!(null)), "REQUIRED", "input.familyId"),
            (new("familyId", family), "INVALID", "input.personId"),
            (new("personId", json!(id("person", other.child))), "NOT_FOUND", "input.personId"),
            (
                new("registerId", json!(id("register", scene.families))),
                "INVALID",
                "input.registerId",
            ),
            (new("registerId", json!(id("register", old))), "INVALID", "input.registerId"),
            (
                new("registerId", json!(id("register", Uuid::now_v7()))),
                "NOT_FOUND",
                "input.registerId",
            ),
            (new("since", json!(scene.days_ago(-1))), "OUT_OF_RANGE", "input.since"),
            (new("since", json!("2010-01-01")), "OUT_OF_RANGE", "input.since"),
            (new("decisionId", json!(id("decision", stray))), "NOT_FOUND", "input.decisionId"),
            (new("decisionId", elsewhere), "INVALID", "input.decisionId"),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.send("registerEnter", input).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told:.300}");
        }
    });
}

#[test]
fn an_entry_ends_after_it_began_and_by_tomorrow() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let family = json!({ "registerId": id("register", scene.families), "grounds": "POVERTY",
            "familyId": id("family", scene.home.id), "since": scene.days_ago(5),
            "decisionId": scene.decided });
        let entered = scene.send("registerEnter", family).await;
        assert_eq!(entered.done("/entry/family/id"), &json!(id("family", scene.home.id)));
        let removal = json!({ "entryId": entered.done("/entry/id"), "reason": "Moved.",
            "until": scene.days_ago(0), "decisionId": scene.decided });
        let new = |field: &str, value: Value| with(removal.clone(), field, value);
        let cases = [
            (new("until", json!(scene.days_ago(5))), "OUT_OF_RANGE", "input.until"),
            (new("until", json!(scene.days_ago(-2))), "OUT_OF_RANGE", "input.until"),
            (new("reason", json!("")), "REQUIRED", "input.reason"),
            (new("entryId", json!(id("entry", Uuid::now_v7()))), "NOT_FOUND", "input.entryId"),
            (
                new("decisionId", json!(id("decision", Uuid::now_v7()))),
                "NOT_FOUND",
                "input.decisionId",
            ),
        ];
        for (input, code, path) in cases {
            let told = input.to_string();
            let answer = scene.send("registerRemove", input).await;
            assert_eq!(answer.refusal(), refused(code, path), "{told}");
        }
        let ended = scene.send("registerRemove", removal).await;
        assert_eq!(ended.done("/entry/until"), &json!(scene.days_ago(0)));
    });
}

#[test]
fn who_does_not_see_the_subject_finds_nothing_and_who_keeps_no_registers_is_told_so() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let family = json!({ "registerId": id("register", scene.families), "grounds": "POVERTY",
            "familyId": id("family", scene.home.id), "since": scene.days_ago(5),
            "decisionId": scene.decided });
        let entered = scene.send("registerEnter", family).await;
        let removal = json!({ "entryId": entered.done("/entry/id"), "reason": "Moved.",
            "until": scene.days_ago(0), "decisionId": scene.decided });
        let other = stage.somebody().await;
        let client = stage.as_(&other);
        let refusal = client.mutate("registerRemove", removal.clone(), ENTRY).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.entryId"));
        let refusal = client.mutate("registerEnter", scene.entering(), ENTRY).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.personId"));
        let refusal = client.mutate("decisionRecord", scene.decision(), DECISION).await.refusal();
        assert_eq!(refusal, refused("NOT_FOUND", "input.familyId"));
        let staff = stage.worker(&scene.body, Role::CentreStaff).await;
        let client = stage.as_(&staff);
        let answer = client.mutate("registerRemove", removal.clone(), ENTRY).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let answer = client.mutate("registerEnter", scene.entering(), ENTRY).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let answer = client.mutate("decisionRecord", scene.decision(), DECISION).await;
        assert_eq!(answer.code(), "FORBIDDEN");
    });
}

#[test]
fn the_catalogues_are_listed_for_everybody_those_in_use_first() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        stage.register("A0", RegisterSubject::Person, false).await;
        stage.service_type("Z1", true).await;
        stage.service_type("A1", false).await;
        let reporter = stage.worker(&scene.body, Role::Reporter).await;
        let query = "{ registers { code isActive } serviceTypes { code isActive } }";
        let answer = stage.as_(&reporter).query(query).await;
        let codes = |list: &str| -> Vec<String> {
            let rows = answer.list(list).iter();
            rows.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes("/registers"), ["F1", "P1", "A0"]);
        assert_eq!(codes("/serviceTypes"), ["Z1", "A1"]);
    });
}
