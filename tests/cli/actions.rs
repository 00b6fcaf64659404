//! GitHub Actions.

use serde_json::json;

use crate::stack::{ACTIONS, change, check_with, places, plan, report};
use crate::support::{Directory, run};

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
