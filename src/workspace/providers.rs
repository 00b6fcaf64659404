//! Which configuration of a provider an object uses, as Terraform finds it: the one that its block names, else the one
//! without an alias; inside of a module the ones that `providers` of the call hands over, else those of the caller.

use super::Workspace;
use super::parts::{Part, PartKind};
use crate::expr::{Expr, Kind};
use crate::terraform::address::ModuleInstance;
use crate::terraform::config::Module;

/// A configuration by its name in a module: `aws`, `aws.east`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Local {
    name: String,
    alias: Option<String>,
}

impl Workspace<'_> {
    /// The configuration of the provider of an object; `None` if the source does not tell which one it is.
    #[must_use]
    pub fn provider_of(&self, id: u32) -> Option<&Part> {
        let address = self.object(id)?.parsed_address()?;
        let (module, block) = self.source_block(&address)?;
        let mut local = match block.attribute("provider") {
            Some(named) => local_of(module, &named.value)?,
            None => Local { name: address.kind.split('_').next()?.to_owned(), alias: None },
        };
        let mut at = address.module.clone();
        loop {
            if let Some(part) = self.configured_in(&at, &local) {
                return Some(part);
            }
            let (parent, step) = at.split_last().map(|(parent, step)| (parent, step.name.clone()))?;
            let caller = self.configuration.module(&parent.config_path())?;
            let call = caller.block("module", &[&step])?;
            local = match call.attribute("providers") {
                Some(given) => handed_over(caller, &given.value, &local).or_else(|| inherited(local))?,
                None => inherited(local)?,
            };
            at = parent;
        }
    }

    fn configured_in(&self, at: &ModuleInstance, local: &Local) -> Option<&Part> {
        let path = at.config_path();
        let is_meant = |part: &&Part| {
            part.kind == PartKind::Provider
                && part.module == path
                && *part.name == *local.name
                && part.alias.as_deref() == local.alias.as_deref()
        };
        let mut parts = self.parts().iter().filter(is_meant);
        // Of several instances of one configuration it is not known which one is used.
        parts.next().filter(|_| parts.next().is_none())
    }
}

// A configuration without an alias goes down into modules by itself.
fn inherited(local: Local) -> Option<Local> {
    local.alias.is_none().then_some(local)
}

// `providers = { aws = aws.east }`
fn handed_over(caller: &Module, given: &Expr, wanted: &Local) -> Option<Local> {
    let Kind::Object(entries) = &given.kind else { return None };
    let (_, value) = entries.iter().find(|(key, _)| local_of(caller, key).as_ref() == Some(wanted))?;
    local_of(caller, value)
}

// A name, or the text of one.
fn local_of(module: &Module, expr: &Expr) -> Option<Local> {
    let steps: Vec<String> = match &expr.kind {
        Kind::Reference(reference) => {
            let traversal = module.traversal(*reference)?;
            std::iter::once(&traversal.head).chain(&traversal.steps).map(ToString::to_string).collect()
        }
        _ => expr.as_literal()?.as_str()?.split('.').map(str::to_owned).collect(),
    };
    let mut steps = steps.into_iter();
    Some(Local { name: steps.next()?, alias: steps.next() })
}
