//! What is counted and not reported: suppressions, the baseline, and what the change does not touch.
//!
//! [`Silencer`] is told of each configuration and each judged workspace, and at the end sorts the findings: those that
//! are reported, those that only reports for programs print, and those that are only counted.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use crate::baseline::{self, Baseline, Scope};
use crate::changed::{Changed, Reach};
use crate::config::Ignore;
use crate::config::root::Root;
use crate::engine::{self, Configured, Settings, callers, covering};
use crate::finding::{Finding, Level, Remark, Silence, Verdict};
use crate::io;
use crate::policy::{Policy, PolicyFile};
use crate::report::wording::counted;
use crate::source::SourceMap;
use crate::suppress::catalogue::Catalogue;
use crate::suppress::{Strictness, Suppressions, quieten};
use crate::terraform::config::Configuration;
use crate::terraform::config::load::Files as _;
use crate::workspace::build::{self, Shared};
use crate::workspace::{Input, Workspace};
use changes::Answer;

pub(super) use changes::Question;

mod changes;

/// Entries of a baseline that one remark names.
const MAX_LISTED: usize = 20;

/// Options that leave findings out.
#[derive(Args, Debug, Default)]
#[group(id = "silence")]
pub(super) struct Options {
    /// Only what the change touches: in plans the objects that change, elsewhere the lines that are new since the base of
    /// the pull request (`origin/HEAD` outside of one); the rest is counted
    #[arg(long)]
    changed_only: bool,
    /// The same since a commit, branch or tag
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
    /// Findings in this file are known and do not fail the run
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Write what is found now into a baseline
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "prune_baseline"])]
    write_baseline: Option<String>,
    /// Take out of the baseline what is not found any more
    #[arg(long)]
    prune_baseline: bool,
}

impl Options {
    /// Whether what the change does not touch is only counted.
    pub(super) fn asks_for_changes(&self) -> bool {
        self.changed_only || self.changed_since.is_some()
    }
}

/// What `.planfit.hcl` says that concerns this.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) ignores: Vec<Ignore>,
    pub(super) require_reason: bool,
    pub(super) honour_foreign: bool,
    /// The file of the baseline, seen from the current directory.
    pub(super) baseline: Option<String>,
    /// What the paths of the settings file are relative to.
    pub(super) root: Option<Root>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { ignores: Vec::new(), require_reason: true, honour_foreign: false, baseline: None, root: None }
    }
}

/// The findings of a run, sorted out.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) findings: Vec<Finding>,
    pub(super) silenced: Vec<Finding>,
    pub(super) suppressed: usize,
    pub(super) baselined: usize,
    pub(super) existing: usize,
}

/// What a run has to keep for it.
#[derive(Debug)]
pub(super) struct Silencer {
    suppressions: Suppressions,
    baseline: Option<(String, Baseline)>,
    /// Whether a baseline is written at the end.
    writes: bool,
    scope: Scope,
    /// What git has said.
    changes: Option<Answer>,
    /// What to say about it all, and what keeps the run from an answer (level error).
    pub(super) remarks: Vec<Remark>,
}

/// What the end of a run needs of the run.
pub(super) struct Ending<'e> {
    pub(super) question: Question<'e>,
    /// What the settings file says of the suppressions.
    pub(super) configured: Option<&'e Configured>,
    pub(super) show_unknown: bool,
    pub(super) could_not: bool,
}

impl Silencer {
    pub(super) fn new<'f>(
        options: &Options,
        rules: Rules,
        strictness: Strictness,
        policies: impl Iterator<Item = &'f PolicyFile>,
    ) -> Self {
        let file = options.baseline.clone().or(rules.baseline).filter(|_| options.write_baseline.is_none());
        let suppressions = Suppressions::new(strictness, Catalogue::new(policies), rules.ignores, rules.root);
        let writes = options.write_baseline.is_some();
        let mut silencer =
            Self { suppressions, baseline: None, writes, scope: Scope::default(), changes: None, remarks: Vec::new() };
        match file.map(|file| (read_baseline(&file), file)) {
            Some((Ok(baseline), file)) => silencer.baseline = Some((file, baseline)),
            Some((Err(message), _)) => silencer.refuse(message),
            None if options.prune_baseline => {
                silencer.refuse("--prune-baseline needs a baseline; name it with --baseline FILE".to_owned());
            }
            None => {}
        }
        silencer
    }

    fn refuse(&mut self, message: String) {
        self.remarks.push(Remark::new(Level::Error, message, None));
    }

    fn note(&mut self, message: String) {
        self.remarks.push(Remark::new(Level::Notice, message, None));
    }

    /// Collects the comments of a configuration.
    pub(super) fn read(&mut self, configuration: &Configuration, sources: &SourceMap) {
        self.remarks.extend(self.suppressions.read(configuration, sources));
    }

    /// Whether verdicts that stay unknown must be told, too: what is not decided is neither gone nor unused.
    pub(super) fn wants_unknown(&self) -> bool {
        self.baseline.is_some() || !self.suppressions.is_empty()
    }

    /// Whether it wants to be told of each workspace that is judged.
    pub(super) fn watches(&self) -> bool {
        self.writes || self.wants_unknown()
    }

    /// Keeps what was judged in a workspace, and by which policies.
    pub(super) fn witness<'p>(
        &mut self,
        in_force: impl Fn() -> Vec<&'p Policy>,
        workspace: &Workspace<'_>,
        sources: &SourceMap,
    ) {
        if !self.watches() {
            return;
        }
        let policies = in_force();
        self.suppressions.witness(workspace, &policies, sources);
        // What a broken plan or source lacks is not gone.
        let is_read = workspace.input != Input::Configuration || workspace.configuration.is_whole();
        if is_read && !workspace.run.errored && workspace.run.complete != Some(false) {
            let root = engine::root(workspace, sources);
            self.scope.add(&root, policies.iter().map(|policy| &*policy.id));
        }
    }

    /// Judges the suppressions themselves.
    fn judge(
        &self,
        files: &[&PolicyFile],
        settings: &Settings,
        shared: &dyn Fn() -> Shared,
        ending: &Ending<'_>,
    ) -> Vec<Finding> {
        let (configured, sources) = (ending.configured, ending.question.sources);
        let parts = self.suppressions.parts();
        if parts.is_empty() {
            return Vec::new();
        }
        let workspace = build::from_mocks(Vec::new(), parts, Arc::from("suppressions"), &shared());
        let mut findings = engine::evaluate_configured(files, &workspace, settings, configured, sources).findings;
        for finding in &mut findings {
            let root = finding.location.and_then(|place| self.suppressions.root_of(place));
            finding.root = root.unwrap_or_default();
        }
        findings
    }

    /// Sorts the findings of a run.
    pub(super) fn finish(
        &mut self,
        mut findings: Vec<Finding>,
        files: &[&PolicyFile],
        settings: &Settings,
        shared: &dyn Fn() -> Shared,
        ending: &Ending<'_>,
    ) -> Sorted {
        let sources = ending.question.sources;
        self.suppressions.apply(&mut findings, sources);
        let mut stale = self.judge(files, settings, shared, ending);
        self.suppressions.apply(&mut stale, sources);
        findings.append(&mut stale);
        self.settle_baseline(&mut findings, ending);
        findings.retain(|finding| ending.show_unknown || finding.verdict != Verdict::Unknown);
        let mut sorted = Sorted::default();
        // What is left stays where it is: a second list of thousands of findings is the peak of memory.
        let silenced: Vec<Finding> = findings.extract_if(.., |finding| finding.silence.is_some()).collect();
        let suppressed = |finding: &&Finding| matches!(finding.silence, Some(Silence::Suppressed(_)));
        sorted.suppressed = silenced.iter().filter(suppressed).count();
        sorted.baselined = silenced.len() - sorted.suppressed;
        sorted.silenced = silenced;
        sorted.silenced.iter_mut().for_each(quieten);
        let count = findings.len();
        self.keep_changed(&mut findings, ending);
        sorted.existing = count - findings.len();
        // Last: only what is reported stands for another finding.
        covering::leave_out(&mut findings);
        callers::join(&mut findings);
        sorted.findings = findings;
        engine::sort(&mut sorted.findings, sources);
        engine::sort(&mut sorted.silenced, sources);
        sorted
    }

    fn settle_baseline(&mut self, findings: &mut [Finding], ending: &Ending<'_>) {
        if let Some(file) = &ending.question.options.write_baseline {
            self.write_baseline(file, findings, ending);
        }
        let Some((file, baseline)) = self.baseline.take() else { return };
        baseline.apply(findings);
        let gone = baseline.gone(findings, &self.scope);
        // Where something could not be read, what is missing proves nothing.
        if gone.is_empty() || ending.could_not {
            return;
        }
        let mut names: Vec<String> =
            gone.iter().take(MAX_LISTED).map(|entry| format!("{} of {}", entry.policy, entry.address)).collect();
        if gone.len() > MAX_LISTED {
            names.push(format!("and {} more", gone.len() - MAX_LISTED));
        }
        let (shown, names) = (ending.question.disk.shown(&file), names.join(", "));
        let count = counted(gone.len(), "finding", "findings");
        if ending.question.options.prune_baseline {
            match io::write_file(&file, baseline.without(&gone).to_text().as_bytes()) {
                Ok(()) => self.note(format!("{shown}: {count} not found any more, taken out: {names}")),
                Err(error) => self.refuse(format!("{shown}: {}", error.reason())),
            }
        } else {
            self.note(format!("{shown}: {count} not found any more; --prune-baseline takes them out: {names}"));
        }
    }

    // What is written now is known from now on.
    fn write_baseline(&mut self, file: &str, findings: &mut [Finding], ending: &Ending<'_>) {
        let shown = ending.question.disk.shown(file);
        if ending.could_not {
            return self.refuse(format!("{shown}: the baseline is not written, because not everything could be read"));
        }
        let older = if io::is_file(file) { read_baseline(file) } else { Ok(Baseline::default()) };
        let older = match older {
            Ok(older) => older,
            Err(message) => return self.refuse(message),
        };
        let baseline = Baseline::of(findings).keeping(&older, &self.scope);
        if let Err(error) = io::write_file(file, baseline.to_text().as_bytes()) {
            return self.refuse(format!("{shown}: {}", error.reason()));
        }
        baseline.apply(findings);
        self.note(format!("{shown}: written with {}", counted(baseline.len(), "known finding", "known findings")));
        let beyond: BTreeSet<&str> =
            findings.iter().filter(|finding| baseline::is_beyond(finding)).map(|finding| &*finding.policy).collect();
        if !beyond.is_empty() {
            let names = beyond.into_iter().collect::<Vec<_>>().join(", ");
            self.note(format!(
                "{shown}: mandatory policies are in no baseline, they take a suppression with a reason: {names}"
            ));
        }
    }

    fn keep_changed(&mut self, findings: &mut Vec<Finding>, ending: &Ending<'_>) {
        let options = ending.question.options;
        if !options.asks_for_changes() {
            return;
        }
        let by_lines = findings.iter().any(|finding| finding.changes.is_none());
        // A plan says itself what changes; a revision that is wrong is told all the same.
        let asked = options.changed_since.is_some() || by_lines;
        let nothing = Changed::default();
        let diff = if asked { self.changed(by_lines, &ending.question) } else { Some(&nothing) };
        let mut reach = Reach::default();
        findings.retain(|finding| match (finding.changes, diff) {
            (Some(changes), _) => changes,
            (None, Some(diff)) => diff.touches(finding, ending.question.sources, &mut reach),
            (None, None) => true,
        });
    }
}

fn read_baseline(file: &str) -> Result<Baseline, String> {
    let hint = || if io::is_file(file) { String::new() } else { format!("; --write-baseline {file} makes it") };
    let text = io::read_text(file).map_err(|error| format!("{error}{}", hint()))?;
    if text.len() > baseline::MAX_SIZE {
        return Err(format!("{file}: a baseline is at most {} MiB", baseline::MAX_SIZE >> 20));
    }
    Baseline::parse(&text).map_err(|error| format!("{file}: {error}"))
}
