//! A large plan is read past its planned values. Nobody can tell by what is said of it.

use serde_json::{Value, json};

use crate::inputs::{addresses, check, refusal, small_plan};

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
