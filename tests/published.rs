//! Files in the syntax that is published for Terraform Policy: `tests/language/published/` uses each construct of it, and
//! everything there loads, runs, and says of what planfit does not run that it is not decided, and why.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::path::Path;

use serde_json::Value;

use support::{Directory, run};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const FILES: &str = "tests/language/published";

#[test]
fn every_file_loads() {
    let output = run(&["policy", "validate", FILES], b"", &[], repository());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
    let count: usize = output.stdout.split(' ').next().unwrap().parse().unwrap();
    assert!(count >= 110, "60 policy files and their tests are there: {}", output.stdout);
}

#[test]
fn every_mock_comes_out_as_it_says() {
    let arguments = ["policy", "test", FILES];
    let output = run(&arguments, b"", &[], repository());
    assert_eq!(output.code, 0, "{}", output.stdout);
    let last = output.stdout.lines().last().unwrap();
    assert!(last.contains(" 0 failed") && !last.starts_with("0 passed"), "{last}");
}

// A first apply: the topic has a name, and its ARN is not known.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
  {"address":"aws_sns_topic.orders","mode":"managed","type":"aws_sns_topic","name":"orders",
   "provider_name":"registry.terraform.io/hashicorp/aws",
   "change":{"actions":["create"],"before":null,"after":{"name":"orders","display_name":"Orders","fifo_topic":false,"tags":{"owner":"shop"}},
   "after_unknown":{"arn":true}}}]}"#;

/// Policy, verdict and message of each finding of the plan under the files.
fn found() -> Vec<(String, String, String)> {
    let directory = Directory::new();
    directory.write("plan.json", PLAN);
    let files = repository().join(FILES);
    let arguments = ["check", "plan.json", "--policies", files.to_str().unwrap(), "--policy", "custom"];
    let arguments = [&arguments[..], &["--show-unknown", "--output", "json"]].concat();
    let output = run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (text(finding, "policy"), text(finding, "verdict"), text(finding, "message"))).collect()
}

#[test]
fn what_is_not_run_is_not_decided_and_says_why() {
    let found = found();
    let of = |policy: &str| {
        let found = found.iter().find(|(id, ..)| id == policy);
        let (_, verdict, message) = found.unwrap_or_else(|| panic!("{policy} says nothing: {found:?}"));
        (verdict.as_str(), message.as_str())
    };
    assert_eq!(
        of("named_by_a_plugin"),
        ("unknown", "plugin::naming::is_good(attrs.name) is not known: plugin functions are not run")
    );
    let http = "core::gethttprequest(\"https://example.com/health\", { Authorization = \"Bearer ${i… is not known: HTTP \
                requests are not made";
    assert_eq!(of("asked_over_http"), ("unknown", http));
    assert_eq!(of("body_over_http").0, "unknown");
    assert!(of("body_over_http").1.ends_with("is not known: HTTP requests are not made"), "{}", of("body_over_http").1);
    let data = "core::getdatasource(\"aws_lambda_function\", { function_name = \"gate\" }) is not known: the plan holds no \
                such data source, and none is read here";
    assert_eq!(of("needs_a_data_source"), ("unknown", data));
}

#[test]
fn everything_else_is_decided() {
    let open: Vec<_> =
        found().into_iter().filter(|(_, verdict, _)| verdict != "fail").map(|(policy, ..)| policy).collect();
    let mut open = open;
    open.sort();
    assert_eq!(open, ["asked_over_http", "body_over_http", "named_by_a_plugin", "needs_a_data_source"]);
}
