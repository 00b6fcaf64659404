//! What a module declares, and what its expressions mention: enough to tell which declaration nobody uses.
//!
//! `gather.rs` walks over the syntax and not over compiled expressions, because a name inside of a call that is not
//! evaluated is used all the same. Where a part of the module could not be read, nothing can be said
//! ([`Usage::is_partial`]).

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Block;
use crate::source::Span;
use crate::value::shared;

mod gather;

/// What kind of declaration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclarationKind {
    /// A `variable` block.
    Variable,
    /// A value of a `locals` block.
    Local,
    /// A `data` block.
    Data,
    /// An entry of `required_providers`.
    Provider,
    /// An `output` block.
    Output,
    /// A `resource`, `data` or `module` block whose `count` is 0 or whose `for_each` is empty, as it is written.
    Nothing,
    /// A `resource` block that makes one object for each member of a list and takes the members by their index.
    Counted,
    /// A `moved` block.
    Moved,
    /// An `import` block.
    Import,
    /// A `removed` block.
    Removed,
    /// A value of a `.tfvars` file that Terraform loads by itself.
    VariableValue,
}

impl DeclarationKind {
    /// The word that policies read as `attrs.kind`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::Local => "local",
            Self::Data => "data",
            Self::Provider => "provider",
            Self::Output => "output",
            Self::Nothing => "nothing",
            Self::Counted => "counted",
            Self::Moved => "moved",
            Self::Import => "import",
            Self::Removed => "removed",
            Self::VariableValue => "variable_value",
        }
    }
}

/// Something that a module declares.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// What kind it is.
    pub kind: DeclarationKind,
    /// Its name within the module and kind: `x`, `aws_ami.main`; of a refactoring block the address that it is about.
    pub name: Arc<str>,
    /// Of a `moved` block the address before.
    pub from: Option<Arc<str>>,
    /// Whether it has conditions of its own, so that it does something although nobody reads it.
    pub has_conditions: bool,
    /// Its place: a block's header, or the first line of an attribute.
    pub span: Span,
}

/// The declarations of a module and the names that it mentions.
#[derive(Debug, Default)]
pub struct Usage {
    /// In source order, each once.
    pub declarations: Vec<Declaration>,
    /// Whether a part of the module could not be read, so that a name that is not mentioned may be used there.
    pub is_partial: bool,
    seen: FxHashSet<(DeclarationKind, Arc<str>)>,
    mentions: FxHashMap<Box<str>, usize>,
    outputs_read: Vec<Vec<Box<str>>>,
    /// What mentions a resource, by `TYPE.NAME`.
    users: FxHashMap<Box<str>, BTreeSet<Arc<str>>>,
    /// What is being read.
    user: Arc<str>,
}

impl Usage {
    /// How often the module mentions a name (`var.x`, `local.x`, `data.aws_ami.main`), the whole group (`var` itself,
    /// as in `var[each.key]`) included.
    #[must_use]
    pub fn mentions(&self, name: &str) -> usize {
        let whole = name.split('.').next().filter(|head| head.len() < name.len());
        let count = |name: &str| self.mentions.get(name).copied().unwrap_or(0);
        count(name) + whole.map_or(0, count)
    }

    /// What mentions a resource, in order: `output`, `locals`, `module`, `data.TYPE`, the type of a resource, or the kind
    /// of another block.
    pub fn users(&self, kind: &str, name: &str) -> impl Iterator<Item = &Arc<str>> {
        self.users.get(format!("{kind}.{name}").as_str()).into_iter().flatten()
    }

    /// Whether the provider of that local name is used in the module itself: by a type, a `provider` block, a
    /// `provider` or `providers` argument, or a function.
    #[must_use]
    pub fn uses_provider(&self, name: &str) -> bool {
        ["type", "name"].iter().any(|how| self.mentions.contains_key(format!("provider {how} {name}").as_str()))
            || self.mentions.contains_key(name)
    }

    /// How often the module reads an output of a call. A call that is read as a whole, or by a key that is computed,
    /// reads all; `known` says which outputs there are.
    #[must_use]
    pub fn reads_output(&self, call: &str, output: &str, known: &dyn Fn(&str) -> bool) -> usize {
        let reads = |steps: &&Vec<Box<str>>| match steps.as_slice() {
            [name, rest @ ..] if **name == *call => {
                rest.iter().any(|step| **step == *output) || !rest.iter().any(|step| known(step))
            }
            _ => false,
        };
        self.outputs_read.iter().filter(reads).count()
    }

    /// The refactoring blocks of a file in the JSON syntax, where addresses are strings. What else it declares and
    /// mentions is not gathered.
    pub(super) fn read_json(&mut self, text: &str, blocks: &[Block]) {
        for block in blocks {
            let (kind, subject) = match &*block.kind {
                "moved" => (DeclarationKind::Moved, "to"),
                "import" => (DeclarationKind::Import, "to"),
                "removed" => (DeclarationKind::Removed, "from"),
                _ => continue,
            };
            let written = |name: &str| {
                let span = block.attribute(name)?.span;
                // From the name on: `"to": "t_x.y"`.
                let (_, value) = text.get(span.start as usize..span.end as usize)?.split_once(':')?;
                serde_json::from_str::<String>(value.trim()).ok()
            };
            let Some(name) = written(subject) else { continue };
            let from = if kind == DeclarationKind::Moved { written("from").map(Arc::from) } else { None };
            self.declarations.push(Declaration { from, ..Declaration::new(kind, &name, block.header) });
        }
    }

    fn add(&mut self, declaration: Declaration) {
        if self.seen.insert((declaration.kind, declaration.name.clone())) {
            self.declarations.push(declaration);
        }
    }

    fn mention(&mut self, name: &str) {
        match self.mentions.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.mentions.insert(Box::from(name), 1)),
        }
    }
}

impl Declaration {
    fn new(kind: DeclarationKind, name: &str, span: Span) -> Self {
        Self { kind, name: shared::text(name), from: None, has_conditions: false, span }
    }
}
