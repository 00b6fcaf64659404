//! The budgets that are ratios: `cargo bench --bench budget`. Ends with 1 if one of them is not kept.
//!
//! Each plan is generated, then read by two processes in turn: one that only passes over its JSON (serde's
//! `IgnoredAny`), and `planfit check` with the whole pack. What counts is the CPU time of whole processes, user and
//! system, the median of several runs, as a ratio; and the peak of memory as a ratio to the file. A machine that is busy
//! makes both sides slower, so the ratio holds where a time would not.

#![expect(clippy::disallowed_methods, reason = "a program of its own that writes plans and starts planfit")]
#![expect(clippy::cast_precision_loss, reason = "ratios of times and sizes far below 2^52")]

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use serde::de::IgnoredAny;

#[path = "support/generate.rs"]
mod generate;

use generate::Variant;

/// Runs of each process; the first of them only warms up.
const RUNS: usize = 5;

/// CPU of `check` against passing over the file, at 100,000 resources. The aim is 4. How dear a page of memory is differs
/// between machines and hours, and passing over a file is mostly that: the ratio was between 3.0 and 4.6 in a dozen runs, and
/// a bound at the aim would tell of the neighbours.
const CPU: f64 = 5.5;

/// Peak memory against the size of a large steady plan.
const MEMORY: f64 = 1.4;

/// Peak memory of a steady plan of any size: so many times the file, and so much. The pack alone takes twenty of these.
const ANY_MEMORY: (f64, f64) = (1.5, 28e6);

/// Peak memory of a first apply: its file is half as large, and what is to come is kept beside it.
const FIRST_MEMORY: (f64, f64) = (2.0, 28e6);

/// CPU when the input is twice as large.
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
        ["skip", file] => skip(file),
        ["measure", program, rest @ ..] => measure(program, rest),
        _ => return budgets().unwrap_or_else(|error| fail(&error)),
    };
    outcome.map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS)
}

fn fail(error: &io::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "budget: {error}");
    ExitCode::from(2)
}

/// The baseline: the least that a JSON parser can do with the file.
fn skip(file: &str) -> io::Result<()> {
    serde_json::from_slice::<IgnoredAny>(&fs::read(file)?)?;
    Ok(())
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

fn budgets() -> io::Result<ExitCode> {
    let directory = Directory::new()?;
    let mut out = io::stdout().lock();
    let mut kept = true;
    writeln!(
        out,
        "{:<24}{:>10}{:>10}{:>10}{:>8}{:>10}{:>8}",
        "plan", "file MB", "skip ms", "check ms", "×", "peak MB", "×"
    )?;
    let mut half = None;
    for (name, variant, resources) in [
        ("steady 1,000", Variant::Steady, 1_000),
        ("steady 10,000", Variant::Steady, 10_000),
        ("steady 50,000", Variant::Steady, 50_000),
        ("steady 100,000", Variant::Steady, 100_000),
        ("first apply 50,000", Variant::FirstApply, 50_000),
        ("first apply 100,000", Variant::FirstApply, 100_000),
    ] {
        let (file, bytes) = directory.plan(variant, resources)?;
        let (skipped, checked) = compare(&directory, &file)?;
        let (cpu, memory) = (checked.cpu / skipped.cpu, checked.memory / bytes);
        writeln!(
            out,
            "{name:<24}{:>10.1}{:>10.1}{:>10.1}{cpu:>8.2}{:>10.1}{memory:>8.2}",
            bytes / 1e6,
            skipped.cpu / 1e3,
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
        let (times, more) = if variant == Variant::Steady { ANY_MEMORY } else { FIRST_MEMORY };
        within("peak MB", checked.memory / 1e6, (bytes * times + more) / 1e6)?;
        if resources == 50_000 {
            half = Some((checked.cpu, skipped.cpu));
        }
        if resources == 100_000 {
            let (half, half_skipped) = half.unwrap_or((checked.cpu, skipped.cpu));
            // Passing over a file is linear: where twice the file takes more than twice as long, the machine is slower now.
            let slower = (skipped.cpu / half_skipped / 2.0).max(1.0);
            within("CPU against half the resources", checked.cpu / half / slower, DOUBLE)?;
        }
        if (variant, resources) == (Variant::Steady, 100_000) {
            within("CPU against passing over the file", cpu, CPU)?;
            within("peak memory against the file", memory, MEMORY)?;
        }
        fs::remove_file(&file)?;
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The medians of both processes, run in turn.
fn compare(directory: &Directory, file: &Path) -> io::Result<(Usage, Usage)> {
    let file = file.to_string_lossy();
    let own = std::env::current_exe()?.to_string_lossy().into_owned();
    let (mut skipped, mut checked) = (Vec::new(), Vec::new());
    for _ in 0..=RUNS {
        skipped.push(usage_of(&[&own, "skip", &file])?);
        let empty = directory.empty.to_string_lossy();
        let planfit = env!("CARGO_BIN_EXE_planfit");
        checked.push(usage_of(&[planfit, "check", &file, "--dir", &empty, "--fail-level", "none"])?);
    }
    Ok((median(behind_first(&skipped)), median(behind_first(&checked))))
}

// The first run only fills the caches.
fn behind_first(usages: &[Usage]) -> &[Usage] {
    usages.get(1..).unwrap_or_default()
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

/// A directory for the plans, and in it an empty one that stands for "no source". Goes away at the end.
struct Directory {
    path: PathBuf,
    empty: PathBuf,
}

impl Directory {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("planfit-budget-{}", std::process::id()));
        let empty = path.join("empty");
        fs::create_dir_all(&empty)?;
        Ok(Self { path, empty })
    }

    fn plan(&self, variant: Variant, resources: usize) -> io::Result<(PathBuf, f64)> {
        let file = self.path.join("plan.json");
        let mut out = BufWriter::new(fs::File::create(&file)?);
        generate::write(variant, resources, &mut out)?;
        out.flush()?;
        let bytes = fs::metadata(&file)?.len();
        Ok((file, bytes as f64))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
