//! `planfit policy test`: the tests and examples of policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::{Common, OnDisk, Own, Sink, eprint_bytes, style, suite, write};
use crate::cli::common::complain;
use crate::cli::inputs::{Gathered, Inputs, undeclared};
use crate::cli::progress::Progress;
use crate::expr::Fault;
use crate::finding::Outcome;
use crate::io::{self, Environment};
use crate::policy::library;
use crate::policytest::{Case, Status, Suite};
use crate::report::human::Style;
use crate::report::policy::{faults, junit, results};
use crate::source::SourceMap;

/// Arguments of `policy test`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// Policy files, test files, or directories of them; default: those of `policy_paths` of the settings,
    /// else the current directory, and the policies that are built in if it has none. With a policy file comes the test
    /// file of its name
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// The paths are changed files: test their directories whole
    #[arg(long, requires = "paths")]
    from_files: bool,
    /// How it is printed: human or junit, with =PATH into a file; repeatable
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = Sink::<Format>::parse)]
    output: Vec<Sink<Format>>,
    /// Short for --output junit=FILE
    #[arg(long, value_name = "FILE")]
    junit: Option<String>,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Junit,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let environment = Environment::read();
    let disk = OnDisk::new(&arguments.common, &environment);
    let facts = match library::facts() {
        Ok(facts) => Arc::new(facts),
        Err(error) => {
            complain(&error.to_string());
            return Outcome::CouldNotRun;
        }
    };
    let mut sources = SourceMap::default();
    let paths = if arguments.from_files { directories(&arguments.paths) } else { arguments.paths.clone() };
    let own = Own::read(&arguments.common, &disk);
    let mut suite = suite(&paths, &own, &disk, &mut sources);
    let Gathered { given, faults: misfits, unreadable } = arguments.inputs.gather(&disk.disk, &mut sources);
    suite.unreadable.extend(unreadable);
    for (name, near) in suite.give(&given) {
        complain(&undeclared(&name, near));
    }
    let wrong: Vec<&Fault> = suite.faults(&sources).into_iter().chain(&misfits).collect();
    let progress = Progress::start(arguments.common.quiet, &environment);
    progress.part("running tests of policies", 1);
    let cases = suite.run(&facts, &sources);
    progress.clear();
    let outcome = if own.is_whole { outcome(&suite, &wrong, &cases) } else { Outcome::CouldNotRun };
    let mut sinks: Vec<Sink<Format>> = arguments.output.clone();
    sinks.extend(arguments.junit.iter().map(|path| Sink { format: Format::Junit, path: Some(path.clone()) }));
    let style = style(&arguments.common, &environment);
    let on_stdout = sinks.iter().any(|sink| sink.path.is_none() && sink.format == Format::Human);
    // What could not be read is said even if nobody reads the results.
    if arguments.common.quiet && !on_stdout {
        let mut text = Vec::new();
        let plain = Style { colour: false, ..style };
        let _ = faults::write(&wrong, &suite.unreadable, &sources, plain, &mut text);
        eprint_bytes(&text);
    }
    write(&arguments.common, &sinks, Format::Human, style, outcome, |format, style, out| match format {
        Format::Human => {
            faults::write(&wrong, &suite.unreadable, &sources, style, out)?;
            results::write(&cases, outcome, &sources, style, out)
        }
        Format::Junit => junit::write(&cases, &broken(&suite, &wrong, &sources), &sources, out),
    })
}

fn directories(files: &[String]) -> Vec<String> {
    files.iter().map(|file| io::directory_of(file)).collect::<BTreeSet<_>>().into_iter().collect()
}

fn outcome(suite: &Suite, wrong: &[&Fault], cases: &[Case]) -> Outcome {
    if !wrong.is_empty() || !suite.unreadable.is_empty() {
        Outcome::CouldNotRun
    } else if cases.iter().any(|case| case.status == Status::Failed) {
        Outcome::Findings
    } else {
        Outcome::Pass
    }
}

fn broken(suite: &Suite, wrong: &[&Fault], sources: &SourceMap) -> Vec<(String, String)> {
    let faults = wrong.iter().map(|fault| {
        let start = sources.start(fault.span);
        let place = format!("{}, line {}, column {}", sources.path(fault.span), start.line, start.column);
        (place, fault.message.clone())
    });
    faults.chain(suite.unreadable.iter().cloned()).collect()
}
