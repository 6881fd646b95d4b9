//! Roots for centres and free places, and what narrows their lists.

use async_graphql::{Context, ID, InputObject, Object};
use entity::centre::{self, CentreKind, CentreRegime, CentreStatus};
use entity::person::Sex;

use super::{Centre, Unit, Vacancy};
use crate::access::policy::Action;
use crate::casework;
use crate::casework::centre::{CentreFilter as Narrowed, VacancyFilter as Wanted};
use crate::error::{Error, Result};
use crate::graphql::id::Kind;
use crate::graphql::input::orders;
use crate::graphql::loader::{Asking, single};
use crate::graphql::page::{Asked, Connection, page};

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
    /// For somebody of this age in completed months.
    age_months: Option<i32>,
    /// For somebody of this sex.
    sex: Option<Sex>,
    /// At least so many free places; 1 unless said.
    free_at_least: Option<i32>,
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
            age_months: filter.age_months,
            sex: filter.sex,
            at_least: filter.free_at_least.unwrap_or(1),
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

    /// Free places now, by unit, in centres that are open.
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
    let found = casework::centre::vacancies(session, wanted).await?;
    let vacancy = |(unit, centre, occupancy): casework::centre::Vacancy| Vacancy {
        unit: Unit(unit),
        centre: Centre(centre),
        occupancy: occupancy.into(),
    };
    Ok(found.into_iter().map(vacancy).collect())
}
