//! The operations, and how each server is asked for them.

use std::path::Path;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Failure;
use crate::database::{Database, told};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "PascalCase")]
pub enum Operation {
    /// The first pages of families, latest change first, with case, children and placements.
    Home,
    /// Everything about one family.
    FamilyFile,
    /// The first pages of children, a hundred each, with their families.
    ChildrenPage,
    /// Families covered in nine months, by municipality.
    PeriodReport,
    /// One visit is recorded.
    RecordVisit,
}

/// Who is asked, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Limit,
    /// Hearth, by the hash of a trusted document.
    Trusted,
    /// Hearth, by the text of a document.
    FreeForm,
    PostGraphile,
}

impl Target {
    pub const ALL: [Self; 4] = [Self::Limit, Self::Trusted, Self::FreeForm, Self::PostGraphile];

    /// What it is called in tables.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Trusted => "Hearth, trusted",
            Self::FreeForm => "Hearth, free-form",
            Self::PostGraphile => "PostGraphile",
        }
    }

    /// Whether Hearth is asked.
    pub const fn is_hearth(self) -> bool {
        matches!(self, Self::Trusted | Self::FreeForm)
    }
}

/// What varies between requests of an operation.
#[derive(Clone, Debug)]
pub enum Input {
    /// A page behind a cursor of the server's own.
    After(Option<String>),
    Family(Uuid),
    Period(String, String),
    /// A visit to a case at a time.
    Visit(Uuid, DateTime<Utc>),
}

/// The texts of an operation's document.
pub struct Documents {
    hearth: String,
    hash: String,
    postgraphile: String,
}

impl Operation {
    /// Its name in the documents.
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// Who asks for it.
    pub const fn viewer(self, database: &Database) -> &crate::database::Viewer {
        match self {
            Self::PeriodReport => &database.region,
            _ => &database.branch,
        }
    }

    /// The file of Hearth's document; the report's is not built in.
    fn file(self, folder: &Path) -> std::path::PathBuf {
        let shipped = |name| folder.join("../api/documents").join(name);
        match self {
            Self::Home => shipped("families.graphql"),
            Self::FamilyFile => shipped("family-file.graphql"),
            Self::ChildrenPage => shipped("children.graphql"),
            Self::RecordVisit => shipped("record-visit.graphql"),
            Self::PeriodReport => folder.join("documents/period-report.graphql"),
        }
    }

    /// Reads its documents.
    pub fn documents(self, folder: &Path) -> Result<Documents, Failure> {
        let own = format!("postgraphile/documents/{}.graphql", self.name());
        let read = |path: &Path| {
            std::fs::read_to_string(path).map_err(told(&format!("read {}", path.display())))
        };
        let hearth = read(&self.file(folder))?;
        Ok(Documents { hash: sha256(&hearth), hearth, postgraphile: read(&folder.join(own))? })
    }

    /// Under which key of `data` its list is, if it has pages.
    pub const fn list(self) -> Option<&'static str> {
        match self {
            Self::Home => Some("families"),
            Self::ChildrenPage => Some("children"),
            _ => None,
        }
    }
}

impl Documents {
    /// Hearth's trusted document as a manifest that `hearth serve --documents` reads.
    pub fn manifest(&self) -> Value {
        json!({ self.hash.clone(): self.hearth })
    }

    /// The path and the body of a request.
    pub fn body(&self, target: Target, input: &Input) -> Bytes {
        let variables = variables(target, input);
        let body = match target {
            Target::Limit => variables,
            Target::Trusted => {
                json!({ "documentId": format!("sha256:{}", self.hash), "variables": variables })
            }
            Target::FreeForm => json!({ "query": self.hearth, "variables": variables }),
            Target::PostGraphile => json!({ "query": self.postgraphile, "variables": variables }),
        };
        Bytes::from(body.to_string())
    }
}

fn variables(target: Target, input: &Input) -> Value {
    match input {
        Input::After(after) => json!({ "after": after }),
        Input::Family(id) if target.is_hearth() => {
            json!({ "id": format!("family_{}", id.simple()) })
        }
        Input::Family(id) => json!({ "id": id.to_string() }),
        Input::Period(since, through) => {
            let period = json!({ "since": since, "through": through });
            if target.is_hearth() { json!({ "period": period }) } else { period }
        }
        Input::Visit(case, at) => visit(target, *case, at),
    }
}

fn visit(target: Target, case: Uuid, at: &DateTime<Utc>) -> Value {
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let id = Uuid::now_v7();
    if target.is_hearth() {
        return json!({ "input": {
            "clientMutationId": id.to_string(), "caseId": format!("case_{}", case.simple()),
            "purpose": "MONITORING", "outcome": "COMPLETED", "visitedAt": at, "children": [],
        } });
    }
    let input = json!({
        "caseId": case.to_string(), "id": id.to_string(), "purpose": "MONITORING", "visitedAt": at,
    });
    if target == Target::Limit { input } else { json!({ "input": input }) }
}

/// The SHA-256 of a text, in hex.
fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
