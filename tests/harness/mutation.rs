//! How stories send mutations: the input as JSON, under a `clientMutationId` of their own.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Client};

/// What every story asks of a refusal.
pub const ERRORS: &str = "replayed userErrors { __typename code message path \
    ... on TransitionError { allowed } \
    ... on CapacityError { available waitingListOpen } \
    ... on VersionConflictError { currentVersion conflictingFields current { id version } } }";

/// The input's type: `caseOpen` takes `CaseOpenInput`.
fn input_type(mutation: &str) -> String {
    let (first, rest) = mutation.split_at(1);
    format!("{}{rest}Input", first.to_uppercase())
}

impl Client<'_> {
    /// Sends a mutation under a new id; `selection` is what to ask of the object.
    pub async fn mutate(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        self.mutate_as(Uuid::now_v7(), mutation, input, selection).await
    }

    /// Sends a mutation under an id.
    pub async fn mutate_as(
        &self,
        client_mutation_id: Uuid,
        mutation: &str,
        mut input: Value,
        selection: &str,
    ) -> Answer {
        input["clientMutationId"] = json!(client_mutation_id);
        let kind = input_type(mutation);
        let query = format!(
            "mutation M($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        );
        let mut answer = self.query_with(&query, json!({ "input": input })).await;
        // Stories read `/result/...` whatever the mutation is called.
        if let Some(data) = answer.body.get_mut("data").and_then(Value::as_object_mut)
            && let Some(result) = data.remove(mutation)
        {
            data.insert("result".to_owned(), result);
        }
        answer
    }
}

impl Answer {
    /// The object of a mutation that was done: its value at a JSON pointer.
    #[track_caller]
    pub fn done(&self, pointer: &str) -> &Value {
        assert_eq!(self.data("/result/userErrors"), &json!([]), "{}", self.text);
        self.data(&format!("/result{pointer}"))
    }

    /// The code of the first user error, with its path.
    #[track_caller]
    pub fn refusal(&self) -> (String, String) {
        let error = self.data("/result/userErrors/0");
        let path: Vec<_> =
            error["path"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        (error["code"].as_str().unwrap().to_owned(), path.join("."))
    }

    /// The first user error, whole.
    #[track_caller]
    pub fn user_error(&self) -> &Value {
        self.data("/result/userErrors/0")
    }

    /// Whether the mutation had been done before.
    #[track_caller]
    pub fn replayed(&self) -> bool {
        self.data("/result/replayed").as_bool().unwrap()
    }
}
