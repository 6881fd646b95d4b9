//! How auditors read the audit: by object, by worker and by time, of their own organisations only;
//! nobody else reads it, and reading it leaves no trace in it.

use entity::access_grant::{self, AccessLevel, GrantBasis};
use entity::membership::Role;
use hearth::access::audit::chain;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::events;
use crate::harness::world::{Branch, Household, Person, id};
use crate::harness::{Answer, Stage, run};

const EVENTS: &str = "query Events($node: ID, $worker: ID, $since: DateTime, $until: DateTime,
    $first: Int, $after: String) {
    auditEvents(nodeId: $node, filter: { workerId: $worker, since: $since, until: $until },
        first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id occurredAt subject worker { id } clientId organisation { id } role action operation
        document nodeKind nodeIds fieldClass origin requestId seal { no hash sealedAt } }
    } }";

struct Ground<'s> {
    stage: &'s Stage,
    office: Branch,
    homes: [Household; 2],
    workers: [Person; 2],
    auditor: Person,
}

impl<'s> Ground<'s> {
    async fn lay(stage: &'s Stage) -> Self {
        let area = stage.area("Area", None).await;
        let head = stage.organisation("Head", None).await;
        let office = stage.organisation("Office", Some(&head)).await;
        let homes = [
            stage.household(&office, &area, "One").await,
            stage.household(&office, &area, "Two").await,
        ];
        let workers = [
            stage.worker(&office, Role::Caseworker).await,
            stage.worker(&office, Role::Supervisor).await,
        ];
        let auditor = stage.worker(&head, Role::Auditor).await;
        Self { stage, office, homes, workers, auditor }
    }

    /// Each worker looks at each family, a minute apart.
    async fn look(&self) {
        for worker in &self.workers {
            for home in &self.homes {
                self.stage.wait(chrono::TimeDelta::minutes(1));
                let query = "query Look($id: ID!) { family(id: $id) { label children { phone } } }";
                let variables = json!({ "id": id("family", home.id) });
                self.stage.as_(worker).query_with(query, variables).await.data("/family/label");
            }
        }
    }

    async fn ask(&self, variables: Value) -> Answer {
        let answer = self.stage.as_(&self.auditor).query_with(EVENTS, variables).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    async fn count(&self, variables: Value) -> Value {
        self.ask(variables).await.data("/auditEvents/totalCount").clone()
    }
}

#[test]
fn an_auditor_finds_events_by_object_by_worker_and_by_time() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let start = stage.now();
        ground.look().await;
        assert_eq!(ground.count(json!({})).await, 8);
        let (home, worker) = (&ground.homes[0], &ground.workers[0]);
        assert_eq!(ground.count(json!({ "node": id("family", home.id) })).await, 2);
        for kind in ["child", "person"] {
            assert_eq!(ground.count(json!({ "node": id(kind, home.child) })).await, 2, "{kind}");
        }
        assert_eq!(ground.count(json!({ "node": id("case", home.case) })).await, 0);
        assert_eq!(ground.count(json!({ "worker": id("worker", worker.id) })).await, 4);
        let unknown = id("worker", uuid::Uuid::now_v7());
        assert_eq!(ground.count(json!({ "worker": unknown })).await, 0);
        let at = |minutes: i64| start + chrono::TimeDelta::seconds(minutes * 60 + 30);
        let between = json!({ "since": at(0).to_rfc3339(), "until": at(2).to_rfc3339() });
        assert_eq!(ground.count(between).await, 4);
    });
}

#[test]
fn an_event_says_who_did_what_for_whom_and_from_where() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let start = stage.now();
        ground.look().await;
        let (home, worker) = (&ground.homes[0], &ground.workers[0]);
        let at = |minutes: i64| start + chrono::TimeDelta::seconds(minutes * 60 + 30);
        let all = json!({ "node": id("family", home.id), "worker": id("worker", worker.id),
            "since": at(0).to_rfc3339(), "until": at(1).to_rfc3339() });
        let answer = ground.ask(all).await;
        let node = answer.data("/auditEvents/nodes/0");
        assert_eq!(answer.data("/auditEvents/totalCount"), 1);
        for (field, value) in [
            ("subject", json!(worker.subject)),
            ("worker", json!({ "id": id("worker", worker.id) })),
            ("clientId", json!("test-client")),
            ("organisation", json!({ "id": id("organisation", ground.office.id) })),
            ("role", json!("CASEWORKER")),
            ("action", json!("READ")),
            ("operation", json!("Look")),
            ("document", Value::Null),
            ("nodeKind", json!("family")),
            ("nodeIds", json!([id("family", home.id)])),
            ("fieldClass", json!("PERSONAL")),
            ("origin", Value::Null),
            ("seal", Value::Null),
        ] {
            assert_eq!(node[field], value, "{field}");
        }
    });
}

#[test]
fn pages_hold_each_event_once_the_newest_first() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.look().await;
        let mut seen: Vec<String> = Vec::new();
        let mut after = Value::Null;
        loop {
            let answer = ground.ask(json!({ "first": 3, "after": after })).await;
            let nodes = answer.data("/auditEvents/nodes").as_array().unwrap();
            seen.extend(nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()));
            after = answer.data("/auditEvents/pageInfo/endCursor").clone();
            if answer.data("/auditEvents/pageInfo/hasNextPage") == false {
                break;
            }
        }
        let written = events(stage).await.into_iter().rev();
        let expected: Vec<_> = written.map(|event| format!("event_{:032x}", event.seq)).collect();
        assert_eq!(seen, expected);
        assert_eq!(seen.len(), 8, "reading the audit is no event in it");
    });
}

#[test]
fn an_auditor_is_told_how_far_the_audit_is_sealed() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let query = "{ auditChain { head no sealedThrough lastSealedAt unsealed } }";
        let ask =
            async || stage.as_(&ground.auditor).query(query).await.data("/auditChain").clone();
        ground.look().await;
        let none = json!({ "head": null, "no": null, "sealedThrough": null,
            "lastSealedAt": null, "unsealed": 8 });
        assert_eq!(ask().await, none);
        let (database, clock) = (&stage.database, &stage.app.settings.clock);
        chain::seal(database, clock).await.unwrap();
        ground.look().await;
        chain::seal(database, clock).await.unwrap();
        ground.look().await;
        let chain = ask().await;
        assert_eq!((&chain["no"], &chain["unsealed"]), (&json!(2), &json!(8)));
        assert_eq!(chain["head"].as_str().unwrap().len(), 64);
        let answer = ground.ask(json!({})).await;
        let nodes = answer.data("/auditEvents/nodes").as_array().unwrap();
        let seals: Vec<_> = nodes.iter().map(|node| node["seal"]["no"].as_i64()).collect();
        let expected = [None, Some(2), Some(1)].map(|seal| [seal; 8]).concat();
        assert_eq!(seals, expected);
        assert_eq!(nodes[8]["seal"]["hash"], chain["head"]);
        assert_eq!(nodes[8]["id"], chain["sealedThrough"]);
        assert_eq!(nodes[8]["seal"]["sealedAt"], chain["lastSealedAt"]);
    });
}

#[test]
fn the_audit_of_other_organisations_is_not_shown_nor_to_anybody_but_auditors() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        ground.look().await;
        let other = stage.organisation("Other", None).await;
        let stranger = stage.worker(&other, Role::Auditor).await;
        let node = json!({ "node": id("family", ground.homes[0].id) });
        for variables in [json!({}), node] {
            let answer = stage.as_(&stranger).query_with(EVENTS, variables).await;
            assert_eq!(answer.data("/auditEvents/totalCount"), 0);
            assert_eq!(answer.data("/auditEvents/nodes"), &json!([]));
        }
        let chain = stage.as_(&stranger).query("{ auditChain { unsealed } }").await;
        assert_eq!(chain.data("/auditChain/unsealed"), 0);
        for role in [Role::Supervisor, Role::Admin, Role::Analyst, Role::NgoWorker] {
            let worker = stage.worker(&ground.office, role).await;
            for query in ["{ auditEvents { totalCount } }", "{ auditChain { head } }"] {
                let answer = stage.as_(&worker).query(query).await;
                assert_eq!(answer.code(), "FORBIDDEN", "{role:?} {query}");
            }
        }
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn who_leads_the_work_learns_who_else_read_it() {
    run(async |stage| {
        let ground = Ground::lay(stage).await;
        let (home, partner) = (&ground.homes[0], stage.organisation("Partner", None).await);
        let helper = stage.worker(&partner, Role::NgoWorker).await;
        let theirs = stage.worker(&partner, Role::Auditor).await;
        let (level, basis) = (AccessLevel::Full, GrantBasis::Referral);
        stage.grant(&partner, home.id, level, basis, Uuid::now_v7()).await;
        let query = "query Look($id: ID!) { family(id: $id) { label children { phone } } }";
        let variables = json!({ "id": id("family", home.id) });
        stage.as_(&helper).query_with(query, variables.clone()).await.data("/family/label");
        stage.as_(&ground.workers[0]).query_with(query, variables).await.data("/family/label");

        // A page that shows others too: these are nobody's business but the partner's.
        let area = stage.area("There", None).await;
        let other = stage.household(&partner, &area, "Other").await;
        stage.grant(&partner, other.id, level, basis, Uuid::now_v7()).await;
        let page = "query Page { families { nodes { label children { phone } } } }";
        let shown = stage.as_(&helper).query(page).await;
        assert_eq!(shown.list("/families/nodes").len(), 2, "{}", shown.text);
        for (node, kind) in [(home.id, "family"), (home.child, "person")] {
            let answer = ground.ask(json!({ "node": id(kind, node), "first": 1 })).await;
            let ids = answer.data("/auditEvents/nodes/0/nodeIds");
            assert_eq!(ids, &json!([id(kind, node)]), "{}", answer.text);
            let variables = json!({ "node": id(kind, node) });
            let answer = stage.as_(&theirs).query_with(EVENTS, variables).await;
            let ids = answer.list("/auditEvents/nodes/0/nodeIds");
            assert_eq!(ids.len(), 2, "they learn of all that they did");
        }
        for node in [id("family", home.id), id("child", home.child)] {
            let told = ground.ask(json!({ "node": node })).await;
            let mut who: Vec<&str> = told
                .list("/auditEvents/nodes")
                .iter()
                .map(|event| event["subject"].as_str().unwrap())
                .collect();
            who.sort_unstable();
            let (their, our) = (helper.subject.as_str(), ground.workers[0].subject.as_str());
            let mut all = [their, their, our];
            all.sort_unstable();
            assert_eq!(who, all, "{node}");
            let answer = stage.as_(&theirs).query_with(EVENTS, json!({ "node": node })).await;
            assert_eq!(answer.data("/auditEvents/totalCount"), 2, "partners learn of their own");
        }
        assert_eq!(ground.count(json!({})).await, 2, "the list is of what was done for the office");
        let other = json!({ "node": id("family", ground.homes[1].id) });
        assert_eq!(ground.count(other).await, 0);

        let lead = access_grant::Column::Basis.eq(GrantBasis::Lead);
        let over = access_grant::Entity::update_many()
            .filter(lead)
            .col_expr(access_grant::Column::Until, Expr::val(stage.now()));
        over.exec(&stage.database.writer).await.unwrap();
        stage.wait(chrono::TimeDelta::seconds(1));
        let node = json!({ "node": id("family", home.id) });
        assert_eq!(ground.count(node).await, 1, "who led it once learns of its own");
    });
}
