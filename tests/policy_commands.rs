//! `planfit policy …` as its users see it: exit codes, what is printed where, files.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "support/junit.rs"]
mod junit_schema;
mod support;

use std::fs;

use serde_json::Value;

use junit_schema::keeps_to_the_schema;
use support::{Directory, Output, run};

/// A policy with everything that a page shows.
const POLICY: &str = r#"# Queues are read late.
input "max_age" {
  type        = number
  default     = 60
  description = "Oldest message, in seconds."
}

input "token" {
  type      = string
  default   = "s3cr3t"
  sensitive = true
}

resource_policy "t_queue" "queue_read_late" {
  title             = "Queue is read late"
  category          = "queues"
  severity          = "medium"
  pedantic          = true
  aliases           = ["Q_1"]
  references        = ["Handbook of queues"]
  enforcement_level = "advisory"

  docs {
    why = "Orders wait behind <old> ones. Whoever sits at the counter waits with them, and nobody sees it before a customer calls and asks."
    fix = "Set `max_age` to 60."
  }

  enforce {
    condition     = attrs.max_age <= input.max_age
    error_message = "${meta.address} waits ${attrs.max_age} seconds."
  }

  option "sooner" {
    title    = "Read sooner"
    merits   = ["orders are seen"]
    demerits = ["more calls"]
    downtime = "none"
    effort   = "S"
  }

  pass "minute" {
    resource "t_queue" "main" {
      max_age = 60
    }
  }

  fail "hour" {
    expect = ["t_queue.main"]

    resource "t_queue" "main" {
      max_age = 3600
    }

    resource "t_queue" "other" {
      max_age = 1
    }
  }
}
"#;

const TEST: &str = r#"resource "t_queue" "late" {
  attrs          = { max_age = 61 }
  expect_failure = true
}

resource "t_queue" "helper" {
  attrs = { max_age = 1 }
  skip  = true
}
"#;

fn own() -> Directory {
    let directory = Directory::new();
    directory.write("queues/queue_read_late.policy.hcl", POLICY);
    directory.write("queues/queue_read_late.policytest.hcl", TEST);
    directory
}

fn policy(arguments: &[&str], directory: &Directory) -> Output {
    run(&[&["policy"], arguments].concat(), b"", &[], directory.path())
}

#[track_caller]
fn json(output: &Output) -> Value {
    assert_eq!(output.code, 0, "{output:?}");
    serde_json::from_str(&output.stdout).unwrap()
}

fn ids(document: &Value) -> Vec<&str> {
    document["policies"].as_array().unwrap().iter().map(|policy| policy["id"].as_str().unwrap()).collect()
}

// policy list

#[test]
fn the_list_has_a_row_for_each_policy_and_a_count() {
    let directory = own();
    let output = policy(&["list", "--policies", "queues", "--category", "queues"], &directory);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(output.stdout, @r"
    ID               CATEGORY  SEVERITY  TITLE
    queue_read_late  queues    medium    Queue is read late (pedantic)
    1 policy; 1 pedantic (off unless asked for)
    ");
}

#[test]
fn the_list_is_filtered_by_category_severity_and_pedantic() {
    let directory = own();
    let list = |more: &[&str]| {
        let output = policy(&[&["list", "--output", "json", "--policies", "."], more].concat(), &directory);
        json(&output)
    };
    let all = list(&[]);
    let rows = all["policies"].as_array().unwrap();
    let count = |keep: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| keep(row)).count();
    assert_eq!(ids(&list(&["--pedantic", "--category", "queues"])), ["queue_read_late"]);
    let critical = ids(&list(&["--severity", "critical"])).len();
    assert_eq!(critical, count(&|row| row["severity"] == "critical"));
    let two = list(&["--category", "queues", "--category", "release"]);
    assert_eq!(ids(&two).len(), count(&|row| row["category"] == "release") + 1);
    assert!(critical > 0 && ids(&two).len() > 1 && ids(&two).len() < rows.len());
    let mut sorted = rows.clone();
    sorted.sort_by_key(|row| (row["category"].to_string(), row["id"].to_string()));
    assert_eq!(rows, &sorted);
}

#[test]
fn a_category_that_is_not_there_is_two_with_a_hint() {
    let output = policy(&["list", "--category", "relaese"], &own());
    assert_eq!(output.code, 2);
    assert!(output.stderr.ends_with("did you mean release?\n"), "{}", output.stderr);
}

#[test]
fn colours_are_for_terminals() {
    let directory = own();
    for arguments in [&["list"][..], &["explain", "ecs_no_circuit_breaker"], &["test"], &["validate"]] {
        assert!(!policy(arguments, &directory).stdout.contains('\u{1b}'), "{arguments:?}");
    }
    assert!(policy(&["list", "--color", "always"], &directory).stdout.contains("\u{1b}[1m"));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let directory = Directory::new();
    for command in ["list", "test"] {
        let with = |threads: &str| policy(&[command, "--threads", threads], &directory);
        assert_eq!(with("1"), with("4"), "{command}");
        assert_eq!(with("1").code, 0, "{command}");
    }
}

// policy explain

#[test]
fn a_policy_is_explained_like_a_short_man_page() {
    let output = policy(&["explain", "Q_1", "--policies", "queues"], &own());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("explain_page", output.stdout);
}

#[test]
fn a_policy_is_explained_in_markdown() {
    let output = policy(&["explain", "queue_read_late", "--policies", "queues", "--output", "markdown"], &own());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("explain_markdown", output.stdout);
}

#[test]
fn a_policy_is_explained_in_json() {
    let directory = own();
    let arguments = ["explain", "queue_read_late", "--policies", "queues", "--output", "json=out/page.json"];
    let output = policy(&arguments, &directory);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.starts_with("queue_read_late · medium"), "the page for people stays on standard output");
    let text = fs::read_to_string(directory.path().join("out/page.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let page = &document["policies"][0];
    assert_eq!(document["schema"], 1);
    assert_eq!(page["options"][0]["merits"][0], "orders are seen");
    assert_eq!(page["inputs"][0]["default"], "60");
    assert_eq!(page["inputs"][1]["default"], "(sensitive)");
    assert_eq!(page["examples"][0]["text"], "resource \"t_queue\" \"main\" {\n  max_age = 60\n}");
    assert_eq!(page["operations"], serde_json::json!(["create", "update", "no-op"]));
}

#[test]
fn a_policy_that_is_not_there_is_two_with_a_hint() {
    let output = policy(&["explain", "ecs_no_circuit_braker"], &Directory::new());
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("did you mean ecs_no_circuit_breaker?"), "{}", output.stderr);
}

// policy test

#[test]
fn tests_and_examples_run_and_are_counted() {
    let output = policy(&["test", "queues"], &own());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("test_results", output.stdout);
}

#[test]
fn a_test_that_fails_is_one_with_both_places() {
    let directory = own();
    directory.write("queues/queue_read_late.policytest.hcl", TEST.replace("  expect_failure = true\n", ""));
    let output = policy(&["test"], &directory);
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("test_failure", output.stdout);
}

#[test]
fn a_file_that_is_not_valid_is_two_and_the_rest_runs() {
    let directory = own();
    directory.write("queues/bad.policytest.hcl", "policytest {\n  targets = [\"gone/\"]\n}\n");
    let output = policy(&["test"], &directory);
    assert_eq!(output.code, 2);
    assert!(output.stdout.contains("the target \"gone/\" matches no policy file"), "{}", output.stdout);
    assert!(
        output.stdout.ends_with("3 passed, 0 failed, 1 skipped; not everything could be run\n"),
        "{}",
        output.stdout
    );
    let missing = policy(&["test", "nowhere"], &directory);
    assert_eq!(missing.code, 2);
    assert!(missing.stdout.contains("error  nowhere\n"), "{}", missing.stdout);
}

#[test]
fn without_policies_here_the_pack_is_tested() {
    let output = policy(&["test"], &Directory::new());
    assert_eq!(output.code, 0);
    assert!(output.stdout.starts_with("passed   policies/backup/"), "{}", output.stdout);
    assert!(output.stdout.contains(" passed, 0 failed, "), "{}", output.stdout);
}

#[test]
fn hidden_directories_are_passed_over() {
    let directory = own();
    directory.write(".terraform/modules/x/bad.policy.hcl", "resource_policy {}");
    directory.write(".cache/bad.policytest.hcl", "nonsense {}");
    assert_eq!(policy(&["test"], &directory).code, 0);
    assert_eq!(policy(&["validate", ".cache"], &directory).code, 2, "unless they are named");
}

#[test]
fn results_go_into_a_junit_file() {
    let directory = own();
    let failing = TEST.replace("  expect_failure = true\n", "");
    directory.write("queues/queue_read_late.policytest.hcl", failing);
    let output = policy(&["test", "--junit", "out/junit.xml", "--quiet"], &directory);
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (1, "", ""));
    let text = fs::read_to_string(directory.path().join("out/junit.xml")).unwrap();
    keeps_to_the_schema(&text, "");
    insta::assert_snapshot!("test_junit", text);
}

#[test]
fn changed_files_select_their_directories() {
    let directory = own();
    let output = policy(&["test", "--from-files", "queues/queue_read_late.policytest.hcl"], &directory);
    assert!(output.stdout.ends_with("3 passed, 0 failed, 1 skipped\n"), "examples too: {}", output.stdout);
}

// policy validate

#[test]
fn files_in_order_are_counted() {
    let output = policy(&["validate"], &own());
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "2 files are valid\n", ""));
}

#[test]
fn every_fault_is_printed_with_its_line() {
    let directory = own();
    directory.write("bad.policy.hcl", "resource_policy \"t\" \"p\" {\n  enforce {\n    condition = atrs.x\n  }\n}\n");
    directory.write("bad.policytest.hcl", "resource \"t\" \"a\" {\n  atrs = {}\n}\n");
    let output = policy(&["validate"], &directory);
    assert_eq!((output.code, output.stderr.as_str()), (2, ""));
    insta::assert_snapshot!("validate_faults", output.stdout);
}

// policy new

#[test]
fn a_new_policy_is_valid_and_its_examples_pass() {
    let directory = Directory::new();
    let output = policy(&["new", "queues/queue_too_long"], &directory);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let path = "policies/queues/queue_too_long.policy.hcl";
    assert_eq!(output.stdout, format!("wrote {path}\ntest it: planfit policy test {path}\n"));
    assert_eq!(policy(&["validate"], &directory).stdout, "1 file is valid\n");
    let tested = policy(&["test", path], &directory);
    assert!(tested.code == 0 && tested.stdout.ends_with("2 passed, 0 failed, 0 skipped\n"), "{tested:?}");
}

#[test]
fn a_new_policy_overwrites_nothing() {
    let directory = Directory::new();
    let path = directory.write("mine/queues/q.policy.hcl", "# mine\n");
    let output = policy(&["new", "queues/q", "--dir", "mine"], &directory);
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("nothing was written"), "{}", output.stderr);
    assert_eq!(fs::read_to_string(path).unwrap(), "# mine\n");
}

#[test]
fn a_name_that_is_taken_or_malformed_is_refused() {
    let directory = Directory::new();
    for (name, reason) in [
        ("multi_az/rds_instance_without_standby", "is taken by a policy that is built in"),
        ("x", "has no category"),
        ("../../x", "the category \"..\" does not start with a small letter"),
        ("a/B", "does not start with a small letter"),
    ] {
        let output = policy(&["new", name], &directory);
        assert_eq!(output.code, 2, "{name}");
        assert!(output.stderr.contains(reason), "{name}: {}", output.stderr);
    }
    assert!(!directory.path().join("policies").exists());
}

// All of them

#[test]
fn help_names_every_command() {
    let directory = Directory::new();
    let output = policy(&["--help"], &directory);
    assert_eq!(output.code, 0);
    for command in ["list", "explain", "test", "validate", "new"] {
        assert!(output.stdout.contains(&format!("\n  {command} ")), "{command}");
        assert_eq!(policy(&[command, "--help"], &directory).code, 0, "{command}");
    }
}

#[test]
fn a_format_that_a_command_has_not_is_refused_with_those_it_has() {
    let directory = Directory::new();
    let output = policy(&["list", "--output", "xml"], &directory);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("there are human, json"), "{}", output.stderr);
    let two = policy(&["explain", "ecs_no_circuit_breaker", "--output", "json", "--output", "human"], &directory);
    assert!(two.code == 2 && two.stderr.contains("only one format"), "{two:?}");
}

/// A repository whose settings name a directory with one policy.
fn with_settings(name: &str) -> Directory {
    let directory = Directory::new();
    let output = run(&["policy", "new", "queues/queue_without_alarm", "--dir", "rules"], b"", &[], directory.path());
    assert_eq!(output.code, 0, "{}", output.stderr);
    directory.write(name, "policy_paths = [\"rules\"]\n");
    directory.write("infra/main.tf", "locals {}\n");
    directory
}

#[test]
fn policies_that_the_settings_name_are_read_about_and_tested() {
    let directory = with_settings(".planfit.hcl");
    let infra = directory.path().join("infra");
    for from in [directory.path(), &infra] {
        let listed = run(&["policy", "list", "--category", "queues"], b"", &[], from);
        assert_eq!((listed.code, listed.stdout.contains("queue_without_alarm")), (0, true), "{listed:?}");
        assert_eq!(run(&["policy", "explain", "queue_without_alarm"], b"", &[], from).code, 0);
        let tested = run(&["policy", "test"], b"", &[], from);
        assert!(tested.code == 0 && tested.stdout.contains("2 passed"), "{tested:?}");
        let valid = run(&["policy", "validate"], b"", &[], from);
        assert!(valid.code == 0 && valid.stdout.contains('1'), "{valid:?}");
    }
    // What is named twice is read once, and a path that is given is all that is tested.
    let twice = run(&["policy", "list", "--category", "queues", "--policies", "rules"], b"", &[], directory.path());
    assert_eq!(twice.stdout.matches("queue_without_alarm").count(), 1, "{}", twice.stdout);
    assert_eq!(run(&["policy", "test", "infra"], b"", &[], directory.path()).code, 2);
}

#[test]
fn another_settings_file_can_be_named() {
    let directory = with_settings("conf.hcl");
    let queues = ["policy", "list", "--category", "queues"];
    assert_eq!(run(&queues, b"", &[], directory.path()).code, 2, "nobody names the directory");
    let more = ["--config", "conf.hcl"];
    assert_eq!(run(&[&queues[..], &more].concat(), b"", &[], directory.path()).code, 0);
    for command in [&["policy", "explain", "queue_without_alarm"][..], &["policy", "test"], &["policy", "validate"]] {
        assert_eq!(run(&[command, &more].concat(), b"", &[], directory.path()).code, 0, "{command:?}");
        let missing = run(&[command, &["--config", "none.hcl"]].concat(), b"", &[], directory.path());
        assert!(missing.code == 2 && missing.stderr.contains("--config none.hcl"), "{command:?}: {missing:?}");
    }
}

#[test]
fn faulty_settings_are_told_and_the_rest_is_done() {
    let directory = with_settings(".planfit.hcl");
    directory.write(".planfit.hcl", "policy_paths = [\"rules\"]\nfail_levle = \"low\"\n");
    for command in [
        &["policy", "list"][..],
        &["policy", "explain", "queue_without_alarm"],
        &["policy", "test"],
        &["policy", "validate"],
    ] {
        let output = run(command, b"", &[], directory.path());
        assert_eq!(output.code, 2, "{command:?}");
        assert!(output.stderr.contains("fail_levle") && output.stderr.contains(".planfit.hcl:2"), "{}", output.stderr);
        assert!(!output.stdout.is_empty(), "{command:?}");
    }
}
