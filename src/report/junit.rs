//! The report for test dashboards: JUnit XML (`spec/ci-integration.md` 8).
//!
//! A suite for the target, else for each directory; a case for each finding. An error fails its case, a policy that failed
//! is an error, what is not decided is skipped; a warning or a notice passes and says so. What policies have found to be as
//! it should be is one case each, and remarks about the input stand in a suite of their own. No times. Start at [`write()`].

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::human::text::harmless;
use super::places::Places;
use super::sanitise;
use super::wording::{self, counted, shortened};
use super::xml;
use crate::finding::{Finding, Level, NotEvaluated, Remark, Report, Rule, Silence, Verdict};
use crate::source::SourceMap;

/// Longest attribute in characters; the whole text is the body.
const ATTRIBUTE: usize = 1_000;

/// Longest body in characters.
const BODY: usize = 100_000;

/// Writes one XML document.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::chosen(sources);
    let mut document = quick_junit::Report::new("planfit");
    let mut suites: BTreeMap<String, Vec<TestCase>> = BTreeMap::new();
    for finding in report.findings.iter().chain(&report.silenced) {
        let name = report.run.target.as_deref().unwrap_or_else(|| suite_of(finding));
        suites.entry(attribute(name)).or_default().push(case(finding, places));
    }
    let passed = report.rules.iter().filter(|rule| rule.passed > 0).map(passes).collect();
    let input = report.remarks.iter().map(|remark| remark_case(remark, places));
    let input = input.chain(report.not_evaluated.iter().map(gap)).collect();
    let others = [("policies".to_owned(), passed), ("input".to_owned(), input)];
    for (name, cases) in suites.into_iter().chain(others).filter(|(_, cases)| !cases.is_empty()) {
        let mut suite = TestSuite::new(name);
        suite.add_test_cases(cases);
        document.add_test_suite(suite);
    }
    out.write_all(harmless(&xml::text(&document)?).as_bytes())
}

fn suite_of(finding: &Finding) -> &str {
    if finding.root.is_empty() { &finding.input } else { &finding.root }
}

fn attribute(text: &str) -> String {
    shortened(sanitise::line(text).into_owned(), ATTRIBUTE)
}

fn class(category: &str, policy: &str) -> String {
    attribute(&format!("planfit.{category}.{policy}"))
}

fn case(finding: &Finding, places: Places<'_>) -> TestCase {
    let mut lines = wording::told(finding, places);
    lines.extend(finding.location.and_then(|span| places.in_words(span)).map(|place| format!("at {place}")));
    lines.extend(wording::options(finding));
    let first = lines.first().map(|line| attribute(line)).unwrap_or_default();
    let body = shortened(lines.join("\n"), BODY);
    let status = match (&finding.silence, finding.verdict, finding.level) {
        (Some(silence), ..) => skipped(&silence_in_words(silence)),
        (_, Verdict::Unknown, _) => skipped(&first),
        (_, Verdict::Error, _) => non_success(NonSuccessKind::Error, finding, &first, &body),
        (_, Verdict::Fail, Level::Error) => non_success(NonSuccessKind::Failure, finding, &first, &body),
        (_, Verdict::Fail, Level::Warning | Level::Notice) => TestCaseStatus::success(),
    };
    let is_told = matches!(status, TestCaseStatus::Success { .. });
    // The old half of a replacement has the address of the new one.
    let operation = if finding.operation == "delete" { " (delete)" } else { "" };
    let mut case = TestCase::new(format!("{}{operation}", attribute(&finding.address)), status);
    case.set_classname(class(&finding.category, &finding.policy));
    if is_told {
        case.set_system_out(format!("{}: {body}", finding.level.as_str()));
    }
    case
}

fn non_success(kind: NonSuccessKind, finding: &Finding, first: &str, body: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(finding.severity.as_str());
    status.set_message(first);
    status.set_description(body);
    status
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason);
    status
}

fn silence_in_words(silence: &Silence) -> String {
    match silence {
        Silence::Suppressed(suppressed) => match &suppressed.reason {
            Some(reason) => attribute(&format!("suppressed: {reason}")),
            None => "suppressed".to_owned(),
        },
        Silence::Baselined => "in the baseline".to_owned(),
    }
}

fn passes(rule: &Rule) -> TestCase {
    let mut case = TestCase::new("passes", TestCaseStatus::success());
    case.set_classname(class(&rule.category, &rule.id));
    case.set_system_out(format!("holds for {}", counted(rule.passed, "object", "objects")));
    case
}

fn remark_case(remark: &Remark, places: Places<'_>) -> TestCase {
    let body = shortened(wording::told_of_remark(remark, places).join("\n"), BODY);
    let first = attribute(&remark.message);
    let status = if remark.level == Level::Error {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(first.clone());
        status.set_description(body.clone());
        status
    } else {
        TestCaseStatus::success()
    };
    let is_told = remark.level != Level::Error;
    let place = remark.span.and_then(|span| places.in_words(span));
    let mut case = TestCase::new(place.map_or(first, |place| attribute(&place)), status);
    case.set_classname("planfit.input");
    if is_told {
        case.set_system_out(format!("{}: {body}", remark.level.as_str()));
    }
    case
}

fn gap(gap: &NotEvaluated) -> TestCase {
    let mut case = TestCase::new(attribute(&gap.subject), skipped(&attribute(&gap.reason)));
    case.set_classname("planfit.not_judged");
    case
}
