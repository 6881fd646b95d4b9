//! Who may take part in a programme.

use async_graphql::{Context, Enum, ID, Object};
use entity::eligibility_rule::EligibilityRuleKind;

use super::{EligibilityRule, Programme};
use crate::access::policy::Action;
use crate::casework::programme::eligibility::{self, Answer, Condition, Criterion};
use crate::error::{Error, Result};
use crate::graphql::family::Family;
use crate::graphql::id::{Kind, parse};
use crate::graphql::loader::{Asking, By, one};

/// Whether a family, or somebody of it, could take part in a programme today.
pub struct Eligibility(Answer);

/// What came of one condition.
pub struct EligibilityCondition {
    condition: Condition,
    is_told: bool,
}

/// What is asked of whoever is to take part.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EligibilityCode {
    /// The programme is running.
    ProgrammeActive,
    /// The day lies in the programme's period.
    InPeriod,
    /// The programme is available where the family lives.
    AvailableInArea,
    /// The age in completed months lies in a range.
    AgeMonthsRange,
    /// The family lives in an area.
    Area,
    /// The family has a characteristic.
    Characteristic,
    /// The risk in the open case is at least at a level.
    RiskAtLeast,
    /// The family or the person is on a register.
    Register,
    /// Another programme was completed.
    PriorOutcome,
    /// A referral to the programme's organisation was accepted.
    ReferralRequired,
}

impl From<Criterion> for EligibilityCode {
    fn from(criterion: Criterion) -> Self {
        use EligibilityRuleKind as Rule;
        match criterion {
            Criterion::ProgrammeActive => Self::ProgrammeActive,
            Criterion::InPeriod => Self::InPeriod,
            Criterion::AvailableInArea => Self::AvailableInArea,
            Criterion::Rule(Rule::AgeMonthsRange) => Self::AgeMonthsRange,
            Criterion::Rule(Rule::Area) => Self::Area,
            Criterion::Rule(Rule::Characteristic) => Self::Characteristic,
            Criterion::Rule(Rule::RiskAtLeast) => Self::RiskAtLeast,
            Criterion::Rule(Rule::Register) => Self::Register,
            Criterion::Rule(Rule::PriorOutcome) => Self::PriorOutcome,
            Criterion::Rule(Rule::ReferralRequired) => Self::ReferralRequired,
        }
    }
}

/// Whether a family, or somebody of it, could take part in a programme today.
#[Object(serial)]
impl Eligibility {
    /// The programme.
    async fn programme(&self) -> Programme {
        self.0.programme.clone().into()
    }

    /// The family that was asked about, or that the person belongs to today.
    async fn family(&self) -> Family {
        self.0.family.clone().into()
    }

    /// Whether all conditions are met; null for those who neither see the family in full nor run the
    /// programme.
    async fn is_eligible(&self) -> Option<bool> {
        self.0.is_eligible()
    }

    /// Each condition and what came of it: those of every programme first, then its own rules.
    async fn conditions(&self) -> Vec<EligibilityCondition> {
        let told = self.0.conditions();
        let told = told.map(|(condition, is_told)| (condition.clone(), is_told));
        told.map(|(condition, is_told)| EligibilityCondition { condition, is_told }).collect()
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        let is_hidden = self.0.is_eligible().is_none();
        is_hidden.then(|| "isEligible".to_owned()).into_iter().collect()
    }
}

/// A condition for taking part in a programme, and what came of it.
#[Object(serial)]
impl EligibilityCondition {
    /// What was asked, for programs.
    async fn code(&self) -> EligibilityCode {
        self.condition.criterion.into()
    }

    /// Whether it is met. As closely kept as what it looks at: null where that is hidden.
    async fn is_met(&self) -> Option<bool> {
        self.is_told.then_some(self.condition.is_met)
    }

    /// What is needed, for people, in the viewer's language.
    async fn reason(&self, ctx: &Context<'_>) -> Result<String> {
        let language = ctx.session()?.language();
        let reason = &self.condition.reason;
        // That a birth date is unknown is told to those who may see it.
        Ok(if self.is_told { reason.told(language) } else { reason.plain().told(language) })
    }

    /// The rule of the programme; null for what every programme asks.
    async fn rule(&self, ctx: &Context<'_>) -> Option<Result<EligibilityRule>> {
        let rule_id = self.condition.rule_id;
        one(ctx, rule_id.map(By::<entity::eligibility_rule::Entity>::id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        (!self.is_told).then(|| "isMet".to_owned()).into_iter().collect()
    }
}

/// Roots for who may take part.
#[derive(Default)]
pub struct EligibilityQuery;

#[Object]
impl EligibilityQuery {
    /// Whether a family, or somebody of it, could take part in a programme today: each condition, met
    /// or not, and why. Null if the viewer does not see them.
    async fn eligibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `programme_`.")] programme_id: ID,
        #[graphql(desc = "A family, a person or a child.")] subject_id: ID,
    ) -> Option<Result<Eligibility>> {
        find(ctx, &programme_id, &subject_id).await.transpose()
    }
}

async fn find(
    ctx: &Context<'_>,
    programme_id: &ID,
    subject_id: &ID,
) -> Result<Option<Eligibility>> {
    let session = ctx.session()?;
    session.may(Action::ReadFamilies)?;
    let programme_id = Kind::Programme.parse(programme_id)?;
    let subject = match parse(subject_id)? {
        (Kind::Family, id) => (Some(id), None),
        (Kind::Person | Kind::Child, id) => (None, Some(id)),
        _ => {
            let told = "`subjectId` must name a family, a person or a child.";
            return Err(Error::BadInput(told.to_owned()));
        }
    };
    let found = eligibility::eligibility(session, programme_id, subject).await?;
    Ok(found.map(Eligibility))
}
