//! A `pass` or `fail` example of a policy: real Terraform, every object of which is to be created.

use std::sync::Arc;

use super::{Bench, Case, Note, Status, about, broken, said};
use crate::engine::Judged;
use crate::finding::{Finding, Level, Verdict};
use crate::policy::{Environments, Example, Policy, PolicyFile};
use crate::terraform::address::Mode;
use crate::terraform::plan::Action;
use crate::workspace::build;
use crate::workspace::source::Given;

/// Judges an example: every object of the policy's types must pass, or the expected ones must fail and no other.
pub(super) fn run(file: &PolicyFile, id: &str, example: &Example, bench: Bench<'_>) -> Case {
    let notes = notes(file, id, example, bench);
    let word = if example.passes { "pass" } else { "fail" };
    Case {
        path: file.path.clone(),
        name: format!("{id}: {word} \"{}\"", example.label),
        span: example.span,
        status: if notes.iter().any(|note| note.level == Level::Error) { Status::Failed } else { Status::Passed },
        notes,
    }
}

fn notes(file: &PolicyFile, id: &str, example: &Example, bench: Bench<'_>) -> Vec<Note> {
    let shared = bench.shared(example.configuration.clone());
    let workspace = build::from_configuration(file.path.clone(), &shared, Action::Create, &Given::default(), None).0;
    let policies: Vec<&Policy> = file.policies.iter().filter(|policy| *policy.id == *id).collect();
    let managed = workspace.objects.iter().filter(|object| object.mode == Mode::Managed);
    let objects = managed
        .filter(|object| policies.iter().any(|policy| policy.concerns(&object.kind)))
        .map(|object| object.address.to_string());
    let parts = workspace.parts().iter().filter(|part| policies.iter().any(|policy| policy.concerns_part(part)));
    let subjects: Vec<String> = objects.chain(parts.map(|part| part.address.clone())).collect();
    if subjects.is_empty() {
        return vec![Note::new(Level::Error, "the example has no object that the policy is about")];
    }
    if let Some(stranger) = example.expect.iter().find(|address| !subjects.contains(address)) {
        return vec![Note::new(Level::Error, format!("{stranger} is expected to fail and is not in the example"))];
    }
    // Production if nothing is said, as for mocks; what is only judged elsewhere has its examples there.
    let elsewhere = policies.iter().any(|policy| policy.about.environments == Environments::NonProduction);
    let judged = bench.judge(workspace, elsewhere.then_some("staging"), vec![id.to_owned()]);
    let must_fail = |address: &str| {
        let expected = example.expect.is_empty() || example.expect.iter().any(|expected| expected == address);
        !example.passes && expected
    };
    subjects.iter().flat_map(|address| object(address, must_fail(address), &judged, &policies)).collect()
}

fn object(address: &str, must_fail: bool, judged: &Judged, policies: &[&Policy]) -> Vec<Note> {
    let found = about(&judged.findings, address);
    let undecided = found.iter().filter(|finding| finding.verdict != Verdict::Fail);
    let mut notes: Vec<Note> = broken(judged, address).into_iter().collect();
    notes.extend(undecided.map(|finding| located(address, finding)));
    if !notes.is_empty() {
        return notes;
    }
    let mut notes: Vec<Note> = said(judged, address).map(Note::said).collect();
    match (must_fail, found.first()) {
        (true, None) => {
            let condition = policies.first().and_then(|policy| policy.rules.enforce.first());
            notes.push(Note {
                level: Level::Error,
                message: format!("{address} passes and must fail"),
                condition: condition.map(|enforce| enforce.condition.span),
                explanation: None,
            });
        }
        (false, Some(finding)) => notes.push(unexpected(address, finding)),
        _ => {}
    }
    notes
}

fn unexpected(address: &str, finding: &Finding) -> Note {
    let message = format!("{address} fails and must pass: {}", finding.message);
    Note { level: Level::Error, message, condition: finding.condition, explanation: finding.explanation.clone() }
}

fn located(address: &str, finding: &Finding) -> Note {
    let note = Note::of(Level::Error, finding);
    Note { message: format!("{address}: {}", note.message), ..note }
}

/// The examples of a file, each once: the blocks of one id share them.
pub(super) fn of(file: &PolicyFile) -> Vec<(Arc<str>, usize, &Example)> {
    let mut seen: Vec<&Arc<str>> = Vec::new();
    let mut examples = Vec::new();
    for (at, policy) in file.policies.iter().enumerate() {
        if seen.contains(&&policy.id) {
            continue;
        }
        seen.push(&policy.id);
        examples.extend(policy.about.examples.iter().map(|example| (policy.id.clone(), at, example)));
    }
    examples
}
