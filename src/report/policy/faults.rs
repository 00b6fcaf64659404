//! What is wrong in policy files and tests: each fault with its line, drawn as `check` draws remarks.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::print;
use crate::expr::Fault;
use crate::finding::Level;
use crate::report::human::text::{Paint, Tint};
use crate::report::human::{Style, card};
use crate::report::sanitise;
use crate::report::wording::counted;
use crate::source::SourceMap;

/// Writes the faults, then the paths that could not be read.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(
    faults: &[&Fault],
    unreadable: &[(String, String)],
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let word = Paint { colour: style.colour }.tinted(Tint::Error, "error");
    for fault in faults {
        print(out, |text| {
            writeln!(text, "{word}  in {}", sanitise::line(sources.path(fault.span)))?;
            card(text, sources, style, Level::Error, &fault.message, Some(fault.span))?;
            for related in &fault.related {
                card(text, sources, style, Level::Notice, &related.message, Some(related.span))?;
            }
            text.write_char('\n')
        })?;
    }
    for (path, reason) in unreadable {
        print(out, |text| {
            writeln!(text, "{word}  {}", sanitise::line(path))?;
            card(text, sources, style, Level::Error, reason, None)?;
            text.write_char('\n')
        })?;
    }
    Ok(())
}

/// Writes the line with the counts: "12 files are valid", or how many are not.
///
/// # Errors
///
/// Only what `out` reports.
pub fn count(files: usize, invalid: usize, faults: usize, out: &mut dyn Write) -> io::Result<()> {
    let valid = files.saturating_sub(invalid);
    let (are, told) = (if valid == 1 { "is" } else { "are" }, counted(faults, "fault", "faults"));
    let valid = counted(valid, "file", "files");
    let rest = if invalid > 0 { format!("; {invalid} not: {told}") } else { String::new() };
    writeln!(out, "{valid} {are} valid{rest}")
}
