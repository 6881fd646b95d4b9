//! Reading a second entity in the statement that reads and keeps the first.

use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use sea_orm::{EntityTrait, IdenStatic, Iterable};

/// Selects all columns of an entity that a statement joins, each under a name that begins with a
/// prefix: by it the row is read as a model.
pub fn select_columns_of<E: EntityTrait>(select: &mut SelectStatement, prefix: &str) {
    for column in E::Column::iter() {
        let name = format!("{prefix}{}", column.as_str());
        select.expr_as(Expr::col((E::default(), column)), Alias::new(name));
    }
}
