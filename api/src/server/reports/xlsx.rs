//! A report as a workbook: what it is about and by which definitions on the first sheet, then a sheet for
//! each table. Text is only ever written as text: nothing in a workbook of ours is a formula.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::sheet::{Plain, Sheet, Table};
use super::words::{self, say};
use crate::casework::metric::figure::Rate;
use crate::error::{Error, Result};

/// Writes a report.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>> {
    workbook(sheet).map_err(|error| {
        tracing::error!(%error, "a workbook can't be written");
        Error::Internal
    })
}

/// Widths of columns, in characters.
const NAMES: f64 = 44.0;
const NUMBERS: f64 = 18.0;
const TEXTS: f64 = 100.0;

struct Formats {
    title: Format,
    head: Format,
    text: Format,
    whole: Format,
    percent: Format,
    mean: Format,
    hidden: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: text.clone().set_bold(),
            text,
            whole: Format::new().set_num_format("#,##0").set_align(FormatAlign::Top),
            percent: Format::new().set_num_format("0.0%").set_align(FormatAlign::Top),
            mean: Format::new().set_num_format("0.00").set_align(FormatAlign::Top),
            hidden: Format::new().set_italic().set_align(FormatAlign::Right),
        }
    }
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new();
    let hidden = say(words::HIDDEN, sheet.language);
    let mut workbook = Workbook::new();
    about(workbook.add_worksheet(), sheet, &formats)?;
    for table in &sheet.tables {
        write_table(workbook.add_worksheet(), table, hidden, &formats)?;
    }
    workbook.save_to_buffer()
}

fn about(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    let language = sheet.language;
    let title = say(words::ABOUT, language);
    page.set_name(title)?.set_column_width(0, NAMES)?.set_column_width(1, NUMBERS)?;
    page.set_column_width(2, TEXTS)?;
    page.write_string_with_format(0, 0, title, &formats.title)?;
    let mut row = 1;
    for (label, text) in sheet.head() {
        page.write_string_with_format(row, 0, label, &formats.head)?;
        page.write_string(row, 1, text)?;
        row += 1;
    }
    row += 1;
    for (column, head) in (0..).zip([words::METRIC, words::VERSION, words::DEFINITION]) {
        page.write_string_with_format(row, column, say(head, language), &formats.head)?;
    }
    for definition in &sheet.definitions {
        row += 1;
        page.write_string_with_format(row, 0, definition.name(language), &formats.text)?;
        page.write_number_with_format(row, 1, f64::from(definition.version), &formats.whole)?;
        page.write_string_with_format(row, 2, definition.text(language), &formats.text)?;
    }
    Ok(())
}

fn write_table(
    page: &mut Worksheet,
    table: &Table,
    hidden: &str,
    formats: &Formats,
) -> Result<(), XlsxError> {
    page.set_name(table.title)?;
    let grid = table.grid();
    let names = table.heads.len().max(1);
    let columns = grid.first().map_or(0, Vec::len);
    for (column, no) in (0..).zip(0..columns) {
        page.set_column_width(column, if no < names { NAMES } else { NUMBERS })?;
    }
    page.set_freeze_panes(1, u16::try_from(names).unwrap_or(1))?;
    for (row, cells) in (0..).zip(&grid) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Plain::Text(text) if row == 0 => {
                    page.write_string_with_format(row, column, text, &formats.head)?
                }
                Plain::Text(text) => {
                    page.write_string_with_format(row, column, text, &formats.text)?
                }
                Plain::Whole(number) => {
                    page.write_number_with_format(row, column, exact(*number), &formats.whole)?
                }
                Plain::Rate(Rate::Percent(tenths)) => {
                    let share = exact(*tenths) / 1000.0;
                    page.write_number_with_format(row, column, share, &formats.percent)?
                }
                Plain::Rate(Rate::ForEach(hundredths)) => {
                    let mean = exact(*hundredths) / 100.0;
                    page.write_number_with_format(row, column, mean, &formats.mean)?
                }
                Plain::Hidden => {
                    page.write_string_with_format(row, column, hidden, &formats.hidden)?
                }
                Plain::Nothing => page,
            };
        }
    }
    Ok(())
}

/// Spreadsheets know numbers as floating ones only; counts of people are far below where these end.
#[expect(clippy::cast_precision_loss, reason = "counts are below 2 to the 53rd")]
const fn exact(number: i64) -> f64 {
    number as f64
}
