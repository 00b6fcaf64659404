//! What must be known before anything is judged: settings, policies, inputs, suppressions.

use std::collections::BTreeSet;

use super::Session;
use crate::cli::inputs::{Gathered, undeclared};
use crate::cli::settings::{self, Settings as File};
use crate::cli::silence::{Rules, Silencer};
use crate::cli::user_policies::{self, Named};
use crate::config::names;
use crate::expr::Fault;
use crate::expr::functions::nearest;
use crate::finding::{Level, NotEvaluated, Remark};
use crate::policy::inputs::Given;
use crate::policy::library::{self, Examples};
use crate::policy::parse::Parsed;
use crate::policy::{Policy, PolicyFile};
use crate::suppress::Strictness;
use crate::terraform::config::load::Files as _;

impl Session<'_> {
    // What is wrong in the settings file, as far as it speaks of itself.
    pub(super) fn load_settings(&mut self) -> Vec<Fault> {
        let judged: Vec<String> = self.arguments.paths.iter().map(|path| self.directory_of(path)).collect();
        let named = self.arguments.common.config.as_deref();
        let read = settings::read(named, &judged, &self.disk, &mut self.sources);
        self.is_unsettled = read.unreadable.is_some();
        self.remarks.extend(read.unreadable);
        self.remarks.extend(read.passed_over);
        if let Some(file) = &read.settings {
            self.disk = self.disk.clone().with_max_file_size(file.config.max_file_size());
        }
        self.file = read.settings;
        read.faults
    }

    // Nothing is judged under settings that mean something else than somebody thinks.
    pub(super) fn check_settings(&mut self, mut faults: Vec<Fault>) -> bool {
        let files: Vec<&PolicyFile> = self.policies.iter().chain(&self.idle).collect();
        // A policy that could not be read cannot be missed.
        if let Some(file) = self.file.as_ref().filter(|_| !self.could_not) {
            faults.extend(names::check(&file.config, &files));
            faults.sort_by_key(|fault| fault.span);
        }
        if faults.is_empty() && !self.is_unsettled {
            return true;
        }
        self.faults(faults);
        self.could_not = true;
        for path in &self.arguments.paths {
            let subject = if path == "-" { "standard input".to_owned() } else { self.disk.shown(path) };
            let reason = "the settings file is wrong, so nothing is judged".to_owned();
            self.not_evaluated.push(NotEvaluated { subject, reason });
        }
        false
    }

    pub(super) fn load_policies(&mut self) {
        let mut parsed = library::load(&mut self.sources, Examples::Skip);
        let mut named = self.file.as_ref().map_or_else(Vec::new, File::policies);
        named.extend(self.arguments.policies.iter().map(|path| Named::by_option(path)));
        let (files, faults) = user_policies::load(&named, &self.disk, &mut self.sources);
        parsed.extend(files);
        self.could_not |= !faults.is_empty();
        self.remarks.extend(faults);
        let given = self.inputs();
        for Parsed { mut file, mut faults } in parsed {
            let missing = match &self.file {
                Some(settings) => settings.with_inputs(&given, &file).fill(&mut file),
                None => given.fill(&mut file),
            };
            let files = if missing.is_empty() { &mut self.policies } else { &mut self.idle };
            files.push(file);
            faults.extend(missing);
            self.faults(faults);
        }
        for (name, near) in given.undeclared(self.policies.iter().chain(&self.idle)) {
            self.warn(undeclared(&name, near));
        }
        self.clock.lap("policies");
    }

    pub(super) fn faults(&mut self, faults: Vec<Fault>) {
        self.could_not |= !faults.is_empty();
        self.remarks.extend(faults.into_iter().map(|fault| Remark {
            level: Level::Error,
            message: fault.message,
            span: Some(fault.span),
            related: fault.related,
        }));
    }

    fn inputs(&mut self) -> Given {
        let Gathered { given, faults, unreadable } = self.arguments.inputs.gather(&self.disk, &mut self.sources);
        for (shown, reason) in unreadable {
            self.refuse(&shown, &reason);
        }
        self.faults(faults);
        given
    }

    // A policy that is asked for and is not there must not look like one that passes.
    pub(super) fn check_selection(&mut self) {
        let policies = || self.policies.iter().chain(&self.idle).flat_map(|file| &file.policies);
        let names = || {
            let of = |policy: &'_ Policy| {
                let own = [policy.id.to_string(), policy.about.category.to_string()];
                own.into_iter().chain(policy.about.aliases.iter().cloned()).collect::<Vec<_>>()
            };
            policies().flat_map(of).collect::<BTreeSet<String>>()
        };
        let known = if self.arguments.policy.is_empty() { BTreeSet::new() } else { names() };
        for asked in self.arguments.policy.iter().filter(|asked| !known.contains(*asked)) {
            let near = nearest(asked, known.iter().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let message = format!("--policy {asked}: there is no policy, alias or category of that name{hint}");
            self.remarks.push(Remark::new(Level::Error, message, None));
            self.could_not = true;
        }
    }

    pub(super) fn prepare_silence(&mut self) {
        let rules = self.file.as_ref().map_or_else(Rules::default, File::rules);
        let strictness =
            Strictness { require_reason: rules.require_reason, honour_foreign: rules.honour_foreign, now: self.now };
        let policies = self.policies.iter().chain(&self.idle);
        self.silencer = Some(Silencer::new(&self.arguments.silence, rules, strictness, policies));
    }
}
