//! The rules for a key set (JWKS): which sets are refused whole, which keys are passed over, and
//! which algorithm a key is for. A key is for one algorithm only.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, VerificationAlgorithm,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Key, KeyError};
use crate::access::token::shape::{LEEWAY, is_key_id};
use crate::access::token::strict;

const MOST_KEYS: usize = 20;
const MODULUS_BITS: RangeInclusive<usize> = 2_048..=8_192;
/// From 65,537 on, as FIPS 186-5 asks: anybody can sign for the exponent 1.
const EXPONENT_BITS: RangeInclusive<usize> = 17..=33;

pub(in crate::access::token) type KeySet = HashMap<String, Arc<Key>>;

/// What one issuer's keys must keep to, and what their tokens must name.
pub(in crate::access::token) struct Rules {
    issuer: String,
    audience: String,
    foreign: bool,
}

impl Rules {
    pub(in crate::access::token) fn new(issuer: &str, audience: &str, foreign: bool) -> Self {
        Self { issuer: issuer.to_owned(), audience: audience.to_owned(), foreign }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The usable keys of a set. A key that may not verify our tokens is passed over; a set that
    /// shows a secret, is ambiguous or too large is refused.
    pub(in crate::access::token) fn read(&self, text: &[u8]) -> Result<KeySet, KeyError> {
        let document: Document = strict::read(text).map_err(|_| KeyError::NotJwks)?;
        if document.keys.len() > MOST_KEYS {
            return Err(KeyError::TooMany);
        }
        if document.keys.iter().any(WrittenKey::is_secret) {
            return Err(KeyError::Secret);
        }
        let names = || document.keys.iter().filter_map(|key| key.kid.as_ref());
        if names().collect::<HashSet<_>>().len() < names().count() {
            return Err(KeyError::SameKeyId);
        }
        let mut keys = KeySet::new();
        for (index, written) in document.keys.iter().enumerate() {
            match self.admit(written) {
                Ok((kid, key)) => {
                    keys.insert(kid, Arc::new(key));
                }
                Err(reason) => {
                    tracing::info!(issuer = self.issuer, index, reason, "token key passed over");
                }
            }
        }
        Ok(keys)
    }

    fn admit(&self, written: &WrittenKey) -> Result<(String, Key), &'static str> {
        let kid = written.kid.as_ref().filter(|kid| is_key_id(kid));
        let kid = kid.ok_or("its kid is missing or not plain")?;
        if written.usage.as_ref().is_some_and(|usage| usage != "sig") {
            return Err("not for signatures");
        }
        let verifies = |ops: &Vec<String>| ops.iter().any(|op| op == "verify");
        if !written.key_ops.as_ref().is_none_or(verifies) {
            return Err("not for verifying");
        }
        let algorithm = written.algorithm().ok_or("its type and algorithm don't fit")?;
        let is_rsa = matches!(algorithm, Algorithm::RS256 | Algorithm::PS256);
        if is_rsa && !self.foreign {
            return Err("our own issuer doesn't sign with RSA");
        }
        let key = Key {
            algorithm,
            public: written.public(algorithm)?,
            validation: self.validation(algorithm),
        };
        Ok((kid.clone(), key))
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY;
        validation
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<WrittenKey>,
}

/// A key as written. Certificates and their addresses are among the members ignored.
#[derive(Deserialize)]
struct WrittenKey {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    /// The secret of a symmetric key.
    k: Option<IgnoredAny>,
    /// The private part of any other key.
    d: Option<IgnoredAny>,
}

impl WrittenKey {
    fn is_secret(&self) -> bool {
        self.kty == "oct" || self.k.is_some() || self.d.is_some()
    }

    /// The one algorithm of the key: by its type, where that leaves no choice.
    fn algorithm(&self) -> Option<Algorithm> {
        match (self.kty.as_str(), self.crv.as_deref(), self.alg.as_deref()) {
            ("EC", Some("P-256"), None | Some("ES256")) => Some(Algorithm::ES256),
            ("OKP", Some("Ed25519"), None | Some("EdDSA")) => Some(Algorithm::EdDSA),
            ("RSA", None, Some("RS256")) => Some(Algorithm::RS256),
            ("RSA", None, Some("PS256")) => Some(Algorithm::PS256),
            _ => None,
        }
    }

    fn public(&self, algorithm: Algorithm) -> Result<DecodingKey, &'static str> {
        match algorithm {
            Algorithm::ES256 => self.p256(),
            Algorithm::EdDSA => self.ed25519(),
            _ => self.rsa(),
        }
    }

    fn p256(&self) -> Result<DecodingKey, &'static str> {
        let (x, y) = (number(self.x.as_ref())?, number(self.y.as_ref())?);
        if x.len() != 32 || y.len() != 32 {
            return Err("its point has the wrong length");
        }
        let point = [&[4], &x[..], &y[..]].concat();
        check(&ECDSA_P256_SHA256_FIXED, &point)?;
        Ok(DecodingKey::from_ec_der(&point))
    }

    fn ed25519(&self) -> Result<DecodingKey, &'static str> {
        let x = number(self.x.as_ref())?;
        if x.len() != 32 {
            return Err("its point has the wrong length");
        }
        check(&ED25519, &x)?;
        Ok(DecodingKey::from_ed_der(&x))
    }

    fn rsa(&self) -> Result<DecodingKey, &'static str> {
        let (n, e) = (number(self.n.as_ref())?, number(self.e.as_ref())?);
        let (n, e) = (without_zeros(&n), without_zeros(&e));
        if !MODULUS_BITS.contains(&bits(n)) {
            return Err("its modulus isn't 2048 to 8192 bits");
        }
        let is_odd = e.last().is_some_and(|last| last % 2 == 1);
        if !is_odd || !EXPONENT_BITS.contains(&bits(e)) {
            return Err("its exponent isn't an odd number of 17 to 33 bits");
        }
        RsaPublicKeyComponents { n, e }
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| "not a sound RSA key")?;
        Ok(DecodingKey::from_rsa_raw_components(n, e))
    }
}

fn number(written: Option<&String>) -> Result<Vec<u8>, &'static str> {
    let written = written.ok_or("a part of it is missing")?;
    URL_SAFE_NO_PAD.decode(written).map_err(|_| "a part of it isn't base64url")
}

fn check(algorithm: &'static dyn VerificationAlgorithm, key: &[u8]) -> Result<(), &'static str> {
    ParsedPublicKey::new(algorithm, key).map(drop).map_err(|_| "not a point on its curve")
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// The length of a number without leading zero bytes.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len() * 8 - unused
}
