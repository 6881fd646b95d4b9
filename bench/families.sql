-- Made-up families for the measurement, put into the tables set by set, beside the seeded region.
-- `{families}` is how many. The comment right before a statement is shown as progress.
-- families
create unlogged table more as
with branch as (
  select o.id as org, a.area_id as area, row_number() over (order by o.id) - 1 as no, count(*) over () as many,
    (select (array_agg(m.worker_id order by m.worker_id))[1] from membership m
      where m.organisation_id = o.id and m.role = 'CASEWORKER') as worker
  from organisation o
  join organisation_area a on a.organisation_id = o.id
  join organisation p on p.id = o.parent_id
  where p.kind = 'REGIONAL_CENTRE'
), dated as (
  select i, current_date - 40 - (i::bigint * 7919 % 700)::int as opened_on from generate_series(1, {families}) i
)
select d.i, md5('f' || d.i)::uuid as family, md5('c' || d.i)::uuid as the_case, b.org, b.area, b.worker, d.opened_on,
  case when d.i % 5 = 0
    then least(d.opened_on + 30 + (d.i::bigint * 31 % 200)::int, current_date - 1) end as closed_on,
  now() - (d.i::bigint * 7919 % 5000000) * interval '7 seconds' as changed_at
from dated d join branch b on b.no = d.i % b.many;

alter table more add primary key (i);

analyze more;

insert into family (id, reference, label, area_id, lead_organisation_id, is_address_protected, search_key, version,
  created_at, updated_at)
select family, 'G-' || i, 'Family ' || i, area, org, false, '', 1, opened_on, changed_at from more;

-- characteristics
insert into family_characteristic (family_id, kind, recorded_at)
select family, k.kind, opened_on
from more join (values (2, 'LOW_INCOME'), (3, 'HOUSING'), (5, 'SINGLE_PARENT')) k (every, kind) on i % k.every = 0;

-- persons
insert into person (id, given_name, family_name, sex, birth_date, birth_precision, search_key, is_address_protected,
  version, created_at, updated_at)
select md5('p' || i || '.' || k)::uuid, (array['Ash', 'Bay', 'Clay', 'Dell', 'Elm', 'Fern', 'Glen'])[1 + (i + k) % 7],
  (array['Alder', 'Birch', 'Cedar', 'Hazel', 'Juniper', 'Linden', 'Maple', 'Rowan', 'Willow'])[1 + i % 9],
  case when (i + k) % 2 = 0 then 'FEMALE' else 'MALE' end,
  case when k = 0 then date '1980-01-01' else date '2010-01-01' end + (i::bigint * (17 + k) % 5500)::int,
  case when i % 10 = 0 then 'MONTH' else 'DAY' end, '', false, 1, opened_on, changed_at
from more, generate_series(0, 2) k;

insert into family_member (id, family_id, person_id, role, lives_here, legal_responsibility, primary_caregiver, since,
  recorded_at)
select md5('m' || i || '.' || k)::uuid, family, md5('p' || i || '.' || k)::uuid,
  case when k = 0 then 'PARENT' else 'CHILD' end, true, k = 0, k = 0, opened_on, opened_on
from more, generate_series(0, 2) k;

insert into legal_status (id, person_id, status, since, recorded_at)
select md5('l' || i)::uuid, md5('p' || i || '.1')::uuid, 'PARENTAL_CARE', opened_on, opened_on from more;

-- cases
insert into "case" (id, family_id, reference, kind, lead_organisation_id, area_id, status, support_level, risk_level,
  opened_on, closed_on, version, created_at, updated_at)
select the_case, family, 'G-' || i, 'ACCOMPANIMENT', org, area, case when closed_on is null then 'ACTIVE' else 'CLOSED' end,
  (array['ADAPTATION', 'BASIC', 'CRISIS'])[1 + i % 3], (array['LOW', 'MEDIUM', 'HIGH', null])[1 + i % 4], opened_on,
  closed_on, 1, opened_on, changed_at
from more;

insert into episode (id, case_id, family_id, no, opened_on, reason, closed_on, closure_class, closure_reason, summary,
  closed_by_id, approved_by_id, recorded_at, closure_recorded_at)
select md5('e' || i)::uuid, the_case, family, 1, opened_on, 'Reason', closed_on,
  case when closed_on is not null then (array['OVERCAME', 'OVERCAME', 'MOVED', 'REFUSED'])[1 + i % 4] end,
  case when closed_on is not null then 'Reason' end, case when closed_on is not null then 'Summary' end,
  case when closed_on is not null then w.one end, case when closed_on is not null then w.other end, opened_on, closed_on
from more,
  (select (array_agg(id order by id))[1] as one, (array_agg(id order by id))[2] as other from worker) w;

insert into assignment (id, case_id, family_id, worker_id, role, since, until, recorded_at)
select md5('a' || i)::uuid, the_case, family, worker, 'LEAD', opened_on, closed_on, opened_on
from more where worker is not null;

insert into access_grant (id, organisation_id, family_id, level, shown, basis, source_id, since, created_at)
select md5('g' || i)::uuid, org, family, 3, s.shown, 'LEAD', the_case, opened_on, opened_on
from more, (select max(shown) as shown from access_grant where level = 3 and basis = 'LEAD') s;

insert into task (id, kind, subject_id, family_id, case_id, organisation_id, owner_id, due_on, status, version,
  created_at, updated_at)
select md5('t' || i)::uuid, 'VISIT', the_case, family, the_case, org, worker, current_date + (i % 30), 'OPEN', 1,
  opened_on, opened_on
from more where closed_on is null;

-- plans
insert into plan (id, case_id, family_id, revision, since, until, status, review_due_on, family_agreed, version,
  created_at, updated_at)
select md5('n' || i)::uuid, the_case, family, 1, opened_on, closed_on,
  case when closed_on is null then 'ACTIVE' else 'COMPLETED' end, current_date + (i % 90), true, 1, opened_on, opened_on
from more;

insert into goal (id, plan_id, family_id, statement, status)
select md5('o' || i)::uuid, md5('n' || i)::uuid, family, 'Goal', 'OPEN' from more;

insert into measure (id, plan_id, goal_id, case_id, family_id, description, responsible_id, due_on, status, result,
  done_on, recorded_at, version, created_at, updated_at)
select md5('r' || i || '.' || k)::uuid, md5('n' || i)::uuid, md5('o' || i)::uuid, the_case, family, 'Measure ' || k,
  case when k = 2 then s.id else org end, opened_on + 10 * k, case when k = 1 then 'DONE' else 'IN_PROGRESS' end,
  case when k = 1 then 'Done' end, case when k = 1 then opened_on + 10 end, opened_on, 1, opened_on, opened_on
from more, generate_series(1, 3) k, (select id from organisation where kind = 'EMPLOYMENT' order by id limit 1) s;

-- visits
insert into visit (id, case_id, family_id, worker_id, purpose, scheduled_for, visited_at, status, next_due_on,
  recorded_at, version, created_at, updated_at)
select md5('v' || i || '.' || k)::uuid, the_case, family, worker, 'MONITORING', opened_on + 5 * k, opened_on + 5 * k,
  case when (i + k) % 9 = 0 then 'NO_ACCESS' else 'COMPLETED' end,
  case when (i + k) % 9 = 0 then null else opened_on + 5 * k + 14 end, opened_on + 5 * k, 1, opened_on, opened_on
from more, lateral generate_series(1, 2 + i % 4) k;

-- placements
create unlogged table place as
select u.id as unit, c.id as centre, c.organisation_id as provider, row_number() over (order by u.id) - 1 as no,
  count(*) over () as many
from unit u join centre c on c.id = u.centre_id where c.status = 'OPEN' and c.regime = 'RESIDENTIAL';

insert into placement (id, person_id, centre_id, unit_id, case_id, family_id, basis, status, is_residential,
  holds_place, priority, requested_at, admitted_at, discharged_at, discharge_reason, destination, recorded_at,
  admission_recorded_at, discharge_recorded_at, closed_at, version, created_at, updated_at)
select md5('s' || i || '.' || k)::uuid, md5('p' || i || '.' || k)::uuid, l.centre, l.unit, the_case, family, 'PARENT',
  case when k = 1 then 'DISCHARGED' else 'ADMITTED' end, true, k = 2, 0, opened_on + 1, opened_on + 2,
  case when k = 1 then opened_on + 20 end, case when k = 1 then 'Reason' end,
  case when k = 1 then 'BIRTH_FAMILY' end, opened_on + 1, opened_on + 2, case when k = 1 then opened_on + 20 end,
  case when k = 1 then opened_on + 20 end, 1, opened_on + 1, opened_on + 2
from more
  join (values (4, 1), (3, 2)) w (every, k) on i % w.every = 0
  join place l on l.no = i % l.many;

insert into access_grant (id, organisation_id, person_id, level, shown, basis, source_id, since, created_at)
select md5('h' || i)::uuid, l.provider, md5('p' || i || '.2')::uuid, 2, 63, 'PLACEMENT', md5('s' || i || '.2')::uuid,
  opened_on + 2, opened_on + 2
from more join place l on l.no = i % l.many where i % 3 = 0;

drop table place;

-- registers
insert into register_entry (id, register_id, family_id, person_id, grounds, since, recorded_at)
select md5('x' || i || r.code)::uuid, r.id, case when r.subject = 'FAMILY' then family end,
  case when r.subject = 'PERSON' then md5('p' || i || '.1')::uuid end, 'POVERTY', opened_on, opened_on
from more join register r on (r.code = 'FAM-DIFF' and i % 2 = 0) or (r.code = 'CHD-DIFF' and i % 4 = 0);

-- enrolments
create unlogged table chosen as
select distinct on (p.enrolment_unit) p.id as programme, n.id as intake, p.enrolment_unit
from programme p join intake n on n.programme_id = p.id
where p.enrolment_unit in ('PERSON', 'FAMILY') order by p.enrolment_unit, n.opens_on, n.id;

insert into enrolment (id, intake_id, programme_id, family_id, person_id, case_id, worker_id, status, priority,
  requested_at, enrolled_on, recorded_at, version, created_at, updated_at)
select md5('z' || i || c.enrolment_unit)::uuid, c.intake, c.programme, family,
  case when c.enrolment_unit = 'PERSON' then md5('p' || i || '.1')::uuid end, the_case, worker, 'IN_PROGRESS', 0,
  opened_on + 3, opened_on + 4, opened_on + 3, 1, opened_on + 3, opened_on + 4
from more
  join chosen c on (c.enrolment_unit = 'PERSON' and i % 2 = 0) or (c.enrolment_unit = 'FAMILY' and i % 6 = 1);

insert into enrolment_person (enrolment_id, person_id)
select md5('z' || i || 'PERSON')::uuid, md5('p' || i || '.1')::uuid
from more where i % 2 = 0 and exists (select 1 from chosen where enrolment_unit = 'PERSON');

drop table chosen;

drop table more;
