//! The definitions of metrics, with their versions: what is counted, of what it is a share, by what it is
//! broken down. A definition that changes gets a new version, so that two results can be compared.

use entity::metric::{Dimension, MetricId};

use crate::language::Language;

/// What a metric is.
#[derive(Debug)]
pub struct Definition {
    /// Which.
    pub id: MetricId,
    /// Goes up when what is counted changes.
    pub version: i32,
    /// In what the value is counted.
    pub unit: Unit,
    /// How the value is read.
    pub reading: Reading,
    /// By what it is broken down; REGION stands for areas of every kind.
    pub dimensions: &'static [Dimension],
    /// The metric whose value the rate is taken of, if it is another one.
    pub base: Option<MetricId>,
    /// What it is called, in English, Russian and Ukrainian.
    pub name: [&'static str; 3],
    /// The definition, in the same languages.
    pub text: [&'static str; 3],
}

/// In what a value is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Families.
    Families,
    /// Children.
    Children,
    /// Persons.
    Persons,
    /// Episodes of cases.
    Episodes,
    /// Open cases.
    Cases,
    /// Reports of concern.
    Reports,
    /// Measures of plans.
    Measures,
    /// Visits.
    Visits,
    /// Residential stays.
    Stays,
    /// Moves between units.
    Moves,
    /// Nights.
    Nights,
    /// Places.
    Places,
    /// Enrolments.
    Enrolments,
    /// Who waits.
    Waiting,
    /// Participants.
    Participants,
}

/// How a value is read off the parts that were counted.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// All parts together, or those that pick; no rate.
    Count(fn(&str) -> bool),
    /// The parts that pick, of all of them: the rate is in percent.
    Share(fn(&str) -> bool),
    /// All parts together, of the value of the base: the rate is in percent.
    ShareOfBase,
    /// All parts together for one of the base: the rate is a mean.
    PerBase,
    /// Each part is a number, of days or nights: how many there are, and how they spread.
    Spread,
    /// The same; the value is of those that end in ` Y`, and the rate is in percent.
    SpreadWithin,
    /// The nights held, of the nights that there were places for: the rate is in percent.
    Held,
}

/// The definition of a metric.
pub fn of(id: MetricId) -> &'static Definition {
    let found = ALL.iter().find(|definition| definition.id == id);
    found.unwrap_or(&ALL[0])
}

impl Definition {
    /// How the value is read in a breakdown: of what is broken down by the parts themselves, each group
    /// has its own part alone.
    pub fn reading_by(&self, by: &[Dimension]) -> Reading {
        match self.reading {
            Reading::Count(_) if by.contains(&Dimension::Outcome) => Reading::Count(any),
            reading => reading,
        }
    }

    /// What it is called in a language.
    pub fn name(&self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.name;
        language.choose(english, russian, ukrainian)
    }

    /// The definition in a language.
    pub fn text(&self, language: Language) -> &'static str {
        let [english, russian, ukrainian] = self.text;
        language.choose(english, russian, ukrainian)
    }
}

fn any(_: &str) -> bool {
    true
}

fn overcame(part: &str) -> bool {
    part.starts_with("OVERCAME")
}

fn continuing(part: &str) -> bool {
    part.starts_with("CONTINUING")
}

fn other_exit(part: &str) -> bool {
    !overcame(part) && !continuing(part)
}

fn new(part: &str) -> bool {
    part.ends_with(" NEW")
}

fn carried_in(part: &str) -> bool {
    part.ends_with(" CARRIED_IN")
}

fn again(part: &str) -> bool {
    part == "AGAIN"
}

fn done(part: &str) -> bool {
    part == "DONE"
}

fn on_time(part: &str) -> bool {
    part == "ON_TIME"
}

fn not_seen(part: &str) -> bool {
    part == "NOT_SEEN"
}

fn to_birth_family(part: &str) -> bool {
    part == "BIRTH_FAMILY"
}

fn to_family(part: &str) -> bool {
    matches!(part, "BIRTH_FAMILY" | "KIN" | "GUARDIANSHIP" | "ADOPTION")
}

fn stable(part: &str) -> bool {
    part == "STABLE"
}

fn entered(part: &str) -> bool {
    part == "ENTERED"
}

fn completed(part: &str) -> bool {
    part == "COMPLETED"
}

const OF_CASES: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::SupportLevel, Dimension::Grounds];
const OF_NEW: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::SupportLevel,
    Dimension::Grounds,
    Dimension::Month,
];
const OF_EXITS: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::SupportLevel,
    Dimension::Grounds,
    Dimension::ClosureClass,
    Dimension::Month,
];
const OF_CHILDREN: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::SupportLevel,
    Dimension::Grounds,
    Dimension::Sex,
    Dimension::AgeBand,
];
const OF_ENTRIES: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::Grounds,
    Dimension::Sex,
    Dimension::AgeBand,
];

const OF_EPISODES: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::SupportLevel];
const OF_WORK: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::SupportLevel];
const OF_OPEN_CASES: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::SupportLevel, Dimension::Worker];
const OF_CHILDREN_BY_WORKER: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::SupportLevel,
    Dimension::Worker,
    Dimension::Sex,
    Dimension::AgeBand,
];
const OF_EVENTS: &[Dimension] = &[Dimension::Organisation];
const OF_REPORTS: &[Dimension] = &[Dimension::Region, Dimension::Organisation];
const OF_PLACES: &[Dimension] = &[Dimension::Region, Dimension::Organisation, Dimension::Centre];
const OF_STAYS: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::Centre,
    Dimension::Sex,
    Dimension::AgeBand,
    Dimension::Month,
];
const OF_NIGHTS: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::Centre,
    Dimension::Sex,
    Dimension::AgeBand,
];
const OF_DISCHARGES: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::Centre,
    Dimension::Sex,
    Dimension::AgeBand,
    Dimension::Month,
    Dimension::Destination,
];
const OF_STAGES: &[Dimension] = &[
    Dimension::Region,
    Dimension::Organisation,
    Dimension::Programme,
    Dimension::Stage,
    Dimension::Outcome,
];
const OF_ENROLMENTS: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::Programme, Dimension::Outcome];
const OF_WAITING: &[Dimension] =
    &[Dimension::Region, Dimension::Organisation, Dimension::Centre, Dimension::Programme];

/// All definitions, in the order in which they are listed.
pub static ALL: &[Definition] = &[
    Definition {
        id: MetricId::FamiliesCovered,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Count(any),
        dimensions: OF_CASES,
        base: None,
        name: ["Families covered", "Охвачено семей", "Охоплено сімей"],
        text: [
            "Distinct families with an episode of a case that meets the period: opened on or before its last day, and not closed before its first. Area, organisation and support level are the case's; grounds are those of the family's register entries that meet the period. A family with several of these counts once under each, and once in the total.",
            "Разные семьи, у которых эпизод дела пересекается с периодом: открыт не позже его последнего дня и не закрыт раньше первого. Территория, организация и уровень поддержки берутся из дела; основания - из записей семьи на учёте, пересекающихся с периодом. Семья, которой подходит несколько из них, считается один раз в каждой строке и один раз в итоге.",
            "Різні сім'ї, у яких епізод справи перетинається з періодом: відкритий не пізніше його останнього дня й не закритий раніше першого. Територія, організація та рівень підтримки беруться зі справи; підстави - із записів сім'ї на обліку, що перетинаються з періодом. Сім'я, якій підходить кілька з них, рахується один раз у кожному рядку й один раз у підсумку.",
        ],
    },
    Definition {
        id: MetricId::FamiliesOvercame,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(overcame),
        dimensions: OF_EXITS,
        base: None,
        name: ["Families that overcame", "Преодолели", "Подолали"],
        text: [
            "Covered families without an open episode at the end of the period whose latest episode in it closed with class OVERCAME. The rate is their share of the families covered.",
            "Охваченные семьи без открытого эпизода на конец периода, последний эпизод которых в периоде закрыт с классом OVERCAME (преодолели). Доля - от охваченных семей.",
            "Охоплені сім'ї без відкритого епізоду на кінець періоду, останній епізод яких у періоді закрито з класом OVERCAME (подолали). Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::FamiliesContinuing,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(continuing),
        dimensions: OF_CASES,
        base: None,
        name: ["Families continuing", "Работа продолжается", "Робота триває"],
        text: [
            "Covered families with an episode that is open at the end of the last day of the period. The rate is their share of the families covered.",
            "Охваченные семьи, у которых на конец последнего дня периода есть открытый эпизод. Доля - от охваченных семей.",
            "Охоплені сім'ї, у яких на кінець останнього дня періоду є відкритий епізод. Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::FamiliesOtherExits,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(other_exit),
        dimensions: OF_EXITS,
        base: None,
        name: ["Families, other exits", "Другие причины завершения", "Інші причини завершення"],
        text: [
            "Covered families that neither overcame nor continue: their latest episode in the period closed with another class (ADVERSE, MOVED, TRANSFERRED, REFUSED, ADMINISTRATIVE). The rate is their share of the families covered.",
            "Охваченные семьи, которые не преодолели и с которыми работа не продолжается: последний эпизод в периоде закрыт с другим классом (ADVERSE, MOVED, TRANSFERRED, REFUSED, ADMINISTRATIVE). Доля - от охваченных семей.",
            "Охоплені сім'ї, які не подолали й з якими робота не триває: останній епізод у періоді закрито з іншим класом (ADVERSE, MOVED, TRANSFERRED, REFUSED, ADMINISTRATIVE). Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::FamiliesNew,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(new),
        dimensions: OF_NEW,
        base: None,
        name: ["Families new in the period", "Новые семьи", "Нові сім'ї"],
        text: [
            "Covered families whose deciding episode (one open at the end of the period, else the latest in it) was opened in the period. The rate is their share of the families covered.",
            "Охваченные семьи, определяющий эпизод которых (открытый на конец периода, иначе последний в нём) открыт в периоде. Доля - от охваченных семей.",
            "Охоплені сім'ї, визначальний епізод яких (відкритий на кінець періоду, інакше останній у ньому) відкрито в періоді. Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::FamiliesCarriedIn,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(carried_in),
        dimensions: OF_CASES,
        base: None,
        name: ["Families carried in", "Перешли с прошлого периода", "Перейшли з минулого періоду"],
        text: [
            "Covered families whose deciding episode (one open at the end of the period, else the latest in it) was opened before the period. The rate is their share of the families covered.",
            "Охваченные семьи, определяющий эпизод которых (открытый на конец периода, иначе последний в нём) открыт до периода. Доля - от охваченных семей.",
            "Охоплені сім'ї, визначальний епізод яких (відкритий на кінець періоду, інакше останній у ньому) відкрито до періоду. Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::FamiliesServed,
        version: 1,
        unit: Unit::Families,
        reading: Reading::ShareOfBase,
        dimensions: OF_CASES,
        base: Some(MetricId::FamiliesCovered),
        name: ["Families served", "Семьи, получившие помощь", "Сім'ї, що отримали допомогу"],
        text: [
            "Covered families for whose case a completed visit, a service or a measure done is dated in the period; visits and services without a case count for each of the family's cases. The rate is their share of the families covered.",
            "Охваченные семьи, по делу которых в периоде есть состоявшееся посещение, услуга или выполненное мероприятие; посещения и услуги без дела считаются для каждого дела семьи. Доля - от охваченных семей.",
            "Охоплені сім'ї, за справою яких у періоді є проведене відвідування, послуга або виконаний захід; відвідування й послуги без справи рахуються для кожної справи сім'ї. Частка - від охоплених сімей.",
        ],
    },
    Definition {
        id: MetricId::ChildrenInCoveredFamilies,
        version: 1,
        unit: Unit::Children,
        reading: Reading::PerBase,
        dimensions: OF_CHILDREN,
        base: Some(MetricId::FamiliesCovered),
        name: [
            "Children in covered families",
            "Дети в охваченных семьях",
            "Діти в охоплених сім'ях",
        ],
        text: [
            "Distinct persons with a membership as CHILD that overlaps the part of an episode in the period, under 18 on the first day of that overlap; who has no birth date is taken for a child. Once in the total, once in each group. The rate is children for each family covered.",
            "Разные лица, членство которых в семье в роли CHILD пересекается с частью эпизода в периоде, младше 18 лет в первый день этого пересечения; без даты рождения лицо считается ребёнком. Один раз в итоге, один раз в каждой группе. Показатель - детей на одну охваченную семью.",
            "Різні особи, членство яких у сім'ї в ролі CHILD перетинається з частиною епізоду в періоді, молодші 18 років у перший день цього перетину; без дати народження особа вважається дитиною. Один раз у підсумку, один раз у кожній групі. Показник - дітей на одну охоплену сім'ю.",
        ],
    },
    Definition {
        id: MetricId::ChildrenInFamiliesServed,
        version: 1,
        unit: Unit::Children,
        reading: Reading::PerBase,
        dimensions: OF_CHILDREN,
        base: Some(MetricId::FamiliesServed),
        name: [
            "Children in families served",
            "Дети в семьях, получивших помощь",
            "Діти в сім'ях, що отримали допомогу",
        ],
        text: [
            "As CHILDREN_IN_COVERED_FAMILIES, of families served. The rate is children for each family served.",
            "Как CHILDREN_IN_COVERED_FAMILIES, для семей, получивших помощь. Показатель - детей на одну такую семью.",
            "Як CHILDREN_IN_COVERED_FAMILIES, для сімей, що отримали допомогу. Показник - дітей на одну таку сім'ю.",
        ],
    },
    Definition {
        id: MetricId::FamiliesOnRegister,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Count(any),
        dimensions: OF_CASES,
        base: None,
        name: ["Families on a register", "Семьи на учёте", "Сім'ї на обліку"],
        text: [
            "Distinct families with a register entry or an episode that is open at the end of the last day of the period.",
            "Разные семьи, у которых на конец последнего дня периода есть запись на учёте или открытый эпизод.",
            "Різні сім'ї, у яких на кінець останнього дня періоду є запис на обліку або відкритий епізод.",
        ],
    },
    Definition {
        id: MetricId::ChildrenInFamiliesOnRegister,
        version: 1,
        unit: Unit::Children,
        reading: Reading::PerBase,
        dimensions: OF_CHILDREN,
        base: Some(MetricId::FamiliesOnRegister),
        name: [
            "Children in families on a register",
            "Дети в семьях на учёте",
            "Діти в сім'ях на обліку",
        ],
        text: [
            "Distinct persons who are CHILD members, under 18, of families on a register on the last day of the period. The rate is children for each such family.",
            "Разные лица младше 18 лет, в последний день периода входящие в роли CHILD в семьи на учёте. Показатель - детей на одну такую семью.",
            "Різні особи молодші 18 років, які в останній день періоду входять у ролі CHILD до сімей на обліку. Показник - дітей на одну таку сім'ю.",
        ],
    },
    Definition {
        id: MetricId::ChildrenOnRegister,
        version: 1,
        unit: Unit::Children,
        reading: Reading::Count(any),
        dimensions: OF_ENTRIES,
        base: None,
        name: ["Children on a register", "Дети на учёте", "Діти на обліку"],
        text: [
            "Distinct persons under 18 with a register entry of their own on the last day of the period, by the families whose members they are then. A child on several grounds counts once under each, and once in the total.",
            "Разные лица младше 18 лет, у которых в последний день периода есть собственная запись на учёте, по семьям, в которые они тогда входят. Ребёнок с несколькими основаниями считается один раз под каждым и один раз в итоге.",
            "Різні особи молодші 18 років, у яких в останній день періоду є власний запис на обліку, за сім'ями, до яких вони тоді входять. Дитина з кількома підставами рахується один раз під кожною й один раз у підсумку.",
        ],
    },
    Definition {
        id: MetricId::ReEntries,
        version: 1,
        unit: Unit::Episodes,
        reading: Reading::Count(any),
        dimensions: OF_EPISODES,
        base: None,
        name: ["Re-entries", "Повторные обращения", "Повторні звернення"],
        text: [
            "Episodes opened in the period in a family of which another episode closed with class OVERCAME at most 365 days before.",
            "Эпизоды, открытые в периоде в семье, другой эпизод которой закрыт с классом OVERCAME не более чем за 365 дней до этого.",
            "Епізоди, відкриті в періоді в сім'ї, інший епізод якої закрито з класом OVERCAME не більше ніж за 365 днів до цього.",
        ],
    },
    Definition {
        id: MetricId::ReEntryRate,
        version: 1,
        unit: Unit::Families,
        reading: Reading::Share(again),
        dimensions: OF_EPISODES,
        base: None,
        name: ["Re-entry rate", "Доля повторных обращений", "Частка повторних звернень"],
        text: [
            "Of the families that had an episode closed with class OVERCAME in the same period shifted back by 365 days (the last such closure counts), those with another episode opened within 365 days after it. Not fully observed while the result is provisional.",
            "Из семей, у которых в том же периоде, сдвинутом на 365 дней назад, эпизод закрыт с классом OVERCAME (учитывается последнее такое закрытие), - те, у которых в течение 365 дней после него открыт другой эпизод. Пока результат предварительный, наблюдение неполное.",
            "Із сімей, у яких у тому самому періоді, зсунутому на 365 днів назад, епізод закрито з класом OVERCAME (враховується останнє таке закриття), - ті, у яких протягом 365 днів після нього відкрито інший епізод. Поки результат попередній, спостереження неповне.",
        ],
    },
    Definition {
        id: MetricId::IdentificationToVisit,
        version: 1,
        unit: Unit::Reports,
        reading: Reading::SpreadWithin,
        dimensions: OF_REPORTS,
        base: None,
        name: [
            "From report to first visit",
            "От сообщения до первого посещения",
            "Від повідомлення до першого відвідування",
        ],
        text: [
            "Reports received in the period: local days from the report to its first completed visit (median, p90). The value is of those visited by their deadline; the base is all that were visited, with those whose deadline passed without a visit. Area and organisation are the report's.",
            "Сообщения, полученные в периоде: дней от сообщения до первого состоявшегося посещения (медиана, p90). Значение - посещённые в срок; база - все посещённые и те, чей срок прошёл без посещения. Территория и организация берутся из сообщения.",
            "Повідомлення, отримані в періоді: днів від повідомлення до першого проведеного відвідування (медіана, p90). Значення - відвідані вчасно; база - усі відвідані й ті, чий строк минув без відвідування. Територія та організація беруться з повідомлення.",
        ],
    },
    Definition {
        id: MetricId::MeasuresDone,
        version: 1,
        unit: Unit::Measures,
        reading: Reading::Share(done),
        dimensions: OF_WORK,
        base: None,
        name: ["Measures done", "Выполненные мероприятия", "Виконані заходи"],
        text: [
            "Of the measures due in the period: done, of those that are done, were not done, or are overdue. Cancelled ones and those not due yet don't count. The organisation is the one responsible.",
            "Из мероприятий со сроком в периоде: выполненные среди выполненных, невыполненных и просроченных. Отменённые и те, чей срок не наступил, не считаются. Организация - ответственная.",
            "Із заходів зі строком у періоді: виконані серед виконаних, невиконаних і прострочених. Скасовані й ті, чий строк не настав, не рахуються. Організація - відповідальна.",
        ],
    },
    Definition {
        id: MetricId::VisitsOnTime,
        version: 1,
        unit: Unit::Visits,
        reading: Reading::Share(on_time),
        dimensions: OF_WORK,
        base: None,
        name: ["Visits on time", "Посещения в срок", "Відвідування вчасно"],
        text: [
            "Of the visits in cases planned for days of the period: completed by the end of their day, of those completed, missed, without access, or overdue. Cancelled ones and those whose day is not over don't count.",
            "Из посещений по делам, запланированных на дни периода: состоявшиеся до конца своего дня среди состоявшихся, пропущенных, без доступа и просроченных. Отменённые и те, чей день не окончен, не считаются.",
            "Із відвідувань за справами, запланованих на дні періоду: проведені до кінця свого дня серед проведених, пропущених, без доступу й прострочених. Скасовані й ті, чий день не закінчився, не рахуються.",
        ],
    },
    Definition {
        id: MetricId::ChildrenNotSeen,
        version: 1,
        unit: Unit::Children,
        reading: Reading::Share(not_seen),
        dimensions: OF_CHILDREN,
        base: None,
        name: ["Children not seen", "Дети, которых не видели", "Діти, яких не бачили"],
        text: [
            "Of the children, under 18, who are members on the last day of families with a case that is open at its end: those whom no completed visit of the period saw.",
            "Из детей младше 18 лет, в последний день входящих в семьи с открытым на его конец делом: те, кого не видели ни при одном состоявшемся посещении периода.",
            "Із дітей молодших 18 років, які в останній день входять до сімей із відкритою на його кінець справою: ті, кого не бачили під час жодного проведеного відвідування періоду.",
        ],
    },
    Definition {
        id: MetricId::Admissions,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Count(any),
        dimensions: OF_STAYS,
        base: None,
        name: ["Admissions", "Поступления", "Надходження"],
        text: [
            "Residential spells that began in the period. A spell is a chain of placements of one person in residential centres with a gap of at most a day; it is counted in its first centre, by age on that day.",
            "Периоды проживания, начавшиеся в периоде. Период проживания - цепочка размещений одного лица в стационарных учреждениях с перерывом не более дня; считается по первому учреждению и возрасту в тот день.",
            "Періоди проживання, що почалися в періоді. Період проживання - ланцюжок розміщень однієї особи в стаціонарних закладах із перервою не більше дня; рахується за першим закладом і віком того дня.",
        ],
    },
    Definition {
        id: MetricId::Discharges,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Count(any),
        dimensions: OF_DISCHARGES,
        base: None,
        name: ["Discharges", "Выбытия", "Вибуття"],
        text: [
            "Residential spells that ended in the period, in their last centre, by its destination and by age on that day. A move to another centre within a day is none.",
            "Периоды проживания, закончившиеся в периоде, по последнему учреждению, месту выбытия и возрасту в тот день. Переход в другое учреждение в течение дня выбытием не считается.",
            "Періоди проживання, що закінчилися в періоді, за останнім закладом, місцем вибуття й віком того дня. Перехід до іншого закладу протягом дня вибуттям не вважається.",
        ],
    },
    Definition {
        id: MetricId::Moves,
        version: 1,
        unit: Unit::Moves,
        reading: Reading::Count(any),
        dimensions: OF_STAYS,
        base: None,
        name: ["Moves", "Перемещения", "Переміщення"],
        text: [
            "Placements of the period that go on with a residential spell in another unit or centre, counted where it goes on.",
            "Размещения периода, которыми период проживания продолжается в другом отделении или учреждении; считаются там, где он продолжается.",
            "Розміщення періоду, якими період проживання триває в іншому відділенні чи закладі; рахуються там, де він триває.",
        ],
    },
    Definition {
        id: MetricId::AverageLengthOfStay,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Spread,
        dimensions: OF_DISCHARGES,
        base: None,
        name: ["Length of stay", "Длительность проживания", "Тривалість проживання"],
        text: [
            "Nights of the residential spells that ended in the period, from first admission to last discharge: mean, median, p90. Open spells are not in it.",
            "Ночей в периодах проживания, закончившихся в периоде, от первого поступления до последнего выбытия: среднее, медиана, p90. Незаконченные не входят.",
            "Ночей у періодах проживання, що закінчилися в періоді, від першого надходження до останнього вибуття: середнє, медіана, p90. Незакінчені не входять.",
        ],
    },
    Definition {
        id: MetricId::BedDays,
        version: 1,
        unit: Unit::Nights,
        reading: Reading::Count(any),
        dimensions: OF_NIGHTS,
        base: None,
        name: ["Bed-days", "Койко-дни", "Ліжко-дні"],
        text: [
            "Nights of the period for which residential places were held: from the day of admission to the day before discharge, without absences that don't hold the place. Of a day counts the night after it.",
            "Ночи периода, на которые заняты стационарные места: со дня поступления по день перед выбытием, без отсутствий, не сохраняющих место. От дня считается следующая за ним ночь.",
            "Ночі періоду, на які зайнято стаціонарні місця: від дня надходження до дня перед вибуттям, без відсутностей, що не зберігають місце. Від дня рахується наступна за ним ніч.",
        ],
    },
    Definition {
        id: MetricId::OccupancyRate,
        version: 1,
        unit: Unit::Nights,
        reading: Reading::Held,
        dimensions: OF_PLACES,
        base: None,
        name: ["Occupancy rate", "Заполняемость", "Заповненість"],
        text: [
            "Nights held (BED_DAYS) of the nights for which there were places: the places in force of residential units, summed over the nights of the period.",
            "Занятые ночи (BED_DAYS) от ночей, на которые были места: действующие места стационарных отделений, сложенные по ночам периода.",
            "Зайняті ночі (BED_DAYS) від ночей, на які були місця: чинні місця стаціонарних відділень, складені за ночами періоду.",
        ],
    },
    Definition {
        id: MetricId::OccupancyOn,
        version: 1,
        unit: Unit::Places,
        reading: Reading::Held,
        dimensions: OF_PLACES,
        base: None,
        name: ["Occupancy on the last day", "Занято на последний день", "Зайнято на останній день"],
        text: [
            "Residential places held in the night after the last day of the period, of the places in force.",
            "Стационарные места, занятые в ночь после последнего дня периода, от действующих мест.",
            "Стаціонарні місця, зайняті в ніч після останнього дня періоду, від чинних місць.",
        ],
    },
    Definition {
        id: MetricId::ReturnedToBirthFamilyRate,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Share(to_birth_family),
        dimensions: OF_DISCHARGES,
        base: None,
        name: [
            "Returned to the birth family",
            "Возвращены в кровную семью",
            "Повернені до біологічної сім'ї",
        ],
        text: [
            "Of the residential spells of children under 18 that ended in the period, without those that ended by death: those that ended in the birth family.",
            "Из закончившихся в периоде периодов проживания детей младше 18 лет, без смертей: закончившиеся в кровной семье.",
            "Із періодів проживання дітей молодших 18 років, що закінчилися в періоді, без смертей: ті, що закінчилися в біологічній сім'ї.",
        ],
    },
    Definition {
        id: MetricId::FamilyBasedExitRate,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Share(to_family),
        dimensions: OF_DISCHARGES,
        base: None,
        name: ["Exits to a family", "Выбытия в семью", "Вибуття в сім'ю"],
        text: [
            "As RETURNED_TO_BIRTH_FAMILY_RATE, with those that ended with kin, in guardianship or in adoption added.",
            "Как RETURNED_TO_BIRTH_FAMILY_RATE, с добавлением родственников, опеки и усыновления.",
            "Як RETURNED_TO_BIRTH_FAMILY_RATE, з додаванням родичів, опіки й усиновлення.",
        ],
    },
    Definition {
        id: MetricId::ReturnStability,
        version: 1,
        unit: Unit::Stays,
        reading: Reading::Share(stable),
        dimensions: OF_DISCHARGES,
        base: None,
        name: ["Stability of returns", "Устойчивость возвращения", "Сталість повернення"],
        text: [
            "Of the residential spells of children that ended in the birth family 180 days before a day of the period: those after which no new spell began within these 180 days.",
            "Из периодов проживания детей, закончившихся в кровной семье за 180 дней до дня периода: те, после которых в эти 180 дней не начался новый.",
            "Із періодів проживання дітей, що закінчилися в біологічній сім'ї за 180 днів до дня періоду: ті, після яких у ці 180 днів не почався новий.",
        ],
    },
    Definition {
        id: MetricId::PersonsServed,
        version: 1,
        unit: Unit::Persons,
        reading: Reading::Count(any),
        dimensions: OF_NIGHTS,
        base: None,
        name: [
            "Persons served by centres",
            "Лица, получившие помощь центров",
            "Особи, що отримали допомогу центрів",
        ],
        text: [
            "Distinct persons who were placed in a centre in the period, by day or residentially, or whom an organisation that runs a centre served or taught. Services and attendance are of the organisation, under no centre. Ages are those on the first day of the period.",
            "Разные лица, размещённые в периоде в центре, днём или стационарно, или получившие услугу либо занятие организации, у которой есть центр. Услуги и занятия - организации, без указания центра. Возраст - на первый день периода.",
            "Різні особи, розміщені в періоді в центрі, вдень або стаціонарно, або ті, хто отримав послугу чи заняття організації, що має центр. Послуги й заняття - організації, без зазначення центру. Вік - на перший день періоду.",
        ],
    },
    Definition {
        id: MetricId::ProgrammeFunnel,
        version: 1,
        unit: Unit::Enrolments,
        reading: Reading::Count(entered),
        dimensions: OF_STAGES,
        base: None,
        name: ["Programme funnel", "Воронка программы", "Воронка програми"],
        text: [
            "Distinct enrolments that entered a stage in the period; by OUTCOME also those that completed it, dropped out, relapsed, and those that are still in it at the end of the period.",
            "Разные зачисления, вошедшие в этап в периоде; по OUTCOME - также завершившие его, выбывшие, вернувшиеся и остающиеся в нём на конец периода.",
            "Різні зарахування, що увійшли до етапу в періоді; за OUTCOME - також ті, що його завершили, вибули, повернулися, і ті, що залишаються в ньому на кінець періоду.",
        ],
    },
    Definition {
        id: MetricId::ProgrammeCompletionRate,
        version: 1,
        unit: Unit::Enrolments,
        reading: Reading::Share(completed),
        dimensions: OF_ENROLMENTS,
        base: None,
        name: ["Programme completion", "Завершение программ", "Завершення програм"],
        text: [
            "Of the enrolments that ended in the period: those with outcome COMPLETED.",
            "Из зачислений, закончившихся в периоде: с исходом COMPLETED.",
            "Із зарахувань, що закінчилися в періоді: з наслідком COMPLETED.",
        ],
    },
    Definition {
        id: MetricId::Waiting,
        version: 1,
        unit: Unit::Waiting,
        reading: Reading::Spread,
        dimensions: OF_WAITING,
        base: None,
        name: ["Waiting", "Ожидают", "Очікують"],
        text: [
            "Requests for a place in a centre or a programme, made by the end of the last day, that had led to no place and not been refused or withdrawn by then: how many, and days since the request (median, greatest).",
            "Запросы места в центре или программе, сделанные до конца последнего дня, по которым к тому времени нет места, отказа или отзыва: сколько их и сколько дней прошло (медиана, наибольшее).",
            "Запити на місце в центрі чи програмі, зроблені до кінця останнього дня, за якими на той час немає місця, відмови чи відкликання: скільки їх і скільки днів минуло (медіана, найбільше).",
        ],
    },
    Definition {
        id: MetricId::Caseload,
        version: 1,
        unit: Unit::Cases,
        reading: Reading::Count(any),
        dimensions: OF_OPEN_CASES,
        base: None,
        name: ["Caseload", "Нагрузка, дел", "Навантаження, справ"],
        text: [
            "Cases that are open at the end of the last day of the period, by the worker accountable for them then.",
            "Дела, открытые на конец последнего дня периода, по ответственному за них работнику.",
            "Справи, відкриті на кінець останнього дня періоду, за відповідальним за них працівником.",
        ],
    },
    Definition {
        id: MetricId::CaseloadChildren,
        version: 1,
        unit: Unit::Children,
        reading: Reading::Count(any),
        dimensions: OF_CHILDREN_BY_WORKER,
        base: None,
        name: ["Caseload, children", "Нагрузка, детей", "Навантаження, дітей"],
        text: [
            "Distinct children, under 18, who are members on the last day of the families of those cases.",
            "Разные дети младше 18 лет, в последний день входящие в семьи этих дел.",
            "Різні діти молодші 18 років, які в останній день входять до сімей цих справ.",
        ],
    },
    Definition {
        id: MetricId::TrainingParticipants,
        version: 1,
        unit: Unit::Participants,
        reading: Reading::Count(any),
        dimensions: OF_EVENTS,
        base: None,
        name: ["Training participants", "Участники обучения", "Учасники навчання"],
        text: [
            "Participants of training events held in the period, summed: who came to two events counts twice.",
            "Участники обучающих мероприятий, проведённых в периоде, суммой: пришедший на два считается дважды.",
            "Учасники навчальних заходів, проведених у періоді, сумою: хто прийшов на два, рахується двічі.",
        ],
    },
];
