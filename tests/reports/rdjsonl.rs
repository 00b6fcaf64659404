//! reviewdog's format: one object a line, as its own reader takes it.

use planfit::finding::{Finding, Related, Remedy, Report};
use planfit::report::rdjsonl;
use planfit::source::SourceMap;
use serde_json::{Value, json};

use crate::every::one;
use crate::printed;
use crate::set::{Stack, finding, mark, remedy, report_of, stack};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What `reviewdog.proto` has, and nothing else: names of others would be read past in silence.
#[track_caller]
fn is_a_diagnostic(line: &Value) {
    let known = ["message", "location", "severity", "source", "code", "suggestions", "related_locations"];
    assert!(keys(line).iter().all(|key| known.contains(key)), "{line}");
    assert!(line["message"].is_string());
    assert!(["ERROR", "WARNING", "INFO"].contains(&line["severity"].as_str().unwrap()));
    assert_eq!(line["source"]["name"], "planfit");
    let related = line["related_locations"].as_array().into_iter().flatten().map(|related| &related["location"]);
    for location in std::iter::once(&line["location"]).chain(related) {
        assert_eq!(keys(location), ["path", "range"]);
        assert!(!location["path"].as_str().unwrap().is_empty());
        for end in ["start", "end"] {
            let at = &location["range"][end];
            assert!(at["line"].as_u64().unwrap() > 0 && at["column"].as_u64().unwrap() > 0, "{line}");
        }
    }
}

#[test]
fn the_set_is_one_object_a_line_seen_from_where_reviewdog_runs() {
    let Stack { report, sources } = stack();
    let lines = lines(&one("rdjsonl", &report, &sources));
    lines.iter().for_each(is_a_diagnostic);
    let paths: Vec<&str> = lines.iter().map(|line| line["location"]["path"].as_str().unwrap()).collect();
    // The findings that have a place, and the remark about a file.
    let hostile = "::error::,a%0A\\u{d}\\u{a}\\u{1b}[31m:1:2.tf";
    assert_eq!(paths, ["shop/rds.tf", "shop/ecs.tf", "shop/modules.tf", hostile, "shop/old.tf"]);
    assert_eq!(lines[0]["code"]["value"], "rds_instance_without_standby");
    assert_eq!(lines[2]["related_locations"][0]["location"]["path"], "../.terraform/modules/cache/main.tf");
    assert_eq!(lines[4].get("code"), None);
}

#[test]
fn columns_count_bytes() {
    let mut sources = SourceMap::default();
    let location = Some(mark(&mut sources, "a.tf", "x\n日本 = \"é\"\n", "\"é\""));
    let report = report_of(vec![Finding { location, ..finding("p", "aws_x.y", "aws_x.y is wrong.") }]);
    let line = &lines(&one("rdjsonl", &report, &sources))[0];
    assert_eq!(
        line["location"]["range"],
        json!({"start": {"line": 2, "column": 10}, "end": {"line": 2, "column": 14}})
    );
    assert_eq!(line["location"]["path"], "../a.tf");
}

#[test]
fn a_literal_value_can_be_changed_where_it_stands() {
    let sole = |literals: &[(&str, &str)]| {
        let literals = literals.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Remedy { literals, ..remedy("a", "A", &[], &[], "none", "S") }
    };
    let options = || vec![sole(&[]), sole(&[("multi_az", "true"), ("x", "1")]), sole(&[("multi_az", "true")])];
    let suggested = |text: &str, part: &str, options: Vec<Remedy>| {
        let mut sources = SourceMap::default();
        let location = Some(mark(&mut sources, "a.tf", text, part));
        line_of(Finding { location, options: options.into(), ..finding("p", "aws_x.y", "Wrong.") }, &sources)
    };
    let line = suggested("  multi_az   = false # é\n", "multi_az   = false", options());
    let range = json!({"start": {"line": 1, "column": 16}, "end": {"line": 1, "column": 21}});
    assert_eq!(line["suggestions"], json!([{"range": range, "text": "true"}]));
    for (text, part) in [
        ("multi_az = var.multi_az\n", "multi_az = var.multi_az"),
        ("multi_az = true\n", "multi_az = true"),
        ("multi_az = \"false\"\n", "multi_az = \"false\""),
        ("other = false\n", "other = false"),
        ("resource \"aws_x\" \"y\" {}\n", "resource \"aws_x\" \"y\""),
    ] {
        assert_eq!(suggested(text, part, options()).get("suggestions"), None, "{text}");
    }
    assert_eq!(suggested("multi_az = false\n", "multi_az = false", vec![sole(&[])]).get("suggestions"), None);
    let days = vec![sole(&[("days", "30")])];
    assert_eq!(suggested("days = 60\n", "days = 60", days).get("suggestions"), None, "90 may be asked for");
}

#[test]
fn a_base_that_is_chosen_is_kept() {
    let mut sources = SourceMap::default();
    sources.set_base("aws");
    let location = Some(mark(&mut sources, "shop/a.tf", "a = 1\n", "a"));
    let report = report_of(vec![Finding { location, ..finding("p", "aws_x.y", "aws_x.y is wrong.") }]);
    let path = |below| {
        let text = printed(|out| rdjsonl::write(&report, &sources, below, out));
        lines(&text)[0]["location"]["path"].clone()
    };
    assert_eq!(
        [path(None), path(Some("")), path(Some("aws/shop"))],
        [json!("shop/a.tf"), json!("aws/shop/a.tf"), json!("a.tf")]
    );
}

#[track_caller]
fn line_of(finding: Finding, sources: &SourceMap) -> Value {
    let report: Report = report_of(vec![finding]);
    let text = one("rdjsonl", &report, sources);
    let line = text.trim_end();
    assert!(line.len() <= rdjsonl::LIMIT, "{}", line.len());
    let line = lines(line).remove(0);
    is_a_diagnostic(&line);
    line
}

#[test]
fn a_line_stays_below_what_a_scanner_of_go_reads() {
    let mut sources = SourceMap::default();
    let span = mark(&mut sources, "a.tf", "a = 1\n", "a");
    let related = Related { span, message: "m".repeat(3_000) };
    let at = |message: String| Finding { location: Some(span), message, ..finding("p", "aws_x.y", "") };
    let short = line_of(Finding { related: vec![related.clone(); 3], ..at("short".to_owned()) }, &sources);
    assert_eq!(short["related_locations"].as_array().unwrap().len(), 3);
    // Further places go before any word of the message does.
    let message = "x".repeat(40_000);
    let cut = line_of(Finding { related: vec![related; 4], ..at(message.clone()) }, &sources);
    assert_eq!(cut.get("related_locations"), None);
    assert!(cut["message"].as_str().unwrap().contains(&message));
    // Whatever a character takes in JSON.
    for part in ["\"", "\\", "😀", "\u{1}", "##["] {
        let options = [remedy("a", &part.repeat(100_000), &[], &[], part, "S")].into();
        let cut = line_of(Finding { options, ..at(part.repeat(100_000)) }, &sources);
        assert!(cut["message"].as_str().unwrap().ends_with('…'));
    }
    let long = Finding { policy: "p".repeat(100_000).into(), ..at("x".to_owned()) };
    assert!(line_of(long, &sources)["code"]["value"].as_str().unwrap().len() < 5_000);
}
