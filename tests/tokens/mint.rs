//! Tokens to the tester's order: any header, any payload, a sound signature.

use std::fmt::Write;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hearth::access::token::{Issuer, KeySource, Signer};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use crate::harness;

pub const ISSUER: &str = "https://hearth.example";
pub const FOREIGN: &str = "https://login.state.example/realms/care";
pub const AUDIENCE: &str = "hearth-api";

/// A private key, what its JWKS says of it, and how its tokens are headed.
pub struct Mint {
    pub algorithm: Algorithm,
    pub kid: String,
    pub jwk: Value,
    pub issuer: &'static str,
    private: EncodingKey,
}

impl Mint {
    pub fn p256() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let pem = pem(pair.to_pkcs8v1().unwrap().as_ref());
        let signer = Signer::from_pem(pem.as_bytes()).unwrap();
        let private = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
        Self::own(&signer, private, Algorithm::ES256)
    }

    pub fn ed25519() -> Self {
        let signer = Signer::generate().unwrap();
        let private = EncodingKey::from_ed_pem(signer.private_pem().as_bytes()).unwrap();
        Self::own(&signer, private, Algorithm::EdDSA)
    }

    /// The key of the harness, with which its stages are entered.
    pub fn of_stage() -> Self {
        let signer = harness::signer();
        let private = EncodingKey::from_ed_pem(signer.private_pem().as_bytes()).unwrap();
        Self { issuer: harness::ISSUER, ..Self::own(signer, private, Algorithm::EdDSA) }
    }

    pub fn rsa(algorithm: Algorithm) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8 = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der>::as_der(&pair).unwrap();
        let public = pair.public_key();
        let n = encode(public.modulus().big_endian_without_leading_zero());
        let e = encode(public.exponent().big_endian_without_leading_zero());
        let alg = format!("{algorithm:?}");
        let kid = format!("rsa-{alg}");
        Self {
            jwk: json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": n, "e": e}),
            private: EncodingKey::from_rsa_pem(pem(pkcs8.as_ref()).as_bytes()).unwrap(),
            algorithm,
            kid,
            issuer: FOREIGN,
        }
    }

    fn own(signer: &Signer, private: EncodingKey, algorithm: Algorithm) -> Self {
        let jwks: Value = serde_json::from_str(&signer.public_jwks()).unwrap();
        Self {
            algorithm,
            kid: signer.kid().to_owned(),
            jwk: jwks["keys"][0].clone(),
            issuer: ISSUER,
            private,
        }
    }

    pub fn header(&self) -> Value {
        json!({"alg": format!("{:?}", self.algorithm), "typ": "at+jwt", "kid": self.kid})
    }

    pub fn claims(&self) -> Value {
        let now = now();
        json!({
            "iss": self.issuer, "aud": AUDIENCE, "sub": "worker|7", "exp": now + 900, "nbf": now,
            "iat": now, "jti": uuid::Uuid::new_v4().to_string(), "client_id": "hearth-web",
            "scope": "cases:read cases:write", "role": "CASEWORKER", "sid": "login-1",
            "org": "organisation_0190a5c07d3a7c3e8a4f6b2d9e1c5f70",
        })
    }

    /// A good token.
    pub fn token(&self) -> String {
        self.with(&[])
    }

    /// A good token but for some claims; `null` leaves one out.
    pub fn with(&self, changes: &[(&str, Value)]) -> String {
        let claims = changed(self.claims(), changes);
        self.sign(self.header().to_string(), claims.to_string())
    }

    /// A good token but for some header fields; `null` leaves one out.
    pub fn headed(&self, changes: &[(&str, Value)]) -> String {
        let header = changed(self.header(), changes);
        self.sign(header.to_string(), self.claims().to_string())
    }

    /// Any bytes for header and payload, rightly signed.
    pub fn sign(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        self.sign_as(self.algorithm, header, payload)
    }

    pub fn sign_as(
        &self,
        algorithm: Algorithm,
        header: impl AsRef<[u8]>,
        payload: impl AsRef<[u8]>,
    ) -> String {
        let message = format!("{}.{}", encode(header), encode(payload));
        let signature = crypto::sign(message.as_bytes(), &self.private, algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

pub fn own_issuer(keys: KeySource) -> Issuer {
    Issuer { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), keys, foreign: false }
}

pub fn foreign_issuer(keys: KeySource) -> Issuer {
    Issuer { issuer: FOREIGN.to_owned(), foreign: true, ..own_issuer(keys) }
}

pub fn jwks(mints: &[&Mint]) -> String {
    let keys: Vec<&Value> = mints.iter().map(|mint| &mint.jwk).collect();
    json!({ "keys": keys }).to_string()
}

pub fn inline(mints: &[&Mint]) -> KeySource {
    KeySource::Inline(jwks(mints))
}

pub fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn pem(der: &[u8]) -> String {
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        writeln!(pem, "{}", String::from_utf8_lossy(line)).unwrap();
    }
    pem + "-----END PRIVATE KEY-----\n"
}

fn changed(mut object: Value, changes: &[(&str, Value)]) -> Value {
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes {
        if value.is_null() {
            members.remove(*name);
        } else {
            members.insert((*name).to_owned(), value.clone());
        }
    }
    object
}
