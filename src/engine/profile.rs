//! What `.planfit.hcl` makes of the policies for one object: its environment, and for each policy whether it runs, with
//! which inputs, at which level and severity.
//!
//! Objects for which the same holds share a [`Profile`]. Without a settings file there is one for all.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Configured;
use super::roster::{Order, Roster};
use super::tags::tags;
use crate::config::Whereabouts;
use crate::finding::{Enforcement, Severity};
use crate::policy::scope::Judge;
use crate::source::{SourceMap, Span};
use crate::workspace::Workspace;

/// What holds for some objects.
pub(super) struct Profile<'p> {
    /// The environment they belong to.
    pub(super) environment: Option<&'p str>,
    order: Arc<Order>,
    /// By slot, the number of the judge; [`NOBODY`] if the policy does not run or has nothing to judge.
    judges: Vec<u32>,
}

/// See [`Profile`].
const NOBODY: u32 = u32::MAX;

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
    pub(super) roster: &'s Roster<'p>,
    /// The slots that have something to judge in the workspace, each once.
    pub(super) concerned: &'s [usize],
    pub(super) workspace: &'w Workspace<'a>,
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
            let environment = making.roster.settings.environment.as_deref();
            let profile = this.profile(making, environment, Vec::new(), &mut judges);
            this.every.push(profile);
            return this;
        };
        let mut known: FxHashMap<ProfileKey<'p>, u32> = FxHashMap::default();
        let mut intern = |this: &mut Self, key: ProfileKey<'p>| match known.get(&key) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(this.every.len()).unwrap_or(u32::MAX);
                let profile = this.profile(making, key.0, key.1.clone(), &mut judges);
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

    /// The different orders that hold.
    pub(super) fn orders(&self) -> Vec<Arc<Order>> {
        let mut orders: Vec<Arc<Order>> = Vec::new();
        for profile in &self.every {
            if !orders.iter().any(|known| Arc::ptr_eq(known, &profile.order)) {
                orders.push(profile.order.clone());
            }
        }
        orders
    }

    /// Whether a policy runs anywhere.
    pub(super) fn runs(&self, slot: usize) -> bool {
        self.every.iter().any(|profile| profile.order.of(slot).is_some())
    }

    /// Whether a policy runs for every object.
    pub(super) fn runs_everywhere(&self, slot: usize) -> bool {
        self.every.iter().all(|profile| profile.order.of(slot).is_some())
    }

    fn profile(
        &mut self,
        making: &Making<'p, 'w, 'a, '_>,
        environment: Option<&'p str>,
        holds: Vec<bool>,
        judges: &mut FxHashMap<JudgeKey<'p>, u32>,
    ) -> Profile<'p> {
        let roster = making.roster;
        let order = roster.order(making.workspace, making.configured, environment, holds);
        let mut numbers = vec![NOBODY; roster.slots.len()];
        for slot in making.concerned {
            let Some(ordered) = order.of(*slot) else { continue };
            let Some((number, _)) = roster.slots.get(*slot) else { continue };
            let Some(file) = roster.files.get(*number).copied() else { continue };
            let key = (*number, environment, ordered.inputs.iter().map(|(_, _, span)| *span).collect());
            let judge = *judges.entry(key).or_insert_with(|| {
                let inputs = ordered.inputs.iter().map(|(number, value, _)| (*number, value.clone()));
                self.judges.push(Judge::new(file, making.workspace, environment).with_inputs(inputs.collect()));
                u32::try_from(self.judges.len() - 1).unwrap_or(NOBODY)
            });
            if let Some(of_slot) = numbers.get_mut(*slot) {
                *of_slot = judge;
            }
        }
        Profile { environment, order, judges: numbers }
    }
}

impl Profile<'_> {
    pub(super) fn terms(&self, slot: usize) -> Option<Terms> {
        let judge = *self.judges.get(slot).filter(|judge| **judge != NOBODY)?;
        let ordered = self.order.of(slot)?;
        Some(Terms { judge: judge as usize, level: ordered.level, severity: ordered.severity })
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
}
