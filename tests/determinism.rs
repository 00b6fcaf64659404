//! Same input, same bytes: with one thread or several, again and again, in every format.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use support::{Directory, Output, run};

/// Plans and states of the fixtures.
const INPUTS: [&str; 6] = [
    "fixtures/fitness_gym/tfplan.json",
    "fixtures/fitness_gym/state.json",
    "fixtures/fitness_gym/terraform.tfstate",
    "fixtures/fitness_gym_update/tfplan.json",
    "fixtures/fitness_gym_unchanged/tfplan.json",
    "fixtures/fitness_gym_fixed/tfplan.json",
];

/// All that one run says: what it prints, and the files of the other formats.
#[derive(PartialEq, Eq)]
struct Said {
    output: Output,
    json: String,
    annotations: String,
}

#[track_caller]
fn say(inputs: &[&str], more: &[&str], threads: &str, from: &Path) -> Said {
    let files = Directory::new();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let (json, github) = (format!("json={}", path("json")), format!("github={}", path("github")));
    let sinks = ["--output", &json, "--output", &github, "--show-unknown", "--pedantic", "--threads", threads];
    let output = run(&[&["check"], inputs, more, &sinks].concat(), b"", &[], from);
    let read = |name: &str| fs::read_to_string(path(name)).unwrap();
    Said { output, json: read("json"), annotations: read("github") }
}

#[track_caller]
fn always_says_the_same(inputs: &[&str], more: &[&str], from: &Path) -> Said {
    let first = say(inputs, more, "1", from);
    assert_eq!(first.output.stderr, "");
    assert!(first.output.code < 2, "{}", first.output.stdout);
    for threads in ["1", "2", "4", "2"] {
        assert!(say(inputs, more, threads, from) == first, "{inputs:?} {more:?} with {threads} threads");
    }
    first
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_fixture_is_reported_in_the_same_bytes() {
    for input in INPUTS {
        let said = always_says_the_same(&[input], &["--verbose", "--color", "always"], root());
        assert!(said.output.stdout.contains("resources"), "{input}");
    }
}

#[test]
fn all_fixtures_together_are_reported_in_the_same_bytes() {
    let said = always_says_the_same(&INPUTS, &[], root());
    assert!(said.json.matches("\"policy\":").count() > 100);
}

#[test]
fn nothing_of_the_machine_is_in_a_report() {
    let said = say(&INPUTS, &["--verbose"], "2", root());
    let home = std::env::var("HOME").unwrap();
    for text in [&said.output.stdout, &said.json, &said.annotations] {
        assert!(!text.contains(root().to_str().unwrap()), "an absolute path");
        assert!(home.len() < 3 || !text.contains(&format!("{home}/")), "the user's name");
        assert!(!text.contains(" ms") && !text.contains("\\\\"), "a duration or another separator");
    }
}

/// Far more objects than one task judges, in modules and with keys, in an order that means nothing.
fn large_plan() -> Value {
    let mut changes = Vec::new();
    for number in 0..300_u64 {
        let scrambled = number * 7919 % 300;
        let module = ["", "module.a.", "module.b[\"x.y\"].", "module.b[\"x\"].module.c[3]."]
            [usize::try_from(number % 4).unwrap()];
        let mut create = |kind: &str, after: Value, unknown: Value| {
            changes.push(json!({"address": format!("{module}{kind}.r[{scrambled}]"), "type": kind, "name": "r",
                "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown}}));
        };
        create(
            "aws_cloudwatch_log_group",
            json!({"name": format!("g{scrambled}"), "retention_in_days": number % 5}),
            json!({}),
        );
        create("aws_eip", json!({}), json!({"id": true, "allocation_id": true, "public_ip": true}));
        create("aws_db_instance", json!({"engine": "postgres"}), json!({"multi_az": number % 3 == 0}));
    }
    let blocks = json!([
        {"address": "aws_eip.r", "mode": "managed", "type": "aws_eip", "name": "r", "count_expression": {}},
        {"address": "aws_db_instance.r", "mode": "managed", "type": "aws_db_instance", "name": "r", "count_expression": {},
         "expressions": {"multi_az": {"references": ["var.multi_az"]}}}
    ]);
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {"resources": blocks}}})
}

#[test]
fn a_plan_of_many_tasks_is_reported_in_the_same_bytes() {
    let directory = Directory::new();
    directory.write("plan.json", large_plan().to_string());
    let source =
        "resource \"aws_cloudwatch_log_group\" \"r\" {\n  count = 300\n}\n\nmodule \"a\" {\n  source = \"./a\"\n}\n";
    directory.write("main.tf", source);
    directory.write("a/main.tf", "resource \"aws_db_instance\" \"r\" {\n  count = 300\n}\n");
    let said = always_says_the_same(&["plan.json"], &[], directory.path());
    let report: Value = serde_json::from_str(&said.json).unwrap();
    assert_eq!(report["summary"]["resources"], 900);
    assert!(report["summary"]["unknown"].as_u64().unwrap() > 10);
    let instances: usize = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["instances"].as_array().unwrap().len())
        .sum();
    assert!(instances > 600, "{instances}");
}

#[test]
fn findings_are_in_the_order_that_is_promised() {
    let directory = Directory::new();
    directory.write("plan.json", large_plan().to_string());
    for (input, from) in [("plan.json", directory.path()), (INPUTS[3], root())] {
        let said = say(&[input], &[], "2", from);
        let report: Value = serde_json::from_str(&said.json).unwrap();
        let rank = |word: &Value, order: &[&str]| order.iter().position(|name| word == name).unwrap();
        let keys: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let place = &finding["location"];
                let start = |name: &str| place["start"][name].as_u64();
                (
                    rank(&finding["level"], &["error", "warning", "notice"]),
                    rank(&finding["severity"], &["critical", "high", "medium", "low"]),
                    (place.is_null(), place["path"].as_str(), start("line"), start("column")),
                    finding["policy"].as_str(),
                    finding["address"].as_str(),
                )
            })
            .collect();
        assert!(keys.len() > 3 && keys.is_sorted(), "{input}: {keys:#?}");
    }
}

#[test]
fn the_order_of_the_changes_does_not_matter() {
    let mut plan = large_plan();
    let directory = Directory::new();
    directory.write("plan.json", plan.to_string());
    let forwards = say(&["plan.json"], &[], "2", directory.path());
    plan["resource_changes"].as_array_mut().unwrap().reverse();
    directory.write("plan.json", plan.to_string());
    assert!(say(&["plan.json"], &[], "2", directory.path()) == forwards);
}
