//! The files that the runner gives a step: its summary and its outputs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::stack::{BOTH, BREAKER, change, files, plan, stack};
use crate::support::{Directory, Output, run};

/// A step with its files, below a directory.
fn step(directory: &Directory, arguments: &[&str], more: &[(&str, &str)]) -> Output {
    let path = |name: &str| directory.path().join("runner").join(name).to_str().unwrap().to_owned();
    fs::create_dir_all(directory.path().join("runner")).unwrap();
    let names = ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];
    let paths = names.map(|name| (name, path(name)));
    let mut variables: Vec<(&str, &str)> = paths.iter().map(|(name, path)| (*name, path.as_str())).collect();
    variables.push(("GITHUB_ACTIONS", "true"));
    variables.extend(more);
    run(arguments, b"", &variables, directory.path())
}

fn read(directory: &Directory, name: &str) -> String {
    fs::read_to_string(directory.path().join("runner").join(name)).unwrap_or_default()
}

/// The outputs as the runner reads them: a name, a delimiter that it makes nothing of, lines, and the delimiter.
fn outputs(directory: &Directory) -> BTreeMap<String, String> {
    let text = read(directory, "GITHUB_OUTPUT");
    let mut lines = text.lines();
    let mut outputs = BTreeMap::new();
    while let Some((name, delimiter)) = lines.next().map(|line| line.split_once("<<").unwrap()) {
        let bits = delimiter.strip_prefix("planfit_").unwrap();
        assert!(bits.len() == 32 && bits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{delimiter}");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}

/// A stack with more findings of one level than a step keeps.
fn many() -> Directory {
    let directory = Directory::new();
    let changes: Vec<_> = (0..12)
        .map(|number| {
            let values = json!({"name": "web", "desired_count": 2, "deployment_circuit_breaker": []});
            change(&format!("aws_ecs_service.web{number}"), values)
        })
        .collect();
    directory.write("plan.json", plan(&changes));
    directory
}

#[test]
fn the_summary_is_written_behind_what_the_step_has_written() {
    let directory = many();
    directory.write("runner/GITHUB_STEP_SUMMARY", "before");
    let output = step(&directory, &["check", "plan.json", "--policy", BREAKER], &[("TFACTION_TARGET", "gym")]);
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    let summary = read(&directory, "GITHUB_STEP_SUMMARY");
    assert!(summary.starts_with("before\n## planfit for `gym`: errors found\n\n12 findings: 12 errors"), "{summary}");
    assert_eq!(summary.matches("| error · high |").count(), 12);
    assert!(output.stdout.contains("\n::error title=planfit (gym)::3 more, see the summary\n"), "{}", output.stdout);
}

#[test]
fn without_a_summary_the_rest_is_in_the_log() {
    let last = "::error title=planfit::3 more, see the whole report in this log\n";
    let directory = many();
    let output = step(&directory, &["check", "plan.json", "--policy", BREAKER, "--no-step-summary"], &[]);
    assert!(output.stdout.contains(last), "{}", output.stdout);
    assert_eq!(read(&directory, "GITHUB_STEP_SUMMARY"), "");
    assert!(!outputs(&directory).is_empty(), "the outputs are set all the same");
    // The runner drops a summary above a mebibyte whole, so nothing is added to one that is nearly full.
    let full = "x".repeat((900 << 10) - 20);
    directory.write("runner/GITHUB_STEP_SUMMARY", &full);
    let output = step(&directory, &["check", "plan.json", "--policy", BREAKER], &[]);
    assert!(output.stdout.contains(last), "{}", output.stdout);
    assert_eq!(read(&directory, "GITHUB_STEP_SUMMARY"), full);
}

#[test]
fn a_summary_shares_its_room_with_what_was_written_before() {
    let directory = many();
    directory.write("runner/GITHUB_STEP_SUMMARY", "x".repeat((900 << 10) - 2_000));
    let output = step(&directory, &["check", "plan.json", "--policy", BREAKER], &[]);
    let summary = read(&directory, "GITHUB_STEP_SUMMARY");
    assert!(summary.len() <= 900 << 10 && summary.contains("x\n## planfit: errors found"), "{}", summary.len());
    assert!(summary.contains("findings are not shown here; the log has them."), "{}", output.stdout);
}

#[test]
fn outputs_say_how_it_ended_and_where_the_files_are() {
    let directory = stack();
    let more =
        ["--output", "json=out/findings.json", "--output", "sarif=planfit.sarif", "--output", "markdown=summary.md"];
    let output = step(&directory, &[&BOTH[..], &more].concat(), &[]);
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (json, sarif, summary) = (path("out/findings.json"), path("planfit.sarif"), path("summary.md"));
    let wanted = [
        ("outcome", "findings"),
        ("findings-count", "2"),
        ("errors-count", "1"),
        ("warnings-count", "1"),
        ("notices-count", "0"),
        ("monthly-cost", ""),
        ("monthly-delta", ""),
        ("json", &json),
        ("sarif", &sarif),
        ("junit", ""),
        ("summary", &summary),
        ("comment", ""),
        ("issue-body", ""),
        ("artifact-name", "planfit"),
    ];
    let wanted: BTreeMap<String, String> = wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(outputs(&directory), wanted);
    assert_eq!(
        files(&directory.path().join("runner")),
        ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"],
        "nothing else is touched"
    );
}

#[test]
fn each_outcome_is_said() {
    let directory = stack();
    directory.write("calm.json", plan(&[]));
    directory.write("taken/file", "");
    let cases: [(&[&str], &str, i32); 4] = [
        (&["check", "calm.json"], "pass", 0),
        (&BOTH, "findings", 1),
        (&["check", "none.json"], "error", 2),
        (&["check", "calm.json", "--output", "json=taken"], "error", 2),
    ];
    for (arguments, outcome, code) in cases {
        directory.write("runner/GITHUB_OUTPUT", "");
        let output = step(&directory, arguments, &[]);
        let outputs = outputs(&directory);
        assert_eq!((outputs["outcome"].as_str(), output.code), (outcome, code), "{arguments:?}");
        assert_eq!(outputs["json"], "", "a file that is not there has no path");
    }
}

#[test]
fn the_delimiter_is_new_for_each_value() {
    let directory = stack();
    step(&directory, &BOTH, &[]);
    let text = read(&directory, "GITHUB_OUTPUT");
    let mut delimiters: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once("<<")?.1)).collect();
    let count = delimiters.len();
    delimiters.sort_unstable();
    delimiters.dedup();
    assert_eq!((delimiters.len(), count), (14, 14));
}

#[test]
fn only_a_step_has_a_summary_and_outputs() {
    for (more, variables) in [(&["--ci", "none"][..], &[][..]), (&[], &[("PRE_COMMIT", "1")])] {
        let directory = stack();
        let output = step(&directory, &[&BOTH[..], more].concat(), variables);
        assert_eq!((output.code, files(&directory.path().join("runner"))), (1, Vec::<String>::new()));
    }
    let directory = stack();
    let empty = [("GITHUB_STEP_SUMMARY", ""), ("GITHUB_OUTPUT", "")];
    let output = step(&directory, &BOTH, &empty);
    assert_eq!((output.code, output.stderr.as_str()), (1, ""), "an empty variable is unset");
    assert_eq!(files(&directory.path().join("runner")), Vec::<String>::new());
    let output = step(&directory, &[&BOTH[..], &["--ci", "github"]].concat(), &[("PRE_COMMIT", "1")]);
    assert_eq!((output.code, files(&directory.path().join("runner")).len()), (1, 2), "unless it is said");
}

#[test]
fn a_file_of_the_runner_that_cannot_be_written_is_two() {
    let directory = stack();
    directory.write("runner/GITHUB_STEP_SUMMARY/taken", "");
    let output = step(&directory, &[&BOTH[..], &["--output", "json=report.json"]].concat(), &[]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.starts_with("planfit: the summary of the step: "), "{}", output.stderr);
    assert!(Path::new(&outputs(&directory)["json"]).is_file(), "the others are written");
    assert_eq!(outputs(&directory)["outcome"], "error");
}

#[test]
fn what_a_step_writes_holds_no_name_that_reaches_further() {
    let forged = "a\nplanfit_0\nPATH<<x\n</details>@octocat <!-- github-comment: {} -->";
    let directory = stack();
    let sink = format!("markdown=out/{}", forged.replace('/', ""));
    let output = step(&directory, &[&BOTH[..], &["--output", &sink]].concat(), &[("TFACTION_TARGET", forged)]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    let outputs = outputs(&directory);
    assert_eq!(outputs.len(), 14, "{outputs:?}");
    assert!(outputs["summary"].ends_with("PATH<<x\n<details>@octocat <!-- github-comment: {} -->"), "{outputs:?}");
    let summary = read(&directory, "GITHUB_STEP_SUMMARY");
    assert!(summary.contains("</details>@octocat <\\!-- github-comment"), "in a code span: {summary}");
}
