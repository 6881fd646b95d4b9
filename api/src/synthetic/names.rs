//! Made-up names in two scripts, put together from short lists. Nobody real is meant.

use entity::person::Sex;

use super::chance::Chance;
use crate::casework::search;

/// A name as documents give it, with its form in the other script if it has one.
#[derive(Clone, Debug)]
pub struct Name {
    /// In documents: Cyrillic for most families.
    pub legal: Written,
    /// In Latin letters, where the legal name is not.
    pub latin: Option<Written>,
}

/// A name in one script.
#[derive(Clone, Debug)]
pub struct Written {
    pub given: String,
    pub family: String,
    pub patronymic: Option<String>,
}

/// The names that the children of a family share, before they take a gender.
#[derive(Clone, Copy, Debug)]
pub enum Shared {
    Cyrillic {
        stem: &'static str,
        ending: (&'static str, &'static str),
        /// The patronymics of a son and of a daughter.
        patronymics: (&'static str, &'static str),
    },
    Latin {
        stem: &'static str,
        ending: &'static str,
    },
}

const GIRLS: [&str; 24] = [
    "Анна",
    "Мария",
    "Вера",
    "Нина",
    "Лилия",
    "Майя",
    "Ева",
    "Дарина",
    "Полина",
    "Милана",
    "Злата",
    "Яна",
    "Инна",
    "Кира",
    "Рада",
    "Тая",
    "Ольга",
    "Алла",
    "Диана",
    "Лада",
    "Марта",
    "Елена",
    "Ирина",
    "Соломия",
];
/// Boys' names, each with the patronymics of a son and of a daughter.
const BOYS: [(&str, &str, &str); 18] = [
    ("Иван", "Иванович", "Ивановна"),
    ("Павел", "Павлович", "Павловна"),
    ("Тарас", "Тарасович", "Тарасовна"),
    ("Роман", "Романович", "Романовна"),
    ("Марк", "Маркович", "Марковна"),
    ("Лев", "Львович", "Львовна"),
    ("Глеб", "Глебович", "Глебовна"),
    ("Денис", "Денисович", "Денисовна"),
    ("Богдан", "Богданович", "Богдановна"),
    ("Степан", "Степанович", "Степановна"),
    ("Артём", "Артёмович", "Артёмовна"),
    ("Максим", "Максимович", "Максимовна"),
    ("Остап", "Остапович", "Остаповна"),
    ("Назар", "Назарович", "Назаровна"),
    ("Мирон", "Миронович", "Мироновна"),
    ("Егор", "Егорович", "Егоровна"),
    ("Антон", "Антонович", "Антоновна"),
    ("Захар", "Захарович", "Захаровна"),
];
const STEMS: [&str; 30] = [
    "Луг",
    "Руч",
    "Сосн",
    "Берестн",
    "Ветрян",
    "Звон",
    "Калинн",
    "Озерн",
    "Рощ",
    "Снежн",
    "Тихон",
    "Ясн",
    "Голубн",
    "Дубрав",
    "Зорян",
    "Клён",
    "Росн",
    "Травн",
    "Полян",
    "Медун",
    "Верб",
    "Тополин",
    "Камышн",
    "Липн",
    "Орешн",
    "Рябинн",
    "Светл",
    "Хмел",
    "Чабр",
    "Шумил",
];
/// Endings of a man's and of a woman's name.
const ENDINGS: [(&str, &str); 5] =
    [("ин", "ина"), ("енко", "енко"), ("овский", "овская"), ("ович", "ович"), ("еев", "еева")];

const LATIN_GIRLS: [&str; 12] =
    ["Mira", "Elin", "Tessa", "Nora", "Ida", "Lena", "Ada", "Runa", "Zoe", "Iris", "Maud", "Senna"];
const LATIN_BOYS: [&str; 12] =
    ["Leo", "Tom", "Erik", "Noah", "Otto", "Max", "Finn", "Jon", "Karl", "Hugo", "Sven", "Milo"];
const LATIN_STEMS: [&str; 14] = [
    "Fenn", "Brind", "Marl", "Tarn", "Wick", "Holl", "Lark", "Quill", "Ash", "Dov", "Eld", "Harr",
    "Pell", "Thist",
];
const LATIN_ENDINGS: [&str; 6] = ["ick", "emere", "away", "ard", "elow", "orn"];

/// The names of a new family; some are written in Latin letters only.
pub fn shared(chance: &mut Chance) -> Shared {
    if chance.percent(15) {
        let (stem, ending) = (chance.pick(&LATIN_STEMS), chance.pick(&LATIN_ENDINGS));
        return Shared::Latin { stem, ending };
    }
    let (_, son, daughter) = chance.pick(&BOYS);
    Shared::Cyrillic {
        stem: chance.pick(&STEMS),
        ending: chance.pick(&ENDINGS),
        patronymics: (son, daughter),
    }
}

/// The name of a child.
pub fn of_child(chance: &mut Chance, shared: Shared, sex: Sex) -> Name {
    let is_male = sex == Sex::Male;
    let written = |given: &str, family: String, patronymic: Option<&str>| Written {
        given: given.to_owned(),
        family,
        patronymic: patronymic.map(str::to_owned),
    };
    match shared {
        Shared::Latin { stem, ending } => {
            let given = chance.pick(if is_male { &LATIN_BOYS } else { &LATIN_GIRLS });
            Name { legal: written(given, format!("{stem}{ending}"), None), latin: None }
        }
        Shared::Cyrillic { stem, ending, patronymics } => {
            let given = if is_male { chance.pick(&BOYS).0 } else { chance.pick(&GIRLS) };
            let ending = if is_male { ending.0 } else { ending.1 };
            let patronymic = if is_male { patronymics.0 } else { patronymics.1 };
            let legal = written(given, format!("{stem}{ending}"), Some(patronymic));
            let latin = Some(legal.transliterated());
            Name { legal, latin }
        }
    }
}

/// The name of an adult, whose father is not the children's.
pub fn of_adult(chance: &mut Chance, shared: Shared, sex: Sex) -> Name {
    let (_, son, daughter) = chance.pick(&BOYS);
    let own = match shared {
        Shared::Cyrillic { stem, ending, .. } => {
            Shared::Cyrillic { stem, ending, patronymics: (son, daughter) }
        }
        latin @ Shared::Latin { .. } => latin,
    };
    of_child(chance, own, sex)
}

/// The name of somebody on the staff, in Latin letters.
pub fn of_staff(no: u32) -> String {
    let no = no as usize;
    let given = if no.is_multiple_of(3) {
        LATIN_BOYS[no / 3 % LATIN_BOYS.len()]
    } else {
        LATIN_GIRLS[no % LATIN_GIRLS.len()]
    };
    let stem = LATIN_STEMS[no * 5 % LATIN_STEMS.len()];
    let ending = LATIN_ENDINGS[no / 7 % LATIN_ENDINGS.len()];
    format!("{given} {stem}{ending}")
}

impl Name {
    /// What a search looks at: the words of all forms of the name.
    pub fn search_key(&self) -> String {
        let forms = [Some(&self.legal), self.latin.as_ref()];
        search::search_key(forms.into_iter().flatten().map(Written::parts))
    }
}

impl Written {
    fn parts(&self) -> search::NameParts<'_> {
        search::NameParts {
            family_name: Some(&self.family),
            given_name: &self.given,
            patronymic: self.patronymic.as_deref(),
        }
    }

    fn transliterated(&self) -> Self {
        Self {
            given: transliterate(&self.given),
            family: transliterate(&self.family),
            patronymic: self.patronymic.as_deref().map(transliterate),
        }
    }
}

/// Cyrillic letters as Latin ones, the first letter in upper case.
fn transliterate(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        latin.push_str(in_latin(letter));
    }
    let first = latin.chars().next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(latin.chars().skip(1)).collect()
}

const fn in_latin(letter: char) -> &'static str {
    match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "io",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'ы' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "iu",
        'я' => "ia",
        _ => "",
    }
}
