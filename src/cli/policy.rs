//! `planfit policy …`: to read about policies, to test them, to write new ones. One file a command.

use std::io::IsTerminal as _;

use clap::{Args, Subcommand, ValueEnum};

use super::common::{Actions, Colour, PathBase, complain, instant};
use super::output::write_stdout;
use super::threads;
use crate::finding::Outcome;
use crate::instant::Instant;
use crate::io::{self, Disk, Environment};
use crate::policy::sheet::{Sheet, sheets};
use crate::policytest::suite::{PACK, Pack, Unreadable};
use crate::policytest::{Suite, Tree};
use crate::report::human::Style;
use crate::report::policy::faults;
use crate::source::SourceMap;
use crate::terraform::config::load::Files as _;
use own::Own;

mod explain;
mod list;
mod new;
mod own;
mod test;
mod validate;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List policies: id, category, severity, title
    List(list::Arguments),
    /// Explain a policy: why, how to fix, ways out, inputs, examples
    Explain(explain::Arguments),
    /// Run the tests and examples of policies; exit 1 if one fails, 2 if something could not be read
    Test(test::Arguments),
    /// Check policy files and tests without running them; exit 2 if one is not valid
    Validate(validate::Arguments),
    /// Write a new policy to start from
    New(new::Arguments),
}

/// Options that these commands have.
#[derive(Args, Debug)]
#[command(next_help_heading = super::COMMON)]
pub(super) struct Common {
    /// The settings file, whose `policy_paths` name policies; default: the nearest .planfit.hcl
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Base of the paths in reports
    #[arg(long, value_enum, default_value_t = PathBase::GitRoot, value_name = "BASE")]
    path_base: PathBase,
    /// Threads for the parallel parts; default: as many as there are cores
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    #[command(flatten)]
    pub(super) actions: Actions,
    /// Print nothing for people
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// The time that policies see; default: `SOURCE_DATE_EPOCH`, else now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    now: Option<Instant>,
    /// Colours in what people read
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

/// Where policies are read about: the pack, and directories.
#[derive(Args, Debug)]
struct Library {
    /// A directory of your own policies, beside those that are built in and those of `policy_paths`; repeatable
    #[arg(long, value_name = "DIR")]
    policies: Vec<String>,
}

/// `FORMAT[=PATH]`; no path is standard output.
#[derive(Clone, Debug)]
pub(super) struct Sink<F> {
    format: F,
    path: Option<String>,
}

pub(super) fn run(command: &Command, quiet: bool) -> Outcome {
    match command {
        Command::List(arguments) => threads::run(arguments.common.threads, || list::run(arguments)),
        Command::Explain(arguments) => threads::run(arguments.common.threads, || explain::run(arguments)),
        Command::Test(arguments) => threads::run(arguments.common.threads, || test::run(arguments)),
        Command::Validate(arguments) => threads::run(arguments.common.threads, || validate::run(arguments)),
        Command::New(arguments) => new::run(arguments, quiet),
    }
}

/// Policies and tests on the disk.
struct OnDisk {
    disk: Disk,
    now: Instant,
}

impl OnDisk {
    fn new(common: &Common, environment: &Environment) -> Self {
        let disk = Disk::new(environment);
        let disk = match common.path_base {
            PathBase::GitRoot => disk,
            PathBase::Cwd => disk.relative_to_current(),
        };
        Self { disk, now: common.now.unwrap_or_else(io::now) }
    }
}

impl Tree for OnDisk {
    fn find(&self, path: &str, ending: &str, closed: &mut Unreadable) -> Vec<String> {
        if io::is_directory(path) {
            let (files, unreadable) = io::files_below(path, ending);
            closed.extend(unreadable.into_iter().map(|(path, reason)| (self.shown(&path), reason)));
            return files;
        }
        Some(path.to_owned()).filter(|path| path.ends_with(ending) && io::is_file(path)).into_iter().collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        self.disk.read(path)
    }

    fn is_directory(&self, path: &str) -> bool {
        io::is_directory(path)
    }

    fn shown(&self, path: &str) -> String {
        self.disk.shown(path)
    }

    fn now(&self) -> Option<Instant> {
        Some(self.now)
    }

    fn category(&self, _path: &str) -> String {
        "custom".to_owned()
    }
}

/// What the paths name; without paths what the settings name, else the current directory, and the pack if there is no
/// policy in it.
fn suite(paths: &[String], own: &Own, disk: &OnDisk, sources: &mut SourceMap) -> Suite {
    if let Some(paths) = [paths, &own.paths].into_iter().find(|paths| !paths.is_empty()) {
        return Suite::load(paths, disk, sources);
    }
    let here = Suite::load(&[".".to_owned()], disk, sources);
    // That there is nothing here is said of the directory itself, and of nothing else.
    if here.count() > 0 || here.unreadable.len() > 1 {
        return here;
    }
    Suite::load(&[PACK.to_owned()], &Pack { now: disk.now() }, sources)
}

/// All policies as their readers see them.
struct Shelf {
    /// By category and id.
    sheets: Vec<Sheet>,
    /// Whether all of them could be read.
    outcome: Outcome,
    /// How standard output wants its text.
    style: Style,
}

impl Library {
    fn open(&self, common: &Common) -> Shelf {
        let environment = Environment::read();
        let (sheets, is_whole) = self.sheets(common, &environment);
        let outcome = if is_whole { Outcome::Pass } else { Outcome::CouldNotRun };
        Shelf { sheets, outcome, style: style(common, &environment) }
    }

    /// All policies, by category and id, and whether all of them could be read. What is wrong goes to standard error.
    fn sheets(&self, common: &Common, environment: &Environment) -> (Vec<Sheet>, bool) {
        let mut sources = SourceMap::default();
        let pack = Suite::policies_only(&[PACK.to_owned()], &Pack::default(), &mut sources);
        let disk = OnDisk::new(common, environment);
        let Own { mut paths, mut is_whole } = Own::read(common, &disk);
        paths.extend(self.policies.iter().cloned());
        let own = Suite::policies_only(&paths, &disk, &mut sources);
        let loaded = pack.policies().iter().chain(own.policies());
        let mut all: Vec<Sheet> = loaded.flat_map(|loaded| sheets(&loaded.parsed.file, &loaded.text)).collect();
        let key = |sheet: &Sheet| (sheet.category.clone(), sheet.id.clone(), sheet.path.clone());
        all.sort_by_cached_key(key);
        for suite in [&pack, &own] {
            let wrong = suite.faults(&sources);
            if wrong.is_empty() && suite.unreadable.is_empty() {
                continue;
            }
            is_whole = false;
            let style = Style { width: 100, colour: false, verbose: false };
            let mut text = Vec::new();
            let _ = faults::write(&wrong, &suite.unreadable, &sources, style, &mut text);
            eprint_bytes(&text);
        }
        (all, is_whole)
    }
}

fn eprint_bytes(text: &[u8]) {
    use std::io::Write as _;
    let _ = std::io::stderr().lock().write_all(text);
}

/// How standard output wants its text.
pub(super) fn style(common: &Common, environment: &Environment) -> Style {
    let github = common.actions.ci.is_github(environment);
    let colour = match common.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => github || anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
    };
    let width = match environment.columns {
        _ if github => 120,
        Some(columns) if std::io::stdout().is_terminal() => columns,
        _ => 100,
    };
    Style { width: width.clamp(40, 160), colour, verbose: false }
}

impl<F: ValueEnum> Sink<F> {
    /// A format on standard output.
    pub(super) fn printed(format: F) -> Self {
        Self { format, path: None }
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(path)));
        let format = F::from_str(name, false).map_err(|_| {
            let known = F::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
            format!("there is no format \"{name}\" here; there are {}", known.join(", "))
        })?;
        if path == Some("") {
            return Err("there is no path behind \"=\"".to_owned());
        }
        Ok(Self { format, path: path.filter(|path| *path != "-").map(str::to_owned) })
    }
}

/// Writes every sink; all of them are tried. Without a sink for standard output, what is for people
/// goes there.
pub(super) fn write<F: Copy + PartialEq>(
    common: &Common,
    sinks: &[Sink<F>],
    human: F,
    style: Style,
    outcome: Outcome,
    mut draw: impl FnMut(F, Style, &mut Vec<u8>) -> std::io::Result<()>,
) -> Outcome {
    let mut sinks: Vec<Sink<F>> =
        sinks.iter().map(|sink| Sink { format: sink.format, path: sink.path.clone() }).collect();
    match sinks.iter().filter(|sink| sink.path.is_none()).count() {
        0 if !common.quiet => sinks.push(Sink { format: human, path: None }),
        0 | 1 => {}
        _ => {
            complain("only one format can go to standard output; give the others a file, as in json=FILE");
            return Outcome::CouldNotRun;
        }
    }
    let mut troubles = Vec::new();
    for sink in &sinks {
        let mut text = Vec::new();
        let style = if sink.path.is_some() { Style { colour: false, width: 100, ..style } } else { style };
        troubles.extend(draw(sink.format, style, &mut text).err().map(|error| error.to_string()));
        let written = match &sink.path {
            Some(path) => io::write_file(path, &text).map_err(|error| error.to_string()),
            None => write_stdout(&text).map_err(|error| format!("standard output: {error}")),
        };
        troubles.extend(written.err());
    }
    for trouble in &troubles {
        complain(trouble);
    }
    if troubles.is_empty() { outcome } else { Outcome::CouldNotRun }
}
