//! The policies of a run, and what is found out about them once for all workspaces: which of them are about a type, and
//! how they run where the same rules of `.planfit.hcl` hold.
//!
//! A repository has hundreds of small root modules and one pack of policies: nothing here is asked of each root anew.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Configured, PolicyKey, Settings};
use crate::config::{Named, Setting};
use crate::finding::{Enforcement, Severity};
use crate::policy::{Policy, PolicyFile, Target};
use crate::source::Span;
use crate::value::Value;
use crate::workspace::Workspace;

/// A policy that may take part: its file's number, and the policy.
pub(super) type Slot<'p> = (usize, &'p Policy);

/// The policies of a run that the command line leaves in.
pub struct Roster<'p> {
    pub(super) files: Vec<&'p PolicyFile>,
    pub(super) settings: &'p Settings,
    pub(super) slots: Vec<Slot<'p>>,
    /// Policies about one type, by that type.
    of_kind: FxHashMap<&'p str, Vec<usize>>,
    /// Policies about several types.
    of_many: Vec<usize>,
    /// Policies that are about no resource.
    pub(super) others: Vec<usize>,
    /// Files that are for some versions of Terraform only.
    bounded: Vec<usize>,
    /// Every policy once, sorted: several slots may have one name.
    names: Vec<PolicyKey>,
    /// By slot, the number of its name.
    name_of: Vec<usize>,
    orders: Mutex<FxHashMap<OrderKey, Arc<Order>>>,
}

/// Where the same holds: the environment, which rules hold, and which files are for another version of Terraform.
type OrderKey = (Option<String>, Vec<bool>, Vec<usize>);

/// How the policies run where the same holds.
#[derive(Debug)]
pub(super) struct Order {
    /// By slot; `None` if the policy does not run.
    ordered: Vec<Option<Ordered>>,
    /// The numbers of the names that run.
    names: Vec<usize>,
}

/// How one policy runs.
#[derive(Debug)]
pub(super) struct Ordered {
    /// The level that a rule has set.
    pub(super) level: Option<Enforcement>,
    /// The severity that a rule has set.
    pub(super) severity: Option<Severity>,
    /// The values that rules give to the inputs of its file, by number.
    pub(super) inputs: Vec<(usize, Value, Span)>,
}

/// How many objects of a workspace are as each policy wants them.
#[derive(Debug, Default)]
pub struct Passed {
    orders: Vec<Arc<Order>>,
    /// Slots with their counts.
    counts: Vec<(usize, usize)>,
}

impl<'p> Roster<'p> {
    /// The policies of some files.
    #[must_use]
    pub fn new(files: Vec<&'p PolicyFile>, settings: &'p Settings) -> Self {
        let numbered = files.iter().enumerate();
        let policies = numbered.flat_map(|(number, file)| file.policies.iter().map(move |policy| (number, policy)));
        let slots: Vec<Slot<'p>> = policies.filter(|(_, policy)| settings.selects(policy)).collect();
        let mut this = Self {
            names: names(&slots),
            name_of: Vec::with_capacity(slots.len()),
            bounded: bounded(&files),
            files,
            settings,
            of_kind: FxHashMap::default(),
            of_many: Vec::new(),
            others: Vec::new(),
            orders: Mutex::default(),
            slots,
        };
        for (slot, (_, policy)) in this.slots.iter().enumerate() {
            let name = this.names.binary_search_by(|(file, id)| (file, id).cmp(&(&policy.file, &policy.id)));
            this.name_of.push(name.unwrap_or_default());
            match policy.target {
                Target::Resource if policy.kind.contains('*') => this.of_many.push(slot),
                Target::Resource => this.of_kind.entry(&policy.kind).or_default().push(slot),
                _ => this.others.push(slot),
            }
        }
        this
    }

    /// The policies about a type, in their order.
    pub(super) fn about(&self, kind: &str) -> Vec<usize> {
        let mut slots = self.of_kind.get(kind).cloned().unwrap_or_default();
        let concerned = |slot: &&usize| self.slots.get(**slot).is_some_and(|(_, policy)| policy.concerns(kind));
        slots.extend(self.of_many.iter().filter(concerned));
        slots.sort_unstable();
        slots
    }

    /// How the policies run for objects of a workspace for which the same holds.
    pub(super) fn order(
        &self,
        workspace: &Workspace<'_>,
        configured: Option<&Configured>,
        environment: Option<&str>,
        holds: Vec<bool>,
    ) -> Arc<Order> {
        let excluded = self.excluded(workspace).map(|(number, ..)| number);
        let key = (environment.map(str::to_owned), holds, excluded.collect());
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = orders.get(&key) {
            return order.clone();
        }
        let (_, holds, excluded) = &key;
        let ordered = self.slots.iter().map(|(number, policy)| {
            let file = *self.files.get(*number).filter(|_| !excluded.contains(number))?;
            self.ordered(file, policy, configured, environment, holds)
        });
        let ordered: Vec<Option<Ordered>> = ordered.collect();
        let running = self.name_of.iter().zip(&ordered).filter(|(_, ordered)| ordered.is_some());
        let mut names: Vec<usize> = running.map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        orders.entry(key).or_insert(Arc::new(Order { ordered, names })).clone()
    }

    /// The files that are for another version of Terraform: their numbers, why, and where they say so.
    pub(super) fn excluded(&self, workspace: &Workspace<'_>) -> impl Iterator<Item = (usize, String, Span)> {
        let version = workspace.run.terraform_version.as_deref();
        self.bounded.iter().filter_map(move |number| {
            let settings = &self.files.get(*number)?.settings;
            Some((*number, settings.excludes(version)?, settings.required_version.as_ref()?.span))
        })
    }

    fn ordered(
        &self,
        file: &PolicyFile,
        policy: &Policy,
        configured: Option<&Configured>,
        environment: Option<&str>,
        holds: &[bool],
    ) -> Option<Ordered> {
        let setting = configured.map_or_else(Setting::default, |configured| {
            configured.config.setting(Named::of(policy), |rule| holds.get(rule).copied().unwrap_or(false))
        });
        let level = setting.level.as_ref().map(|level| level.value);
        if !self.settings.runs(policy, &setting) || !holds_there(policy, level, environment) {
            return None;
        }
        let inputs = configured.map_or_else(Vec::new, |configured| configured.inputs(file, &setting));
        Some(Ordered { level, severity: setting.severity.map(|severity| severity.value), inputs })
    }

    /// For each policy that has taken part in some workspaces, the objects that are as it wants them.
    pub fn passed<'j>(&self, workspaces: impl Iterator<Item = &'j Passed>) -> BTreeMap<PolicyKey, usize> {
        let mut counts: Vec<Option<usize>> = vec![None; self.names.len()];
        let mut last: Option<&Arc<Order>> = None;
        for passed in workspaces {
            for order in &passed.orders {
                // Mostly one order is for all.
                if last.is_none_or(|last| !Arc::ptr_eq(last, order)) {
                    for name in &order.names {
                        if let Some(count) = counts.get_mut(*name) {
                            count.get_or_insert(0);
                        }
                    }
                }
                last = Some(order);
            }
            for (slot, more) in &passed.counts {
                if let Some(count) = self.name_of.get(*slot).and_then(|name| counts.get_mut(*name)) {
                    *count.get_or_insert(0) += more;
                }
            }
        }
        let counted = self.names.iter().zip(counts).filter_map(|(name, count)| Some((name.clone(), count?)));
        counted.collect()
    }
}

fn bounded(files: &[&PolicyFile]) -> Vec<usize> {
    let numbered = files.iter().enumerate();
    numbered.filter(|(_, file)| file.settings.required_version.is_some()).map(|(number, _)| number).collect()
}

// Sorted, each once.
fn names(slots: &[Slot<'_>]) -> Vec<PolicyKey> {
    let mut names: Vec<PolicyKey> = slots.iter().map(|(_, policy)| (policy.file.clone(), policy.id.clone())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Order {
    /// How a policy runs.
    pub(super) fn of(&self, slot: usize) -> Option<&Ordered> {
        self.ordered.get(slot)?.as_ref()
    }
}

/// How many policies take part in some orders.
pub(super) fn active(orders: &[Arc<Order>]) -> usize {
    match orders {
        [only] => only.names.len(),
        several => {
            let mut names: Vec<usize> = several.iter().flat_map(|order| order.names.iter().copied()).collect();
            names.sort_unstable();
            names.dedup();
            names.len()
        }
    }
}

impl Passed {
    /// What was counted for a workspace in which some orders hold.
    pub(super) fn new(orders: Vec<Arc<Order>>, counts: Vec<(usize, usize)>) -> Self {
        Self { orders, counts }
    }
}

// A level that a rule sets beats the policy's own scope.
fn holds_there(policy: &Policy, level: Option<Enforcement>, environment: Option<&str>) -> bool {
    level.is_some() || policy.about.environments.level(Enforcement::Mandatory, environment).is_some()
}

impl Settings {
    // Whether the command line leaves a policy in.
    fn selects(&self, policy: &Policy) -> bool {
        let about = &policy.about;
        let is_named = |name: &String| {
            *name == *policy.id || *name == *about.category || about.aliases.iter().any(|alias| alias == name)
        };
        self.only.is_empty() || self.only.iter().any(is_named)
    }

    // The command line beats the file: who is named there runs.
    fn runs(&self, policy: &Policy, setting: &Setting) -> bool {
        let by_default = !policy.about.pedantic || self.pedantic;
        !self.only.is_empty() || setting.enabled.as_ref().map_or(by_default, |enabled| enabled.value)
    }
}

impl Configured {
    // The values that rules give to the inputs of a file, by number. What the command line gives is stronger.
    fn inputs(&self, file: &PolicyFile, setting: &Setting) -> Vec<(usize, Value, Span)> {
        let mut inputs = Vec::new();
        for (number, input) in file.inputs.iter().enumerate() {
            let is_fixed = self.fixed_inputs.iter().any(|name| *name == *input.name);
            let given = setting.inputs.iter().find(|(name, _)| *name == input.name && !is_fixed);
            let Some(value) = given.and_then(|(_, given)| Some((input.kind.convert(&given.value).ok()?, given.span)))
            else {
                continue;
            };
            if input.nullable || !matches!(value.0, Value::Null) {
                inputs.push((number, value.0.mark(input.sensitive), value.1));
            }
        }
        inputs
    }
}
