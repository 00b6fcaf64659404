//! Objects that Terraform forgets (5) and left-overs of a failed replacement (6).

use serde_json::json;

use crate::checking::{ADDRESS, DELETED, NOTHING, REPLACED, RETENTION, STANDBY, check};
use crate::documents::{change, group, keep, plan, raw_group, raw_state, state, with};

#[test]
fn a_forgotten_object_in_planned_values_is_dropped() {
    let forgotten = json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
        "name": "g", "schema_version": 0, "sensitive_values": false});
    let document = json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": [forgotten]}}});
    let checked = check(&document, &[]);
    assert_eq!((checked.findings().len(), checked.resources()), (0, 0));
}

#[test]
fn a_forgotten_object_is_neither_deleted_nor_kept() {
    let forget = change("aws_db_instance.d", &["forget"], json!({"before": {"identifier": "d", "multi_az": false}}));
    let forget = with(forget, json!({"action_reason": "delete_because_no_resource_config"}));
    let mut document = plan(&[forget]);
    document["planned_values"] = json!({"root_module": {"resources": [
        {"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "name": "d",
         "sensitive_values": false}]}});
    assert_eq!(check(&document, &[STANDBY, REPLACED, DELETED]).messages(), NOTHING);
    let said = check(&document, &[]);
    let policies: Vec<&str> = said.findings().iter().filter_map(|finding| finding["policy"].as_str()).collect();
    assert_eq!(policies, ["terraform_leftover"], "it is left behind, and that is all");
}

#[test]
fn an_object_that_is_replaced_and_forgotten_is_judged_as_a_new_one_only() {
    let before = json!({"identifier": "d", "multi_az": true});
    let change = change(
        "aws_db_instance.d",
        &["create", "forget"],
        json!({"before": before, "after": {"identifier": "d", "multi_az": false}, "replace_paths": [["engine"]]}),
    );
    let checked = check(&plan(&[change]), &[STANDBY, REPLACED, DELETED]);
    assert_eq!(
        checked.messages(),
        [
            "aws_db_instance.d runs in one Availability Zone without a standby: when its machine or zone fails, it is down for minutes to hours."
        ]
    );
}

// 6: deposed.

#[test]
fn a_deposed_object_of_a_plan_is_not_the_object_of_its_address() {
    let current = keep("aws_db_instance.d", json!({"identifier": "d", "multi_az": false}));
    let details = json!({"before": {"identifier": "old", "multi_az": false, "skip_final_snapshot": true}});
    let deposed = with(change("aws_db_instance.d", &["delete"], details), json!({"deposed": "1a2b3c4d"}));
    for changes in [[current.clone(), deposed.clone()], [deposed, current]] {
        let checked = check(&plan(&changes), &[STANDBY, DELETED]);
        assert_eq!(
            checked.messages(),
            [
                "aws_db_instance.d runs in one Availability Zone without a standby: when its machine or zone fails, it is down for minutes to hours."
            ]
        );
        assert_eq!((checked.findings()[0]["operation"].as_str(), checked.resources()), (Some("no-op"), 1));
    }
}

#[test]
fn a_deposed_object_of_a_state_is_not_the_object_of_its_address() {
    let object = |days: u64| {
        json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g",
            "values": group(days)})
    };
    let deposed = with(object(1), json!({"deposed_key": "1a2b3c4d"}));
    let raw = |current: u64| {
        json!([{"deposed": "1a2b3c4d", "schema_version": 0, "attributes": group(1)},
            {"schema_version": 0, "attributes": group(current)}])
    };
    for document in [state(json!([deposed, object(3)])), raw_state(json!([raw_group(raw(3))]))] {
        let checked = check(&document, &[RETENTION]);
        let expected = "aws_cloudwatch_log_group.g keeps logs for 3 days, so a fault that is noticed later cannot be traced; at least 30 days are asked for.";
        assert_eq!((checked.messages(), checked.resources()), (vec![expected], 1));
    }
    for document in [state(json!([deposed])), raw_state(json!([raw_group(json!([raw(3)[0]]))]))] {
        let checked = check(&document, &[RETENTION]);
        assert_eq!((checked.findings().len(), checked.resources()), (0, 0), "it may be the only one of its address");
    }
}

#[test]
fn a_deposed_object_is_no_partner_of_a_join() {
    let before = json!({"allocation_id": "eipalloc-1", "id": "assoc-1"});
    let deposed = change("aws_eip_association.a", &["delete"], json!({"before": before}));
    let document = plan(&[
        keep("aws_eip.e", json!({"id": "eipalloc-1", "allocation_id": "eipalloc-1"})),
        with(deposed, json!({"deposed": "1a2b3c4d"})),
    ]);
    assert_eq!(check(&document, &[ADDRESS]).failing(), ["aws_eip.e"]);
}
