//! What a change writes when it ends: rows that nothing of it reads, tasks, lines in the feed, and
//! events in the audit. PostgreSQL takes all of them as one statement, SQLite one after the other.

use std::{iter, mem};

use entity::{audit_event, task};
use sea_orm::sea_query::{
    Alias, CommonTableExpression, InsertStatement, Query, WithClause, WithQuery,
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Iterable, QueryTrait};

use super::{Change, ledger};
use crate::access::{Class, audit};
use crate::casework::kept::Kept;
use crate::casework::problem::Halt;
use crate::casework::task::{self as duty, Due};

/// What the tasks that were written are called in the rest of the statement.
const TASKS: &str = "written_task";

impl Change {
    pub(super) async fn write_rest(&mut self) -> Result<(), Halt> {
        if self.transaction.get_database_backend() == DbBackend::Postgres {
            self.write_together().await
        } else {
            self.write_in_turn().await
        }
    }

    async fn write_together(&mut self) -> Result<(), Halt> {
        let tasks = mem::take(&mut self.tasks);
        // What a task's line says is known once the task is written.
        let due: Vec<_> = tasks.iter().map(Due::id).collect();
        self.feed.retain(|line| line.kind != duty::KIND || !due.contains(&line.id));
        let now = self.session.now();
        let of_tasks = (!due.is_empty()).then(|| ledger::lines_of_tasks(TASKS, now));
        let feed = ledger::lines_with(mem::take(&mut self.feed), of_tasks, now)?;
        let rows = mem::take(&mut self.last).into_iter().zip(1..);
        let rows = rows.map(|(insert, no)| (insert, format!("written_{no}")));
        let tasks = self.upsert(tasks).map(|upsert| (upsert, TASKS.to_owned()));
        let feed = feed.map(|insert| (insert, String::from("written_feed")));
        let mut with = WithClause::new();
        let mut is_alone = true;
        for (insert, name) in rows.chain(tasks).chain(feed) {
            let mut part = CommonTableExpression::new();
            part.query(insert).table_name(Alias::new(name));
            with.cte(part);
            is_alone = false;
        }
        if is_alone {
            self.transaction.execute(&self.events()).await?;
        } else {
            let mut all = WithQuery::new();
            all.with_clause(with).query(self.events());
            self.transaction.execute(&all).await?;
        }
        Ok(())
    }

    async fn write_in_turn(&mut self) -> Result<(), Halt> {
        for insert in mem::take(&mut self.last) {
            self.transaction.execute(&insert).await?;
        }
        let tasks = mem::take(&mut self.tasks);
        if let Some(upsert) = self.upsert(tasks) {
            for row in self.transaction.query_all(&upsert).await? {
                self.feed.extend(task::Model::from_query_result(&row, "")?.entry());
            }
        }
        if let Some(insert) = ledger::lines(mem::take(&mut self.feed), self.session.now()) {
            self.transaction.execute(&insert).await?;
        }
        self.transaction.execute(&self.events()).await?;
        Ok(())
    }

    /// What is due, or done; of what was there already, the version that it has now.
    fn upsert(&self, tasks: Vec<Due>) -> Option<InsertStatement> {
        if tasks.is_empty() {
            return None;
        }
        let (now, by) = (self.session.now(), self.by());
        let mut upsert = Query::insert();
        upsert.into_table(task::Entity).columns(task::Column::iter());
        for due in tasks {
            upsert.values_panic(due.values(now, by));
        }
        upsert.on_conflict(duty::again());
        upsert.returning(Query::returning().columns(task::Column::iter()));
        Some(upsert)
    }

    fn events(&self) -> InsertStatement {
        let event = ledger::event(&self.session, self.action, self.subject);
        let shown = self
            .disclosures
            .iter()
            .map(|shown| audit::event(&self.session, audit::READ, (*shown, Class::Restricted)));
        audit_event::Entity::insert_many(iter::once(event).chain(shown)).into_query()
    }
}
