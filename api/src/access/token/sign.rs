//! Makes access tokens: for the development issuer, for service accounts and for tests. The
//! private key leaves a signer only when it is asked for as PEM.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};

use super::shape::{Payload, TYPE, organisation_name};
use super::{Claims, install_crypto};

const PEM_LINE: usize = 64;

/// A private key with its algorithm and its public name.
pub struct Signer {
    private: EncodingKey,
    algorithm: Algorithm,
    jwks: String,
    kid: String,
}

impl Signer {
    /// A fresh Ed25519 key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, SignError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| SignError::Generate)?;
        Self::from_ed25519(&pair)
    }

    /// Reads an unencrypted PKCS#8 key (`BEGIN PRIVATE KEY`), P-256 or Ed25519.
    ///
    /// # Errors
    /// When it is any other key, or none.
    pub fn from_pem(pem: &[u8]) -> Result<Self, SignError> {
        if let Ok(key) = EncodingKey::from_ed_pem(pem) {
            let pair = Ed25519KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| SignError::Key)?;
            return Self::from_ed25519(&pair);
        }
        let key = EncodingKey::from_ec_pem(pem).map_err(|_| SignError::Key)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_bytes())
            .map_err(|_| SignError::Key)?;
        let public = DecodingKey::from_ec_der(pair.public_key().as_ref());
        Self::new(key, &public, Algorithm::ES256)
    }

    /// Signs claims for one audience, valid from the moment of their issue.
    ///
    /// # Errors
    /// When a time lies before 1970, or the key fails.
    pub fn sign(&self, claims: &Claims, audience: &str) -> Result<String, SignError> {
        let mut header = Header::new(self.algorithm);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let issued_at = seconds(claims.issued_at)?;
        let scopes: Vec<&str> = claims.scopes.iter().map(String::as_str).collect();
        let payload = Payload {
            iss: claims.issuer.clone(),
            aud: audience.to_owned(),
            sub: claims.subject.clone(),
            exp: seconds(claims.expires_at)?,
            nbf: issued_at,
            iat: issued_at,
            jti: claims.token_id.clone(),
            client_id: claims.client_id.clone(),
            scope: scopes.join(" "),
            org: organisation_name(claims.organisation),
            role: claims.role,
            sid: claims.session_id.clone(),
            device_id: claims.device_id.clone(),
        };
        encode(&header, &payload, &self.private).map_err(SignError::Sign)
    }

    /// The name of the key: its RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as a JWKS, for verifiers.
    #[must_use]
    pub fn public_jwks(&self) -> String {
        self.jwks.clone()
    }

    /// The private key as PKCS#8 PEM. Save it where only the issuer can read it.
    #[must_use]
    pub fn private_pem(&self) -> String {
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for (index, character) in STANDARD.encode(self.private.as_bytes()).chars().enumerate() {
            if index > 0 && index.is_multiple_of(PEM_LINE) {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        pem
    }

    fn from_ed25519(pair: &Ed25519KeyPair) -> Result<Self, SignError> {
        let private = pair.to_pkcs8v1().map_err(|_| SignError::Key)?;
        let private = EncodingKey::from_ed_der(private.as_ref());
        let public = DecodingKey::from_ed_der(pair.public_key().as_ref());
        Self::new(private, &public, Algorithm::EdDSA)
    }

    fn new(
        private: EncodingKey,
        public: &DecodingKey,
        algorithm: Algorithm,
    ) -> Result<Self, SignError> {
        install_crypto();
        let mut public =
            Jwk::from_decoding_key(public, Some(algorithm)).map_err(|_| SignError::Key)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256);
        let kid = kid.map_err(|_| SignError::Key)?;
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        public.common.key_id = Some(kid.clone());
        let keys = vec![public];
        let jwks = serde_json::to_string(&JwkSet { keys }).map_err(|_| SignError::Key)?;
        Ok(Self { private, algorithm, jwks, kid })
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// Why a signer can't be made or can't sign.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("not an unencrypted PKCS#8 key of P-256 or Ed25519")]
    Key,
    #[error("no key could be made")]
    Generate,
    #[error("a time lies before 1970")]
    Time,
    #[error("signing failed")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

fn seconds(instant: chrono::DateTime<chrono::Utc>) -> Result<u64, SignError> {
    u64::try_from(instant.timestamp()).map_err(|_| SignError::Time)
}
