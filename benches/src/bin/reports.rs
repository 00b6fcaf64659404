//! Ten thousand findings in every format: `cargo run --release --package planfit-benches --bin reports`. Ends with 1 if a format takes too long.
//!
//! The findings lie in a hundred files and come from a hundred and fifty policies, each with ways out, as those of a large
//! repository do. What counts is the shortest of several runs: a busy machine only makes runs longer.

#![expect(clippy::disallowed_methods, reason = "a program of its own that measures")]

use std::hint::black_box;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use planfit::finding::{
    Enforcement, Finding, Level, Outcome, Remedy, Report, Rule, Run, Severity, Summary, Verdict, Ways,
};
use planfit::report::human::Style;
use planfit::report::{comment, github, human, issue, json, junit, markdown, rdjsonl, sarif};
use planfit::source::{SourceMap, Span};

const FINDINGS: usize = 10_000;
const FILES: usize = 100;
const POLICIES: usize = 150;

/// What a format may take.
const BUDGET: Duration = Duration::from_millis(200);

const RUNS: usize = 5;

fn main() -> io::Result<ExitCode> {
    let mut sources = SourceMap::default();
    let report = report(&mut sources);
    let style = Style { width: 120, colour: true, verbose: false };
    let mut out = io::stdout().lock();
    let mut kept = true;
    for format in ["human", "github", "json", "sarif", "rdjsonl", "junit", "markdown", "comment", "issue"] {
        let render = |text: &mut Vec<u8>| match format {
            "human" => human::write(&report, &sources, style, text),
            "github" => github::write(&report, &sources, github::Rest::Summary, text),
            "json" => json::write(&report, &sources, text),
            "sarif" => sarif::write(&report, &sources, text),
            "rdjsonl" => rdjsonl::write(&report, &sources, Some("infra"), text),
            "junit" => junit::write(&report, &sources, text),
            "markdown" => markdown::write(&report, &sources, markdown::LIMIT, text),
            "comment" => comment::write(&report, &sources, text),
            _ => issue::write(&report, &sources, text),
        };
        let (took, size) = shortest(&render)?;
        let verdict = if took <= BUDGET { "" } else { "  too long" };
        kept &= took <= BUDGET;
        writeln!(out, "{format:<9} {:>7.1} ms {:>9} kB{verdict}", took.as_secs_f64() * 1e3, size / 1000)?;
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn shortest(render: &dyn Fn(&mut Vec<u8>) -> io::Result<()>) -> io::Result<(Duration, usize)> {
    let mut best = (Duration::MAX, 0);
    for _ in 0..RUNS {
        let start = Instant::now();
        let mut text = Vec::new();
        render(&mut text)?;
        best = best.min((start.elapsed(), black_box(text).len()));
    }
    Ok(best)
}

fn report(sources: &mut SourceMap) -> Report {
    let text = "resource \"t\" \"r\" { name = \"some name\" }\n".repeat(500);
    let files: Vec<_> =
        (0..FILES).map(|number| sources.add(format!("infra/{number}/main.tf"), text.as_str())).collect();
    let options = options();
    let policies: Vec<Arc<str>> = (0..POLICIES).map(|number| format!("policy_{number}").into()).collect();
    let findings = (0..FINDINGS).zip(files.iter().cycle()).zip(policies.iter().cycle());
    let findings = findings.map(|((number, file), policy)| {
        let start = u32::try_from(number * 37 % 15_000).unwrap_or_default();
        let span = Span { file: *file, start, end: start + 8 };
        finding(number, policy.clone(), span, options.clone())
    });
    let rules = policies.iter().map(|policy| rule(policy.clone(), options.clone())).collect();
    Report {
        run: Run { mode: "plan".to_owned(), target: Some("infra".to_owned()), ..Run::default() },
        rules,
        findings: findings.collect(),
        summary: Summary { errors: FINDINGS, resources: 100_000, policies: POLICIES, ..Summary::default() },
        outcome: Outcome::Findings,
        ..Report::default()
    }
}

fn finding(number: usize, policy: Arc<str>, span: Span, options: Arc<[Remedy]>) -> Finding {
    let address = format!("module.service[\"{number}\"].aws_ecs_service.this");
    Finding {
        policy,
        policy_file: None,
        category: "release".into(),
        title: "A release stops the service".into(),
        severity: Severity::High,
        enforcement: Enforcement::MandatoryOverridable,
        level: Level::Error,
        verdict: Verdict::Fail,
        environment: None,
        instances: vec![address.clone()],
        message: format!("{address} keeps 1 task; at least 2 are asked for."),
        address,
        operation: "create",
        location: Some(span),
        condition: None,
        explanation: None,
        related: Vec::new(),
        assumed: Some("multi_az is not set; the default is false".to_owned()),
        input: "infra/tfplan.json".into(),
        options,
        covered_by: Arc::from([]),
        covers: Vec::new(),
        fingerprint: format!("{number:032x}"),
        root: "infra".into(),
        changes: None,
        enclosing: Vec::new(),
        silence: None,
    }
}

fn rule(id: Arc<str>, options: Arc<[Remedy]>) -> Rule {
    Rule {
        path: format!("policies/release/{id}.policy.hcl").into(),
        id,
        file: None,
        title: "A release stops the service".into(),
        category: "release".into(),
        severity: Severity::High,
        pedantic: false,
        aliases: Vec::new(),
        references: vec!["The manual".to_owned()],
        why: "Nobody answers while the new version starts.".repeat(8),
        fix: "Set `deployment_minimum_healthy_percent = 100`.".to_owned(),
        ways: vec![Ways { types: vec!["aws_ecs_service".into()], options }],
        passed: 100,
    }
}

fn options() -> Arc<[Remedy]> {
    let option = |number: usize| Remedy {
        id: format!("option_{number}"),
        title: "Let the new tasks start before the old ones stop".to_owned(),
        merits: vec!["no gap".to_owned(), "what the provider does by default".to_owned()],
        demerits: vec!["twice the tasks for some minutes".to_owned()],
        downtime: "none".to_owned(),
        effort: "S".to_owned(),
        literals: Vec::new(),
    };
    (0..3).map(option).collect()
}
