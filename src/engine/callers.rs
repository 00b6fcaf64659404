//! One finding for a block of a module that several calls share: what is wrong stands there once, whoever calls it.
//!
//! Calls are told apart until they are reported, because a suppression or a baseline may silence one of them. Start at
//! [`join`].

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Level, Severity, Verdict};
use crate::source::Span;
use crate::terraform::address::Address;

/// What several calls have in common where one finding says it for all of them.
#[derive(PartialEq, Eq, Hash)]
struct Cause {
    policy: Arc<str>,
    policy_file: Option<Arc<str>>,
    rank: (Verdict, Level, Severity, &'static str),
    environment: Option<Arc<str>>,
    input: Arc<str>,
    location: Span,
    block: String,
    /// The sentence without the address: where values differ from call to call, each call is told its own.
    sentence: String,
}

impl Cause {
    fn of(finding: &Finding) -> Option<Self> {
        let block = Address::parse(&finding.address).ok()?;
        Some(Self {
            policy: finding.policy.clone(),
            policy_file: finding.policy_file.clone(),
            rank: (finding.verdict, finding.level, finding.severity, finding.operation),
            environment: finding.environment.clone(),
            input: finding.input.clone(),
            location: finding.location?,
            block: format!("{}.{}", block.kind, block.name),
            sentence: finding.message.replace(&finding.address, ""),
        })
    }
}

/// Puts the findings of one block of one input together, whatever calls lead to it. The first one stays and names the
/// instances of all.
pub fn join(findings: &mut Vec<Finding>) {
    let mut first: FxHashMap<Cause, usize> = FxHashMap::default();
    let mut joined: Vec<Option<usize>> = Vec::with_capacity(findings.len());
    for (at, finding) in findings.iter().enumerate() {
        // What no module is around has no other caller.
        let cause = Cause::of(finding).filter(|_| !finding.enclosing.is_empty());
        let known = cause.map(|cause| *first.entry(cause).or_insert(at));
        joined.push(known.filter(|known| *known != at));
    }
    for (at, into) in joined.iter().enumerate() {
        let Some(into) = into else { continue };
        let Some(finding) = findings.get_mut(at) else { continue };
        let (instances, changes) = (std::mem::take(&mut finding.instances), finding.changes);
        if let Some(kept) = findings.get_mut(*into) {
            kept.instances.extend(instances);
            kept.changes = kept.changes.max(changes);
        }
    }
    let mut joined = joined.into_iter();
    findings.retain(|_| joined.next().flatten().is_none());
}
