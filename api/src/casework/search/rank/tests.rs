//! What each fact adds and takes away, and what is suspected to be the same person.

use chrono::{DateTime, NaiveDate, Utc};
use entity::person::{self, DatePrecision, Sex};

use super::MatchReason::{
    BirthDate, BirthDateClose, BirthDateDiffers, FamilyName, GivenName, NamesSwapped, OtherName,
    Patronymic, PatronymicDiffers, SameSpelling, SexDiffers,
};
use super::{Asked, LIKELY, MatchReason, weigh};
use crate::casework::search::{NameParts, PartialBirth, PersonQuery, search_key};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Сергій Петренко, son of Іван, born on 9 March 2014; Щербак by birth.
fn known() -> person::Model {
    let at = DateTime::<Utc>::default();
    let mut row = person::Model {
        id: uuid::Uuid::nil(),
        given_name: "Сергій".to_owned(),
        family_name: Some("Петренко".to_owned()),
        patronymic: Some("Іванович".to_owned()),
        sex: Sex::Male,
        birth_date: Some(day("2014-03-09")),
        birth_precision: DatePrecision::Day,
        death_date: None,
        disability: None,
        phone: None,
        search_key: String::new(),
        is_address_protected: false,
        merged_into_id: None,
        version: 1,
        created_at: at,
        updated_at: at,
        created_by: None,
        updated_by: None,
    };
    let birth = NameParts {
        family_name: Some("Щербак"), given_name: "Сергій", patronymic: None
    };
    row.search_key = search_key([NameParts::from(&row), birth]);
    row
}

fn named(family: &str, given: &str) -> PersonQuery {
    let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PersonQuery { family_name: part(family), given_name: part(given), ..PersonQuery::default() }
}

fn born(query: PersonQuery, on: &str, precision: DatePrecision) -> PersonQuery {
    PersonQuery { birth: Some(PartialBirth { day: day(on), precision }), ..query }
}

fn of(query: PersonQuery, patronymic: &str) -> PersonQuery {
    PersonQuery { patronymic: Some(patronymic.to_owned()), ..query }
}

fn found(query: &PersonQuery) -> (i32, Vec<MatchReason>) {
    let case = weigh(&Asked::from(query), query, &known());
    (case.score, case.reasons)
}

#[test]
fn names_alone_are_told_by_sound_and_by_spelling() {
    assert_eq!(
        found(&named("Петренко", "Сергій")),
        (74, vec![FamilyName, GivenName, SameSpelling])
    );
    assert_eq!(found(&named("Petrenko", "Sergei")), (70, vec![FamilyName, GivenName]));
    assert_eq!(found(&named("Petrenko", "")), (40, vec![FamilyName]));
    assert_eq!(found(&named("Petronko", "Sergei")), (58, vec![FamilyName, GivenName]));
    assert_eq!(
        found(&named("Sergei", "Petrenko")),
        (66, vec![FamilyName, GivenName, NamesSwapped])
    );
    assert_eq!(found(&named("Shcherbak", "Serhii")), (64, vec![GivenName, OtherName]));
    assert_eq!(found(&named("Петренко-Іваненко", "Сергій")), (58, vec![FamilyName, GivenName]));
    assert_eq!(found(&named("Коваль", "Олена")), (0, vec![]));
}

#[test]
fn words_of_a_text_may_be_any_part() {
    let text = |text: &str| PersonQuery { text: Some(text.to_owned()), ..PersonQuery::default() };
    assert_eq!(found(&text("Sergei Petrenko")), found(&named("Petrenko", "Sergei")));
    assert_eq!(found(&text("Petrenko, Sergei")), found(&named("Petrenko", "Sergei")));
    let all = vec![FamilyName, GivenName, Patronymic, SameSpelling];
    assert_eq!(found(&text("Іванович Сергій Петренко")), (82, all));
    assert_eq!(found(&text("Sergei Scherbak")), (64, vec![GivenName, OtherName]));
}

#[test]
fn a_patronymic_helps_or_speaks_against_and_may_be_missing() {
    let query = named("Petrenko", "Sergei");
    assert_eq!(
        found(&of(query.clone(), "Ivanovich")),
        (78, vec![FamilyName, GivenName, Patronymic])
    );
    let differs = vec![FamilyName, GivenName, PatronymicDiffers];
    assert_eq!(found(&of(query, "Olegovich")), (55, differs));
    assert_eq!(found(&of(named("", ""), "Ivanovich")), (8, vec![Patronymic]));
    assert_eq!(found(&of(named("", ""), "Olegovich")), (0, vec![]));
}

#[test]
fn a_birth_date_is_compared_as_exactly_as_it_is_known() {
    let on = |on, precision| {
        let (score, reasons) = found(&born(named("Petrenko", "Sergei"), on, precision));
        (score, reasons.last().copied().unwrap())
    };
    assert_eq!(on("2014-03-09", DatePrecision::Day), (86, BirthDate));
    assert_eq!(on("2014-09-03", DatePrecision::Day), (78, BirthDateClose));
    assert_eq!(on("2015-03-09", DatePrecision::Day), (78, BirthDateClose));
    assert_eq!(on("2015-03-10", DatePrecision::Day), (40, BirthDateDiffers));
    assert_eq!(on("2014-03-01", DatePrecision::Month), (78, BirthDateClose));
    assert_eq!(on("2014-01-01", DatePrecision::Year), (78, BirthDateClose));
    assert_eq!(on("2012-01-01", DatePrecision::Year), (40, BirthDateDiffers));
    assert_eq!(on("2012-01-01", DatePrecision::Estimated), (78, BirthDateClose));
    assert_eq!(on("2011-12-31", DatePrecision::Estimated), (40, BirthDateDiffers));
}

#[test]
fn who_is_suspected_to_be_the_same() {
    let exact = |query| born(query, "2014-03-09", DatePrecision::Day);
    let likely = [
        named("Petrenko", "Sergei"),
        exact(named("Petrenko", "Sergei")),
        born(named("Petrenko", "Sergei"), "2014-01-01", DatePrecision::Year),
        exact(named("Petrovka", "Sergei")),
        exact(named("Petronko", "Sergei")),
        exact(named("Sergei", "Petrenko")),
        exact(named("Shcherbak", "Sergei")),
        exact(of(named("Petrenko", "Sergei"), "Olegovich")),
    ];
    let scores: Vec<i32> = likely.iter().map(|query| found(query).0).collect();
    let are: Vec<bool> = scores.iter().map(|score| *score >= LIKELY).collect();
    assert_eq!(are, [true, true, true, false, true, true, true, true], "{scores:?}");

    let twin_sister = PersonQuery {
        sex: Some(Sex::Female),
        ..exact(of(named("Петренко", "Сергея"), "Івановна"))
    };
    let twin_brother = exact(of(named("Петренко", "Павло"), "Іванович"));
    let namesake =
        born(of(named("Петренко", "Сергій"), "Іванович"), "1986-03-09", DatePrecision::Day);
    for query in [twin_sister.clone(), twin_brother, namesake] {
        let (score, reasons) = found(&query);
        assert!(score < LIKELY, "{score} {reasons:?}");
    }
    assert!(found(&twin_sister).1.contains(&SexDiffers));
}

#[test]
fn all_that_can_be_the_same_is_a_hundred() {
    let query = of(named("Петренко", "Сергій"), "Іванович");
    let query =
        PersonQuery { sex: Some(Sex::Male), ..born(query, "2014-03-09", DatePrecision::Day) };
    assert_eq!(found(&query).0, 100);
}
