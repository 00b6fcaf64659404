//! Imports and moves (7), replacements with what forces them, and actions of all kinds.

use serde_json::{Value, json};

use crate::checking::{DELETED, NOTHING, REPLACED, RETENTION, STANDBY, check, told};
use crate::documents::{change, create, group, keep, plan, with};

#[test]
fn an_import_hides_behind_no_op_and_update() {
    let importing = json!({"importing": {"id": "g"}, "before": {"id": "g"}, "after": {"id": "g"}});
    for (actions, operation) in [(["no-op"], "no-op"), (["update"], "update")] {
        let document = plan(&[change("aws_x.a", &actions, importing.clone())]);
        assert_eq!(told(&document, "", "meta.importing} ${meta.operation"), [format!("true {operation}")]);
    }
    let document = plan(&[change("aws_x.a", &["no-op"], json!({"importing": null, "after": {}}))]);
    assert_eq!(told(&document, "", "meta.importing"), ["false"]);
    let known_later = json!({"importing": {"unknown": true, "identity": {"region": "x"}}, "after": {}});
    assert_eq!(told(&plan(&[change("aws_x.a", &["no-op"], known_later)]), "", "meta.importing"), ["true"]);
}

#[test]
fn an_import_is_judged_by_the_pack() {
    let details = json!({"importing": {"id": "g"}, "before": group(3), "after": group(3)});
    let checked = check(&plan(&[change("aws_cloudwatch_log_group.g", &["no-op"], details)]), &[RETENTION]);
    assert_eq!((checked.failing().len(), checked.findings()[0]["operation"].as_str()), (1, Some("no-op")));
}

#[test]
fn a_move_keeps_the_object_and_names_its_old_address() {
    let moved = change("aws_x.new", &["no-op"], json!({"before": {"id": "x"}, "after": {"id": "x"}}));
    let moved = with(moved, json!({"previous_address": "aws_x.old[0]"}));
    let document = plan(&[moved]);
    assert_eq!(told(&document, "", "meta.previous_address} ${meta.operation"), ["aws_x.old[0] no-op"]);
    let renamed = keep("aws_db_instance.new", json!({"identifier": "d", "multi_az": true}));
    let renamed = with(renamed, json!({"previous_address": "aws_db_instance.old"}));
    assert_eq!(check(&plan(&[renamed]), &[REPLACED, DELETED, STANDBY]).messages(), NOTHING);
}

fn replacement(actions: &[&str], details: Value, members: Value) -> Value {
    let values = json!({"before": {"identifier": "d"}, "after": {"identifier": "d"}});
    with(change("aws_db_instance.d", actions, with(values, details)), members)
}

#[test]
fn both_orders_of_a_replacement_name_what_forces_it() {
    for actions in [["delete", "create"], ["create", "delete"]] {
        let details = json!({"replace_paths": [["engine"], ["tags", "a.b"], ["engine"]]});
        let change = replacement(&actions, details, json!({"action_reason": "replace_because_cannot_update"}));
        let checked = check(&plan(&[change]), &[REPLACED]);
        let [message] = checked.messages()[..] else { panic!("judged once, on its delete half") };
        assert!(message.ends_with("(forced by engine, tags)."), "{message}");
    }
}

#[test]
fn a_replacement_without_paths_says_terraforms_reason() {
    for reason in ["replace_because_tainted", "replace_by_request", "replace_by_triggers", "a_reason_of_the_future"] {
        for paths in [json!({}), json!({"replace_paths": null}), json!({"replace_paths": []})] {
            let change = replacement(&["delete", "create"], paths, json!({"action_reason": reason}));
            let checked = check(&plan(&[change]), &[REPLACED]);
            assert!(checked.messages()[0].ends_with(&format!("({reason}).")), "{:?}", checked.messages());
        }
    }
    let change = replacement(&["delete", "create"], json!({}), json!({"action_reason": null}));
    assert!(check(&plan(&[change]), &[REPLACED]).messages()[0].ends_with("(the plan names no attribute)."));
}

#[test]
fn an_element_of_a_set_in_replace_paths_is_not_shown() {
    let paths = json!([["setting", {"name": "password", "value": "hunter2-hunter2"}, "value"], ["ingress", ["hunter2-hunter2"]]]);
    let change = with(change("aws_x.a", &["delete", "create"], json!({"replace_paths": paths})), json!({}));
    let told = told(&plan(&[change]), "operations = [\"delete\"]", "core::jsonencode(meta.replace_paths)");
    assert_eq!(told, [r#"[["setting","*","value"],["ingress","*"]]"#]);
}

#[test]
fn an_action_that_is_missing_or_of_the_future_is_not_judged_and_said_so() {
    for actions in [Value::Null, json!([]), json!(["dance"]), json!(["create", "dance"]), json!("create-or-so")] {
        let mut odd = create("aws_db_instance.d", json!({"multi_az": false}));
        odd["change"]["actions"] = actions.clone();
        let checked = check(&plan(&[odd, create("aws_cloudwatch_log_group.g", group(3))]), &[STANDBY, RETENTION]);
        assert_eq!(checked.failing(), ["aws_cloudwatch_log_group.g"], "{actions}");
        assert_eq!(checked.gaps(), ["aws_db_instance.d: the plan says no action that planfit knows"], "{actions}");
    }
    let mut absent = create("aws_db_instance.d", json!({}));
    absent.as_object_mut().unwrap().remove("change");
    assert_eq!(check(&plan(&[absent]), &[STANDBY]).gaps().len(), 1);
}

#[test]
fn one_word_instead_of_a_list_of_actions_is_understood() {
    let mut change = create("aws_cloudwatch_log_group.g", group(3));
    change["change"]["actions"] = json!("create");
    assert_eq!(check(&plan(&[change]), &[RETENTION]).failing(), ["aws_cloudwatch_log_group.g"]);
}

#[test]
fn a_read_is_never_judged() {
    let mut read = change("data.aws_x.a", &["read"], json!({"after": {}, "after_unknown": {"id": true}}));
    read["mode"] = json!("data");
    assert_eq!(told(&plan(&[read]), "", "meta.address"), Vec::<String>::new());
}

#[test]
fn mode_type_and_name_come_from_the_address_when_they_are_missing() {
    let mut bare = create("module.m[\"a.b\"].aws_cloudwatch_log_group.g[0]", group(3));
    let mut data = create("module.m.data.aws_cloudwatch_log_group.g", group(3));
    for change in [&mut bare, &mut data] {
        for key in ["mode", "type", "name", "provider_name"] {
            change.as_object_mut().unwrap().remove(key);
        }
    }
    let checked = check(&plan(&[bare, data]), &[RETENTION]);
    assert_eq!((checked.failing(), checked.resources()), (vec!["module.m[\"a.b\"].aws_cloudwatch_log_group.g[0]"], 1));
}

#[test]
fn an_address_that_is_none_is_named_and_the_others_are_judged() {
    let mut odd = create("aws_db_instance.d", json!({"multi_az": false}));
    odd["address"] = json!("aws_db_instance.d[\"a");
    let checked = check(&plan(&[odd, create("aws_cloudwatch_log_group.g", group(3))]), &[STANDBY, RETENTION]);
    assert_eq!(checked.failing(), ["aws_cloudwatch_log_group.g"]);
    assert_eq!(checked.gaps(), ["aws_db_instance.d[\"a: this is no resource address"]);
}
