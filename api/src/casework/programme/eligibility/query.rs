//! Whether a family, or somebody of it, could take part in a programme today.

use entity::access_grant::DataCategory;
use entity::{family, family_member, programme};
use sea_orm::{ColumnTrait, Condition as Where, Order};
use uuid::Uuid;

use super::{Asked, Condition, Facts, judge};
use crate::access::policy::Action;
use crate::access::{Class, Row, Session, Veil};
use crate::error::Result;

/// What was found out, and how much of it is told.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The programme.
    pub programme: Row<programme::Model>,
    /// The family.
    pub family: Row<family::Model>,
    conditions: Vec<Condition>,
    tells_result: bool,
}

impl Answer {
    /// Whether all conditions are met; none if that is not told.
    pub fn is_eligible(&self) -> Option<bool> {
        self.tells_result.then(|| {
            let looked_at = self.conditions.iter().map(|condition| condition.veil().class).max();
            self.family.note(looked_at.unwrap_or(Class::Personal));
            self.conditions.iter().all(|condition| condition.is_met)
        })
    }

    /// Each condition, and whether what came of it is told.
    pub fn conditions(&self) -> impl Iterator<Item = (&Condition, bool)> {
        self.conditions.iter().map(|condition| {
            let veil = condition.veil();
            let is_told = self.shows(veil);
            if is_told {
                self.family.note(veil.class);
            }
            (condition, is_told)
        })
    }

    fn shows(&self, veil: Veil) -> bool {
        self.family.shows_veiled(veil)
    }
}

/// Judges a programme's conditions for a family or a person that the viewer sees; none if either is
/// not seen. The result as a whole is told to those who see the family in full, and to the
/// programme's own staff, who decide by it.
pub async fn eligibility(
    session: &Session,
    programme_id: Uuid,
    (family_id, person_id): (Option<Uuid>, Option<Uuid>),
) -> Result<Option<Answer>> {
    session.may(Action::ReadFamilies)?;
    let programmes = session.find::<programme::Entity>();
    let Some(programme) = programmes.of(programme::Column::Id, &[programme_id]).first().await?
    else {
        return Ok(None);
    };
    let family_id = match (family_id, person_id) {
        (Some(id), _) => Some(id),
        (None, Some(id)) => home_of(session, id).await?,
        (None, None) => None,
    };
    let Some(family_id) = family_id else { return Ok(None) };
    let families = session.find::<family::Entity>().of(family::Column::Id, &[family_id]);
    let Some(family) = families.first().await? else { return Ok(None) };
    let (today, now) = (session.today(), session.now());
    let asked = Asked { programme_id, family_id, intake_id: None, enrolment_id: None, today, now };
    let facts = Facts::read(session.database(), asked).await?;
    let persons: Vec<Uuid> = person_id.into_iter().collect();
    let conditions = judge(&programme, &facts, &persons, today);
    let is_run_here = session.viewer().organisations.contains(&programme.organisation_id);
    let needs = Veil::new(Class::Sensitive, DataCategory::Needs);
    let tells_result = is_run_here || family.shows_veiled(needs);
    Ok(Some(Answer { programme, family, conditions, tells_result }))
}

/// The family that somebody belongs to today, the one joined last.
async fn home_of(session: &Session, person_id: Uuid) -> Result<Option<Uuid>> {
    use family_member::Column;
    let today = session.today();
    let lasts = Where::any().add(Column::Until.is_null()).add(Column::Until.gt(today));
    let home = session
        .find::<family_member::Entity>()
        .of(Column::PersonId, &[person_id])
        .filter(Column::VoidedAt.is_null())
        .filter(Column::Since.lte(today))
        .filter(lasts)
        .order(Column::Since, Order::Desc)
        .order(Column::Id, Order::Desc)
        .first()
        .await?;
    Ok(home.map(|home| home.family_id))
}
