//! No mutation takes more than twelve SQL statements, on PostgreSQL eleven, but for the two that end or hand over all that
//! is open of a case, and the one that publishes a report of many tables: each with the heaviest input that makes sense, all its optional parts filled,
//! answered with the object's id alone. What a client asks beyond that is the budget of reads.

mod cases;
mod centres;
mod emergencies;
mod sharing;
mod field;
mod programmes;
mod placements;
mod records;
mod reports;
mod trainings;

use chrono::{NaiveDate, TimeDelta};
use entity::membership::Role;
use entity::{decision, goal};
use sea_orm::ActiveValue::Set;
use sea_orm::DbBackend;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Stage, run};

/// The statements that a mutation may take, from the viewer's session to the object's id.
const MOST: usize = 12;

/// A mutation with an input that is as heavy as makes sense.
pub struct Act {
    pub mutation: &'static str,
    /// What makes it heavy, in words.
    pub what: &'static str,
    pub by: Person,
    pub scopes: &'static [&'static str],
    pub input: Value,
    /// How many statements it may take.
    most: usize,
}

impl Act {
    fn new(mutation: &'static str, what: &'static str, by: &Person, input: Value) -> Self {
        Self { mutation, what, by: by.clone(), scopes: &[], input, most: MOST }
    }

    /// An act that writes more tables than twelve statements reach: each is one statement, and so are
    /// who asks, the key, what is kept, the feed, the audit and the answer.
    fn within(self, most: usize) -> Self {
        Self { most, ..self }
    }
}

/// What a mutation answers with.
fn object_of(mutation: &str) -> &'static str {
    match mutation {
        "accessBreakGlass" | "breakGlassReview" => "breakGlass",
        "decisionRecord" => "decision",
        "measureUpdate" => "measure",
        "registerEnter" | "registerRemove" => "entry",
        "serviceRecord" => "service",
        "centreCreate" | "centreUpdate" => "centre",
        "unitCreate" | "capacitySet" => "unit",
        "attendanceRecord" => "enrolment",
        "identifierAdd" | "identifierVoid" | "identityFactAdd" | "relationshipAdd"
        | "relationshipEnd" | "legalStatusRecord" => "person",
        other => {
            let objects = [
                ("concernReport", "concernReport"),
                ("family", "family"),
                ("person", "person"),
                ("case", "case"),
                ("assessment", "assessment"),
                ("plan", "plan"),
                ("visit", "visit"),
                ("programme", "programme"),
                ("intake", "intake"),
                ("enrolment", "enrolment"),
                ("trainingEvent", "trainingEvent"),
                ("placement", "placement"),
                ("consent", "consent"),
                ("referral", "referral"),
                ("transfer", "transfer"),
                ("snapshot", "snapshot"),
            ];
            let found = objects.iter().find(|(prefix, _)| other.starts_with(prefix));
            found.unwrap_or_else(|| panic!("which object does {other} answer with?")).1
        }
    }
}

/// An office that serves an area, those who work there, and a school that helps it.
pub struct Ground<'s> {
    stage: &'s Stage,
    /// A word that is in the texts about each family.
    canary: &'static str,
    pub area: Branch,
    pub office: Branch,
    school: Branch,
    pub worker: Person,
    pub boss: Person,
    pub teacher: Person,
}

impl<'s> Ground<'s> {
    pub async fn lay(stage: &'s Stage, canary: &'static str) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        stage.serves(&office, &area).await;
        let school = stage.organisation("School", None).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let boss = stage.worker(&office, Role::Supervisor).await;
        let teacher = stage.worker(&school, Role::Reporter).await;
        Self { stage, canary, area, office, school, worker, boss, teacher }
    }

    /// A family of its own for each act, so that none is in another's way.
    async fn home(&self) -> Household {
        self.stage.household(&self.office, &self.area, self.canary).await
    }

    /// A code of the catalogue, which no other ground has.
    fn code(&self, code: &str) -> String {
        format!("{code}{}", &self.canary[..1])
    }

    fn day(&self, days: i64) -> NaiveDate {
        self.stage.today() + TimeDelta::days(days)
    }

    /// Does what an act needs to have been done before; the object's id.
    async fn done(&self, by: &Person, mutation: &str, input: Value) -> Value {
        let object = object_of(mutation);
        let selection = format!("{object} {{ id }}");
        let answer = self.stage.as_(by).mutate(mutation, input, &selection).await;
        answer.done(&format!("/{object}/id")).clone()
    }

    /// A decision about a family that the caseworker recorded.
    async fn decision(&self, home: &Household) -> String {
        let decision = Uuid::now_v7();
        let row = decision::ActiveModel {
            id: Set(decision),
            body_id: Set(self.school.id),
            family_id: Set(Some(home.id)),
            kind: Set("MOVE".to_owned()),
            number: Set("7".to_owned()),
            decided_on: Set(START),
            recorded_at: Set(self.stage.now()),
            recorded_by_id: Set(Some(self.worker.id)),
            ..Default::default()
        };
        self.stage.put(row).await;
        id("decision", decision)
    }

    /// A goal of a plan.
    async fn goal(&self, home: &Household, plan: Uuid) -> String {
        let goal = Uuid::now_v7();
        let row = goal::ActiveModel {
            id: Set(goal),
            plan_id: Set(plan),
            family_id: Set(home.id),
            statement: Set("The flat is warm.".to_owned()),
            status: Set(goal::GoalStatus::Open),
            ..Default::default()
        };
        self.stage.put(row).await;
        id("goal", goal)
    }

    pub async fn acts(&self) -> Vec<Act> {
        let mut acts = records::acts(self).await;
        acts.extend(cases::acts(self).await);
        acts.extend(field::acts(self).await);
        acts.extend(centres::acts(self).await);
        acts.extend(programmes::acts(self).await);
        acts.extend(trainings::acts(self).await);
        acts.extend(placements::acts(self).await);
        acts.extend(emergencies::acts(self).await);
        acts.extend(sharing::acts(self).await);
        acts.extend(reports::acts(self));
        acts
    }

    /// How many statements an act takes, and which.
    async fn take(&self, act: &Act) -> (usize, Vec<String>) {
        let object = object_of(act.mutation);
        let selection = format!("{object} {{ id }}");
        let client = self.stage.as_with(&act.by, act.scopes);
        let sending = client.mutate(act.mutation, act.input.clone(), &selection);
        let (statements, answer) = self.stage.counted(sending).await;
        let said = self.stage.said();
        let errors = answer.data("/result/userErrors");
        assert_eq!(errors, &json!([]), "{} ({}): {}", act.mutation, act.what, answer.text);
        assert!(answer.done(&format!("/{object}/id")).is_string(), "{}", answer.text);
        assert!(!answer.replayed(), "{}", act.mutation);
        (statements, said)
    }
}

#[test]
fn no_mutation_takes_more_than_twelve_statements() {
    run(async |stage| {
        let ground = Ground::lay(stage, "X").await;
        let acts = ground.acts().await;
        let mut listed: Vec<&str> = acts.iter().map(|act| act.mutation).collect();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(crate::schema::fields_of("Mutation"), listed, "each mutation has an act");

        // PostgreSQL takes the feed and the audit, and whatever else is written last, as one statement.
        let backend = stage.database.writer.get_database_backend();
        let ends_together = usize::from(backend == DbBackend::Postgres);
        let (mut counts, mut beyond) = (Vec::new(), Vec::new());
        for act in &acts {
            let (statements, said) = ground.take(act).await;
            let told = format!("{statements:>3} {} ({})", act.mutation, act.what);
            if statements > act.most - ends_together {
                beyond.push(format!("{told}: {said:#?}"));
            }
            counts.push(told);
        }
        assert!(beyond.is_empty(), "{}\n\n{}", beyond.join("\n"), counts.join("\n"));
    });
}
