//! One fixed set of findings through every renderer.
//!
//! The set holds what a report meets: findings with and without a place, several instances, a module from elsewhere,
//! a policy that failed, an undecided one, and names that try to forge commands, colours and lines. The snapshots are
//! for reading; what must hold for any input is asserted below them.

use std::io::{self, Write};
use std::sync::Arc;

use planfit::config::Date;
use planfit::finding::{
    Enforcement, Finding, Level, NotEvaluated, Outcome, Related, Remark, Remedy, Report, Run, Severity, Silence,
    Summary, Suppressed, SuppressedBy, Verdict,
};
use planfit::report::human::Style;
use planfit::report::{github, human, json};
use planfit::source::{SourceMap, Span};
use regex::Regex;

const PLAIN: Style = Style { width: 100, colour: false, verbose: false };

const DATABASE: &str = r#"
resource "aws_db_instance" "main" {
  identifier = "shop"
  engine     = "postgres"
  multi_az   = false
  username   = "shop"
}
"#;

const SERVICES: &str = r#"resource "aws_ecs_service" "app" {
  for_each = toset(["admin", "api", "batch", "chat", "mail", "search", "web"])

  name                               = each.key
  deployment_minimum_healthy_percent = 0
}
"#;

const CALL: &str = "module \"cache\" {\n  source = \"git::https://example.com/cache.git?ref=v1\"\n}\n";

const MODULE: &str = r#"resource "aws_elasticache_replication_group" "this" {
	num_cache_clusters = 1 # 日本語 kept as it is
}
"#;

const POLICY: &str = r#"resource_policy "aws_s3_bucket" "bucket_without_owner" {
  enforce {
    condition = attrs.tags.owner != ""
  }
}
"#;

/// Everything that could be mistaken for a command, a colour or another line.
const HOSTILE: &str =
    "::error::x %0A ##[command]y \u{1b}[31mred \u{202e}back\u{2028}a.tf:1:2: error: z\r\n::add-mask::q";

struct Stack {
    sources: SourceMap,
    report: Report,
}

fn stack() -> Stack {
    let mut sources = SourceMap::default();
    let findings = vec![
        database(&mut sources),
        services(&mut sources),
        cache(&mut sources),
        replica(),
        bucket(&mut sources),
        hostile(&mut sources),
        undecided(),
    ];
    let remarks = remarks(&mut sources);
    let run = Run {
        mode: "plan".to_owned(),
        target: Some("aws/shop/prod".to_owned()),
        working_directory: Some("aws/shop".to_owned()),
    };
    let summary = Summary {
        resources: 61,
        policies: 26,
        errors: 2,
        warnings: 4,
        notices: 1,
        unknown: 4,
        suppressed: 1,
        baselined: 3,
        existing: 5,
        ..Summary::default()
    };
    let report = Report {
        run,
        findings,
        information: Vec::new(),
        silenced: silenced(&mut sources),
        remarks,
        not_evaluated: gaps(),
        summary,
        outcome: Outcome::Findings,
    };
    Stack { sources, report }
}

fn database(sources: &mut SourceMap) -> Finding {
    Finding {
        operation: "update",
        location: Some(mark(sources, "aws/shop/rds.tf", DATABASE, "multi_az   = false")),
        options: standby_options(),
        ..finding(
            "rds_instance_without_standby",
            "aws_db_instance.main",
            "aws_db_instance.main has no standby in another Availability Zone; multi_az is false.",
        )
    }
}

fn services(sources: &mut SourceMap) -> Finding {
    let instances = ["admin", "api", "batch", "chat", "mail", "search", "web"];
    Finding {
        severity: Severity::Critical,
        location: Some(mark(sources, "aws/shop/ecs.tf", SERVICES, "resource \"aws_ecs_service\" \"app\" {")),
        instances: instances.map(|key| format!("aws_ecs_service.app[\"{key}\"]")).to_vec(),
        options: [remedy("rolling", "100/200 rolling", &["no gap"], &["double capacity for minutes"], "none", "S")]
            .into(),
        ..finding(
            "ecs_deployment_stops_all_tasks",
            "aws_ecs_service.app[\"admin\"]",
            "Every release stops all tasks of this service first: at least 0 % and at most 100 % of 1 task may run \
             while the new version starts, so that nobody answers for about a minute.",
        )
    }
}

fn cache(sources: &mut SourceMap) -> Finding {
    let inner = mark(sources, ".terraform/modules/cache/main.tf", MODULE, "num_cache_clusters = 1");
    Finding {
        level: Level::Warning,
        severity: Severity::Medium,
        location: Some(mark(sources, "aws/shop/modules.tf", CALL, "module \"cache\" {")),
        related: vec![Related { span: inner, message: "The module sets it here.".to_owned() }],
        ..finding(
            "elasticache_no_replica",
            "module.cache.aws_elasticache_replication_group.this",
            "module.cache.aws_elasticache_replication_group.this has 1 node; with 2 one can fail.",
        )
    }
}

fn replica() -> Finding {
    Finding {
        level: Level::Warning,
        operation: "delete",
        options: standby_options(),
        ..finding(
            "rds_instance_without_standby",
            "aws_db_instance.report",
            "aws_db_instance.report has no standby in another Availability Zone.",
        )
    }
}

fn bucket(sources: &mut SourceMap) -> Finding {
    let expression = mark(sources, "policies/team/bucket.policy.hcl", POLICY, "attrs.tags.owner");
    Finding {
        level: Level::Warning,
        verdict: Verdict::Error,
        enforcement: Enforcement::Advisory,
        severity: Severity::Low,
        related: vec![Related { span: expression, message: "This expression failed.".to_owned() }],
        ..finding("bucket_without_owner", "aws_s3_bucket.logs", "aws_s3_bucket.logs: attrs.tags is null.")
    }
}

fn hostile(sources: &mut SourceMap) -> Finding {
    let text = format!("# {HOSTILE}\nname = \"{HOSTILE}\"\n");
    let location = mark(sources, "aws/::error::,a%0A\r\n\u{1b}[31m:1:2.tf", &text, "name = ");
    Finding {
        level: Level::Warning,
        location: Some(location),
        instances: vec![format!("aws_x.y[\"{HOSTILE}\"]"), "aws_x.y[\"b\"]".to_owned()],
        options: [remedy("a", HOSTILE, &[HOSTILE, "good"], &[HOSTILE], HOSTILE, "M")].into(),
        ..finding("team_policy", &format!("aws_x.y[\"{HOSTILE}\"]"), &format!("{HOSTILE} {HOSTILE}"))
    }
}

fn undecided() -> Finding {
    Finding {
        level: Level::Notice,
        verdict: Verdict::Unknown,
        ..finding(
            "load_balancer_one_az",
            "aws_lb.web",
            "aws_lb.web: subnets is not known before apply (var.subnets has no value).",
        )
    }
}

fn finding(policy: &str, address: &str, message: &str) -> Finding {
    Finding {
        policy: policy.into(),
        policy_file: None,
        category: "multi_az".into(),
        title: "One Availability Zone can take it down".into(),
        severity: Severity::High,
        enforcement: Enforcement::MandatoryOverridable,
        level: Level::Error,
        verdict: Verdict::Fail,
        environment: None,
        address: address.to_owned(),
        instances: vec![address.to_owned()],
        operation: "create",
        message: message.to_owned(),
        location: None,
        explanation: None,
        condition: None,
        related: Vec::new(),
        assumed: None,
        input: "aws/shop/tfplan.json".into(),
        options: Arc::new([]),
        covered_by: Arc::from([]),
        fingerprint: "0123456789abcdef".to_owned(),
        root: "aws/shop".into(),
        changes: None,
        enclosing: Vec::new(),
        silence: None,
    }
}

/// What only reports for programs print: a suppressed finding, whose reason is hostile, and one of the baseline.
fn silenced(sources: &mut SourceMap) -> Vec<Finding> {
    let place = mark(sources, "aws/shop/queue.tf", "# planfit:ignore p reason=\"x\"\n", "# planfit:ignore");
    let suppressed = Suppressed {
        by: SuppressedBy::Comment,
        reason: Some(HOSTILE.to_owned()),
        until: Date::parse("2027-03-31"),
        place: Some(place),
    };
    let silent = |address: &str, silence| Finding {
        level: Level::Warning,
        silence: Some(silence),
        ..finding("queue_without_dead_letter", address, "Nobody sees what fails.")
    };
    vec![silent("aws_sqs_queue.mail", Silence::Suppressed(suppressed)), silent("aws_sqs_queue.old", Silence::Baselined)]
}

fn standby_options() -> Arc<[Remedy]> {
    Arc::new([
        remedy(
            "multi_az",
            "Multi-AZ standby",
            &["failover in 1–2 minutes", "the endpoint stays", "maintenance happens on the standby first"],
            &["instance and storage price × 2", "the standby cannot be read"],
            "none",
            "S",
        ),
        remedy(
            "aurora",
            "Move to Aurora with 2 instances",
            &["failover in less than a minute"],
            &["a migration"],
            "minutes at the switch, or none with replica promotion",
            "L",
        ),
    ])
}

fn remedy(id: &str, title: &str, merits: &[&str], demerits: &[&str], downtime: &str, effort: &str) -> Remedy {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Remedy {
        id: id.to_owned(),
        title: title.to_owned(),
        merits: owned(merits),
        demerits: owned(demerits),
        downtime: downtime.to_owned(),
        effort: effort.to_owned(),
    }
}

fn remarks(sources: &mut SourceMap) -> Vec<Remark> {
    let span = mark(sources, "aws/shop/old.tf", "resource \"aws_lb\" {\n}\n", "{");
    let parse = "aws/shop/old.tf does not parse: a resource has two labels. The other files are judged.";
    let stale = "aws/shop/tfplan.json is older than aws/shop/rds.tf: run `terraform plan` again.";
    vec![Remark::new(Level::Warning, parse, Some(span)), Remark::new(Level::Notice, stale, None)]
}

fn gaps() -> Vec<NotEvaluated> {
    let gap = |subject: String, reason: &str| NotEvaluated { subject, reason: reason.to_owned() };
    let queues = (1..=5).map(|n| gap(format!("aws_sqs_queue.q{n}"), "count is not known before apply"));
    let file = gap("aws/shop/old.tf".to_owned(), "does not parse");
    [file].into_iter().chain(queues).chain([gap(HOSTILE.to_owned(), HOSTILE)]).collect()
}

/// Adds a text and marks the first occurrence of `part` in it.
fn mark(sources: &mut SourceMap, path: &str, text: &str, part: &str) -> Span {
    let (before, _) = text.split_once(part).unwrap_or_else(|| unreachable!("{part} is in {path}"));
    let file = sources.add(path, text);
    let start = offset(before);
    Span { file, start, end: start + offset(part) }
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// A report of nothing but these findings.
fn report_of(findings: Vec<Finding>) -> Report {
    Report {
        run: Run::default(),
        findings,
        information: Vec::new(),
        silenced: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        summary: Summary { resources: 1, policies: 1, ..Summary::default() },
        outcome: Outcome::Pass,
    }
}

fn human(report: &Report, sources: &SourceMap, style: Style) -> String {
    printed(|out| human::write(report, sources, style, out))
}

fn github(report: &Report, sources: &SourceMap) -> String {
    printed(|out| github::write(report, sources, out))
}

fn json(report: &Report, sources: &SourceMap) -> String {
    printed(|out| json::write(report, sources, out))
}

fn printed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
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
    assert_eq!(github(&report, &sources), "::error file=a.tf,line=1,endLine=3,title=planfit p::aws_x.y is wrong.\n");
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
