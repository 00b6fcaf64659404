//! Suppressions and baselines where a directory of HCL is judged: in roots, in modules that several roots call, at calls.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;

use serde_json::Value;
use support::{Directory, Output, run};

const RETENTION: &str = "log_group_retention_too_short";
const COMMENT: &str = "# planfit:ignore log_group_retention_too_short reason=\"a test\"\n";
const FILE: &str = ".planfit-baseline";

fn group(name: &str, days: &str, behind: &str) -> String {
    format!(
        "resource \"aws_cloudwatch_log_group\" \"{name}\" {{\n  name              = \"{name}\"\n  retention_in_days = {days}{behind}\n}}\n"
    )
}

fn call(name: &str, more: &str) -> String {
    format!("module \"{name}\" {{\n  source = \"../modules/logs\"\n{more}}}\n")
}

fn check(directory: &Directory, more: &[&str]) -> Output {
    let own = ["check", "--policy", RETENTION, "--policy", "stale_suppression", "--now", "2026-11-25T12:00:00Z"];
    run(&[&own[..], &["--output", "json"], more].concat(), b"", &[], directory.path())
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// What silences each finding, its place, and its address or, of stale suppressions, its sentence; sorted.
fn told(directory: &Directory, paths: &[&str]) -> Vec<String> {
    let output = check(directory, paths);
    let line = |finding: &Value| {
        let by = finding["suppressed"]["by"].as_str().unwrap_or("open");
        let place = &finding["location"];
        let text = if finding["policy"] == RETENTION { &finding["address"] } else { &finding["message"] };
        let (path, line) = (place["path"].as_str().unwrap(), &place["start"]["line"]);
        format!("{by} {path}:{line} {}", text.as_str().unwrap())
    };
    let mut told: Vec<String> = report(&output)["findings"].as_array().unwrap().iter().map(line).collect();
    told.sort();
    told
}

#[test]
fn a_comment_holds_above_a_block_inside_of_it_and_at_the_end_of_a_line() {
    let directory = Directory::new();
    let inline = format!(" {}", COMMENT.trim_end());
    directory.write("a.tf", COMMENT.to_owned() + &group("above", "3", ""));
    directory.write("b.tf", group("behind", "3", &inline));
    directory.write("c.tf", group("inside", "3", "").replace("  retention", &format!("  {COMMENT}  retention")));
    directory.write("d.tf", group("header", "3", "").replacen("{\n", &format!("{{{inline}\n"), 1));
    directory.write("e.tf", group("open", "3", ""));
    let expected = [
        "comment a.tf:4 aws_cloudwatch_log_group.above",
        "comment b.tf:3 aws_cloudwatch_log_group.behind",
        "comment c.tf:4 aws_cloudwatch_log_group.inside",
        "comment d.tf:3 aws_cloudwatch_log_group.header",
        "open e.tf:3 aws_cloudwatch_log_group.open",
    ];
    assert_eq!(told(&directory, &["."]), expected);
}

#[test]
fn a_comment_in_a_module_holds_in_all_its_callers_and_one_at_a_call_in_that_call() {
    let directory = Directory::new();
    directory.write("a/main.tf", call("m", "") + COMMENT + &call("quiet", ""));
    directory.write("b/main.tf", call("m", ""));
    directory.write("modules/logs/main.tf", group("this", "3", ""));
    let name = "aws_cloudwatch_log_group.this";
    let expected = [
        format!("comment modules/logs/main.tf:3 module.quiet.{name}"),
        format!("open modules/logs/main.tf:3 module.m.{name}"),
        format!("open modules/logs/main.tf:3 module.m.{name}"),
    ];
    assert_eq!(told(&directory, &["."]), expected);
    directory.write("a/main.tf", call("m", "") + &call("quiet", ""));
    directory.write("modules/logs/main.tf", COMMENT.to_owned() + &group("this", "3", ""));
    let found = told(&directory, &["."]);
    assert!(found.iter().all(|line| line.starts_with("comment modules/logs/main.tf:4 module.")), "{found:?}");
}

#[test]
fn of_a_call_with_several_instances_all_are_silenced() {
    let directory = Directory::new();
    directory.write("a/main.tf", COMMENT.to_owned() + &call("m", "  for_each = toset([\"x\", \"y\"])\n"));
    directory.write("modules/logs/main.tf", group("this", "3", ""));
    let output = check(&directory, &["."]);
    let report = report(&output);
    assert_eq!((report["summary"]["suppressed"].as_u64(), output.code), (Some(1), 0));
    assert_eq!(report["findings"][0]["instances"].as_array().unwrap().len(), 2);
}

#[test]
fn what_does_not_hold_is_told_once_however_many_roots_read_it() {
    let directory = Directory::new();
    directory.write("a/main.tf", call("m", ""));
    directory.write("b/main.tf", call("m", ""));
    let module = |comment: &str, days: &str| {
        directory.write("modules/logs/main.tf", comment.to_owned() + &group("this", days, ""));
        let found = told(&directory, &["."]);
        let stale: Vec<String> = found.into_iter().filter(|line| !line.contains("aws_cloudwatch_log_group.")).collect();
        stale
    };
    let place = "open modules/logs/main.tf:1";
    let unused = module(COMMENT, "365");
    assert_eq!(
        unused,
        [format!("{place} Nothing is found here of {RETENTION}, so the suppression would only hide the next problem.")]
    );
    let expired = module("# planfit:ignore log_group_retention_too_short reason=\"x\" until=\"2026-11-24\"\n", "3");
    assert_eq!(
        expired,
        [format!("{place} The suppression held until 2026-11-24 and has ended, so what it silenced counts again.")]
    );
    let unknown = module("# planfit:ignore log_group_kept reason=\"x\"\n", "365");
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(unknown[0].starts_with(&format!("{place} The suppression names log_group_kept")), "{unknown:?}");
    let bare = module("# planfit:ignore log_group_retention_too_short\n", "3");
    assert!(bare.len() == 1 && bare[0].contains("does not say why"), "{bare:?}");
}

#[test]
fn a_comment_that_one_root_needs_is_not_unused() {
    let directory = Directory::new();
    directory.write("a/main.tf", call("m", "  days = 3\n"));
    directory.write("b/main.tf", call("m", "  days = 365\n"));
    let module = "variable \"days\" {\n  type = number\n}\n".to_owned() + COMMENT + &group("this", "var.days", "");
    directory.write("modules/logs/main.tf", module);
    assert_eq!(told(&directory, &["."]), ["comment modules/logs/main.tf:7 module.m.aws_cloudwatch_log_group.this"]);
    // Of b alone nothing needs it, and what nobody gives to a module that is judged alone is not decided.
    assert_eq!(told(&directory, &["b"]).len(), 1);
    assert_eq!(told(&directory, &["modules"]), Vec::<String>::new());
}

#[test]
fn a_rule_of_the_settings_silences_by_path_and_address() {
    let directory = Directory::new();
    directory.write("a/main.tf", group("x", "3", ""));
    directory.write("b/main.tf", group("x", "3", ""));
    let rule = |more: &str| {
        let rule = format!("ignore {{\n  policies = [\"{RETENTION}\"]\n  reason = \"reviewed\"\n{more}\n}}\n");
        directory.write(".planfit.hcl", rule);
        told(&directory, &["."])
    };
    let [a, b] = ["a", "b"].map(|root| format!("{root}/main.tf:3 aws_cloudwatch_log_group.x"));
    assert_eq!(rule("  paths = [\"a/**\"]"), [format!("configuration {a}"), format!("open {b}")]);
    assert_eq!(rule("  addresses = [\"*.x\"]"), [format!("configuration {a}"), format!("configuration {b}")]);
}

fn counts(output: &Output) -> (i32, u64, u64) {
    let summary = &report(output)["summary"];
    (output.code, summary["errors"].as_u64().unwrap(), summary["baselined"].as_u64().unwrap())
}

fn lines(directory: &Directory) -> Vec<String> {
    let text = fs::read_to_string(directory.path().join(FILE)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap().1.replace('\t', " ")).collect()
}

fn service(name: &str) -> String {
    format!("resource \"aws_ecs_service\" \"{name}\" {{\n  name          = \"web\"\n  desired_count = 2\n}}\n\n")
}

#[test]
fn a_baseline_knows_findings_by_root() {
    let directory = Directory::new();
    let check = |more: &[&str]| {
        let own = ["check", "--policy", "ecs_no_circuit_breaker", "--output", "json"];
        run(&[&own, more].concat(), b"", &[], directory.path())
    };
    directory.write("a/main.tf", service("one"));
    directory.write("b/main.tf", service("one") + &call("m", ""));
    directory.write("modules/logs/main.tf", service("inner"));
    assert_eq!(counts(&check(&["."])), (1, 3, 0));
    assert_eq!(counts(&check(&[".", "--write-baseline", FILE])), (0, 0, 3));
    let name = "ecs_no_circuit_breaker aws_ecs_service.one";
    let inner = "b ecs_no_circuit_breaker module.m.aws_ecs_service.inner";
    assert_eq!(lines(&directory), [format!("a {name}"), format!("b {name}"), inner.to_owned()]);
    directory.write("a/main.tf", "# moved down\n\n".to_owned() + &service("one") + &service("two"));
    assert_eq!(counts(&check(&[".", "--baseline", FILE])), (1, 1, 3));
    // A directory that is not judged is not gone; what is gone in one that is, is told.
    directory.write("a/main.tf", service("two"));
    let remarks = |output: &Output| report(output)["remarks"].clone();
    assert_eq!(remarks(&check(&["b", "--baseline", FILE])).as_array().unwrap().len(), 0);
    let gone = remarks(&check(&["a", "--baseline", FILE]))[0]["message"].as_str().unwrap().to_owned();
    let expected =
        "1 finding not found any more; --prune-baseline takes them out: ecs_no_circuit_breaker of aws_ecs_service.one";
    assert!(gone.ends_with(expected), "{gone}");
    assert_eq!(counts(&check(&["a", "--baseline", FILE, "--prune-baseline"])).0, 1);
    assert_eq!(lines(&directory), [format!("b {name}"), inner.to_owned()]);
}

#[test]
fn comments_in_a_file_that_does_not_parse_are_not_called_stale() {
    let directory = Directory::new();
    directory.write("main.tf", COMMENT.to_owned() + &group("a", "3", "") + "resource {\n");
    assert_eq!(told(&directory, &["."]), Vec::<String>::new());
}

#[test]
fn a_directory_with_a_file_that_does_not_parse_is_not_gone_from_the_baseline() {
    let directory = Directory::new();
    directory.write("a/main.tf", service("one"));
    let check = |more: &[&str]| {
        let own = ["check", "a", "--policy", "ecs_no_circuit_breaker", "--output", "json"];
        run(&[&own, more].concat(), b"", &[], directory.path())
    };
    assert_eq!(check(&["--write-baseline", FILE]).code, 0);
    let whole = lines(&directory);
    directory.write("a/main.tf", service("one") + "resource {\n");
    let output = check(&["--baseline", FILE, "--prune-baseline"]);
    let remarks = report(&output)["remarks"].clone();
    assert!(!remarks.to_string().contains("not found any more"), "{remarks}");
    assert_eq!(lines(&directory), whole);
    // Nor is what a module has that is not at hand.
    directory.write("a/main.tf", call("m", ""));
    directory.write("modules/logs/main.tf", service("inner"));
    assert_eq!(check(&["--write-baseline", FILE]).code, 0);
    directory.write("a/main.tf", call("m", "").replace("../modules/logs", "example/logs/aws"));
    let remarks = report(&check(&["--baseline", FILE]))["remarks"].clone();
    assert!(!remarks.to_string().contains("not found any more"), "{remarks}");
}

#[test]
fn a_module_that_is_called_ten_times_has_one_finding_with_ten_callers() {
    let directory = Directory::new();
    let calls: String = (0..10).map(|number| call(&format!("m{number}"), "")).collect();
    let quiet = COMMENT.to_owned() + &call("quiet", "");
    let other = call("other", "  days = 5\n");
    directory.write("root/main.tf", calls + &quiet + &other);
    let variable = "variable \"days\" {\n  default = 3\n}\n";
    directory.write("modules/logs/main.tf", variable.to_owned() + &group("this", "var.days", ""));
    let report = report(&check(&directory, &["root"]));
    let findings = report["findings"].as_array().unwrap();
    let told = |finding: &Value| {
        let by = finding["suppressed"]["by"].as_str().unwrap_or("open").to_owned();
        (by, finding["instances"].as_array().unwrap().len(), finding["address"].as_str().unwrap().to_owned())
    };
    let mut told: Vec<_> = findings.iter().map(told).collect();
    told.sort();
    let address = |name: &str| format!("module.{name}.aws_cloudwatch_log_group.this");
    // The call that is silenced and the one with another value are findings of their own.
    let expected = [
        ("comment".to_owned(), 1, address("quiet")),
        ("open".to_owned(), 1, address("other")),
        ("open".to_owned(), 10, address("m0")),
    ];
    assert_eq!(told, expected);
    assert_eq!(report["summary"]["warnings"], 2, "{report}");
}
