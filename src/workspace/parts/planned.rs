//! Module calls and providers as the plan's `configuration` has them: constants, and the names that expressions mention.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Declared, Given, MAX_DEPTH, Part};
use crate::terraform::address::ModuleInstance;
use crate::value::{Value, json};
use crate::workspace::Workspace;
use crate::workspace::secrets::SecretNames;

/// A provider of the plan's `configuration`.
#[derive(Deserialize)]
struct ConfigProvider<'a> {
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    full_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    alias: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    module_address: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Providers<'a> {
    #[serde(borrow, default)]
    provider_config: Option<BTreeMap<Cow<'a, str>, Option<ConfigProvider<'a>>>>,
}

impl Workspace<'_> {
    pub(super) fn planned_calls(&self, at: &ModuleInstance, parts: &mut Vec<Part>) {
        let Some(module) = self.plan_configuration().and_then(|root| root.descend(at)) else { return };
        for name in module.calls() {
            let Some(call) = module.call(name) else { continue };
            let arguments = call.expressions.text().and_then(|text| serde_json::from_str::<Json>(text).ok());
            let source = call.source.as_ref().map_or("", |source| &source.0);
            let version = call.version_constraint.as_ref().map(|version| &*version.0);
            let given = Given::Planned(arguments.as_ref());
            parts.push(self.call_part(at, name, source, version, |name| call.is_sensitive(name), &given));
            self.planned_calls(&at.child(name, None), parts);
        }
    }

    pub(super) fn planned_providers(&self, parts: &mut Vec<Part>) {
        let read = self.references.configuration.and_then(|raw| serde_json::from_str::<Providers<'_>>(raw.get()).ok());
        let providers = read.and_then(|read| read.provider_config).unwrap_or_default();
        for (key, provider) in &providers {
            let Some(provider) = provider else { continue };
            let module = provider.module_address.as_deref().and_then(|address| ModuleInstance::parse(address).ok());
            let expressions: Option<Json> = provider.expressions.and_then(|raw| serde_json::from_str(raw.get()).ok());
            parts.push(self.provider_part(&Declared {
                name: provider.name.as_deref().unwrap_or(key),
                alias: provider.alias.as_deref(),
                key: None,
                full_name: provider.full_name.as_deref().map(str::to_owned),
                module: module.unwrap_or_default().config_path(),
                given: Given::Planned(expressions.as_ref()),
            }));
        }
    }
}

// An expression of the plan's configuration: constants are values, blocks are lists of objects.
fn planned_value(node: &Json, secrets: &SecretNames, depth: usize) -> Value {
    match node {
        _ if depth >= MAX_DEPTH => Value::unknown("it is nested too deep"),
        Json::Array(blocks) => {
            Value::list(blocks.iter().map(|block| planned_block(block, secrets, depth + 1)).collect())
        }
        Json::Object(object) => match (object.get("constant_value"), object.get("references")) {
            (Some(constant), _) => {
                json::open(&constant.to_string()).unwrap_or_else(|_| Value::unknown("it is nested too deep"))
            }
            (None, Some(Json::Array(references))) => {
                let names: Vec<&str> = references.iter().filter_map(Json::as_str).take(1).collect();
                Value::unknown(format!("it is made of {}, and the plan does not keep how", names.join(", ")))
            }
            _ if object.is_empty() => Value::unknown("the plan does not keep the expression that sets it"),
            _ => planned_block(node, secrets, depth + 1),
        },
        _ => Value::Null,
    }
}

fn planned_block(node: &Json, secrets: &SecretNames, depth: usize) -> Value {
    match node {
        Json::Object(members) => Value::object(planned_members(members, secrets, depth)),
        other => planned_value(other, secrets, depth),
    }
}

pub(super) fn planned_members(
    members: &serde_json::Map<String, Json>,
    secrets: &SecretNames,
    depth: usize,
) -> Vec<(Arc<str>, Value)> {
    let member = |(name, node): (&String, &Json)| {
        (Arc::from(name.as_str()), planned_value(node, secrets, depth).mark(secrets.hide_argument(name)))
    };
    members.iter().map(member).collect()
}
