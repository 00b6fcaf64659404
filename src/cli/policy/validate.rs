//! `planfit policy validate`: whether policy files and tests are in order, without running them.

use clap::Args;

use super::{Common, OnDisk, Own, Sink, style, suite, write};
use crate::finding::Outcome;
use crate::io::Environment;
use crate::report::policy::faults;
use crate::source::SourceMap;

/// Arguments of `policy validate`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// Policy files, test files, or directories of them; default: those of `policy_paths` of the settings,
    /// else the current directory, and the policies that are built in if it has none
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let environment = Environment::read();
    let disk = OnDisk::new(&arguments.common, &environment);
    let mut sources = SourceMap::default();
    let own = Own::read(&arguments.common, &disk);
    let suite = suite(&arguments.paths, &own, &disk, &mut sources);
    let wrong = suite.faults(&sources);
    let is_valid = own.is_whole && wrong.is_empty() && suite.unreadable.is_empty();
    let outcome = if is_valid { Outcome::Pass } else { Outcome::CouldNotRun };
    let style = style(&arguments.common, &environment);
    let nowhere: [Sink<()>; 0] = [];
    write(&arguments.common, &nowhere, (), style, outcome, |(), style, out| {
        faults::write(&wrong, &suite.unreadable, &sources, style, out)?;
        faults::count(suite.count(), suite.invalid(&sources), wrong.len(), out)
    })
}
