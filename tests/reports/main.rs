//! One fixed set of findings through every renderer (`set.rs`), and what must hold of each of them for any input: whatever
//! names say (`hostile.rs`), however much there is (`limits.rs`), and what its readers take (`sarif.rs`, `rdjsonl.rs`,
//! `junit.rs`, `pages.rs`). `gym.rs` has what the command makes of a whole stack, for reading.
//!
//! The set holds what a report meets: findings with and without a place, several instances, a module from elsewhere,
//! a policy that failed, an undecided one, and names that try to forge commands, colours and lines. The snapshots are
//! for reading; what must hold for any input is asserted below them.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

use std::io::{self, Write};

use planfit::finding::{Finding, Level, Outcome, Remark, Report};
use planfit::report::human::Style;
use planfit::report::{github, human, json};
use planfit::source::{SourceMap, Span};
use regex::Regex;

use set::{Stack, finding, mark, offset, remedy, report_of, stack};

mod every;
mod gym;
mod hostile;
mod junit;
#[path = "../support/junit.rs"]
mod junit_schema;
mod limits;
mod pages;
mod rdjsonl;
mod sarif;
mod set;
#[path = "../support/mod.rs"]
mod support;

pub(crate) const PLAIN: Style = Style { width: 100, colour: false, verbose: false };

pub(crate) fn human(report: &Report, sources: &SourceMap, style: Style) -> String {
    printed(|out| human::write(report, sources, style, out))
}

pub(crate) fn github(report: &Report, sources: &SourceMap) -> String {
    printed(|out| github::write(report, sources, github::Rest::Log, out))
}

pub(crate) fn json(report: &Report, sources: &SourceMap) -> String {
    printed(|out| json::write(report, sources, out))
}

pub(crate) fn printed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    assert!(write(&mut out).is_ok(), "writing to memory cannot fail");
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn human_report() {
    let Stack { report, sources } = stack();
    insta::assert_snapshot!(human(&report, &sources, PLAIN));
}

#[test]
fn human_report_in_full_on_a_narrow_terminal() {
    let Stack { mut report, sources } = stack();
    report.findings.truncate(2);
    report.remarks.clear();
    insta::assert_snapshot!(human(&report, &sources, Style { width: 60, verbose: true, ..PLAIN }));
}

#[test]
fn github_report() {
    let Stack { report, sources } = stack();
    insta::assert_snapshot!(github(&report, &sources));
}

#[test]
fn json_report() {
    let Stack { report, sources } = stack();
    // A release changes no snapshot.
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    insta::assert_snapshot!(json(&report, &sources).replacen(version, "\"version\": \"…\"", 1));
}

#[test]
fn a_clean_run_is_one_line() {
    let report = report_of(Vec::new());
    let sources = SourceMap::default();
    let line = "no findings; 1 resource, 1 policy; 0 not decided; 0 suppressed\n";
    assert_eq!(human(&report, &sources, PLAIN), line);
    assert_eq!(github(&report, &sources), "");
}

#[test]
fn a_run_that_could_not_read_everything_does_not_look_clean() {
    let report = Report { outcome: Outcome::CouldNotRun, ..report_of(Vec::new()) };
    let printed = human(&report, &SourceMap::default(), PLAIN);
    assert!(printed.ends_with("; 0 suppressed; not everything could be judged\n"), "{printed}");
}

#[test]
fn colours_change_nothing_but_colours() {
    let Stack { report, sources } = stack();
    let codes = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for width in 40..140 {
        let coloured = human(&report, &sources, Style { width, colour: true, verbose: true });
        let plain = human(&report, &sources, Style { width, colour: false, verbose: true });
        assert_ne!(coloured, plain);
        assert_eq!(codes.replace_all(&coloured, ""), plain, "width {width}");
    }
}

#[test]
fn no_format_prints_hidden_characters() {
    let Stack { report, sources } = stack();
    for printed in [human(&report, &sources, PLAIN), github(&report, &sources), json(&report, &sources)] {
        let hidden = printed.chars().find(|&ch| ch != '\n' && (ch.is_control() || "\u{202e}\u{2028}".contains(ch)));
        assert_eq!(hidden, None);
    }
}

#[test]
fn no_line_of_the_human_report_is_a_command_or_a_diagnosis() {
    let Stack { report, sources } = stack();
    // The runner's grammar, and the shapes of the problem matchers of gcc, tflint and eslint.
    let forged = Regex::new(r"(?im)^\s*::|##\[|\d+:\d+:?[ \t]*(error|warning|notice|info)\b").unwrap();
    for width in [40, 60, 80, 100, 120, 10_000] {
        for colour in [false, true] {
            let printed = human(&report, &sources, Style { width, colour, verbose: true });
            assert_eq!(forged.find(&printed).map(|found| found.as_str()), None, "width {width}");
        }
    }
}

#[test]
fn json_in_a_log_holds_no_command_and_still_says_the_same() {
    let Stack { report, sources } = stack();
    let printed = json(&report, &sources);
    let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert!(!printed.contains("##["));
    assert!(read["findings"][5]["message"].as_str().unwrap().contains("##[command]"));
}

#[test]
fn each_annotation_is_one_command() {
    let Stack { report, sources } = stack();
    let printed = github(&report, &sources);
    let place = r"file=[^:,]+,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?";
    let command = format!(r"^::(error|warning|notice) ({place})?title=[^:,]+::[^\r\n]+$");
    let command = Regex::new(&command).unwrap();
    assert_eq!(printed.lines().count(), report.findings.len() + report.remarks.len());
    for line in printed.lines() {
        assert!(command.is_match(line), "{line}");
    }
}

#[test]
fn a_span_of_several_lines_is_annotated_without_columns() {
    let mut sources = SourceMap::default();
    let location = mark(&mut sources, "a.tf", "a = [\n  1,\n]\n", "a = [\n  1,\n]");
    let report = report_of(vec![Finding { location: Some(location), ..finding("p", "aws_x.y", "aws_x.y is wrong.") }]);
    let printed = github(&report, &sources);
    assert!(printed.starts_with("::error file=a.tf,line=1,endLine=3,title=planfit p::aws_x.y is wrong."), "{printed}");
}

#[test]
fn a_finding_whose_block_is_gone_is_accepted_in_the_settings() {
    let mut sources = SourceMap::default();
    let file = sources.add("a.tf", "x = 1\n");
    let address = "aws_x.y[\"a\\\"${b}%{c}\"]";
    let location = Some(Span { file, start: 0, end: 0 });
    let printed = github(&report_of(vec![Finding { location, ..finding("p", address, "Gone.") }]), &sources);
    let (_, settings) = printed.trim_end().split_once("%0ATo accept it, in .planfit.hcl:%0A").unwrap();
    let settings = settings.replace("%0A", "\n").replace("%25", "%");
    let file = sources.add(".planfit.hcl", settings.as_str());
    let (config, faults) = planfit::config::parse(file, &settings);
    assert_eq!(faults, []);
    assert!(config.ignores[0].addresses.matches(address) && config.ignores[0].policies.matches("p"), "{settings}");
}

#[test]
fn ten_annotations_of_a_level_are_printed_and_of_eleven_nine() {
    let findings = |count: usize| (0..count).map(|n| finding("p", &format!("aws_x.y{n}"), "Wrong.")).collect();
    let sources = SourceMap::default();
    let ten = github(&report_of(findings(10)), &sources);
    assert_eq!(ten.lines().count(), 10);
    assert_eq!(ten.lines().last(), Some("::error title=planfit p::aws_x.y9: Wrong."));
    let eleven = github(&report_of(findings(11)), &sources);
    assert_eq!(eleven.lines().count(), 10);
    assert_eq!(eleven.lines().nth(8), Some("::error title=planfit p::aws_x.y8: Wrong."));
    assert_eq!(eleven.lines().last(), Some("::error title=planfit::2 more, see the whole report in this log"));
}

#[test]
fn findings_and_remarks_share_the_ten_of_their_level() {
    let mut report = report_of((0..9).map(|n| finding("p", &format!("aws_x.y{n}"), "Wrong.")).collect());
    let remark = |level| Remark::new(level, "Unreadable.", None);
    report.remarks = vec![remark(Level::Warning), remark(Level::Error), remark(Level::Error)];
    let printed = github(&report, &SourceMap::default());
    let last: Vec<_> = printed.lines().skip(9).collect();
    assert_eq!(
        last,
        ["::error title=planfit::2 more, see the whole report in this log", "::warning title=planfit::Unreadable."]
    );
}

#[test]
fn messages_of_annotations_stay_below_a_thousand_characters() {
    let mut long = finding("p", "aws_x.y", &"é".repeat(3_000));
    let sources = SourceMap::default();
    let message =
        |finding: Finding| github(&report_of(vec![finding]), &sources).split_once("p::").unwrap().1.to_owned();
    assert_eq!(message(long.clone()).trim_end().chars().count(), 1_000);
    long.message = "Wrong.".to_owned();
    long.options =
        (0..40).map(|n| remedy("a", &format!("Option {n} {}", "x".repeat(60)), &[], &[], "none", "S")).collect();
    let cut = message(long);
    assert!(cut.trim_end().chars().count() <= 1_000 + 2 * cut.matches("%0A").count());
    assert!(cut.starts_with("aws_x.y: Wrong.%0A") && cut.ends_with("%0A…\n"), "{cut}");
}

#[test]
fn a_line_of_a_megabyte_is_clipped_around_the_span() {
    let (before, after) = ("日".repeat(100_000 - 1), "y".repeat(700_000));
    let mut sources = SourceMap::default();
    let location = mark(&mut sources, "min.tf", &format!("a = 1\n{before}public{after}\nb = 2\n"), "public");
    let report = report_of(vec![Finding { location: Some(location), ..finding("p", "aws_x.y", "aws_x.y is public.") }]);
    insta::assert_snapshot!(human(&report, &sources, Style { width: 60, ..PLAIN }), @r"
    error  p · high
      × aws_x.y is public.
       ╭─[min.tf:2:100000]
     1 │ a = 1
     2 │ …日日日日日日日日日publicyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
       ·                    ──────
     3 │ b = 2
       ╰────

    no findings; 1 resource, 1 policy; 0 not decided; 0 suppressed
    ");
}

#[test]
fn a_span_that_is_wider_than_the_line_is_clipped_too() {
    let mut sources = SourceMap::default();
    let text = format!("before = 1; {}", "x".repeat(200_000));
    let location = mark(&mut sources, "min.tf", &text, &"x".repeat(200_000));
    let report = report_of(vec![Finding { location: Some(location), ..finding("p", "aws_x.y", "aws_x.y is long.") }]);
    insta::assert_snapshot!(human(&report, &sources, Style { width: 60, ..PLAIN }), @r"
    error  p · high
      × aws_x.y is long.
       ╭─[min.tf:1:13]
     1 │ before = 1; xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
       ·             ─────────────────────────────────────────
       ╰────

    no findings; 1 resource, 1 policy; 0 not decided; 0 suppressed
    ");
}

#[test]
fn any_span_of_any_text_can_be_shown() {
    let texts = ["", "\n", "a", "é\n", "\r\n\r\n", "a = \"日本\"\r\n\tb\u{1b} = [\n]\n", "\u{feff}x", "a\rb\n\n\n"];
    for text in texts {
        let length = offset(text);
        for (start, end) in (0..=length + 1).flat_map(|start| (start..=length + 2).map(move |end| (start, end))) {
            let mut sources = SourceMap::default();
            let file = sources.add("a.tf", text);
            let location = Some(Span { file, start, end });
            let report = report_of(vec![Finding { location, ..finding("p", "aws_x.y", "aws_x.y is wrong.") }]);
            let printed = human(&report, &sources, PLAIN);
            assert!(printed.contains("aws_x.y is wrong.\n"), "{text:?} {start}..{end}");
            assert!(!printed.contains("Failed to read"), "{printed}");
        }
    }
}

#[test]
fn a_span_of_another_map_is_no_place() {
    let location = Some(mark(&mut SourceMap::default(), "a.tf", "a = 1", "a"));
    let report = report_of(vec![Finding { location, ..finding("p", "aws_x.y", "aws_x.y is wrong.") }]);
    let sources = SourceMap::default();
    assert!(human(&report, &sources, PLAIN).contains("× aws_x.y is wrong.\n    at aws_x.y in aws/shop/tfplan.json\n"));
    assert_eq!(github(&report, &sources), "::error title=planfit p::aws_x.y is wrong.\n");
    assert!(json(&report, &sources).contains("\"location\": null"));
}
