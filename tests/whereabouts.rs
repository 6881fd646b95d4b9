//! Where children are on a day, as who may see it is told.

mod ground;
mod rules;
mod sight;

use chrono::TimeDelta;
use entity::absence::AbsenceKind;
use entity::episode::ClosureClass;
use entity::family_member::MemberRole;
use entity::legal_status::LegalStatusKind;
use entity::placement::{self, Destination, PlacementStatus};
use entity::{episode, family_member, legal_status, person, register_entry};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use self::ground::Ground;
use crate::harness::world::{Household, START, id};
use crate::harness::{Stage, run, run_with};

/// Children with what is recorded of them, and the class that this is.
type Expected = Vec<(String, String)>;

async fn in_units(ground: &Ground<'_>, expected: &mut Expected) {
    let home = ground.home().await;
    ground.stay(&home, PlacementStatus::Admitted, None).await;
    expected.push(is_in(&home, "UNIT"));
    for (kind, class) in [
        (AbsenceKind::Hospital, "HOSPITAL"),
        (AbsenceKind::Missing, "MISSING"),
        (AbsenceKind::HomeLeave, "ON_LEAVE"),
    ] {
        let home = ground.registered().await;
        let stay = ground.stay(&home, PlacementStatus::OnLeave, None).await;
        ground.absence(&home, stay, kind, (-2, None)).await;
        expected.push(is_in(&home, class));
    }
}

async fn by_decision_or_discharge(ground: &Ground<'_>, expected: &mut Expected) {
    for (kind, class) in [
        (LegalStatusKind::Foster, "FOSTER"),
        (LegalStatusKind::Guardianship, "KIN"),
        (LegalStatusKind::Orphan, "HOME"),
    ] {
        let home = ground.home().await;
        ground.status(&home, kind, -20).await;
        expected.push(is_in(&home, class));
    }
    for (destination, class) in [
        (Destination::Kin, "KIN"),
        (Destination::Foster, "FOSTER"),
        (Destination::Medical, "HOSPITAL"),
        (Destination::LeftWithoutPermission, "MISSING"),
        (Destination::BirthFamily, "HOME"),
        (Destination::Custody, "UNKNOWN"),
    ] {
        let home = ground.registered().await;
        ground.stay(&home, PlacementStatus::Discharged, Some(destination)).await;
        expected.push(is_in(&home, class));
    }
}

async fn in_households(ground: &Ground<'_>, expected: &mut Expected) {
    expected.push(is_in(&ground.registered().await, "HOME"));
    let moved = ground.registered().await;
    ground.moved(&moved, -3).await;
    expected.push(is_in(&moved, "MOVED"));
    let elsewhere = ground.registered().await;
    ground.lives_elsewhere(&elsewhere, elsewhere.child).await;
    expected.push(is_in(&elsewhere, "UNKNOWN"));
    let kin = ground.registered().await;
    ground.lives_elsewhere(&kin, kin.parent).await;
    let aunt = ground.stage.person("Aunt", START).await;
    ground.stage.membership(kin.id, aunt, MemberRole::Relative, START, None).await;
    expected.push(is_in(&kin, "KIN"));
}

fn is_in(home: &Household, class: &str) -> (String, String) {
    (id("child", home.child), class.to_owned())
}

#[test]
fn each_child_is_in_exactly_one_place_today() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut expected = Vec::new();
        in_units(&ground, &mut expected).await;
        by_decision_or_discharge(&ground, &mut expected).await;
        in_households(&ground, &mut expected).await;
        let mut told = ground.classes(None).await;
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
    });
}

#[test]
fn a_past_day_is_told_by_the_dates_on_record() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        // Admitted a week ago, in hospital for two days, back, and discharged yesterday.
        let stay = ground.stay(&home, PlacementStatus::Discharged, Some(Destination::Kin)).await;
        ground.absence(&home, stay, AbsenceKind::Hospital, (-5, Some(-3))).await;
        let told = async |days: i64| {
            let answer = ground.ask(json!({ "on": ground.day(days) })).await;
            let node = answer.data("/childWhereabouts/nodes/0").clone();
            (node["whereabouts"].clone(), node["since"].clone(), node["placement"]["id"].clone())
        };
        let placement = json!(id("placement", stay));
        let since = |days: i64| json!(ground.day(days));
        assert_eq!(told(-8).await, (json!("HOME"), json!(START), Value::Null));
        assert_eq!(told(-7).await, (json!("UNIT"), since(-7), placement.clone()));
        assert_eq!(told(-5).await, (json!("HOSPITAL"), since(-5), placement.clone()));
        assert_eq!(told(-4).await, (json!("HOSPITAL"), since(-5), placement.clone()));
        assert_eq!(told(-3).await, (json!("UNIT"), since(-3), placement.clone()));
        assert_eq!(told(-2).await, (json!("UNIT"), since(-3), placement));
        assert_eq!(told(-1).await, (json!("KIN"), since(-1), Value::Null));
        assert_eq!(told(0).await, (json!("KIN"), since(-1), Value::Null));

        let tomorrow = ground.ask(json!({ "on": ground.day(1) })).await;
        assert_eq!(tomorrow.code(), "BAD_USER_INPUT");
        let before = ground.ask(json!({ "on": START - TimeDelta::days(1) })).await;
        assert_eq!(before.data("/childWhereabouts/totalCount"), 0);
        assert_eq!(
            ground.ask(json!({ "on": START })).await.list("/childWhereabouts/nodes").len(),
            1
        );
    });
}

/// A day begins where the authority is.
#[test]
fn days_are_those_of_the_authority() {
    run_with(
        |setup| setup.settings.time_zone = chrono_tz::Asia::Kolkata,
        async |stage| {
            let ground = Ground::lay(stage).await;
            let home = ground.home().await;
            let row = stage.placement(&home, ground.place, PlacementStatus::Admitted);
            let late = ground.day(-3).and_hms_opt(20, 0, 0).unwrap().and_utc();
            stage.put(placement::ActiveModel { admitted_at: Set(Some(late)), ..row }).await;
            for (days, count) in [(-3, 0), (-2, 1)] {
                let answer = ground.ask(json!({ "on": ground.day(days) })).await;
                assert_eq!(answer.data("/childWhereabouts/totalCount"), count, "{days}");
            }
            let answer = ground.ask(json!({ "on": ground.day(-2) })).await;
            let since = answer.data("/childWhereabouts/nodes/0/since");
            assert_eq!(since, &json!(ground.day(-2)));
        },
    );
}

async fn change<E: EntityTrait>(stage: &Stage, column: E::Column, value: Expr, of: Expr) {
    let update = E::update_many().col_expr(column, value).filter(of);
    update.exec(&stage.database.writer).await.unwrap();
}

async fn of_person(stage: &Stage, child: Uuid, column: person::Column, value: Expr) {
    change::<person::Entity>(stage, column, value, person::Column::Id.eq(child)).await;
}

#[test]
fn listed_are_the_living_children_on_a_register_or_in_care_on_the_day() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let listed = async |days: i64| {
            let answer = ground.ask(json!({ "on": ground.day(days) })).await;
            let nodes = answer.list("/childWhereabouts/nodes").to_vec();
            assert_eq!(answer.data("/childWhereabouts/totalCount"), nodes.len());
            nodes.iter().map(|node| node["child"]["id"].clone()).collect::<Vec<_>>()
        };
        ground.home().await;
        assert!(listed(0).await.is_empty(), "neither on a register nor in care");

        let home = ground.registered().await;
        let child = [json!(id("child", home.child))];
        assert_eq!(listed(0).await, child, "the parent is no child");
        ground.entry(None, Some(home.child), (-9, None)).await;
        assert_eq!(listed(0).await, child, "once, however many reasons there are");

        let of_person = async |column, value| of_person(stage, home.child, column, value).await;
        of_person(person::Column::DeathDate, Expr::val(ground.day(-4))).await;
        assert_eq!((listed(-4).await.len(), listed(-3).await.len()), (1, 0));
        of_person(person::Column::DeathDate, Expr::val(None::<chrono::NaiveDate>)).await;
        let of_age = ground.day(-4) - chrono::Months::new(18 * 12);
        of_person(person::Column::BirthDate, Expr::val(of_age)).await;
        assert_eq!((listed(-5).await.len(), listed(-4).await.len()), (1, 0));
        of_person(person::Column::BirthDate, Expr::val(ground.day(-2))).await;
        assert_eq!((listed(-3).await.len(), listed(-2).await.len()), (0, 1));
        of_person(person::Column::BirthDate, Expr::val(None::<chrono::NaiveDate>)).await;
        assert_eq!(listed(0).await.len(), 1, "recorded as a child");
        let other = ground.home().await;
        of_person(person::Column::MergedIntoId, Expr::val(other.child)).await;
        assert!(listed(0).await.is_empty());
        of_person(person::Column::MergedIntoId, Expr::val(None::<Uuid>)).await;

        let voided = Expr::val(stage.now());
        let all = register_entry::Column::Grounds.is_not_null();
        change::<register_entry::Entity>(stage, register_entry::Column::VoidedAt, voided, all)
            .await;
        assert!(listed(0).await.is_empty());
    });
}

#[test]
fn an_entry_a_stay_and_a_status_list_a_child_while_they_last() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let count = async |days: i64| {
            let answer = ground.ask(json!({ "on": ground.day(days) })).await;
            answer.data("/childWhereabouts/totalCount").clone()
        };
        let own = ground.home().await;
        ground.entry(None, Some(own.child), (-200, Some(-190))).await;
        let family = ground.home().await;
        ground.entry(Some(family.id), None, (-180, Some(-170))).await;
        let status = ground.home().await;
        ground.status(&status, LegalStatusKind::WithoutParentalCare, -160).await;
        ground.end_statuses(-150).await;
        let placed = ground.home().await;
        ground.stay(&placed, PlacementStatus::Discharged, Some(Destination::Kin)).await;
        for (first, end) in [(-200, -190), (-180, -170), (-160, -150), (-7, -1)] {
            let counts = [
                count(first - 1).await,
                count(first).await,
                count(end - 1).await,
                count(end).await,
            ];
            assert_eq!(counts, [0, 1, 1, 0], "{first}");
        }
        // Whoever comes for the day is in no care, nor is who waits.
        let day_child = ground.home().await;
        let row = stage.placement(&day_child, ground.place, PlacementStatus::Admitted);
        stage.put(placement::ActiveModel { is_residential: Set(false), ..row }).await;
        let waits = ground.home().await;
        stage.put(stage.placement(&waits, ground.place, PlacementStatus::Waitlisted)).await;
        assert_eq!(count(0).await, 0);
        // Whose last discharge says that it died is not looked for any more.
        let died = ground.registered().await;
        assert_eq!(count(0).await, 1);
        ground.stay(&died, PlacementStatus::Discharged, Some(Destination::Died)).await;
        assert_eq!((count(-1).await, count(0).await), (json!(1), json!(0)));
    });
}

#[test]
fn a_family_that_moved_and_is_worked_with_again_is_here() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        ground.moved(&home, -10).await;
        let again = episode::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            no: Set(2),
            opened_on: Set(ground.day(-5)),
            reason: Set("They came back.".to_owned()),
            recorded_at: Set(stage.now()),
            ..Default::default()
        };
        stage.put(again).await;
        let class = async |days: i64| ground.classes(Some(days)).await.remove(0).1;
        let told = [class(-11).await, class(-10).await, class(-6).await, class(-5).await];
        assert_eq!(told, ["HOME", "MOVED", "MOVED", "HOME"]);
        let overcame = Expr::val(ClosureClass::Overcame.to_value());
        let first = episode::Column::No.eq(1);
        change::<episode::Entity>(stage, episode::Column::ClosureClass, overcame, first).await;
        assert_eq!(class(-6).await, "HOME");
    });
}

#[test]
fn pages_of_every_size_give_each_child_once_under_every_filter() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        for number in 0..13 {
            let home = ground.registered().await;
            if number % 3 == 1 {
                ground.stay(&home, PlacementStatus::Admitted, None).await;
            }
        }
        let filters = [
            (Value::Null, 13),
            (json!({ "classIn": ["UNIT"] }), 4),
            (json!({ "classIn": ["HOME"] }), 9),
            (json!({ "classIn": ["HOME", "UNIT"] }), 13),
            (json!({ "classIn": ["MISSING"] }), 0),
            (json!({ "classIn": [] }), 0),
            (json!({ "registerIdIn": [id("register", ground.register)] }), 13),
            (json!({ "registerIdIn": [id("register", Uuid::now_v7())] }), 0),
            (json!({ "areaIdIn": [id("area", ground.area.id)], "classIn": ["UNIT"] }), 4),
            (json!({ "areaIdIn": [id("area", Uuid::now_v7())] }), 0),
        ];
        for (filter, count) in filters {
            for first in 1..=14 {
                let found = ground.walk(first, &filter).await;
                assert_eq!(found.len(), count, "{filter} by {first}");
                let mut sorted = found.clone();
                sorted.sort();
                sorted.dedup();
                assert_eq!(found, sorted, "{filter} by {first}");
            }
        }
        let answer = ground.ask(json!({ "first": 3 })).await;
        let cursor = answer.data("/childWhereabouts/pageInfo/endCursor").clone();
        let other = json!({ "after": cursor, "on": ground.day(-1) });
        assert_eq!(ground.ask(other).await.code(), "INVALID_CURSOR", "of another day");
    });
}

#[test]
fn a_page_takes_as_many_statements_however_many_children_it_holds() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let query = "query W($f: ChildWhereaboutsFilter) {
          childWhereabouts(first: 100, filter: $f) { nodes { whereabouts since
            child { displayName } family { reference } placement { unit { name } centre { name } } } } }";
        let mut counts = Vec::new();
        for number in [1, 30] {
            for _ in 0..number {
                let (here, placed) = (ground.registered().await, ground.registered().await);
                let stay = ground.stay(&placed, PlacementStatus::OnLeave, None).await;
                ground.absence(&placed, stay, AbsenceKind::HomeLeave, (-2, None)).await;
                ground.status(&here, LegalStatusKind::ParentalCare, -5).await;
            }
            for filter in [Value::Null, json!({ "classIn": ["HOME", "ON_LEAVE"] })] {
                let asked = stage.as_(&ground.worker);
                let asked = asked.query_with(query, json!({ "f": filter }));
                let (statements, answer) = stage.counted(asked).await;
                let nodes = answer.list("/childWhereabouts/nodes").len();
                counts.push((statements, nodes));
            }
        }
        let nodes: Vec<usize> = counts.iter().map(|(_, nodes)| *nodes).collect();
        assert_eq!(nodes, [2, 2, 62, 62]);
        let statements: Vec<usize> = counts.iter().map(|(statements, _)| *statements).collect();
        // The viewer, the page, six of facts; the family; unit and centre; the audit.
        assert_eq!(statements, [11, 11, 11, 11], "{:#?}", stage.said());
    });
}

#[test]
fn what_was_voided_says_nothing() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let home = ground.registered().await;
        let class = async || ground.classes(None).await.remove(0).1;
        ground.stay(&home, PlacementStatus::Admitted, None).await;
        ground.status(&home, LegalStatusKind::Foster, -20).await;
        assert_eq!(class().await, "UNIT");
        let (now, all) = (|| Expr::val(stage.now()), placement::Column::Status.is_not_null());
        change::<placement::Entity>(stage, placement::Column::VoidedAt, now(), all).await;
        assert_eq!(class().await, "FOSTER");
        let all = legal_status::Column::Status.is_not_null();
        change::<legal_status::Entity>(stage, legal_status::Column::VoidedAt, now(), all).await;
        assert_eq!(class().await, "HOME");
        // Entered in its own name, so that it is listed without a family.
        ground.entry(None, Some(home.child), (-9, None)).await;
        let aunt = stage.person("Aunt", START).await;
        stage.membership(home.id, aunt, MemberRole::Relative, START, None).await;
        let parent = family_member::Column::PersonId.eq(home.parent);
        change::<family_member::Entity>(stage, family_member::Column::VoidedAt, now(), parent)
            .await;
        assert_eq!(class().await, "KIN");
    });
}

/// A class that few are in: a page ends when it has looked at very many, and says where to go on.
#[test]
fn a_page_of_a_rare_class_ends_early_and_goes_on() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let crowd = ground.registered().await;
        ground.children(crowd.id, 2100).await;
        let last = ground.registered().await;
        ground.stay(&last, PlacementStatus::Admitted, None).await;
        let filter = json!({ "classIn": ["UNIT"] });
        let first = ground.ask(json!({ "filter": filter })).await;
        assert!(first.list("/childWhereabouts/nodes").is_empty());
        assert_eq!(first.data("/childWhereabouts/pageInfo/hasNextPage"), true);
        assert_eq!(first.data("/childWhereabouts/totalCount"), 1);
        let after = first.data("/childWhereabouts/pageInfo/endCursor").clone();
        let next = ground.ask(json!({ "filter": filter, "after": after })).await;
        let found = next.data("/childWhereabouts/nodes/0/child/id");
        assert_eq!(found, &json!(id("child", last.child)));
        assert_eq!(next.data("/childWhereabouts/pageInfo/hasNextPage"), false);
    });
}
