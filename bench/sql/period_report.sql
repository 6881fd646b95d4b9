-- $1: organisations whose work is counted, $2 and $3: first and last day.
with covered as (
  select e.family_id, k.area_id
  from episode e join "case" k on k.id = e.case_id
  where e.opened_on <= $3 and e.recorded_at <= now()
    and (e.closed_on is null or coalesce(e.closure_recorded_at, e.recorded_at) > now() or e.closed_on >= $2)
    and k.lead_organisation_id = any($1)
), counted as (
  select t.id, t.name, count(distinct c.family_id) as families
  from covered c
    left join (
      select a.id as area_id, m.id, m.name from area a join area m on a.path like m.path || '%'
      where m.kind = 'MUNICIPALITY') t on t.area_id = c.area_id
  group by t.id, t.name
)
select json_build_object('metric', json_build_object(
  'rows', coalesce(json_agg(json_build_object(
    'keys', json_build_array(json_build_object('id', coalesce(n.id::text, 'NONE'), 'name', n.name)),
    'value', n.families, 'suppression', null) order by n.name, n.id), '[]'),
  'provisional', now() < ($3 + 1)::timestamptz,
  'definition', json_build_object('id', 'FAMILIES_COVERED', 'version', 1)
  ))::text
from counted n
