//! Behaviours of the GraphQL library that the schema relies on; a later version that changes one
//! shows here.

#![expect(clippy::unused_async, reason = "fields are async")]

use async_graphql::{
    EmptySubscription, InputObject, MaybeUndefined, Object, Request, Schema, Variables,
};
use serde_json::json;

struct Query;

#[Object]
impl Query {
    async fn thing(&self) -> Option<Thing> {
        Some(Thing)
    }

    async fn slow_then_fast(&self) -> Order {
        Order
    }
}

struct Thing;

#[Object]
impl Thing {
    async fn name(&self) -> &'static str {
        "thing"
    }

    async fn required(&self) -> Result<i32, &'static str> {
        Err("broken")
    }

    async fn optional(&self) -> Option<Result<i32, &'static str>> {
        Some(Err("broken"))
    }
}

struct Order;

#[Object]
impl Order {
    async fn slow(&self) -> i32 {
        tokio::task::yield_now().await;
        1
    }

    async fn fast(&self) -> i32 {
        2
    }
}

#[derive(InputObject)]
struct Patch {
    name: MaybeUndefined<String>,
}

struct Mutation;

#[Object]
impl Mutation {
    async fn patch(&self, input: Patch) -> &'static str {
        match input.name {
            MaybeUndefined::Undefined => "unchanged",
            MaybeUndefined::Null => "cleared",
            MaybeUndefined::Value(_) => "set",
        }
    }
}

async fn execute(query: &str, variables: serde_json::Value) -> serde_json::Value {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let request = Request::new(query).variables(Variables::from_json(variables));
    serde_json::to_value(schema.execute(request).await).unwrap()
}

#[tokio::test]
async fn an_omitted_variable_leaves_a_field_unchanged() {
    let patch = "mutation M($n: String) { patch(input: { name: $n }) }";
    let came = async |variables| execute(patch, variables).await["data"]["patch"].clone();
    assert_eq!(came(json!({})).await, "unchanged");
    assert_eq!(came(json!({ "n": null })).await, "cleared");
    assert_eq!(came(json!({ "n": "x" })).await, "set");
}

#[tokio::test]
async fn a_failed_required_field_takes_its_object_with_it_and_an_optional_one_itself_only() {
    let required = execute("{ thing { name required } }", json!({})).await;
    assert_eq!(required["data"]["thing"], json!(null));
    assert_eq!(required["errors"][0]["path"], json!(["thing", "required"]));
    let optional = execute("{ thing { name optional } }", json!({})).await;
    assert_eq!(optional["data"]["thing"], json!({ "name": "thing", "optional": null }));
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_query() {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let answer = schema.execute("{ slowThenFast { slow fast } }").await;
    let text = serde_json::to_string(&answer.data).unwrap();
    assert_eq!(text, r#"{"slowThenFast":{"slow":1,"fast":2}}"#);
}
