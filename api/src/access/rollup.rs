//! The door to results that are kept because computing them takes long. They record nothing: whatever is
//! kept here can be thrown away.

#![expect(clippy::disallowed_methods, reason = "this is the door to what is kept")]

use chrono::{DateTime, Utc};
use entity::rollup::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::Session;
use crate::error::Result;

impl Session {
    /// A result that was kept.
    pub(crate) async fn rolled_up(&self, id: &str) -> Result<Option<Model>> {
        Ok(Entity::find_by_id(id.to_owned()).one(self.database()).await?)
    }

    /// The results that were asked for since a moment, those of the oldest moment first.
    pub(crate) async fn rollups(&self, asked_since: DateTime<Utc>) -> Result<Vec<Model>> {
        let asked = Entity::find().filter(Column::AskedAt.gte(asked_since));
        let rows = asked.order_by_asc(Column::AsOf).order_by_asc(Column::Id);
        Ok(rows.all(self.database()).await?)
    }

    /// Keeps a result, in place of the one that was kept before.
    pub(crate) async fn roll_up(&self, row: Model) -> Result<()> {
        let row: ActiveModel = row.into_active_model();
        let again = OnConflict::column(Column::Id)
            .update_columns([Column::AsOf, Column::AskedAt, Column::Content])
            .to_owned();
        Entity::insert(row).on_conflict(again).exec_without_returning(self.writer()).await?;
        Ok(())
    }

    /// Throws away what was not asked for since a moment: how many results.
    pub(crate) async fn forget_rollups(&self, asked_before: DateTime<Utc>) -> Result<u64> {
        let forgotten = Entity::delete_many().filter(Column::AskedAt.lt(asked_before));
        Ok(forgotten.exec(self.writer()).await?.rows_affected)
    }
}
