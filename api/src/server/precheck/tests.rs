//! Each limit at its edge, exponential documents in no time, and what is left to validation.

use std::time::{Duration, Instant};

use async_graphql::{Variables, parser::parse_query};

use super::*;

fn checked(text: &str) -> Result<Facts, Refusal> {
    check(&parse_query(text).unwrap(), &Limits::FREE_FORM)
}

#[track_caller]
fn passes(text: &str) {
    assert!(checked(text).is_ok(), "{:?}", checked(text));
}

#[track_caller]
fn refused(text: &str, part: &str) {
    let refusal = checked(text).unwrap_err();
    assert!(refusal.message.contains(part), "{refusal:?}");
}

#[test]
fn depth_counts_fields_not_fragments() {
    let nested = |depth: usize| format!("{}a{}", "a{".repeat(depth - 1), "}".repeat(depth - 1));
    let query = |depth: usize| format!("{{{}}}", nested(depth));
    passes(&query(12));
    refused(&query(13), "12 levels");
    passes(&format!("{{...on Query{{{}}}}}", nested(12)));
    let split = |depth: usize| format!("{{a{{...F}}}} fragment F on T{{{}}}", nested(depth - 1));
    passes(&split(12));
    refused(&split(13), "12 levels");
}

#[test]
fn numbers_that_int_cannot_hold_are_refused_wherever_they_stand() {
    passes("{a(b: 2147483647, c: [-2147483648]) }");
    refused("{a(b: 2147483648)}", "32 bits");
    refused("{a{b(c: -5309666165004288)}}", "32 bits");
    refused("{a(b: {c: [1, 99999999999]})}", "32 bits");
    refused("{a(b: 1.5)}", "32 bits");
    refused("{a{...on T{b(c: 18446744073709551615)}}}", "32 bits");
}

#[test]
fn aliases_are_counted_expanded() {
    let query = |count: usize| format!("{{a{{{}}}}}", "b:c ".repeat(count));
    passes(&query(30));
    refused(&query(31), "30 aliases");
    refused(
        "{a{...F ...F} b{...F}} fragment F on T{c:d e:f g:h i:j k:l m:n o:p q:r s:t u:v w:x}",
        "30 aliases",
    );
}

#[test]
fn one_root_field_is_selected_five_times() {
    for once in ["a:x ", "x ", "...{x} "] {
        passes(&format!("{{{}}}", once.repeat(5)));
        refused(&format!("{{{}}}", once.repeat(6)), "5 selections of one root");
    }
    refused("{...F ...F} fragment F on Query{x ...on Query{x} b:x}", "5 selections of one root");
    passes("{a b c d e f g h}");
}

#[test]
fn directives_are_counted_wherever_they_stand() {
    let spread = |count: usize| format!("{{{}}}", "a@d@e ".repeat(count / 2));
    refused(&format!("{{b{}}}", spread(22)), "20 directives");
    passes(&format!("{{b{}}}", spread(20)));
    refused("{a@a@b@c@d@e@f}", "5 directives in one place");
    refused("{...@a@b@c@d@e@f{x}}", "5 directives in one place");
    refused("query@a@b@c@d@e@f{x}", "5 directives in one place");
    refused("query($x:Int@a@b@c@d@e@f){x}", "5 directives in one place");
    refused("{...F} fragment F on T@a@b@c@d@e@f{x}", "5 directives in one place");
}

#[test]
fn fragments_and_sets_have_a_bound() {
    let fragments = |count: usize| {
        (0..count).fold("{a}".to_owned(), |text, n| text + &format!("fragment F{n} on T{{a}}"))
    };
    passes(&fragments(50));
    refused(&fragments(51), "50 fragments");
    let set = |count: usize| format!("{{x{{{}}}}}", "a ".repeat(count));
    passes(&set(500));
    refused(&set(501), "500 fields in one selection set");
    refused(&format!("{{x{{...F ...F}}}} fragment F on T{{{}}}", "a ".repeat(251)), "500 fields");
}

#[test]
fn selections_are_counted_expanded() {
    let query = |count: usize| {
        let fields = "a{b c d} ".repeat(100);
        format!("{{x{{{}}}}} fragment F on T{{{fields}}}", "a{...F} ".repeat(count))
    };
    passes(&query(12));
    refused(&query(13), "5000 selections");
}

#[test]
fn a_fan_out_of_31_levels_is_refused_at_once() {
    let levels: Vec<_> = (0..31)
        .map(|level| {
            let next = level + 1;
            format!("fragment F{level} on Query{{...F{next} a{{...F{next}}}}}")
        })
        .collect();
    let text = format!("{{...F0}} {} fragment F31 on Query{{a}}", levels.concat());
    let document = parse_query(&text).unwrap();
    let begun = Instant::now();
    let refusal = check(&document, &Limits::FREE_FORM).unwrap_err();
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    assert_eq!(refusal.code, "DOCUMENT_LIMIT_EXCEEDED");
}

#[test]
fn cycles_are_refused_reachable_or_not() {
    for text in [
        "{...A} fragment A on T{...A}",
        "{...A} fragment A on T{a{...B}} fragment B on T{...on T{...A}}",
        "{a} fragment A on T{...B} fragment B on T{...A}",
    ] {
        refused(text, "spreads itself");
        assert_eq!(checked(text).unwrap_err().code, "GRAPHQL_VALIDATION_FAILED");
    }
    passes("{...Missing}");
}

#[test]
fn introspection_is_noticed_and_does_not_count_as_deep() {
    for text in [
        "{__schema{types{name}}}",
        "{x:__type(name:\"T\"){name}}",
        "{...F} fragment F on Query{...on Query{__schema{types{name}}}}",
        "query A{a} query B{__type(name:\"T\"){name}}",
    ] {
        assert!(checked(text).unwrap().introspects, "{text}");
    }
    assert!(!checked("{a{__typename} __typename}").unwrap().introspects);
    let of_type = format!("{}name{}", "ofType{".repeat(20), "}".repeat(20));
    passes(&format!("{{__schema{{types{{fields{{args{{type{{{of_type}}}}}}}}}}}}}"));
}

#[test]
fn introspection_that_multiplies_is_refused() {
    passes("{__schema{types{fields{type{fields{name}}}}}}");
    refused("{__schema{types{fields{type{fields{type{fields{name}}}}}}}}", "lists of the schema");
    refused(
        "{__type(name:\"T\"){...F}} fragment F on __Type{interfaces{possibleTypes{inputFields{name}}}}",
        "lists of the schema",
    );
    passes("{a{fields{fields{fields{name}}}}}");
}

#[test]
fn a_mutation_is_selected_once_under_one_name() {
    refused("mutation{open{id} ...on Mutation{open{name}}}", "selected twice");
    refused("mutation{a:open{id} a:close{id}}", "selected twice");
    passes("mutation{open{id} b:open{id}}");
    passes("{open{id} open{name}}");
}

#[test]
fn required_variables_need_a_value() {
    let missing = |given: serde_json::Value| {
        let document = parse_query("query($a:Int! $b:Int!=1 $c:Int){x}").unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        require_variables(&operation.node, &Variables::from_json(given)).err()
    };
    assert!(missing(serde_json::json!({"a": 1})).is_none());
    assert!(missing(serde_json::json!({"a": "x", "b": 2, "c": null, "d": 1})).is_none());
    for given in [
        serde_json::json!({}),
        serde_json::json!({"a": null}),
        serde_json::json!({"a": 1, "b": null}),
    ] {
        assert_eq!(missing(given).unwrap().code, "BAD_USER_INPUT");
    }
}
