//! Traps of plan and state files (`spec/plan-json.md` 12): each is one small document by hand and what must be said of it.
//!
//! The documents are written as Terraform writes them; numbers in the headings are those of the trap list.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::document;
use planfit::terraform::input::{self, Kind};
use planfit::workspace::Names;
use planfit::workspace::build::{self, Changes, Shared};
use serde_json::{Value, json};

use support::{Directory, run};

const STANDBY: &str = "rds_instance_without_standby";
const RETENTION: &str = "log_group_retention_too_short";
const FOR_EVER: &str = "log_group_never_expires";
const ADDRESS: &str = "elastic_ip_unattached";
const REPLACED: &str = "stateful_resource_replaced";
const DELETED: &str = "stateful_deleted_without_snapshot";
const RELEASED: &str = "public_address_released";

const NOTHING: [&str; 0] = [];

// Documents.

/// A change of one object; `details` are the members of `change` beside `actions`.
fn change(address: &str, actions: &[&str], details: Value) -> Value {
    let (kind, name) = kind_and_name(address);
    let mut change = json!({"actions": actions, "before": null, "after": null});
    merge(&mut change, details);
    let provider = "registry.terraform.io/hashicorp/aws";
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": provider, "change": change})
}

fn create(address: &str, after: Value) -> Value {
    change(address, &["create"], json!({"after": after}))
}

/// A new object of which some attributes are known after apply only.
fn create_unknown(address: &str, after: Value, unknown: Value) -> Value {
    change(address, &["create"], json!({"after": after, "after_unknown": unknown}))
}

fn keep(address: &str, values: Value) -> Value {
    change(address, &["no-op"], json!({"before": values.clone(), "after": values}))
}

fn with(mut object: Value, members: Value) -> Value {
    merge(&mut object, members);
    object
}

fn merge(object: &mut Value, members: Value) {
    let Value::Object(members) = members else { panic!("{members} is no object") };
    object.as_object_mut().unwrap().extend(members);
}

// The last type and name in front of the key.
fn kind_and_name(address: &str) -> (&str, &str) {
    let plain = address.split_once("aws_").map_or(address, |(before, _)| &address[before.len()..]);
    let (kind, rest) = plain.split_once('.').unwrap();
    (kind, rest.split('[').next().unwrap())
}

/// A plan of Terraform 1.11 with an empty configuration.
fn plan(changes: &[Value]) -> Value {
    plan_of(changes, json!({}))
}

fn plan_of(changes: &[Value], root_module: Value) -> Value {
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "configuration": {"root_module": root_module}, "complete": true, "errored": false})
}

/// A block of `configuration`.
fn block(address: &str, expressions: Value) -> Value {
    let (kind, name) = kind_and_name(address);
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "expressions": expressions})
}

/// An expression that mentions an attribute: the list as Terraform unwinds it, the longest first.
fn reference(traversal: &str) -> Value {
    let object = traversal.rsplit_once('.').map_or(traversal, |(object, _)| object);
    let mut list = vec![traversal, object];
    if let Some((block, _)) = object.split_once('[')
        && !object.starts_with("module.")
    {
        list.push(block);
    }
    json!({"references": list})
}

fn group(days: impl Into<Value>) -> Value {
    json!({"name": "g", "retention_in_days": days.into()})
}

fn raw_state(resources: Value) -> Value {
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {},
        "resources": resources, "check_results": null})
}

fn raw_group(instances: Value) -> Value {
    json!({"mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g", "instances": instances,
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]"})
}

fn state(resources: Value) -> Value {
    json!({"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": resources}}})
}

// What is said of them.

struct Checked {
    code: i32,
    report: Value,
}

/// Checks a document with no source at hand.
fn check(document: &Value, policies: &[&str]) -> Checked {
    check_beside(document, policies, &[])
}

/// Checks a document beside these source files.
fn check_beside(document: &Value, policies: &[&str], sources: &[(&str, &str)]) -> Checked {
    let directory = Directory::new();
    for (name, text) in sources {
        directory.write(name, text);
    }
    check_in(&directory, document, policies)
}

fn check_in(directory: &Directory, document: &Value, policies: &[&str]) -> Checked {
    directory.write("input.json", document.to_string());
    let mut arguments = vec!["check", "input.json", "--output", "json", "--show-unknown"];
    arguments.extend(policies.iter().flat_map(|policy| ["--policy", *policy]));
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(output.stderr, "");
    Checked { code: output.code, report: serde_json::from_str(&output.stdout).unwrap() }
}

impl Checked {
    fn findings(&self) -> &[Value] {
        self.report["findings"].as_array().unwrap()
    }

    /// The addresses with this verdict.
    fn having(&self, verdict: &str) -> Vec<&str> {
        let findings = self.findings().iter().filter(|finding| finding["verdict"] == verdict);
        findings.flat_map(|finding| strings(&finding["instances"])).collect()
    }

    fn failing(&self) -> Vec<&str> {
        self.having("fail")
    }

    fn messages(&self) -> Vec<&str> {
        self.findings().iter().map(|finding| finding["message"].as_str().unwrap()).collect()
    }

    fn resources(&self) -> u64 {
        self.report["summary"]["resources"].as_u64().unwrap()
    }

    fn remarks(&self, level: &str) -> Vec<&str> {
        let remarks = self.report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
        remarks.map(|remark| remark["message"].as_str().unwrap()).collect()
    }

    /// What was not judged, each as "subject: reason".
    fn gaps(&self) -> Vec<String> {
        let gaps = self.report["not_evaluated"].as_array().unwrap().iter();
        gaps.map(|gap| format!("{}: {}", gap["subject"].as_str().unwrap(), gap["reason"].as_str().unwrap())).collect()
    }

    /// The place of the only finding, as "path:line".
    fn place(&self) -> String {
        let [finding] = self.findings() else { panic!("not one finding: {}", self.report["findings"]) };
        let location = &finding["location"];
        format!("{}:{}", location["path"].as_str().unwrap_or("nowhere"), location["start"]["line"])
    }
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// What an expression of a policy gives for the object of type `aws_x` in a document; the pack shows less of `meta`.
fn told(document: &Value, operations: &str, expression: &str) -> Vec<String> {
    let policy = format!(
        "resource_policy \"aws_x\" \"told\" {{\n{operations}\nenforce {{\ncondition = false\nerror_message = \"told ${{{expression}}}\"\n}}\n}}\n"
    );
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", policy.clone());
    let parsed = parse("t.policy.hcl", file, &policy, "custom");
    assert_eq!(parsed.faults, []);
    let text = input::decode(document.to_string().into_bytes());
    let facts = library::facts().unwrap();
    let wanted = Names::new(std::iter::once(parsed.file.mentions()), &facts);
    let shared = Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(Configuration::default()));
    let mut changes = Changes::default();
    let (document, kind) = document::read(&text, &mut |change| changes.push(change, &shared)).unwrap();
    let workspace = match kind {
        Kind::Plan => build::from_plan(&document, changes, Arc::from("input.json"), &shared).unwrap().0,
        _ => build::from_state(&document, Arc::from("input.json"), &shared).unwrap(),
    };
    let settings = Settings {
        fail_level: None,
        environment: None,
        pedantic: true,
        only: Vec::new(),
        show_unknown: true,
        explain: true,
    };
    let judged = engine::evaluate(&[&parsed.file], &workspace, &settings, &sources);
    let messages = judged.findings.into_iter().map(|finding| finding.message);
    messages.map(|message| message.trim_start_matches("told ").to_owned()).collect()
}

// 1 and 3: what stands around the JSON, and what is no plan, is in tests/robustness.rs; so are encodings (2).

// 4: parts that are missing.

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
    let document = json!({"format_version": "1.2", "complete": true, "output_changes": {"o": {"actions": ["create"], "after": "x"}}});
    let checked = check(&document, &[]);
    assert_eq!((checked.code, checked.findings().len(), checked.resources()), (0, 0, 0));
}

// 5: forget.

#[test]
fn a_forgotten_object_in_planned_values_is_dropped() {
    let forgotten = json!({"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
        "name": "g", "schema_version": 0, "sensitive_values": false});
    let document = json!({"format_version": "1.2", "complete": true, "planned_values": {"root_module": {"resources": [forgotten]}}});
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
    assert!(
        said.messages().iter().all(|message| message.contains("stays in the account")),
        "only that it is left over"
    );
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
    assert_eq!(checked.messages(), ["aws_db_instance.d runs in one Availability Zone without a standby."]);
}

// 6: deposed.

#[test]
fn a_deposed_object_of_a_plan_is_not_the_object_of_its_address() {
    let current = keep("aws_db_instance.d", json!({"identifier": "d", "multi_az": false}));
    let details = json!({"before": {"identifier": "old", "multi_az": false, "skip_final_snapshot": true}});
    let deposed = with(change("aws_db_instance.d", &["delete"], details), json!({"deposed": "1a2b3c4d"}));
    for changes in [[current.clone(), deposed.clone()], [deposed, current]] {
        let checked = check(&plan(&changes), &[STANDBY, DELETED]);
        assert_eq!(checked.messages(), ["aws_db_instance.d runs in one Availability Zone without a standby."]);
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
        let expected = "aws_cloudwatch_log_group.g keeps logs for 3 days; at least 30 are asked for.";
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

// 7 and moves.

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

// Replacements: replace_paths and action_reason.

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

// Actions of all kinds.

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

// 8: attributes that the provider fills in.

#[test]
fn an_unknown_attribute_that_nobody_wrote_has_the_providers_default() {
    let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
    let written = json!({"engine": {"constant_value": "postgres"}});
    let root = json!({"resources": [block("aws_db_instance.d", written)]});
    let checked = check(&plan_of(&[unknown], root), &[STANDBY]);
    assert_eq!(checked.failing(), ["aws_db_instance.d"]);
    assert_eq!(checked.findings()[0]["assumed"], "multi_az is not set; the default is false");
}

#[test]
fn an_unknown_attribute_that_somebody_wrote_stays_unknown() {
    let unknown = create_unknown("aws_db_instance.d", json!({"engine": "postgres"}), json!({"multi_az": true}));
    let written = json!({"multi_az": reference("aws_x.y.output")});
    let root = json!({"resources": [block("aws_db_instance.d", written)]});
    let checked = check(&plan_of(&[unknown], root), &[STANDBY]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_db_instance.d"]));
}

// 9: masks.

#[test]
fn only_true_means_unknown() {
    for noise in [json!(false), json!([]), json!({}), json!([{}]), json!([false]), Value::Null] {
        let change = create_unknown("aws_db_instance.d", json!({"multi_az": true}), json!({"multi_az": noise}));
        assert_eq!(check(&plan(&[change]), &[STANDBY]).messages(), NOTHING, "{noise}");
    }
    for mask in [json!(false), json!({}), json!([]), Value::Null] {
        let change = create_unknown("aws_db_instance.d", json!({"multi_az": false}), mask.clone());
        assert_eq!(check(&plan(&[change]), &[STANDBY]).failing(), ["aws_db_instance.d"], "{mask}");
    }
}

#[test]
fn true_on_top_covers_the_whole_object() {
    let change = create_unknown("aws_x.a", json!({"a": 1}), json!(true));
    assert_eq!(told(&plan(&[change]), "", "core::jsonencode(attrs.a)"), ["(known after apply)"]);
    for mask in [json!(true), json!({"a": true}), json!({"a": {"b": true}})] {
        let details = json!({"after": {"a": {"b": "hunter2-hunter2"}}, "after_sensitive": mask});
        let told = told(&plan(&[change_of(details)]), "", "attrs.a.b");
        assert!(!told[0].contains("hunter2"), "{told:?}");
    }
    for mask in [json!(false), json!({}), json!({"a": {}}), json!({"a": {"b": false, "c": true}}), json!([])] {
        let details = json!({"after": {"a": {"b": "plain"}}, "after_sensitive": mask});
        assert_eq!(told(&plan(&[change_of(details)]), "", "attrs.a.b"), ["plain"]);
    }
}

fn change_of(details: Value) -> Value {
    change("aws_x.a", &["create"], details)
}

#[test]
fn unknown_elements_keep_their_positions_and_unknown_members_have_no_key() {
    let after = json!({"list": ["a", null, "c"], "map": {"x": 1}});
    let change = create_unknown("aws_x.a", after, json!({"list": [false, true, false], "map": {"y": true}}));
    let document = plan(&[change]);
    assert_eq!(told(&document, "", "attrs.list[2]} ${core::length(attrs.list)} ${core::length(attrs.map)"), ["c 3 2"]);
    let elements = told(&document, "", "attrs.list[1]} ${attrs.map.y");
    assert_eq!(elements, ["aws_x.a.list[1] aws_x.a.map.y"], "each is known by its place");
}

// 11: numbers and booleans as strings.

#[test]
fn numbers_may_be_strings() {
    for (days, failing) in [("3", true), ("30", false), ("300", false)] {
        let checked = check(&plan(&[create("aws_cloudwatch_log_group.g", group(days))]), &[RETENTION]);
        assert_eq!(!checked.failing().is_empty(), failing, "{days}");
        assert_eq!(checked.having("error"), NOTHING);
    }
}

#[test]
fn booleans_may_be_strings() {
    for (flag, failing) in [("true", false), ("false", true)] {
        let checked = check(&plan(&[create("aws_db_instance.d", json!({"multi_az": flag}))]), &[STANDBY]);
        assert_eq!((!checked.failing().is_empty(), checked.having("error").len()), (failing, 0), "{flag}");
    }
}

#[test]
fn numbers_beyond_what_a_float_holds_survive() {
    let text = r#"{"resource_changes":[{"address":"aws_x.a","change":{"actions":["create"],
        "after":{"a":9007199254740993,"b":0.1,"c":18446744073709551615}}}]}"#;
    let document: Value = serde_json::from_str(text).unwrap();
    let told = told(&document, "", "attrs.a} ${attrs.b + 0.2} ${attrs.c");
    assert_eq!(told, ["9007199254740993 0.3 18446744073709551615"]);
}

// 12 to 16: what the configuration says and does not say.

#[test]
fn an_expression_that_the_plan_does_not_keep_is_opaque() {
    let change = create_unknown("aws_ecs_task_definition.t", json!({}), json!({"container_definitions": true}));
    let root = json!({"resources": [block("aws_ecs_task_definition.t", json!({"container_definitions": {}}))]});
    let checked = check(&plan_of(&[change], root), &["ecs_task_without_logs"]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_ecs_task_definition.t"]));
}

/// Two addresses to come and an association to one of them.
fn association(allocation_id: Value) -> Value {
    let changes = [
        create_unknown("aws_eip.a", json!({}), json!({"id": true, "allocation_id": true, "public_ip": true})),
        create_unknown("aws_eip.b", json!({}), json!({"id": true, "allocation_id": true, "public_ip": true})),
        create_unknown(
            "aws_eip_association.x",
            json!({}),
            json!({"id": true, "allocation_id": true, "public_ip": true}),
        ),
    ];
    let blocks = [
        block("aws_eip.a", json!({})),
        block("aws_eip.b", json!({})),
        block("aws_eip_association.x", json!({"allocation_id": allocation_id})),
    ];
    plan_of(&changes, json!({"resources": blocks}))
}

#[test]
fn a_reference_between_new_objects_joins_them() {
    let checked = check(&association(reference("aws_eip.a.id")), &[ADDRESS]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["aws_eip.b"], 0));
}

#[test]
fn several_heads_are_any_of_them_and_nothing_else() {
    let both = json!({"references": ["aws_eip.a.id", "aws_eip.a", "aws_eip.b.id", "aws_eip.b"]});
    let checked = check(&association(both), &[ADDRESS]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_eip.a", "aws_eip.b"]));
}

#[test]
fn an_attribute_written_as_blocks_is_one_leaf_for_all_of_them() {
    let route = json!({"references": ["aws_internet_gateway.i.id", "aws_internet_gateway.i", "aws_nat_gateway.a.id", "aws_nat_gateway.a"]});
    let routes = json!({"route": [{"gateway_id": ""}, {"nat_gateway_id": ""}]});
    let masks = json!({"id": true, "route": [{"gateway_id": true}, {"nat_gateway_id": true}]});
    let changes = [
        create_unknown("aws_nat_gateway.a", json!({}), json!({"id": true})),
        create_unknown("aws_nat_gateway.b", json!({}), json!({"id": true})),
        create_unknown("aws_internet_gateway.i", json!({}), json!({"id": true})),
        create_unknown("aws_route_table.t", routes, masks),
        create_unknown("aws_route_table_association.t", json!({}), json!({"route_table_id": true})),
    ];
    let blocks = [
        block("aws_nat_gateway.a", json!({})),
        block("aws_nat_gateway.b", json!({})),
        block("aws_internet_gateway.i", json!({})),
        block("aws_route_table.t", json!({"route": route})),
        block("aws_route_table_association.t", json!({"route_table_id": reference("aws_route_table.t.id")})),
    ];
    let checked = check(&plan_of(&changes, json!({"resources": blocks})), &["nat_gateway_without_route"]);
    assert_eq!(checked.failing(), ["aws_nat_gateway.b"], "a may be in the route, b cannot");
}

#[test]
fn a_local_is_a_dead_end_in_the_plan_and_followed_in_the_source() {
    let document = association(json!({"references": ["local.allocation"]}));
    let checked = check(&document, &[ADDRESS]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_eip.a", "aws_eip.b"]));
    let source = "locals {\n  allocation = aws_eip.a.id\n}\nresource \"aws_eip\" \"a\" {}\nresource \"aws_eip\" \"b\" {}\n\
        resource \"aws_eip_association\" \"x\" {\n  allocation_id = local.allocation\n}\n";
    let checked = check_beside(&document, &[ADDRESS], &[("main.tf", source)]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["aws_eip.b"], 0));
}

fn breaker() -> (Value, &'static str) {
    let after = json!({"deployment_circuit_breaker": [{"enable": true, "rollback": false}]});
    let source = "resource \"aws_ecs_service\" \"s\" {\n  dynamic \"deployment_circuit_breaker\" {\n    for_each = var.on\n    \
        content {\n      enable   = true\n      rollback = false\n    }\n  }\n}\n";
    (plan(&[create("aws_ecs_service.s", after)]), source)
}

#[test]
fn a_dynamic_block_is_found_in_the_source() {
    let (document, source) = breaker();
    let checked = check_beside(&document, &["ecs_no_circuit_breaker"], &[("main.tf", source)]);
    assert_eq!(checked.place(), "main.tf:6");
}

/// A group whose servers may come from a `dynamic` block of an Auto Scaling group.
fn traffic_source() -> Value {
    let changes = [
        create_unknown("aws_lb_target_group.t", json!({"name": "t"}), json!({"id": true, "arn": true})),
        create_unknown("aws_autoscaling_group.g", json!({}), json!({"traffic_source": true, "id": true})),
    ];
    let blocks = [block("aws_lb_target_group.t", json!({})), block("aws_autoscaling_group.g", json!({}))];
    plan_of(&changes, json!({"resources": blocks}))
}

#[test]
fn an_unknown_dynamic_block_counts_as_written_where_the_source_says_so() {
    let source = "resource \"aws_lb_target_group\" \"t\" {}\nresource \"aws_autoscaling_group\" \"g\" {\n  \
        dynamic \"traffic_source\" {\n    for_each = var.groups\n    content {\n      identifier = traffic_source.value\n    }\n  }\n}\n";
    let checked = check_beside(&traffic_source(), &["target_group_without_targets"], &[("main.tf", source)]);
    assert_eq!((checked.failing().len(), checked.having("unknown")), (0, vec!["aws_lb_target_group.t"]));
}

#[test]
fn an_address_in_the_configuration_of_a_module_is_relative_to_it() {
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    let mut changes = Vec::new();
    for key in ["a", "b"] {
        changes.push(create_unknown(&format!("module.m[\"{key}\"].aws_eip.e"), json!({}), unknown.clone()));
    }
    changes.push(create_unknown("module.m[\"a\"].aws_eip_association.x[0]", json!({}), unknown));
    let blocks = [
        block("aws_eip.e", json!({})),
        with(
            block("aws_eip_association.x", json!({"allocation_id": reference("aws_eip.e.id")})),
            json!({"count_expression": {"references": ["var.on"]}}),
        ),
    ];
    let call =
        json!({"source": "./m", "for_each_expression": {"references": ["var.all"]}, "module": {"resources": blocks}});
    let checked = check(&plan_of(&changes, json!({"module_calls": {"m": call}})), &[ADDRESS]);
    assert_eq!(checked.failing(), ["module.m[\"b\"].aws_eip.e"], "the reference of an instance stays in the instance");
}

// 17: keys.

#[test]
fn keys_with_dots_quotes_and_brackets_are_kept() {
    let keys =
        [r#"["x.y"]"#, r#"["q\"uote"]"#, r#"["b[0]"]"#, r#"["$${a}"]"#, r#"["日本"]"#, r#"["0"]"#, "[0]", "[10]"];
    let addresses = keys.map(|key| format!("aws_cloudwatch_log_group.g{key}"));
    let changes: Vec<Value> = addresses.iter().map(|address| create(address, group(3))).collect();
    let checked = check(&plan(&changes), &[RETENTION]);
    let mut expected: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let mut failing = checked.failing();
    failing.sort_unstable();
    expected.sort_unstable();
    assert_eq!((failing, checked.gaps().len()), (expected, 0));
}

#[test]
fn references_with_such_keys_are_followed() {
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    for (used, other) in [(r#"["x.y"]"#, r#"["x"]"#), (r#"["b[0].id"]"#, r#"["b[1].id"]"#), ("[0]", r#"["0"]"#)] {
        let (a, b) = (format!("aws_eip.e{used}"), format!("aws_eip.e{other}"));
        let changes = [
            create_unknown(&a, json!({}), unknown.clone()),
            create_unknown(&b, json!({}), unknown.clone()),
            create_unknown("aws_eip_association.x", json!({}), unknown.clone()),
        ];
        let references = json!({"references": [format!("{a}.id"), a, "aws_eip.e"]});
        let blocks = [
            with(block("aws_eip.e", json!({})), json!({"for_each_expression": {"references": ["var.all"]}})),
            block("aws_eip_association.x", json!({"allocation_id": references})),
        ];
        let checked = check(&plan_of(&changes, json!({"resources": blocks})), &[ADDRESS]);
        assert_eq!((checked.failing(), checked.having("unknown").len()), (vec![b.as_str()], 0), "{used}");
    }
}

// 19 and 20: plans that are not whole, and plans that destroy.

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
    let checked = check(&document, &[STANDBY, REPLACED, DELETED]);
    assert_eq!((checked.findings().len(), checked.resources()), (0, 0));
}

// 21: providers.

#[test]
fn a_provider_is_known_by_its_last_segment() {
    for (provider, kind) in [
        (json!("registry.terraform.io/hashicorp/aws"), "aws"),
        (json!("registry.opentofu.org/hashicorp/aws"), "aws"),
        (json!("aws"), "aws"),
        (json!("provider.aws"), "aws"),
        (json!("example.com/corp/aws"), "aws"),
        (json!("registry.terraform.io/hashicorp/google-beta"), "google-beta"),
        (json!(""), "aws"),
        (Value::Null, "aws"),
    ] {
        let change = with(create("aws_x.a", json!({})), json!({"provider_name": provider}));
        assert_eq!(told(&plan(&[change]), "", "meta.provider_type"), [kind], "{provider}");
    }
}

#[test]
fn a_raw_state_names_its_providers_in_another_way() {
    for provider in
        ["provider[\"registry.terraform.io/hashicorp/aws\"]", "module.m.provider[\"a.b/c/aws\"]", "provider.aws"]
    {
        let resource = json!({"mode": "managed", "type": "aws_x", "name": "a", "provider": provider,
            "instances": [{"attributes": {}}]});
        assert_eq!(told(&raw_state(json!([resource])), "", "meta.provider_type"), ["aws"], "{provider}");
    }
}

#[test]
fn objects_of_foreign_and_bare_providers_are_judged() {
    for provider in ["aws", "registry.opentofu.org/hashicorp/aws", "example.com/corp/aws"] {
        let change = with(create("aws_cloudwatch_log_group.g", group(3)), json!({"provider_name": provider}));
        assert_eq!(check(&plan(&[change]), &[RETENTION]).failing().len(), 1, "{provider}");
    }
}

// 23: raw states.

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

// States as `show -json` writes them.

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

// 25 and 26: modules.

/// A log group in each of these modules, and the calls of them.
fn siblings(count: usize) -> (Vec<Value>, Value) {
    let names: Vec<String> = (0..count).map(|number| format!("m{number}")).collect();
    let unknown = json!({"id": true, "allocation_id": true, "public_ip": true});
    let changes = names.iter().flat_map(|name| {
        let of = |kind: &str| create_unknown(&format!("module.{name}.{kind}"), json!({}), unknown.clone());
        [of("aws_eip.e"), of("aws_eip_association.x")]
    });
    let blocks = [
        block("aws_eip.e", json!({})),
        block("aws_eip_association.x", json!({"allocation_id": reference("aws_eip.e.id")})),
    ];
    let calls = names.iter().map(|name| (name.clone(), json!({"source": "./m", "module": {"resources": blocks}})));
    (changes.collect(), json!({"module_calls": calls.collect::<serde_json::Map<_, _>>()}))
}

#[test]
fn all_of_a_hundred_sibling_modules_are_visited_in_the_configuration() {
    let (mut changes, root) = siblings(100);
    changes.pop();
    let checked = check(&plan_of(&changes, root), &[ADDRESS]);
    assert_eq!((checked.failing(), checked.having("unknown").len()), (vec!["module.m99.aws_eip.e"], 0));
}

#[test]
fn all_of_a_hundred_sibling_modules_are_visited_in_the_source() {
    let (mut changes, _) = siblings(100);
    changes.pop();
    let calls: String = (0..100).map(|number| format!("module \"m{number}\" {{\n  source = \"./m\"\n}}\n")).collect();
    let inner =
        "resource \"aws_eip\" \"e\" {}\nresource \"aws_eip_association\" \"x\" {\n  allocation_id = aws_eip.e.id\n}\n";
    let document = json!({"format_version": "1.2", "resource_changes": changes});
    let checked = check_beside(&document, &[ADDRESS], &[("main.tf", &calls), ("m/main.tf", inner)]);
    assert_eq!((checked.failing(), checked.place()), (vec!["module.m99.aws_eip.e"], "m/main.tf:1".to_owned()));
}

#[test]
fn all_of_a_hundred_sibling_modules_of_a_state_are_visited() {
    let modules: Vec<Value> = (0..100)
        .map(|number| {
            let address = format!("module.m{number}.aws_cloudwatch_log_group.g");
            json!({"address": format!("module.m{number}"), "resources": [{"address": address, "mode": "managed",
                "type": "aws_cloudwatch_log_group", "name": "g", "values": group(3)}]})
        })
        .collect();
    let values = json!({"root_module": {"child_modules": modules}});
    let state = json!({"format_version": "1.0", "values": values});
    assert_eq!(check(&state, &[RETENTION]).failing().len(), 100);
    assert_eq!(check(&json!({"format_version": "1.2", "planned_values": values}), &[RETENTION]).failing().len(), 100);
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_symbolic_link_inside_the_repository_is_ours() {
    let directory = Directory::new();
    directory.write("main.tf", "module \"m\" {\n  source = \"./link\"\n}\n");
    directory.write("real/main.tf", "resource \"aws_cloudwatch_log_group\" \"g\" {\n  retention_in_days = 3\n}\n");
    std::os::unix::fs::symlink("real", directory.path().join("link")).unwrap();
    let document = plan(&[create("module.m.aws_cloudwatch_log_group.g", group(3))]);
    let checked = check_in(&directory, &document, &[RETENTION]);
    assert_eq!(checked.findings()[0]["location"]["start"]["line"], 2, "the block itself: {}", checked.place());
    assert_eq!(checked.findings()[0]["related"], json!([]));
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_symbolic_link_to_elsewhere_is_not_ours() {
    let (directory, elsewhere) = (Directory::new(), Directory::new());
    elsewhere.write("m/main.tf", "resource \"aws_cloudwatch_log_group\" \"g\" {\n  retention_in_days = 3\n}\n");
    directory.write("main.tf", "\nmodule \"m\" {\n  source = \"./link\"\n}\n");
    std::os::unix::fs::symlink(elsewhere.path().join("m"), directory.path().join("link")).unwrap();
    let document = plan(&[create("module.m.aws_cloudwatch_log_group.g", group(3))]);
    let checked = check_in(&directory, &document, &[RETENTION]);
    assert_eq!(checked.place(), "main.tf:2", "the call");
    assert_eq!(checked.findings()[0]["related"][0]["location"]["start"]["line"], 2);
}

// 27 and 28: nulls and the future.

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
fn what_never_expires_is_not_too_short() {
    for days in [json!(0), Value::Null] {
        let document = plan(&[create("aws_cloudwatch_log_group.g", group(days.clone()))]);
        assert_eq!(check(&document, &[RETENTION]).messages(), NOTHING, "{days}");
        assert_eq!(check(&document, &[FOR_EVER]).failing().len(), 1, "{days}");
    }
}

#[test]
fn a_released_address_is_said_once_with_the_old_value() {
    let values = json!({"id": "eipalloc-1", "public_ip": "203.0.113.9", "association_id": "eipassoc-1"});
    let document = plan(&[change("aws_eip.e", &["delete"], json!({"before": values}))]);
    let expected = "aws_eip.e is in use and its address 203.0.113.9 is given up for good.";
    assert_eq!(check(&document, &[RELEASED]).messages(), [expected]);
}

// What a plan does not show must not be taken for absent.

#[test]
fn a_block_that_may_be_dynamic_leaves_a_join_undecided_without_source() {
    let changes = [
        create_unknown("aws_lb_target_group.t", json!({"name": "t"}), json!({"id": true, "arn": true})),
        create_unknown("aws_autoscaling_group.g", json!({}), json!({"traffic_source": true, "id": true})),
    ];
    let blocks = [block("aws_lb_target_group.t", json!({})), block("aws_autoscaling_group.g", json!({}))];
    let checked = check(&plan_of(&changes, json!({"resources": blocks})), &["target_group_without_targets"]);
    assert_eq!(checked.failing(), Vec::<String>::new());
    assert_eq!(checked.having("unknown"), ["aws_lb_target_group.t"]);
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
