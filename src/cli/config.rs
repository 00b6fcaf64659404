//! `planfit config show`: what the settings file makes of a directory, a file or an address.

use clap::{Args, Subcommand, ValueEnum};

use super::common::{Colour, complain};
use super::output::write_stdout;
use super::settings::{self, Settings};
use super::user_policies::{self, Named};
use crate::config::effective::{Question, effective};
use crate::config::{Config, Whereabouts, names};
use crate::expr::Fault;
use crate::finding::Outcome;
use crate::io::{self, Disk, Environment};
use crate::policy::PolicyFile;
use crate::policy::library::{self, Examples};
use crate::policy::parse::Parsed;
use crate::report::config::{self as report, Heading};
use crate::report::human::Style;
use crate::report::policy::faults;
use crate::source::SourceMap;
use crate::terraform::address::Address;
use crate::terraform::config::load::Files as _;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print what holds for a directory, a file or an address, and which line says so
    Show(Show),
}

/// Arguments of `config show`.
#[derive(Args, Debug)]
pub(super) struct Show {
    /// A directory, a file, or the address of a resource in the current directory
    #[arg(value_name = "PATH", default_value = ".")]
    path: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    output: Format,
    /// The settings file; default: the nearest .planfit.hcl
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Policies beside the built-in ones, as for check; repeatable
    #[arg(long, value_name = "DIR")]
    policies: Vec<String>,
    /// Also list policies that no line touches
    #[arg(long, short)]
    verbose: bool,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// What somebody asks about.
struct Subject {
    directory: String,
    file: Option<String>,
    /// An address and its resource type.
    address: Option<(String, String)>,
}

pub(super) fn run(command: &Command, quiet: bool) -> Outcome {
    let Command::Show(show) = command;
    match show.run(quiet) {
        Ok(()) => Outcome::Pass,
        Err(message) => {
            if !message.is_empty() {
                complain(&message);
            }
            Outcome::CouldNotRun
        }
    }
}

impl Show {
    fn run(&self, quiet: bool) -> Result<(), String> {
        let environment = Environment::read();
        let disk = Disk::new(&environment);
        let subject = Subject::read(&self.path)?;
        let mut sources = SourceMap::default();
        let judged = std::slice::from_ref(&subject.directory);
        let read = settings::read(self.config.as_deref(), judged, &disk, &mut sources);
        if let Some(remark) = read.unreadable {
            return Err(remark.message);
        }
        let (parsed, mut wrong) = self.load_policies(read.settings.as_ref(), &disk, &mut sources)?;
        let files: Vec<&PolicyFile> = parsed.iter().map(|parsed| &parsed.file).collect();
        let empty = Config::default();
        let config = read.settings.as_ref().map_or(&empty, |settings| &*settings.config);
        wrong.extend(read.faults);
        wrong.extend(names::check(config, &files));
        wrong.sort_by_key(|fault| fault.span);
        if !wrong.is_empty() {
            tell(&wrong, &sources);
            return Err(String::new());
        }
        let relative = |path: &str| read.settings.as_ref().and_then(|settings| settings.relative(path, &disk));
        let (directory, file) = (relative(&subject.directory), subject.file.as_deref().and_then(relative));
        let workspace = environment.workspace.clone().or_else(|| disk.selected_workspace(&subject.directory));
        let question = Question {
            run: Whereabouts {
                directory: directory.as_deref(),
                target: environment.target.as_deref(),
                workspace: workspace.as_deref(),
            },
            file: file.as_deref(),
            address: subject.address.as_ref().map(|(address, kind)| (address.as_str(), kind.as_str())),
        };
        let answer = effective(config, &files, question);
        let shown = read.settings.as_ref().map(|settings| settings.shown.as_str());
        let name = if subject.address.is_some() { self.path.clone() } else { disk.shown(&self.path) };
        let heading = Heading { file: shown, subject: &name, all: self.verbose };
        let mut text = Vec::new();
        let written = match self.output {
            Format::Human if quiet => Ok(()),
            Format::Human => report::human(heading, &answer, &sources, self.color.is_on(), &mut text),
            Format::Json => report::json(heading, &answer, &sources, &mut text),
        };
        written.and_then(|()| write_stdout(&text)).map_err(|error| format!("standard output: {error}"))
    }

    fn load_policies(
        &self,
        settings: Option<&Settings>,
        disk: &Disk,
        sources: &mut SourceMap,
    ) -> Result<(Vec<Parsed>, Vec<Fault>), String> {
        let mut parsed = library::load(sources, Examples::Skip);
        let mut named = settings.map_or_else(Vec::new, Settings::policies);
        named.extend(self.policies.iter().map(|path| Named::by_option(path)));
        let (own, remarks) = user_policies::load(&named, disk, sources);
        if let Some(remark) = remarks.into_iter().next() {
            return Err(remark.message);
        }
        parsed.extend(own);
        let faults = parsed.iter_mut().flat_map(|parsed| std::mem::take(&mut parsed.faults)).collect();
        Ok((parsed, faults))
    }
}

impl Subject {
    fn read(path: &str) -> Result<Self, String> {
        if io::is_directory(path) {
            return Ok(Self { directory: path.to_owned(), file: None, address: None });
        }
        if io::is_file(path) {
            return Ok(Self { directory: io::directory_of(path), file: Some(path.to_owned()), address: None });
        }
        match Address::parse(path) {
            Ok(address) => {
                let address = Some((path.to_owned(), address.kind.to_string()));
                Ok(Self { directory: ".".to_owned(), file: None, address })
            }
            Err(_) => Err(format!("{path}: there is no such directory or file, and this is no resource address")),
        }
    }
}

fn tell(faults: &[Fault], sources: &SourceMap) {
    use std::io::Write as _;
    let faults: Vec<&Fault> = faults.iter().collect();
    let mut text = Vec::new();
    let style = Style { width: 100, colour: false, verbose: false };
    let _ = faults::write(&faults, &[], sources, style, &mut text);
    let _ = std::io::stderr().lock().write_all(&text);
}
