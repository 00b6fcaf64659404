//! The report for programs: JSON, schema 1 (`spec/ci-integration.md` 8).
//!
//! One form, always: an object indented by two spaces, keys in the order of the structs below, a line break at the
//! end. The form is fixed because the file is compared and committed, and read by people when a pipeline fails.
//! Columns count characters and ends are exclusive. Keys are only ever added to schema 1; what planfit does not know
//! yet is `null`, not left out. There are no attribute values, no time, and no path that is not in the report.
//! Start at [`write()`].

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::sanitise;
use crate::finding::{
    Explanation, Finding, Information, NotEvaluated, Related, Remark, Remedy, Report, Silence, Step, Summary,
    Suppressed,
};
use crate::source::{LineColumn, SourceMap, Span};

/// The version of the document's form.
const SCHEMA: u32 = 1;

/// Writes the report as one JSON document.
///
/// # Errors
///
/// Only what `out` reports.
pub fn write(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&document(report, sources))?;
    out.write_all(sanitise::json(&text).as_bytes())?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    run: Run<'a>,
    outcome: &'static str,
    summary: Counts,
    cost: Pending,
    findings: Vec<Entry<'a>>,
    information: Vec<Said<'a>>,
    remarks: Vec<Note<'a>>,
    not_evaluated: Vec<Gap<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Run<'a> {
    mode: Cow<'a, str>,
    target: Option<Cow<'a, str>>,
    working_directory: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notices: usize,
    unknown: usize,
    suppressed: usize,
    baselined: usize,
    existing: usize,
    resources: usize,
    policies: usize,
    modules_not_found: usize,
    uncounted: usize,
    files_not_read: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    policy: Cow<'a, str>,
    policy_file: Option<Cow<'a, str>>,
    category: Cow<'a, str>,
    title: Cow<'a, str>,
    severity: &'static str,
    enforcement_level: &'static str,
    level: &'static str,
    verdict: &'static str,
    address: Cow<'a, str>,
    instances: Vec<Cow<'a, str>>,
    operation: &'static str,
    message: Cow<'a, str>,
    location: Option<Location<'a>>,
    related: Vec<Place<'a>>,
    assumed: Option<Cow<'a, str>>,
    input: Cow<'a, str>,
    options: Vec<Choice<'a>>,
    fingerprint: Cow<'a, str>,
    suppressed: Option<Decision<'a>>,
    baselined: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Reasons<'a>>,
}

#[derive(Serialize)]
struct Decision<'a> {
    by: &'static str,
    reason: Option<Cow<'a, str>>,
    until: Option<String>,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Reasons<'a> {
    condition: Cow<'a, str>,
    location: Option<Location<'a>>,
    steps: Vec<Part<'a>>,
    omitted: usize,
}

#[derive(Serialize)]
struct Part<'a> {
    expression: Cow<'a, str>,
    value: Cow<'a, str>,
    depth: usize,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Place<'a> {
    message: Cow<'a, str>,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    id: Cow<'a, str>,
    title: Cow<'a, str>,
    merits: Vec<Cow<'a, str>>,
    demerits: Vec<Cow<'a, str>>,
    downtime: Cow<'a, str>,
    effort: Cow<'a, str>,
    monthly_delta: Pending,
}

#[derive(Serialize)]
struct Note<'a> {
    level: &'static str,
    message: Cow<'a, str>,
    location: Option<Location<'a>>,
    related: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    policy: Cow<'a, str>,
    policy_file: Option<Cow<'a, str>>,
    address: Cow<'a, str>,
    operation: &'static str,
    message: Cow<'a, str>,
}

#[derive(Serialize)]
struct Gap<'a> {
    subject: Cow<'a, str>,
    reason: Cow<'a, str>,
}

/// What the schema has a place for and planfit does not work out yet: `null`.
type Pending = ();

fn document<'a>(report: &'a Report, sources: &'a SourceMap) -> Document<'a> {
    Document {
        schema: SCHEMA,
        tool: Tool { name: "planfit", version: env!("CARGO_PKG_VERSION") },
        run: run(report),
        outcome: report.outcome.as_str(),
        summary: counts(&report.summary),
        cost: (),
        findings: report.findings.iter().chain(&report.silenced).map(|finding| entry(finding, sources)).collect(),
        information: report.information.iter().map(said).collect(),
        remarks: report.remarks.iter().map(|remark| note(remark, sources)).collect(),
        not_evaluated: report.not_evaluated.iter().map(gap).collect(),
    }
}

fn run(report: &Report) -> Run<'_> {
    Run {
        mode: sanitise::text(&report.run.mode),
        target: report.run.target.as_deref().map(sanitise::text),
        working_directory: report.run.working_directory.as_deref().map(sanitise::text),
    }
}

fn counts(summary: &Summary) -> Counts {
    Counts {
        errors: summary.errors,
        warnings: summary.warnings,
        notices: summary.notices,
        unknown: summary.unknown,
        suppressed: summary.suppressed,
        baselined: summary.baselined,
        existing: summary.existing,
        resources: summary.resources,
        policies: summary.policies,
        modules_not_found: summary.modules_not_found,
        uncounted: summary.uncounted,
        files_not_read: summary.files_not_read,
    }
}

fn entry<'a>(finding: &'a Finding, sources: &'a SourceMap) -> Entry<'a> {
    Entry {
        policy: sanitise::text(&finding.policy),
        policy_file: finding.policy_file.as_deref().map(sanitise::text),
        category: sanitise::text(&finding.category),
        title: sanitise::text(&finding.title),
        severity: finding.severity.as_str(),
        enforcement_level: finding.enforcement.as_str(),
        level: finding.level.as_str(),
        verdict: finding.verdict.as_str(),
        address: sanitise::text(&finding.address),
        instances: texts(&finding.instances),
        operation: finding.operation,
        message: sanitise::text(&finding.message),
        location: finding.location.and_then(|span| location(span, sources)),
        related: finding.related.iter().map(|related| place(related, sources)).collect(),
        assumed: finding.assumed.as_deref().map(sanitise::text),
        input: sanitise::text(&finding.input),
        options: finding.options.iter().map(choice).collect(),
        fingerprint: sanitise::text(&finding.fingerprint),
        suppressed: match &finding.silence {
            Some(Silence::Suppressed(suppressed)) => Some(decision(suppressed, sources)),
            _ => None,
        },
        baselined: finding.silence == Some(Silence::Baselined),
        explanation: finding.explanation.as_ref().map(|explanation| reasons(explanation, sources)),
    }
}

fn decision<'a>(suppressed: &'a Suppressed, sources: &'a SourceMap) -> Decision<'a> {
    Decision {
        by: suppressed.by.as_str(),
        reason: suppressed.reason.as_deref().map(sanitise::text),
        until: suppressed.until.map(|until| until.to_string()),
        location: suppressed.place.and_then(|span| location(span, sources)),
    }
}

fn reasons<'a>(explanation: &'a Explanation, sources: &'a SourceMap) -> Reasons<'a> {
    let part = |step: &'a Step| Part {
        expression: sanitise::text(&step.text),
        value: sanitise::text(&step.value),
        depth: step.depth,
    };
    Reasons {
        condition: sanitise::text(&explanation.condition),
        location: location(explanation.span, sources),
        steps: explanation.steps.iter().map(part).collect(),
        omitted: explanation.omitted,
    }
}

fn texts(foreign: &[String]) -> Vec<Cow<'_, str>> {
    foreign.iter().map(|text| sanitise::text(text)).collect()
}

// `None` too for a span of another map.
fn location(span: Span, sources: &SourceMap) -> Option<Location<'_>> {
    let file = sources.file(span.file)?;
    Some(Location {
        path: sanitise::text(file.path()),
        start: position(file.line_column(span.start)),
        end: position(file.line_column(span.end)),
    })
}

fn position(LineColumn { line, column }: LineColumn) -> Position {
    Position { line, column }
}

fn place<'a>(related: &'a Related, sources: &'a SourceMap) -> Place<'a> {
    Place { message: sanitise::text(&related.message), location: location(related.span, sources) }
}

fn choice(remedy: &Remedy) -> Choice<'_> {
    Choice {
        id: sanitise::text(&remedy.id),
        title: sanitise::text(&remedy.title),
        merits: texts(&remedy.merits),
        demerits: texts(&remedy.demerits),
        downtime: sanitise::text(&remedy.downtime),
        effort: sanitise::text(&remedy.effort),
        monthly_delta: (),
    }
}

fn note<'a>(remark: &'a Remark, sources: &'a SourceMap) -> Note<'a> {
    Note {
        level: remark.level.as_str(),
        message: sanitise::text(&remark.message),
        location: remark.span.and_then(|span| location(span, sources)),
        related: remark.related.iter().map(|related| place(related, sources)).collect(),
    }
}

fn said(information: &Information) -> Said<'_> {
    Said {
        policy: sanitise::text(&information.policy),
        policy_file: information.policy_file.as_deref().map(sanitise::text),
        address: sanitise::text(&information.address),
        operation: information.operation,
        message: sanitise::text(&information.message),
    }
}

fn gap(missing: &NotEvaluated) -> Gap<'_> {
    Gap { subject: sanitise::text(&missing.subject), reason: sanitise::text(&missing.reason) }
}
