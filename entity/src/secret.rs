//! Text of class RESTRICTED: open, as a request brings it and an answer shows it, and sealed, as a
//! row holds it. Only what is sealed fits into a column.

use std::fmt;

use sea_orm::DeriveValueType;

/// Text that tells where somebody is hidden, who reported, or by which number a person is known. It
/// can't be shown, printed, serialised or stored by accident: it has no `Display` and no `Serialize`,
/// is no value of a column, and its `Debug` says nothing. Whoever shows it asks for it by
/// [`Secret::expose`], and audits that.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, to be shown to who may see it, sealed or compared.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// A secret as a column holds it: `v1.`, the id of the key that opens it, `.`, and what only that key
/// opens, at its own row and column.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(String);

/// What the text of a sealed value begins with.
const FORM: &str = "v1.";

impl Sealed {
    /// A sealed value from its two parts.
    pub fn of(key_id: &str, body: &str) -> Self {
        Self(format!("{FORM}{key_id}.{body}"))
    }

    /// The id of its key and what that key opens; none if it is a text in the open, which an earlier
    /// version left.
    pub fn parts(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix(FORM)?.split_once('.')
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealed")
    }
}

/// A keyed hash of a secret, by which it is found again without being opened.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Keeps a hash.
    pub const fn new(hash: String) -> Self {
        Self(hash)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Fingerprint")
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Sealed, Secret};

    #[test]
    fn debug_tells_nothing_of_a_secret() {
        let text = || "Canary".to_owned();
        let told =
            format!("{:?}{:?}{:?}", Secret::new(text()), Sealed(text()), Fingerprint::new(text()));
        assert_eq!(told, "SecretSealedFingerprint");
        assert!(!format!("{:?}", Sealed::of("canary", "canary")).contains("canary"));
    }

    #[test]
    fn a_sealed_value_names_its_key_and_a_text_in_the_open_none() {
        assert_eq!(Sealed::of("k1", "body").parts(), Some(("k1", "body")));
        assert_eq!(Sealed("12 Reed Street. Left.".to_owned()).parts(), None);
    }
}
