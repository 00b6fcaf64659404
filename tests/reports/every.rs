//! A report through every renderer.

use planfit::finding::Report;
use planfit::report::{comment, github, human, issue, json, junit, markdown, rdjsonl, sarif};
use planfit::source::SourceMap;

use crate::{PLAIN, printed};

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
