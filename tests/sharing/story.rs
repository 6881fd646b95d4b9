//! A family is shared with a partner and taken back: the partner sees nothing, then what was agreed, then
//! nothing again by any path; and the audit tells all of it, and can't be changed unseen.

use chrono::TimeDelta;
use entity::change::{self, ChangeKind};
use entity::membership::Role;
use entity::organisation::OrganisationKind;
use entity::plan::PlanStatus;
use hearth::access::audit::chain;
use hearth::access::audit::verify::{Asked, Report, verify};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};
use crate::walk::answers::Secrets;
use crate::walk::arguments::roots;
use crate::walk::asking::selection;
use crate::walk::rows::Dump;
use crate::walk::schema::Types;
use crate::walk::world::table_of;

const CANARY: &str = "Whitethorn";

/// The most rows that are asked for at once.
const AT_ONCE: usize = 10;

struct Scene<'s> {
    stage: &'s Stage,
    types: Types,
    ngo: Branch,
    worker: Person,
    partner: Person,
    machine: Person,
    auditor: Person,
    home: Household,
    kind: Uuid,
    /// What the partner may not be told before it is shared, nor afterwards.
    secrets: Secrets,
}

impl<'s> Scene<'s> {
    async fn set(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let office = stage.organisation("Office", None).await;
        let ngo = stage.agency("Partner", OrganisationKind::Ngo).await;
        let worker = stage.worker(&office, Role::Caseworker).await;
        let partner = stage.worker(&ngo, Role::NgoWorker).await;
        let machine = stage.machine(&ngo).await;
        let auditor = stage.worker(&office, Role::Auditor).await;
        let kind = stage.service_type("COUNSEL", true).await;
        let home = stage.household(&office, &area, CANARY).await;
        stage.plan_with_measure(&home, &office, PlanStatus::Active).await;
        let secrets = Secrets::of(&Dump::take(stage).await, CANARY);
        let types = Types::load();
        Self { stage, types, ngo, worker, partner, machine, auditor, home, kind, secrets }
    }

    async fn done(&self, by: &Person, mutation: &str, input: Value, object: &str) -> String {
        let selection = format!("{object} {{ id }}");
        let answer = self.stage.as_(by).mutate(mutation, input, &selection).await;
        answer.done(&format!("/{object}/id")).as_str().unwrap().to_owned()
    }

    async fn look(&self, by: &Person) -> Answer {
        let query = "query Look($id: ID!) { family(id: $id) { id label address redactedFields
            children { givenName familyName birthDate redactedFields } openCase { id riskLevel } } }";
        let variables = json!({ "id": id("family", self.home.id) });
        self.stage.as_(by).query_with(query, variables).await
    }

    /// Each list, each row of each table by `node`, singly and in lists, with all that it leads to.
    async fn by_every_path(&self, by: &Person, no: &mut usize) -> Vec<(String, Answer)> {
        let mut queries = Vec::new();
        let dump = Dump::take(self.stage).await;
        for root in roots(&self.types).iter().filter(|root| root.ids.is_empty()) {
            let full = selection(&self.types, &root.field.of, 2);
            queries.push(format!("{{ {} }}", root.asked(&[], &full)));
        }
        let nodes = self.types.members("Node");
        let prefixes = self.types.prefixes();
        for (of, prefix) in prefixes.iter().filter(|(of, _)| nodes.contains(*of)) {
            let ids: Vec<String> =
                dump.ids(&table_of(of)).iter().map(|id| format!("\"{prefix}_{id}\"")).collect();
            let full = selection(&self.types, of, 1);
            for some in ids.chunks(AT_ONCE) {
                let inner = format!("__typename ... on {of} {{ {full} }}");
                queries.push(format!("{{ nodes(ids: [{}]) {{ {inner} }} }}", some.join(", ")));
            }
            for id in &ids {
                queries.push(format!("{{ node(id: {id}) {{ ... on {of} {{ {full} }} }} }}"));
                queries.push(format!("{{ accessDecision(nodeId: {id}) {{ isVisible level }} }}"));
            }
        }
        let mut answers = Vec::new();
        for query in queries {
            // Each request from a client whose bucket is full.
            *no += 1;
            let mut by = by.clone();
            if by.role == Role::Integration {
                by.subject = format!("{}-{no}", by.subject);
            } else {
                by.client_id = format!("client-{no}");
            }
            let answer = self.stage.as_(&by).query(&query).await;
            assert!(answer.status.is_success(), "{query}: {}", answer.text);
            answers.push((query, answer));
        }
        answers
    }

    /// That the partner's people and systems learn nothing, however they ask.
    async fn nothing_is_shown(&self, also: &[String], no: &mut usize) {
        for by in [&self.partner, &self.machine] {
            for (query, answer) in self.by_every_path(by, no).await {
                self.secrets.keep(&answer, &query, &format!("{:?}", by.role));
                for id in also {
                    assert!(!answer.text.contains(id), "{query}: {}", answer.text);
                }
                let is_hidden = self.secrets.found(&query, "").is_some()
                    || also.iter().any(|id| query.contains(id));
                let is_visible = &answer.body["data"]["accessDecision"]["isVisible"];
                assert!(!is_hidden || is_visible != true, "{query}: {}", answer.text);
            }
        }
    }

    async fn verified(&self) -> Report {
        chain::seal(&self.stage.database, &self.stage.app.settings.clock).await.unwrap();
        verify(&self.stage.database.reader, &Asked::default(), |_| ()).await.unwrap()
    }

    /// What the lead's auditor is told of the family: who did what.
    async fn told(&self, node: &str) -> Vec<(String, String, String)> {
        let query = "query Told($node: ID!) { auditEvents(nodeId: $node, first: 100) {
            totalCount nodes { subject action fieldClass } } }";
        let variables = json!({ "node": node });
        let answer = self.stage.as_(&self.auditor).query_with(query, variables).await;
        let text = |event: &Value, field: &str| event[field].as_str().unwrap().to_owned();
        let events = answer.list("/auditEvents/nodes").iter().rev();
        events
            .map(|event| (text(event, "subject"), text(event, "action"), text(event, "fieldClass")))
            .collect()
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_partner_sees_nothing_then_what_was_agreed_then_nothing_and_the_audit_tells_it() {
    run(async |stage| {
        let scene = Scene::set(stage).await;
        let (home, mut no) = (&scene.home, 0);
        scene.nothing_is_shown(&[], &mut no).await;

        // Asked, agreed, sent: the partner knows that it is asked, and by whom; not about whom.
        let consent = json!({ "familyId": id("family", home.id), "capacity": "PARENT",
            "givenById": id("person", home.parent), "form": "WRITTEN", "purposes": ["REFERRAL"],
            "recipientIds": [id("organisation", scene.ngo.id)],
            "categories": ["IDENTITY", "NEEDS"] });
        let consent = scene.done(&scene.worker, "consentGive", consent, "consent").await;
        let referral = json!({ "caseId": id("case", home.case),
            "receiverId": id("organisation", scene.ngo.id), "reason": "Counselling for a parent.",
            "serviceTypeId": id("servicetype", scene.kind), "consentId": consent,
            "expiresAt": (stage.now() + TimeDelta::days(90)).to_rfc3339() });
        let referral = scene.done(&scene.worker, "referralSend", referral, "referral").await;
        scene.nothing_is_shown(std::slice::from_ref(&consent), &mut no).await;
        let asked = stage
            .as_(&scene.partner)
            .query(
                "{ referrals { totalCount nodes { id reason status family { id } case { id } } } }",
            )
            .await;
        assert_eq!(asked.data("/referrals/nodes/0/id"), &json!(referral));
        assert_eq!(asked.data("/referrals/nodes/0/reason"), "Counselling for a parent.");
        assert_eq!(asked.data("/referrals/nodes/0/family"), &Value::Null);
        assert_eq!(asked.data("/referrals/nodes/0/case"), &Value::Null);

        // Accepted: given names, and what is needed to serve.
        let accept = json!({ "id": referral, "accepts": true });
        scene.done(&scene.partner, "referralAnswer", accept, "referral").await;
        for by in [&scene.partner, &scene.machine] {
            let seen = scene.look(by).await;
            assert_eq!(seen.data("/family/id"), &json!(id("family", home.id)), "{}", seen.text);
            assert_eq!(seen.data("/family/label"), &Value::Null);
            let hidden = seen.data("/family/redactedFields").as_array().unwrap();
            for field in ["label", "address", "area", "protectedAddress"] {
                assert!(hidden.contains(&json!(field)), "{field} in {hidden:?}");
            }
            let child = seen.data("/family/children/0");
            assert_eq!(child["givenName"], format!("Given{CANARY}"));
            assert_eq!((&child["familyName"], &child["birthDate"]), (&Value::Null, &Value::Null));
            assert!(child["redactedFields"].as_array().unwrap().contains(&json!("familyName")));
            assert_eq!(seen.data("/family/openCase/riskLevel"), &Value::Null);
        }
        let service = json!({ "caseId": id("case", home.case), "deliveredOn": stage.today(),
            "serviceTypeId": id("servicetype", scene.kind), "personIds": [id("person", home.parent)] });
        let service_key = Uuid::now_v7();
        let recorded = stage
            .as_(&scene.partner)
            .mutate_as(service_key, "serviceRecord", service.clone(), "service { id }")
            .await;
        let service_id = recorded.done("/service/id").as_str().unwrap().to_owned();

        // The same ways show it now: so they would afterwards.
        for by in [&scene.partner, &scene.machine] {
            let answers = scene.by_every_path(by, &mut no).await;
            let tells = |(query, answer): &&(String, Answer)| {
                scene.secrets.found(&answer.text, query).is_some()
            };
            let told = answers.iter().filter(tells).count();
            assert!(told > 15, "{told} of {} answers tell of the family", answers.len());
        }

        // Withdrawn: the very next request shows nothing, by every path.
        let withdraw = json!({ "id": consent, "reason": "We see somebody else now." });
        scene.done(&scene.worker, "consentWithdraw", withdraw, "consent").await;
        let gone = scene.look(&scene.partner).await;
        assert_eq!(gone.data("/family"), &Value::Null);
        let ended = [consent.clone(), referral.clone(), service_id.clone()];
        scene.nothing_is_shown(&ended, &mut no).await;
        for list in ["families", "children", "cases", "referrals"] {
            let count = format!("{{ {list} {{ totalCount }} }}");
            let counted = stage.as_(&scene.partner).query(&count).await;
            assert_eq!(counted.data(&format!("/{list}/totalCount")), 0, "{list}");
        }
        // What was sent before is not done again, and tells nothing.
        let again = stage
            .as_(&scene.partner)
            .mutate_as(service_key, "serviceRecord", service.clone(), "service { id }")
            .await;
        assert_eq!(again.data("/result/service"), &Value::Null, "{}", again.text);
        let mut never = service.clone();
        never["caseId"] = json!(id("case", Uuid::now_v7()));
        let mut refusals = Vec::new();
        for input in [service, never] {
            let answer =
                stage.as_(&scene.partner).mutate("serviceRecord", input, "service { id }").await;
            refusals.push(answer.refusal());
        }
        assert_eq!(refusals[0], refusals[1], "hidden is as what never was");
        assert_eq!(refusals[0].0, "NOT_FOUND");

        // The feed says so, in the transaction of the withdrawal.
        let of_office = entity::change::Entity::find()
            .filter(change::Column::EntityKind.eq("consent"))
            .filter(change::Column::Version.eq(2));
        let lost = entity::change::Entity::find()
            .filter(change::Column::Kind.eq(ChangeKind::AccessLost))
            .filter(change::Column::OrganisationId.eq(scene.ngo.id));
        let withdrawn = of_office.one(&stage.database.reader).await.unwrap().unwrap();
        let lost = lost.all(&stage.database.reader).await.unwrap();
        assert!(lost.iter().any(|line| line.family_id == Some(home.id)), "{lost:?}");
        for line in lost {
            assert_eq!(line.transaction_no, withdrawn.transaction_no);
            assert_eq!(line.changed_at, withdrawn.changed_at);
        }

        // The audit tells who did and saw what, and is as it was sealed.
        let of_family = scene.told(&id("family", home.id)).await;
        let person = scene.told(&id("child", home.child)).await;
        assert!(of_family.iter().chain(&person).all(|event| event.0 != scene.auditor.subject));
        let (partner, worker) = (&scene.partner.subject, &scene.worker.subject);
        let did = async |node: &str, who: &str, action: &str| {
            let told = scene.told(node).await;
            let is_it = |event: &&(String, String, String)| event.0 == who && event.1 == action;
            assert!(told.iter().any(|event| is_it(&event)), "{action} of {node}: {told:?}");
        };
        did(&consent, worker, "CONSENT_GIVE").await;
        did(&referral, worker, "REFERRAL_SEND").await;
        did(&referral, partner, "READ").await;
        did(&referral, partner, "REFERRAL_ANSWER").await;
        did(&service_id, partner, "SERVICE_RECORD").await;
        did(&consent, worker, "CONSENT_WITHDRAW").await;
        let report = scene.verified().await;
        assert_eq!(report.finding, None);

        // A byte changed in the database is found.
        let trigger = match stage.database.writer.get_database_backend() {
            DbBackend::Postgres => "drop trigger tr_audit_event_refuse on audit_event",
            _ => "drop trigger tr_audit_event_update",
        };
        let forged =
            "update audit_event set subject = 'x' || subject where action = 'REFERRAL_ANSWER'";
        for sql in [trigger, forged] {
            stage.database.writer.execute_unprepared(sql).await.unwrap();
        }
        assert!(scene.verified().await.finding.is_some(), "a changed row is found");
    });
}
