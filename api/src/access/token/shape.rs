//! The written form of a token: its envelope, header and claims, as types, and what of them must
//! hold whoever signed it.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Claims, Refusal, strict};
use entity::membership::Role;

/// How far clocks may differ, in seconds.
pub(super) const LEEWAY: u64 = 30;
pub(super) const TYPE: &str = "at+jwt";

const LARGEST: usize = 8 * 1024;
const LONGEST_LIFE: u64 = 60 * 60;
const LONGEST_NAME: usize = 128;
const LONGEST_KEY_ID: usize = 64;
const ORGANISATION: &str = "organisation_";

/// The header and payload, still encoded.
pub(super) struct Envelope<'a> {
    header: &'a str,
    payload: &'a str,
}

/// Size, alphabet and the two dots, before anything is decoded.
pub(super) fn envelope(token: &str) -> Result<Envelope<'_>, Refusal> {
    if token.len() > LARGEST {
        return Err(Refusal::Size);
    }
    let parts: Vec<&str> = token.splitn(4, '.').collect();
    let [header, payload, signature] = parts[..] else {
        return Err(Refusal::Envelope);
    };
    let base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let sound = |part: &str| !part.is_empty() && part.bytes().all(base64url);
    if [header, payload, signature].into_iter().all(sound) {
        Ok(Envelope { header, payload })
    } else {
        Err(Refusal::Envelope)
    }
}

/// The header after its checks: nothing in it but the choice of a key.
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
}

pub(super) fn header(envelope: &Envelope<'_>) -> Result<Header, Refusal> {
    let written = URL_SAFE_NO_PAD.decode(envelope.header);
    let written = written.map_err(|_| Refusal::Envelope)?;
    let written: WrittenHeader = strict::read(&written).map_err(|_| Refusal::Header)?;
    let algorithm = match written.alg.as_str() {
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        "RS256" => Algorithm::RS256,
        "PS256" => Algorithm::PS256,
        _ => return Err(Refusal::Algorithm),
    };
    if !is_key_id(&written.kid) {
        return Err(Refusal::KeyId);
    }
    if !matches!(written.typ.as_str(), TYPE | "application/at+jwt") {
        return Err(Refusal::Type);
    }
    // `cty: JWT` announces a token within the token.
    if written.cty.is_some_and(|cty| cty.eq_ignore_ascii_case("jwt")) {
        return Err(Refusal::Header);
    }
    Ok(Header { algorithm, kid: written.kid })
}

/// Who the payload says signed it: chooses the keys to try, proves nothing.
pub(super) fn unproven_issuer(envelope: &Envelope<'_>) -> Result<String, Refusal> {
    let payload = URL_SAFE_NO_PAD.decode(envelope.payload);
    let payload = payload.map_err(|_| Refusal::Envelope)?;
    let glimpse: Glimpse = strict::read(&payload).map_err(|_| Refusal::Claims)?;
    Ok(glimpse.iss)
}

/// Whether a key's name has 1 to 64 characters that mean nothing to a path, a query or a shell.
pub(super) fn is_key_id(kid: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'=');
    (1..=LONGEST_KEY_ID).contains(&kid.len()) && kid.bytes().all(plain)
}

/// Refuses every further member: `crit`, `b64`, `zip`, `enc`, `jku`, `x5u`, `x5c`, `jwk` too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHeader {
    alg: String,
    kid: String,
    typ: String,
    #[serde(default, deserialize_with = "strict::present")]
    cty: Option<String>,
}

#[derive(Deserialize)]
struct Glimpse {
    iss: String,
}

/// The claims as written. Members that aren't listed are ignored.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) exp: u64,
    pub(super) nbf: u64,
    pub(super) iat: u64,
    pub(super) jti: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) org: String,
    #[serde(deserialize_with = "strict::name")]
    pub(super) role: Role,
    #[serde(
        default,
        deserialize_with = "strict::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) sid: Option<String>,
    #[serde(
        default,
        deserialize_with = "strict::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) device_id: Option<String>,
}

impl Payload {
    /// Our own rules, after the signature and the standard claims. `now` is in Unix seconds.
    pub(super) fn into_claims(self, now: u64) -> Result<Claims, Refusal> {
        if self.iat > now.saturating_add(LEEWAY) {
            return Err(Refusal::IssuedAhead);
        }
        let life = self.exp.checked_sub(self.iat);
        if !life.is_some_and(|life| (1..=LONGEST_LIFE).contains(&life)) {
            return Err(Refusal::Lifetime);
        }
        if !is_subject(&self.sub) {
            return Err(Refusal::Subject);
        }
        let optional = [self.sid.as_ref(), self.device_id.as_ref()];
        let names = [Some(&self.jti), Some(&self.client_id)].into_iter().chain(optional);
        if !names.flatten().all(|name| is_name(name)) {
            return Err(Refusal::Identifier);
        }
        Ok(Claims {
            organisation: organisation(&self.org).ok_or(Refusal::Organisation)?,
            scopes: scopes(&self.scope).ok_or(Refusal::Scope)?,
            issued_at: instant(self.iat).ok_or(Refusal::Claims)?,
            expires_at: instant(self.exp).ok_or(Refusal::Claims)?,
            subject: self.sub,
            client_id: self.client_id,
            role: self.role,
            token_id: self.jti,
            session_id: self.sid,
            device_id: self.device_id,
            issuer: self.iss,
        })
    }
}

/// How an organisation's id is written in a token.
pub(super) fn organisation_name(id: Uuid) -> String {
    format!("{ORGANISATION}{}", id.simple())
}

fn organisation(name: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(name.strip_prefix(ORGANISATION)?).ok()?;
    // Only the one spelling: no capitals, hyphens or braces.
    (organisation_name(id) == name).then_some(id)
}

fn scopes(scope: &str) -> Option<BTreeSet<String>> {
    let plain = |c: u8| c.is_ascii_graphic() && c != b'"' && c != b'\\';
    let words = || scope.split(' ').filter(|word| !word.is_empty());
    words().all(|word| word.bytes().all(plain)).then(|| words().map(str::to_owned).collect())
}

fn instant(seconds: u64) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

fn is_subject(sub: &str) -> bool {
    let allowed =
        |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b':' | b'@' | b'|' | b'-');
    (1..=LONGEST_NAME).contains(&sub.len()) && sub.bytes().all(allowed)
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|c| c.is_ascii_graphic())
}
