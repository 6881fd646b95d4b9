//! Where children on a register or in care are on a day.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::NaiveDate;

use super::family::Family;
use super::id::Kind;
use super::loader::{Asking, By, one};
use super::page::{Asked, Connection, opened};
use super::person::Child;
use super::placement::Placement;
use super::scalar::Date;
use crate::access::policy::Action;
use crate::access::session::Keyset;
use crate::access::{Class, Row, Session};
use crate::casework::whereabouts::{
    self as located, Found, Located, WhereaboutsFilter as Narrowed,
};
use crate::error::{Error, Result};

/// Where a child is, by what is recorded: the first rule that applies says it, and what the viewer
/// may not see has no part in it. (1) A residential stay in a centre that covers the day: its
/// absence on the day says `HOSPITAL`, `MISSING` or `ON_LEAVE`; without one it is `UNIT`. (2) A legal
/// status in force that is not older than the last discharge: `FOSTER`, or `KIN` for a guardianship.
/// (3) The last discharge: its destination, unless the child came to a family after it, or, after one
/// to kin or to a foster family, was given back to parental care or adopted. (4) The family that the
/// child lives in and came to last: `MOVED` if the last of the work with it was closed for that, else
/// `HOME` or `KIN` by who lives there. (5) `UNKNOWN`.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "located::Whereabouts")]
pub enum Whereabouts {
    /// In a household with a parent or a step-parent, or with no other adult on record; or
    /// discharged to the birth family or to adoptive parents.
    Home,
    /// In a household with a guardian, a caregiver or a relative and no parent; under guardianship;
    /// or discharged to kin or to a guardian.
    Kin,
    /// In a foster family, by the legal status or the last discharge.
    Foster,
    /// In a unit of a centre.
    Unit,
    /// In hospital: away from a unit, or discharged into medical care.
    Hospital,
    /// On leave at home from a unit.
    OnLeave,
    /// Missing from a unit, or left it without permission.
    Missing,
    /// Moved away with the family: work with it was closed because of that and not taken up again.
    Moved,
    /// Nothing that the viewer may see says where the child is; or it was discharged to another
    /// centre, into custody, to independent life or elsewhere.
    Unknown,
}

/// A child who is on a register or in care on a day, and where it is then.
pub struct ChildWhereabouts(Located);

const HIDEABLE: [&str; 4] = ["whereabouts", "since", "placement", "family"];

/// A child who is on a register or in care on a day, and where it is then.
#[Object(serial)]
impl ChildWhereabouts {
    /// The child, as it is on record now.
    async fn child(&self) -> Child {
        Child::from(Row::clone(&self.0.child))
    }

    /// Where the child is on the day, as one class. Personal.
    async fn whereabouts(&self) -> Option<Whereabouts> {
        self.found().map(|found| found.class.into())
    }

    /// The day from which on that holds, by what says it: the first day of the absence, the return
    /// from the last one or the admission; the first day of the legal status; the day of the
    /// discharge, of the coming to the family, or of the closure because it moved. Null if nothing
    /// says it. Personal.
    async fn since(&self) -> Option<Date> {
        self.found()?.since.map(Date)
    }

    /// The residential stay that covers the day, for `UNIT`, and for `HOSPITAL`, `MISSING` and
    /// `ON_LEAVE` from a unit; its `unit` and `centre` tell which. Personal.
    async fn placement(&self) -> Option<Placement> {
        let placement = self.found()?.placement.as_ref()?;
        Some(Placement::from(Row::clone(placement)))
    }

    /// The family by which the class is known, for `HOME`, `KIN` and `MOVED`; null if a legal status
    /// or a discharge without a family on record says it. Personal.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        let id = self.found()?.family_id?;
        one(ctx, Some(By::<entity::family::Entity>::id(id))).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        if located::is_told(&self.0.child) {
            return Vec::new();
        }
        HIDEABLE.iter().map(|name| (*name).to_owned()).collect()
    }
}

impl ChildWhereabouts {
    /// Where the child is, if it is told: which is a reading of the child.
    fn found(&self) -> Option<&Found> {
        let found = self.0.found.as_ref()?;
        self.0.child.note(Class::Personal);
        Some(found)
    }
}

/// Narrows the list of children by where they are; what is given must all hold.
#[derive(InputObject, Debug)]
#[expect(clippy::struct_field_names, reason = "lists in filters end in `In`")]
pub struct ChildWhereaboutsFilter {
    /// Of one of these classes. Only children whose personal fields the viewer sees match. One page
    /// looks at no more than 2,000 children: it may hold fewer than `first`, even none, while
    /// `hasNextPage` is true; go on with `endCursor`. `totalCount` looks at no more than 10,000, and
    /// is an error beyond.
    class_in: Option<Vec<Whereabouts>>,
    /// On one of these registers on the day, by an entry of their own or of their family, up to 100.
    register_id_in: Option<Vec<ID>>,
    /// Children, on the day, of families that now live in one of these areas, up to 100 (areas within
    /// them are not looked at). Only children whose personal fields the viewer sees match.
    area_id_in: Option<Vec<ID>>,
}

impl ChildWhereaboutsFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        let classes = |all: Vec<Whereabouts>| all.into_iter().map(Into::into).collect();
        Ok(Narrowed {
            class_in: filter.class_in.map(classes),
            register_in: Kind::Register.parse_all(filter.register_id_in)?,
            area_in: Kind::Area.parse_all(filter.area_id_in)?,
        })
    }
}

/// Roots for the whereabouts of children.
#[derive(Default)]
pub struct WhereaboutsQuery;

#[Object]
impl WhereaboutsQuery {
    /// Where the children are who on a day are on a register or in care, each once, by id. Listed are
    /// those whom the viewer may see, who are born, alive and under 18 on the day (whose birth date
    /// isn't known is listed if recorded as a child), and not merged into another; who then have an
    /// entry of their own on a register in force, are a child of a family with one that the viewer
    /// sees, are in a residential stay, or have the legal status `GUARDIANSHIP`, `FOSTER`,
    /// `WITHOUT_PARENTAL_CARE` or `ORPHAN`. Of children whose personal fields the viewer doesn't see, age,
    /// death and legal status are not looked at. Past days are told by the dates that are on record
    /// now; what was voided doesn't count. Needs a role that reads both families and placements.
    async fn child_whereabouts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day, not in the future; today unless said.")] on: Option<Date>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ChildWhereaboutsFilter>,
    ) -> Option<Result<Connection<ChildWhereabouts>>> {
        Some(child_whereabouts(ctx, on, first, after, filter).await)
    }
}

async fn child_whereabouts(
    ctx: &Context<'_>,
    on: Option<Date>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ChildWhereaboutsFilter>,
) -> Result<Connection<ChildWhereabouts>> {
    let session = ctx.session()?;
    session.may(Action::ReadFamilies)?;
    session.may(Action::ReadPlacements)?;
    let day = day(session, on)?;
    let filter = ChildWhereaboutsFilter::narrowed(filter)?;
    let order = Keyset::<entity::person::Entity> { column: None, descending: false };
    let filter_text = format!("whereabouts {day} {filter:?}");
    let place = opened(ctx, Asked { first, after, order, filter: filter_text })?;
    let portion = located::page(session, day, &filter, place.after, place.first).await?;
    look_ahead(ctx, &portion.children).await?;
    let nodes = portion.children.into_iter().map(|child| (child.child.id, ChildWhereabouts(child)));
    let asking = session.clone();
    let count = move || {
        let (session, filter) = (asking.clone(), filter.clone());
        async move { located::count(&session, day, &filter).await }
    };
    place.closed(ctx, nodes, portion.next, count)
}

/// Reads what is selected of the children, their placements and their families.
async fn look_ahead(ctx: &Context<'_>, found: &[located::Located]) -> Result<()> {
    use super::prefetch::by_ids;
    use entity::{family, person, placement};
    use uuid::Uuid;
    let below = |name| [["nodes", name].to_vec(), ["edges", "node", name].to_vec()];
    let told = || found.iter().filter_map(|child| child.found.as_ref());
    let children: Vec<Uuid> = found.iter().map(|child| child.child.id).collect();
    let families: Vec<Uuid> = told().filter_map(|found| found.family_id).collect();
    let placements: Vec<Uuid> =
        told().filter_map(|found| Some(found.placement.as_ref()?.id)).collect();
    let (at, of) = (below("child"), "Child");
    by_ids::<By<person::Entity>>(ctx, of, &at.each_ref().map(Vec::as_slice), &children).await?;
    let (at, of) = (below("family"), "Family");
    by_ids::<By<family::Entity>>(ctx, of, &at.each_ref().map(Vec::as_slice), &families).await?;
    let (at, of) = (below("placement"), "Placement");
    by_ids::<By<placement::Entity>>(ctx, of, &at.each_ref().map(Vec::as_slice), &placements).await
}

fn day(session: &Session, on: Option<Date>) -> Result<NaiveDate> {
    let today = session.today();
    match on {
        Some(Date(day)) if day > today => {
            Err(Error::BadInput("`on` must not be in the future.".to_owned()))
        }
        on => Ok(on.map_or(today, |on| on.0)),
    }
}
