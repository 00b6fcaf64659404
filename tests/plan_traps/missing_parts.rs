//! Parts that are missing or null (4), check results (27) and what a later Terraform may write (28).

use serde_json::{Value, json};

use crate::checking::{RETENTION, STANDBY, check};
use crate::documents::{
    block, change, create, create_unknown, group, merge, plan, plan_of, raw_group, raw_state, state, with,
};

#[test]
fn a_plan_without_changes_is_judged_by_its_planned_values_and_says_so() {
    let resource = json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
        "name": "g", "values": group(3)});
    for absent in [json!({}), json!({"resource_changes": null})] {
        let mut document =
            json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}});
        merge(&mut document, absent);
        let checked = check(&document, &[RETENTION]);
        assert_eq!(checked.failing(), ["aws_cloudwatch_log_group.g"]);
        let gaps = checked.gaps();
        assert!(gaps[0].starts_with("input.json: the plan has no resource_changes"), "{gaps:?}");
    }
}

#[test]
fn a_plan_without_configuration_says_what_it_cannot_resolve() {
    let mut document = plan(&[create("aws_cloudwatch_log_group.g", group(3))]);
    document.as_object_mut().unwrap().remove("configuration");
    let checked = check(&document, &[RETENTION]);
    assert_eq!(checked.failing(), ["aws_cloudwatch_log_group.g"]);
    assert_eq!(
        checked.gaps(),
        ["input.json: the plan has no configuration: references between new objects are not resolved"]
    );
}

#[test]
fn without_configuration_an_unknown_attribute_is_not_taken_for_unset() {
    let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
    let mut document = plan(&[unknown]);
    document.as_object_mut().unwrap().remove("configuration");
    let checked = check(&document, &[STANDBY]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_db_instance.d"]));
}

#[test]
fn every_top_level_key_may_be_null_or_absent() {
    let only = json!({"resource_changes": [create("aws_cloudwatch_log_group.g", group(3))]});
    let mut nulls = only.clone();
    for key in ["format_version", "terraform_version", "planned_values", "prior_state", "configuration", "variables"] {
        nulls[key] = Value::Null;
    }
    for key in ["output_changes", "resource_drift", "checks", "errored", "complete", "timestamp", "relevant_attributes"]
    {
        nulls[key] = Value::Null;
    }
    for document in [only, nulls] {
        let checked = check(&document, &[RETENTION]);
        assert_eq!((checked.code, checked.failing()), (0, vec!["aws_cloudwatch_log_group.g"]), "{document}");
    }
}

#[test]
fn a_plan_of_outputs_alone_has_no_findings() {
    let document = json!({"format_version": "1.2", "output_changes": {"o": {"actions": ["create"], "after": "x"}}});
    let checked = check(&document, &[]);
    assert_eq!((checked.code, checked.findings().len(), checked.resources()), (0, 0, 0));
}

#[test]
fn check_results_may_be_null_on_every_level() {
    for results in [
        Value::Null,
        json!([]),
        json!([{"object_kind": "check", "config_addr": "check.c", "status": "pass", "objects": null}]),
        json!([{"object_kind": "check", "config_addr": "check.c", "status": "fail",
            "objects": [{"object_addr": "check.c", "status": "fail", "failure_messages": null}]}]),
    ] {
        let mut document = raw_state(json!([raw_group(json!([{"attributes": group(3)}]))]));
        document["check_results"] = results;
        assert_eq!(check(&document, &[RETENTION]).failing().len(), 1, "{document}");
    }
}

#[test]
fn fields_and_words_of_the_future_do_no_harm() {
    let identity = json!({"before_identity": null, "after_identity": {"account_id": "1", "region": "r", "id": "g"},
        "after_unknown": {}, "generated_config": "x", "future": [[1]], "after": group(3)});
    let mut change = change("aws_cloudwatch_log_group.g", &["create"], identity);
    merge(&mut change, json!({"action_reason": "because_of_the_future", "index_unknown": true, "future": {"a": null}}));
    let mut document = plan(&[change]);
    merge(
        &mut document,
        json!({"format_version": "1.9", "applyable": true, "timestamp": "2031-01-01T00:00:00Z", "future": {"x": [1]},
            "action_invocations": [{"address": "action.aws_x.y", "type": "aws_x"}], "deferred_action_invocations": [],
            "checks": [{"address": {"kind": "ephemeral", "to_display": "?"}, "status": "perhaps", "instances": null}],
            "relevant_attributes": [{"resource": "a.b", "attribute": []}], "provider_schemas": {}, "infracost_x": 1}),
    );
    let checked = check(&document, &[RETENTION]);
    assert_eq!((checked.code, checked.failing()), (0, vec!["aws_cloudwatch_log_group.g"]));
    assert_eq!((checked.gaps().len(), checked.remarks("warning").len()), (0, 0));
}

#[test]
fn states_of_the_future_do_no_harm() {
    let instance = json!({"schema_version": 1, "attributes": group(3), "identity_schema_version": 0, "private": "AAAA",
        "identity": {"id": "g"}, "dependencies": ["aws_x.y"], "create_before_destroy": true, "future": 1});
    let mut raw = raw_state(json!([with(raw_group(json!([instance])), json!({"each": "list", "future": {}}))]));
    raw["future"] = json!([]);
    let object = json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
        "name": "g", "values": group(3), "identity": {"id": "g"}, "identity_schema_version": 0, "future": 1});
    for document in [raw, with(state(json!([object])), json!({"checks": [], "future": 1}))] {
        assert_eq!(check(&document, &[RETENTION]).failing(), ["aws_cloudwatch_log_group.g"]);
    }
}

#[test]
fn the_log_of_a_run_is_no_state() {
    let checked = check(&json!({"@level": "info", "@message": "x", "type": "version"}), &[]);
    assert_eq!(checked.code, 2, "{}", checked.report);
}

#[test]
fn parts_of_the_configuration_may_be_null() {
    for odd in [json!({"module_calls": null}), json!({"variables": {"v": null}}), json!({"module_calls": {"m": null}})]
    {
        let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
        let mut root = json!({"resources": [block("aws_db_instance.d", json!({}))]});
        merge(&mut root, odd.clone());
        assert_eq!(check(&plan_of(&[unknown], root), &[STANDBY]).failing(), ["aws_db_instance.d"], "{odd}");
    }
}
