//! Code scanning: the schema of SARIF, and what GitHub asks for beyond it.

use std::sync::LazyLock;

use jsonschema::Validator;
use planfit::finding::{Finding, Outcome, Related, Remark, Report, Severity};
use planfit::report::sarif::MAX_RESULTS;
use planfit::source::{SourceMap, Span};
use serde_json::{Value, json};

use crate::every::one;
use crate::set::{Stack, finding, mark, report_of, stack};

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema: Value = serde_json::from_str(include_str!("../schemas/sarif-2.1.0.json")).unwrap();
    // Its pattern of languages, which we never write, is no regular expression of ECMAScript: a bracket is left over.
    for object in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{object}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    jsonschema::validator_for(&schema).unwrap()
});

#[track_caller]
pub(crate) fn keeps_to_the_schema(text: &str, what: &str) {
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> =
        SCHEMA.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[track_caller]
fn log(report: &Report, sources: &SourceMap) -> Value {
    let text = one("sarif", report, sources);
    keeps_to_the_schema(&text, "");
    let log: Value = serde_json::from_str(&text).unwrap();
    log["runs"][0].clone()
}

fn notes(run: &Value) -> Vec<&str> {
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    notes.iter().map(|note| note["message"]["text"].as_str().unwrap()).collect()
}

/// A finding at the first occurrence of a part of a text.
fn at(sources: &mut SourceMap, path: &str, text: &str, part: &str) -> Finding {
    Finding { location: Some(mark(sources, path, text, part)), ..finding("p", "aws_x.y", "aws_x.y is wrong.") }
}

#[test]
fn the_schema_sees_what_is_wrong() {
    let Stack { report, sources } = stack();
    let mut log: Value = serde_json::from_str(&one("sarif", &report, &sources)).unwrap();
    log["runs"][0]["results"][0]["level"] = json!("loud");
    assert!(!SCHEMA.is_valid(&log));
}

#[test]
fn the_set_keeps_to_the_schema_with_all_that_github_asks_for() {
    let Stack { report, sources } = stack();
    let run = log(&report, &sources);
    assert_eq!(run["automationDetails"]["id"], "planfit/aws/shop/prod/");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for text in [&rule["shortDescription"], &rule["fullDescription"], &rule["help"]] {
            assert!(text["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        let help = rule["help"]["markdown"].as_str().unwrap();
        let has_options =
            report.findings.iter().any(|finding| rule["id"] == *finding.policy && !finding.options.is_empty());
        assert_eq!(help.contains("| option | what you gain |"), has_options, "{help}");
        assert_eq!(rule["properties"]["tags"], json!(["multi_az"]));
    }
    let results = run["results"].as_array().unwrap();
    for result in results {
        let number = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[number]["id"], result["ruleId"]);
        let own = &result["partialFingerprints"];
        assert_eq!(own["planfit/v1"], "0123456789abcdef");
        assert!(own["primaryLocationLineHash"].as_str().unwrap().ends_with(":1"), "{own}");
    }
    let levels: Vec<&str> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "error", "warning", "warning"], "what has no place is no result");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 21})
    );
    let inner = &results[2]["relatedLocations"][0];
    assert_eq!(inner["physicalLocation"]["artifactLocation"]["uri"], ".terraform/modules/cache/main.tf");
    let told = notes(&run);
    for part in [
        "aws_db_instance.report has no standby",
        "attrs.tags is null",
        "subnets is not known",
        "does not parse",
        "not judged: aws\\_sqs",
    ] {
        let part = part.replace("\\_", "_");
        assert!(told.iter().any(|note| note.contains(&part)), "{part}: {told:#?}");
    }
}

#[test]
fn silenced_findings_are_suppressed_results() {
    let Stack { mut report, mut sources } = stack();
    let location = Some(mark(&mut sources, "aws/shop/mail.tf", "resource \"aws_sqs_queue\" \"mail\" {}\n", "resource"));
    report.silenced.iter_mut().for_each(|finding| finding.location = location);
    let run = log(&report, &sources);
    let results = run["results"].as_array().unwrap();
    let suppressions: Vec<&Value> = results.iter().skip(4).map(|result| &result["suppressions"][0]).collect();
    assert_eq!(suppressions.len(), 2);
    assert_eq!((&suppressions[0]["kind"], &suppressions[0]["status"]), (&json!("inSource"), &json!("accepted")));
    assert!(suppressions[0]["justification"].as_str().unwrap().starts_with("::error::x"));
    assert_eq!(suppressions[0]["location"]["physicalLocation"]["artifactLocation"]["uri"], "aws/shop/queue.tf");
    assert_eq!(suppressions[1]["kind"], "external");
    assert!(results.iter().take(4).all(|result| result.get("suppressions").is_none()));
}

#[test]
fn columns_count_code_points_and_long_spans_are_their_first_line() {
    let mut sources = SourceMap::default();
    let text = "日本 😀 = [\n  1,\n]\n";
    let report = report_of(vec![at(&mut sources, "a.tf", text, "= [\n  1,\n]")]);
    let region = &log(&report, &sources)["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(*region, json!({"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 9}));
}

#[test]
fn places_outside_of_the_repository_are_no_results() {
    let mut sources = SourceMap::default();
    let pack = sources.add_built_in("policies/p.policy.hcl", "condition = attrs.x\n");
    let expression = Related { span: Span { file: pack, start: 0, end: 9 }, message: "It failed.".to_owned() };
    let outside = at(&mut sources, "../else/a.tf", "a = 1\n", "a");
    let inside = Finding { related: vec![expression], ..at(&mut sources, "a b#.tf", "a = 1\n", "a") };
    let run = log(&report_of(vec![outside, inside]), &sources);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b%23.tf");
    let related = &results[0]["relatedLocations"][0];
    assert_eq!(related["message"]["text"], "policies/p.policy.hcl line 1: It failed.");
    assert_eq!(related.get("physicalLocation"), None);
    assert_eq!(notes(&run), ["p: aws_x.y is wrong."]);
}

#[test]
fn brackets_are_no_links() {
    let mut sources = SourceMap::default();
    let wrong = Finding {
        message: "aws_x.y[\"a\"] is [wrong](https://evil.example).".to_owned(),
        ..at(&mut sources, "a.tf", "a = 1\n", "a")
    };
    let run = log(&report_of(vec![wrong]), &sources);
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert_eq!(text, "aws_x.y: aws_x.y\\[\"a\"\\] is \\[wrong\\](https://evil.example).");
}

#[test]
fn only_exposure_is_about_security() {
    let mut sources = SourceMap::default();
    let mut open = at(&mut sources, "a.tf", "a = 1\n", "a");
    open.category = "exposure".into();
    open.severity = Severity::Critical;
    let run = log(
        &report_of(vec![open, Finding { policy: "q".into(), ..at(&mut sources, "a.tf", "a = 1\n", "a") }]),
        &sources,
    );
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!(rules[0]["properties"]["tags"], json!(["exposure", "security"]));
    assert_eq!(rules[0]["properties"]["security-severity"], "9.5");
    assert_eq!(rules[1]["properties"].get("security-severity"), None);
}

#[test]
fn lines_are_hashed_as_the_uploader_does() {
    let mut sources = SourceMap::default();
    let text = " a\nb\n  \t\tc\n d";
    let found = ["a", "b", "c", "d"].map(|part| at(&mut sources, "a.tf", text, part));
    let run = log(&report_of(found.to_vec()), &sources);
    let hashes = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["partialFingerprints"]["primaryLocationLineHash"]);
    let vectors = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
    assert_eq!(hashes.collect::<Vec<_>>(), vectors);
    // A byte order mark counts, and it is not in our text any more.
    let report =
        report_of(vec![at(&mut sources, "b.tf", "   a\nb\n", "a"), at(&mut sources, "b.tf", "   a\nb\n", "b")]);
    let run = log(&report, &sources);
    let line = |number: usize| run["results"][number]["partialFingerprints"].get("primaryLocationLineHash");
    assert!(line(0).is_none() && line(1).is_some());
}

#[test]
fn five_thousand_results_are_kept_and_the_rest_is_said() {
    let mut sources = SourceMap::default();
    let one = at(&mut sources, "a.tf", "a = 1\n", "a");
    for (count, left_out) in
        [(MAX_RESULTS, None), (MAX_RESULTS + 1, Some("1 result is")), (30_000, Some("25000 results are"))]
    {
        let run = log(&report_of(vec![one.clone(); count]), &sources);
        assert_eq!(run["results"].as_array().unwrap().len(), MAX_RESULTS);
        let wanted: Vec<String> = left_out
            .iter()
            .map(|many| format!("{many} left out: a file of more than 5000 is not taken in full."))
            .collect();
        assert_eq!(notes(&run), wanted);
    }
}

#[test]
fn notifications_are_cut_too() {
    let placeless = finding("p", "aws_x.y", "aws_x.y is wrong.");
    let run = log(&report_of(vec![placeless; 1_001]), &SourceMap::default());
    let notes = notes(&run);
    assert_eq!((notes.len(), notes[1_000]), (1_001, "1 more findings without a place are left out."));
}

#[test]
fn a_run_that_could_not_is_no_success() {
    let mut sources = SourceMap::default();
    let span = mark(&mut sources, "a.tf", "a {\n", "{");
    let mut report = Report { outcome: Outcome::CouldNotRun, ..report_of(Vec::new()) };
    report.remarks = vec![Remark::new(planfit::finding::Level::Warning, "this file is not read", Some(span))];
    let run = log(&report, &sources);
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&json!(false), &json!(2)));
    let note = &invocation["toolExecutionNotifications"][0];
    assert_eq!(
        (&note["level"], &note["locations"][0]["physicalLocation"]["region"]["startLine"]),
        (&json!("warning"), &json!(1))
    );
    assert_eq!(run["results"], json!([]));
}
