//! The command line: arguments in, text and exit code out. One file a command.
//!
//! Only this module, `io.rs` and `main.rs` touch the outside. Start at [`main`].

use clap::Parser;

use crate::finding::Outcome;

mod check;
mod common;
mod config;
mod copies;
mod init;
mod inputs;
mod output;
mod policy;
mod settings;
mod silence;
mod source;
mod step;
mod threads;
mod user_policies;

/// Terraform plan policy linter and cost guard, companion of tfaction.
#[derive(Debug, Parser)]
#[command(name = "planfit", version, about, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Judge plans and states under the policies; exit 1 if a finding is an error, 2 if something could not be read.
    Check(Box<check::Arguments>),
    /// Read about policies, test them, write new ones.
    #[command(subcommand)]
    Policy(policy::Command),
    /// See what the settings file makes of a directory, a file or an address.
    #[command(subcommand)]
    Config(config::Command),
    /// Write a settings file to start from, after a look at the repository.
    Init(init::Arguments),
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
    match arguments.command {
        Command::Check(mut arguments) => {
            arguments.select_directories();
            threads::run(arguments.common.threads, || check::run(&arguments))
        }
        Command::Policy(command) => policy::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Init(arguments) => init::run(&arguments),
    }
}
