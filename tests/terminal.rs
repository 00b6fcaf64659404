//! What a person at a terminal sees: a line while a run takes long, and a report as wide as the terminal.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use support::Directory;

/// Runs a line of a shell on a terminal of its own, with `planfit` on the path; gives all that appeared on it.
fn terminal(line: &str, variables: &[(&str, &str)], directory: &Directory) -> Option<String> {
    let planfit = std::path::Path::new(env!("CARGO_BIN_EXE_planfit")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("script")
        .args(["--quiet", "--command", line, "/dev/null"])
        .env_clear()
        .envs([("PATH", format!("{}:{path}", planfit.display())), ("TERM", "xterm".to_owned())])
        .env("SHELL", "/bin/sh")
        .envs(variables.iter().copied())
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        _ => {
            eprintln!("skipped: there is no script(1) of util-linux to make a terminal with");
            None
        }
    }
}

/// A plan that takes seconds to judge.
fn long() -> Directory {
    let directory = Directory::new();
    let mut changes = String::new();
    for number in 0..10_000 {
        let separator = if number == 0 { "" } else { "," };
        let _ = write!(
            changes,
            r#"{separator}{{"address":"aws_cloudwatch_log_group.g[{number}]","mode":"managed","type":"aws_cloudwatch_log_group","name":"g","index":{number},"change":{{"actions":["create"],"before":null,"after":{{"name":"g{number}","retention_in_days":1}},"after_unknown":{{}}}}}}"#
        );
    }
    let plan =
        format!(r#"{{"format_version":"1.2","resource_changes":[{changes}],"configuration":{{"root_module":{{}}}}}}"#);
    directory.write("plan.json", plan);
    directory
}

const CHECK: &str = "planfit check plan.json --output json=out.json --fail-level none";

#[test]
fn a_long_run_shows_what_it_does_and_leaves_nothing() {
    let directory = long();
    let Some(seen) = terminal(CHECK, &[], &directory) else { return };
    assert!(seen.contains("judging plans and states"), "{}", &seen.chars().take(400).collect::<String>());
    // The line is taken back before anything else is printed.
    let (_, rest) = seen.rsplit_once("judging plans and states").unwrap();
    assert!(rest.contains("\u{1b}[2K") || rest.contains("\u{1b}[J"), "{rest:?}");
    for (quiet, variables) in [(" --quiet", &[][..]), ("", &[("CI", "true")]), (" 2>err", &[])] {
        let seen = terminal(&format!("{CHECK}{quiet}"), variables, &directory).unwrap();
        assert!(!seen.contains("judging plans"), "{quiet} {variables:?}");
    }
    assert_eq!(std::fs::read_to_string(directory.path().join("err")).unwrap(), "");
}

#[test]
fn a_short_run_shows_no_line() {
    let directory = Directory::new();
    let Some(seen) = terminal("planfit policy new a/b_c && planfit completions bash >/dev/null", &[], &directory)
    else {
        return;
    };
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
}

#[test]
fn the_report_is_as_wide_as_the_terminal() {
    let directory = Directory::new();
    let source =
        "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name              = \"a\"\n  retention_in_days = 1\n}\n";
    directory.write("main.tf", source);
    // Code and counts are never wrapped, so the widest line is wider than a narrow terminal.
    let widest = |columns: u32, variables: &[(&str, &str)]| -> Option<usize> {
        let line = format!(
            "stty rows 40 cols {columns}; planfit check . --fail-level none --color never --quiet --output human 2>/dev/null"
        );
        let seen = terminal(&line, variables, &directory)?;
        seen.lines().map(|line| line.trim_end().chars().count()).max()
    };
    let (Some(narrow), Some(wide)) = (widest(64, &[]), widest(150, &[])) else { return };
    assert!(narrow < wide, "{narrow} {wide}");
    assert_eq!(widest(150, &[("COLUMNS", "64")]), Some(narrow), "what COLUMNS says comes first");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let directory = Directory::new();
    let coloured = |variables: &[(&str, &str)]| {
        terminal("planfit policy list --category backup", variables, &directory).map(|seen| seen.contains("\u{1b}["))
    };
    let Some(plain) = coloured(&[]) else { return };
    assert!(plain);
    for off in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        assert_eq!(coloured(&[off]), Some(false), "{off:?}");
    }
}
