//! Raw states (23), and states as `show -json` writes them.

use serde_json::{Value, json};

use crate::checking::{NOTHING, RETENTION, STANDBY, check, told};
use crate::documents::{create, group, plan, raw_group, raw_state, state, with};

#[test]
fn the_wrapper_of_a_raw_state_is_recognised_by_its_shape() {
    for kind in [json!("number"), json!("dynamic"), json!(["object", {"a": "string"}])] {
        let attributes = json!({"name": "g", "retention_in_days": {"value": 3, "type": kind}});
        let document = raw_state(json!([raw_group(json!([{"attributes": attributes}]))]));
        let checked = check(&document, &[RETENTION]);
        assert!(checked.messages()[0].contains("keeps logs for 3 days"), "{:?}", checked.messages());
    }
}

#[test]
fn an_object_with_value_type_and_more_is_no_wrapper() {
    let resource = |attribute: Value| json!({"mode": "managed", "type": "aws_x", "name": "a", "instances": [{"attributes": {"a": attribute}}]});
    let more = json!({"value": 3, "type": "number", "name": "n"});
    let document = raw_state(json!([resource(more.clone())]));
    assert_eq!(told(&document, "", "attrs.a.value} ${attrs.a.name"), ["3 n"]);
    let other = json!({"value": 3, "type": 7});
    assert_eq!(told(&raw_state(json!([resource(other)])), "", "attrs.a.value"), ["3"]);
    // Only raw states wrap: a plan may hold such an object.
    let plan = plan(&[create("aws_x.a", json!({"a": {"value": 3, "type": "number"}}))]);
    assert_eq!(told(&plan, "", "attrs.a.value"), ["3"]);
}

#[test]
fn addresses_of_a_raw_state_are_put_together() {
    let mut resource = raw_group(json!([
        {"index_key": 0, "attributes": group(3)},
        {"index_key": "0", "attributes": group(3)},
        {"index_key": "x.\"y", "attributes": group(3)},
    ]));
    resource["module"] = json!("module.m[\"a\"].module.inner");
    let checked = check(&raw_state(json!([resource])), &[RETENTION]);
    let prefix = "module.m[\"a\"].module.inner.aws_cloudwatch_log_group.g";
    assert_eq!(
        checked.failing(),
        [format!("{prefix}[0]"), format!("{prefix}[\"0\"]"), format!("{prefix}[\"x.\\\"y\"]")]
    );
}

#[test]
fn flat_attributes_of_an_old_provider_become_a_tree() {
    let flat = json!({"name": "g", "retention_in_days": "3", "tags.%": "1", "tags.a": "b"});
    let document = raw_state(json!([raw_group(json!([{"attributes_flat": flat}]))]));
    let checked = check(&document, &[RETENTION]);
    assert!(checked.messages()[0].contains("keeps logs for 3 days"), "{:?}", checked.messages());
}

#[test]
fn a_tainted_object_is_judged() {
    let raw = raw_state(json!([raw_group(json!([{"status": "tainted", "attributes": group(3)}]))]));
    let object = json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
        "name": "g", "tainted": true, "values": group(3)});
    for document in [raw, state(json!([object]))] {
        assert_eq!(check(&document, &[RETENTION]).failing(), ["aws_cloudwatch_log_group.g"]);
    }
}

#[test]
fn states_up_to_version_three_are_read_as_far_as_they_go() {
    let document = json!({"version": 3, "terraform_version": "0.11.14", "serial": 1, "lineage": "l", "modules": [
        {"path": ["root", "m"], "resources": {"aws_cloudwatch_log_group.g.0": {"type": "aws_cloudwatch_log_group",
            "primary": {"id": "g", "attributes": {"id": "g", "retention_in_days": "3"}}, "deposed": []}}}]});
    assert_eq!(check(&document, &[RETENTION]).failing(), ["module.m.aws_cloudwatch_log_group.g[0]"]);
}

#[test]
fn a_resource_without_values_is_none() {
    let object = json!({"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "name": "d"});
    for values in [json!({}), json!({"values": null})] {
        let checked = check(&state(json!([with(object.clone(), values)])), &[STANDBY]);
        assert_eq!((checked.findings().len(), checked.resources()), (0, 0));
    }
}

#[test]
fn an_empty_state_has_no_findings() {
    let raw = raw_state(json!([]));
    for document in
        [json!({"format_version": "1.0"}), json!({"format_version": "0.1", "terraform_version": "0.13.0"}), raw]
    {
        let checked = check(&document, &[]);
        assert_eq!((checked.code, checked.findings().len(), checked.resources()), (0, 0, 0), "{document}");
    }
}

#[test]
fn null_and_absent_lists_of_modules_are_empty() {
    for root in [
        json!(null),
        json!({}),
        json!({"resources": null}),
        json!({"child_modules": null}),
        json!({"child_modules": [{}]}),
    ] {
        let document = json!({"format_version": "1.0", "values": {"root_module": root}});
        assert_eq!(check(&document, &[]).code, 0, "{document}");
    }
}

#[test]
fn data_sources_of_the_prior_state_are_not_judged() {
    let data = json!({"address": "data.aws_db_instance.d", "mode": "data", "type": "aws_db_instance", "name": "d",
        "values": {"multi_az": false}});
    let mut document = plan(&[]);
    document["prior_state"] = state(json!([data]));
    assert_eq!(check(&document, &[STANDBY]).messages(), NOTHING);
    assert_eq!(check(&state(json!([data])), &[STANDBY]).messages(), NOTHING);
}
