//! Letters of Cyrillic alphabets, and Latin ones with marks, in plain Latin letters.

/// A word in lower case in plain Latin letters and digits; nothing if it has a letter of another
/// script.
pub(super) fn in_latin(word: &str) -> Option<String> {
    let mut latin = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'a'..='z' | '0'..='9' => latin.push(letter),
            // Ukrainian ьо is Russian ё.
            'ь' if letters.peek() == Some(&'о') => latin.push('i'),
            _ => latin.push_str(cyrillic(letter).or_else(|| marked(letter))?),
        }
    }
    Some(latin)
}

/// Whether a character is left out of a word, not a border of two: apostrophes, marks that combine
/// with the letter before them, and what has no width.
pub(super) const fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '′'
            | '″'
            | '\u{ad}'
            | '\u{2b9}'..='\u{2bc}'
            | '\u{300}'..='\u{36f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{feff}'
    )
}

const fn cyrillic(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' | 'ў' => "v",
        'г' | 'ґ' | 'ғ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'ё' | 'є' | 'э' | 'ѣ' | 'ѐ' => "e",
        'ж' => "zh",
        'з' | 'ѕ' => "z",
        'и' | 'і' | 'ї' | 'й' | 'ы' | 'ј' | 'ѝ' | 'ѵ' => "i",
        'к' | 'қ' | 'ќ' => "k",
        'л' | 'љ' => "l",
        'м' => "m",
        'н' | 'њ' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' => "u",
        'ф' | 'ѳ' => "f",
        'х' | 'һ' | 'ҳ' => "kh",
        'ц' => "ts",
        'ч' | 'ћ' | 'ҷ' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "iu",
        'я' => "ia",
        'ђ' | 'џ' => "dzh",
        _ => return None,
    })
}

const fn marked(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "ch",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ə' => "e",
        'ğ' | 'ģ' | 'ġ' | 'ĝ' => "g",
        'ħ' | 'ĥ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ý' | 'ÿ' | 'ŷ' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' => "s",
        'ß' => "ss",
        'ş' | 'š' | 'ș' => "sh",
        'ţ' | 'ț' => "ts",
        'ť' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' => "u",
        'ŵ' => "w",
        'ź' => "z",
        'ż' | 'ž' => "zh",
        _ => return None,
    })
}
