//! Recording what somebody answers who is asked for consent: a consent, or a refusal that stays.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::access_grant::DataCategory;
use entity::consent::{self, ConsentCapacity, ConsentForm, ConsentPurpose, ConsentStatus};
use entity::family_member::{self, MemberRole};
use entity::organisation::{self, OrganisationStatus};
use entity::{consent_recipient, family, person};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::Checks;
use crate::casework::names::join;
use crate::casework::person::life::is_aged;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::{Sharing, Text};

/// For how long a consent may be given: five years.
const LONGEST: TimeDelta = TimeDelta::days(5 * 366);
/// From which age somebody answers for themselves, in months.
const OF_AGE_TO_ANSWER: i32 = 14 * 12;

/// Whether somebody is known to be old enough to answer for themselves.
fn is_of_age(person: &person::Model, today: NaiveDate) -> bool {
    let limits = (Some(OF_AGE_TO_ANSWER), None);
    is_aged((person.birth_date, person.birth_precision), today, limits) == Some(true)
}

/// What records an answer.
#[derive(Clone, Debug)]
pub struct Give {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The family.
    pub family_id: Uuid,
    /// The one member that it is about, unless it is about the family as a whole.
    pub person_id: Option<Uuid>,
    /// Who answers: a member of the family today; none for somebody else who represents them.
    pub given_by_id: Option<Uuid>,
    /// In what capacity.
    pub capacity: ConsentCapacity,
    /// How.
    pub form: ConsentForm,
    /// For what data may be shared.
    pub purposes: Vec<ConsentPurpose>,
    /// With whom: these organisations and their branches.
    pub recipient_ids: Vec<Uuid>,
    /// What may be shared.
    pub categories: Vec<DataCategory>,
    /// Until when; open if omitted.
    pub until: Option<DateTime<Utc>>,
    /// Whether it is refused.
    pub is_refused: bool,
}

/// Records an answer. It holds from now on: nothing was shared on it before.
pub async fn give(session: &Session, key: &Key, command: &Give) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("consent", id);
    let mut change = Change::begin(session, Action::ConsentGive, key, subject).await?;
    command.check(session)?;
    let path = "input.familyId";
    let family = change.read::<family::Entity>(command.family_id, Right::Led, path).await?;
    command.check_members(&change, family.id).await?;
    command.check_recipients(&change).await?;
    let now = session.now();
    let consent = consent::Model {
        id,
        family_id: family.id,
        person_id: command.person_id,
        given_by_id: command.given_by_id,
        capacity: command.capacity,
        form: command.form,
        purposes: join(&command.purposes),
        categories: join(&command.categories),
        since: now,
        until: command.until,
        status: if command.is_refused { ConsentStatus::Refused } else { ConsentStatus::Given },
        withdrawn_at: None,
        withdrawal_reason: None,
        recorded_at: now,
        recorded_by: change.by(),
        version: 1,
        updated_at: Some(now),
        updated_by: change.by(),
    };
    change.insert(consent).await?;
    let named = |organisation_id: &Uuid| consent_recipient::Model {
        consent_id: id,
        organisation_id: *organisation_id,
        family_id: family.id,
    };
    change.insert_all(command.recipient_ids.iter().map(named).collect()).await?;
    change.commit().await
}

impl Give {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.hold(!self.purposes.is_empty(), "input.purposes", Text::Required);
        checks.distinct("input.purposes", &self.purposes);
        checks.hold(!self.categories.is_empty(), "input.categories", Text::Required);
        checks.distinct("input.categories", &self.categories);
        checks.distinct("input.recipientIds", &self.recipient_ids);
        let needs_recipient = self.purposes.contains(&ConsentPurpose::Referral);
        let names_one = !self.recipient_ids.is_empty();
        checks.hold(names_one || !needs_recipient, "input.recipientIds", Text::Required);
        let now = session.now();
        let is_ahead = self.until.is_none_or(|until| until > now);
        checks.hold(is_ahead, "input.until", Sharing::MustLieAhead);
        let latest = now + LONGEST;
        let is_near = self.until.is_none_or(|until| until <= latest);
        checks.hold(is_near, "input.until", Sharing::TooLong { latest });
        let is_named = self.given_by_id.is_some();
        let represents = self.capacity == ConsentCapacity::Representative;
        checks.hold(is_named || represents, "input.givenById", Text::Required);
        let is_own = self.person_id.is_none() || self.person_id == self.given_by_id;
        let answers_for_self = self.capacity == ConsentCapacity::DataSubject;
        checks.hold(is_own || !answers_for_self, "input.personId", Sharing::OnlyForThemselves);
        checks.done()
    }

    /// Who is named belongs to the family today; parents and guardians are no children in it, and
    /// whoever answers for themselves is old enough for that.
    async fn check_members(&self, change: &Change, family_id: Uuid) -> Result<(), Halt> {
        let named: Vec<Uuid> = self.person_id.into_iter().chain(self.given_by_id).collect();
        if named.is_empty() {
            return Ok(());
        }
        let members = members_today(change, family_id, named).await?;
        let find = |id: Uuid| members.iter().find(|(member, _)| member.person_id == id);
        if self.person_id.is_some_and(|id| find(id).is_none()) {
            return Err(Problem::not_found("input.personId").into());
        }
        let Some(giver) = self.given_by_id else { return Ok(()) };
        let path = "input.givenById";
        let (member, person) = find(giver).ok_or_else(|| Problem::not_found(path))?;
        let is_child = member.role == MemberRole::Child;
        let mut checks = Checks::default();
        match self.capacity {
            ConsentCapacity::Parent | ConsentCapacity::Guardian => {
                checks.hold(!is_child, path, Sharing::ChildCannotAnswerForOthers);
            }
            ConsentCapacity::DataSubject => {
                let today = change.session().today();
                let is_old_enough =
                    person.as_ref().is_some_and(|person| !is_child || is_of_age(person, today));
                checks.hold(is_old_enough, path, Sharing::TooYoungToAnswer);
            }
            ConsentCapacity::Representative => {}
        }
        checks.done()
    }

    async fn check_recipients(&self, change: &Change) -> Result<(), Halt> {
        if self.recipient_ids.is_empty() {
            return Ok(());
        }
        let known = change
            .see::<organisation::Entity>(Right::ANY)
            .filter(organisation::Column::Id.is_in(self.recipient_ids.iter().copied()))
            .filter(organisation::Column::Status.eq(OrganisationStatus::Active))
            .all(change.connection())
            .await?;
        let mut checks = Checks::default();
        for (place, id) in self.recipient_ids.iter().enumerate() {
            let is_known = known.iter().any(|organisation| organisation.id == *id);
            checks.hold(is_known, &format!("input.recipientIds.{place}"), Text::NotFound);
        }
        checks.done()
    }
}

/// Those of some persons who belong to a family today.
async fn members_today(
    change: &Change,
    family_id: Uuid,
    named: Vec<Uuid>,
) -> Result<Vec<(family_member::Model, Option<person::Model>)>, Halt> {
    use family_member::Column;
    let today = change.session().today();
    let join = family_member::Entity::belongs_to(person::Entity)
        .from(Column::PersonId)
        .to(person::Column::Id);
    Ok(change
        .see::<family_member::Entity>(Right::Led)
        .filter(Column::FamilyId.eq(family_id))
        .filter(Column::PersonId.is_in(named))
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Since.lte(today))
        .filter(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(today)))
        .join(JoinType::InnerJoin, join.into())
        .select_also(person::Entity)
        .all(change.connection())
        .await?)
}
