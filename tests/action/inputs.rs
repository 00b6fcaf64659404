//! What a step hands to planfit.

use std::fs;

use crate::runner::{Done, Step};

/// The arguments without the sinks, whose directory is new in each run.
#[track_caller]
fn arguments(done: &Done) -> Vec<String> {
    let all = done.arguments.as_ref().unwrap_or_else(|| unreachable!("planfit was not started: {done:?}"));
    all.iter().filter(|argument| !argument.starts_with("--output=")).cloned().collect()
}

#[test]
fn without_inputs_the_working_directory_is_checked_and_every_report_is_written() {
    let step = Step::with_stub();
    let done = step.run();
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (0, "", ""));
    assert_eq!(arguments(&done), ["check", "--ci", "github", "--"]);
    let all = done.arguments.unwrap();
    let sinks: Vec<&str> = all.iter().filter_map(|argument| argument.strip_prefix("--output=")).collect();
    let directory = sinks[0].strip_prefix("json=").unwrap().strip_suffix("/findings.json").unwrap();
    assert!(directory.starts_with("[WORLD]/temp/planfit."), "{directory}");
    let wanted = [
        "json=D/findings.json",
        "sarif=D/planfit.sarif",
        "junit=D/junit.xml",
        "markdown=D/summary.md",
        "comment=D/comment.md",
    ];
    assert_eq!(sinks, wanted.map(|sink| sink.replace('D', directory)));
}

#[test]
fn every_input_becomes_an_argument() {
    let step = Step::with_stub()
        .input("plan-json", "/tmp/plan.json")
        .input("paths", "envs/prd\nenvs/stg\n")
        .input("working-directory", "infra")
        .input("config", "conf/planfit.hcl")
        .input("policies", "policies\r\nmore\r\n")
        .input("fail-level", "low")
        .input("changed-only", "true")
        .input("args", "--pedantic\n--input=a=b");
    let wanted = [
        "check",
        "--ci",
        "github",
        "--config=conf/planfit.hcl",
        "--fail-level=low",
        "--policies=policies",
        "--policies=more",
        "--changed-only",
        "--dir=infra",
        "--pedantic",
        "--input=a=b",
        "--",
        "/tmp/plan.json",
        "envs/prd",
        "envs/stg",
    ];
    assert_eq!(arguments(&step.run()), wanted);
}

#[test]
fn nothing_in_an_input_is_run_or_becomes_an_option() {
    let evil = "a b'\"$(touch ../ran)`touch ../ran`; touch ../ran; rm -rf \\ *";
    let step = Step::with_stub()
        .input("plan-json", &format!("-{evil}"))
        .input("paths", &format!("--fail-level=none\n\n  {evil}\n"))
        .input("working-directory", evil)
        .input("config", "--quiet")
        .input("args", evil);
    let done = step.run();
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (0, "", ""));
    let wanted = [
        "check",
        "--ci",
        "github",
        "--config=--quiet",
        &format!("--dir={evil}"),
        evil,
        "--",
        &format!("-{evil}"),
        "--fail-level=none",
        &format!("  {evil}"),
    ];
    assert_eq!(arguments(&done), wanted);
    assert!(!step.path("ran").exists() && !step.path("workspace/ran").exists());
}

#[test]
fn a_directory_may_be_called_anything() {
    let step = Step::with_stub();
    let directory = step.path("workspace/; rm -rf $HOME 'x' \"y\"\nz");
    fs::create_dir_all(&directory).unwrap();
    let done = step.within(&directory).run();
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(arguments(&done), ["check", "--ci", "github", "--"]);
}

#[test]
fn targets_get_no_reports_and_no_directory() {
    let step = Step::with_stub()
        .input("command", "targets")
        .input("args", "--drift-only")
        .input("working-directory", "infra")
        .variable("TFACTION_WORKING_DIR", "x");
    assert_eq!(step.run().arguments.unwrap(), ["targets", "--ci", "github", "--drift-only", "--"]);
}

#[test]
fn the_exit_code_is_that_of_planfit() {
    for code in [0, 1, 2] {
        assert_eq!(Step::with_stub().variable("STUB_CODE", &code.to_string()).run().code, code);
    }
}

#[test]
fn what_an_input_must_be_is_told() {
    let table = [
        ("command", "plan", "command must be check, targets or install"),
        ("command", "check\nx", "command must be check, targets or install"),
        ("install", "latest", "install must be auto, path, release or source"),
        ("changed-only", "yes", "changed-only must be true or false"),
    ];
    for (name, value, message) in table {
        let done = Step::with_stub().input(name, value).run();
        assert_eq!((done.code, done.stdout.as_str()), (2, &*format!("::error title=planfit::{message}\n")));
        assert_eq!((done.arguments, done.outputs.get("outcome").map(String::as_str)), (None, Some("error")));
        assert_eq!(done.summary, "");
    }
}
