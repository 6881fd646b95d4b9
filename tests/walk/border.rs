//! The border: rows of ours that name rows of the other organisation, and theirs that name ours.

use super::rows::{Dump, OPEN, Pointer, Table, is_id, is_owning, pointers, tables};
use super::ways::Starts;
use super::world::{Foreign, World};

/// How many rows of each table are looked from, whether they point over the border or not.
const SOME: usize = 5;

/// What was made to point over the border.
#[derive(Default)]
pub struct Border {
    /// The rows of ours to look from: those that point over the border, those that they name, and
    /// those that rows of the others point to.
    pub ours: Starts,
    /// The rows of the others that point to ours, those that they name, and some more.
    pub theirs: Starts,
    /// The ids of rows of the others, some of them new.
    pub new: Vec<String>,
    /// The columns that nothing let cross.
    pub never: Vec<String>,
    /// How many rows cross.
    pub crossed: usize,
}

/// Lets rows of ours name rows of the other organisation by every column that can, and the other way
/// round.
pub async fn cross(world: &World<'_>, ours: &Dump, foreign: &Foreign) -> Border {
    let tables = tables();
    let mut border = Border::default();
    for pointer in pointers(world.stage).await {
        let Some(table) = tables.iter().find(|table| table.name == pointer.table) else { continue };
        let is_closed = |name: &str| !OPEN.contains(&name);
        let is_owning = is_owning(&pointer.table, &pointer.column);
        if is_closed(&pointer.to) && is_closed(table.name) && !is_owning {
            border.cross(world, (ours, &foreign.rows), table, &pointer).await;
        }
    }
    // And some rows of each table of theirs, with those that they name.
    for table in tables.iter().filter(|table| !OPEN.contains(&table.name)) {
        for row in foreign.rows.0[table.name].values().rev().take(SOME) {
            remember(&mut border.theirs, &foreign.rows, table.name, row);
        }
    }
    border
}

impl Border {
    async fn cross(
        &mut self,
        world: &World<'_>,
        (ours, theirs): (&Dump, &Dump),
        table: &Table,
        pointer: &Pointer,
    ) {
        // A key that was changed is another row's.
        let most = if table.key.len() == 1 { 2 } else { 1 };
        let (mut out, mut back) = (0, 0);
        let to = theirs.ids(&pointer.to);
        for (no, (key, row)) in ours.0[table.name].iter().enumerate() {
            let to = &to[no % to.len()];
            if out == most {
                break;
            }
            if let Some(id) = table.point(world.stage, key, &pointer.column, to).await {
                out += 1;
                self.ours.entry(pointer.table.clone()).or_default().insert(id);
                remember(&mut self.ours, ours, table.name, row);
            }
        }
        let to = ours.ids(&pointer.to);
        for (no, (key, row)) in theirs.0[table.name].iter().enumerate() {
            let to = &to[no % to.len()];
            if back == most {
                break;
            }
            if let Some(id) = table.point(world.stage, key, &pointer.column, to).await {
                back += 1;
                self.theirs.entry(pointer.table.clone()).or_default().insert(id.clone());
                self.new.push(id);
                self.ours.entry(pointer.to.clone()).or_default().insert(to.clone());
                remember(&mut self.theirs, theirs, table.name, row);
            }
        }
        self.crossed += out + back;
        if out == 0 || back == 0 {
            self.never.push(format!("{}.{}", pointer.table, pointer.column));
        }
    }
}

/// A row, and those that it named, as far as they are of the same side.
fn remember(starts: &mut Starts, rows: &Dump, table: &str, row: &[Option<String>]) {
    for id in row.iter().flatten().filter(|text| is_id(text)) {
        for name in rows.0.keys().filter(|name| **name == table || !OPEN.contains(name)) {
            if rows.holds(name, id) {
                starts.entry((*name).to_owned()).or_default().insert(id.clone());
            }
        }
    }
}
