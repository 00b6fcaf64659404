//! Actions: that they are pinned, and that ours has the inputs and outputs that are named.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use crate::page::{documents, objects, pages, text, workflows};

/// Stands where a reader puts a commit.
const MADE_UP: &str = "0123456789abcdef0123456789abcdef01234567";

fn manifest() -> Value {
    serde_saphyr::from_str(&text("action.yml")).unwrap()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_block_of_yaml_can_be_read() {
    assert!(documents().len() > 15);
}

#[test]
fn every_action_is_pinned_by_one_commit_with_its_version() {
    let line = Regex::new(r"^\s*(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # (\S.*)$").unwrap();
    let mut commits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in pages().into_iter().chain(workflows()) {
        for used in text(&path).lines().filter(|line| line.contains("uses: ")) {
            let found = line.captures(used).unwrap_or_else(|| unreachable!("{path}: {used}"));
            commits.entry(found[1].to_owned()).or_default().insert(format!("{} {}", &found[2], &found[3]));
            // Ours alone has no commit that a page could know; the page says where to find it.
            if &found[2] == MADE_UP {
                assert!(&found[1] == "planfit/planfit" && text(&path).contains("40 digits"), "{path}: {used}");
            }
        }
    }
    for (action, commits) in commits {
        assert_eq!(commits.len(), 1, "{action}: {commits:?}");
    }
}

#[test]
fn our_action_has_the_inputs_that_are_given_to_it() {
    let known = keys(&manifest()["inputs"]);
    let mut count = 0;
    for (place, document) in documents() {
        let steps = objects(&document);
        for step in steps.iter().filter(|step| step.get("uses").is_some_and(is_ours)) {
            count += 1;
            for name in step.get("with").map(keys).unwrap_or_default() {
                assert!(known.contains(&name), "{place}: {name}");
            }
        }
    }
    assert!(count > 8, "{count}");
}

fn is_ours(uses: &Value) -> bool {
    uses.as_str().unwrap().starts_with("planfit/planfit@")
}

#[test]
fn our_action_has_the_outputs_that_are_taken_from_it() {
    let known = keys(&manifest()["outputs"]);
    let output = Regex::new(r"steps\.([\w-]+)\.outputs\.([\w-]+)").unwrap();
    let mut count = 0;
    for (place, document) in documents() {
        let objects = objects(&document);
        let ours = |id: &str| {
            id == "planfit"
                || objects
                    .iter()
                    .any(|step| step.get("id").is_some_and(|own| own == id) && step.get("uses").is_some_and(is_ours))
        };
        for found in output.captures_iter(&document.to_string()).filter(|found| ours(&found[1])) {
            count += 1;
            assert!(known.contains(&found[2]), "{place}: {}", &found[0]);
        }
    }
    assert!(count > 4, "{count}");
}

#[test]
fn the_tables_of_inputs_and_outputs_are_those_of_the_action() {
    let manifest = manifest();
    let page = text("docs/ci/README.md");
    let table = |name: &str| {
        let (_, rest) = page.split_once(&format!("<!-- {name}:begin -->\n")).unwrap();
        rest.split_once(&format!("<!-- {name}:end -->")).unwrap().0.to_owned()
    };
    let inputs = manifest["inputs"].as_object().unwrap().iter().map(|(name, input)| {
        let default = input["default"].as_str().unwrap();
        let default = if default.is_empty() { String::new() } else { format!("`{default}` ") };
        format!("| `{name}` | {} | {default}|\n", input["description"].as_str().unwrap())
    });
    let mut inputs: Vec<String> = inputs.collect();
    inputs.sort();
    assert_eq!(table("inputs"), format!("| input | meaning | default |\n|---|---|---|\n{}", inputs.concat()));
    let outputs = manifest["outputs"].as_object().unwrap().iter();
    let mut outputs: Vec<String> =
        outputs.map(|(name, output)| format!("| `{name}` | {} |\n", output["description"].as_str().unwrap())).collect();
    outputs.sort();
    assert_eq!(table("outputs"), format!("| output | what it is |\n|---|---|\n{}", outputs.concat()));
}
