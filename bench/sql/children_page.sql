-- $1: organisations, $2: id behind which the page begins.
with page as materialized (
  (select distinct m.person_id as id
    from family_member m join person p on p.id = m.person_id
    where m.person_id > $2 and m.voided_at is null and p.merged_into_id is null
      and exists (
        select 1 from access_grant g
        where g.organisation_id = any($1) and g.family_id = m.family_id and g.worker_id is null
          and g.since <= now() and (g.until is null or g.until > now()) and g.level >= 1)
      and (m.role = 'CHILD' or exists (
        select 1 from family_member c where c.person_id = m.person_id and c.voided_at is null and c.role = 'CHILD'
        union all
        select 1 from legal_status t where t.person_id = m.person_id and t.voided_at is null))
    order by m.person_id limit 101)
  union
  (select g.person_id
    from unnest($1) o (id), lateral (
      select g.person_id
      from access_grant g join person p on p.id = g.person_id
      where g.organisation_id = o.id and g.person_id > $2 and g.worker_id is null
        and g.since <= now() and (g.until is null or g.until > now()) and g.level >= 1 and p.merged_into_id is null
        and exists (
          select 1 from family_member c where c.person_id = g.person_id and c.voided_at is null and c.role = 'CHILD'
          union all
          select 1 from legal_status t where t.person_id = g.person_id and t.voided_at is null)
      order by g.person_id limit 101) g)
  order by id limit 101
), shown as materialized (
  select p.id, p.given_name, p.family_name, p.birth_date, p.birth_precision
  from (select id from page order by id limit 100) l join person p on p.id = l.id
)
select json_build_object('children', json_build_object(
  'nodes', coalesce(json_agg(json_build_object(
    'id', p.id, 'displayName', concat_ws(' ', p.given_name, p.family_name),
    'birthDate', left(p.birth_date::text, case p.birth_precision when 'DAY' then 10 when 'MONTH' then 7 else 4 end),
    'families', (
      select coalesce(json_agg(json_build_object('id', f.id, 'reference', f.reference,
        'area', json_build_object('id', a.id, 'name', a.name)) order by m.since, m.id), '[]')
      from family_member m join family f on f.id = m.family_id join area a on a.id = f.area_id
      where m.person_id = p.id and m.voided_at is null
        and m.since <= current_date and (m.until is null or m.until > current_date)
        and exists (
          select 1 from access_grant g
          where g.organisation_id = any($1) and g.family_id = m.family_id and g.worker_id is null
            and g.since <= now() and (g.until is null or g.until > now()) and g.level >= 1))
    ) order by p.id), '[]'),
  'pageInfo', json_build_object(
    'hasNextPage', (select count(*) > 100 from page),
    'endCursor', (select l.id from shown l order by l.id desc limit 1))
  ))::text
from shown p
