//! A stack with two findings, and what a run leaves behind.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Directory, Output, run};

/// A service without a circuit breaker (an error) and a log group that lasts three days (a warning).
pub(crate) const SOURCE: &str = r#"resource "aws_ecs_service" "web" {
  name          = "web"
  desired_count = 2
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "web"
  retention_in_days = 3
}
"#;

pub(crate) const BREAKER: &str = "ecs_no_circuit_breaker";
pub(crate) const RETENTION: &str = "log_group_retention_too_short";

pub(crate) fn change(address: &str, after: Value) -> Value {
    json!({"address": address, "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": {}}})
}

pub(crate) fn plan(changes: &[Value]) -> String {
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

pub(crate) fn web() -> String {
    plan(&[
        change("aws_ecs_service.web", json!({"name": "web", "desired_count": 2, "deployment_circuit_breaker": []})),
        change("aws_cloudwatch_log_group.web", json!({"name": "web", "retention_in_days": 3})),
    ])
}

/// A stack with its plan: `main.tf` and `plan.json`.
pub(crate) fn stack() -> Directory {
    let directory = Directory::new();
    directory.write("main.tf", SOURCE);
    directory.write("plan.json", web());
    directory
}

pub(crate) const BOTH: [&str; 6] = ["check", "plan.json", "--policy", BREAKER, "--policy", RETENTION];

#[track_caller]
pub(crate) fn check_with(more: &[&str], variables: &[(&str, &str)]) -> Output {
    run(&[&BOTH[..], more].concat(), b"", variables, stack().path())
}

#[track_caller]
pub(crate) fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

pub(crate) fn places(report: &Value) -> Vec<String> {
    let place = |finding: &Value| {
        let location = &finding["location"];
        format!("{}:{}", location["path"].as_str().unwrap_or("nowhere"), location["start"]["line"])
    };
    report["findings"].as_array().unwrap().iter().map(place).collect()
}

pub(crate) fn messages(report: &Value, level: &str) -> Vec<String> {
    let remarks = report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
    remarks.map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

/// The files below a directory, temporary ones too.
pub(crate) fn files(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What a step of GitHub Actions has in its environment.
pub(crate) const ACTIONS: [(&str, &str); 1] = [("GITHUB_ACTIONS", "true")];
