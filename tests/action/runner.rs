//! A runner of GitHub Actions, as far as a composite action sees it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::support::Directory;

/// What `action.yml` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) name: String,
    pub(crate) inputs: BTreeMap<String, Input>,
    pub(crate) outputs: BTreeMap<String, Output>,
    pub(crate) runs: Runs,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Input {
    pub(crate) description: String,
    pub(crate) default: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Output {
    pub(crate) description: String,
    pub(crate) value: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Runs {
    pub(crate) using: String,
    pub(crate) steps: Vec<Inner>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Inner {
    pub(crate) id: String,
    pub(crate) shell: String,
    pub(crate) run: String,
    pub(crate) env: BTreeMap<String, String>,
}

pub(crate) fn manifest() -> Manifest {
    serde_saphyr::from_str(&fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Programs that the action needs beside planfit.
const TOOLS: [&str; 17] = [
    "bash",
    "awk",
    "cat",
    "chmod",
    "cp",
    "cut",
    "dirname",
    "gzip",
    "head",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sha256sum",
    "shasum",
    "tar",
    "uname",
];

/// One step that uses the action.
pub(crate) struct Step {
    pub(crate) world: Directory,
    inputs: BTreeMap<&'static str, String>,
    variables: BTreeMap<&'static str, String>,
    directory: PathBuf,
}

/// What the step left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What the stub of planfit was started with; none if it was not.
    pub(crate) arguments: Option<Vec<String>>,
    /// `$GITHUB_OUTPUT`
    pub(crate) outputs: BTreeMap<String, String>,
    /// `$GITHUB_PATH`
    pub(crate) path: String,
    /// `$GITHUB_STEP_SUMMARY`
    pub(crate) summary: String,
    /// How long processors worked for it, whatever else the machine did.
    pub(crate) worked: Duration,
}

/// A planfit that only writes down what it was started with.
pub(crate) const STUB: &str = r#"#!/usr/bin/env bash
[[ ${1:-} != --version ]] || exit 0
printf '%s\0' "$0" "$@" >"$ARGUMENTS"
exit "${STUB_CODE:-0}"
"#;

impl Step {
    /// A step in a new world: the action is checked out, and planfit is nowhere.
    pub(crate) fn new() -> Self {
        let world = Directory::new();
        fs::remove_dir_all(world.path().join(".git")).unwrap();
        for name in ["action.yml", "action/run.sh", "action/version", "action/checksums.txt"] {
            world.write(&format!("the action/{name}"), fs::read(root().join(name)).unwrap());
        }
        for directory in ["bin", "temp", "cache", "workspace/.git"] {
            fs::create_dir_all(world.path().join(directory)).unwrap();
        }
        let directory = world.path().join("workspace");
        let step = Self { world, inputs: BTreeMap::new(), variables: BTreeMap::new(), directory };
        for tool in TOOLS {
            if let Some(path) = find(tool) {
                symlink(path, step.path(&format!("bin/{tool}"))).unwrap();
            }
        }
        // `#!/usr/bin/env bash` looks on the path; env itself is named whole.
        step
    }

    /// A step with the stub on its path.
    pub(crate) fn with_stub() -> Self {
        let step = Self::new();
        step.tool("planfit", STUB);
        step
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.world.path().join(name)
    }

    /// Puts a program on the path.
    pub(crate) fn tool(&self, name: &str, script: &str) {
        let path = self.path(&format!("bin/{name}"));
        let _ = fs::remove_file(&path);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn input(mut self, name: &'static str, value: &str) -> Self {
        self.inputs.insert(name, value.to_owned());
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// Lets the step begin in a directory of the workspace.
    pub(crate) fn within(mut self, directory: &Path) -> Self {
        self.directory = directory.to_path_buf();
        self
    }

    pub(crate) fn run(&self) -> Done {
        let manifest = manifest();
        let [inner] = manifest.runs.steps.as_slice() else { unreachable!("one inner step") };
        let timed = format!("trap 'times >\"$HOME/times\"' EXIT\n{}", inner.run);
        let script = self.world.write("temp/step.sh", timed);
        for file in ["output", "path", "summary"] {
            self.world.write(file, "");
        }
        let input = |name: &str| self.inputs.get(name).unwrap_or(&manifest.inputs[name].default).clone();
        let value = |text: &String| {
            text.strip_prefix("${{ inputs.").map_or(text.clone(), |rest| input(rest.trim_end_matches(" }}")))
        };
        let output = Command::new(self.path("bin/bash"))
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(script)
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("HOME", self.world.path())
            .env("ARGUMENTS", self.path("arguments"))
            .envs([("CI", "true"), ("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "main")])
            .env("GITHUB_ACTION_PATH", self.path("the action"))
            .env("GITHUB_WORKSPACE", self.path("workspace"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_PATH", self.path("path"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("RUNNER_TOOL_CACHE", self.path("cache"))
            .envs(inner.env.iter().map(|(name, text)| (name, value(text))))
            .envs(&self.variables)
            .current_dir(&self.directory)
            .output()
            .unwrap();
        let text =
            |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(self.world.path().to_str().unwrap(), "[WORLD]");
        let read = |name: &str| fs::read_to_string(self.path(name)).unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            arguments: self.arguments(),
            outputs: outputs(&text(read("output").into_bytes())),
            path: read("path"),
            summary: read("summary"),
            worked: worked(&read("times")),
        }
    }

    fn arguments(&self) -> Option<Vec<String>> {
        let text = fs::read_to_string(self.path("arguments")).ok()?;
        let all = text.trim_end_matches('\0').split('\0').skip(1);
        Some(all.map(|argument| argument.replace(self.world.path().to_str().unwrap(), "[WORLD]")).collect())
    }

    /// Which planfit was started.
    pub(crate) fn started(&self) -> String {
        let text = fs::read_to_string(self.path("arguments")).unwrap_or_default();
        let program = text.split('\0').next().unwrap_or_default();
        program.replace(self.world.path().to_str().unwrap(), "[WORLD]")
    }
}

fn find(tool: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|directory| directory.join(tool)).find(|path| path.is_file())
}

// What bash says of itself and of what it started: minutes and seconds, for the user and for the system.
fn worked(times: &str) -> Duration {
    let of = |time: &str| {
        let (minutes, seconds) = time.strip_suffix('s').unwrap().split_once('m').unwrap();
        Duration::from_secs(60 * minutes.parse::<u64>().unwrap()) + Duration::from_secs_f64(seconds.parse().unwrap())
    };
    times.split_whitespace().map(of).sum()
}

// `name=value`, and `name<<END` up to a line `END`.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, value) = match line.split_once("<<") {
            Some((name, end)) => (name, lines.by_ref().take_while(|line| *line != end).collect::<Vec<_>>().join("\n")),
            None => line.split_once('=').map(|(name, value)| (name, value.to_owned())).unwrap(),
        };
        outputs.insert(name.to_owned(), value);
    }
    outputs
}
