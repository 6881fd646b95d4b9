//! Every setting, as a flag or a `HEARTH_*` variable; nothing else reads the environment.

mod audit;
mod keys;
mod metrics;

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand, ValueEnum};
use entity::membership::Role;

pub use self::audit::{Audit, AuditAct, Verify};
pub use self::keys::{DataKeys, Hidden, Keys, KeysOf, KeysTask};
pub use self::metrics::{Metrics, MetricsAct, Rebuild};
use crate::rates::{Rate, Rates};
use crate::terms::{self, Terms};

/// A GraphQL API for family and child social work.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How log lines look.
    #[arg(long, global = true, env = "HEARTH_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// Which log lines are written, for example `warn` or `hearth=debug,info`.
    #[arg(long, global = true, env = "HEARTH_LOG", default_value = "info,sea_orm_migration=warn")]
    pub log: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve made-up data with a token for each role, to try the API out.
    Demo(Demo),
    /// Serve in production; refuses to start without keys, issuer, audience and an up-to-date
    /// database.
    Serve(Serve),
    /// Bring the database's tables up to date, take them back, or say where they stand.
    Migrate(Migrate),
    /// Fill an empty database with made-up families and their histories.
    Seed(Seed),
    /// Sign a token with a private key file, for development and tests.
    Token(Token),
    /// Refuse a token, a session or a device from now on.
    Revoke(Revoke),
    /// Make data keys, seal everything under a new one, or say which keys are needed.
    Keys(Keys),
    /// Find out whether the audit is as it was sealed.
    Audit(Audit),
    /// Compute results of metrics anew that are kept.
    Metrics(Metrics),
    /// Print the GraphQL schema.
    Schema,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct DatabaseUrl {
    /// `postgres://user:password@host/database` or `sqlite://path/to/file.db`.
    #[arg(long, env = "HEARTH_DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
}

/// How requests are answered.
#[derive(Args, Clone, Debug)]
pub struct Answering {
    /// Address and port to listen on.
    #[arg(long, env = "HEARTH_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Database connections of this server; four times as many operations run at once.
    #[arg(long, env = "HEARTH_POOL_SIZE", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=100))]
    pub pool_size: u32,
    /// The authority's time zone, by which days begin, as an IANA name.
    #[arg(long, env = "HEARTH_TIME_ZONE", default_value = "UTC")]
    pub time_zone: Tz,
    /// JSON file of trusted documents, as an object from SHA-256 in hex to text.
    #[arg(long, env = "HEARTH_DOCUMENTS")]
    pub documents: Option<PathBuf>,
    /// Seconds after which an operation is stopped.
    #[arg(long, env = "HEARTH_DEADLINE_SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub deadline_seconds: u64,
    /// Seconds for which what a viewer may do holds once it was read: so long a membership that ends or a
    /// token that is revoked still counts. 0, the default, reads it for each request.
    #[arg(long, env = "HEARTH_VIEWER_SECONDS", default_value_t = 0,
          value_parser = clap::value_parser!(u64).range(0..=30))]
    pub viewer_seconds: u64,
    /// Cost that one viewer may ask for by one client, as `BURST/REFILL`: at once, and each second.
    #[arg(long, env = "HEARTH_VIEWER_RATE", default_value_t = Rates::VIEWER)]
    pub viewer_rate: Rate,
    /// Cost that all viewers of one client may ask for together, as `BURST/REFILL`.
    #[arg(long, env = "HEARTH_CLIENT_RATE", default_value_t = Rates::CLIENT)]
    pub client_rate: Rate,
    /// Seconds that running requests have to end after a shutdown was asked for.
    #[arg(long, env = "HEARTH_DRAIN_SECONDS", default_value_t = 20,
          value_parser = clap::value_parser!(u64).range(0..=300))]
    pub drain_seconds: u64,
    /// Hours in which a report is to be verified, by urgency, for example
    /// `ROUTINE=240,PRIORITY=72,IMMEDIATE=24`, which are the defaults.
    #[arg(long, env = "HEARTH_VERIFICATION_HOURS")]
    pub verification_hours: Option<terms::Verification>,
    /// Days between visits, by level of support, for example
    /// `ADAPTATION=14,BASIC=30,CRISIS=7,EMERGENCY=2`, which are the defaults.
    #[arg(long, env = "HEARTH_VISIT_DAYS")]
    pub visit_days: Option<terms::VisitDays>,
    /// Days after which an offer of a place in a programme runs out.
    #[arg(long, env = "HEARTH_OFFER_DAYS", default_value_t = Terms::default().offer_days,
          value_parser = clap::value_parser!(i64).range(1..=365))]
    pub offer_days: i64,
    /// Hours for which a place in a centre is reserved, unless who reserves it says otherwise; 1 to
    /// 720.
    #[arg(
        long,
        env = "HEARTH_RESERVATION_HOURS",
        default_value_t = 72,
        value_parser = clap::value_parser!(i64).range(1..=720)
    )]
    pub reservation_hours: i64,
    /// Up to which count numbers are hidden in reports published for those who may see no person, for
    /// example `ANALYST=4,PUBLIC=9`, which are the defaults.
    #[arg(long, env = "HEARTH_SMALL_NUMBERS")]
    pub small_numbers: Option<terms::SmallNumbers>,
    /// Seconds for which results of metrics are kept before they are computed anew in the background, for
    /// databases of hundreds of thousands of families; each result tells as of when it is. 0 keeps none:
    /// every result is computed from the rows when it is asked for.
    #[arg(long, env = "HEARTH_ROLLUP_SECONDS", default_value_t = 0,
          value_parser = clap::value_parser!(i64).range(0..=86_400))]
    pub rollup_seconds: i64,
    /// Seconds between looks for what is due by itself: reservations that ran out, and free places
    /// for which somebody waits; 1 to 3600.
    #[arg(
        long,
        env = "HEARTH_UPKEEP_SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub upkeep_seconds: u64,
    /// Seconds between looks for rows of the audit to seal; 1 to 3600.
    #[arg(
        long,
        env = "HEARTH_SEAL_SECONDS",
        default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub seal_seconds: u64,
    /// The header in which a proxy that is trusted gives the client's address, for example
    /// `x-forwarded-for`; its last element counts. Without it, the audit holds the address that the
    /// connection comes from. Set it only where no client can reach the service past the proxy.
    #[arg(long, env = "HEARTH_CLIENT_ADDRESS_HEADER", value_parser = header_name)]
    pub client_address_header: Option<String>,
}

impl Answering {
    /// How much may be asked for.
    pub const fn rates(&self) -> Rates {
        Rates { viewer: self.viewer_rate, client: self.client_rate }
    }

    /// The authority's deadlines.
    pub fn terms(&self) -> Terms {
        let usual = Terms::default();
        Terms {
            verification_hours: self.verification_hours.unwrap_or(usual.verification_hours),
            visit_days: self.visit_days.unwrap_or(usual.visit_days),
            offer_days: self.offer_days,
            reservation_hours: self.reservation_hours,
            small_numbers: self.small_numbers.unwrap_or(usual.small_numbers),
            rollup_seconds: self.rollup_seconds,
            ..usual
        }
    }
}

/// Settings of `hearth demo`.
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// How requests are answered.
    #[command(flatten)]
    pub answering: Answering,
    /// Where the data is; a new SQLite file in the system's temporary directory if omitted.
    #[arg(long, env = "HEARTH_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Keys that seal; if omitted, a key in a file beside an SQLite database, or on PostgreSQL one
    /// that everybody may know, since all is made up.
    #[command(flatten)]
    pub keys: DataKeys,
    /// How many made-up families an empty database is filled with.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub families: u32,
    /// The number that the made-up data follows from.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write the tokens to this file, as a JSON object from role to token; kept fresh while the
    /// server runs.
    #[arg(long)]
    pub tokens: Option<PathBuf>,
}

impl Demo {
    /// Where the data is: by default a file of its own for each number of families and seed.
    pub fn url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            let name = format!("hearth-demo-{}-{}.db", self.families, self.seed);
            format!("sqlite://{}", std::env::temp_dir().join(name).display())
        })
    }
}

/// Settings of `hearth serve`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// How requests are answered.
    #[command(flatten)]
    pub answering: Answering,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// What seals restricted values.
    #[command(flatten)]
    pub keys: DataKeys,
    /// Issuer of our own tokens: the exact text of their `iss` claim.
    #[arg(long, env = "HEARTH_ISSUER")]
    pub issuer: String,
    /// The exact text of the `aud` claim of tokens for this server.
    #[arg(long, env = "HEARTH_AUDIENCE")]
    pub audience: String,
    /// File or https URL of the issuer's public keys as a JWKS; ES256 and `EdDSA` only.
    #[arg(long, env = "HEARTH_JWKS")]
    pub jwks: String,
    /// A further issuer and its JWKS, as `ISSUER=FILE-OR-URL`, which may use RS256 and PS256;
    /// may be given several times, or separated by commas.
    #[arg(long = "trusted-issuer", env = "HEARTH_TRUSTED_ISSUERS", value_delimiter = ',')]
    pub trusted_issuers: Vec<String>,
    /// A secret of at least 32 characters with which cursors are sealed; the same for all servers
    /// behind one balancer. Made at each start if omitted.
    #[arg(long, env = "HEARTH_CURSOR_SECRET", hide_env_values = true)]
    pub cursor_secret: Option<String>,
    /// Whether documents that are not trusted are answered.
    #[arg(long, env = "HEARTH_FREE_FORM", value_enum, default_value = "scope")]
    pub free_form: FreeForm,
    /// Answer introspection for everybody; else for tokens with the scope `schema:introspect`.
    #[arg(long, env = "HEARTH_INTROSPECTION")]
    pub introspection: bool,
    /// Serve the explorer at `/`; people paste their own tokens there.
    #[arg(long, env = "HEARTH_EXPLORER")]
    pub explorer: bool,
    /// Serve the page of reports at `/reports`, with its reports as JSON, CSV and workbooks.
    #[arg(long, env = "HEARTH_REPORTS")]
    pub reports: bool,
    /// Bring the database up to date before serving.
    #[arg(long, env = "HEARTH_MIGRATE")]
    pub migrate: bool,
}

/// Whether documents that are not trusted are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FreeForm {
    /// For everybody.
    On,
    /// For tokens with the scope `graphql:free-form`, by POST.
    Scope,
    /// For nobody.
    Off,
}

/// Settings of `hearth migrate`.
#[derive(Args, Clone, Debug)]
pub struct Migrate {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Which way.
    #[command(subcommand)]
    pub direction: Direction,
}

/// Which way to migrate.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Direction {
    /// Bring the tables up to date.
    Up,
    /// Take back the last steps, with the data in their tables.
    Down {
        /// How many steps.
        #[arg(long, default_value_t = 1)]
        steps: u32,
        /// Say that the data in those tables may be lost.
        #[arg(long)]
        yes: bool,
    },
    /// Say which steps were taken and which are pending.
    Status,
}

/// Settings of `hearth seed`.
#[derive(Args, Clone, Debug)]
pub struct Seed {
    /// Where the data goes: an empty database, whose tables are brought up to date.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// What seals restricted values.
    #[command(flatten)]
    pub keys: DataKeys,
    /// How many families.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub families: u32,
    /// The number that the made-up data follows from: the same number gives the same data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The day up to which histories go, as `YYYY-MM-DD`; today if omitted.
    #[arg(long)]
    pub today: Option<chrono::NaiveDate>,
}

/// Settings of `hearth token`.
#[derive(Args, Clone, Debug)]
pub struct Token {
    /// Private key to sign with: PKCS#8 PEM, P-256 or Ed25519. Made if the file doesn't exist.
    #[arg(long, env = "HEARTH_SIGNING_KEY")]
    pub key: PathBuf,
    /// Write the public key to this file, as a JWKS for `--jwks`.
    #[arg(long)]
    pub jwks: Option<PathBuf>,
    /// Issuer: the `iss` claim.
    #[arg(long, env = "HEARTH_ISSUER")]
    pub issuer: String,
    /// Audience: the `aud` claim.
    #[arg(long, env = "HEARTH_AUDIENCE")]
    pub audience: String,
    /// Subject: the `sub` claim, which names a worker.
    #[arg(long)]
    pub subject: String,
    /// Client: the `client_id` claim, which names a machine account for the role INTEGRATION.
    #[arg(long, default_value = "hearth-cli")]
    pub client: String,
    /// Organisation to act for: an id with the prefix `organisation_`.
    #[arg(long)]
    pub organisation: String,
    /// Role to act in, for example CASEWORKER.
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// Scopes, separated by spaces.
    #[arg(long, default_value = "graphql:free-form")]
    pub scope: String,
    /// Minutes for which the token holds, at most 60.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(i64).range(1..=60))]
    pub minutes: i64,
}

fn role(text: &str) -> Result<Role, String> {
    <Role as sea_orm::ActiveEnum>::try_from_value(&text.to_uppercase()).map_err(|_| {
        use sea_orm::{ActiveEnum, Iterable};
        let roles: Vec<String> = Role::iter().map(|role| role.to_value()).collect();
        format!("expected one of {}", roles.join(", "))
    })
}

/// Settings of `hearth revoke`.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct What {
    /// The `jti` claim of the token to refuse.
    #[arg(long)]
    pub token: Option<String>,
    /// The `sid` claim of the tokens to refuse.
    #[arg(long)]
    pub session: Option<String>,
    /// The `device_id` claim of the tokens to refuse, for example of a phone that was lost.
    #[arg(long)]
    pub device: Option<String>,
}

/// Settings of `hearth revoke`.
#[derive(Args, Clone, Debug)]
pub struct Revoke {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// What to refuse.
    #[command(flatten)]
    pub what: What,
}

fn header_name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !text.is_empty() && text.bytes().all(is_plain) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("expected the name of a header, as `x-forwarded-for`".to_owned())
    }
}
