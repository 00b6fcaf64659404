//! Whole stacks: every finding of the gym stands where a marker comment in its .tf files says, whatever the input.

#![expect(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

#[path = "fixtures/stacks.rs"]
mod stacks;

/// Path, line, column, policy.
type Place = (String, u64, u64, String);

fn check(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_planfit"))
        .args(["check", "--output", "json", "--show-unknown"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout);
    report.unwrap_or_else(|_| panic!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn findings<'r>(report: &'r Value, verdict: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter(|finding| finding["verdict"] == verdict).collect()
}

fn places(report: &Value) -> BTreeSet<Place> {
    let place = |finding: &Value| {
        let location = &finding["location"];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no place: {finding}")).to_owned();
        let start = &location["start"];
        let (line, column) = (start["line"].as_u64().unwrap(), start["column"].as_u64().unwrap());
        (text(&location["path"]), line, column, text(&finding["policy"]))
    };
    findings(report, "fail").into_iter().map(place).collect()
}

/// `# expect: policy, policy` at the end of a line: a finding starts at the first character of that line.
fn markers(directory: &str) -> BTreeSet<Place> {
    let mut markers = BTreeSet::new();
    let mut open = vec![Path::new(directory).to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&next)).unwrap().map(Result::unwrap) {
            let path = next.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                let text = fs::read_to_string(entry.path()).unwrap();
                markers.extend(markers_of(path.to_str().unwrap(), &text));
            }
        }
    }
    markers
}

fn markers_of(path: &str, text: &str) -> Vec<Place> {
    let mut markers = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((code, policies)) = line.split_once("# expect: ") else { continue };
        let column = code.chars().take_while(|character| *character == ' ').count() as u64 + 1;
        let policies = policies.split(',').map(|policy| policy.trim().to_owned());
        markers.extend(policies.map(|policy| (path.to_owned(), number, column, policy)));
    }
    markers
}

#[track_caller]
fn every_finding_is_marked(directory: &str) {
    let report = check(&[&format!("{directory}/tfplan.json")]);
    let (found, marked) = (places(&report), markers(directory));
    assert!(marked.len() > 20, "the markers of {directory} are gone");
    let (more, fewer): (Vec<_>, Vec<_>) = (found.difference(&marked).collect(), marked.difference(&found).collect());
    assert!(more.is_empty() && fewer.is_empty(), "without a marker: {more:#?}\nnot found: {fewer:#?}");
}

#[test]
fn every_finding_of_the_first_apply_is_marked() {
    every_finding_is_marked("fixtures/fitness_gym");
}

#[test]
fn every_finding_of_the_unchanged_stack_is_marked() {
    every_finding_is_marked("fixtures/fitness_gym_unchanged");
}

#[test]
fn every_finding_of_the_update_is_marked() {
    every_finding_is_marked("fixtures/fitness_gym_update");
}

#[test]
fn the_fixed_stack_is_clean() {
    let report = check(&["fixtures/fitness_gym_fixed/tfplan.json"]);
    assert_eq!(report["outcome"], "pass");
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{}", report["findings"]);
}

/// Policy and address of every failing instance.
fn failing(report: &Value) -> BTreeSet<(String, String)> {
    let mut failing = BTreeSet::new();
    for finding in findings(report, "fail") {
        let policy = finding["policy"].as_str().unwrap();
        let instances = finding["instances"].as_array().unwrap();
        failing.extend(instances.iter().map(|address| (policy.to_owned(), address.as_str().unwrap().to_owned())));
    }
    failing
}

/// Policies that judge only what stays as it is: what is made in this plan is no leftover yet.
const AT_REST: [&str; 1] = ["lightsail_leftover_after_migration"];

/// Policies on what the source declares: without it they have nothing to judge.
const OF_SOURCE: [&str; 1] = ["count_over_list"];

#[test]
fn a_first_apply_is_judged_like_the_state_after_it() {
    let plan = check(&["fixtures/fitness_gym/tfplan.json"]);
    for state in ["fixtures/fitness_gym/state.json", "fixtures/fitness_gym/terraform.tfstate"] {
        let (plan, state) = (failing(&plan), failing(&check(&[state])));
        let (lost, new): (Vec<_>, Vec<_>) = (plan.difference(&state).collect(), state.difference(&plan).collect());
        assert!(lost.is_empty(), "{lost:#?}");
        assert_eq!(new.iter().map(|(policy, _)| policy.as_str()).collect::<BTreeSet<_>>(), AT_REST.into());
    }
    assert_eq!(plan["summary"]["unknown"], 0, "nothing may stay undecided with the source at hand");
}

#[test]
fn without_source_nothing_new_fails_and_what_is_lost_is_unknown() {
    let empty = env::temp_dir().join("planfit_no_source");
    fs::create_dir_all(&empty).unwrap();
    for stack in ["fitness_gym", "fitness_gym_update", "fitness_gym_fixed"] {
        let plan = format!("fixtures/{stack}/tfplan.json");
        let (with, without) = (check(&[&plan]), check(&[&plan, "--dir", empty.to_str().unwrap()]));
        let lost: BTreeSet<(String, String)> = failing(&with).difference(&failing(&without)).cloned().collect();
        let unknown: BTreeSet<(String, String)> = findings(&without, "unknown")
            .iter()
            .flat_map(|finding| {
                let policy = finding["policy"].as_str().unwrap();
                let instances = finding["instances"].as_array().unwrap();
                instances.iter().map(move |address| (policy.to_owned(), address.as_str().unwrap().to_owned()))
            })
            .collect();
        assert!(failing(&without).is_subset(&failing(&with)), "{stack}: false alarms without source");
        let silent = lost.difference(&unknown).filter(|(policy, _)| !OF_SOURCE.contains(&policy.as_str()));
        let silent: Vec<_> = silent.collect();
        assert!(silent.is_empty(), "{stack}: lost in silence: {silent:#?}");
        assert!(findings(&without, "fail").iter().all(|finding| finding["location"].is_null()));
    }
}

/// What a reader of the update's report sees, a line each.
#[test]
fn the_update_reads_like_this() {
    let report = check(&["fixtures/fitness_gym_update/tfplan.json"]);
    let lines = findings(&report, "fail").into_iter().map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        let place =
            format!("{}:{}", finding["location"]["path"].as_str().unwrap(), finding["location"]["start"]["line"]);
        let place = place.trim_start_matches("fixtures/fitness_gym_update/").to_owned();
        format!(
            "{:7} {:8} {:9} {place} {}\n        {}",
            text("level"),
            text("severity"),
            text("operation"),
            text("policy"),
            text("message")
        )
    });
    insta::assert_snapshot!("update", lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn ways_out_that_types_share_are_printed_once() {
    let output = Command::new(env!("CARGO_BIN_EXE_planfit"))
        .args(["check", "fixtures/references/state.json", "--policy", "image_tag_mutable"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("options:\n").count(), 2, "one of a task, one of the repositories: {text}");
    assert!(text.contains("options: as for aws_ecr_repository.app above"), "{text}");
}
