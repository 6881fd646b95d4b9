//! Histories of families, made in bulk: a region of two towns, an organisation with two branches, and
//! families of whom only what counts is known.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::case::{CaseKind, CaseStatus, SupportLevel};
use entity::episode::ClosureClass;
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::person::{DatePrecision, Sex};
use entity::placement::{Destination, PlacementStatus};
use entity::register_entry::RegisterGrounds;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::world::{Branch, Person};
use crate::harness::{Answer, Stage};

/// Where the histories happen.
pub struct Ground<'s> {
    pub stage: &'s Stage,
    pub region: Branch,
    pub towns: [Branch; 2],
    pub centre: Branch,
    pub branches: [Branch; 2],
    pub supervisor: Person,
    pub register: Uuid,
    /// Who asks for closures, and who approves them.
    pub closers: [Uuid; 2],
}

/// One episode of the work with a family.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub opened_on: NaiveDate,
    pub closed: Option<(NaiveDate, ClosureClass)>,
    /// When it was recorded; on its first day if not said.
    pub recorded_at: Option<DateTime<Utc>>,
    /// When its end was recorded; on its last day if not said.
    pub closure_recorded_at: Option<DateTime<Utc>>,
}

/// Rows that are not in the tables yet.
#[derive(Clone, Default)]
pub struct Told {
    pub families: Vec<entity::family::Model>,
    pub persons: Vec<entity::person::Model>,
    pub members: Vec<entity::family_member::Model>,
    pub cases: Vec<entity::case::Model>,
    pub episodes: Vec<entity::episode::Model>,
    pub entries: Vec<entity::register_entry::Model>,
    pub visits: Vec<entity::visit::Model>,
    pub placements: Vec<entity::placement::Model>,
}

pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}

impl Span {
    pub const fn open(opened_on: NaiveDate) -> Self {
        Self { opened_on, closed: None, recorded_at: None, closure_recorded_at: None }
    }

    pub const fn closed(opened_on: NaiveDate, closed_on: NaiveDate, class: ClosureClass) -> Self {
        Self { closed: Some((closed_on, class)), ..Self::open(opened_on) }
    }
}

impl<'s> Ground<'s> {
    pub async fn set(stage: &'s Stage) -> Self {
        let region = stage.area("Region", None).await;
        let towns =
            [stage.area("First", Some(&region)).await, stage.area("Second", Some(&region)).await];
        let centre = stage.organisation("Centre", None).await;
        let branches = [
            stage.organisation("One", Some(&centre)).await,
            stage.organisation("Two", Some(&centre)).await,
        ];
        let supervisor = stage.worker(&centre, Role::Supervisor).await;
        let closers = [stage.somebody().await.id, stage.somebody().await.id];
        let register = Uuid::now_v7();
        let row = entity::register::Model {
            id: register,
            code: "R".to_owned(),
            name: "Register".to_owned(),
            class: entity::register::RegisterClass::DifficultCircumstances,
            subject: entity::register::RegisterSubject::Family,
            is_active: true,
        };
        stage.put(row.into_active_model()).await;
        Self { stage, region, towns, centre, branches, supervisor, register, closers }
    }

    /// Puts what was told into the tables.
    pub async fn put(&self, told: Told) {
        macro_rules! insert {
            ($($entity:ident: $rows:ident),+) => {
                $(for some in told.$rows.chunks(200) {
                    let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
                    let insert = entity::$entity::Entity::insert_many(rows);
                    insert.exec_without_returning(&self.stage.database.writer).await.unwrap();
                })+
            };
        }
        insert!(
            family: families, person: persons, family_member: members, case: cases,
            episode: episodes, register_entry: entries, visit: visits,
            placement: placements
        );
    }

    /// Asks for a metric; `rest` are more arguments.
    pub async fn ask(&self, metric: &str, period: (NaiveDate, NaiveDate), rest: &str) -> Answer {
        self.ask_as(&self.supervisor, metric, period, rest).await
    }

    pub async fn ask_as(
        &self,
        by: &Person,
        metric: &str,
        (since, through): (NaiveDate, NaiveDate),
        rest: &str,
    ) -> Answer {
        let query = format!(
            "{{ metric(id: {metric}, period: {{ since: \"{since}\", through: \"{through}\" }}{rest}) {{ \
             definition {{ id version text }} asOf provisional identities \
             total {{ value base rate suppression }} \
             rows {{ keys {{ dimension id name }} value base rate suppression }} }} }}"
        );
        self.stage.as_(by).query(&query).await
    }

    /// The total of a metric.
    pub async fn total(&self, metric: &str, period: (NaiveDate, NaiveDate), rest: &str) -> i64 {
        let answer = self.ask(metric, period, rest).await;
        answer.data("/metric/total/value").as_i64().unwrap()
    }

    /// The rows of a metric, by the names of their keys.
    pub async fn rows(
        &self,
        metric: &str,
        period: (NaiveDate, NaiveDate),
        rest: &str,
    ) -> Vec<(String, i64)> {
        let answer = self.ask(metric, period, rest).await;
        let rows = answer.list("/metric/rows").iter();
        rows.map(|row| (names(row), row["value"].as_i64().unwrap())).collect()
    }
}

/// The names of a row's keys, in one text.
pub fn names(row: &Value) -> String {
    let keys = row["keys"].as_array().unwrap().iter();
    keys.map(|key| key["name"].as_str().unwrap()).collect::<Vec<_>>().join(" / ")
}

impl Told {
    /// A family whose case a branch leads in a town, with its episodes.
    pub fn family(&mut self, ground: &Ground<'_>, place: (usize, usize), spans: &[Span]) -> Uuid {
        let id = Uuid::now_v7();
        let (town, branch) = place;
        let now = ground.stage.now();
        self.families.push(entity::family::Model {
            id,
            reference: format!("F-{}", id.simple()),
            label: "Family".to_owned(),
            area_id: ground.towns[town].id,
            lead_organisation_id: Some(ground.branches[branch].id),
            address: None,
            protected_address: None,
            is_address_protected: false,
            search_key: String::new(),
            address_key: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: None,
            updated_by: None,
        });
        self.case(ground, id, place, spans);
        id
    }

    /// A further case of a family.
    pub fn case(
        &mut self,
        ground: &Ground<'_>,
        family_id: Uuid,
        (town, branch): (usize, usize),
        spans: &[Span],
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = ground.stage.now();
        let Some(first) = spans.first() else { return id };
        let earlier = self.cases.iter().filter(|case| case.family_id == family_id).count();
        let kind = [CaseKind::Accompaniment, CaseKind::ChildProtection][earlier.min(1)];
        let is_closed = spans.iter().all(|span| span.closed.is_some());
        self.cases.push(entity::case::Model {
            id,
            family_id,
            reference: format!("C-{}", id.simple()),
            kind,
            lead_organisation_id: ground.branches[branch].id,
            area_id: ground.towns[town].id,
            status: if is_closed { CaseStatus::Closed } else { CaseStatus::Active },
            support_level: [None, Some(SupportLevel::Basic), Some(SupportLevel::Crisis)]
                [self.cases.len() % 3],
            risk_level: None,
            opened_on: first.opened_on,
            closed_on: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: None,
            updated_by: None,
        });
        for (no, span) in (1..).zip(spans) {
            self.episodes.push(episode(ground.closers, (id, family_id), no, span));
        }
        id
    }

    /// A child of a family, from a day on and until another.
    pub fn child(
        &mut self,
        family_id: Uuid,
        born: Option<NaiveDate>,
        since: NaiveDate,
        until: Option<NaiveDate>,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = noon(since);
        self.persons.push(entity::person::Model {
            id,
            given_name: "Given".to_owned(),
            family_name: None,
            patronymic: None,
            sex: if self.persons.len().is_multiple_of(3) { Sex::Male } else { Sex::Female },
            birth_date: born,
            birth_precision: DatePrecision::Day,
            death_date: None,
            disability: None,
            phone: None,
            search_key: String::new(),
            is_address_protected: false,
            merged_into_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: None,
            updated_by: None,
        });
        self.member(family_id, id, since, until);
        id
    }

    /// A membership of a child in a family.
    pub fn member(
        &mut self,
        family_id: Uuid,
        person_id: Uuid,
        since: NaiveDate,
        until: Option<NaiveDate>,
    ) {
        self.members.push(entity::family_member::Model {
            id: Uuid::now_v7(),
            family_id,
            person_id,
            role: MemberRole::Child,
            lives_here: true,
            legal_responsibility: false,
            primary_caregiver: false,
            since,
            until,
            recorded_at: noon(since),
            ended_recorded_at: until.map(noon),
            voided_at: None,
            void_reason: None,
        });
    }

    /// An entry on the register: of a family, or of a person.
    pub fn entry(
        &mut self,
        ground: &Ground<'_>,
        (family_id, person_id): (Option<Uuid>, Option<Uuid>),
        grounds: RegisterGrounds,
        (since, until): (NaiveDate, Option<NaiveDate>),
    ) {
        self.entries.push(entity::register_entry::Model {
            id: Uuid::now_v7(),
            register_id: ground.register,
            family_id,
            person_id,
            grounds,
            decision_id: None,
            removal_decision_id: None,
            since,
            until,
            removal_reason: None,
            recorded_at: noon(since),
            ended_recorded_at: until.map(noon),
            voided_at: None,
            void_reason: None,
        });
    }

    /// A residential stay of a person, that lasts unless it is said how it ended.
    pub fn stay(
        &mut self,
        person_id: Uuid,
        (centre_id, unit_id): (Uuid, Uuid),
        admitted_on: NaiveDate,
        ended: Option<(NaiveDate, Destination)>,
    ) {
        let admitted_at = noon(admitted_on);
        let discharged_at = ended.map(|(day, _)| noon(day));
        let status =
            if ended.is_some() { PlacementStatus::Discharged } else { PlacementStatus::Admitted };
        self.placements.push(entity::placement::Model {
            id: Uuid::now_v7(),
            person_id,
            centre_id,
            unit_id,
            case_id: None,
            family_id: None,
            group_id: None,
            basis: entity::placement::PlacementBasis::Parent,
            decision_id: None,
            status,
            is_residential: true,
            holds_place: ended.is_none(),
            priority: 0,
            requested_at: admitted_at,
            reserved_until: None,
            admitted_at: Some(admitted_at),
            planned_discharge_on: None,
            discharged_at,
            discharge_reason: discharged_at.map(|_| "Reason".to_owned()),
            destination: ended.map(|(_, destination)| destination),
            decided_by_id: None,
            reserved_at: None,
            closed_at: None,
            admission_recorded_at: Some(admitted_at),
            discharge_recorded_at: discharged_at,
            status_reason: None,
            recorded_at: admitted_at,
            version: 1,
            created_at: admitted_at,
            updated_at: discharged_at.unwrap_or(admitted_at),
            created_by: None,
            updated_by: None,
            voided_at: None,
            void_reason: None,
        });
    }

    /// A completed visit to a family, in a case.
    pub fn visit(&mut self, family_id: Uuid, case_id: Uuid, on: NaiveDate) {
        let at = noon(on);
        self.visits.push(entity::visit::Model {
            id: Uuid::now_v7(),
            case_id: Some(case_id),
            concern_report_id: None,
            enrolment_id: None,
            family_id,
            worker_id: None,
            purpose: entity::visit::VisitPurpose::Monitoring,
            scheduled_for: on,
            visited_at: Some(at),
            status: entity::visit::VisitStatus::Completed,
            note: None,
            next_due_on: None,
            recorded_at: at,
            version: 1,
            created_at: at,
            updated_at: at,
            created_by: None,
            updated_by: None,
            voided_at: None,
            void_reason: None,
        });
    }
}

fn episode(
    closers: [Uuid; 2],
    (case_id, family_id): (Uuid, Uuid),
    no: i32,
    span: &Span,
) -> entity::episode::Model {
    let closed_on = span.closed.map(|(day, _)| day);
    entity::episode::Model {
        id: Uuid::now_v7(),
        case_id,
        family_id,
        no,
        opened_on: span.opened_on,
        reason: "Reason".to_owned(),
        source_report_id: None,
        closed_on,
        closure_class: span.closed.map(|(_, class)| class),
        closure_reason: closed_on.map(|_| "Reason".to_owned()),
        summary: closed_on.map(|_| "Summary".to_owned()),
        closed_by_id: closed_on.map(|_| closers[0]),
        approved_by_id: closed_on.map(|_| closers[1]),
        recorded_at: span.recorded_at.unwrap_or_else(|| noon(span.opened_on)),
        closure_recorded_at: closed_on
            .map(|day| span.closure_recorded_at.unwrap_or_else(|| noon(day))),
    }
}
