//! Runs the mocks of a test file under its policies (`spec/policy-language.md` 8).
//!
//! All mocks of a file are one workspace, so that policies find one by another. Mocks that give inputs or an environment
//! of their own are judged in a run of their own, on the same workspace.

use std::sync::Arc;

use super::parse::{Given, Kind, Mock, TestFile};
use super::{Bench, Case, Note, Status, about, broken, inputs, said};
use crate::engine::Judged;
use crate::finding::{Finding, Level, Verdict};
use crate::policy::scope::Operation;
use crate::policy::{Policy, PolicyFile};
use crate::terraform::config::Configuration;
use crate::terraform::plan::Action;
use crate::value::{Object, Value};
use crate::workspace::build;
use crate::workspace::parts::{Part, PartKind};

/// A case for each mock of the file but data sources, in their order.
pub(super) fn run(path: &Arc<str>, test: &TestFile, bench: Bench<'_>) -> Vec<Case> {
    let subjects = test.mocks.iter().filter(|mock| mock.kind != Kind::Data);
    let common = test.mocks.iter().any(|mock| is_judged(mock) && !is_special(mock)).then(|| judge(test, None, bench));
    subjects
        .map(|mock| {
            let (status, notes) = match skipped(mock) {
                Some(reason) => (Status::Skipped, vec![Note::new(Level::Notice, reason)]),
                None if is_special(mock) => verdict(mock, &judge(test, Some(mock), bench), bench),
                None => common.as_ref().map_or_else(nothing, |common| verdict(mock, common, bench)),
            };
            Case { path: path.clone(), name: mock.name(), span: mock.span, status, notes }
        })
        .collect()
}

/// A case for each mock, none of them judged.
pub(super) fn skip(path: &Arc<str>, test: &TestFile, reason: &str) -> Vec<Case> {
    let subjects = test.mocks.iter().filter(|mock| mock.kind != Kind::Data);
    let notes = || vec![Note::new(Level::Notice, reason)];
    subjects
        .map(|mock| Case {
            path: path.clone(),
            name: mock.name(),
            span: mock.span,
            status: Status::Skipped,
            notes: notes(),
        })
        .collect()
}

fn nothing() -> (Status, Vec<Note>) {
    (Status::Failed, vec![Note::new(Level::Error, "it was not judged")])
}

/// Why a mock is not judged.
fn skipped(mock: &Mock) -> Option<&'static str> {
    mock.skip.then_some("skip = true")
}

fn is_judged(mock: &Mock) -> bool {
    mock.kind != Kind::Data && skipped(mock).is_none()
}

fn is_special(mock: &Mock) -> bool {
    !mock.inputs.is_empty() || mock.meta.get("environment").is_some()
}

/// The workspace under the policies: with the inputs of the file and those of one mock.
fn judge(test: &TestFile, mock: Option<&Mock>, bench: Bench<'_>) -> Judged {
    let own = mock.map_or(&[][..], |mock| &mock.inputs);
    let given: Vec<&Given> = test.inputs.iter().chain(own).collect();
    let files: Vec<PolicyFile> = bench.files.iter().map(|file| inputs::with(file, &given)).collect();
    let files: Vec<&PolicyFile> = files.iter().collect();
    let bench = Bench { files: &files, ..bench };
    let mocks = test.mocks.iter().filter(|mock| part_kind(mock).is_none()).map(mocked);
    let parts = test.mocks.iter().filter(|mock| !mock.skip).filter_map(part);
    let shared = bench.shared(Arc::new(Configuration::default()));
    let workspace = build::from_mocks(mocks.collect(), parts.collect(), Arc::from("mocks"), &shared);
    bench.judge(workspace, mock.and_then(|mock| mock.said("environment")), Vec::new())
}

fn part_kind(mock: &Mock) -> Option<PartKind> {
    match mock.kind {
        Kind::Module => Some(PartKind::Module),
        Kind::Provider => Some(PartKind::Provider),
        Kind::Workspace => PartKind::of_subject(&mock.of),
        Kind::Resource | Kind::Data => None,
    }
}

/// What is judged beside objects: a module call, a provider, the run and what it says; none for what is an object.
fn part(mock: &Mock) -> Option<Part> {
    let attrs = mock.attrs.clone().unwrap_or_default();
    Some(Part::mock(part_kind(mock)?, &mock.of, mock.name(), &mock.meta, attrs))
}

fn mocked(mock: &Mock) -> build::Mock {
    let action = action(&mock.meta, mock.attrs.is_some(), mock.prior_attrs.is_some());
    // An object at rest has one side.
    let prior = mock.prior_attrs.clone().filter(|_| action == Action::NoOp);
    build::Mock {
        address: mock.name(),
        is_data: mock.kind == Kind::Data,
        attrs: mock.attrs.clone().or(prior),
        prior_attrs: mock.prior_attrs.clone(),
        action,
        action_reason: mock.said("action_reason").map(str::to_owned),
        replace_paths: mock.meta.get("replace_paths").map(paths_as_json),
        importing: mock.meta.get("importing").and_then(Value::as_bool).unwrap_or(false),
        previous_address: mock.said("previous_address").map(str::to_owned),
        meta: mock.meta.clone(),
    }
}

// What Terraform will do: `actions` as in a plan, else `operation`, else what the sides tell.
fn action(meta: &Object, planned: bool, prior: bool) -> Action {
    let names: Vec<&str> =
        meta.get("actions").and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str).collect();
    if let Some(action) = Action::from_names(&names) {
        return action;
    }
    if meta.get("forget").and_then(Value::as_bool) == Some(true) {
        return Action::Forget;
    }
    match (meta.get("operation").and_then(Value::as_str), planned, prior) {
        // What says nothing is about to be created with nothing set.
        (Some("create"), ..) | (None, _, false) => Action::Create,
        (Some("update"), ..) | (None, true, true) => Action::Update,
        (Some("delete"), ..) | (None, false, true) => Action::Delete,
        _ => Action::NoOp,
    }
}

fn paths_as_json(paths: &Value) -> String {
    let step = |step: &Value| match step {
        Value::Number(number) => number.to_string(),
        other => serde_json::Value::from(other.as_str().unwrap_or_default()).to_string(),
    };
    let path = |path: &Value| {
        let steps: Vec<String> = path.as_list().unwrap_or_default().iter().map(step).collect();
        format!("[{}]", steps.join(","))
    };
    let paths: Vec<String> = paths.as_list().unwrap_or_default().iter().map(path).collect();
    format!("[{}]", paths.join(","))
}

/// The rules of section 8. An unknown verdict is neither the failure that is expected nor a pass.
fn verdict(mock: &Mock, judged: &Judged, bench: Bench<'_>) -> (Status, Vec<Note>) {
    let address = mock.name();
    if let Some(note) = broken(judged, &address) {
        return (Status::Failed, vec![note]);
    }
    if judged.misnamed.contains(&address) {
        return (Status::Failed, vec![Note::new(Level::Error, format!("{address} is no resource address"))]);
    }
    let operations = operations(mock);
    let is_asked = |word: &str| operations.iter().any(|operation| operation.as_str() == word);
    let mut found = about(&judged.findings, &address);
    found.retain(|finding| is_asked(finding.operation));
    let nobody = || nobody(mock, &operations, bench);
    let (status, mut notes) = if mock.expect_failure { expected(&found, nobody) } else { passing(&found, nobody) };
    notes.extend(said(judged, &address).filter(|said| is_asked(said.operation)).map(Note::said));
    (status, notes)
}

fn passing(found: &[&Finding], nobody: impl FnOnce() -> Option<Note>) -> (Status, Vec<Note>) {
    let notes: Vec<Note> = found.iter().map(|finding| Note::of(Level::Error, finding)).collect();
    if notes.is_empty() { (Status::Passed, nobody().into_iter().collect()) } else { (Status::Failed, notes) }
}

fn expected(found: &[&Finding], nobody: impl FnOnce() -> Option<Note>) -> (Status, Vec<Note>) {
    let with = |verdict| found.iter().filter(move |finding| finding.verdict == verdict);
    let warnings: Vec<Note> = with(Verdict::Error).map(|finding| Note::of(Level::Warning, finding)).collect();
    if !warnings.is_empty() || with(Verdict::Fail).next().is_some() {
        return (Status::Passed, warnings);
    }
    let mut notes = vec![Note::new(Level::Error, "a failure is expected, and no policy fails")];
    notes.extend(with(Verdict::Unknown).map(|finding| Note::of(Level::Error, finding)));
    notes.extend(nobody());
    (Status::Failed, notes)
}

// What is judged of a mock: both halves of a replacement, unless it says which.
fn operations(mock: &Mock) -> Vec<Operation> {
    if part_kind(mock).is_some() {
        return vec![Operation::NoOp];
    }
    let action = action(&mock.meta, mock.attrs.is_some(), mock.prior_attrs.is_some());
    let stated = mock.said("operation");
    let halves = Operation::of(action).iter().copied();
    halves.filter(|half| stated.is_none_or(|stated| stated == half.as_str())).collect()
}

// A mock that is about nothing passes, which its author should know.
fn nobody(mock: &Mock, operations: &[Operation], bench: Bench<'_>) -> Option<Note> {
    let kind = bench.facts.canonical_type(&mock.of).map_or(mock.of.as_str(), |kind| kind);
    let part = part(mock);
    let concerns =
        |policy: &&Policy| part.as_ref().map_or_else(|| policy.concerns(kind), |part| policy.concerns_part(part));
    let mut about = bench.files.iter().flat_map(|file| &file.policies).filter(concerns).peekable();
    if about.peek().is_none() {
        return Some(Note::new(Level::Notice, format!("no policy of this test is about {}", mock.of)));
    }
    if part.is_some() {
        return None;
    }
    let admitted = |operation: &Operation| about.clone().any(|policy| admits(policy, *operation));
    if operations.iter().any(admitted) {
        return None;
    }
    let words: Vec<&str> = operations.iter().map(|operation| operation.as_str()).collect();
    let word = if words.is_empty() { "what happens to it".to_owned() } else { format!("its {}", words.join(" or ")) };
    Some(Note::new(Level::Notice, format!("no policy of this test judges {word}")))
}

fn admits(policy: &Policy, operation: Operation) -> bool {
    let operations = &policy.operations;
    match operation {
        Operation::Create => operations.create,
        Operation::Update => operations.update,
        Operation::Delete => operations.delete,
        Operation::NoOp => operations.no_op,
    }
}
