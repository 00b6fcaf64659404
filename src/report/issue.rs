//! The body of an issue (`spec/ci-integration.md` 13), as far as one run can fill it: nothing in it says when it was made, so
//! that nothing changes while nothing changes.
//!
//! The hidden line holds the fingerprints of what was found, for whoever compares one body with the next. When each was
//! first seen is what only a series of runs knows; here it is `null`.

use std::io::{self, Write};

use super::markdown::links::Links;
use super::markdown::page::{Page, Unit};
use super::sanitise;
use crate::finding::Report;
use crate::source::SourceMap;

/// Characters of a body. GitHub takes 65,536.
pub const LIMIT: usize = 60_000;

/// Characters that fingerprints may take.
const FINGERPRINTS: usize = 24_000;

/// Writes the body.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let tail = format!("\n<!-- planfit-audit: {{\"v\":1,\"seen\":{{{}}}}} -->\n", seen(report));
    // A link to a commit or a run would be another one each time.
    let page = Page { report, sources, limit: LIMIT, unit: Unit::Characters, links: Links::default(), tail: &tail };
    out.write_all(page.draw().as_bytes())
}

// The loudest findings come first, and with them their fingerprints.
fn seen(report: &Report) -> String {
    let mut fingerprints: Vec<&str> = Vec::new();
    let mut size = 0;
    for finding in &report.findings {
        let is_hex = finding.fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
        size += finding.fingerprint.len() + "\"\":null,".len();
        if size > FINGERPRINTS {
            break;
        }
        if is_hex {
            fingerprints.push(&finding.fingerprint);
        }
    }
    fingerprints.sort_unstable();
    fingerprints.dedup();
    let entries: Vec<String> = fingerprints.iter().map(|it| format!("\"{}\":null", sanitise::line(it))).collect();
    entries.join(",")
}
