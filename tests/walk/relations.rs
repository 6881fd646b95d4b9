//! Every relation that a family can have to the viewer's organisation, as every role: which rows are
//! seen, singly and in lists, and which of their fields, against what `expected` says.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_grant::{AccessLevel, GrantBasis, Shown};
use entity::assessment::AssessmentStatus;
use entity::case::RiskLevel;
use entity::concern_report::{ConcernStatus, ConcernUrgency};
use entity::consent::ConsentStatus;
use entity::measure::MeasureStatus;
use entity::membership::Role;
use entity::placement::PlacementStatus;
use entity::plan::PlanStatus;
use entity::referral::ReferralStatus;
use entity::register::RegisterSubject;
use entity::register_entry::{self, RegisterGrounds};
use entity::transfer::TransferStatus;
use entity::visit::VisitStatus;
use sea_orm::ActiveValue::Set;
use sea_orm::Iterable;
use serde_json::{Value, json};
use uuid::Uuid;

use super::asking::selection;
use super::expected::{About, Level, RELATIONS, Relation, is_hidden, level};
use super::schema::Types;
use crate::harness::world::{Branch, Household, Person, START, id};
use crate::harness::{Stage, run};

/// A family in a relation, with a row of each kind: its type, its id, and whom it is about.
struct Home {
    relation: Relation,
    in_area: bool,
    rows: Vec<(&'static str, String, About)>,
}

/// The organisations of the scene.
struct Ground<'s> {
    stage: &'s Stage,
    here: Branch,
    there: Branch,
    above: Branch,
    ours: Branch,
    below: Branch,
    sister: Branch,
    foreign: Branch,
    others: Branch,
    centre: (Uuid, Uuid),
    elsewhere: (Uuid, Uuid),
    register: Uuid,
    viewers: Vec<Person>,
}

impl<'s> Ground<'s> {
    async fn lay(stage: &'s Stage) -> Self {
        let here = stage.area("Here", None).await;
        let there = stage.area("There", None).await;
        let above = stage.organisation("Above", None).await;
        let ours = stage.organisation("Ours", Some(&above)).await;
        let below = stage.organisation("Below", Some(&ours)).await;
        let sister = stage.organisation("Sister", Some(&above)).await;
        let foreign = stage.organisation("Foreign", None).await;
        let others = stage.organisation("Others", None).await;
        let centre = stage.centre(&ours, &here, 90).await;
        let elsewhere = stage.centre(&foreign, &there, 90).await;
        let register = stage.register("R", RegisterSubject::Family, true).await;
        Self {
            stage,
            here,
            there,
            above,
            ours,
            below,
            sister,
            foreign,
            others,
            centre,
            elsewhere,
            register,
            viewers: Vec::new(),
        }
        .with_viewers()
        .await
    }

    /// With somebody of each role in our organisation.
    async fn with_viewers(mut self) -> Self {
        for role in Role::iter() {
            let viewer = match role {
                Role::AreaCoordinator => self.stage.coordinator(&self.ours, &self.here).await,
                Role::Integration => self.stage.machine(&self.ours).await,
                role => self.stage.worker(&self.ours, role).await,
            };
            self.viewers.push(viewer);
        }
        self
    }

    /// A family in a relation.
    async fn home(&self, relation: Relation, in_area: bool) -> Home {
        let lead = match relation {
            Relation::Own => &self.ours,
            Relation::Below => &self.below,
            Relation::Sister => &self.sister,
            Relation::Above => &self.above,
            _ => &self.foreign,
        };
        let area = if in_area { &self.here } else { &self.there };
        let home = self.stage.household(lead, area, "X").await;
        self.share(relation, &home).await;
        let rows = self.rows(relation, lead, area, &home).await;
        Home { relation, in_area, rows }
    }

    /// Lets our organisation see what it is to see.
    async fn share(&self, relation: Relation, home: &Household) {
        let now = self.stage.now();
        let hours = |hours| Some(now + TimeDelta::hours(hours));
        let of = |level| match level {
            Level::ServiceOnly => AccessLevel::ServiceOnly,
            Level::Summary => AccessLevel::Summary,
            Level::Full => AccessLevel::Full,
        };
        let (level, basis, until) = match relation {
            Relation::Referred(level) => (of(level), GrantBasis::Referral, hours(9)),
            Relation::Expired => (AccessLevel::Full, GrantBasis::Referral, Some(now)),
            Relation::Withdrawn => (AccessLevel::Full, GrantBasis::Referral, hours(-1)),
            Relation::Ahead => return self.ahead(home).await,
            Relation::BreakGlass => return self.emergency(home).await,
            Relation::Statute => (AccessLevel::Summary, GrantBasis::Statute, None),
            Relation::Enrolled => (AccessLevel::ServiceOnly, GrantBasis::Enrolment, None),
            Relation::Placed | Relation::Left => {
                let until = if relation == Relation::Left { hours(-1) } else { None };
                return self.place(home, until).await;
            }
            _ => return,
        };
        let family = Some(home.id);
        let source = Uuid::now_v7();
        self.stage.grant_until(&self.ours, family, None, level, basis, source, until).await;
    }

    async fn place(&self, home: &Household, until: Option<DateTime<Utc>>) {
        let (stage, basis, source) = (self.stage, GrantBasis::Placement, Uuid::now_v7());
        let (child, family) = (Some(home.child), Some(home.id));
        let (full, summary) = (AccessLevel::Full, AccessLevel::Summary);
        stage.grant_until(&self.ours, None, child, full, basis, source, until).await;
        stage.grant_until(&self.ours, family, None, summary, basis, source, until).await;
    }

    async fn ahead(&self, home: &Household) {
        let later = self.stage.now() + TimeDelta::hours(1);
        self.stage.put(self.grant(home, GrantBasis::Referral, later)).await;
    }

    async fn emergency(&self, home: &Household) {
        let caseworker = self.viewers.iter().find(|viewer| viewer.role == Role::Caseworker);
        let now = self.stage.now();
        let row = entity::access_grant::ActiveModel {
            worker_id: Set(caseworker.map(|worker| worker.id)),
            until: Set(Some(now + TimeDelta::hours(9))),
            ..self.grant(home, GrantBasis::BreakGlass, now)
        };
        self.stage.put(row).await;
    }

    fn grant(
        &self,
        home: &Household,
        basis: GrantBasis,
        since: DateTime<Utc>,
    ) -> entity::access_grant::ActiveModel {
        entity::access_grant::ActiveModel {
            id: Set(Uuid::now_v7()),
            organisation_id: Set(self.ours.id),
            worker_id: Set(None),
            family_id: Set(Some(home.id)),
            person_id: Set(None),
            level: Set(AccessLevel::Full),
            shown: Set(Shown::all(AccessLevel::Full)),
            basis: Set(basis),
            source_id: Set(None),
            since: Set(since),
            until: Set(None),
            created_at: Set(since),
            created_by: Set(None),
        }
    }

    /// A row of each kind about a family.
    #[expect(clippy::too_many_lines, reason = "one row of each kind")]
    async fn rows(
        &self,
        relation: Relation,
        lead: &Branch,
        area: &Branch,
        home: &Household,
    ) -> Vec<(&'static str, String, About)> {
        let stage = self.stage;
        let worker = stage.worker(lead, Role::Caseworker).await;
        let (status, urgency) = (ConcernStatus::Triaged, ConcernUrgency::Routine);
        let report = stage.report(lead, area, status, urgency, Some(home.id)).await;
        let visit = stage.verifying_visit(report, home.id, VisitStatus::Completed).await;
        let episode = stage.episode(home).await;
        let answers = (RiskLevel::Low, 1, "{}");
        let status = AssessmentStatus::Submitted;
        let assessment = stage.assessment(home, &worker, status, answers).await;
        let plan = stage.plan(home, lead, 1, PlanStatus::Active).await;
        let measure = stage.measure(home, plan, lead, MeasureStatus::Planned).await;
        let decision = stage.decision(lead, home.id, "1").await;
        let is_ours = matches!(relation, Relation::Placed | Relation::Left);
        let place = if is_ours { self.centre } else { self.elsewhere };
        let status = match relation {
            Relation::Left => PlacementStatus::Discharged,
            _ => PlacementStatus::Admitted,
        };
        let stay = stage.placement(home, place, status);
        let placement = stay.id.clone().unwrap();
        stage.put(stay).await;
        let entry = self.entry(home).await;
        let (consent, referral, transfer) = self.shared(lead, home).await;
        vec![
            ("Consent", id("consent", consent), About::Sharing),
            ("Referral", id("referral", referral), About::Sharing),
            ("Transfer", id("transfer", transfer), About::Sharing),
            ("Family", id("family", home.id), About::Family),
            ("Person", id("person", home.parent), About::Parent),
            ("Person", id("person", home.child), About::Child),
            ("Child", id("child", home.child), About::Child),
            ("Case", id("case", home.case), About::Family),
            ("Episode", id("episode", episode), About::Family),
            ("Assessment", id("assessment", assessment), About::Family),
            ("Plan", id("plan", plan), About::Family),
            ("Measure", id("measure", measure), About::Family),
            ("Decision", id("decision", decision), About::Family),
            ("RegisterEntry", id("entry", entry), About::Family),
            ("Visit", id("visit", visit), About::Family),
            ("Placement", id("placement", placement), About::Child),
            ("ConcernReport", id("report", report), About::Report),
        ]
    }

    /// What the lead has asked, and sent to somebody else.
    async fn shared(&self, lead: &Branch, home: &Household) -> (Uuid, Uuid, Uuid) {
        let stage = self.stage;
        let ways = (lead, &self.others);
        let consent = stage.answered(home, ConsentStatus::Given).await;
        let referral = stage.referral(home, ways, ReferralStatus::Accepted);
        let transfer = stage.transfer(home, ways, TransferStatus::Proposed);
        let ids = (consent, referral.id.clone().unwrap(), transfer.id.clone().unwrap());
        stage.put(referral).await;
        stage.put(transfer).await;
        ids
    }

    async fn entry(&self, home: &Household) -> Uuid {
        let entry = Uuid::now_v7();
        self.stage
            .put(register_entry::ActiveModel {
                id: Set(entry),
                register_id: Set(self.register),
                family_id: Set(Some(home.id)),
                grounds: Set(RegisterGrounds::Neglect),
                since: Set(START),
                recorded_at: Set(self.stage.now()),
                ..Default::default()
            })
            .await;
        entry
    }
}

/// The ids in a list.
async fn listed(stage: &Stage, viewer: &Person, root: &str) -> BTreeSet<String> {
    let query = format!("{{ {root}(first: 100) {{ totalCount nodes {{ id }} }} }}");
    let answer = stage.as_(viewer).query(&query).await;
    let list = &answer.body["data"][root];
    let ids = list["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    if list.is_object() {
        assert_eq!(list["totalCount"], ids.len(), "{root} by {:?}", viewer.role);
    }
    ids.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The fields that are hidden of a type at a level, as its description says.
fn hidden(types: &Types, of: &str, level: Level, has_scope: bool) -> BTreeSet<String> {
    let fields = types.of(of).fields.iter();
    let hidden = fields.filter(|field| is_hidden(&field.description, level, has_scope));
    hidden.map(|field| field.name.clone()).collect()
}

#[test]
fn who_sees_what_by_relation_is_as_it_was_written() {
    let types = Types::load();
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let mut homes = Vec::new();
        for relation in RELATIONS {
            for in_area in [true, false] {
                homes.push(ground.home(relation, in_area).await);
            }
        }
        let mut compared = 0;
        for viewer in &ground.viewers {
            for home in &homes {
                for has_scope in [false, true] {
                    compared += singly(stage, &types, viewer, home, has_scope).await;
                }
            }
            compared += in_lists(stage, viewer, &homes).await;
        }
        println!("{compared} answers were as they were written, none was not");
    });
}

/// Each row of a family by its id; how many were compared.
async fn singly(
    stage: &Stage,
    types: &Types,
    viewer: &Person,
    home: &Home,
    has_scope: bool,
) -> usize {
    let scopes: &[&str] = if has_scope { &["restricted:read"] } else { &[] };
    for (of, id, about) in &home.rows {
        let fields = selection(types, of, 0);
        let query = format!("{{ node(id: \"{id}\") {{ ... on {of} {{ {fields} }} }} }}");
        let mut by = viewer.clone();
        if by.role == Role::Integration {
            by.subject = format!("{}-{id}", by.subject);
        } else {
            by.client_id.clone_from(id);
        }
        let answer = stage.as_with(&by, scopes).query(&query).await;
        let found = answer.data("/node");
        let told = format!(
            "{:?} of a family {:?} (in the area: {}), {of}: {}",
            viewer.role, home.relation, home.in_area, answer.text
        );
        let Some(level) = level(viewer.role, home.relation, home.in_area, *about) else {
            assert!(found.is_null(), "{told}");
            continue;
        };
        assert!(found.is_object(), "{told}");
        // What is restricted, an emergency opens to nobody.
        let shows_all = has_scope && home.relation != Relation::BreakGlass;
        let hidden = hidden(types, of, level, shows_all);
        let named: Vec<&Value> = found["redactedFields"].as_array().into_iter().flatten().collect();
        let named: BTreeSet<String> =
            named.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        assert_eq!(named, hidden, "{told}");
        for name in hidden {
            assert!(found.get(&name).is_none_or(Value::is_null), "{name}: {told}");
        }
    }
    home.rows.len()
}

/// What lists hold of all families; how many rows were compared.
async fn in_lists(stage: &Stage, viewer: &Person, homes: &[Home]) -> usize {
    let lists = [
        ("families", "Family"),
        ("children", "Child"),
        ("cases", "Case"),
        ("placements", "Placement"),
        ("concernReports", "ConcernReport"),
        ("referrals", "Referral"),
        ("transfers", "Transfer"),
    ];
    for (root, kind) in lists {
        let ids = listed(stage, viewer, root).await;
        for home in homes {
            let (_, id, about) = home.rows.iter().find(|(of, ..)| *of == kind).unwrap();
            let is_seen = level(viewer.role, home.relation, home.in_area, *about).is_some();
            let told = format!("{root} by {:?}: {:?}", viewer.role, home.relation);
            assert_eq!(ids.contains(id), is_seen, "{told}, in the area: {}", home.in_area);
        }
    }
    lists.len() * homes.len()
}

#[test]
fn the_class_of_a_field_is_read_from_its_description() {
    let hides =
        |text| [Level::ServiceOnly, Level::Summary].map(|level| is_hidden(text, level, true));
    assert_eq!(hides("A note. Sensitive."), [true, true]);
    assert_eq!(hides("A name. Personal."), [true, false]);
    assert_eq!(hides("A day."), [false, false]);
    assert!(is_hidden("A secret. Restricted: needs more.", Level::Full, false));
    assert!(!is_hidden("A secret. Restricted: needs more.", Level::Full, true));
    assert_eq!(json!(hidden(&Types::load(), "Visit", Level::Summary, false)), json!(["note"]));
}
