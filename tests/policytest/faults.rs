//! What is said of a wrong test file.

use planfit::policytest::Status::{self, Failed, Passed};

use crate::running::{SIZE, run, statuses};

#[test]
fn a_value_that_is_not_of_the_inputs_type_is_a_fault() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 2 }\n  inputs {\n    min = \"2\"\n  }\n}\n";
    assert_eq!(statuses(SIZE, mock), [Passed], "a text that is a number is one");
    let run = run(SIZE, &mock.replace("\"2\"", "[2]"));
    assert!(run.faults.len() == 1 && run.faults[0].starts_with("x.policytest.hcl:4: "), "{:?}", run.faults);
    assert_eq!(run.cases[0].status, Failed);
}

#[test]
fn every_fault_of_a_test_file_has_its_place_and_the_other_mocks_run() {
    let test = r#"targets = []
policytest {
  target = ["x.policy.hcl"]
}
resource "t_x" {
  attrs = {}
}
resource "t_x" "typo" {
  attrs         = { size = 9 }
  expct_failure = true
}
resource "t_x" "typo" {
  attrs = { size = t_x.fin.size }
}
resource "t_x" "fine" {
  attrs = { size = 9 }
}
data "t_d" "d" {
  attrs          = {}
  expect_failure = true
}
resource "t_x" "nothing" {
  skip = "yes"
}
resource "t_x" "meta" {
  attrs = 7
  meta  = { operation = "destroy", modul_path = "." }
}
resource "t_x" "loop" {
  attrs = { size = t_x.pool.size }
}
resource "t_x" "pool" {
  attrs = { size = local.loop }
}
locals {
  loop = t_x.loop.size
}
inputs {
  mini = 2
}
resources "t_x" "a" {}
resource "t_x" "call" {
  attrs = { size = core::lenght([]), b = plan::before("x") }
}
"#;
    let run = run(SIZE, test);
    let has = |line: usize, part: &str| {
        let start = format!("x.policytest.hcl:{line}: ");
        assert!(
            run.faults.iter().any(|fault| fault.starts_with(&start) && fault.contains(part)),
            "line {line}, {part}: {:#?}",
            run.faults
        );
    };
    has(1, "\"targets\" stands outside of any block");
    has(3, "the block policytest has no \"target\"; did you mean targets?");
    has(5, "a mock of a resource has two labels: a type and a name");
    has(10, "no \"expct_failure\"; did you mean expect_failure?");
    has(12, "t_x.typo is declared twice; first in line 8");
    has(13, "there is no t_x.fin in this test file; did you mean t_x.fine?");
    has(20, "a mock of a data source has no \"expect_failure\"");
    has(23, "skip is true or false, not a string");
    has(26, "attrs is an object, not a number");
    has(27, "meta of a resource has no \"modul_path\"; did you mean module_path?");
    has(27, "meta.operation is \"create\", \"update\", \"delete\" or \"no-op\"");
    has(33, "these refer to each other");
    has(39, "no policy of this test has an input \"mini\"; did you mean input.min?".split("; did").next().unwrap());
    has(41, "there is no block \"resources\" in a test file; did you mean resource?");
    has(43, "there is no function core::lenght in a test file; did you mean length?");
    has(43, "there is no function plan::before in a test file");
    let ran: Vec<(&str, Status)> = run.cases.iter().map(|case| (case.name.as_str(), case.status)).collect();
    assert_eq!(ran, [("t_x.fine", Passed)]);
}

#[test]
fn what_a_mock_says_of_its_change_must_fit_together() {
    let table = [
        ("actions = [\"destroy\"]", "meta.actions is a list as in a plan"),
        ("actions = []", "meta.actions is a list as in a plan"),
        ("actions = [\"update\"], operation = \"create\"", "meta.actions is no create: it is judged as update"),
    ];
    for (meta, part) in table {
        let run =
            run(SIZE, &format!("resource \"t_x\" \"a\" {{\n  attrs = {{ size = 1 }}\n  meta = {{ {meta} }}\n}}\n"));
        assert!(run.faults.len() == 1 && run.faults[0].contains(part), "{meta}: {:?}", run.faults);
    }
}

#[test]
fn a_text_that_is_no_hcl_is_a_fault_with_a_place() {
    let run = run(SIZE, "resource \"t_x\" \"a\" {\n  attrs = {\n");
    assert_eq!(run.faults.len(), 1);
    assert!(run.faults[0].starts_with("x.policytest.hcl:"), "{:?}", run.faults);
    assert!(run.cases.is_empty());
}

#[test]
fn a_fact_that_no_run_tells_and_a_subject_that_there_is_not_are_faults() {
    let policy = "workspace_policy \"plan\" \"w\" {\n  enforce {\n    condition = !attrs.errored\n  }\n}\n";
    let test = "workspace \"plan\" \"a\" {\n  attrs = { erored = true }\n}\n\
                workspace \"budget\" \"b\" {\n  attrs = {}\n}\n\
                workspace \"plan\" \"c\" {\n  meta = {}\n}\n";
    let run = run(policy, test);
    assert_eq!(
        run.faults,
        [
            "x.policytest.hcl:2: attrs of a plan has no \"erored\"; did you mean errored?",
            "x.policytest.hcl:4: \"budget\" is no subject of a mock; there are plan, declaration and suppression",
            "x.policytest.hcl:8: a mock of a workspace has no \"meta\"",
        ]
    );
}

#[test]
fn what_is_written_in_the_other_form_is_told() {
    let run = run(SIZE, "resource \"t_x\" \"a\" {\n  attrs = { size = 3 }\n  meta {}\n  inputs = { min = 1 }\n}\n");
    let faults: Vec<&str> = run.faults.iter().map(String::as_str).collect();
    assert_eq!(
        faults,
        [
            "x.policytest.hcl:3: a mock of a resource has no \"meta\" of this form; it is written with \"=\"",
            "x.policytest.hcl:4: a mock of a resource has no \"inputs\" of this form; it is written as a block: without \"=\"",
        ]
    );
}
