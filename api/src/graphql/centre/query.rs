//! Roots for centres and free places, and what narrows their lists.

use async_graphql::{Context, ID, InputObject, Object};
use entity::centre::{self, CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;

use super::{Centre, Vacancy, VacancyStatus};
use crate::access::policy::Action;
use crate::casework;
use crate::casework::centre::CentreFilter as Narrowed;
use crate::casework::centre::vacancy::VacancyFilter as Wanted;
use crate::error::{Error, Result};
use crate::graphql::id::Kind;
use crate::graphql::input::orders;
use crate::graphql::loader::{Asking, single};
use crate::graphql::page::{Asked, Connection, page};
use crate::graphql::scalar::Date;

/// Narrows the list of centres; what is given must all hold.
#[derive(InputObject, Debug)]
#[expect(clippy::struct_field_names, reason = "lists in filters end in `In`")]
pub struct CentreFilter {
    /// Of one of these kinds.
    kind_in: Option<Vec<CentreKind>>,
    /// Of one of these regimes.
    regime_in: Option<Vec<CentreRegime>>,
    /// In one of these stages of their life cycle.
    status_in: Option<Vec<CentreStatus>>,
    /// In one of these areas, up to 100 (areas within them are not looked at).
    area_id_in: Option<Vec<ID>>,
    /// Run by one of these organisations, up to 100.
    organisation_id_in: Option<Vec<ID>>,
}

/// Narrows the list of free places; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct VacancyFilter {
    /// In one of these centres, up to 100.
    centre_id_in: Option<Vec<ID>>,
    /// In centres of one of these kinds.
    kind_in: Option<Vec<CentreKind>>,
    /// In centres of one of these regimes.
    regime_in: Option<Vec<CentreRegime>>,
    /// In centres in one of these areas, up to 100.
    area_id_in: Option<Vec<ID>>,
    /// On this day, from today to two years ahead; today unless said.
    on: Option<Date>,
    /// For somebody of this age in completed months: units with other limits are left out.
    age_months: Option<i32>,
    /// For somebody of this sex: units for others are left out. `UNKNOWN` is as if it was not said.
    sex: Option<Sex>,
    /// For a parent with children: only units that take families.
    for_family: Option<bool>,
    /// At least so many free places; 1 unless said, or, with `statusIn`, none.
    free_at_least: Option<i32>,
    /// Units that stand so, those without a free place too; without it only units with free places.
    status_in: Option<Vec<VacancyStatus>>,
}

orders! {
    CentreOrder by CentreOrderField of centre {
        /// By name.
        Name = Name,
    }
}

impl CentreFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            kind_in: filter.kind_in,
            regime_in: filter.regime_in,
            status_in: filter.status_in,
            area_in: Kind::Area.parse_all(filter.area_id_in)?,
            organisation_in: Kind::Organisation.parse_all(filter.organisation_id_in)?,
        })
    }
}

impl VacancyFilter {
    fn wanted(filter: Option<Self>) -> Result<Wanted> {
        let Some(filter) = filter else { return Ok(Wanted::default()) };
        if filter.age_months.is_some_and(|age| age < 0) {
            return Err(Error::BadInput("`ageMonths` must not be negative.".to_owned()));
        }
        Ok(Wanted {
            centres: Narrowed {
                kind_in: filter.kind_in,
                regime_in: filter.regime_in,
                area_in: Kind::Area.parse_all(filter.area_id_in)?,
                ..Narrowed::default()
            },
            centre_in: Kind::Centre.parse_all(filter.centre_id_in)?,
            on: filter.on.map(|day| day.0),
            age_months: filter.age_months,
            sex: filter.sex,
            for_family: filter.for_family.unwrap_or(false),
            at_least: filter.free_at_least,
            status_in: filter.status_in.map(|all| all.into_iter().map(Into::into).collect()),
        })
    }
}

/// Roots for centres.
#[derive(Default)]
pub struct CentreQuery;

#[Object]
impl CentreQuery {
    /// A centre by its id.
    async fn centre(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `centre_`.")] id: ID,
    ) -> Option<Result<Centre>> {
        single::<Centre, centre::Entity>(ctx, Action::ReadCatalogue, Kind::Centre, &id)
            .await
            .transpose()
    }

    /// The centres.
    async fn centres(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<CentreFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<CentreOrder>,
    ) -> Option<Result<Connection<Centre>>> {
        Some(centres(ctx, first, after, filter, order_by).await)
    }

    /// Free places, by unit, in centres that are open: today, or on a day to come as far as it is known
    /// now. Unless statuses are asked for, only units with free places are listed. It names nobody,
    /// and everybody signed in may ask. Looks at no more than 1,000 units.
    async fn vacancies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.")] filter: Option<VacancyFilter>,
    ) -> Option<Result<Vec<Vacancy>>> {
        Some(vacancies(ctx, filter).await)
    }
}

async fn centres(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<CentreFilter>,
    order_by: Option<CentreOrder>,
) -> Result<Connection<Centre>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let filter = CentreFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: CentreOrder::keyset(order_by),
        filter: format!("centres {filter:?}"),
    };
    page(ctx, casework::centre::centres(session, filter), asked).await
}

async fn vacancies(ctx: &Context<'_>, filter: Option<VacancyFilter>) -> Result<Vec<Vacancy>> {
    let session = ctx.session()?;
    session.may(Action::ReadCatalogue)?;
    let wanted = VacancyFilter::wanted(filter)?;
    let found = casework::centre::vacancy::vacancies(session, wanted).await?;
    Ok(found.into_iter().map(Vacancy::from).collect())
}
