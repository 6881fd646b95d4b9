//! Who may take part in a programme: one pure function over facts that are gathered at once, for the
//! query and for the mutations.

mod facts;
mod query;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use entity::access_grant::DataCategory;
use entity::case::RiskLevel;
use entity::eligibility_rule::{self, EligibilityRuleKind};
use entity::family_member::MemberRole;
use entity::programme::{self, EnrolmentUnit, ProgrammeStatus};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use crate::access::{Class, Veil};
use crate::casework::person::life::is_aged;
use crate::casework::wording::ProgrammeText as Told;
use crate::language::Language;

pub use facts::{Asked, Facts, Member};
pub use query::{Answer, eligibility};

/// What is asked of whoever is to take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// The programme is running.
    ProgrammeActive,
    /// The day lies in its period.
    InPeriod,
    /// It is available where the family lives.
    AvailableInArea,
    /// A rule of the programme.
    Rule(EligibilityRuleKind),
}

/// What came of one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What was asked.
    pub criterion: Criterion,
    /// The rule of the programme, if it is one.
    pub rule_id: Option<Uuid>,
    /// Whether it is met.
    pub is_met: bool,
    /// What is needed.
    pub reason: Told,
}

impl Condition {
    /// How closely that is kept by which it is judged, and what it tells of.
    pub const fn veil(&self) -> Veil {
        use DataCategory::{Contact, Identity, Needs};
        use EligibilityRuleKind::{
            AgeMonthsRange, Area, Characteristic, PriorOutcome, ReferralRequired, Register,
            RiskAtLeast,
        };
        match self.criterion {
            Criterion::ProgrammeActive | Criterion::InPeriod => {
                Veil::new(Class::Operational, Identity)
            }
            Criterion::AvailableInArea => Veil::new(Class::Personal, Contact),
            Criterion::Rule(kind) => match kind {
                AgeMonthsRange => Veil::new(Class::Personal, Identity),
                Area => Veil::new(Class::Personal, Contact),
                Characteristic | RiskAtLeast => Veil::new(Class::Sensitive, Needs),
                Register | PriorOutcome | ReferralRequired => Veil::new(Class::Operational, Needs),
            },
        }
    }
}

/// Judges every condition of a programme on a day, for those who are to take part.
pub fn judge(
    programme: &programme::Model,
    facts: &Facts,
    persons: &[Uuid],
    today: NaiveDate,
) -> Vec<Condition> {
    let built_in =
        |criterion, is_met, reason| Condition { criterion, rule_id: None, is_met, reason };
    let until = programme.until.map_or_else(|| "-".to_owned(), |until| until.to_string());
    let lasts = programme.until.is_none_or(|until| today < until);
    let mut conditions = vec![
        built_in(
            Criterion::ProgrammeActive,
            programme.status == ProgrammeStatus::Active,
            Told::MustBeActive,
        ),
        built_in(
            Criterion::InPeriod,
            programme.since <= today && lasts,
            Told::MustBeInPeriod { since: programme.since, until },
        ),
        built_in(Criterion::AvailableInArea, facts.is_available, Told::MustBeAvailable),
    ];
    let subject = Subject { unit: programme.enrolment_unit, facts, persons, today };
    conditions.extend(facts.rules.iter().map(|rule| subject.judge(rule)));
    conditions
}

/// Why a family may not take part, in a language: only what somebody who sees it at a class may know.
pub fn reasons(
    conditions: &[Condition],
    shows: impl Fn(Veil) -> bool,
    language: Language,
) -> Option<String> {
    let unmet = conditions.iter().filter(|condition| !condition.is_met);
    let mut told: Vec<String> = unmet
        .map(|condition| {
            let is_shown = shows(condition.veil());
            if is_shown { condition.reason.told(language) } else { Told::Hidden.told(language) }
        })
        .collect();
    told.dedup();
    if told.is_empty() { None } else { Some(told.join(" ")) }
}

/// Who is to take part, on which day.
struct Subject<'f> {
    unit: EnrolmentUnit,
    facts: &'f Facts,
    persons: &'f [Uuid],
    today: NaiveDate,
}

impl Subject<'_> {
    fn judge(&self, rule: &eligibility_rule::Model) -> Condition {
        let (is_met, reason) = match rule.kind {
            EligibilityRuleKind::AgeMonthsRange => self.age(rule),
            EligibilityRuleKind::Area => {
                (self.facts.areas_met.contains(&rule.id), Told::MustLiveThere)
            }
            EligibilityRuleKind::Characteristic => {
                let code = rule.code.clone().unwrap_or_default();
                let is_met = self.facts.characteristics.contains(&code);
                (is_met, Told::MustHave { code })
            }
            EligibilityRuleKind::RiskAtLeast => self.risk(rule),
            EligibilityRuleKind::Register => {
                (self.is_among(&self.facts.registers, rule.register_id), Told::MustBeRegistered)
            }
            EligibilityRuleKind::PriorOutcome => {
                let is_met = self.is_among(&self.facts.completed, rule.prior_programme_id);
                (is_met, Told::MustHaveCompleted)
            }
            EligibilityRuleKind::ReferralRequired => (self.facts.is_referred, Told::MustBeReferred),
        };
        let (criterion, rule_id) = (Criterion::Rule(rule.kind), Some(rule.id));
        Condition { criterion, rule_id, is_met, reason }
    }

    /// Whether the family, or somebody who takes part, is listed under an id; where a family enrols
    /// without naming anybody, any of its members.
    fn is_among(&self, listed: &[(Uuid, Option<Uuid>)], under: Option<Uuid>) -> bool {
        let is_any = self.unit == EnrolmentUnit::Family && self.persons.is_empty();
        let is_own = |person: &Option<Uuid>| {
            person.is_none_or(|person| is_any || self.persons.contains(&person))
        };
        listed.iter().any(|(id, person)| Some(*id) == under && is_own(person))
    }

    fn risk(&self, rule: &eligibility_rule::Model) -> (bool, Told) {
        let code = rule.code.clone().unwrap_or_default();
        let needed = RiskLevel::try_from_value(&code).ok();
        let is_met =
            needed.is_some_and(|needed| self.facts.risk.is_some_and(|risk| risk >= needed));
        (is_met, Told::MustBeAtRisk { code })
    }

    /// Of a person who enrols, the own age; of parents with children, the age of each child; of a
    /// family, that of one of its children.
    fn age(&self, rule: &eligibility_rule::Model) -> (bool, Told) {
        let least = rule.min_value.unwrap_or_default();
        let below = rule.max_value.map_or_else(|| "-".to_owned(), |max| max.to_string());
        let is_child = |member: &&Member| member.role == MemberRole::Child;
        let takes_part = |member: &&Member| self.persons.contains(&member.person_id);
        let members = self.facts.members.iter();
        let asked: Vec<&Member> = match self.unit {
            EnrolmentUnit::Person => members.filter(takes_part).collect(),
            EnrolmentUnit::ParentAndChild => members.filter(takes_part).filter(is_child).collect(),
            EnrolmentUnit::Family => members.filter(is_child).collect(),
        };
        if asked.is_empty() {
            return (false, Told::PersonUnknown);
        }
        let fits = |member: &&Member| member.fits((least, rule.max_value), self.today);
        let ages: Vec<Option<bool>> = asked.iter().map(fits).collect();
        let is_met = match self.unit {
            EnrolmentUnit::Family => ages.contains(&Some(true)),
            _ => ages.iter().all(|fits| *fits == Some(true)),
        };
        if !is_met && ages.contains(&None) {
            return (false, Told::AgeUnknown { least, below });
        }
        (is_met, Told::MustBeOfAge { least, below })
    }
}

impl Member {
    /// Whether the age lies in a range of completed months; unknown where the birth date is, or
    /// where some of the days that it may be lie in the range and others don't.
    fn fits(&self, (least, below): (i32, Option<i32>), today: NaiveDate) -> Option<bool> {
        is_aged((self.birth_date, self.precision), today, (Some(least), below))
    }
}
