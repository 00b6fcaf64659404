//! `--quiet`, `--verbose` and `--timings`: every command takes them, before its name and behind it.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::fs;
use std::sync::LazyLock;

use support::{Directory, Output, run};

/// A policy as `policy new` writes it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let directory = Directory::new();
    let output = run(&["policy", "new", "queues/queue_without_alarm"], b"", &[], directory.path());
    assert_eq!(output.code, 0, "{}", output.stderr);
    fs::read_to_string(directory.path().join("policies/queues/queue_without_alarm.policy.hcl")).unwrap()
});

/// A repository with settings, a policy of its own and a file of tfaction.
fn repository() -> Directory {
    let directory = Directory::new();
    directory.write(".planfit.hcl", "policy_paths = [\"policies\"]\n");
    directory.write("policies/queues/queue_without_alarm.policy.hcl", &*POLICY);
    directory.write("main.tf", "locals {}\n");
    directory.write("tfaction-root.yaml", "target_groups: []\n");
    directory
}

/// Every command, in a form that succeeds, and whether what it prints is its product and no word to people.
const COMMANDS: [(&[&str], bool); 11] = [
    (&["check", "."], false),
    (&["policy", "list"], false),
    (&["policy", "explain", "queue_without_alarm"], false),
    (&["policy", "test"], false),
    (&["policy", "validate"], false),
    (&["policy", "new", "queues/another_one"], false),
    (&["config", "show"], false),
    (&["init", "fresh"], false),
    (&["targets"], true),
    (&["completions", "fish"], true),
    (&["man"], true),
];

fn told(command: &[&str], option: &str, is_first: bool) -> Output {
    let directory = repository();
    directory.write("fresh/main.tf", "locals {}\n");
    let arguments = if is_first { [&[option], command].concat() } else { [command, &[option]].concat() };
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(output.code, 0, "{arguments:?}: {}{}", output.stdout, output.stderr);
    output
}

#[test]
fn quiet_prints_nothing_for_people() {
    for (command, is_product) in COMMANDS {
        for is_first in [false, true] {
            let output = told(command, "--quiet", is_first);
            assert_eq!(output.stdout.is_empty(), !is_product, "{command:?} {is_first}: {}", output.stdout);
            assert_eq!(output.stderr, "", "{command:?}");
        }
    }
}

#[test]
fn verbose_prints_all_that_is_printed_without_it() {
    for (command, _) in COMMANDS {
        let (short, long) = (told(command, "-v", false), told(command, "--verbose", true));
        assert!(!short.stdout.is_empty(), "{command:?}");
        assert_eq!(short, long, "{command:?}");
    }
}

#[test]
fn timings_are_told_on_standard_error() {
    for (number, (command, _)) in COMMANDS.into_iter().enumerate() {
        let output = told(command, "--timings", number % 2 == 0);
        let times = output.stderr.lines().filter(|line| line.starts_with("planfit: time ") && line.ends_with(" ms"));
        assert_eq!(times.count(), 1, "{command:?}: {output:?}");
        assert!(!output.stdout.contains("planfit: time"), "{command:?}");
    }
}
