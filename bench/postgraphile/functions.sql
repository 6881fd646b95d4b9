-- What PostGraphile needs beside Hearth's tables: a role that row-level security applies to, policies by the
-- grants of the organisations in the setting `hearth.organisations`, and fields that no column has.

-- A role is the cluster's, which may hold several such databases.
do $$ begin
  if not exists (select from pg_roles where rolname = 'bench_app') then create role bench_app login; end if;
end $$;

-- policies
create function seeing() returns uuid[] language sql stable parallel safe as $$
  select string_to_array(current_setting('hearth.organisations', true), ',')::uuid[]
$$;

comment on function seeing() is E'@behavior -*';

do $$
declare
  granted text := 'exists (select 1 from access_grant g where g.%s = %I.%I
    and g.organisation_id = any((select seeing())::uuid[]) and g.worker_id is null and g.level >= 1
    and g.since <= now() and (g.until is null or g.until > now()))';
  one text;
begin
  foreach one in array array['family_characteristic', 'family_member', 'case', 'plan', 'measure', 'visit'] loop
    execute format('alter table %I enable row level security', one);
    execute format('create policy granted on %I to bench_app using (' || format(granted, 'family_id', one, 'family_id')
      || ')', one);
  end loop;
  alter table family enable row level security;
  execute 'create policy granted on family to bench_app using (' || format(granted, 'family_id', 'family', 'id') || ')';
  -- A membership is seen with its family, so a person is seen as a member or by a grant of their own.
  foreach one in array array['person', 'legal_status', 'placement', 'enrolment'] loop
    execute format('alter table %I enable row level security', one);
    execute format('create policy granted on %1$I to bench_app using (exists (
        select 1 from family_member m where m.person_id = %1$I.%2$I and m.voided_at is null union all %3$s))',
      one, case one when 'person' then 'id' else 'person_id' end,
      regexp_replace(format(granted, 'person_id', one, case one when 'person' then 'id' else 'person_id' end),
        '^exists \((.*)\)$', '\1'));
  end loop;
  -- An enrolment is seen with its family, too.
  execute 'create policy granted_family on enrolment to bench_app using ('
    || format(granted, 'family_id', 'enrolment', 'family_id') || ')';
end
$$;

grant select on access_grant, area, centre, "case", enrolment, family, family_characteristic, family_member,
  legal_status, measure, organisation, person, placement, plan, programme, visit to bench_app;

grant insert on visit to bench_app;

comment on table access_grant is E'@behavior -*';

-- families
create function family_open_case(f family) returns "case" language sql stable as $$
  select c from "case" c where c.family_id = f.id and c.status <> 'CLOSED'
  order by c.opened_on desc, c.id desc limit 1
$$;

create function family_children(f family) returns setof person language sql stable as $$
  select p.* from family_member m join person p on p.id = m.person_id
  where m.family_id = f.id and m.voided_at is null and m.role = 'CHILD'
    and m.since <= current_date and (m.until is null or m.until > current_date)
  order by p.birth_date nulls first, m.id
$$;

create function family_members(f family) returns setof family_member language sql stable as $$
  select m.* from family_member m join person p on p.id = m.person_id
  where m.family_id = f.id and m.voided_at is null
    and m.since <= current_date and (m.until is null or m.until > current_date)
  order by m.role = 'CHILD', p.birth_date nulls first, m.id
$$;

create function family_characteristics(f family) returns text[] language sql stable as $$
  select coalesce(array_agg(k.kind order by k.kind), '{}') from family_characteristic k where k.family_id = f.id
$$;

-- Not by the foreign key: PostGraphile looks those rows up by a list of ids as JSON, which under row-level security
-- reads the whole table.
create function family_member_who(m family_member) returns person language sql stable as $$
  select p from person p where p.id = m.person_id
$$;

-- persons
create function person_display_name(p person) returns text language sql stable as $$
  select concat_ws(' ', p.given_name, p.family_name)
$$;

create function person_born(p person) returns text language sql stable as $$
  select left(p.birth_date::text, case p.birth_precision when 'DAY' then 10 when 'MONTH' then 7 else 4 end)
$$;

create function person_current_legal_status(p person) returns text language sql stable as $$
  select t.status from legal_status t
  where t.person_id = p.id and t.voided_at is null
    and t.since <= current_date and (t.until is null or t.until > current_date)
  order by t.since desc, t.id desc limit 1
$$;

create function person_current_placement(p person) returns placement language sql stable as $$
  select s from placement s
  where s.person_id = p.id and s.voided_at is null and s.status in ('ADMITTED', 'ON_LEAVE')
  order by s.is_residential desc, s.requested_at desc, s.id desc limit 1
$$;

create function person_own_enrolments(p person) returns setof enrolment language sql stable as $$
  select e.* from enrolment e where e.person_id = p.id order by e.requested_at desc, e.id desc
$$;

create function person_stays(p person) returns setof placement language sql stable as $$
  select s.* from placement s where s.person_id = p.id and s.voided_at is null
  order by s.requested_at desc, s.id desc
$$;

create function person_families(p person) returns setof family language sql stable as $$
  select f.* from family_member m join family f on f.id = m.family_id
  where m.person_id = p.id and m.voided_at is null
    and m.since <= current_date and (m.until is null or m.until > current_date)
  order by m.since, m.id
$$;

create view child with (security_invoker = true) as
select p.* from person p
where p.merged_into_id is null
  and exists (
    select 1 from family_member m where m.person_id = p.id and m.voided_at is null and m.role = 'CHILD'
    union all
    select 1 from legal_status t where t.person_id = p.id and t.voided_at is null);

grant select on child to bench_app;

comment on view child is E'@primaryKey id';

create function child_display_name(p child) returns text language sql stable as $$
  select concat_ws(' ', p.given_name, p.family_name)
$$;

create function child_born(p child) returns text language sql stable as $$
  select left(p.birth_date::text, case p.birth_precision when 'DAY' then 10 when 'MONTH' then 7 else 4 end)
$$;

create function child_families(p child) returns setof family language sql stable as $$
  select f.* from family_member m join family f on f.id = m.family_id
  where m.person_id = p.id and m.voided_at is null
    and m.since <= current_date and (m.until is null or m.until > current_date)
  order by m.since, m.id
$$;

-- cases
create function case_active_plan(c "case") returns plan language sql stable as $$
  select n from plan n where n.case_id = c.id and n.status = 'ACTIVE'
$$;

create function case_last_visits(c "case") returns setof visit language sql stable as $$
  select v.* from visit v where v.case_id = c.id and v.voided_at is null
  order by v.scheduled_for desc, v.id desc limit 10
$$;

create function plan_measures(n plan) returns setof measure language sql stable as $$
  select r.* from measure r where r.plan_id = n.id order by r.due_on, r.id
$$;

create function record_visit(case_id uuid, id uuid, purpose text, visited_at timestamptz) returns visit
language sql volatile as $$
  insert into visit (id, case_id, family_id, purpose, scheduled_for, visited_at, status, next_due_on, recorded_at,
    version, created_at, updated_at)
  select $2, c.id, c.family_id, $3, $4::date, $4, 'COMPLETED',
    $4::date + case c.support_level when 'ADAPTATION' then 14 when 'BASIC' then 30 when 'CRISIS' then 7
      when 'EMERGENCY' then 2 end, now(), 1, now(), now()
  from "case" c where c.id = $1 and c.status <> 'CLOSED'
  returning *
$$;

-- reports
create type period_row as (municipality_id text, municipality_name text, families integer);

create function period_report(since date, through date) returns setof period_row
language sql stable security definer as $$
  select coalesce(t.id::text, 'NONE'), t.name, count(distinct e.family_id)::integer
  from episode e join "case" k on k.id = e.case_id
    left join (
      select a.id as area_id, m.id, m.name from area a join area m on a.path like m.path || '%'
      where m.kind = 'MUNICIPALITY') t on t.area_id = k.area_id
  where e.opened_on <= through and e.recorded_at <= now()
    and (e.closed_on is null or coalesce(e.closure_recorded_at, e.recorded_at) > now() or e.closed_on >= since)
    and k.lead_organisation_id = any((select seeing())::uuid[])
  group by t.id, t.name
  order by t.name, t.id
$$;
