//! A large plan is read past its planned values and its prior state. Nobody can tell by what is said of it.

use serde_json::{Value, json};

use crate::inputs::{addresses, check, refusal, report, small_plan};
use crate::support::{Directory, run};

/// A plan of more than two megabytes as Terraform writes it: on one line, the planned values before the changes.
fn large_plan(values: &Value) -> String {
    let planned = json!({"root_module": {"resources": [
        {"address": "aws_db_instance.main", "values": values}, {"padding": "x".repeat(2 << 20)}
    ]}});
    let small = small_plan();
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","variables":{{}},"planned_values":{planned},"resource_changes":{},"configuration":{{"root_module":{{}}}}}}"#,
        small["resource_changes"]
    )
}

#[test]
fn its_findings_are_those_of_a_small_plan() {
    let (code, small) = check(small_plan().to_string().as_bytes());
    for values in [
        json!({}),
        // What looks like the end of the planned values, but is not.
        json!({"a": {}, "resource_changes": [1], "resource_drift": []}),
        json!({"text": "},\"resource_changes\":[", "z": {}}),
        json!([[{"a": {}, "resource_drift": [{"b": {}, "resource_changes": [{}]}]}]]),
    ] {
        let (found, large) = check(large_plan(&values).as_bytes());
        assert_eq!((found, &large["findings"]), (code, &small["findings"]), "{values}");
        assert_eq!(addresses(&large), ["aws_db_instance.main"]);
        assert_eq!(large["remarks"], small["remarks"], "{values}");
    }
}

/// Tells of data sources by what it finds: the name of a bucket that is looked up.
const POLICY: &str = r#"
resource_policy "aws_db_instance" "bucket_is_known" {
  enforce {
    condition     = core::getdatasource("aws_s3_bucket", { bucket = "logs" }).bucket != "logs"
    error_message = "found"
  }
}
"#;

#[test]
fn the_data_sources_of_its_prior_state_are_read() {
    let bucket = json!({"address": "module.m[\"a,b\"].data.aws_s3_bucket.logs", "mode": "data", "type": "aws_s3_bucket",
        "name": "logs", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"bucket": "logs"}});
    let managed = json!({"address": "aws_s3_bucket.logs", "mode": "managed", "type": "aws_s3_bucket", "name": "logs",
        "values": {"bucket": "logs", "padding": "x".repeat(1 << 20)}});
    // As Terraform orders the keys.
    let ordered = |object: &Value| {
        let part = |key: &str| object.get(key).map(|value| format!("\"{key}\":{value}"));
        let parts = ["address", "mode", "type", "name", "provider_name", "values"].iter().filter_map(|key| part(key));
        format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
    };
    for (objects, expected) in [(vec![&managed, &bucket, &managed], 1), (vec![&managed, &managed], 0)] {
        let objects = objects.into_iter().map(ordered).collect::<Vec<_>>().join(",");
        let prior = format!(
            r#","prior_state":{{"format_version":"1.0","values":{{"root_module":{{"child_modules":[{{"resources":[{objects}]}}]}}}}}},"configuration":"#
        );
        let plan = large_plan(&json!({})).replace(",\"configuration\":", &prior);
        let directory = Directory::new();
        directory.write("plan.json", plan.as_bytes());
        directory.write("own/bucket.policy.hcl", POLICY.as_bytes());
        let arguments = ["check", "plan.json", "--output", "json", "--policies", "own", "--policy", "bucket_is_known"];
        let report = report(&run(&arguments, b"", &[], directory.path()));
        assert_eq!(report["findings"].as_array().unwrap().len(), expected, "{}", report["remarks"]);
    }
}

#[test]
fn what_looks_like_its_prior_state_but_is_not_is_read() {
    let (code, small) = check(small_plan().to_string().as_bytes());
    // A plan in an attribute, and no prior state of its own.
    let inner = r#"{"a":1,"prior_state":{"format_version":"1.0","values":{}},"configuration":{"root_module":{}}}"#;
    let plan = large_plan(&json!({})).replacen(r#""after":{"#, &format!(r#""after":{{"inner":{inner},"#), 1);
    assert!(plan.contains("inner"));
    let (found, large) = check(plan.as_bytes());
    assert_eq!((found, &large["findings"]), (code, &small["findings"]));
}

#[test]
fn it_is_broken_at_the_place_in_the_file() {
    let plan = large_plan(&json!({}));
    for offset in [plan.len() / 2, plan.len() - 300, plan.len() - 3] {
        let message = refusal(&plan.as_bytes()[..offset]);
        assert!(message.contains(&format!("at line 1, column {offset}: the file is truncated")), "{message}");
    }
    let message = refusal(format!("{plan}{plan}").as_bytes());
    assert!(message.contains(&format!("line 1, column {}", plan.len() + 1)), "{message}");
}
