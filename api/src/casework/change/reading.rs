//! What a change reads, and keeps from others until it is over.

use entity::access_grant::AccessLevel;
use sea_orm::sea_query::{LockType, Order, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Iterable,
    PrimaryKeyToColumn, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::Change;
use crate::access::scope::led_by;
use crate::access::{Need, Row, Rows, Visible};
use crate::casework::problem::{Halt, Problem};

/// By what right a change reads or writes a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// The viewer sees it at a level or above it, on whatever basis but an emergency of their own:
    /// that is for reading alone.
    Seen(AccessLevel),
    /// The viewer's organisation leads the work with it. What is only shared for a while, such as
    /// with a placement, a referral or in an emergency, is not enough to write into a file, or to
    /// make a right lasting.
    Led,
}

/// How rows are kept from other changes: not from rows that only name them, so that what is added
/// to a family waits for nobody who works on another part of it.
pub const KEPT: LockType = LockType::NoKeyUpdate;

impl Right {
    /// What is seen in full.
    pub const FULL: Self = Self::Seen(AccessLevel::Full);
    /// Whatever is seen at all.
    pub const ANY: Self = Self::Seen(AccessLevel::ServiceOnly);

    /// Whether who sees a row at a level has this right to it.
    pub fn is_given(self, level: AccessLevel, is_led: bool) -> bool {
        match self {
            Self::Seen(at_least) => level >= at_least,
            Self::Led => is_led,
        }
    }
}

impl Change {
    /// Rows that the viewer has a right to, to be read with [`Self::connection`].
    pub fn see<E: Visible>(&self, right: Right) -> Select<E> {
        E::find().filter(self.rows_of::<E>(right))
    }

    /// The same, as a condition.
    pub fn rows_of<E: Visible>(&self, right: Right) -> Condition {
        let viewer = self.session.viewer();
        match right {
            Right::Seen(at_least) => E::visible_to(&viewer.lasting(), Need::Row(at_least)),
            Right::Led => led_by::<E>(viewer),
        }
    }

    /// A row by its id, if the viewer has a right to it; else a problem at a place of the input.
    pub async fn read<E>(&self, id: Uuid, right: Right, path: &str) -> Result<E::Model, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        let row = self.see::<E>(right).filter(id_column::<E>().eq(id));
        let row = row.one(&self.transaction).await?;
        row.ok_or_else(|| Problem::not_found(path).into())
    }

    /// The same, kept from others until this change is over.
    pub async fn lock<E>(&self, id: Uuid, right: Right, path: &str) -> Result<E::Model, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        let row = self.see::<E>(right).filter(id_column::<E>().eq(id)).lock(KEPT);
        let row = row.one(&self.transaction).await?;
        row.ok_or_else(|| Problem::not_found(path).into())
    }

    /// Keeps rows from other changes until this one is over, whether the viewer sees them or not, and
    /// tells nothing of them. What is read afterwards is as it stands once nobody else has them. Of
    /// several, whoever keeps them begins with the same one.
    pub async fn hold<E: EntityTrait>(&self, condition: Condition) -> Result<(), Halt> {
        let mut rows = Query::select();
        rows.column((E::default(), id_column::<E>()))
            .from(E::default())
            .cond_where(condition)
            .order_by((E::default(), id_column::<E>()), Order::Asc)
            .lock(KEPT);
        self.transaction.query_all(&rows).await?;
        Ok(())
    }

    /// Rows of a list as the change sees them.
    pub async fn all<E>(&self, rows: Rows<E>) -> Result<Vec<Row<E::Model>>, Halt>
    where
        E: Visible,
        E::Model: FromQueryResult + Send + Sync,
    {
        Ok(rows.all_in(&self.transaction).await?)
    }
}

fn id_column<E: EntityTrait>() -> E::Column {
    let key = E::PrimaryKey::iter().next();
    key.map_or_else(
        || unreachable!("every table has a primary key"),
        PrimaryKeyToColumn::into_column,
    )
}
