//! `planfit check`: plans, states and directories of HCL under the policies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::common::{Common, PathBase, complain};
use super::copies;
use super::inputs::Inputs;
use super::output;
use super::progress::Progress;
use super::settings::Settings as File;
use super::silence::{self, Question, Silencer};
use super::source;
use crate::engine::{Configured, Judged, PolicyKey, Roster, Settings};
use crate::finding::{Finding, Information, Level, NotEvaluated, Outcome, Remark, Severity, Summary};
use crate::instant::Instant;
use crate::io::{self, Disk, Environment};
use crate::policy::PolicyFile;
use crate::policy::library::{self};
use crate::source::SourceMap;
use crate::terraform::config::Configuration;
use crate::terraform::config::load::{self, Files as _, Trouble, TroubleKind, source_files};
use crate::terraform::document;
use crate::terraform::input::{Kind, Text};
use crate::workspace::build::{self, Changes, Shared};
use crate::workspace::{Facts, Names, Workspace};

mod finish;
mod prepare;
mod selection;
mod sources;

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Plans and states (terraform show -json, or a raw state), directories of HCL; - reads standard input. Default:
    /// the directory of --dir, else `TFACTION_WORKING_DIR`, else the current one
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// The paths are changed files: judge their directories whole; settings or policies among them select everything
    #[arg(long, requires = "paths")]
    from_files: bool,
    /// The directory of the configuration; default: the plan's own if it has .tf files, else `TFACTION_WORKING_DIR`,
    /// else the current one
    #[arg(long, value_name = "DIR")]
    dir: Option<String>,
    /// Findings from this severity on fail the run; none never does
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_level: Option<FailLevel>,
    /// Only these policies: an id, an alias or a category; repeatable
    #[arg(long, value_name = "ID")]
    policy: Vec<String>,
    /// Policies beside the built-in ones: a file, or a directory that is searched for *.policy.hcl; repeatable
    #[arg(long, value_name = "DIR")]
    policies: Vec<String>,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    source: source::Options,
    /// Also policies that are off by default
    #[arg(long)]
    pedantic: bool,
    /// Report what could not be decided, too
    #[arg(long)]
    show_unknown: bool,
    #[command(flatten)]
    silence: silence::Options,
    #[command(flatten)]
    pub(super) common: Common,
}

/// From where on a finding fails the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailLevel {
    Critical,
    High,
    Medium,
    Low,
    None,
}

impl FailLevel {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::None => None,
        }
    }
}

/// Why an input is not judged.
enum Refusal {
    /// It could not be read as JSON of a plan or state.
    Unread(String),
    /// It was read, and is none that can be judged.
    Unfit(String),
}

/// Everything that a run gathers on its way to the report.
struct Session<'s> {
    arguments: &'s Arguments,
    environment: Environment,
    disk: Disk,
    /// `.planfit.hcl`
    file: Option<File>,
    /// Whether the settings file could not be read.
    is_unsettled: bool,
    sources: SourceMap,
    policies: Vec<PolicyFile>,
    /// Files that are not run, because an input has no value.
    idle: Vec<PolicyFile>,
    remarks: Vec<Remark>,
    not_evaluated: Vec<NotEvaluated>,
    findings: Vec<Finding>,
    information: Vec<Information>,
    silencer: Option<Silencer>,
    summary: Summary,
    /// Policies that took part, and how many objects are as they want them.
    passed: BTreeMap<PolicyKey, usize>,
    modes: Vec<&'static str>,
    directory: Option<String>,
    could_not: bool,
    /// Whether no path comes behind the one that is judged.
    is_last: bool,
    clock: io::Stopwatch,
    progress: Progress,
    now: Instant,
    /// Paths of directories and files of HCL.
    source_paths: Vec<String>,
    /// Facts about providers and the attributes that policies mention: the same for every input.
    tables: Option<(Arc<Facts>, Arc<Names>)>,
}

/// What policies say of one input.
struct Done {
    path: Arc<str>,
    judged: Judged,
    unopened: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let environment = Environment::read();
    let sinks = match output::sinks(&arguments.common, &environment) {
        Ok(sinks) => sinks,
        Err(message) => {
            complain(&message);
            return Outcome::CouldNotRun;
        }
    };
    let judged =
        arguments.paths.iter().chain(&arguments.dir).map(|path| source::directory_of(path)).collect::<Vec<_>>();
    let disk = Disk::new(&environment).with_own(judged.iter().map(String::as_str));
    let disk = match arguments.common.path_base {
        Some(PathBase::Cwd) => disk.relative_to_current(),
        Some(PathBase::GitRoot) | None => disk,
    };
    let mut sources = SourceMap::default();
    sources.set_base(disk.base_below_root());
    let progress = Progress::start(arguments.common.quiet, &environment);
    let mut session = Session {
        arguments,
        environment,
        disk,
        file: None,
        is_unsettled: false,
        sources,
        policies: Vec::new(),
        idle: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        findings: Vec::new(),
        information: Vec::new(),
        silencer: None,
        summary: Summary::default(),
        passed: BTreeMap::new(),
        modes: Vec::new(),
        directory: None,
        could_not: false,
        is_last: false,
        clock: io::Stopwatch::start(),
        progress,
        now: arguments.common.now.unwrap_or_else(io::now),
        source_paths: Vec::new(),
        tables: None,
    };
    let faults = session.load_settings();
    session.load_policies();
    session.check_selection();
    if !session.check_settings(faults) {
        return session.finish(&sinks);
    }
    session.prepare_silence();
    for path in arguments.source.missing_files() {
        session.refuse(path, "there is no such file of values");
    }
    session.progress.part("judging plans and states", arguments.paths.len());
    let older = copies::older(&arguments.paths);
    for (number, path) in arguments.paths.iter().enumerate() {
        session.is_last = number + 1 == arguments.paths.len();
        match older.get(&number).and_then(|(newest, own, other)| Some((arguments.paths.get(*newest)?, own, other))) {
            Some((newest, own, other)) => session.leave_out(path, newest, *own, *other),
            None => session.input(path),
        }
        session.progress.advance(1);
    }
    session.judge_sources();
    session.progress.clear();
    session.finish(&sinks)
}

impl Arguments {
    /// Settles what is judged: without paths the directory of the source, and in the place of changed files the
    /// directories that they select (`spec/ci-integration.md` 3.1, 14).
    pub(super) fn settle_paths(&mut self) {
        if !self.from_files {
            if self.paths.is_empty() {
                let environment = Environment::read();
                let by_tfaction = environment.working_directory.as_deref();
                let by_tfaction = by_tfaction.map(|directory| Disk::new(&environment).below_root(directory));
                self.paths.push(self.dir.clone().or(by_tfaction).unwrap_or_else(|| ".".to_owned()));
            }
            return;
        }
        let selects_all = |path: &String| path.ends_with(".planfit.hcl") || path.ends_with(".policy.hcl");
        if self.paths.iter().any(selects_all) {
            self.paths = vec![".".to_owned()];
            self.from_files = false;
            return;
        }
        let holds_source = |directory: &String| !source_files(io::lists(directory)).is_empty();
        let directories = self.paths.iter().map(|path| io::directory_of(path)).filter(holds_source);
        // What was deleted with its directory selects nothing.
        self.paths = directories.collect::<BTreeSet<_>>().into_iter().collect();
    }
}

impl Session<'_> {
    fn leave_out(&mut self, path: &str, newest: &str, own: u64, other: u64) {
        let (shown, newest) = (self.disk.shown(path), self.disk.shown(newest));
        let reason = format!("it is a copy of {newest} with serial {own}, and that one has {other}");
        self.warn(format!("{shown} is not judged: {reason}"));
        self.not_evaluated.push(NotEvaluated { subject: shown, reason });
    }

    fn input(&mut self, path: &str) {
        // Which directories are roots is found over all paths together.
        if source::is_source(path) { self.source_paths.push(path.to_owned()) } else { self.file(path) }
    }

    fn tables(&mut self) -> Result<(Arc<Facts>, Arc<Names>), String> {
        if let Some(tables) = &self.tables {
            return Ok(tables.clone());
        }
        let facts = library::facts().map_err(|error| error.to_string())?;
        let wanted = Names::new(self.policies.iter().map(PolicyFile::mentions));
        Ok(self.tables.insert((Arc::new(facts), Arc::new(wanted))).clone())
    }

    fn describe(&self, workspace: &mut Workspace<'_>) {
        workspace.run.now = workspace.run.now.or(Some(self.now));
        workspace.run.target = self.environment.target.as_deref().map(Arc::from);
        workspace.run.working_directory = self.environment.working_directory.as_deref().map(Arc::from);
    }

    fn file(&mut self, path: &str) {
        let shown = if path == "-" { "standard input".to_owned() } else { self.disk.shown(path) };
        if let Some(reason) = self.excluded(path) {
            self.remarks.push(Remark::new(Level::Notice, format!("{shown} is not judged: {reason}"), None));
            return self.not_evaluated.push(NotEvaluated { subject: shown, reason });
        }
        let text = match io::read_input(path) {
            Ok(text) => text,
            Err(error) => return self.refuse(&shown, &error.reason()),
        };
        self.clock.lap("read");
        let shared = match self.tables() {
            Ok((facts, wanted)) => Shared::new(facts, wanted, Arc::new(self.configuration(path))),
            Err(message) => return self.refuse(&shown, &message),
        };
        self.clock.lap("source");
        let mut judged = self.judge(path, &shown, &text, &shared);
        if matches!(judged, Err(Refusal::Unread(_))) && text.is_cut() {
            drop(text);
            judged = match io::read_whole(path) {
                Ok(text) => self.judge(path, &shown, &text, &shared),
                Err(error) => Err(Refusal::Unread(error.reason())),
            };
        }
        if let Err(Refusal::Unread(message) | Refusal::Unfit(message)) = judged {
            self.refuse(&shown, &message);
        }
    }

    fn excluded(&self, path: &str) -> Option<String> {
        let file = self.file.as_ref()?;
        let directory = self.directory_of(path);
        let is_excluded = file.config.excludes(&file.relative(&directory, &self.disk)?);
        is_excluded.then(|| format!("{} excludes {}", file.shown, self.disk.shown(&directory)))
    }

    fn refuse(&mut self, shown: &str, message: &str) {
        self.could_not = true;
        self.remarks.push(Remark::new(Level::Error, format!("{shown}: {message}"), None));
        self.not_evaluated.push(NotEvaluated { subject: shown.to_owned(), reason: message.to_owned() });
    }

    fn judge(&mut self, path: &str, shown: &str, text: &Text, shared: &Shared) -> Result<(), Refusal> {
        let mut changes = Changes::of_plan(text.body().map_or(0, str::len));
        let read = document::read(text, &mut changes.intake(shared));
        let (document, kind) = read.map_err(|error| Refusal::Unread(error.to_string()))?;
        for note in text.notes() {
            self.warn(format!("{shown}: {note}"));
        }
        if document.format_major().is_some_and(|major| major > 1) {
            let version = document.format_version.as_deref().unwrap_or_default();
            return Err(Refusal::Unfit(format!(
                "the format version is {version}, and planfit knows 0 and 1; a newer planfit is needed"
            )));
        }
        self.clock.lap("parse");
        let shape = |error: serde_json::Error| Refusal::Unfit(format!("a part of it has another shape: {error}"));
        let name: Arc<str> = Arc::from(shown);
        let mut workspace = if kind == Kind::Plan {
            self.modes.push("plan");
            self.plan_remarks(shown, &document);
            let (workspace, skipped) = build::from_plan(&document, changes, name, shared).map_err(shape)?;
            let skipped = skipped.into_iter().map(|(subject, reason)| NotEvaluated { subject, reason });
            self.not_evaluated.extend(skipped);
            workspace
        } else if matches!(kind, Kind::StateJson | Kind::RawState | Kind::OldRawState) {
            self.modes.push("state");
            build::from_state(&document, name, shared).map_err(shape)?
        } else {
            let advice = "give the plan itself: `terraform show -json PLAN > plan.json`";
            let what = "this is the log of a run (`-json`), neither a plan nor a state";
            return Err(Refusal::Unfit(format!("{what}; {advice}")));
        };
        self.describe(&mut workspace);
        let directory = self.directory_of(path);
        self.evaluate(&workspace, &directory);
        if self.is_last {
            // The process ends soon, and a hundred thousand objects go with it faster than one by one.
            std::mem::forget(workspace);
        }
        Ok(())
    }

    fn evaluate(&mut self, workspace: &Workspace<'_>, directory: &str) {
        let settings = self.judging();
        let mut silencer = self.silencer.take();
        let roster = self.roster(&settings);
        let done = self.judged(&roster, workspace, directory);
        if let Some(silencer) = &mut silencer {
            self.witness(silencer, &roster, workspace, directory);
        }
        let passed = roster.passed(std::iter::once(&done.judged.passed));
        self.silencer = silencer;
        self.clock.lap("judge");
        self.count(passed);
        self.absorb(done);
    }

    fn roster<'r>(&'r self, settings: &'r Settings) -> Roster<'r> {
        Roster::new(self.policies.iter().collect(), settings)
    }

    // What silences findings is told which policies looked where: only then is it known to be of no use.
    fn witness(&self, silencer: &mut Silencer, roster: &Roster<'_>, workspace: &Workspace<'_>, directory: &str) {
        let configured = self.configured(directory);
        let in_force = || roster.in_force(workspace, configured.as_ref(), &self.sources);
        silencer.witness(in_force, workspace, &self.sources);
    }

    fn judging(&self) -> Settings {
        let mut settings = self.settings();
        settings.show_unknown |= self.silencer.as_ref().is_some_and(Silencer::wants_unknown);
        settings
    }

    fn judged(&self, roster: &Roster<'_>, workspace: &Workspace<'_>, directory: &str) -> Done {
        let configured = self.configured(directory);
        let judged = roster.judge(workspace, configured.as_ref(), &self.sources);
        let unopened = workspace.unopened().into_iter().map(str::to_owned).collect();
        Done { path: workspace.path.clone(), judged, unopened }
    }

    fn count(&mut self, passed: BTreeMap<PolicyKey, usize>) {
        for (policy, count) in passed {
            *self.passed.entry(policy).or_default() += count;
        }
    }

    fn absorb(&mut self, done: Done) {
        let Judged { findings, information, policies, passed: _, resources, unknown, misnamed, panicked, skipped } =
            done.judged;
        self.findings.extend(findings);
        self.information.extend(information);
        self.summary.policies = self.summary.policies.max(policies);
        self.summary.resources += resources;
        self.summary.unknown += unknown;
        for (message, span) in skipped {
            let remark = Remark::new(Level::Notice, message, Some(span));
            // Several inputs of one version skip a file once.
            if !self.remarks.contains(&remark) {
                self.remarks.push(remark);
            }
        }
        for subject in misnamed {
            let reason = "this is no resource address".to_owned();
            self.not_evaluated.push(NotEvaluated { subject, reason });
        }
        for (policy, address) in panicked {
            self.could_not = true;
            let message = format!("the policy {policy} broke off on {address}; this is a fault of planfit");
            self.remarks.push(Remark::new(Level::Error, message, None));
        }
        for address in done.unopened {
            self.could_not = true;
            let reason = "its values are nested deeper than 128 levels".to_owned();
            let message = format!("{}: {address} was not judged: {reason}", done.path);
            self.remarks.push(Remark::new(Level::Error, message, None));
            self.not_evaluated.push(NotEvaluated { subject: address, reason });
        }
    }

    fn settings(&self) -> Settings {
        let config = self.file.as_ref().map(|file| &file.config);
        let written = config.and_then(|config| config.fail_level.as_ref()).map(|level| level.value);
        let default = if self.environment.is_drift_job { None } else { written.unwrap_or(Some(Severity::High)) };
        Settings {
            fail_level: self.arguments.fail_level.map_or(default, FailLevel::severity),
            environment: None,
            pedantic: self.arguments.pedantic || config.is_some_and(|config| config.is_pedantic()),
            only: self.arguments.policy.clone(),
            show_unknown: self.arguments.show_unknown,
            explain: self.arguments.common.verbose,
        }
    }

    // What the settings file says, for an input of a directory.
    fn configured(&self, directory: &str) -> Option<Configured> {
        let file = self.file.as_ref()?;
        let workspace = self.environment.workspace.clone();
        Some(Configured {
            config: file.config.clone(),
            root: file.root.clone(),
            directory: file.relative(directory, &self.disk),
            target: self.environment.target.clone(),
            workspace: workspace.or_else(|| self.disk.selected_workspace(directory)),
            fixed_inputs: self.arguments.inputs.names(),
        })
    }

    fn warn(&mut self, message: String) {
        self.remarks.push(Remark::new(Level::Warning, message, None));
    }

    // What caps every "nothing found".
    fn plan_remarks(&mut self, shown: &str, document: &document::Document<'_>) {
        if document.errored {
            self.warn(format!("{shown}: the plan stopped on an error and is not whole; what it lacks is not judged"));
        } else if document.complete == Some(false) {
            self.warn(format!(
                "{shown}: the plan is not complete (-target, or changes put off); the rest is not judged"
            ));
        }
        if document.has_resource_changes && document.configuration.is_none() {
            let reason = "the plan has no configuration: references between new objects are not resolved".to_owned();
            self.not_evaluated.push(NotEvaluated { subject: shown.to_owned(), reason });
        }
    }

    fn has_source(&self, directory: &str) -> bool {
        source::has_source(directory, &self.disk)
    }

    // The source belongs to the plan: its own directory, what tfaction says, or where we are.
    fn directory_of(&self, path: &str) -> String {
        match (&self.arguments.dir, &self.environment.working_directory) {
            _ if io::is_directory(path) => path.to_owned(),
            _ if source::is_source(path) => io::directory_of(path),
            (Some(directory), _) => directory.clone(),
            _ if path != "-" && self.has_source(&io::directory_of(path)) => io::directory_of(path),
            (None, Some(directory)) => self.disk.below_root(directory),
            (None, None) => ".".to_owned(),
        }
    }

    fn configuration(&mut self, path: &str) -> Configuration {
        let directory = self.directory_of(path);
        if self.arguments.dir.is_some() && !io::is_directory(&directory) {
            self.could_not = true;
            let message = format!("--dir {directory}: there is no such directory");
            self.remarks.push(Remark::new(Level::Error, message, None));
            return Configuration::default();
        }
        let (configuration, troubles) = load::load(&directory, &self.disk, library::map_arguments(), &mut self.sources);
        if !self.has_source(&directory) {
            let shown = self.disk.shown(&directory);
            let message =
                format!("no .tf files in {shown}, so findings name addresses and no lines; --dir says where they are");
            self.remarks.push(Remark::new(Level::Notice, message, None));
            return Configuration::default();
        }
        self.directory = Some(self.disk.shown(&directory));
        if let Some(silencer) = &mut self.silencer {
            silencer.read(&configuration, &self.sources);
        }
        for trouble in troubles {
            self.trouble(trouble);
        }
        configuration
    }

    fn trouble(&mut self, trouble: Trouble) {
        match trouble.kind {
            TroubleKind::File => self.summary.files_not_read += 1,
            TroubleKind::Module => self.summary.modules_not_found += 1,
        }
        let (level, message) = match (trouble.kind, trouble.span) {
            (TroubleKind::File, Some(_)) => (Level::Warning, format!("this file is not read: {}", trouble.message)),
            (TroubleKind::File, None) => (Level::Warning, format!("{}: {}", trouble.subject, trouble.message)),
            (TroubleKind::Module, _) => (Level::Notice, format!("{}: {}", trouble.subject, trouble.message)),
        };
        self.remarks.push(Remark::new(level, message, trouble.span));
        self.not_evaluated.push(NotEvaluated { subject: trouble.subject, reason: trouble.message });
    }

    // What git is asked about, if it is asked.
    fn question(&self) -> Question<'_> {
        Question {
            options: &self.arguments.silence,
            paths: &self.arguments.paths,
            directory: self.arguments.dir.as_deref(),
            environment: &self.environment,
            disk: &self.disk,
            sources: &self.sources,
        }
    }
}
