//! Data keys as settings, and what `hearth keys` does with them.

use clap::{Args, Subcommand};

use super::DatabaseUrl;

/// Keys that seal restricted values in the database.
#[derive(Args, Clone, Debug)]
pub struct DataKeys {
    /// `ID=BASE64KEY` of 32 bytes, several separated by commas: the first one seals, all open.
    /// `hearth keys new` prints a fresh one. As a variable, it stays out of the list of processes.
    #[arg(long, env = "HEARTH_DATA_KEYS", hide_env_values = true)]
    pub data_keys: Option<Hidden>,
}

impl DataKeys {
    /// The keys as they stand in the setting.
    pub fn text(&self) -> Option<&str> {
        self.data_keys.as_ref().map(|keys| keys.0.as_str())
    }
}

/// A setting that can't be printed, and is not quoted when it is refused.
#[derive(Clone)]
pub struct Hidden(String);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Hidden")
    }
}

/// Settings of `hearth keys`.
#[derive(Args, Clone, Debug)]
pub struct Keys {
    /// What to do with them.
    #[command(subcommand)]
    pub task: KeysTask,
}

/// What to do with data keys.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysTask {
    /// Print a fresh key, to be kept where no copy of the database is.
    New,
    /// Seal under the first key what is not, while servers serve; what was in the open, too. It may be
    /// stopped and run again.
    Rotate(KeysOf),
    /// Say how many values each key seals, and whether it is at hand.
    Status(KeysOf),
}

/// A database and its keys.
#[derive(Args, Clone, Debug)]
pub struct KeysOf {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// The keys: the first one seals, all open.
    #[command(flatten)]
    pub keys: DataKeys,
}
