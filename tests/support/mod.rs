//! Starts the program as a user would: arguments, environment, files, standard input.

#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail in the programs that use all of it")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    unreachable_pub,
    missing_docs,
    reason = "helpers of tests fail like tests, and are nobody's interface"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The JSON report on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }

    /// The policies that fail, with their addresses.
    pub fn failing(&self) -> Vec<(String, String)> {
        let report = self.json();
        let findings = report["findings"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let failing = findings.iter().filter(|finding| finding["verdict"] == "fail");
        failing.map(|finding| (text(&finding["policy"]), text(&finding["address"]))).collect()
    }
}

/// A run to be: an empty environment, the repository as current directory.
pub struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
}

pub fn planfit(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planfit"));
    command.args(arguments).env_clear().current_dir(env!("CARGO_MANIFEST_DIR"));
    Run { command, stdin: None }
}

impl Run {
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn inside(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub fn input(mut self, bytes: &[u8]) -> Self {
        self.stdin = Some(bytes.to_vec());
        self
    }

    pub fn run(mut self) -> Ran {
        let mut child =
            self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin.unwrap_or_default();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }
}

/// A directory of its own for a test, empty.
pub fn scratch(name: &str) -> PathBuf {
    let directory = env::temp_dir().join(format!("planfit-{}-{name}", std::process::id()));
    drop(fs::remove_dir_all(&directory));
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Writes a file below a directory; parents are made.
pub fn write(directory: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

pub fn fixture(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)).unwrap()
}
