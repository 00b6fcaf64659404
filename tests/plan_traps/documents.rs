//! Plans and states by hand, as Terraform writes them.

use serde_json::{Value, json};

/// A change of one object; `details` are the members of `change` beside `actions`.
pub(crate) fn change(address: &str, actions: &[&str], details: Value) -> Value {
    let (kind, name) = kind_and_name(address);
    let mut change = json!({"actions": actions, "before": null, "after": null});
    merge(&mut change, details);
    let provider = "registry.terraform.io/hashicorp/aws";
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": provider, "change": change})
}

pub(crate) fn create(address: &str, after: Value) -> Value {
    change(address, &["create"], json!({"after": after}))
}

/// A new object of which some attributes are known after apply only.
pub(crate) fn create_unknown(address: &str, after: Value, unknown: Value) -> Value {
    change(address, &["create"], json!({"after": after, "after_unknown": unknown}))
}

pub(crate) fn keep(address: &str, values: Value) -> Value {
    change(address, &["no-op"], json!({"before": values.clone(), "after": values}))
}

pub(crate) fn with(mut object: Value, members: Value) -> Value {
    merge(&mut object, members);
    object
}

pub(crate) fn merge(object: &mut Value, members: Value) {
    let Value::Object(members) = members else { panic!("{members} is no object") };
    object.as_object_mut().unwrap().extend(members);
}

// The last type and name in front of the key.
pub(crate) fn kind_and_name(address: &str) -> (&str, &str) {
    let plain = address.split_once("aws_").map_or(address, |(before, _)| &address[before.len()..]);
    let (kind, rest) = plain.split_once('.').unwrap();
    (kind, rest.split('[').next().unwrap())
}

/// A plan of Terraform 1.11 with an empty configuration.
pub(crate) fn plan(changes: &[Value]) -> Value {
    plan_of(changes, json!({}))
}

pub(crate) fn plan_of(changes: &[Value], root_module: Value) -> Value {
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "configuration": {"root_module": root_module}, "complete": true, "errored": false})
}

/// A block of `configuration`.
pub(crate) fn block(address: &str, expressions: Value) -> Value {
    let (kind, name) = kind_and_name(address);
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "expressions": expressions})
}

/// An expression that mentions an attribute: the list as Terraform unwinds it, the longest first.
pub(crate) fn reference(traversal: &str) -> Value {
    let object = traversal.rsplit_once('.').map_or(traversal, |(object, _)| object);
    let mut list = vec![traversal, object];
    if let Some((block, _)) = object.split_once('[')
        && !object.starts_with("module.")
    {
        list.push(block);
    }
    json!({"references": list})
}

pub(crate) fn group(days: impl Into<Value>) -> Value {
    json!({"name": "g", "retention_in_days": days.into()})
}

pub(crate) fn raw_state(resources: Value) -> Value {
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {},
        "resources": resources, "check_results": null})
}

pub(crate) fn raw_group(instances: Value) -> Value {
    json!({"mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g", "instances": instances,
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]"})
}

pub(crate) fn state(resources: Value) -> Value {
    json!({"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": resources}}})
}
