//! Factories: rows with every field filled, put straight into the tables, so that a story says
//! only what it is about.

use chrono::NaiveDate;
use entity::area::AreaKind;
use entity::membership::Role;
use entity::organisation::{OrganisationKind, OrganisationStatus};
use hearth::access::token::Claims;
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

    /// The day of the story, which is told in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// The id of a row, as clients write it.
pub fn id(prefix: &str, uuid: Uuid) -> String {
    format!("{prefix}_{}", uuid.simple())
}
