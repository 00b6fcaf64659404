//! The instances of modules and resources, made when somebody first asks for them.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::imports::Import;
use super::repeat::{Repeats, Round};
use super::scope::Scope;
use super::{Found, Memo, Presence, Source, remembered, room_for};
use crate::expr::Fault;
use crate::expr::eval::Evaluated;
use crate::source::Span;
use crate::terraform::address::{Address, Key, Mode, ModuleInstance};
use crate::terraform::config::{Block, Module};
use crate::value::{Handle, Object, Path, Side, Symbol, Unknown, Value};
use crate::workspace::parts::full_source;

/// One instance of a module.
pub(super) struct Instance<'c> {
    pub(super) at: ModuleInstance,
    pub(super) module: &'c Module,
    /// The module that calls it, and the call; the root has none.
    pub(super) call: Option<(Rc<Self>, &'c Block)>,
    pub(super) round: Rc<Round>,
    pub(super) presence: Presence,
    pub(super) variables: Memo<Arc<str>>,
    pub(super) locals: Memo<Arc<str>>,
    pub(super) outputs: Memo<Arc<str>>,
    /// What the name of a block stands for: one instance, or all; by the place of the block in memory.
    groups: Memo<usize>,
}

/// One instance of a resource or data source.
pub(super) struct Node<'c> {
    pub(super) number: u32,
    pub(super) module: Rc<Instance<'c>>,
    pub(super) block: &'c Block,
    pub(super) kind: Arc<str>,
    pub(super) mode: Mode,
    pub(super) round: Rc<Round>,
    pub(super) presence: Presence,
    pub(super) attributes: Memo<Arc<str>>,
}

/// Handles of module instances have numbers from here on, those of objects below. A symbol of a variable is above both.
const MODULES: u32 = 1 << 31;

/// Objects and module instances of one root module. A count in a count in a count must not fill the memory.
const MAX_INSTANCES: usize = 200_000;

impl<'c> Instance<'c> {
    fn new(
        at: ModuleInstance,
        module: &'c Module,
        call: Option<(Rc<Self>, &'c Block)>,
        round: Round,
        presence: Presence,
    ) -> Self {
        Self {
            at,
            module,
            call,
            round: Rc::new(round),
            presence,
            variables: Memo::default(),
            locals: Memo::default(),
            outputs: Memo::default(),
            groups: Memo::default(),
        }
    }
}

impl Node<'_> {
    /// Its address.
    pub(super) fn address(&self) -> String {
        let [kind, name] = self.block.labels.as_slice() else { return String::new() };
        address(&self.module, &self.block.kind, kind, name, self.round.key.clone()).to_string()
    }

    /// What an attribute to come is called.
    pub(super) fn symbol(&self, name: &str) -> Value {
        let symbol = Symbol { object: self.number, path: Path::attribute(name) };
        Value::Unknown(Arc::new(Unknown::Symbol(symbol)))
    }
}

impl<'c> Source<'c> {
    /// Makes every instance that there is, in a fixed order: the root module's blocks by type and name, then those of
    /// the modules in the order in which they were met.
    pub(super) fn expand(&self) {
        let Some(root) = self.configuration.module("") else { return };
        let root = Instance::new(ModuleInstance::default(), root, None, Round::default(), Presence::Certain);
        self.modules.borrow_mut().push(Rc::new(root));
        for next in 0.. {
            let Some(instance) = self.modules.borrow().get(next).cloned() else { return };
            let mut blocks: Vec<&'c Block> = Vec::new();
            for kind in ["resource", "data", "module"] {
                blocks.extend(instance.module.blocks(kind));
            }
            // A data source of a check is read like any other.
            blocks.extend(instance.module.blocks("check").flat_map(|check| check.nested("data")));
            blocks.sort_by(|left, right| (&left.labels, &left.kind).cmp(&(&right.labels, &right.kind)));
            for block in blocks {
                if let Err(fault) = self.group(&instance, block) {
                    self.lost(&fault);
                }
            }
        }
    }

    /// What the name of a block stands for: a handle, or a list or map of handles.
    pub(super) fn group(&self, instance: &Rc<Instance<'c>>, block: &'c Block) -> Evaluated {
        let key = std::ptr::from_ref(block) as usize;
        remembered(&instance.groups, &key, block.header, || {
            let make: &dyn Fn(Round, Presence) -> Evaluated = match (&*block.kind, block.labels.as_slice()) {
                ("module", [name]) => &|round, presence| self.call(instance, block, name, round, presence),
                (_, [kind, _]) => &|round, presence| self.object(instance, block, kind, round, presence),
                _ => return Err(Fault::new(block.header, format!("a {} block needs other labels", block.kind))),
            };
            self.instances(instance, block, make)
        })
    }

    fn instances(
        &self,
        instance: &Rc<Instance<'c>>,
        block: &'c Block,
        make: &dyn Fn(Round, Presence) -> Evaluated,
    ) -> Evaluated {
        let scope = Scope::new(self, instance.clone());
        let within = instance.presence;
        match self.repeats(&scope, block) {
            Repeats::Once => make(Round::default(), within),
            Repeats::Counted(rounds) => {
                let instances = rounds.into_iter().map(|round| make(round, within));
                Ok(Value::list(instances.collect::<Result<_, _>>()?))
            }
            Repeats::Keyed(rounds) => {
                let instances = rounds.into_iter().map(|(key, round)| Ok((key, make(round, within)?)));
                Ok(Value::object(instances.collect::<Result<_, Box<Fault>>>()?))
            }
            Repeats::Perhaps(round, reason) => {
                self.uncounted(instance, block, &round, reason);
                Ok(Value::list(vec![make(*round, within.max(Presence::Perhaps))?.maybe(true)]))
            }
            Repeats::Unknown(round, reason) => {
                self.uncounted(instance, block, &round, reason.clone());
                make(*round, Presence::Any)?;
                Ok(Value::unknown(reason))
            }
        }
    }

    fn uncounted(&self, instance: &Instance<'c>, block: &Block, round: &Round, reason: String) {
        let address = match (&*block.kind, block.labels.as_slice()) {
            ("module", [name]) => instance.at.child(name.clone(), round.key.clone()).to_string(),
            (_, [kind, name]) => address(instance, &block.kind, kind, name, round.key.clone()).to_string(),
            _ => return,
        };
        self.gaps.borrow_mut().uncounted.push((address, reason));
    }

    fn room(&self, span: Span) -> Result<(), Box<Fault>> {
        if self.nodes.borrow().len() + self.modules.borrow().len() < MAX_INSTANCES {
            return Ok(());
        }
        Err(Fault::new(span, format!("there are more than {MAX_INSTANCES} instances; the rest is not looked at")))
    }

    fn object(
        &self,
        instance: &Rc<Instance<'c>>,
        block: &'c Block,
        kind: &Arc<str>,
        round: Round,
        presence: Presence,
    ) -> Evaluated {
        self.room(block.header)?;
        let mut nodes = self.nodes.borrow_mut();
        let number = u32::try_from(nodes.len()).unwrap_or(MODULES);
        nodes.push(Rc::new(Node {
            number,
            module: instance.clone(),
            block,
            kind: self.facts.canonical_type(kind).unwrap_or(kind).clone(),
            mode: mode(&block.kind),
            round: Rc::new(round),
            presence,
            attributes: room_for(block.attributes.len() + block.blocks.len()),
        }));
        Ok(Value::Handle(Handle::new(number, Side::Planned)))
    }

    fn call(
        &self,
        instance: &Rc<Instance<'c>>,
        block: &'c Block,
        name: &Arc<str>,
        round: Round,
        presence: Presence,
    ) -> Evaluated {
        let at = instance.at.child(name.clone(), round.key.clone());
        let Some(module) = self.configuration.module(&at.config_path()) else {
            return Ok(Value::unknown(format!("module.{name} is not at hand")));
        };
        self.room(block.header)?;
        let mut modules = self.modules.borrow_mut();
        let number = MODULES.saturating_add(u32::try_from(modules.len()).unwrap_or(MODULES - 1));
        modules.push(Rc::new(Instance::new(at, module, Some((instance.clone(), block)), round, presence)));
        Ok(Value::Handle(Handle::new(number, Side::Planned)))
    }

    /// The module instance of a handle.
    pub(super) fn module_of(&self, handle: Handle) -> Option<Rc<Instance<'c>>> {
        self.modules.borrow().get(handle.object.checked_sub(MODULES)? as usize).cloned()
    }

    /// The object of a handle.
    pub(super) fn node(&self, number: u32) -> Option<Rc<Node<'c>>> {
        self.nodes.borrow().get(number as usize).cloned()
    }

    /// An object with everything that is known of it.
    pub(super) fn found(&self, node: &Rc<Node<'c>>, imports: &[Import]) -> Found {
        let address = node.address();
        Found {
            importing: node.mode == Mode::Managed && imports.iter().any(|import| import.covers(&address)),
            provider: provider(node),
            address,
            kind: node.block.labels.first().unwrap_or(&node.kind).clone(),
            is_data: node.mode == Mode::Data,
            presence: node.presence,
            values: Object::new(self.written(node)),
        }
    }

    /// The values of the root module's variables.
    pub(super) fn root_variables(&self) -> FxHashMap<Arc<str>, Value> {
        let Some(root) = self.modules.borrow().first().cloned() else { return FxHashMap::default() };
        let names =
            root.module.blocks("variable").filter_map(|block| block.labels.first().map(|name| (name, block.header)));
        let values = names.map(|(name, span)| {
            let value = self.variable(&root, name, span).unwrap_or_else(|fault| self.lost(&fault));
            (name.clone(), self.settled(&value))
        });
        values.collect()
    }
}

// The provider that a block names, else the one that its type begins with.
fn provider(node: &Node<'_>) -> String {
    let module = node.module.module;
    let named = node.block.attribute("provider").and_then(|named| module.head_of(&named.value));
    let kind = node.block.labels.first().map_or("", |kind| &**kind);
    let name = named.unwrap_or_else(|| kind.split('_').next().unwrap_or_default());
    full_source(module.required_source(name).as_deref().unwrap_or(name))
}

fn mode(block: &str) -> Mode {
    if block == "data" { Mode::Data } else { Mode::Managed }
}

fn address(instance: &Instance<'_>, block: &str, kind: &Arc<str>, name: &Arc<str>, key: Option<Key>) -> Address {
    Address { module: instance.at.clone(), mode: mode(block), kind: kind.clone(), name: name.clone(), key }
}
