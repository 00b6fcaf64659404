//! What the tests of the command share: the built binary started from an empty environment, and throw-away directories.

#![allow(clippy::allow_attributes, dead_code, reason = "each test program uses a part")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Output {
    /// The exit code; -1 if a signal ended it.
    pub(crate) code: i32,
    /// Standard output, the directory of the run replaced by `[DIR]`.
    pub(crate) stdout: String,
    /// The same of standard error.
    pub(crate) stderr: String,
}

/// Starts planfit in a directory with nothing in its environment but `PATH`, `HOME` and `variables`.
///
/// Whatever a test asks for, planfit must not panic: that is asserted here.
#[track_caller]
pub(crate) fn run(arguments: &[&str], stdin: &[u8], variables: &[(&str, &str)], directory: &Path) -> Output {
    let inherited = ["PATH", "HOME"].into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    let mut child = Command::new(env!("CARGO_BIN_EXE_planfit"))
        .args(arguments)
        .env_clear()
        .envs(inherited)
        .envs(variables.iter().copied())
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = stdin.to_vec();
    // A run that does not read its input closes the pipe, which is its right.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(directory.to_str().unwrap(), "[DIR]");
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(!stderr.contains("panicked at"), "planfit {}: {stderr}", arguments.join(" "));
    Output { code: output.status.code().unwrap_or(-1), stdout, stderr }
}

/// git with nothing of the machine's settings. Nothing of a hook either that the tests may run in: its variables would lead
/// to the repository of the hook.
#[track_caller]
pub(crate) fn git(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| name.starts_with("GIT_") && name != "GIT_EXEC_PATH") {
        command.env_remove(name);
    }
    let output = command
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgSign=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A directory of its own for one test, gone at the end. It is the root of a git repository, so that paths in reports
/// begin there wherever the machine keeps its temporary files.
#[derive(Debug)]
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        // The real path: macOS keeps temporary files behind a symbolic link.
        let parent = fs::canonicalize(env::temp_dir()).unwrap();
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = parent.join(format!("planfit-test-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => {
                    fs::create_dir(path.join(".git")).unwrap();
                    return Self(path);
                }
                // Left by tests that were ended, whose number a process has again.
                Err(error) => assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}"),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and the directories above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
