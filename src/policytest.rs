//! Tests of policies: the `pass` and `fail` examples in a policy, and the mocks of a `*.policytest.hcl`
//! (`spec/policy-language.md` 6 and 8).
//!
//! Both become a workspace and are judged like any input. [`Suite::load`] gathers files, [`Suite::run`] judges them and
//! gives a [`Case`] for each mock and example. [`parse::parse`] reads a test file.

use std::sync::Arc;

use crate::engine::{self, Judged, Settings};
use crate::finding::{Explanation, Finding, Information, Level, Verdict};
use crate::instant::Instant;
use crate::policy::PolicyFile;
use crate::source::{SourceMap, Span};
use crate::terraform::config::Configuration;
use crate::workspace::build::Shared;
use crate::workspace::{Facts, Names, Workspace};

mod example;
mod inputs;
mod mocks;
pub mod parse;
mod reader;
mod scope;
pub mod suite;
mod values;

pub use suite::{Suite, Tree};

/// What became of one mock or example.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file it is written in, as reports print it.
    pub path: Arc<str>,
    /// `aws_eip.in_use`; for an example `rds_instance_without_standby: pass "standby"`.
    pub name: String,
    /// Where its header stands.
    pub span: Span,
    /// How it ended.
    pub status: Status,
    /// Why it failed or was skipped, and what is worth knowing.
    pub notes: Vec<Note>,
}

/// How a mock or example ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Not judged.
    Skipped,
}

/// A sentence about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Error: why it failed. Warning: to be looked at. Notice: worth knowing.
    pub level: Level,
    /// The sentence.
    pub message: String,
    /// The expression of the policy that decided, if one did.
    pub condition: Option<Span>,
    /// What decided it.
    pub explanation: Option<Explanation>,
}

/// What is judged together: an evaluation's policies and facts.
#[derive(Clone, Copy)]
struct Bench<'b> {
    files: &'b [&'b PolicyFile],
    facts: &'b Arc<Facts>,
    sources: &'b SourceMap,
    now: Option<Instant>,
}

impl Bench<'_> {
    fn shared(&self, configuration: Arc<Configuration>) -> Shared {
        let wanted = Names::new(self.files.iter().map(|file| file.mentions()));
        Shared::new(self.facts.clone(), Arc::new(wanted), configuration)
    }

    /// A test is told of every verdict, and takes its directory for production unless it says otherwise.
    fn judge(&self, mut workspace: Workspace<'_>, environment: Option<&str>, only: Vec<String>) -> Judged {
        workspace.run.now = self.now;
        let settings = Settings {
            fail_level: None,
            environment: Some(environment.unwrap_or("production").to_owned()),
            pedantic: true,
            only,
            show_unknown: true,
            explain: true,
        };
        engine::evaluate(self.files, &workspace, &settings, self.sources)
    }
}

impl Note {
    fn new(level: Level, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), condition: None, explanation: None }
    }

    fn said(information: &Information) -> Self {
        Self::new(Level::Notice, format!("{}: {}", information.policy, information.message))
    }

    /// What a finding says, and where the policy says it.
    fn of(level: Level, finding: &Finding) -> Self {
        let verdict = match finding.verdict {
            Verdict::Fail => "",
            Verdict::Error => "the policy cannot be evaluated: ",
            Verdict::Unknown => "not decided: ",
        };
        let fault = finding.related.iter().find(|_| finding.verdict == Verdict::Error).map(|related| related.span);
        Self {
            level,
            message: format!("{}: {verdict}{}", finding.policy, finding.message),
            condition: fault.or(finding.condition),
            explanation: finding.explanation.clone(),
        }
    }
}

/// What policies have to say of an object that is as it should be.
fn said<'j>(judged: &'j Judged, address: &str) -> impl Iterator<Item = &'j Information> {
    judged.information.iter().filter(move |said| said.address == *address)
}

fn about<'f>(findings: &'f [Finding], address: &str) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.instances.iter().any(|instance| instance == address)).collect()
}

/// Policies that broke off on an object: a fault of planfit, and never a pass.
fn broken(judged: &Judged, address: &str) -> Option<Note> {
    let (policy, _) = judged.panicked.iter().find(|(_, object)| object == address)?;
    Some(Note::new(Level::Error, format!("{policy} broke off; this is a fault of planfit")))
}
