//! Families and their members.

pub mod mutation;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::access_grant::DataCategory;
use entity::case::CaseStatus;
use entity::family::{self, Column};
use entity::family_characteristic::FamilyCharacteristic;
use entity::family_member::{self, MemberRole};

use super::case::{Case, CasesOf, OpenCaseOf};
use super::concern::{ConcernReport, ReportsOf};
use super::consent::{Consent, ConsentsOf};
use super::enrolment::{Enrolment, EnrolmentsOfFamily};
use super::id::Kind;
use super::input::{DateTimeRange, orders};
use super::loader::{Asking, By, many, one, questions, single};
use super::organisation::{Area, Organisation};
use super::page::{Asked, Connection, page};
use super::permission::{self, FamilyPermissions};
use super::person::{Child, Person};
use super::register::{EntriesOfFamily, RegisterEntry};
use super::scalar::{Date, Instant};
use crate::access::policy::Action;
use crate::access::{Class, Row, Veil};
use crate::casework;
use crate::casework::family::{FamilyFilter as Narrowed, Home, Member};
use crate::error::{Error, Result};

questions! {
    /// Who belongs or belonged to a family.
    MembersOf -> Vec<Member> = casework::family::members_of;
    /// The families that a person belongs or belonged to.
    HomesOf -> Vec<Home> = casework::family::homes_of;
    /// The characteristics of a family.
    CharacteristicsOf -> Vec<Row<entity::family_characteristic::Model>> =
        casework::family::characteristics_of;
}

/// A household that is worked with, as of a day.
pub struct Family {
    row: Row<family::Model>,
    at: Option<NaiveDate>,
}

impl From<Row<family::Model>> for Family {
    fn from(row: Row<family::Model>) -> Self {
        Self { row, at: None }
    }
}

const HIDEABLE: [(&str, Column); 5] = [
    ("label", Column::Label),
    ("area", Column::AreaId),
    ("address", Column::Address),
    ("protectedAddress", Column::ProtectedAddress),
    ("characteristics", Column::Address),
];

/// A household that is worked with.
#[Object(serial)]
impl Family {
    /// Id with the prefix `family_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Family.id(self.row.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.row.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }

    /// The authority's reference, unique, without personal meaning.
    async fn reference(&self) -> &str {
        &self.row.reference
    }

    /// What the family is called among those who work with it. Personal.
    async fn label(&self) -> Option<&str> {
        Some(self.row.show(Column::Label, |row| &row.label)?)
    }

    /// The area that the family lives in. Personal.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        let id = *self.row.show(Column::AreaId, |row| &row.area_id)?;
        one(ctx, Some(By::<entity::area::Entity>::id(id))).await
    }

    /// The organisation that leads the work with the family.
    async fn lead_organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        one(ctx, self.row.lead_organisation_id.map(By::<entity::organisation::Entity>::id)).await
    }

    /// The address, unless it is protected. Sensitive.
    async fn address(&self) -> Option<&str> {
        self.row.show(Column::Address, |row| &row.address)?.as_deref()
    }

    /// Whether the address is kept secret.
    async fn is_address_protected(&self) -> bool {
        self.row.is_address_protected
    }

    /// The address that is kept secret. Restricted: needs full access and the scope
    /// `restricted:read`; each reading is audited.
    async fn protected_address(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        ctx.reveal(&self.row, Column::ProtectedAddress, |row| row.protected_address.as_ref())
    }

    /// Circumstances that rules and reports read. Sensitive.
    async fn characteristics(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<FamilyCharacteristic>>> {
        if !self.row.shows_veiled(Veil::new(Class::Sensitive, DataCategory::Needs)) {
            return None;
        }
        self.row.note(Class::Sensitive);
        let rows = ctx.ask(CharacteristicsOf(self.row.id)).await;
        Some(
            rows.map(|rows| rows.iter().flat_map(|rows| rows.iter()).map(|row| row.kind).collect()),
        )
    }

    /// Who belongs to the family on the day it is shown as of, adults first.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether those who no longer belong to it come as well.", default)]
        include_past: bool,
    ) -> Result<Vec<FamilyMember>> {
        let members = self.household(ctx, include_past).await?;
        Ok(members.into_iter().map(|(member, person)| FamilyMember::new(member, person)).collect())
    }

    /// The children of the family on the day it is shown as of, eldest first.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Child>> {
        let members = self.household(ctx, false).await?;
        let children = members.into_iter().filter(|(member, _)| member.role == MemberRole::Child);
        Ok(children.map(|(_, person)| Child::from(person)).collect())
    }

    /// All cases of the family, latest first.
    async fn cases(&self, ctx: &Context<'_>) -> Result<Vec<Case>> {
        many(ctx, CasesOf(self.row.id)).await
    }

    /// The case that is open now; the one opened last, if there are several.
    async fn open_case(&self, ctx: &Context<'_>) -> Option<Result<Case>> {
        one(ctx, Some(OpenCaseOf(self.row.id))).await
    }

    /// Enrolments of the family and of its members in programmes, latest first.
    async fn enrolments(&self, ctx: &Context<'_>) -> Result<Vec<Enrolment>> {
        many(ctx, EnrolmentsOfFamily(self.row.id)).await
    }

    /// The family's entries on registers, latest first.
    async fn register_entries(&self, ctx: &Context<'_>) -> Result<Vec<RegisterEntry>> {
        many(ctx, EntriesOfFamily(self.row.id)).await
    }

    /// The reports about the family that the viewer may see, latest first.
    async fn concern_reports(&self, ctx: &Context<'_>) -> Result<Vec<ConcernReport>> {
        many(ctx, ReportsOf(self.row.id)).await
    }

    /// What was answered to requests for consent, latest first; for who leads the work with the family.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<Consent>> {
        many(ctx, ConsentsOf(self.row.id)).await
    }

    /// What the viewer could do with it now.
    async fn viewer_permissions(&self, ctx: &Context<'_>) -> Result<FamilyPermissions> {
        permission::of_family(ctx, &self.row).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.row.hidden(&HIDEABLE)
    }
}

impl Family {
    async fn household(&self, ctx: &Context<'_>, include_past: bool) -> Result<Vec<Member>> {
        let members = ctx.ask(MembersOf(self.row.id)).await?;
        let day = self.at.unwrap_or(ctx.session()?.today());
        let members = members.iter().flat_map(|members| members.iter());
        let wanted = members.filter(|(member, _)| {
            if include_past {
                member.since <= day
            } else {
                casework::family::is_member_on(member, day)
            }
        });
        Ok(wanted.cloned().collect())
    }
}

/// A person's membership of a family, for a time.
pub struct FamilyMember {
    row: Row<family_member::Model>,
    person: Row<entity::person::Model>,
}

impl FamilyMember {
    /// A membership with its person.
    pub const fn new(row: Row<family_member::Model>, person: Row<entity::person::Model>) -> Self {
        Self { row, person }
    }
}

/// A person's membership of a family, for a time; a child can belong to two households.
#[Object(serial)]
impl FamilyMember {
    /// Id with the prefix `member_`.
    pub(super) async fn id(&self) -> ID {
        Kind::FamilyMember.id(self.row.id)
    }

    /// Role of the person in the family.
    async fn role(&self) -> MemberRole {
        self.row.role
    }

    /// The person.
    async fn person(&self) -> Person {
        Person::from(Row::clone(&self.person))
    }

    /// The family.
    async fn family(&self, ctx: &Context<'_>) -> Option<Result<Family>> {
        one(ctx, Some(By::<family::Entity>::id(self.row.family_id))).await
    }

    /// Whether the person lives in this household. Personal.
    async fn lives_here(&self) -> Option<bool> {
        self.row.show(family_member::Column::LivesHere, |row| &row.lives_here).copied()
    }

    /// Whether the person is legally responsible for the children. Personal.
    async fn has_legal_responsibility(&self) -> Option<bool> {
        let column = family_member::Column::LegalResponsibility;
        self.row.show(column, |row| &row.legal_responsibility).copied()
    }

    /// Whether the person is the one who mainly cares for the children. Personal.
    async fn is_primary_caregiver(&self) -> Option<bool> {
        let column = family_member::Column::PrimaryCaregiver;
        self.row.show(column, |row| &row.primary_caregiver).copied()
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.row.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.row.until.map(Date)
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        use family_member::Column;
        self.row.hidden(&[
            ("livesHere", Column::LivesHere),
            ("hasLegalResponsibility", Column::LegalResponsibility),
            ("isPrimaryCaregiver", Column::PrimaryCaregiver),
        ])
    }
}

/// Narrows the list of families; what is given must all hold.
#[derive(InputObject, Debug)]
pub struct FamilyFilter {
    /// With exactly this reference.
    reference: Option<String>,
    /// Living in one of these areas, up to 100 (areas within them are not looked at). Only
    /// families whose personal fields the viewer sees match.
    area_id_in: Option<Vec<ID>>,
    /// Led by one of these organisations, up to 100.
    lead_organisation_id_in: Option<Vec<ID>>,
    /// With one of these characteristics. Only families that the viewer sees in full match.
    characteristic_in: Option<Vec<FamilyCharacteristic>>,
    /// With a case in one of these states.
    case_status_in: Option<Vec<CaseStatus>>,
    /// Last changed in this time.
    updated_at: Option<DateTimeRange>,
}

orders! {
    FamilyOrder by FamilyOrderField of family {
        /// By the last change.
        UpdatedAt = UpdatedAt,
        /// By the authority's reference.
        Reference = Reference,
    }
}

impl FamilyFilter {
    fn narrowed(filter: Option<Self>) -> Result<Narrowed> {
        let Some(filter) = filter else { return Ok(Narrowed::default()) };
        Ok(Narrowed {
            reference: filter.reference,
            area_in: Kind::Area.parse_all(filter.area_id_in)?,
            lead_organisation_in: Kind::Organisation.parse_all(filter.lead_organisation_id_in)?,
            characteristic_in: filter.characteristic_in,
            case_status_in: filter.case_status_in,
            updated: filter.updated_at.map(Into::into),
        })
    }
}

/// Roots for families.
#[derive(Default)]
pub struct FamilyQuery;

#[Object]
impl FamilyQuery {
    /// A family by its id; null if there is none that the viewer may see.
    async fn family(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id with the prefix `family_`.")] id: ID,
        #[graphql(desc = "Shows its members as of this day, at the latest today.")] at: Option<
            Date,
        >,
    ) -> Option<Result<Family>> {
        family_at(ctx, &id, at).await.transpose()
    }

    /// The families that the viewer may see.
    async fn families(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<FamilyFilter>,
        #[graphql(desc = "In which order; by id unless said.")] order_by: Option<FamilyOrder>,
    ) -> Option<Result<Connection<Family>>> {
        Some(families(ctx, first, after, filter, order_by).await)
    }
}

async fn family_at(ctx: &Context<'_>, id: &ID, at: Option<Date>) -> Result<Option<Family>> {
    let today = ctx.session()?.today();
    if at.is_some_and(|at| at.0 > today) {
        return Err(Error::BadInput(format!("`at` must not be later than today, {today}.")));
    }
    let found =
        single::<Family, family::Entity>(ctx, Action::ReadFamilies, Kind::Family, id).await?;
    Ok(found.map(|family| Family { at: at.map(|at| at.0), ..family }))
}

async fn families(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<FamilyFilter>,
    order_by: Option<FamilyOrder>,
) -> Result<Connection<Family>> {
    let session = ctx.session()?;
    session.may(Action::ReadFamilies)?;
    let filter = FamilyFilter::narrowed(filter)?;
    let asked = Asked {
        first,
        after,
        order: FamilyOrder::keyset(order_by),
        filter: format!("families {filter:?}"),
    };
    page(ctx, casework::family::families(session, filter), asked).await
}
