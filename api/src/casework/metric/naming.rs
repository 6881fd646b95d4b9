//! What the keys of results are called: rows by their names, codes in the viewer's language.

use std::collections::HashMap;

use entity::metric::Dimension;
use entity::{area, centre, organisation, programme, programme_stage, worker};
use uuid::Uuid;

use super::frame;
use super::question::Key;
use super::{Answer, Line};
use crate::access::Session;
use crate::casework::by_id;
use crate::error::Result;
use crate::language::Language;

/// The names of the rows that keys are of, by their ids.
pub type Names = HashMap<Uuid, String>;

/// The names of all rows that the keys of a result are of.
pub async fn of_rows(session: &Session, answer: &Answer) -> Result<Names> {
    let mut names = Names::new();
    for (no, dimension) in answer.question.by.iter().enumerate() {
        let id = |line: &Line| match line.keys.get(no) {
            Some(Key::Id(id)) => Some(*id),
            _ => None,
        };
        let ids: Vec<Uuid> = answer.lines.iter().filter_map(id).collect();
        if ids.is_empty() {
            continue;
        }
        match dimension {
            Dimension::Organisation => {
                let rows = by_id::<organisation::Entity>(session, &ids).await?;
                names.extend(rows.into_iter().map(|(id, row)| (id, row.name.clone())));
            }
            Dimension::Programme => {
                let rows = by_id::<programme::Entity>(session, &ids).await?;
                names.extend(rows.into_iter().map(|(id, row)| (id, row.name.clone())));
            }
            Dimension::Centre => {
                let rows = by_id::<centre::Entity>(session, &ids).await?;
                names.extend(rows.into_iter().map(|(id, row)| (id, row.name.clone())));
            }
            Dimension::Stage => {
                names.extend(of_stages(session, &ids).await?);
            }
            Dimension::Worker => {
                let rows = by_id::<worker::Entity>(session, &ids).await?;
                names.extend(rows.into_iter().map(|(id, row)| (id, row.display_name.clone())));
            }
            dimension if frame::kind(*dimension).is_some() => {
                let rows = by_id::<area::Entity>(session, &ids).await?;
                names.extend(rows.into_iter().map(|(id, row)| (id, row.name.clone())));
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Stages are told with their programme: several programmes have stages that are called alike.
async fn of_stages(session: &Session, ids: &[Uuid]) -> Result<Names> {
    let stages = by_id::<programme_stage::Entity>(session, ids).await?;
    let ids: Vec<Uuid> = stages.values().map(|stage| stage.programme_id).collect();
    let programmes = by_id::<programme::Entity>(session, &ids).await?;
    let name = |stage: &programme_stage::Model| {
        let own = format!("{}. {}", stage.no, stage.name);
        match programmes.get(&stage.programme_id) {
            Some(programme) => format!("{}: {own}", programme.name),
            None => own,
        }
    };
    Ok(stages.iter().map(|(id, stage)| (*id, name(stage))).collect())
}

/// What a key is called.
pub fn name(dimension: Dimension, key: &Key, names: &Names, language: Language) -> String {
    match key {
        Key::Id(id) => names.get(id).cloned().unwrap_or_default(),
        Key::Code(code) => code_name(dimension, code, language).to_owned(),
        Key::None => none_name(dimension, language).to_owned(),
    }
}

fn none_name(dimension: Dimension, language: Language) -> &'static str {
    match dimension {
        Dimension::Grounds => language.choose("Not on a register", "Не на учёте", "Не на обліку"),
        _ => language.choose("Not set", "Не указано", "Не вказано"),
    }
}

#[expect(clippy::too_many_lines, reason = "one line a code")]
fn code_name(dimension: Dimension, code: &str, language: Language) -> &str {
    let [english, russian, ukrainian] = match (dimension, code) {
        (Dimension::Sex, "FEMALE") => ["Female", "Женский", "Жіноча"],
        (Dimension::Sex, "MALE") => ["Male", "Мужской", "Чоловіча"],
        (Dimension::AgeBand, "INFANT") => ["0 to 2 years", "0-2 года", "0-2 роки"],
        (Dimension::AgeBand, "PRESCHOOL") => ["3 to 6 years", "3-6 лет", "3-6 років"],
        (Dimension::AgeBand, "SCHOOL") => ["7 to 13 years", "7-13 лет", "7-13 років"],
        (Dimension::AgeBand, "ADOLESCENT") => ["14 to 17 years", "14-17 лет", "14-17 років"],
        (Dimension::AgeBand, "ADULT") => ["18 and older", "18 лет и старше", "18 років і старші"],
        (_, "UNKNOWN") => ["Not known", "Неизвестно", "Невідомо"],
        (Dimension::Grounds, "NEGLECT") => ["Neglect", "Пренебрежение", "Нехтування"],
        (Dimension::Grounds, "VIOLENCE") => ["Violence", "Насилие", "Насильство"],
        (Dimension::Grounds, "EVASION_OF_DUTIES") => {
            ["Evasion of duties", "Уклонение от обязанностей", "Ухилення від обов'язків"]
        }
        (Dimension::Grounds, "DEPENDENCE") => ["Dependence", "Зависимость", "Залежність"],
        (Dimension::Grounds, "POVERTY") => ["Poverty", "Бедность", "Бідність"],
        (Dimension::Grounds, "HOUSING") => ["Housing", "Жильё", "Житло"],
        (Dimension::Grounds, "LOSS_OF_CARE") => {
            ["Loss of care", "Утрата попечения", "Втрата піклування"]
        }
        (Dimension::SupportLevel, "ADAPTATION") => ["Adaptation", "Адаптационный", "Адаптаційний"],
        (Dimension::SupportLevel, "BASIC") => ["Basic", "Базовый", "Базовий"],
        (Dimension::SupportLevel, "CRISIS") => ["Crisis", "Кризисный", "Кризовий"],
        (Dimension::SupportLevel, "EMERGENCY") => ["Emergency", "Экстренный", "Екстрений"],
        (Dimension::ClosureClass, "OVERCAME") => ["Overcame", "Преодолели", "Подолали"],
        (Dimension::ClosureClass, "ADVERSE") => {
            ["Adverse outcome", "Неблагоприятный исход", "Несприятливий наслідок"]
        }
        (Dimension::ClosureClass, "MOVED") => ["Moved away", "Выбыли", "Вибули"],
        (Dimension::ClosureClass, "TRANSFERRED") => ["Transferred", "Переданы", "Передані"],
        (Dimension::ClosureClass, "REFUSED") => ["Refused", "Отказались", "Відмовилися"],
        (Dimension::ClosureClass, "ADMINISTRATIVE") => {
            ["Administrative", "Административно", "Адміністративно"]
        }
        (Dimension::Outcome, "ENTERED") => ["Entered", "Вошли", "Увійшли"],
        (Dimension::Outcome, "COMPLETED") => ["Completed", "Завершили", "Завершили"],
        (Dimension::Outcome, "DROPPED" | "DROPPED_OUT") => ["Dropped out", "Выбыли", "Вибули"],
        (Dimension::Outcome, "RELAPSED") => {
            ["Relapsed", "Вернулись к прежнему", "Повернулися до колишнього"]
        }
        (Dimension::Outcome, "STILL_IN") => ["Still in", "Продолжают", "Продовжують"],
        (Dimension::Outcome, "MOVED") => ["Moved away", "Переехали", "Переїхали"],
        (Dimension::Outcome, "EXCLUDED") => ["Excluded", "Исключены", "Виключені"],
        (Dimension::Destination, code) => return destination_name(code, language),
        (_, "OTHER") => ["Other", "Другое", "Інше"],
        _ => return code,
    };
    language.choose(english, russian, ukrainian)
}

fn destination_name(code: &str, language: Language) -> &str {
    let [english, russian, ukrainian] = match code {
        "BIRTH_FAMILY" => ["Birth family", "Кровная семья", "Біологічна сім'я"],
        "KIN" => ["Kin", "Родственники", "Родичі"],
        "GUARDIANSHIP" => ["Guardianship", "Опека", "Опіка"],
        "FOSTER" => ["Foster family", "Приёмная семья", "Прийомна сім'я"],
        "ADOPTION" => ["Adoption", "Усыновление", "Усиновлення"],
        "OTHER_CENTRE" => ["Another centre", "Другое учреждение", "Інший заклад"],
        "INDEPENDENT" => ["Independent life", "Самостоятельная жизнь", "Самостійне життя"],
        "MEDICAL" => ["Medical care", "Медицинская помощь", "Медична допомога"],
        "CUSTODY" => ["Custody", "Под стражей", "Під вартою"],
        "LEFT_WITHOUT_PERMISSION" => {
            ["Left without permission", "Самовольный уход", "Самовільний відхід"]
        }
        "DIED" => ["Died", "Смерть", "Смерть"],
        "OTHER" => ["Other", "Другое", "Інше"],
        _ => return code,
    };
    language.choose(english, russian, ukrainian)
}
