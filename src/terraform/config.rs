//! The configuration as it is written: root module, modules it calls, their blocks and attributes with places.
//!
//! Only text is looked at: nothing is evaluated here. [`load::load`] follows the module calls through directories and
//! `modules.json`, and [`Modules`] reads each directory once; [`Configuration::module`] finds a module by its path of call
//! names, [`Module::block`] a block in it. [`roots`] says which directories are root modules.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::expr::Expr;
use crate::expr::types::Type;
use crate::source::{FileId, Span};
use crate::value::Value;

pub mod example;
pub mod functions;
mod json;
pub mod load;
mod maps;
mod modules;
pub mod names;
pub mod roots;
mod syntax;
pub mod usage;
pub mod values;
mod variables;

pub use maps::Maps;
pub use modules::Modules;

/// All modules that could be read.
#[derive(Debug, Default)]
pub struct Configuration {
    /// The directory of the root module, as it is opened.
    root: String,
    modules: FxHashMap<String, Arc<Module>>,
    /// A call of a module leads nowhere, or is not followed.
    lacks_modules: bool,
    /// Versions of `.terraform.lock.hcl`, by the provider's full source.
    locked: FxHashMap<String, Arc<str>>,
}

/// One module: a directory, reached by a path of calls.
#[derive(Debug, Default)]
pub struct Module {
    /// The directory, as reports print it.
    pub directory: String,
    /// The directory, as it is opened.
    path: String,
    /// Whether a file of the directory could not be read.
    is_broken: bool,
    /// Whether the directory is ours: inside the repository, and not a copy that `terraform init` has made.
    pub is_ours: bool,
    /// The first file of the directory, in Terraform's order.
    pub first_file: Option<Span>,
    /// What it declares and mentions.
    pub usage: usage::Usage,
    /// Its files that could be read.
    pub files: Vec<FileId>,
    blocks: Vec<Block>,
    index: FxHashMap<Box<[u8]>, usize>,
    locals: FxHashMap<Arc<str>, Expr>,
    types: FxHashMap<Arc<str>, Type>,
    references: Vec<Traversal>,
}

/// A block with its body.
#[derive(Debug)]
pub struct Block {
    /// `resource`, `module`, `default_action`, …
    pub kind: Arc<str>,
    /// Its labels.
    pub labels: Vec<Arc<str>>,
    /// The place of its header.
    pub header: Span,
    /// Its attributes, in source order.
    pub attributes: Vec<Attribute>,
    /// Its nested blocks, in source order.
    pub blocks: Vec<Block>,
    /// Where attributes stand by name, if there are many; made when the block is whole.
    by_name: OnceLock<FxHashMap<Arc<str>, usize>>,
}

/// Attributes of a block that are looked through one by one.
const FEW: usize = 32;

/// An attribute with its place.
#[derive(Debug)]
pub struct Attribute {
    /// Its name.
    pub name: Arc<str>,
    /// From the name to the end of the value.
    pub span: Span,
    /// What is assigned.
    pub value: Expr,
}

/// A name with the constant steps behind it, as an expression of a module mentions it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traversal {
    /// `var`, `local`, `module`, `aws_lb`, …
    pub head: Arc<str>,
    /// Names and string keys.
    pub steps: Vec<Arc<str>>,
}

impl Configuration {
    /// The module at a path of call names (`m.inner`; the root is `""`).
    #[must_use]
    pub fn module(&self, path: &str) -> Option<&Module> {
        self.modules.get(path).map(|module| &**module)
    }

    /// The way from the root module to the directory of a module: what `path.module` is in it.
    #[must_use]
    pub fn from_root(&self, module: &Module) -> String {
        names::from_root(&self.root, &module.path)
    }

    /// All modules with their paths, by path.
    #[must_use]
    pub fn modules(&self) -> Vec<(&str, &Module)> {
        let mut modules: Vec<(&str, &Module)> =
            self.modules.iter().map(|(path, module)| (&**path, &**module)).collect();
        modules.sort_unstable_by_key(|(path, _)| *path);
        modules
    }

    /// The files of the modules that are ours, in the order in which they were read.
    #[must_use]
    pub fn own_files(&self) -> Vec<FileId> {
        let modules = self.modules.values().filter(|module| module.is_ours);
        let mut files: Vec<FileId> = modules.flat_map(|module| module.files.iter().copied()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The version of a provider in the lock file, by its full source.
    #[must_use]
    pub fn locked_version(&self, source: &str) -> Option<&str> {
        self.locked.get(source).map(|version| &**version)
    }

    /// Whether every file of every module could be read, so that what is not here is nowhere.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.lacks_modules && self.modules.values().all(|module| !module.is_broken)
    }

    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }
}

impl Module {
    /// A top-level block by kind and labels.
    #[must_use]
    pub fn block(&self, kind: &str, labels: &[&str]) -> Option<&Block> {
        self.blocks.get(*self.index.get(&*block_key(kind, labels.iter().copied()))?)
    }

    /// All top-level blocks of a kind, in source order.
    pub fn blocks<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = &'m Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }

    /// The expression of a local value.
    #[must_use]
    pub fn local(&self, name: &str) -> Option<&Expr> {
        self.locals.get(name)
    }

    /// Whether a variable of the module is declared as sensitive.
    #[must_use]
    pub fn hides(&self, variable: &str) -> bool {
        let attribute = self.block("variable", &[variable]).and_then(|block| block.attribute("sensitive"));
        attribute.and_then(|attribute| attribute.value.as_literal()?.as_bool()) == Some(true)
    }

    /// The source that `required_providers` gives for a provider's local name.
    #[must_use]
    pub fn required_source(&self, name: &str) -> Option<String> {
        let blocks = self.blocks("terraform").flat_map(|block| block.nested("required_providers"));
        let entry = blocks.into_iter().find_map(|block| block.attribute(name))?;
        let crate::expr::Kind::Object(entries) = &entry.value.kind else { return None };
        let (_, source) = entries.iter().find(|(key, _)| key.as_literal().and_then(Value::as_str) == Some("source"))?;
        source.as_literal()?.as_str().map(str::to_owned)
    }

    /// The first name of an expression that is a name: `aws` of `aws.east` and of `aws.by_region[each.key]`.
    #[must_use]
    pub fn head_of<'m>(&'m self, expr: &'m Expr) -> Option<&'m str> {
        match &expr.kind {
            crate::expr::Kind::Reference(reference) => Some(&*self.traversal(*reference)?.head),
            crate::expr::Kind::Access(base, _) => self.head_of(base),
            // Terraform before 0.12 wants a text.
            _ => Some(expr.as_literal()?.as_str()?.split('.').next().unwrap_or_default()),
        }
    }

    /// What a reference of the module's expressions names.
    #[must_use]
    pub fn traversal(&self, reference: crate::expr::Reference) -> Option<&Traversal> {
        self.references.get(reference.0 as usize)
    }
}

impl Block {
    /// An attribute by name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        if self.attributes.len() <= FEW {
            return self.attributes.iter().find(|attribute| &*attribute.name == name);
        }
        let names = self.by_name.get_or_init(|| {
            let names = self.attributes.iter().enumerate().rev();
            names.map(|(at, attribute)| (attribute.name.clone(), at)).collect()
        });
        self.attributes.get(*names.get(name)?)
    }

    /// The nested blocks of a kind, in source order.
    pub fn nested<'b, 'k>(&'b self, kind: &'k str) -> impl Iterator<Item = &'b Self> + use<'b, 'k> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }

    /// The `dynamic` block that makes blocks of a kind.
    #[must_use]
    pub fn dynamic(&self, kind: &str) -> Option<&Self> {
        self.nested("dynamic").find(|block| block.labels.first().is_some_and(|label| &**label == kind))
    }

    /// Whether a nested block or an attribute of that name is written, also as `dynamic`.
    #[must_use]
    pub fn writes(&self, name: &str) -> bool {
        self.attribute(name).is_some() || self.nested(name).next().is_some() || self.dynamic(name).is_some()
    }
}

/// Kind and labels of a block in one; blocks are looked for far more often than read.
fn block_key<'l>(kind: &str, labels: impl Iterator<Item = &'l str>) -> SmallVec<[u8; 96]> {
    let mut key = SmallVec::from_slice(kind.as_bytes());
    for label in labels {
        key.push(0);
        key.extend_from_slice(label.as_bytes());
    }
    key
}
