//! Options of planfit that pages name, and hooks of pre-commit.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use planfit::source::SourceMap;
use regex::Regex;
use serde_json::Value;

use crate::page::{blocks, documents, objects, pages, text};

/// Commands that pages use, with their options.
fn commands() -> BTreeMap<&'static str, BTreeSet<String>> {
    let option = Regex::new(r"--[a-z][a-z-]+").unwrap();
    let names = [
        "check",
        "targets",
        "init",
        "policy list",
        "policy explain",
        "policy test",
        "policy validate",
        "policy new",
        "config show",
        "completions",
        "man",
    ];
    let of = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_planfit")).args(name.split(' ')).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        let options: BTreeSet<String> = option.find_iter(&help).map(|found| found.as_str().to_owned()).collect();
        assert!(options.contains("--help"), "{name}: {help}");
        options
    };
    names.into_iter().map(|name| (name, of(name))).collect()
}

fn options(line: &str) -> Vec<String> {
    let option = Regex::new(r"(?:^|[\s\[])(--[a-z][a-z-]+)").unwrap();
    option.captures_iter(line).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_command_that_is_shown_exists_with_its_options() {
    let commands = commands();
    let call = Regex::new(r"(?:^|[\s/])planfit ([a-z].*)").unwrap();
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page) {
            for line in block.text.lines().filter(|line| !line.contains("name: planfit")) {
                let Some(found) = call.captures(line) else { continue };
                let command = commands.iter().find(|(name, _)| found[1].starts_with(*name));
                let Some((name, known)) = command else { unreachable!("{}: {line}", block.place) };
                count += 1;
                formats_are_known(name, line);
                // What follows belongs to another command.
                let own = found[1].split(" && ").next().unwrap();
                let unknown: Vec<String> = options(own).into_iter().filter(|option| !known.contains(option)).collect();
                assert_eq!(unknown, [""; 0], "{}: planfit {name}", block.place);
            }
        }
    }
    assert!(count > 4, "{count}");
}

// What stands before a question for help is checked all the same.
#[track_caller]
fn formats_are_known(command: &str, line: &str) {
    let output = Regex::new(r"--output[ =]([a-z]+)").unwrap();
    for found in output.captures_iter(line).filter(|_| command != "man") {
        let mut planfit = Command::new(env!("CARGO_BIN_EXE_planfit"));
        planfit.args(command.split(' ')).args(["--output", &found[1], "--help"]);
        let asked = planfit.output().unwrap();
        assert!(asked.status.success(), "{line}: {}", String::from_utf8_lossy(&asked.stderr));
    }
}

#[test]
fn every_option_in_a_sentence_exists() {
    let known: BTreeSet<String> = commands().into_values().flatten().collect();
    let span = Regex::new("`((?:args: )?--[^`]+)`").unwrap();
    for page in pages() {
        for found in span.captures_iter(&text(&page)) {
            for option in options(&found[1]) {
                assert!(known.contains(&option), "{page}: {option}");
            }
        }
    }
}

#[test]
fn arguments_that_steps_give_to_the_action_are_options_of_its_command() {
    let commands = commands();
    for (place, document) in documents() {
        for step in objects(&document) {
            let Some(Value::Object(with)) = step.get("with") else { continue };
            let Some(arguments) = with.get("args").and_then(Value::as_str) else { continue };
            let command = with.get("command").and_then(Value::as_str).unwrap_or("check");
            for option in arguments.lines().flat_map(options) {
                assert!(commands[command].contains(&option), "{place}: {option}");
            }
        }
    }
}

#[test]
fn hooks_that_are_named_exist() {
    let hooks: Value = serde_saphyr::from_str(&text(".pre-commit-hooks.yaml")).unwrap();
    let known: BTreeSet<&str> = hooks.as_array().unwrap().iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    let page = text("docs/ci/pre-commit.md");
    for hook in &known {
        assert!(page.contains(&format!("| `{hook}` |")), "{hook} is not in the table");
    }
    for (place, document) in documents() {
        let repositories = document.get("repos").and_then(Value::as_array).into_iter().flatten();
        for repository in repositories.filter(|repository| repository["repo"] != "local") {
            for hook in repository["hooks"].as_array().unwrap() {
                assert!(known.contains(hook["id"].as_str().unwrap()), "{place}: {hook}");
            }
        }
    }
}

#[test]
fn settings_that_are_shown_are_taken() {
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page).into_iter().filter(|block| block.language == "hcl") {
            count += 1;
            let mut sources = SourceMap::default();
            let file = sources.add(".planfit.hcl", block.text.as_str());
            assert_eq!(planfit::config::parse(file, &block.text).1, [], "{}", block.place);
        }
    }
    assert!(count > 1, "{count}");
}
