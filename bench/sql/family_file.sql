-- $1: organisations, $2: family.
select json_build_object('family', json_build_object(
  'id', f.id, 'version', f.version, 'reference', f.reference, 'label', f.label,
  'characteristics', (
    select coalesce(json_agg(k.kind order by k.kind), '[]') from family_characteristic k where k.family_id = f.id),
  'area', json_build_object('id', a.id, 'name', a.name),
  'redactedFields', '[]'::json,
  'members', (
    select coalesce(json_agg(json_build_object(
      'id', m.id, 'role', m.role,
      'person', json_build_object('id', p.id, 'displayName', concat_ws(' ', p.given_name, p.family_name)),
      'since', m.since, 'until', m.until) order by m.role = 'CHILD', p.birth_date nulls first, m.id), '[]')
    from family_member m join person p on p.id = m.person_id
    where m.family_id = f.id and m.voided_at is null
      and m.since <= current_date and (m.until is null or m.until > current_date)),
  'children', (
    select coalesce(json_agg(json_build_object(
      'id', p.id, 'displayName', concat_ws(' ', p.given_name, p.family_name),
      'birthDate', left(p.birth_date::text, case p.birth_precision when 'DAY' then 10 when 'MONTH' then 7 else 4 end),
      'sex', p.sex,
      'legalStatus', (
        select t.status from legal_status t
        where t.person_id = p.id and t.voided_at is null
          and t.since <= current_date and (t.until is null or t.until > current_date)
        order by t.since desc, t.id desc limit 1),
      'enrolments', (
        select coalesce(json_agg(json_build_object('id', e.id, 'status', e.status,
          'programme', json_build_object('id', g.id, 'name', g.name)) order by e.requested_at desc, e.id desc), '[]')
        from enrolment e join programme g on g.id = e.programme_id where e.person_id = p.id),
      'placements', (
        select coalesce(json_agg(json_build_object('id', s.id, 'status', s.status, 'admittedAt', s.admitted_at,
          'dischargedAt', s.discharged_at, 'destination', s.destination,
          'centre', json_build_object('id', l.id, 'name', l.name)) order by s.requested_at desc, s.id desc), '[]')
        from placement s join centre l on l.id = s.centre_id where s.person_id = p.id and s.voided_at is null)
      ) order by p.birth_date nulls first, m.id), '[]')
    from family_member m join person p on p.id = m.person_id
    where m.family_id = f.id and m.voided_at is null and m.role = 'CHILD'
      and m.since <= current_date and (m.until is null or m.until > current_date)),
  'openCase', (
    select json_build_object('id', c.id, 'reference', c.reference, 'status', c.status,
      'supportLevel', c.support_level, 'riskLevel', c.risk_level,
      'activePlan', (
        select json_build_object('id', n.id, 'reviewDueOn', n.review_due_on,
          'measures', (
            select coalesce(json_agg(json_build_object('id', r.id, 'description', r.description, 'status', r.status,
              'dueOn', r.due_on, 'responsible', json_build_object('id', o.id, 'name', o.name)
              ) order by r.due_on, r.id), '[]')
            from measure r join organisation o on o.id = r.responsible_id where r.plan_id = n.id))
        from plan n where n.case_id = c.id and n.status = 'ACTIVE'),
      'visits', (
        select coalesce(json_agg(json_build_object('id', v.id, 'purpose', v.purpose, 'status', v.status,
          'visitedAt', v.visited_at) order by v.scheduled_for desc, v.id desc), '[]')
        from (
          select * from visit v where v.case_id = c.id and v.voided_at is null
          order by v.scheduled_for desc, v.id desc limit 10) v))
    from "case" c
    where c.family_id = f.id and c.status <> 'CLOSED'
    order by c.opened_on desc, c.id desc limit 1)
  ))::text
from family f join area a on a.id = f.area_id
where f.id = $2
  and exists (
    select 1 from access_grant g
    where g.organisation_id = any($1) and g.family_id = f.id and g.worker_id is null
      and g.since <= now() and (g.until is null or g.until > now()) and g.level >= 1)
