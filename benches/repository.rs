//! The budgets of repositories: `cargo bench --bench repository`. Ends with 1 if one of them is not kept.
//!
//! A repository of 12,000 files is generated, then read by three processes in turn: one that walks, reads, parses and drops
//! with the HCL parser alone, one that finds the root modules, and `planfit check` with the whole pack. What counts is the
//! CPU time of whole processes, as a ratio to parsing, and the peak of memory. A small repository of modules is judged
//! beside it, each module also by itself. Arguments are given to `check`: `-- --policies DIR` measures more policies.

#![expect(clippy::disallowed_methods, reason = "a program of its own that writes files and starts planfit")]
#![expect(clippy::cast_precision_loss, reason = "ratios of times and sizes far below 2^52")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use planfit::io::walk::walk;
use planfit::io::{Disk, Environment};
use planfit::terraform::config::names::source_files;
use planfit::terraform::config::roots::{self, Select};
use rayon::prelude::*;

#[path = "support/repository.rs"]
mod repository;

/// Files of the repository, about 19 MB.
const FILES: usize = 12_000;

/// Files of a repository of modules, about 0.5 MB.
const SMALL: usize = 320;

/// Runs of each process; the first of them only warms up.
const RUNS: usize = 5;

/// CPU of `check` against parsing alone.
const CPU: f64 = 4.0;

/// CPU of finding the roots against parsing: it only skims.
const FIND: f64 = 1.0;

/// CPU of `check` on the small repository against parsing the large one: 60 ms where that takes 400 ms.
const SMALL_CPU: f64 = 0.15;

/// Peak memory of `check`, in bytes.
const MEMORY: f64 = 120e6;

/// CPU when the repository is twice as large.
const DOUBLE: f64 = 2.2;

/// What a process took.
#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    cpu: f64,
    memory: f64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["parse", directory] => parse(directory),
        ["find", directory] => find(directory),
        ["measure", program, rest @ ..] => measure(program, rest),
        more => {
            // Cargo's own word comes first.
            let more: Vec<&str> = more.iter().copied().filter(|argument| *argument != "--bench").collect();
            return budget(&more).unwrap_or_else(|error| fail(&error));
        }
    };
    outcome.map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS)
}

fn fail(error: &io::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "repository: {error}");
    ExitCode::from(2)
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

/// Runs one program and prints what it took; a process of its own, because the peak of all children is one number.
fn measure(program: &str, arguments: &[&str]) -> io::Result<()> {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    // Findings are a success of this program's.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(io::Error::other(format!("{program} ended with {status}")));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 * 1e6 + time.tv_usec() as f64;
    let cpu = micros(usage.user_time()) + micros(usage.system_time());
    // Linux counts kilobytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
    writeln!(io::stdout(), "{cpu} {}", usage.max_rss() as f64 * unit)
}

fn budget(more: &[&str]) -> io::Result<ExitCode> {
    let directory = Directory::new()?;
    let mut table = Table { kept: true };
    writeln!(
        io::stdout(),
        "{:<10}{:>8}{:>10}{:>9}{:>8}{:>10}{:>8}{:>9}",
        "files",
        "MB",
        "parse ms",
        "find ms",
        "×",
        "check ms",
        "×",
        "peak MB"
    )?;
    let half = row(&directory, FILES / 2, more)?;
    let whole = row(&directory, FILES, more)?;
    table.within("CPU against parsing alone", whole.checked.cpu / whole.parsed.cpu, CPU)?;
    table.within("CPU of finding roots against parsing", whole.found.cpu / whole.parsed.cpu, FIND)?;
    table.within("peak MB", whole.checked.memory / 1e6, MEMORY / 1e6)?;
    // Parsing is linear: where twice the files take more than twice as long, the machine is slower now.
    let slower = (whole.parsed.cpu / half.parsed.cpu / 2.0).max(1.0);
    table.within("CPU against half the files", whole.checked.cpu / half.checked.cpu / slower, DOUBLE)?;
    let modules = [&["--module"], more].concat();
    let small = row(&directory, SMALL, &modules)?;
    table.within(
        "CPU of the small repository against parsing the large one",
        small.checked.cpu / whole.parsed.cpu,
        SMALL_CPU,
    )?;
    Ok(if table.kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The medians of the three processes.
struct Row {
    parsed: Usage,
    found: Usage,
    checked: Usage,
}

/// What is printed, and whether all budgets were kept so far.
struct Table {
    kept: bool,
}

fn row(directory: &Directory, files: usize, more: &[&str]) -> io::Result<Row> {
    let path = directory.0.join(files.to_string());
    let (files, bytes) = repository::write(&path, files)?;
    let row = compare(&path, more)?;
    let Row { parsed, found, checked } = &row;
    writeln!(
        io::stdout(),
        "{files:<10}{:>8.1}{:>10.1}{:>9.1}{:>8.2}{:>10.1}{:>8.2}{:>9.1}",
        bytes as f64 / 1e6,
        parsed.cpu / 1e3,
        found.cpu / 1e3,
        found.cpu / parsed.cpu,
        checked.cpu / 1e3,
        checked.cpu / parsed.cpu,
        checked.memory / 1e6
    )?;
    Ok(row)
}

impl Table {
    fn within(&mut self, what: &str, is: f64, budget: f64) -> io::Result<()> {
        let over = is > budget;
        self.kept &= !over;
        let word = if over { "over budget" } else { "kept" };
        writeln!(io::stdout(), "  {word}: {what} is {is:.2}, at most {budget:.2}")
    }
}

/// The medians of the processes, run in turn.
fn compare(directory: &Path, more: &[&str]) -> io::Result<Row> {
    let directory = directory.to_string_lossy();
    let own = std::env::current_exe()?.to_string_lossy().into_owned();
    let check = [&[env!("CARGO_BIN_EXE_planfit"), "check", &directory, "--fail-level", "none"], more].concat();
    let (mut parsed, mut found, mut checked) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=RUNS {
        parsed.push(usage_of(&[&own, "parse", &directory])?);
        found.push(usage_of(&[&own, "find", &directory])?);
        checked.push(usage_of(&check)?);
    }
    let behind_first = |usages: &[Usage]| median(usages.get(1..).unwrap_or_default());
    Ok(Row { parsed: behind_first(&parsed), found: behind_first(&found), checked: behind_first(&checked) })
}

fn usage_of(command: &[&str]) -> io::Result<Usage> {
    let output = Command::new(std::env::current_exe()?).arg("measure").args(command).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(cpu)), Some(Ok(memory))) => Ok(Usage { cpu, memory }),
        _ => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

fn median(usages: &[Usage]) -> Usage {
    let middle = |mut numbers: Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied().unwrap_or_default()
    };
    Usage {
        cpu: middle(usages.iter().map(|usage| usage.cpu).collect()),
        memory: middle(usages.iter().map(|usage| usage.memory).collect()),
    }
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
