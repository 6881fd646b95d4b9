//! Persons, and children as persons in the role of a child.

use async_graphql::{Context, ID, InputObject, Object};
use entity::legal_status::LegalStatusKind;
use entity::person::{self, DatePrecision, Sex};
use entity::person_name::NameKind;
use entity::relationship::RelationshipKind;

use super::enrolment::{Enrolment, EnrolmentsOfPerson};
use super::family::{Family, FamilyMember, HomesOf, MembersOf};
use super::id::Kind;
use super::input::{DateRange, objects, orders};
use super::loader::{Asking, By, many, one, questions};
use super::page::{Asked, Connection, page};
use super::placement::{CurrentPlacementOf, Placement, PlacementsOf};
use super::register::{Decision, EntriesOfPerson, RegisterEntry};
use super::scalar::{Date, Instant, PartialDate};
use crate::access::policy::Action;
use crate::access::session::Disclosure;
use crate::access::{Row, Seen};
use crate::casework;
use crate::casework::person::ChildFilter as Narrowed;
use crate::error::Result;

objects! {
    /// A human being.
    Person of person;
    /// A person in the role of a child.
    Child of person;
    /// A name that a person bears or bore.
    PersonName of person_name;
    /// A number that identifies a person in another system.
    PersonIdentifier of person_identifier;
    /// A child's legal status for a time.
    LegalStatus of legal_status;
}

questions! {
    /// All names of a person.
    NamesOf -> Vec<Row<entity::person_name::Model>> = casework::person::names_of;
    /// The identifiers of a person.
    IdentifiersOf -> Vec<Row<entity::person_identifier::Model>> = casework::person::identifiers_of;
    /// The legal statuses of a child, latest first.
    LegalStatusesOf -> Vec<Row<entity::legal_status::Model>> = casework::person::legal_statuses_of;
    /// The relationships of a person.
    RelationshipsOf -> Vec<Row<entity::relationship::Model>> = casework::person::relationships_of;
    /// A person, if it is a child.
    ChildBy -> Row<person::Model> = casework::person::children_among;
}

/// The fields of persons and children that can be hidden, with the columns they show.
const HIDEABLE: [(&str, person::Column); 9] = [
    ("familyName", person::Column::FamilyName),
    ("patronymic", person::Column::Patronymic),
    ("birthDate", person::Column::BirthDate),
    ("birthDatePrecision", person::Column::BirthPrecision),
    ("deathDate", person::Column::DeathDate),
    ("sex", person::Column::Sex),
    ("names", person::Column::SearchKey),
    ("disability", person::Column::Disability),
    ("phone", person::Column::Phone),
];

type SeenPerson = Seen<person::Model>;

/// The name to show: the given name alone where the rest is hidden.
fn display_name(person: &SeenPerson) -> String {
    let family = person.show(person::Column::FamilyName, |row| &row.family_name);
    match family.and_then(Option::as_deref) {
        Some(family) => format!("{} {family}", person.given_name),
        None => person.given_name.clone(),
    }
}

fn birth_date(person: &SeenPerson) -> Option<PartialDate> {
    let day = *person.show(person::Column::BirthDate, |row| &row.birth_date)?;
    Some(PartialDate::new(day?, person.birth_precision))
}

fn text(
    person: &SeenPerson,
    column: person::Column,
    value: fn(&person::Model) -> &Option<String>,
) -> Option<&str> {
    person.show(column, value)?.as_deref()
}

async fn shown_names(ctx: &Context<'_>, person: &SeenPerson) -> Option<Result<Vec<PersonName>>> {
    if !person.shows(person::Column::SearchKey) {
        return None;
    }
    Some(many(ctx, NamesOf(person.id)).await)
}

/// A human being: a parent, a caregiver, a relative, or a child seen as a person.
#[Object]
impl Person {
    /// Id with the prefix `person_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Person.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
        Instant(self.0.updated_at)
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

    /// How exactly the birth date is known. Personal.
    async fn birth_date_precision(&self) -> Option<DatePrecision> {
        self.0.show(person::Column::BirthPrecision, |row| &row.birth_precision).copied()
    }

    /// Date of death, if the person died. Personal.
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

    /// Numbers that identify the person in other systems.
    async fn identifiers(&self, ctx: &Context<'_>) -> Result<Vec<PersonIdentifier>> {
        many(ctx, IdentifiersOf(self.0.id)).await
    }

    /// Whether the person's address is kept secret.
    async fn is_address_protected(&self) -> bool {
        self.0.is_address_protected
    }

    /// The same person in the role of a child; null if it is none.
    async fn as_child(&self, ctx: &Context<'_>) -> Option<Result<Child>> {
        one(ctx, Some(ChildBy(self.0.id))).await
    }

    /// The families that the person belongs to today and that the viewer may see.
    async fn families(&self, ctx: &Context<'_>) -> Result<Vec<Family>> {
        families(ctx, self.0.id).await
    }

    /// Relationships with persons that the viewer may see.
    async fn relationships(&self, ctx: &Context<'_>) -> Result<Vec<Relationship>> {
        relationships(ctx, self.0.id).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&HIDEABLE)
    }
}

/// A person in the role of a child.
#[Object]
impl Child {
    /// Id with the prefix `child_`; the digits are those of the person's id.
    pub(super) async fn id(&self) -> ID {
        Kind::Child.id(self.0.id)
    }

    /// Grows with each change.
    pub(super) async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was recorded.
    pub(super) async fn created_at(&self) -> Instant {
        Instant(self.0.created_at)
    }

    /// When it was last changed.
    pub(super) async fn updated_at(&self) -> Instant {
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

    /// How exactly the birth date is known. Personal.
    async fn birth_date_precision(&self) -> Option<DatePrecision> {
        self.0.show(person::Column::BirthPrecision, |row| &row.birth_precision).copied()
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

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        let mut hidden = self.0.hidden(&HIDEABLE);
        if !self.0.shows_class(crate::access::Class::Personal) {
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

async fn families(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Vec<Family>> {
    let homes = ctx.ask(HomesOf(id)).await?;
    let today = ctx.session()?.today();
    let current = homes
        .iter()
        .flat_map(|homes| homes.iter())
        .filter(|(member, _)| casework::family::is_member_on(member, today));
    let mut families: Vec<Row<entity::family::Model>> = Vec::new();
    for (_, family) in current {
        if families.iter().all(|known| known.id != family.id) {
            families.push(Row::clone(family));
        }
    }
    Ok(families.into_iter().map(Family::from).collect())
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

async fn relationships(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Vec<Relationship>> {
    let rows = ctx.ask(RelationshipsOf(id)).await?;
    let rows = rows.iter().flat_map(|rows| rows.iter());
    Ok(rows.map(|row| Relationship { row: Row::clone(row), from: id }).collect())
}

/// How a person is related to another.
pub struct Relationship {
    row: Row<entity::relationship::Model>,
    from: uuid::Uuid,
}

/// How a person is related to another one that the viewer may see.
#[Object]
impl Relationship {
    /// Id with the prefix `relationship_`.
    pub(super) async fn id(&self) -> ID {
        Kind::Relationship.id(self.row.id)
    }

    /// What `person` is to `other`. Personal.
    async fn kind(&self) -> Option<RelationshipKind> {
        self.row.show(entity::relationship::Column::Kind, |row| &row.kind).copied()
    }

    /// Whether the object that this relationship was asked of is `person`, not `other`.
    async fn is_forward(&self) -> bool {
        self.row.person_id == self.from
    }

    /// The person of whom `kind` is said.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<person::Entity>::id(self.row.person_id))).await
    }

    /// The person to whom `person` is related.
    async fn other(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        one(ctx, Some(By::<person::Entity>::id(self.row.other_id))).await
    }

    /// First day, if it is known. Personal.
    async fn since(&self) -> Option<Date> {
        self.row.show(entity::relationship::Column::Since, |row| &row.since)?.map(Date)
    }

    /// The day after the last; null while it lasts. Personal.
    async fn until(&self) -> Option<Date> {
        self.row.show(entity::relationship::Column::Until, |row| &row.until)?.map(Date)
    }
}

/// A name that a person bears or bore. Personal.
#[Object(serial)]
impl PersonName {
    /// What kind of name it is.
    async fn kind(&self) -> NameKind {
        self.0.kind
    }

    /// Given name.
    async fn given_name(&self) -> &str {
        &self.0.given_name
    }

    /// Family name.
    async fn family_name(&self) -> Option<&str> {
        self.0.family_name.as_deref()
    }

    /// Patronymic.
    async fn patronymic(&self) -> Option<&str> {
        self.0.patronymic.as_deref()
    }

    /// First day on which it was borne, if known.
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// The day after the last; null while it is borne.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }
}

/// A number that identifies a person in another system.
#[Object(serial)]
impl PersonIdentifier {
    /// What kind of number it is.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The number. Restricted: needs full access and the scope `restricted:read`.
    async fn value(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        let value = self.0.show(entity::person_identifier::Column::Value, |row| &row.value)?;
        let disclosure = Disclosure { entity_kind: "person", entity_id: self.0.person_id };
        Some(ctx.session().map(|session| {
            session.disclose(disclosure);
            value.as_str()
        }))
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("value", entity::person_identifier::Column::Value)])
    }
}

/// A child's legal status for a time.
#[Object]
impl LegalStatus {
    /// Id with the prefix `legalstatus_`.
    pub(super) async fn id(&self) -> ID {
        Kind::LegalStatus.id(self.0.id)
    }

    /// The status. Personal.
    async fn status(&self) -> Option<LegalStatusKind> {
        self.0.show(entity::legal_status::Column::Status, |row| &row.status).copied()
    }

    /// First day.
    async fn since(&self) -> Date {
        Date(self.0.since)
    }

    /// The day after the last; null while it lasts.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// The decision that it follows from.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        one(ctx, self.0.decision_id.map(By::<entity::decision::Entity>::id)).await
    }

    /// The names of the fields of this object that are hidden from the viewer.
    async fn redacted_fields(&self) -> Vec<String> {
        self.0.hidden(&[("status", entity::legal_status::Column::Status)])
    }
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

/// A child by its id.
pub async fn child(ctx: &Context<'_>, id: &ID) -> Result<Option<Child>> {
    ctx.session()?.may(Action::ReadFamilies)?;
    let found = ctx.ask(ChildBy(Kind::Child.parse(id)?)).await?;
    Ok(found.map(|row| Child(Row::clone(&row))))
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
