//! Policies × workspace → findings: in parallel, in a fixed order.
//!
//! [`evaluate`] judges every object under every policy that concerns it, turns what fails into [`Finding`]s with places,
//! and puts the instances of one block under one policy together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::expr::eval::{cause_of, truth};
use crate::expr::{Expr, Fault};
use crate::finding::{Enforcement, Finding, Level, Related, Severity, Verdict};
use crate::policy::scope::{Judge, Operation, Scope};
use crate::policy::{Enforce, Environments, Policy, PolicyFile};
use crate::source::{SourceMap, Span};
use crate::terraform::address::Mode;
use crate::value::unknown::Cause;
use crate::value::{Path, Value};
use crate::workspace::Workspace;

/// Objects that one task judges. Below this, threads cost more than they bring.
const CHUNK: usize = 128;

/// What a run asks for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Findings from this severity on are errors; `None` never fails a run.
    pub fail_level: Option<Severity>,
    /// The environment of the directory, if it is known.
    pub environment: Option<String>,
    /// Whether policies that are off by default run, too.
    pub pedantic: bool,
    /// Only these policies, by id, alias or category; empty: all.
    pub only: Vec<String>,
    /// Whether verdicts that stay unknown become findings.
    pub show_unknown: bool,
}

/// What judging has given.
#[derive(Debug, Default)]
pub struct Judged {
    /// Failed and faulty verdicts, grouped and sorted.
    pub findings: Vec<Finding>,
    /// Policies that took part.
    pub policies: usize,
    /// Managed objects that were looked at.
    pub resources: usize,
    /// Verdicts that stayed unknown.
    pub unknown: usize,
    /// Ids of policies that broke off, with the object.
    pub panicked: Vec<(String, String)>,
}

/// One policy's word on one object.
struct Ruling<'p> {
    policy: &'p Policy,
    object: u32,
    operation: Operation,
    verdict: Verdict,
    severity: Severity,
    enforcement: Enforcement,
    message: String,
    at: Option<&'p Path>,
    fault: Option<Span>,
}

enum Outcome<'p> {
    Ruled(Box<Ruling<'p>>),
    Panicked(String, String),
}

/// Judges a workspace.
#[must_use]
pub fn evaluate(files: &[&PolicyFile], workspace: &Workspace<'_>, settings: &Settings, sources: &SourceMap) -> Judged {
    let plan = Plan::new(files, workspace, settings);
    let objects: Vec<u32> = plan.objects();
    let outcomes: Vec<Outcome<'_>> = if objects.len() <= CHUNK {
        objects.iter().flat_map(|object| plan.judge(*object)).collect()
    } else {
        let chunks: Vec<Vec<Outcome<'_>>> = objects
            .par_chunks(CHUNK)
            .map(|chunk| chunk.iter().flat_map(|object| plan.judge(*object)).collect())
            .collect();
        chunks.into_iter().flatten().collect()
    };
    let mut judged = Judged { policies: plan.active, resources: count_managed(workspace), ..Judged::default() };
    let mut rulings = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Panicked(policy, address) => judged.panicked.push((policy, address)),
            Outcome::Ruled(ruling) => {
                judged.unknown += usize::from(ruling.verdict == Verdict::Unknown);
                if ruling.verdict != Verdict::Unknown || settings.show_unknown {
                    rulings.push(*ruling);
                }
            }
        }
    }
    judged.findings = findings(rulings, workspace, settings, sources);
    judged
}

fn count_managed(workspace: &Workspace<'_>) -> usize {
    workspace.objects.iter().filter(|object| object.mode == Mode::Managed && !object.deposed).count()
}

/// The policies that take part, by the types that there are.
struct Plan<'p, 'w, 'a> {
    workspace: &'w Workspace<'a>,
    judges: Vec<Judge<'w, 'a>>,
    by_type: FxHashMap<Arc<str>, Vec<(usize, &'p Policy)>>,
    settings: &'p Settings,
    active: usize,
}

impl<'p: 'w, 'w, 'a> Plan<'p, 'w, 'a> {
    fn new(files: &[&'p PolicyFile], workspace: &'w Workspace<'a>, settings: &'p Settings) -> Self {
        let judges = files.iter().map(|file| Judge::new(file, workspace, settings.environment.as_deref())).collect();
        let mut by_type: FxHashMap<Arc<str>, Vec<(usize, &'p Policy)>> = FxHashMap::default();
        for object in &workspace.objects {
            if object.mode == Mode::Managed {
                by_type.entry(object.kind.clone()).or_default();
            }
        }
        let mut ids: Vec<&str> = Vec::new();
        for (number, file) in files.iter().enumerate() {
            for policy in file.policies.iter().filter(|policy| settings.selects(policy)) {
                ids.push(&policy.id);
                let concerned = by_type.iter_mut().filter(|(kind, _)| policy.concerns(kind));
                concerned.for_each(|(_, policies)| policies.push((number, policy)));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Self { workspace, judges, by_type, settings, active: ids.len() }
    }

    fn objects(&self) -> Vec<u32> {
        let concerned = |kind: &str| self.by_type.get(kind).is_some_and(|policies| !policies.is_empty());
        let objects = (0..).zip(&self.workspace.objects);
        let judged =
            objects.filter(|(_, object)| object.mode == Mode::Managed && !object.deposed && concerned(&object.kind));
        judged.map(|(id, _)| id).collect()
    }

    fn judge(&self, object: u32) -> Vec<Outcome<'p>> {
        let Some(resource) = self.workspace.object(object) else { return Vec::new() };
        // A verdict on values that could not be read would be a guess.
        if !self.workspace.opens(object) {
            return Vec::new();
        }
        let policies = self.by_type.get(&resource.kind).map_or(&[][..], Vec::as_slice);
        let mut outcomes = Vec::new();
        for operation in Operation::of(resource.action) {
            for (number, policy) in policies.iter().filter(|(_, policy)| admits(policy, *operation)) {
                let Some(judge) = self.judges.get(*number) else { continue };
                // One policy that breaks must not take the run with it.
                let ruled = catch_unwind(AssertUnwindSafe(|| {
                    rule(policy, &judge.scope(policy, object, *operation), object, *operation, self.settings)
                }));
                match ruled {
                    Ok(None) => {}
                    Ok(Some(ruling)) => outcomes.push(Outcome::Ruled(Box::new(ruling))),
                    Err(_) => outcomes.push(Outcome::Panicked(policy.id.to_string(), resource.address.to_string())),
                }
            }
        }
        outcomes
    }
}

impl Settings {
    fn selects(&self, policy: &Policy) -> bool {
        let about = &policy.about;
        if self.only.is_empty() {
            return !about.pedantic || self.pedantic;
        }
        self.only.iter().any(|name| {
            *name == *policy.id || *name == *about.category || about.aliases.iter().any(|alias| alias == name)
        })
    }
}

fn admits(policy: &Policy, operation: Operation) -> bool {
    match operation {
        Operation::Create => policy.operations.create,
        Operation::Update => policy.operations.update,
        Operation::Delete => policy.operations.delete,
        Operation::NoOp => policy.operations.no_op,
    }
}

fn rule<'p>(
    policy: &'p Policy,
    scope: &Scope<'_, '_, '_>,
    object: u32,
    operation: Operation,
    settings: &Settings,
) -> Option<Ruling<'p>> {
    let ruling = |verdict, severity, message, at, fault| {
        let written = enforcement(policy, scope);
        let enforcement = policy.about.environments.level(written, settings.environment.as_deref())?;
        Some(Ruling { policy, object, operation, verdict, severity, enforcement, message, at, fault })
    };
    let severity = policy.about.severity;
    let concerns = policy.filter.as_ref().map_or(Ok(Ok(())), |filter| holds(filter, scope));
    match concerns {
        Ok(Ok(())) => {}
        Ok(Err(None)) => return None,
        Ok(Err(Some(reason))) => return ruling(Verdict::Unknown, severity, reason, None, None),
        Err(fault) => return ruling(Verdict::Error, severity, fault.message, None, Some(fault.span)),
    }
    let mut worst: Option<(Verdict, Severity, &Enforce, String, Option<Span>)> = None;
    for enforce in &policy.enforce {
        let severity = enforce.severity.unwrap_or(severity);
        let found = match holds(&enforce.condition, scope) {
            Ok(Ok(())) => continue,
            Ok(Err(None)) => (Verdict::Fail, severity, enforce, String::new(), None),
            Ok(Err(Some(reason))) => (Verdict::Unknown, severity, enforce, reason, None),
            Err(fault) => (Verdict::Error, severity, enforce, fault.message, Some(fault.span)),
        };
        let rank = |verdict: Verdict, severity: Severity| (std::cmp::Reverse(verdict), severity);
        if worst.as_ref().is_none_or(|worst| rank(found.0, found.1) > rank(worst.0, worst.1)) {
            worst = Some(found);
        }
    }
    let (verdict, severity, enforce, text, span) = worst?;
    let text = if verdict == Verdict::Fail { message(enforce, policy, scope) } else { text };
    ruling(verdict, severity, text, enforce.at.as_ref(), span)
}

/// Whether a condition holds: `Ok(())`, or `Err(None)` if it does not, `Err(Some(reason))` if it is not decided.
fn holds(expr: &Expr, scope: &Scope<'_, '_, '_>) -> Result<Result<(), Option<String>>, Box<Fault>> {
    let value = scope.eval(expr)?;
    match truth(&value).map_err(|message| Fault::new(expr.span, message))? {
        Some(true) => Ok(Ok(())),
        Some(false) => Ok(Err(None)),
        None => Ok(Err(Some(scope.reason(&cause_of(&[&value]))))),
    }
}

fn enforcement(policy: &Policy, scope: &Scope<'_, '_, '_>) -> Enforcement {
    let word = policy.enforcement.as_ref().and_then(|expr| scope.eval(expr).ok());
    word.as_ref().and_then(Value::as_str).and_then(Enforcement::parse).unwrap_or(Enforcement::Mandatory)
}

// A message that cannot be built, or that would show a secret, is replaced by what is always known.
fn message(enforce: &Enforce, policy: &Policy, scope: &Scope<'_, '_, '_>) -> String {
    let value = enforce.error_message.as_ref().and_then(|expr| scope.eval(expr).ok());
    match value {
        Some(Value::String(text)) => text.to_string(),
        Some(Value::Sensitive(_)) => format!("{}: {} (the details are sensitive)", scope.subject(), policy.about.title),
        Some(value @ Value::Unknown(_)) => scope.partly_known(&value),
        _ => format!("{}: {}", scope.subject(), policy.about.title),
    }
}

fn findings(
    mut rulings: Vec<Ruling<'_>>,
    workspace: &Workspace<'_>,
    settings: &Settings,
    sources: &SourceMap,
) -> Vec<Finding> {
    rulings.sort_by_cached_key(|ruling| {
        workspace.object(ruling.object).and_then(super::workspace::Resource::parsed_address)
    });
    let mut groups: FxHashMap<GroupKey, usize> = FxHashMap::default();
    let mut findings: Vec<Finding> = Vec::new();
    for ruling in &rulings {
        let Some(finding) = finding(ruling, workspace, settings, sources) else { continue };
        let key = GroupKey::new(&finding, workspace, ruling);
        match groups.get(&key).and_then(|at| findings.get_mut(*at)) {
            Some(group) => group.instances.push(finding.address),
            None => {
                groups.insert(key, findings.len());
                findings.push(finding);
            }
        }
    }
    findings
}

/// What makes several findings one: the block and how bad it is there.
#[derive(PartialEq, Eq, Hash)]
struct GroupKey {
    policy: Arc<str>,
    verdict: Verdict,
    level: Level,
    severity: Severity,
    location: Option<Span>,
    goes_away: bool,
    block: Option<String>,
}

impl GroupKey {
    fn new(finding: &Finding, workspace: &Workspace<'_>, ruling: &Ruling<'_>) -> Self {
        let address = workspace.object(ruling.object).and_then(super::workspace::Resource::parsed_address);
        Self {
            policy: finding.policy.clone(),
            verdict: finding.verdict,
            level: finding.level,
            severity: finding.severity,
            location: finding.location,
            goes_away: ruling.operation == Operation::Delete,
            // Two blocks may share a place: the call of a module that is not ours.
            block: address.map(|address| format!("{}.{}", address.kind, address.name)),
        }
    }
}

fn finding(
    ruling: &Ruling<'_>,
    workspace: &Workspace<'_>,
    settings: &Settings,
    sources: &SourceMap,
) -> Option<Finding> {
    let object = workspace.object(ruling.object)?;
    let about = &ruling.policy.about;
    let forced = object.replace_path();
    let place = workspace.locate(ruling.object, ruling.at.or(forced.as_ref()));
    let mut related = place.related;
    if let Some(span) = ruling.fault {
        related.push(Related { span, message: "the expression of the policy".to_owned() });
    }
    let static_path =
        object.parsed_address().map_or_else(|| object.address.to_string(), |address| address.static_path().to_string());
    let path = place.primary.map_or("", |span| sources.path(span));
    Some(Finding {
        policy: ruling.policy.id.clone(),
        category: about.category.clone(),
        title: about.title.clone(),
        severity: ruling.severity,
        enforcement: ruling.enforcement,
        level: level(ruling, settings),
        verdict: ruling.verdict,
        address: object.address.to_string(),
        instances: vec![object.address.to_string()],
        operation: ruling.operation.as_str(),
        message: if place.is_removed {
            format!("{} Its block is removed in this change.", ruling.message)
        } else {
            ruling.message.clone()
        },
        location: place.primary,
        related,
        assumed: assumed(ruling, workspace),
        input: workspace.path.clone(),
        options: about.options.clone(),
        fingerprint: fingerprint(&[&ruling.policy.id, &static_path, path]),
    })
}

// An API default that decided, because nobody has set the attribute.
fn assumed(ruling: &Ruling<'_>, workspace: &Workspace<'_>) -> Option<String> {
    let path = ruling.at.filter(|_| ruling.operation == Operation::Create)?;
    let value = workspace.assumed(ruling.object, path)?;
    let text = crate::expr::functions::text(value).ok()?;
    Some(format!("{path} is not set; the default is {text}"))
}

/// How loud a ruling is (`spec/ci-integration.md` 2). A policy that holds for production only never fails a run of which
/// nobody has said that it is production.
fn level(ruling: &Ruling<'_>, settings: &Settings) -> Level {
    match ruling.verdict {
        Verdict::Unknown => return Level::Notice,
        Verdict::Error => return Level::Warning,
        Verdict::Fail => {}
    }
    let fails = settings.fail_level.is_some_and(|level| ruling.severity >= level);
    let unsaid = settings.environment.is_none() && ruling.policy.about.environments == Environments::Production;
    match ruling.enforcement {
        Enforcement::Advisory => Level::Notice,
        _ if fails && !unsaid => Level::Error,
        _ if ruling.severity >= Severity::Medium => Level::Warning,
        _ => Level::Notice,
    }
}

/// Sorts findings as every report prints them: level, severity, path, line, column, policy, address.
pub fn sort(findings: &mut [Finding], sources: &SourceMap) {
    findings.sort_by_cached_key(|finding| {
        let place = finding.location.map(|span| (sources.path(span).to_owned(), sources.start(span)));
        let loudest = std::cmp::Reverse((finding.level, finding.severity));
        // What has no place comes behind what has one.
        let place = place.map_or((true, String::new(), None), |(path, start)| (false, path, Some(start)));
        (loudest, place, finding.policy.clone(), finding.address.clone(), finding.operation)
    });
}

/// 128 bits of FNV-1a over the parts, in hex: stable for ever, and nothing to attack.
fn fingerprint(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

impl Scope<'_, '_, '_> {
    fn reason(&self, cause: &Cause) -> String {
        match cause {
            Cause::Attribute(symbol) => format!("{} is not known until apply", self.symbol_name(symbol)),
            Cause::Reason(text) => text.to_string(),
        }
    }
}
