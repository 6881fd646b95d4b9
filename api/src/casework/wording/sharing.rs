//! The words of problems with consents, referrals and transfers.

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with what is shared says.
    Sharing;

    OutOfRange MustLieAhead =>
        "This must lie ahead: give a later moment.",
        "Это должно быть в будущем: укажите более поздний момент.",
        "Це має бути в майбутньому: вкажіть пізнішу мить.";
    OutOfRange TooLong { latest: chrono::DateTime<chrono::Utc> } =>
        "This is too late: at the latest {latest:?}.",
        "Слишком поздно: не позднее {latest:?}.",
        "Надто пізно: не пізніше {latest:?}.";
    Invalid OnlyForThemselves =>
        "Who answers as the person concerned answers for themselves alone: leave personId out, or name the same person.",
        "Кто отвечает сам за себя, отвечает только за себя: не передавайте personId или укажите того же человека.",
        "Хто відповідає сам за себе, відповідає лише за себе: не передавайте personId або вкажіть ту саму людину.";
    Invalid ChildCannotAnswerForOthers =>
        "A child of the family does not answer for others: name a parent or a guardian.",
        "Ребёнок семьи не отвечает за других: укажите родителя или опекуна.",
        "Дитина родини не відповідає за інших: вкажіть когось із батьків або опікуна.";
    Invalid TooYoungToAnswer =>
        "Not known to be 14 or older: let a parent or a guardian answer, or record the date of birth.",
        "Не известно, что человеку есть 14 лет: пусть ответит родитель или опекун, либо запишите дату рождения.",
        "Не відомо, що людині є 14 років: хай відповість хтось із батьків чи опікун, або запишіть дату народження.";
    Invalid NothingMoreAtLevel =>
        "At SERVICE_ONLY no section is shown: leave sections out, or choose a higher level.",
        "На уровне SERVICE_ONLY разделы не показываются: не передавайте sections или выберите более высокий уровень.",
        "На рівні SERVICE_ONLY розділи не показують: не передавайте sections або виберіть вищий рівень.";
    ConsentRequired NeedsBasis =>
        "A referral rests on a consent or on a law: record the consent and name it, or name the law in legalBasis.",
        "Направление опирается на согласие или на закон: запишите согласие и укажите его или укажите закон в legalBasis.",
        "Скерування спирається на згоду або на закон: запишіть згоду і вкажіть її або вкажіть закон у legalBasis.";
    AlreadyExists LeadsAlready =>
        "This organisation leads the case, or stands above the one that does: name another one.",
        "Эта организация ведёт случай или стоит над той, что ведёт: укажите другую.",
        "Ця організація веде випадок або стоїть над тією, що веде: вкажіть іншу.";
    ConsentRequired ConsentDoesNotCover =>
        "This consent does not cover it: it must be of the family as a whole, in force, for referrals, to this organisation, for all these sections. Ask for another one.",
        "Это согласие не подходит: нужно действующее согласие семьи в целом на направления, этой организации и на все эти разделы. Получите другое.",
        "Ця згода не підходить: потрібна чинна згода родини в цілому на скерування, цій організації і на всі ці розділи. Отримайте іншу.";
    InvalidStateTransition ReferralRanOut =>
        "The referral ran out: ask the sender for a new one.",
        "Срок направления истёк: запросите у отправителя новое.",
        "Строк скерування сплив: запитайте у відправника нове.";
    ConsentRequired ConsentGone =>
        "The consent behind this referral is no longer in force: ask the sender for a new referral.",
        "Согласие, на которое опирается направление, больше не действует: запросите новое направление.",
        "Згода, на яку спирається скерування, більше не чинна: запитайте нове скерування.";
    PermissionDenied ReceiverAnswers =>
        "This is for the organisation that received it: ask there.",
        "Это решает организация, которая это получила: обратитесь туда.",
        "Це вирішує організація, яка це отримала: зверніться туди.";
    PermissionDenied LeadDecides =>
        "The organisation that leads the case decides this: ask there.",
        "Это решает организация, которая ведёт случай: обратитесь туда.",
        "Це вирішує організація, яка веде випадок: зверніться туди.";
    AlreadyExists TransferOpen =>
        "A transfer of this case is proposed already: take it back first, or wait for the answer.",
        "Передача этого случая уже предложена: сначала отзовите её или дождитесь ответа.",
        "Передання цього випадку вже запропоновано: спершу відкличте його або дочекайтеся відповіді.";
    DependencyFailed TransferRuns =>
        "A transfer of the case is proposed: take it back first, or wait for the answer.",
        "Предложена передача случая: сначала отзовите её или дождитесь ответа.",
        "Запропоновано передання випадку: спершу відкличте його або дочекайтеся відповіді.";
    InvalidStateTransition TransferRanOut =>
        "The transfer ran out: ask for a new one.",
        "Срок предложения о передаче истёк: запросите новое.",
        "Строк пропозиції про передання сплив: запитайте нову.";
    NotFound NotOfReceiver =>
        "No caseworker or supervisor of the organisation that takes the case over has this id: check it.",
        "В организации, которая принимает случай, нет такого специалиста или руководителя: проверьте номер.",
        "В організації, яка приймає випадок, немає такого фахівця чи керівника: перевірте номер.";
}
