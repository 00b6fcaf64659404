//! The report for code scanning: SARIF 2.1.0 (`spec/ci-integration.md` 6).
//!
//! What GitHub reads of it, and what makes an alert the same alert tomorrow: rule ids, fingerprints, the hash of the line.
//! A file above one of GitHub's maxima is rejected whole, so the worst [`MAX_RESULTS`] are kept and a notification says how
//! many are not. A finding without a place in the repository cannot be an alert and is a notification, too.
//! Start at [`write()`]; `log.rs` holds the shapes, `rules.rs`, `results.rs` and `notes.rs` fill them.

use std::io::{self, Write};

use self::log::{Details, Driver, Invocation, Log, Run, Tool};
use self::results::Results;
use self::rules::Rules;
use super::places::Places;
use super::sanitise;
use crate::finding::{Outcome, Report};
use crate::source::SourceMap;

mod hash;
mod log;
mod notes;
mod results;
mod rules;

/// Results that are kept. GitHub shows 5,000 alerts of an upload.
pub const MAX_RESULTS: usize = 5_000;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the report as one SARIF log with one run.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&log(report, Places::chosen(sources)))?;
    out.write_all(sanitise::json(&text).as_bytes())?;
    out.write_all(b"\n")
}

fn log<'a>(report: &'a Report, places: Places<'a>) -> Log<'a> {
    let rules = Rules::new(&report.rules);
    let results = Results::new(report, &rules, places);
    let invocation = Invocation {
        execution_successful: report.outcome != Outcome::CouldNotRun,
        exit_code: report.outcome.code(),
        tool_execution_notifications: notes::notes(report, &results, &rules, places),
    };
    let target = report.run.target.as_deref().map(|target| format!("{}/", sanitise::line(target))).unwrap_or_default();
    let run = Run {
        tool: Tool { driver: driver(rules) },
        automation_details: Details { id: format!("planfit/{target}") },
        column_kind: "unicodeCodePoints",
        invocations: [invocation],
        results: results.kept,
    };
    Log { schema: SCHEMA, version: "2.1.0", runs: [run] }
}

fn driver(rules: Rules<'_>) -> Driver<'_> {
    Driver {
        name: "planfit",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.descriptors,
    }
}
