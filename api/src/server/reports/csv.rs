//! A report as comma-separated values: a block for each table, with an empty line between two. Text that
//! a spreadsheet would take for a formula is written so that it does not.

use std::borrow::Cow;

use super::sheet::{Plain, Sheet};
use super::words::{self, say};
use crate::casework::metric::figure::Rate;
use crate::error::{Error, Result};

/// By it spreadsheets know that the text is in UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes a report.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>> {
    let language = sheet.language;
    let hidden = say(words::HIDDEN, language);
    let mut about = vec![vec![say(words::ABOUT, language).to_owned()]];
    about.extend(sheet.head().into_iter().map(|(label, text)| vec![label.to_owned(), text]));
    let heads = [words::METRIC, words::VERSION, words::DEFINITION];
    let mut definitions = vec![heads.map(|head| say(head, language).to_owned()).to_vec()];
    definitions.extend(sheet.definitions.iter().map(|one| {
        let (name, text) = (one.name(language), one.text(language));
        vec![name.to_owned(), one.version.to_string(), text.to_owned()]
    }));
    let tables = sheet.tables.iter().map(|table| {
        let rows = table.grid();
        let rows = rows.iter().map(|row| row.iter().map(|cell| told(cell, hidden)).collect());
        std::iter::once(vec![table.title.to_owned()]).chain(rows).collect::<Vec<Vec<String>>>()
    });
    let mut blocks = vec![block(&about)?];
    for table in tables {
        blocks.push(block(&table)?);
    }
    blocks.push(block(&definitions)?);
    Ok(format!("{BYTE_ORDER_MARK}{}", blocks.join("\r\n")).into_bytes())
}

fn block(rows: &[Vec<String>]) -> Result<String> {
    let mut builder = csv::WriterBuilder::new();
    builder.flexible(true).terminator(csv::Terminator::CRLF);
    let mut writer = builder.from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|text| guarded(text).into_owned()))
            .map_err(|_| Error::Internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::Internal)?;
    String::from_utf8(bytes).map_err(|_| Error::Internal)
}

fn told(cell: &Plain, hidden: &str) -> String {
    match cell {
        Plain::Text(text) => text.clone(),
        Plain::Whole(number) => number.to_string(),
        Plain::Rate(Rate::Percent(tenths)) => format!("{}.{}", tenths / 10, tenths % 10),
        Plain::Rate(Rate::ForEach(hundredths)) => {
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        }
        Plain::Hidden => hidden.to_owned(),
        Plain::Nothing => String::new(),
    }
}

/// A text that no spreadsheet takes for a formula: what begins as one gets a quote before it. Counts are
/// never negative, so that no number begins so.
fn guarded(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| {
        let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
        text.starts_with(formula)
    };
    if begins(text) || begins(text.trim_start()) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{block, guarded};

    #[test]
    fn what_begins_as_a_formula_gets_a_quote() {
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1",
            " =1",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "Town", "a=b", "2020-01", "'=1", "5"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn rows_may_differ_in_length_and_hold_anything() {
        let rows = vec![vec!["a".to_owned()], vec!["=b,\"c\"".to_owned(), "d\ne".to_owned()]];
        assert_eq!(block(&rows).unwrap(), "a\r\n\"'=b,\"\"c\"\"\",\"d\ne\"\r\n");
    }
}
