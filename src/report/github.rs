//! Annotations on a pull request: GitHub's workflow commands (`spec/ci-integration.md` 4 and 5).
//!
//! One command a finding, then one a remark, loudest level first. A step keeps ten annotations of each level, so of a
//! level with more the first nine are printed and the tenth says how many are left. The text is plain: what happened,
//! which instances, where inside a module, and the ways out. Start at [`write()`]; [`fence_begin`] and [`fence_end`]
//! wrap the human report, which goes to the same stream and must not be read as commands.

use std::borrow::Cow;
use std::io::{self, Write};

use super::places::Places;
use super::sanitise;
use super::wording;
use crate::finding::{Finding, Level, Remark, Report, Run};
use crate::source::{SourceMap, Span};

/// What a step keeps of each level; more is dropped in silence (runner, `ExecutionContext.cs`).
const KEPT: usize = 10;

/// Longest message in characters. The runner cuts at 4,096 UTF-16 units without a word; nobody reads that far.
const MESSAGE_LENGTH: usize = 1_000;

/// Where the findings stand that get no annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// In the log around the annotations.
    Log,
    /// In the summary of the step.
    Summary,
}

impl Rest {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Log => "the whole report in this log",
            Self::Summary => "the summary",
        }
    }
}

/// Writes one workflow command for each finding and remark, at most ten of each level.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, rest: Rest, out: &mut dyn Write) -> io::Result<()> {
    // The runner makes paths relative to the root of the repository, wherever a step runs.
    let places = Places::from_root(sources);
    for level in [Level::Error, Level::Warning, Level::Notice] {
        write_level(report, level, places, rest, out)?;
    }
    Ok(())
}

/// The line after which the runner takes no commands from our output, with its line break.
///
/// `token` must be new in each run and hard to guess: 128 random bits in hex.
#[must_use]
pub fn fence_begin(token: &str) -> String {
    format!("::stop-commands::{token}\n")
}

/// The line that ends what [`fence_begin`] began.
#[must_use]
pub fn fence_end(token: &str) -> String {
    format!("::{token}::\n")
}

struct Annotation {
    place: Option<Span>,
    title: String,
    message: String,
}

#[derive(Clone, Copy)]
enum Subject<'a> {
    Finding(&'a Finding),
    Remark(&'a Remark),
}

fn write_level(report: &Report, level: Level, places: Places<'_>, rest: Rest, out: &mut dyn Write) -> io::Result<()> {
    let subjects = subjects(report, level);
    let shown = if subjects.len() > KEPT { KEPT - 1 } else { subjects.len() };
    for subject in subjects.iter().take(shown) {
        write_command(&annotation(*subject, &report.run, places), level, places, out)?;
    }
    if subjects.len() > shown {
        let message = format!("{} more, see {}", subjects.len() - shown, rest.in_words());
        let rest = Annotation { place: None, title: title(None, &report.run), message };
        write_command(&rest, level, places, out)?;
    }
    Ok(())
}

fn subjects(report: &Report, level: Level) -> Vec<Subject<'_>> {
    let findings = report.findings.iter().filter(|finding| finding.level == level).map(Subject::Finding);
    let remarks = report.remarks.iter().filter(|remark| remark.level == level).map(Subject::Remark);
    findings.chain(remarks).collect()
}

fn annotation(subject: Subject<'_>, run: &Run, places: Places<'_>) -> Annotation {
    match subject {
        Subject::Finding(finding) => Annotation {
            place: finding.location,
            title: title(Some(&finding.policy), run),
            message: message(&told(finding, places)),
        },
        Subject::Remark(remark) => Annotation {
            place: remark.span,
            title: title(None, run),
            message: message(&wording::told_of_remark(remark, places)),
        },
    }
}

fn told(finding: &Finding, places: Places<'_>) -> Vec<String> {
    let mut lines = wording::told(finding, places);
    lines.extend(wording::options(finding));
    lines.extend(wording::hint(finding, places));
    lines
}

fn message(lines: &[String]) -> String {
    wording::shortened(lines.join("\n"), MESSAGE_LENGTH)
}

// `planfit <policy> (<target>)`; both parts may be missing.
fn title(policy: Option<&str>, run: &Run) -> String {
    let policy = policy.map(|id| format!(" {}", sanitise::line(id))).unwrap_or_default();
    let target = run.target.as_deref().map(|target| format!(" ({})", sanitise::line(target))).unwrap_or_default();
    format!("planfit{policy}{target}")
}

fn write_command(note: &Annotation, level: Level, places: Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{} ", level.as_str())?;
    if let Some(span) = note.place {
        write_place(span, places, out)?;
    }
    writeln!(out, "title={}::{}", property(&note.title), data(&note.message))
}

// The runner drops columns where `line` and `endLine` differ. The end column is one past the last character.
fn write_place(span: Span, places: Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(path) = places.path_in_repository(span) else { return Ok(()) };
    let (start, end) = (places.start(span), places.end(span));
    write!(out, "file={},line={},endLine={},", property(&path), start.line, end.line)?;
    if start.line == end.line {
        write!(out, "col={},endColumn={},", start.column, end.column)?;
    }
    Ok(())
}

// `%` first: the others bring new ones in.
fn data(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '\r', '\n']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_the_runner_reads() {
        let table = [
            ("50%", "50%25", "50%25"),
            ("50%\n", "50%25%0A", "50%25%0A"),
            ("%0A", "%250A", "%250A"),
            ("a\r\nb", "a%0D%0Ab", "a%0D%0Ab"),
            ("a: b, c", "a: b, c", "a%3A b%2C c"),
            ("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax"),
            ("C:\\a.tf", "C:\\a.tf", "C%3A\\a.tf"),
        ];
        for (raw, message, value) in table {
            assert_eq!(data(raw), message);
            assert_eq!(property(raw), value);
        }
    }

    #[test]
    fn the_fence_is_two_lines() {
        assert_eq!(fence_begin("0a1b"), "::stop-commands::0a1b\n");
        assert_eq!(fence_end("0a1b"), "::0a1b::\n");
    }
}
