//! The report in Markdown: the summary of a step, and what the comment and the issue share (`spec/ci-integration.md` 4.4).
//!
//! A title with the verdict, the counts, a table of findings, a block for each category with the ways out of its
//! policies, the remarks, and what was not judged. GitHub drops a text above its limit whole, so every part is cut at
//! a row and says what is missing. Start at [`write()`]; `page.rs` puts the parts together.

use std::io::{self, Write};

use self::links::Links;
use self::page::{Page, Unit};
use crate::finding::Report;
use crate::source::SourceMap;

pub(super) mod escape;
pub(super) mod links;
pub(super) mod page;
pub(super) mod table;
pub(super) mod ways;

/// Bytes of a summary: the runner drops what is above a mebibyte, with all that the step wrote before.
pub const LIMIT: usize = 900 << 10;

/// Writes the summary in at most `limit` bytes.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, limit: usize, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { report, sources, limit, unit: Unit::Bytes, links: Links::new(&report.run), tail: "" };
    out.write_all(page.draw().as_bytes())
}
