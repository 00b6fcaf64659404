//! Foreign input: whatever a file holds, planfit says where it is wrong, why and what to do next, and never breaks down.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod support;

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use planfit::engine::{self, Judged, Settings};
use planfit::finding::{Outcome, Report, Run, Severity, Summary};
use planfit::io::{Disk, Environment};
use planfit::policy::PolicyFile;
use planfit::policy::library::{self, Examples};
use planfit::report::human::Style;
use planfit::report::{github, human, json};
use planfit::source::SourceMap;
use planfit::terraform::config::{Configuration, load};
use planfit::terraform::document;
use planfit::terraform::input::{self, Kind};
use planfit::workspace::build::{self, Changes, Shared};
use planfit::workspace::{Facts, Names};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use support::{Directory, Output, run};

const GYM: &str = "fixtures/fitness_gym";

const SHOW: &str = "`terraform show -json PLAN > plan.json`";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap()
}

fn gym() -> Vec<u8> {
    fixture("fixtures/fitness_gym/tfplan.json")
}

/// One database without a standby, which is a finding of high severity, and one log group that is in order.
fn small_plan() -> Value {
    json!({"format_version": "1.2", "terraform_version": "1.11.4",
        "resource_changes": [
            {"address": "aws_db_instance.main", "mode": "managed", "type": "aws_db_instance", "name": "main",
             "change": {"actions": ["create"], "before": null, "after": {"engine": "postgres", "multi_az": false}}},
            {"address": "aws_cloudwatch_log_group.main", "mode": "managed", "type": "aws_cloudwatch_log_group",
             "name": "main",
             "change": {"actions": ["create"], "before": null, "after": {"name": "main", "retention_in_days": 30}}}],
        "configuration": {"root_module": {}}})
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Checks one file of these bytes for the standby of databases only.
#[track_caller]
fn check(content: &[u8]) -> (i32, Value) {
    let directory = Directory::new();
    directory.write("plan.json", content);
    let policy = "rds_instance_without_standby";
    let arguments = ["check", "plan.json", "--output", "json", "--fail-level", "high", "--policy", policy];
    let output = run(&arguments, b"", &[], directory.path());
    (output.code, report(&output))
}

/// What is said of a file that cannot be read.
#[track_caller]
fn refusal(content: &[u8]) -> String {
    let (code, report) = check(content);
    assert_eq!((code, &report["outcome"]), (2, &json!("error")));
    assert_eq!(report["findings"], json!([]));
    assert_eq!(report["not_evaluated"][0]["subject"], "plan.json");
    let errors = messages(&report, "error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].strip_prefix("plan.json: ").unwrap_or_else(|| panic!("no place: {errors:?}")).to_owned()
}

fn messages(report: &Value, level: &str) -> Vec<String> {
    let remarks = report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
    remarks.map(|remark| remark["message"].as_str().unwrap().to_owned()).collect()
}

fn addresses(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["address"].as_str().unwrap()).collect()
}

// Files that are no plan.

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

// Files that are cut off, broken or have more in them.

fn read_error(bytes: &[u8]) -> Option<String> {
    document::read(&input::decode(bytes.to_vec()), &mut |_| ()).err().map(|error| error.to_string())
}

/// Through the library: hundreds of runs of the binary would take minutes.
#[test]
fn a_plan_cut_off_anywhere_is_truncated() {
    let plan = gym();
    let whole = plan.trim_ascii_end().len();
    assert_eq!(read_error(&plan[..whole]), None);
    assert!(read_error(b"").unwrap().contains("the file is empty"));
    let offsets = (1..200).chain((200..whole).step_by(1499)).chain(whole - 60..whole);
    for offset in offsets {
        let message = read_error(&plan[..offset]).unwrap_or_else(|| panic!("{offset} bytes are taken for a plan"));
        let expected = format!("at line 1, column {offset}: the file is truncated. Write it again.");
        assert!(message.ends_with(&expected), "{offset} bytes: {message}");
    }
}

#[test]
fn a_truncated_plan_ends_the_run_with_a_place() {
    let plan = gym();
    for offset in [1, 17, 4096, plan.len() / 2, plan.len() - 3] {
        let message = refusal(&plan[..offset]);
        assert!(message.contains(&format!("at line 1, column {offset}: the file is truncated")), "{message}");
    }
}

#[test]
fn lines_are_counted_with_crlf_and_columns_in_characters() {
    let plan = "{\r\n  \"format_version\": \"1.2\",\r\n  \"日本\": tru\r\n}";
    let message = refusal(plan.as_bytes());
    assert!(message.contains("not JSON at line 3, column 12"), "{message}");
    assert!(message.contains(SHOW), "{message}");
}

#[test]
fn a_state_cut_off_anywhere_is_truncated() {
    for state in [fixture("fixtures/fitness_gym/state.json"), fixture("fixtures/fitness_gym/terraform.tfstate")] {
        let whole = state.trim_ascii_end().len();
        for offset in (1..whole).step_by(1999).chain([whole - 1]) {
            let message =
                read_error(&state[..offset]).unwrap_or_else(|| panic!("{offset} bytes are taken for a state"));
            assert!(message.contains("the file is truncated"), "{offset} bytes: {message}");
        }
    }
}

#[test]
fn what_follows_the_json_is_an_error_at_its_place() {
    let plan = small_plan().to_string();
    let column = plan.len() + 1;
    let table = [
        (format!("{plan}{plan}"), format!("a second JSON object begins at line 1, column {column}")),
        (format!("{plan}\n\n{plan}"), "a second JSON object begins at line 3, column 1".to_owned()),
        (format!("{plan}}}"), format!("more text behind the JSON, at line 1, column {column}")),
        (format!("{plan}\nReleasing state lock.\n"), "more text behind the JSON, at line 2, column 1".to_owned()),
        (format!("{plan}\0"), format!("more text behind the JSON, at line 1, column {column}")),
    ];
    for (content, reason) in table {
        let message = refusal(content.as_bytes());
        assert!(message.contains(&reason), "{message}");
    }
}

#[test]
fn a_key_of_another_type_is_refused_without_its_value() {
    for (key, value) in [
        ("resource_changes", json!({"hunter2": 1})),
        ("resource_changes", json!("hunter2")),
        ("format_version", json!(1.2)),
        ("errored", json!("hunter2")),
        ("complete", json!([])),
    ] {
        let mut plan = small_plan();
        plan[key] = value;
        let message = refusal(plan.to_string().as_bytes());
        assert!(message.contains("has a type that Terraform never writes there. Write the file again."), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_hundred_megabytes_on_one_line_are_refused() {
    let line = vec![b'x'; 100_000_000];
    let message = refusal(&line);
    assert!(message.starts_with("this is text, not JSON; it begins with `xxxx"), "{message}");
    assert!(message.len() < 200, "the line is in the message");
    let braces = vec![b'{'; 100_000_000];
    assert!(refusal(&braces).starts_with("not JSON at line 1, column 2"));
    assert!(refusal(&vec![0; 10_000_000]).starts_with("this is a binary file"));
    let mut string = br#"{"resource_changes":""#.to_vec();
    string.resize(5_000_000, b'x');
    assert!(refusal(&string).contains("the file is truncated"));
}

// Nesting.

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!("bottom"), |value, level| if level % 2 == 0 { json!([value]) } else { json!({"a": value}) })
}

#[test]
fn an_opened_attribute_nested_200_levels_deep_is_a_diagnostic_that_names_the_address() {
    for side in ["after", "after_unknown", "after_sensitive"] {
        let mut plan = small_plan();
        plan["resource_changes"][0]["change"][side]["multi_az"] = nested(200);
        let (code, report) = check(plan.to_string().as_bytes());
        assert_eq!(code, 2, "{side}");
        let expected = "plan.json: aws_db_instance.main was not judged: its values are nested deeper than 128 levels";
        assert_eq!(messages(&report, "error"), [expected], "{side}");
        assert_eq!(report["not_evaluated"][0]["subject"], "aws_db_instance.main", "{side}");
    }
}

#[test]
fn nobody_minds_the_nesting_of_what_nobody_opens() {
    let mut plan = small_plan();
    plan["resource_changes"][0]["change"]["after"]["nobody_asks_for_this"] = nested(200);
    plan["resource_changes"][0]["change"]["after_unknown"] = json!({"nobody_asks_for_this": nested(200)});
    plan["resource_changes"][0]["change"]["after_sensitive"] = json!({"nobody_asks_for_this": nested(200)});
    plan["output_changes"] = json!({"o": {"after": nested(300)}});
    plan["future"] = json!("deep");
    let text = plan.to_string().replace("\"deep\"", &format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)));
    let (code, report) = check(text.as_bytes());
    assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]));
    assert_eq!(messages(&report, "error"), Vec::<String>::new());
}

#[test]
fn other_objects_are_judged_beside_one_that_is_nested_too_deep() {
    let mut plan = small_plan();
    let mut second = plan["resource_changes"][0].clone();
    second["address"] = json!("aws_db_instance.deep");
    second["change"]["after"]["multi_az"] = nested(200);
    plan["resource_changes"].as_array_mut().unwrap().push(second);
    let (code, report) = check(plan.to_string().as_bytes());
    assert_eq!(code, 2);
    assert!(addresses(&report).contains(&"aws_db_instance.main"));
}

// Encodings.

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Findings, counts and remarks of the gym's plan in this form.
fn gym_as(bytes: &[u8]) -> (Value, Value, Vec<String>) {
    let output = run(&["check", "-", "--dir", GYM, "--output", "json"], bytes, &[], root());
    let report = report(&output);
    assert_eq!(output.code, 1, "{}", report["remarks"]);
    (report["findings"].clone(), report["summary"].clone(), messages(&report, "warning"))
}

#[test]
fn every_encoding_gives_the_same_findings() {
    let text = String::from_utf8(gym()).unwrap();
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    let expected = gym_as(text.as_bytes());
    assert!(expected.0.as_array().unwrap().len() > 20);
    assert_eq!(expected.2, Vec::<String>::new());
    let marked = format!("\u{feff}{text}");
    let forms = [
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16 LE", utf16(&text, u16::to_le_bytes)),
        ("UTF-16 BE", utf16(&text, u16::to_be_bytes)),
        ("UTF-16 LE with a mark", utf16(&marked, u16::to_le_bytes)),
        ("UTF-16 BE with a mark", utf16(&marked, u16::to_be_bytes)),
        ("many lines", pretty.clone().into_bytes()),
        ("CRLF", pretty.replace('\n', "\r\n").into_bytes()),
        (
            "UTF-16 LE with a mark and CRLF",
            utf16(&format!("\u{feff}{}", pretty.replace('\n', "\r\n")), u16::to_le_bytes),
        ),
    ];
    for (name, bytes) in forms {
        assert!(gym_as(&bytes) == expected, "{name}");
    }
}

#[test]
fn stray_bytes_are_read_around_and_named() {
    let mut plan = gym();
    let place = plan.windows(6).position(|window| window == b"1.11.4").unwrap();
    plan[place + 5] = 0xff;
    let (findings, summary, warnings) = gym_as(&plan);
    let (expected, counts, _) = gym_as(&gym());
    assert_eq!((findings, summary), (expected, counts));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("standard input: the file's encoding is damaged"), "{warnings:?}");
}

// Text around the JSON.

#[test]
fn the_wrapper_of_setup_terraform_is_read_around_and_named_once() {
    let plan = small_plan().to_string();
    let front = "[command]/home/runner/work/_temp/0f/terraform-bin show -json plan.tfplan\n";
    let tail = "%0A\n::set-output name=stderr::\n::set-output name=exitcode::0\n";
    for content in
        [format!("{front}{plan}"), format!("{front}{plan}{tail}"), format!("\r\n{front}{plan}\r\n::debug::x")]
    {
        let (code, report) = check(content.as_bytes());
        assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]), "{content}");
        let warnings = messages(&report, "warning");
        assert_eq!(warnings.len(), 1, "{content}");
        assert!(warnings[0].contains("set `terraform_wrapper: false`"), "{warnings:?}");
    }
}

#[test]
fn other_text_before_the_json_is_named() {
    let content = format!("Acquiring state lock.\n{}", small_plan());
    let (code, report) = check(content.as_bytes());
    assert_eq!((code, addresses(&report)), (0, vec!["aws_db_instance.main"]));
    let warnings = messages(&report, "warning");
    assert!(warnings[0].contains("skipped the text before the JSON: write nothing else into the file"), "{warnings:?}");
}

// Inputs beside each other.

#[test]
fn a_plan_on_standard_input_is_judged() {
    let directory = Directory::new();
    let arguments = ["check", "-", "--output", "json", "--policy", "rds_instance_without_standby"];
    let output = run(&arguments, small_plan().to_string().as_bytes(), &[], directory.path());
    assert_eq!(output.code, 0);
    assert_eq!(report(&output)["findings"][0]["input"], "standard input");
    let empty = run(&arguments, b"", &[], directory.path());
    assert_eq!(empty.code, 2);
    assert!(messages(&report(&empty), "error")[0].starts_with("standard input: the file is empty"));
}

#[test]
fn a_broken_input_does_not_hide_a_good_one() {
    let directory = Directory::new();
    directory.write("good.json", small_plan().to_string());
    directory.write("broken.json", small_plan().to_string().get(..100).unwrap());
    let alone = run(&["check", "good.json", "--output", "json"], b"", &[], directory.path());
    let expected = report(&alone)["findings"].clone();
    assert!(alone.code < 2 && !expected.as_array().unwrap().is_empty());
    for inputs in [["good.json", "broken.json"], ["broken.json", "good.json"]] {
        let output = run(&["check", inputs[0], inputs[1], "--output", "json"], b"", &[], directory.path());
        let report = report(&output);
        assert_eq!((output.code, &report["findings"]), (2, &expected), "{inputs:?}");
        assert_eq!(report["not_evaluated"][0]["subject"], "broken.json");
        assert_eq!(messages(&report, "error").len(), 1);
    }
}

#[test]
fn a_broken_source_file_is_a_warning_beside_the_findings() {
    let directory = Directory::new();
    directory.write("plan.json", small_plan().to_string());
    directory.write("broken.tf", "resource \"aws_db_instance\" {\n  a = \n}\n");
    directory
        .write("main.tf", "resource \"aws_db_instance\" \"main\" {\n  engine = \"postgres\"\n  multi_az = false\n}\n");
    let policy = "rds_instance_without_standby";
    let output = run(&["check", "plan.json", "--output", "json", "--policy", policy], b"", &[], directory.path());
    let report = report(&output);
    assert_eq!(output.code, 0);
    assert_eq!(report["findings"][0]["location"]["path"], "main.tf");
    let warnings = messages(&report, "warning");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("this file is not read"), "{warnings:?}");
    assert_eq!(report["not_evaluated"][0]["subject"], "broken.tf");
}

// Mutations, through the library.

struct Kit {
    sources: SourceMap,
    policies: Vec<PolicyFile>,
    facts: Arc<Facts>,
    configuration: Arc<Configuration>,
}

/// The embedded pack and the gym's source, read once.
static KIT: LazyLock<Kit> = LazyLock::new(|| {
    let mut sources = SourceMap::default();
    let policies = library::load(&mut sources, Examples::Skip).into_iter().map(|parsed| parsed.file).collect();
    let disk = Disk::new(&Environment::default());
    let (configuration, troubles) = load::load(root().join(GYM).to_str().unwrap(), &disk, &mut sources);
    assert!(troubles.is_empty() && !configuration.is_empty());
    Kit { sources, policies, facts: Arc::new(library::facts().unwrap()), configuration: Arc::new(configuration) }
});

/// Reads, judges and reports like `check`; the exit code.
fn judge(bytes: &[u8]) -> Outcome {
    let kit = &*KIT;
    let text = input::decode(bytes.to_vec());
    let wanted = Names::new(kit.policies.iter().map(PolicyFile::mentions), &kit.facts);
    let shared = Shared::new(kit.facts.clone(), Arc::new(wanted), kit.configuration.clone());
    let mut changes = Changes::default();
    let read = document::read(&text, &mut |change| changes.push(change, &shared));
    let Ok((document, kind)) = read else { return Outcome::CouldNotRun };
    let workspace = match kind {
        Kind::Plan => {
            build::from_plan(&document, changes, Arc::from("plan.json"), &shared).map(|(workspace, _)| workspace)
        }
        _ => build::from_state(&document, Arc::from("state.json"), &shared),
    };
    let Ok(workspace) = workspace else { return Outcome::CouldNotRun };
    let settings = Settings {
        fail_level: Some(Severity::High),
        environment: None,
        pedantic: true,
        only: Vec::new(),
        show_unknown: true,
        explain: true,
    };
    let files: Vec<&PolicyFile> = kit.policies.iter().collect();
    let judged = engine::evaluate(&files, &workspace, &settings, &kit.sources);
    assert_eq!(judged.panicked, [], "the engine caught a panic");
    let _ = workspace.unopened();
    render(judged)
}

fn render(judged: Judged) -> Outcome {
    let kit = &*KIT;
    let mut findings = judged.findings;
    engine::sort(&mut findings, &kit.sources);
    let fails = findings.iter().any(|finding| finding.level == planfit::finding::Level::Error);
    let outcome = if fails { Outcome::Findings } else { Outcome::Pass };
    let report = Report {
        run: Run { mode: "plan".to_owned(), target: None, working_directory: None },
        findings,
        silenced: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        summary: Summary::default(),
        outcome,
    };
    let style = Style { width: 100, colour: true, verbose: true };
    human::write(&report, &kit.sources, style, &mut std::io::sink()).unwrap();
    github::write(&report, &kit.sources, &mut std::io::sink()).unwrap();
    json::write(&report, &kit.sources, &mut std::io::sink()).unwrap();
    outcome
}

/// Some of a fixture's changes with the configuration of their blocks: few enough for many runs.
fn piece(fixture_path: &str, first: usize, step: usize) -> Value {
    let whole: Value = serde_json::from_slice(&fixture(fixture_path)).unwrap();
    let changes: Vec<Value> =
        whole["resource_changes"].as_array().unwrap().iter().skip(first).step_by(step).cloned().collect();
    let is_kept = |resource: &Value| changes.iter().any(|change| change["name"] == resource["name"]);
    let mut configuration = whole["configuration"].clone();
    let resources = configuration["root_module"]["resources"].as_array_mut().unwrap();
    resources.retain(is_kept);
    json!({"format_version": "1.2", "variables": whole["variables"], "resource_changes": changes,
        "configuration": {"root_module": configuration["root_module"]}})
}

static PIECES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let state: Value = serde_json::from_slice(&fixture("fixtures/fitness_gym/state.json")).unwrap();
    let mut raw: Value = serde_json::from_slice(&fixture("fixtures/fitness_gym/terraform.tfstate")).unwrap();
    let mut states = vec![state];
    for kept in [0, 1] {
        let mut piece = states[0].clone();
        let resources = piece["values"]["root_module"]["resources"].as_array_mut().unwrap();
        let mut at = 0;
        resources.retain(|_| {
            at += 1;
            at % 7 == kept
        });
        piece["values"]["root_module"]["child_modules"] = json!([]);
        states.push(piece);
    }
    states.remove(0);
    raw["resources"].as_array_mut().unwrap().truncate(12);
    let plans = (0..4).flat_map(|first| {
        [("fixtures/fitness_gym/tfplan.json", 11), ("fixtures/fitness_gym_update/tfplan.json", 13)]
            .map(|(path, step)| piece(path, first, step))
    });
    plans.chain(states).chain([raw]).collect()
});

/// One edit of a text: where, and what happens there.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Delete(Index, usize),
    Insert(Index, Vec<u8>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let scrap = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "1e999", "\\u0000", "\\ud800", "\u{feff}"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, mask)| Edit::Flip(at, mask)),
        (any::<Index>(), 1..64_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        (any::<Index>(), scrap).prop_map(|(at, scrap)| Edit::Insert(at, scrap)),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits.iter().filter(|_| !bytes.is_empty()).collect::<Vec<_>>() {
        match edit {
            Edit::Flip(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Edit::Delete(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Insert(at, scrap) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, scrap.iter().copied());
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// What a value may turn into: another type, an extreme, a text that means something elsewhere.
fn stranger() -> impl Strategy<Value = Value> {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let mut strangers = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
        json!({"": {}}),
        json!({"id": "x"}),
        nested(120),
        nested(140),
    ];
    strangers.extend(["1e400", "-1e-400", "18446744073709551616", "0.1", "1e2"].map(number));
    strangers.extend(
        ["", "x", "no-op", "delete", "create", "data", "module", "module.a[\"", "a.b[0]", "a.b[99999999999999999999]"]
            .map(Value::from),
    );
    strangers
        .extend(["each.key", "local.a", "var.a", "${", "%{", "\u{0}", "\u{202e}", "::error::x", "𝒳"].map(Value::from));
    prop::sample::select(strangers)
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `stranger` in the place of the n-th value, counted from the top; what is left to count otherwise.
fn replace(value: &mut Value, place: usize, stranger: &Value) -> Option<usize> {
    let Some(mut left) = place.checked_sub(1) else {
        *value = stranger.clone();
        return None;
    };
    match value {
        Value::Array(items) => {
            for item in items {
                left = replace(item, left, stranger)?;
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                left = replace(member, left, stranger)?;
            }
        }
        _ => {}
    }
    Some(left)
}

#[test]
fn the_pieces_are_judged() {
    assert_eq!(PIECES.len(), 11);
    let findings = PIECES.iter().filter(|piece| judge(piece.to_string().as_bytes()) == Outcome::Findings);
    assert!(findings.count() > 3, "the mutations start from plans that mean something");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_of_the_text_makes_it_panic(
        piece in 0..11_usize,
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let _ = judge(&edited(PIECES[piece].to_string().into_bytes(), &edits));
    }

    #[test]
    fn no_value_of_another_kind_makes_it_panic(
        piece in 0..11_usize,
        changes in prop::collection::vec((any::<Index>(), stranger()), 1..6),
    ) {
        let mut plan = PIECES[piece].clone();
        for (place, stranger) in changes {
            let place = place.index(count(&plan));
            let _ = replace(&mut plan, place, &stranger);
        }
        let _ = judge(plan.to_string().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_command_ends_with_one_of_three_codes_and_says_why(
        piece in 0..11_usize,
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let content = edited(PIECES[piece].to_string().into_bytes(), &edits);
        let output = run(&["check", "-", "--output", "json"], &content, &[], Directory::new().path());
        prop_assert!((0..=2).contains(&output.code), "{}", output.code);
        let errors = messages(&report(&output), "error");
        prop_assert_eq!(output.code == 2, !errors.is_empty());
    }
}
