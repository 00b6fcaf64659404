//! Directories of HCL: what the variables of each root module are, and what policies say of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Done, Session};
use crate::cli::silence::Silencer;
use crate::engine::{PolicyKey, Roster};
use crate::finding::NotEvaluated;
use crate::policy::library;
use crate::report::wording::counted;
use crate::terraform::config::Configuration;
use crate::terraform::config::load::{Files as _, Trouble};
use crate::terraform::config::roots::Loaded;
use crate::terraform::plan::Action;
use crate::workspace::Workspace;
use crate::workspace::build::{self, Shared};
use crate::workspace::source::{self as evaluated, Gaps, Place};

/// A root module of HCL that can be evaluated.
struct Ready {
    directory: String,
    shown: String,
    shared: Shared,
    given: evaluated::Given,
}

impl Session<'_> {
    // A batch at a time: what is judged is let go before the next one is read.
    pub(super) fn judge_sources(&mut self) {
        let paths = std::mem::take(&mut self.source_paths);
        if paths.is_empty() {
            return;
        }
        let disk = self.disk.clone();
        self.progress.part("looking for directories of HCL", 1);
        let found = self.find_roots(&paths);
        if let [root] = found.roots() {
            self.directory = Some(self.disk.shown(root));
        }
        self.progress.part("judging directories", found.roots().len());
        let mut queue = found.queue(&disk, library::map_arguments());
        loop {
            let batch = queue.next_batch(&mut self.sources);
            if batch.is_empty() {
                return;
            }
            let count = batch.len();
            if let Err(message) = self.judge_batch(batch) {
                return self.refuse("the facts about providers", &message);
            }
            self.progress.advance(count);
        }
    }

    fn judge_batch(&mut self, batch: Vec<Loaded>) -> Result<(), String> {
        let (facts, wanted) = self.tables()?;
        let ready: Vec<Ready> = batch
            .into_iter()
            .map(|loaded| {
                let Loaded { root, configuration, troubles } = loaded;
                if let Some(silencer) = &mut self.silencer {
                    silencer.read(&configuration, &self.sources);
                }
                let given = self.given(&root, &configuration, troubles);
                let shared = Shared::new(facts.clone(), wanted.clone(), Arc::new(configuration));
                Ready { shown: self.disk.shown(&root), directory: root, shared, given }
            })
            .collect();
        self.clock.lap("source");
        let (judged, passed) = self.judge_ready(ready);
        self.clock.lap("judge");
        self.count(passed);
        for (gaps, done) in judged {
            self.modes.push("hcl");
            self.gaps(&done.path, gaps);
            self.absorb(done);
        }
        Ok(())
    }

    // The policies are the same for all roots of a batch.
    fn judge_ready(&mut self, ready: Vec<Ready>) -> (Vec<(Gaps, Done)>, BTreeMap<PolicyKey, usize>) {
        let settings = self.judging();
        let mut silencer = self.silencer.take();
        let roster = self.roster(&settings);
        // What silences findings is told of each root in turn.
        let judged: Vec<(Gaps, Done)> = match silencer.as_mut().filter(|silencer| silencer.watches()) {
            Some(silencer) => ready.iter().map(|root| self.watched_source(silencer, &roster, root)).collect(),
            None => ready.into_par_iter().map(|root| self.judged_source(&roster, &root)).collect(),
        };
        let passed = roster.passed(judged.iter().map(|(_, done)| &done.judged.passed));
        self.silencer = silencer;
        (judged, passed)
    }

    fn given(&mut self, directory: &str, configuration: &Configuration, troubles: Vec<Trouble>) -> evaluated::Given {
        let (given, more) = self.arguments.source.given(directory, configuration, &self.disk, &mut self.sources);
        for trouble in troubles.into_iter().chain(more) {
            self.trouble(trouble);
        }
        let shown = self.disk.shown(directory);
        for (name, hint) in self.arguments.source.undeclared(configuration) {
            self.warn(format!("--var {name}: {shown} declares no variable of that name{hint}"));
        }
        given
    }

    fn judged_source(&self, roster: &Roster<'_>, root: &Ready) -> (Gaps, Done) {
        let (workspace, gaps) = self.source_workspace(root);
        (gaps, self.judged(roster, &workspace, &root.directory))
    }

    fn watched_source(&self, silencer: &mut Silencer, roster: &Roster<'_>, root: &Ready) -> (Gaps, Done) {
        let (workspace, gaps) = self.source_workspace(root);
        let done = self.judged(roster, &workspace, &root.directory);
        self.witness(silencer, roster, &workspace, &root.directory);
        (gaps, done)
    }

    fn source_workspace(&self, root: &Ready) -> (Workspace<'static>, Gaps) {
        let place = Place { files: &self.disk, root: &root.directory };
        let path = Arc::from(root.shown.as_str());
        let (mut workspace, gaps) =
            build::from_configuration(path, &root.shared, Action::NoOp, &root.given, Some(place));
        self.describe(&mut workspace);
        (workspace, gaps)
    }

    fn gaps(&mut self, root: &str, gaps: Gaps) {
        self.summary.uncounted += gaps.uncounted.len();
        let gap = |(subject, reason)| NotEvaluated { subject, reason };
        self.not_evaluated.extend(gaps.uncounted.into_iter().map(gap));
        for fault in gaps.faults {
            let subject = self.sources.start(fault.span);
            let subject = format!("{}:{}", self.sources.path(fault.span), subject.line);
            self.not_evaluated.push(NotEvaluated { subject, reason: fault.message });
        }
        if gaps.more_faults > 0 {
            let reason = format!("{} fail", counted(gaps.more_faults, "more expression", "more expressions"));
            self.not_evaluated.push(NotEvaluated { subject: root.to_owned(), reason });
        }
    }
}
