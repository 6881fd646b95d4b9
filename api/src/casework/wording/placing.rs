//! The words of problems with places in centres.

use super::texts;
use crate::casework::problem::Code;
use crate::language::Language;

texts! {
    /// What a problem with a place in a centre says.
    Placing;

    CapacityExceeded NoPlaceFree { free: i32, wanted: i32 } =>
        "Places free: {free}, needed: {wanted}. Choose another unit, or join the waiting list.",
        "Свободных мест: {free}, нужно: {wanted}. Выберите другое отделение или встаньте в очередь.",
        "Вільних місць: {free}, потрібно: {wanted}. Виберіть інше відділення або станьте в чергу.";
    DependencyFailed CentreNotOpen { status: String } =>
        "The centre gives out no places while it is {status}: choose another one, or wait until it is OPEN.",
        "Пока центр в состоянии {status}, места не предоставляются: выберите другой или дождитесь OPEN.",
        "Поки центр у стані {status}, місця не надаються: виберіть інший або дочекайтеся OPEN.";
    NotEligible AgeOutside =>
        "The person's age lies outside the unit's limits: choose another unit, or let a supervisor approve it with a reason.",
        "Возраст не подходит для отделения: выберите другое или пусть руководитель утвердит с обоснованием.",
        "Вік не підходить для відділення: виберіть інше або нехай керівник затвердить з обґрунтуванням.";
    NotEligible AgeUnknown =>
        "The unit has age limits, and the day of birth is not known: record it, or let a supervisor approve the placement with a reason.",
        "У отделения есть возрастные ограничения, а дата рождения неизвестна: внесите её, или пусть руководитель утвердит с обоснованием.",
        "Відділення має вікові обмеження, а дата народження невідома: внесіть її, або нехай керівник затвердить з обґрунтуванням.";
    NotEligible SexOutside =>
        "The unit does not admit this sex, or the sex is not recorded: choose another unit, or let a supervisor approve it with a reason.",
        "Отделение не принимает этот пол, или пол не указан: выберите другое или пусть руководитель утвердит с обоснованием.",
        "Відділення не приймає цю стать, або стать не вказано: виберіть інше або нехай керівник затвердить з обґрунтуванням.";
    NotEligible NoFamilies =>
        "The unit takes no parents with their children: choose another unit, or let a supervisor approve it with a reason.",
        "Отделение не принимает родителей с детьми: выберите другое или пусть руководитель утвердит с обоснованием.",
        "Відділення не приймає батьків з дітьми: виберіть інше або нехай керівник затвердить з обґрунтуванням.";
    NotEligible StayTooLong { days: i32 } =>
        "The longest stay in this unit is {days} days: plan an earlier discharge, or let a supervisor approve it with a reason.",
        "Наибольший срок пребывания в отделении: {days} дн. Запланируйте выписку раньше или пусть руководитель утвердит с обоснованием.",
        "Найдовший строк перебування у відділенні: {days} дн. Заплануйте вибуття раніше або нехай керівник затвердить з обґрунтуванням.";
    PermissionDenied SupervisorOverrides =>
        "Only a supervisor of the centre may approve a placement beyond a limit: ask yours.",
        "Размещение сверх ограничения утверждает только руководитель центра: обратитесь к нему.",
        "Влаштування понад обмеження затверджує лише керівник центру: зверніться до нього.";
    Invalid NothingToOverride =>
        "No limit is exceeded: leave the reason out.",
        "Ограничения не нарушены: не передавайте обоснование.",
        "Обмежень не порушено: не передавайте обґрунтування.";
    PermissionDenied CentreDecides =>
        "The centre decides this: ask its staff.",
        "Это решает центр: обратитесь к его сотрудникам.",
        "Це вирішує центр: зверніться до його працівників.";
    AlreadyExists RequestedAlready =>
        "A placement in this centre is asked for or runs already: go on with that one.",
        "Размещение в этом центре уже запрошено или идёт: продолжайте с ним.",
        "Влаштування в цьому центрі вже запитано або триває: продовжуйте з ним.";
    AlreadyExists ReservedElsewhere =>
        "A place is reserved for this person already: cancel that reservation, or wait until it runs out.",
        "Для этого человека место уже забронировано: отмените ту бронь или дождитесь её окончания.",
        "Для цієї людини місце вже заброньовано: скасуйте ту бронь або дочекайтеся її завершення.";
    AlreadyExists PlacedElsewhere =>
        "This person lives in a centre already: discharge or move them there first.",
        "Этот человек уже живёт в центре: сначала выпишите или переведите его там.",
        "Ця людина вже живе в центрі: спершу випишіть або переведіть її там.";
    InvalidStateTransition ReservationRanOut =>
        "The reservation ran out: ask for the placement anew.",
        "Срок брони истёк: запросите размещение заново.",
        "Термін броні минув: запросіть влаштування знову.";
    InvalidStateTransition GroupApart =>
        "Those who come as a group do not stand alike: bring the others to the same step, or cancel them.",
        "Участники группы на разных этапах: доведите остальных до того же этапа или отмените их.",
        "Учасники групи на різних етапах: доведіть решту до того самого етапу або скасуйте їх.";
    Invalid UnitsApart =>
        "Those who come as a group come to units of one centre: name such units.",
        "Группа поступает в отделения одного центра: укажите такие отделения.",
        "Група надходить до відділень одного центру: вкажіть такі відділення.";
    Invalid SameUnit =>
        "The person is in this unit: name another one.",
        "Человек уже в этом отделении: укажите другое.",
        "Людина вже в цьому відділенні: вкажіть інше.";
    InvalidStateTransition NotAway =>
        "The person is not away: admit who comes by placementAdmit.",
        "Человек не отсутствует: прибывшего принимают через placementAdmit.",
        "Людина не відсутня: того, хто прибув, приймають через placementAdmit.";
    InvalidStateTransition FirstBack =>
        "The person is away: record the return first, by placementReturn.",
        "Человек отсутствует: сначала запишите возвращение через placementReturn.",
        "Людина відсутня: спершу запишіть повернення через placementReturn.";
    DependencyFailed PlacementNeedsDecision =>
        "On this basis a placement follows from a decision: record the decision, and name it here.",
        "На этом основании размещение следует из решения: запишите решение и укажите его здесь.",
        "На цій підставі влаштування випливає з рішення: запишіть рішення і вкажіть його тут.";
    Invalid NotFamilyMember =>
        "The person does not belong to this family today: check both.",
        "Человек сегодня не состоит в этой семье: проверьте обоих.",
        "Людина сьогодні не належить до цієї родини: перевірте обох.";
    OutOfRange HeldSince { since: String } =>
        "The place is held since {since}: the person can't have come before; without a reservation, give no time.",
        "Место удерживается с {since}: раньше человек прибыть не мог; без брони время не указывайте.",
        "Місце утримується з {since}: раніше людина прибути не могла; без броні час не вказуйте.";
}
