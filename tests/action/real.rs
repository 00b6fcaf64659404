//! The action with the real planfit.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use regex::Regex;

use crate::runner::{Step, manifest, root};

fn real() -> Step {
    let step = Step::new();
    symlink(env!("CARGO_BIN_EXE_planfit"), step.path("bin/planfit")).unwrap();
    step
}

#[test]
fn targets_become_an_output() {
    let step = real().input("command", "targets");
    step.world.write("workspace/tfaction-root.yaml", "target_groups: [{working_directory: 'aws/*'}]\n");
    step.world.write("workspace/aws/a b/tfaction.yaml", "");
    let done = step.run();
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.outputs["targets"].starts_with(r#"[{"target":"aws/a b","working_directory":"aws/a b","#), "{done:?}");
    assert_eq!(done.stdout.trim_end(), done.outputs["targets"]);
    assert_eq!(done.outputs["outcome"], "pass");
}

#[test]
fn a_faulty_root_file_ends_the_step() {
    let step = real().input("command", "targets");
    let done = step.run();
    assert_eq!((done.code, done.outputs), (2, untouched()));
    assert!(done.stderr.contains("tfaction-root.yaml"), "{}", done.stderr);
    fs::write(step.path("workspace/tfaction-root.yaml"), "target_groups: []\n").unwrap();
    assert_eq!(step.run().outputs["targets"], "[]");
}

/// Every output of the action as it is where planfit has written none.
fn untouched() -> BTreeMap<String, String> {
    let value = |name: &String| match name.as_str() {
        "outcome" => "error",
        name if name.ends_with("-count") => "0",
        _ => "",
    };
    manifest().outputs.keys().map(|name| (name.clone(), value(name).to_owned())).collect()
}

#[test]
fn every_output_is_set_although_planfit_was_used_wrongly() {
    for (argument, message) in [("--no-such-option", "unexpected argument"), ("--fail-level=loud", "invalid value")] {
        let done = real().input("args", argument).run();
        assert_eq!((done.code, done.outputs), (2, untouched()));
        assert!(done.stderr.contains(message), "{}", done.stderr);
    }
    let done = real().input("command", "plan").run();
    assert_eq!((done.code, done.outputs), (2, untouched()));
}

#[test]
fn what_could_not_be_read_still_has_its_reports() {
    let done = real().input("paths", "none.json").run();
    assert_eq!((done.code, done.outputs["outcome"].as_str(), done.outputs["errors-count"].as_str()), (2, "error", "0"));
    assert!(done.outputs["sarif"].ends_with("/planfit.sarif"), "{done:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// What is new in each run or version: the token of the fence, the directory of the reports, links to policies. Colours
/// are left out.
fn steady(text: &str) -> String {
    let text = Regex::new("planfit[0-9a-f]{32}").unwrap().replace_all(text, "TOKEN").into_owned();
    let text = text.replace(concat!("/v", env!("CARGO_PKG_VERSION"), "/"), "/[VERSION]/");
    let text = Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(&text, "").into_owned();
    Regex::new(r"/planfit\.\w{6}/").unwrap().replace_all(&text, "/planfit.RANDOM/").into_owned()
}

// The stack as it is checked out, and its plan where tfaction puts it: outside of the repository.
fn update_of_the_gym() -> Step {
    let step = real()
        .variable("GITHUB_SERVER_URL", "https://github.com")
        .variable("GITHUB_REPOSITORY", "gym/infra")
        .variable("GITHUB_SHA", "1111111111111111111111111111111111111111")
        .variable("GITHUB_RUN_ID", "17")
        .variable("GITHUB_JOB", "plan")
        .variable("TFACTION_TARGET", "gym/prd")
        .variable("TFACTION_WORKING_DIR", "aws/gym");
    let fixture = root().join("fixtures/fitness_gym_update");
    copy(&fixture, &step.path("workspace/aws/gym"));
    fs::rename(step.path("workspace/aws/gym/tfplan.json"), step.path("temp/tfplan.json")).unwrap();
    let plan = step.path("temp/tfplan.json").to_str().unwrap().to_owned();
    step.input("plan-json", &plan)
}

#[test]
fn a_plan_is_annotated_summed_up_and_handed_on() {
    let step = update_of_the_gym().input("changed-only", "true");
    let done = step.run();
    assert_eq!(done.stderr, "");
    let outputs: Vec<String> = done.outputs.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let commands = done.stdout.lines().filter(|line| line.starts_with("::"));
    let counts = done.stdout.lines().find(|line| line.contains("findings: ")).unwrap();
    let seen = format!(
        "exit code {}\n\n== annotations\n{}\n{counts}\n\n== outputs\n{}\n== summary\n{}",
        done.code,
        commands.collect::<Vec<_>>().join("\n"),
        outputs.concat(),
        // Behind the table the policies speak.
        done.summary.split("<details>").next().unwrap()
    );
    insta::assert_snapshot!("update_of_the_gym", steady(&seen));
    // The paths that later steps are given hold what they say.
    for name in ["json", "sarif", "junit", "summary", "comment"] {
        let path = done.outputs[name].replace("[WORLD]", step.world.path().to_str().unwrap());
        assert!(fs::metadata(&path).unwrap().len() > 100, "{name}: {path}");
    }
    assert!(manifest().outputs.keys().all(|name| done.outputs.contains_key(name)), "{outputs:?}");
}

#[test]
fn a_step_takes_less_than_a_second() {
    let step = update_of_the_gym().input("changed-only", "true");
    // All policies run and every report is written. Nothing in a step waits, so it takes no longer than processors work.
    // The best of some runs, because a machine under load is slower even so.
    let best = (0..3).map(|_| step.run().worked).min().unwrap();
    assert!(best > Duration::from_millis(20) && best < Duration::from_secs(1), "{best:?}");
}

#[test]
fn without_a_plan_the_code_is_judged() {
    let step = real().input("working-directory", "aws/gym");
    copy(&root().join("fixtures/fitness_gym_update"), &step.path("workspace/aws/gym"));
    let done = step.run();
    assert_eq!((done.code, done.outputs["outcome"].as_str()), (1, "findings"), "{done:?}");
    assert!(done.stdout.contains("::error file=aws/gym/"), "{}", done.stdout);
}
