//! Patterns and comparison agree on what a slip is.

use proptest::prelude::{prop_assert_eq, proptest};

use super::{is_slip, patterns};

/// `like` as both databases understand it, for patterns without `%`.
fn fits(word: &str, pattern: &str) -> bool {
    word.len() == pattern.len()
        && word.bytes().zip(pattern.bytes()).all(|(letter, asked)| asked == b'_' || asked == letter)
}

#[test]
fn one_slip_is_forgiven_in_a_word_of_five_letters() {
    for slip in ["petrnk", "petronk", "peterenk", "petrekn", "ptrenk", "epetrenk", "petrenkk"] {
        assert!(is_slip("petrenk", slip), "{slip}");
    }
    assert!(!is_slip("petrenk", "petrenk"));
    assert!(!is_slip("petrenk", "pavlenk"));
    assert!(!is_slip("serg", "sirg"));
    assert!(patterns("serg").is_empty());
    assert!(patterns("10d210d8").is_empty());
}

proptest! {
    #[test]
    fn patterns_and_comparison_agree(word in "[ab]{4,6}", other in "[ab]{3,7}") {
        let fitting = patterns(&word).iter().any(|pattern| fits(&other, pattern));
        prop_assert_eq!(fitting && word != other, is_slip(&word, &other));
    }
}
