//! However much there is, and however little. With `hostile.rs` these are five hardships, and every format is well-formed
//! under each of them.

use planfit::finding::{Finding, Level, Report, Summary, Verdict};
use planfit::report::{comment, github, issue, markdown};
use planfit::source::SourceMap;

use crate::every::{every, is_well_formed};
use crate::printed;
use crate::set::{finding, mark, report_of, standby_options};

fn many(count: usize, sources: &mut SourceMap) -> Report {
    let location = Some(mark(sources, "aws/a.tf", "a = 1\n", "a"));
    let findings: Vec<Finding> = (0..count)
        .map(|number| Finding {
            location,
            options: standby_options(),
            fingerprint: format!("{number:032x}"),
            ..finding(&format!("policy_{}", number % 150), &format!("aws_x.y[{number}]"), "is wrong.")
        })
        .collect();
    Report { summary: Summary { errors: count, ..Summary::default() }, ..report_of(findings) }
}

#[test]
fn thirty_thousand_findings_fit_into_every_format() {
    let mut sources = SourceMap::default();
    let report = many(30_000, &mut sources);
    for (format, printed) in every(&report, &sources) {
        is_well_formed(format, &printed, "30,000 findings");
        let size = printed.len();
        let lines = printed.lines().count();
        match format {
            "human" => assert_eq!(printed.matches("error  policy_").count(), 30_000),
            "github" => assert_eq!(lines, 10),
            "json" => assert_eq!(printed.matches("\"fingerprint\": ").count(), 30_000),
            "sarif" => assert_eq!(printed.matches("\"ruleId\": ").count(), 5_000),
            "rdjsonl" => assert_eq!(lines, 30_000),
            "junit" => assert_eq!(printed.matches("<testcase ").count(), 30_000 + 150),
            "markdown" => assert!(size <= markdown::LIMIT && size > markdown::LIMIT - 2_000, "{size}"),
            _ => {
                let size = printed.encode_utf16().count();
                assert!(size <= comment::LIMIT.min(issue::LIMIT) && size > 55_000, "{format}: {size}");
            }
        }
    }
}

#[test]
fn one_message_of_ten_megabytes_breaks_nothing() {
    let mut sources = SourceMap::default();
    let location = Some(mark(&mut sources, "aws/a.tf", "a = 1\n", "a"));
    for part in ["x", "`", "😀|"] {
        let count = 10_000_000 / part.len();
        let message = part.repeat(count);
        let report = report_of(vec![Finding { location, message, ..finding("p", "aws_x.y", "") }]);
        for (format, printed) in every(&report, &sources) {
            is_well_formed(format, &printed, "10 MB");
            let most = match format {
                // They leave nothing out.
                "human" | "json" => 15_000_000,
                "github" => 5_000,
                "rdjsonl" => 60_001,
                "markdown" => markdown::LIMIT,
                "comment" | "issue" => 4 * comment::LIMIT,
                _ => 1_000_000,
            };
            assert!(printed.len() <= most, "{format}: {}", printed.len());
            let whole = matches!(format, "human" | "json");
            assert!(printed.contains("aws_x.y") && whole == (printed.matches(part).count() >= count), "{format}");
        }
    }
}

#[test]
fn nothing_found_is_said_by_every_format_that_says_anything() {
    for (format, printed) in every(&report_of(Vec::new()), &SourceMap::default()) {
        is_well_formed(format, &printed, "no findings");
        match format {
            "github" | "rdjsonl" => assert_eq!(printed, ""),
            "json" => assert!(printed.contains("\"findings\": []")),
            "sarif" => assert!(printed.contains("\"results\": []")),
            "junit" => assert!(printed.contains("<testsuites name=\"planfit\" tests=\"0\"")),
            _ => assert!(printed.contains("no findings; 1 resource, 1 policy"), "{format}: {printed}"),
        }
    }
}

#[test]
fn what_is_not_decided_fails_nowhere() {
    let mut sources = SourceMap::default();
    let location = Some(mark(&mut sources, "aws/a.tf", "a = 1\n", "a"));
    let unknown = Finding {
        level: Level::Notice,
        verdict: Verdict::Unknown,
        location,
        ..finding("p", "aws_x.y", "attrs.a is not known.")
    };
    let summary = Summary { notices: 1, unknown: 1, ..Summary::default() };
    let report = Report { summary, ..report_of(vec![unknown]) };
    for (format, printed) in every(&report, &sources) {
        let said = match format {
            "human" => "notice  p · high · not decided",
            "github" => "::notice file=aws/a.tf,line=1",
            "json" => "\"verdict\": \"unknown\"",
            "sarif" => "\"level\": \"note\"",
            "rdjsonl" => "\"severity\":\"INFO\"",
            "junit" => "<skipped message=\"aws_x.y: attrs.a is not known.\"/>",
            _ => "| notice · high | [`p`](",
        };
        is_well_formed(format, &printed, "unknown");
        assert!(printed.contains(said), "{format}: {printed}");
        assert!(!printed.contains("planfit:ignore"), "{format}: there is nothing to accept");
    }
}

#[test]
fn of_twenty_five_findings_of_a_level_the_tenth_annotation_names_the_rest() {
    let mut sources = SourceMap::default();
    let mut report = many(25, &mut sources);
    let lines = |report: &Report, rest| -> Vec<String> {
        printed(|out| github::write(report, &sources, rest, out)).lines().map(str::to_owned).collect()
    };
    let kept = lines(&report, github::Rest::Summary);
    assert_eq!(kept.len(), 10);
    assert_eq!(kept[9], "::error title=planfit::16 more, see the summary");
    assert_eq!(
        lines(&report, github::Rest::Log)[9],
        "::error title=planfit::16 more, see the whole report in this log"
    );
    report.findings.iter_mut().skip(15).for_each(|finding| finding.level = Level::Notice);
    let levels: Vec<String> = lines(&report, github::Rest::Summary)
        .iter()
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    assert_eq!(levels, [["::error"; 10], ["::notice"; 10]].concat());
}
