-- statuses of cases: 7
select count(distinct status) from "case";

-- statuses of reports: 7
select count(distinct status) from concern_report;

-- statuses of plans: 7
select count(distinct status) from plan;

-- statuses of measures: 5
select count(distinct status) from measure;

-- statuses of visits: 5
select count(distinct status) from visit;

-- statuses of placements: 10
select count(distinct status) from placement;

-- statuses of enrolments: 10
select count(distinct status) from enrolment;

-- statuses of referrals: 8
select count(distinct status) from referral;

-- statuses of consents: 4
select count(distinct status) from consent;

-- statuses of assessments: 4
select count(distinct status) from assessment;

-- statuses of goals: 4
select count(distinct status) from goal;

-- classes of closures: 6
select count(distinct closure_class) from episode;

-- kinds of legal status: 5
select count(distinct status) from legal_status;

-- destinations: 3
select count(distinct destination) from placement;

-- outcomes of enrolments: 2
select count(distinct outcome) from enrolment;

-- kinds of stage events: 3
select count(distinct kind) from stage_event;

-- grounds: 6
select count(distinct grounds) from register_entry;

-- kinds of relationships: 5
select count(distinct kind) from relationship;

-- purposes of visits: 5
select count(distinct purpose) from visit;

-- second episodes: 8
select count(*) from episode where no = 2;

-- closed cases that were opened twice: 3
select count(*) from "case" c where c.status = 'CLOSED' and exists (select 1 from episode e where e.case_id = c.id and e.no = 2);

-- children of two households: 2
select count(*) from (select person_id from family_member where role = 'CHILD' group by person_id having count(distinct family_id) = 2) x;

-- anonymous reports: 10
select count(*) from concern_report where is_anonymous;

-- named reports: 100
select count(*) from concern_report where not is_anonymous;

-- duplicates: 1
select count(*) from concern_report where duplicate_of_id is not null;

-- protected families: 3
select count(*) from family where is_address_protected;

-- names in two scripts: 500
select count(*) from person_name where kind = 'TRANSLITERATED';

-- families in Latin only: 20
select count(*) from family f where not exists (select 1 from family_member m join person_name n on n.person_id = m.person_id where m.family_id = f.id and n.kind = 'TRANSLITERATED');

-- leads that changed: 10
select count(*) from (select case_id from assignment where role = 'LEAD' group by case_id having count(*) > 1) x;

-- free places now: 4
select count(*) from unit u join capacity_period k on k.unit_id = u.id and k.until is null join centre c on c.id = u.centre_id and c.status = 'OPEN' where k.places > (select count(*) from placement p where p.unit_id = u.id and p.holds_place);

-- open cases of the caseworker's branch: 25
select count(*) from "case" where lead_organisation_id = {own} and status <> 'CLOSED';

-- open among the branch's 25 latest families: 25
select count(*) from (select f.id from family f where f.lead_organisation_id = {own} order by f.updated_at desc, f.id desc limit 25) x join "case" c on c.family_id = x.id where c.status <> 'CLOSED';

-- latest of all are the branch's: 25
select count(*) from (select lead_organisation_id from family order by updated_at desc, id desc limit 25) x where lead_organisation_id = {own};

-- admitted children in the first 20 families: 5
select count(*) from (select f.id from family f where f.lead_organisation_id = {own} order by f.updated_at desc, f.id desc limit 20) x join family_member m on m.family_id = x.id and m.role = 'CHILD' join placement p on p.person_id = m.person_id where p.status = 'ADMITTED';

-- active plans in the first 20 families: 10
select count(*) from (select f.id from family f where f.lead_organisation_id = {own} order by f.updated_at desc, f.id desc limit 20) x join plan p on p.family_id = x.id where p.status = 'ACTIVE';

-- agreed plans in the first 20 families: 1
select count(*) from (select f.id from family f where f.lead_organisation_id = {own} order by f.updated_at desc, f.id desc limit 20) x join plan p on p.family_id = x.id where p.status = 'AGREED';

-- enrolments of children in the first 20 families: 2
select count(*) from (select f.id from family f where f.lead_organisation_id = {own} order by f.updated_at desc, f.id desc limit 20) x join family_member m on m.family_id = x.id and m.role = 'CHILD' join enrolment_person n on n.person_id = m.person_id;

-- cases that the caseworker leads: 10
select count(*) from assignment a join worker w on w.id = a.worker_id where w.subject = 'caseworker@hearth.example' and a.role = 'LEAD' and a.until is null;

-- families of the other caseworker's branch: 10
select count(*) from family where lead_organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'caseworker_other@hearth.example');

-- referrals accepted by the first partner: 5
select count(*) from referral where status = 'ACCEPTED' and receiver_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'ngo_worker@hearth.example');

-- referrals accepted by the second partner: 5
select count(*) from referral where status = 'ACCEPTED' and receiver_id = (select organisation_id from api_client);

-- levels of referrals: 2
select count(distinct level) from referral where status = 'ACCEPTED';

-- children in the centre staff's centre: 8
select count(*) from placement p join centre c on c.id = p.centre_id where p.status in ('ADMITTED', 'ON_LEAVE') and c.organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'centre_staff@hearth.example');

-- reports of the reporter: 5
select count(*) from concern_report r join worker w on w.id = r.submitted_by_id where w.subject = 'reporter@hearth.example';

-- reports of the machine: 5
select count(*) from concern_report where submitted_by_client_id is not null;

-- families of the coordinator: 40
select count(*) from family f join area a on a.id = f.area_id join area r on a.path like r.path || '%' join membership m on m.area_id = r.id;

-- kinds of trainings: 3
select count(distinct kind) from training_event where voided_at is null;

-- organisers of trainings: 4
select count(distinct organiser_id) from training_event where voided_at is null;

-- trainings of the last three years: 12
select count(*) from training_event where voided_at is null and held_on >= date('2022-01-01');
