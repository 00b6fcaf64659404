//! Files that are no plan.

use serde_json::json;

use crate::inputs::{SHOW, check, messages, refusal, report, small_plan};
use crate::support::{Directory, run};

#[test]
fn what_is_no_plan_is_named_with_the_next_step() {
    let coloured = "\u{1b}[0m\u{1b}[1mdata.aws_region.current: Reading...\u{1b}[0m\n\u{1b}[1mPlan:\u{1b}[0m 1 to add";
    let for_people = "Terraform used the selected providers to generate the following execution plan.\n  + create\n";
    let table: [(&str, &[u8], &str, &str); 15] = [
        ("empty", b"", "the file is empty", SHOW),
        ("white space", b" \r\n\t\n", "the file is empty", SHOW),
        ("byte order mark alone", b"\xef\xbb\xbf", "the file is empty", SHOW),
        ("zip, the binary plan", b"PK\x03\x04\x14\0\x08\0\0\0tfplan", "a zip archive, probably the binary plan", SHOW),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "compressed with gzip", "Unpack it first"),
        ("a program", b"\x7fELF\x02\x01\x01\0\0\0", "a binary file", SHOW),
        ("coloured plan", coloured.as_bytes(), "coloured terminal text", SHOW),
        ("plan for people", for_people.as_bytes(), "the plan for people", SHOW),
        ("HTML", b"<!DOCTYPE html>\n<html><body>{}</body></html>", "a web page", "refused the download"),
        ("XML", b"<?xml version=\"1.0\"?>\n<Error/>", "a web page or XML", "refused the download"),
        ("text", b"Error: no plan\n", "text, not JSON; it begins with `Error`", SHOW),
        ("array", b"[{\"resource_changes\":[]}]", "a JSON array", "files of their own"),
        ("other JSON", b"{\"name\":\"x\",\"scripts\":{}}", "it has the keys name, scripts", SHOW),
        ("no keys", b"{}", "it has no keys", SHOW),
        ("backend", br#"{"version":3,"backend":{"type":"s3"}}"#, "remembers the backend", "`terraform state pull"),
    ];
    for (name, content, reason, step) in table {
        let message = refusal(content);
        assert!(message.contains(reason), "{name}: {message}");
        assert!(message.contains(step), "{name}: {message}");
    }
}

#[test]
fn a_state_that_opentofu_encrypted_is_no_empty_state() {
    let message = refusal(br#"{"serial":3,"lineage":"l","meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}"#);
    assert!(message.contains("this state is encrypted"), "{message}");
    assert!(message.contains("`tofu show -json > state.json`"), "{message}");
}

#[test]
fn the_refusal_is_on_the_human_report_too() {
    let directory = Directory::new();
    directory.write("plan.json", b"PK\x03\x04");
    let output = run(&["check", "plan.json"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    let words = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("plan.json: this is a zip archive, probably the binary plan."), "{}", output.stdout);
    assert!(words.contains("not everything could be judged"), "{}", output.stdout);
}

#[test]
fn a_missing_file_is_named() {
    let directory = Directory::new();
    let output = run(&["check", "none/plan.json", "--output", "json"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    let errors = messages(&report(&output), "error");
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("none/plan.json: No such file or directory"), "{errors:?}");
}

#[test]
fn a_directory_is_not_taken_for_an_empty_plan() {
    let directory = Directory::new();
    directory.write("plans/plan.json", small_plan().to_string());
    let output = run(&["check", "plans", "--output", "json"], b"", &[], directory.path());
    assert_eq!(output.code, 2);
    assert!(messages(&report(&output), "error")[0].starts_with("plans: "), "{}", output.stdout);
}

#[test]
fn a_format_version_of_the_future_is_refused() {
    for version in ["2.0", "3.1", "17"] {
        let mut plan = small_plan();
        plan["format_version"] = json!(version);
        let message = refusal(plan.to_string().as_bytes());
        assert!(message.contains(&format!("the format version is {version}")), "{message}");
        assert!(message.contains("a newer planfit is needed"), "{message}");
    }
    for version in ["0.1", "0.2", "1.0", "1.2", "1.99"] {
        let mut plan = small_plan();
        plan["format_version"] = json!(version);
        assert_eq!(check(plan.to_string().as_bytes()).1["findings"].as_array().unwrap().len(), 1, "{version}");
    }
}
