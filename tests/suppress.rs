//! Suppressions as people write them: comments at blocks, attributes and module calls; what they silence, what reports
//! say of it, and which of them are stale.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod support;

use serde_json::{Value, json};
use support::{Directory, Output, run};

const RETENTION: &str = "log_group_retention_too_short";
const STALE: &str = "stale_suppression";

/// A log group that lasts three days: a warning, at its attribute.
fn log_group(name: &str) -> (String, Value) {
    (format!("aws_cloudwatch_log_group.{name}"), json!({"name": name, "retention_in_days": 3}))
}

/// A log group that lasts a year: nothing to find.
fn long_log_group(name: &str) -> (String, Value) {
    (format!("aws_cloudwatch_log_group.{name}"), json!({"name": name, "retention_in_days": 365}))
}

fn plan(objects: &[(String, Value)]) -> String {
    let change = |(address, after): &(String, Value)| {
        json!({
            "address": address,
            "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": {}}
        })
    };
    let changes: Vec<Value> = objects.iter().map(change).collect();
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

fn check(directory: &Directory, more: &[&str]) -> Output {
    let arguments = ["check", "plan.json", "--policy", RETENTION, "--policy", STALE, "--now", "2026-11-25T12:00:00Z"];
    run(&[&arguments, more].concat(), b"", &[], directory.path())
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Each finding: whether it is suppressed, its policy, and its sentence.
fn told(source: &str, objects: &[(String, Value)]) -> Vec<String> {
    let directory = Directory::new();
    directory.write("main.tf", source);
    directory.write("plan.json", plan(objects));
    findings(&report(&check(&directory, &["--output", "json"])))
}

fn findings(report: &Value) -> Vec<String> {
    let told = |finding: &Value| {
        let by = finding["suppressed"]["by"].as_str().unwrap_or("open");
        let line =
            finding["location"]["start"]["line"].as_u64().map_or_else(String::new, |line| format!(" line {line}"));
        let text = if finding["policy"] == STALE { &finding["message"] } else { &finding["address"] };
        format!("{by}{line}: {}", text.as_str().unwrap())
    };
    report["findings"].as_array().unwrap().iter().map(told).collect()
}

fn source(before: &str, header: &str, inside: &str, behind: &str) -> String {
    format!(
        "{before}resource \"aws_cloudwatch_log_group\" \"a\" {{{header}\n{inside}  retention_in_days = 3{behind}\n}}\n"
    )
}

const COMMENT: &str = "# planfit:ignore log_group_retention_too_short reason=\"a test\"\n";

#[test]
fn a_comment_at_the_block_or_at_the_attribute_silences_it() {
    let object = [log_group("a")];
    let inline = COMMENT.trim_end();
    let block = format!("/* {} */\n", inline.trim_start_matches("# "));
    let slashes = COMMENT.replace('#', "//");
    for text in [
        source(COMMENT, "", "", ""),
        source(&block, "", "", ""),
        source(&slashes, "", "", ""),
        source("", &format!(" {inline}"), "", ""),
        source("", "", &format!("  {COMMENT}"), ""),
        source("", "", "", &format!(" {inline}")),
        source("", "", &format!("  {COMMENT}  # why the group is small\n"), ""),
    ] {
        let found = told(&text, &object);
        assert_eq!(found.len(), 1, "{text}{found:?}");
        assert!(found[0].starts_with("comment line"), "{text}{found:?}");
    }
}

#[test]
fn a_comment_elsewhere_silences_nothing() {
    let object = [log_group("a"), log_group("b")];
    let other = "resource \"aws_cloudwatch_log_group\" \"b\" {\n  retention_in_days = 3\n}\n";
    let found = told(&(source(COMMENT, "", "", "") + other), &object);
    assert_eq!(
        found,
        ["open line 6: aws_cloudwatch_log_group.b", "comment line 3: aws_cloudwatch_log_group.a"],
        "the block below is its own"
    );
    let found = told(&source("", "", &format!("  {COMMENT}  name = \"a\"\n"), ""), &object[..1]);
    assert_eq!(
        found,
        [
            "open line 4: aws_cloudwatch_log_group.a",
            "open line 2: Nothing is found here of log_group_retention_too_short, so the suppression would only hide the next problem.",
        ]
    );
    let text = "locals {\n  a = \"# planfit:ignore log_group_retention_too_short reason=\\\"x\\\"\"\n}\n";
    assert_eq!(told(&(text.to_owned() + &source("", "", "", "")), &object[..1]).len(), 1, "a text is no comment");
}

#[test]
fn an_alias_means_the_policy_and_several_ids_are_separated_by_commas() {
    let comment = "# planfit:ignore nothing_is_called_so, CKV_AWS_338 reason=\"a test\"\n";
    let found = told(&source(comment, "", "", ""), &[log_group("a")]);
    assert_eq!(
        found,
        [
            "open line 1: The suppression names nothing_is_called_so, which is no policy and no alias, so nothing is silenced by that name.",
            "comment line 3: aws_cloudwatch_log_group.a"
        ]
    );
}

#[test]
fn a_comment_above_a_module_call_silences_everything_inside() {
    let directory = Directory::new();
    let call = |comment: &str, name: &str| format!("{comment}module \"{name}\" {{\n  source = \"./logs\"\n}}\n");
    directory.write("main.tf", call(COMMENT, "quiet") + &call("", "loud"));
    directory.write("logs/main.tf", source("", "", "", ""));
    let (address, values) = log_group("a");
    let objects = ["quiet", "loud"].map(|name| (format!("module.{name}.{address}"), values.clone()));
    directory.write("plan.json", plan(&objects));
    let found = findings(&report(&check(&directory, &["--output", "json"])));
    let expected = [
        "open line 2: module.loud.aws_cloudwatch_log_group.a",
        "comment line 2: module.quiet.aws_cloudwatch_log_group.a",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_comment_of_a_published_module_decides_nothing() {
    let directory = Directory::new();
    directory.write("main.tf", "module \"logs\" {\n  source = \"example/logs/aws\"\n}\n");
    directory.write(".terraform/modules/logs/main.tf", source(COMMENT, "", "", ""));
    let manifest = json!({"Modules": [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "logs", "Source": "registry.terraform.io/example/logs/aws", "Dir": ".terraform/modules/logs"}
    ]});
    directory.write(".terraform/modules/modules.json", manifest.to_string());
    let (address, values) = log_group("a");
    directory.write("plan.json", plan(&[(format!("module.logs.{address}"), values)]));
    let found = findings(&report(&check(&directory, &["--output", "json"])));
    assert_eq!(found, ["open line 1: module.logs.aws_cloudwatch_log_group.a"]);
}

#[test]
fn what_does_not_hold_silences_nothing_and_says_why() {
    let table = [
        (
            "# planfit:ignore log_group_retention_too_short\n",
            "The suppression silences nothing, because it does not say why",
        ),
        (
            "# planfit:ignore log_group_retention_too_short reason=\" \"\n",
            "The suppression silences nothing, because it does",
        ),
        (
            "# planfit:ignore log_group_retention_too_short reason=\"x\" until=\"2026-11-24\"\n",
            "The suppression held until 2026-11-24 and has ended, so what it silenced counts again.",
        ),
        (
            "# planfit:ignore log_group_retention_too_shor reason=\"x\"\n",
            "The suppression names log_group_retention_too_shor (did you mean log_group_retention_too_short?), which is no policy and no alias, so nothing is silenced by that name.",
        ),
        (
            "# planfit:ignore log_retention reason=\"x\"\n",
            "The suppression names log_retention (a category; name its policies), which is no policy and no alias, so nothing is silenced by that name.",
        ),
        (
            "# planfit:ignore log_group_retention_too_short because\n",
            "The suppression silences nothing: \"because\" is not expected here",
        ),
        (
            "# planfit:ignore log_group_retention_too_short reason=\"x\"\n\n",
            "The suppression silences nothing: it stands at no block",
        ),
    ];
    for (comment, message) in table {
        let found = told(&source(comment, "", "", ""), &[log_group("a")]);
        assert_eq!(found.len(), 2, "{comment}{found:?}");
        assert!(found[0].starts_with("open line"), "{comment}{found:?}");
        assert!(found[1].starts_with(&format!("open line 1: {message}")), "{comment}{found:?}");
    }
}

#[test]
fn the_last_day_still_counts() {
    let comment = "# planfit:ignore log_group_retention_too_short reason=\"x\" until=\"2026-11-25\"\n";
    assert_eq!(told(&source(comment, "", "", ""), &[log_group("a")]).len(), 1);
}

#[test]
fn an_unused_comment_is_a_warning() {
    let directory = Directory::new();
    directory.write("main.tf", source(COMMENT, "", "", ""));
    directory.write("plan.json", plan(&[long_log_group("a")]));
    let output = check(&directory, &["--output", "json"]);
    let report = report(&output);
    assert_eq!(output.code, 0);
    assert_eq!(report["findings"][0]["level"], "warning");
    assert_eq!(report["findings"][0]["policy"], STALE);
    assert_eq!(report["summary"]["suppressed"], 0);
}

#[test]
fn what_was_not_judged_is_not_called_unused() {
    // The block has no instance in this plan.
    assert_eq!(told(&source(COMMENT, "", "", ""), &[]), Vec::<String>::new());
    // The policy does not run.
    let directory = Directory::new();
    directory.write("main.tf", source(COMMENT, "", "", ""));
    directory.write("plan.json", plan(&[long_log_group("a")]));
    let output = run(&["check", "plan.json", "--policy", STALE, "--output", "json"], b"", &[], directory.path());
    assert_eq!(findings(&report(&output)), Vec::<String>::new());
    // Not decided is not passed.
    let unknown = json!({"resource_changes": [{
        "address": "aws_cloudwatch_log_group.a",
        "change": {"actions": ["create"], "before": null, "after": {"name": "a"}, "after_unknown": {"retention_in_days": true}}
    }], "format_version": "1.2", "configuration": {"root_module": {}}});
    directory.write("main.tf", source(COMMENT, "", "", "").replace("= 3", "= aws_ssm_parameter.days.value"));
    directory.write("plan.json", unknown.to_string());
    assert_eq!(findings(&report(&check(&directory, &["--output", "json"]))), Vec::<String>::new());
}

#[test]
fn people_see_a_number_and_programs_see_the_reason() {
    let directory = Directory::new();
    directory.write("main.tf", source(COMMENT, "", "", ""));
    directory.write("plan.json", plan(&[log_group("a")]));
    let output = check(&directory, &["--ci", "github"]);
    assert_eq!(output.code, 0);
    let counted = output.stdout.lines().find(|line| line.contains("no findings"));
    assert!(counted.is_some_and(|line| line.ends_with("0 not decided; 1 suppressed")), "{}", output.stdout);
    assert!(!output.stdout.contains(RETENTION), "{}", output.stdout);
    let report = report(&check(&directory, &["--output", "json"]));
    let place = json!({"path": "main.tf", "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 63}});
    let expected = json!({"by": "comment", "reason": "a test", "until": null, "location": place});
    assert_eq!(report["findings"][0]["suppressed"], expected);
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn a_suppressed_error_does_not_fail_the_run() {
    let directory = Directory::new();
    let service = "resource \"aws_ecs_service\" \"web\" {\n  name = \"web\"\n}\n";
    let after = json!({"name": "web", "desired_count": 2, "deployment_circuit_breaker": []});
    directory.write("plan.json", plan(&[("aws_ecs_service.web".to_owned(), after)]));
    let arguments = ["check", "plan.json", "--policy", "ecs_no_circuit_breaker"];
    directory.write("main.tf", service);
    assert_eq!(run(&arguments, b"", &[], directory.path()).code, 1);
    let comment = "# planfit:ignore ecs_no_circuit_breaker reason=\"batch\"\n";
    directory.write("main.tf", comment.to_owned() + service);
    let output = run(&[&arguments[..], &["--output", "json"]].concat(), b"", &[], directory.path());
    assert_eq!((output.code, report(&output)["findings"][0]["level"].as_str()), (0, Some("warning")));
}

#[test]
fn a_hostile_reason_forges_nothing() {
    let directory = Directory::new();
    let hostile = "::error::x ##[command]y \u{1b}[31m \u{202e}z";
    directory.write("main.tf", source(&format!("# planfit:ignore {RETENTION} reason=\"{hostile}\"\n"), "", "", ""));
    directory.write("plan.json", plan(&[log_group("a")]));
    let output = check(&directory, &["--output", "json"]);
    assert!(!output.stdout.contains("##[") && !output.stdout.contains(['\u{1b}', '\u{202e}']), "{}", output.stdout);
    let reason = report(&output)["findings"][0]["suppressed"]["reason"].clone();
    assert_eq!(reason, "::error::x ##[command]y \\u{1b}[31m \\u{202e}z");
    // An id that is none is told in every report.
    directory.write("main.tf", source("# planfit:ignore ##[command]\u{1b}[31m reason=\"x\"\n", "", "", ""));
    for more in [&["--ci", "github", "--color", "never"][..], &["--output", "json"]] {
        let output = check(&directory, more);
        assert!(output.stdout.contains("\\u{1b}"), "{}", output.stdout);
        // The text of an annotation is no command of its own.
        let outside: Vec<&str> = output.stdout.lines().filter(|line| !line.starts_with("::warning ")).collect();
        assert!(!outside.join("\n").contains("##[") && !output.stdout.contains('\u{1b}'), "{}", output.stdout);
    }
}

fn under(settings: &str, objects: &[(String, Value)], source: &str) -> Vec<String> {
    let directory = Directory::new();
    directory.write(".planfit.hcl", settings);
    directory.write("infra/main.tf", source);
    directory.write("plan.json", plan(objects));
    let output = check(&directory, &["--dir", "infra", "--output", "json"]);
    assert_ne!(output.code, 2, "{output:?}");
    findings(&report(&output))
}

fn ignore(more: &str) -> String {
    format!("ignore {{\n  policies = [\"log_group_*\"]\n  reason = \"reviewed\"\n{more}\n}}\n")
}

#[test]
fn a_rule_silences_by_address_path_and_environment() {
    let text = source("", "", "", "");
    let object = [log_group("a")];
    let silenced = ["configuration line 2: aws_cloudwatch_log_group.a"];
    let open = ["open line 2: aws_cloudwatch_log_group.a"];
    for (more, expected) in [
        ("", silenced),
        ("addresses = [\"aws_cloudwatch_log_group.*\"]", silenced),
        ("addresses = [\"module.*\"]", open),
        ("paths = [\"infra/**\"]", silenced),
        ("paths = [\"other/**\"]", open),
        ("until = \"2026-11-25\"", silenced),
    ] {
        assert_eq!(under(&ignore(more), &object, &text), expected, "{more}");
    }
    let environment = "environment \"production\" {\n  paths = [\"infra\"]\n}\n";
    let elsewhere =
        "environment \"staging\" {\n  paths = [\"infra\"]\n}\nenvironment \"production\" {\n  paths = [\"x\"]\n}\n";
    let rule = ignore("environments = [\"production\"]");
    assert_eq!(under(&format!("{environment}{rule}"), &object, &text), silenced);
    assert!(!under(&format!("{elsewhere}{rule}"), &object, &text).contains(&silenced[0].to_owned()));
}

#[test]
fn of_a_block_a_rule_may_silence_some_instances() {
    let text = source("", "", "  count = 2\n", "");
    let objects = ["a[0]", "a[1]"].map(log_group);
    let found = under(&ignore("addresses = [\"*[0]\"]"), &objects, &text);
    let expected =
        ["open line 3: aws_cloudwatch_log_group.a[1]", "configuration line 3: aws_cloudwatch_log_group.a[0]"];
    assert_eq!(found, expected);
}

#[test]
fn a_rule_that_does_not_hold_is_told_at_its_block() {
    let text = source("", "", "", "");
    let found = under(&ignore("until = \"2026-11-24\""), &[log_group("a")], &text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.contains(
            &"open line 1: The suppression held until 2026-11-24 and has ended, so what it silenced counts again."
                .to_owned()
        )
    );
    let rule = ignore("addresses = [\"aws_cloudwatch_log_group.a\"]");
    // Of a pattern some policies do not run here.
    assert_eq!(under(&rule, &[long_log_group("a")], &text), Vec::<String>::new());
    let found = under(&rule.replace("log_group_*", RETENTION), &[long_log_group("a")], &text);
    let unused = "open line 1: Nothing is found here of log_group_retention_too_short, so the suppression would only hide the next problem.";
    assert_eq!(found, [unused]);
}

#[test]
fn settings_relax_the_reason_and_honour_other_tools() {
    let bare = source("# planfit:ignore log_group_retention_too_short\n", "", "", "");
    let silenced = ["comment line 3: aws_cloudwatch_log_group.a"];
    assert_eq!(under("require_reason = false\n", &[log_group("a")], &bare), silenced);
    let honour = "honour_foreign_suppressions = true\n";
    for (comment, inside) in [
        ("#checkov:skip=CKV_AWS_338:short on purpose\n", true),
        ("#trivy:ignore:CKV_AWS_338\n", false),
        ("# tflint-ignore: log_group_retention_too_short # why\n", false),
    ] {
        let text = if inside { source("", "", comment, "") } else { source(comment, "", "", "") };
        assert_eq!(under(honour, &[log_group("a")], &text), ["foreign_comment line 3: aws_cloudwatch_log_group.a"]);
        assert_eq!(under("", &[log_group("a")], &text), ["open line 3: aws_cloudwatch_log_group.a"], "not asked for");
        assert_eq!(under(honour, &[long_log_group("a")], &text), Vec::<String>::new(), "never stale");
    }
}
