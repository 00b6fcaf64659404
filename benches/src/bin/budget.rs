//! The budgets of plans, which are ratios: `cargo run --release --package planfit-benches --bin budget`. Ends with 1 if one
//! of them is far from kept.
//!
//! Each plan is generated, then read by two processes in turn: one that only passes over its JSON (serde's
//! `IgnoredAny`), and `planfit check` with the whole pack. What counts is the CPU time of whole processes, user and
//! system, the least of several runs, as a ratio; and the peak of memory as a ratio to the file. A machine that is busy
//! makes both sides slower, so the ratio holds where a time would not.

#![expect(clippy::disallowed_methods, reason = "a program of its own that writes plans")]
#![expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
#![expect(clippy::print_stdout, reason = "a program of its own")]

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use planfit_benches::budgets::Budgets;
use planfit_benches::plan::{self, Variant};
use planfit_benches::usage::{self, Usage};
use serde::de::IgnoredAny;

/// Runs of each process.
const RUNS: usize = 5;

/// CPU of `check` against passing over the file, at 100,000 resources.
const CPU: f64 = 4.0;

/// Peak memory against the size of a large steady plan.
const MEMORY: f64 = 1.4;

/// Peak memory of a steady plan of any size: so many times the file, and so much. The pack alone takes twenty of these.
const ANY_MEMORY: (f64, f64) = (1.5, 28e6);

/// Peak memory of a first apply: its file is half as large, and what is to come is kept beside it.
const FIRST_MEMORY: (f64, f64) = (2.0, 28e6);

/// CPU when the input is twice as large.
const DOUBLE: f64 = 2.2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["skip", file] => skip(file).map(|()| ExitCode::SUCCESS),
        _ => budgets(),
    };
    outcome.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "budget: {error}");
        ExitCode::from(2)
    })
}

/// The baseline: the least that a JSON parser can do with the file.
fn skip(file: &str) -> io::Result<()> {
    serde_json::from_slice::<IgnoredAny>(&fs::read(file)?)?;
    Ok(())
}

fn budgets() -> io::Result<ExitCode> {
    let directory = Directory::new()?;
    let planfit = usage::planfit()?;
    let mut budgets = Budgets::default();
    println!("{:<24}{:>10}{:>10}{:>10}{:>8}{:>10}{:>8}", "plan", "file MB", "skip ms", "check ms", "×", "peak MB", "×");
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
        let [skipped, checked] = compare(&planfit, &directory, &file)?;
        let (cpu, memory) = (checked.cpu / skipped.cpu, checked.memory / bytes);
        println!(
            "{name:<24}{:>10.1}{:>10.1}{:>10.1}{cpu:>8.2}{:>10.1}{memory:>8.2}",
            bytes / 1e6,
            skipped.cpu,
            checked.cpu,
            checked.memory / 1e6
        );
        let (times, more) = if variant == Variant::Steady { ANY_MEMORY } else { FIRST_MEMORY };
        budgets.size("peak MB", checked.memory / 1e6, (bytes * times + more) / 1e6);
        if resources == 50_000 {
            half = Some((checked.cpu, skipped.cpu));
        }
        if resources == 100_000 {
            let (half, half_skipped) = half.unwrap_or((checked.cpu, skipped.cpu));
            // Passing over a file is linear: where twice the file takes more than twice as long, the machine is slower now.
            let slower = (skipped.cpu / half_skipped / 2.0).max(1.0);
            budgets.growth("CPU against half the resources", checked.cpu / half / slower, DOUBLE);
        }
        if (variant, resources) == (Variant::Steady, 100_000) {
            budgets.time("CPU against passing over the file", cpu, CPU);
            budgets.size("peak memory against the file", memory, MEMORY);
        }
        fs::remove_file(&file)?;
    }
    Ok(budgets.exit_code())
}

/// Passing over a plan, and checking it.
fn compare(planfit: &str, directory: &Directory, file: &Path) -> io::Result<[Usage; 2]> {
    let (file, empty) = (file.to_string_lossy(), directory.empty.to_string_lossy());
    let skip = [&*usage::this_program()?, "skip", &file];
    let check = [planfit, "check", &file, "--dir", &empty, "--fail-level", "none"];
    usage::compare(RUNS, [&skip, &check])
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
        plan::write(variant, resources, &mut out)?;
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
