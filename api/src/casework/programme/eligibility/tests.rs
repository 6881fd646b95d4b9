//! Ages to the day, and each condition by facts alone.

use chrono::NaiveDate;
use entity::case::RiskLevel;
use entity::eligibility_rule::{self, EligibilityRuleKind};
use entity::family_member::MemberRole;
use entity::person::DatePrecision;
use entity::programme::{self, EnrolmentUnit, ProgrammeKind, ProgrammeStatus};
use uuid::Uuid;

use super::{Facts, Member, Told, judge};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn programme(unit: EnrolmentUnit) -> programme::Model {
    let now = chrono::DateTime::UNIX_EPOCH;
    programme::Model {
        id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        name: String::new(),
        summary: String::new(),
        kind: ProgrammeKind::EarlyHelp,
        enrolment_unit: unit,
        since: day("2026-01-01"),
        until: Some(day("2027-01-01")),
        status: ProgrammeStatus::Active,
        version: 1,
        created_at: now,
        updated_at: now,
        created_by: None,
        updated_by: None,
    }
}

fn rule(kind: EligibilityRuleKind) -> eligibility_rule::Model {
    eligibility_rule::Model {
        id: Uuid::from_u128(7),
        programme_id: Uuid::nil(),
        kind,
        min_value: None,
        max_value: Some(36),
        code: Some("HIGH".to_owned()),
        area_id: None,
        register_id: Some(Uuid::from_u128(8)),
        prior_programme_id: Some(Uuid::from_u128(9)),
    }
}

fn member(id: u128, role: MemberRole, born: Option<&str>) -> Member {
    Member {
        person_id: Uuid::from_u128(id),
        role,
        birth_date: born.map(day),
        precision: DatePrecision::Day,
        death_date: None,
    }
}

/// Whether the one rule of the facts is met, and what is told.
fn rule_met(unit: EnrolmentUnit, facts: &Facts, persons: &[u128]) -> (bool, Told) {
    let persons: Vec<Uuid> = persons.iter().map(|id| Uuid::from_u128(*id)).collect();
    let conditions = judge(&programme(unit), facts, &persons, day("2026-03-10"));
    let last = conditions.last().unwrap();
    (last.is_met, last.reason.clone())
}

#[test]
fn ages_are_asked_of_the_person_of_each_child_or_of_one_child() {
    use EnrolmentUnit::{Family, ParentAndChild, Person};
    let facts = Facts {
        rules: vec![rule(EligibilityRuleKind::AgeMonthsRange)],
        members: vec![
            member(1, MemberRole::Parent, Some("1990-01-01")),
            member(2, MemberRole::Child, Some("2023-03-10")),
            member(3, MemberRole::Child, Some("2023-03-11")),
        ],
        ..Facts::default()
    };
    for (unit, persons, is_met) in [
        (Person, &[1][..], false),
        (Person, &[2], false),
        (Person, &[3], true),
        (Person, &[], false),
        (ParentAndChild, &[1, 3], true),
        (ParentAndChild, &[1, 2, 3], false),
        (Family, &[], true),
    ] {
        assert_eq!(rule_met(unit, &facts, persons).0, is_met, "{unit:?} {persons:?}");
    }
    let (_, told) = rule_met(Person, &facts, &[]);
    assert_eq!(told, Told::PersonUnknown);
}

#[test]
fn an_age_that_is_not_known_exactly_enough_is_not_met() {
    let mut child = member(1, MemberRole::Child, None);
    let rules = vec![rule(EligibilityRuleKind::AgeMonthsRange)];
    let mut facts = Facts { rules, ..Facts::default() };
    let unknown = Told::AgeUnknown { least: 0, below: "36".to_owned() };
    facts.members = vec![child.clone()];
    assert_eq!(rule_met(EnrolmentUnit::Person, &facts, &[1]), (false, unknown.clone()));
    for (born, precision, is_met) in [
        ("2023-01-01", DatePrecision::Year, None),
        ("2024-01-01", DatePrecision::Year, Some(true)),
        ("2022-01-01", DatePrecision::Year, Some(false)),
        ("2023-03-01", DatePrecision::Month, None),
        ("2023-04-01", DatePrecision::Month, Some(true)),
    ] {
        child.birth_date = Some(day(born));
        child.precision = precision;
        facts.members = vec![child.clone()];
        let (met, told) = rule_met(EnrolmentUnit::Person, &facts, &[1]);
        assert_eq!(met, is_met == Some(true), "{born} {precision:?}");
        assert_eq!(told == unknown, is_met.is_none(), "{born} {precision:?}");
    }
}

#[test]
fn each_rule_looks_at_its_facts() {
    use EligibilityRuleKind::{
        Area, Characteristic, PriorOutcome, ReferralRequired, Register, RiskAtLeast,
    };
    let own = Some(Uuid::from_u128(1));
    let (register, prior) = (Uuid::from_u128(8), Uuid::from_u128(9));
    let base = Facts::default;
    let cases = [
        (Area, Facts { areas_met: vec![Uuid::from_u128(7)], ..base() }),
        (Characteristic, Facts { characteristics: vec!["HIGH".to_owned()], ..base() }),
        (RiskAtLeast, Facts { risk: Some(RiskLevel::Critical), ..base() }),
        (Register, Facts { registers: vec![(register, own)], ..base() }),
        (Register, Facts { registers: vec![(register, None)], ..base() }),
        (PriorOutcome, Facts { completed: vec![(prior, own)], ..base() }),
        (ReferralRequired, Facts { is_referred: true, ..base() }),
    ];
    for (kind, facts) in cases {
        let with = Facts { rules: vec![rule(kind)], ..facts };
        assert!(rule_met(EnrolmentUnit::Person, &with, &[1]).0, "{kind:?}");
        let without = Facts { rules: vec![rule(kind)], ..base() };
        assert!(!rule_met(EnrolmentUnit::Person, &without, &[1]).0, "{kind:?}");
    }
    let rules = vec![rule(Register)];
    let anothers = Facts { rules, registers: vec![(register, Some(Uuid::from_u128(2)))], ..base() };
    assert!(!rule_met(EnrolmentUnit::Person, &anothers, &[1]).0);
    assert!(rule_met(EnrolmentUnit::Family, &anothers, &[]).0);
    let rules = vec![rule(RiskAtLeast)];
    let lower = Facts { rules, risk: Some(RiskLevel::Medium), ..base() };
    assert!(!rule_met(EnrolmentUnit::Family, &lower, &[]).0);
}

#[test]
fn a_programme_must_run_and_be_available() {
    let met = |programme: &programme::Model, facts: &Facts| -> Vec<bool> {
        let conditions = judge(programme, facts, &[], day("2026-03-10"));
        conditions.iter().map(|condition| condition.is_met).collect()
    };
    let usual = programme(EnrolmentUnit::Family);
    let available = Facts { is_available: true, ..Facts::default() };
    assert_eq!(met(&usual, &available), [true, true, true]);
    let paused = programme::Model { status: ProgrammeStatus::Suspended, ..usual.clone() };
    assert_eq!(met(&paused, &available), [false, true, true]);
    let over = programme::Model { until: Some(day("2026-03-10")), ..usual.clone() };
    assert_eq!(met(&over, &available), [true, false, true]);
    assert_eq!(met(&usual, &Facts::default()), [true, true, false]);
}
