//! `rule` blocks: what they set, and what holds in the end for one policy (`spec/config.md` 4).

use std::sync::Arc;

use super::glob::Patterns;
use super::section::Section;
use super::{At, Config};
use crate::expr::Fault;
use crate::finding::{Enforcement, Severity};
use crate::source::Span;
use crate::value::Value;

/// A `rule` block.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Ids and aliases of policies; none: every policy.
    pub policies: Patterns,
    /// Categories; none: every category.
    pub categories: Vec<String>,
    /// Labels of environments; none: every environment.
    pub environments: Vec<String>,
    /// Working directories and files; none: all.
    pub paths: Patterns,
    /// Targets of tfaction; none: all.
    pub targets: Patterns,
    /// `enabled`
    pub enabled: Option<At<bool>>,
    /// `level`
    pub level: Option<At<Enforcement>>,
    /// `severity`
    pub severity: Option<At<Severity>>,
    /// `inputs`
    pub inputs: Vec<(Arc<str>, At<Value>)>,
    /// Where the block's header stands.
    pub span: Span,
    /// The texts of `policies` with their places.
    pub(super) named: Vec<At<String>>,
    /// The texts of `categories` with their places.
    pub(super) named_categories: Vec<At<String>>,
}

/// What the rules that match say of a policy: of each setting the last word, with its place.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// On or off.
    pub enabled: Option<At<bool>>,
    /// How strictly it holds.
    pub level: Option<At<Enforcement>>,
    /// How much it hurts.
    pub severity: Option<At<Severity>>,
    /// Values of its inputs, by name.
    pub inputs: Vec<(Arc<str>, At<Value>)>,
}

/// Who a policy is to the rules.
#[derive(Clone, Copy, Debug)]
pub struct Named<'p> {
    /// Its id.
    pub id: &'p str,
    /// Its other ids.
    pub aliases: &'p [String],
    /// Its category.
    pub category: &'p str,
}

impl Rule {
    pub(super) fn read(section: &Section, faults: &mut Vec<Fault>) -> Self {
        let text = |name: &str| section.text(name);
        let rule = Self {
            policies: section.patterns("policies"),
            categories: section.words("categories"),
            environments: section.words("environments"),
            paths: section.patterns("paths"),
            targets: section.patterns("targets"),
            enabled: section.bool("enabled"),
            level: text("level").and_then(|word| Some(At::new(Enforcement::parse(&word.value)?, word.span))),
            severity: text("severity").and_then(|word| Some(At::new(Severity::parse(&word.value)?, word.span))),
            inputs: section.values("inputs"),
            span: section.label.span,
            named: section.texts("policies"),
            named_categories: section.texts("categories"),
        };
        if let Some(inputs) = section.get("inputs").filter(|_| section.get("policies").is_none()) {
            faults.push(Fault::at(inputs.span, "inputs belong to policies: this rule needs policies = [\"…\"]"));
        }
        let sets = ["enabled", "level", "severity", "inputs"];
        if sets.iter().all(|name| !section.is_written(name)) {
            let message = "this rule sets nothing; a rule sets enabled, level, severity or inputs";
            faults.push(Fault::at(section.label.span, message));
        }
        for name in ["policies", "categories", "environments", "paths", "targets"] {
            if let Some(empty) = section.get(name).filter(|list| list.as_list().is_some_and(<[_]>::is_empty)) {
                let message = format!("{name} is empty, so this rule concerns nobody; without {name} it concerns all");
                faults.push(Fault::at(empty.span, message));
            }
        }
        rule
    }

    /// Whether the rule concerns a policy.
    #[must_use]
    pub fn concerns(&self, policy: Named<'_>) -> bool {
        let by_name = self.policies.is_empty()
            || self.policies.matches(policy.id)
            || policy.aliases.iter().any(|alias| self.policies.matches(alias));
        by_name && (self.categories.is_empty() || self.categories.iter().any(|name| name == policy.category))
    }

    /// Whether the rule holds in a place. `paths` are the working directory and the file of the object, as far as they
    /// are known.
    #[must_use]
    pub fn holds(&self, environment: Option<&str>, target: Option<&str>, paths: &[&str]) -> bool {
        (self.environments.is_empty()
            || environment.is_some_and(|name| self.environments.iter().any(|label| label == name)))
            && (self.targets.is_empty() || target.is_some_and(|target| self.targets.matches(target)))
            && (self.paths.is_empty() || paths.iter().any(|path| self.paths.matches(path)))
    }
}

impl Setting {
    fn merge(&mut self, rule: &Rule) {
        self.enabled = rule.enabled.clone().or(self.enabled.take());
        self.level = rule.level.clone().or(self.level.take());
        self.severity = rule.severity.clone().or(self.severity.take());
        for (name, value) in &rule.inputs {
            match self.inputs.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = value.clone(),
                None => self.inputs.push((name.clone(), value.clone())),
            }
        }
    }
}

impl Config {
    /// What the rules say of a policy; `holds` tells of each rule whether it holds where the object is.
    pub fn setting(&self, policy: Named<'_>, holds: impl Fn(usize) -> bool) -> Setting {
        let mut setting = Setting::default();
        let rules = self.rules.iter().enumerate();
        for (_, rule) in rules.filter(|(number, rule)| holds(*number) && rule.concerns(policy)) {
            setting.merge(rule);
        }
        setting
    }
}
