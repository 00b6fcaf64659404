//! From what a run has gathered to its report: what is silenced, the counts, the outcome, the sinks.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Session;
use crate::cli::common::{complain, style};
use crate::cli::output::{Printer, Sink, Told, Written};
use crate::cli::silence::{Ending, Sorted};
use crate::cli::step::Step;
use crate::engine;
use crate::finding::{Finding, Level, Outcome, Report, Rule, Run};
use crate::io;
use crate::policy::library;
use crate::policy::sheet;
use crate::policy::{Policy, PolicyFile};
use crate::report::github::Rest;
use crate::workspace::Names;
use crate::workspace::build::Shared;

impl Session<'_> {
    // What reports are told of the policies that took part, and of those that judged the suppressions.
    fn rules(&self, silenced: &[Finding], told: Told) -> Vec<Rule> {
        let found = self.findings.iter().chain(silenced);
        let found: BTreeSet<_> = found.map(|finding| (finding.policy_file.clone(), finding.policy.clone())).collect();
        let is_found = |policy: &Policy| found.contains(&(policy.file.clone(), policy.id.clone()));
        let is_told = |policy: &Policy| match told {
            Told::Nothing => false,
            Told::Found => is_found(policy),
            Told::Everything => true,
        };
        let mut rules: Vec<Rule> = self.policies.iter().flat_map(|file| sheet::rules(file, is_told)).collect();
        rules.retain_mut(|rule| {
            let key = (rule.file.clone(), rule.id.clone());
            let passed = self.passed.get(&key);
            rule.passed = passed.copied().unwrap_or_default();
            passed.is_some() || found.contains(&key)
        });
        rules.sort_by(|one, other| (&one.category, &one.id, &one.file).cmp(&(&other.category, &other.id, &other.file)));
        rules
    }

    // Sorts out what is reported, what only programs are told, and what is only counted.
    fn silence(&mut self) -> Vec<Finding> {
        let Some(mut silencer) = self.silencer.take() else { return Vec::new() };
        let findings = std::mem::take(&mut self.findings);
        let settings = self.settings();
        let files: Vec<&PolicyFile> = self.policies.iter().collect();
        let shared = || {
            let facts = library::facts().unwrap_or_default();
            let wanted = Names::new(self.policies.iter().map(PolicyFile::mentions));
            Shared::new(Arc::new(facts), Arc::new(wanted), Arc::default())
        };
        let configured = self.configured(".");
        let ending = Ending {
            question: self.question(),
            configured: configured.as_ref(),
            show_unknown: settings.show_unknown,
            could_not: self.could_not,
        };
        let Sorted { findings, silenced, suppressed, baselined, existing } =
            silencer.finish(findings, &files, &settings, &shared, &ending);
        self.findings = findings;
        self.could_not |= silencer.remarks.iter().any(|remark| remark.level == Level::Error);
        self.remarks.append(&mut silencer.remarks);
        (self.summary.suppressed, self.summary.baselined, self.summary.existing) = (suppressed, baselined, existing);
        silenced
    }

    pub(super) fn finish(mut self, sinks: &[Sink]) -> Outcome {
        let silenced = self.silence();
        engine::sort(&mut self.findings, &self.sources);
        self.information.sort();
        self.information.dedup();
        self.not_evaluated.sort();
        self.not_evaluated.dedup();
        let count = |level| self.findings.iter().filter(|finding| finding.level == level).count();
        (self.summary.errors, self.summary.warnings, self.summary.notices) =
            (count(Level::Error), count(Level::Warning), count(Level::Notice));
        self.modes.dedup();
        let outcome = match (self.could_not, self.summary.errors) {
            (true, _) => Outcome::CouldNotRun,
            (false, 0) => Outcome::Pass,
            (false, _) => Outcome::Findings,
        };
        let github = self.arguments.common.actions.ci.is_github(&self.environment);
        let run = Run {
            mode: self.modes.join("+"),
            target: self.environment.target.clone(),
            working_directory: self.directory.clone(),
            workflow: self.environment.workflow.clone().filter(|_| github),
        };
        let has_summary = github && self.summarises();
        let told = sinks.iter().map(|sink| sink.format.told()).chain(has_summary.then_some(Told::Found)).max();
        let report = Report {
            rules: self.rules(&silenced, told.unwrap_or_default()),
            run,
            findings: std::mem::take(&mut self.findings),
            information: std::mem::take(&mut self.information),
            silenced,
            remarks: std::mem::take(&mut self.remarks),
            not_evaluated: std::mem::take(&mut self.not_evaluated),
            summary: self.summary,
            outcome,
        };
        self.write(&report, sinks, github)
    }

    fn summarises(&self) -> bool {
        self.environment.step_summary.is_some() && !self.arguments.common.actions.no_step_summary
    }

    // Every sink, and in a step of GitHub Actions its summary and its outputs. The summary comes first: annotations say
    // whether there is one. The outputs come last: they say how it ended.
    fn write(mut self, report: &Report, sinks: &[Sink], github: bool) -> Outcome {
        let common = &self.arguments.common;
        let step = Step { environment: &self.environment, disk: &self.disk };
        let has_summary = github && self.summarises();
        let summary = if has_summary { step.summary(report, &self.sources) } else { Ok(false) };
        let below = common.path_base.is_none().then(|| self.disk.current_below_root());
        let printer = Printer {
            report,
            sources: &self.sources,
            style: style(common, &self.environment, github),
            fence: github.then(io::random_token),
            rest: if summary == Ok(true) { Rest::Summary } else { Rest::Log },
            below: below.as_deref(),
        };
        let Written { files, mut troubles } = printer.print(sinks);
        troubles.extend(summary.err());
        let outcome = if troubles.is_empty() { report.outcome } else { Outcome::CouldNotRun };
        let outputs = if github { step.outputs(report, outcome, &files) } else { Ok(()) };
        troubles.extend(outputs.err());
        self.clock.lap("report");
        if common.timings {
            complain(&self.clock.to_string());
        }
        for trouble in &troubles {
            complain(trouble);
        }
        if troubles.is_empty() { outcome } else { Outcome::CouldNotRun }
    }
}
