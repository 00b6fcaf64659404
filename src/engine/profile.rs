//! What `.planfit.hcl` makes of the policies for one object: its environment, and for each policy whether it runs, with
//! which inputs, at which level and severity.
//!
//! Objects for which the same holds share a [`Profile`]. Without a settings file there is one for all.

use rustc_hash::FxHashMap;

use super::tags::tags;
use super::{Configured, Settings};
use crate::config::{Named, Setting, Whereabouts};
use crate::finding::{Enforcement, Severity};
use crate::policy::scope::Judge;
use crate::policy::{Policy, PolicyFile};
use crate::source::{SourceMap, Span};
use crate::value::Value;
use crate::workspace::Workspace;

/// A policy that may take part: its file's number, and the policy.
pub(super) type Slot<'p> = (usize, &'p Policy);

/// What holds for some objects.
pub(super) struct Profile<'p> {
    /// The environment they belong to.
    pub(super) environment: Option<&'p str>,
    /// By slot; `None` if the policy does not run.
    terms: Vec<Option<Terms>>,
}

/// How a policy runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// The number of its judge.
    pub(super) judge: usize,
    /// The level that a rule has set.
    pub(super) level: Option<Enforcement>,
    /// The severity that a rule has set.
    pub(super) severity: Option<Severity>,
}

/// The profiles of a run.
pub(super) struct Profiles<'p, 'w, 'a> {
    every: Vec<Profile<'p>>,
    /// By object; empty if one profile is for all.
    by_object: Vec<u32>,
    /// The profile of what is no object.
    of_run: u32,
    pub(super) judges: Vec<Judge<'w, 'a>>,
}

/// What the profiles are made of.
pub(super) struct Making<'p, 'w, 'a, 's> {
    pub(super) files: &'s [&'p PolicyFile],
    pub(super) slots: &'s [Slot<'p>],
    pub(super) workspace: &'w Workspace<'a>,
    pub(super) settings: &'p Settings,
    pub(super) configured: Option<&'p Configured>,
    pub(super) sources: &'s SourceMap,
}

/// The file, the environment, and the places of the values that rules give to its inputs.
type JudgeKey<'p> = (usize, Option<&'p str>, Vec<Span>);

/// The environment, and which rules hold.
type ProfileKey<'p> = (Option<&'p str>, Vec<bool>);

impl<'p: 'w, 'w, 'a> Profiles<'p, 'w, 'a> {
    pub(super) fn new(making: &Making<'p, 'w, 'a, '_>) -> Self {
        let mut this = Self { every: Vec::new(), by_object: Vec::new(), of_run: 0, judges: Vec::new() };
        let mut judges = FxHashMap::default();
        let Some(configured) = making.configured else {
            let environment = making.settings.environment.as_deref();
            let profile = this.profile(making, environment, &[], &mut judges);
            this.every.push(profile);
            return this;
        };
        let mut known: FxHashMap<ProfileKey<'p>, u32> = FxHashMap::default();
        let mut intern = |this: &mut Self, key: ProfileKey<'p>| match known.get(&key) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(this.every.len()).unwrap_or(u32::MAX);
                let profile = this.profile(making, key.0, &key.1, &mut judges);
                this.every.push(profile);
                known.insert(key, number);
                number
            }
        };
        let run = configured.config.environment_of_run(configured.whereabouts()).map(|found| &*found.label);
        this.of_run = intern(&mut this, configured.key(run, None));
        if configured.differs() {
            for object in (0..).take(making.workspace.objects.len()) {
                let environment = configured.environment(object, making.workspace);
                let file = configured.file(object, making);
                let number = intern(&mut this, configured.key(environment, file.as_deref()));
                this.by_object.push(number);
            }
        }
        this
    }

    /// The profile of an object; `None` stands for what is no object.
    pub(super) fn of(&self, object: Option<u32>) -> Option<&Profile<'p>> {
        let number = object.and_then(|object| self.by_object.get(object as usize)).unwrap_or(&self.of_run);
        self.every.get(*number as usize)
    }

    /// Whether a policy runs anywhere.
    pub(super) fn runs(&self, slot: usize) -> bool {
        self.every.iter().any(|profile| profile.terms(slot).is_some())
    }

    /// Whether a policy runs for every object.
    pub(super) fn runs_everywhere(&self, slot: usize) -> bool {
        self.every.iter().all(|profile| profile.terms(slot).is_some())
    }

    fn profile(
        &mut self,
        making: &Making<'p, 'w, 'a, '_>,
        environment: Option<&'p str>,
        holds: &[bool],
        judges: &mut FxHashMap<JudgeKey<'p>, usize>,
    ) -> Profile<'p> {
        let terms = making.slots.iter().map(|(number, policy)| {
            let setting = making.configured.map_or_else(Setting::default, |configured| {
                configured.config.setting(Named::of(policy), |rule| holds.get(rule).copied().unwrap_or(false))
            });
            let level = setting.level.as_ref().map(|level| level.value);
            if !making.settings.runs(policy, &setting) || !holds_there(policy, level, environment) {
                return None;
            }
            let file = *making.files.get(*number)?;
            let inputs = making.configured.map_or_else(Vec::new, |configured| configured.inputs(file, &setting));
            let key = (*number, environment, inputs.iter().map(|(_, _, span)| *span).collect());
            let judge = *judges.entry(key).or_insert_with(|| {
                let inputs = inputs.into_iter().map(|(number, value, _)| (number, value));
                self.judges.push(Judge::new(file, making.workspace, environment).with_inputs(inputs.collect()));
                self.judges.len() - 1
            });
            Some(Terms { judge, level, severity: setting.severity.map(|severity| severity.value) })
        });
        Profile { environment, terms: terms.collect() }
    }
}

// A level that a rule sets beats the policy's own scope.
fn holds_there(policy: &Policy, level: Option<Enforcement>, environment: Option<&str>) -> bool {
    level.is_some() || policy.about.environments.level(Enforcement::Mandatory, environment).is_some()
}

impl Profile<'_> {
    pub(super) fn terms(&self, slot: usize) -> Option<Terms> {
        self.terms.get(slot).copied().flatten()
    }
}

impl Settings {
    // The command line beats the file: who is named there runs.
    fn runs(&self, policy: &Policy, setting: &Setting) -> bool {
        let by_default = !policy.about.pedantic || self.pedantic;
        !self.only.is_empty() || setting.enabled.as_ref().map_or(by_default, |enabled| enabled.value)
    }
}

impl Configured {
    fn whereabouts(&self) -> Whereabouts<'_> {
        Whereabouts {
            directory: self.directory.as_deref(),
            target: self.target.as_deref(),
            workspace: self.workspace.as_deref(),
        }
    }

    // Whether not all objects are treated alike.
    fn differs(&self) -> bool {
        self.config.asks_for_tags(self.whereabouts()) || self.config.rules.iter().any(|rule| !rule.paths.is_empty())
    }

    fn environment(&self, object: u32, workspace: &Workspace<'_>) -> Option<&str> {
        let found = self.config.environment(self.whereabouts(), || tags(workspace, object));
        found.map(|environment| &*environment.label)
    }

    // The file in which the object's block stands, if a rule asks for files.
    fn file(&self, object: u32, making: &Making<'_, '_, '_, '_>) -> Option<String> {
        self.config.rules.iter().find(|rule| !rule.paths.is_empty())?;
        let span = making.workspace.locate(object, None).primary?;
        self.root.relative(making.sources.path(span))
    }

    fn key<'k>(&self, environment: Option<&'k str>, file: Option<&str>) -> ProfileKey<'k> {
        let paths: Vec<&str> = self.directory.as_deref().into_iter().chain(file).collect();
        let rules = self.config.rules.iter();
        (environment, rules.map(|rule| rule.holds(environment, self.target.as_deref(), &paths)).collect())
    }

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
