//! Findings that another one makes superfluous: a database without a standby is reported once, not also for the upgrades
//! that hurt because of it.
//!
//! Policies say it themselves, by `covered_by`, and by `covers` where the cause is another object. Only a finding that is reported covers another, so what is suppressed or
//! known leaves the other one to be seen.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Finding, Level, Verdict};

/// Leaves out the findings of which every instance has a finding, at least as loud, of a policy that covers theirs.
pub fn leave_out(findings: &mut Vec<Finding>) {
    let named: FxHashSet<String> = findings.iter().flat_map(|finding| finding.covered_by.iter().cloned()).collect();
    if named.is_empty() {
        return;
    }
    let mut loudest: FxHashMap<(Arc<str>, Arc<str>, String), Level> = FxHashMap::default();
    let covering = |finding: &&Finding| finding.verdict == Verdict::Fail && named.contains(&*finding.policy);
    for finding in findings.iter().filter(covering) {
        for instance in finding.instances.iter().chain(&finding.covers) {
            let key = (finding.policy.clone(), finding.input.clone(), instance.clone());
            loudest.entry(key).and_modify(|level| *level = finding.level.max(*level)).or_insert(finding.level);
        }
    }
    let is_covered = |finding: &Finding| {
        let by = |instance: &String, policy: &String| {
            let key = (Arc::from(policy.as_str()), finding.input.clone(), instance.clone());
            loudest.get(&key).is_some_and(|level| *level >= finding.level)
        };
        finding.verdict == Verdict::Fail
            && !finding.covered_by.is_empty()
            && finding.instances.iter().all(|instance| finding.covered_by.iter().any(|policy| by(instance, policy)))
    };
    findings.retain(|finding| !is_covered(finding));
}
