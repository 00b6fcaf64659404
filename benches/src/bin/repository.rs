//! The budgets of repositories: `cargo run --release --package planfit-benches --bin repository`. Ends with 1 if one of them
//! is far from kept.
//!
//! A repository of 12,000 files is generated, then read by three processes in turn: one that walks, reads, parses and drops
//! with the HCL parser alone, one that finds the root modules, and `planfit check` with the whole pack. What counts is the
//! CPU time of whole processes, as a ratio to parsing, and the peak of memory. A small repository is judged beside
//! it. Arguments are given to `check`: `-- --policies DIR` measures more policies.

#![expect(clippy::disallowed_methods, reason = "a program of its own that writes files")]
#![expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
#![expect(clippy::print_stdout, reason = "a program of its own")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use planfit::io::walk::walk;
use planfit::io::{Disk, Environment};
use planfit::terraform::config::names::source_files;
use planfit::terraform::config::roots::{self, Select};
use planfit_benches::budgets::Budgets;
use planfit_benches::repository;
use planfit_benches::usage::{self, Usage};
use rayon::prelude::*;

/// Files of the repository, about 19 MB.
const FILES: usize = 12_000;

/// Files of a small repository, about 0.5 MB.
const SMALL: usize = 320;

/// Runs of each process.
const RUNS: usize = 5;

/// CPU of `check` against parsing alone.
const CPU: f64 = 4.0;

/// CPU of finding the roots against parsing: it only skims.
const FIND: f64 = 1.0;

/// CPU of `check` on the small repository against parsing the large one: 60 ms where that takes 330 ms.
const SMALL_CPU: f64 = 0.18;

/// Peak memory of `check`, in bytes.
const MEMORY: f64 = 120e6;

/// CPU when the repository is twice as large.
const DOUBLE: f64 = 2.2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["parse", directory] => parse(directory).map(|()| ExitCode::SUCCESS),
        ["find", directory] => find(directory).map(|()| ExitCode::SUCCESS),
        more => budgets(more),
    };
    outcome.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "repository: {error}");
        ExitCode::from(2)
    })
}

/// The baseline: the least that the parser can do with the files.
fn parse(directory: &str) -> io::Result<()> {
    let walked = walk([directory]);
    walked.listings.par_iter().try_for_each(|listing| {
        for name in source_files(listing.names.clone()) {
            let text = fs::read_to_string(Path::new(&listing.directory).join(name))?;
            drop(hcl_edit::parser::parse_body(&text).map_err(|error| io::Error::other(error.to_string()))?);
        }
        Ok(())
    })
}

/// Finds the root modules and their number.
fn find(directory: &str) -> io::Result<()> {
    let found = roots::find(walk([directory]).listings, Select::Roots, &Disk::new(&Environment::default()));
    writeln!(io::stdout(), "{}", found.roots().len())
}

fn budgets(more: &[&str]) -> io::Result<ExitCode> {
    let directory = Directory::new()?;
    let planfit = usage::planfit()?;
    println!(
        "{:<10}{:>8}{:>10}{:>9}{:>8}{:>10}{:>8}{:>9}",
        "files", "MB", "parse ms", "find ms", "×", "check ms", "×", "peak MB"
    );
    let row = |files: usize| row(&planfit, &directory, files, more);
    let ([half_parsed, _, half], [parsed, found, whole], [.., small]) = (row(FILES / 2)?, row(FILES)?, row(SMALL)?);
    let mut budgets = Budgets::default();
    budgets.time("CPU against parsing alone", whole.cpu / parsed.cpu, CPU);
    budgets.time("CPU of finding roots against parsing", found.cpu / parsed.cpu, FIND);
    budgets.size("peak MB", whole.memory / 1e6, MEMORY / 1e6);
    // Parsing is linear: where twice the files take more than twice as long, the machine is slower now.
    let slower = (parsed.cpu / half_parsed.cpu / 2.0).max(1.0);
    budgets.growth("CPU against half the files", whole.cpu / half.cpu / slower, DOUBLE);
    budgets.time("CPU of the small repository against parsing the large one", small.cpu / parsed.cpu, SMALL_CPU);
    Ok(budgets.exit_code())
}

/// Parsing, finding the roots and checking a repository of so many files; prints them.
fn row(planfit: &str, directory: &Directory, files: usize, more: &[&str]) -> io::Result<[Usage; 3]> {
    let path = directory.0.join(files.to_string());
    let (files, bytes) = repository::write(&path, files)?;
    let (own, path) = (usage::this_program()?, path.to_string_lossy());
    let check = [&[planfit, "check", &path, "--fail-level", "none"], more].concat();
    let row = usage::compare(RUNS, [&[&*own, "parse", &path], &[&*own, "find", &path], &check])?;
    let [parsed, found, checked] = &row;
    println!(
        "{files:<10}{:>8.1}{:>10.1}{:>9.1}{:>8.2}{:>10.1}{:>8.2}{:>9.1}",
        bytes as f64 / 1e6,
        parsed.cpu,
        found.cpu,
        found.cpu / parsed.cpu,
        checked.cpu,
        checked.cpu / parsed.cpu,
        checked.memory / 1e6
    );
    Ok(row)
}

/// Where the repositories are written. Goes away at the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("planfit-repository-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
