//! A slip of the hand in a folded word: one letter more, less or other, or two that changed places.

use std::collections::BTreeSet;

/// Lengths of words in which a slip is forgiven: shorter ones have too many neighbours.
const LENGTHS: std::ops::RangeInclusive<usize> = 5..=24;

/// Patterns for `like` that a word with one slip fits; none for a word that is too short.
pub(super) fn patterns(word: &str) -> BTreeSet<String> {
    let mut patterns = BTreeSet::new();
    if !is_forgiven(word) {
        return patterns;
    }
    for place in 0..=word.len() {
        let (before, behind) = word.split_at(place);
        patterns.insert(format!("{before}_{behind}"));
        let mut rest = behind.chars();
        let Some(letter) = rest.next() else { continue };
        let after = rest.as_str();
        patterns.insert(format!("{before}{after}"));
        patterns.insert(format!("{before}_{after}"));
        if let Some(next) = rest.next() {
            patterns.insert(format!("{before}{next}{letter}{}", rest.as_str()));
        }
    }
    patterns
}

/// Whether a word is another one with a slip.
pub(super) fn is_slip(word: &str, other: &str) -> bool {
    if !is_forgiven(word) || word == other {
        return false;
    }
    let (word, other) = (word.as_bytes(), other.as_bytes());
    let same_start = word.iter().zip(other).take_while(|(one, two)| one == two).count();
    let (word, other) = (&word[same_start..], &other[same_start..]);
    let pairs = word.iter().rev().zip(other.iter().rev());
    let same_end = pairs.take_while(|(one, two)| one == two).count();
    match (&word[..word.len() - same_end], &other[..other.len() - same_end]) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Words of other scripts are numbers, in which a slip means nothing.
fn is_forgiven(word: &str) -> bool {
    LENGTHS.contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests;
