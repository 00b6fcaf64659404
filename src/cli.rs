//! The command line: arguments in, text and exit code out. One file a command.
//!
//! Only this module, `io.rs` and `main.rs` touch the outside. Start at [`main`].

use clap::{CommandFactory as _, Parser};

use crate::finding::Outcome;
use crate::io;

mod check;
mod common;
mod completions;
mod config;
mod copies;
mod init;
mod inputs;
mod man;
mod output;
mod outputs;
mod policy;
mod progress;
mod settings;
mod silence;
mod source;
mod step;
mod targets;
mod threads;
mod user_policies;

/// Terraform plan policy linter, companion of tfaction.
#[derive(Debug, Parser)]
#[command(name = "planfit", version, about, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    telling: Telling,
    #[command(subcommand)]
    command: Command,
}

/// Where help lists what several commands have.
const COMMON: &str = "Common options";

/// What every command is told of how much it says.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Telling {
    /// Print nothing for people
    #[arg(long, short, global = true, help_heading = COMMON)]
    quiet: bool,
    /// Print everything, also what is shortened by default
    #[arg(long, short, global = true, help_heading = COMMON)]
    verbose: bool,
    /// Print how long each part took
    #[arg(long, global = true, help_heading = COMMON)]
    timings: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Judge plans, states and directories of code under the policies; exit 1 if a finding is an error, 2 if something could not be read.
    Check(Box<check::Arguments>),
    /// Read about policies, test them, write new ones.
    #[command(subcommand)]
    Policy(policy::Command),
    /// See what the settings file makes of a directory, a file or an address.
    #[command(subcommand)]
    Config(config::Command),
    /// Write a settings file to start from, after a look at the repository.
    Init(init::Arguments),
    /// List tfaction's targets, as a matrix for GitHub Actions.
    Targets(targets::Arguments),
    /// Print what a shell needs to complete the command line.
    Completions(completions::Arguments),
    /// Print or write pages for man.
    Man(man::Arguments),
}

/// Parses the command line and runs it.
#[must_use]
pub fn main() -> Outcome {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if error.use_stderr() {
                common::complain_of_usage(&error);
                return Outcome::CouldNotRun;
            }
            let _ = error.print();
            return Outcome::Pass;
        }
    };
    run(arguments)
}

fn run(arguments: Arguments) -> Outcome {
    let Arguments { telling, command } = arguments;
    let mut clock = io::Stopwatch::start();
    let part = command.name();
    let outcome = match command {
        Command::Check(mut arguments) => {
            arguments.settle_paths();
            // It tells the time of each of its parts itself.
            return threads::run(arguments.common.threads, || check::run(&arguments));
        }
        Command::Policy(command) => policy::run(&command, telling.quiet),
        Command::Config(command) => config::run(&command, telling.quiet),
        Command::Init(arguments) => init::run(&arguments, telling.quiet),
        Command::Targets(arguments) => targets::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command()),
        Command::Man(arguments) => man::run(&arguments, Arguments::command()),
    };
    if telling.timings {
        clock.lap(part);
        common::complain(&clock.to_string());
    }
    outcome
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Policy(_) => "policy",
            Self::Config(_) => "config",
            Self::Init(_) => "init",
            Self::Targets(_) => "targets",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}
