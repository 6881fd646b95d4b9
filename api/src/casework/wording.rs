//! The words of problems, in each language side by side: what is wrong, and what to do about it.

mod emergency;
mod placing;
mod programme;
mod reporting;
mod sharing;
mod training;

use super::problem::Code;
use crate::language::Language;

pub use emergency::Emergency;
pub use placing::Placing;
pub use programme::ProgrammeText;
pub use reporting::Reporting;
pub use sharing::Sharing;
pub use training::Training;

/// Declares texts: a code, a name with its values, and the words in English, Russian, Ukrainian; and
/// the texts of features that have a file of their own.
macro_rules! texts {
    ($(#[$doc:meta])+ $texts:ident $(with $own:ident)*;
    $($code:ident $name:ident $({ $($field:ident: $type:ty),+ })? =>
        $english:literal, $russian:literal, $ukrainian:literal;)+) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the words say it")]
        pub enum $texts {
            $($name $({ $($field: $type),+ })?,)+
            $($own($own),)*
        }

        impl $texts {
            /// The code of a text.
            pub const fn code(&self) -> Code {
                match self {
                    $(Self::$name { .. } => Code::$code,)+
                    $(Self::$own(own) => own.code(),)*
                }
            }

            /// The words in a language.
            pub fn told(&self, language: Language) -> String {
                match self {
                    $(Self::$name $({ $($field),+ })? => language.choose(
                        format!($english),
                        format!($russian),
                        format!($ukrainian),
                    ),)+
                    $(Self::$own(own) => own.told(language),)*
                }
            }
        }

        $(impl From<$own> for $texts {
            fn from(own: $own) -> Self {
                Self::$own(own)
            }
        })*
    };
}
use texts;

texts! {
    /// What a problem says.
    Text with ProgrammeText with Placing with Emergency with Sharing with Reporting
        with Training;

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
        "No caseworker or supervisor of your organisation who sees this family has this id: check it.",
        "В вашей организации нет такого специалиста или руководителя с доступом к семье: проверьте номер.",
        "У вашій організації немає такого фахівця чи керівника з доступом до родини: перевірте номер.";
    AlreadyExists AssignedAlready =>
        "The worker is assigned so already.",
        "Работник уже так назначен.",
        "Працівника вже так призначено.";
    DependencyFailed LeadNeedsSuccessor =>
        "A case is never without a lead worker: assign another one, and this assignment ends.",
        "У дела всегда есть ответственный: назначьте другого, и это назначение закончится.",
        "Справа завжди має відповідального: призначте іншого, і це призначення скінчиться.";
    PermissionDenied AddressProtected =>
        "You may not read this address: send another one or null with it, or ask somebody who may.",
        "Вам нельзя видеть этот адрес: передайте другой или null либо обратитесь к тому, кому можно.",
        "Вам не можна бачити цю адресу: передайте іншу або null чи зверніться до того, кому можна.";
    PermissionDenied ReceiverMoves =>
        "Another organisation received this report: it decides on it, ask there.",
        "Это сообщение получила другая организация: решает она, обратитесь туда.",
        "Це повідомлення отримала інша організація: вирішує вона, зверніться туди.";
    PermissionDenied AnothersVisit =>
        "This visit is planned for somebody else: record your own under a new id.",
        "Это посещение запланировано для другого: запишите своё под новым номером.",
        "Це відвідування заплановано для іншого: запишіть своє за новим номером.";
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
    DependencyFailed DraftOpen =>
        "A draft of the plan is open: agree on it or cancel it first.",
        "Открыт проект плана: сначала согласуйте его или отмените.",
        "Відкрито проєкт плану: спершу погодьте його або скасуйте.";
    DependencyFailed NotAssessed =>
        "The family is not assessed yet: record an assessment first.",
        "Семья ещё не обследована: сначала внесите оценку.",
        "Родину ще не обстежено: спершу внесіть оцінку.";
    DependencyFailed MeasuresOpen { count: usize } =>
        "Measures without a result: {count}. Say of each what came of it, or cancel it.",
        "Мероприятий без результата: {count}. Укажите итог каждого или отмените его.",
        "Заходів без результату: {count}. Вкажіть підсумок кожного або скасуйте його.";
    InvalidStateTransition NotInForce =>
        "The plan is not in force: agree on it and activate it first.",
        "План не введён в действие: сначала согласуйте и введите его.",
        "План не введено в дію: спершу погодьте і введіть його.";
    InvalidStateTransition PlanOver =>
        "The plan is over, and its measures with it: write into the plan in force.",
        "План завершён, и его мероприятия тоже: вносите в действующий план.",
        "План завершено, і його заходи теж: вносьте до чинного плану.";
    InvalidStateTransition PlanSigned =>
        "The plan is signed, so this stays as agreed: draft a new plan to change it.",
        "План подписан, это остаётся как согласовано: для изменения составьте новый план.",
        "План підписано, це лишається як погоджено: для зміни складіть новий план.";
    InvalidStateTransition MeasureOver =>
        "The measure is over: only the words about its result may be changed.",
        "Мероприятие завершено: изменить можно только описание результата.",
        "Захід завершено: змінити можна лише опис результату.";
    Invalid OnlyWhenDone =>
        "Give this day only together with the status DONE.",
        "Этот день указывают только вместе со статусом DONE.",
        "Цей день вказують лише разом зі статусом DONE.";
    Invalid OnlyOne =>
        "Name only one of them: leave this one out.",
        "Укажите что-то одно: это поле не передавайте.",
        "Вкажіть щось одне: це поле не передавайте.";
    OutOfRange TooLate { latest: chrono::NaiveDate } =>
        "This is too late: at the latest {latest}.",
        "Слишком поздно: не позднее {latest}.",
        "Надто пізно: не пізніше {latest}.";
    DependencyFailed ReportUnlinked =>
        "The report is not linked to a family yet: link it to one, then plan or record the visit.",
        "Сообщение ещё не связано с семьёй: свяжите его с семьёй, затем планируйте или записывайте посещение.",
        "Повідомлення ще не пов'язане з родиною: пов'яжіть його з родиною, потім плануйте або записуйте відвідування.";
    Invalid ReportPurpose =>
        "A visit for a report verifies it: leave the purpose out, or send VERIFICATION.",
        "Посещение по сообщению служит проверке: не передавайте цель или передайте VERIFICATION.",
        "Відвідування за повідомленням є перевіркою: не передавайте мету або передайте VERIFICATION.";
    PermissionDenied CentrePurpose =>
        "From a centre, a family is visited after a discharge or to see how it is: choose POST_DISCHARGE or MONITORING.",
        "Из центра семью посещают после выписки или для наблюдения: выберите POST_DISCHARGE или MONITORING.",
        "Із центру родину відвідують після виписки або для спостереження: виберіть POST_DISCHARGE або MONITORING.";
    Invalid NotWithOutcome =>
        "This does not go with that outcome: leave it out, or choose another outcome.",
        "Это не сочетается с таким итогом: не передавайте поле или выберите другой итог.",
        "Це не поєднується з таким підсумком: не передавайте поле або виберіть інший підсумок.";
    Invalid UnplannedOutcome =>
        "A visit that was not planned is COMPLETED or NO_ACCESS: name the planned visit by its id, or choose one of these.",
        "Незапланированное посещение бывает только COMPLETED или NO_ACCESS: укажите номер запланированного посещения или выберите один из этих итогов.",
        "Незаплановане відвідування буває лише COMPLETED або NO_ACCESS: вкажіть номер запланованого відвідування або виберіть один із цих підсумків.";
    Invalid VisitDiffers =>
        "The visit was planned with another value: leave this out, or record a visit of its own under a new id.",
        "Посещение запланировано с другим значением: не передавайте это поле или запишите отдельное посещение под новым номером.",
        "Відвідування заплановано з іншим значенням: не передавайте це поле або запишіть окреме відвідування за новим номером.";
    Invalid SeenAlone =>
        "A child that was seen alone was seen: say so, or clear this.",
        "Ребёнок, с которым встретились наедине, был увиден: отметьте это или снимите отметку.",
        "Дитину, з якою зустрілися наодинці, бачили: позначте це або зніміть позначку.";
    Invalid NotChildThen =>
        "This person was not a child of the family on that day: check the person and the day.",
        "В этот день человек не был ребёнком этой семьи: проверьте человека и день.",
        "Того дня людина не була дитиною цієї родини: перевірте людину та день.";
    Invalid NotMemberThen =>
        "This person did not belong to the family by that day: check the person and the day.",
        "К этому дню человек не входил в семью: проверьте человека и день.",
        "До того дня людина не входила до родини: перевірте людину та день.";
    Invalid OutOfUse =>
        "This is no longer in use: choose one that is active.",
        "Это больше не используется: выберите действующее.",
        "Це більше не використовується: виберіть чинне.";
    PermissionDenied ProviderElsewhere =>
        "You record services of your own organisation: leave the provider out, or name one of its branches.",
        "Вы записываете услуги своей организации: не передавайте исполнителя или укажите её подразделение.",
        "Ви записуєте послуги своєї організації: не передавайте виконавця або вкажіть її підрозділ.";
    InvalidStateTransition ServicePlanOver =>
        "The measure's plan is over: record the service for the case, or for a measure of the present plan.",
        "План этой меры завершён: запишите услугу по делу или по мере действующего плана.",
        "План цього заходу завершено: запишіть послугу за справою або за заходом чинного плану.";
    Invalid RegisterSubject =>
        "The register does not list such subjects: choose a register of families for a family, of persons for a person.",
        "Этот учёт не для таких записей: для семьи выберите учёт семей, для человека учёт лиц.",
        "Цей облік не для таких записів: для родини виберіть облік родин, для людини облік осіб.";
    OutOfRange EntriesOverlap { until: chrono::NaiveDate } =>
        "An earlier entry on these grounds lasts until {until}: begin on that day or later.",
        "Прежняя запись по этому основанию действует до {until}: начните с этого дня или позже.",
        "Попередній запис за цією підставою чинний до {until}: почніть із цього дня або пізніше.";
    AlreadyExists EntryOpen =>
        "There is an open entry on this register on these grounds: keep that one, or remove it first.",
        "На этом учёте уже есть действующая запись по этому основанию: оставьте её или сначала снимите.",
        "На цьому обліку вже є чинний запис за цією підставою: лишіть його або спершу зніміть.";
    InvalidStateTransition EntryEnded =>
        "The entry was ended already: enter anew if it is to last.",
        "Запись уже снята: если она должна действовать, поставьте на учёт заново.",
        "Запис уже знято: якщо він має діяти, візьміть на облік знову.";
    AlreadyExists DecisionKnown =>
        "This decision is recorded for the same subject already: use that one.",
        "Это решение уже записано по тому же лицу или семье: используйте его.",
        "Це рішення вже записано щодо тієї самої особи або родини: використайте його.";
    PermissionDenied RunElsewhere =>
        "You don't act for the organisation that runs this centre: ask somebody who does.",
        "Вы не действуете от организации этого центра: обратитесь к тем, кто действует.",
        "Ви не дієте від організації цього центру: зверніться до тих, хто діє.";
    InvalidStateTransition CentreClosed =>
        "The centre is closed: it is kept as it was.",
        "Центр закрыт: он остаётся как был.",
        "Центр закритий: він лишається як був.";
    DependencyFailed CentreOccupied { holders: i64 } =>
        "{holders} places are held there: discharge or move those who hold them first.",
        "Там занято мест: {holders}. Сначала выпишите или переведите тех, кто их занимает.",
        "Там зайнято місць: {holders}. Спершу випишіть або переведіть тих, хто їх займає.";
    CapacityExceeded PlacesHeld { holders: i64 } =>
        "{holders} places are held today: set at least as many, or fewer from a later day.",
        "Сегодня занято мест: {holders}. Укажите не меньше или меньше с более позднего дня.",
        "Сьогодні зайнято місць: {holders}. Вкажіть не менше або менше з пізнішого дня.";
    CapacityExceeded NoPlaceFree =>
        "No place is free: choose another one, or wait for a place if a waiting list is kept.",
        "Свободных мест нет: выберите другое или встаньте в очередь, если она ведётся.",
        "Вільних місць немає: виберіть інше або станьте в чергу, якщо її ведуть.";
    OutOfRange AgesOutOfOrder =>
        "The least age must be below the age from which on nobody is taken.",
        "Наименьший возраст должен быть меньше предельного.",
        "Найменший вік має бути менший за граничний.";
    PermissionDenied LeadOpens =>
        "Another organisation leads the work with this family and opens its cases: let it decide.",
        "Работу с этой семьёй ведёт другая организация, она и открывает случаи: пусть решит она.",
        "Роботу з цією родиною веде інша організація, вона й відкриває випадки: хай вирішить вона.";
    DependencyFailed ClosureAsked =>
        "The closure of the family's case is asked for: have it sent back first, then decide this.",
        "Запрошено закрытие случая этой семьи: сначала пусть его вернут, затем решайте.",
        "Запитано закриття випадку цієї родини: спершу хай його повернуть, тоді вирішуйте.";
    Invalid DecisionNotInEffect =>
        "The decision has no effect today: name one that has.",
        "Решение сегодня не действует: укажите действующее.",
        "Рішення сьогодні не чинне: вкажіть чинне.";
    Invalid DecisionElsewhere =>
        "The decision is about somebody else: name one about this subject or its family.",
        "Решение касается других: укажите решение об этом лице или его семье.",
        "Рішення стосується інших: вкажіть рішення про цю особу або її родину.";
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
