//! The three programmes: a parents' school, the pathway from treatment through training to a
//! job, and early help; with money, areas, rules, stages and intakes.

use chrono::{Datelike, NaiveDate};
use entity::eligibility_rule::EligibilityRuleKind;
use entity::organisation::OrganisationKind;
use entity::programme::{EnrolmentUnit, ProgrammeKind, ProgrammeStatus};
use entity::{
    budget_line, eligibility_rule, intake, programme, programme_availability, programme_stage,
};
use uuid::Uuid;

use super::agencies::Agency;
use super::calendar::{after, morning};
use super::chance::{Kind, dated, fixed};
use super::outline::{House, Scheme};
use super::region::Region;
use super::rows::Rows;
use super::story::{Cohort, PILOTS, WINDOWS};

/// The days of an intake: its application, then its course.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    pub starts: NaiveDate,
    pub ends: NaiveDate,
}

/// ISO 4217's code for tests: the data belong to no country.
const CURRENCY: &str = "XTS";
/// The pathway's money of one year: 2.2 million, in minor units.
const BUDGET: [(&str, i64); 3] =
    [("Treatment", 120_000_000), ("Training", 64_500_000), ("Wage subsidies", 35_500_000)];

impl Scheme {
    pub fn id(self) -> Uuid {
        fixed(Kind::Programme, 1 + self as u32)
    }

    pub const fn agency(self) -> Agency {
        match self {
            Self::ParentsSchool => Agency::FirstPartner,
            Self::Pathway => Agency::RegionalCentre,
            Self::EarlyHelp => Agency::Provider(House::EarlyHelp, 0),
        }
    }

    /// The intake with a number in a cohort.
    pub fn intake_id(self, today: NaiveDate, cohort: Cohort, group: u32) -> Uuid {
        let cohort_no = match cohort {
            Cohort::Past(no) => no,
            Cohort::Running => WINDOWS + 1,
            Cohort::Next => WINDOWS + 2,
        };
        let no = (10 * self as u32 + cohort_no) * 100_000 + group;
        dated(self.term(today, cohort).opens, Kind::Intake, no)
    }

    /// When the intakes of a cohort open, close, start and end.
    pub fn term(self, today: NaiveDate, cohort: Cohort) -> Term {
        let (opens, closes, starts, ends) = match (self, cohort) {
            (Self::Pathway, Cohort::Past(no)) => {
                let opens = -300 - 180 * i64::from(no);
                (opens, opens + 30, opens + 20, opens + 260)
            }
            (_, Cohort::Past(no)) => {
                let opens = -120 - 140 * i64::from(no);
                (opens, opens + 30, opens + 35, opens + 135)
            }
            (Self::Pathway, Cohort::Running) => (-300, 30, -270, 90),
            (_, Cohort::Running) => (-90, 30, -60, 60),
            (_, Cohort::Next) => (-30, 25, 30, 130),
        };
        let [opens, closes, starts, ends] =
            [opens, closes, starts, ends].map(|days| after(today, days));
        Term { opens, closes, starts, ends }
    }
}

/// A stage of the pathway: 1 treatment, 2 training, 3 a job.
pub fn stage_id(no: u32) -> Uuid {
    fixed(Kind::Stage, no)
}

/// Writes the programmes with all that belongs to them.
pub fn write(region: &Region, rows: &mut Rows) {
    for scheme in Scheme::ALL {
        write_programme(region, rows, scheme);
        write_intakes(region, rows, scheme);
    }
    write_budget(region, rows);
    write_availability(region, rows);
    write_rules(rows);
    write_stages(rows);
}

fn write_programme(region: &Region, rows: &mut Rows, scheme: Scheme) {
    let (name, summary, kind, enrolment_unit) = match scheme {
        Scheme::ParentsSchool => (
            "School of Young Parents",
            "Twelve evenings on raising children, for parents with a child.",
            ProgrammeKind::Parenting,
            EnrolmentUnit::Family,
        ),
        Scheme::Pathway => (
            "From Treatment to Work",
            "Free treatment of a dependence, then training, then a job; one worker throughout.",
            ProgrammeKind::TreatmentToWork,
            EnrolmentUnit::Person,
        ),
        Scheme::EarlyHelp => (
            "First Steps",
            "Early help for children under 36 months, together with a parent.",
            ProgrammeKind::EarlyHelp,
            EnrolmentUnit::ParentAndChild,
        ),
    };
    let since = after(region.sowing.today, -1_200);
    rows.programme.push(programme::Model {
        id: scheme.id(),
        organisation_id: scheme.agency().id(),
        name: name.to_owned(),
        summary: summary.to_owned(),
        kind,
        enrolment_unit,
        since,
        until: (scheme == Scheme::Pathway).then(|| after(region.sowing.today, 500)),
        status: ProgrammeStatus::Active,
        version: 1,
        created_at: morning(since),
        updated_at: morning(since),
        created_by: None,
        updated_by: None,
    });
}

fn write_intakes(region: &Region, rows: &mut Rows, scheme: Scheme) {
    let cohorts = (1..=WINDOWS).map(Cohort::Past).chain([Cohort::Running, Cohort::Next]);
    for cohort in cohorts {
        for group in 0..region.tally.groups(scheme, cohort) {
            write_intake(region, rows, scheme, cohort, group);
        }
    }
}

fn write_intake(region: &Region, rows: &mut Rows, scheme: Scheme, cohort: Cohort, group: u32) {
    let today = region.sowing.today;
    let term = scheme.term(today, cohort);
    let made_at = morning(term.opens);
    let capacity = region.tally.capacity(scheme, cohort, group);
    rows.intake.push(intake::Model {
        id: scheme.intake_id(today, cohort, group),
        programme_id: scheme.id(),
        name: format!("{}, group {}", term.starts.format("%Y-%m"), group + 1),
        opens_on: term.opens,
        closes_on: Some(term.closes),
        starts_on: term.starts,
        ends_on: Some(term.ends),
        capacity: i32::try_from(capacity).unwrap_or_default(),
        has_waiting_list: cohort != Cohort::Next || scheme != Scheme::EarlyHelp,
        version: 1,
        created_at: made_at,
        updated_at: made_at,
        created_by: None,
        updated_by: None,
    });
}

fn write_budget(region: &Region, rows: &mut Rows) {
    let last_year = region.sowing.today.year() - 1;
    let smaller = [("Rooms and materials", 8_250_050_i64)];
    let pathway = BUDGET.into_iter().map(|line| (Scheme::Pathway, last_year, line));
    let school =
        smaller.into_iter().map(|line| (Scheme::ParentsSchool, region.sowing.today.year(), line));
    for (no, (scheme, year, (purpose, amount_minor))) in (1..).zip(pathway.chain(school)) {
        rows.budget_line.push(budget_line::Model {
            id: fixed(Kind::BudgetLine, no),
            programme_id: scheme.id(),
            year,
            purpose: purpose.to_owned(),
            amount_minor,
            currency: CURRENCY.to_owned(),
        });
    }
}

/// The pathway is available in its pilot districts, one after the other; the rest in the
/// whole region.
fn write_availability(region: &Region, rows: &mut Rows) {
    let today = region.sowing.today;
    let whole = fixed(Kind::Area, 0);
    let everywhere =
        [Scheme::ParentsSchool, Scheme::EarlyHelp].map(|scheme| (scheme, whole, -1_190));
    let pilots = PILOTS
        .zip([-1_190, -1_175, -1_160, -1_145])
        .map(|(no, since)| (Scheme::Pathway, region.branch(no).municipality_id(), since));
    for (no, (scheme, area_id, since)) in (1..).zip(everywhere.into_iter().chain(pilots)) {
        rows.programme_availability.push(programme_availability::Model {
            id: fixed(Kind::Availability, no),
            programme_id: scheme.id(),
            area_id,
            since: after(today, since),
            until: None,
        });
    }
}

fn write_rules(rows: &mut Rows) {
    let rule = |scheme: Scheme, kind, code: Option<&str>| eligibility_rule::Model {
        id: fixed(Kind::EligibilityRule, 1 + scheme as u32),
        programme_id: scheme.id(),
        kind,
        min_value: None,
        max_value: None,
        code: code.map(str::to_owned),
        area_id: None,
        register_id: None,
        prior_programme_id: None,
    };
    rows.eligibility_rule.extend([
        rule(Scheme::ParentsSchool, EligibilityRuleKind::RiskAtLeast, Some("MEDIUM")),
        rule(Scheme::Pathway, EligibilityRuleKind::Characteristic, Some("ALCOHOL_DEPENDENCE")),
        eligibility_rule::Model {
            min_value: Some(0),
            max_value: Some(36),
            ..rule(Scheme::EarlyHelp, EligibilityRuleKind::AgeMonthsRange, None)
        },
    ]);
}

fn write_stages(rows: &mut Rows) {
    let stages = [
        ("Treatment", OrganisationKind::Health),
        ("Training", OrganisationKind::Education),
        ("A job", OrganisationKind::Employment),
    ];
    for (no, (name, owner_kind)) in (1..).zip(stages) {
        rows.programme_stage.push(programme_stage::Model {
            id: stage_id(no),
            programme_id: Scheme::Pathway.id(),
            no: i32::try_from(no).unwrap_or_default(),
            name: name.to_owned(),
            owner_kind,
            requires_consent: no == 1,
            prerequisite_id: (no > 1).then(|| stage_id(no - 1)),
            relapse_to_id: (no > 1).then(|| stage_id(1)),
        });
    }
}
