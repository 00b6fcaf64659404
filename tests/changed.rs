//! Findings of a change: the lines that git says are new, and the objects that a plan changes.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use support::{Directory, Output, git, run};

const RETENTION: &str = "log_group_retention_too_short";

/// A repository of two log groups in `infra/`, judged as a state: nothing in it says what changes.
fn repository() -> Directory {
    let directory = Directory::new();
    fs::remove_dir_all(directory.path().join(".git")).unwrap();
    git(directory.path(), &["init", "--quiet"]);
    directory.write("infra/main.tf", log_group("a") + &log_group("b"));
    directory.write("infra/state.json", state(&["a", "b"]));
    commit(&directory);
    directory
}

fn commit(directory: &Directory) {
    git(directory.path(), &["add", "--all"]);
    git(directory.path(), &["commit", "--quiet", "--message", "x"]);
}

fn log_group(name: &str) -> String {
    format!(
        "resource \"aws_cloudwatch_log_group\" \"{name}\" {{\n  name              = \"{name}\"\n  retention_in_days = 3\n}}\n\n"
    )
}

fn state(names: &[&str]) -> String {
    let resource = |name: &&str| {
        json!({
            "address": format!("aws_cloudwatch_log_group.{name}"), "mode": "managed", "type": "aws_cloudwatch_log_group",
            "name": name, "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
            "values": {"name": name, "retention_in_days": 3}, "sensitive_values": {}
        })
    };
    let resources: Vec<Value> = names.iter().map(resource).collect();
    json!({"format_version": "1.0", "terraform_version": "1.11.0", "values": {"root_module": {"resources": resources}}})
        .to_string()
}

fn plan(changes: &[(&str, &[&str])]) -> String {
    let change = |(name, actions): &(&str, &[&str])| {
        let values = json!({"name": name, "retention_in_days": 3});
        let before = if actions[0] == "create" { Value::Null } else { values.clone() };
        json!({
            "address": format!("aws_cloudwatch_log_group.{name}"),
            "change": {"actions": actions, "before": before, "after": values, "after_unknown": {}}
        })
    };
    let changes: Vec<Value> = changes.iter().map(change).collect();
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

fn check(place: &Path, input: &str, more: &[&str]) -> Output {
    check_with(place, input, more, &[])
}

fn check_with(place: &Path, input: &str, more: &[&str], variables: &[(&str, &str)]) -> Output {
    let arguments = ["check", input, "--policy", RETENTION, "--policy", "stale_suppression", "--output", "json"];
    run(&[&arguments, more].concat(), b"", variables, place)
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The names of the log groups that are reported, and how many findings are only counted.
fn told(output: &Output) -> (Vec<String>, u64) {
    let report = report(output);
    let name = |finding: &Value| finding["address"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
    let names = report["findings"].as_array().unwrap().iter().map(name).collect();
    (names, report["summary"]["existing"].as_u64().unwrap())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn remarks(output: &Output) -> Vec<String> {
    let remarks = report(output)["remarks"].as_array().unwrap().clone();
    remarks.iter().map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

const SINCE: [&str; 2] = ["--changed-since", "HEAD"];

#[test]
fn lines_that_are_new_are_told_and_the_others_counted() {
    let directory = repository();
    let root = directory.path();
    assert_eq!(told(&check(root, "infra/state.json", &SINCE)), (names(&[]), 2));
    let text = fs::read_to_string(root.join("infra/main.tf")).unwrap();
    directory.write("infra/main.tf", text.replacen("= 3", "= 3 # days", 1));
    assert_eq!(told(&check(root, "infra/state.json", &SINCE)), (names(&["a"]), 1), "in the working tree");
    git(root, &["add", "--all"]);
    assert_eq!(told(&check(root, "infra/state.json", &SINCE)), (names(&["a"]), 1), "in the index");
    commit(&directory);
    assert_eq!(
        told(&check(root, "infra/state.json", &["--changed-since", "HEAD~1"])),
        (names(&["a"]), 1),
        "in a commit"
    );
    assert_eq!(told(&check(root, "infra/state.json", &SINCE)), (names(&[]), 2));
    let human = run(&["check", "infra/state.json", "--policy", RETENTION, "--changed-since", "HEAD"], b"", &[], root);
    let last =
        "no findings; 2 resources, 1 policy; 0 not decided; 0 suppressed; 2 existing, not touched by the change\n";
    assert_eq!((human.code, human.stdout.as_str()), (0, last));
}

#[test]
fn it_works_below_the_root_and_with_paths_from_there() {
    let directory = repository();
    let infra = directory.path().join("infra");
    let text = fs::read_to_string(infra.join("main.tf")).unwrap();
    directory.write("infra/main.tf", text.replacen("= 3", "= 3 # days", 1));
    assert_eq!(told(&check(&infra, "state.json", &SINCE)), (names(&["a"]), 1));
    assert_eq!(
        told(&check(&infra, "state.json", &["--changed-since", "HEAD", "--path-base", "cwd"])),
        (names(&["a"]), 1)
    );
}

#[test]
fn what_the_base_has_done_since_is_no_change_of_ours() {
    let directory = repository();
    let root = directory.path();
    git(root, &["checkout", "--quiet", "-b", "work"]);
    directory.write("infra/other.tf", log_group("c"));
    directory.write("infra/state.json", state(&["a", "b", "c"]));
    commit(&directory);
    git(root, &["checkout", "--quiet", "main"]);
    let text = fs::read_to_string(root.join("infra/main.tf")).unwrap();
    directory.write("infra/main.tf", text.replacen("= 3", "= 3 # by somebody else", 2));
    commit(&directory);
    git(root, &["checkout", "--quiet", "work"]);
    assert_eq!(told(&check(root, "infra/state.json", &["--changed-since", "main"])), (names(&["c"]), 2));
}

#[test]
fn a_file_that_moved_is_not_new_and_one_that_git_does_not_know_is() {
    let directory = repository();
    let root = directory.path();
    git(root, &["mv", "infra/main.tf", "infra/logs and more.tf"]);
    commit(&directory);
    assert_eq!(told(&check(root, "infra/state.json", &["--changed-since", "HEAD~1"])), (names(&[]), 2));
    let text = fs::read_to_string(root.join("infra/logs and more.tf")).unwrap();
    directory.write("infra/logs and more.tf", text.replacen("= 3", "= 3 # days", 1));
    assert_eq!(told(&check(root, "infra/state.json", &["--changed-since", "HEAD~1"])), (names(&["a"]), 1));
    directory.write("infra/ünew \"x\".tf", log_group("c"));
    directory.write("infra/state.json", state(&["a", "b", "c"]));
    let (mut found, existing) = told(&check(root, "infra/state.json", &SINCE));
    found.sort();
    assert_eq!((found, existing), (names(&["a", "c"]), 1));
}

#[test]
fn an_argument_that_was_taken_out_is_a_change_of_its_block() {
    let directory = Directory::new();
    let root = directory.path();
    fs::remove_dir_all(root.join(".git")).unwrap();
    git(root, &["init", "--quiet"]);
    let service =
        |name: &str, inside: &str| format!("resource \"aws_ecs_service\" \"{name}\" {{\n  name = \"x\"\n{inside}}}\n");
    let breaker = "  deployment_circuit_breaker {\n    enable = true\n  }\n";
    directory.write("main.tf", service("a", breaker) + &service("b", ""));
    commit(&directory);
    directory.write("main.tf", service("a", "") + &service("b", ""));
    let resource = |name: &str| {
        json!({
            "address": format!("aws_ecs_service.{name}"), "mode": "managed", "type": "aws_ecs_service", "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
            "values": {"name": "x", "desired_count": 2, "deployment_circuit_breaker": []}, "sensitive_values": {}
        })
    };
    let state =
        json!({"format_version": "1.0", "values": {"root_module": {"resources": [resource("a"), resource("b")]}}});
    directory.write("state.json", state.to_string());
    let arguments =
        ["check", "state.json", "--policy", "ecs_no_circuit_breaker", "--output", "json", "--changed-since", "HEAD"];
    assert_eq!(told(&run(&arguments, b"", &[], root)), (names(&["a"]), 1));
}

#[test]
fn a_plan_says_itself_what_changes() {
    let directory = Directory::new();
    directory.write("main.tf", log_group("a") + &log_group("b") + &log_group("c"));
    let changes: [(&str, &[&str]); 3] = [("a", &["no-op"]), ("b", &["update"]), ("c", &["create"])];
    directory.write("plan.json", plan(&changes));
    // There is no repository: the directory `.git` of the test is empty.
    for more in [&["--changed-only"][..], &SINCE] {
        let output = check(directory.path(), "plan.json", more);
        let (mut found, existing) = told(&output);
        found.sort();
        assert_eq!((output.code, found, existing), (0, names(&["b", "c"]), 1), "{more:?}");
    }
}

#[test]
fn of_several_instances_one_that_changes_is_enough() {
    let directory = Directory::new();
    directory.write("main.tf", log_group("a").replacen("{\n", "{\n  count = 2\n", 1));
    directory.write("plan.json", plan(&[("a[0]", &["no-op"]), ("a[1]", &["create"])]));
    assert_eq!(told(&check(directory.path(), "plan.json", &["--changed-only"])), (names(&["a[0]"]), 0));
}

#[test]
fn what_git_does_not_know_is_no_clean_run() {
    let directory = repository();
    let root = directory.path();
    let refused = |place: &Path, revision: &str, part: &str| {
        let output = check(place, "infra/state.json", &["--changed-since", revision]);
        assert_eq!(output.code, 2, "{revision}: {output:?}");
        let told = remarks(&output);
        assert!(told.iter().any(|remark| remark.contains(part)), "{revision}: {told:?}");
        assert_eq!(report(&output)["findings"].as_array().unwrap().len(), 2, "everything is reported");
    };
    refused(root, "nowhere", "--changed-since nowhere: git knows no commit nowhere; fetch it first");
    refused(root, "HEAD:infra", "git knows no commit HEAD:infra");
    assert_eq!(run(&["check", "infra/state.json", "--changed-since=--output=x"], b"", &[], root).code, 2);
    assert!(!root.join("x").exists());
    git(root, &["checkout", "--quiet", "--orphan", "other"]);
    // A commit of the same files in the same second would be the same commit.
    directory.write("other.txt", "another history");
    commit(&directory);
    refused(root, "main", "main and HEAD have no common commit here");
    let outside = Directory::new();
    outside.write("infra/main.tf", log_group("a") + &log_group("b"));
    outside.write("infra/state.json", state(&["a", "b"]));
    refused(outside.path(), "HEAD", ". is in no git repository");
}

#[test]
fn changed_only_takes_the_base_of_the_pull_request() {
    let directory = repository();
    let root = directory.path();
    let output = check_with(root, "infra/state.json", &["--changed-only"], &[("GITHUB_BASE_REF", "main")]);
    assert_eq!((output.code, told(&output)), (0, (names(&["a", "b"]), 0)), "there is no origin");
    assert!(
        remarks(&output)[0]
            .starts_with("--changed-only: everything is reported, because git knows no commit origin/main")
    );
    git(root, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(root, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    directory.write("infra/main.tf", log_group("a") + &log_group("b").replace("= 3", "= 3 # days"));
    let output = check_with(root, "infra/state.json", &["--changed-only"], &[("GITHUB_BASE_REF", "main")]);
    assert_eq!(told(&output), (names(&["b"]), 1));
    assert_eq!(told(&check(root, "infra/state.json", &["--changed-only"])), (names(&["b"]), 1), "outside of Actions");
}

#[test]
fn settings_of_git_and_variables_of_hooks_change_nothing() {
    let directory = repository();
    let root = directory.path();
    let text = fs::read_to_string(root.join("infra/main.tf")).unwrap();
    directory.write("infra/main.tf", text.replacen("= 3", "= 3 # days", 1));
    directory.write(
        ".git/config",
        "[core]\n  repositoryformatversion = 0\n[diff]\n  noprefix = true\n  mnemonicPrefix = true\n  external = false\n  renames = false\n  interHunkContext = 50\n[color]\n  ui = always\n",
    );
    let variables = [("GIT_DIR", "/nowhere"), ("GIT_INDEX_FILE", "/nowhere"), ("GIT_EXTERNAL_DIFF", "false")];
    assert_eq!(told(&check_with(root, "infra/state.json", &SINCE, &variables)), (names(&["a"]), 1));
}

#[test]
fn a_stale_suppression_on_an_old_line_is_old() {
    let directory = repository();
    let root = directory.path();
    let comment = "# planfit:ignore nothing_of_that_name reason=\"x\"\n";
    directory.write("infra/main.tf", comment.to_owned() + &log_group("a"));
    directory.write("infra/state.json", state(&["a"]));
    let (found, existing) = told(&check(root, "infra/state.json", &SINCE));
    assert_eq!((found, existing), (names(&["planfit:ignore nothing_of_that_name"]), 1));
    commit(&directory);
    assert_eq!(told(&check(root, "infra/state.json", &SINCE)), (names(&[]), 2));
}

#[test]
fn these_tests_may_run_in_a_hook() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "it_works_below_the_root_and_with_paths_from_there"])
        .envs([("GIT_DIR", "/nowhere/.git"), ("GIT_INDEX_FILE", "/nowhere/index"), ("GIT_WORK_TREE", "/nowhere")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}
