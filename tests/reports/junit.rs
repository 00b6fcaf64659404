//! JUnit: what dashboards read of it.

use planfit::finding::{Finding, Level, Outcome, Remark, Report, Verdict};
use planfit::source::SourceMap;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

use crate::every::one;
use crate::junit_schema::{faults, keeps_to_the_schema};
use crate::set::{Stack, finding, report_of, stack};

#[track_caller]
fn read(report: &Report, sources: &SourceMap) -> quick_junit::Report {
    let text = one("junit", report, sources);
    keeps_to_the_schema(&text, "");
    let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
    // What every reader of the format adds up.
    let cases = || read.test_suites.iter().flat_map(|suite| &suite.test_cases);
    let count = |kind| cases().filter(|case| kind_of(case) == kind).count();
    assert_eq!(read.tests, cases().count());
    assert_eq!((read.failures, read.errors), (count("failure"), count("error")));
    for suite in &read.test_suites {
        assert_eq!(suite.tests, suite.test_cases.len());
        assert!(!suite.name.as_str().is_empty());
        for case in &suite.test_cases {
            assert!(!case.name.as_str().is_empty());
            assert!(case.classname.as_ref().is_some_and(|class| class.as_str().starts_with("planfit.")));
        }
    }
    assert!(!text.contains(" time=") && !text.contains(" timestamp="), "{text}");
    read
}

fn kind_of(case: &TestCase) -> &'static str {
    match &case.status {
        TestCaseStatus::Success { .. } => "success",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
        TestCaseStatus::Skipped { .. } => "skipped",
    }
}

fn kinds(report: &quick_junit::Report, suite: &str) -> Vec<(String, &'static str)> {
    let suite = report.test_suites.iter().find(|found| found.name.as_str() == suite).unwrap();
    suite.test_cases.iter().map(|case| (case.name.as_str().chars().take(36).collect(), kind_of(case))).collect()
}

#[test]
fn the_schema_sees_what_is_wrong() {
    let Stack { report, sources } = stack();
    let text = one("junit", &report, &sources);
    let wrong = [
        ("<testsuites name", "<testsuites skipped=\"0\" name"),
        ("<testsuite name", "<testsuite title"),
        ("<testcase name=", "<testcase label="),
        ("<failure ", "<failure place=\"x\" "),
        ("</testcase>", "<note/></testcase>"),
        ("</testsuite>", "</testsuit>"),
    ];
    for (part, other) in wrong {
        assert!(text.contains(part), "{part}");
        assert_ne!(faults(&text.replacen(part, other, 1)), [""; 0], "{other}");
    }
}

#[test]
fn a_case_says_by_its_kind_what_a_level_says() {
    let Stack { report, sources } = stack();
    let read = read(&report, &sources);
    let names: Vec<&str> = read.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, ["aws/shop/prod", "policies", "input"]);
    let own: Vec<&str> = kinds(&read, "aws/shop/prod").into_iter().map(|(_, kind)| kind).collect();
    let silenced = ["skipped", "skipped"];
    assert_eq!(
        own,
        [&["failure", "failure", "success", "success", "error", "success", "skipped"][..], &silenced].concat()
    );
    assert!(kinds(&read, "policies").iter().all(|(name, kind)| name == "passes" && *kind == "success"));
    let input = kinds(&read, "input");
    assert_eq!(input[0], ("aws/shop/old.tf line 1".to_owned(), "success"));
    assert_eq!(input[2], ("aws/shop/old.tf".to_owned(), "skipped"));
}

#[test]
fn each_directory_is_a_suite_where_there_is_no_target() {
    let of = |root: &str, input: &str| Finding {
        root: root.into(),
        input: input.into(),
        ..finding("p", "aws_x.y", "Wrong.")
    };
    let report = report_of(vec![of("b", "b.json"), of("a", "a.json"), of("", "c.json"), of("b", "b.json")]);
    let read = read(&report, &SourceMap::default());
    let suites: Vec<(&str, usize)> = read.test_suites.iter().map(|suite| (suite.name.as_str(), suite.tests)).collect();
    assert_eq!(suites, [("a", 1), ("b", 2), ("c.json", 1), ("policies", 1)]);
}

#[test]
fn both_halves_of_a_replacement_have_a_name() {
    let new = finding("p", "aws_x.y", "Wrong.");
    let old = Finding { operation: "delete", ..new.clone() };
    let read = read(&report_of(vec![new, old]), &SourceMap::default());
    let names: Vec<String> = kinds(&read, "aws/shop").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["aws_x.y", "aws_x.y (delete)"]);
}

#[test]
fn what_could_not_be_read_is_an_error() {
    let mut report = Report { outcome: Outcome::CouldNotRun, ..report_of(Vec::new()) };
    report.remarks = vec![Remark::new(Level::Error, "plan.json: no such file", None)];
    let read = read(&report, &SourceMap::default());
    assert_eq!(kinds(&read, "input"), [("plan.json: no such file".to_owned(), "error")]);
}

#[test]
fn a_report_of_nothing_is_a_document() {
    let read = read(&report_of(Vec::new()), &SourceMap::default());
    assert_eq!((read.name.unwrap().as_str(), read.tests), ("planfit", 0));
}

#[test]
fn long_texts_are_cut_in_attributes_and_stay_in_the_body() {
    let long = Finding { verdict: Verdict::Fail, ..finding("p", "aws_x.y", &"x".repeat(10_000)) };
    let text = one("junit", &report_of(vec![long]), &SourceMap::default());
    let (_, failure) = text.split_once("<failure message=\"").unwrap();
    let (message, body) = failure.split_once('"').unwrap();
    assert_eq!(message.chars().count(), 1_000);
    assert!(body.contains(&"x".repeat(10_000)));
}
