//! A step of GitHub Actions: its summary and its outputs (`spec/ci-integration.md` 4.4).
//!
//! Where the runner gives no file for one of them, nothing is written and nothing is said.

use super::output::Format;
use crate::finding::{Outcome, Report};
use crate::io::{self, Disk, Environment};
use crate::report::{markdown, outputs};
use crate::source::SourceMap;

/// The files that the runner gives a step.
pub(super) struct Step<'s> {
    pub(super) environment: &'s Environment,
    pub(super) disk: &'s Disk,
}

impl Step<'_> {
    /// Writes the summary behind what the step has written already; the runner counts both. Says whether there is one.
    pub(super) fn summary(&self, report: &Report, sources: &SourceMap) -> Result<bool, String> {
        let Some(path) = &self.environment.step_summary else { return Ok(false) };
        let limit = markdown::LIMIT.saturating_sub(io::size_of(path) + 1);
        // What stands before may end within a line.
        let mut text = vec![b'\n'];
        markdown::write(report, sources, limit, &mut text).map_err(|error| error.to_string())?;
        if text.len() < 2 {
            return Ok(false);
        }
        io::append_file(path, &text).map_err(|error| format!("the summary of the step: {error}"))?;
        Ok(true)
    }

    /// Sets the outputs: how it ended, the counts, and the files that were written.
    pub(super) fn outputs(&self, report: &Report, outcome: Outcome, files: &[(Format, String)]) -> Result<(), String> {
        let Some(path) = &self.environment.step_output else { return Ok(()) };
        let file = |name: &str| {
            let found = files.iter().find(|(format, _)| format.name() == name);
            found.map(|(_, path)| self.disk.absolute_path(path)).unwrap_or_default()
        };
        let values = outputs::values(report, outcome.as_str(), &file);
        let lines: String = values.iter().map(|(name, value)| outputs::lines(name, value, &io::random_bits)).collect();
        io::append_file(path, lines.as_bytes()).map_err(|error| format!("the outputs of the step: {error}"))
    }
}
