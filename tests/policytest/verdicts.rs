//! How a mock ends, and what is judged of it.

use planfit::finding::Level;
use planfit::policytest::Status::{self, Failed, Passed, Skipped};

use crate::running::{SIZE, run, statuses, told};

#[test]
fn a_mock_passes_if_all_policies_pass_and_is_expected_to_fail_if_one_must() {
    let test = r#"
resource "t_x" "large" {
  attrs = { size = 3 }
}
resource "t_x" "small" {
  attrs = { size = 2 }
}
resource "t_x" "small_expected" {
  attrs          = { size = 2 }
  expect_failure = true
}
resource "t_x" "large_expected" {
  attrs          = { size = 3 }
  expect_failure = true
}
"#;
    let told = told(SIZE, test);
    let statuses: Vec<Status> = told.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(statuses, [Passed, Failed, Passed, Failed]);
    assert_eq!(told[1].2, ["small: t_x.small has 2."]);
    assert_eq!(told[3].2, ["a failure is expected, and no policy fails"]);
}

#[test]
fn an_attribute_that_a_mock_lacks_is_an_error_unless_the_policy_tries() {
    let lacking = "resource \"t_x\" \"a\" {\n  attrs = {}\n}\n";
    let told = told(SIZE, lacking);
    assert_eq!(told[0].1, Failed);
    assert!(told[0].2[0].contains("cannot be evaluated") && told[0].2[0].contains("\"size\""), "{told:?}");
    let tries = SIZE.replace("attrs.size >= input.min", "core::try(attrs.size, 9) >= input.min");
    assert_eq!(statuses(&tries, lacking), [Passed]);
}

#[test]
fn an_error_counts_as_the_failure_that_is_expected_and_is_told() {
    let run = run(SIZE, "resource \"t_x\" \"a\" {\n  attrs = {}\n  expect_failure = true\n}\n");
    let case = &run.cases[0];
    assert_eq!(case.status, Passed);
    assert_eq!(case.notes.iter().map(|note| note.level).collect::<Vec<_>>(), [Level::Warning]);
    assert!(case.notes[0].message.starts_with("small: the policy cannot be evaluated"), "{case:?}");
}

#[test]
fn what_is_not_decided_is_neither_a_pass_nor_the_failure_that_is_expected() {
    let policy = SIZE.replace("attrs.size >= input.min", "core::gethttprequest(\"https://example.com\") == attrs.size");
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\nresource \"t_x\" \"b\" {\n  attrs = { size = 1 }\n  expect_failure = true\n}\n";
    let told = told(&policy, test);
    assert_eq!(told.iter().map(|(_, status, _)| *status).collect::<Vec<_>>(), [Failed, Failed]);
    assert!(told.iter().all(|(_, _, notes)| notes.iter().any(|note| note.contains("not decided"))), "{told:?}");
}

#[test]
fn one_policy_that_fails_is_enough_where_a_failure_is_expected() {
    let second = SIZE.replace("\"small\" {", "\"other\" {").replace(">= input.min", "!= 0");
    let second = second.split_once("resource_policy").map(|(_, rest)| format!("resource_policy{rest}")).unwrap();
    let test = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n  expect_failure = true\n}\n";
    assert_eq!(statuses(&format!("{SIZE}{second}"), test), [Passed]);
}

/// A policy for each operation; each fails on what it judges, so the message says which one ran.
fn operations() -> String {
    let policy = |name: &str, operation: &str| {
        format!(
            "resource_policy \"t_x\" \"on_{name}\" {{\n  operations = [\"{operation}\"]\n  enforce {{\n    condition = false\n  }}\n}}\n"
        )
    };
    [("create", "create"), ("update", "update"), ("delete", "delete"), ("no_op", "no-op")]
        .map(|(name, operation)| policy(name, operation))
        .concat()
}

#[test]
fn the_operation_follows_from_the_sides_and_no_op_must_be_said() {
    let table = [
        ("attrs = { a = 1 }", vec!["on_create"]),
        ("attrs = { a = 1 }\n  prior_attrs = { a = 2 }", vec!["on_update"]),
        ("prior_attrs = { a = 1 }", vec!["on_delete"]),
        ("attrs = { a = 1 }\n  meta = { operation = \"no-op\" }", vec!["on_no_op"]),
        ("attrs = { a = 1 }\n  meta = { operation = \"update\" }", vec!["on_update"]),
        ("prior_attrs = { id = null }\n  meta = { operation = \"delete\" }", vec!["on_delete"]),
        ("prior_attrs = { a = 1 }\n  meta = { actions = [\"delete\", \"create\"] }", vec!["on_create", "on_delete"]),
        (
            "prior_attrs = { a = 1 }\n  meta = { operation = \"delete\", actions = [\"delete\", \"create\"] }",
            vec!["on_delete"],
        ),
        ("prior_attrs = { a = 1 }\n  meta = { forget = true }", vec!["on_delete"]),
    ];
    for (sides, expected) in table {
        let run = run(&operations(), &format!("resource \"t_x\" \"a\" {{\n  {sides}\n}}\n"));
        assert_eq!(run.faults, [""; 0], "{sides}");
        let mut ran: Vec<&str> =
            run.cases[0].notes.iter().map(|note| note.message.split(':').next().unwrap()).collect();
        ran.sort_unstable();
        assert_eq!(ran, expected, "{sides}");
    }
}

#[test]
fn a_mock_that_no_policy_judges_passes_and_says_so() {
    let policy = SIZE.replace("  enforce {", "  operations = [\"create\"]\n  enforce {");
    let told = told(
        &policy,
        "resource \"t_x\" \"gone\" {\n  prior_attrs = { size = 1 }\n}\nresource \"t_y\" \"a\" {\n  attrs = {}\n}\n",
    );
    assert_eq!(told[0].2, ["no policy of this test judges its delete"]);
    assert_eq!(told[1].2, ["no policy of this test is about t_y"]);
    assert!(told.iter().all(|(_, status, _)| *status == Passed));
}

#[test]
fn what_is_skipped_is_not_judged_and_is_seen_by_others() {
    let policy = r#"
resource_policy "t_bucket" "unversioned" {
  enforce {
    condition = core::length(core::getresources("t_versioning", { bucket = attrs.id })) > 0
  }
}
resource_policy "t_versioning" "never" {
  enforce {
    condition = false
  }
}
"#;
    let test = r#"
resource "t_bucket" "a" {
  attrs = { id = "a" }
}
resource "t_bucket" "b" {
  attrs = { id = "b" }
}
resource "t_versioning" "a" {
  skip  = true
  attrs = { bucket = t_bucket.a.id }
}
"#;
    assert_eq!(statuses(policy, test), [Passed, Failed, Skipped]);
}
