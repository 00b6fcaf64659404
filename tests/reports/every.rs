//! A report through every renderer, and what any output of each must be.

use std::borrow::Cow;

use planfit::finding::Report;
use planfit::report::{comment, github, human, issue, json, junit, markdown, rdjsonl, sarif};
use planfit::source::SourceMap;
use serde::Deserialize;

use crate::{PLAIN, junit_schema, pages, printed};

pub(crate) const FORMATS: [&str; 9] =
    ["human", "github", "json", "sarif", "rdjsonl", "junit", "markdown", "comment", "issue"];

/// What each format makes of a report.
pub(crate) fn every(report: &Report, sources: &SourceMap) -> Vec<(&'static str, String)> {
    FORMATS.iter().map(|format| (*format, one(format, report, sources))).collect()
}

/// What one format makes of it.
#[track_caller]
pub(crate) fn one(format: &str, report: &Report, sources: &SourceMap) -> String {
    printed(|out| match format {
        "human" => human::write(report, sources, PLAIN, out),
        "github" => github::write(report, sources, github::Rest::Summary, out),
        "json" => json::write(report, sources, out),
        "sarif" => sarif::write(report, sources, out),
        "rdjsonl" => rdjsonl::write(report, sources, Some("aws"), out),
        "junit" => junit::write(report, sources, out),
        "markdown" => markdown::write(report, sources, markdown::LIMIT, out),
        "comment" => comment::write(report, sources, out),
        "issue" => issue::write(report, sources, out),
        other => unreachable!("there is no format {other}"),
    })
}

/// Whether a reader of the format takes it: what can be parsed is, schemas hold, limits are kept, no line is a command that
/// is not ours, and nothing is hidden.
#[track_caller]
pub(crate) fn is_well_formed(format: &str, text: &str, what: &str) {
    let is_hidden = |ch: char| {
        (ch.is_control() && ch != '\n' && ch != '\t')
            || matches!(ch, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(|ch| is_hidden(*ch)), None, "{format}: {what}");
    for line in text.lines() {
        if format == "github" {
            let is_ours = ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command));
            assert!(is_ours && line.contains("title=planfit"), "{what}: {line}");
        } else {
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{format}: {what}: {line}");
        }
    }
    match format {
        "human" => assert!(text.ends_with('\n'), "{what}"),
        "github" => {
            for level in ["::error ", "::warning ", "::notice "] {
                let count = text.lines().filter(|line| line.starts_with(level)).count();
                assert!(count <= 10, "{what}: {count} of {level}");
            }
        }
        "json" => assert_eq!(parsed::<Head>(text, what).schema, 1, "{what}"),
        "sarif" => crate::sarif::keeps_to_the_schema(text, what),
        "rdjsonl" => {
            for line in text.lines() {
                assert!(
                    line.len() <= 60_000 && parsed::<Line<'_>>(line, what).message.len() > 1,
                    "{what}: {}",
                    line.len()
                );
            }
        }
        "junit" => junit_schema::keeps_to_the_schema(text, what),
        "markdown" => assert!(text.len() <= markdown::LIMIT, "{what}: {}", text.len()),
        "comment" | "issue" => {
            let size = text.encode_utf16().count();
            assert!(size <= comment::LIMIT.min(issue::LIMIT), "{format}: {what}: {size}");
        }
        other => unreachable!("there is no format {other}"),
    }
    if matches!(format, "markdown" | "comment" | "issue") {
        pages::is_harmless(text, &format!("{format}: {what}"));
    }
}

/// What every document of ours in JSON begins with; the rest of it is passed over.
#[derive(Deserialize)]
struct Head {
    schema: u32,
}

/// A line for reviewdog.
#[derive(Deserialize)]
struct Line<'t> {
    #[serde(borrow)]
    message: Cow<'t, str>,
}

#[track_caller]
fn parsed<'t, T: Deserialize<'t>>(text: &'t str, what: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| unreachable!("{what}: {error}"))
}
