//! The words of reports as files, and of what is wrong with how they are asked for, in English, Russian
//! and Ukrainian.

use entity::metric::Dimension;

use crate::language::Language;

/// The same in the three languages.
pub type Text = [&'static str; 3];

/// The text in a language.
pub fn say([english, russian, ukrainian]: Text, language: Language) -> &'static str {
    language.choose(english, russian, ukrainian)
}

pub const ABOUT: Text = ["About this report", "Об отчёте", "Про звіт"];
pub const PERIOD: Text = ["Period", "Период", "Період"];
pub const WHOSE: Text = ["Work of", "Работа организации", "Робота організації"];
pub const AREA: Text = ["Area", "Территория", "Територія"];
pub const ALL_AREAS: Text = ["All areas", "Все территории", "Усі території"];
pub const AS_OF: Text = ["As of", "По состоянию на", "Станом на"];
pub const STANDING: Text = ["Standing", "Статус", "Статус"];
pub const PROVISIONAL: Text = [
    "Provisional: the period was not over",
    "Предварительный: период ещё не закончился",
    "Попередній: період ще не закінчився",
];
pub const COMPLETE: Text = ["The period was over", "Период закончился", "Період закінчився"];
pub const PUBLISHED: Text = ["Published", "Опубликован", "Опубліковано"];
pub const HIDDEN_TO: Text = [
    "Small numbers hidden, from 1 to",
    "Скрыты малые числа, от 1 до",
    "Приховано малі числа, від 1 до",
];
pub const CHECKED: Text = ["Checked", "Проверено", "Перевірено"];
pub const METRIC: Text = ["Metric", "Показатель", "Показник"];
pub const VERSION: Text = ["Version", "Версия", "Версія"];
pub const DEFINITION: Text = ["Definition", "Определение", "Визначення"];
pub const NUMBER: Text = ["Number", "Число", "Кількість"];
pub const SHARE: Text = ["Share, %", "Доля, %", "Частка, %"];
pub const EACH: Text = ["For each family", "На одну семью", "На одну сім'ю"];
pub const PERCENT: Text = [", %", ", %", ", %"];
pub const FOR_EACH: Text = [", for each family", ", на одну семью", ", на одну сім'ю"];
pub const TOTAL: Text = [
    "Total, each counted once",
    "Итого, каждый считается один раз",
    "Разом, кожен рахується один раз",
];
pub const HIDDEN: Text = ["hidden: small number", "скрыто: малое число", "приховано: мале число"];

pub const NO_DAY: Text = [
    "Give `since` and `through` as days, YYYY-MM-DD: the first and the last day of the period.",
    "Укажите `since` и `through` днями, ГГГГ-ММ-ДД: первый и последний день периода.",
    "Укажіть `since` і `through` днями, РРРР-ММ-ДД: перший і останній день періоду.",
];
pub const OUT_OF_ORDER: Text = [
    "The period ends before it begins: choose a last day that is not before the first.",
    "Период заканчивается раньше, чем начинается: выберите последний день не раньше первого.",
    "Період закінчується раніше, ніж починається: виберіть останній день не раніше першого.",
];
pub const TOO_LONG: Text = [
    "The period is longer than ten years: choose a shorter one.",
    "Период длиннее десяти лет: выберите короче.",
    "Період довший за десять років: виберіть коротший.",
];
pub const NOT_BEGUN: Text = [
    "The period has not begun yet: choose a first day that is not after today.",
    "Период ещё не начался: выберите первый день не позже сегодняшнего.",
    "Період ще не почався: виберіть перший день не пізніше сьогоднішнього.",
];
pub const NO_MOMENT: Text = [
    "Give `asOf` as an instant that is not in the future, as 2020-09-26T10:00:00Z, or leave it out.",
    "Укажите `asOf` моментом не в будущем, например 2020-09-26T10:00:00Z, или не указывайте.",
    "Укажіть `asOf` моментом не в майбутньому, наприклад 2020-09-26T10:00:00Z, або не вказуйте.",
];
pub const NO_AREA: Text = [
    "There is no such area: choose one of the list, or leave it out.",
    "Такой территории нет: выберите из списка или не указывайте.",
    "Такої території немає: виберіть зі списку або не вказуйте.",
];
pub const UNKNOWN: Text = [
    "Only `since`, `through`, `area` and `asOf` can be given, each once.",
    "Можно указать только `since`, `through`, `area` и `asOf`, каждое один раз.",
    "Можна вказати лише `since`, `through`, `area` і `asOf`, кожне один раз.",
];

/// What the rows of a breakdown are.
pub fn head(dimension: Dimension, language: Language) -> &'static str {
    let text = match dimension {
        Dimension::Municipality => ["Municipality", "Муниципалитет", "Муніципалітет"],
        Dimension::ClosureClass => ["Reason", "Причина", "Причина"],
        Dimension::Month => ["Month", "Месяц", "Місяць"],
        Dimension::AgeBand => ["Age", "Возраст", "Вік"],
        Dimension::Destination => ["Destination", "Куда выбыли", "Куди вибули"],
        Dimension::Centre => ["Centre", "Центр", "Центр"],
        Dimension::Stage => ["Stage", "Этап", "Етап"],
        Dimension::Outcome => ["What became of it", "Что стало", "Що стало"],
        Dimension::Organisation => ["Organisation", "Организация", "Організація"],
        Dimension::Programme => ["Programme", "Программа", "Програма"],
        Dimension::Sex => ["Sex", "Пол", "Стать"],
        Dimension::Grounds => ["Grounds", "Основания", "Підстави"],
        Dimension::SupportLevel => ["Support level", "Уровень поддержки", "Рівень підтримки"],
        Dimension::Worker => ["Worker", "Работник", "Працівник"],
        Dimension::Region
        | Dimension::District
        | Dimension::CityDistrict
        | Dimension::Settlement => AREA,
    };
    say(text, language)
}
