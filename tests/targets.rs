//! `planfit targets`: what the files of tfaction say, as a matrix.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};
use support::{Directory, Output, git, run};

/// A repository in which git knows every file.
fn repository(files: &[(&str, &str)]) -> Directory {
    let directory = Directory::new();
    fs::remove_dir_all(directory.path().join(".git")).unwrap();
    for (name, text) in files {
        directory.write(name, text);
    }
    git(directory.path(), &["init", "--quiet"]);
    git(directory.path(), &["add", "--all", "--force"]);
    directory
}

fn targets(directory: &Directory, more: &[&str]) -> Output {
    run(&[&["targets"], more].concat(), b"", &[], directory.path())
}

#[track_caller]
fn matrix(output: &Output) -> Value {
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.stdout.lines().count(), 1, "{}", output.stdout);
    serde_json::from_str(&output.stdout).unwrap()
}

/// The directories of a matrix.
#[track_caller]
fn directories(output: &Output) -> Vec<String> {
    let matrix = matrix(output);
    let of = |target: &Value| target["working_directory"].as_str().unwrap().to_owned();
    matrix.as_array().unwrap().iter().map(of).collect()
}

const ROOT: &str = r"
plan_workflow_name: plan
x-production: &production
  environment: production
  secrets:
    - env_name: DATADOG_API_KEY
      secret_name: DATADOG_API_KEY_PRD
  drift_detection: {}
replace_target:
  patterns:
    - regexp: ^aws/(\w+)/
      replace: $1-
target_groups:
  - <<: *production
    working_directory: aws/prd/**
    template_dir: aws/prd/template
    runs_on: [self-hosted, prd]
    terraform_plan_config:
      runs_on: plan
      environment: {name: plan, url: https://example.com}
  - working_directory: aws/**
    runs_on: [self-hosted, linux]
    terraform_command: tofu
  - working_directory: modules/**
  - working_directory: .
";

const FILES: [(&str, &str); 10] = [
    ("tfaction-root.yaml", ROOT),
    ("tfaction.yaml", ""),
    ("aws/prd/app/tfaction.yaml", "{}\n"),
    ("aws/prd/template/tfaction.yaml", "{}"),
    ("aws/prd/template/inner/tfaction.yaml", "{}"),
    ("aws/stg/app/tfaction.yaml", "destroy: true\nterraform_command: terragrunt\n"),
    ("aws/stg/db/tfaction.yaml", "drift_detection: {enabled: true}\n"),
    ("gcp/app/tfaction.yaml", "{}"),
    ("modules/a/tfaction_module.yaml", "{}"),
    ("modules/b/tfaction.yaml", "type: module\n"),
];

#[test]
fn every_working_directory_has_a_job() {
    let directory = repository(&FILES);
    let output = targets(&directory, &[]);
    let labels = json!(["self-hosted", "linux"]);
    let secrets = json!([{"env_name": "DATADOG_API_KEY", "secret_name": "DATADOG_API_KEY_PRD"}]);
    let wanted = json!([
        {"target": ".", "working_directory": ".", "runs_on": "ubuntu-latest", "job_type": "terraform",
         "skip_terraform": false, "terraform_command": "terraform"},
        {"target": "prd-app", "working_directory": "aws/prd/app", "runs_on": "plan", "job_type": "terraform",
         "skip_terraform": false, "environment": {"name": "plan", "url": "https://example.com"}, "secrets": secrets,
         "terraform_command": "terraform"},
        {"target": "stg-app", "working_directory": "aws/stg/app", "runs_on": labels, "job_type": "terraform",
         "skip_terraform": false, "terraform_command": "terragrunt", "destroy": true},
        {"target": "stg-db", "working_directory": "aws/stg/db", "runs_on": labels, "job_type": "terraform",
         "skip_terraform": false, "terraform_command": "tofu"},
    ]);
    assert_eq!(matrix(&output), wanted);
    let first = r#"[{"target":".","working_directory":".","runs_on":"ubuntu-latest","job_type":"terraform","#;
    assert!(output.stdout.starts_with(first), "{}", output.stdout);
    assert_eq!(output.stderr, "planfit: gcp/app is left out: no target group of tfaction-root.yaml is about it\n");
    assert_eq!(targets(&directory, &["--quiet"]).stderr, "");
}

#[test]
fn what_git_does_not_know_yet_is_said() {
    let directory = repository(&[("tfaction-root.yaml", "target_groups: [{working_directory: 'aws/*'}]\n")]);
    directory.write("aws/app/tfaction.yaml", "");
    let output = targets(&directory, &[]);
    assert_eq!(output.stdout, "[]\n");
    let said = "planfit: there are no targets: git knows no tfaction.yaml here; git add makes a new one known\n";
    assert_eq!(output.stderr, said);
}

#[test]
fn modules_come_when_they_are_asked_for() {
    let output = targets(&repository(&FILES), &["--include-modules"]);
    let all = matrix(&output);
    let modules: Vec<&Value> = all.as_array().unwrap().iter().filter(|target| target["type"] == "module").collect();
    assert_eq!((modules[0]["target"].as_str(), modules[1]["target"].as_str()), (Some("modules/a"), Some("modules/b")));
    assert_eq!((modules.len(), all.as_array().unwrap().len()), (2, 6));
}

#[test]
fn drift_is_looked_for_where_the_files_say_so() {
    assert_eq!(directories(&targets(&repository(&FILES), &["--drift-only"])), ["aws/prd/app", "aws/stg/db"]);
}

#[test]
fn people_get_a_table() {
    let output = targets(&repository(&FILES), &["--output", "human"]);
    assert_eq!(output.stdout, ".        .\nprd-app  aws/prd/app\nstg-app  aws/stg/app\nstg-db   aws/stg/db\n");
}

#[test]
fn the_root_file_is_named_by_option_or_variable_and_paths_begin_at_the_git_root() {
    let root = "target_groups: [{working_directory: 'infra/*'}]\nworking_directory_file: target.yaml\n";
    let files = [("ci/root.yaml", root), ("infra/a/target.yaml", ""), ("infra/b/tfaction.yaml", "")];
    let directory = repository(&files);
    directory.write("infra/unknown/target.yaml", "");
    assert_eq!(directories(&targets(&directory, &["--tfaction-root", "ci/root.yaml"])), ["infra/a"]);
    let output = run(&["targets"], b"", &[("TFACTION_CONFIG", "root.yaml")], &directory.path().join("ci"));
    assert_eq!(directories(&output), ["infra/a"]);
    let output = targets(&directory, &[]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.starts_with("planfit: tfaction-root.yaml: "), "{}", output.stderr);
    assert!(output.stderr.contains("--tfaction-root or TFACTION_CONFIG"), "{}", output.stderr);
}

#[test]
fn hidden_directories_and_odd_names_are_listed_as_git_knows_them() {
    let root =
        "target_groups: [{working_directory: '**/.*/*'}, {working_directory: '**'}]\nworking_directory_file: t*.yaml\n";
    let files = [("tfaction-root.yaml", root), ("a/.b/c/t*.yaml", ""), ("é ü/t*.yaml", ""), ("x/tx.yaml", "")];
    assert_eq!(directories(&targets(&repository(&files), &[])), ["a/.b/c", "é ü"]);
}

#[test]
fn without_git_directories_are_searched() {
    let directory = Directory::new();
    fs::remove_dir_all(directory.path().join(".git")).unwrap();
    for (name, text) in FILES {
        directory.write(name, text);
    }
    directory.write(".gitignore", "ignored\n");
    directory.write("aws/ignored/tfaction.yaml", "");
    directory.write("aws/.terraform/tfaction.yaml", "");
    directory.write("aws/.hidden/tfaction.yaml", "");
    let output = targets(&directory, &[]);
    assert_eq!(directories(&output), [".", "aws/prd/app", "aws/stg/app", "aws/stg/db"]);
    assert!(output.stderr.contains("aws/.hidden is left out: no target group"), "{}", output.stderr);
}

fn many(count: usize) -> Directory {
    let directory = repository(&[("tfaction-root.yaml", "target_groups: [{working_directory: '**'}]\n")]);
    for number in 0..count {
        directory.write(&format!("d/{number:03}/tfaction.yaml"), "");
    }
    git(directory.path(), &["add", "--all"]);
    directory
}

#[test]
fn more_than_a_matrix_holds_is_told_and_can_be_split() {
    let directory = many(257);
    let output = targets(&directory, &[]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("there are 257 targets, and at most 256"), "{}", output.stderr);
    assert_eq!(directories(&targets(&directory, &["--max", "257"])).len(), 257);
    let mut all: Vec<String> = Vec::new();
    for (part, count) in [("1/2", 129), ("2/2", 128)] {
        let part = directories(&targets(&directory, &["--shard", part]));
        assert_eq!(part.len(), count);
        all.extend(part);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 257);
    assert_eq!(targets(&directory, &["--shard", "3/2"]).code, 2);
}

#[test]
fn no_target_is_an_empty_list() {
    let output = targets(&repository(&[("tfaction-root.yaml", "target_groups: []\n")]), &["--quiet"]);
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "[]\n", ""));
}

#[test]
fn what_is_wrong_is_told_at_once_and_nothing_is_listed() {
    let root = "target_groups:\n  - working_directory: '**'\n  - runs_on: x\nreplace_target:\n  patterns:\n    \
                - {regexp: '(?=a)', replace: x}\n";
    let output = targets(&repository(&[("tfaction-root.yaml", root), ("a/tfaction.yaml", "")]), &[]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], "planfit: tfaction-root.yaml: target group 2 has no working_directory");
    assert!(lines[1].contains("pattern \"(?=a)\": looking ahead or behind"), "{lines:?}");

    let root = ("tfaction-root.yaml", "target_groups: [{working_directory: '**'}]\n");
    let wrong = [root, ("a/tfaction.yaml", "a: [\n"), ("b/tfaction.yaml", "destroy: 3\n"), ("c/tfaction.yaml", "")];
    let output = targets(&repository(&wrong), &[]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("a/tfaction.yaml: ") && lines[1].contains("b/tfaction.yaml: "));
    assert!(lines[1].contains("line 1"), "{lines:?}");
}

#[test]
fn two_directories_of_one_name_are_told() {
    let root =
        "target_groups: [{working_directory: '**'}]\nreplace_target: {patterns: [{regexp: '.*/', replace: ''}]}\n";
    let files = [("tfaction-root.yaml", root), ("a/x/tfaction.yaml", ""), ("b/x/tfaction.yaml", "")];
    let output = targets(&repository(&files), &[]);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("a/x and b/x are all the target \"x\""), "{}", output.stderr);
}

#[test]
fn what_is_gone_from_the_working_tree_is_left_out() {
    let directory = many(2);
    fs::remove_dir_all(directory.path().join("d/001")).unwrap();
    let output = targets(&directory, &[]);
    assert_eq!(directories(&output), ["d/000"]);
    assert!(output.stderr.contains("d/001/tfaction.yaml is left out"), "{}", output.stderr);
}

#[test]
fn a_step_of_github_actions_gets_an_output() {
    let directory = repository(&FILES);
    let file = directory.write("outputs", "earlier=1\n");
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", file.to_str().unwrap())];
    let output = run(&["targets"], b"", &variables, directory.path());
    let written = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[2]), (7, "earlier=1", "pass"));
    let end = lines[4].strip_prefix("targets<<").unwrap();
    assert!(end.len() == 40 && end.starts_with("planfit_") && lines[6] == end, "{written}");
    assert!(lines[1].starts_with("outcome<<planfit_") && !lines[1].ends_with(end), "{written}");
    assert_eq!(lines[5], output.stdout.trim_end());
    // A variable that is not set is no error.
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", "")];
    assert_eq!(run(&["targets"], b"", &variables, directory.path()).code, 0);
    let asked = run(&["targets", "--ci", "none"], b"", &[("GITHUB_OUTPUT", "no/such/file")], directory.path());
    assert_eq!(asked.code, 0);
    let output = run(&["targets", "--ci", "github"], b"", &[("GITHUB_OUTPUT", "no/such/file")], directory.path());
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
}

#[test]
fn no_name_can_pass_for_a_command() {
    let name = "::error::x ##[set-output name=a]b \u{1b}[31m\u{202e}";
    let mut root = "target_groups: [{working_directory: '**'}]\n".to_owned();
    let _ = writeln!(root, "replace_target: {{patterns: [{{regexp: '^w/', replace: ''}}]}}");
    let directory = repository(&[("tfaction-root.yaml", &root), (&format!("w/{name}/tfaction.yaml"), "")]);
    let human = targets(&directory, &["--output", "human"]).stdout;
    assert!(human.starts_with(r"\::error::x #\#[set-output"), "{human}");
    assert!(!human.contains(['\u{1b}', '\u{202e}']), "{human}");
    let output = targets(&directory, &[]);
    assert!(!output.stdout.contains("##[") && !output.stdout.contains(['\u{1b}', '\u{202e}']), "{}", output.stdout);
    assert_eq!(matrix(&output)[0]["target"], name, "for a program it is the same");
}

#[test]
fn what_the_action_gives_to_every_command_is_taken() {
    let more = ["--ci", "github", "--config", "x", "--fail-level", "none", "--policies", "y", "--changed-only", "--"];
    assert_eq!(targets(&repository(&FILES), &more).code, 0);
}
