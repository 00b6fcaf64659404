//! What the command writes of a whole stack in a step of GitHub Actions, for reading: all policies, every format.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};

use crate::every::{FORMATS, is_well_formed};
use crate::support::{Directory, run};

const STEP: [(&str, &str); 6] = [
    ("TFACTION_TARGET", "gym/update"),
    ("GITHUB_SERVER_URL", "https://github.com"),
    ("GITHUB_REPOSITORY", "fitness/infra"),
    ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
    ("GITHUB_RUN_ID", "17"),
    ("GITHUB_JOB", "plan"),
];

#[test]
fn the_update_of_the_gym_in_every_format() {
    let directory = Directory::new();
    let path = |format: &str| directory.path().join(format).to_str().unwrap().to_owned();
    let sinks = FORMATS.map(|format| format!("--output={format}={}", path(format)));
    let mut arguments = vec!["check", "fixtures/fitness_gym_update/tfplan.json", "--quiet", "--ci", "github"];
    arguments.extend(sinks.iter().map(String::as_str));
    let output = run(&arguments, b"", &STEP, Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (1, "", ""));
    for format in FORMATS {
        let written = fs::read_to_string(path(format)).unwrap();
        is_well_formed(format, &written, "the gym");
        let shown = if format == "sarif" { in_lines(&written) } else { written };
        insta::assert_snapshot!(format, steady(&shown));
    }
}

// A release or a comment in the fixture changes no snapshot.
fn steady(text: &str) -> String {
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    let text = text.replace(&format!("blob/v{VERSION}"), "blob/[VERSION]");
    let own = Regex::new(&format!(r#"("(?:semanticV|v)ersion": ?)"{}""#, regex::escape(VERSION))).unwrap();
    let hash = Regex::new(r#"("primaryLocationLineHash": ?)"[0-9a-f]+:\d+""#).unwrap();
    hash.replace_all(&own.replace_all(&text, "$1\"[VERSION]\""), "$1\"[HASH]\"").into_owned()
}

// A line for each rule and each result. Of rules without a result only the id is shown: what policies say of themselves
// stands in their pages. The help in Markdown says what the summary says.
fn in_lines(sarif: &str) -> String {
    let mut log: Value = serde_json::from_str(sarif).unwrap();
    let results = log["runs"][0]["results"].take();
    let mut rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    let results = results.as_array().unwrap();
    let used: BTreeSet<&str> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    for rule in rules.as_array_mut().unwrap() {
        if used.contains(rule["id"].as_str().unwrap()) {
            assert!(rule["help"].as_object_mut().unwrap().remove("markdown").is_some());
        } else {
            *rule = json!({ "id": rule["id"] });
        }
    }
    let lines = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let log = serde_json::to_string_pretty(&log).unwrap();
    format!("{log}\n\nrules:\n{}\n\nresults:\n{}", lines(rules.as_array().unwrap()), lines(results))
}
