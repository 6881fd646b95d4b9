//! The words of problems with reports.

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with a report says.
    Reporting;

    PermissionDenied PublishedByAnother =>
        "An organisation above or below yours publishes for those who may see no person: a second report could be subtracted from it. Publish this one as INTERNAL, or let the other publish.",
        "Для тех, кому нельзя видеть людей, публикует организация выше или ниже вашей: второй отчёт можно было бы вычесть из её отчёта. Опубликуйте как INTERNAL или поручите публикацию ей.",
        "Для тих, кому не можна бачити людей, публікує організація вище або нижче вашої: другий звіт можна було б відняти від її звіту. Опублікуйте як INTERNAL або доручіть публікацію їй.";
    OutOfRange PeriodTooLong { years: i64 } =>
        "A report covers at most {years} years: choose a shorter period.",
        "Отчёт охватывает не более {years} лет: выберите период короче.",
        "Звіт охоплює не більше {years} років: виберіть коротший період.";
    OutOfRange AsOfInFuture =>
        "The report can't be as of a moment to come: leave `asOf` out for now.",
        "Отчёт не может быть на будущий момент: не указывайте `asOf`, чтобы взять текущий.",
        "Звіт не може бути на майбутній момент: не вказуйте `asOf`, щоб узяти поточний.";
}
