//! How long things may take: the authority's deadlines for reports, visits, assessments and
//! reviews, in one place, with defaults that a setting replaces.

use std::str::FromStr;

use chrono::TimeDelta;
use entity::case::SupportLevel;
use entity::concern_report::ConcernUrgency;
use entity::snapshot::Audience;

/// The authority's deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Hours from a report's receipt to its verification, by urgency.
    pub verification_hours: Verification,
    /// Days between visits, by the level of support.
    pub visit_days: VisitDays,
    /// Days from the opening of an episode to its first assessment.
    pub first_assessment_days: i64,
    /// Days from an assessment to the next.
    pub assessment_days: i64,
    /// Days from a plan's activation, or its review, to the next review.
    pub review_days: i64,
    /// Days after which an offer of a place in a programme runs out.
    pub offer_days: i64,
    /// Hours for which a place in a centre is reserved, unless said otherwise.
    pub reservation_hours: i64,
    /// Which counts are hidden from those who may see no person.
    pub small_numbers: SmallNumbers,
    /// Seconds for which results of metrics are kept before they are computed anew; 0 keeps none.
    pub rollup_seconds: i64,
}

/// Up to which count numbers are small, by audience; 0 hides none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmallNumbers {
    analyst: u64,
    public: u64,
}

/// Hours to verify a report, by urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    routine: i64,
    priority: i64,
    immediate: i64,
}

/// Days between visits, by the level of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitDays {
    adaptation: i64,
    basic: i64,
    crisis: i64,
    emergency: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            verification_hours: Verification { routine: 240, priority: 72, immediate: 24 },
            visit_days: VisitDays { adaptation: 14, basic: 30, crisis: 7, emergency: 2 },
            first_assessment_days: 10,
            assessment_days: 180,
            review_days: 90,
            offer_days: 14,
            reservation_hours: 72,
            small_numbers: SmallNumbers { analyst: 4, public: 9 },
            rollup_seconds: 0,
        }
    }
}

impl Terms {
    /// How long a report may wait for its verification.
    pub fn verification(&self, urgency: ConcernUrgency) -> TimeDelta {
        TimeDelta::hours(match urgency {
            ConcernUrgency::Routine => self.verification_hours.routine,
            ConcernUrgency::Priority => self.verification_hours.priority,
            ConcernUrgency::Immediate => self.verification_hours.immediate,
        })
    }

    /// How old kept results of metrics become before they are computed anew; none if none are kept.
    pub fn rollup_age(&self) -> Option<TimeDelta> {
        (self.rollup_seconds > 0).then(|| TimeDelta::seconds(self.rollup_seconds))
    }

    /// Days from one visit to the next.
    pub const fn visit_days(&self, level: SupportLevel) -> i64 {
        match level {
            SupportLevel::Adaptation => self.visit_days.adaptation,
            SupportLevel::Basic => self.visit_days.basic,
            SupportLevel::Crisis => self.visit_days.crisis,
            SupportLevel::Emergency => self.visit_days.emergency,
        }
    }
}

impl SmallNumbers {
    /// The counts up to which an audience's are hidden, those for a wider view first: what analysts don't
    /// see is not published either.
    pub fn hidden_to(self, audience: Audience) -> Vec<u64> {
        match audience {
            Audience::Internal => Vec::new(),
            Audience::Analyst => vec![self.analyst],
            Audience::Public => vec![self.analyst, self.public],
        }
    }
}

impl FromStr for SmallNumbers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [analyst, public] = numbers(text, ["ANALYST", "PUBLIC"])?;
        if public < analyst {
            return Err("expected PUBLIC to hide at least what ANALYST hides".to_owned());
        }
        Ok(Self { analyst: analyst.unsigned_abs(), public: public.unsigned_abs() })
    }
}

/// Reads `A=1,B=2` with exactly the names given, each a number from 1 to 3650.
fn numbers<const N: usize>(text: &str, names: [&str; N]) -> Result<[i64; N], String> {
    let wrong = || format!("expected `{}=N`, each from 1 to 3650", names.join("=N,"));
    let mut found = [0; N];
    for part in text.split(',') {
        let (name, number) = part.split_once('=').ok_or_else(wrong)?;
        let place = names.iter().position(|known| *known == name.trim()).ok_or_else(wrong)?;
        found[place] = number.trim().parse().map_err(|_| wrong())?;
    }
    let all = found.iter().all(|number| (1..=3650).contains(number));
    if all { Ok(found) } else { Err(wrong()) }
}

impl FromStr for Verification {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [routine, priority, immediate] = numbers(text, ["ROUTINE", "PRIORITY", "IMMEDIATE"])?;
        Ok(Self { routine, priority, immediate })
    }
}

impl FromStr for VisitDays {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [adaptation, basic, crisis, emergency] =
            numbers(text, ["ADAPTATION", "BASIC", "CRISIS", "EMERGENCY"])?;
        Ok(Self { adaptation, basic, crisis, emergency })
    }
}

#[cfg(test)]
mod tests {
    use super::VisitDays;

    #[test]
    fn settings_name_every_level_with_a_sensible_number() {
        let given: VisitDays = "BASIC=20, ADAPTATION=10,CRISIS=3,EMERGENCY=1".parse().unwrap();
        assert_eq!(given, VisitDays { adaptation: 10, basic: 20, crisis: 3, emergency: 1 });
        for wrong in
            ["", "BASIC", "BASIC=20", "BASIC=x", "BASIC=0,ADAPTATION=1,CRISIS=1,EMERGENCY=1"]
        {
            assert!(wrong.parse::<VisitDays>().unwrap_err().contains("EMERGENCY=N"), "{wrong}");
        }
    }
}
