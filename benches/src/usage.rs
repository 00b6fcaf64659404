//! What processes take.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use wait4::{ResUse, Wait4 as _};

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// CPU time of all its threads, user and system, in milliseconds.
    pub cpu: f64,
    /// The peak of its memory, in bytes.
    pub memory: f64,
}

impl Usage {
    /// Runs a program and waits for its end; what it prints goes nowhere.
    ///
    /// # Errors
    ///
    /// What the system says, or that it ended with anything but 0 or 1: findings are a success of planfit's.
    pub fn of(command: &[&str]) -> io::Result<Self> {
        let (program, arguments) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let ResUse { status, rusage } = child.wait4()?;
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(io::Error::other(format!("{program} ended with {status}")));
        }
        let cpu = (rusage.utime + rusage.stime).as_secs_f64() * 1e3;
        #[expect(clippy::cast_precision_loss, reason = "a size far below 2^52")]
        Ok(Self { cpu, memory: rusage.maxrss as f64 })
    }
}

/// What each of several commands took in so many rounds, one after the other in each: the least CPU time, because what else
/// goes on on the machine only ever adds, and the highest peak. A round before them fills the caches.
///
/// # Errors
///
/// Those of [`Usage::of`].
pub fn compare<const COMMANDS: usize>(rounds: usize, commands: [&[&str]; COMMANDS]) -> io::Result<[Usage; COMMANDS]> {
    let mut usages = [Usage { cpu: f64::INFINITY, memory: 0.0 }; COMMANDS];
    for round in 0..=rounds {
        for (all, command) in usages.iter_mut().zip(commands) {
            let usage = Usage::of(command)?;
            if round > 0 {
                *all = Usage { cpu: all.cpu.min(usage.cpu), memory: all.memory.max(usage.memory) };
            }
        }
    }
    Ok(usages)
}

/// The program of planfit, built now from the sources around the current directory, with the profile that this program was
/// built with: cargo puts both into one place.
///
/// # Errors
///
/// What the system says, or that cargo could not build it.
pub fn planfit() -> io::Result<String> {
    let this = std::env::current_exe()?;
    let profile = this.parent().and_then(Path::file_name).unwrap_or_default();
    let profile = if profile == "debug" { OsStr::new("dev") } else { profile };
    let status = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package", "planfit", "--bin", "planfit", "--profile"])
        .arg(profile)
        .status()?;
    if !status.success() {
        return Err(io::Error::other("planfit could not be built"));
    }
    Ok(this.with_file_name(format!("planfit{}", std::env::consts::EXE_SUFFIX)).to_string_lossy().into_owned())
}

/// The path of this program.
///
/// # Errors
///
/// What the system says.
pub fn this_program() -> io::Result<String> {
    Ok(std::env::current_exe()?.to_string_lossy().into_owned())
}
