//! What the modules of the source declare, as workspace policies on `declaration` judge it: who refers to it, and whether
//! a refactoring block has done its work.
//!
//! [`Workspace::declarations`] lists them, each directory once, however many calls lead to it. Only what can be told from
//! here is told: a value of another directory may be read by a root module that nobody has given.

use std::sync::Arc;

use super::parts::{Part, instance};
use super::{Input, Resource, Workspace};
use crate::terraform::config::Module;
use crate::terraform::config::usage::{Declaration, DeclarationKind};
use crate::terraform::plan::Action;
use crate::value::{Cause, Object, Unknown, Value, shared};

/// Calls of calls that are asked about a provider.
const MAX_DEPTH: usize = 32;

impl Workspace<'_> {
    /// Every declaration of the modules that are ours.
    pub(super) fn declarations(&self) -> Vec<Part> {
        let mut seen: Vec<&str> = Vec::new();
        let mut parts = Vec::new();
        for (path, module) in self.configuration.modules() {
            if !module.is_ours || seen.contains(&&*module.directory) {
                continue;
            }
            seen.push(&module.directory);
            let at = instance(path).to_string();
            let declared = module.usage.declarations.iter();
            parts.extend(declared.filter_map(|one| self.declaration(path, &at, module, one)));
        }
        parts
    }

    fn declaration(&self, path: &str, at: &str, module: &Module, declaration: &Declaration) -> Option<Part> {
        use DeclarationKind::{Counted, Import, Moved, Nothing, Removed};
        let is_refactoring = matches!(declaration.kind, Moved | Import | Removed);
        // A module keeps these for the states of all its callers.
        if is_refactoring && !path.is_empty() {
            return None;
        }
        // Values are loaded for a root module only.
        if declaration.kind == DeclarationKind::VariableValue && !path.is_empty() {
            return None;
        }
        let references = match declaration.kind {
            Nothing | Counted | Moved | Import | Removed => Value::Null,
            _ => self.references_to(path, module, declaration),
        };
        let applied = if is_refactoring { self.is_applied(declaration) } else { Value::Null };
        let text = |text: &str| Value::String(shared::text(text));
        let attrs = [
            ("applied", applied),
            ("from", declaration.from.clone().map_or(Value::Null, Value::String)),
            ("has_conditions", Value::Bool(declaration.has_conditions)),
            ("kind", text(declaration.kind.as_str())),
            ("module", text(if at.is_empty() { "." } else { at })),
            ("name", Value::String(declaration.name.clone())),
            ("references", references),
        ];
        let attrs = Object::new(attrs.into_iter().map(|(name, value)| (shared::text(name), value)).collect());
        let own = address(declaration);
        let address = if at.is_empty() { own } else { format!("{at}.{own}") };
        Some(Part::declared(address, attrs, declaration.span))
    }

    fn references_to(&self, path: &str, module: &Module, declaration: &Declaration) -> Value {
        let name = &declaration.name;
        let here = |name: String| match module.usage.mentions(&name) {
            0 if module.usage.is_partial => Value::unknown("a file of the module could not be read"),
            count => Value::int(count),
        };
        match declaration.kind {
            DeclarationKind::Variable => here(format!("var.{name}")),
            DeclarationKind::Local => here(format!("local.{name}")),
            DeclarationKind::Data => here(format!("data.{name}")),
            DeclarationKind::VariableValue => match module.block("variable", &[name]) {
                None if module.usage.is_partial => Value::unknown("a file of the module could not be read"),
                declared => Value::int(usize::from(declared.is_some())),
            },
            DeclarationKind::Provider => match self.uses_provider(path, name, 0) {
                Some(used) => Value::int(usize::from(used)),
                None => Value::unknown("a module that is called could not be read"),
            },
            DeclarationKind::Output => self.reads_of(module, name),
            _ => Value::Null,
        }
    }

    /// What mentions a resource in the source: see [`Usage::users`](crate::terraform::config::usage::Usage::users).
    /// `None` without the source.
    #[must_use]
    pub fn mentioned_in(&self, id: u32) -> Option<Vec<Arc<str>>> {
        if self.input == Input::Mocks {
            return Some(Vec::new());
        }
        let address = self.object(id)?.parsed_address()?;
        let module = self.configuration.module(&address.module.config_path())?;
        Some(module.usage.users(&address.kind, &address.name).cloned().collect())
    }

    // A module that is called takes the provider over without a word.
    fn uses_provider(&self, path: &str, name: &str, depth: usize) -> Option<bool> {
        let module = self.configuration.module(path).filter(|_| depth < MAX_DEPTH)?;
        if module.usage.uses_provider(name) {
            return Some(true);
        }
        let calls = module.blocks("module").filter_map(|call| call.labels.first());
        let mut known = !module.usage.is_partial;
        for call in calls {
            let child = if path.is_empty() { call.to_string() } else { format!("{path}.{call}") };
            match self.uses_provider(&child, name, depth + 1) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => known = false,
            }
        }
        known.then_some(false)
    }

    fn reads_of(&self, module: &Module, output: &str) -> Value {
        let root = self.configuration.module("").map_or("", |root| &root.directory);
        if module.directory == *root {
            return Value::unknown("an output of a root module may be read by other directories and by people");
        }
        let known = |name: &str| module.block("output", &[name]).is_some();
        let mut count = 0;
        for (path, called) in self.configuration.modules() {
            if called.directory != module.directory {
                continue;
            }
            let (parent, call) = path.rsplit_once('.').unwrap_or(("", path));
            match self.configuration.module(parent) {
                Some(caller) if !caller.usage.is_partial => count += caller.usage.reads_output(call, output, &known),
                _ => return Value::unknown("a file of a calling module could not be read"),
            }
        }
        if is_below(&module.directory, root) { Value::int(count) } else { at_least(count) }
    }

    fn is_applied(&self, declaration: &Declaration) -> Value {
        let whole = !self.run.errored && self.run.complete != Some(false);
        if !matches!(self.input, Input::Plan | Input::State) || !whole {
            return Value::unknown("only a state or a whole plan says what has been applied");
        }
        if !self.objects.iter().any(was_there) {
            return Value::unknown("nothing has been applied yet");
        }
        let done = match (declaration.kind, declaration.from.as_deref()) {
            (DeclarationKind::Moved, Some(from)) => {
                let waits = self.objects.iter().any(|object| {
                    is_within(&object.address, from)
                        || object.previous_address().is_some_and(|before| is_within(before, from))
                });
                !waits && self.has_arrived(&declaration.name)
            }
            (DeclarationKind::Import, _) => self.has_arrived(&declaration.name),
            (DeclarationKind::Removed, _) => {
                !self.objects.iter().any(|object| is_within(&object.address, &declaration.name))
            }
            _ => false,
        };
        Value::Bool(done)
    }

    // Whether the address has objects, and all of them were there before this plan, under this address.
    fn has_arrived(&self, address: &str) -> bool {
        let mut objects = self.objects.iter().filter(|object| is_within(&object.address, address)).peekable();
        objects.peek().is_some()
            && objects.all(|object| was_there(object) && !object.importing && object.previous_address().is_none())
    }
}

fn was_there(object: &Resource<'_>) -> bool {
    !matches!(object.action, Action::Create | Action::Read)
}

fn address(declaration: &Declaration) -> String {
    let name = &declaration.name;
    match declaration.kind {
        DeclarationKind::Variable => format!("var.{name}"),
        DeclarationKind::Local => format!("local.{name}"),
        DeclarationKind::Data => format!("data.{name}"),
        DeclarationKind::Provider => format!("required_providers.{name}"),
        DeclarationKind::Output => format!("output.{name}"),
        DeclarationKind::VariableValue => format!("tfvars.{name}"),
        DeclarationKind::Nothing | DeclarationKind::Counted => name.to_string(),
        DeclarationKind::Moved => format!("moved.{}", declaration.from.as_deref().unwrap_or(name)),
        DeclarationKind::Import => format!("import.{name}"),
        DeclarationKind::Removed => format!("removed.{name}"),
    }
}

// `t_x.a` holds `t_x.a[0]`, `module.m` all that is in it. A key that is computed stands for all keys.
fn is_within(address: &str, outer: &str) -> bool {
    let outer = match outer.split_once('[') {
        Some((block, key)) if !key.starts_with('"') && !key.starts_with(|first: char| first.is_ascii_digit()) => block,
        _ => outer,
    };
    address.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

// What reads the output here; directories that are not at hand may read it, too.
fn at_least(min: usize) -> Value {
    let reason = Arc::from("other directories may call the module");
    Value::Unknown(Arc::new(Unknown::Count { min, max: usize::MAX, cause: Box::new(Cause::Reason(reason)) }))
}

fn is_below(directory: &str, root: &str) -> bool {
    match root {
        "." | "" => !directory.starts_with("..") && !directory.starts_with('/'),
        root => directory.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_below, is_within};

    #[test]
    fn an_address_holds_its_instances_and_what_is_in_a_module() {
        for (address, outer, expected) in [
            ("t_x.a", "t_x.a", true),
            ("t_x.a[0]", "t_x.a", true),
            ("t_x.ab", "t_x.a", false),
            ("t_x.a[1]", "t_x.a[0]", false),
            ("module.m[\"k\"].t_x.a", "module.m", true),
            ("t_x.a[\"k\"]", "t_x.a[each.key]", true),
        ] {
            assert_eq!(is_within(address, outer), expected, "{address} in {outer}");
        }
    }

    #[test]
    fn a_module_below_the_root_has_no_other_callers() {
        assert!(is_below("modules/a", ".") && is_below("app/modules/a", "app"));
        assert!(!is_below("../modules/a", ".") && !is_below("modules/a", "app") && !is_below("app2/a", "app"));
    }
}
