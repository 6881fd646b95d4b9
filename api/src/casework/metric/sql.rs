//! A statement that grows by pieces of text with the values that they bind: figures join, group and rank
//! in ways that a builder would only hide.

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

/// Text with its bound values, in the words of one database.
#[derive(Clone, Debug)]
pub struct Sql {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// An empty statement.
    pub const fn new(backend: DbBackend) -> Self {
        Self { backend, text: String::new(), values: Vec::new() }
    }

    /// Which database is spoken to.
    pub const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Adds text that binds nothing.
    pub fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds text in which each `?` stands for the next value.
    pub fn bind<const N: usize>(&mut self, text: &str, values: [Value; N]) -> &mut Self {
        let mut values = values.into_iter();
        for (no, part) in text.split('?').enumerate() {
            if no > 0
                && let Some(value) = values.next()
            {
                self.place(value);
            }
            self.text.push_str(part);
        }
        self
    }

    /// Adds that a column is one of some ids; never, of none.
    pub fn one_of(&mut self, column: &str, ids: &[Uuid]) -> &mut Self {
        if self.backend == DbBackend::Postgres {
            self.add(column).add(" = any(");
            self.place(ids.to_vec().into());
            return self.add(")");
        }
        self.listed(column, ids.iter().map(|id| (*id).into()))
    }

    /// Adds that a column is one of some codes; never, of none.
    pub fn one_of_codes(&mut self, column: &str, codes: &[String]) -> &mut Self {
        self.listed(column, codes.iter().map(|code| code.as_str().into()))
    }

    /// The list of a condition, which is never empty: of nothing, that of null.
    fn listed(&mut self, column: &str, values: impl Iterator<Item = Value>) -> &mut Self {
        self.add(column).add(" in (null");
        for value in values {
            self.add(", ");
            self.place(value);
        }
        self.add(")")
    }

    fn place(&mut self, value: Value) {
        self.values.push(value);
        if self.backend == DbBackend::Postgres {
            let place = format!("${}", self.values.len());
            self.text.push_str(&place);
        } else {
            self.text.push('?');
        }
    }

    /// The statement, to be asked.
    pub fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.text, self.values)
    }

    /// That an expression is among what the statement selects, as a condition of another query; what
    /// the expression opened, `end` closes.
    pub fn holding(self, column: &str, end: &str) -> SimpleExpr {
        Expr::cust_with_values(format!("{column} in ({}){end}", self.text), self.values)
    }

    /// That an expression is one of some ids.
    pub fn holding_ids(
        backend: DbBackend,
        column: &str,
        ids: &[Uuid],
        is_nested: bool,
    ) -> SimpleExpr {
        let mut sql = Self::new(backend);
        sql.one_of(column, ids);
        if is_nested {
            sql.add(")");
        }
        Expr::cust_with_values(sql.text, sql.values)
    }
}
