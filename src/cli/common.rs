//! What every command has: its options, how its report looks, and a word on standard error.

use std::io::{IsTerminal as _, Write as _};

use clap::{Args, ValueEnum};

use super::output::Sink;
use crate::instant::Instant;
use crate::io::Environment;
use crate::report::human::Style;
use crate::report::sanitise;

/// Options that every command has (`spec/ci-integration.md` 3.1).
#[derive(Args, Debug)]
#[command(next_help_heading = super::COMMON)]
pub(super) struct Common {
    /// Where the report goes: human, github, json, sarif, rdjsonl, junit, markdown, comment or issue, with =PATH into a
    /// file; repeatable
    #[arg(long, value_name = "FORMAT[=PATH]")]
    pub(super) output: Vec<Sink>,
    /// The settings file; default: the nearest .planfit.hcl above what is judged
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<String>,
    /// Base of the paths in reports; default: git-root, and cwd for rdjsonl. Annotations always have git-root
    #[arg(long, value_enum, value_name = "BASE")]
    pub(super) path_base: Option<PathBase>,
    #[command(flatten)]
    pub(super) actions: Actions,
    /// Threads for the parallel parts; default: as many as there are cores
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Print no human report
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Print everything, also what is shortened by default
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// The time that policies see; default: `SOURCE_DATE_EPOCH`, else now. A plan's own time comes first
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub(super) now: Option<Instant>,
    /// Print how long each part took
    #[arg(long)]
    pub(super) timings: bool,
    /// Colours in the human report
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
}

/// What is said of GitHub Actions.
#[derive(Args, Debug)]
pub(super) struct Actions {
    /// Whether this is a step of GitHub Actions
    #[arg(long, value_enum, default_value_t = Ci::Auto, value_name = "CI")]
    pub(super) ci: Ci,
    /// Whether a step of GitHub Actions gets annotations
    #[arg(long, value_enum, default_value_t = Annotations::Auto, value_name = "WHEN")]
    pub(super) annotations: Annotations,
    /// A step of GitHub Actions gets no summary
    #[arg(long)]
    pub(super) no_step_summary: bool,
}

/// Base of the paths in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PathBase {
    GitRoot,
    Cwd,
}

/// Where we run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Ci {
    Auto,
    Github,
    None,
}

/// Whether to annotate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Annotations {
    Auto,
    None,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl Ci {
    pub(super) fn is_github(self, environment: &Environment) -> bool {
        match self {
            Self::Auto => environment.is_github,
            Self::Github => true,
            Self::None => false,
        }
    }
}

impl Colour {
    /// Whether standard output gets colours.
    pub(super) fn is_on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
        }
    }
}

pub(super) fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).ok_or_else(|| "a time looks like 2026-01-31T09:00:00Z".to_owned())
}

/// How the human report looks.
pub(super) fn style(common: &Common, environment: &Environment, github: bool) -> Style {
    // The log view of Actions renders colours although it is no terminal.
    let colour = common.color.is_on() || (github && common.color == Colour::Auto);
    let width = if github || !std::io::stdout().is_terminal() { 120 } else { environment.columns.unwrap_or(100) };
    Style { width: width.clamp(60, 160), colour, verbose: common.verbose }
}

/// One line on standard error, safe for the runner: it looks for commands there, too.
pub(super) fn complain(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "planfit: {}", sanitise::log(message));
}

/// What clap says of a command line that is wrong. It quotes arguments, and names of files can be among them.
pub(super) fn complain_of_usage(error: &clap::Error) {
    let plain = error.render().to_string();
    let safe = sanitise::log(&plain);
    if safe == plain {
        let _ = error.print();
    } else {
        let _ = std::io::stderr().lock().write_all(safe.as_bytes());
    }
}
