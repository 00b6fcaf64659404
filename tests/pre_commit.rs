//! The hooks that this repository offers to <https://pre-commit.com>, run by the real pre-commit where it is installed:
//! on the path, or in `target/python`, where `.ci/run` puts it.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use support::{Directory, run};

const MANIFEST: &str = ".pre-commit-hooks.yaml";

/// pre-commit, if there is one; a test without it says that it is skipped.
fn pre_commit() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |target| root.join(target));
    let own = target.join("python/bin/pre-commit");
    let works =
        |program: &PathBuf| Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    let found = [own, PathBuf::from("pre-commit")].into_iter().find(works);
    if found.is_none() {
        eprintln!(
            "skipped: pre-commit is not installed (python3 -m venv target/python; target/python/bin/pip install pre-commit)"
        );
    }
    found
}

/// Runs a program with nothing of the machine's settings; gives whether it succeeded, and what it printed.
fn start(program: &Path, arguments: &[&str], directory: &Path) -> (bool, String) {
    let planfit = Path::new(env!("CARGO_BIN_EXE_planfit")).parent().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(planfit.to_path_buf()).chain(env::split_paths(&path));
    let output = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", env::join_paths(paths).unwrap())
        .env("HOME", directory)
        .env("PRE_COMMIT_HOME", directory.join(".git/pre-commit"))
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "t"), ("GIT_AUTHOR_EMAIL", "t@example.com")])
        .envs([("GIT_COMMITTER_NAME", "t"), ("GIT_COMMITTER_EMAIL", "t@example.com")])
        .current_dir(directory)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[track_caller]
fn git(directory: &Path, arguments: &[&str]) -> String {
    let (succeeded, text) = start(Path::new("git"), arguments, directory);
    assert!(succeeded, "git {arguments:?}: {text}");
    text.trim().to_owned()
}

fn repository() -> Directory {
    let directory = Directory::new();
    fs::remove_dir_all(directory.path().join(".git")).unwrap();
    git(directory.path(), &["init", "--quiet"]);
    directory
}

fn commit(directory: &Directory) -> String {
    git(directory.path(), &["add", "--all"]);
    git(directory.path(), &["commit", "--quiet", "--message", "x"]);
    git(directory.path(), &["rev-parse", "HEAD"])
}

fn manifest() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(MANIFEST)).unwrap()
}

#[test]
fn the_hooks_are_what_pre_commit_takes() {
    let Some(pre_commit) = pre_commit() else { return };
    let directory = repository();
    directory.write(MANIFEST, manifest());
    let (succeeded, text) = start(&pre_commit, &["validate-manifest", MANIFEST], directory.path());
    assert!(succeeded, "{text}");
}

#[test]
fn the_hook_judges_the_directory_of_a_changed_file() {
    let Some(pre_commit) = pre_commit() else { return };
    let hooks = repository();
    hooks.write(MANIFEST, manifest());
    let revision = commit(&hooks);
    let directory = repository();
    if !run(&["check", "--help"], b"", &[], directory.path()).stdout.contains("--from-files") {
        eprintln!("skipped: this planfit does not judge directories yet");
        return;
    }
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: planfit-system\n",
        hooks.path().display()
    );
    directory.write(".pre-commit-config.yaml", config);
    let log_group = "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"a\"\n}\n";
    let service = |breaker: &str| {
        format!("resource \"aws_ecs_service\" \"web\" {{\n  name = \"web\"\n  desired_count = 2\n{breaker}}}\n")
    };
    // The file that changes is fine; the one beside it is not.
    directory.write("infra/service.tf", service(""));
    directory.write("elsewhere/service.tf", service(""));
    commit(&directory);
    directory.write("infra/logs.tf", log_group);
    git(directory.path(), &["add", "--all"]);
    let (succeeded, text) = start(&pre_commit, &["run", "planfit-system"], directory.path());
    assert!(!succeeded && text.contains("infra/service.tf"), "{text}");
    assert!(!text.contains("elsewhere"), "{text}");
    let comment = "# planfit:ignore ecs_no_circuit_breaker reason=\"a test\"\n";
    directory.write("infra/service.tf", comment.to_owned() + &service(""));
    git(directory.path(), &["add", "--all"]);
    let (_, text) = start(&pre_commit, &["run", "planfit-system"], directory.path());
    assert!(!text.contains("ecs_no_circuit_breaker ·"), "{text}");
}
