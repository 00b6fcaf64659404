//! Where an unknown value will come from (`spec/plan-json.md` 8): asked of the HCL first (`trace.rs`), else of the plan's
//! `configuration` (`mentions.rs`).
//!
//! Both need to know which instances of a block there are: [`Workspace::instances`].

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::value::RawValue;

use super::mentions::ConfigModule;
use super::{Trail, Workspace};
use crate::terraform::address::{Address, Key, Mode, ModuleInstance};
use crate::value::{Path, Step, Value, json};

/// What references are resolved with; each part is read when it is first needed.
#[derive(Debug)]
pub(super) struct References<'a> {
    pub(super) configuration: Option<&'a RawValue>,
    variables: Option<&'a RawValue>,
    module: OnceLock<Option<ConfigModule<'a>>>,
    inputs: OnceLock<FxHashMap<Arc<str>, Value>>,
    instances: OnceLock<Instances>,
}

/// The instances of every block and of every module call.
#[derive(Debug, Default)]
pub(super) struct Instances {
    blocks: FxHashMap<String, Vec<(Option<Key>, u32)>>,
    calls: FxHashMap<String, Vec<Option<Key>>>,
}

impl<'a> References<'a> {
    pub(super) fn new(configuration: Option<&'a RawValue>, variables: Option<&'a RawValue>) -> Self {
        Self { configuration, variables, module: OnceLock::new(), inputs: OnceLock::new(), instances: OnceLock::new() }
    }
}

impl<'a> Workspace<'a> {
    /// What is known of a written attribute whose value is unknown; `None` if nothing can be found out.
    pub(super) fn resolve(&self, id: u32, path: &Path, trail: &Trail) -> Option<Value> {
        let declared = self.declared(id, trail)?;
        let traced = self.traced_in_source(id, &declared.address, path, trail);
        traced.or_else(|| self.mentioned(id, &declared, path, trail))
    }

    /// Whether the configuration writes an attribute or block; `None` if there is no configuration to ask.
    #[must_use]
    pub fn configured(&self, id: u32, path: &Path) -> Option<bool> {
        self.is_configured(id, path, &Trail::default())
    }

    pub(super) fn has_source(&self, id: u32, trail: &Trail) -> bool {
        self.declared(id, trail).is_some_and(|declared| self.source_block(&declared.address).is_some())
    }

    pub(super) fn is_configured(&self, id: u32, path: &Path, trail: &Trail) -> Option<bool> {
        let declared = self.declared(id, trail)?;
        self.written_in_source(&declared.address, path).or_else(|| declared.writes(path))
    }

    /// The root module of the plan's `configuration`.
    pub(super) fn plan_configuration(&self) -> Option<&ConfigModule<'a>> {
        let module = self.references.module.get_or_init(|| ConfigModule::read(self.references.configuration?));
        module.as_ref()
    }

    /// The value of a variable of the root module. Sensitive ones are not told apart here: callers mark them.
    pub(super) fn root_variable(&self, name: &str) -> Option<Value> {
        let inputs = self.references.inputs.get_or_init(|| root_variables(self.references.variables));
        inputs.get(name).cloned()
    }

    /// The current instances of a block, by key.
    pub(super) fn instances(
        &self,
        module: &ModuleInstance,
        mode: Mode,
        kind: &str,
        name: &str,
    ) -> &[(Option<Key>, u32)] {
        let block = block_name(module, mode, kind, name);
        self.all_instances().blocks.get(&block).map_or(&[], Vec::as_slice)
    }

    /// The keys of the instances of a module call that hold some object.
    pub(super) fn call_keys(&self, parent: &ModuleInstance, name: &str) -> &[Option<Key>] {
        self.all_instances().calls.get(&call_name(parent, name)).map_or(&[], Vec::as_slice)
    }

    fn all_instances(&self) -> &Instances {
        self.references.instances.get_or_init(|| {
            let mut instances = Instances::default();
            for (id, object) in (0..).zip(&self.objects) {
                if object.deposed || !object.action.stays() {
                    continue;
                }
                if let Some(address) = object.parsed_address() {
                    instances.add(id, &address);
                }
            }
            instances
        })
    }
}

impl Instances {
    fn add(&mut self, id: u32, address: &Address) {
        let block = block_name(&address.module, address.mode, &address.kind, &address.name);
        let known = self.blocks.entry(block).or_default();
        // A data source read during apply stands in the changes and, from an earlier run, in the prior state.
        if known.iter().all(|(key, _)| *key != address.key) {
            known.push((address.key.clone(), id));
        }
        let mut module = address.module.clone();
        while let Some((parent, step)) = module.split_last() {
            let keys = self.calls.entry(call_name(&parent, &step.name)).or_default();
            if keys.contains(&step.key) {
                break;
            }
            keys.push(step.key.clone());
            module = parent;
        }
    }
}

fn block_name(module: &ModuleInstance, mode: Mode, kind: &str, name: &str) -> String {
    let data = if mode == Mode::Data { "data." } else { "" };
    format!("{module}/{data}{kind}.{name}")
}

fn call_name(parent: &ModuleInstance, name: &str) -> String {
    format!("{parent}/{name}")
}

fn root_variables(variables: Option<&RawValue>) -> FxHashMap<Arc<str>, Value> {
    let Some(Value::Object(variables)) = variables.and_then(|raw| json::open(raw.get()).ok()) else {
        return FxHashMap::default();
    };
    let values = variables.iter().filter_map(|(name, variable)| match variable {
        Value::Object(variable) => Some((name.clone(), variable.get("value").cloned().unwrap_or(Value::Null))),
        _ => None,
    });
    values.collect()
}

/// The steps of a path without the first, for going on inside a value.
pub(super) fn inside(value: &Value, steps: &[Step]) -> Option<Value> {
    steps.iter().try_fold(value.clone(), |value, step| match (value.unmark(), step) {
        ((Value::Object(object), sensitive), Step::Name(name)) => {
            object.get(name).cloned().map(|value| value.mark(sensitive))
        }
        ((Value::List(items), sensitive), Step::Index(index)) => {
            items.get(*index).cloned().map(|value| value.mark(sensitive))
        }
        ((Value::Unknown(_), _), _) => Some(value.clone()),
        _ => None,
    })
}
