//! HCL alone: a directory is judged like the plan of it, and what is not known without a provider is said.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

#[path = "hcl/edges.rs"]
mod edges;
#[path = "hcl/judged.rs"]
mod judged;
mod support;

/// What a policy says of one object.
type Verdicts = BTreeMap<(String, String, String), String>;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn check(arguments: &[&str], directory: &Path) -> Value {
    let arguments = [&["check", "--output", "json", "--show-unknown"], arguments].concat();
    let output = support::run(&arguments, b"", &[], directory);
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.stderr))
}

fn verdicts(report: &Value) -> Verdicts {
    let mut verdicts = Verdicts::new();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for finding in report["findings"].as_array().unwrap() {
        let place =
            format!("{}:{}", finding["location"]["path"].as_str().unwrap(), finding["location"]["start"]["line"]);
        for address in finding["instances"].as_array().unwrap() {
            let key = (text(&finding["verdict"]), text(&finding["policy"]), text(address));
            verdicts.insert(key, format!("{place} {}", text(&finding["message"])));
        }
    }
    verdicts
}

/// A line for each verdict that only one of the two has, or that they have in other words.
fn differences(stack: &str) -> Vec<String> {
    let directory = format!("fixtures/{stack}");
    let source = verdicts(&check(&[&directory], repository()));
    let plan = verdicts(&check(&[&format!("{directory}/tfplan.json")], repository()));
    let mut lines = Vec::new();
    for (key, message) in &plan {
        let (verdict, policy, address) = key;
        let line = |side: &str, message: &str| format!("{side}: {verdict} {policy} {address}\n    {message}");
        match source.get(key) {
            None => lines.push(line("only the plan", message)),
            Some(other) if other != message => {
                lines.push(line("the plan", message));
                lines.push(line("the source", other));
            }
            Some(_) => {}
        }
    }
    let only = source.iter().filter(|(key, _)| !plan.contains_key(*key));
    lines.extend(only.map(|((verdict, policy, address), message)| {
        format!("only the source: {verdict} {policy} {address}\n    {message}")
    }));
    lines
}

/// The difference is a snapshot to be read: each line of it must be something that only a plan or a state can know.
#[test]
fn the_gym_is_judged_as_hcl_like_its_plan() {
    let stacks = ["fitness_gym", "fitness_gym_unchanged", "fitness_gym_update", "fitness_gym_fixed"];
    let text = stacks.iter().map(|stack| format!("# {stack}\n{}\n", differences(stack).join("\n")));
    insta::assert_snapshot!("gym", text.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_form_of_a_reference_leads_as_far_as_in_the_plan() {
    assert_eq!(differences("references"), Vec::<String>::new());
}

#[test]
fn the_report_says_that_it_is_about_hcl_and_that_objects_are_at_rest() {
    let report = check(&["fixtures/fitness_gym"], repository());
    assert_eq!(report["run"]["mode"], "hcl");
    assert_eq!(report["run"]["working_directory"], "fixtures/fitness_gym");
    let operations =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["operation"].as_str().unwrap());
    assert!(operations.clone().count() > 20 && operations.clone().all(|operation| operation == "no-op"));
}

#[test]
fn files_of_a_directory_select_it_once() {
    let files = ["fixtures/fitness_gym/alb.tf", "fixtures/fitness_gym/locals.tf", "fixtures/fitness_gym"];
    let (whole, selected) = (check(&["fixtures/fitness_gym"], repository()), check(&files, repository()));
    assert_eq!(whole, selected);
}
