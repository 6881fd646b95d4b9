//! What the scan passes, what it refuses, and that the parser survives whatever it passes.

use super::*;
use async_graphql::parser::parse_query;
use proptest::prelude::*;

fn free(text: &str) -> Result<(), Breach> {
    scan(text, &Bounds::FREE_FORM)
}

#[test]
fn ordinary_documents_pass() {
    for text in [
        "{ viewer { id } }",
        "query Home($after: String = \"x\", $n: [Int!]! = [1, -2.5e+3]) { a(after: $after) @skip(if: false) { ...F ... on T { id } ... { id } } } fragment F on T { id }",
        "\u{feff}{ a } # {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
    ] {
        assert_eq!(free(text), Ok(()), "{text}");
    }
}

#[test]
fn brackets_count_only_outside_strings_and_comments() {
    let deep = "[{(".repeat(30);
    for text in [
        format!("{{ a(b: \"{deep}\") }}"),
        format!("{{ a(b: \"\\\"{deep}\\\\\") }}"),
        format!("{{ a(b: \"\"\"{deep}\n\\\"\"\" {deep} \"\"\") }}"),
        format!("{{ a # {deep}\n b # {deep}\r c }} # {deep}"),
    ] {
        assert_eq!(free(&text), Ok(()), "{text}");
    }
    assert_eq!(free(&format!("{{ a # \n {deep} }}")), Err(Breach::Nesting(32)));
    assert_eq!(free(&format!("{{ a(b: \"\" {deep}) }}")), Err(Breach::Nesting(32)));
    assert_eq!(free(&format!("{{ a(b: \"\"\"\"\"\" {deep}) }}")), Err(Breach::Nesting(32)));
}

#[test]
fn a_string_must_end() {
    for text in [
        "\"",
        "{ a(b: \"x\n\") }",
        "\"\\\"",
        "\"\\",
        "\"\"\"",
        "\"\"\" \"\" \\\"\"\"",
        "\"\"\"\"\"\"\"",
    ] {
        assert_eq!(free(text), Err(Breach::UnterminatedString), "{text}");
    }
}

#[test]
fn each_bound_is_exact() {
    let nested = |depth: usize| format!("{}a{}", "{a".repeat(depth), "}".repeat(depth));
    assert_eq!(free(&nested(32)), Ok(()));
    assert_eq!(free(&nested(33)), Err(Breach::Nesting(32)));
    let tokens = |count: usize| format!("{{{}}}", "a ".repeat(count - 2));
    assert_eq!(free(&tokens(1_500)), Ok(()));
    assert_eq!(free(&tokens(1_501)), Err(Breach::Tokens(1_500)));
    let spreads = |count: usize| format!("{{{}}}", "...F ".repeat(count));
    assert_eq!(free(&spreads(30)), Ok(()));
    assert_eq!(free(&spreads(31)), Err(Breach::Spreads(30)));
    let definitions = |count: usize| "{a}".repeat(count);
    assert_eq!(free(&definitions(20)), Ok(()));
    assert_eq!(free(&definitions(21)), Err(Breach::Definitions(20)));
    let characters = |count: usize| format!("{{a}}#{}", "é".repeat(count - 4));
    assert_eq!(free(&characters(15_000)), Ok(()));
    assert_eq!(free(&characters(15_001)), Err(Breach::Characters(15_000)));
}

#[test]
fn spreads_cannot_hide_and_inline_fragments_are_free() {
    assert_eq!(free(&format!("{{{}}}", "... on T{a}".repeat(40))), Ok(()));
    assert_eq!(free(&format!("{{{}}}", "...on,\n\tT{a}".repeat(40))), Ok(()));
    for spread in ["...on ", "...on#\nT ", "... on@x ", "...#\non}", "... on1 "] {
        let text = format!("{{{}}}", spread.repeat(31));
        assert_eq!(free(&text), Err(Breach::Spreads(30)), "{spread}");
    }
}

#[test]
fn numbers_cannot_hide_in_one_token() {
    for number in ["0", "-0", "-1", "0.5", "1e0-"] {
        let text = format!("{{a(b:[{}])}}", number.repeat(1_500));
        assert_eq!(free(&text), Err(Breach::Tokens(1_500)), "{number}");
    }
}

/// Parses on a thread with the stack that worker threads have; an overflow ends the test run.
fn parse_all(texts: Vec<String>) {
    let thread = std::thread::Builder::new().stack_size(8 << 20);
    let parsed =
        thread.spawn(move || texts.iter().filter(|text| parse_query(text).is_ok()).count());
    assert!(parsed.is_ok_and(|parsed| parsed.join().is_ok()));
}

#[test]
fn the_deepest_text_that_passes_parses() {
    let mut texts = Vec::new();
    for (open, close) in [("[", "]"), ("{a:", "}"), ("[{a:[", "]}]"), ("{a:[{a:", "}]}")] {
        for depth in 1..40 {
            texts.push(format!("{{a(b:{}1{})}}", open.repeat(depth), close.repeat(depth)));
            texts.push(format!("{{a(b:{}", open.repeat(depth)));
            texts.push(format!(
                "query($a:{}Int{}={}1{}){{a}}",
                "[".repeat(depth),
                "]".repeat(depth),
                open.repeat(depth),
                close.repeat(depth)
            ));
        }
    }
    for open in ["{a", "{...on T", "{a(b:{c:[1]})@d(e:[{f:1}])", "{...@d(e:[1])", "{#\na:"] {
        for depth in 1..40 {
            texts.push(format!("{}{{a}}{}", open.repeat(depth), "}".repeat(depth)));
            texts.push(open.repeat(depth));
        }
    }
    texts.retain(|text| free(text).is_ok());
    assert!(texts.len() > 300);
    parse_all(texts);
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "\\\"\"\"",
    "\\",
    "#",
    "\n",
    "\r",
    " ",
    ",",
    "...",
    "...on ",
    "on ",
    "a",
    "a:",
    "$a",
    "@d",
    "query ",
    "mutation ",
    "fragment F on T",
    "true",
    "null",
    "0",
    "-1.5e3",
    "!",
    "=",
    ":",
    "\u{feff}",
    "é",
    "\u{1F3CA}",
    "{a(b:[[[[[[[[",
    "]]]]]]]])}",
    "{a{a{a{a{a{a",
    "}}}}}}",
    "((((",
    "\"{[(\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_never_overflows_the_parser(
        pieces in prop::collection::vec(0..PIECES.len(), 0..300),
        repeat in 1_usize..4,
    ) {
        let text: String = pieces.iter().map(|&piece| PIECES[piece]).collect::<String>().repeat(repeat);
        if free(&text).is_ok() {
            parse_all(vec![text]);
        }
    }

    #[test]
    fn any_text_is_scanned_without_panic(text in any::<String>()) {
        let _ = free(&text);
    }
}
