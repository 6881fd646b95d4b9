//! This organisation may see this family, or this person, at this level, for a time; of what goes
//! beyond ids and dates, as much as was shared.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;
use sea_orm::{DeriveValueType, Iterable};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub worker_id: Option<Uuid>,
    pub family_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub level: AccessLevel,
    pub shown: Shown,
    pub basis: GrantBasis,
    pub source_id: Option<Uuid>,
    pub since: DateTimeUtc,
    pub until: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub created_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// How much of a row a grant shows. Stored as a number, because levels are compared.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "i32", db_type = "Integer")]
pub enum AccessLevel {
    /// Ids, statuses, dates and given names.
    #[sea_orm(num_value = 1)]
    ServiceOnly,
    /// Names, birth dates and areas as well.
    #[sea_orm(num_value = 2)]
    Summary,
    /// Everything but what is restricted.
    #[sea_orm(num_value = 3)]
    Full,
}

/// What a value tells of. What is shared with a partner is shared by category.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DataCategory {
    /// Who they are: names, sex, days of birth and death, kinship, legal status.
    Identity,
    /// Where they live and how to reach them.
    Contact,
    /// Health and disability.
    Health,
    /// Why they need help: what was reported, grounds, circumstances, assessments, risk.
    Needs,
    /// What is done: plans, measures, visits, notes, decisions, outcomes.
    Casework,
    /// Where a child is placed, and what came of it.
    Placement,
}

/// Which values are shown: for each category, up to which level. A set of bits, so that what several
/// grants show is their union: one for each category in summary, and one for each in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Shown(i32);

/// Where the bits for values shown in full begin.
const IN_FULL: i32 = 16;

impl Shown {
    /// What a level shows of all categories.
    pub fn all(level: AccessLevel) -> Self {
        let all: Vec<DataCategory> = DataCategory::iter().collect();
        Self::of(level, &all)
    }

    /// What a level shows of some categories.
    pub fn of(level: AccessLevel, categories: &[DataCategory]) -> Self {
        let below = [AccessLevel::Summary, AccessLevel::Full].into_iter();
        let levels = below.filter(|one| *one <= level);
        let bits = levels.flat_map(|one| categories.iter().map(move |of| Self::bit(one, *of)));
        Self(bits.fold(0, |all, bit| all | bit.0))
    }

    /// The bit that a value of a category needs; none where every level shows it.
    pub const fn bit(level: AccessLevel, category: DataCategory) -> Self {
        match level {
            AccessLevel::ServiceOnly => Self(0),
            AccessLevel::Summary => Self(1 << category as i32),
            AccessLevel::Full => Self(1 << (IN_FULL + category as i32)),
        }
    }

    /// Every bit there is, alone.
    pub fn bits() -> impl Iterator<Item = Self> {
        [AccessLevel::Summary, AccessLevel::Full]
            .into_iter()
            .flat_map(|level| DataCategory::iter().map(move |category| Self::bit(level, category)))
    }

    /// Whether all that another one shows is shown.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The highest level at which anything is shown.
    pub const fn level(self) -> AccessLevel {
        if self.0 >> IN_FULL != 0 {
            AccessLevel::Full
        } else if self.0 != 0 {
            AccessLevel::Summary
        } else {
            AccessLevel::ServiceOnly
        }
    }

    /// What stored bits show.
    pub const fn of_stored(bits: i32) -> Self {
        Self(bits)
    }

    /// The bits as they are stored.
    pub const fn stored(self) -> i32 {
        self.0
    }
}

/// Why a grant exists.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GrantBasis {
    /// The organisation leads the case.
    Lead,
    /// A referral was accepted.
    Referral,
    /// A person is placed, reserved or requested in its centre.
    Placement,
    /// An enrolment in its programme.
    Enrolment,
    /// A law gives access.
    Statute,
    /// Taken in an emergency, with a reason.
    BreakGlass,
}

#[cfg(test)]
mod tests {
    use super::AccessLevel::{Full, ServiceOnly, Summary};
    use super::DataCategory::{Health, Identity};
    use super::Shown;

    #[test]
    fn a_level_shows_what_lies_below_it_and_of_its_categories_alone() {
        let shown = Shown::of(Full, &[Health]);
        assert!(shown.has(Shown::bit(Full, Health)) && shown.has(Shown::bit(Summary, Health)));
        assert!(shown.has(Shown::bit(ServiceOnly, Identity)));
        assert!(!shown.has(Shown::bit(Summary, Identity)));
        assert_eq!(shown.level(), Full);
        assert!(!Shown::of(Summary, &[Health]).has(Shown::bit(Full, Health)));
        assert_eq!(Shown::all(ServiceOnly), Shown::default());
        // As the migration wrote them for the grants that were there.
        assert_eq!((Shown::all(Summary).stored(), Shown::all(Full).stored()), (63, 4_128_831));
        assert_eq!(Shown::bits().count(), 12);
    }
}
