//! The words of problems with access in an emergency.

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with access in an emergency says.
    Emergency;

    PermissionDenied SummaryOnly =>
        "Only a supervisor may open this in full: ask for SUMMARY, or call your supervisor.",
        "Полностью открыть может только руководитель: запросите SUMMARY или обратитесь к руководителю.",
        "Повністю відкрити може лише керівник: запитайте SUMMARY або зверніться до керівника.";
    AlreadyExists HoldsAlready { until: chrono::DateTime<chrono::Utc> } =>
        "This is open to you until {until:?}: if you need it longer, ask again then.",
        "Это открыто вам до {until:?}: если нужно дольше, запросите снова после этого.",
        "Це відкрито вам до {until:?}: якщо потрібно довше, запитайте знову після цього.";
    AlreadyExists SeenAnyway =>
        "You see this at that level anyway: just read it.",
        "Вам это и так доступно на этом уровне: просто откройте.",
        "Вам це і так доступно на цьому рівні: просто відкрийте.";
    PermissionDenied TooMany { most: usize } =>
        "You opened {most} files in an emergency within a day: call your supervisor, or let the office that leads share with you.",
        "За сутки вы экстренно открыли дел: {most}. Обратитесь к руководителю или попросите ведущую организацию предоставить доступ.",
        "За добу ви екстрено відкрили справ: {most}. Зверніться до керівника або попросіть організацію, що веде, надати доступ.";
    PermissionDenied ReviewedElsewhere =>
        "The supervisors of the worker's organisation review this: ask there.",
        "Это проверяют руководители организации работника: обратитесь туда.",
        "Це перевіряють керівники організації працівника: зверніться туди.";
    InvalidStateTransition ReviewedAlready =>
        "This was reviewed already: its outcome stays.",
        "Это уже проверено: итог остаётся.",
        "Це вже перевірено: підсумок лишається.";
}
