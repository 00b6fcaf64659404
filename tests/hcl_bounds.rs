//! Bounds of HCL: what is too large is refused before it costs anything, and the rest of the directory is judged. The same
//! where the source stands beside a plan.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;

use serde_json::Value;
use support::{Directory, Output, run};

const GROUP: &str =
    "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name              = \"a\"\n  retention_in_days = 3\n}\n";

const PLAN: &str = r#"{"format_version": "1.2", "configuration": {"root_module": {}}, "resource_changes": [{
  "address": "aws_cloudwatch_log_group.a",
  "change": {"actions": ["create"], "before": null, "after": {"name": "a", "retention_in_days": 3}, "after_unknown": {}}}]}"#;

fn many(count: usize, member: &dyn Fn(usize) -> String) -> String {
    (0..count).map(member).collect()
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Judges `infra` as HCL and as the source of a plan. Both find the log group at its line and say the same of the files
/// that are not read: this is what is given, as `PATH: REASON`.
#[track_caller]
fn refused(directory: &Directory) -> Vec<String> {
    directory.write("infra/group.tf", GROUP);
    directory.write("plan.json", PLAN);
    let own = ["check", "--policy", "log_group_retention_too_short", "--fail-level", "none", "--output", "json"];
    let said = [&["infra"][..], &["plan.json", "--dir", "infra"]].map(|paths| {
        let output = run(&[&own, paths].concat(), b"", &[], directory.path());
        let report = report(&output);
        assert_eq!(output.code, 0, "{paths:?}: {output:?}");
        let place = &report["findings"][0]["location"];
        assert_eq!((&place["path"], &place["start"]["line"]), (&"infra/group.tf".into(), &3.into()), "{paths:?}");
        let entries = report["not_evaluated"].as_array().unwrap();
        assert_eq!(report["summary"]["files_not_read"], entries.len(), "{paths:?}: {report}");
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        entries.iter().map(|entry| format!("{}: {}", text(entry, "subject"), text(entry, "reason"))).collect::<Vec<_>>()
    });
    let [source, plan] = said;
    assert_eq!(source, plan);
    source
}

#[test]
fn a_file_beyond_sixteen_mebibytes_is_a_diagnostic() {
    let directory = Directory::new();
    fs::create_dir_all(directory.path().join("infra")).unwrap();
    fs::File::create(directory.path().join("infra/large.tf")).unwrap().set_len((16 << 20) + 1).unwrap();
    assert_eq!(refused(&directory), ["infra/large.tf: the file is larger than 16 MiB"]);
}

#[test]
fn settings_lower_the_bound() {
    let directory = Directory::new();
    directory.write(".planfit.hcl", "max_file_size = 200\n");
    directory.write("infra/large.tf", format!("# {}\n", "x".repeat(300)));
    assert_eq!(refused(&directory), ["infra/large.tf: the file has more than 200 bytes, and that is max_file_size"]);
}

// The parser would take 42 seconds for the first one.
#[test]
fn objects_of_many_keys_are_refused_before_they_cost_time() {
    let object = |keys: usize| {
        let keys = many(keys, &|key| format!("    k{key} = {key}\n"));
        format!("  many = {{\n{keys}  }}\n")
    };
    let local = |inside: &str| format!("locals {{\n{inside}}}\n");
    let several: String = (0..30).map(|number| object(3_000).replace("many", &format!("many{number}"))).collect();
    for text in [local(&object(100_000)), local(&several), local(&object(100_000)).replace("  }\n}\n", "")] {
        let directory = Directory::new();
        directory.write("infra/large.tf", text);
        let [said] = refused(&directory).try_into().unwrap();
        let expected = "infra/large.tf: the objects of this file have too many keys; 16,000 in one object are the most";
        assert_eq!(said, expected);
    }
    let directory = Directory::new();
    directory.write("infra/large.tf", local(&object(5_000)));
    assert_eq!(refused(&directory), Vec::<String>::new(), "what is large and not too large is read");
}

#[test]
fn values_of_many_keys_are_refused_as_well() {
    let directory = Directory::new();
    let keys = many(100_000, &|key| format!("  k{key} = {key}\n"));
    directory.write("infra/terraform.tfvars", format!("many = {{\n{keys}}}\n"));
    directory.write("infra/group.tf", GROUP);
    let own =
        ["check", "infra", "--policy", "log_group_retention_too_short", "--fail-level", "none", "--output", "json"];
    let output = run(&own, b"", &[], directory.path());
    let report = report(&output);
    assert_eq!((output.code, report["findings"].as_array().unwrap().len()), (0, 1));
    let said = report["not_evaluated"][0].to_string();
    assert!(said.contains("infra/terraform.tfvars") && said.contains("too many keys"), "{said}");
}

// Each of these took a minute or half of one: every name was looked for among all others.
#[test]
fn blocks_of_many_members_cost_what_they_weigh() {
    let attributes = many(100_000, &|number| format!("  a{number} = {number}\n"));
    let kinds = many(100_000, &|number| format!("  b{number} {{\n    x = 1\n  }}\n"));
    let directory = Directory::new();
    directory.write("infra/attributes.tf", format!("resource \"aws_sqs_queue\" \"a\" {{\n{attributes}}}\n"));
    directory.write("infra/attributes_override.tf", format!("resource \"aws_sqs_queue\" \"a\" {{\n{attributes}}}\n"));
    directory.write("infra/group.tf", format!("{GROUP}resource \"aws_sqs_queue\" \"b\" {{\n{kinds}}}\n"));
    let own =
        ["check", "infra", "--policy", "log_group_retention_too_short", "--fail-level", "none", "--output", "json"];
    let output = run(&own, b"", &[], directory.path());
    let report = report(&output);
    assert_eq!((output.code, report["findings"].as_array().unwrap().len()), (0, 1));
    let said = &report["not_evaluated"][0]["reason"];
    assert_eq!(said, "there are more than 1000 kinds of blocks in this one; the rest is not read");
}
