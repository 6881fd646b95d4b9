-- $1: organisations, $2 and $3: time of the last change and id behind which the page begins.
with page as materialized (
  select f.id, f.reference, f.label, f.updated_at
  from family f
  where f.id in (
      select g.family_id from access_grant g
      where g.organisation_id = any($1) and g.worker_id is null
        and g.since <= now() and (g.until is null or g.until > now()) and g.family_id is not null and g.level >= 1)
    and (f.updated_at, f.id) < ($2::text::timestamptz, $3::uuid)
  order by f.updated_at desc, f.id desc
  limit 21
), shown as materialized (
  select * from page order by updated_at desc, id desc limit 20
), child as materialized (
  select m.family_id, m.id as member_id, p.id, p.given_name, p.family_name, p.birth_date, p.birth_precision
  from shown f join family_member m on m.family_id = f.id join person p on p.id = m.person_id
  where m.voided_at is null and m.role = 'CHILD'
    and m.since <= current_date and (m.until is null or m.until > current_date)
), stay as materialized (
  select distinct on (s.person_id) s.person_id, json_build_object('id', s.id, 'status', s.status,
    'admittedAt', s.admitted_at, 'centre', json_build_object('id', l.id, 'name', l.name)) as json
  from child p join placement s on s.person_id = p.id join centre l on l.id = s.centre_id
  where s.voided_at is null and s.status in ('ADMITTED', 'ON_LEAVE')
  order by s.person_id, s.is_residential desc, s.requested_at desc, s.id desc
), children as materialized (
  select p.family_id, json_agg(json_build_object(
    'id', p.id, 'displayName', concat_ws(' ', p.given_name, p.family_name),
    'birthDate', left(p.birth_date::text, case p.birth_precision when 'DAY' then 10 when 'MONTH' then 7 else 4 end),
    'currentPlacement', s.json) order by p.birth_date nulls first, p.member_id) as json
  from child p left join stay s on s.person_id = p.id
  group by p.family_id
), opened as materialized (
  select distinct on (c.family_id) c.family_id, json_build_object('id', c.id, 'reference', c.reference,
    'status', c.status, 'riskLevel', c.risk_level) as json
  from shown f join "case" c on c.family_id = f.id
  where c.status <> 'CLOSED'
  order by c.family_id, c.opened_on desc, c.id desc
)
select json_build_object('families', json_build_object(
  'nodes', coalesce(json_agg(json_build_object(
    'id', f.id, 'reference', f.reference, 'label', f.label, 'updatedAt', f.updated_at, 'openCase', o.json,
    'children', coalesce(h.json, '[]')) order by f.updated_at desc, f.id desc), '[]'),
  'pageInfo', json_build_object(
    'hasNextPage', (select count(*) > 20 from page),
    'endCursor', (select l.updated_at || '|' || l.id from shown l order by l.updated_at, l.id limit 1))
  ))::text
from shown f left join opened o on o.family_id = f.id left join children h on h.family_id = f.id
