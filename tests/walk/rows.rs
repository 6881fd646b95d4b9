//! The tables as they are: every row as text, whose they are, and what points to what.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::{ConnectionTrait, DbBackend, EntityName, IdenStatic, Iterable, Statement};
use uuid::Uuid;

use crate::entities::every_entity;
use crate::harness::Stage;

/// Tables whose rows everybody signed in may see, as `access/scope/tables.rs` has them
/// (`open_to_all!`), and those of people and machines, who are [`BY_RULE`]. What is here was
/// reviewed: it says nothing of a family. All other tables are closed.
pub const OPEN: [&str; 23] = [
    "api_client",
    "area",
    "budget_line",
    "capacity_period",
    "centre",
    "eligibility_rule",
    "intake",
    "membership",
    "organisation",
    "organisation_area",
    "programme",
    "programme_availability",
    "programme_priority",
    "programme_stage",
    "register",
    "revocation",
    "rollup",
    "service_type",
    "snapshot",
    "training_event",
    "training_headcount",
    "unit",
    "worker",
];

/// Tables that are known to some by a rule of their own, or to nobody by the schema; of a centre, it is
/// the protected address. Of reports and kept results, it is figures that name nobody.
const BY_RULE: [&str; 7] =
    ["api_client", "centre", "membership", "revocation", "rollup", "snapshot", "worker"];

/// Tables that every mutation or disclosure writes, whoever's it is.
const TRACES: [&str; 4] = ["audit_event", "change", "idempotency_key", "revocation"];

/// Columns by which a row is somebody's: a row that points elsewhere with one of these belongs to
/// whoever is there. All others only tell of another row.
pub fn is_owning(table: &str, column: &str) -> bool {
    match (table, column) {
        ("attendance" | "visit_child" | "service_person" | "enrolment_person", "person_id")
        | ("placement", "family_id") => false,
        (_, "family_id" | "person_id")
        | ("relationship", "other_id")
        | ("concern_category", "concern_report_id")
        | ("visit_child", "visit_id")
        | ("service_person", "service_id")
        | ("enrolment_person", "enrolment_id")
        | ("concern_report", "organisation_id" | "submitted_by_id" | "submitted_by_client_id")
        | ("task", "organisation_id" | "owner_id" | "concern_report_id")
        | ("access_grant", _) => true,
        _ => false,
    }
}

/// A table with its columns.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub key: Vec<&'static str>,
}

/// All tables.
pub fn tables() -> Vec<Table> {
    macro_rules! tables {
        ($($entity:ident),+) => {
            vec![$({
                use entity::$entity::{Column, Entity, PrimaryKey};
                Table {
                    name: Entity.table_name(),
                    columns: Column::iter().map(|column| column.as_str()).collect(),
                    key: PrimaryKey::iter().map(|column| column.as_str()).collect(),
                }
            }),+]
        };
    }
    every_entity!(tables)
}

/// A row: the text of each of its columns; UUIDs as 32 hex digits.
pub type Row = Vec<Option<String>>;

/// All rows of all tables, by table and key.
pub struct Dump(pub BTreeMap<&'static str, BTreeMap<Row, Row>>);

impl Dump {
    pub async fn take(stage: &Stage) -> Self {
        let mut dump = BTreeMap::new();
        for table in tables() {
            dump.insert(table.name, table.rows(stage).await);
        }
        Self(dump)
    }

    /// The rows that are here and not in an earlier dump.
    pub fn since(&self, earlier: &Self) -> Self {
        let tables = self.0.iter().map(|(table, rows)| {
            let known = &earlier.0[table];
            let new = rows.iter().filter(|(key, _)| !known.contains_key(*key));
            (*table, new.map(|(key, row)| (key.clone(), row.clone())).collect())
        });
        Self(tables.collect())
    }

    /// What became of these rows, where it isn't what they were; traces are left out.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (table, rows) in &self.0 {
            if TRACES.contains(table) {
                continue;
            }
            for (key, row) in rows {
                let found = now.0[table].get(key);
                if found != Some(row) {
                    changes.push(format!("{table}: {row:?} became {found:?}"));
                }
            }
        }
        changes
    }

    /// The UUIDs of the rows of closed tables.
    pub fn closed_ids(&self) -> HashSet<String> {
        let closed = self.0.iter().filter(|(table, _)| !OPEN.contains(table));
        closed
            .flat_map(|(_, rows)| rows.keys())
            .filter(|key| key.len() == 1)
            .flatten()
            .flatten()
            .filter(|text| is_id(text))
            .cloned()
            .collect()
    }

    /// What the rows of closed tables are called where people name them.
    pub fn references(&self) -> HashSet<String> {
        let mut references = HashSet::new();
        for table in tables().iter().filter(|table| !OPEN.contains(&table.name)) {
            if let Some(at) = table.columns.iter().position(|column| *column == "reference") {
                references.extend(self.0[table.name].values().filter_map(|row| row[at].clone()));
            }
        }
        references
    }

    /// The ids of a table's rows, in their order; none of a table without a column `id`.
    pub fn ids(&self, table: &str) -> Vec<String> {
        self.0
            .get(table)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .filter(|key| key.len() == 1)
            .filter_map(|key| key[0].clone())
            .collect()
    }

    /// Whether a UUID names a row here.
    pub fn holds(&self, table: &str, id: &str) -> bool {
        self.0.get(table).is_some_and(|rows| rows.contains_key(&vec![Some(id.to_owned())]))
    }
}

/// Whether a text is a UUID as 32 hex digits.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Table {
    async fn rows(&self, stage: &Stage) -> BTreeMap<Row, Row> {
        let backend = stage.database.reader.get_database_backend();
        let columns: Vec<String> = self.columns.iter().map(|name| as_text(backend, name)).collect();
        let sql = format!("select {} from \"{}\"", columns.join(", "), self.name);
        let statement = Statement::from_string(backend, sql);
        let mut rows = BTreeMap::new();
        for found in stage.database.reader.query_all_raw(statement).await.unwrap() {
            let row: Row = (0..self.columns.len())
                .map(|at| found.try_get_by_index::<Option<String>>(at).unwrap().map(plain))
                .collect();
            rows.insert(self.key_of(&row), row);
        }
        rows
    }

    fn key_of(&self, row: &Row) -> Row {
        self.key.iter().map(|name| row[self.at(name).unwrap()].clone()).collect()
    }

    /// Where a column stands.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == column)
    }

    /// Lets a row name another row by a column, if nothing forbids it: a copy of the row where there
    /// can be one, so that what was there stays. The id of the row that names the other.
    pub async fn point(&self, stage: &Stage, key: &Row, column: &str, id: &str) -> Option<String> {
        let writer = &stage.database.writer;
        let backend = writer.get_database_backend();
        let conditions: Vec<String> = self
            .key
            .iter()
            .zip(key.iter().flatten())
            .map(|(name, value)| format!("\"{name}\" = {}", literal(backend, value)))
            .collect();
        let conditions = conditions.join(" and ");
        let new = Uuid::now_v7().simple().to_string();
        let values = self.columns.iter().map(|name| match *name {
            "id" => literal(backend, &new),
            name if name == column => literal(backend, id),
            name => format!("\"{name}\""),
        });
        let copy = format!(
            "insert into \"{0}\" (\"{1}\") select {2} from \"{0}\" where {conditions}",
            self.name,
            self.columns.join("\", \""),
            values.collect::<Vec<_>>().join(", ")
        );
        let update = format!(
            "update \"{}\" set \"{column}\" = {} where {conditions}",
            self.name,
            literal(backend, id)
        );
        if self.key == ["id"] && writer.execute_unprepared(&copy).await.is_ok() {
            return Some(new);
        }
        let done = writer.execute_unprepared(&update).await;
        let is_done = done.is_ok_and(|done| done.rows_affected() == 1);
        is_done.then(|| key[0].clone()).flatten()
    }
}

fn as_text(backend: DbBackend, name: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("\"{name}\"::text")
    } else {
        format!(
            "case typeof(\"{name}\") when 'blob' then lower(hex(\"{name}\")) \
             else cast(\"{name}\" as text) end"
        )
    }
}

/// A UUID as 32 hex digits; other text as it is.
fn plain(text: String) -> String {
    match Uuid::try_parse(&text) {
        Ok(uuid) if text.len() == 36 => uuid.simple().to_string(),
        _ => text,
    }
}

fn literal(backend: DbBackend, value: &str) -> String {
    let is_blob = backend != DbBackend::Postgres && is_id(value);
    if is_blob { format!("x'{value}'") } else { format!("'{value}'") }
}

/// A column of a table that names a row of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer {
    pub table: String,
    pub column: String,
    pub to: String,
}

/// All columns that name rows, as the database knows them.
pub async fn pointers(stage: &Stage) -> BTreeSet<Pointer> {
    let backend = stage.database.reader.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        "select replace(c.conrelid::regclass::text, '\"', ''), a.attname::text, \
         replace(c.confrelid::regclass::text, '\"', '') from pg_constraint c \
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] \
         where c.contype = 'f' and array_length(c.conkey, 1) = 1"
    } else {
        "select m.name, f.\"from\", f.\"table\" from sqlite_master m, \
         pragma_foreign_key_list(m.name) f where m.type = 'table'"
    };
    let statement = Statement::from_string(backend, sql);
    let rows = stage.database.reader.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            let text = |at| row.try_get_by_index::<String>(at).unwrap();
            Pointer { table: text(0), column: text(1), to: text(2) }
        })
        .collect()
}

#[test]
fn what_is_open_to_all_is_as_reviewed() {
    let text = include_str!("../../api/src/access/scope/tables.rs");
    let (_, list) = text.split_once("\nopen_to_all!(").unwrap();
    let (list, _) = list.split_once(");").unwrap();
    let mut open: Vec<&str> =
        list.split(',').map(str::trim).filter(|name| !name.is_empty()).chain(BY_RULE).collect();
    open.sort_unstable();
    assert_eq!(open, OPEN, "say in tests/walk/rows.rs that a table is open to all");
}
