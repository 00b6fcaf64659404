//! Exit codes, and how policies are chosen.

use std::env;

use crate::stack::{BREAKER, RETENTION, check_with, messages, report, stack};
use crate::support::{Directory, run};

#[test]
fn no_error_is_zero_an_error_is_one_and_no_answer_is_two() {
    let directory = stack();
    let code = |arguments: &[&str]| run(arguments, b"", &[], directory.path()).code;
    assert_eq!(code(&["check", "plan.json", "--policy", RETENTION]), 0, "a warning is no error");
    assert_eq!(code(&["check", "plan.json", "--policy", BREAKER]), 1);
    assert_eq!(code(&["check", "none.json", "--policy", BREAKER]), 2);
    assert_eq!(code(&["check", "none.json", "plan.json", "--policy", BREAKER]), 2, "two wins over one");
}

#[test]
fn the_fail_level_decides_what_an_error_is() {
    for (level, code, word) in [
        ("critical", 0, "warning"),
        ("high", 1, "error"),
        ("medium", 1, "error"),
        ("low", 1, "error"),
        ("none", 0, "warning"),
    ] {
        let output = check_with(&["--fail-level", level, "--output", "json"], &[]);
        assert_eq!((output.code, report(&output)["findings"][0]["level"].as_str()), (code, Some(word)), "{level}");
    }
    assert_eq!(check_with(&[], &[]).code, 1, "high is the default");
}

#[test]
fn a_drift_job_never_fails_unless_it_is_told_to() {
    let drift = [("TFACTION_DRIFT_ISSUE_NUMBER", "17")];
    assert_eq!(check_with(&[], &drift).code, 0);
    assert_eq!(check_with(&["--fail-level", "high"], &drift).code, 1);
    assert_eq!(check_with(&[], &[("TFACTION_DRIFT_ISSUE_NUMBER", "")]).code, 1, "an empty variable is unset");
    let missing = run(&["check", "none.json"], b"", &drift, Directory::new().path());
    assert_eq!(missing.code, 2, "no answer is no answer");
}

#[test]
fn wrong_usage_is_two_with_a_word_on_standard_error() {
    let cases: [(&[&str], &str); 11] = [
        (&[], "Usage"),
        (&["judge"], "unrecognized subcommand"),
        (&["check", "--from-files"], "required"),
        (&["check", "plan.json", "--loud"], "--loud"),
        (&["check", "plan.json", "--fail-level", "urgent"], "critical"),
        (
            &["check", "plan.json", "--output", "xml"],
            "there is no format \"xml\"; there are human, github, json, sarif, rdjsonl",
        ),
        (&["check", "plan.json", "--output", "json="], "there is no path behind"),
        (&["check", "plan.json", "--output", "json", "--output", "json"], "only one format can go to standard output"),
        (&["check", "plan.json", "--output", "json", "--output", "human"], "only one format can go to standard output"),
        (
            &["check", "plan.json", "--output", "github", "--output", "json=-"],
            "only one format can go to standard output",
        ),
        (&["check", "plan.json", "--threads", "many"], "--threads"),
    ];
    for (arguments, words) in cases {
        let output = run(arguments, b"", &[], stack().path());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(output.stderr.contains(words), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn help_and_version_are_answers() {
    for (arguments, words) in [
        (&["--help"][..], "Usage: planfit"),
        (&["check", "--help"], "--fail-level <SEVERITY>"),
        (&["--version"], concat!("planfit ", env!("CARGO_PKG_VERSION"))),
    ] {
        let output = run(arguments, b"", &[], Directory::new().path());
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(output.stdout.contains(words), "{arguments:?}: {}", output.stdout);
    }
}

#[test]
fn a_policy_that_is_not_there_is_two_with_a_hint() {
    let directory = stack();
    let arguments = ["check", "plan.json", "--output", "json", "--policy", "ecs_no_circuit_braker"];
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(output.code, 2);
    let errors = messages(&report(&output), "error");
    assert!(errors[0].ends_with("did you mean ecs_no_circuit_breaker?"), "{errors:?}");
}

#[test]
fn a_policy_is_chosen_by_id_alias_or_category() {
    for name in [RETENTION, "CKV_AWS_338", "log_retention"] {
        let directory = stack();
        let output = run(&["check", "plan.json", "--output", "json", "--policy", name], b"", &[], directory.path());
        let report = report(&output);
        let policies = report["findings"].as_array().unwrap().iter().map(|finding| finding["policy"].as_str().unwrap());
        assert!(
            policies.clone().any(|policy| policy == RETENTION) && !policies.into_iter().any(|id| id == BREAKER),
            "{name}"
        );
    }
}
