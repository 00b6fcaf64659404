//! Nothing that could not be evaluated is silent: what a directory lacks is counted in the last line and listed with its
//! reason, for people and for programs.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod support;

use serde_json::Value;
use support::{Directory, run};

const CHECK: [&str; 4] = ["check", "--policy", "log_group_retention_too_short", "--show-unknown"];

/// `SUBJECT: REASON` of all that was not evaluated, and the summary.
fn gaps(directory: &Directory, paths: &[&str]) -> (Vec<String>, Value) {
    let output = run(&[&CHECK[..], &["--output", "json"], paths].concat(), b"", &[], directory.path());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = report["not_evaluated"].as_array().unwrap().iter();
    let told = entries.map(|entry| format!("{}: {}", text(&entry["subject"]), text(&entry["reason"]))).collect();
    (told, report["summary"].clone())
}

fn human(directory: &Directory, paths: &[&str]) -> String {
    run(&[&CHECK[..], paths].concat(), b"", &[], directory.path()).stdout
}

/// A root and a module of which not everything is known.
fn stack() -> Directory {
    let directory = Directory::new();
    let root = r#"
variable "number" {
  type = number
}
module "far" {
  source = "example/far/aws"
}
module "near" {
  source = "../m"
  count  = var.number
}
resource "aws_cloudwatch_log_group" "counted" {
  count             = var.number
  retention_in_days = 3
}
resource "aws_cloudwatch_log_group" "switched" {
  count             = var.number > 1 ? 1 : 0
  retention_in_days = 3
}
resource "aws_cloudwatch_log_group" "faulty" {
  retention_in_days = local.nothing
}
resource "aws_cloudwatch_log_group" "computed" {
  retention_in_days = provider::acme::days()
}
"#;
    directory.write("a/main.tf", root);
    directory.write("a/broken.tf", "resource {\n");
    directory.write("a/other.auto.tfvars", "x = [\n");
    directory.write("m/main.tf", "module \"far\" {\n  source = \"example/far/aws\"\n}\n");
    directory.write("m/broken.tf.json", "{");
    directory
}

#[test]
fn every_gap_is_listed_with_its_reason() {
    let (told, summary) = gaps(&stack(), &["."]);
    let unknown = "count is not known: var.number has no value here";
    let absent = "this module is not at hand, so its places are not known; terraform init fetches it";
    assert_eq!(told.len(), 9, "{told:#?}");
    for expected in [
        "a/main.tf:21: there is no local.nothing".to_owned(),
        format!("aws_cloudwatch_log_group.counted[*]: {unknown}"),
        format!("aws_cloudwatch_log_group.switched[0]: {unknown}"),
        format!("module.far: {absent}"),
        format!("module.near.module.far: {absent}"),
        format!("module.near[*]: {unknown}"),
    ] {
        assert!(told.contains(&expected), "{expected}\n{told:#?}");
    }
    for file in ["a/broken.tf", "a/other.auto.tfvars", "m/broken.tf.json"] {
        assert!(told.iter().any(|line| line.starts_with(&format!("{file}: "))), "{file}: {told:#?}");
    }
    assert_eq!(summary["modules_not_found"], 2);
    assert_eq!(summary["uncounted"], 3);
    assert_eq!(summary["files_not_read"], 3);
    assert_eq!(summary["unknown"], 2, "the one with a fault and the one that only a provider knows");
}

#[test]
fn people_read_the_same_in_the_last_lines() {
    let text = human(&stack(), &[".", "--verbose"]);
    let last = text.lines().last().unwrap();
    let counts = "2 modules not found; 3 blocks with unknown counts; 3 files not read";
    assert!(last.ends_with(counts) && last.contains("; 2 not decided; "), "{last}");
    for part in ["not judged: 9", "module.near[*]", "a/broken.tf", "there is no local.nothing"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_two_roots_lack_is_told_of_each_and_a_shared_file_once() {
    let directory = stack();
    directory.write("b/main.tf", "module \"near\" {\n  source = \"../m\"\n}\n");
    let (told, summary) = gaps(&directory, &["."]);
    let count = |part: &str| told.iter().filter(|line| line.contains(part)).count();
    assert_eq!((count("m/broken.tf.json"), summary["files_not_read"].as_u64()), (1, Some(3)));
    assert_eq!(summary["modules_not_found"], 3, "the one in m is called by a and by b: {told:#?}");
}

#[test]
fn a_directory_of_which_all_is_known_has_no_gaps() {
    let directory = Directory::new();
    directory.write("main.tf", "resource \"aws_cloudwatch_log_group\" \"a\" {\n  retention_in_days = 365\n}\n");
    let (told, summary) = gaps(&directory, &["."]);
    assert_eq!(told, Vec::<String>::new());
    for count in ["modules_not_found", "uncounted", "files_not_read", "unknown"] {
        assert_eq!(summary[count], 0, "{count}");
    }
    let last = human(&directory, &["."]);
    assert_eq!(last, "no findings; 1 resource, 1 policy; 0 not decided; 0 suppressed\n");
}

#[test]
fn beside_a_plan_what_the_source_lacks_is_told_as_well() {
    let directory = stack();
    directory.write(
        "plan.json",
        r#"{"format_version": "1.2", "resource_changes": [], "configuration": {"root_module": {}}}"#,
    );
    let (told, summary) = gaps(&directory, &["plan.json", "--dir", "a"]);
    assert_eq!(summary["modules_not_found"], 2, "{told:#?}");
    assert_eq!(summary["files_not_read"], 2, "{told:#?}");
    assert_eq!(summary["uncounted"], 0, "the plan says how many there are");
}

#[test]
fn of_very_many_faults_the_rest_is_counted() {
    let directory = Directory::new();
    let locals: String = (0..1_500).fold(String::new(), |text, number| text + &format!("    local.nothing{number},\n"));
    directory.write("main.tf", format!("resource \"aws_sqs_queue\" \"a\" {{\n  name = [\n{locals}  ]\n}}\n"));
    let many: String = (0..1_500).fold(String::new(), |text, number| {
        text + &format!("resource \"aws_sqs_queue\" \"q{number}\" {{\n  name = local.n{number}\n}}\n")
    });
    directory.write("many.tf", many);
    let (told, _) = gaps(&directory, &["."]);
    assert_eq!(told.len(), 1_001);
    assert!(told.iter().any(|line| line == ".: 501 more expressions fail"), "{:?}", told.first());
}
