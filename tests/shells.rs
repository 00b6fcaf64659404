//! What planfit gives to shells and to man.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use regex::Regex;
use support::{Directory, run};

fn planfit(arguments: &[&str]) -> String {
    let output = run(arguments, b"", &[], Directory::new().path());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
    output.stdout
}

/// Options in a text.
fn options(text: &str) -> BTreeSet<String> {
    let option = Regex::new(r"(?m)(?:^|[\s,(\[])(--[a-z][a-z-]*)").unwrap();
    option.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// Commands with their own commands, as the help lists them.
fn commands(of: &[&str]) -> Vec<Vec<String>> {
    let help = planfit(&[of, &["--help"]].concat());
    let Some((_, rest)) = help.split_once("Commands:\n") else { return Vec::new() };
    // A line that is wrapped begins further to the right.
    let names = rest.lines().take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    let mut all = Vec::new();
    for name in names.filter(|name| *name != "help" && name.chars().all(char::is_alphabetic)) {
        let path: Vec<&str> = of.iter().copied().chain([name]).collect();
        all.push(path.iter().map(|part| (*part).to_owned()).collect());
        all.extend(commands(&path));
    }
    all
}

#[test]
fn every_shell_gets_a_script_that_names_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = planfit(&["completions", shell]);
        for name in ["check", "targets", "policy", "explain", "fail-level", "changed-since"] {
            assert!(script.contains(name), "{shell}: {name}");
        }
    }
    assert_eq!(run(&["completions", "cmd"], b"", &[], Directory::new().path()).code, 2);
}

#[test]
fn bash_reads_its_script_and_completes_with_it() {
    let directory = Directory::new();
    let script = directory.write("planfit.bash", planfit(&["completions", "bash"]));
    let bash = |arguments: &[&str]| {
        let output = Command::new("bash").args(arguments).arg(&script).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    bash(&["-n"]);
    let line = r#"source "$0"; COMP_WORDS=(planfit targets --dri); COMP_CWORD=2; _planfit planfit --dri targets; echo "${COMPREPLY[@]}""#;
    assert_eq!(bash(&["--norc", "-c", line]), "--drift-only\n");
}

#[test]
fn every_command_has_a_page_with_each_of_its_options() {
    let directory = Directory::new();
    let output = run(&["man", "--output", "pages/man1"], b"", &[], directory.path());
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    let read = |name: &str| fs::read_to_string(directory.path().join("pages/man1").join(name)).unwrap();
    let commands = commands(&[]);
    assert!(commands.len() > 12, "{commands:?}");
    let mut pages = vec!["planfit.1".to_owned()];
    for command in &commands {
        let name = format!("planfit-{}.1", command.join("-"));
        let page = read(&name).replace(r"\-", "-").replace(r"\fB", " ").replace(r"\fR", " ");
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let missing: Vec<String> =
            options(&planfit(&arguments)).into_iter().filter(|option| !page.contains(option)).collect();
        assert_eq!(missing, [""; 0], "{name}");
        pages.push(name);
    }
    let mut written: Vec<String> = fs::read_dir(directory.path().join("pages/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    pages.sort();
    assert_eq!(written, pages);
    // Without a directory all of them come one after the other.
    let all = planfit(&["man"]);
    assert!(pages.iter().all(|name| all.contains(&read(name))));
}

#[test]
fn what_cannot_be_written_is_told() {
    let directory = Directory::new();
    directory.write("taken", "");
    let output = run(&["man", "--output", "taken"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    assert!(output.stderr.starts_with("planfit: taken"), "{}", output.stderr);
}
