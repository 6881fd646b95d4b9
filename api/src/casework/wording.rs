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
    InvalidStateTransition EpisodeOpen =>
        "The episode is open: record what happened as a visit, a service or a measure.",
        "Эпизод открыт: запишите произошедшее как посещение, услугу или мероприятие.",
        "Епізод відкрито: запишіть те, що сталося, як відвідування, послугу або захід.";
    DependencyFailed OpenPlacements =>
        "A child of the family is placed, or a placement is asked for: discharge or cancel it first.",
        "Ребёнок семьи размещён или размещение запрошено: сначала завершите или отмените его.",
        "Дитину родини влаштовано або влаштування запитано: спершу завершіть або скасуйте його.";
    DependencyFailed RunningEnrolments =>
        "An enrolment in a programme runs: end it first.",
        "Участие в программе продолжается: сначала завершите его.",
        "Участь у програмі триває: спершу завершіть її.";
    DependencyFailed ImmediateReports =>
        "An immediate report about the family is open: decide it first.",
        "Есть нерассмотренное срочное сообщение о семье: сначала примите решение по нему.",
        "Є нерозглянуте термінове повідомлення про родину: спершу вирішіть щодо нього.";
    InvalidStateTransition ClosureByItsVerbs =>
        "A closure is asked for by caseClosureRequest and decided by caseClosureDecide.",
        "Закрытие запрашивают через caseClosureRequest, решают через caseClosureDecide.",
        "Закриття запитують через caseClosureRequest, вирішують через caseClosureDecide.";
    DependencyFailed NoActivePlan =>
        "The case has no plan in force: agree a plan and activate it first.",
        "У дела нет действующего плана: сначала согласуйте и введите план.",
        "Справа не має чинного плану: спершу погодьте і введіть план.";
    NotFound NotACaseworker =>
        "No caseworker or supervisor of your organisation has this id: check it.",
        "В вашей организации нет такого специалиста или руководителя: проверьте номер.",
        "У вашій організації немає такого фахівця чи керівника: перевірте номер.";
    AlreadyExists AssignedAlready =>
        "The worker is assigned so already.",
        "Работник уже так назначен.",
        "Працівника вже так призначено.";
    DependencyFailed LeadNeedsSuccessor =>
        "A case is never without a lead worker: assign another one, and this assignment ends.",
        "У дела всегда есть ответственный: назначьте другого, и это назначение закончится.",
        "Справа завжди має відповідального: призначте іншого, і це призначення скінчиться.";
    PermissionDenied SupervisorDecides =>
        "A move out of the organisation's areas is for a supervisor: ask yours.",
        "Переезд за пределы территорий организации оформляет руководитель: обратитесь к нему.",
        "Переїзд за межі територій організації оформлює керівник: зверніться до нього.";
    DependencyFailed MoveNeedsDecision =>
        "The family moves out of the organisation's areas: record the decision, and name it here.",
        "Семья переезжает за пределы территорий организации: запишите решение и укажите его здесь.",
        "Родина переїздить за межі територій організації: запишіть рішення і вкажіть його тут.";
    DuplicateSuspected DuplicateSuspected =>
        "This looks like somebody known: look at the candidates, or confirm that it is new.",
        "Похоже на уже известную запись: посмотрите кандидатов или подтвердите, что запись новая.",
        "Схоже на вже відомий запис: погляньте на кандидатів або підтвердьте, що запис новий.";
    AlreadyExists MembershipsOverlap =>
        "The person belongs to this family in that time already: end that membership, or change the dates.",
        "Человек в это время уже состоит в этой семье: завершите то членство или измените даты.",
        "Людина в цей час уже належить до цієї родини: завершіть те членство або змініть дати.";
    InvalidStateTransition EndedAlready =>
        "This has ended already.",
        "Это уже завершено.",
        "Це вже завершено.";
    Invalid SamePerson =>
        "This is the person itself: name another one.",
        "Это сам этот человек: укажите другого.",
        "Це сама ця людина: вкажіть іншу.";
    Invalid NotForThisKind =>
        "This does not belong to this kind: leave it out.",
        "К этому виду это не относится: не передавайте это поле.",
        "До цього виду це не належить: не передавайте це поле.";
    Invalid LegalNameByUpdate =>
        "The legal name is changed by personUpdate: do that, or choose another kind.",
        "Официальное имя меняют через personUpdate: сделайте так или выберите другой вид.",
        "Офіційне ім’я змінюють через personUpdate: зробіть так або виберіть інший вид.";
    DependencyFailed StatusNeedsDecision =>
        "This status follows from a decision: record the decision, and name it here.",
        "Этот статус следует из решения: запишите решение и укажите его здесь.",
        "Цей статус випливає з рішення: запишіть рішення і вкажіть його тут.";
}
