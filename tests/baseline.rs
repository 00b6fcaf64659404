//! Baselines: what is known does not fail, what is gone is named, and the file can be merged.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Directory, Output, run};

const BREAKER: &str = "ecs_no_circuit_breaker";
const FILE: &str = ".planfit-baseline";

/// Services without a circuit breaker: errors.
fn plan(addresses: &[&str]) -> String {
    let change = |address: &&str| {
        json!({"address": address, "change": {
            "actions": ["create"], "before": null, "after_unknown": {},
            "after": {"name": "web", "desired_count": 2, "deployment_circuit_breaker": []}
        }})
    };
    let changes: Vec<Value> = addresses.iter().map(change).collect();
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

fn source(names: &[&str]) -> String {
    let block = |name: &&str| format!("resource \"aws_ecs_service\" \"{name}\" {{\n  name = \"web\"\n}}\n\n");
    names.iter().map(block).collect::<Vec<_>>().concat()
}

fn stack(names: &[&str]) -> Directory {
    let directory = Directory::new();
    directory.write("main.tf", source(names));
    let addresses: Vec<String> = names.iter().map(|name| format!("aws_ecs_service.{name}")).collect();
    directory.write("plan.json", plan(&addresses.iter().map(String::as_str).collect::<Vec<_>>()));
    directory
}

fn check(directory: &Directory, more: &[&str]) -> Output {
    let arguments = ["check", "plan.json", "--policy", BREAKER, "--output", "json"];
    run(&[&arguments, more].concat(), b"", &[], directory.path())
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn remarks(output: &Output) -> Vec<String> {
    let remarks = report(output)["remarks"].as_array().unwrap().clone();
    remarks.iter().map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

fn counts(output: &Output) -> (i32, u64, u64) {
    let summary = &report(output)["summary"];
    (output.code, summary["errors"].as_u64().unwrap(), summary["baselined"].as_u64().unwrap())
}

/// The lines of the baseline without fingerprints.
fn lines(directory: &Directory) -> Vec<String> {
    let text = fs::read_to_string(directory.path().join(FILE)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap().1.replace('\t', " ")).collect()
}

#[test]
fn what_is_known_does_not_fail_and_what_is_new_does() {
    let directory = stack(&["a", "b"]);
    assert_eq!(check(&directory, &[]).code, 1);
    let written = check(&directory, &["--write-baseline", FILE]);
    assert_eq!(counts(&written), (0, 0, 2));
    assert_eq!(remarks(&written), [".planfit-baseline: written with 2 known findings"]);
    assert_eq!(
        lines(&directory),
        [" ecs_no_circuit_breaker aws_ecs_service.a", " ecs_no_circuit_breaker aws_ecs_service.b"]
    );
    assert_eq!(counts(&check(&directory, &["--baseline", FILE])), (0, 0, 2));
    directory.write("main.tf", "\n# moved down\n".to_owned() + &source(&["a", "b", "c"]));
    directory.write("plan.json", plan(&["aws_ecs_service.a", "aws_ecs_service.b", "aws_ecs_service.c"]));
    let output = check(&directory, &["--baseline", FILE]);
    assert_eq!(counts(&output), (1, 1, 2));
    assert_eq!(report(&output)["findings"][0]["address"], "aws_ecs_service.c");
    assert_eq!(report(&output)["findings"][1]["baselined"], true);
}

#[test]
fn people_see_a_number() {
    let directory = stack(&["a"]);
    check(&directory, &["--write-baseline", FILE]);
    let arguments = ["check", "plan.json", "--policy", BREAKER, "--baseline", FILE];
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(output.stdout, "no findings; 1 resource, 1 policy; 0 not decided; 0 suppressed; 1 in the baseline\n");
}

#[test]
fn instance_keys_and_the_place_of_the_run_play_no_part() {
    let directory = Directory::new();
    directory.write("infra/main.tf", source(&["a"]));
    directory.write("infra/plan.json", plan(&["aws_ecs_service.a[\"x\"]"]));
    let infra = directory.path().join("infra");
    let common = ["--policy", BREAKER, "--output", "json"];
    let from = |place: &std::path::Path, arguments: &[&str]| run(&[arguments, &common[..]].concat(), b"", &[], place);
    assert_eq!(from(&infra, &["check", "plan.json", "--path-base", "cwd", "--write-baseline", "../known"]).code, 0);
    directory.write("infra/plan.json", plan(&["aws_ecs_service.a[\"y\"]", "aws_ecs_service.a[\"z\"]"]));
    let output = from(directory.path(), &["check", "infra/plan.json", "--baseline", "known"]);
    assert_eq!(counts(&output), (0, 0, 1));
}

#[test]
fn what_is_gone_is_named_and_taken_out_on_request() {
    let directory = stack(&["a", "b"]);
    check(&directory, &["--write-baseline", FILE]);
    let whole = fs::read_to_string(directory.path().join(FILE)).unwrap();
    directory.write("main.tf", source(&["b"]));
    directory.write("plan.json", plan(&["aws_ecs_service.b"]));
    let output = check(&directory, &["--baseline", FILE]);
    let name = "ecs_no_circuit_breaker of aws_ecs_service.a";
    let expected = format!(".planfit-baseline: 1 finding not found any more; --prune-baseline takes them out: {name}");
    assert_eq!(remarks(&output), [expected]);
    assert_eq!(fs::read_to_string(directory.path().join(FILE)).unwrap(), whole, "nobody asked for a change");
    let output = check(&directory, &["--baseline", FILE, "--prune-baseline"]);
    assert_eq!(remarks(&output), [format!(".planfit-baseline: 1 finding not found any more, taken out: {name}")]);
    assert_eq!(lines(&directory), [" ecs_no_circuit_breaker aws_ecs_service.b"]);
    let gone: Vec<&str> = whole.lines().filter(|line| !line.ends_with("service.a")).collect();
    assert_eq!(fs::read_to_string(directory.path().join(FILE)).unwrap(), gone.join("\n") + "\n");
}

#[test]
fn one_file_serves_many_directories() {
    let directory = Directory::new();
    for name in ["stg", "prd"] {
        directory.write(&format!("{name}/main.tf"), source(&["a"]));
        directory.write(&format!("{name}/plan.json"), plan(&["aws_ecs_service.a"]));
    }
    let check = |arguments: &[&str]| {
        run(&[&["check", "--policy", BREAKER, "--output", "json"], arguments].concat(), b"", &[], directory.path())
    };
    assert_eq!(check(&["stg/plan.json", "--write-baseline", FILE]).code, 0);
    assert_eq!(check(&["prd/plan.json", "--baseline", FILE]).code, 1, "the other directory is not known");
    assert_eq!(check(&["prd/plan.json", "--write-baseline", FILE]).code, 0);
    assert_eq!(
        lines(&directory),
        ["prd ecs_no_circuit_breaker aws_ecs_service.a", "stg ecs_no_circuit_breaker aws_ecs_service.a"]
    );
    assert_eq!(remarks(&check(&["stg/plan.json", "--baseline", FILE])), Vec::<String>::new(), "prd is not gone");
    assert_eq!(counts(&check(&["stg/plan.json", "prd/plan.json", "--baseline", FILE])), (0, 0, 2));
}

#[test]
fn what_was_not_judged_is_not_gone() {
    let directory = stack(&["a"]);
    check(&directory, &["--write-baseline", FILE]);
    let arguments = ["check", "plan.json", "--policy", "log_retention", "--output", "json", "--baseline", FILE];
    assert_eq!(remarks(&run(&arguments, b"", &[], directory.path())), Vec::<String>::new(), "the policy did not run");
    // A plan that stopped on an error lacks objects.
    directory.write(
        "plan.json",
        json!({"format_version": "1.2", "errored": true, "resource_changes": [], "configuration": {"root_module": {}}})
            .to_string(),
    );
    assert!(
        !remarks(&check(&directory, &["--baseline", FILE])).iter().any(|remark| remark.contains("not found any more"))
    );
}

#[test]
fn a_mandatory_policy_takes_a_suppression() {
    let directory = Directory::new();
    directory.write("p.policy.hcl", "resource_policy \"aws_sqs_queue\" \"queue_named\" {\n  enforce {\n    condition = attrs.name != \"x\"\n    error_message = \"No.\"\n  }\n}\n");
    let change = json!({"address": "aws_sqs_queue.a", "change": {"actions": ["create"], "before": null, "after": {"name": "x"}, "after_unknown": {}}});
    directory.write(
        "plan.json",
        json!({"format_version": "1.2", "resource_changes": [change], "configuration": {"root_module": {}}})
            .to_string(),
    );
    let check = |more: &[&str]| {
        let arguments = [
            "check",
            "plan.json",
            "--policies",
            "p.policy.hcl",
            "--policy",
            "queue_named",
            "--fail-level",
            "low",
            "--output",
            "json",
        ];
        run(&[&arguments, more].concat(), b"", &[], directory.path())
    };
    let output = check(&["--write-baseline", FILE]);
    assert_eq!(counts(&output), (1, 1, 0));
    assert!(remarks(&output).iter().any(|remark| remark.ends_with("a suppression with a reason: queue_named")));
    assert_eq!(lines(&directory), Vec::<String>::new());
}

#[test]
fn a_baseline_that_cannot_be_read_is_no_clean_run() {
    let directory = stack(&["a"]);
    let refused = |more: &[&str], part: &str| {
        let output = check(&directory, more);
        assert_eq!(output.code, 2, "{more:?}");
        assert!(remarks(&output).iter().any(|remark| remark.contains(part)), "{:?}", remarks(&output));
    };
    refused(&["--baseline", "none"], "none: No such file or directory (os error 2); --write-baseline none makes it");
    refused(&["--prune-baseline"], "--prune-baseline needs a baseline");
    directory.write("bad", "# words\n<<<<<<< HEAD\n");
    refused(&["--baseline", "bad"], "bad: line 2: a merge conflict is left here");
    refused(&["--write-baseline", "bad"], "bad: line 2: a merge conflict is left here");
    directory.write("text", "hello\n");
    refused(&["--baseline", "text"], "text: line 1: a line has four fields");
    assert_eq!(
        run(&["check", "plan.json", "--baseline", "a", "--write-baseline", "b"], b"", &[], directory.path()).code,
        2
    );
}

#[test]
fn both_sides_of_a_merge_are_one_baseline() {
    let directory = stack(&["a", "b"]);
    check(&directory, &["--write-baseline", FILE]);
    let text = fs::read_to_string(directory.path().join(FILE)).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    directory.write(FILE, lines.join("\r\n") + "\r\n" + &text);
    assert_eq!(counts(&check(&directory, &["--baseline", FILE])), (0, 0, 2));
}
