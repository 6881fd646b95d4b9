//! What is counted of centres, programmes and training, and of who works in them.

use entity::metric::{Dimension, MetricId};

use super::{Definition, Reading, Unit, any};

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

/// These definitions, in the order in which they are listed.
pub static SERVICES: &[Definition] = &[
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
