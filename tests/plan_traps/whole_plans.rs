//! Plans that are not whole (19) and plans that destroy (20).

use serde_json::json;

use crate::checking::{DELETED, NOTHING, REPLACED, check};
use crate::documents::{change, create, group, plan, with};

#[test]
fn a_plan_that_is_not_whole_says_so() {
    let cases = [
        (
            json!({"errored": true, "complete": false, "applyable": false}),
            "the plan stopped on an error and is not whole",
        ),
        (json!({"complete": false}), "the plan is not complete (-target, or changes put off)"),
        (
            json!({"complete": false, "deferred_changes": [{"reason": "instance_count_unknown",
                "resource_change": create("aws_cloudwatch_log_group.later", group(3))}]}),
            "the plan is not complete (-target, or changes put off)",
        ),
    ];
    for (members, words) in cases {
        let document = with(plan(&[create("aws_db_instance.d", json!({"multi_az": true}))]), members);
        let checked = check(&document, &[]);
        let warnings = checked.remarks("warning");
        assert_eq!(warnings.len(), 1, "{document}");
        assert!(warnings[0].starts_with(&format!("input.json: {words}")), "{warnings:?}");
        assert!(warnings[0].ends_with("not judged"), "{warnings:?}");
    }
}

#[test]
fn a_whole_plan_says_nothing_of_the_kind() {
    for members in [json!({}), json!({"complete": true, "errored": false}), json!({"complete": null, "errored": null})]
    {
        let document = with(plan(&[create("aws_db_instance.d", json!({"multi_az": true}))]), members);
        assert_eq!(check(&document, &[]).remarks("warning"), NOTHING);
    }
}

#[test]
fn a_destroy_plan_replaces_nothing() {
    let values = json!({"identifier": "d", "skip_final_snapshot": true});
    let changes = [
        change("aws_db_instance.d", &["delete"], json!({"before": values, "after_unknown": {}})),
        change("aws_lb.l", &["delete"], json!({"before": {"name": "l"}})),
    ];
    let mut document = plan(&changes);
    document["planned_values"] = json!({"root_module": {}});
    assert_eq!(check(&document, &[REPLACED, "serving_resource_replaced"]).messages(), NOTHING);
    assert_eq!(check(&document, &[DELETED]).failing(), ["aws_db_instance.d"], "what is lost is said");
}

#[test]
fn drift_is_not_a_change() {
    let drift = change("aws_db_instance.d", &["delete"], json!({"before": {"skip_final_snapshot": true}}));
    let mut document = plan(&[]);
    document["resource_drift"] = json!([drift]);
    let checked = check(&document, &[]);
    let policies: Vec<&str> = checked.findings().iter().filter_map(|finding| finding["policy"].as_str()).collect();
    assert_eq!((policies, checked.resources()), (vec!["plan_not_trustworthy"], 0), "the plan is told of, no object");
}
