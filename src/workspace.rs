//! One model for every input: resources whose values are known, unknown with an origin, or sensitive.
//!
//! A [`Workspace`] is built from a plan ([`build::from_plan`]) or a state ([`build::from_state`]); attributes are opened
//! when somebody asks ([`Workspace::attribute`]), and what is unknown is then traced to the object it will come from
//! (`references.rs`). `index.rs` and `matching.rs` join objects by type and attribute; `locate.rs` finds their places in the source.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::expr::eval::{Evaluated, Host};
use crate::expr::{Fault, Reference};
use crate::source::Span;
use crate::terraform::address::Mode;
use crate::terraform::config::Configuration;
use crate::value::{Handle, Object, Path, Side, Step, Symbol, Unknown, Value};

pub mod build;
mod called;
mod declarations;
mod enclosing;
pub mod facts;
mod fragments;
mod graph;
mod ids;
mod index;
pub mod links;
pub mod locate;
pub(crate) mod matching;
mod mentions;
mod names;
pub mod parts;
mod providers;
mod references;
mod resource;
pub mod secrets;
pub mod source;
pub mod text;
mod trace;
mod trail;
mod values;

pub use facts::Facts;
pub use names::{Mentions, Names, Outlook, Said, Spoken};
use resource::ProviderId;
pub use resource::{Details, Resource};
use trail::Trail;
pub use values::Settled;
use values::Values;

/// Everything that is judged together: the objects of one plan or state.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// All objects, data sources included, in the input's order.
    pub objects: Vec<Resource<'a>>,
    /// What kind of input it was.
    pub input: Input,
    /// The file, as reports print it.
    pub path: Arc<str>,
    /// The configuration in HCL, where it is at hand.
    pub configuration: Arc<Configuration>,
    // As the input writes them.
    providers: Vec<Arc<str>>,
    facts: Arc<Facts>,
    wanted: names::Wanted,
    by_type: FxHashMap<Arc<str>, Vec<u32>>,
    data_by_type: FxHashMap<Arc<str>, Vec<u32>>,
    index: index::Indexes,
    graph: OnceLock<graph::Graph>,
    references: references::References<'a>,
    called: OnceLock<called::Called>,
    /// The objects of HCL alone of which it is not certain that they are there once.
    uncertain: FxHashMap<u32, source::Presence>,
    /// What is known of the run as a whole.
    pub run: parts::Run,
    /// What module calls and providers are given, where HCL alone is judged.
    written: Vec<parts::Written>,
    parts: OnceLock<Vec<parts::Part>>,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A plan: objects change.
    Plan,
    /// A state: objects are as they are.
    State,
    /// HCL alone: objects are at rest, or to be created (the examples of policies).
    Configuration,
    /// The mocks of a test: nothing is filled in.
    Mocks,
}

impl<'a> Workspace<'a> {
    /// An object by number.
    #[must_use]
    pub fn object(&self, id: u32) -> Option<&Resource<'a>> {
        self.objects.get(id as usize)
    }

    /// The numbers of the current (not deposed) managed objects of a type.
    #[must_use]
    pub fn of_type(&self, kind: &str) -> &[u32] {
        self.by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The numbers of the data sources of a type.
    #[must_use]
    pub fn data_of_type(&self, kind: &str) -> &[u32] {
        self.data_by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The provider of an object, as the input writes it; empty if it does not.
    #[must_use]
    pub fn provider(&self, object: &Resource<'_>) -> &str {
        self.providers.get(usize::from(object.provider.0)).map_or("", |provider| provider)
    }

    /// Whether an object is there for certain, and once. In plans and states every one is.
    fn is_certain(&self, id: u32) -> bool {
        !self.uncertain.contains_key(&id)
    }

    /// An object as a member of a list.
    fn perhaps(&self, object: Value) -> Value {
        let certain = match object.member().0 {
            Value::Handle(handle) => self.is_certain(handle.object),
            _ => true,
        };
        object.maybe(!certain)
    }

    /// Objects as the list that a policy gets. One that stands for nobody knows how many makes the whole list unknown:
    /// its length is, and so is whether all of its members are alike.
    #[must_use]
    pub fn listed(&self, objects: Vec<Value>) -> Value {
        let stands_for_many = |object: &Value| match object.member().0 {
            Value::Handle(handle) => self.uncertain.get(&handle.object) == Some(&source::Presence::Any),
            _ => false,
        };
        let open = objects.iter().find(|object| !self.is_counted() && stands_for_many(object));
        match open.map(|object| object.member().0) {
            Some(Value::Handle(handle)) => {
                Value::unknown(format!("how many {} there are is not known", self.address(*handle)))
            }
            _ => Value::list(objects),
        }
    }

    /// Whether it is known of every object that it is there, and once.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.uncertain.is_empty()
    }

    /// Whether it holds what a test has made up.
    #[must_use]
    pub fn is_made_up(&self) -> bool {
        self.input == Input::Mocks
    }

    /// Whether there is a managed object of a type.
    #[must_use]
    pub fn has_type(&self, kind: &str) -> bool {
        self.by_type.contains_key(kind)
    }

    /// The facts about providers that this workspace was built with.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// An attribute of an object, with unknowns traced and defaults filled in. An object that is going away has null
    /// for every planned attribute; `None` means that there is no such attribute.
    #[must_use]
    pub fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        let object = self.object(handle.object)?;
        if name.starts_with('_') {
            return self.about(object, handle, name);
        }
        if handle.side == Side::Planned && !object.action.stays() {
            return Some(Value::Null);
        }
        if handle.side == Side::Prior {
            return self.base(handle, name).cloned();
        }
        if let Some(value) = object.planned.settled().and_then(|settled| settled.get(name)) {
            return Some(value.clone());
        }
        let names = self.wanted.of(&object.kind);
        let opened = object.planned.wanted(handle.object, names);
        if let Some(value) = opened.and_then(|opened| opened.get(name)) {
            let traced = self.traced(handle).and_then(|traced| traced.get(name));
            return Some(traced.unwrap_or(value).clone());
        }
        if names.contains(name) {
            let traced = self.traced(handle).and_then(|traced| traced.get(name));
            return traced.cloned().or_else(|| self.identity_to_come(handle.object, name));
        }
        match self.base(handle, name) {
            Some(value) if value.has_unknown() => {
                Some(self.trace(handle.object, &Path::attribute(name), value, &Trail::default()))
            }
            Some(Value::Null) | None => self
                .default_of(handle.object, &Path::attribute(name), &Trail::default())
                .or_else(|| self.base(handle, name).cloned())
                .or_else(|| self.identity_to_come(handle.object, name)),
            Some(value) => Some(value.clone()),
        }
    }

    /// A planned attribute of an object that stays, if all that is known of it has been found out already.
    #[must_use]
    pub fn peek(&self, id: u32, name: &str) -> Option<&Value> {
        self.settled(id)?.get(name)
    }

    /// The planned attributes of an object that stays, if all that is known of them has been found out already.
    #[must_use]
    pub fn settled(&self, id: u32) -> Option<Settled<'_>> {
        self.object(id).filter(|object| object.action.stays())?.planned.settled()
    }

    // What is told of a listed object beside its attributes; no provider has attributes that begin with `_`.
    fn about(&self, object: &Resource<'_>, handle: Handle, name: &str) -> Option<Value> {
        match name {
            "_address" => Some(Value::string(&object.address)),
            "_type" => Some(Value::String(object.kind.clone())),
            "_operation" => Some(Value::string(object.action.last_operation())),
            "_path" => self.via(handle.via?).map(|path| Value::String(path.clone())),
            _ => None,
        }
    }

    /// All attributes of an object.
    #[must_use]
    pub fn expand(&self, handle: Handle) -> Value {
        let Some(object) = self.object(handle.object) else { return Value::Null };
        if handle.side == Side::Planned && !object.action.stays() {
            return Value::Null;
        }
        let Some(values) = object.values(handle.side) else { return Value::Null };
        let Some(all) = values.all(handle.object, self.wanted.of(&object.kind)) else {
            return Value::unknown("the values are nested too deep");
        };
        let entries = all.iter().map(|(name, value)| {
            let traced = self.attribute(handle, name);
            (name.clone(), traced.unwrap_or_else(|| value.clone()))
        });
        Value::object(entries.collect())
    }

    /// All attributes of an object as the input has them.
    fn expand_untraced(&self, handle: Handle) -> Value {
        let Some(object) = self.object(handle.object) else { return Value::Null };
        let Some(values) = object.values(handle.side) else { return Value::Null };
        match values.all(handle.object, self.wanted.of(&object.kind)) {
            Some(all) => Value::Object(Arc::new(all.clone()).into()),
            None => Value::unknown("the values are nested too deep"),
        }
    }

    /// The whole values of one side as they are in the input, or null: a policy's `plan::before("path")`.
    #[must_use]
    pub fn side(&self, id: u32, side: Side, path: &Path) -> Value {
        let handle = Handle::new(id, side);
        let mut steps = path.steps().iter();
        let Some(Step::Name(first)) = steps.next() else { return self.expand(handle) };
        let there = self.object(id).is_some_and(|object| match side {
            Side::Planned => object.action.stays(),
            Side::Prior => object.values(side).is_some_and(Values::is_there),
        });
        if !there {
            return Value::Null;
        }
        let start = self.attribute(handle, first).unwrap_or(Value::Null);
        steps.fold(start, |value, step| value_at(&value, step))
    }

    /// Whether an object's values can be opened; if not, [`Workspace::unopened`] names it.
    #[must_use]
    pub fn opens(&self, id: u32) -> bool {
        let Some(object) = self.object(id) else { return false };
        let mut sides = [Side::Planned, Side::Prior].into_iter().filter_map(|side| object.values(side));
        sides.all(|values| values.wanted(id, self.wanted.of(&object.kind)).is_some())
    }

    /// Every object whose values are nested too deep to be opened, of those that somebody asked for.
    #[must_use]
    pub fn unopened(&self) -> Vec<&str> {
        let closed = |object: &&Resource<'_>| {
            [Side::Planned, Side::Prior].into_iter().filter_map(|side| object.values(side)).any(Values::is_closed)
        };
        let objects = self.objects.iter().filter(closed);
        objects.map(|object| &*object.address).collect()
    }

    // What the input says, nothing traced. Never looks at another object, so it can be called from anywhere.
    fn base(&self, handle: Handle, name: &str) -> Option<&Value> {
        let object = self.object(handle.object)?;
        let values = object.values(handle.side)?;
        let names = self.wanted.of(&object.kind);
        let value = values.wanted(handle.object, names)?.get(name);
        if value.is_some() || names.contains(name) {
            return value;
        }
        values.all(handle.object, names)?.get(name)
    }

    // The wanted attributes of which more is known than the input says; none if there are none.
    fn traced(&self, handle: Handle) -> Option<&Object> {
        let object = self.object(handle.object)?;
        let values = object.values(handle.side)?;
        values.wanted(handle.object, self.wanted.of(&object.kind))?;
        values.traced(|opened| self.trace_all(handle.object, opened))
    }

    fn trace_all(&self, id: u32, opened: &Object) -> Option<Object> {
        let mut entries = Vec::new();
        let trail = Trail::default();
        for (name, value) in opened.iter().filter(|(_, value)| value.has_unknown()) {
            trail.steps.set(0);
            let traced = self.trace(id, &Path::attribute(name), value, &trail);
            if !is_same_symbol(&traced, value) {
                entries.push((name.clone(), traced));
            }
        }
        let kind = &self.object(id)?.kind;
        let names = self.wanted.of(kind);
        for fact in self.facts.defaults_of(kind).filter(|_| self.input != Input::Mocks) {
            // Of what nobody mentions the default is found when somebody asks after all.
            let Some(name) = fact.path.as_attribute().and_then(|name| names.shared(name)) else { continue };
            let current = opened.get(name);
            if current.is_none_or(|value| matches!(value, Value::Null))
                && (self.input == Input::Configuration || self.is_configured(id, &fact.path, &trail) != Some(true))
            {
                entries.push((name.clone(), fact.value.clone()));
            }
        }
        (!entries.is_empty()).then(|| Object::new(entries))
    }

    /// Replaces what is unknown inside a value by what is known of it.
    fn trace(&self, id: u32, path: &Path, value: &Value, trail: &Trail) -> Value {
        // HCL alone is evaluated when it is taken in: more is not known.
        if self.input == Input::Configuration {
            return value.clone();
        }
        match value {
            Value::Unknown(_) => self.origin(id, path, trail),
            Value::Sensitive(inner) => self.trace(id, path, inner, trail).mark(true),
            Value::List(items) if value.has_unknown() => {
                let items = items.iter().enumerate();
                Value::list(items.map(|(at, item)| self.trace(id, &path.join(Step::Index(at)), item, trail)).collect())
            }
            Value::Object(object) if value.has_unknown() => {
                let entries = object.iter().map(|(name, value)| {
                    (name.clone(), self.trace(id, &path.join(Step::Name(name.clone())), value, trail))
                });
                Value::object(entries.collect())
            }
            other => other.clone(),
        }
    }

    /// What is known of an attribute that is unknown: the default of the provider, the object it refers to, or its own
    /// symbol.
    fn origin(&self, id: u32, path: &Path, trail: &Trail) -> Value {
        let own = || Value::Unknown(Arc::new(Unknown::Symbol(Symbol { object: id, path: path.clone() })));
        let Some(_step) = trail.step() else { return own() };
        match self.is_configured(id, path, trail) {
            Some(false) => {
                let default = self.default_of(id, path, trail);
                // The plan's configuration does not show `dynamic` blocks: that a block is not written is known from
                // the source only.
                let certain = default.filter(|value| !matches!(value, Value::List(_)) || self.has_source(id, trail));
                certain.unwrap_or_else(own)
            }
            _ => self.resolve(id, path, trail).unwrap_or_else(own),
        }
    }

    fn default_of(&self, id: u32, path: &Path, trail: &Trail) -> Option<Value> {
        let object = self.object(id)?;
        let default = self.facts.default_of(&object.kind, path).filter(|_| self.input != Input::Mocks)?;
        (self.is_configured(id, path, trail) != Some(true)).then(|| default.clone())
    }

    // HCL does not write what names an object, nor what a data source will read; a plan does.
    fn identity_to_come(&self, id: u32, name: &str) -> Option<Value> {
        let object = self.object(id)?;
        let comes = object.mode == Mode::Data || self.facts.is_identity(&object.kind, name);
        if self.input != Input::Configuration || !comes {
            return None;
        }
        let symbol = Symbol { object: id, path: Path::attribute(name) };
        Some(Value::Unknown(Arc::new(Unknown::Symbol(symbol))))
    }

    /// Whether an attribute has a default that the engine assumed because nobody set it.
    #[must_use]
    pub fn assumed(&self, id: u32, path: &Path) -> Option<&Value> {
        let object = self.object(id)?;
        let default = self.facts.default_of(&object.kind, path)?;
        (self.configured(id, path) == Some(false)).then_some(default)
    }

    /// Whether the symbol names the object as a whole (`id`, `arn`, …).
    #[must_use]
    pub fn is_identity(&self, symbol: &Symbol) -> bool {
        let Some(object) = self.object(symbol.object) else { return false };
        symbol.path.as_attribute().is_some_and(|name| self.facts.is_identity(&object.kind, name))
    }

    /// A name for a symbol that a reader understands: `aws_lb.main.arn`.
    #[must_use]
    pub fn symbol_name(&self, symbol: &Symbol) -> String {
        if symbol.is_variable() {
            return format!("var.{}", symbol.path);
        }
        let address = self.object(symbol.object).map_or("?", |object| &object.address);
        format!("{address}.{}", symbol.path)
    }
}

/// Values of the workspace can be compared and opened; names and functions belong to whoever evaluates.
impl Host for Workspace<'_> {
    fn reference(&self, _reference: Reference, span: Span, _depth: usize) -> Evaluated {
        Err(Fault::new(span, "this name means nothing here"))
    }

    fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        Workspace::attribute(self, handle, name)
    }

    fn expand(&self, handle: Handle) -> Value {
        Workspace::expand(self, handle)
    }

    fn address(&self, handle: Handle) -> String {
        self.object(handle.object).map_or_else(String::new, |object| object.address.to_string())
    }

    fn call(&self, _function: u32, _arguments: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "this function means nothing here"))
    }

    /// The identity attributes of one object are one value, those of different objects are not.
    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        if left == right {
            return Some(true);
        }
        let identities = self.is_identity(left) && self.is_identity(right);
        identities.then_some(left.object == right.object)
    }

    /// The id of an object to come is any text that names the object then, and no text that names another one today.
    /// What named this one before, and so what a replaced object was called, it may be or not.
    fn symbol_is(&self, symbol: &Symbol, text: &str) -> Option<bool> {
        if !self.is_identity(symbol) {
            return None;
        }
        match self.named(text).as_slice() {
            [] if !text.is_empty() => None,
            objects if objects.contains(&symbol.object) => self.keeps_name(symbol.object, text).then_some(true),
            _ => Some(false),
        }
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        self.is_identity(symbol)
    }
}

/// The value one step further in; null where there is none.
fn value_at(value: &Value, step: &Step) -> Value {
    let (inner, sensitive) = value.unmark();
    let next = match (inner, step) {
        (Value::Object(object), Step::Name(name)) => object.get(name).cloned(),
        (Value::List(items), Step::Index(index)) => items.get(*index).cloned(),
        (Value::Unknown(unknown), _) => Some(Value::Unknown(Arc::new(unknown.derived()))),
        _ => None,
    };
    next.unwrap_or(Value::Null).mark(sensitive)
}

// Whether tracing has found out nothing: the attribute stands for itself.
fn is_same_symbol(left: &Value, right: &Value) -> bool {
    match (left.as_unknown().map(|unknown| &**unknown), right.as_unknown().map(|unknown| &**unknown)) {
        (Some(Unknown::Symbol(left)), Some(Unknown::Symbol(right))) => left == right,
        _ => false,
    }
}
