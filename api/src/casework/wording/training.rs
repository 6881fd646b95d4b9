//! The words of problems with trainings.

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with a training says.
    Training;

    PermissionDenied HeldElsewhere =>
        "You don't act for the organisation that held this: name your own or a branch of it, or ask somebody there.",
        "Вы не действуете от организации, которая это провела: укажите свою или её подразделение либо обратитесь туда.",
        "Ви не дієте від організації, яка це провела: вкажіть свою чи її підрозділ або зверніться туди.";
    InvalidStateTransition VoidedAlready =>
        "This is voided already: it stays on record as it is.",
        "Это уже аннулировано: запись остаётся как есть.",
        "Це вже анульовано: запис лишається як є.";
}
