//! What names mean inside of a policy: the roots of `spec/policy-language.md` 3.

use std::sync::Arc;

use crate::expr::Reference;
use crate::expr::compile::Names;
use crate::expr::functions::{Function, nearest};

use super::host;

/// What a reference of a policy's expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// `attrs`: planned values.
    Attrs,
    /// `prior_attrs`: values before.
    PriorAttrs,
    /// `meta.NAME`
    Meta(Arc<str>),
    /// An input, by number.
    Input(usize),
    /// A local, by number.
    Local(usize),
}

/// The attributes of `meta` in a resource policy.
pub(super) const META: [&str; 16] = [
    "type",
    "operation",
    "module_path",
    "provider_type",
    "tfe_workspace",
    "tfe_stack",
    "address",
    "name",
    "key",
    "actions",
    "action_reason",
    "replace_paths",
    "importing",
    "forget",
    "previous_address",
    "environment",
];

/// Attributes of `meta` that are known with the source or in tfaction only; unknown elsewhere.
pub(super) const META_ELSEWHERE: [&str; 3] = ["lifecycle", "target", "working_directory"];

/// The names that an expression of a policy file can use.
pub(super) struct Visible<'f> {
    /// The table that references are numbered in.
    pub(super) table: &'f mut Vec<Name>,
    /// Inputs of the file.
    pub(super) inputs: &'f [Arc<str>],
    /// Locals by name; an inner one hides an outer one of the same name.
    pub(super) locals: Vec<(Arc<str>, usize)>,
    /// Whether the expression can ask about an object.
    pub(super) objects: bool,
    /// What the expressions since the last reset have used.
    pub(super) used: Used,
}

/// What an expression depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Used {
    pub(super) object: bool,
    pub(super) prior: bool,
    pub(super) locals: Vec<usize>,
}

impl Visible<'_> {
    fn named(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Name, usize), String> {
        let needed = || steps.first().ok_or_else(|| format!("{head} needs a name behind it, as in {head}.x"));
        match head {
            "attrs" | "prior_attrs" | "meta" if !self.objects => Err(format!("{head} is not known here")),
            "attrs" => {
                self.used.object = true;
                Ok((Name::Attrs, 0))
            }
            "prior_attrs" => {
                self.used.object = true;
                self.used.prior = true;
                Ok((Name::PriorAttrs, 0))
            }
            "meta" => {
                self.used.object = true;
                let name = needed()?;
                let known = || META.into_iter().chain(META_ELSEWHERE);
                if known().any(|known| known == &**name) {
                    return Ok((Name::Meta(name.clone()), 1));
                }
                let hint =
                    nearest(name, known()).map_or_else(String::new, |near| format!("; did you mean meta.{near}?"));
                Err(format!("there is no meta.{name}{hint}"))
            }
            "input" => {
                let name = needed()?;
                let position = self.inputs.iter().position(|known| known == name);
                position.map(|position| (Name::Input(position), 1)).ok_or_else(|| {
                    let near = nearest(name, self.inputs.iter().map(|known| &**known));
                    let hint = near.map_or_else(String::new, |near| format!("; did you mean input.{near}?"));
                    format!("there is no input \"{name}\" in this file{hint}")
                })
            }
            "local" => {
                let name = needed()?;
                let found = self.locals.iter().rev().find(|(known, _)| known == name);
                let found = found.map(|(_, number)| *number).ok_or_else(|| {
                    let near = nearest(name, self.locals.iter().map(|(known, _)| &**known));
                    let hint = near.map_or_else(String::new, |near| format!("; did you mean local.{near}?"));
                    format!("there is no local \"{name}\" here{hint}")
                })?;
                self.used.locals.push(found);
                Ok((Name::Local(found), 1))
            }
            other => Err(format!(
                "there is no \"{other}\" in a policy; the roots are attrs, prior_attrs, meta, input and local"
            )),
        }
    }
}

impl Names for Visible<'_> {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let (name, used) = self.named(head, steps)?;
        let number = self.table.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.table.push(name);
            self.table.len() - 1
        });
        Ok((Reference(u32::try_from(number).unwrap_or(u32::MAX)), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        let (function, per_object) = host::find(namespace, name)?;
        self.used.object |= per_object;
        Ok(function)
    }
}
