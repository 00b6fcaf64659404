//! The report for reviewdog: its diagnostic format, one JSON object a line (`spec/ci-integration.md` 7).
//!
//! Columns count bytes of UTF-8, both ends from 1, the end exclusive. Paths are relative to where reviewdog runs. Its
//! reader stops without a word at a line of 64 KiB, so longer ones lose their suggestions, then their further places,
//! then a part of their message, then the link. What has no place in a file is left out: nobody could show it. Start at [`write()`].

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use self::suggestion::suggestion;
use super::markdown::links;
use super::places::{Base, Places};
use super::sanitise;
use super::wording::{self, shortened};
use crate::finding::{Finding, Level, Related, Remark, Report, Rule};
use crate::source::{SourceMap, Span};

mod suggestion;

/// Bytes of a line, its line break not counted.
pub const LIMIT: usize = 60_000;

/// Characters that every line has room for, whatever they take in JSON.
const SURE: usize = 4_000;

/// Writes a line for each finding and remark that has a place. `below` is the directory that paths are relative to, below
/// the git root; `None` for what `--path-base` says.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, below: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let places = Places { sources, base: below.map_or(Base::Chosen, Base::Below) };
    for finding in &report.findings {
        if let Some(line) = diagnostic(finding, &report.rules, places) {
            write_line(line, out)?;
        }
    }
    for remark in &report.remarks {
        if let Some(line) = remark_line(remark, places) {
            write_line(line, out)?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    source: Source,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Range,
}

#[derive(Clone, Copy, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Clone, Copy, Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Code {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct RelatedLocation<'a> {
    message: String,
    location: Location<'a>,
}

const SOURCE: Source = Source { name: "planfit", url: env!("CARGO_PKG_REPOSITORY") };

fn diagnostic<'a>(finding: &'a Finding, rules: &[Rule], places: Places<'a>) -> Option<Diagnostic<'a>> {
    let location = location(finding.location?, places)?;
    let told = wording::told(finding, places).into_iter().chain(wording::options(finding));
    let rule = rules.iter().find(|rule| rule.id == finding.policy && rule.file == finding.policy_file);
    let value = shortened(sanitise::line(&finding.policy).into_owned(), SURE);
    Some(Diagnostic {
        message: told.collect::<Vec<_>>().join("\n"),
        location,
        severity: severity(finding.level),
        source: SOURCE,
        code: Some(Code { value, url: rule.and_then(links::page) }),
        suggestions: suggestions(finding, places),
        related_locations: finding.related.iter().filter_map(|it| related(it, places)).collect(),
    })
}

fn suggestions(finding: &Finding, places: Places<'_>) -> Vec<Suggestion> {
    let suggestion = suggestion(finding, places);
    let suggestion = suggestion.and_then(|(span, text)| Some(Suggestion { range: range(span, places)?, text }));
    suggestion.into_iter().collect()
}

fn remark_line<'a>(remark: &'a Remark, places: Places<'a>) -> Option<Diagnostic<'a>> {
    Some(Diagnostic {
        message: wording::told_of_remark(remark, places).join("\n"),
        location: location(remark.span?, places)?,
        severity: severity(remark.level),
        source: SOURCE,
        code: None,
        suggestions: Vec::new(),
        related_locations: remark.related.iter().filter_map(|it| related(it, places)).collect(),
    })
}

const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Notice => "INFO",
    }
}

fn related<'a>(related: &'a Related, places: Places<'a>) -> Option<RelatedLocation<'a>> {
    let message = shortened(sanitise::line(&related.message).into_owned(), SURE);
    Some(RelatedLocation { message, location: location(related.span, places)? })
}

fn location(span: Span, places: Places<'_>) -> Option<Location<'_>> {
    Some(Location { path: places.path_in_repository(span)?, range: range(span, places)? })
}

fn range(span: Span, places: Places<'_>) -> Option<Range> {
    let file = places.file(span)?;
    let position = |offset| {
        let at = file.line_byte(offset);
        Position { line: at.line, column: at.column }
    };
    Some(Range { start: position(span.start), end: position(span.end) })
}

fn write_line(mut line: Diagnostic<'_>, out: &mut dyn Write) -> io::Result<()> {
    let cuts: [fn(&mut Diagnostic<'_>); 5] = [
        |_| (),
        |line| line.suggestions.clear(),
        |line| line.related_locations.clear(),
        |line| line.message = shortened(std::mem::take(&mut line.message), SURE),
        |line| line.code.iter_mut().for_each(|code| code.url = None),
    ];
    let mut text = String::new();
    for cut in cuts {
        cut(&mut line);
        text = sanitise::json(&serde_json::to_string(&line)?).into_owned();
        if text.len() <= LIMIT {
            break;
        }
    }
    writeln!(out, "{text}")
}
