//! What the chapters share: policies judged on a plan through the public face of the library.

use std::sync::Arc;

use planfit::engine::{self, Judged, Settings};
use planfit::expr::Fault;
use planfit::finding::{Level, Outcome, Remark, Report, Run, Summary, Verdict};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::report::human::{self, Style};
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::document;
use planfit::terraform::input;
use planfit::workspace::Names;
use planfit::workspace::build::{self, Changes, Shared};

/// A verdict with its message, by address.
pub(crate) type Verdicts = Vec<(String, Verdict, String)>;

/// Verdict and message for each address that does not pass, by address.
#[track_caller]
pub(crate) fn judge(policy: &str, plan: &str) -> Verdicts {
    judge_with(policy, plan, &Given::default())
}

/// The same with values for inputs.
#[track_caller]
pub(crate) fn judge_with(policy: &str, plan: &str, given: &Given) -> Verdicts {
    let judged = judged(policy, plan, given);
    let mut verdicts = Vec::new();
    for finding in judged.findings {
        verdicts.extend(
            finding.instances.iter().map(|address| (address.clone(), finding.verdict, finding.message.clone())),
        );
    }
    verdicts.sort();
    verdicts
}

/// All that judging gives.
#[track_caller]
pub(crate) fn judged(policy: &str, plan: &str, given: &Given) -> Judged {
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", policy);
    let mut parsed = parse("t.policy.hcl", file, policy, "custom");
    assert_eq!(parsed.faults, [], "the policy does not load");
    assert_eq!(given.fill(&mut parsed.file), [], "the inputs have no values");
    let text = input::decode(plan.as_bytes().to_vec());
    let facts = library::facts().unwrap();
    let wanted = Names::new(std::iter::once(parsed.file.mentions()), &facts);
    let shared = Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(Configuration::default()));
    let mut changes = Changes::default();
    let (document, _) = document::read(&text, &mut |change| changes.push(change, &shared)).unwrap();
    let (workspace, _) = build::from_plan(&document, changes, Arc::from("plan.json"), &shared).unwrap();
    let settings = Settings {
        fail_level: None,
        environment: None,
        pedantic: true,
        only: Vec::new(),
        show_unknown: true,
        explain: true,
    };
    engine::evaluate(&[&parsed.file], &workspace, &settings, &sources)
}

/// A plan that creates one `t_x.a` with these attributes; `unknown` is the mask.
pub(crate) fn create(attributes: &str, unknown: &str) -> String {
    format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"t_x.a","type":"t_x","name":"a",
            "change":{{"actions":["create"],"before":null,"after":{attributes},"after_unknown":{unknown}}}}}]}}"#
    )
}

/// A policy on `t_x` of one condition.
pub(crate) fn policy(condition: &str) -> String {
    format!("resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n")
}

/// The verdict of one condition on one object; `None` is pass.
#[track_caller]
pub(crate) fn verdict(condition: &str, attributes: &str, unknown: &str) -> Option<Verdict> {
    judge(&policy(condition), &create(attributes, unknown)).pop().map(|(_, verdict, _)| verdict)
}

/// The message of the verdict *error* that a file gives on an empty object.
#[track_caller]
pub(crate) fn error(policy: &str) -> String {
    let verdicts = judge(policy, &create("{}", "{}"));
    match verdicts.as_slice() {
        [(_, Verdict::Error, message)] => message.clone(),
        other => panic!("an error is expected, not {other:?}"),
    }
}

/// What a file with these blocks ahead of a sound policy says of its faults.
pub(crate) fn faults_of(text: &str) -> (SourceMap, Vec<Fault>) {
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", text);
    let faults = parse("t.policy.hcl", file, text, "custom").faults;
    (sources, faults)
}

/// The messages of a file's faults.
pub(crate) fn messages(text: &str) -> Vec<String> {
    faults_of(text).1.into_iter().map(|fault| fault.message).collect()
}

/// The faults of a file as the report for people shows them.
pub(crate) fn picture(text: &str) -> String {
    let (sources, faults) = faults_of(text);
    let remark = |fault: Fault| Remark {
        level: Level::Error,
        message: fault.message,
        span: Some(fault.span),
        related: fault.related,
    };
    let report = Report {
        run: Run::default(),
        findings: Vec::new(),
        silenced: Vec::new(),
        remarks: faults.into_iter().map(remark).collect(),
        not_evaluated: Vec::new(),
        summary: Summary::default(),
        outcome: Outcome::CouldNotRun,
    };
    let mut out = Vec::new();
    human::write(&report, &sources, Style { width: 120, colour: false, verbose: false }, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    // The heading and the last line are the same for all.
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("error  ") && !line.starts_with("no findings")).collect();
    lines.join("\n").trim_matches('\n').replace("\n\n", "\n")
}
