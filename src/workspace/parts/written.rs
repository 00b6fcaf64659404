//! Module calls and providers as the source writes them. Where HCL alone is judged they are evaluated already; beside a
//! state without a plan their expressions are followed as far as they lead.

use std::sync::Arc;

use super::{Declared, Given, MAX_DEPTH, Part, PartKind, instance};
use crate::terraform::address::{Key, ModuleInstance};
use crate::terraform::config::{Block, Module};
use crate::value::{Object, Value};
use crate::workspace::secrets::SecretNames;
use crate::workspace::{Trail, Workspace};

/// What a module call or provider of HCL alone is given.
#[derive(Debug)]
pub(in crate::workspace) struct Written {
    pub(in crate::workspace) kind: PartKind,
    /// The path of the module that holds its block.
    pub(in crate::workspace) module: String,
    pub(in crate::workspace) name: Arc<str>,
    pub(in crate::workspace) alias: Option<Arc<str>>,
    /// The instance of a provider with `for_each`.
    pub(in crate::workspace) key: Option<Key>,
    pub(in crate::workspace) attrs: Object,
}

impl Workspace<'_> {
    pub(super) fn written_calls(&self, at: &ModuleInstance, parts: &mut Vec<Part>, depth: usize) {
        let Some(module) = self.configuration.module(&at.config_path()).filter(|_| depth < MAX_DEPTH) else { return };
        for block in module.blocks("module") {
            let Some(name) = block.labels.first() else { continue };
            parts.push(self.written_call(at, name, block, &Given::Planned(None)));
            self.written_calls(&at.child(name.clone(), None), parts, depth + 1);
        }
    }

    pub(super) fn written_call(&self, at: &ModuleInstance, name: &str, block: &Block, given: &Given<'_>) -> Part {
        let text = |name: &str| block.attribute(name).and_then(|attribute| attribute.value.as_literal()?.as_str());
        self.call_part(at, name, text("source").unwrap_or(""), text("version"), |_| false, given)
    }

    pub(super) fn evaluated_part(&self, written: &Written) -> Part {
        let given = Given::Evaluated(&written.attrs);
        let module = self.configuration.module(&written.module);
        let call = module.and_then(|module| module.block("module", &[&written.name]));
        match call.filter(|_| written.kind == PartKind::Module) {
            Some(block) => self.written_call(&instance(&written.module), &written.name, block, &given),
            None => self.provider_part(&Declared {
                name: &written.name,
                alias: written.alias.as_deref(),
                key: written.key.as_ref(),
                full_name: module.and_then(|module| module.required_source(&written.name)),
                module: written.module.clone(),
                given,
            }),
        }
    }

    pub(super) fn written_providers(&self, parts: &mut Vec<Part>) {
        let Some(module) = self.configuration.module("") else { return };
        for block in module.blocks("provider") {
            let Some(name) = block.labels.first() else { continue };
            let alias = block.attribute("alias").and_then(|alias| alias.value.as_literal()?.as_str());
            let full_name = module.required_source(name);
            parts.push(self.provider_part(&Declared {
                name,
                alias,
                key: None,
                full_name,
                module: String::new(),
                given: Given::Planned(None),
            }));
        }
    }

    pub(super) fn written_values(
        &self,
        at: &ModuleInstance,
        module: &Module,
        block: &Block,
        own: &[&str],
        depth: usize,
    ) -> Object {
        let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
        let trail = Trail::default();
        for attribute in block.attributes.iter().filter(|attribute| !own.contains(&&*attribute.name)) {
            let value = match attribute.value.as_literal() {
                Some(value) => value.clone(),
                None if self.is_repeated_module(at) => Value::unknown("it differs between the instances of the module"),
                None => self
                    .written_value(at, module, block, &attribute.value, &trail)
                    .unwrap_or_else(|fault| Value::unknown(format!("the source does not tell it: {}", fault.message))),
            };
            let is_secret = self.facts.secrets.hide_argument(&attribute.name);
            entries.push((attribute.name.clone(), value.untyped().mark(is_secret)));
        }
        let mut kinds: Vec<&Arc<str>> = block.blocks.iter().map(|nested| &nested.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds.into_iter().filter(|_| depth < MAX_DEPTH) {
            let items = block
                .nested(kind)
                .map(|nested| Value::Object(Arc::new(self.written_values(at, module, nested, &[], depth + 1)).into()));
            entries.push((kind.clone(), Value::list(items.collect())));
        }
        Object::new(entries)
    }

    // Whether a call on the way to a module has several instances.
    fn is_repeated_module(&self, at: &ModuleInstance) -> bool {
        let mut instance = at.clone();
        while let Some((parent, step)) = instance.split_last() {
            let call = self.configuration.module(&parent.config_path());
            let call = call.and_then(|module| module.block("module", &[&step.name]));
            if call.is_none_or(|call| call.attribute("count").is_some() || call.attribute("for_each").is_some()) {
                return true;
            }
            instance = parent;
        }
        false
    }
}

// Arguments whose names sound like secrets are never shown, at any depth.
pub(super) fn hidden(object: &Object, secrets: &SecretNames) -> Object {
    let entries = object
        .iter()
        .map(|(name, value)| (name.clone(), inside_hidden(value, secrets).mark(secrets.hide_argument(name))));
    Object::new(entries.collect())
}

fn inside_hidden(value: &Value, secrets: &SecretNames) -> Value {
    match value {
        Value::Object(object) => Value::Object(Arc::new(hidden(object, secrets)).into()),
        Value::List(items) => Value::list(items.iter().map(|item| inside_hidden(item, secrets)).collect()),
        other => other.clone(),
    }
}
