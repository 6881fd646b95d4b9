//! A family whose case may be closed, and what may still run of it.

use entity::case::{self, CaseStatus};
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::enrolment::{self, EnrolmentOutcome, EnrolmentStatus};
use entity::membership::Role;
use entity::placement::{self, PlacementStatus};
use entity::{audit_event, concern_report, episode, idempotency_key, intake, programme};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Answer, Stage};

const CASE: &str = "case { status episodes { closureClass closedOn } }";

/// An office that works with families, a centre that takes children, and a programme.
pub struct Scene<'s> {
    stage: &'s Stage,
    area: Branch,
    office: Branch,
    worker: Person,
    boss: Person,
    place: (Uuid, Uuid),
    programme: Uuid,
    intake: Uuid,
}

/// What runs of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    Placement,
    Enrolment,
    Report,
}

impl Runs {
    pub const ALL: [Self; 3] = [Self::Placement, Self::Enrolment, Self::Report];

    /// What a refusal says of it.
    const fn word(self) -> &'static str {
        match self {
            Self::Placement => "placed",
            Self::Enrolment => "enrolment",
            Self::Report => "immediate report",
        }
    }
}

/// A programme of an organisation, with an intake.
async fn programme(stage: &Stage, organisation: &Branch) -> (Uuid, Uuid) {
    let (programme, intake) = (Uuid::now_v7(), Uuid::now_v7());
    let now = stage.now();
    stage
        .put(programme::ActiveModel {
            id: Set(programme),
            organisation_id: Set(organisation.id),
            name: Set("Parents' school".to_owned()),
            summary: Set("For parents.".to_owned()),
            kind: Set(programme::ProgrammeKind::Parenting),
            enrolment_unit: Set(programme::EnrolmentUnit::Family),
            since: Set(START),
            status: Set(programme::ProgrammeStatus::Active),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
    stage
        .put(intake::ActiveModel {
            id: Set(intake),
            programme_id: Set(programme),
            name: Set("First".to_owned()),
            opens_on: Set(START),
            starts_on: Set(START),
            capacity: Set(100),
            has_waiting_list: Set(true),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
    (programme, intake)
}

impl<'s> Scene<'s> {
    pub async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let place = stage.centre(&office, &area, 100).await;
        let (programme, intake) = programme(stage, &office).await;
        Self { stage, area, office, worker, boss, place, programme, intake }
    }

    /// A family with an active case and its episode.
    pub async fn home(&self) -> Household {
        let home = self.stage.household(&self.office, &self.area, "X").await;
        self.stage.episode(&home).await;
        home
    }

    /// A family's enrolment, in its case if one is named.
    pub async fn enrol(&self, family: Uuid, case: Option<Uuid>, status: EnrolmentStatus) {
        let is_over = status == EnrolmentStatus::Ended;
        let now = self.stage.now();
        let row = enrolment::ActiveModel {
            id: Set(Uuid::now_v7()),
            intake_id: Set(self.intake),
            programme_id: Set(self.programme),
            family_id: Set(family),
            case_id: Set(case),
            status: Set(status),
            priority: Set(0),
            requested_at: Set(now),
            ended_on: Set(is_over.then(|| self.stage.today())),
            outcome: Set(is_over.then_some(EnrolmentOutcome::Completed)),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        self.stage.put(row).await;
    }

    /// A placement of the child, which names the case and the family.
    pub fn stay(&self, home: &Household, status: PlacementStatus) -> placement::ActiveModel {
        self.stage.placement(home, self.place, status)
    }

    /// A placement of the child that names neither the case nor the family.
    pub fn lone_stay(&self, home: &Household, status: PlacementStatus) -> placement::ActiveModel {
        let row = self.stay(home, status);
        placement::ActiveModel { case_id: Set(None), family_id: Set(None), ..row }
    }

    pub async fn report(&self, home: &Household, status: ConcernStatus, urgency: ConcernUrgency) {
        let (stage, family) = (self.stage, Some(home.id));
        stage.report(&self.office, &self.area, status, urgency, family).await;
    }

    /// Makes something of a family run.
    pub async fn begin(&self, runs: Runs, home: &Household) {
        match runs {
            Runs::Placement => {
                self.stage.put(self.stay(home, PlacementStatus::Requested)).await;
            }
            Runs::Enrolment => self.enrol(home.id, None, EnrolmentStatus::Offered).await,
            Runs::Report => {
                self.report(home, ConcernStatus::Received, ConcernUrgency::Immediate).await;
            }
        }
    }

    /// Ends everything that runs.
    pub async fn end_everything(&self) {
        let writer = &self.stage.database.writer;
        let cancelled = placement::Entity::update_many()
            .col_expr(placement::Column::Status, Expr::val("CANCELLED"));
        cancelled.exec(writer).await.unwrap();
        let withdrawn = enrolment::Entity::update_many()
            .col_expr(enrolment::Column::Status, Expr::val("WITHDRAWN"));
        withdrawn.exec(writer).await.unwrap();
        let decided = concern_report::Entity::update_many()
            .col_expr(concern_report::Column::Status, Expr::val("NOT_CONFIRMED"));
        decided.exec(writer).await.unwrap();
    }

    pub async fn ask(&self, home: &Household, outcome: &str) -> Answer {
        let input = json!({ "caseId": id("case", home.case), "outcome": outcome,
            "summary": "Work found, children at school." });
        self.stage.as_(&self.worker).mutate("caseClosureRequest", input, CASE).await
    }

    pub async fn decide(&self, home: &Household, is_approved: bool) -> Answer {
        let input = json!({ "caseId": id("case", home.case), "isApproved": is_approved,
            "note": "So it is." });
        self.stage.as_(&self.boss).mutate("caseClosureDecide", input, CASE).await
    }

    /// Where a case stands, and its only episode.
    pub async fn standing(&self, home: &Household) -> (CaseStatus, episode::Model) {
        let reader = &self.stage.database.reader;
        let case = case::Entity::find_by_id(home.case).one(reader).await.unwrap().unwrap();
        let episodes = episode::Entity::find().filter(episode::Column::CaseId.eq(home.case));
        (case.status, episodes.one(reader).await.unwrap().unwrap())
    }

    /// How many changes there are in the audit, and keys of mutations.
    pub async fn ledger(&self) -> (u64, u64) {
        let reader = &self.stage.database.reader;
        (
            audit_event::Entity::find()
                .filter(audit_event::Column::Action.ne("READ"))
                .count(reader)
                .await
                .unwrap(),
            idempotency_key::Entity::find().count(reader).await.unwrap(),
        )
    }
}

/// That a closure is refused because of just these.
#[track_caller]
pub fn assert_refused(answer: &Answer, because: &[Runs], told: &str) {
    let errors = answer.data("/result/userErrors").as_array().unwrap();
    assert_eq!(errors.len(), because.len(), "{told}: {}", answer.text);
    for (error, runs) in errors.iter().zip(because) {
        assert_eq!(error["code"], "DEPENDENCY_FAILED", "{told}");
        assert_eq!(error["path"], json!(["input", "caseId"]), "{told}");
        assert!(error["message"].as_str().unwrap().contains(runs.word()), "{told}: {error}");
    }
    assert_eq!(answer.data("/result/case"), &Value::Null, "{told}");
}

/// That a closure is asked for, unless one of these refuses it.
#[track_caller]
pub fn assert_asked(answer: &Answer, but_for: Option<Runs>, told: &str) {
    match but_for {
        Some(runs) => assert_refused(answer, &[runs], told),
        None => assert_eq!(answer.done("/case/status"), "CLOSURE_REQUESTED", "{told}"),
    }
}
