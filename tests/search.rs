//! Looking for a person who may be known already: every spelling finds every other, each match says
//! why and how sure, and nobody comes whose name the viewer may not see.

use chrono::NaiveDate;
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::person::{DatePrecision, Sex};
use hearth::access::session::Circumstances;
use hearth::access::{Session, Viewer};
use hearth::casework::search::{self, LIKELY, NameParts, PartialBirth, PersonQuery};
use hearth::language::Language;
use sea_orm::{ActiveValue::Set, Iterable};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Person, START, id};
use crate::harness::{Answer, Stage, run};

/// An office with a caseworker and a family to which persons are added.
struct Office<'s> {
    stage: &'s Stage,
    area: Branch,
    branch: Branch,
    worker: Person,
    family: Uuid,
}

impl<'s> Office<'s> {
    async fn open(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let branch = stage.organisation("Office", None).await;
        let worker = stage.worker(&branch, Role::Caseworker).await;
        let family = stage.family(&branch, &area, "X").await;
        let office = Self { stage, area, branch, worker, family };
        office.see(family, AccessLevel::Full).await;
        office
    }

    /// Lets the office see a family at a level.
    async fn see(&self, family: Uuid, level: AccessLevel) {
        self.stage.grant(&self.branch, family, level, GrantBasis::Lead, family).await;
    }

    /// Records a person as `family given patronymic`, a member of the office's family.
    async fn knows(&self, name: &str, born: Option<(&str, DatePrecision)>) -> Uuid {
        self.knows_in(self.family, name, born).await
    }

    async fn knows_in(
        &self,
        family: Uuid,
        name: &str,
        born: Option<(&str, DatePrecision)>,
    ) -> Uuid {
        let id = put_person(self.stage, name, born).await;
        self.stage.membership(family, id, MemberRole::Child, START, None).await;
        id
    }

    async fn search(&self, input: Value) -> Answer {
        search_as(self.stage, &self.worker, input).await
    }

    /// The ids that a search finds, in order.
    async fn finds(&self, input: Value) -> Vec<Uuid> {
        let answer = self.search(input).await;
        let nodes = answer.list("/personSearch/nodes");
        nodes.iter().map(|node| uuid_of(&node["person"]["id"])).collect()
    }

    /// How sure a search is of its only match, and why.
    async fn weighs(&self, input: Value) -> (i64, Vec<String>) {
        let answer = self.search(input).await;
        let [only] = answer.list("/personSearch/nodes") else { panic!("{}", answer.text) };
        let reasons = only["reasons"].as_array().unwrap().iter();
        let reasons = reasons.map(|reason| reason.as_str().unwrap().to_owned()).collect();
        (only["score"].as_i64().unwrap(), reasons)
    }
}

const SEARCH: &str = "query Search($input: PersonSearchInput!, $first: Int) {
  personSearch(input: $input, first: $first) {
    nodes { person { id displayName birthDate } score reasons }
    hasMore
  }
}";

async fn search_as(stage: &Stage, worker: &Person, input: Value) -> Answer {
    stage.as_(worker).query_with(SEARCH, json!({ "input": input, "first": 25 })).await
}

fn uuid_of(id: &Value) -> Uuid {
    id.as_str().unwrap().trim_start_matches("person_").parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn put_person(stage: &Stage, name: &str, born: Option<(&str, DatePrecision)>) -> Uuid {
    let person = person(stage, name, born);
    let id = person.id.clone().unwrap();
    stage.put(person).await;
    id
}

fn person(
    stage: &Stage,
    name: &str,
    born: Option<(&str, DatePrecision)>,
) -> entity::person::ActiveModel {
    let mut parts = name.split(' ');
    let (family, given) = (parts.next().unwrap(), parts.next().unwrap());
    let patronymic = parts.next();
    let names = NameParts { family_name: Some(family), given_name: given, patronymic };
    let now = stage.now();
    entity::person::ActiveModel {
        id: Set(Uuid::now_v7()),
        given_name: Set(given.to_owned()),
        family_name: Set(Some(family.to_owned())),
        patronymic: Set(patronymic.map(str::to_owned)),
        sex: Set(Sex::Unknown),
        birth_date: Set(born.map(|(on, _)| day(on))),
        birth_precision: Set(born.map_or(DatePrecision::Estimated, |(_, precision)| precision)),
        search_key: Set(search::search_key([names])),
        is_address_protected: Set(false),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}

#[test]
fn one_search_finds_every_spelling() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let mut all = Vec::new();
        for name in ["Петренко Сергій", "Петренко Сергей", "Petrenko Sergei", "Petrenko Serhii"]
        {
            all.push(office.knows(name, None).await);
        }
        office.knows("Петренко Павло", None).await;
        office.knows("Коваль Сергій", None).await;
        for given in ["Сергій", "Сергей", "Sergei", "Serhii", "СЕРГЕЙ"] {
            for family in ["Петренко", "Petrenko"] {
                let input = json!({ "familyName": family, "givenName": given });
                let mut found = office.finds(input).await;
                found.sort();
                assert_eq!(found, all, "{family} {given}");
            }
        }
        let best = office.finds(json!({ "text": "Sergei Petrenko" })).await[0];
        assert_eq!(best, all[2], "the same spelling first");
    });
}

#[test]
fn yo_or_ye_a_patronymic_or_none_and_either_order_find_the_person() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let known = office.knows("Соловьёва Алёна Артёмовна", None).await;
        let inputs = [
            json!({ "familyName": "Соловьева", "givenName": "Алена", "patronymic": "Артемовна" }),
            json!({ "familyName": "Соловьёва", "givenName": "Алёна" }),
            json!({ "familyName": "Алена", "givenName": "Соловьева" }),
            json!({ "familyName": "Соловйова", "givenName": "Олена" }),
            json!({ "familyName": "Solovyova", "givenName": "Alyona" }),
            json!({ "familyName": "Соловьева" }),
            json!({ "familyName": "Солавьева", "givenName": "Алёна" }),
            json!({ "familyName": "Солавьева" }),
            json!({ "text": "Артемовна Алена Соловьева" }),
            json!({ "text": "solovieva elena" }),
        ];
        for input in inputs {
            assert_eq!(office.finds(input.clone()).await, [known], "{input}");
        }
        let against = json!({ "givenName": "Алёна", "birthDate": "1950", "sex": "MALE" });
        assert_eq!(office.finds(against).await, [known], "they order, and exclude nobody");
        let none = json!({ "familyName": "Солнцева", "givenName": "Алёна" });
        assert!(office.finds(none).await.is_empty());
    });
}

#[test]
fn each_match_says_why_and_how_sure() {
    run(async |stage| {
        let office = Office::open(stage).await;
        office.knows("Щербак Наталія Іванівна", Some(("2014-03-09", DatePrecision::Day))).await;
        let names = json!({ "familyName": "Shcherbak", "givenName": "Natalya" });
        let with = |more: Value| {
            let mut input = names.clone();
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let cases = [
            (json!({}), 70, vec!["FAMILY_NAME", "GIVEN_NAME"]),
            (json!({ "birthDate": "2014-03-09" }), 86, vec!["BIRTH_DATE"]),
            (json!({ "birthDate": "2014-03" }), 78, vec!["BIRTH_DATE_CLOSE"]),
            (json!({ "birthDate": "2014" }), 78, vec!["BIRTH_DATE_CLOSE"]),
            (json!({ "birthDate": "2013-11-30" }), 78, vec!["BIRTH_DATE_CLOSE"]),
            (json!({ "birthDate": "2010" }), 40, vec!["BIRTH_DATE_DIFFERS"]),
            (json!({ "patronymic": "Ивановна" }), 78, vec!["PATRONYMIC"]),
            (json!({ "patronymic": "Олеговна" }), 55, vec!["PATRONYMIC_DIFFERS"]),
            (json!({ "familyName": "Щербак", "givenName": "Наталія" }), 74, vec!["SAME_SPELLING"]),
            (json!({ "familyName": "Natalya", "givenName": "Щербак" }), 66, vec!["NAMES_SWAPPED"]),
        ];
        for (more, score, why) in cases {
            let (found, reasons) = office.weighs(with(more.clone())).await;
            assert_eq!(found, score, "{more} {reasons:?}");
            for reason in why {
                assert!(reasons.iter().any(|found| found == reason), "{more} {reasons:?}");
            }
        }
    });
}

#[test]
fn an_approximate_birth_date_puts_the_right_one_first() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let born = |on| Some((on, DatePrecision::Day));
        let grandmother = office.knows("Коваль Олена", born("1950-05-01")).await;
        let child = office.knows("Коваль Олена", born("2016-05-01")).await;
        let unknown = office.knows("Коваль Олена", None).await;
        let guessed = office.knows("Коваль Олена", Some(("2015-01-01", DatePrecision::Year))).await;
        let name = |birth: &str| json!({ "text": "Елена Коваль", "birthDate": birth });
        assert_eq!(office.finds(name("2016")).await, [child, guessed, unknown, grandmother]);
        assert_eq!(office.finds(name("2016-05")).await, [child, guessed, unknown, grandmother]);
        assert_eq!(office.finds(name("2016-05-01")).await, [child, guessed, unknown, grandmother]);
        assert_eq!(office.finds(name("1950")).await, [grandmother, unknown, child, guessed]);
        let two = json!({ "input": { "familyName": "Коваль" }, "first": 2 });
        let answer = stage.as_(&office.worker).query_with(SEARCH, two).await;
        assert_eq!(answer.list("/personSearch/nodes").len(), 2);
        assert_eq!(answer.data("/personSearch/hasMore"), true);
    });
}

#[test]
fn nobody_comes_whose_name_the_viewer_may_not_see() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let name = "Зоренко Дарина";
        let ours = office.knows(name, None).await;
        let theirs = stage.organisation("Theirs", None).await;
        let foreign = stage.family(&theirs, &office.area, "Y").await;
        office.knows_in(foreign, name, None).await;
        let served = stage.family(&theirs, &office.area, "Z").await;
        office.see(served, AccessLevel::ServiceOnly).await;
        let in_service = office.knows_in(served, name, None).await;
        let nowhere = put_person(stage, name, None).await;
        let merged = person(stage, name, None);
        let merged = entity::person::ActiveModel { merged_into_id: Set(Some(ours)), ..merged };
        let merged_id = merged.id.clone().unwrap();
        stage.put(merged).await;
        stage.membership(office.family, merged_id, MemberRole::Child, START, None).await;

        let search = json!({ "familyName": "Зоренко", "givenName": "Дарина" });
        assert_eq!(office.finds(search.clone()).await, [ours]);
        let worker = stage.as_(&office.worker);
        let by_id = format!("{{ node(id: \"{}\") {{ id }} }}", id("person", in_service));
        assert!(worker.query(&by_id).await.data("/node").is_object(), "seen, but not by name");
        office.see(served, AccessLevel::Summary).await;
        assert_eq!(office.finds(search.clone()).await, [ours, in_service]);

        let coordinator = stage.coordinator(&theirs, &office.area).await;
        let answer = search_as(stage, &coordinator, search.clone()).await;
        assert_eq!(answer.list("/personSearch/nodes").len(), 3, "all families of the area");
        assert!(!answer.text.contains(&id("person", nowhere)));
        let elsewhere = stage.area("Elsewhere", None).await;
        let coordinator = stage.coordinator(&theirs, &elsewhere).await;
        let answer = search_as(stage, &coordinator, search).await;
        assert_eq!(answer.list("/personSearch/nodes").len(), 0);
    });
}

#[test]
fn those_who_record_families_may_search_and_nobody_else() {
    run(async |stage| {
        let office = stage.organisation("Office", None).await;
        for role in Role::iter().filter(|role| *role != Role::Integration) {
            let worker = stage.worker(&office, role).await;
            let answer = search_as(stage, &worker, json!({ "text": "Коваль" })).await;
            if [Role::Caseworker, Role::Supervisor, Role::AreaCoordinator].contains(&role) {
                assert_eq!(answer.list("/personSearch/nodes").len(), 0);
            } else {
                assert_eq!(answer.code(), "FORBIDDEN", "{role:?}");
            }
        }
        let machine = stage.machine(&office).await;
        let answer = search_as(stage, &machine, json!({ "text": "Коваль" })).await;
        assert_eq!(answer.code(), "FORBIDDEN");
    });
}

#[test]
fn whatever_is_typed_is_a_name_or_an_error_that_helps() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let known = office.knows("О'Коваль Нина-Мария", None).await;
        for text in ["%", "_", "\\", "'", "' OR 1=1 --", "\u{0}", "🦊", "ко%", "нин_", "нина🦊ъ%"]
        {
            let answer = office.search(json!({ "text": text })).await;
            if answer.body.get("errors").is_some() {
                assert_eq!(answer.code(), "BAD_USER_INPUT", "{text}");
                assert!(answer.message().contains("`familyName`"), "{}", answer.text);
                assert!(!text.chars().any(char::is_alphanumeric), "{text}");
            }
        }
        assert_eq!(office.finds(json!({ "text": "%%%%" , "givenName": "нина" })).await, [known]);
        assert_eq!(office.finds(json!({ "text": "о’коваль\u{0}нина" })).await, [known]);
        assert_eq!(office.finds(json!({ "text": "🦊оковаль🦊" })).await, [known]);
        let nothing = office.search(json!({ "birthDate": "2014", "sex": "FEMALE" })).await;
        assert_eq!(nothing.code(), "BAD_USER_INPUT");
        assert!(office.finds(json!({ "text": "я ".repeat(50) })).await.is_empty());
        for field in ["familyName", "givenName", "patronymic", "text"] {
            let long = office.search(json!({ field: "я".repeat(101) })).await;
            assert_eq!(long.message(), format!("`{field}` must have at most 100 characters."));
        }
        for first in [0, -1, 26] {
            let variables = json!({ "input": { "text": "нина" }, "first": first });
            let answer = stage.as_(&office.worker).query_with(SEARCH, variables).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT");
        }
    });
}

#[test]
fn a_search_takes_few_statements_and_has_its_price() {
    run(async |stage| {
        let office = Office::open(stage).await;
        for number in 0..30 {
            let given = if number % 2 == 0 { "Сергій" } else { "Сергей" };
            office.knows(&format!("Петренко {given}"), None).await;
        }
        let search = office.search(json!({ "familyName": "Petrenko", "givenName": "Sergei" }));
        let (statements, answer) = stage.counted(search).await;
        assert_eq!(answer.list("/personSearch/nodes").len(), 25);
        assert_eq!(answer.data("/personSearch/hasMore"), true);
        assert!(statements <= 5, "{statements}: {:#?}", stage.said());
        let query = "{ personSearch(input: {text: \"Petrenko\"}) { nodes { person { id } } } }";
        let answer = stage.as_(&office.worker).query(query).await;
        assert_eq!(answer.list("/personSearch/nodes").len(), 10);
        assert_eq!(answer.body["extensions"]["cost"]["requested"], 20 + 10 * 2);
    });
}

#[test]
fn suspects_are_those_likely_the_same_the_surest_first() {
    run(async |stage| {
        let office = Office::open(stage).await;
        let born = |on| Some((on, DatePrecision::Day));
        let undated = office.knows("Мороз Олексій", None).await;
        office.knows("Мороз Олексій", born("1980-01-01")).await;
        let same = office.knows("Мороз Алексей", born("2015-07-20")).await;
        office.knows("Мороз Олена", born("2015-07-20")).await;
        for _ in 0..search::MOST_SUSPECTS {
            office.knows("Мороз Олексій", None).await;
        }
        let claims = office.worker.claims(Vec::new());
        let reader = &stage.database.reader;
        let viewer = Viewer::load(reader, &claims, stage.now(), None).await.unwrap();
        let circumstances = Circumstances {
            request_id: Uuid::now_v7(),
            zone: chrono_tz::UTC,
            language: Language::default(),
            terms: stage.app.settings.terms,
            clock: hearth::clock::Clock::system(),
            vault: stage.vault().clone(),
        };
        let session = Session::new(stage.database.clone(), viewer, circumstances);
        let query = PersonQuery {
            family_name: Some("Moroz".to_owned()),
            given_name: Some("Oleksii".to_owned()),
            birth: Some(PartialBirth { day: day("2015-07-20"), precision: DatePrecision::Day }),
            ..PersonQuery::default()
        };
        let rows = search::candidates(&session, &query).all().await.unwrap();
        let suspects = search::suspects(&query, &rows);
        assert_eq!(suspects.len(), search::MOST_SUSPECTS);
        assert!(suspects.iter().all(|suspect| suspect.score >= LIKELY));
        assert_eq!((suspects[0].person.id, suspects[1].person.id), (same, undated));
        let nobody = search::candidates(&session, &PersonQuery::default()).all().await.unwrap();
        assert!(nobody.is_empty());
    });
}
