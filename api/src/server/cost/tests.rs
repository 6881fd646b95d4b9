//! The price list, in documents.

use async_graphql::parser::parse_query;

use super::*;

const SDL: &str = r"
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  viewer: Viewer
  family(id: ID!): Family
  families(first: Int, after: String): FamilyConnection
  children(first: Int = 50, last: Int): ChildConnection
  personSearch(input: String!, first: Int): ChildConnection
  quickSearch: [Child!]
  sync(first: Int = 200): SyncPage
  any: Any
}
type Mutation { caseOpen(n: Int): CasePayload, flag: Boolean }
interface Node { id: ID! }
union Any = Family | Child
type Viewer { name: String! }
type Family implements Node {
  id: ID! openCase: Case children: [Child!]! visits(last: Int! = 10): [Visit!]! notes(last: Int): [String!]!
  siblings(first: Int): FamilyConnection
}
type Child implements Node { id: ID! centre: Centre }
type Centre { id: ID! }
type Visit { id: ID! by: Viewer }
type Case { id: ID! }
type CasePayload { case: Case errors: [Problem!]! }
type Problem { code: String! }
type FamilyConnection { nodes: [Family!]! edges: [FamilyEdge!]! pageInfo: PageInfo! totalCount: Int }
type FamilyEdge { cursor: String! node: Family! weight: Case }
type ChildConnection { nodes: [Child!]! pageInfo: PageInfo! totalCount: Int }
type PageInfo { hasNextPage: Boolean! }
type SyncPage { changes: [Change!]! cursor: String! }
type Change { id: ID! child: Child }
";

fn priced(text: &str, variables: serde_json::Value) -> Price {
    let document = parse_query(text).unwrap();
    let shape = Shape::from_sdl(SDL).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    price(&document, &operation.node, &Variables::from_json(variables), &shape)
}

#[track_caller]
fn costs(text: &str, cost: u64) {
    assert_eq!(priced(text, serde_json::json!({})), Price { cost, varies: false }, "{text}");
}

#[test]
fn objects_cost_one_and_scalars_nothing() {
    costs("{__typename}", 0);
    costs("{viewer{name}}", 1);
    costs("{family(id:1){id openCase{id} children{id centre{id}}}}", 1 + 1 + 1 + 1);
    costs("{node(id:1){id ...on Family{openCase{id}} ...on Child{centre{id}}}}", 3);
    costs("{any{...on Family{openCase{id}}}}", 2);
    costs("{__schema{types{name}}}", 0);
}

#[test]
fn a_page_costs_by_its_entries() {
    costs("{families(first:20){nodes{id}}}", 2 + 20);
    costs("{families(first:20){nodes{id openCase{id} children{centre{id}}}}}", 2 + 20 * (1 + 3));
    costs("{families(first:20){edges{cursor node{id openCase{id}}}}}", 2 + 20 * (1 + 1));
    costs("{families(first:20){edges{weight{id}}}}", 2 + 20 * (1 + 1));
    costs("{families(first:20){pageInfo{hasNextPage}}}", 2 + 20 + 1);
    costs("{families(first:20){totalCount nodes{id}}}", 2 + 20 + 10);
    costs(
        "{families(first:2){nodes{siblings(first:3){nodes{openCase{id}}}}}}",
        2 + 2 * (1 + 2 + 3 * 2),
    );
    costs("{family(id:1){visits(last:4){id by{name}} notes(last:9)}}", 1 + 2 + 4 * (1 + 1));
    costs("{nodes(ids:[1,2,3]){id ...on Child{centre{id}}}}", 3 * (1 + 1));
    costs("{sync(first:10){cursor changes{id child{id}}}}", 2 + 10 * (1 + 1));
}

#[test]
fn the_number_of_entries_is_literal_variable_or_default() {
    costs("{families{nodes{id}}}", 2 + 25);
    costs("{families(first:null){nodes{id}}}", 2 + 25);
    costs("{children{nodes{id}}}", 2 + 50);
    costs("{children(first:3,last:7){nodes{id}}}", 2 + 7);
    costs("{sync{changes{id}}}", 2 + 200);
    costs("{families(first:-5){nodes{id}}}", 2);
    let query = "query($n:Int=4){families(first:$n){nodes{id}}}";
    for (variables, cost) in [
        (serde_json::json!({}), 2 + 4),
        (serde_json::json!({"n": 7}), 2 + 7),
        (serde_json::json!({"n": null}), 2 + 25),
        (serde_json::json!({"n": "many"}), 2 + 25),
        (serde_json::json!({"n": -1}), 2),
    ] {
        assert_eq!(priced(query, variables), Price { cost, varies: true });
    }
    let ids = "query($ids:[ID!]!){nodes(ids:$ids){id}}";
    assert_eq!(
        priced(ids, serde_json::json!({"ids": [1, 2, 3, 4]})),
        Price { cost: 4, varies: true }
    );
}

#[test]
fn mutations_totals_and_searches_have_their_price() {
    costs("mutation{caseOpen(n:1){case{id} errors{code}} flag}", 10 + 2 + 10);
    costs("mutation{...F} fragment F on Mutation{flag}", 10);
    costs("{personSearch(input:\"x\",first:5){nodes{id}}}", 20 + 5);
    costs("{quickSearch{id centre{id}}}", 20 + 1);
}

#[test]
fn fragments_are_priced_where_they_are_spread() {
    costs(
        "{families(first:10){...P}} fragment P on FamilyConnection{nodes{...F} totalCount} fragment F on Family{openCase{id}}",
        2 + 10 * 2 + 10,
    );
    costs("{a:family(id:1){...F} b:family(id:2){...F}} fragment F on Family{openCase{id}}", 4);
    costs("{family(id:1){...Missing}}", 1);
    costs("{nowhere{deeper{a}} b}", 2);
}

#[test]
fn nothing_overflows() {
    let huge = "{families(first:9223372036854775807){nodes{siblings(first:9223372036854775807){nodes{id}}}}}";
    costs(huge, u64::MAX);
}
