//! Annotations on a pull request: GitHub's workflow commands (`spec/ci-integration.md` 4 and 5).
//!
//! One command a finding, then one a remark, loudest level first. A step keeps ten annotations of each level, so of a
//! level with more the first nine are printed and the tenth says how many are left. The text is plain: what happened,
//! which instances, where inside a module, and the ways out. Start at [`write()`]; [`fence_begin`] and [`fence_end`]
//! wrap the human report, which goes to the same stream and must not be read as commands.

use std::borrow::Cow;
use std::io::{self, Write};

use super::sanitise;
use super::wording::{self, Limit};
use crate::finding::{Finding, Level, Related, Remark, Remedy, Report, Run};
use crate::source::{SourceMap, Span};

/// What a step keeps of each level; more is dropped in silence (runner, `ExecutionContext.cs`).
const KEPT: usize = 10;

/// Longest message in characters. The runner cuts at 4,096 UTF-16 units without a word; nobody reads that far.
const MESSAGE_LENGTH: usize = 1_000;

/// Writes one workflow command for each finding and remark, at most ten of each level.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    for level in [Level::Error, Level::Warning, Level::Notice] {
        write_level(report, level, sources, out)?;
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

fn write_level(report: &Report, level: Level, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let subjects = subjects(report, level);
    let shown = if subjects.len() > KEPT { KEPT - 1 } else { subjects.len() };
    for subject in subjects.iter().take(shown) {
        write_command(&annotation(*subject, &report.run, sources), level, sources, out)?;
    }
    if subjects.len() > shown {
        let message = format!("{} more, see the whole report in this log", subjects.len() - shown);
        let rest = Annotation { place: None, title: title(None, &report.run), message };
        write_command(&rest, level, sources, out)?;
    }
    Ok(())
}

fn subjects(report: &Report, level: Level) -> Vec<Subject<'_>> {
    let findings = report.findings.iter().filter(|finding| finding.level == level).map(Subject::Finding);
    let remarks = report.remarks.iter().filter(|remark| remark.level == level).map(Subject::Remark);
    findings.chain(remarks).collect()
}

fn annotation(subject: Subject<'_>, run: &Run, sources: &SourceMap) -> Annotation {
    match subject {
        Subject::Finding(finding) => Annotation {
            place: finding.location,
            title: title(Some(&finding.policy), run),
            message: shortened(lines(finding, sources).join("\n")),
        },
        Subject::Remark(remark) => Annotation {
            place: remark.span,
            title: title(None, run),
            message: shortened(
                std::iter::once(sanitise::line(&remark.message).into_owned())
                    .chain(remark.related.iter().map(|related| inner_place(related, sources)))
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
        },
    }
}

// `planfit <policy> (<target>)`; both parts may be missing.
fn title(policy: Option<&str>, run: &Run) -> String {
    let policy = policy.map(|id| format!(" {}", sanitise::line(id))).unwrap_or_default();
    let target = run.target.as_deref().map(|target| format!(" ({})", sanitise::line(target))).unwrap_or_default();
    format!("planfit{policy}{target}")
}

// The first line stands alone: lists of annotations show no more.
fn lines(finding: &Finding, sources: &SourceMap) -> Vec<String> {
    let mut lines = vec![wording::sentence(finding).into_owned()];
    lines.extend(wording::instances(finding, Limit::Handful));
    lines.extend(finding.assumed.as_deref().map(|assumed| sanitise::line(assumed).into_owned()));
    lines.extend(finding.related.iter().map(|related| inner_place(related, sources)));
    lines.extend(finding.options.iter().enumerate().map(|(at, remedy)| option(at + 1, remedy)));
    lines
}

fn inner_place(related: &Related, sources: &SourceMap) -> String {
    let path = sanitise::line(sources.path(related.span));
    format!("{path} line {}: {}", sources.start(related.span).line, sanitise::line(&related.message))
}

fn option(number: usize, remedy: &Remedy) -> String {
    format!("Option {number}: {} (downtime: {})", sanitise::line(&remedy.title), sanitise::line(&remedy.downtime))
}

// Half a line says little, so whole lines go; only a first line that is too long by itself is cut within.
fn shortened(message: String) -> String {
    if message.chars().count() <= MESSAGE_LENGTH {
        return message;
    }
    let mut short: String = message.chars().take(MESSAGE_LENGTH - 1).collect();
    if let Some(end) = short.rfind('\n') {
        short.truncate(end + 1);
    }
    short.push('…');
    short
}

fn write_command(note: &Annotation, level: Level, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{} ", level.as_str())?;
    if let Some(span) = note.place {
        write_place(span, sources, out)?;
    }
    writeln!(out, "title={}::{}", property(&note.title), data(&note.message))
}

// The runner drops columns where `line` and `endLine` differ. The end column is one past the last character.
fn write_place(span: Span, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let path = sanitise::line(sources.path(span));
    if path.is_empty() {
        return Ok(());
    }
    let (start, end) = (sources.start(span), sources.end(span));
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
    fn messages_are_cut_at_a_line_and_a_long_first_line_within() {
        let full = "x".repeat(MESSAGE_LENGTH);
        assert_eq!(shortened(full.clone()), full);
        assert_eq!(shortened(format!("a\n{full}")), "a\n…");
        let cut = shortened(format!("{full}x\nb"));
        assert_eq!(cut.chars().count(), MESSAGE_LENGTH);
        assert!(cut.ends_with("x…"));
    }

    #[test]
    fn the_fence_is_two_lines() {
        assert_eq!(fence_begin("0a1b"), "::stop-commands::0a1b\n");
        assert_eq!(fence_end("0a1b"), "::0a1b::\n");
    }
}
