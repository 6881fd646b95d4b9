//! Lists of enum values in one column: their names, separated by spaces, each once and in their order.

use sea_orm::{ActiveEnum, Iterable};

/// The column that holds values.
pub fn join<T: ActiveEnum<Value = String> + Iterable + PartialEq>(values: &[T]) -> String {
    let kept = T::iter().filter(|value| values.contains(value));
    kept.map(|value| value.to_value()).collect::<Vec<_>>().join(" ")
}

/// The values that a column holds.
pub fn split<T: ActiveEnum<Value = String>>(column: &str) -> Vec<T> {
    let words = column.split_whitespace().map(str::to_owned);
    words.filter_map(|word| T::try_from_value(&word).ok()).collect()
}

#[cfg(test)]
mod tests {
    use entity::access_grant::DataCategory::{self, Health, Identity};

    use super::{join, split};

    #[test]
    fn values_come_back_each_once_and_in_order() {
        let column = join(&[Health, Identity, Health]);
        assert_eq!(column, "IDENTITY HEALTH");
        assert_eq!(split::<DataCategory>(&column), [Identity, Health]);
        assert_eq!(split::<DataCategory>(""), []);
    }
}
