//! What the file says of policies, against the policies that there are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::glob::Pattern;
use super::rules::Named;
use super::{At, Config, Style};
use crate::expr::Fault;
use crate::expr::functions::nearest;
use crate::policy::{Policy, PolicyFile};
use crate::value::Value;

/// Tells every id, category and input of the file that no policy has, and every value that does not fit its input.
#[must_use]
pub fn check(config: &Config, files: &[&PolicyFile]) -> Vec<Fault> {
    let known = Known::new(files);
    let mut faults = Vec::new();
    for rule in &config.rules {
        faults.extend(rule.named.iter().filter_map(|name| known.unknown_policy(name)));
        faults.extend(rule.named_categories.iter().filter_map(|name| known.unknown_category(name)));
        let has = |file: &&&PolicyFile| file.policies.iter().any(|policy| rule.concerns(Named::of(policy)));
        let concerned: Vec<&PolicyFile> = files.iter().filter(has).copied().collect();
        // Without a policy the fault is the policy's name.
        for (name, value) in rule.inputs.iter().filter(|_| !concerned.is_empty()) {
            faults.extend(input_fault(name, value, &concerned));
        }
    }
    let ignored = config.ignores.iter().flat_map(|ignore| &ignore.named);
    faults.extend(ignored.filter_map(|name| known.unknown_policy(name)));
    faults.sort_by_key(|fault| fault.span);
    faults
}

fn input_fault(name: &Arc<str>, value: &At<Value>, files: &[&PolicyFile]) -> Option<Fault> {
    let inputs = || files.iter().flat_map(|file| &file.inputs);
    let mut declared = inputs().filter(|input| input.name == *name).peekable();
    if declared.peek().is_none() {
        let near = did_you_mean(name, inputs().map(|input| &*input.name));
        return Some(Fault::at(value.span, format!("these policies have no input \"{name}\"{near}")));
    }
    let message = declared.find_map(|input| input.kind.convert(&value.value).err())?;
    Some(Fault::at(value.span, format!("the value does not fit the input \"{name}\": {message}")))
}

/// The names that there are.
struct Known<'f> {
    policies: BTreeSet<&'f str>,
    categories: BTreeSet<&'f str>,
}

impl<'f> Known<'f> {
    fn new(files: &[&'f PolicyFile]) -> Self {
        let policies = || files.iter().flat_map(|file| &file.policies);
        let ids = policies().flat_map(|policy| {
            let aliases = policy.about.aliases.iter().map(String::as_str);
            aliases.chain([&*policy.id])
        });
        let categories = policies().map(|policy| &*policy.about.category).collect();
        Self { policies: ids.collect(), categories }
    }

    fn unknown_policy(&self, name: &At<String>) -> Option<Fault> {
        let pattern = Pattern::new(&name.value, Style::Name).ok()?;
        if self.policies.iter().any(|known| pattern.matches(known)) {
            return None;
        }
        let near = did_you_mean(&name.value, self.policies.iter().copied());
        Some(Fault::at(name.span, format!("there is no policy or alias \"{}\"{near}", name.value)))
    }

    fn unknown_category(&self, name: &At<String>) -> Option<Fault> {
        if self.categories.contains(name.value.as_str()) {
            return None;
        }
        let near = did_you_mean(&name.value, self.categories.iter().copied());
        Some(Fault::at(name.span, format!("no policy has the category \"{}\"{near}", name.value)))
    }
}

impl<'p> Named<'p> {
    /// What a policy is to the rules.
    #[must_use]
    pub fn of(policy: &'p Policy) -> Self {
        Self { id: &policy.id, aliases: &policy.about.aliases, category: &policy.about.category }
    }
}

/// `; did you mean NAME?`, or nothing.
pub(super) fn did_you_mean<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {near}?"))
}
