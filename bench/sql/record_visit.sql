-- $1: organisations, $2: case, $3: id of the visit, $4: purpose, $5: time of the visit.
with added as (
  insert into visit (id, case_id, family_id, purpose, scheduled_for, visited_at, status, next_due_on, recorded_at,
    version, created_at, updated_at)
  select $3, c.id, c.family_id, $4, $5::text::timestamptz::date, $5::text::timestamptz, 'COMPLETED',
    $5::text::timestamptz::date + case c.support_level when 'ADAPTATION' then 14 when 'BASIC' then 30 when 'CRISIS' then 7
      when 'EMERGENCY' then 2 end,
    now(), 1, now(), now()
  from "case" c
  where c.id = $2 and c.status <> 'CLOSED'
    and exists (
      select 1 from access_grant g
      where g.organisation_id = any($1) and g.family_id = c.family_id and g.worker_id is null
        and g.since <= now() and (g.until is null or g.until > now()) and g.level >= 3)
  returning id, status, visited_at
)
select json_build_object('visitRecord', json_build_object(
  'visit', (select json_build_object('id', v.id, 'status', v.status, 'visitedAt', v.visited_at) from added v),
  'replayed', false, 'userErrors', '[]'::json))::text
