//! What the conditions of a programme look at: of one family, gathered in one statement.

use chrono::{DateTime, NaiveDate, Utc};
use entity::case::RiskLevel;
use entity::eligibility_rule::{self, EligibilityRuleKind};
use entity::family_member::MemberRole;
use entity::person::DatePrecision;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, QueryResult, Statement};
use uuid::Uuid;

use crate::error::Result;

/// Whose facts are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The programme.
    pub programme_id: Uuid,
    /// The family.
    pub family_id: Uuid,
    /// The intake, if enrolments in it matter.
    pub intake_id: Option<Uuid>,
    /// The enrolment, if it is there already.
    pub enrolment_id: Option<Uuid>,
    /// The day.
    pub today: NaiveDate,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// Somebody who belongs to the family on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person_id: Uuid,
    /// In which role.
    pub role: MemberRole,
    /// The birth date, or the first day that it may be.
    pub birth_date: Option<NaiveDate>,
    /// How exactly it is known.
    pub precision: DatePrecision,
    /// The day of death.
    pub death_date: Option<NaiveDate>,
}

/// What is known of a family and a programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The rules of the programme.
    pub rules: Vec<eligibility_rule::Model>,
    /// The sum of the points of those circumstances that the family has.
    pub priority: i32,
    /// Who belongs to the family.
    pub members: Vec<Member>,
    /// Its circumstances.
    pub characteristics: Vec<String>,
    /// Registers with an entry in force: of the family, or of a person.
    pub registers: Vec<(Uuid, Option<Uuid>)>,
    /// Programmes that were completed: by the family, or by a person.
    pub completed: Vec<(Uuid, Option<Uuid>)>,
    /// The rules about an area in which the family lives.
    pub areas_met: Vec<Uuid>,
    /// Whether the programme is available where the family lives.
    pub is_available: bool,
    /// Whether an accepted referral leads to the programme's organisation.
    pub is_referred: bool,
    /// The case that is open, the one opened last.
    pub case_id: Option<Uuid>,
    /// The greatest risk of the open cases.
    pub risk: Option<RiskLevel>,
    /// Enrolments in the intake that are not over: of the family, or of a person.
    pub enrolled: Vec<Option<Uuid>>,
    /// Who takes part under the enrolment.
    pub participants: Vec<Uuid>,
}

/// One line for each fact; the columns are typed by the first line, which is never there.
const SQL: &str = "
    select 0 as tag, cast(null as uuid) as id, cast(null as uuid) as other,
        cast(null as text) as code, cast(null as text) as note,
        cast(null as integer) as least, cast(null as integer) as most,
        cast(null as date) as born, cast(null as date) as died
    where 1 = 0
    union all
    select 1, r.id, coalesce(r.area_id, r.register_id, r.prior_programme_id), r.kind, r.code,
        r.min_value, r.max_value, null, null
    from eligibility_rule r where r.programme_id = $1
    union all
    select 2, pp.id, null, pp.characteristic, null, pp.points, null, null, null
    from programme_priority pp
    join family_characteristic fc on fc.kind = pp.characteristic
    where pp.programme_id = $1 and fc.family_id = $2
    union all
    select 3, m.person_id, null, m.role, p.birth_precision, null, null, p.birth_date, p.death_date
    from family_member m join person p on p.id = m.person_id
    where m.family_id = $2 and m.voided_at is null and m.since <= $3
        and (m.until is null or m.until > $3)
    union all
    select 4, null, null, fc.kind, null, null, null, null, null
    from family_characteristic fc where fc.family_id = $2
    union all
    select 5, e.register_id, e.person_id, null, null, null, null, null, null
    from register_entry e
    where e.voided_at is null and e.since <= $3 and (e.until is null or e.until > $3)
        and (e.family_id = $2 or e.person_id in (
            select m.person_id from family_member m where m.family_id = $2
                and m.voided_at is null and m.since <= $3 and (m.until is null or m.until > $3)))
    union all
    select 6, e.programme_id, e.person_id, null, null, null, null, null, null
    from enrolment e
    where e.status = 'ENDED' and e.outcome = 'COMPLETED'
        and (e.family_id = $2 or e.person_id in (
            select m.person_id from family_member m where m.family_id = $2
                and m.voided_at is null and m.since <= $3 and (m.until is null or m.until > $3)))
    union all
    select 7, null, null, null, null, 1, null, null, null
    from family f join area home on home.id = f.area_id
    where f.id = $2 and (
        not exists (select 1 from programme_availability v where v.programme_id = $1)
        or exists (
            select 1 from programme_availability v join area a on a.id = v.area_id
            where v.programme_id = $1 and v.since <= $3 and (v.until is null or v.until > $3)
                and home.path like a.path || '%'))
    union all
    select 8, r.id, null, null, null, null, null, null, null
    from referral r join programme p on p.id = $1
    where r.family_id = $2 and r.receiver_id = p.organisation_id and r.status = 'ACCEPTED'
        and (r.expires_at is null or r.expires_at > $5)
    union all
    select 9, c.id, null, c.risk_level, null, null, null, c.opened_on, null
    from \"case\" c where c.family_id = $2 and c.status <> 'CLOSED'
    union all
    select 10, r.id, null, null, null, null, null, null, null
    from eligibility_rule r join area a on a.id = r.area_id
    join family f on f.id = $2 join area home on home.id = f.area_id
    where r.programme_id = $1 and r.kind = 'AREA' and home.path like a.path || '%'
    union all
    select 11, e.id, e.person_id, null, null, null, null, null, null
    from enrolment e
    where e.intake_id = $4
        and e.status in ('REQUESTED', 'WAITLISTED', 'OFFERED', 'ENROLLED', 'IN_PROGRESS', 'SUSPENDED')
        and (e.family_id = $2 or e.person_id in (
            select m.person_id from family_member m where m.family_id = $2
                and m.voided_at is null and m.since <= $3 and (m.until is null or m.until > $3)))
    union all
    select 12, ep.person_id, null, null, null, null, null, null, null
    from enrolment_person ep where ep.enrolment_id = $6";

impl Facts {
    /// Reads the facts, whoever may see them: they are judged here, and what is told of them is
    /// decided by their classes.
    pub async fn read(connection: &impl ConnectionTrait, asked: Asked) -> Result<Self> {
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            SQL,
            [
                asked.programme_id.into(),
                asked.family_id.into(),
                asked.today.into(),
                asked.intake_id.unwrap_or_default().into(),
                asked.now.into(),
                asked.enrolment_id.unwrap_or_default().into(),
            ],
        );
        let mut facts = Self::default();
        let mut opened_last = None;
        for row in connection.query_all_raw(statement).await? {
            facts.take(&Line::read(&row)?, asked.programme_id, &mut opened_last);
        }
        Ok(facts)
    }

    fn take(&mut self, line: &Line, programme_id: Uuid, opened_last: &mut Option<NaiveDate>) {
        match line.tag {
            1 => self.rules.extend(line.rule(programme_id)),
            2 => self.priority = self.priority.saturating_add(line.least.unwrap_or_default()),
            3 => self.members.extend(line.member()),
            4 => self.characteristics.extend(line.code.clone()),
            5 => self.registers.extend(line.id.map(|id| (id, line.other))),
            6 => self.completed.extend(line.id.map(|id| (id, line.other))),
            7 => self.is_available = true,
            8 => self.is_referred = true,
            9 => {
                let risk = line.code.as_ref().and_then(|code| RiskLevel::try_from_value(code).ok());
                self.risk = self.risk.max(risk);
                if line.born >= *opened_last {
                    (*opened_last, self.case_id) = (line.born, line.id);
                }
            }
            10 => self.areas_met.extend(line.id),
            11 => self.enrolled.push(line.other),
            _ => self.participants.extend(line.id),
        }
    }
}

struct Line {
    tag: i32,
    id: Option<Uuid>,
    other: Option<Uuid>,
    code: Option<String>,
    note: Option<String>,
    least: Option<i32>,
    most: Option<i32>,
    born: Option<NaiveDate>,
    died: Option<NaiveDate>,
}

impl Line {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            tag: row.try_get_by_index(0)?,
            id: row.try_get_by_index(1)?,
            other: row.try_get_by_index(2)?,
            code: row.try_get_by_index(3)?,
            note: row.try_get_by_index(4)?,
            least: row.try_get_by_index(5)?,
            most: row.try_get_by_index(6)?,
            born: row.try_get_by_index(7)?,
            died: row.try_get_by_index(8)?,
        })
    }

    fn rule(&self, programme_id: Uuid) -> Option<eligibility_rule::Model> {
        use EligibilityRuleKind::{Area, PriorOutcome, Register};
        let kind = EligibilityRuleKind::try_from_value(self.code.as_ref()?).ok()?;
        let other = |of| self.other.filter(|_| kind == of);
        Some(eligibility_rule::Model {
            id: self.id?,
            programme_id,
            kind,
            min_value: self.least,
            max_value: self.most,
            code: self.note.clone(),
            area_id: other(Area),
            register_id: other(Register),
            prior_programme_id: other(PriorOutcome),
        })
    }

    fn member(&self) -> Option<Member> {
        Some(Member {
            person_id: self.id?,
            role: MemberRole::try_from_value(self.code.as_ref()?).ok()?,
            birth_date: self.born,
            precision: DatePrecision::try_from_value(self.note.as_ref()?).ok()?,
            death_date: self.died,
        })
    }
}
