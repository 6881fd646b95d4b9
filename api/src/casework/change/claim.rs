//! Taking the key of a mutation, so that it is done once.

use entity::idempotency_key::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, Func, InsertStatement, OnConflict, Query};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    QueryFilter, QueryTrait,
};

use super::{Change, Key};
use crate::access::policy::Action;
use crate::casework::problem::{Halt, Problem};
use crate::casework::wording::Text;
use crate::error::Error;

/// The class of the advisory locks under which persons and families are recorded.
const CREATIONS: i32 = 0x4845_4152;

impl Change {
    /// Takes the key, or waits for whoever has it and finds out what came of it.
    pub(super) async fn claim(&self, key: &Key) -> Result<(), Halt> {
        let row = ActiveModel {
            subject: Set(self.session.viewer().subject.clone()),
            client_mutation_id: Set(key.client_mutation_id),
            action: Set(self.action.to_value()),
            payload_hash: Set(self.session.vault().digest(&key.payload_hash)),
            entity_kind: Set(Some(self.subject.kind.to_owned())),
            entity_id: Set(Some(self.subject.id)),
            created_at: Set(self.session.now()),
        };
        let once = OnConflict::columns([Column::Subject, Column::ClientMutationId])
            .do_nothing()
            .to_owned();
        let mut insert = Entity::insert(row).on_conflict(once).into_query();
        self.wait_for_the_same(&mut insert);
        if self.transaction.execute(&insert).await.map_err(Error::from)?.rows_affected() == 1 {
            return Ok(());
        }
        let earlier = Entity::find()
            .filter(Column::Subject.eq(&self.session.viewer().subject))
            .filter(Column::ClientMutationId.eq(key.client_mutation_id))
            .one(&self.transaction)
            .await?
            .ok_or(Error::Conflict)?;
        let same = earlier.action == self.action.to_value()
            && self.session.vault().is_digest(&earlier.payload_hash, &key.payload_hash);
        match earlier.entity_id {
            Some(id) if same => Err(Halt::Replayed(id)),
            _ => Err(Problem::at("input.clientMutationId", Text::KeyReused).into()),
        }
    }

    /// Whoever records what may be known already comes one after another, so that each is compared
    /// with what the one before recorded. On SQLite every writer does.
    fn wait_for_the_same(&self, claim: &mut InsertStatement) {
        let number = match self.action {
            Action::PersonCreate => 1,
            Action::FamilyCreate => 2,
            _ => return,
        };
        if self.transaction.get_database_backend() == DbBackend::Postgres {
            let class = Expr::val(CREATIONS);
            let lock = Func::cust("pg_advisory_xact_lock").args([class, Expr::val(number)]);
            claim.returning(Query::returning().expr(lock));
        }
    }
}
