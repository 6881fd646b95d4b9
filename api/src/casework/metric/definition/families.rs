//! What is counted of families, their children, and the work with them.

use entity::metric::{Dimension, MetricId};

use super::{Definition, Reading, Unit, any};

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
const OF_REPORTS: &[Dimension] = &[Dimension::Region, Dimension::Organisation];

/// These definitions, in the order in which they are listed.
pub static FAMILIES: &[Definition] = &[
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
];
