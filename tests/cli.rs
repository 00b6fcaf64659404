//! The command line as scripts and runners see it: exit codes, sinks, GitHub Actions, colours, paths.

#![expect(
    clippy::needless_pass_by_value,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::{Value, json};

use support::{Directory, Output, run};

/// A service without a circuit breaker (an error) and a log group that lasts three days (a warning).
const SOURCE: &str = r#"resource "aws_ecs_service" "web" {
  name          = "web"
  desired_count = 2
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "web"
  retention_in_days = 3
}
"#;

const BREAKER: &str = "ecs_no_circuit_breaker";
const RETENTION: &str = "log_group_retention_too_short";

fn change(address: &str, after: Value) -> Value {
    json!({"address": address, "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": {}}})
}

fn plan(changes: &[Value]) -> String {
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": {}}}).to_string()
}

fn web() -> String {
    plan(&[
        change("aws_ecs_service.web", json!({"name": "web", "desired_count": 2, "deployment_circuit_breaker": []})),
        change("aws_cloudwatch_log_group.web", json!({"name": "web", "retention_in_days": 3})),
    ])
}

/// A stack with its plan: `main.tf` and `plan.json`.
fn stack() -> Directory {
    let directory = Directory::new();
    directory.write("main.tf", SOURCE);
    directory.write("plan.json", web());
    directory
}

const BOTH: [&str; 6] = ["check", "plan.json", "--policy", BREAKER, "--policy", RETENTION];

#[track_caller]
fn check_with(more: &[&str], variables: &[(&str, &str)]) -> Output {
    run(&[&BOTH[..], more].concat(), b"", variables, stack().path())
}

#[track_caller]
fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn places(report: &Value) -> Vec<String> {
    let place = |finding: &Value| {
        let location = &finding["location"];
        format!("{}:{}", location["path"].as_str().unwrap_or("nowhere"), location["start"]["line"])
    };
    report["findings"].as_array().unwrap().iter().map(place).collect()
}

fn messages(report: &Value, level: &str) -> Vec<String> {
    let remarks = report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
    remarks.map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

/// The files below a directory, temporary ones too.
fn files(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

// Exit codes.

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
        (&["check"], "required"),
        (&["check", "plan.json", "--loud"], "--loud"),
        (&["check", "plan.json", "--fail-level", "urgent"], "critical"),
        (&["check", "plan.json", "--output", "xml"], "there is no format \"xml\"; there are human, github and json"),
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

// Sinks.

#[test]
fn a_file_is_written_with_its_directories_and_the_human_report_stays_on_standard_output() {
    let directory = stack();
    let output = run(&[&BOTH[..], &["--output", "json=out/deep/report.json"]].concat(), b"", &[], directory.path());
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    assert!(output.stdout.starts_with("error  ecs_no_circuit_breaker"), "{}", output.stdout);
    let text = fs::read_to_string(directory.path().join("out/deep/report.json")).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&written["outcome"], written["findings"].as_array().unwrap().len()), (&json!("findings"), 2));
    assert_eq!(files(&directory.path().join("out/deep")), ["report.json"], "nothing temporary is left");
}

#[test]
fn files_are_written_without_findings_and_with_exit_two() {
    let directory = stack();
    for (input, outcome, code) in [("calm.json", "pass", 0), ("none.json", "error", 2)] {
        directory.write("calm.json", plan(&[]));
        directory.write("report.json", "an older report");
        let output = run(&["check", input, "--output", "json=report.json"], b"", &[], directory.path());
        let written = fs::read_to_string(directory.path().join("report.json")).unwrap();
        assert_eq!(output.code, code);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap()["outcome"], outcome);
    }
}

#[test]
fn several_sinks_are_written_in_one_run() {
    let directory = stack();
    let more =
        ["--output", "json", "--output", "github=notes.txt", "--output", "human=report.txt", "--color", "always"];
    let output = run(&[&BOTH[..], &more].concat(), b"", &[], directory.path());
    assert_eq!((output.code, places(&report(&output)).len()), (1, 2));
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    assert!(read("notes.txt").starts_with("::error file=main.tf,line=1,"), "{}", read("notes.txt"));
    assert!(read("report.txt").starts_with("error  ecs_no_circuit_breaker"), "no colours in a file");
    assert!(!read("report.txt").contains('\u{1b}'), "no colours in a file");
}

#[test]
fn a_sink_that_cannot_be_written_is_two_and_the_others_are_written() {
    let directory = stack();
    directory.write("taken/file", "");
    directory.write("file", "");
    let more = [
        "--output",
        "json=taken",
        "--output",
        "json=file/report.json",
        "--output",
        "json=good.json",
        "--output",
        "github",
    ];
    let output = run(&[&BOTH[..], &more].concat(), b"", &[], directory.path());
    assert_eq!(output.code, 2);
    assert!(output.stdout.starts_with("::error file=main.tf"), "{}", output.stdout);
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert!(
        lines.len() == 2
            && lines[0].starts_with("planfit: taken: ")
            && lines[1].starts_with("planfit: file/report.json: ")
    );
    assert!(directory.path().join("good.json").is_file());
    assert_eq!(files(&directory.path().join("taken")), ["file"]);
    assert_eq!(files(directory.path()), [".git", "file", "good.json", "main.tf", "plan.json", "taken"]);
}

#[test]
fn quiet_leaves_standard_output_empty() {
    for (variables, more) in [(&[][..], &["--quiet"][..]), (&[("GITHUB_ACTIONS", "true")], &["-q"])] {
        let output = check_with(more, variables);
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (1, "", ""));
    }
    let output = check_with(&["--quiet", "--output", "json"], &[]);
    assert_eq!((output.code, places(&report(&output)).len()), (1, 2), "a sink that is asked for is written");
}

#[test]
fn only_timings_tell_the_time() {
    let (plain, timed) = (check_with(&[], &[]), check_with(&["--timings"], &[]));
    assert_eq!((&plain.stdout, plain.code), (&timed.stdout, timed.code));
    assert!(timed.stderr.starts_with("planfit: time policies "), "{}", timed.stderr);
    assert_eq!(plain.stderr, "");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let directory = stack();
    let mut child = Command::new(env!("CARGO_BIN_EXE_planfit"))
        .args(BOTH)
        .env_clear()
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the findings' own code");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

// GitHub Actions.

const ACTIONS: [(&str, &str); 1] = [("GITHUB_ACTIONS", "true")];

/// The fence's token, which is new in each run.
fn token(stdout: &str) -> &str {
    stdout.lines().next().unwrap().strip_prefix("::stop-commands::").unwrap_or_else(|| panic!("no fence: {stdout}"))
}

#[test]
fn a_step_gets_the_human_report_behind_a_fence_and_annotations_after_it() {
    let output = check_with(&[], &[ACTIONS[0], ("TFACTION_TARGET", "aws/gym, eu: 1")]);
    let token = token(&output.stdout);
    assert!(token.len() >= 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    let stdout = output.stdout.replace(token, "[TOKEN]");
    let (human, annotations) = stdout.split_once("::[TOKEN]::\n").unwrap();
    assert_eq!(human.matches("[TOKEN]").count(), 1);
    assert!(human.contains("2 findings: 1 error, 1 warning, 0 notices"), "{human}");
    let lines: Vec<&str> = annotations.lines().collect();
    let title = "title=planfit ecs_no_circuit_breaker (aws/gym%2C eu%3A 1)";
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with(&format!(
            "::error file=main.tf,line=1,endLine=1,col=1,endColumn=33,{title}::aws_ecs_service.web does not"
        )),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("%0AOption 1: "), "{}", lines[0]);
    assert!(
        lines[1].starts_with(
            "::warning file=main.tf,line=8,endLine=8,col=3,endColumn=24,title=planfit log_group_retention"
        ),
        "{}",
        lines[1]
    );
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
}

#[test]
fn the_token_is_new_in_each_run() {
    let (one, two) = (check_with(&[], &ACTIONS), check_with(&[], &ACTIONS));
    assert_ne!(token(&one.stdout), token(&two.stdout));
    assert_eq!(one.stdout.replace(token(&one.stdout), ""), two.stdout.replace(token(&two.stdout), ""));
}

#[test]
fn whether_this_is_a_step_is_asked_of_the_environment_unless_it_is_said() {
    let plain = check_with(&[], &[]).stdout;
    let is_step =
        |more: &[&str], variables: &[(&str, &str)]| check_with(more, variables).stdout.starts_with("::stop-commands::");
    assert!(is_step(&[], &ACTIONS));
    assert!(is_step(&["--ci", "github"], &[]));
    assert!(is_step(&["--ci", "github"], &[ACTIONS[0], ("PRE_COMMIT", "1")]));
    for variables in [&[("GITHUB_ACTIONS", "false")][..], &[("CI", "true")], &[ACTIONS[0], ("PRE_COMMIT", "1")]] {
        assert_eq!(check_with(&[], variables).stdout, plain, "{variables:?}");
    }
    assert_eq!(check_with(&["--ci", "none"], &ACTIONS).stdout, plain);
}

#[test]
fn annotations_can_be_switched_off() {
    let output = check_with(&["--annotations", "none"], &ACTIONS);
    assert!(!output.stdout.contains("::error") && !output.stdout.contains("::warning"), "{}", output.stdout);
    assert!(output.stdout.contains("2 findings"), "{}", output.stdout);
}

#[test]
fn a_machine_format_on_standard_output_stands_alone() {
    let output = check_with(&["--output", "json"], &ACTIONS);
    assert_eq!(places(&report(&output)).len(), 2);
    let output = check_with(&["--output", "github"], &[]);
    assert!(
        output.stdout.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")),
        "no human text"
    );
}

#[test]
fn text_of_a_pull_request_forges_no_command() {
    let forged = "x\n::error::forged\r##[add-mask]forged\u{1b}[2J ::warning file=a::forged";
    let containers = json!([{"name": forged}]).to_string();
    let directory = Directory::new();
    directory.write(
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"t\" {\n  family = \"t\" # ##[group]forged\u{1b}[1m\n}\n",
    );
    directory
        .write("plan.json", plan(&[change("aws_ecs_task_definition.t", json!({"container_definitions": containers}))]));
    for more in [&["--ci", "github"][..], &["--ci", "none"], &["--output", "github"], &["--output", "json"]] {
        let arguments = [&["check", "plan.json", "--policy", "ecs_task_without_logs"][..], more].concat();
        let output = run(&arguments, b"", &[("TFACTION_TARGET", forged)], directory.path());
        assert_eq!(output.code, 1);
        assert!(output.stdout.contains("forged"), "the name is shown, in another form");
        assert!(!output.stdout.contains('\r') && !output.stdout.contains("\u{1b}[2J"), "{more:?}: {}", output.stdout);
        for line in output.stdout.lines().map(str::trim_start) {
            let fence = line.starts_with("::stop-commands::planfit") || line.starts_with("::planfit");
            let annotation = line.starts_with("::error ") && line.contains("title=planfit ecs_task_without_logs (");
            assert!(fence || annotation || !line.starts_with("::"), "{more:?}: {line}");
            // The runner looks for the old form in lines that are no command of the new form.
            assert!(annotation || !line.contains("##["), "{more:?}: {line}");
        }
    }
}

// Colours.

#[test]
fn colours_come_when_they_are_wanted() {
    let coloured = |more: &[&str], variables: &[(&str, &str)]| check_with(more, variables).stdout.contains("\u{1b}[");
    assert!(!coloured(&[], &[]), "this is no terminal");
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&[], &ACTIONS), "the log view shows them");
    assert!(!coloured(&["--color", "never"], &ACTIONS));
}

#[test]
fn colours_change_nothing_else() {
    let (plain, coloured) = (check_with(&[], &[]).stdout, check_with(&["--color", "always"], &[]).stdout);
    let mut bare = String::new();
    let mut pieces = coloured.split("\u{1b}[");
    bare.push_str(pieces.next().unwrap());
    for piece in pieces {
        bare.push_str(piece.split_once('m').unwrap().1);
    }
    assert_eq!(bare, plain);
}

// Where the source is, and how paths are shown.

#[test]
fn paths_are_shown_from_the_root_of_the_repository() {
    let directory = Directory::new();
    directory.write("stacks/web/main.tf", SOURCE);
    directory.write("stacks/web/plan.json", web());
    directory.write("other/x", "");
    for (from, input, base, shown) in [
        (".", "stacks/web/plan.json", "git-root", "stacks/web/main.tf"),
        ("stacks/web", "plan.json", "git-root", "stacks/web/main.tf"),
        ("stacks", "./web/../web/plan.json", "git-root", "stacks/web/main.tf"),
        ("other", "../stacks/web/plan.json", "git-root", "stacks/web/main.tf"),
        (".", "stacks/web/plan.json", "cwd", "stacks/web/main.tf"),
        ("stacks/web", "plan.json", "cwd", "main.tf"),
    ] {
        let arguments = ["check", input, "--output", "json", "--path-base", base, "--policy", BREAKER];
        let output = run(&arguments, b"", &[], &directory.path().join(from));
        assert_eq!(places(&report(&output)), [format!("{shown}:1")], "{from} {base}");
    }
    let absolute = directory.path().join("stacks/web/plan.json");
    let arguments = ["check", absolute.to_str().unwrap(), "--output", "json", "--policy", BREAKER];
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(places(&report(&output)), ["stacks/web/main.tf:1"]);
    assert_eq!(report(&output)["findings"][0]["input"], "stacks/web/plan.json");
}

#[test]
fn annotations_are_relative_to_the_root_whatever_the_base() {
    let directory = Directory::new();
    directory.write("web/main.tf", SOURCE);
    directory.write("web/plan.json", web());
    for base in ["git-root", "cwd"] {
        let arguments = ["check", "plan.json", "--output", "github", "--path-base", base, "--policy", BREAKER];
        let output = run(&arguments, b"", &[], &directory.path().join("web"));
        if base == "git-root" {
            assert!(output.stdout.starts_with("::error file=web/main.tf,"), "{}", output.stdout);
        }
    }
}

#[test]
fn the_source_is_where_dir_says_else_beside_the_plan_else_where_tfaction_works_else_here() {
    let directory = Directory::new();
    for place in ["asked", "beside", "tfaction", "here"] {
        directory.write(&format!("{place}/main.tf"), SOURCE);
    }
    directory.write("beside/plan.json", web());
    directory.write("here/plans/plan.json", web());
    let here = directory.path().join("here");
    let from = |input: &str, more: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["check", input, "--output", "json", "--policy", BREAKER], more].concat();
        let report = report(&run(&arguments, web().as_bytes(), variables, &here));
        let [place] = &places(&report)[..] else { panic!("one finding") };
        (place.replace("/main.tf:1", ""), report["run"]["working_directory"].as_str().unwrap().to_owned())
    };
    let tfaction = [("TFACTION_WORKING_DIR", "tfaction")];
    for (input, more, variables, place) in [
        ("../beside/plan.json", &["--dir", "../asked"][..], &tfaction[..], "asked"),
        ("../beside/plan.json", &[], &tfaction, "beside"),
        ("plans/plan.json", &[], &tfaction, "tfaction"),
        ("-", &[], &tfaction, "tfaction"),
        ("-", &["--dir", "../asked"], &tfaction, "asked"),
        ("plans/plan.json", &[], &[], "here"),
        ("-", &[], &[], "here"),
        ("-", &[], &[("TFACTION_WORKING_DIR", "")], "here"),
    ] {
        assert_eq!(
            from(input, more, variables),
            (place.to_owned(), place.to_owned()),
            "{input} {more:?} {variables:?}"
        );
    }
}

#[test]
fn a_directory_that_is_not_there_is_two_and_the_findings_are_reported() {
    let directory = stack();
    let arguments = ["check", "plan.json", "--output", "json", "--dir", "none", "--policy", BREAKER];
    let output = run(&arguments, b"", &[], directory.path());
    let report = report(&output);
    assert_eq!((output.code, places(&report)), (2, vec!["nowhere:null".to_owned()]));
    assert_eq!(messages(&report, "error"), ["--dir none: there is no such directory"]);
}

#[test]
fn without_source_the_address_and_the_plan_are_named() {
    let directory = Directory::new();
    directory.write("plan.json", web());
    let output = run(&["check", "plan.json", "--policy", BREAKER], b"", &[], directory.path());
    assert!(output.stdout.contains("    at aws_ecs_service.web in plan.json\n"), "{}", output.stdout);
    assert!(output.stdout.contains("no .tf files in ."), "{}", output.stdout);
    let annotations =
        run(&["check", "plan.json", "--output", "github", "--policy", BREAKER], b"", &[], directory.path());
    assert!(annotations.stdout.starts_with("::error title=planfit"), "no file: {}", annotations.stdout);
}

#[test]
fn the_target_and_the_directory_are_in_the_report() {
    let output = check_with(&["--output", "json"], &[("TFACTION_TARGET", "aws/gym")]);
    assert_eq!(report(&output)["run"], json!({"mode": "plan", "target": "aws/gym", "working_directory": "."}));
    let output = check_with(&["--output", "json"], &[]);
    assert_eq!(report(&output)["run"]["target"], Value::Null);
}

// Modules that are not ours.

const GROUP: &str =
    "resource \"aws_cloudwatch_log_group\" \"this\" {\n  name              = \"web\"\n  retention_in_days = 3\n}\n";

/// A stack that calls a module of a registry as `terraform init` leaves it; the entries are key and directory.
fn with_modules(data_directory: &str, entries: &[(&str, &str)]) -> Directory {
    let directory = Directory::new();
    let entry = |(key, path): &(&str, &str)| json!({"Key": key, "Source": "x/y/z", "Version": "1.0.0", "Dir": path});
    let mut modules = vec![json!({"Key": "", "Source": "", "Dir": "."})];
    modules.extend(entries.iter().map(entry));
    let manifest = json!({"Modules": modules});
    directory.write(&format!("{data_directory}/modules/modules.json"), manifest.to_string());
    directory
}

#[track_caller]
fn check_group(directory: &Directory, address: &str, from: &str, variables: &[(&str, &str)]) -> Value {
    directory
        .write(&format!("{from}/plan.json"), plan(&[change(address, json!({"name": "web", "retention_in_days": 3}))]));
    let arguments = ["check", "plan.json", "--output", "json", "--policy", RETENTION];
    let report = report(&run(&arguments, b"", variables, &directory.path().join(from)));
    let [finding] = &report["findings"].as_array().unwrap()[..] else { panic!("not one finding: {report}") };
    finding.clone()
}

fn at(location: &Value) -> String {
    format!("{}:{}:{}", location["path"].as_str().unwrap(), location["start"]["line"], location["start"]["column"])
}

#[test]
fn a_finding_in_a_remote_module_stands_at_the_call_in_our_code() {
    let directory = with_modules(".terraform", &[("logs", ".terraform/modules/logs")]);
    directory.write("main.tf", "locals {}\n\nmodule \"logs\" {\n  source = \"x/y/z\"\n}\n");
    directory.write(".terraform/modules/logs/main.tf", GROUP);
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!(at(&finding["location"]), "main.tf:3:1");
    assert_eq!(finding["location"]["end"], json!({"line": 3, "column": 14}));
    let [related] = &finding["related"].as_array().unwrap()[..] else { panic!("one related place") };
    assert_eq!(at(&related["location"]), ".terraform/modules/logs/main.tf:3:3");
    assert_eq!(related["message"], "set in module.logs");
    let output = run(&["check", "plan.json", "--output", "github", "--policy", RETENTION], b"", &[], directory.path());
    assert!(output.stdout.starts_with("::warning file=main.tf,line=3,"), "{}", output.stdout);
    assert!(
        output.stdout.contains("%0A.terraform/modules/logs/main.tf line 3: set in module.logs"),
        "{}",
        output.stdout
    );
}

#[test]
fn the_call_in_our_code_may_be_several_modules_above() {
    let entries = [
        ("app", "modules/app"),
        ("app.logs", ".terraform/modules/app.logs/sub"),
        ("app.logs.inner", ".terraform/modules/app.logs/sub/inner"),
    ];
    let directory = with_modules("stack/.terraform", &entries);
    directory.write("stack/main.tf", "module \"app\" {\n  source = \"./modules/app\"\n}\n");
    directory.write(
        "stack/modules/app/main.tf",
        "\nmodule \"logs\" {\n  count  = 2\n  source = \"git::https://x/y.git//sub\"\n}\n",
    );
    directory.write("stack/.terraform/modules/app.logs/sub/main.tf", "module \"inner\" {\n  source = \"./inner\"\n}\n");
    directory.write("stack/.terraform/modules/app.logs/sub/inner/main.tf", GROUP);
    let address = "module.app.module.logs[1].module.inner.aws_cloudwatch_log_group.this";
    let finding = check_group(&directory, address, "stack", &[]);
    assert_eq!(at(&finding["location"]), "stack/modules/app/main.tf:2:1", "the innermost call that we can change");
    let inner = "stack/.terraform/modules/app.logs/sub/inner/main.tf:3:3";
    assert_eq!(at(&finding["related"][0]["location"]), inner);
}

#[test]
fn modules_are_found_where_terraform_keeps_its_data() {
    let address = "module.logs.aws_cloudwatch_log_group.this";
    for (data, place) in [("data", "stack/data"), ("./data", "stack/data"), ("../data", "data")] {
        let directory = with_modules(place, &[("logs", &format!("{data}/modules/logs"))]);
        directory.write("stack/main.tf", "module \"logs\" {\n  source = \"x/y/z\"\n}\n");
        directory.write(&format!("{place}/modules/logs/main.tf"), GROUP);
        let finding = check_group(&directory, address, "stack", &[("TF_DATA_DIR", data)]);
        assert_eq!(at(&finding["location"]), "stack/main.tf:1:1", "{data}");
        assert_eq!(finding["related"].as_array().unwrap().len(), 1, "{data}");
    }
}

#[test]
fn a_module_that_is_not_at_hand_is_placed_at_its_call_and_named() {
    let directory = Directory::new();
    directory.write("main.tf", "module \"logs\" {\n  source = \"x/y/z\"\n}\n");
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!((at(&finding["location"]), &finding["related"]), ("main.tf:1:1".to_owned(), &json!([])));
    let output = run(&["check", "plan.json", "--output", "json"], b"", &[], directory.path());
    let report = report(&output);
    assert!(
        messages(&report, "notice")[0].starts_with("module.logs: this module is not at hand"),
        "{}",
        report["remarks"]
    );
    assert_eq!(report["not_evaluated"][0]["subject"], "module.logs");
}

#[test]
fn a_local_module_outside_the_stack_is_ours() {
    let directory = Directory::new();
    directory.write("stack/main.tf", "module \"logs\" {\n  source = \"../shared\"\n}\n");
    directory.write("shared/main.tf", GROUP);
    let finding = check_group(&directory, "module.logs.aws_cloudwatch_log_group.this", "stack", &[]);
    assert_eq!((at(&finding["location"]), &finding["related"]), ("shared/main.tf:3:3".to_owned(), &json!([])));
}

#[test]
fn an_override_is_the_place_of_what_it_overrides() {
    let directory = Directory::new();
    directory.write("main.tf", GROUP);
    directory
        .write("main_override.tf", "resource \"aws_cloudwatch_log_group\" \"this\" {\n\n  retention_in_days = 3\n}\n");
    let finding = check_group(&directory, "aws_cloudwatch_log_group.this", ".", &[]);
    assert_eq!(at(&finding["location"]), "main_override.tf:3:3");
}

// Trap 24 of the formats: two exports of one state, of which the older one still has what is long gone.
#[test]
fn of_two_copies_of_one_state_the_newer_is_judged() {
    let state = |lineage: &str, serial: u64, name: &str| {
        json!({"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage, "outputs": {}, "resources": [
            {"mode": "managed", "type": "aws_eip", "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
             "instances": [{"schema_version": 0, "attributes": {"id": "eipalloc-0a1b2c3d4e5f60718", "association_id": "", "instance": "", "network_interface": ""}}]}
        ]}).to_string()
    };
    let directory = Directory::new();
    directory.write("old.tfstate", state("a", 3, "old"));
    directory.write("new.tfstate", state("a", 5, "new"));
    directory.write("other.tfstate", state("b", 1, "other"));
    let arguments = [
        "check",
        "old.tfstate",
        "new.tfstate",
        "other.tfstate",
        "--policy",
        "elastic_ip_unattached",
        "--output",
        "json",
    ];
    let output = run(&arguments, b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().filter_map(|f| f["address"].as_str()).collect();
    assert_eq!(found, ["aws_eip.new", "aws_eip.other"]);
    let left_out = report["not_evaluated"].to_string();
    assert!(left_out.contains("it is a copy of new.tfstate with serial 3, and that one has 5"), "{left_out}");
}
