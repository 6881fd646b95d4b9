//! The languages in which messages are told: codes stay, words follow `Accept-Language`.

/// A language that messages come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, also where nothing else is asked for.
    #[default]
    English,
    /// Russian.
    Russian,
    /// Ukrainian.
    Ukrainian,
}

/// Entries of a header that are looked at; a longer list is somebody's mistake.
const MOST: usize = 20;

impl Language {
    /// The language that a header `Accept-Language` prefers of those there are.
    pub fn preferred(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for (language, weight) in header.split(',').take(MOST).filter_map(entry) {
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self::English, |(_, language)| language)
    }

    /// Its tag, as in `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
        }
    }

    /// The one of three texts that is in this language.
    pub fn choose<T>(self, english: T, russian: T, ukrainian: T) -> T {
        match self {
            Self::English => english,
            Self::Russian => russian,
            Self::Ukrainian => ukrainian,
        }
    }
}

fn entry(text: &str) -> Option<(Language, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next()?.to_ascii_lowercase();
    let language = match tag.split('-').next()? {
        "en" | "*" => Language::English,
        "ru" => Language::Russian,
        "uk" => Language::Ukrainian,
        _ => return None,
    };
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| {
        weight.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight))
    })?;
    Some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_preferred_language_that_there_is_wins() {
        let cases = [
            ("", Language::English),
            ("de", Language::English),
            ("uk", Language::Ukrainian),
            ("uk-UA,uk;q=0.9,en;q=0.5", Language::Ukrainian),
            ("de, ru;q=0.4, uk;q=0.7", Language::Ukrainian),
            ("RU", Language::Russian),
            ("ru;q=0, en", Language::English),
            ("ru;q=nonsense", Language::English),
            (";;;,,,q=", Language::English),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::preferred(header), expected, "{header}");
        }
    }
}
