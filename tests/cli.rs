//! The command as a script meets it: exit codes, sinks, GitHub Actions, tfaction; the same bytes for the same input, and
//! no secret in any of them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Directory, Output, run};

const GYM: &str = "fixtures/fitness_gym/tfplan.json";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn planfit(arguments: &[&str]) -> Output {
    run(arguments, b"", &[], &root())
}

fn in_actions(arguments: &[&str], more: &[(&str, &str)]) -> Output {
    let variables: Vec<(&str, &str)> = [("GITHUB_ACTIONS", "true")].into_iter().chain(more.iter().copied()).collect();
    run(arguments, b"", &variables, &root())
}

#[test]
fn exit_codes_are_a_promise() {
    let table: [(&[&str], i32); 9] = [
        (&["check", "fixtures/fitness_gym_fixed/tfplan.json"], 0),
        (&["check", GYM], 1),
        (&["check", "--fail-level", "none", GYM], 0),
        (&["check", "--fail-level", "critical", GYM], 0),
        (&["check", "nowhere.json"], 2),
        (&["check", "--policy", "nothing_of_that_name", GYM], 2),
        (&["check", "--dir", "nowhere", GYM], 2),
        (&["check", "--nonsense", GYM], 2),
        (&["--help"], 0),
    ];
    for (arguments, code) in table {
        assert_eq!(planfit(arguments).code, code, "{arguments:?}");
    }
}

#[test]
fn one_run_writes_every_sink() {
    let directory = Directory::new();
    let json = directory.path().join("deep/er/findings.json");
    let sink = format!("json={}", json.display());
    let output = planfit(&["check", "--output", &sink, "--output", "github", GYM]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.starts_with("::error "), "{}", output.stdout);
    let report: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["summary"]["errors"], 6);
    let beside: Vec<_> = fs::read_dir(json.parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "nothing half written stays");
}

#[test]
fn two_machine_formats_cannot_share_standard_output() {
    let output = planfit(&["check", "--output", "json", "--output", "github", GYM]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
}

#[test]
fn in_actions_the_report_is_fenced_and_annotations_stand_behind_it() {
    let output = in_actions(&["check", GYM], &[("TFACTION_TARGET", "aws/gym")]);
    let lines: Vec<&str> = output.stdout.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::").unwrap();
    let end = lines.iter().position(|line| *line == format!("::{token}::")).unwrap();
    assert!(token.len() > 30 && lines[1..end].iter().all(|line| !line.trim_start().starts_with("::")));
    let annotations = &lines[end + 1..];
    assert!(annotations.iter().all(|line| line.starts_with("::")), "{annotations:?}");
    let first = annotations[0];
    assert!(first.starts_with("::error file=fixtures/fitness_gym/leftovers.tf,line=74,"), "{first}");
    assert!(first.contains("title=planfit ecs_task_without_logs (aws/gym)::"), "{first}");
    let again = in_actions(&["check", GYM], &[]).stdout;
    assert!(!again.contains(token), "a token is used once");
}

#[test]
fn annotations_can_be_switched_off_and_a_hook_has_none() {
    let plain = |output: Output| !output.stdout.contains("::error");
    assert!(plain(in_actions(&["check", "--ci", "none", GYM], &[])));
    assert!(plain(in_actions(&["check", "--annotations", "none", GYM], &[])));
    assert!(plain(in_actions(&["check", GYM], &[("PRE_COMMIT", "1")])));
}

#[test]
fn a_drift_job_never_fails_unless_it_is_asked_to() {
    let drift = [("TFACTION_DRIFT_ISSUE_NUMBER", "7")];
    assert_eq!(run(&["check", GYM], b"", &drift, &root()).code, 0);
    assert_eq!(run(&["check", "--fail-level", "high", GYM], b"", &drift, &root()).code, 1);
}

#[test]
fn the_source_is_where_tfaction_says() {
    let directory = Directory::new();
    let plan = fs::read(root().join(GYM)).unwrap();
    directory.write("elsewhere/tfplan.json", plan);
    directory.write("aws/gym/main.tf", "resource \"aws_db_instance\" \"main\" {\n  backup_retention_period = 0\n}\n");
    let variables = [("TFACTION_WORKING_DIR", "aws/gym")];
    let arguments =
        ["check", "--output", "json", "--policy", "database_backup_retention_short", "elsewhere/tfplan.json"];
    let report: Value = serde_json::from_str(&run(&arguments, b"", &variables, directory.path()).stdout).unwrap();
    let places: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|finding| &finding["location"]).collect();
    assert!(places.iter().any(|place| place["path"] == "aws/gym/main.tf" && place["start"]["line"] == 2), "{places:?}");
}

#[test]
fn paths_begin_at_the_git_root_or_where_we_are() {
    let inside = root().join("fixtures/fitness_gym");
    let first = |arguments: &[&str]| -> String {
        let report: Value = serde_json::from_str(&run(arguments, b"", &[], &inside).stdout).unwrap();
        report["findings"][0]["location"]["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(first(&["check", "--output", "json", "--path-base", "cwd", "tfplan.json"]), "leftovers.tf");
    if root().join(".git").exists() {
        assert_eq!(first(&["check", "--output", "json", "tfplan.json"]), "fixtures/fitness_gym/leftovers.tf");
    }
}

#[test]
fn colours_are_asked_for_or_absent() {
    assert!(!planfit(&["check", GYM]).stdout.contains('\u{1b}'), "no terminal, no colours");
    assert!(planfit(&["check", "--color", "always", GYM]).stdout.contains('\u{1b}'));
}

const INPUTS: [&str; 6] = [
    GYM,
    "fixtures/fitness_gym/state.json",
    "fixtures/fitness_gym/terraform.tfstate",
    "fixtures/fitness_gym_update/tfplan.json",
    "fixtures/fitness_gym_unchanged/tfplan.json",
    "fixtures/fitness_gym_fixed/tfplan.json",
];

#[test]
fn one_thread_or_two_the_bytes_are_the_same() {
    for input in INPUTS {
        for format in ["human", "github", "json"] {
            let bytes =
                |threads| planfit(&["check", "--threads", threads, "--output", format, "--show-unknown", input]).stdout;
            let one = bytes("1");
            assert!(one == bytes("2") && one == bytes("2"), "{input} as {format}");
        }
    }
}

/// Every text longer than five characters that a mask calls sensitive.
fn secrets(value: &Value, mask: &Value, found: &mut BTreeSet<String>) {
    match (value, mask) {
        (Value::String(text), Value::Bool(true)) if text.len() > 5 => drop(found.insert(text.clone())),
        (Value::Array(items), Value::Bool(true)) => items.iter().for_each(|item| secrets(item, mask, found)),
        (Value::Object(items), Value::Bool(true)) => items.values().for_each(|item| secrets(item, mask, found)),
        (Value::Array(items), Value::Array(masks)) => {
            items.iter().zip(masks).for_each(|(item, mask)| secrets(item, mask, found));
        }
        (Value::Object(items), Value::Object(masks)) => {
            masks.iter().for_each(|(name, mask)| secrets(items.get(name).unwrap_or(&Value::Null), mask, found));
        }
        _ => {}
    }
}

fn secrets_of(path: &Path) -> BTreeSet<String> {
    let plan: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut found = BTreeSet::new();
    for change in plan["resource_changes"].as_array().unwrap() {
        let change = &change["change"];
        secrets(&change["before"], &change["before_sensitive"], &mut found);
        secrets(&change["after"], &change["after_sensitive"], &mut found);
    }
    let declared = &plan["configuration"]["root_module"]["variables"];
    for (name, variable) in declared.as_object().unwrap() {
        if variable["sensitive"] == true {
            found.extend(plan["variables"][name]["value"].as_str().map(str::to_owned));
        }
    }
    found
}

#[test]
fn no_sensitive_value_of_the_fixtures_is_printed() {
    let mut known: BTreeSet<String> =
        ["not-a-real-password-0001".to_owned(), "not-a-real-api-key-0002".to_owned()].into();
    for input in INPUTS.iter().filter(|input| input.ends_with("tfplan.json")) {
        known.extend(secrets_of(&root().join(input)));
    }
    assert!(known.len() > 3, "the fixtures hold sensitive values: {}", known.len());
    for input in INPUTS {
        for format in ["human", "github", "json"] {
            let output = planfit(&["check", "--output", format, "--show-unknown", "--verbose", "--pedantic", input]);
            let leak = known
                .iter()
                .find(|secret| output.stdout.contains(secret.as_str()) || output.stderr.contains(secret.as_str()));
            assert_eq!(leak.map(String::len), None, "a sensitive value of {input} as {format}");
        }
    }
}
