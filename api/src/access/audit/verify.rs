//! Whether the audit is as it was sealed: what was changed, removed or added is found, and named.

use std::fmt;

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_seal};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, Order,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::chain::hash_of;
use super::leaf::{Hash, Leaves, hex, is_same, kept, link};

/// What is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The row is not the one that was sealed.
    RowChanged { seal: i64, seq: i64 },
    /// The row that was sealed is gone.
    RowRemoved { seal: i64, seq: i64 },
    /// The row came among those that were sealed already.
    RowInserted { seal: i64, seq: i64 },
    /// The seal itself is not the one that was made.
    SealChanged { seal: i64 },
    /// A seal is gone.
    SealRemoved { seal: i64 },
    /// The head that was noted earlier is not in the chain any more.
    HeadMissing { head: String },
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowChanged { seal, seq } => {
                write!(formatter, "row {seq} was changed (seal {seal})")
            }
            Self::RowRemoved { seal, seq } => {
                write!(formatter, "row {seq} was removed (seal {seal})")
            }
            Self::RowInserted { seal, seq } => {
                write!(formatter, "row {seq} was inserted (seal {seal})")
            }
            Self::SealChanged { seal } => write!(formatter, "seal {seal} was changed"),
            Self::SealRemoved { seal } => write!(formatter, "seal {seal} was removed"),
            Self::HeadMissing { head } => write!(
                formatter,
                "the chain has no seal with the hash {head}: its end was cut off, or it was made anew"
            ),
        }
    }
}

/// What a verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The first thing that is not as it was sealed, if there is one.
    pub finding: Option<Finding>,
    /// Seals that were found to be good.
    pub seals: i64,
    /// Rows under them.
    pub rows: i64,
    /// Rows that are not sealed yet.
    pub unsealed: i64,
    /// The hash of the last seal, in hex; none before the first.
    pub head: Option<String>,
}

/// What a verification is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A head that was noted earlier, in hex: the chain must still hold it.
    pub head: Option<String>,
    /// Begin with the first seal made at this moment or later; the ones before are taken on trust.
    pub since: Option<DateTime<Utc>>,
}

/// Rows that are read at once.
const ROWS_AT_ONCE: u64 = 4096;

/// Walks the chain, and calls back with the last row of each good seal.
pub async fn verify(
    database: &DatabaseConnection,
    asked: &Asked,
    each: impl Fn(i64),
) -> Result<Report, DbErr> {
    let mut walk = Walk::begin(database, asked.since).await?;
    let noted = asked.head.as_deref();
    let mut is_head_met = noted.is_none();
    while let Some(seal) = seal_after(database, walk.no).await? {
        if let Some(finding) = walk.step(database, &seal).await? {
            return walk.report(database, Some(finding)).await;
        }
        is_head_met |= noted == Some(hex(&seal.hash).as_str());
        each(seal.last_seq);
    }
    let missing = || Finding::HeadMissing { head: noted.unwrap_or_default().to_owned() };
    let finding = (!is_head_met).then(missing);
    walk.report(database, finding).await
}

/// The number of the last row.
pub async fn greatest(database: &DatabaseConnection) -> Result<i64, DbErr> {
    Ok(super::chain::greatest(database).await?.unwrap_or_default())
}

/// A walk along the chain, behind the seal with this number.
struct Walk {
    no: i64,
    hash: Hash,
    sealed: i64,
    /// Whether rows before the first seal's would be strangers.
    is_from_start: bool,
    seals: i64,
    rows: i64,
}

impl Walk {
    #[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
    async fn begin(
        database: &DatabaseConnection,
        since: Option<DateTime<Utc>>,
    ) -> Result<Self, DbErr> {
        let before = match since {
            None => None,
            Some(since) => {
                audit_seal::Entity::find()
                    .filter(audit_seal::Column::SealedAt.lt(since))
                    .order_by(audit_seal::Column::No, Order::Desc)
                    .one(database)
                    .await?
            }
        };
        Ok(Self {
            no: before.as_ref().map_or(0, |seal| seal.no),
            hash: hash_of(before.as_ref()),
            sealed: before.as_ref().map_or(0, |seal| seal.last_seq),
            is_from_start: before.is_none(),
            seals: 0,
            rows: 0,
        })
    }

    /// Looks at the next seal, and at the rows under it.
    async fn step(
        &mut self,
        database: &DatabaseConnection,
        seal: &audit_seal::Model,
    ) -> Result<Option<Finding>, DbErr> {
        if seal.no != self.no + 1 {
            return Ok(Some(Finding::SealRemoved { seal: self.no + 1 }));
        }
        let is_good = link(&self.hash, seal).as_slice() == seal.hash
            && seal.first_seq == self.sealed + 1
            && seal.last_seq >= seal.first_seq;
        if !is_good {
            return Ok(Some(Finding::SealChanged { seal: seal.no }));
        }
        if let Some(finding) = self.rows(database, seal).await? {
            return Ok(Some(finding));
        }
        (self.no, self.hash, self.sealed) = (seal.no, hash_of(Some(seal)), seal.last_seq);
        self.is_from_start = false;
        self.seals += 1;
        self.rows += seal.count;
        Ok(None)
    }

    /// Compares the rows under a seal with what it kept of them.
    async fn rows(
        &self,
        database: &DatabaseConnection,
        seal: &audit_seal::Model,
    ) -> Result<Option<Finding>, DbErr> {
        let mut expected = kept(&seal.leaves).peekable();
        let mut leaves = Leaves::new();
        let mut behind = if self.is_from_start { i64::MIN } else { self.sealed };
        let no = seal.no;
        loop {
            let rows = rows_between(database, behind, seal.last_seq).await?;
            let Some(last) = rows.last() else { break };
            behind = last.seq;
            for row in &rows {
                match expected.peek() {
                    Some((seq, _)) if *seq < row.seq => {
                        return Ok(Some(Finding::RowRemoved { seal: no, seq: *seq }));
                    }
                    Some((seq, digest)) if *seq == row.seq => {
                        if !is_same(row, digest) {
                            return Ok(Some(Finding::RowChanged { seal: no, seq: row.seq }));
                        }
                    }
                    _ => return Ok(Some(Finding::RowInserted { seal: no, seq: row.seq })),
                }
                expected.next();
                leaves.add(row);
            }
        }
        if let Some((seq, _)) = expected.next() {
            return Ok(Some(Finding::RowRemoved { seal: no, seq }));
        }
        let (count, root, _) = leaves.finish();
        // The seal holds what was true when it was made: rows that fit what it kept, but not this.
        let is_good = count == seal.count && root == seal.root;
        Ok((!is_good).then_some(Finding::SealChanged { seal: no }))
    }

    async fn report(
        self,
        database: &DatabaseConnection,
        finding: Option<Finding>,
    ) -> Result<Report, DbErr> {
        let mut select = Query::select();
        select
            .expr(Expr::col(audit_event::Column::Seq).count())
            .from(audit_event::Entity)
            .and_where(Expr::col(audit_event::Column::Seq).gt(self.sealed));
        let unsealed = number(database, &select).await?;
        let head = (self.no > 0).then(|| hex(&self.hash));
        Ok(Report { finding, seals: self.seals, rows: self.rows, unsealed, head })
    }
}

async fn number(
    database: &DatabaseConnection,
    select: &sea_orm::sea_query::SelectStatement,
) -> Result<i64, DbErr> {
    let row = database.query_one(select).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
async fn seal_after(
    database: &DatabaseConnection,
    no: i64,
) -> Result<Option<audit_seal::Model>, DbErr> {
    audit_seal::Entity::find()
        .filter(audit_seal::Column::No.gt(no))
        .order_by(audit_seal::Column::No, Order::Asc)
        .one(database)
        .await
}

#[expect(clippy::disallowed_methods, reason = "the audit is the ground of every door")]
async fn rows_between(
    database: &DatabaseConnection,
    behind: i64,
    through: i64,
) -> Result<Vec<audit_event::Model>, DbErr> {
    let range = Condition::all()
        .add(audit_event::Column::Seq.gt(behind))
        .add(audit_event::Column::Seq.lte(through));
    audit_event::Entity::find()
        .filter(range)
        .order_by(audit_event::Column::Seq, Order::Asc)
        .limit(ROWS_AT_ONCE)
        .all(database)
        .await
}
