//! In what two states of a row differ, and how the schema calls it.

use sea_orm::{EntityTrait, Iterable, ModelTrait, Value};

/// The columns in which two states of a row differ, with the later values.
pub fn differing<M: ModelTrait>(
    before: &M,
    after: &M,
) -> Vec<(<M::Entity as EntityTrait>::Column, Value)> {
    let columns = <M::Entity as EntityTrait>::Column::iter();
    let values = columns.map(|column| (column, after.get(column)));
    values.filter(|(column, value)| before.get(*column) != *value).collect()
}

/// A column's name as the schema spells fields.
pub fn camel(column: &str) -> String {
    let mut words = column.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
