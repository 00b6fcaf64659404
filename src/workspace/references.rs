//! Where an unknown value will come from (`spec/plan-json.md` 8): asked of the HCL first (`trace.rs`), else of the plan's
//! `configuration` (`mentions.rs`).
//!
//! Both need to know which instances of a block there are: [`Workspace::instances`].

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
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

/// The key of an instance, and its object.
type Instance = (Option<Key>, u32);

/// The instances of every block and of every module call. There are few of either and many objects, so modules and blocks
/// stand for themselves by number.
#[derive(Debug, Default)]
pub(super) struct Instances {
    modules: FxHashMap<ModuleInstance, u32>,
    /// The numbers of names, by type, of resources and of data sources.
    resources: Names,
    data: Names,
    /// The instances of one block stand together; this is where they begin and how many there are.
    all: Vec<Instance>,
    blocks: FxHashMap<Block, (u32, u32)>,
    /// The keys of calls, by the instance that makes them.
    calls: FxHashMap<ModuleInstance, FxHashMap<Arc<str>, Vec<Option<Key>>>>,
}

type Names = FxHashMap<Arc<str>, FxHashMap<Arc<str>, u32>>;

/// The module, whether it is data, and the name in it.
type Block = (u32, Mode, u32);

impl References<'_> {
    /// Those of HCL alone: the values of the root module's variables are known already.
    pub(super) fn of_variables(variables: FxHashMap<Arc<str>, Value>) -> Self {
        Self { inputs: OnceLock::from(variables), ..Self::new(None, None) }
    }
}

impl<'a> References<'a> {
    pub(super) fn new(configuration: Option<&'a RawValue>, variables: Option<&'a RawValue>) -> Self {
        Self { configuration, variables, module: OnceLock::new(), inputs: OnceLock::new(), instances: OnceLock::new() }
    }
}

impl<'a> Workspace<'a> {
    /// What is known of a written attribute whose value is unknown; `None` if nothing can be found out.
    pub(super) fn resolve(&self, id: u32, path: &Path, trail: &Trail) -> Option<Value> {
        let address = self.address_of(id, trail)?;
        let traced = self.traced_in_source(id, &address, path, trail);
        traced.or_else(|| self.mentioned(id, &address, path, trail))
    }

    /// Whether the configuration writes an attribute or block; `None` if there is no configuration to ask.
    #[must_use]
    pub fn configured(&self, id: u32, path: &Path) -> Option<bool> {
        self.is_configured(id, path, &Trail::default())
    }

    pub(super) fn has_source(&self, id: u32, trail: &Trail) -> bool {
        self.address_of(id, trail).is_some_and(|address| self.source_block(&address).is_some())
    }

    pub(super) fn is_configured(&self, id: u32, path: &Path, trail: &Trail) -> Option<bool> {
        let address = self.address_of(id, trail)?;
        self.written_in_source(&address, path).or_else(|| self.writes(&address, path))
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
    pub(super) fn instances(&self, module: &ModuleInstance, mode: Mode, kind: &str, name: &str) -> &[Instance] {
        let instances = self.all_instances();
        let range = instances.block(module, mode, kind, name).and_then(|block| instances.blocks.get(&block));
        let (start, count) = range.map_or((0, 0), |(start, count)| (*start as usize, *count as usize));
        instances.all.get(start..start + count).unwrap_or_default()
    }

    /// The keys of the instances of a module call that hold some object.
    pub(super) fn call_keys(&self, parent: &ModuleInstance, name: &str) -> &[Option<Key>] {
        let calls = self.all_instances().calls.get(parent);
        calls.and_then(|calls| calls.get(name)).map_or(&[], Vec::as_slice)
    }

    fn all_instances(&self) -> &Instances {
        self.references.instances.get_or_init(|| {
            let mut instances = Instances::default();
            let mut found = Vec::with_capacity(self.objects.len());
            // A data source read during apply stands in the changes and, from an earlier run, in the prior state.
            let mut seen: FxHashSet<(Block, Option<Key>)> = FxHashSet::default();
            for (id, object) in (0..).zip(&self.objects) {
                if object.deposed || !object.action.stays() {
                    continue;
                }
                let Some(address) = object.parsed_address() else { continue };
                let block = instances.take_in(&address);
                if address.mode == Mode::Managed || seen.insert((block, address.key.clone())) {
                    found.push((block, (address.key, id)));
                }
            }
            instances.gather(found);
            instances
        })
    }
}

impl Instances {
    fn names(&self, mode: Mode) -> &Names {
        if mode == Mode::Data { &self.data } else { &self.resources }
    }

    fn block(&self, module: &ModuleInstance, mode: Mode, kind: &str, name: &str) -> Option<Block> {
        let name = self.names(mode).get(kind)?.get(name)?;
        Some((*self.modules.get(module)?, mode, *name))
    }

    // Takes in the calls that lead to an object; gives the block it is an instance of.
    fn take_in(&mut self, address: &Address) -> Block {
        let Address { module, mode, kind, name, key: _ } = address;
        if let Some(known) = self.block(module, *mode, kind, name) {
            return known;
        }
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        // Whoever knows a module knows all that lead to it.
        let mut at = module.clone();
        while !self.modules.contains_key(&at) {
            self.modules.insert(at.clone(), number(self.modules.len()));
            let Some((parent, step)) = at.split_last() else { break };
            let calls = self.calls.entry(parent.clone()).or_default();
            calls.entry(step.name.clone()).or_default().push(step.key.clone());
            at = parent;
        }
        let names = if *mode == Mode::Data { &mut self.data } else { &mut self.resources };
        let next = number(names.values().map(FxHashMap::len).sum());
        let name = *names.entry(kind.clone()).or_default().entry(name.clone()).or_insert(next);
        (self.modules.get(module).copied().unwrap_or_default(), *mode, name)
    }

    // Puts the instances of each block together, in the order of the input.
    fn gather(&mut self, mut found: Vec<(Block, Instance)>) {
        found.sort_by_key(|(block, _)| *block);
        self.all.reserve_exact(found.len());
        for (block, instance) in found {
            let start = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.blocks.entry(block).or_insert((start, 0)).1 += 1;
            self.all.push(instance);
        }
    }
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
