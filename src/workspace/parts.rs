//! What module, provider and workspace policies judge: the module calls and providers of the configuration, the run
//! itself, and what the source declares (`declarations.rs`).
//!
//! The plan's `configuration` says which there are; the HCL source says what their arguments are, because the plan keeps
//! only constants and the names that an expression mentions. `run.rs` has the run, `planned.rs` reads the plan,
//! `written.rs` the source. [`Workspace::parts`] lists all; they are put together when the first policy asks.

use std::sync::Arc;

use serde_json::Value as Json;

use super::locate::{Place, place_in};
use super::{Input, Workspace};
use crate::source::Span;
use crate::terraform::address::{Key, ModuleInstance};
use crate::terraform::config::{Block, Module};
use crate::value::{Object, Path, Value, shared};
pub use mock::usual_facts;
use planned::planned_members;
pub use run::Run;
pub(super) use written::Written;
use written::hidden;

mod mock;
mod planned;
mod run;
mod written;

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

impl PartKind {
    /// The parts that a workspace policy on a subject judges; none of a subject that no run has yet.
    #[must_use]
    pub fn of_subject(subject: &str) -> Option<Self> {
        match subject {
            "plan" => Some(Self::Run),
            "declaration" => Some(Self::Declaration),
            "suppression" => Some(Self::Suppression),
            _ => None,
        }
    }
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
            label: shared::text("declaration"),
            address,
            meta: Object::default(),
            attrs: Arc::new(attrs),
            module: String::new(),
            name: Arc::default(),
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

/// What belongs to Terraform in a module call.
pub(super) const CALL_ARGUMENTS: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// … in a provider.
pub(super) const PROVIDER_ARGUMENTS: [&str; 3] = ["alias", "version", "for_each"];

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
        let secrets = &self.facts.secrets;
        match (given, self.part_block(part)) {
            (Given::Evaluated(attrs), _) => hidden(attrs, secrets),
            (Given::Planned(_), Some((module, block))) => self.written_values(at, module, block, own, 0),
            (Given::Planned(Some(Json::Object(arguments))), None) => {
                Object::new(planned_members(arguments, secrets, 0))
            }
            (Given::Planned(_), None) => Object::default(),
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
