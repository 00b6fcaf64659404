//! `planfit targets`: tfaction's working directories, as a matrix for GitHub Actions.

use clap::{Args, ValueEnum};

use super::check::FailLevel;
use super::common::complain;
use super::outputs;
use super::policy::{Common, Sink, style, write};
use crate::finding::Outcome;
use crate::io::{self, Disk, Environment, git, walk};
use crate::report::targets as report;
use crate::terraform::config::load::Files as _;
use crate::tfaction::root::{Directory, Root};
use crate::tfaction::targets::{Found, Listed, Select, Shard, list};

/// Arguments of `targets`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// tfaction's root file; default: `TFACTION_CONFIG`, else tfaction-root.yaml
    #[arg(long, value_name = "FILE")]
    tfaction_root: Option<String>,
    /// Also modules: directories with a module file, and those whose tfaction.yaml says `type: module`
    #[arg(long)]
    include_modules: bool,
    /// Only directories in which drift is looked for
    #[arg(long)]
    drift_only: bool,
    /// More targets than this are an error; a matrix of GitHub Actions has at most 256 jobs
    #[arg(long, value_name = "N", default_value_t = 256)]
    max: usize,
    /// Only one part of the targets, to split them over several runs, as in 1/3
    #[arg(long, value_name = "I/N", value_parser = Shard::parse)]
    shard: Option<Shard>,
    /// How they are printed: json (one line) or human, with =PATH into a file; repeatable [default: json]
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = Sink::<Format>::parse)]
    output: Vec<Sink<Format>>,
    #[command(flatten)]
    unheard: Unheard,
    #[command(flatten)]
    common: Common,
}

/// What the action gives to every command, and what means nothing here.
#[derive(Args, Debug)]
struct Unheard {
    #[arg(long, hide = true, value_enum)]
    fail_level: Option<FailLevel>,
    #[arg(long, hide = true)]
    policies: Vec<String>,
    #[arg(long, hide = true)]
    changed_only: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Human,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let environment = Environment::read();
    let listed = match arguments.list(&environment) {
        Ok(listed) => listed,
        Err(reasons) => {
            for reason in &reasons {
                complain(reason);
            }
            let _ = arguments.hand_on(&environment, &[("outcome", "error".to_owned())]);
            return Outcome::CouldNotRun;
        }
    };
    let targets = &listed.targets;
    let common = &arguments.common;
    let mut text = Vec::new();
    let _ = report::json(targets, &mut text);
    let text = String::from_utf8_lossy(&text).trim_end().to_owned();
    if let Err(message) = arguments.hand_on(&environment, &[("outcome", "pass".to_owned()), ("targets", text)]) {
        complain(&message);
        return Outcome::CouldNotRun;
    }
    let style = style(common, &environment);
    // The list is for programs: it is printed with --quiet, too.
    let listed = [Sink::printed(Format::Json)];
    let sinks = if arguments.output.is_empty() { &listed[..] } else { &arguments.output[..] };
    write(common, sinks, Format::Json, style, Outcome::Pass, |format, _, out| match format {
        Format::Json => report::json(targets, out),
        Format::Human => report::human(targets, out),
    })
}

/// The files of tfaction in a repository.
struct Files {
    /// The root of the repository.
    root: String,
    /// Their paths below it.
    paths: Vec<String>,
}

impl Arguments {
    fn list(&self, environment: &Environment) -> Result<Listed, Vec<String>> {
        let disk = Disk::new(environment);
        let path = self.tfaction_root.as_ref().or(environment.tfaction_config.as_ref());
        let path = path.map_or("tfaction-root.yaml", String::as_str);
        let root = read_root(path, &disk).map_err(|reason| vec![reason])?;
        let files = self.files(path, &root, &disk).map_err(|reason| vec![reason])?;
        let found = self.found(&root, &files)?;
        let select = Select { modules: self.include_modules, drift_only: self.drift_only };
        let listed = list(&root, &found, select);
        let listed = listed.map_err(|reasons| {
            reasons.iter().map(|reason| format!("{}: {reason}", disk.shown(path))).collect::<Vec<_>>()
        })?;
        for directory in &listed.ungrouped {
            self.note(&format!("{directory} is left out: no target group of {} is about it", disk.shown(path)));
        }
        self.bounded(listed).map_err(|reason| vec![reason])
    }

    fn bounded(&self, listed: Listed) -> Result<Listed, String> {
        let listed = self.shard.map_or(listed.clone(), |shard| listed.shard(shard));
        let count = listed.targets.len();
        if count > self.max {
            return Err(format!(
                "there are {count} targets, and at most {} are asked for; --shard splits them over several runs",
                self.max
            ));
        }
        Ok(listed)
    }

    fn files(&self, path: &str, root: &Root, disk: &Disk) -> Result<Files, String> {
        let names = [root.directory_file(), root.module_file()];
        let directory = io::directory_of(path);
        match git::tracked(&directory, &names) {
            Ok(tracked) => {
                if tracked.files.is_empty() {
                    self.note(&format!(
                        "there are no targets: git knows no {} here; git add makes a new one known",
                        names[0]
                    ));
                }
                Ok(Files { root: tracked.root, paths: tracked.files })
            }
            Err(error @ (git::Error::NotThere(_) | git::Error::NoRepository { .. })) => {
                let repository = disk.repository_of(&directory);
                if repository.is_some() {
                    self.note(&format!("{error}; the directories are searched instead"));
                }
                let root = repository.map_or(directory, |root| root.to_string_lossy().into_owned());
                Ok(Files { paths: walk::named(&root, &names), root })
            }
            Err(error) => Err(error.to_string()),
        }
    }

    // Every directory with its file; all files that cannot be read are told.
    fn found(&self, root: &Root, files: &Files) -> Result<Vec<Found>, Vec<String>> {
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for path in &files.paths {
            let on_disk = format!("{}/{path}", files.root);
            if !io::is_file(&on_disk) {
                self.note(&format!("{path} is left out: git knows it, and it is not in the working tree"));
                continue;
            }
            if ends(path, root.directory_file()) {
                let text = io::read_text(&on_disk).map_err(|error| error.reason());
                match text.and_then(|text| Directory::parse(&text)) {
                    Ok(file) => found.push(Found { path: io::directory_of(path), is_module: file.is_module(), file }),
                    Err(reason) => wrong.push(format!("{path}: {reason}")),
                }
            }
        }
        // A directory that has both files is what its own file says.
        let modules = files.paths.iter().filter(|path| ends(path, root.module_file()));
        found.extend(modules.map(|path| Found {
            path: io::directory_of(path),
            is_module: true,
            file: Directory::default(),
        }));
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    // Sets outputs of a step of GitHub Actions.
    fn hand_on(&self, environment: &Environment, outputs: &[(&str, String)]) -> Result<(), String> {
        if !self.common.actions.ci.is_github(environment) {
            return Ok(());
        }
        outputs::write(environment, outputs).map_err(|error| error.to_string())
    }

    fn note(&self, message: &str) {
        if !self.common.quiet {
            complain(message);
        }
    }
}

fn read_root(path: &str, disk: &Disk) -> Result<Root, String> {
    let text = io::read_text(path)
        .map_err(|error| format!("{error}; --tfaction-root or TFACTION_CONFIG says where tfaction's root file is"))?;
    Root::parse(&text).map_err(|reason| format!("{}: {reason}", disk.shown(path)))
}

fn ends(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}
