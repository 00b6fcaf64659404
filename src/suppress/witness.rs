//! Whether a suppression was needed: what was judged at its place.
//!
//! That no finding was silenced proves little: the policy may not have run, the block may have no instance in this plan,
//! or only another operation is judged. A suppression counts as unused if its policy has judged an object there and found
//! nothing, or if it cannot judge what stands there at all.

use rustc_hash::FxHashMap;

use super::{Entry, Suppressions};
use crate::policy::Policy;
use crate::policy::scope::Operation;
use crate::source::{SourceMap, Span};
use crate::terraform::address::Mode;
use crate::workspace::Workspace;

/// What was seen at the place of a suppression.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four observations")]
pub(super) struct Seen {
    /// All its policies were in force.
    in_force: bool,
    /// There was an object.
    present: bool,
    /// … of a type that a policy is about.
    concerned: bool,
    /// … with an operation that it judges.
    judged: bool,
}

/// The policies in force, by id.
type InForce<'p> = FxHashMap<&'p str, Vec<&'p Policy>>;

/// What is at a place.
#[derive(Clone, Copy)]
enum Thing<'a> {
    Object(&'a str, &'static [Operation]),
    Part(&'a crate::workspace::parts::Part),
}

impl Suppressions {
    /// Keeps what was judged at the places of suppressions.
    pub fn witness(&mut self, workspace: &Workspace<'_>, policies: &[&Policy], sources: &SourceMap) {
        if self.entries.is_empty() {
            return;
        }
        let in_force = in_force(policies);
        for entry in &mut self.entries {
            for name in &mut entry.names {
                name.seen.in_force |= name.policies.iter().all(|id| in_force.contains_key(&**id));
            }
        }
        for (id, object) in (0..).zip(&workspace.objects) {
            if object.mode == Mode::Managed && !object.deposed {
                let thing = Thing::Object(&object.kind, Operation::of(object.action));
                self.see(&workspace.enclosing(id), thing, &in_force, sources);
                self.see_by_rules(&object.address, workspace.enclosing(id).first(), thing, &in_force, sources);
            }
        }
        for part in workspace.parts() {
            self.see(&workspace.enclosing_part(part), Thing::Part(part), &in_force, sources);
        }
    }

    fn see(&mut self, around: &[Span], thing: Thing<'_>, in_force: &InForce<'_>, sources: &SourceMap) {
        for span in around {
            for at in self.at_block(*span, sources).to_vec() {
                if let Some(entry) = self.entries.get_mut(at) {
                    entry.see(thing, in_force);
                }
            }
        }
    }

    fn see_by_rules(
        &mut self,
        address: &str,
        block: Option<&Span>,
        thing: Thing<'_>,
        in_force: &InForce<'_>,
        sources: &SourceMap,
    ) {
        for at in 0..self.rules {
            let Some(rule) = self.entries.get(at).and_then(|entry| entry.rule.as_ref()) else { continue };
            // A rule without addresses and paths is about directories that this run does not see, and which environment
            // an object belongs to is not known here.
            let named = (!rule.addresses.is_empty() || !rule.paths.is_empty()) && rule.environments.is_empty();
            let here = rule.addresses.is_empty() || rule.addresses.matches(address);
            let seen = named && here && self.is_in(rule, block.map(|span| sources.path(*span)));
            if let Some(entry) = self.entries.get_mut(at).filter(|_| seen) {
                entry.see(thing, in_force);
            }
        }
    }
}

fn in_force<'p>(policies: &[&'p Policy]) -> InForce<'p> {
    let mut by_id: InForce<'p> = FxHashMap::default();
    for policy in policies {
        by_id.entry(&policy.id).or_default().push(policy);
    }
    by_id
}

impl Entry {
    fn see(&mut self, thing: Thing<'_>, in_force: &InForce<'_>) {
        for name in self.names.iter_mut().filter(|name| !name.policies.is_empty()) {
            let found: Option<Vec<&Vec<&Policy>>> = name.policies.iter().map(|id| in_force.get(&**id)).collect();
            let Some(policies) = found else { continue };
            name.seen.present = true;
            for policy in policies.into_iter().flatten() {
                let (concerned, judged) = thing.judged_by(policy);
                name.seen.concerned |= concerned;
                name.seen.judged |= judged;
            }
        }
    }

    /// The ids that silence nothing although they could.
    pub(super) fn unused(&self) -> Vec<String> {
        // What is silenced for another tool is none of our business.
        if self.by == crate::finding::SuppressedBy::ForeignComment {
            return Vec::new();
        }
        let holds_objects = match (&self.target, &self.rule) {
            (Some(target), _) => matches!(&*target.kind, "resource" | "module"),
            (None, _) => true,
        };
        let unused = self.names.iter().filter(|name| {
            let seen = name.seen;
            let nothing_there = !holds_objects && seen.in_force && !seen.concerned;
            let passed = seen.judged || (seen.present && !seen.concerned);
            !name.policies.is_empty() && !name.used && (passed || nothing_there)
        });
        unused.map(|name| name.text.clone()).collect()
    }
}

impl Thing<'_> {
    // Whether a policy is about it, and whether it judges it.
    fn judged_by(self, policy: &Policy) -> (bool, bool) {
        match self {
            Self::Object(kind, operations) => {
                let concerned = policy.concerns(kind);
                (concerned, concerned && operations.iter().any(|operation| policy.operations.admits(*operation)))
            }
            Self::Part(part) => {
                let concerned = policy.concerns_part(part);
                (concerned, concerned)
            }
        }
    }
}
