//! A report as JSON, for the page and for programs: the tables with ids beside their words.

use chrono::SecondsFormat;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use super::sheet::{Cell, Line, Sheet, Table};
use crate::casework::metric::figure::Rate;

/// Writes a report.
pub fn write(sheet: &Sheet) -> Value {
    let published = sheet
        .origin
        .published
        .map(|published| json!({ "at": published.at, "hiddenTo": published.hidden_to }));
    json!({
        "language": sheet.language.tag(),
        "since": sheet.period.since,
        "through": sheet.period.through,
        "asOf": sheet.as_of.to_rfc3339_opts(SecondsFormat::Micros, true),
        "provisional": sheet.is_provisional,
        "whose": sheet.origin.whose,
        "area": sheet.origin.area,
        "published": published,
        "identities": sheet.identities,
        "tables": sheet.tables.iter().map(table).collect::<Vec<_>>(),
        "definitions": sheet.definitions.iter().map(|one| json!({
            "metric": one.id.to_value(),
            "version": one.version,
            "name": one.name(sheet.language),
            "text": one.text(sheet.language),
        })).collect::<Vec<_>>(),
    })
}

fn table(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        json!({ "metric": column.metric.to_value(), "code": column.code, "name": column.name })
    });
    json!({
        "id": table.id,
        "title": table.title,
        "heads": table.heads,
        "columns": columns.collect::<Vec<_>>(),
        "rows": table.lines.iter().map(line).collect::<Vec<_>>(),
        "total": table.total.as_deref().map(cells),
    })
}

fn line(line: &Line) -> Value {
    let keys = line.keys.iter().map(|(id, name)| json!({ "id": id, "name": name }));
    json!({ "keys": keys.collect::<Vec<_>>(), "cells": cells(&line.cells) })
}

fn cells(cells: &[Cell]) -> Vec<Value> {
    cells.iter().map(|one| cell(*one)).collect()
}

/// Rates are numbers as they are shown: percent to one place, means to two.
fn cell(cell: Cell) -> Value {
    match cell {
        Cell::Hidden => json!({ "hidden": true }),
        Cell::Shown { value, base, rate } => {
            let (percent, mean) = match rate {
                Some(Rate::Percent(tenths)) => (Some(decimal(tenths, 10.0)), None),
                Some(Rate::ForEach(hundredths)) => (None, Some(decimal(hundredths, 100.0))),
                None => (None, None),
            };
            json!({ "value": value, "base": base, "percent": percent, "forEach": mean })
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rates are below 2 to the 53rd")]
fn decimal(number: i64, of: f64) -> f64 {
    number as f64 / of
}
