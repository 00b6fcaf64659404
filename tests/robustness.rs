//! Inputs that are not what they should be: a diagnostic with the reason and the next step, exit 2, never a panic.

#![expect(clippy::indexing_slicing, reason = "helpers of tests fail like tests")]

mod support;

use std::fmt::Write as _;

use support::{Ran, fixture, planfit, scratch, write};

fn check_bytes(bytes: &[u8]) -> Ran {
    planfit(&["check", "--output", "json", "--dir", "fixtures/fitness_gym", "-"]).input(bytes).run()
}

fn gym() -> Vec<u8> {
    fixture("fitness_gym/tfplan.json")
}

/// Exit 2, and the report says this.
#[track_caller]
fn refused(bytes: &[u8], reason: &str) {
    let ran = check_bytes(bytes);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    let remarks = ran.json()["remarks"].to_string();
    assert!(remarks.contains(reason), "{remarks} does not say: {reason}");
}

/// The same findings as the plan itself, and these words in a remark if any are asked for.
#[track_caller]
fn read_like_the_plan(bytes: &[u8], remark: &str) {
    let ran = check_bytes(bytes);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert_eq!(ran.failing(), check_bytes(&gym()).failing());
    let remarks = ran.json()["remarks"].to_string();
    assert!(remarks.contains(remark), "{remarks} does not say: {remark}");
}

#[test]
fn what_is_no_plan_is_named_with_the_next_step() {
    refused(b"", "terraform show -json");
    refused(b" \n\t", "empty");
    refused(b"PK\x03\x04rest", "binary plan");
    refused(b"\x1f\x8b\x08\x00", "gzip");
    refused(&[0, 159, 146, 150, 1, 2, 3], "binary");
    refused(b"<!DOCTYPE html><html></html>", "web page");
    refused(b"\x1b[1mTerraform will perform\x1b[0m", "terraform show -json");
    refused(b"Terraform will perform the following actions:\n", "terraform show -json");
    refused(
        br#"{"version":3,"backend":{"type":"s3"},"modules":[{"path":["root"],"resources":{}}]}"#,
        "terraform state pull",
    );
    refused(br#"{"serial":1,"lineage":"x","encrypted_data":"z"}"#, "encrypted");
    refused(br#"{"hello":1,"world":2}"#, "hello");
    refused(br#"{"format_version":"2.0","resource_changes":[]}"#, "format version is 2.0");
}

#[test]
fn a_truncated_plan_ends_with_a_place_wherever_it_is_cut() {
    let plan = gym();
    for part in 1..40 {
        let ran = check_bytes(&plan[..plan.len() * part / 40]);
        assert_eq!(ran.code, 2);
        assert!(ran.json()["remarks"].to_string().contains("line 1, column"), "{}", ran.stdout);
    }
}

#[test]
fn a_hundred_megabytes_of_one_line_are_refused_at_once() {
    refused(&vec![b'x'; 100 << 20], "this is text");
    let mut open = br#"{"planned_values":""#.to_vec();
    open.resize(100 << 20, b'x');
    refused(&open, "truncated");
}

#[test]
fn values_nested_too_deep_are_not_judged_and_the_others_are() {
    let mut plan: serde_json::Value = serde_json::from_slice(&gym()).unwrap();
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let database = changes.iter_mut().find(|change| change["address"] == "aws_db_instance.main").unwrap();
    database["change"]["after"]["engine"] = "HERE".into();
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let ran = check_bytes(plan.to_string().replace("\"HERE\"", &nested).as_bytes());
    assert_eq!(ran.code, 2);
    let report = ran.json();
    assert!(report["not_evaluated"].to_string().contains("nested deeper than 128 levels"), "{report}");
    assert!(ran.failing().len() > 20, "the other objects are judged");
}

#[test]
fn depth_that_nobody_opens_does_no_harm() {
    let nested = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let text = String::from_utf8(gym()).unwrap();
    let deep = text.replacen(r#"{"format_version""#, &format!(r#"{{"future":{nested},"format_version""#), 1);
    read_like_the_plan(deep.as_bytes(), "");
}

#[test]
fn encodings_of_other_systems_are_read() {
    let text = String::from_utf8(gym()).unwrap();
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    read_like_the_plan(&[b"\xff\xfe", &little[..]].concat(), "");
    read_like_the_plan(&[b"\xfe\xff", &big[..]].concat(), "");
    read_like_the_plan(&little, "");
    read_like_the_plan(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), "");
    read_like_the_plan(text.replace(",\"", ",\r\n\"").as_bytes(), "");
    let at = text.find(",\"").unwrap() + 1;
    let stray = [&text.as_bytes()[..at], b"\"x\":\"\xff\",", &text.as_bytes()[at..]].concat();
    read_like_the_plan(&stray, "encoding is damaged");
}

#[test]
fn the_lines_of_a_wrapper_are_skipped() {
    let plan = gym();
    let front = b"[command]/opt/terraform-bin show -json plan.tfplan\n";
    let tail = b"%0A\n::set-output name=stderr::\n::set-output name=exitcode::0\n";
    read_like_the_plan(&[front, plan.trim_ascii_end(), tail].concat(), "terraform_wrapper: false");
}

#[test]
fn anything_else_behind_the_plan_is_an_error_with_its_place() {
    let mut text = String::from_utf8(gym()).unwrap();
    writeln!(text, "and more").unwrap();
    refused(text.as_bytes(), "column");
}

#[test]
fn one_bad_input_hides_no_other() {
    let directory = scratch("two-inputs");
    let bad = write(&directory, "bad.json", "{");
    let ran = planfit(&["check", "--output", "json", &bad, "fixtures/fitness_gym/tfplan.json", "nowhere.json"]).run();
    assert_eq!(ran.code, 2);
    assert_eq!(ran.failing(), check_bytes(&gym()).failing());
    let report = ran.json();
    assert_eq!(report["not_evaluated"].as_array().unwrap().len(), 2, "{report}");
}

#[test]
fn a_source_file_that_does_not_parse_is_a_warning() {
    let directory = scratch("bad-source");
    write(&directory, "bad.tf", "resource \"a\" {\n  x = = 1\n}\n");
    write(&directory, "good.tf", "resource \"aws_db_instance\" \"a\" {\n  multi_az = false\n}\n");
    let plan = r#"{"resource_changes":[{"address":"aws_db_instance.a","type":"aws_db_instance",
        "change":{"actions":["create"],"before":null,"after":{"multi_az":false,"engine":"mysql"},"after_unknown":{}}}]}"#;
    let plan = write(&directory, "tfplan.json", plan);
    let ran = planfit(&["check", "--output", "json", "--policy", "rds_instance_without_standby", &plan])
        .inside(&directory)
        .run();
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report}");
    assert_eq!(report["findings"][0]["location"]["start"]["line"], 2);
    let remark = &report["remarks"][0];
    assert_eq!((&remark["level"], &remark["location"]["start"]["line"]), (&"warning".into(), &2.into()), "{remark}");
}

#[test]
fn mutated_plans_never_break_the_program() {
    let plan = gym();
    // A fixed linear congruential sequence: the same cases each time.
    let mut seed = 0x2545_f491_u64;
    let mut next = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    for _ in 0..60 {
        let mut bytes = plan.clone();
        for _ in 0..=next(8) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                1 => drop(bytes.drain(at..(at + next(60)).min(bytes.len()))),
                _ => bytes.insert(at, b"{}[]\",:0n"[next(9)]),
            }
        }
        let ran = check_bytes(&bytes);
        assert!((0..=2).contains(&ran.code), "{}", ran.code);
    }
}
