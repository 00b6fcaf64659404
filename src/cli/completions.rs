//! `planfit completions`: what a shell needs to complete the command line.

use clap::{Args, Command};
use clap_complete::Shell;

use super::common::complain;
use super::output::write_stdout;
use crate::finding::Outcome;

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, mut command: Command) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "planfit", &mut script);
    match write_stdout(&script) {
        Ok(()) => Outcome::Pass,
        Err(error) => {
            complain(&format!("standard output: {error}"));
            Outcome::CouldNotRun
        }
    }
}
