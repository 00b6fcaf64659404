//! Checks a document and tells what is said of it.

use planfit::engine::{self, Settings};
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::input;
use planfit::workspace::text;
use serde_json::Value;

use crate::support::{Directory, run};

pub(crate) const STANDBY: &str = "rds_instance_without_standby";
pub(crate) const RETENTION: &str = "log_group_retention_too_short";
pub(crate) const FOR_EVER: &str = "log_group_never_expires";
pub(crate) const ADDRESS: &str = "elastic_ip_unattached";
pub(crate) const REPLACED: &str = "stateful_resource_replaced";
pub(crate) const DELETED: &str = "stateful_deleted_without_snapshot";
pub(crate) const RELEASED: &str = "public_address_released";

pub(crate) const NOTHING: [&str; 0] = [];

pub(crate) struct Checked {
    pub(crate) code: i32,
    pub(crate) report: Value,
}

/// Checks a document with no source at hand.
pub(crate) fn check(document: &Value, policies: &[&str]) -> Checked {
    check_beside(document, policies, &[])
}

/// Checks a document beside these source files.
pub(crate) fn check_beside(document: &Value, policies: &[&str], sources: &[(&str, &str)]) -> Checked {
    let directory = Directory::new();
    for (name, text) in sources {
        directory.write(name, text);
    }
    check_in(&directory, document, policies)
}

pub(crate) fn check_in(directory: &Directory, document: &Value, policies: &[&str]) -> Checked {
    directory.write("input.json", document.to_string());
    let mut arguments = vec!["check", "input.json", "--output", "json", "--show-unknown"];
    arguments.extend(policies.iter().flat_map(|policy| ["--policy", *policy]));
    let output = run(&arguments, b"", &[], directory.path());
    assert_eq!(output.stderr, "");
    Checked { code: output.code, report: serde_json::from_str(&output.stdout).unwrap() }
}

impl Checked {
    pub(crate) fn findings(&self) -> &[Value] {
        self.report["findings"].as_array().unwrap()
    }

    /// The addresses with this verdict.
    pub(crate) fn having(&self, verdict: &str) -> Vec<&str> {
        let findings = self.findings().iter().filter(|finding| finding["verdict"] == verdict);
        findings.flat_map(|finding| strings(&finding["instances"])).collect()
    }

    pub(crate) fn failing(&self) -> Vec<&str> {
        self.having("fail")
    }

    pub(crate) fn messages(&self) -> Vec<&str> {
        self.findings().iter().map(|finding| finding["message"].as_str().unwrap()).collect()
    }

    pub(crate) fn resources(&self) -> u64 {
        self.report["summary"]["resources"].as_u64().unwrap()
    }

    pub(crate) fn remarks(&self, level: &str) -> Vec<&str> {
        let remarks = self.report["remarks"].as_array().unwrap().iter().filter(|remark| remark["level"] == level);
        remarks.map(|remark| remark["message"].as_str().unwrap()).collect()
    }

    /// What was not judged, each as "subject: reason".
    pub(crate) fn gaps(&self) -> Vec<String> {
        let gaps = self.report["not_evaluated"].as_array().unwrap().iter();
        gaps.map(|gap| format!("{}: {}", gap["subject"].as_str().unwrap(), gap["reason"].as_str().unwrap())).collect()
    }

    /// The place of the only finding, as "path:line".
    pub(crate) fn place(&self) -> String {
        let [finding] = self.findings() else { panic!("not one finding: {}", self.report["findings"]) };
        let location = &finding["location"];
        format!("{}:{}", location["path"].as_str().unwrap_or("nowhere"), location["start"]["line"])
    }
}

pub(crate) fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// What an expression of a policy gives for the object of type `aws_x` in a document; the pack shows less of `meta`.
pub(crate) fn told(document: &Value, operations: &str, expression: &str) -> Vec<String> {
    let policy = format!(
        "resource_policy \"aws_x\" \"told\" {{\n{operations}\nenforce {{\ncondition = false\nerror_message = \"told ${{{expression}}}\"\n}}\n}}\n"
    );
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", policy.clone());
    let parsed = parse("t.policy.hcl", file, &policy, "custom");
    assert_eq!(parsed.faults, []);
    let mentions = std::iter::once(parsed.file.mentions());
    let shared = text::shared(mentions, library::facts().unwrap(), Configuration::default());
    let input = input::decode(document.to_string().into_bytes());
    let workspace = text::workspace(&input, "input.json", &shared).unwrap();
    let settings = Settings { pedantic: true, show_unknown: true, explain: true, ..Settings::default() };
    let judged = engine::evaluate(&[&parsed.file], &workspace, &settings, &sources);
    let messages = judged.findings.into_iter().map(|finding| finding.message);
    messages.map(|message| message.trim_start_matches("told ").to_owned()).collect()
}
