//! Why a token was refused: for logs and metrics. A client gets one generic 401 for them all.

use jsonwebtoken::errors::{Error, ErrorKind};

/// The first reason found not to trust a token. It carries nothing of the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// More than 8 KiB.
    Size,
    /// Not three non-empty base64url parts.
    Envelope,
    /// The header isn't exactly `alg`, `kid`, `typ` and perhaps `cty`, each once, each a string.
    Header,
    /// An algorithm that isn't ours, or not the one of the key.
    Algorithm,
    /// A `kid` that isn't 1 to 64 plain characters.
    KeyId,
    /// Not an access token.
    Type,
    /// The payload isn't sound JSON, or a claim is missing, doubled or of the wrong type.
    Claims,
    /// Nobody we know, or the key is another issuer's.
    Issuer,
    /// The issuer has no such key.
    UnknownKey,
    /// The issuer's keys could not be had for a day, or never.
    KeysUnavailable,
    Signature,
    /// Meant for another service.
    Audience,
    Expired,
    NotYetValid,
    /// `iat` lies ahead.
    IssuedAhead,
    /// Not valid for more than zero seconds and at most an hour.
    Lifetime,
    Subject,
    Organisation,
    /// `jti`, `sid`, `device_id` or `client_id` is empty, too long or not plain.
    Identifier,
    Scope,
}

impl Refusal {
    /// A stable label for metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Envelope => "envelope",
            Self::Header => "header",
            Self::Algorithm => "algorithm",
            Self::KeyId => "key_id",
            Self::Type => "type",
            Self::Claims => "claims",
            Self::Issuer => "issuer",
            Self::UnknownKey => "unknown_key",
            Self::KeysUnavailable => "keys_unavailable",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedAhead => "issued_ahead",
            Self::Lifetime => "lifetime",
            Self::Subject => "subject",
            Self::Organisation => "organisation",
            Self::Identifier => "identifier",
            Self::Scope => "scope",
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::ExpiredSignature => Self::Expired,
            ErrorKind::ImmatureSignature => Self::NotYetValid,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => Self::Algorithm,
            ErrorKind::MissingRequiredClaim(_)
            | ErrorKind::InvalidClaimFormat(_)
            | ErrorKind::Json(_) => Self::Claims,
            ErrorKind::Base64(_) | ErrorKind::InvalidToken => Self::Envelope,
            _ => Self::Signature,
        }
    }
}
