//! Text of class RESTRICTED.

use std::fmt;

use sea_orm::DeriveValueType;

/// Text that tells where somebody is hidden, who reported, or by which number a person is known. It
/// can't be shown, printed or serialised by accident: it has no `Display` and no `Serialize`, and its
/// `Debug` says nothing. Whoever shows it asks for it by [`Secret::expose`], and audits that.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, DeriveValueType)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, to be shown to who may see it, or compared.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_not_told_by_debug() {
        assert_eq!(format!("{:?}", Some(Secret::new("Canary".to_owned()))), "Some(Secret)");
    }
}
