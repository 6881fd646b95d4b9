-- AT-01 covered: 51
select count(distinct c.family_id) from episode e join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and e.opened_on <= date('2020-09-30') and (e.closed_on is null or e.closed_on >= date('2020-01-01'));

-- AT-01 overcame: 11
select count(distinct c.family_id) from episode e join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and e.closed_on between date('2020-01-01') and date('2020-09-30') and e.closure_class = 'OVERCAME';

-- AT-01 continuing: 35
select count(distinct c.family_id) from episode e join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and e.opened_on <= date('2020-09-30') and (e.closed_on is null or e.closed_on > date('2020-09-30'));

-- AT-01 moved: 3
select count(distinct c.family_id) from episode e join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and e.closed_on between date('2020-01-01') and date('2020-09-30') and e.closure_class = 'MOVED';

-- AT-01 adverse: 2
select count(distinct c.family_id) from episode e join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and e.closed_on between date('2020-01-01') and date('2020-09-30') and e.closure_class = 'ADVERSE';

-- AT-01 children: 123
select count(distinct m.person_id) from family_member m join person p on p.id = m.person_id join episode e on e.family_id = m.family_id join "case" c on c.id = e.case_id where c.lead_organisation_id = {historic} and m.role = 'CHILD' and m.voided_at is null and e.opened_on <= date('2020-09-30') and (e.closed_on is null or e.closed_on >= date('2020-01-01')) and m.since <= date('2020-09-30') and (m.until is null or m.until > date('2020-01-01')) and date({years:p.birth_date}) > e.opened_on and date({years:p.birth_date}) > date('2020-01-01');

-- AT-01 families with two children: 30
select count(*) from (select m.family_id from family_member m join family f on f.id = m.family_id where f.lead_organisation_id = {historic} and m.role = 'CHILD' group by m.family_id having count(*) = 2) x;

-- AT-01 is all there is: 51
select count(*) from family where lead_organisation_id = {historic};

-- AT-08 participants of the one seminar of the regional centre in November 2021: 96
select sum(h.participants) from training_headcount h join training_event e on e.id = h.training_event_id join organisation o on o.id = e.organiser_id where o.kind = 'REGIONAL_CENTRE' and e.kind = 'SEMINAR' and e.voided_at is null and e.held_on between date('2021-11-01') and date('2021-11-30');

-- AT-08 it was recorded twice, and voided once: 1
select count(*) from training_event e join organisation o on o.id = e.organiser_id where o.kind = 'REGIONAL_CENTRE' and e.voided_at is not null and e.void_reason = 'Recorded twice.' and e.held_on between date('2021-11-01') and date('2021-11-30');

-- AT-09 money of one year: 220000000
select sum(amount_minor) from budget_line b join programme p on p.id = b.programme_id where p.kind = 'TREATMENT_TO_WORK';

-- AT-10 pilot districts: 4
select count(*) from programme_availability v join programme p on p.id = v.programme_id where p.kind = 'TREATMENT_TO_WORK';

-- actors with memberships: 11
select count(*) from worker w join membership m on m.worker_id = w.id where w.subject in ('caseworker@hearth.example', 'supervisor@hearth.example', 'director@hearth.example', 'coordinator@hearth.example', 'centre_staff@hearth.example', 'ngo_worker@hearth.example', 'reporter@hearth.example', 'analyst@hearth.example', 'auditor@hearth.example', 'admin@hearth.example', 'caseworker_other@hearth.example');

-- the machine: 1
select count(*) from api_client where client_id = 'open-door-sync';

-- kinds of centres: 4
select count(distinct kind) from centre;

-- statuses of centres: 2
select count(distinct status) from centre;

-- programmes: 3
select count(*) from programme;

-- classes of services: 7
select count(distinct class) from service_type;

-- classes of registers: 4
select count(distinct class) from register;
