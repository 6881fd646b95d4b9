-- a case that is open has one open episode
select count(*) from "case" c where c.status <> 'CLOSED' and (select count(*) from episode e where e.case_id = c.id and e.closed_on is null) <> 1;

-- a case that is closed has no open episode
select count(*) from "case" c where c.status = 'CLOSED' and (c.closed_on is null or exists (select 1 from episode e where e.case_id = c.id and e.closed_on is null));

-- a case that is open has no day of closure
select count(*) from "case" c where c.status <> 'CLOSED' and c.closed_on is not null;

-- the last episode's closure is the case's
select count(*) from "case" c where c.status = 'CLOSED' and c.closed_on <> (select max(e.closed_on) from episode e where e.case_id = c.id);

-- the first episode's opening is the case's
select count(*) from "case" c where c.opened_on <> (select min(e.opened_on) from episode e where e.case_id = c.id);

-- episodes don't overlap
select count(*) from episode a join episode b on b.case_id = a.case_id and b.no > a.no where a.closed_on is null or a.closed_on > b.opened_on;

-- closed by one, approved by another
select count(*) from episode where closed_on is not null and (closed_by_id is null or approved_by_id is null or closed_by_id = approved_by_id or closure_recorded_at is null);

-- a requested closure has its outcome and no approval
select count(*) from episode e join "case" c on c.id = e.case_id where c.status = 'CLOSURE_REQUESTED' and e.closed_on is null and (e.closure_class is null or e.summary is null or e.closed_by_id is null or e.approved_by_id is not null);

-- an open episode has no outcome unless asked for
select count(*) from episode e join "case" c on c.id = e.case_id where c.status <> 'CLOSURE_REQUESTED' and e.closed_on is null and (e.closure_class is not null or e.closed_by_id is not null);

-- no running placement of a closed case
select count(*) from placement p join "case" c on c.id = p.case_id where c.status = 'CLOSED' and p.status in ('REQUESTED', 'APPROVED', 'WAITLISTED', 'RESERVED', 'ADMITTED', 'ON_LEAVE');

-- no running enrolment of a closed case
select count(*) from enrolment n join "case" c on c.id = n.case_id where c.status = 'CLOSED' and n.status in ('REQUESTED', 'WAITLISTED', 'OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED');

-- no live referral of a closed case
select count(*) from referral r join "case" c on c.id = r.case_id where c.status = 'CLOSED' and r.status in ('DRAFT', 'SENT', 'ACCEPTED');

-- one case a family
select count(*) from family f where (select count(*) from "case" c where c.family_id = f.id) <> 1;

-- the case's area and lead are the family's
select count(*) from "case" c join family f on f.id = c.family_id where c.area_id <> f.area_id or f.lead_organisation_id is null or c.lead_organisation_id <> f.lead_organisation_id;

-- the family lives in an area of the lead organisation
select count(*) from family f where not exists (select 1 from organisation_area oa join area r on r.id = oa.area_id join area a on a.path like r.path || '%' where oa.organisation_id = f.lead_organisation_id and a.id = f.area_id);

-- an open case has one lead now
select count(*) from "case" c where c.status <> 'CLOSED' and (select count(*) from assignment a where a.case_id = c.id and a.role = 'LEAD' and a.until is null) <> 1;

-- a closed case has no assignment
select count(*) from "case" c join assignment a on a.case_id = c.id where c.status = 'CLOSED' and a.until is null;

-- leads don't overlap
select count(*) from assignment a join assignment b on b.case_id = a.case_id and b.id <> a.id and a.role = 'LEAD' and b.role = 'LEAD' where a.since <= b.since and (a.until is null or a.until > b.since);

-- whoever is assigned belongs to the lead organisation
select count(*) from assignment a join "case" c on c.id = a.case_id where not exists (select 1 from membership m where m.worker_id = a.worker_id and m.organisation_id = c.lead_organisation_id);

-- episode.family_id
select count(*) from episode x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- assignment.family_id
select count(*) from assignment x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- assessment.family_id
select count(*) from assessment x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- plan.family_id
select count(*) from plan x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- plan_sign_off.family_id
select count(*) from plan_sign_off x join plan p on p.id = x.plan_id where x.family_id <> p.family_id;

-- goal.family_id
select count(*) from goal x join plan p on p.id = x.plan_id where x.family_id <> p.family_id;

-- measure.family_id
select count(*) from measure x join plan p on p.id = x.plan_id where x.family_id <> p.family_id or x.case_id <> p.case_id;

-- measure.goal_id
select count(*) from measure x join goal g on g.id = x.goal_id where g.plan_id <> x.plan_id;

-- visit.family_id
select count(*) from visit x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- service.family_id
select count(*) from service x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- service.measure_id
select count(*) from service x join measure m on m.id = x.measure_id where x.case_id <> m.case_id or m.status <> 'DONE' or m.done_on <> x.delivered_on;

-- concern_report.family_id
select count(*) from concern_report x join "case" c on c.id = x.case_id where x.family_id <> c.family_id or x.organisation_id <> c.lead_organisation_id;

-- placement.family_id
select count(*) from placement x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- placement.centre_id
select count(*) from placement x join unit u on u.id = x.unit_id where x.centre_id <> u.centre_id;

-- enrolment.family_id
select count(*) from enrolment x join "case" c on c.id = x.case_id where x.family_id <> c.family_id;

-- enrolment.programme_id
select count(*) from enrolment x join intake i on i.id = x.intake_id where x.programme_id <> i.programme_id;

-- stage_event.family_id
select count(*) from stage_event x join enrolment n on n.id = x.enrolment_id where x.family_id <> n.family_id;

-- referral.family_id
select count(*) from referral x join "case" c on c.id = x.case_id where x.family_id <> c.family_id or x.sender_id <> c.lead_organisation_id;

-- consent_recipient.family_id
select count(*) from consent_recipient x join consent c on c.id = x.consent_id where x.family_id <> c.family_id;

-- absence.person_id
select count(*) from absence x join placement p on p.id = x.placement_id where x.person_id <> p.person_id;

-- an active case has a plan in force
select count(*) from "case" c where c.status = 'ACTIVE' and (select count(*) from plan p where p.case_id = c.id and p.status in ('ACTIVE', 'UNDER_REVIEW')) <> 1;

-- a plan in force belongs to an active case
select count(*) from plan p join "case" c on c.id = p.case_id where p.status in ('ACTIVE', 'UNDER_REVIEW') and c.status <> 'ACTIVE';

-- a draft has no answer, an agreed plan has
select count(*) from plan where (status = 'DRAFT') <> (family_agreed is null);

-- a plan that is over has an end
select count(*) from plan where (status in ('COMPLETED', 'SUPERSEDED', 'CANCELLED')) <> (until is not null);

-- plans of a case follow each other
select count(*) from plan a join plan b on b.case_id = a.case_id and b.revision > a.revision where a.until is null or a.until > b.since;

-- a plan that was agreed is signed
select count(*) from plan p join plan_sign_off s on s.plan_id = p.id where (p.status = 'DRAFT') <> (s.signed_at is null);

-- every owner of a measure signs
select count(*) from measure m where not exists (select 1 from plan_sign_off s where s.plan_id = m.plan_id and s.organisation_id = m.responsible_id);

-- a measure that is done has its day
select count(*) from measure where (status = 'DONE') <> (done_on is not null);

-- a measure that is not done has its reason
select count(*) from measure where status in ('NOT_DONE', 'CANCELLED') and result is null;

-- a finished plan has no running measure
select count(*) from measure m join plan p on p.id = m.plan_id where p.status in ('COMPLETED', 'SUPERSEDED', 'CANCELLED') and m.status in ('PLANNED', 'IN_PROGRESS');

-- a plan begins in its case
select count(*) from plan p where not exists (select 1 from episode e where e.case_id = p.case_id and e.opened_on <= p.since and (e.closed_on is null or e.closed_on >= p.since and (p.until is null or p.until <= e.closed_on)));

-- measures are done in their plan
select count(*) from measure m join plan p on p.id = m.plan_id where m.done_on < p.since or m.done_on > p.until;

-- visits lie in an episode
select count(*) from visit v where not exists (select 1 from episode e where e.case_id = v.case_id and e.opened_on <= v.scheduled_for and (e.closed_on is null or e.closed_on >= v.scheduled_for));

-- services lie in an episode
select count(*) from service s where not exists (select 1 from episode e where e.case_id = s.case_id and e.opened_on <= s.delivered_on and (e.closed_on is null or e.closed_on >= s.delivered_on));

-- assessments lie in an episode
select count(*) from assessment s where not exists (select 1 from episode e where e.case_id = s.case_id and e.opened_on <= s.assessed_on and (e.closed_on is null or e.closed_on >= s.assessed_on));

-- placements lie in an episode
select count(*) from placement p where not exists (select 1 from episode e where e.case_id = p.case_id and e.opened_on <= date(p.requested_at) and (e.closed_on is null or e.closed_on >= date(coalesce(p.discharged_at, p.requested_at))));

-- enrolments lie in an episode
select count(*) from enrolment n where not exists (select 1 from episode e where e.case_id = n.case_id and e.opened_on <= date(n.requested_at) and (e.closed_on is null or e.closed_on >= coalesce(n.ended_on, date(n.requested_at))));

-- referrals lie in an episode
select count(*) from referral r where not exists (select 1 from episode e where e.case_id = r.case_id and e.opened_on <= date(r.created_at) and (e.closed_on is null or e.closed_on >= date(coalesce(r.ended_at, r.created_at))));

-- visits are scheduled for later or over
select count(*) from visit where (status = 'SCHEDULED') <> (scheduled_for >= date({today}));

-- visits are made in the past
select count(*) from visit where date(visited_at) >= date({today}) or (status in ('COMPLETED', 'NO_ACCESS')) <> (visited_at is not null);

-- no child is seen before birth
select count(*) from visit_child vc join visit v on v.id = vc.visit_id join person p on p.id = vc.person_id where date(v.visited_at) < p.birth_date;

-- nobody is served before birth
select count(*) from service_person sp join service s on s.id = sp.service_id join person p on p.id = sp.person_id where s.delivered_on < p.birth_date;

-- children are seen at visits that were made
select count(*) from visit_child vc join visit v on v.id = vc.visit_id where v.status <> 'COMPLETED';

-- who is seen is a member
select count(*) from visit_child vc join visit v on v.id = vc.visit_id where not exists (select 1 from family_member m where m.family_id = v.family_id and m.person_id = vc.person_id);

-- who is served is a member
select count(*) from service_person sp join service s on s.id = sp.service_id where not exists (select 1 from family_member m where m.family_id = s.family_id and m.person_id = sp.person_id);

-- who is placed is a member
select count(*) from placement p where not exists (select 1 from family_member m where m.family_id = p.family_id and m.person_id = p.person_id);

-- who is enrolled is a member
select count(*) from enrolment_person np join enrolment n on n.id = np.enrolment_id where not exists (select 1 from family_member m where m.family_id = n.family_id and m.person_id = np.person_id);

-- nothing is delivered in the future
select count(*) from service where delivered_on >= date({today});

-- nothing is done in the future
select count(*) from measure where done_on >= date({today});

-- nothing is decided in the future
select count(*) from decision where decided_on >= date({today});

-- nobody is born in the future
select count(*) from person where birth_date >= date({today});

-- nobody is admitted or discharged in the future
select count(*) from placement where date(requested_at) >= date({today}) or date(admitted_at) >= date({today}) or date(discharged_at) >= date({today});

-- nobody ends in the future
select count(*) from enrolment where date(requested_at) >= date({today}) or enrolled_on >= date({today}) or ended_on >= date({today});

-- no stage in the future
select count(*) from stage_event where occurred_on >= date({today});

-- no register entry in the future
select count(*) from register_entry where since >= date({today}) or until >= date({today});

-- no status in the future
select count(*) from legal_status where since >= date({today}) or until >= date({today});

-- families change in the past
select count(*) from family where date(updated_at) >= date({today}) or updated_at < created_at;

-- persons change in the past
select count(*) from person where date(updated_at) >= date({today}) or updated_at < created_at;

-- cases change in the past
select count(*) from "case" where date(updated_at) >= date({today}) or updated_at < created_at;

-- plans change in the past
select count(*) from plan where date(updated_at) >= date({today}) or updated_at < created_at;

-- measures change in the past
select count(*) from measure where date(updated_at) >= date({today}) or updated_at < created_at;

-- visits change in the past
select count(*) from visit where date(updated_at) >= date({today}) or updated_at < created_at;

-- placements change in the past
select count(*) from placement where date(updated_at) >= date({today}) or updated_at < created_at;

-- enrolments change in the past
select count(*) from enrolment where date(updated_at) >= date({today}) or updated_at < created_at;

-- referrals change in the past
select count(*) from referral where date(updated_at) >= date({today}) or updated_at < created_at;

-- reports change in the past
select count(*) from concern_report where date(updated_at) >= date({today}) or updated_at < created_at or decided_at < received_at;

-- grants begin in the past
select count(*) from access_grant where date(since) >= date({today}) or (date(until) >= date({today}) and not exists (select 1 from placement p where p.id = source_id and p.status = 'RESERVED' and p.reserved_until = until));

-- nothing is recorded in the future
select (select count(*) from family_member where date(recorded_at) >= date({today}) or date(ended_recorded_at) >= date({today})) + (select count(*) from episode where date(recorded_at) >= date({today}) or date(closure_recorded_at) >= date({today})) + (select count(*) from service where date(recorded_at) >= date({today})) + (select count(*) from register_entry where date(recorded_at) >= date({today}) or date(ended_recorded_at) >= date({today})) + (select count(*) from consent where date(recorded_at) >= date({today})) + (select count(*) from assessment where date(created_at) >= date({today}));

-- nothing is recorded before it was so
select (select count(*) from episode where date(recorded_at) < opened_on or date(closure_recorded_at) < closed_on) + (select count(*) from family_member where date(recorded_at) < since or date(ended_recorded_at) < until) + (select count(*) from service where date(recorded_at) < delivered_on) + (select count(*) from register_entry where date(recorded_at) < since or date(ended_recorded_at) < until) + (select count(*) from legal_status where date(recorded_at) < since) + (select count(*) from person where date(created_at) < birth_date);

-- children are children when work begins
select count(*) from family_member m join person p on p.id = m.person_id join "case" c on c.family_id = m.family_id where m.role = 'CHILD' and c.opened_on > date({years:p.birth_date});

-- memberships of one person in one family don't overlap
select count(*) from family_member a join family_member b on b.family_id = a.family_id and b.person_id = a.person_id and b.id <> a.id and a.voided_at is null and b.voided_at is null;

-- every family has an adult and a child
select count(*) from family f where not exists (select 1 from family_member m where m.family_id = f.id and m.role = 'CHILD') or not exists (select 1 from family_member m where m.family_id = f.id and m.role <> 'CHILD');

-- parents are older than their children
select count(*) from relationship r join person a on a.id = r.person_id join person b on b.id = r.other_id where r.kind in ('PARENT_OF', 'GRANDPARENT_OF') and a.birth_date >= b.birth_date;

-- nobody belongs to a family before birth
select count(*) from family_member m join person p on p.id = m.person_id where m.since < p.birth_date;

-- every person has one legal name
select count(*) from person p where (select count(*) from person_name n where n.person_id = p.id and n.kind = 'LEGAL' and n.given_name = p.given_name) <> 1;

-- a protected address is not in the open
select count(*) from family where is_address_protected = (address is not null) or is_address_protected <> (protected_address is not null);

-- legal statuses don't overlap
select count(*) from legal_status a join legal_status b on b.person_id = a.person_id and b.id <> a.id where a.since <= b.since and (a.until is null or a.until > b.since);

-- characteristics say what is so: large families
select count(*) from family_characteristic c where c.kind = 'LARGE_FAMILY' and (select count(*) from family_member m where m.family_id = c.family_id and m.role = 'CHILD') < 3;

-- only who is not anonymous has a name
select count(*) from concern_report where is_anonymous = (reporter_name is not null) or is_anonymous = (reporter_contact is not null);

-- what was confirmed or linked has a case
select count(*) from concern_report where (status in ('CONFIRMED', 'LINKED')) <> (case_id is not null and family_id is not null);

-- what was decided has a decision
select count(*) from concern_report where (status in ('CONFIRMED', 'LINKED', 'SCREENED_OUT', 'NOT_CONFIRMED')) <> (decided_at is not null and decision is not null);

-- what was triaged has a deadline
select count(*) from concern_report where (status = 'RECEIVED') <> (due_at is null);

-- every report has a category
select count(*) from concern_report r where not exists (select 1 from concern_category c where c.concern_report_id = r.id);

-- an episode's source was received before
select count(*) from episode e join concern_report r on r.id = e.source_report_id where r.case_id <> e.case_id or date(r.received_at) > e.opened_on or r.status <> 'CONFIRMED';

-- sources of episodes exist
select count(*) from episode e where e.source_report_id is not null and not exists (select 1 from concern_report r where r.id = e.source_report_id);

-- occupancy never exceeds places
select count(*) from (select distinct p.unit_id, date(coalesce(p.admitted_at, p.requested_at)) as d from placement p where p.status in ('ADMITTED', 'ON_LEAVE', 'DISCHARGED', 'RESERVED')) x where (select count(*) from placement q where q.unit_id = x.unit_id and q.voided_at is null and q.status in ('ADMITTED', 'ON_LEAVE', 'DISCHARGED', 'RESERVED') and date(coalesce(q.admitted_at, q.requested_at)) <= x.d and (q.discharged_at is null or date(q.discharged_at) >= x.d)) > (select coalesce(sum(k.places), 0) from capacity_period k where k.unit_id = x.unit_id and k.since <= x.d and (k.until is null or k.until > x.d));

-- who waits for a place waits for a full unit
select count(*) from placement p where p.status = 'WAITLISTED' and (select count(*) from placement q where q.unit_id = p.unit_id and q.holds_place) < (select k.places from capacity_period k where k.unit_id = p.unit_id and k.until is null);

-- places are held by whom they must be
select count(*) from placement p where p.holds_place <> (p.status in ('RESERVED', 'ADMITTED') or (p.status = 'ON_LEAVE' and exists (select 1 from absence a where a.placement_id = p.id and a.until is null and a.holds_place)));

-- whoever is on leave is absent
select count(*) from placement p where (p.status = 'ON_LEAVE') <> exists (select 1 from absence a where a.placement_id = p.id and a.until is null);

-- absences lie in the stay
select count(*) from absence a join placement p on p.id = a.placement_id where p.admitted_at is null or a.since < date(p.admitted_at) or a.since > date(coalesce(p.discharged_at, {today})) or a.until > date(coalesce(p.discharged_at, {today}));

-- only an open centre has admissions
select count(*) from placement p join centre c on c.id = p.centre_id where c.status <> 'OPEN';

-- a planned centre has places only later
select count(*) from capacity_period k join unit u on u.id = k.unit_id join centre c on c.id = u.centre_id where (c.status = 'PLANNED') <> (k.since > date({today}));

-- sex fits the unit
select count(*) from placement p join unit u on u.id = p.unit_id join person x on x.id = p.person_id where u.sex is not null and u.sex <> x.sex;

-- age fits the unit
select count(*) from placement p join unit u on u.id = p.unit_id join person x on x.id = p.person_id where (u.min_age_months is not null and date(coalesce(p.admitted_at, p.requested_at)) < {months:u.min_age_months}) or (u.max_age_months is not null and date(coalesce(p.admitted_at, p.requested_at)) >= {months:u.max_age_months});

-- times of a stay are in order
select count(*) from placement where admitted_at < requested_at or discharged_at < admitted_at or (status in ('ADMITTED', 'ON_LEAVE', 'DISCHARGED')) <> (admitted_at is not null) or (status = 'DISCHARGED') <> (discharged_at is not null) or (status = 'DISCHARGED') <> (destination is not null);

-- a reservation runs out later, a lapsed one ran out
select count(*) from placement where (status = 'RESERVED' and date(reserved_until) < date({today})) or (status = 'EXPIRED' and (reserved_until is null or date(reserved_until) >= date({today})));

-- no stay is longer than it may be
select count(*) from placement p join unit u on u.id = p.unit_id where p.discharged_at is not null and date(p.discharged_at) > {stay:u.max_stay_days};

-- stays of one person don't overlap
select count(*) from placement a join placement b on b.person_id = a.person_id and b.id <> a.id where a.admitted_at <= b.admitted_at and (a.discharged_at is null or a.discharged_at > b.admitted_at);

-- groups go together
select count(*) from placement a join placement b on b.group_id = a.group_id and b.id <> a.id where b.unit_id <> a.unit_id or b.status <> a.status;

-- a decision is about the person and before the stay
select count(*) from placement p join decision d on d.id = p.decision_id where d.decided_on > date(p.requested_at) or not exists (select 1 from placement q where q.case_id = p.case_id and q.person_id = d.person_id);

-- no intake holds more than it has places
select count(*) from intake i where i.capacity < (select count(*) from enrolment n where n.intake_id = i.id and n.status in ('OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED', 'ENDED'));

-- who waits for a seat waits for a full intake with a list
select count(*) from enrolment n join intake i on i.id = n.intake_id where n.status = 'WAITLISTED' and (not i.has_waiting_list or i.capacity > (select count(*) from enrolment x where x.intake_id = i.id and x.status in ('OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED')));

-- requests lie in the time of application
select count(*) from enrolment n join intake i on i.id = n.intake_id where date(n.requested_at) < i.opens_on or date(n.requested_at) > i.closes_on;

-- enrolments end with their intake
select count(*) from enrolment n join intake i on i.id = n.intake_id where n.ended_on > i.ends_on or (n.status = 'IN_PROGRESS' and (i.starts_on > date({today}) or i.ends_on < date({today})));

-- days of an enrolment are in order
select count(*) from enrolment where enrolled_on < date(requested_at) or ended_on <= enrolled_on or (status in ('ENROLLED', 'IN_PROGRESS', 'SUSPENDED', 'ENDED')) <> (enrolled_on is not null) or (status = 'ENDED') <> (ended_on is not null);

-- the programme is available where the family lives
select count(*) from enrolment n join family f on f.id = n.family_id join area a on a.id = f.area_id where not exists (select 1 from programme_availability v join area r on r.id = v.area_id where v.programme_id = n.programme_id and a.path like r.path || '%' and v.since <= date(n.requested_at) and (v.until is null or v.until > date(n.requested_at)));

-- age fits the programme, unless the enrolment says it doesn't
select count(*) from enrolment n join eligibility_rule r on r.programme_id = n.programme_id and r.kind = 'AGE_MONTHS_RANGE' join person x on x.id = n.person_id where (n.status = 'INELIGIBLE') = (coalesce(n.enrolled_on, date(n.requested_at)) < {months:r.max_value});

-- a characteristic fits the programme, unless the enrolment says it doesn't
select count(*) from enrolment n join eligibility_rule r on r.programme_id = n.programme_id and r.kind = 'CHARACTERISTIC' where (n.status = 'INELIGIBLE') = exists (select 1 from family_characteristic c where c.family_id = n.family_id and c.kind = r.code);

-- the risk fits the programme, unless the enrolment says it doesn't
select count(*) from enrolment n join eligibility_rule r on r.programme_id = n.programme_id and r.kind = 'RISK_AT_LEAST' join "case" c on c.id = n.case_id where c.status <> 'CLOSED' and (n.status = 'INELIGIBLE') <> (c.risk_level = 'LOW');

-- treatment begins with a consent
select count(*) from stage_event s join programme_stage g on g.id = s.stage_id where g.requires_consent and s.kind = 'ENTERED' and not exists (select 1 from consent c where c.family_id = s.family_id and c.purposes = 'PROGRAMME' and c.status = 'GIVEN' and date(c.since) <= s.occurred_on);

-- no stage before its prerequisite is completed
select count(*) from stage_event s join programme_stage g on g.id = s.stage_id where s.kind = 'ENTERED' and g.prerequisite_id is not null and not exists (select 1 from stage_event b where b.enrolment_id = s.enrolment_id and b.stage_id = g.prerequisite_id and b.kind = 'COMPLETED' and b.occurred_on <= s.occurred_on);

-- stages lie in the enrolment
select count(*) from stage_event s join enrolment n on n.id = s.enrolment_id where s.occurred_on < n.enrolled_on or s.occurred_on > n.ended_on;

-- a referral's consent is of the family and names the receiver
select count(*) from referral r join consent c on c.id = r.consent_id where c.family_id <> r.family_id or c.since > r.sent_at or not exists (select 1 from consent_recipient x where x.consent_id = c.id and x.organisation_id = r.receiver_id);

-- what was sent rests on something
select count(*) from referral where status <> 'DRAFT' and (sent_at is null or (consent_id is null and legal_basis is null));

-- an accepted referral rests on a consent that is given
select count(*) from referral r where r.status = 'ACCEPTED' and not exists (select 1 from consent c where c.id = r.consent_id and c.status = 'GIVEN' and c.until is null);

-- a referral in force has not run out
select count(*) from referral where status in ('SENT', 'ACCEPTED') and date(expires_at) <= date({today});

-- times of a referral are in order
select count(*) from referral where sent_at < created_at or answered_at < sent_at or ended_at < answered_at;

-- a withdrawn consent has its moment
select count(*) from consent where (status = 'WITHDRAWN') <> (withdrawn_at is not null);

-- every case has its lead's grant
select count(*) from "case" c where (select count(*) from access_grant g where g.basis = 'LEAD' and g.source_id = c.id and g.family_id = c.family_id and g.organisation_id = c.lead_organisation_id and g.level = 3 and g.until is null) <> 1;

-- a grant of a lead has a case
select count(*) from access_grant g where g.basis = 'LEAD' and not exists (select 1 from "case" c where c.id = g.source_id);

-- an accepted referral grants its level
select count(*) from referral r where (r.status = 'ACCEPTED') <> exists (select 1 from access_grant g where g.basis = 'REFERRAL' and g.source_id = r.id and g.family_id = r.family_id and g.organisation_id = r.receiver_id and g.level = r.level and g.until is null and g.since >= r.answered_at);

-- what followed acceptance ended its grant
select count(*) from referral r where (r.status in ('COMPLETED', 'WITHDRAWN', 'REVOKED')) <> exists (select 1 from access_grant g where g.basis = 'REFERRAL' and g.source_id = r.id and g.until is not null);

-- a grant of a referral has one
select count(*) from access_grant g where g.basis = 'REFERRAL' and not exists (select 1 from referral r where r.id = g.source_id);

-- a placement grants the person in full and the family in summary
select count(*) from placement p join centre c on c.id = p.centre_id where (select count(*) from access_grant g where g.basis = 'PLACEMENT' and g.source_id = p.id and g.organisation_id = c.organisation_id and ((g.person_id = p.person_id and g.level = 3) or (g.family_id = p.family_id and g.level = 2))) <> 2;

-- a placement's grants last as long as it
select count(*) from placement p join access_grant g on g.source_id = p.id and g.basis = 'PLACEMENT' where not (p.status = 'RESERVED' and g.until is not null and g.until = p.reserved_until) and (p.status in ('REQUESTED', 'APPROVED', 'WAITLISTED', 'RESERVED', 'ADMITTED', 'ON_LEAVE')) <> (g.until is null);

-- a grant of a placement has one
select count(*) from access_grant g where g.basis = 'PLACEMENT' and not exists (select 1 from placement p where p.id = g.source_id);

-- an enrolment grants the programme's organisation the least
select count(*) from enrolment n join programme p on p.id = n.programme_id where (n.enrolled_on is not null) <> exists (select 1 from access_grant g where g.basis = 'ENROLMENT' and g.source_id = n.id and g.family_id = n.family_id and g.organisation_id = p.organisation_id and g.level = 1);

-- an enrolment's grant lasts as long as it
select count(*) from enrolment n join access_grant g on g.source_id = n.id and g.basis = 'ENROLMENT' where (n.status = 'ENDED') <> (g.until is not null);

-- no other grants
select count(*) from access_grant where basis not in ('LEAD', 'REFERRAL', 'PLACEMENT', 'ENROLMENT') or source_id is null;

-- the two caseworkers share no family
select count(*) from access_grant a join access_grant b on b.family_id = a.family_id where a.organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'caseworker@hearth.example') and b.organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'caseworker_other@hearth.example');

-- the two caseworkers share no person
select count(*) from family_member a join family_member b on b.person_id = a.person_id join family f on f.id = a.family_id join family h on h.id = b.family_id where f.lead_organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'caseworker@hearth.example') and h.lead_organisation_id = (select m.organisation_id from membership m join worker w on w.id = m.worker_id where w.subject = 'caseworker_other@hearth.example');

-- paths end in a slash and hold no wildcard
select (select count(*) from area where path not like '/%/' or path like '%#_%' escape '#') + (select count(*) from organisation where path not like '/%/' or path like '%#_%' escape '#');

-- paths begin with the parent's
select (select count(*) from area a join area p on p.id = a.parent_id where a.path not like p.path || '_%') + (select count(*) from organisation a join organisation p on p.id = a.parent_id where a.path not like p.path || '_%');

-- nothing in the ledger
select (select count(*) from change) + (select count(*) from audit_event) + (select count(*) from idempotency_key);

-- trainings are held before they are recorded, and recorded before today
select count(*) from training_event where held_on > date(recorded_at) or date(recorded_at) >= date({today});

-- somebody came to each training, and from each class of agency that it names
select (select count(*) from training_event e where not exists (select 1 from training_headcount h where h.training_event_id = e.id)) + (select count(*) from training_headcount where participants < 1);

-- trainings are recorded by those who may, in the organisation that held them
select count(*) from training_event e where not exists (select 1 from membership m where m.worker_id = e.created_by and m.organisation_id = e.organiser_id and m.role in ('CASEWORKER', 'SUPERVISOR', 'NGO_WORKER'));

-- what is voided was recorded before, and says why
select count(*) from training_event where (voided_at is null) <> (void_reason is null) or voided_at < recorded_at;
