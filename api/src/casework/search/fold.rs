//! Names folded to words that sound alike in Russian, Ukrainian and the usual Latin spellings: what
//! is stored to search by, and what a search looks for. The words are of `a-z0-9` only.

use std::collections::BTreeSet;

use entity::{person, person_name};

use super::alphabet::{in_latin, is_silent};

/// The parts of one name of a person.
#[derive(Clone, Copy)]
pub struct NameParts<'a> {
    /// Family name.
    pub family_name: Option<&'a str>,
    /// Given name.
    pub given_name: &'a str,
    /// Patronymic.
    pub patronymic: Option<&'a str>,
}

impl<'a> From<&'a person::Model> for NameParts<'a> {
    fn from(row: &'a person::Model) -> Self {
        Self {
            family_name: row.family_name.as_deref(),
            given_name: &row.given_name,
            patronymic: row.patronymic.as_deref(),
        }
    }
}

impl<'a> From<&'a person_name::Model> for NameParts<'a> {
    fn from(row: &'a person_name::Model) -> Self {
        Self {
            family_name: row.family_name.as_deref(),
            given_name: &row.given_name,
            patronymic: row.patronymic.as_deref(),
        }
    }
}

/// What is stored to search a person by: the folded words of all names, sorted, each once, with a
/// space before and behind each.
pub fn search_key<'a>(names: impl IntoIterator<Item = NameParts<'a>>) -> String {
    let parts = names.into_iter().flat_map(|name| {
        [name.family_name, Some(name.given_name), name.patronymic].into_iter().flatten()
    });
    let found: BTreeSet<String> = parts.flat_map(words).collect();
    let mut key = String::from(" ");
    for word in found {
        key.push_str(&word);
        key.push(' ');
    }
    key
}

/// The folded words of a name, in order, each once. The same word folds alike wherever it stands:
/// as a family name, a given name or a patronymic.
pub fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let spoken: String =
        name.chars().flat_map(char::to_lowercase).filter(|c| !is_silent(*c)).collect();
    for word in spoken.split(|letter: char| !letter.is_alphanumeric()) {
        let folded = fold(word);
        if !folded.is_empty() && !found.contains(&folded) {
            found.push(folded);
        }
    }
    found
}

/// One word in lower case, folded.
fn fold(word: &str) -> String {
    let Some(latin) = in_latin(word) else { return spelled_out(word) };
    let sounds = smooth(&sounds(&latin));
    let folded = match father(&sounds) {
        Some(father) => format!("{}ovic", namesake(&rooted(father, 2))),
        None => namesake(&rooted(&sounds, 3)).to_owned(),
    };
    debug_assert!(folded.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    folded
}

/// A word of another script, which is found by its exact spelling only.
fn spelled_out(word: &str) -> String {
    let letters: Vec<String> =
        word.chars().map(|letter| format!("{:04x}", u32::from(letter))).collect();
    letters.concat()
}

/// How letters are spoken that stand together, the longest first.
const TOGETHER: [(&str, &str); 21] = [
    ("schtsch", "x"),
    ("shch", "x"),
    ("szcz", "x"),
    ("tsch", "c"),
    ("sch", "x"),
    ("tch", "c"),
    ("sh", "x"),
    ("sz", "x"),
    ("ch", "c"),
    ("cz", "c"),
    ("ck", "k"),
    ("zh", "j"),
    ("kh", "g"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("tz", "ts"),
    ("qu", "kv"),
    ("ce", "tse"),
    ("ci", "tsi"),
    ("cy", "tsi"),
];

/// Latin letters as sounds: `x` is ш and щ, `c` is ч, `j` is ж, `g` is г, ґ, х and h, and `i` is
/// every i, y and j.
fn sounds(latin: &str) -> String {
    let mut sounds = String::with_capacity(latin.len());
    let mut rest = latin;
    while let Some(letter) = rest.chars().next() {
        // The Polish and Czech ending for -цкий.
        if matches!(rest, "cki" | "cky" | "cka") {
            sounds.push_str("tski");
            break;
        }
        if let Some((letters, sound)) = TOGETHER.iter().find(|(start, _)| rest.starts_with(start)) {
            sounds.push_str(sound);
            rest = &rest[letters.len()..];
            continue;
        }
        match letter {
            'c' | 'q' => sounds.push('k'),
            'h' => sounds.push('g'),
            'w' => sounds.push('v'),
            'x' => sounds.push_str("ks"),
            'y' | 'j' => sounds.push('i'),
            other => sounds.push(other),
        }
        rest = &rest[letter.len_utf8()..];
    }
    sounds
}

/// Evens out what spellings do to vowels: `ie` and `io` are `e`, `iu` is `u`, an `o` after ж, ч or ш
/// is an `e`, and a doubled letter is one.
fn smooth(sounds: &str) -> String {
    let mut smooth = String::with_capacity(sounds.len());
    for sound in sounds.chars() {
        let sound = match (smooth.chars().next_back(), sound) {
            (Some('i'), 'e' | 'o' | 'u') => {
                smooth.pop();
                if sound == 'u' { 'u' } else { 'e' }
            }
            (Some('c' | 'x' | 'j'), 'o') => 'e',
            (_, sound) => sound,
        };
        if sound.is_ascii_digit() || !smooth.ends_with(sound) {
            smooth.push(sound);
        }
    }
    smooth
}

/// The father's name in a patronymic, or in a family name that is made like one.
fn father(sounds: &str) -> Option<&str> {
    const ENDINGS: [&str; 8] = ["inicna", "icna", "ovic", "evic", "ovna", "evna", "ivna", "ic"];
    let father = ENDINGS.iter().find_map(|ending| sounds.strip_suffix(ending))?;
    (father.len() >= 2).then_some(father)
}

/// A word without the vowels at its end, so that forms by gender and case meet (-ський, -ская,
/// -ska; -ов, -ова; Петро, Пётр), unless fewer sounds than that remain.
fn rooted(sounds: &str, fewest: usize) -> String {
    let root = sounds.trim_end_matches(['a', 'e', 'i', 'o', 'u']);
    let root = if root.len() < fewest { sounds } else { root };
    let stem = ["ov", "of", "ef"].iter().find_map(|ending| root.strip_suffix(ending));
    match stem {
        Some(stem) if stem.len() >= 2 => format!("{stem}ev"),
        _ => root.to_owned(),
    }
}

/// One root for given names that are the same name in two languages and don't sound alike.
fn namesake(root: &str) -> &str {
    match root {
        "panas" | "opanas" => "afanas",
        "oleks" => "aleks",
        "aleksander" | "oleksander" | "oleksandr" => "aleksandr",
        "gan" => "ana",
        "antin" => "anton",
        "katerin" => "ekaterin",
        "alen" | "gelen" | "olen" => "elen",
        "omelian" => "emelian",
        "esip" | "osip" => "esif",
        "eugen" => "evgen",
        "fedir" => "fedor",
        "pilip" => "filip",
        "glib" => "gleb",
        "iak" | "iakiv" | "iakovl" => "iakev",
        "gnat" => "ignat",
        "kostiantin" => "konstantin",
        "gristin" => "kristin",
        "lv" => "lev",
        "micail" | "mikail" => "migail",
        "nad" => "nadejd",
        "mikit" => "nikit",
        "mikol" => "nikol",
        "pavel" => "pavl",
        "svitlan" => "svetlan",
        "tetian" => "tatian",
        "vir" => "ver",
        "volodimir" => "vladimir",
        other => other,
    }
}

#[cfg(test)]
mod tests;
