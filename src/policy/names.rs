//! What names mean inside of a policy: the roots of `spec/policy-language.md` 3.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Target, host};
use crate::expr::Reference;
use crate::expr::compile::Names;
use crate::expr::functions::{Function, nearest};
use crate::source::Span;

/// What a reference of a policy's expression is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// `attrs`: planned values.
    Attrs,
    /// `prior_attrs`: values before.
    PriorAttrs,
    /// `meta` as a whole.
    AllMeta,
    /// `meta.NAME`
    Meta(Arc<str>),
    /// `meta.tfe_stack.NAME`: there are no stacks here, and every fact about them is an empty text.
    Stack(Arc<str>),
    /// `input` as a whole.
    AllInputs,
    /// An input, by number.
    Input(usize),
    /// A local, by number.
    Local(usize),
}

/// What an expression may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// Nothing but inputs and locals.
    None,
    /// These, and `meta` of what a policy of this kind judges.
    Meta(Target),
    /// What any policy judges: a local of the file, which no policy owns.
    Any,
    /// What a policy of this kind judges.
    Of(Target),
}

/// The attributes of `meta` in every policy. What Terraform Policy says of workspaces and stacks is empty here.
const META: [&str; 5] = ["environment", "target", "working_directory", "tfe_workspace", "tfe_stack"];

/// … in a resource policy.
const RESOURCE: [&str; 14] = [
    "type",
    "operation",
    "module_path",
    "provider_type",
    "address",
    "name",
    "key",
    "actions",
    "action_reason",
    "replace_paths",
    "importing",
    "forget",
    "previous_address",
    "lifecycle",
];

/// What Terraform Policy says of a stack.
pub(super) const STACK: [&str; 3] = ["deployment_group", "deployment_name", "stack_name"];

const MODULE: [&str; 3] = ["address", "source", "version"];
const PROVIDER: [&str; 6] = ["name", "type", "alias", "source", "namespace", "version"];
const ROOTS: [&str; 5] = ["attrs", "prior_attrs", "meta", "input", "local"];

/// The names of a file, numbered.
#[derive(Debug, Default)]
pub(super) struct Table {
    outer: Option<Arc<Table>>,
    /// The number of its first name.
    first: usize,
    names: Vec<Name>,
    numbers: FxHashMap<Name, u32>,
}

impl Table {
    /// A table whose numbers go on behind those of another one.
    pub(super) fn behind(outer: &Arc<Self>) -> Self {
        Self { outer: Some(outer.clone()), first: outer.first + outer.names.len(), ..Self::default() }
    }

    fn known(&self, name: &Name) -> Option<u32> {
        let own = self.numbers.get(name).copied();
        own.or_else(|| self.outer.as_ref()?.known(name))
    }

    fn number(&mut self, name: Name) -> u32 {
        if let Some(number) = self.known(&name) {
            return number;
        }
        let number = u32::try_from(self.first + self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// Whether some expression reads a name.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.known(name).is_some()
    }

    pub(super) fn get(&self, reference: Reference) -> Option<&Name> {
        match (reference.0 as usize).checked_sub(self.first) {
            Some(own) => self.names.get(own),
            None => self.outer.as_ref()?.get(reference),
        }
    }

    /// Its own names.
    pub(super) fn own(&self) -> &[Name] {
        &self.names
    }
}

/// The locals of a block, by name: the number, and where it is declared.
pub(super) type Locals = FxHashMap<Arc<str>, (usize, Span)>;

/// The names that an expression of a policy file can use.
pub(super) struct Visible<'f> {
    /// The table that references are numbered in.
    pub(super) table: &'f mut Table,
    /// Inputs of the file.
    pub(super) inputs: &'f FxHashMap<Arc<str>, usize>,
    /// Locals of the file, then those of the policy, which hide the others.
    pub(super) locals: [&'f Locals; 2],
    /// What the expression can ask about.
    pub(super) roots: Roots,
    /// What it has used.
    pub(super) used: Used,
}

/// What an expression depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Used {
    /// Whether it asks for the graph of references.
    pub(super) graph: bool,
    pub(super) object: bool,
    /// Where `prior_attrs` is read.
    pub(super) prior: Option<Span>,
    pub(super) locals: Vec<usize>,
}

impl Visible<'_> {
    fn named(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Name, usize), String> {
        let needed = || steps.first().ok_or_else(|| format!("{head} needs a name behind it, as in {head}.x"));
        match head {
            "attrs" | "prior_attrs" | "meta"
                if self.roots == Roots::None || matches!(self.roots, Roots::Meta(_)) && head != "meta" =>
            {
                Err(format!("{head} is not known here; this may read input and local"))
            }
            "attrs" => {
                self.used.object = true;
                Ok((Name::Attrs, 0))
            }
            "prior_attrs" => match self.roots {
                Roots::Of(target) if target != Target::Resource => {
                    Err(format!("a {} has no prior_attrs; only resources have values before a change", target.as_str()))
                }
                _ => {
                    self.used.object = true;
                    Ok((Name::PriorAttrs, 0))
                }
            },
            "meta" => {
                self.used.object = true;
                if steps.is_empty() { Ok((Name::AllMeta, 0)) } else { self.meta(needed()?, steps.get(1)) }
            }
            "input" if steps.is_empty() => Ok((Name::AllInputs, 0)),
            "input" => {
                let name = needed()?;
                let position = self.inputs.get(name).copied();
                position.map(|position| (Name::Input(position), 1)).ok_or_else(|| {
                    let hint = did_you_mean("input.", name, self.inputs.keys().map(|known| &**known));
                    format!("there is no input \"{name}\" in this file{hint}")
                })
            }
            "local" => {
                let name = needed()?;
                let found = self.locals.iter().rev().find_map(|locals| locals.get(name));
                let found = found.map(|(number, _)| *number).ok_or_else(|| {
                    let known = self.locals.iter().flat_map(|locals| locals.keys());
                    let hint = did_you_mean("local.", name, known.map(|known| &**known));
                    format!("there is no local \"{name}\" here{hint}")
                })?;
                self.used.locals.push(found);
                Ok((Name::Local(found), 1))
            }
            other => {
                let hint = did_you_mean("", other, ROOTS.into_iter());
                Err(format!(
                    "there is no \"{other}\" in a policy; the roots are attrs, prior_attrs, meta, input and local{hint}"
                ))
            }
        }
    }

    fn meta(&self, name: &Arc<str>, inner: Option<&Arc<str>>) -> Result<(Name, usize), String> {
        let targets = match self.roots {
            Roots::Of(target) | Roots::Meta(target) => vec![target],
            Roots::None => vec![Target::Workspace],
            Roots::Any => vec![Target::Resource, Target::Module, Target::Provider],
        };
        let known = || targets.iter().flat_map(|target| meta_of(*target));
        if !known().any(|known| known == &**name) {
            let hint = did_you_mean("meta.", name, known());
            let place = match self.roots {
                Roots::Of(target) | Roots::Meta(target) if target != Target::Resource => {
                    format!(" in a {}", target.as_str())
                }
                _ => String::new(),
            };
            return Err(format!("there is no meta.{name}{place}{hint}"));
        }
        match inner {
            Some(fact) if &**name == "tfe_stack" => Ok((Name::Stack(fact.clone()), 2)),
            _ => Ok((Name::Meta(name.clone()), 1)),
        }
    }
}

/// The attributes of `meta` in policies of a kind.
pub fn meta_of(target: Target) -> impl Iterator<Item = &'static str> {
    let own: &[&'static str] = match target {
        Target::Resource => &RESOURCE,
        Target::Module => &MODULE,
        Target::Provider => &PROVIDER,
        Target::Workspace => &[],
    };
    META.iter().chain(own).copied()
}

/// `; did you mean PREFIXNAME?`, or nothing.
pub(crate) fn did_you_mean<'n>(prefix: &str, name: &str, known: impl Iterator<Item = &'n str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {prefix}{near}?"))
}

impl Names for Visible<'_> {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let (name, used) = self.named(head, steps)?;
        Ok((Reference(self.table.number(name)), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        let (function, per_object) = host::find(namespace, name)?;
        if per_object {
            let written = || namespace.iter().copied().chain([name]).collect::<Vec<_>>().join("::");
            match self.roots {
                Roots::None | Roots::Meta(_) => {
                    return Err(format!("{} asks about a resource, and none is judged here", written()));
                }
                Roots::Of(target) if target != Target::Resource => {
                    return Err(format!("{} asks about a resource; a {} judges none", written(), target.as_str()));
                }
                _ => {}
            }
        }
        self.used.object |= per_object;
        self.used.graph |= *namespace == ["graph"];
        Ok(function)
    }
}
