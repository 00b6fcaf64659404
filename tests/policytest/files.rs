//! Which policies a test file is about.

use planfit::policytest::Status::{Failed, Passed, Skipped};

use crate::running::{SIZE, run, run_files};

#[test]
fn a_target_is_relative_to_the_test_file_and_must_match() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n";
    let with = |targets: &str| format!("policytest {{\n  targets = {targets}\n}}\n{mock}");
    let table = [
        ("[\"../a/x.policy.hcl\"]", 0, Failed),
        ("[\"../a\"]", 0, Failed),
        ("[\"../a/\"]", 0, Failed),
        ("[\"./other.policy.hcl\"]", 0, Passed),
        ("[\"nothing.policy.hcl\", \"other.policy.hcl\"]", 1, Passed),
    ];
    for (targets, faults, status) in table {
        let test = with(targets);
        let other = SIZE.replace("t_x", "t_other");
        let files = [("a/x.policy.hcl", SIZE), ("tests/other.policy.hcl", &*other), ("tests/x.policytest.hcl", &*test)];
        let run = run_files(&["tests/x.policytest.hcl"], &files);
        assert_eq!((run.faults.len(), run.cases[0].status), (faults, status), "{targets}: {:?}", run.faults);
    }
    let missing = run_files(&["t.policytest.hcl"], &[("t.policytest.hcl", &with("[\"gone/\"]"))]);
    assert_eq!(missing.faults, ["t.policytest.hcl:2: the target \"gone/\" matches no policy file (*.policy.hcl)"]);
}

#[test]
fn without_targets_the_policies_of_the_same_directory_are_tested() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n";
    let files = [("a/deep/x.policy.hcl", SIZE), ("a/x.policytest.hcl", mock)];
    let run = run_files(&["a/x.policytest.hcl"], &files);
    assert!(run.faults[0].contains("no policy to test"), "{:?}", run.faults);
    let files = [("a/y.policy.hcl", SIZE), ("a/x.policytest.hcl", mock)];
    assert_eq!(run_files(&["a/x.policytest.hcl"], &files).cases[0].status, Failed);
    let empty = format!("policytest {{\n  targets = []\n}}\n{mock}");
    let files = [("a/y.policy.hcl", SIZE), ("a/x.policytest.hcl", &*empty)];
    assert_eq!(run_files(&["a/x.policytest.hcl"], &files).cases[0].status, Failed);
}

#[test]
fn a_policy_that_does_not_load_makes_no_mock_pass() {
    let broken = SIZE.replace("attrs.size", "atrs.size");
    let run = run(&broken, "resource \"t_x\" \"a\" {\n  attrs = { size = 1 }\n}\n");
    assert!(!run.faults.is_empty());
    assert_eq!(run.cases.iter().map(|case| case.status).collect::<Vec<_>>(), [Skipped]);
}

#[test]
fn with_a_policy_file_comes_the_test_file_of_its_name() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 3 }\n}\n";
    let files = [("x.policy.hcl", SIZE), ("x.policytest.hcl", mock), ("y.policytest.hcl", mock)];
    let run = run_files(&["./x.policy.hcl"], &files);
    assert_eq!(run.cases.iter().map(|case| &*case.path).collect::<Vec<_>>(), ["x.policytest.hcl"]);
    let none = run_files(&["gone", "README.md"], &[("README.md", "")]);
    assert_eq!(none.unreadable[1], ("gone".to_owned(), "no such file".to_owned()));
    assert!(none.unreadable[0].1.contains("neither a policy"), "{:?}", none.unreadable);
}

#[test]
fn policies_and_tests_may_be_two_directories() {
    let mock = "resource \"t_x\" \"a\" {\n  attrs = { size = 5 }\n}\n";
    let targeted = format!("policytest {{\n  targets = [\"deep/x.policy.hcl\"]\n}}\n{mock}");
    let files = [
        ("policies/deep/x.policy.hcl", SIZE),
        ("policies/y.policy.hcl", "resource_policy \"t_y\" \"other\" {\n  enforce {\n    condition = false\n  }\n}\n"),
        ("tests/targeted.policytest.hcl", &*targeted),
        ("tests/untargeted.policytest.hcl", mock),
    ];
    let run = run_files(&["policies", "tests"], &files);
    assert_eq!(run.faults, [""; 0]);
    assert_eq!(run.cases.iter().map(|case| case.status).collect::<Vec<_>>(), [Passed, Passed]);
    // Of the tests alone nobody says where the policies are.
    let alone = run_files(&["tests"], &files);
    assert_eq!(
        alone.faults,
        [
            "tests/targeted.policytest.hcl:2: the target \"deep/x.policy.hcl\" matches no policy file (*.policy.hcl)",
            "tests/untargeted.policytest.hcl:1: there is no policy to test: targets names none, and its directory holds none",
        ]
    );
}
