//! Who asks: what the token says, narrowed to what the database's memberships allow, loaded
//! once a request in one statement (two for a coordinator).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::membership::Role;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

use super::token::Claims;
use crate::error::{Error, Result};

/// The person or the machine behind a request, as one role in one organisation.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The role in force.
    pub role: Role,
    /// The worker, unless a machine asks.
    pub worker_id: Option<Uuid>,
    /// The machine account, if one asks.
    pub api_client_id: Option<Uuid>,
    /// The name of the worker or of the machine account.
    pub display_name: String,
    /// The organisation that the viewer acts for.
    pub organisation_id: Uuid,
    /// That organisation with all its branches and teams.
    pub organisations: Vec<Uuid>,
    /// The areas of a coordinator, with all areas in them; empty for other roles.
    pub areas: Vec<Uuid>,
    /// The scopes of the token; they narrow, and unlock restricted fields.
    pub scopes: BTreeSet<String>,
    /// The subject of the token.
    pub subject: String,
    /// The client that sent the token.
    pub client_id: String,
    /// The moment of the request, by which grants are judged.
    pub now: DateTime<Utc>,
    /// Whether only what the viewer's organisation leads is asked for: [`Self::leading`].
    pub is_leading: bool,
    /// How it is looked up what the viewer sees: [`Self::asking_each`].
    pub look_up: LookUp,
    /// What is granted is looked up in: [`Self::naming_grants`].
    pub grants: Grants,
    /// Whether the service acts by itself: [`Self::house`].
    pub is_house: bool,
    /// Whether something is open to this worker alone, taken in an emergency, and may count.
    pub breaks_glass: bool,
    /// How much is granted to the viewer's organisations.
    pub extent: Extent,
    /// The database's dialect: how a list of ids is bound.
    pub backend: DbBackend,
}

/// How much is granted to a viewer's organisations: at which end PostgreSQL is to begin a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// So little that a list begins at what is granted.
    Few,
    /// So much that a list is gone through in its order, until it is full.
    Many,
}

/// How it is looked up what a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// All of it, as one set that rows are compared with.
    Gathered,
    /// Row by row.
    RowByRow,
}

/// Where a statement finds what is granted to a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grants {
    /// In the table, with all conditions each time.
    OfTable,
    /// In what the statement itself names once.
    Named,
}

/// The scope that unlocks RESTRICTED fields on rows seen in full.
pub const RESTRICTED_SCOPE: &str = "restricted:read";

/// What the service is called where it acts by itself.
const HOUSE: &str = "HOUSE";

#[derive(FromQueryResult)]
struct Found {
    actor_id: Uuid,
    display_name: String,
    area_id: Option<Uuid>,
    organisation_id: Uuid,
    breaks_glass: bool,
    reaches_few: bool,
}

/// One row for each organisation in the subtree of the token's organisation (and for each
/// area of a coordinator), if the worker has the role there or above it now. How much is granted is
/// counted once, whatever the number of rows, since it refers to none of them; and not at all where `$8`
/// knows it.
const OF_WORKER: &str = "
    select w.id as actor_id, w.display_name, m.area_id, sub.id as organisation_id,
      exists (select 1 from access_grant g
              where g.worker_id = w.id and g.since <= $3 and g.until > $3) as breaks_glass,
      coalesce($8, (select count(*) from (
        select 1 from access_grant g where g.organisation_id in (
          select below.id from organisation top join organisation below on below.path like top.path || '%'
          where top.id = $4)
        limit 1001) held) <= 1000) as reaches_few
    from worker w
    join membership m on m.worker_id = w.id
    join organisation home on home.id = m.organisation_id
    join organisation root on root.path like home.path || '%'
    join organisation sub on sub.path like root.path || '%'
    where w.subject = $1 and w.status = 'ACTIVE'
      and m.role = $2 and m.since <= $3 and (m.until is null or m.until > $3)
      and root.id = $4 and root.status = 'ACTIVE' and home.status = 'ACTIVE'
      and not exists (select 1 from revocation r where r.id in ($5, $6, $7))";

/// The same for a machine account, whose client id is the token's.
const OF_CLIENT: &str = "
    select c.id as actor_id, c.name as display_name, cast(null as uuid) as area_id, sub.id as organisation_id,
      false as breaks_glass,
      coalesce($8, (select count(*) from (
        select 1 from access_grant g where g.organisation_id in (
          select below.id from organisation top join organisation below on below.path like top.path || '%'
          where top.id = $4)
        limit 1001) held) <= 1000) as reaches_few
    from api_client c
    join organisation root on root.id = c.organisation_id
    join organisation sub on sub.path like root.path || '%'
    where c.client_id = $1 and c.status = 'ACTIVE' and $2 = 'INTEGRATION' and $3 is not null
      and root.id = $4 and root.status = 'ACTIVE'
      and not exists (select 1 from revocation r where r.id in ($5, $6, $7))";

const AREAS_WITHIN: &str = "
    select a.id from area a
    where exists (
        select 1 from area root
        where root.id = $1 and a.path like root.path || '%'
    )";

impl Viewer {
    /// Loads the viewer that a token names; without a membership in force there is none. How much their
    /// organisation reaches is counted unless it is given: it doesn't decide what they see.
    pub async fn load(
        database: &DatabaseConnection,
        claims: &Claims,
        now: DateTime<Utc>,
        extent: Option<Extent>,
    ) -> Result<Self> {
        let machine = claims.role == Role::Integration;
        let rows = Self::memberships(database, claims, machine, (now, extent)).await?;
        let first = rows.first().ok_or(Error::Unauthenticated)?;
        let backend = database.get_database_backend();
        let granted = claims.role != Role::AreaCoordinator;
        let roots: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.area_id).collect();
        let organisations: BTreeSet<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
        Ok(Self {
            role: claims.role,
            worker_id: (!machine).then_some(first.actor_id),
            api_client_id: machine.then_some(first.actor_id),
            display_name: first.display_name.clone(),
            organisation_id: claims.organisation,
            organisations: organisations.into_iter().collect(),
            areas: if claims.role == Role::AreaCoordinator {
                areas_within(database, roots).await?
            } else {
                Vec::new()
            },
            scopes: claims.scopes.clone(),
            subject: claims.subject.clone(),
            client_id: claims.client_id.clone(),
            now,
            is_leading: false,
            look_up: LookUp::Gathered,
            grants: Grants::OfTable,
            is_house: false,
            breaks_glass: first.breaks_glass,
            extent: if first.reaches_few && granted && backend == DbBackend::Postgres {
                Extent::Few
            } else {
                Extent::Many
            },
            backend,
        })
    }

    /// The service itself, where something is due by itself for an organisation: nobody's token
    /// becomes it. It sees no family and no person, and does nothing but what is due.
    pub fn house(organisation_id: Uuid, now: DateTime<Utc>, backend: DbBackend) -> Self {
        Self {
            role: Role::Auditor,
            worker_id: None,
            api_client_id: None,
            display_name: HOUSE.to_owned(),
            organisation_id,
            organisations: vec![organisation_id],
            areas: Vec::new(),
            scopes: BTreeSet::new(),
            subject: HOUSE.to_owned(),
            client_id: HOUSE.to_owned(),
            now,
            is_leading: false,
            look_up: LookUp::Gathered,
            grants: Grants::OfTable,
            is_house: true,
            breaks_glass: false,
            extent: Extent::Many,
            backend,
        }
    }

    /// As whom the audit names the viewer.
    pub fn told_role(&self) -> String {
        if self.is_house { HOUSE.to_owned() } else { sea_orm::ActiveEnum::to_value(&self.role) }
    }

    async fn memberships(
        database: &DatabaseConnection,
        claims: &Claims,
        machine: bool,
        (now, extent): (DateTime<Utc>, Option<Extent>),
    ) -> Result<Vec<Found>> {
        // What a token doesn't name can't be revoked: its own key stands for that.
        let token = token_key(&claims.token_id);
        let session = claims.session_id.as_deref().map_or_else(|| token.clone(), session_key);
        let device = claims.device_id.as_deref().map_or_else(|| token.clone(), device_key);
        let (sql, actor) =
            if machine { (OF_CLIENT, &claims.client_id) } else { (OF_WORKER, &claims.subject) };
        let statement = Statement::from_sql_and_values(
            database.get_database_backend(),
            sql,
            [
                actor.as_str().into(),
                sea_orm::ActiveEnum::to_value(&claims.role).into(),
                now.into(),
                claims.organisation.into(),
                token.into(),
                session.into(),
                device.into(),
                extent.map(|extent| extent == Extent::Few).into(),
            ],
        );
        Ok(Found::find_by_statement(statement).all(database).await?)
    }

    /// The same viewer, who sees nothing but what their organisation leads: neither what is shared
    /// with it for a while, nor what lies in a coordinator's areas.
    #[must_use]
    pub fn leading(&self) -> Self {
        Self { is_leading: true, ..self.clone() }
    }

    /// The same viewer without what was taken in an emergency: by it nothing is written, and nothing
    /// restricted is shown.
    #[must_use]
    pub fn lasting(&self) -> Self {
        Self { breaks_glass: false, ..self.clone() }
    }

    /// The same viewer, of whom it is asked of each row whether they see it: for reads that find their rows
    /// otherwise. Unless it is said, the database may gather all that the viewer sees before the first row.
    #[must_use]
    pub fn asking_each(&self) -> Self {
        Self { look_up: LookUp::RowByRow, ..self.clone() }
    }

    /// The same viewer, for a statement that names [what is granted](super::scope::granted) once, and so is
    /// shorter; none where it is not all by one condition, or nothing is.
    pub fn naming_grants(&self) -> Option<Self> {
        super::scope::granted(self)?;
        Some(Self { grants: Grants::Named, ..self.clone() })
    }

    /// Whether it is asked of each row.
    pub const fn asks_each(&self) -> bool {
        matches!(self.look_up, LookUp::RowByRow)
    }

    /// Whether the viewer's role leads the work with families at all.
    pub const fn can_lead(&self) -> bool {
        matches!(self.role, Role::Caseworker | Role::Supervisor)
    }

    /// Whether the token carries a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}

/// The key of a revoked token.
pub fn token_key(token_id: &str) -> String {
    format!("jti:{token_id}")
}

/// The key of a revoked device.
pub fn device_key(device_id: &str) -> String {
    format!("device:{device_id}")
}

/// The key of a revoked session.
pub fn session_key(session_id: &str) -> String {
    format!("sid:{session_id}")
}

async fn areas_within(database: &DatabaseConnection, roots: BTreeSet<Uuid>) -> Result<Vec<Uuid>> {
    let mut areas = BTreeSet::new();
    for root in roots {
        let statement = Statement::from_sql_and_values(
            database.get_database_backend(),
            AREAS_WITHIN,
            [root.into()],
        );
        for row in database.query_all_raw(statement).await? {
            areas.insert(row.try_get("", "id")?);
        }
    }
    Ok(areas.into_iter().collect())
}
