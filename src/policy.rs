//! The policy language (`spec/policy-language.md`): files of policies, parsed and compiled once.
//!
//! [`parse::parse`] turns a file's text into a [`PolicyFile`]; [`scope`] evaluates it on one object; [`library`] holds the
//! pack that is built in. `policytest.rs` runs examples and mocks.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;

use crate::expr::Expr;
use crate::expr::types::Type;
use crate::finding::{Enforcement, Remedy, Severity};
use crate::source::Span;
use crate::terraform::config::Configuration;
use crate::value::{Path, Value};
use crate::workspace::matching::is_like;
use crate::workspace::parts::{Part, PartKind};
use crate::workspace::{Mentions, Outlook, Said, Spoken};
use settings::Settings;

mod calls;
pub mod host;
pub mod inputs;
mod layer;
pub mod library;
mod locals;
mod messages;
mod metadata;
mod names;
mod net;
mod operations;
pub mod parse;
mod patterns;
mod reading;
mod rules;
pub mod scaffold;
pub mod scope;
pub mod settings;
pub mod sheet;
mod skim;
pub(crate) mod window;

pub(crate) use names::did_you_mean;
pub use names::{Name, meta_of};

/// One file of policies. Its inputs and locals are visible in it alone.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The path, as reports print it.
    pub path: Arc<str>,
    /// Whether it belongs to the pack.
    pub is_built_in: bool,
    /// The `policy` block.
    pub settings: Settings,
    /// `input` blocks.
    pub inputs: Vec<Input>,
    /// Top-level `locals`, by number.
    pub locals: Arc<[Local]>,
    /// What the references in these mean, by number.
    pub names: Arc<[Name]>,
    /// Attribute names that these mention.
    pub mentioned: Arc<FxHashSet<Arc<str>>>,
    /// The policies.
    pub policies: Vec<Policy>,
}

/// An `input` block.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: Arc<str>,
    /// What values it takes.
    pub kind: Type,
    /// The value if nobody gives one.
    pub default: Option<Value>,
    /// The value that was given ([`inputs::Given::fill`]).
    pub value: Option<Value>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether null is a value of it.
    pub nullable: bool,
    /// Where it is declared.
    pub span: Span,
}

impl Input {
    /// Its value if nobody gives one: the default, or null where that is a value.
    #[must_use]
    pub fn fallback(&self) -> Option<Value> {
        let value = self.default.clone().or_else(|| self.nullable.then_some(Value::Null))?;
        Some(value.mark(self.sensitive))
    }
}

/// A local value.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Arc<str>,
    /// Its expression.
    pub value: Expr,
    /// Whether it depends on the object that is judged, directly or through another local.
    pub is_per_object: bool,
    /// Whether it has a fault, so that its expression means nothing.
    pub is_broken: bool,
    /// Whether its value can be nested deeper, or be larger, than what it is made of.
    pub builds: bool,
}

/// What a policy is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// `resource_policy`
    Resource,
    /// `module_policy`
    Module,
    /// `provider_policy`
    Provider,
    /// `workspace_policy`
    Workspace,
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The policy's id: the block's second label.
    pub id: Arc<str>,
    /// What it is about.
    pub target: Target,
    /// The first label: a resource type, a module's source, a provider (in these, `*` stands for any text), or a subject.
    pub kind: Arc<str>,
    /// The file, as reports print it; `None` for the pack.
    pub file: Option<Arc<str>>,
    /// Its place among the policies of its file.
    pub number: usize,
    /// What readers are told about it. Shared by the blocks of one id.
    pub about: Arc<About>,
    /// Which operations it judges.
    pub operations: Operations,
    /// How it judges.
    pub rules: Arc<Late<Rules>>,
    /// What can be said of its rules before they are read.
    pub outlook: Outlook,
    /// Where the block's header stands.
    pub span: Span,
}

/// How a policy judges.
#[derive(Debug, Default)]
pub struct Rules {
    /// `enforcement_level`; none is mandatory.
    pub enforcement: Option<Expr>,
    /// Its own locals; their numbers go on behind those of the file.
    pub locals: Vec<Local>,
    /// Whom it concerns.
    pub filter: Option<Expr>,
    /// What must hold.
    pub enforce: Vec<Enforce>,
    /// What the references of its expressions mean; their numbers go on behind those of the file.
    pub names: Vec<Name>,
    /// Attribute names that it mentions.
    pub mentioned: Arc<FxHashSet<Arc<str>>>,
    /// Whether it or one of the file's locals asks for the graph of references.
    pub uses_graph: bool,
}

/// An `enforce` block.
#[derive(Clone, Debug)]
pub struct Enforce {
    /// The good state.
    pub condition: Expr,
    /// Where a finding points.
    pub at: Option<Path>,
    /// One sentence on the bad state.
    pub error_message: Option<Arc<Late<Message>>>,
    /// One sentence on the good state, printed where the condition holds.
    pub info_message: Option<Expr>,
    /// The severity of this condition, if it is not the policy's.
    pub severity: Option<Severity>,
    /// Other objects of which a finding says the cause.
    pub covers: Option<Expr>,
}

/// A sentence that is told of some objects only.
#[derive(Debug)]
pub struct Message {
    /// What makes it.
    pub expr: Expr,
    /// What its references mean; their numbers go on behind those of the policy.
    pub names: Vec<Name>,
}

/// The metadata of a policy (`spec/policy-language.md` 6), and what planfit adds to it.
#[derive(Debug)]
pub struct About {
    /// The problem in a few words.
    pub title: Arc<str>,
    /// The directory of the pack, `custom` for policies without one.
    pub category: Arc<str>,
    /// How much it hurts.
    pub severity: Severity,
    /// Ids of the same check elsewhere, and former ids.
    pub aliases: Vec<String>,
    /// Policies whose finding on an object says what a finding of this one would say of it.
    pub covered_by: Arc<[String]>,
    /// Where it holds as written.
    pub environments: Environments,
    /// Off unless asked for.
    pub pedantic: bool,
    /// What a reader can learn about it.
    pub docs: Arc<Late<Docs>>,
    /// Ways out, the recommended one first.
    pub options: Late<Arc<[Remedy]>>,
    /// Real Terraform that passes or fails.
    pub examples: Vec<Example>,
}

/// What is read when somebody first asks for it. Only the pack is read late; tests see that nothing is wrong with it.
pub type Late<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send + Sync>>;

/// The `docs` of a policy, and its `references`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// Why it hurts.
    pub why: String,
    /// How to put it right.
    pub fix: String,
    /// Documents to read.
    pub references: Vec<String>,
}

/// The environments in which a policy holds as written: its `scope` (`catalogue/policies.md` 1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environments {
    /// Everywhere.
    #[default]
    Everywhere,
    /// Production; an unknown environment at most a warning; elsewhere skipped.
    Production,
    /// Production and unknown environments; elsewhere advisory.
    ProductionData,
    /// Environments that are known and not production.
    NonProduction,
}

/// The operations that a policy judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of four")]
pub struct Operations {
    /// New objects, also the new half of a replacement.
    pub create: bool,
    /// Changes in place.
    pub update: bool,
    /// Objects that go away, also the old half of a replacement.
    pub delete: bool,
    /// Objects that stay as they are.
    pub no_op: bool,
}

/// A `pass` or `fail` block.
#[derive(Debug)]
pub struct Example {
    /// Its label.
    pub label: String,
    /// Whether it must pass.
    pub passes: bool,
    /// The addresses that must fail; empty: every object of the policy's types.
    pub expect: Vec<String>,
    /// Its blocks.
    pub configuration: Arc<Configuration>,
    /// Where its header stands.
    pub span: Span,
}

impl Target {
    /// The word of the block.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resource => "resource_policy",
            Self::Module => "module_policy",
            Self::Provider => "provider_policy",
            Self::Workspace => "workspace_policy",
        }
    }

    /// The policies that judge a part.
    #[must_use]
    pub const fn of(part: PartKind) -> Self {
        match part {
            PartKind::Module => Self::Module,
            PartKind::Provider => Self::Provider,
            PartKind::Run | PartKind::Declaration | PartKind::Suppression => Self::Workspace,
        }
    }

    /// Reads the word of a block.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Resource, Self::Module, Self::Provider, Self::Workspace]
            .into_iter()
            .find(|target| target.as_str() == word)
    }
}

impl Operations {
    /// What a policy judges that says nothing: everything but deletes.
    pub const DEFAULT: Self = Self { create: true, update: true, delete: false, no_op: true };

    /// Whether an operation is among them.
    #[must_use]
    pub const fn admits(self, operation: scope::Operation) -> bool {
        match operation {
            scope::Operation::Create => self.create,
            scope::Operation::Update => self.update,
            scope::Operation::Delete => self.delete,
            scope::Operation::NoOp => self.no_op,
        }
    }
}

impl PolicyFile {
    /// Every attribute and resource type that the file speaks of.
    #[must_use]
    pub fn mentions(&self) -> Mentions {
        let policies = self.policies.iter().map(|policy| Spoken {
            kind: (policy.target == Target::Resource).then(|| policy.kind.clone()),
            outlook: policy.outlook,
            shared: self.mentioned.clone(),
            said: policy.rules.clone(),
        });
        Mentions { policies: policies.collect() }
    }
}

impl Said for Late<Rules> {
    fn attributes(&self) -> &FxHashSet<Arc<str>> {
        &self.mentioned
    }
}

impl Policy {
    /// Whether the policy is about a resource type.
    #[must_use]
    pub fn concerns(&self, kind: &str) -> bool {
        self.target == Target::Resource && is_like(&self.kind, kind)
    }

    /// Whether it may ask for the graph of references.
    #[must_use]
    pub fn uses_graph(&self) -> bool {
        self.outlook.uses_graph
    }

    /// Whether the policy is about a part of the configuration or of the run.
    #[must_use]
    pub fn concerns_part(&self, part: &Part) -> bool {
        let kind = Target::of(part.kind);
        self.target == kind
            && match kind {
                Target::Workspace => *self.kind == *part.label,
                Target::Module => is_like(without_registry(&self.kind), without_registry(&part.label)),
                Target::Resource | Target::Provider => is_like(&self.kind, &part.label),
            }
    }
}

// A source without a host is one of the public registry, which may be named, too.
fn without_registry(source: &str) -> &str {
    source.strip_prefix("registry.terraform.io/").unwrap_or(source)
}

impl About {
    /// The same policy on another type, with ways out of its own. Examples belong to the first block.
    #[must_use]
    pub fn with_options(&self, options: Late<Arc<[Remedy]>>) -> Self {
        Self {
            title: self.title.clone(),
            category: self.category.clone(),
            severity: self.severity,
            aliases: self.aliases.clone(),
            covered_by: self.covered_by.clone(),
            environments: self.environments,
            pedantic: self.pedantic,
            docs: self.docs.clone(),
            options,
            examples: Vec::new(),
        }
    }
}

impl Environments {
    /// Reads the word of the `scope` attribute.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "production" => Some(Self::Production),
            "production_data" => Some(Self::ProductionData),
            "non_production" => Some(Self::NonProduction),
            _ => None,
        }
    }

    /// The enforcement level in an environment; `None` if the policy does not hold there.
    #[must_use]
    pub fn level(self, written: Enforcement, environment: Option<&str>) -> Option<Enforcement> {
        match (self, environment) {
            (Self::Everywhere | Self::Production | Self::ProductionData, Some("production"))
            | (Self::Everywhere, _)
            | (Self::Production | Self::ProductionData, None) => Some(written),
            (Self::ProductionData, Some(_)) => Some(Enforcement::Advisory),
            (Self::NonProduction, Some(name)) if name != "production" => Some(written),
            _ => None,
        }
    }
}
