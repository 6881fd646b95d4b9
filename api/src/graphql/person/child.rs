//! Children: persons in the role of a child, with their legal status, caregivers and placements.

use async_graphql::{Context, ID, InputObject, Object};
use entity::access_grant::DataCategory;
use entity::legal_status::LegalStatusKind;
use entity::person::{self, DatePrecision, Sex};

use super::record::{IdentityFact, LegalStatus, PersonName, Relationship};
use super::{
    Child, ChildBy, HIDEABLE, IdentityFactsOf, LegalStatusesOf, Person, birth_date,
    birth_date_precision, display_name, families, relationships, shown_names, text,
};
use crate::access::policy::Action;
use crate::access::{Class, Row, Veil};
use crate::casework;
use crate::casework::person::ChildFilter as Narrowed;
use crate::error::Result;
use crate::graphql::enrolment::{Enrolment, EnrolmentsOfPerson};
use crate::graphql::family::{Family, FamilyMember, HomesOf, MembersOf};
use crate::graphql::id::Kind;
use crate::graphql::input::{DateRange, orders};
use crate::graphql::loader::{Asking, many, one, root};
use crate::graphql::page::{Asked, Connection, page};
use crate::graphql::permission::{self, PersonPermissions};
use crate::graphql::placement::{CurrentPlacementOf, Placement, PlacementsOf};
use crate::graphql::register::{EntriesOfPerson, RegisterEntry};
use crate::graphql::scalar::{Date, Instant, PartialDate};

/// A person in the role of a child.
#[Object(serial)]
impl Child {
    /// Id with the prefix `child_`; the digits are those of the person's id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        Kind::Child.id(self.0.id)
    }

    /// Grows with each change.
    pub(in crate::graphql) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(in crate::graphql) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(in crate::graphql) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
    }

    /// The child seen as a person.
    async fn person(&self) -> Person {
        Person(Row::clone(&self.0))
    }

    /// Given and family name; the given name alone where the rest is hidden.
    async fn display_name(&self) -> String {
        display_name(&self.0)
    }

    /// Given name.
    async fn given_name(&self) -> &str {
        &self.0.given_name
    }

    /// Family name. Personal.
    async fn family_name(&self) -> Option<&str> {
        text(&self.0, person::Column::FamilyName, |row| &row.family_name)
    }

    /// Patronymic. Personal.
    async fn patronymic(&self) -> Option<&str> {
        text(&self.0, person::Column::Patronymic, |row| &row.patronymic)
    }

    /// Birth date, as exact as it is known. Personal.
    async fn birth_date(&self) -> Option<PartialDate> {
        birth_date(&self.0)
    }

    /// How exactly the birth date is known; null if it isn't. Personal.
    async fn birth_date_precision(&self) -> Option<DatePrecision> {
        birth_date_precision(&self.0)
    }

    /// Date of death, if the child died. Personal.
    async fn death_date(&self) -> Option<Date> {
        self.0.show(person::Column::DeathDate, |row| &row.death_date)?.map(Date)
    }

    /// Sex as recorded. Personal.
    async fn sex(&self) -> Option<Sex> {
        self.0.show(person::Column::Sex, |row| &row.sex).copied()
    }

    /// All names, the first recorded first. Personal.
    async fn names(&self, ctx: &Context<'_>) -> Option<Result<Vec<PersonName>>> {
        shown_names(ctx, &self.0).await
    }

    /// Disability, if there is one. Sensitive.
    async fn disability(&self) -> Option<&str> {
        text(&self.0, person::Column::Disability, |row| &row.disability)
    }

    /// Telephone number. Sensitive.
    async fn phone(&self) -> Option<&str> {
        text(&self.0, person::Column::Phone, |row| &row.phone)
    }

    /// What was registered first of the child's identity, and is never changed: the name at birth,
    /// the place, parents and siblings.
    async fn identity_facts(&self, ctx: &Context<'_>) -> Result<Vec<IdentityFact>> {
        many(ctx, IdentityFactsOf(self.0.id)).await
    }

    /// Whether the child's address is kept secret.
    async fn is_address_protected(&self) -> bool {
        self.0.is_address_protected
    }

    /// The legal status in force today. Personal.
    async fn legal_status(&self, ctx: &Context<'_>) -> Option<Result<LegalStatusKind>> {
        legal_status_today(ctx, self.0.id).await.transpose()
    }

    /// The history of the legal status, latest first.
    async fn legal_statuses(&self, ctx: &Context<'_>) -> Result<Vec<LegalStatus>> {
        many(ctx, LegalStatusesOf(self.0.id)).await
    }

    /// The adults who answer for the child today, in the families that the viewer may see.
    async fn caregivers(&self, ctx: &Context<'_>) -> Result<Vec<FamilyMember>> {
        caregivers(ctx, self.0.id).await
    }

    /// The families that the child belongs to today and that the viewer may see.
    async fn families(&self, ctx: &Context<'_>) -> Result<Vec<Family>> {
        families(ctx, self.0.id).await
    }

    /// Where the child is placed now: the stay in force, or null.
    async fn current_placement(&self, ctx: &Context<'_>) -> Option<Result<Placement>> {
        one(ctx, Some(CurrentPlacementOf(self.0.id))).await
    }

    /// All placements of the child, latest first.
    async fn placements(&self, ctx: &Context<'_>) -> Result<Vec<Placement>> {
        many(ctx, PlacementsOf(self.0.id)).await
    }

    /// The child's own enrolments in programmes, latest first; those of the family stand there.
    async fn enrolments(&self, ctx: &Context<'_>) -> Result<Vec<Enrolment>> {
        many(ctx, EnrolmentsOfPerson(self.0.id)).await
    }

    /// The child's entries on registers, latest first.
    async fn register_entries(&self, ctx: &Context<'_>) -> Result<Vec<RegisterEntry>> {
        many(ctx, EntriesOfPerson(self.0.id)).await
    }

    /// Relationships with persons that the viewer may see.
    async fn relationships(&self, ctx: &Context<'_>) -> Result<Vec<Relationship>> {
        relationships(ctx, self.0.id).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<PersonPermissions> {
        permission::of_person(ctx, &self.0).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        let mut hidden = self.0.hidden(&HIDEABLE);
        if !self.0.shows_veiled(Veil::new(Class::Personal, DataCategory::Identity)) {
            hidden.push("legalStatus".to_owned());
        }
        hidden
    }
}

async fn legal_status_today(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Option<LegalStatusKind>> {
    use entity::legal_status::Column;
    let statuses = ctx.ask(LegalStatusesOf(id)).await?;
    let today = ctx.session()?.today();
    let mut all = statuses.iter().flat_map(|rows| rows.iter());
    let in_force =
        all.find(|row| row.since <= today && row.until.is_none_or(|until| today < until));
    Ok(in_force.and_then(|row| row.show(Column::Status, |row| &row.status).copied()))
}

async fn caregivers(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Vec<FamilyMember>> {
    let mut found = Vec::new();
    let today = ctx.session()?.today();
    let homes = ctx.ask(HomesOf(id)).await?;
    let current = homes.iter().flat_map(|homes| homes.iter());
    for (_, family) in current.filter(|(member, _)| casework::family::is_member_on(member, today)) {
        let members = ctx.ask(MembersOf(family.id)).await?;
        for (member, person) in members.iter().flat_map(|members| members.iter()) {
            if casework::family::is_member_on(member, today)
                && casework::family::is_caregiver(member)
            {
                found.push(FamilyMember::new(Row::clone(member), Row::clone(person)));
            }
        }
    }
    Ok(found)
}

/// Narrows the list of children; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct ChildFilter {
    /// Of one of these sexes. Only children whose personal fields the viewer sees match.
    sex_in: Option<Vec<Sex>>,
    /// Born in these days. Only children whose personal fields the viewer sees match.
    born: Option<DateRange>,
    /// Children of one of these families, up to 100.
    family_id_in: Option<Vec<ID>>,
}

orders! {
    ChildOrder by ChildOrderField of person {
        /// By the last change.
        UpdatedAt = UpdatedAt,
    }
}

impl ChildFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            sex_in: filter.sex_in,
            born: filter.born.map(Into::into),
            family_in: Kind::Family.parse_all(filter.family_id_in)?,
        })
    }
}

/// Roots for children.
#[derive(Default)]
pub struct PersonQuery;

#[Object]
impl PersonQuery {
    /// A child by its id; null if there is none that the viewer may see.
    async fn child(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `child_`.")] id: ID,
    ) -> Option<Result<Child>> {
        child(ctx, &id).await.transpose()
    }

    /// The children that the viewer may see.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ChildFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<ChildOrder>,
    ) -> Option<Result<Connection<Child>>> {
        Some(children(ctx, first, after, filter, order_by).await)
    }
}

async fn child(ctx: &Context<'_>, id: &ID) -> Result<Option<Child>> {
    ctx.session()?.may(Action::ReadFamilies)?;
    root::<Child, _, ChildBy>(ctx, Some(Kind::Child.parse(id)?)).await.transpose()
}

async fn children(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<ChildFilter>,
    order_by: Option<ChildOrder>,
) -> Result<Connection<Child>> {
    let session = ctx.session()?;
    session.may(Action::ReadFamilies)?;
    let filter = ChildFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: ChildOrder::keyset(order_by),
        filter: format!("children {filter:?}"),
    };
    page(ctx, casework::person::children(session, filter), asked).await
}
