//! Colours, where the source is, and how paths are shown.

use serde_json::{Value, json};

use crate::stack::{ACTIONS, BREAKER, SOURCE, check_with, messages, places, report, stack, web};
use crate::support::{Directory, run};

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

#[test]
fn without_a_path_the_directory_of_the_source_is_judged() {
    let directory = Directory::new();
    directory.write("infra/main.tf", SOURCE);
    directory.write("elsewhere/main.tf", "locals {}\n");
    let tfaction = |directory| [("TFACTION_WORKING_DIR", directory)];
    let judged = |more: &[&str], variables: &[(&str, &str)], from: &str| {
        let arguments = [&["check", "--policy", BREAKER, "--output", "json"], more].concat();
        let output = run(&arguments, b"", variables, &directory.path().join(from));
        assert_eq!((output.code, places(&report(&output))), (1, vec!["infra/main.tf:1".to_owned()]), "{more:?}");
    };
    judged(&["--dir", "infra"], &[], ".");
    judged(&["--dir", "infra"], &tfaction("elsewhere"), ".");
    judged(&[], &tfaction("infra"), "elsewhere");
    judged(&[], &[], "infra");
}
