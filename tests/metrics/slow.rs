//! The same metrics by another way: all rows are read, and everything is decided in plain loops. Nothing
//! of the service's own computing is used.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::episode::ClosureClass;
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::harness::Stage;

/// All rows that have a part in it.
pub struct Rows {
    pub cases: Vec<entity::case::Model>,
    pub episodes: Vec<entity::episode::Model>,
    pub members: Vec<entity::family_member::Model>,
    pub persons: Vec<entity::person::Model>,
    pub entries: Vec<entity::register_entry::Model>,
    pub visits: Vec<entity::visit::Model>,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub since: NaiveDate,
    pub through: NaiveDate,
    pub as_of: DateTime<Utc>,
}

/// By what a family's episode, or a child's, is grouped: none is the total.
pub type Group<'a> = &'a dyn Fn(&entity::case::Model, Option<&entity::person::Model>) -> String;

/// What became of the families of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub covered: i64,
    pub overcame: i64,
    pub continuing: i64,
    pub other_exits: i64,
    pub new: i64,
    pub carried_in: i64,
}

impl Rows {
    pub async fn read(stage: &Stage) -> Self {
        let database = &stage.database.reader;
        macro_rules! all {
            ($entity:ident) => {
                entity::$entity::Entity::find().all(database).await.unwrap()
            };
        }
        Self {
            cases: all!(case),
            episodes: all!(episode),
            members: all!(family_member),
            persons: all!(person),
            entries: all!(register_entry),
            visits: all!(visit),
        }
    }

    fn case(&self, id: Uuid) -> &entity::case::Model {
        self.cases.iter().find(|case| case.id == id).unwrap()
    }

    /// The person whom a row means, after merges.
    fn person(&self, id: Uuid) -> &entity::person::Model {
        let row = self.persons.iter().find(|person| person.id == id).unwrap();
        row.merged_into_id.map_or(row, |id| self.person(id))
    }

    /// The episodes that meet the period, with the day on which they were known to be closed.
    fn met(&self, asked: Asked) -> Vec<(&entity::episode::Model, Option<NaiveDate>)> {
        let mut met = Vec::new();
        for episode in &self.episodes {
            if episode.recorded_at > asked.as_of || episode.opened_on > asked.through {
                continue;
            }
            let closed_on = match (episode.closed_on, episode.closure_recorded_at) {
                (Some(day), Some(at)) if at <= asked.as_of => Some(day),
                _ => None,
            };
            if closed_on.is_none_or(|day| day >= asked.since) {
                met.push((episode, closed_on));
            }
        }
        met
    }

    /// Outcomes by group.
    pub fn outcomes(&self, asked: Asked, group: Group<'_>) -> BTreeMap<String, Outcomes> {
        let mut found: BTreeMap<String, Outcomes> = BTreeMap::new();
        let mut by_family: BTreeMap<(String, Uuid), Vec<_>> = BTreeMap::new();
        for (episode, closed_on) in self.met(asked) {
            let key = group(self.case(episode.case_id), None);
            by_family.entry((key, episode.family_id)).or_default().push((episode, closed_on));
        }
        for ((key, _), mut episodes) in by_family {
            episodes
                .sort_by_key(|(episode, closed_on)| (episode.opened_on, *closed_on, episode.id));
            let is_open =
                |closed_on: Option<NaiveDate>| closed_on.is_none_or(|day| day > asked.through);
            let open = episodes.iter().rev().find(|(_, closed_on)| is_open(*closed_on));
            let (deciding, _) = open.or(episodes.last()).unwrap();
            let of = found.entry(key).or_default();
            of.covered += 1;
            match (open.is_some(), deciding.closure_class) {
                (true, _) => of.continuing += 1,
                (false, Some(ClosureClass::Overcame)) => of.overcame += 1,
                (false, _) => of.other_exits += 1,
            }
            if deciding.opened_on >= asked.since {
                of.new += 1;
            } else {
                of.carried_in += 1;
            }
        }
        found
    }

    /// Children in covered families by group.
    pub fn children(&self, asked: Asked, group: Group<'_>) -> BTreeMap<String, i64> {
        let mut found: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for (episode, closed_on) in self.met(asked) {
            let begins_on = episode.opened_on.max(asked.since);
            let ends_on = closed_on.unwrap_or(asked.through).min(asked.through);
            for member in self.members.iter().filter(|one| one.family_id == episode.family_id) {
                let until = match (member.until, member.ended_recorded_at) {
                    (Some(day), Some(at)) if at <= asked.as_of => Some(day),
                    _ => None,
                };
                let is_known = member.recorded_at <= asked.as_of
                    && member.voided_at.is_none_or(|at| at > asked.as_of);
                let first_on = member.since.max(begins_on);
                let overlaps = first_on <= ends_on && until.is_none_or(|day| day > first_on);
                if !is_known || !overlaps || member.role != entity::family_member::MemberRole::Child
                {
                    continue;
                }
                let person = self.person(member.person_id);
                if person.birth_date.is_some_and(|born| years(born, first_on) >= 18) {
                    continue;
                }
                let key = group(self.case(episode.case_id), Some(person));
                found.entry(key).or_default().insert(person.id);
            }
        }
        found.into_iter().map(|(key, ids)| (key, ids.len() as i64)).collect()
    }

    /// Families on a register on the last day.
    pub fn on_register(&self, asked: Asked) -> i64 {
        let day = asked.through;
        let mut ids = BTreeSet::new();
        for (episode, closed_on) in self.met(Asked { since: day, ..asked }) {
            if closed_on.is_none_or(|closed_on| closed_on > day) {
                ids.insert(episode.family_id);
            }
        }
        for entry in &self.entries {
            let until = entry.until.filter(|_| entry.ended_recorded_at.unwrap() <= asked.as_of);
            let is_known = entry.recorded_at <= asked.as_of
                && entry.voided_at.is_none_or(|at| at > asked.as_of);
            if is_known && entry.since <= day && until.is_none_or(|until| until > day) {
                ids.extend(entry.family_id);
            }
        }
        ids.len() as i64
    }

    /// Covered families that were visited in the period.
    pub fn served(&self, asked: Asked, group: Group<'_>) -> BTreeMap<String, i64> {
        let mut found: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for (episode, _) in self.met(asked) {
            let visits = self.visits.iter().filter(|visit| {
                let day = visit.visited_at.map(|at| at.date_naive());
                visit.family_id == episode.family_id
                    && visit.case_id.is_none_or(|id| id == episode.case_id)
                    && visit.status == entity::visit::VisitStatus::Completed
                    && visit.recorded_at <= asked.as_of
                    && day.is_some_and(|day| asked.since <= day && day <= asked.through)
            });
            if visits.count() > 0 {
                let key = group(self.case(episode.case_id), None);
                found.entry(key).or_default().insert(episode.family_id);
            }
        }
        found.into_iter().map(|(key, ids)| (key, ids.len() as i64)).collect()
    }
}

/// Completed years at a day.
pub fn years(born: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i32::from(!had_birthday)
}
