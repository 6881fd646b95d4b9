//! The words of problems, in each language side by side: what is wrong, and what to do about it.

use super::problem::Code;
use crate::language::Language;

/// Declares texts: a code, a name with its values, and the words in English, Russian, Ukrainian.
macro_rules! texts {
    ($($code:ident $name:ident $({ $($field:ident: $type:ty),+ })? =>
        $english:literal, $russian:literal, $ukrainian:literal;)+) => {
        /// What a problem says.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the words say it")]
        pub enum Text {
            $($name $({ $($field: $type),+ })?),+
        }

        impl Text {
            /// The code of a text.
            pub const fn code(&self) -> Code {
                match self {
                    $(Self::$name { .. } => Code::$code),+
                }
            }

            /// The words in a language.
            pub fn told(&self, language: Language) -> String {
                match self {
                    $(Self::$name $({ $($field),+ })? => language.choose(
                        format!($english),
                        format!($russian),
                        format!($ukrainian),
                    )),+
                }
            }
        }
    };
}

texts! {
    Required Required =>
        "Give a value here.",
        "Укажите значение.",
        "Вкажіть значення.";
    Required NotNull =>
        "This can't be cleared: leave it out to keep it as it is.",
        "Это поле нельзя очистить: не передавайте его, чтобы оставить как есть.",
        "Це поле не можна очистити: не передавайте його, щоб лишити як є.";
    Required ReasonRequired =>
        "Say why.",
        "Укажите причину.",
        "Вкажіть причину.";
    Invalid Characters =>
        "The text holds control characters: send plain text.",
        "В тексте есть управляющие символы: отправьте обычный текст.",
        "У тексті є керівні символи: надішліть звичайний текст.";
    TooLong TooLong { most: usize } =>
        "At most {most} characters: shorten it.",
        "Не более {most} знаков: сократите.",
        "Не більше ніж {most} знаків: скоротіть.";
    TooManyItems TooMany { most: usize } =>
        "At most {most} items: send fewer at once.",
        "Не более {most} элементов: отправьте меньше за раз.",
        "Не більше ніж {most} елементів: надішліть менше за раз.";
    Invalid Repeated =>
        "The same is listed twice: list it once.",
        "Одно и то же указано дважды: оставьте один раз.",
        "Те саме вказано двічі: лишіть один раз.";
    OutOfRange OutOfRange { least: i64, most: i64 } =>
        "Give a number from {least} to {most}.",
        "Укажите число от {least} до {most}.",
        "Вкажіть число від {least} до {most}.";
    OutOfRange InFuture { today: chrono::NaiveDate } =>
        "This can't be in the future: at the latest {today}.",
        "Это не может быть в будущем: не позднее {today}.",
        "Це не може бути в майбутньому: не пізніше {today}.";
    OutOfRange InPast { today: chrono::NaiveDate } =>
        "This must not be in the past: at the earliest {today}.",
        "Это не может быть в прошлом: не раньше {today}.",
        "Це не може бути в минулому: не раніше {today}.";
    OutOfRange TooEarly { earliest: chrono::NaiveDate } =>
        "This is too early: at the earliest {earliest}.",
        "Слишком рано: не раньше {earliest}.",
        "Надто рано: не раніше {earliest}.";
    OutOfRange BeforeBirth =>
        "This lies before the person was born: check the dates.",
        "Это раньше рождения человека: проверьте даты.",
        "Це раніше від народження людини: перевірте дати.";
    OutOfRange AfterDeath =>
        "This lies after the person's death: check the dates.",
        "Это позже смерти человека: проверьте даты.",
        "Це пізніше від смерті людини: перевірте дати.";
    OutOfRange DatesOutOfOrder =>
        "The end must come after the beginning.",
        "Конец должен быть позже начала.",
        "Кінець має бути пізніше від початку.";
    NotFound NotFound =>
        "There is nothing here that you may see under this id: check it.",
        "По этому номеру нет ничего, что вам доступно: проверьте его.",
        "За цим номером немає нічого, що вам доступно: перевірте його.";
    AlreadyExists AlreadyExists =>
        "This is recorded already, or the id is taken: look at what is there, or use a new id.",
        "Это уже записано, либо номер занят: посмотрите, что есть, или возьмите новый номер.",
        "Це вже записано, або номер зайнято: погляньте, що є, або візьміть новий номер.";
    InvalidStateTransition Transition { from: String, to: String, told: String } =>
        "It stands at {from} and can't become {to}; it can become: {told}.",
        "Сейчас {from}, стать {to} нельзя; возможно: {told}.",
        "Зараз {from}, стати {to} не можна; можливо: {told}.";
    VersionConflict VersionConflict { current: i32 } =>
        "Somebody changed this meanwhile (version {current} now): look at the current state, then decide again.",
        "Тем временем это изменили (теперь версия {current}): посмотрите на текущее состояние и решите заново.",
        "Тим часом це змінили (тепер версія {current}): погляньте на поточний стан і вирішіть знову.";
    IdempotencyKeyReused KeyReused =>
        "This clientMutationId was used for something else: make a new one for each new change.",
        "Этот clientMutationId уже использован для другого: создавайте новый для каждого изменения.",
        "Цей clientMutationId уже використано для іншого: створюйте новий для кожної зміни.";
    ApproverIsRequester ApproverIsRequester =>
        "Whoever asked can't approve: let somebody else decide.",
        "Кто запросил, не может утвердить: пусть решит другой.",
        "Хто просив, не може затвердити: нехай вирішить інший.";
    InvalidStateTransition CaseClosed =>
        "The case is closed: add a note to the episode, or reopen the case.",
        "Дело закрыто: добавьте примечание к эпизоду или откройте дело заново.",
        "Справу закрито: додайте примітку до епізоду або відкрийте справу знову.";
    PermissionDenied WorkersOnly =>
        "Only a worker can do this, not a machine account.",
        "Это может сделать только работник, а не машинная учётная запись.",
        "Це може зробити лише працівник, а не машинний обліковий запис.";
    AlreadyExists CaseOpenAlready =>
        "The family has such a case open: work in that one.",
        "У семьи уже есть открытое дело этого вида: работайте в нём.",
        "Родина вже має відкриту справу цього виду: працюйте в ній.";
    Required ReceiverUnknown =>
        "No service is known that receives reports about this area: name one in organisationId.",
        "Неизвестно, какая служба принимает сообщения по этой территории: укажите её в organisationId.",
        "Невідомо, яка служба приймає повідомлення щодо цієї території: вкажіть її в organisationId.";
    Invalid ReceivesNoReports =>
        "This organisation receives no reports: name a social service or a service for children's affairs that acts.",
        "Эта организация не принимает сообщений: укажите действующую социальную службу или службу по делам детей.",
        "Ця організація не приймає повідомлень: вкажіть чинну соціальну службу або службу у справах дітей.";
    Invalid ReporterIsAnonymous =>
        "The reporter wishes not to be named: leave this out, or send isAnonymous: false.",
        "Заявитель пожелал остаться неназванным: не передавайте это поле или отправьте isAnonymous: false.",
        "Заявник побажав лишитися неназваним: не передавайте це поле або надішліть isAnonymous: false.";
    OutOfRange LaterThanTerms { latest: chrono::DateTime<chrono::Utc> } =>
        "At this urgency it is due by {latest:?}: set it earlier, or ask a supervisor for a longer term.",
        "При такой срочности срок не позднее {latest:?}: укажите более ранний или попросите руководителя продлить его.",
        "За такої терміновості строк не пізніше {latest:?}: вкажіть раніший або попросіть керівника подовжити його.";
    InvalidStateTransition ReportDecided =>
        "The report is decided: submit a new one, or go on in its case.",
        "По сообщению уже принято решение: зарегистрируйте новое или продолжайте работу в деле.",
        "Щодо повідомлення вже вирішено: зареєструйте нове або продовжуйте роботу у справі.";
    Invalid OtherDecision =>
        "This belongs to another decision: leave it out, or decide otherwise.",
        "Это относится к другому решению: не передавайте это поле или выберите другое решение.",
        "Це стосується іншого рішення: не передавайте це поле або оберіть інше рішення.";
    Required FamilyUnknown =>
        "It is not known which family the report is about: name it here, or link the report first.",
        "Неизвестно, о какой семье сообщение: укажите её здесь или сначала свяжите с ней сообщение.",
        "Невідомо, про яку родину повідомлення: вкажіть її тут або спершу пов'яжіть із нею повідомлення.";
    DependencyFailed FactsUnfounded =>
        "No visit to the family was recorded for this report: record one, or say what confirms the facts.",
        "По этому сообщению не записано посещение семьи: запишите его или укажите, чем подтверждаются факты.",
        "За цим повідомленням не записано відвідування родини: запишіть його або вкажіть, чим підтверджено факти.";
    Invalid RepeatsItself =>
        "A report can't repeat itself: name another one.",
        "Сообщение не может повторять само себя: укажите другое.",
        "Повідомлення не може повторювати саме себе: вкажіть інше.";
    Invalid RepeatsAnotherFamily =>
        "That report is not known to be about this family: link it to the family first, or name another one.",
        "То сообщение не связано с этой семьёй: сначала свяжите его с ней или укажите другое.",
        "Те повідомлення не пов'язане з цією родиною: спершу пов'яжіть його з нею або вкажіть інше.";
    Invalid RepeatsARepetition =>
        "That report repeats another one itself: name the first one.",
        "То сообщение само повторяет другое: укажите первое.",
        "Те повідомлення саме повторює інше: вкажіть перше.";
}
