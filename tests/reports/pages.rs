//! What is written in Markdown, read as GitHub reads it.

use std::sync::Arc;

use planfit::finding::{Finding, Outcome, Report, Summary, Ways, Workflow};
use planfit::report::{comment, issue, markdown};
use planfit::source::SourceMap;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use serde_json::Value;

use crate::every::one;
use crate::printed;
use crate::set::{Stack, finding, remedy, report_of, stack, standby_options};

/// Everything that Markdown on GitHub may be.
fn parse(text: &str) -> impl Iterator<Item = Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    Parser::new_ext(text, options)
}

/// Whether nothing in a page is markup, a link, a mention or a reference that planfit did not put there.
#[track_caller]
pub(crate) fn is_harmless(page: &str, what: &str) {
    let summary = r"<details><summary>(Ways out: [^<>]* \(\d+ polic(y|ies)\)|Not judged: \d+)</summary>";
    let own = format!(r"^\s*({summary}|</details>|<br>|<!-- (planfit|planfit-audit|github-comment):[^<>]* -->)\s*$");
    let own = Regex::new(&own).unwrap();
    // After Markdown has been read GitHub looks for these in all text that is no code.
    let referring = Regex::new(r"@\w|#\w|(?i)\bgh-\d|://|www\.").unwrap();
    let mut code = 0;
    let mut text = String::new();
    for event in parse(page) {
        match &event {
            Event::Html(html) | Event::InlineHtml(html) => assert!(own.is_match(html), "{what}: {html}"),
            Event::Start(tag) => is_ours(tag, what),
            Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {
                panic!("{what}: {event:?}")
            }
            Event::Code(_) => code += 1,
            Event::Text(part) => text.push_str(part),
            Event::End(_) | Event::SoftBreak | Event::HardBreak => text.push('\n'),
        }
    }
    assert!(code > 0 || page.contains("no findings"), "{what}: names are code");
    // Bots look for comments in the text as it is written.
    let kinds = ["<!-- planfit:", "<!-- planfit-audit: {", "<!-- github-comment: {"];
    for (at, _) in page.match_indices("<!--") {
        let (before, comment) = page.split_at(at);
        let is_own_line = before.ends_with('\n');
        assert!(is_own_line && kinds.iter().any(|kind| comment.starts_with(kind)), "{what}: {comment}");
    }
    assert!(kinds.iter().all(|kind| page.matches(kind).count() <= 1), "{what}");
    assert_eq!(referring.find(&text).map(|found| found.as_str()), None, "{what}");
}

#[track_caller]
fn is_ours(tag: &Tag<'_>, what: &str) {
    match tag {
        Tag::Link { dest_url, .. } => {
            let ours = ["https://github.com/planfit/planfit/", "https://github.com/"];
            assert!(ours.iter().any(|start| dest_url.starts_with(start)), "{what}: {dest_url}");
            assert!(!dest_url.contains(['<', '>', ' ', '@']), "{what}: {dest_url}");
        }
        Tag::Paragraph
        | Tag::Heading { .. }
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::HtmlBlock
        | Tag::List(None)
        | Tag::Item
        | Tag::Strong => {}
        other => panic!("{what}: {other:?}"),
    }
}

/// The cells of the rows of a page's tables, as text.
fn rows(page: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut is_row = false;
    for event in parse(page) {
        match event {
            Event::Start(Tag::TableRow) => {
                is_row = true;
                rows.push(Vec::new());
            }
            Event::End(TagEnd::TableRow) => is_row = false,
            Event::Start(Tag::TableCell) if is_row => rows.last_mut().unwrap().push(String::new()),
            Event::Text(text) | Event::Code(text) if is_row => {
                rows.last_mut().and_then(|row| row.last_mut()).unwrap().push_str(&text);
            }
            _ => {}
        }
    }
    rows
}

#[test]
fn bars_in_names_are_no_cells() {
    let message = r"says a|b, \| and `c|d`.";
    let report = report_of(vec![finding("p", r#"aws_x.y["a|b\\|c"]"#, message)]);
    let page = one("markdown", &report, &SourceMap::default());
    let row = &rows(&page)[0];
    assert_eq!(row[2], format!(r#"aws_x.y["a|b\\|c"]: {message}"#), "{page}");
    assert_eq!(row[3], "aws/shop/tfplan.json", "{page}");
}

#[test]
fn the_set_is_harmless_on_every_page() {
    let Stack { report, sources } = stack();
    for format in ["markdown", "comment", "issue"] {
        is_harmless(&one(format, &report, &sources), format);
    }
}

#[test]
fn a_clean_run_is_two_lines() {
    let report = report_of(Vec::new());
    let page = one("markdown", &report, &SourceMap::default());
    assert_eq!(page, "## planfit: pass\n\nno findings; 1 resource, 1 policy; 0 not decided; 0 suppressed\n");
}

#[test]
fn what_could_not_be_read_is_said_in_the_first_line() {
    let report = Report { outcome: Outcome::CouldNotRun, ..report_of(Vec::new()) };
    let page = one("comment", &report, &SourceMap::default());
    assert!(page.starts_with("## planfit: not everything could be judged\n"), "{page}");
}

fn with_workflow(mut report: Report, job: &str, target: &str) -> Report {
    report.run.target = Some(target.to_owned());
    report.run.workflow = Some(Workflow {
        server: "https://github.com".to_owned(),
        repository: "fitness/infra".to_owned(),
        commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        id: "17".to_owned(),
        job: job.to_owned(),
    });
    report
}

/// What tfaction's `hide-comment` finds in a comment: the first match of its expression, which is not greedy.
fn metadata(comment: &str) -> Value {
    let (_, rest) = comment.split_once("<!-- github-comment: {").unwrap();
    let (json, _) = rest.split_once("} -->").unwrap();
    serde_json::from_str(&format!("{{{json}}}")).unwrap()
}

#[test]
fn the_last_line_of_a_comment_is_what_tfaction_looks_for() {
    for hostile in ["aws/shop", "x} --> <!-- github-comment: {\"SHA1\":\"y\"} -->", "a\nb --> c", "##[x] <b>"] {
        let report = with_workflow(report_of(Vec::new()), hostile, hostile);
        let comment = one("comment", &report, &SourceMap::default());
        let found = metadata(&comment);
        assert_eq!(found["SHA1"], "0123456789abcdef0123456789abcdef01234567");
        assert_eq!(
            (&found["Program"], &found["Command"], &found["TemplateKey"]),
            (&"planfit".into(), &"check".into(), &"default".into())
        );
        let shown = hostile.replace('\n', "\\u{a}");
        for value in [&found["Target"], &found["JobName"], &found["Vars"]["tfaction_target"]] {
            assert_eq!(value.as_str(), Some(&*shown));
        }
        let lines: Vec<&str> = comment.lines().rev().take(2).collect();
        assert!(lines[0].starts_with("<!-- github-comment: {") && lines[0].ends_with("} -->"), "{comment}");
        assert!(lines[1].starts_with("<!-- planfit:") && lines[1].ends_with(" -->"), "{comment}");
        assert_eq!(lines[1].matches("-->").count(), 1, "{comment}");
    }
    let report = with_workflow(report_of(Vec::new()), "plan", "aws/shop");
    let comment = one("comment", &report, &SourceMap::default());
    assert!(comment.contains("\n<!-- planfit:aws/shop -->\n"), "{comment}");
}

#[test]
fn an_issue_says_nothing_that_the_next_run_says_differently() {
    let Stack { report, sources } = stack();
    let here = one("issue", &with_workflow(report, "plan", "aws/shop"), &sources);
    let Stack { report, sources } = stack();
    let mut later = with_workflow(report, "plan", "aws/shop");
    later.run.workflow = Some(Workflow { commit: "f".repeat(40), id: "18".to_owned(), ..later.run.workflow.unwrap() });
    assert_eq!(here, one("issue", &later, &sources));
    let (_, hidden) = here.trim_end().rsplit_once('\n').unwrap();
    let json = hidden.strip_prefix("<!-- planfit-audit: ").and_then(|rest| rest.strip_suffix(" -->")).unwrap();
    let read: Value = serde_json::from_str(json).unwrap();
    assert_eq!(read, serde_json::json!({"v": 1, "seen": {"0123456789abcdef": null}}));
}

/// Findings with long names and four policies of two categories.
fn many(count: usize) -> Report {
    let findings: Vec<Finding> = (0..count)
        .map(|number| Finding {
            category: format!("category_{}", number % 2).into(),
            fingerprint: format!("{number:032x}"),
            ..finding(&format!("policy_{}", number % 4), &format!("aws_x.日本語_{number}"), "is 😀 wrong.")
        })
        .collect();
    let summary = Summary { errors: count, ..Summary::default() };
    Report { summary, ..report_of(findings) }
}

#[test]
fn pages_are_cut_at_a_row_and_say_what_is_missing() {
    let report = with_workflow(many(30_000), "plan", "aws/shop");
    let sources = SourceMap::default();
    for (format, limit) in [("markdown", markdown::LIMIT), ("comment", comment::LIMIT), ("issue", issue::LIMIT)] {
        let page = one(format, &report, &sources);
        let size = if format == "markdown" { page.len() } else { page.encode_utf16().count() };
        assert!(size <= limit && size > limit * 9 / 10, "{format}: {size}");
        let shown = page.lines().filter(|line| line.starts_with("| error ")).count();
        let rest = if format == "issue" {
            "the log"
        } else {
            "[the log of the run](https://github.com/fitness/infra/actions/runs/17)"
        };
        assert!(
            page.contains(&format!("\n{} findings are not shown here; {rest} has them.\n", 30_000 - shown)),
            "{format}"
        );
        assert!(page.contains("30000 findings: 30000 errors"), "{format}");
        assert!(page.contains("Ways out: category_1 (2 policies)"), "{format}: the ways out have room");
        is_harmless(&page, format);
    }
}

#[test]
fn a_page_keeps_to_any_limit() {
    let report = many(40);
    let sources = SourceMap::default();
    let whole = printed(|out| markdown::write(&report, &sources, usize::MAX, out));
    assert_eq!(whole.lines().filter(|line| line.starts_with("| error ")).count(), 40);
    for limit in (0..whole.len() + 200).step_by(97) {
        let page = printed(|out| markdown::write(&report, &sources, limit, out));
        assert!(page.len() <= limit, "{limit}: {}", page.len());
        assert!(page.is_empty() || page.starts_with("## planfit"), "{limit}");
        assert_eq!(page.matches("<details>").count(), page.matches("</details>").count(), "{limit}");
    }
    assert_eq!(printed(|out| markdown::write(&report, &sources, whole.len(), out)), whole);
}

#[test]
fn ways_of_types_without_a_finding_take_no_room() {
    let mut report = report_of(vec![Finding { options: standby_options(), ..finding("p", "aws_x.y", "Wrong.") }]);
    let other = Arc::from([remedy("other", "Another way", &[], &[], "none", "S")]);
    Ways::add(&mut report.rules[0].ways, &"aws_other".into(), &other);
    let page = one("markdown", &report, &SourceMap::default());
    assert!(page.contains("Multi-AZ standby") && !page.contains("Another way") && !page.contains("For `"), "{page}");
    // What could not be decided has none of its own.
    report.findings[0].options = Arc::from([]);
    let page = one("markdown", &report, &SourceMap::default());
    assert!(page.contains("For `aws_x`:") && page.contains("For `aws_other`:"), "{page}");
}
