//! What module, provider and workspace policies judge: the module calls and providers of the configuration, the run
//! itself, and what the source declares (`declarations.rs`).
//!
//! The plan's `configuration` says which there are; the HCL source says what their arguments are, because the plan keeps
//! only constants and the names that an expression mentions. [`Workspace::parts`] lists all; they are put together when
//! the first policy asks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::locate::{Place, place_in};
use super::{Input, Trail, Workspace};
use crate::instant::Instant;
use crate::source::Span;
use crate::terraform::address::{Key, ModuleInstance};
use crate::terraform::config::{Block, Module};
use crate::terraform::document::Document;
use crate::value::{Object, Path, Value, json};

/// What kind of part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// A `module` block.
    Module,
    /// A configuration of a provider.
    Provider,
    /// The whole run.
    Run,
    /// Something that a module of the source declares.
    Declaration,
    /// A comment or an `ignore` block that silences findings.
    Suppression,
}

/// A part of the configuration or of the run.
#[derive(Debug)]
pub struct Part {
    /// What kind of part it is.
    pub kind: PartKind,
    /// What the first label of a policy names: the source of a module, the type of a provider, `plan`.
    pub label: Arc<str>,
    /// What reports call it.
    pub address: String,
    /// Its `meta`.
    pub meta: Object,
    /// Its `attrs`.
    pub attrs: Arc<Object>,
    /// The path of the module that holds its block.
    pub(super) module: String,
    pub(super) name: Arc<str>,
    pub(super) alias: Option<Arc<str>>,
    /// The place of a part that no block stands for.
    place: Option<Span>,
}

impl Part {
    /// A declaration, which knows its place.
    pub(super) fn declared(address: String, attrs: Object, place: Span) -> Self {
        Self {
            kind: PartKind::Declaration,
            label: Arc::from("declaration"),
            address,
            meta: Object::default(),
            attrs: Arc::new(attrs),
            module: String::new(),
            name: Arc::from(""),
            alias: None,
            place: Some(place),
        }
    }

    /// What silences findings, and what has become of it. It stands at a place of its own.
    #[must_use]
    pub fn suppression(address: String, place: Option<Span>, attrs: Object) -> Self {
        Self {
            kind: PartKind::Suppression,
            label: Arc::from("suppression"),
            address,
            meta: Object::default(),
            attrs: Arc::new(attrs),
            module: String::new(),
            name: Arc::from(""),
            alias: None,
            place,
        }
    }

    /// The module that holds its block.
    pub(super) fn module_instance(&self) -> ModuleInstance {
        instance(&self.module)
    }

    /// A module call or provider that a test makes up: it stands in no source. What `meta` does not say is null.
    #[must_use]
    pub fn mock(kind: PartKind, label: &str, address: String, meta: &Object, attrs: Arc<Object>) -> Self {
        let names: &[&str] = match kind {
            PartKind::Module => &["version"],
            PartKind::Provider => &["alias", "source", "namespace", "version"],
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => &[],
        };
        let mut entries: Vec<(Arc<str>, Value)> = names.iter().map(|name| (Arc::from(*name), Value::Null)).collect();
        match kind {
            PartKind::Module => {
                entries.push((Arc::from("address"), Value::string(&address)));
                entries.push((Arc::from("source"), Value::string(label)));
            }
            PartKind::Provider => {
                entries.push((Arc::from("name"), Value::string(label)));
                entries.push((Arc::from("type"), Value::string(label)));
            }
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => {}
        }
        entries.extend(meta.to_entries());
        Self {
            kind,
            label: Arc::from(label),
            address,
            meta: Object::new(entries),
            attrs,
            module: String::new(),
            name: Arc::from(""),
            alias: None,
            place: None,
        }
    }
}

/// What is known of the run as a whole.
#[derive(Debug, Default)]
pub struct Run {
    /// The version of Terraform that wrote the input.
    pub terraform_version: Option<Arc<str>>,
    /// The time that policies see: when the plan was made, else what the command was given.
    pub now: Option<Instant>,
    /// tfaction's target.
    pub target: Option<Arc<str>>,
    /// tfaction's working directory.
    pub working_directory: Option<Arc<str>>,
    /// Whether the plan stopped on an error.
    pub errored: bool,
    /// Whether the plan is whole; Terraform before 1.8 does not say.
    pub complete: Option<bool>,
    /// Whether changes were put off.
    pub deferred: bool,
    /// What has changed outside of Terraform: `address`, `type`, `actions` of each object.
    pub drift: Vec<Value>,
}

impl Run {
    /// What a document says of its run.
    ///
    /// # Errors
    ///
    /// What serde says of a part that has another shape.
    pub(super) fn read(document: &Document<'_>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            terraform_version: document.terraform_version.as_ref().map(|version| Arc::from(&*version.0)),
            now: document.timestamp.as_ref().and_then(|timestamp| Instant::parse(&timestamp.0)),
            errored: document.errored,
            complete: document.complete,
            deferred: document.has_deferred_changes,
            drift: document.resource_drift.map_or_else(|| Ok(Vec::new()), drift)?,
            ..Self::default()
        })
    }

    fn facts(&self) -> Object {
        let flag = |known: Option<bool>| {
            known.map_or_else(
                || Value::unknown("Terraform before 1.8 does not say whether a plan is whole"),
                Value::Bool,
            )
        };
        let targeted = self.complete.map(|complete| !complete && !self.errored && !self.deferred);
        Object::new(vec![
            (Arc::from("errored"), Value::Bool(self.errored)),
            (Arc::from("complete"), flag(self.complete)),
            (Arc::from("targeted"), flag(targeted)),
            (Arc::from("drift"), Value::list(self.drift.clone())),
            (Arc::from("cost"), Value::unknown("the cost of the plan is not estimated")),
        ])
    }
}

fn drift(raw: &RawValue) -> Result<Vec<Value>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        actions: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(default)]
        address: String,
        #[serde(default, rename = "type")]
        kind: String,
        #[serde(default)]
        change: Option<Change>,
    }
    let entries: Option<Vec<Entry>> = serde_json::from_str(raw.get())?;
    let value = |entry: Entry| {
        let actions = entry.change.map_or_else(Vec::new, |change| change.actions);
        Value::object(vec![
            (Arc::from("address"), Value::string(&entry.address)),
            (Arc::from("type"), Value::string(&entry.kind)),
            (Arc::from("actions"), Value::list(actions.iter().map(|action| Value::string(action)).collect())),
        ])
    };
    Ok(entries.unwrap_or_default().into_iter().map(value).collect())
}

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

/// A provider as either source names it.
struct Declared<'d> {
    name: &'d str,
    alias: Option<&'d str>,
    key: Option<&'d Key>,
    full_name: Option<String>,
    module: String,
    given: Given<'d>,
}

/// Where the arguments of a part are known from.
enum Given<'g> {
    /// The plan's expressions, if it keeps any; the source knows more.
    Planned(Option<&'g Json>),
    /// HCL alone, evaluated.
    Evaluated(&'g Object),
}

/// What a module call or provider of HCL alone is given.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) kind: PartKind,
    /// The path of the module that holds its block.
    pub(super) module: String,
    pub(super) name: Arc<str>,
    pub(super) alias: Option<Arc<str>>,
    /// The instance of a provider with `for_each`.
    pub(super) key: Option<Key>,
    pub(super) attrs: Object,
}

/// What belongs to Terraform in a module call.
pub(super) const CALL_ARGUMENTS: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// … in a provider.
pub(super) const PROVIDER_ARGUMENTS: [&str; 3] = ["alias", "version", "for_each"];

/// Words in the names of arguments that hold secrets. Which arguments of a provider are sensitive says its schema only,
/// and that is not in the plan.
const SECRETS: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "credential", "private_key", "api_key", "app_key"];

/// Nested blocks that are taken into `attrs`.
const MAX_DEPTH: usize = 32;

/// The registry that a provider without one comes from.
const REGISTRY: &str = "registry.terraform.io";

impl Workspace<'_> {
    /// Every module call, provider and run of the input, sorted.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        self.parts.get_or_init(|| {
            let mut parts = Vec::new();
            if self.input == Input::Configuration {
                parts.extend(self.written.iter().map(|written| self.evaluated_part(written)));
            } else if self.plan_configuration().is_some() {
                self.planned_calls(&ModuleInstance::default(), &mut parts);
                self.planned_providers(&mut parts);
            } else {
                self.written_calls(&ModuleInstance::default(), &mut parts, 0);
                self.written_providers(&mut parts);
            }
            if matches!(self.input, Input::Plan | Input::State) {
                parts.push(self.run_part());
            }
            parts.extend(self.declarations());
            parts.sort_by(|left, right| (left.kind, &left.address).cmp(&(right.kind, &right.address)));
            parts
        })
    }

    fn run_part(&self) -> Part {
        Part {
            kind: PartKind::Run,
            label: Arc::from("plan"),
            address: "plan".to_owned(),
            meta: Object::default(),
            attrs: Arc::new(self.run_facts()),
            module: String::new(),
            name: Arc::from(""),
            alias: None,
            place: None,
        }
    }

    fn run_facts(&self) -> Object {
        let left: Vec<Value> =
            self.objects.iter().filter(|object| object.deposed).map(|object| Value::string(&object.address)).collect();
        let input = if self.input == Input::Plan { "plan" } else { "state" };
        let own = [(Arc::from("input"), Value::string(input)), (Arc::from("deposed"), Value::list(left))];
        Object::new(self.run.facts().to_entries().into_iter().chain(own).collect())
    }

    /// The block of a part in the source, and the module that it stands in.
    pub(super) fn part_block(&self, part: &Part) -> Option<(&Module, &Block)> {
        let module = self.configuration.module(&part.module)?;
        let block = match part.kind {
            PartKind::Module => module.block("module", &[&part.name]),
            PartKind::Provider => provider_block(module, &part.name, part.alias.as_deref()),
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => None,
        };
        block.map(|block| (module, block))
    }

    /// The place of a part, of its attribute at `path` if one is given.
    #[must_use]
    pub fn locate_part(&self, part: &Part, path: Option<&Path>) -> Place {
        if part.place.is_some() {
            return Place { primary: part.place, ..Place::default() };
        }
        let Some((module, block)) = self.part_block(part) else { return Place::default() };
        let inner = place_in(block, path.map_or(&[], Path::steps));
        if module.is_ours {
            return Place { primary: Some(inner), ..Place::default() };
        }
        self.outside(&instance(&part.module), inner)
    }

    fn planned_calls(&self, at: &ModuleInstance, parts: &mut Vec<Part>) {
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

    fn written_calls(&self, at: &ModuleInstance, parts: &mut Vec<Part>, depth: usize) {
        let Some(module) = self.configuration.module(&at.config_path()).filter(|_| depth < MAX_DEPTH) else { return };
        for block in module.blocks("module") {
            let Some(name) = block.labels.first() else { continue };
            parts.push(self.written_call(at, name, block, &Given::Planned(None)));
            self.written_calls(&at.child(name.clone(), None), parts, depth + 1);
        }
    }

    fn written_call(&self, at: &ModuleInstance, name: &str, block: &Block, given: &Given<'_>) -> Part {
        let text = |name: &str| block.attribute(name).and_then(|attribute| attribute.value.as_literal()?.as_str());
        self.call_part(at, name, text("source").unwrap_or(""), text("version"), |_| false, given)
    }

    fn evaluated_part(&self, written: &Written) -> Part {
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

    fn call_part(
        &self,
        at: &ModuleInstance,
        name: &str,
        source: &str,
        version: Option<&str>,
        is_sensitive: impl Fn(&str) -> bool,
        given: &Given<'_>,
    ) -> Part {
        let address = at.child(name, None).to_string();
        let meta = Object::new(vec![
            (Arc::from("address"), Value::string(&address)),
            (Arc::from("source"), Value::string(source)),
            (Arc::from("version"), version.map_or(Value::Null, Value::string)),
        ]);
        let module = at.config_path();
        let mut part = Part {
            kind: PartKind::Module,
            label: Arc::from(source),
            address,
            meta,
            attrs: Arc::default(),
            module,
            name: Arc::from(name),
            alias: None,
            place: None,
        };
        let called = self.configuration.module(&at.child(name, None).config_path());
        let hidden = |name: &str| is_sensitive(name) || called.is_some_and(|called| called.hides(name));
        let attrs = self.part_attrs(&part, at, &CALL_ARGUMENTS, given);
        let attrs = attrs.iter().map(|(name, value)| (name.clone(), value.clone().mark(hidden(name))));
        part.attrs = Arc::new(Object::new(attrs.collect()));
        part
    }

    // The source knows more than the plan.
    fn part_attrs(&self, part: &Part, at: &ModuleInstance, own: &[&str], given: &Given<'_>) -> Object {
        match (given, self.part_block(part)) {
            (Given::Evaluated(attrs), _) => hidden(attrs),
            (Given::Planned(_), Some((module, block))) => self.written_values(at, module, block, own, 0),
            (Given::Planned(Some(Json::Object(arguments))), None) => Object::new(planned_members(arguments, 0)),
            (Given::Planned(_), None) => Object::default(),
        }
    }

    fn written_values(
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
            entries.push((attribute.name.clone(), value.untyped().mark(is_secret(&attribute.name))));
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

    fn planned_providers(&self, parts: &mut Vec<Part>) {
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

    fn written_providers(&self, parts: &mut Vec<Part>) {
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

    fn provider_part(&self, declared: &Declared<'_>) -> Part {
        let source = full_source(declared.full_name.as_deref().unwrap_or(declared.name));
        let mut steps = source.rsplit('/');
        let kind: Arc<str> = Arc::from(steps.next().unwrap_or(declared.name));
        let namespace = steps.next().map_or(Value::Null, Value::string);
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::string);
        let meta = Object::new(vec![
            (Arc::from("name"), Value::string(declared.name)),
            (Arc::from("type"), Value::String(kind.clone())),
            (Arc::from("alias"), text(declared.alias)),
            (Arc::from("source"), Value::string(&source)),
            (Arc::from("namespace"), namespace),
            (Arc::from("version"), text(self.configuration.locked_version(&source))),
        ]);
        let at = instance(&declared.module);
        let prefix = if at.is_root() { String::new() } else { format!("{at}.") };
        let alias = declared.alias.map_or_else(String::new, |alias| format!(".{alias}"));
        let key = declared.key.map_or_else(String::new, Key::to_string);
        let mut part = Part {
            kind: PartKind::Provider,
            label: kind,
            address: format!("{prefix}provider.{}{alias}{key}", declared.name),
            meta,
            attrs: Arc::default(),
            module: declared.module.clone(),
            name: Arc::from(declared.name),
            alias: declared.alias.map(Arc::from),
            place: None,
        };
        part.attrs = Arc::new(self.part_attrs(&part, &at, &PROVIDER_ARGUMENTS, &declared.given));
        part
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|word| name.contains(word))
}

// Arguments whose names sound like secrets are never shown, at any depth.
fn hidden(object: &Object) -> Object {
    let entries = object.iter().map(|(name, value)| (name.clone(), inside_hidden(value).mark(is_secret(name))));
    Object::new(entries.collect())
}

fn inside_hidden(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(Arc::new(hidden(object)).into()),
        Value::List(items) => Value::list(items.iter().map(inside_hidden).collect()),
        other => other.clone(),
    }
}

// `a.b` is `module.a.module.b`.
pub(super) fn instance(path: &str) -> ModuleInstance {
    let names = path.split('.').filter(|name| !name.is_empty());
    names.fold(ModuleInstance::default(), |instance, name| instance.child(name, None))
}

fn provider_block<'m>(module: &'m Module, name: &str, alias: Option<&str>) -> Option<&'m Block> {
    module.blocks("provider").find(|block| {
        let written = block.attribute("alias").and_then(|alias| alias.value.as_literal()?.as_str());
        block.labels.first().is_some_and(|label| &**label == name) && written == alias
    })
}

// `aws`, `hashicorp/aws` and `HOST/hashicorp/aws` are one provider.
pub(super) fn full_source(source: &str) -> String {
    match source.matches('/').count() {
        0 => format!("{REGISTRY}/hashicorp/{source}"),
        1 => format!("{REGISTRY}/{source}"),
        _ => source.to_owned(),
    }
}

// An expression of the plan's configuration: constants are values, blocks are lists of objects.
fn planned_value(node: &Json, depth: usize) -> Value {
    match node {
        _ if depth >= MAX_DEPTH => Value::unknown("it is nested too deep"),
        Json::Array(blocks) => Value::list(blocks.iter().map(|block| planned_block(block, depth + 1)).collect()),
        Json::Object(object) => match (object.get("constant_value"), object.get("references")) {
            (Some(constant), _) => {
                json::open(&constant.to_string()).unwrap_or_else(|_| Value::unknown("it is nested too deep"))
            }
            (None, Some(Json::Array(references))) => {
                let names: Vec<&str> = references.iter().filter_map(Json::as_str).take(1).collect();
                Value::unknown(format!("it is made of {}, and the plan does not keep how", names.join(", ")))
            }
            _ if object.is_empty() => Value::unknown("the plan does not keep the expression that sets it"),
            _ => planned_block(node, depth + 1),
        },
        _ => Value::Null,
    }
}

fn planned_block(node: &Json, depth: usize) -> Value {
    match node {
        Json::Object(members) => Value::object(planned_members(members, depth)),
        other => planned_value(other, depth),
    }
}

fn planned_members(members: &serde_json::Map<String, Json>, depth: usize) -> Vec<(Arc<str>, Value)> {
    let member =
        |(name, node): (&String, &Json)| (Arc::from(name.as_str()), planned_value(node, depth).mark(is_secret(name)));
    members.iter().map(member).collect()
}
