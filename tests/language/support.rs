//! What the chapters share: policies judged on a plan through the public face of the library.

use planfit::engine::{self, Judged, Settings};
use planfit::expr::Fault;
use planfit::finding::{Finding, Information, Level, Outcome, Remark, Report, Run, Summary, Verdict};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::report::human::Style;
use planfit::source::SourceMap;
use planfit::terraform::config::{Configuration, example};
use planfit::terraform::input;
use planfit::workspace::text;

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
    judged_beside("", policy, plan, given)
}

/// The same beside the source of the root module.
#[track_caller]
pub(crate) fn judged_beside(source: &str, policy: &str, plan: &str, given: &Given) -> Judged {
    let mut sources = SourceMap::default();
    let module = sources.add("main.tf", source);
    let configuration = match source.parse::<hcl_edit::structure::Body>() {
        Ok(body) if !source.is_empty() => example::from_body(module, source, &body),
        Ok(_) => Configuration::default(),
        Err(error) => panic!("{error}"),
    };
    let file = sources.add("t.policy.hcl", policy);
    let mut parsed = parse("t.policy.hcl", file, policy, "custom");
    assert_eq!(parsed.faults, [], "the policy does not load");
    assert_eq!(given.fill(&mut parsed.file), [], "the inputs have no values");
    let mentions = std::iter::once(parsed.file.mentions());
    let shared = text::shared(mentions, library::facts().unwrap(), configuration);
    let plan = input::decode(plan.as_bytes().to_vec());
    let workspace = text::workspace(&plan, "plan.json", &shared).unwrap();
    let settings = Settings { pedantic: true, show_unknown: true, explain: true, ..Settings::default() };
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
    let remarks = |fault: Fault| Remark {
        level: Level::Error,
        message: fault.message,
        span: Some(fault.span),
        related: fault.related,
    };
    let report = Report { remarks: faults.into_iter().map(remarks).collect(), ..report(Vec::new(), Vec::new()) };
    let text = printed(&report, &sources, false);
    // The heading and the last line are the same for all.
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("error  ") && !line.starts_with("no findings")).collect();
    lines.join("\n").trim_matches('\n').replace("\n\n", "\n")
}

fn report(findings: Vec<Finding>, information: Vec<Information>) -> Report {
    Report {
        run: Run::default(),
        rules: Vec::new(),
        findings,
        information,
        silenced: Vec::new(),
        remarks: Vec::new(),
        not_evaluated: Vec::new(),
        summary: Summary::default(),
        outcome: Outcome::CouldNotRun,
    }
}

fn printed(report: &Report, sources: &SourceMap, verbose: bool) -> String {
    let mut out = Vec::new();
    planfit::report::human::write(report, sources, Style { width: 120, colour: false, verbose }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

// The spans of `judged` point into this file.
fn source(policy: &str) -> SourceMap {
    let mut sources = SourceMap::default();
    sources.add("main.tf", "");
    sources.add("t.policy.hcl", policy);
    sources
}

/// What people read in full of what [`judged`] gives for a policy file.
pub(crate) fn human(findings: Vec<Finding>, information: Vec<Information>, policy: &str) -> String {
    printed(&report(findings, information), &source(policy), true)
}

/// What programs read of it.
pub(crate) fn json(findings: Vec<Finding>, information: Vec<Information>, policy: &str) -> serde_json::Value {
    let mut out = Vec::new();
    planfit::report::json::write(&report(findings, information), &source(policy), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}
