//! What a programme is made of, as it is sent: checked, looked up, and turned into rows.

use std::collections::HashSet;

use entity::case::RiskLevel;
use entity::eligibility_rule::{self, EligibilityRuleKind};
use entity::family_characteristic::FamilyCharacteristic;
use entity::{
    area, budget_line, organisation, programme, programme_availability, programme_priority,
    programme_stage, register,
};
use sea_orm::sea_query::{Query, SelectStatement, UnionType};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::founding::{Available, Money, Priority, Rule, StagePlan};
use crate::casework::change::Change;
use crate::casework::check::{Checks, SHORT};
use crate::casework::problem::Halt;
use crate::casework::wording::{ProgrammeText, Text};

/// Greatest amount of one line of a budget, in hundredths: it is exact everywhere.
const MOST_MONEY: i64 = 999_999_999_999_999;

/// Most points that a circumstance gives.
const MOST_POINTS: i64 = 1000;

/// Oldest age that a rule may name, in months.
const OLDEST: i64 = 1200;

/// Checks money.
pub fn check_budget(checks: &mut Checks, path: &str, budget: &[Money]) {
    let lines: Vec<_> = budget.iter().map(|line| (line.year, line.purpose.clone())).collect();
    checks.distinct(path, &lines);
    for (place, line) in budget.iter().enumerate() {
        let at = |field: &str| format!("{path}.{place}.{field}");
        checks.number(&at("year"), line.year.into(), 1900, 2200);
        checks.text(&at("purpose"), &line.purpose, SHORT);
        checks.number(&at("amount"), line.amount_minor, 0, MOST_MONEY);
        let is_code = line.currency.len() == 3
            && line.currency.bytes().all(|letter| letter.is_ascii_uppercase());
        checks.hold(is_code, &at("currency"), ProgrammeText::Currency);
    }
}

/// Checks where a programme is available.
pub fn check_availability(checks: &mut Checks, path: &str, areas: &[Available]) {
    checks.items(path, areas);
    for (place, area) in areas.iter().enumerate() {
        checks.day(&format!("{path}.{place}.since"), Some(area.since));
        let until = format!("{path}.{place}.until");
        checks.day(&until, area.until);
        checks.range(&until, Some(area.since), area.until);
    }
}

/// Checks stages: each names only stages of the list, those before it.
pub fn check_stages(checks: &mut Checks, stages: &[StagePlan]) {
    checks.items("input.stages", stages);
    for (place, stage) in stages.iter().enumerate() {
        let at = |field: &str| format!("input.stages.{place}.{field}");
        checks.text(&at("name"), &stage.name, SHORT);
        let mut edge = |field: &str, number: Option<i32>, most: usize| {
            let number = number.map(usize::try_from);
            let is_there = number.is_none_or(|number| number.is_ok_and(|no| no >= 1 && no <= most));
            checks.hold(is_there, &at(field), ProgrammeText::StageNumber { most });
        };
        edge("prerequisiteNumber", stage.prerequisite, place);
        edge("relapseToNumber", stage.relapse_to, place + 1);
    }
}

/// Checks rules: each has what its kind looks at, and nothing else.
pub fn check_rules(checks: &mut Checks, rules: &[Rule]) {
    use EligibilityRuleKind::{
        AgeMonthsRange, Area, Characteristic, PriorOutcome, Register, RiskAtLeast,
    };
    checks.items("input.eligibilityRules", rules);
    for (place, rule) in rules.iter().enumerate() {
        let at = |field: &str| format!("input.eligibilityRules.{place}.{field}");
        let is_coded = matches!(rule.kind, Characteristic | RiskAtLeast);
        for (field, is_given, is_needed) in [
            ("areaId", rule.area_id.is_some(), rule.kind == Area),
            ("registerId", rule.register_id.is_some(), rule.kind == Register),
            ("priorProgrammeId", rule.prior_programme_id.is_some(), rule.kind == PriorOutcome),
            ("code", rule.code.is_some(), is_coded),
        ] {
            let text = if is_needed { Text::Required } else { Text::NotForThisKind };
            checks.hold(is_given == is_needed, &at(field), text);
        }
        let code = rule.code.clone().unwrap_or_default();
        let is_known = match rule.kind {
            Characteristic => FamilyCharacteristic::try_from_value(&code).is_ok(),
            RiskAtLeast => RiskLevel::try_from_value(&code).is_ok(),
            _ => true,
        };
        checks.hold(is_known || rule.code.is_none(), &at("code"), Text::NotForThisKind);
        check_range(checks, rule, rule.kind == AgeMonthsRange, at);
    }
}

fn check_range(checks: &mut Checks, rule: &Rule, is_range: bool, at: impl Fn(&str) -> String) {
    let values = [("minValue", rule.min_value), ("maxValue", rule.max_value)];
    for (field, value) in values {
        checks.hold(is_range || value.is_none(), &at(field), Text::NotForThisKind);
        checks.number(&at(field), value.unwrap_or_default().into(), 0, OLDEST);
    }
    let is_in_order = match (rule.min_value, rule.max_value) {
        (Some(min), Some(max)) => min < max,
        (None, None) => false,
        _ => true,
    };
    let text = ProgrammeText::ValuesOutOfOrder;
    checks.hold(is_in_order || !is_range, &at("maxValue"), text);
}

/// Checks who comes first.
pub fn check_priorities(checks: &mut Checks, priorities: &[Priority]) {
    let named: Vec<_> = priorities.iter().map(|priority| priority.characteristic).collect();
    checks.distinct("input.priorities", &named);
    for (place, priority) in priorities.iter().enumerate() {
        let path = format!("input.priorities.{place}.points");
        checks.number(&path, priority.points.into(), 1, MOST_POINTS);
    }
}

/// A row of the catalogue that an input names.
pub struct Named {
    kind: Catalogue,
    id: Uuid,
    path: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Catalogue {
    Organisation,
    Area,
    Register,
    Programme,
}

impl Named {
    /// The organisation that runs a programme.
    pub fn organisation(id: Uuid) -> Self {
        Self { kind: Catalogue::Organisation, id, path: "input.organisationId".to_owned() }
    }
}

/// The areas that are named.
pub fn areas_named<'a>(
    path: &'a str,
    areas: &'a [Available],
) -> impl Iterator<Item = Named> + use<'a> {
    areas.iter().enumerate().map(move |(place, area)| Named {
        kind: Catalogue::Area,
        id: area.area_id,
        path: format!("{path}.{place}.areaId"),
    })
}

/// What rules name.
pub fn rules_named(rules: &[Rule]) -> Vec<Named> {
    let of = |(place, rule): (usize, &Rule)| {
        let named = [
            (Catalogue::Area, rule.area_id, "areaId"),
            (Catalogue::Register, rule.register_id, "registerId"),
            (Catalogue::Programme, rule.prior_programme_id, "priorProgrammeId"),
        ];
        named.into_iter().filter_map(move |(kind, id, field)| {
            let path = format!("input.eligibilityRules.{place}.{field}");
            Some(Named { kind, id: id?, path })
        })
    };
    rules.iter().enumerate().flat_map(of).collect()
}

/// Refuses what is named and is not there; all of it is looked up in one statement.
pub async fn named(change: &Change, named: &[Named]) -> Result<(), Halt> {
    let ids = |kind| named.iter().filter(move |row| row.kind == kind).map(|row| row.id);
    let mut all: Option<SelectStatement> = None;
    let selects = [
        found::<organisation::Entity>(organisation::Column::Id, ids(Catalogue::Organisation)),
        found::<area::Entity>(area::Column::Id, ids(Catalogue::Area)),
        found::<register::Entity>(register::Column::Id, ids(Catalogue::Register)),
        found::<programme::Entity>(programme::Column::Id, ids(Catalogue::Programme)),
    ];
    for select in selects.into_iter().flatten() {
        match &mut all {
            Some(all) => {
                all.union(UnionType::All, select);
            }
            None => all = Some(select),
        }
    }
    let Some(all) = all else { return Ok(()) };
    let mut known = HashSet::new();
    for row in change.connection().query_all(&all).await? {
        known.insert(row.try_get_by_index::<Uuid>(0)?);
    }
    let mut checks = Checks::default();
    for row in named {
        checks.hold(known.contains(&row.id), &row.path, Text::NotFound);
    }
    checks.done()
}

fn found<E: EntityTrait>(
    id: E::Column,
    ids: impl Iterator<Item = Uuid>,
) -> Option<SelectStatement> {
    let ids: Vec<Uuid> = ids.collect();
    let mut select = Query::select();
    select.column((E::default(), id)).from(E::default()).and_where(id.is_in(ids.iter().copied()));
    (!ids.is_empty()).then_some(select)
}

/// The rows of money.
pub fn budget(programme_id: Uuid, budget: &[Money]) -> Vec<budget_line::Model> {
    let row = |line: &Money| budget_line::Model {
        id: Uuid::now_v7(),
        programme_id,
        year: line.year,
        purpose: line.purpose.clone(),
        amount_minor: line.amount_minor,
        currency: line.currency.clone(),
    };
    budget.iter().map(row).collect()
}

/// The rows of areas.
pub fn availability(programme_id: Uuid, areas: &[Available]) -> Vec<programme_availability::Model> {
    let row = |area: &Available| programme_availability::Model {
        id: Uuid::now_v7(),
        programme_id,
        area_id: area.area_id,
        since: area.since,
        until: area.until,
    };
    areas.iter().map(row).collect()
}

/// The rows of stages, with the edges between them.
pub fn stages(programme_id: Uuid, stages: &[StagePlan]) -> Vec<programme_stage::Model> {
    let ids: Vec<Uuid> = stages.iter().map(|_| Uuid::now_v7()).collect();
    let id = |number: i32| usize::try_from(number - 1).ok().and_then(|place| ids.get(place));
    let row = |((no, own), stage): ((i32, &Uuid), &StagePlan)| programme_stage::Model {
        id: *own,
        programme_id,
        no,
        name: stage.name.clone(),
        owner_kind: stage.owner_kind,
        requires_consent: stage.requires_consent,
        prerequisite_id: stage.prerequisite.and_then(id).copied(),
        relapse_to_id: stage.relapse_to.and_then(id).copied(),
    };
    (1..).zip(&ids).zip(stages).map(row).collect()
}

/// The rows of rules.
pub fn rules(programme_id: Uuid, rules: &[Rule]) -> Vec<eligibility_rule::Model> {
    let row = |rule: &Rule| eligibility_rule::Model {
        id: Uuid::now_v7(),
        programme_id,
        kind: rule.kind,
        min_value: rule.min_value,
        max_value: rule.max_value,
        code: rule.code.clone(),
        area_id: rule.area_id,
        register_id: rule.register_id,
        prior_programme_id: rule.prior_programme_id,
    };
    rules.iter().map(row).collect()
}

/// The rows of who comes first.
pub fn priorities(programme_id: Uuid, priorities: &[Priority]) -> Vec<programme_priority::Model> {
    let row = |priority: &Priority| programme_priority::Model {
        id: Uuid::now_v7(),
        programme_id,
        characteristic: priority.characteristic,
        points: priority.points,
    };
    priorities.iter().map(row).collect()
}
