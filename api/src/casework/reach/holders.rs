//! Who else sees a family or a person: every organisation with a grant in force, and the coordinators of
//! the areas. For those who lead the work with them, and nobody else.

use entity::access_grant::{self, AccessLevel};
use entity::membership::Role;
use entity::worker::WorkerStatus;
use entity::{api_client, area, family, membership, organisation, person, worker};
use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, FromQueryResult, Iterable};
use uuid::Uuid;

use super::{about, finding, homes_of};
use crate::access::Session;
use crate::access::scope::{AREA_LEVEL, roles_seeing};
use crate::error::Result;

/// Most holders that are told of each kind.
const MOST: u64 = 100;

/// Somebody who sees a family or a person.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The organisation.
    pub organisation_id: Uuid,
    /// By which grant; none for the coordinators of an area.
    pub grant: Option<access_grant::Model>,
    /// Whether the grant is for what was asked about, not for another family of the person.
    pub is_direct: bool,
    /// Up to which level.
    pub level: AccessLevel,
    /// How many workers that is.
    pub workers: i64,
    /// How many machine accounts that is.
    pub clients: i64,
}

/// Who sees what a row is about; nothing unless the viewer's organisation leads the work with it.
pub async fn who_can_see(session: &Session, kind: &str, id: Uuid) -> Result<Option<Vec<Holder>>> {
    let Some(found) = finding::find(session, kind, id).await? else { return Ok(None) };
    let family_id = led_family(session, found.family_id).await?;
    let person_id = led_person(session, found.person_id).await?;
    if family_id.is_none() && person_id.is_none() {
        return Ok(None);
    }
    let mut holders = by_grants(session, family_id, person_id).await?;
    holders.extend(by_area(session, family_id, person_id).await?);
    Ok(Some(holders))
}

async fn led_family(session: &Session, id: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let led = session.find_led::<family::Entity>().of(family::Column::Id, &[id]).first().await?;
    Ok(led.map(|row| row.id))
}

async fn led_person(session: &Session, id: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    let led = session.find_led::<person::Entity>().of(person::Column::Id, &[id]).first().await?;
    Ok(led.map(|row| row.id))
}

const GRANTED: &str = "granted";
const HOME: &str = "home";
const WORKERS: &str = "workers";
const CLIENTS: &str = "clients";

async fn by_grants(
    session: &Session,
    family_id: Option<Uuid>,
    person_id: Option<Uuid>,
) -> Result<Vec<Holder>> {
    use access_grant::Column;
    let now = session.now();
    let granted = Alias::new(GRANTED);
    let own = |column: Column| Expr::col((access_grant::Entity, column));
    let mut select = Query::select();
    select
        .columns(Column::iter().map(|column| (access_grant::Entity, column)))
        .expr_as(unless_alone(workers_of_grant(session), "cast(1 as bigint)"), WORKERS)
        .expr_as(unless_alone(clients_of_grant(), "cast(0 as bigint)"), CLIENTS)
        .from(access_grant::Entity)
        .from_as(organisation::Entity, granted.clone())
        .and_where(Expr::col((granted, organisation::Column::Id)).eq(own(Column::OrganisationId)))
        .cond_where(about(family_id, person_id))
        .and_where(own(Column::Since).lte(now))
        .cond_where(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now)))
        .order_by((access_grant::Entity, Column::Since), Order::Asc)
        .order_by((access_grant::Entity, Column::Id), Order::Asc)
        .limit(MOST);
    let mut holders = Vec::new();
    for row in session.database().query_all(&select).await? {
        let grant = access_grant::Model::from_query_result(&row, "")?;
        let is_of_family = grant.family_id.is_some() && grant.family_id == family_id;
        holders.push(Holder {
            organisation_id: grant.organisation_id,
            is_direct: is_of_family || grant.person_id.is_some(),
            level: grant.level,
            workers: row.try_get("", WORKERS)?,
            clients: row.try_get("", CLIENTS)?,
            grant: Some(grant),
        });
    }
    Ok(holders)
}

/// A grant for one worker is seen by so many of a kind, any other by all of the kind.
fn unless_alone(all: SelectStatement, of_one: &'static str) -> SimpleExpr {
    let all = SimpleExpr::SubQuery(None, Box::new(all.into()));
    let is_alone = access_grant::Column::WorkerId.is_not_null();
    Expr::case(is_alone, Expr::cust(of_one)).finally(all).into()
}

fn path(of: &str) -> Expr {
    Expr::col((Alias::new(of), organisation::Column::Path))
}

/// How many active workers act for the organisation of a grant, in it or above it, in a role that sees
/// by such a grant.
fn workers_of_grant(session: &Session) -> SelectStatement {
    let mut count = in_force(session);
    count
        .and_where(path(GRANTED).binary(BinOper::Like, Expr::cust("home.path || '%'")))
        .cond_where(roles_seeing(|role| membership::Column::Role.eq(role)));
    count
}

/// How many machine accounts do.
fn clients_of_grant() -> SelectStatement {
    let home = Alias::new(HOME);
    let mut count = Query::select();
    count
        .expr(Func::count(Expr::col((api_client::Entity, api_client::Column::Id))))
        .from(api_client::Entity)
        .from_as(organisation::Entity, home.clone())
        .and_where(
            Expr::col((home, organisation::Column::Id))
                .eq(Expr::col((api_client::Entity, api_client::Column::OrganisationId))),
        )
        .and_where(api_client::Column::Status.eq(api_client::ApiClientStatus::Active))
        .and_where(path(GRANTED).binary(BinOper::Like, Expr::cust("home.path || '%'")))
        .cond_where(roles_seeing(|role| Expr::val(role == Role::Integration)));
    count
}

/// The active workers with a membership in force, counted; `home` is the organisation of it.
fn in_force(session: &Session) -> SelectStatement {
    use membership::Column;
    let now = session.now();
    let home = Alias::new(HOME);
    let mut count = Query::select();
    count
        .expr(Func::count_distinct(Expr::col((membership::Entity, Column::WorkerId))))
        .from(membership::Entity)
        .from(worker::Entity)
        .and_where(
            Expr::col((worker::Entity, worker::Column::Id))
                .eq(Expr::col((membership::Entity, Column::WorkerId))),
        )
        .from_as(organisation::Entity, home.clone())
        .and_where(
            Expr::col((home.clone(), organisation::Column::Id))
                .eq(Expr::col((membership::Entity, Column::OrganisationId))),
        )
        .and_where(
            Expr::col((home, organisation::Column::Status))
                .eq(organisation::OrganisationStatus::Active.to_value()),
        )
        .and_where(worker::Column::Status.eq(WorkerStatus::Active))
        .and_where(Column::Since.lte(now))
        .cond_where(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now)));
    count
}

/// The coordinators whose areas contain the family, or a family of the person, by organisation.
async fn by_area(
    session: &Session,
    family_id: Option<Uuid>,
    person_id: Option<Uuid>,
) -> Result<Vec<Holder>> {
    let id = || Expr::col((family::Entity, family::Column::Id));
    let homes = Condition::any()
        .add_option(family_id.map(|family_id| id().eq(family_id)))
        .add_option(person_id.map(|person_id| id().in_subquery(homes_of(person_id))));
    let mut holders = Vec::new();
    for row in session.database().query_all(&coordinators(session, homes)).await? {
        holders.push(Holder {
            organisation_id: row.try_get_by_index(1)?,
            grant: None,
            is_direct: true,
            level: AREA_LEVEL,
            workers: row.try_get_by_index(0)?,
            clients: 0,
        });
    }
    Ok(holders)
}

/// How many coordinators see families, and for which organisations.
fn coordinators(session: &Session, families: Condition) -> SelectStatement {
    use membership::Column;
    let (root, place) = (Alias::new("root"), Alias::new("place"));
    let within = Expr::cust("root.path || '%'");
    let mut select = in_force(session);
    select
        .column((membership::Entity, Column::OrganisationId))
        .from_as(area::Entity, root.clone())
        .from_as(area::Entity, place.clone())
        .from(family::Entity)
        .and_where(
            Expr::col((root, area::Column::Id)).eq(Expr::col((membership::Entity, Column::AreaId))),
        )
        .and_where(
            Expr::col((place.clone(), area::Column::Id))
                .eq(Expr::col((family::Entity, family::Column::AreaId))),
        )
        .and_where(Expr::col((place, area::Column::Path)).binary(BinOper::Like, within))
        .and_where(Column::Role.eq(Role::AreaCoordinator))
        .cond_where(families)
        .group_by_col((membership::Entity, Column::OrganisationId))
        .order_by((membership::Entity, Column::OrganisationId), Order::Asc)
        .limit(MOST);
    select
}
