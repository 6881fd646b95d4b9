//! Factories: rows with every field filled, put straight into the tables, so that a story says
//! only what it is about.

use chrono::{DateTime, NaiveDate, Utc};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::area::AreaKind;
use entity::case::{CaseKind, CaseStatus, RiskLevel};
use entity::centre::{CentreKind, CentreRegime, CentreStatus};
use entity::concern_report::{ConcernChannel, ConcernSource, ConcernStatus, ConcernUrgency};
use entity::family_member::MemberRole;
use entity::membership::Role;
use entity::organisation::{OrganisationKind, OrganisationStatus};
use entity::person::{DatePrecision, Sex};
use entity::placement::{PlacementBasis, PlacementStatus};
use entity::visit::{VisitPurpose, VisitStatus};
use hearth::access::token::Claims;
use hearth::casework::search;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel,
};
use uuid::Uuid;

use super::Stage;

/// Somebody, or some machine, that can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub subject: String,
    pub client_id: String,
    pub organisation: Uuid,
    pub role: Role,
}

impl Person {
    /// The claims of a token of theirs.
    pub fn claims(&self, scopes: Vec<String>) -> Claims {
        super::claims(&self.subject, &self.client_id, self.organisation, self.role, scopes)
    }

    /// A token of theirs.
    pub fn token(&self) -> String {
        super::token(&self.claims(Vec::new()))
    }
}

/// An organisation or an area, with the path of its tree.
#[derive(Clone, Debug)]
pub struct Branch {
    pub id: Uuid,
    pub path: String,
}

/// A family with an open case led by an organisation.
#[derive(Clone, Debug)]
pub struct Household {
    pub id: Uuid,
    pub case: Uuid,
    pub parent: Uuid,
    pub child: Uuid,
}

/// The first day of the histories in stories.
pub const START: NaiveDate = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();

fn path(parent: Option<&Branch>, id: Uuid) -> String {
    format!("{}{}/", parent.map_or("/", |parent| &parent.path), id.simple())
}

impl Stage {
    /// Puts a row into its table.
    pub async fn put<A>(&self, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        A::Entity::insert(row).exec_without_returning(&self.database.writer).await.unwrap();
    }

    /// Tries to put a row into its table.
    pub async fn try_put<A>(&self, row: A) -> Result<(), sea_orm::DbErr>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        A::Entity::insert(row).exec_without_returning(&self.database.writer).await.map(drop)
    }

    pub async fn area(&self, name: &str, parent: Option<&Branch>) -> Branch {
        let id = Uuid::now_v7();
        let path = path(parent, id);
        let now = self.now();
        self.put(entity::area::ActiveModel {
            id: Set(id),
            parent_id: Set(parent.map(|parent| parent.id)),
            kind: Set(if parent.is_some() { AreaKind::Municipality } else { AreaKind::Region }),
            name: Set(name.to_owned()),
            path: Set(path.clone()),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        Branch { id, path }
    }

    /// An organisation of a kind.
    pub async fn agency(&self, name: &str, kind: OrganisationKind) -> Branch {
        self.organisation_of(name, None, kind).await
    }

    pub async fn organisation(&self, name: &str, parent: Option<&Branch>) -> Branch {
        self.organisation_of(name, parent, OrganisationKind::SocialService).await
    }

    async fn organisation_of(
        &self,
        name: &str,
        parent: Option<&Branch>,
        kind: OrganisationKind,
    ) -> Branch {
        let id = Uuid::now_v7();
        let path = path(parent, id);
        let now = self.now();
        self.put(entity::organisation::ActiveModel {
            id: Set(id),
            parent_id: Set(parent.map(|parent| parent.id)),
            kind: Set(kind),
            name: Set(name.to_owned()),
            path: Set(path.clone()),
            status: Set(OrganisationStatus::Active),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        Branch { id, path }
    }

    /// A caseworker of an office of its own.
    pub async fn somebody(&self) -> Person {
        let office = self.organisation("Office", None).await;
        self.worker(&office, Role::Caseworker).await
    }

    pub async fn worker(&self, organisation: &Branch, role: Role) -> Person {
        self.worker_in(organisation, role, None).await
    }

    pub async fn coordinator(&self, organisation: &Branch, area: &Branch) -> Person {
        self.worker_in(organisation, Role::AreaCoordinator, Some(area.id)).await
    }

    async fn worker_in(&self, organisation: &Branch, role: Role, area: Option<Uuid>) -> Person {
        let id = Uuid::now_v7();
        let now = self.now();
        let subject = format!("worker-{}", id.simple());
        self.put(entity::worker::ActiveModel {
            id: Set(id),
            subject: Set(subject.clone()),
            display_name: Set(format!("Worker {role:?}")),
            status: Set(entity::worker::WorkerStatus::Active),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::membership::ActiveModel {
            id: Set(Uuid::now_v7()),
            worker_id: Set(id),
            organisation_id: Set(organisation.id),
            role: Set(role),
            area_id: Set(area),
            since: Set(now - chrono::TimeDelta::days(30)),
            until: Set(None),
        })
        .await;
        let organisation = organisation.id;
        Person { id, subject, client_id: "test-client".to_owned(), organisation, role }
    }

    pub async fn machine(&self, organisation: &Branch) -> Person {
        let id = Uuid::now_v7();
        let now = self.now();
        let client_id = format!("client-{}", id.simple());
        self.put(entity::api_client::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation.id),
            client_id: Set(client_id.clone()),
            name: Set("Machine".to_owned()),
            status: Set(entity::api_client::ApiClientStatus::Active),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        let (organisation, role) = (organisation.id, Role::Integration);
        Person { id, subject: client_id.clone(), client_id, organisation, role }
    }

    /// A parent and a child, with a case that the organisation leads and a grant for it. Every text
    /// about them holds the canary.
    pub async fn household(&self, lead: &Branch, area: &Branch, canary: &str) -> Household {
        let family = self.family(lead, area, canary).await;
        let parent = self.member(family, MemberRole::Parent, canary, START).await;
        let born = NaiveDate::from_ymd_opt(2018, 3, 9).unwrap();
        let child = self.member(family, MemberRole::Child, canary, born).await;
        let case = self.case(family, lead, area).await;
        self.grant(lead, family, AccessLevel::Full, GrantBasis::Lead, case).await;
        Household { id: family, case, parent, child }
    }

    pub async fn family(&self, lead: &Branch, area: &Branch, canary: &str) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::family::ActiveModel {
            id: Set(id),
            reference: Set(format!("F-{}", &id.simple().to_string()[20..])),
            label: Set(format!("Label {canary}")),
            area_id: Set(area.id),
            lead_organisation_id: Set(Some(lead.id)),
            address: Set(Some(format!("Street {canary}"))),
            protected_address: Set(Some(format!("Secret {canary}"))),
            is_address_protected: Set(true),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn member(
        &self,
        family: Uuid,
        role: MemberRole,
        canary: &str,
        born: NaiveDate,
    ) -> Uuid {
        let id = self.person(canary, born).await;
        self.membership(family, id, role, START, None).await;
        id
    }

    pub async fn membership(
        &self,
        family: Uuid,
        person: Uuid,
        role: MemberRole,
        since: NaiveDate,
        until: Option<NaiveDate>,
    ) {
        self.put(entity::family_member::ActiveModel {
            id: Set(Uuid::now_v7()),
            family_id: Set(family),
            person_id: Set(person),
            role: Set(role),
            lives_here: Set(true),
            legal_responsibility: Set(role == MemberRole::Parent),
            primary_caregiver: Set(role == MemberRole::Parent),
            since: Set(since),
            until: Set(until),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
    }

    pub async fn person(&self, canary: &str, born: NaiveDate) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        let (given, family) = (format!("Given{canary}"), format!("Family{canary}"));
        let patronymic = format!("Patronymic{canary}");
        let names = search::NameParts {
            family_name: Some(&family),
            given_name: &given,
            patronymic: Some(&patronymic),
        };
        let search_key = search::search_key([names]);
        self.put(entity::person::ActiveModel {
            id: Set(id),
            given_name: Set(given),
            family_name: Set(Some(family)),
            patronymic: Set(Some(patronymic)),
            sex: Set(Sex::Female),
            birth_date: Set(Some(born)),
            birth_precision: Set(DatePrecision::Day),
            disability: Set(Some(format!("Disability {canary}"))),
            phone: Set(Some(format!("Phone {canary}"))),
            search_key: Set(search_key),
            is_address_protected: Set(false),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn case(&self, family: Uuid, lead: &Branch, area: &Branch) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::case::ActiveModel {
            id: Set(id),
            family_id: Set(family),
            reference: Set(format!("C-{}", &id.simple().to_string()[20..])),
            kind: Set(CaseKind::Accompaniment),
            lead_organisation_id: Set(lead.id),
            area_id: Set(area.id),
            status: Set(CaseStatus::Active),
            risk_level: Set(Some(RiskLevel::High)),
            opened_on: Set(START),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn grant(
        &self,
        to: &Branch,
        family: Uuid,
        level: AccessLevel,
        basis: GrantBasis,
        source: Uuid,
    ) -> Uuid {
        self.grant_until(to, Some(family), None, level, basis, source, None).await
    }

    #[expect(clippy::too_many_arguments, reason = "a grant has so many fields")]
    pub async fn grant_until(
        &self,
        to: &Branch,
        family: Option<Uuid>,
        person: Option<Uuid>,
        level: AccessLevel,
        basis: GrantBasis,
        source: Uuid,
        until: Option<DateTime<Utc>>,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let since = self.now() - chrono::TimeDelta::days(1);
        self.put(entity::access_grant::ActiveModel {
            id: Set(id),
            organisation_id: Set(to.id),
            family_id: Set(family),
            person_id: Set(person),
            level: Set(level),
            basis: Set(basis),
            source_id: Set(Some(source)),
            since: Set(since),
            until: Set(until),
            created_at: Set(since),
            created_by: Set(None),
        })
        .await;
        id
    }

    /// An open residential centre with one unit of so many places.
    pub async fn centre(&self, provider: &Branch, area: &Branch, places: i32) -> (Uuid, Uuid) {
        let (centre, unit) = (Uuid::now_v7(), Uuid::now_v7());
        let now = self.now();
        self.put(entity::centre::ActiveModel {
            id: Set(centre),
            organisation_id: Set(provider.id),
            name: Set("Centre".to_owned()),
            kind: Set(CentreKind::SocialRehabilitation),
            regime: Set(CentreRegime::Residential),
            area_id: Set(area.id),
            protected_address: Set(Some("Hidden road 1".to_owned())),
            is_address_protected: Set(true),
            status: Set(CentreStatus::Open),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::unit::ActiveModel {
            id: Set(unit),
            centre_id: Set(centre),
            name: Set("Unit".to_owned()),
            takes_families: Set(false),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::capacity_period::ActiveModel {
            id: Set(Uuid::now_v7()),
            unit_id: Set(unit),
            since: Set(START),
            until: Set(None),
            places: Set(places),
        })
        .await;
        (centre, unit)
    }

    /// A placement as it stands in a state.
    pub fn placement(
        &self,
        home: &Household,
        (centre, unit): (Uuid, Uuid),
        status: PlacementStatus,
    ) -> entity::placement::ActiveModel {
        let now = self.now();
        let stayed = !matches!(status, PlacementStatus::Requested | PlacementStatus::Reserved);
        let left = status == PlacementStatus::Discharged;
        entity::placement::ActiveModel {
            id: Set(Uuid::now_v7()),
            person_id: Set(home.child),
            centre_id: Set(centre),
            unit_id: Set(unit),
            case_id: Set(Some(home.case)),
            family_id: Set(Some(home.id)),
            basis: Set(PlacementBasis::Parent),
            status: Set(status),
            is_residential: Set(true),
            holds_place: Set(true),
            priority: Set(0),
            requested_at: Set(now - chrono::TimeDelta::days(9)),
            reserved_until: Set(
                (status == PlacementStatus::Reserved).then(|| now + chrono::TimeDelta::days(1))
            ),
            admitted_at: Set(stayed.then(|| now - chrono::TimeDelta::days(7))),
            discharged_at: Set(left.then(|| now - chrono::TimeDelta::days(1))),
            destination: Set(left.then_some(entity::placement::Destination::BirthFamily)),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }
}

/// Reports, and what is done about them.
impl Stage {
    /// A report that an organisation received three days ago, as it stands in a state.
    pub async fn report(
        &self,
        receiver: &Branch,
        area: &Branch,
        status: ConcernStatus,
        urgency: ConcernUrgency,
        family: Option<Uuid>,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::concern_report::ActiveModel {
            id: Set(id),
            reference: Set(format!("R-{}", &id.simple().to_string()[20..])),
            received_at: Set(now - chrono::TimeDelta::days(3)),
            channel: Set(ConcernChannel::Phone),
            source_class: Set(ConcernSource::Citizen),
            is_anonymous: Set(true),
            organisation_id: Set(receiver.id),
            area_id: Set(area.id),
            narrative: Set("What was reported.".to_owned()),
            urgency: Set(urgency),
            status: Set(status),
            family_id: Set(family),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// A visit to a family to verify a report, as it stands in a state.
    pub async fn verifying_visit(&self, report: Uuid, family: Uuid, status: VisitStatus) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::visit::ActiveModel {
            id: Set(id),
            concern_report_id: Set(Some(report)),
            family_id: Set(family),
            purpose: Set(VisitPurpose::Verification),
            scheduled_for: Set(now.date_naive()),
            visited_at: Set((status == VisitStatus::Completed).then_some(now)),
            status: Set(status),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// That an organisation works in an area.
    pub async fn serves(&self, organisation: &Branch, area: &Branch) {
        self.put(entity::organisation_area::ActiveModel {
            organisation_id: Set(organisation.id),
            area_id: Set(area.id),
        })
        .await;
    }
}

/// The id of a row, as clients write it.
pub fn id(prefix: &str, uuid: Uuid) -> String {
    format!("{prefix}_{}", uuid.simple())
}

impl Stage {
    /// A kind of service of the catalogue.
    pub async fn service_type(&self, code: &str, is_active: bool) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::service_type::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(format!("Service {code}")),
            class: Set(entity::service_type::ServiceClass::Social),
            is_active: Set(is_active),
        })
        .await;
        id
    }

    /// A register of the catalogue.
    pub async fn register(
        &self,
        code: &str,
        subject: entity::register::RegisterSubject,
        is_active: bool,
    ) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::register::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(format!("Register {code}")),
            class: Set(entity::register::RegisterClass::Other),
            subject: Set(subject),
            is_active: Set(is_active),
        })
        .await;
        id
    }

    /// A decision of a body about a family, of the first day.
    pub async fn decision(&self, body: &Branch, family: Uuid, number: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::decision::ActiveModel {
            id: Set(id),
            body_id: Set(body.id),
            family_id: Set(Some(family)),
            kind: Set("Registration".to_owned()),
            number: Set(number.to_owned()),
            decided_on: Set(START),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
        id
    }

    /// A plan of a family's case with one measure, as the plan stands in a state.
    pub async fn plan_with_measure(
        &self,
        home: &Household,
        responsible: &Branch,
        status: entity::plan::PlanStatus,
    ) -> (Uuid, Uuid) {
        let (plan, measure) = (Uuid::now_v7(), Uuid::now_v7());
        let now = self.now();
        self.put(entity::plan::ActiveModel {
            id: Set(plan),
            case_id: Set(home.case),
            family_id: Set(home.id),
            revision: Set(1),
            since: Set(START),
            status: Set(status),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::measure::ActiveModel {
            id: Set(measure),
            plan_id: Set(plan),
            case_id: Set(home.case),
            family_id: Set(home.id),
            description: Set("Counselling".to_owned()),
            responsible_id: Set(responsible.id),
            due_on: Set(self.today() + chrono::TimeDelta::days(30)),
            status: Set(entity::measure::MeasureStatus::InProgress),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        (plan, measure)
    }

    /// The day of the story, which is told in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}
