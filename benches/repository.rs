//! The budget of a large repository: `cargo bench --bench repository`. Ends with 1 if it is not kept.
//!
//! A repository of 12,000 files is generated, then read by two processes in turn: one that walks, reads, parses and drops
//! with the HCL parser alone, and `planfit check` with the whole pack. What counts is the CPU time of whole processes, as
//! a ratio, and the peak of memory.

#![expect(clippy::disallowed_methods, reason = "a program of its own that writes files and starts planfit")]
#![expect(clippy::cast_precision_loss, reason = "ratios of times and sizes far below 2^52")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use planfit::io::walk::walk;
use planfit::terraform::config::names::source_files;
use rayon::prelude::*;

#[path = "support/repository.rs"]
mod repository;

/// Files of the repository, about 19 MB.
const FILES: usize = 12_000;

/// Runs of each process; the first of them only warms up.
const RUNS: usize = 5;

/// CPU of `check` against parsing alone.
const CPU: f64 = 4.0;

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
        ["measure", program, rest @ ..] => measure(program, rest),
        _ => return budget().unwrap_or_else(|error| fail(&error)),
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

fn budget() -> io::Result<ExitCode> {
    let directory = Directory::new()?;
    let mut out = io::stdout().lock();
    let mut kept = true;
    writeln!(out, "{:<10}{:>10}{:>10}{:>10}{:>8}{:>10}", "files", "MB", "parse ms", "check ms", "×", "peak MB")?;
    let mut half = None;
    for files in [FILES / 2, FILES] {
        let path = directory.0.join(files.to_string());
        let (files, bytes) = repository::write(&path, files)?;
        let (parsed, checked) = compare(&path)?;
        let ratio = checked.cpu / parsed.cpu;
        writeln!(
            out,
            "{files:<10}{:>10.1}{:>10.1}{:>10.1}{ratio:>8.2}{:>10.1}",
            bytes as f64 / 1e6,
            parsed.cpu / 1e3,
            checked.cpu / 1e3,
            checked.memory / 1e6
        )?;
        let mut within = |what: &str, is: f64, budget: f64| -> io::Result<()> {
            if is > budget {
                kept = false;
                writeln!(out, "  over budget: {what} is {is:.2}, at most {budget:.2}")?;
            }
            Ok(())
        };
        within("CPU against parsing alone", ratio, CPU)?;
        within("peak MB", checked.memory / 1e6, MEMORY / 1e6)?;
        if let Some(half) = half.replace(checked.cpu) {
            within("CPU against half the files", checked.cpu / half, DOUBLE)?;
        }
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The medians of both processes, run in turn.
fn compare(directory: &Path) -> io::Result<(Usage, Usage)> {
    let directory = directory.to_string_lossy();
    let own = std::env::current_exe()?.to_string_lossy().into_owned();
    let (mut parsed, mut checked) = (Vec::new(), Vec::new());
    for _ in 0..=RUNS {
        parsed.push(usage_of(&[&own, "parse", &directory])?);
        checked.push(usage_of(&[env!("CARGO_BIN_EXE_planfit"), "check", &directory, "--fail-level", "none"])?);
    }
    Ok((median(parsed.get(1..).unwrap_or_default()), median(checked.get(1..).unwrap_or_default())))
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
