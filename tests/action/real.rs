//! The action with the real planfit.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

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
}

#[test]
fn a_faulty_root_file_ends_the_step() {
    let step = real().input("command", "targets");
    let done = step.run();
    assert_eq!((done.code, done.outputs.get("targets"), done.outputs["outcome"].as_str()), (2, None, "error"));
    assert!(done.stderr.contains("tfaction-root.yaml"), "{}", done.stderr);
    fs::write(step.path("workspace/tfaction-root.yaml"), "target_groups: []\n").unwrap();
    assert_eq!(step.run().outputs["targets"], "[]");
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
    assert!(manifest().outputs.keys().all(|name| name == "targets" || done.outputs.contains_key(name)), "{outputs:?}");
}

#[test]
fn a_step_takes_no_time_to_speak_of() {
    let step = update_of_the_gym();
    let took = |_| {
        let start = Instant::now();
        step.run();
        start.elapsed()
    };
    // The best of some runs: what other programs of the machine take is no part of it. All policies run; a build that
    // is not optimised takes several times as long.
    let best = (0..4).map(took).min().unwrap();
    let limit = if cfg!(debug_assertions) { 3 } else { 1 };
    assert!(best < Duration::from_secs(limit), "{best:?}");
}

#[test]
fn without_a_plan_the_code_is_judged() {
    let step = real().input("working-directory", "aws/gym");
    copy(&root().join("fixtures/fitness_gym_update"), &step.path("workspace/aws/gym"));
    let done = step.run();
    assert_eq!((done.code, done.outputs["outcome"].as_str()), (1, "findings"), "{done:?}");
    assert!(done.stdout.contains("::error file=aws/gym/"), "{}", done.stdout);
}
