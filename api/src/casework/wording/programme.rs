//! The words about programmes and enrolments.

use chrono::{DateTime, NaiveDate, Utc};

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with a programme or an enrolment says.
    ProgrammeText;

    PermissionDenied RunElsewhere =>
        "You don't act for the organisation that runs this programme: ask somebody who does.",
        "Вы не действуете от организации этой программы: обратитесь к тем, кто действует.",
        "Ви не дієте від організації цієї програми: зверніться до тих, хто діє.";
    PermissionDenied LedAndRunElsewhere =>
        "You neither lead the work with this family nor run the programme: ask somebody who does.",
        "Вы не ведёте работу с этой семьёй и не действуете от организации программы: обратитесь к ним.",
        "Ви не ведете роботу з цією родиною і не дієте від організації програми: зверніться до них.";
    InvalidFormat Currency =>
        "Give the code of the currency in three capitals, as ISO 4217 has it, for example EUR.",
        "Укажите код валюты тремя заглавными буквами по ISO 4217, например EUR.",
        "Вкажіть код валюти трьома великими літерами за ISO 4217, наприклад EUR.";
    Invalid StageNumber { most: usize } =>
        "Name a stage by its number in this list: from 1 to {most}.",
        "Укажите этап его номером в этом списке: от 1 до {most}.",
        "Вкажіть етап його номером у цьому списку: від 1 до {most}.";
    OutOfRange ValuesOutOfOrder =>
        "The least value must be below the one from which on it does not hold; give at least one.",
        "Наименьшее значение должно быть меньше предельного; укажите хотя бы одно.",
        "Найменше значення має бути менше за граничне; вкажіть хоча б одне.";
    InvalidStateTransition ProgrammeOver =>
        "The programme has ended: it is kept as it was.",
        "Программа завершена: она остаётся как была.",
        "Програму завершено: вона лишається як була.";
    DependencyFailed EnrolmentsRun { count: usize } =>
        "Enrolments that run: {count}. End them first.",
        "Действующих участий: {count}. Сначала завершите их.",
        "Чинних участей: {count}. Спершу завершіть їх.";
    CapacityExceeded IntakeHeld { holders: usize } =>
        "{holders} places are held: set at least as many.",
        "Занято мест: {holders}. Укажите не меньше.",
        "Зайнято місць: {holders}. Вкажіть не менше.";
    InvalidStateTransition IntakeShut =>
        "This intake takes nobody today: choose one that is open.",
        "Этот набор сегодня закрыт: выберите открытый.",
        "Цей набір сьогодні закрито: виберіть відкритий.";
    AlreadyExists EnrolledAlready =>
        "The same takes part in this intake already, or asked to: go on with that enrolment.",
        "Участие в этом наборе уже есть или запрошено: продолжайте с ним.",
        "Участь у цьому наборі вже є або запитано: продовжуйте з нею.";
    NotAvailableInArea NotAvailableInArea =>
        "The programme is not available where the family lives: choose one that is.",
        "Программа недоступна там, где живёт семья: выберите доступную.",
        "Програма недоступна там, де живе родина: виберіть доступну.";
    NotEligible NotEligible { reasons: String } =>
        "Not eligible. {reasons}",
        "Условия участия не выполнены. {reasons}",
        "Умови участі не виконано. {reasons}";
    Invalid OnePerson =>
        "One person enrols here: name one.",
        "Здесь участвует один человек: укажите одного.",
        "Тут бере участь одна людина: вкажіть одну.";
    Invalid ParentAndChild =>
        "A parent or caregiver and a child of the family enrol here: name at least one of each.",
        "Здесь участвуют родитель или опекун и ребёнок семьи: укажите хотя бы по одному.",
        "Тут беруть участь хтось із батьків чи опікунів і дитина родини: вкажіть хоча б по одному.";
    Invalid NotMemberNow =>
        "This person does not belong to the family today: check the person.",
        "Сегодня человек не входит в эту семью: проверьте человека.",
        "Сьогодні людина не належить до цієї родини: перевірте людину.";
    NotFound NotAWorker =>
        "Nobody who works with this family or in this programme has this id: check it.",
        "Среди тех, кто работает с семьёй или в программе, такого нет: проверьте номер.",
        "Серед тих, хто працює з родиною чи у програмі, такого немає: перевірте номер.";
    OutOfRange OfferRanOut { at: DateTime<Utc> } =>
        "The offer ran out at {at:?}: ask for a new one.",
        "Предложение истекло {at:?}: запросите новое.",
        "Пропозиція сплила {at:?}: запитайте нову.";
    DependencyFailed NoWaitingList =>
        "This intake keeps no waiting list: decline without waiting.",
        "У этого набора нет очереди: откажитесь без ожидания.",
        "У цього набору немає черги: відмовтеся без очікування.";
    Invalid OnlyWhenDeclined =>
        "This goes with a declined offer only: leave it out.",
        "Это относится только к отказу: не передавайте это поле.",
        "Це стосується лише відмови: не передавайте це поле.";
    InvalidStateTransition NotTakingPart =>
        "The enrolment is not under way: it must be accepted, and neither suspended nor ended.",
        "Участие не идёт: оно должно быть принято, не приостановлено и не завершено.",
        "Участь не триває: її має бути прийнято, не призупинено і не завершено.";
    Invalid OwnerKind { kind: String } =>
        "This stage is carried out by an agency of the kind {kind}: name one.",
        "Этот этап проводит организация вида {kind}: укажите такую.",
        "Цей етап проводить організація виду {kind}: вкажіть таку.";
    DependencyFailed StageBefore { name: String } =>
        "The stage \"{name}\" must be completed before.",
        "Сначала должен быть завершён этап «{name}».",
        "Спершу має бути завершено етап «{name}».";
    InvalidStateTransition StageEntered =>
        "The stage was entered already: say how it went.",
        "Этап уже начат: укажите, как он прошёл.",
        "Етап уже розпочато: вкажіть, як він пройшов.";
    InvalidStateTransition StageCompleted =>
        "The stage is completed: only a relapse leads out of it.",
        "Этап завершён: из него ведёт только срыв.",
        "Етап завершено: з нього веде лише зрив.";
    InvalidStateTransition StageNotEntered =>
        "The stage was not entered: record that first.",
        "Этап не начат: сначала запишите его начало.",
        "Етап не розпочато: спершу запишіть його початок.";
    ConsentRequired ConsentMissing =>
        "This stage starts only with a recorded consent to programmes, of the family or of each who takes part: record it first.",
        "Этот этап начинается только с записанного согласия семьи или каждого участника на программы: сначала запишите его.",
        "Цей етап починається лише із записаної згоди родини або кожного учасника на програми: спершу запишіть її.";
    Invalid NeverBegan =>
        "Who never began can't have completed it: choose another outcome.",
        "Кто не начинал, не мог завершить: выберите другой итог.",
        "Хто не починав, не міг завершити: виберіть інший підсумок.";
    Invalid NotAParticipant =>
        "This person does not take part: check the person.",
        "Этот человек не участвует: проверьте человека.",
        "Ця людина не бере участі: перевірте людину.";
    NotEligible MustBeActive =>
        "The programme must be running.",
        "Программа должна действовать.",
        "Програма має діяти.";
    NotEligible MustBeInPeriod { since: NaiveDate, until: String } =>
        "The day must lie in the programme's period: from {since} until {until}.",
        "День должен попадать в срок программы: с {since} до {until}.",
        "День має припадати на строк програми: з {since} до {until}.";
    NotEligible MustBeAvailable =>
        "The programme must be available where the family lives.",
        "Программа должна быть доступна там, где живёт семья.",
        "Програма має бути доступна там, де живе родина.";
    NotEligible MustBeOfAge { least: i32, below: String } =>
        "The age must be from {least} to under {below} completed months.",
        "Возраст должен быть от {least} до {below} полных месяцев, не включая последний.",
        "Вік має бути від {least} до {below} повних місяців, не включно з останнім.";
    NotEligible AgeUnknown { least: i32, below: String } =>
        "The age must be from {least} to under {below} completed months, and the birth date is not known exactly enough.",
        "Возраст должен быть от {least} до {below} полных месяцев, а дата рождения известна недостаточно точно.",
        "Вік має бути від {least} до {below} повних місяців, а дату народження відомо недостатньо точно.";
    NotEligible PersonUnknown =>
        "Somebody must be named of whom the age is asked.",
        "Нужно указать, чей возраст проверяется.",
        "Треба вказати, чий вік перевіряється.";
    NotEligible MustLiveThere =>
        "The family must live in the area that the rule names.",
        "Семья должна жить на территории, указанной в условии.",
        "Родина має жити на території, зазначеній в умові.";
    NotEligible MustHave { code: String } =>
        "The family must have the characteristic {code}.",
        "У семьи должен быть признак {code}.",
        "Родина повинна мати ознаку {code}.";
    NotEligible MustBeAtRisk { code: String } =>
        "The risk in the open case must be at least {code}.",
        "Риск в открытом деле должен быть не ниже {code}.",
        "Ризик у відкритій справі має бути не нижчий за {code}.";
    NotEligible MustBeRegistered =>
        "The family or the person must be on the register that the rule names.",
        "Семья или человек должны состоять на учёте, указанном в условии.",
        "Родина чи людина мають бути на обліку, зазначеному в умові.";
    NotEligible MustHaveCompleted =>
        "The programme that the rule names must have been completed before.",
        "Сначала должна быть пройдена программа, указанная в условии.",
        "Спершу має бути пройдено програму, зазначену в умові.";
    NotEligible MustBeReferred =>
        "The family must be referred to the programme's organisation, and the referral accepted.",
        "Семья должна быть направлена в организацию программы, и направление принято.",
        "Родину має бути скеровано до організації програми, і скерування прийнято.";
    NotEligible Hidden =>
        "A condition that you may not see is not met.",
        "Не выполнено условие, которое вам не показано.",
        "Не виконано умову, яку вам не показано.";
}

impl ProgrammeText {
    /// What is needed, without what is known of anybody.
    #[must_use]
    pub fn plain(&self) -> Self {
        match self.clone() {
            Self::AgeUnknown { least, below } => Self::MustBeOfAge { least, below },
            other => other,
        }
    }
}
