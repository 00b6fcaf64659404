//! `policy list` for people: a table, and a line with the count.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::print;
use crate::finding::Severity;
use crate::policy::sheet::Sheet;
use crate::report::human::text::{Paint, Tint, columns};
use crate::report::sanitise;
use crate::report::wording::counted;

/// Writes a row for each policy, in the order given.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(sheets: &[Sheet], colour: bool, out: &mut dyn Write) -> io::Result<()> {
    print(out, |text| table(text, sheets, Paint { colour }))
}

fn table(text: &mut String, sheets: &[Sheet], paint: Paint) -> fmt::Result {
    let rows: Vec<[String; 4]> = sheets.iter().map(cells).collect();
    let heads = ["ID", "CATEGORY", "SEVERITY", "TITLE"];
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| wide(cell));
        cells.chain(heads.get(column).map(|head| wide(head))).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    if !rows.is_empty() {
        let [id, category, severity, title] = heads;
        let head =
            format!("{}  {}  {}  {title}", pad(id, widths[0]), pad(category, widths[1]), pad(severity, widths[2]));
        writeln!(text, "{}", paint.tinted(Tint::Strong, &head))?;
    }
    for ([id, category, severity, title], sheet) in rows.iter().zip(sheets) {
        let severity = pad(severity, widths[2]);
        let severity = paint.tinted(tint(sheet.severity), &severity);
        write!(text, "{}  {}  {severity}  {title}", pad(id, widths[0]), pad(category, widths[1]))?;
        let mark = if sheet.pedantic { " (pedantic)" } else { "" };
        writeln!(text, "{}", paint.tinted(Tint::Faint, mark))?;
    }
    let pedantic = sheets.iter().filter(|sheet| sheet.pedantic).count();
    let count = counted(sheets.len(), "policy", "policies");
    let off = if pedantic > 0 { format!("; {pedantic} pedantic (off unless asked for)") } else { String::new() };
    writeln!(text, "{}{off}", paint.tinted(Tint::Strong, &count))
}

fn cells(sheet: &Sheet) -> [String; 4] {
    let cell = |text: &str| sanitise::line(text).into_owned();
    [cell(&sheet.id), cell(&sheet.category), sheet.severity.as_str().to_owned(), cell(&sheet.title)]
}

fn wide(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(wide(text))))
}

pub(super) fn tint(severity: Severity) -> Tint {
    match severity {
        Severity::Critical | Severity::High => Tint::Error,
        Severity::Medium => Tint::Warning,
        Severity::Low => Tint::Notice,
    }
}
