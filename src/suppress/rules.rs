//! `ignore` blocks of `.planfit.hcl`: by policy, address, path and environment.

use std::sync::Arc;

use super::{Catalogue, Entry, Named, Suppressions};
use crate::config::Ignore;
use crate::finding::{Finding, SuppressedBy};
use crate::source::SourceMap;

impl Entry {
    pub(super) fn of_rule(rule: Ignore, catalogue: &Catalogue) -> Self {
        let named = rule.policies.iter().map(|pattern| Named {
            text: pattern.as_str().to_owned(),
            policies: catalogue.matching(|name| pattern.matches(name)),
            ..Named::default()
        });
        Self {
            by: SuppressedBy::Configuration,
            names: named.collect(),
            reason: rule.reason.clone(),
            until: rule.until,
            fault: None,
            place: rule.span,
            root: Arc::from(""),
            target: None,
            rule: Some(rule),
        }
    }
}

impl Suppressions {
    // Marks a finding, or splits off the instances that a rule is about.
    pub(super) fn apply_rules(&mut self, finding: &mut Finding, sources: &SourceMap) -> Vec<Finding> {
        let mut parts = Vec::new();
        for at in 0..self.rules {
            let Some(rule) = self.entries.get(at).and_then(|entry| entry.rule.as_ref()) else { continue };
            if !self.is_about(rule, finding, sources) {
                continue;
            }
            let addressed = |address: &String| rule.addresses.is_empty() || rule.addresses.matches(address);
            let (covered, left): (Vec<_>, Vec<_>) = finding.instances.iter().cloned().partition(addressed);
            if covered.is_empty() || !self.silences(at, finding) {
                continue;
            }
            if left.is_empty() {
                finding.silence = self.silence(at);
                return parts;
            }
            let mut part = with_instances(finding, covered);
            part.silence = self.silence(at);
            parts.push(part);
            *finding = with_instances(finding, left);
        }
        parts
    }

    fn is_about(&self, rule: &Ignore, finding: &Finding, sources: &SourceMap) -> bool {
        let path = finding.location.map(|span| sources.path(span));
        rule.holds_in(finding.environment.as_deref()) && self.is_in(rule, path)
    }

    /// Whether a file lies in a rule's paths: the file itself, or its directory.
    pub(super) fn is_in(&self, rule: &Ignore, path: Option<&str>) -> bool {
        let fits = |path: &str| {
            let path = self.root.as_ref().and_then(|root| root.relative(path));
            path.is_some_and(|path| rule.paths.matches(&path))
        };
        let directory = |path: &'_ str| path.rsplit_once('/').map_or(".", |(directory, _)| directory).to_owned();
        rule.paths.is_empty() || path.is_some_and(|path| fits(path) || fits(&directory(path)))
    }
}

// A finding about some of its instances. What was said of another one does not hold for them.
fn with_instances(finding: &Finding, instances: Vec<String>) -> Finding {
    let address = instances.first().cloned().unwrap_or_default();
    let message = if address == finding.address { finding.message.clone() } else { finding.title.to_string() };
    let (explanation, assumed) = (finding.explanation.clone(), finding.assumed.clone());
    let same = address == finding.address;
    Finding {
        address,
        instances,
        message,
        explanation: explanation.filter(|_| same),
        assumed: assumed.filter(|_| same),
        ..finding.clone()
    }
}
