//! A step of GitHub Actions: its summary and its outputs (`spec/ci-integration.md` 4.4).
//!
//! Where the runner gives no file for one of them, nothing is written and nothing is said.

use super::output::Format;
use super::outputs;
use crate::finding::{Outcome, Report};
use crate::io::{self, Disk, Environment};
use crate::report::markdown;
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
        let file = |format: Format| {
            let found = files.iter().find(|(written, _)| *written == format);
            found.map(|(_, path)| self.disk.absolute_path(path)).unwrap_or_default()
        };
        let summary = &report.summary;
        let count = |count: usize| count.to_string();
        let values = [
            ("outcome", outcome.as_str().to_owned()),
            ("findings-count", count(summary.errors + summary.warnings + summary.notices)),
            ("errors-count", count(summary.errors)),
            ("warnings-count", count(summary.warnings)),
            ("notices-count", count(summary.notices)),
            // No report has costs yet.
            ("monthly-cost", String::new()),
            ("monthly-delta", String::new()),
            ("json", file(Format::Json)),
            ("sarif", file(Format::Sarif)),
            ("junit", file(Format::Junit)),
            ("summary", file(Format::Markdown)),
            ("comment", file(Format::Comment)),
            ("issue-body", file(Format::Issue)),
            ("artifact-name", artifact(self.environment.target.as_deref())),
        ];
        outputs::write(self.environment, &values).map_err(|error| format!("the outputs of the step: {error}"))
    }
}

/// A name for an artifact with the reports of a step; each target has its own. Of what artifacts may not be called, a
/// slash becomes two underscores, as tfaction does it, and the rest one.
fn artifact(target: Option<&str>) -> String {
    let Some(target) = target else { return "planfit".to_owned() };
    let forbidden = ['"', ':', '<', '>', '|', '*', '?', '\\', '\r', '\n'];
    format!("planfit__{}", target.replace('/', "__").replace(forbidden, "_"))
}

#[cfg(test)]
mod tests {
    use super::artifact;

    #[test]
    fn an_artifact_is_named_by_its_target() {
        assert_eq!(artifact(None), "planfit");
        assert_eq!(artifact(Some("aws/gym/prd")), "planfit__aws__gym__prd");
        assert_eq!(artifact(Some("a:b\\c\"d<e>f|g*h?i\r\nj")), "planfit__a_b_c_d_e_f_g_h_i__j");
    }
}
