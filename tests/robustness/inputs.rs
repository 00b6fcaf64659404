//! The files that are broken here, and what a run says of one.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Directory, Output, run};

pub(crate) const GYM: &str = "fixtures/fitness_gym";

pub(crate) const SHOW: &str = "`terraform show -json PLAN > plan.json`";

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn fixture(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap()
}

pub(crate) fn gym() -> Vec<u8> {
    fixture("fixtures/fitness_gym/tfplan.json")
}

/// One database without a standby, which is a finding of high severity, and one log group that is in order.
pub(crate) fn small_plan() -> Value {
    json!({"format_version": "1.2", "terraform_version": "1.11.4",
        "resource_changes": [
            {"address": "aws_db_instance.main", "mode": "managed", "type": "aws_db_instance", "name": "main",
             "change": {"actions": ["create"], "before": null, "after": {"engine": "postgres", "multi_az": false}}},
            {"address": "aws_cloudwatch_log_group.main", "mode": "managed", "type": "aws_cloudwatch_log_group",
             "name": "main",
             "change": {"actions": ["create"], "before": null, "after": {"name": "main", "retention_in_days": 30}}}],
        "configuration": {"root_module": {}}})
}

pub(crate) fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Checks one file of these bytes for the standby of databases only.
#[track_caller]
pub(crate) fn check(content: &[u8]) -> (i32, Value) {
    let directory = Directory::new();
    directory.write("plan.json", content);
    let policy = "rds_instance_without_standby";
    let arguments = ["check", "plan.json", "--output", "json", "--fail-level", "high", "--policy", policy];
    let output = run(&arguments, b"", &[], directory.path());
    (output.code, report(&output))
}

/// What is said of a file that cannot be read.
#[track_caller]
pub(crate) fn refusal(content: &[u8]) -> String {
    let (code, report) = check(content);
    assert_eq!((code, &report["outcome"]), (2, &json!("error")));
    assert_eq!(report["findings"], json!([]));
    assert_eq!(report["not_evaluated"][0]["subject"], "plan.json");
    let errors = messages(&report, "error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].strip_prefix("plan.json: ").unwrap_or_else(|| panic!("no place: {errors:?}")).to_owned()
}

pub(crate) fn messages(report: &Value, level: &str) -> Vec<String> {
    let remarks = report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
    remarks.map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn addresses(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["address"].as_str().unwrap()).collect()
}

pub(crate) fn nested(levels: usize) -> Value {
    (0..levels).fold(json!("bottom"), |value, level| if level % 2 == 0 { json!([value]) } else { json!({"a": value}) })
}
