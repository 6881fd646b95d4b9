//! `hearth keys`: makes data keys, seals everything under a new one, and says which are needed.

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::access::Vault;
use crate::access::vault::rotation::{self, Outcome};
use crate::access::vault::{ring, store};
use crate::clock::Clock;
use crate::config::{KeysOf, KeysTask};
use crate::database::Database;

/// Runs `hearth keys`.
pub async fn run(task: KeysTask) -> Result<(), Failure> {
    match task {
        KeysTask::New => {
            println!("{}", ring::fresh(Clock::system().now())?);
            eprintln!(
                "Put it into HEARTH_DATA_KEYS, and keep a copy where no copy of the database is: what \
                 it seals is lost with it."
            );
            Ok(())
        }
        KeysTask::Rotate(settings) => rotate(&settings).await,
        KeysTask::Status(settings) => status(&settings).await,
    }
}

async fn rotate(settings: &KeysOf) -> Result<(), Failure> {
    let vault = Vault::of(settings.keys.text())?;
    let database = open(settings).await?;
    let Outcome { resealed, unopenable } = seal_anew(&database, &vault).await?;
    println!("{resealed} values sealed under `{}`", vault.first_id());
    if unopenable == 0 {
        return Ok(());
    }
    Err(format!(
        "{unopenable} values don't open with these keys and stay as they are: `hearth keys status` \
         tells under which keys they are; add those to HEARTH_DATA_KEYS, then run it again"
    )
    .into())
}

/// Seals everything under the first key, and shows how far it is.
pub async fn seal_anew(database: &Database, vault: &Vault) -> Result<Outcome, Failure> {
    let pending = rotation::pending(&database.writer, vault).await?;
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} values, {eta} left")?;
    let bar = ProgressBar::new(pending).with_style(style);
    let outcome = rotation::rotate(&database.writer, vault, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    Ok(outcome)
}

async fn status(settings: &KeysOf) -> Result<(), Failure> {
    // Without keys, too, it is told which there are.
    let vault = settings.keys.text().map(|keys| Vault::of(Some(keys))).transpose()?;
    let database = open(settings).await?;
    for held in store::held(&database.reader).await? {
        let state = match (&held.key_id, &vault) {
            (None, _) => "in the open: run `hearth keys rotate`",
            (Some(_), None) => "",
            (Some(key_id), Some(vault)) if key_id == vault.first_id() => "seals",
            (Some(key_id), Some(vault)) if vault.has(key_id) => {
                "opens; still needed: run `hearth keys rotate`"
            }
            (Some(_), Some(_)) => "missing in HEARTH_DATA_KEYS",
        };
        let (column, key_id) = (held.column.to_string(), held.key_id.as_deref().unwrap_or("-"));
        let line = format!("{column:<32} {key_id:<16} {:>10}  {state}", held.count);
        println!("{}", line.trim_end());
    }
    Ok(())
}

/// Opens a database whose tables are up to date. On SQLite a server may use the file meanwhile: what
/// is done here are single statements, which wait for each other.
async fn open(settings: &KeysOf) -> Result<Database, Failure> {
    let database = Database::open(&settings.database.database_url, 2).await?;
    let count = database.pending().await?.len();
    if count > 0 {
        return Err(format!("the database lacks {count} steps: run `hearth migrate up`").into());
    }
    Ok(database)
}
