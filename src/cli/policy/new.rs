//! `planfit policy new`: a policy to start from.

use clap::Args;

use crate::cli::common::complain;
use crate::cli::output::write_stdout;
use crate::finding::Outcome;
use crate::io;
use crate::policy::library;
use crate::policy::scaffold::NewPolicy;
use crate::report::sanitise;

/// Arguments of `policy new`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// Category and id; the id names the problem, as in `multi_az/database_without_standby`
    #[arg(value_name = "CATEGORY/ID", value_parser = NewPolicy::parse)]
    policy: NewPolicy,
    /// The directory of the policies
    #[arg(long, value_name = "DIR", default_value = "policies")]
    dir: String,
}

pub(super) fn run(arguments: &Arguments, quiet: bool) -> Outcome {
    let id = &arguments.policy.id;
    if let Some(file) = library::files(&format!("/{id}.policy.hcl")).first() {
        complain(&format!(
            "the id {id} is taken by a policy that is built in (policies/{}); choose another",
            file.path
        ));
        return Outcome::CouldNotRun;
    }
    let path = format!("{}/{}", arguments.dir.trim_end_matches('/'), arguments.policy.path());
    if let Err(error) = io::write_new(&path, arguments.policy.text().as_bytes()) {
        complain(&format!("{error}; nothing was written"));
        return Outcome::CouldNotRun;
    }
    if quiet {
        return Outcome::Pass;
    }
    let shown = sanitise::line(&path);
    let said = format!("wrote {shown}\ntest it: planfit policy test {shown}\n");
    match write_stdout(said.as_bytes()) {
        Ok(()) => Outcome::Pass,
        Err(error) => {
            complain(&format!("standard output: {error}"));
            Outcome::CouldNotRun
        }
    }
}
