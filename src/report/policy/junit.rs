//! Results of `policy test` as JUnit XML: a suite for each file, a case for each mock or example, no times.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::finding::Level;
use crate::policytest::{Case, Note, Status};
use crate::report::{sanitise, xml};
use crate::source::SourceMap;

/// Writes one XML document. `broken` are files and faults that kept tests from running: a suite of errors.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(cases: &[Case], broken: &[(String, String)], sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report::new("planfit policy test");
    let mut at = cases.iter().peekable();
    while let Some(first) = at.peek() {
        let path = first.path.clone();
        let mut suite = TestSuite::new(sanitise::line(&path).into_owned());
        while let Some(case) = at.next_if(|case| case.path == path) {
            suite.add_test_case(test_case(case, sources));
        }
        report.add_test_suite(suite);
    }
    if !broken.is_empty() {
        let mut suite = TestSuite::new("files");
        for (place, message) in broken {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(sanitise::line(message).into_owned());
            suite.add_test_case(TestCase::new(sanitise::line(place).into_owned(), status));
        }
        report.add_test_suite(suite);
    }
    out.write_all(xml::text(&report)?.as_bytes())
}

fn test_case(case: &Case, sources: &SourceMap) -> TestCase {
    let texts = |level| -> Vec<String> {
        let notes = case.notes.iter().filter(|note| note.level == level);
        notes.map(|note| located(note, sources)).collect()
    };
    let status = match case.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed => non_success(NonSuccessKind::Failure, &texts(Level::Error)),
        Status::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(texts(Level::Notice).join("; "));
            status
        }
    };
    let mut result = TestCase::new(sanitise::line(&case.name).into_owned(), status);
    result.set_classname(class(&case.path));
    let mut told = texts(Level::Warning);
    if case.status != Status::Skipped {
        told.extend(texts(Level::Notice));
    }
    if !told.is_empty() {
        result.set_system_out(told.join("\n"));
    }
    result
}

fn non_success(kind: NonSuccessKind, texts: &[String]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(texts.first().cloned().unwrap_or_default());
    status.set_description(texts.join("\n"));
    status
}

fn located(note: &Note, sources: &SourceMap) -> String {
    let message = sanitise::line(&note.message);
    let Some(span) = note.condition else { return message.into_owned() };
    let start = sources.start(span);
    format!("{message} ({}, line {}, column {})", sanitise::line(sources.path(span)), start.line, start.column)
}

// `planfit.<directory>.<file>`, as other reports have `planfit.<category>.<policy>`.
fn class(path: &str) -> String {
    let stem = path.strip_suffix(".hcl").unwrap_or(path);
    let stem = stem.strip_suffix(".policytest").or_else(|| stem.strip_suffix(".policy")).unwrap_or(stem);
    let parts: Vec<&str> = stem.split('/').collect();
    let kept = parts.iter().skip(parts.len().saturating_sub(2)).copied();
    std::iter::once("planfit").chain(kept).collect::<Vec<_>>().join(".")
}
