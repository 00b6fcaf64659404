//! Policies as rules.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::log::{Configuration, Descriptor, Help, Properties, Text};
use crate::finding::{Finding, Rule, Severity};
use crate::report::markdown::links;
use crate::report::markdown::ways::{self, Detail};
use crate::report::sanitise;
use crate::report::wording::shortened;

/// Longest description in characters.
const DESCRIPTION: usize = 1_024;

/// Longest name in characters.
const NAME: usize = 255;

/// The category whose rules are about security: GitHub shows them apart.
const SECURITY: &str = "exposure";

/// The rules of a log, and which one a finding belongs to.
pub(super) struct Rules<'a> {
    pub(super) descriptors: Vec<Descriptor<'a>>,
    numbers: FxHashMap<(&'a str, Option<&'a str>), usize>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(rules: &'a [Rule]) -> Self {
        let numbers = rules.iter().enumerate().map(|(number, rule)| ((&*rule.id, rule.file.as_deref()), number));
        Self { numbers: numbers.collect(), descriptors: rules.iter().map(descriptor).collect() }
    }

    /// The number of a finding's rule.
    pub(super) fn number(&self, finding: &Finding) -> Option<usize> {
        self.numbers.get(&(&*finding.policy, finding.policy_file.as_deref())).copied()
    }
}

fn descriptor(rule: &Rule) -> Descriptor<'_> {
    let title = sanitise::line(&rule.title);
    let why = if rule.why.is_empty() { &*rule.title } else { &*rule.why };
    Descriptor {
        id: sanitise::line(&rule.id),
        name: shortened(title.clone().into_owned(), NAME),
        short_description: Text { text: shortened(title.into_owned(), DESCRIPTION) },
        full_description: Text { text: shortened(ways::paragraph(why), DESCRIPTION) },
        help_uri: links::page(rule),
        help: Help { text: help(rule), markdown: ways::about(rule, Detail::Whole) },
        default_configuration: Configuration { level: level(rule.severity) },
        properties: properties(rule),
    }
}

fn help(rule: &Rule) -> String {
    let mut lines = vec![if rule.fix.is_empty() { ways::paragraph(&rule.title) } else { ways::paragraph(&rule.fix) }];
    for ways in &rule.ways {
        if rule.ways.len() > 1 {
            let types: Vec<_> = ways.types.iter().map(|kind| sanitise::line(kind)).collect();
            lines.push(format!("For {}:", types.join(", ")));
        }
        lines.extend(ways.options.iter().map(|remedy| {
            let [title, downtime] = [&remedy.title, &remedy.downtime].map(|text| sanitise::line(text));
            format!("- {title} (downtime: {downtime})")
        }));
    }
    lines.join("\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

fn properties(rule: &Rule) -> Properties<'_> {
    let is_security = &*rule.category == SECURITY;
    let mut tags = vec![sanitise::line(&rule.category)];
    tags.extend(is_security.then_some(Cow::Borrowed("security")));
    Properties {
        tags,
        // What is off unless asked for is so because it is often wrong.
        precision: if rule.pedantic { "medium" } else { "high" },
        problem_severity: match rule.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "recommendation",
        },
        security_severity: is_security.then_some(match rule.severity {
            Severity::Critical => "9.5",
            Severity::High => "8.0",
            Severity::Medium => "5.5",
            Severity::Low => "2.0",
        }),
    }
}
