//! Which root modules a run judges: what `exclude` leaves out, what changed files select, and the callers of a module
//! that has changed, in real git repositories.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Directory, Output, git, run};

const CALL: &str = "module \"m\" {\n  source = \"../../modules/logs\"\n  days   = 3\n}\n";
const MODULE: &str = "variable \"days\" {}\n\nresource \"aws_cloudwatch_log_group\" \"this\" {\n  name              = \"x\"\n  retention_in_days = var.days\n}\n";
const GROUP: &str =
    "resource \"aws_cloudwatch_log_group\" \"own\" {\n  name              = \"y\"\n  retention_in_days = 3\n}\n";

const CALLED: &str = "module.m.aws_cloudwatch_log_group.this";
const OWN: &str = "aws_cloudwatch_log_group.own";

fn commit(directory: &Directory) {
    git(directory.path(), &["add", "--all"]);
    git(directory.path(), &["commit", "--quiet", "--message", "x"]);
}

/// Two roots that call one module, a module that nobody calls, and an example.
fn repository() -> Directory {
    let directory = Directory::new();
    fs::remove_dir_all(directory.path().join(".git")).unwrap();
    git(directory.path(), &["init", "--quiet"]);
    directory.write("envs/prd/main.tf", CALL);
    directory.write("envs/stg/main.tf", CALL);
    directory.write("envs/stg/own.tf", GROUP);
    directory.write("modules/logs/main.tf", MODULE);
    directory.write("modules/alone/main.tf", GROUP);
    directory.write("examples/simple/main.tf", CALL);
    commit(&directory);
    directory
}

fn check(place: &Path, more: &[&str]) -> Output {
    let own = ["check", "--policy", "log_group_retention_too_short", "--fail-level", "none", "--output", "json"];
    run(&[&own, more].concat(), b"", &[], place)
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// `ROOT ADDRESS PATH:LINE` of each finding; a root is the directory that the instances were judged with.
fn told(output: &Output) -> Vec<String> {
    let mut told: Vec<String> = report(output)["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let place = &finding["location"];
            let line = &place["start"]["line"];
            format!("{} {}:{line}", finding["address"].as_str().unwrap(), place["path"].as_str().unwrap_or("nowhere"))
        })
        .collect();
    told.sort();
    told
}

/// How many resources were judged, each in each of its roots.
fn resources(output: &Output) -> u64 {
    report(output)["summary"]["resources"].as_u64().unwrap()
}

fn remarks(output: &Output) -> Vec<String> {
    let remarks = report(output)["remarks"].as_array().unwrap().clone();
    remarks.iter().map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

fn left_out(output: &Output) -> Vec<String> {
    let entries = report(output)["not_evaluated"].as_array().unwrap().clone();
    entries
        .iter()
        .map(|entry| format!("{}: {}", entry["subject"].as_str().unwrap(), entry["reason"].as_str().unwrap()))
        .collect()
}

#[test]
fn excluded_directories_are_no_roots_whoever_names_them() {
    let directory = repository();
    directory.write(".planfit.hcl", "exclude = [\"examples/**\", \"envs/stg\"]\n");
    let root = directory.path();
    let whole = check(root, &["."]);
    assert_eq!(resources(&whole), 2, "prd and the module that nobody calls: {whole:?}");
    assert_eq!(remarks(&whole), ["envs/stg, examples/simple are not judged: excluded by .planfit.hcl"]);
    let expected = ["envs/stg: excluded by .planfit.hcl", "examples/simple: excluded by .planfit.hcl"];
    assert_eq!(left_out(&whole), expected);
    for more in [&["envs/stg"][..], &["envs/stg/own.tf"], &["--from-files", "envs/stg/own.tf"]] {
        let output = check(root, more);
        assert_eq!((output.code, resources(&output)), (0, 0), "{more:?}: {output:?}");
        assert_eq!(remarks(&output), ["envs/stg is not judged: excluded by .planfit.hcl"], "{more:?}");
    }
    let below = check(&root.join("envs"), &["stg", "prd"]);
    assert_eq!((resources(&below), remarks(&below).len()), (1, 1), "{below:?}");
}

#[test]
fn a_module_that_only_excluded_directories_call_is_judged_alone() {
    let directory = Directory::new();
    directory.write("main.tf", GROUP);
    directory.write("examples/simple/main.tf", "module \"it\" {\n  source = \"../..\"\n}\n");
    assert_eq!(told(&check(directory.path(), &["."])), [format!("module.it.{OWN} main.tf:3")]);
    directory.write(".planfit.hcl", "exclude = [\"examples/**\"]\n");
    assert_eq!(told(&check(directory.path(), &["."])), [format!("{OWN} main.tf:3")]);
}

#[test]
fn a_changed_file_of_a_module_selects_its_callers() {
    let directory = repository();
    let root = directory.path();
    let changed = |files: &[&str]| check(root, &[&["--from-files"], files].concat());
    let called = format!("{CALLED} modules/logs/main.tf:5");
    let expected = [format!("{OWN} envs/stg/own.tf:3"), called.clone(), called.clone(), called.clone()];
    let module = changed(&["modules/logs/main.tf"]);
    assert_eq!(resources(&module), 4, "prd, stg with a log group of its own, the example: {module:?}");
    assert_eq!(told(&module), expected);
    assert_eq!(
        told(&changed(&["modules/alone/main.tf"])),
        [format!("{OWN} modules/alone/main.tf:3")],
        "nobody calls it"
    );
    assert_eq!(told(&changed(&["envs/prd/main.tf"])), [called], "a root is itself");
    directory.write(".planfit.hcl", "exclude = [\"examples/**\", \"envs/*\"]\n");
    let alone = changed(&["modules/logs/main.tf"]);
    assert_eq!((resources(&alone), remarks(&alone)), (1, Vec::new()), "its callers are excluded: {alone:?}");
}

#[test]
fn changed_files_are_found_from_below_the_root_and_by_absolute_paths() {
    let directory = repository();
    let modules = directory.path().join("modules");
    let absolute = directory.path().join("modules/logs/main.tf");
    let expected = told(&check(directory.path(), &["--from-files", "modules/logs/main.tf"]));
    assert_eq!(expected.len(), 4);
    assert_eq!(told(&check(&modules, &["--from-files", "logs/main.tf"])), expected);
    assert_eq!(told(&check(&modules, &["--from-files", absolute.to_str().unwrap()])), expected);
}

#[test]
fn files_that_select_nothing_are_no_fault() {
    let directory = repository();
    directory.write("values/prd.tfvars", "a = 1\n");
    for file in ["values/prd.tfvars", "modules/gone/main.tf", "modules/logs/gone.tf"] {
        let output = check(directory.path(), &["--from-files", file]);
        assert_eq!(output.code, 0, "{file}: {output:?}");
    }
    assert_eq!(resources(&check(directory.path(), &["--from-files", "values/prd.tfvars"])), 0);
    // A file that is tracked although it is ignored.
    directory.write(".gitignore", "modules/alone\n");
    assert_eq!(resources(&check(directory.path(), &["--from-files", "modules/alone/main.tf"])), 1);
}

#[test]
fn settings_and_policies_among_the_files_select_everything() {
    let directory = repository();
    directory.write(".planfit.hcl", "exclude = [\"examples/**\"]\n");
    let output = check(directory.path(), &["--from-files", ".planfit.hcl", "modules/logs/main.tf"]);
    assert_eq!(resources(&output), 4, "prd, stg, the module alone: {output:?}");
}

const SINCE: [&str; 2] = ["--changed-since", "HEAD"];

fn since(place: &Path, paths: &[&str]) -> Output {
    check(place, &[&SINCE, paths].concat())
}

/// What is told, and how many findings are only counted.
fn open(output: &Output) -> (Vec<String>, u64) {
    (told(output), report(output)["summary"]["existing"].as_u64().unwrap())
}

#[test]
fn of_a_directory_the_new_lines_are_told() {
    let directory = repository();
    let root = directory.path();
    assert_eq!(open(&since(root, &["."])), (Vec::new(), 5));
    directory.write("envs/stg/own.tf", GROUP.replace("= 3", "= 4"));
    assert_eq!(open(&since(root, &["."])), (vec![format!("{OWN} envs/stg/own.tf:3")], 4));
    let below = root.join("envs");
    assert_eq!(open(&since(&below, &["stg"])), (vec![format!("{OWN} envs/stg/own.tf:3")], 1));
    commit(&directory);
    assert_eq!(open(&since(root, &["."])), (Vec::new(), 5));
    let before = check(root, &["--changed-since", "HEAD~1", "envs/stg"]);
    assert_eq!(open(&before), (vec![format!("{OWN} envs/stg/own.tf:3")], 1));
}

#[test]
fn renamed_deleted_and_untracked_files_are_what_git_says() {
    let directory = repository();
    let root = directory.path();
    git(root, &["mv", "envs/stg/own.tf", "envs/stg/renamed.tf"]);
    assert_eq!(open(&since(root, &["envs/stg"])), (Vec::new(), 2), "only the name is new");
    let text = fs::read_to_string(root.join("envs/stg/renamed.tf")).unwrap();
    directory.write("envs/stg/renamed.tf", text.replace("= 3", "= 4"));
    assert_eq!(open(&since(root, &["envs/stg"])), (vec![format!("{OWN} envs/stg/renamed.tf:3")], 1));
    fs::remove_file(root.join("envs/stg/renamed.tf")).unwrap();
    assert_eq!(open(&since(root, &["envs/stg"])), (Vec::new(), 1), "what is gone is not judged");
    directory.write("envs/prd/new.tf", GROUP);
    assert_eq!(open(&since(root, &["envs/prd"])), (vec![format!("{OWN} envs/prd/new.tf:3")], 1), "untracked");
}

#[test]
fn a_module_that_changes_is_judged_in_its_callers_as_well() {
    let directory = repository();
    let root = directory.path();
    assert_eq!(resources(&since(root, &["modules/logs"])), 1, "nothing has changed");
    directory.write("modules/logs/main.tf", MODULE.replace("= var.days", "= var.days + 1"));
    let output = since(root, &["modules/logs"]);
    assert_eq!(resources(&output), 5, "the module alone, prd, stg and the example: {output:?}");
    let called = format!("{CALLED} modules/logs/main.tf:5");
    assert_eq!(open(&output), (vec![called.clone(), called.clone(), called.clone()], 1));
    // The same from below, and with the option that finds its base itself.
    git(root, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(root, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    assert_eq!(open(&since(&root.join("modules"), &["logs"])).0.len(), 3);
    assert_eq!(open(&check(root, &["--changed-only", "modules/logs"])).0.len(), 3);
    directory.write(".planfit.hcl", "exclude = [\"examples/**\", \"envs/stg\"]\n");
    let output = since(root, &["modules/logs"]);
    assert_eq!((open(&output), remarks(&output)), ((vec![called], 0), Vec::new()), "excluded callers stay excluded");
}

#[test]
fn a_call_that_changes_changes_what_it_calls() {
    let directory = repository();
    let root = directory.path();
    directory.write("envs/prd/main.tf", CALL.replace("= 3", "= 4"));
    assert_eq!(open(&since(root, &["envs"])), (vec![format!("{CALLED} modules/logs/main.tf:5")], 2));
    // A line that is taken out of the call.
    directory.write("envs/prd/main.tf", CALL.replace("  days   = 3\n", ""));
    directory.write("modules/logs/main.tf", MODULE.replace("{}", "{\n  default = 3\n}"));
    commit(&directory);
    directory.write("envs/prd/main.tf", CALL);
    commit(&directory);
    directory.write("envs/prd/main.tf", CALL.replace("  days   = 3\n", ""));
    assert_eq!(open(&since(root, &["envs/prd"])), (vec![format!("{CALLED} modules/logs/main.tf:7")], 0));
}

#[test]
fn what_git_cannot_say_is_told_and_everything_is_reported() {
    let directory = repository();
    let output = check(directory.path(), &["--changed-since", "nowhere", "envs/stg"]);
    assert_eq!((output.code, told(&output).len()), (2, 2), "{output:?}");
    assert!(remarks(&output)[0].starts_with("--changed-since nowhere: git knows no commit nowhere"), "{output:?}");
    let output = check(directory.path(), &["--changed-only", "modules/logs"]);
    assert_eq!((output.code, resources(&output)), (0, 1), "there is no origin: {output:?}");
    assert!(remarks(&output)[0].starts_with("--changed-only: everything is reported"), "{output:?}");
    let outside = Directory::new();
    fs::remove_dir_all(outside.path().join(".git")).unwrap();
    outside.write("infra/main.tf", GROUP);
    let output = since(outside.path(), &["infra"]);
    assert_eq!((output.code, told(&output)), (2, vec![format!("{OWN} infra/main.tf:3")]), "{output:?}");
    assert!(remarks(&output)[0].contains("is in no git repository"), "{output:?}");
    let output = check(outside.path(), &["--changed-only", "infra"]);
    assert_eq!((output.code, told(&output).len()), (0, 1), "{output:?}");
}

#[test]
fn what_lies_in_another_repository_has_lines_and_comments_all_the_same() {
    let directory = repository();
    let elsewhere = Directory::new();
    let path = |below: &str| directory.path().join(below).to_str().unwrap().to_owned();
    for place in [elsewhere.path(), Path::new("/usr")] {
        let output = check(place, &[&path("envs/prd")]);
        let [found] = told(&output).try_into().unwrap_or_else(|found| panic!("{found:?}"));
        assert!(found.starts_with(CALLED) && found.ends_with("modules/logs/main.tf:5"), "{found}");
    }
    let comment = "# planfit:ignore log_group_retention_too_short reason=\"a test\"\n";
    directory.write("envs/stg/own.tf", comment.to_owned() + GROUP);
    let output = check(elsewhere.path(), &[&path("envs/stg")]);
    assert_eq!(report(&output)["summary"]["suppressed"], 1, "{output:?}");
}
