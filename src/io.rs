//! The only place that reads files, the environment and standard input, and that writes files.
//!
//! What it finds is passed down as plain values: nothing below knows where it came from.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::finding::Workflow;
use crate::terraform::input::skim::{self, Skimmed};
use crate::terraform::input::{self, Text};

mod disk;
pub mod git;
pub mod walk;

pub use disk::Disk;

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn current_directory() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// What the environment says, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Whether this is a step of GitHub Actions and no pre-commit hook.
    pub is_github: bool,
    /// `TFACTION_TARGET`
    pub target: Option<String>,
    /// `TFACTION_WORKING_DIR`, relative to the git root.
    pub working_directory: Option<String>,
    /// Whether this is a drift job: findings never fail it.
    pub is_drift_job: bool,
    /// Whether `CI` is set: nobody watches.
    pub is_ci: bool,
    /// `TF_DATA_DIR`
    pub data_directory: Option<String>,
    /// `TF_WORKSPACE`
    pub workspace: Option<String>,
    /// The width of the terminal: `COLUMNS`, else what the terminal itself says.
    pub columns: Option<usize>,
    /// `GITHUB_BASE_REF`: the branch that a pull request wants to get into.
    pub base_ref: Option<String>,
    /// `TFACTION_CONFIG`: tfaction's root file.
    pub tfaction_config: Option<String>,
    /// `GITHUB_OUTPUT`: the file that takes the outputs of a step.
    pub github_output: Option<String>,
    /// `GITHUB_STEP_SUMMARY`: the file whose Markdown the page of a run shows.
    pub step_summary: Option<String>,
    /// The workflow around the run, if its repository is said.
    pub workflow: Option<Workflow>,
}

impl Environment {
    /// Reads the variables that planfit knows; empty ones are unset.
    #[must_use]
    pub fn read() -> Self {
        Self {
            is_github: variable("GITHUB_ACTIONS").as_deref() == Some("true") && variable("PRE_COMMIT").is_none(),
            target: variable("TFACTION_TARGET"),
            working_directory: variable("TFACTION_WORKING_DIR"),
            is_drift_job: variable("TFACTION_DRIFT_ISSUE_NUMBER").is_some(),
            is_ci: variable("CI").is_some_and(|ci| ci != "false") || variable("GITHUB_ACTIONS").is_some(),
            data_directory: variable("TF_DATA_DIR"),
            workspace: variable("TF_WORKSPACE"),
            columns: variable("COLUMNS")
                .and_then(|columns| columns.parse().ok())
                .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))),
            base_ref: variable("GITHUB_BASE_REF"),
            tfaction_config: variable("TFACTION_CONFIG"),
            github_output: variable("GITHUB_OUTPUT"),
            step_summary: variable("GITHUB_STEP_SUMMARY"),
            workflow: variable("GITHUB_REPOSITORY").map(workflow),
        }
    }
}

fn workflow(repository: String) -> Workflow {
    let text = |name| variable(name).unwrap_or_default();
    Workflow {
        server: text("GITHUB_SERVER_URL"),
        repository,
        commit: text("GITHUB_SHA"),
        id: text("GITHUB_RUN_ID"),
        job: text("GITHUB_JOB"),
    }
}

/// A file that could not be read or written: the path and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct FileError {
    path: String,
    reason: io::Error,
}

impl FileError {
    /// Why, without the path.
    #[must_use]
    pub fn reason(&self) -> String {
        self.reason.to_string()
    }
}

/// Reads an input file, or standard input for `-`, and takes its encoding apart.
///
/// # Errors
///
/// What the system says.
pub fn read_input(path: &str) -> Result<Text, FileError> {
    if path != "-"
        && let Some(text) = skimmed(path).map_err(|reason| FileError { path: path.to_owned(), reason })?
    {
        return Ok(text);
    }
    read_whole(path)
}

/// Reads an input as it is, whatever its size.
///
/// # Errors
///
/// What the system says.
pub fn read_whole(path: &str) -> Result<Text, FileError> {
    let error = |reason| FileError { path: path.to_owned(), reason };
    if path == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(error)?;
        return Ok(input::decode(bytes));
    }
    read_bytes(path).map(input::decode).map_err(error)
}

// Opened once: whoever writes into a pipe would be cut off by a reader that goes away and comes again. None if a file
// looked like a plan and is none.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn skimmed(path: &str) -> io::Result<Option<Text>> {
    let mut file = fs::File::open(path)?;
    let found = file.metadata()?;
    if !found.is_file() || found.len() < skim::LARGE {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(Some(input::decode(bytes)));
    }
    Ok(match skim::skim(file, usize::try_from(found.len()).unwrap_or_default())? {
        Skimmed::Whole(bytes) => Some(input::decode(bytes)),
        Skimmed::Without(bytes) => Some(input::decode(bytes).cut()),
        Skimmed::Lost => None,
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn read_bytes(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Writes a file whole or not at all: first beside the target, then renamed. Missing directories are made. A link stays
/// one, and into a device or pipe the content is written, because renaming would put a file in its place.
///
/// # Errors
///
/// What the system says.
pub fn write_file(path: &str, content: &[u8]) -> Result<(), FileError> {
    let error = |reason| FileError { path: path.to_owned(), reason };
    let target = Path::new(path);
    if fs::metadata(target).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let opened = fs::OpenOptions::new().write(true).open(target);
        return opened.and_then(|mut device| device.write_all(content)).map_err(error);
    }
    let target = &fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(error)?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = directory.join(format!(".{name}.{}.tmp", std::process::id()));
    let written =
        create(&temporary).and_then(|mut file| file.write_all(content)).and_then(|()| fs::rename(&temporary, target));
    written.map_err(|reason| {
        let _ = fs::remove_file(&temporary);
        error(reason)
    })
}

/// Adds to the end of a file; one that is not there is made.
///
/// # Errors
///
/// What the system says.
pub fn append_file(path: &str, content: &[u8]) -> Result<(), FileError> {
    let opened = fs::OpenOptions::new().append(true).create(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(content));
    written.map_err(|reason| FileError { path: path.to_owned(), reason })
}

/// The bytes of a file; 0 if it is not there.
#[must_use]
pub fn size_of(path: &str) -> usize {
    fs::metadata(path).map_or(0, |found| usize::try_from(found.len()).unwrap_or(usize::MAX))
}

/// Writes a file that is not there yet. Missing directories are made.
///
/// # Errors
///
/// What the system says; that the file exists already.
pub fn write_new(path: &str, content: &[u8]) -> Result<(), FileError> {
    let error = |reason| FileError { path: path.to_owned(), reason };
    fs::create_dir_all(directory_of(path)).map_err(error)?;
    let opened = fs::OpenOptions::new().write(true).create_new(true).open(path);
    opened.and_then(|mut file| file.write_all(content)).map_err(error)
}

/// The files below a directory whose name ends so, sorted. What is hidden (`.terraform` among it) is passed over, and so
/// are links to directories: they may lead back. Beside them the directories that could not be read, and why.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn files_below(directory: &str, ending: &str) -> (Vec<String>, Vec<(String, String)>) {
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                unreadable.push((directory, error.to_string()));
                continue;
            }
        };
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let path =
                if directory == "." { name.clone() } else { format!("{}/{name}", directory.trim_end_matches('/')) };
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path);
            } else if name.ends_with(ending) && is_file(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    (files, unreadable)
}

/// Whether a path is a file.
#[must_use]
pub fn is_file(path: &str) -> bool {
    Path::new(path).is_file()
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn create(path: &Path) -> io::Result<fs::File> {
    fs::File::create(path)
}

/// The variables of the environment whose names begin so, without that beginning, by name.
#[must_use]
pub fn variables(prefix: &str) -> Vec<(String, String)> {
    let texts =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut found: Vec<(String, String)> =
        texts.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value))).collect();
    found.sort();
    found
}

/// The text of a policy or of a file of values.
///
/// # Errors
///
/// What the system says, and that a file is no text.
pub fn read_text(path: &str) -> Result<String, FileError> {
    let error = |reason| FileError { path: path.to_owned(), reason };
    let bytes = read_bytes(path).map_err(error)?;
    String::from_utf8(bytes).map_err(|_| error(io::Error::other("the file is not UTF-8")))
}

/// Whether a path is a directory.
#[must_use]
pub fn is_directory(path: &str) -> bool {
    Path::new(path).is_dir()
}

/// The directory of a file, `.` for the current one.
#[must_use]
pub fn directory_of(path: &str) -> String {
    match Path::new(path).parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_string_lossy().into_owned(),
        _ => ".".to_owned(),
    }
}

/// The names of a directory's files, in no order; none if it cannot be read.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn lists(directory: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    // Only a link must be followed to know what it is.
    let is_file = |entry: &fs::DirEntry| match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => !kind.is_dir(),
        _ => !entry.path().is_dir(),
    };
    let files = entries.filter_map(Result::ok).filter(is_file);
    files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// How long the parts of a run took; printed with `--timings` only.
#[derive(Debug)]
pub struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a part.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn lap(&mut self, part: &'static str) {
        let now = Instant::now();
        let took = now - self.last;
        self.last = now;
        match self.laps.iter_mut().find(|(name, _)| *name == part) {
            Some((_, total)) => *total += took,
            None => self.laps.push((part, took)),
        }
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("time")?;
        for (part, took) in &self.laps {
            write!(f, " {part} {:.1} ms", took.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}

/// The time: that of `SOURCE_DATE_EPOCH` if it is set, so that a run can be repeated.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn now() -> crate::instant::Instant {
    let given = variable("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.parse().ok());
    let read = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    };
    crate::instant::Instant::from_unix(given.unwrap_or_else(read))
}

/// 128 random bits in hex: the name of a fence that nobody can guess.
#[must_use]
pub fn random_token() -> String {
    format!("planfit{}", random_bits())
}

/// 128 random bits in hex.
#[must_use]
pub fn random_bits() -> String {
    // Each hasher of the standard library is seeded by the system.
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}
