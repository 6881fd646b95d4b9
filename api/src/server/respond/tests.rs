//! Whose errors are shown, and whose are masked.

use super::*;

fn failed(message: &str, path: &[&str]) -> ServerError {
    let path = path.iter().map(|name| PathSegment::Field((*name).to_owned()));
    ServerError::new(message, None).with_path(path.collect())
}

#[test]
fn the_library_s_errors_are_known_by_their_beginning() {
    for (message, path, code) in [
        ("Unknown field \"a\" on type \"Q\".", &[][..], Some("GRAPHQL_VALIDATION_FAILED")),
        ("Invalid value for argument \"a\", expected type \"Int\"", &[], Some("BAD_USER_INPUT")),
        ("Expected input type \"Int\", found \"x\".", &["a"], Some("BAD_USER_INPUT")),
        ("Failed to parse \"Date\": no date", &["a"], Some("BAD_USER_INPUT")),
        ("Unknown operation named \"A\"", &[], Some("OPERATION_RESOLUTION_FAILURE")),
        ("The recursion depth of the query cannot be", &[], Some("DOCUMENT_LIMIT_EXCEEDED")),
        ("duplicate key", &["a"], None),
    ] {
        assert_eq!(code_of_library(&failed(message, path)), code, "{message}");
    }
}

#[test]
fn an_error_with_a_foreign_source_never_passes_for_the_library_s() {
    for path in [&[][..], &["a"]] {
        let mut error = failed("Failed to parse \"secret\"", path);
        error.source = Some(Arc::new(std::fmt::Error));
        assert_eq!(code_of_library(&error), None);
        let reply = Reply::new(Uuid::nil(), Media::Json);
        assert!(!reply.verdict(&error).message.contains("secret"));
    }
}

#[test]
fn our_error_is_found_in_an_arc_too() {
    let reply = Reply::new(Uuid::nil(), Media::Json);
    let sources: [Arc<dyn std::any::Any + Send + Sync>; 2] =
        [Arc::new(Error::Forbidden("x")), Arc::new(Arc::new(Error::Forbidden("x")))];
    for source in sources {
        let error = ServerError { source: Some(source), ..failed("x", &["a"]) };
        assert_eq!(reply.verdict(&error).code, "FORBIDDEN");
    }
}

#[test]
fn waits_are_whole_seconds_and_at_least_one() {
    for (millis, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (9_999, "10")] {
        assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds);
    }
}
