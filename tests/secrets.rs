//! No sensitive value of the fixtures is in any output: the masks of the plans say which values those are.

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
use support::{Output, run};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn planfit(arguments: &[&str]) -> Output {
    run(arguments, b"", &[], &root())
}

const INPUTS: [&str; 6] = [
    "fixtures/fitness_gym/tfplan.json",
    "fixtures/fitness_gym/state.json",
    "fixtures/fitness_gym/terraform.tfstate",
    "fixtures/fitness_gym_update/tfplan.json",
    "fixtures/fitness_gym_unchanged/tfplan.json",
    "fixtures/fitness_gym_fixed/tfplan.json",
];

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
        for format in ["human", "github", "json", "sarif", "rdjsonl", "junit", "markdown", "comment", "issue"] {
            let output = planfit(&["check", "--output", format, "--show-unknown", "--verbose", "--pedantic", input]);
            let leak = known
                .iter()
                .find(|secret| output.stdout.contains(secret.as_str()) || output.stderr.contains(secret.as_str()));
            assert_eq!(leak.map(String::len), None, "a sensitive value of {input} as {format}");
        }
    }
}
