//! `hearth token` and `hearth revoke`: tokens for development and tests, and their end.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono::TimeDelta;
use entity::revocation;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::Failure;
use crate::access::token::{Claims, Signer};
use crate::access::viewer::{device_key, session_key, token_key};
use crate::clock::Clock;
use crate::config::{Revoke, Token, What};
use crate::database::Database;
use crate::graphql::id::Kind;

/// Runs `hearth token`.
pub fn sign(settings: &Token) -> Result<(), Failure> {
    let signer = signer(&settings.key)?;
    if let Some(path) = &settings.jwks {
        fs::write(path, signer.public_jwks())
            .map_err(|error| format!("can't write {}: {error}", path.display()))?;
        eprintln!("public key written to {}", path.display());
    }
    let now = Clock::system().now();
    let claims = Claims {
        subject: settings.subject.clone(),
        client_id: settings.client.clone(),
        organisation: Kind::Organisation.parse(&settings.organisation.as_str().into())?,
        role: settings.role,
        scopes: settings.scope.split_whitespace().map(str::to_owned).collect(),
        token_id: Uuid::now_v7().simple().to_string(),
        session_id: None,
        device_id: None,
        issuer: settings.issuer.clone(),
        issued_at: now,
        expires_at: now + TimeDelta::minutes(settings.minutes),
    };
    println!("{}", signer.sign(&claims, &settings.audience)?);
    Ok(())
}

/// Reads a private key, or makes one that only its owner can read.
fn signer(path: &Path) -> Result<Signer, Failure> {
    match fs::read(path) {
        Ok(pem) => Ok(Signer::from_pem(&pem)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let signer = Signer::generate()?;
            write_secret(path, &signer.private_pem())?;
            eprintln!("new private key written to {}", path.display());
            Ok(signer)
        }
        Err(error) => Err(format!("can't read {}: {error}", path.display()).into()),
    }
}

/// Writes a file that only its owner can read; one that was there is replaced.
pub fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("can't write {}: {error}", path.display()).into())
}

/// For how long a revocation is kept: longer than any token lives.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Runs `hearth revoke`.
pub async fn revoke(settings: Revoke) -> Result<(), Failure> {
    let database = Database::open(&settings.database.database_url, 1).await?;
    let What { token, session, device } = settings.what;
    let id = match (token, session, device) {
        (Some(token), ..) => token_key(&token),
        (_, Some(session), _) => session_key(&session),
        (_, _, Some(device)) => device_key(&device),
        _ => return Err("say what to refuse: --token, --session or --device".into()),
    };
    let now = Clock::system().now();
    let row = revocation::ActiveModel {
        id: Set(id.clone()),
        revoked_at: Set(now),
        expires_at: Set(now + KEPT),
    };
    let known = OnConflict::column(revocation::Column::Id)
        .update_column(revocation::Column::ExpiresAt)
        .to_owned();
    #[expect(clippy::disallowed_methods, reason = "an operator's command, outside of any session")]
    let insert = revocation::Entity::insert(row).on_conflict(known);
    insert.exec_without_returning(&database.writer).await?;
    println!("{id} is refused from now on");
    Ok(())
}
