//! Policies × workspace → findings: in parallel, in a fixed order.
//!
//! [`evaluate`] judges every object under every policy that concerns it, turns what fails into [`Finding`]s with places,
//! and puts the instances of one block under one policy together.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::config::root::Root;
use crate::finding::{Finding, Information, Severity, Verdict};
use crate::policy::scope::{Operation, Subject};
use crate::policy::{Policy, PolicyFile, Target};
use crate::source::{SourceMap, Span};
use crate::terraform::address::Mode;
use crate::workspace::Workspace;
use crate::workspace::parts::Part;
use grouping::findings;
pub use grouping::root;
use profile::{Making, Profile, Profiles, Slot, Terms};
use ruling::{Ruling, Standing, Word, rule};
use tally::Tally;

pub mod callers;
pub mod covering;
mod explaining;
mod grouping;
mod profile;
mod ruling;
mod tags;
mod tally;

/// Objects that one task judges. Below this, threads cost more than they bring.
const CHUNK: usize = 128;

/// What a run asks for.
#[derive(Clone, Debug, Default)]
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
    /// Whether findings say which parts of the condition decided.
    pub explain: bool,
}

/// What `.planfit.hcl` says, and where the run is.
#[derive(Clone, Debug)]
pub struct Configured {
    /// What it says.
    pub config: Arc<Config>,
    /// Where it stands.
    pub root: Root,
    /// The working directory, relative to that of the file; `None` if it is not below it.
    pub directory: Option<String>,
    /// The target of tfaction.
    pub target: Option<String>,
    /// The workspace of Terraform.
    pub workspace: Option<String>,
    /// Inputs that the command line gives: no rule changes them.
    pub fixed_inputs: Vec<String>,
}

/// What judging has given.
#[derive(Debug, Default)]
pub struct Judged {
    /// Failed and faulty verdicts, grouped and sorted.
    pub findings: Vec<Finding>,
    /// What policies say of objects that are as they should be.
    pub information: Vec<Information>,
    /// Policies that took part.
    pub policies: usize,
    /// For each of them, the objects that are as it wants them.
    pub passed: BTreeMap<PolicyKey, usize>,
    /// Managed objects that were looked at.
    pub resources: usize,
    /// Verdicts that stayed unknown.
    pub unknown: usize,
    /// Objects that were not judged because their address is none.
    pub misnamed: Vec<String>,
    /// Ids of policies that broke off, with the object.
    pub panicked: Vec<(String, String)>,
    /// Files that are for another version of Terraform: why, and where they say so.
    pub skipped: Vec<(String, Span)>,
}

/// What names a policy: its file, `None` for the pack, and its id.
pub type PolicyKey = (Option<Arc<str>>, Arc<str>);

enum Outcome<'p> {
    Ruled(Box<Ruling<'p>>),
    Said(Information),
    Panicked(String, String),
    Misnamed(String),
}

/// Judges a workspace without a settings file.
#[must_use]
pub fn evaluate(files: &[&PolicyFile], workspace: &Workspace<'_>, settings: &Settings, sources: &SourceMap) -> Judged {
    evaluate_configured(files, workspace, settings, None, sources)
}

/// Judges a workspace under what `.planfit.hcl` says.
#[must_use]
pub fn evaluate_configured(
    files: &[&PolicyFile],
    workspace: &Workspace<'_>,
    settings: &Settings,
    configured: Option<&Configured>,
    sources: &SourceMap,
) -> Judged {
    let plan = Plan::new(files, workspace, settings, configured, sources);
    let objects: Vec<u32> = plan.objects();
    let (outcomes, mut tally) = plan.judge_all(&objects);
    let parts = plan.judge_parts(&mut tally);
    let outcomes = outcomes.into_iter().chain(parts);
    let mut judged = Judged {
        policies: plan.active,
        passed: plan.passed(&tally),
        resources: count_managed(workspace),
        skipped: skipped(files, workspace),
        ..Judged::default()
    };
    let mut rulings = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Panicked(policy, address) => judged.panicked.push((policy, address)),
            Outcome::Misnamed(address) => judged.misnamed.push(address),
            Outcome::Said(information) => judged.information.push(information),
            Outcome::Ruled(ruling) => {
                judged.unknown += usize::from(ruling.verdict == Verdict::Unknown);
                if ruling.verdict != Verdict::Unknown || settings.show_unknown {
                    rulings.push(*ruling);
                }
            }
        }
    }
    judged.information.sort();
    judged.information.dedup();
    let mut findings = findings(rulings, workspace, settings, sources);
    let broken = explaining::explain_all(&mut findings, settings.explain, &plan.profiles.judges, sources);
    let broken = broken.into_iter().filter_map(|number| findings.get(number));
    judged.panicked.extend(broken.map(|(finding, _)| (finding.policy.to_string(), finding.address.clone())));
    judged.findings = findings.into_iter().map(|(finding, _)| finding).collect();
    judged
}

fn skipped(files: &[&PolicyFile], workspace: &Workspace<'_>) -> Vec<(String, Span)> {
    let version = workspace.run.terraform_version.as_deref();
    let skipped = files.iter().filter_map(|file| {
        let reason = file.settings.excludes(version)?;
        Some((reason, file.settings.required_version.as_ref()?.span))
    });
    skipped.collect()
}

/// The policies that judge every object of a workspace that they are about.
#[must_use]
pub fn in_force<'p>(
    files: &[&'p PolicyFile],
    workspace: &Workspace<'_>,
    settings: &Settings,
    configured: Option<&Configured>,
    sources: &SourceMap,
) -> Vec<&'p Policy> {
    let slots = slots(files, workspace, settings);
    let profiles = Profiles::new(&Making { files, slots: &slots, workspace, settings, configured, sources });
    let everywhere = slots.iter().enumerate().filter(|(slot, _)| profiles.runs_everywhere(*slot));
    everywhere.map(|(_, (_, policy))| *policy).collect()
}

// The policies that may take part.
fn slots<'p>(files: &[&'p PolicyFile], workspace: &Workspace<'_>, settings: &Settings) -> Vec<Slot<'p>> {
    let version = workspace.run.terraform_version.as_deref();
    let files = files.iter().enumerate().filter(|(_, file)| file.settings.excludes(version).is_none());
    let policies = files.flat_map(|(number, file)| file.policies.iter().map(move |policy| (number, policy)));
    policies.filter(|(_, policy)| settings.selects(policy)).collect()
}

fn count_managed(workspace: &Workspace<'_>) -> usize {
    workspace.objects.iter().filter(|object| object.mode == Mode::Managed && !object.deposed).count()
}

/// The policies that take part, by the types that there are.
struct Plan<'p, 'w, 'a> {
    workspace: &'w Workspace<'a>,
    slots: Vec<Slot<'p>>,
    /// Numbers of slots.
    by_type: FxHashMap<Arc<str>, Vec<usize>>,
    /// Policies that are about no resource.
    others: Vec<usize>,
    profiles: Profiles<'p, 'w, 'a>,
    active: usize,
    /// Whether some of them may ask for the graph of references.
    uses_graph: bool,
}

impl<'p: 'w, 'w, 'a> Plan<'p, 'w, 'a> {
    fn new(
        files: &[&'p PolicyFile],
        workspace: &'w Workspace<'a>,
        settings: &'p Settings,
        configured: Option<&'p Configured>,
        sources: &SourceMap,
    ) -> Self {
        let slots = slots(files, workspace, settings);
        let making = Making { files, slots: &slots, workspace, settings, configured, sources };
        let profiles = Profiles::new(&making);
        let mut by_type: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
        for object in &workspace.objects {
            if object.mode == Mode::Managed {
                by_type.entry(object.kind.clone()).or_default();
            }
        }
        let mut ids: Vec<(Option<&Arc<str>>, &str)> = Vec::new();
        let (mut others, mut uses_graph) = (Vec::new(), false);
        for (slot, (file, policy)) in slots.iter().enumerate().filter(|(slot, _)| profiles.runs(*slot)) {
            ids.push((policy.file.as_ref(), &policy.id));
            if policy.target != Target::Resource {
                others.push(slot);
                continue;
            }
            // Nearly every policy is about one type.
            let count = match policy.kind.strip_suffix('*') {
                None => by_type.get_mut(&policy.kind).map(|policies| policies.push(slot)).into_iter().count(),
                Some(_) => {
                    let concerned = by_type.iter_mut().filter(|(kind, _)| policy.concerns(kind));
                    concerned.map(|(_, policies)| policies.push(slot)).count()
                }
            };
            uses_graph |= count > 0 && files.get(*file).is_some_and(|file| file.uses_graph);
        }
        ids.sort_unstable();
        ids.dedup();
        let active = ids.len();
        Self { workspace, slots, by_type, others, profiles, active, uses_graph }
    }

    fn objects(&self) -> Vec<u32> {
        let concerned = |kind: &str| self.by_type.get(kind).is_some_and(|policies| !policies.is_empty());
        let objects = (0..).zip(&self.workspace.objects);
        let judged =
            objects.filter(|(_, object)| object.mode == Mode::Managed && !object.deposed && concerned(&object.kind));
        judged.map(|(id, _)| id).collect()
    }

    // In the order of the objects, whatever the number of threads.
    fn judge_all(&self, objects: &[u32]) -> (Vec<Outcome<'w>>, Tally) {
        let judge = |chunk: &[u32]| {
            let mut tally = Tally::new(self.slots.len());
            let outcomes: Vec<_> = chunk.iter().flat_map(|object| self.judge(*object, &mut tally)).collect();
            (outcomes, tally)
        };
        if objects.len() <= CHUNK {
            return judge(objects);
        }
        if self.uses_graph {
            self.workspace.draw_graph();
        }
        let chunks: Vec<(Vec<Outcome<'w>>, Tally)> = objects.par_chunks(CHUNK).map(judge).collect();
        let mut all = Tally::new(self.slots.len());
        let mut outcomes = Vec::new();
        for (some, tally) in chunks {
            outcomes.extend(some);
            all.add(&tally);
        }
        (outcomes, all)
    }

    fn passed(&self, tally: &Tally) -> BTreeMap<PolicyKey, usize> {
        let mut passed = BTreeMap::new();
        for (slot, (_, policy)) in self.slots.iter().enumerate().filter(|(slot, _)| self.profiles.runs(*slot)) {
            *passed.entry((policy.file.clone(), policy.id.clone())).or_default() += tally.of(slot);
        }
        passed
    }

    fn judge(&self, object: u32, tally: &mut Tally) -> Vec<Outcome<'w>> {
        let Some(resource) = self.workspace.object(object) else { return Vec::new() };
        if resource.parsed_address().is_none() {
            return vec![Outcome::Misnamed(resource.address.to_string())];
        }
        let policies = self.by_type.get(&resource.kind).map_or(&[][..], Vec::as_slice);
        let operations = Operation::of(resource.action);
        // Nobody opens an object for a policy on deletes that it does not concern; and a verdict on values that could
        // not be read would be a guess.
        let is_judged = |operation: &Operation| {
            policies
                .iter()
                .any(|slot| self.slots.get(*slot).is_some_and(|(_, policy)| policy.operations.admits(*operation)))
        };
        if !operations.iter().any(is_judged) || !self.workspace.opens(object) {
            return Vec::new();
        }
        let Some(profile) = self.profiles.of(Some(object)) else { return Vec::new() };
        let mut outcomes = Vec::new();
        for operation in operations {
            for slot in policies {
                let subject = Subject::Object(object, *operation);
                outcomes.extend(self.rule(*slot, profile, (subject, &resource.address), tally));
            }
        }
        outcomes
    }

    fn judge_parts(&self, tally: &mut Tally) -> Vec<Outcome<'w>> {
        let Some(profile) = self.profiles.of(None) else { return Vec::new() };
        let mut outcomes = Vec::new();
        for slot in &self.others {
            let concerned = |part: &&Part| self.slots.get(*slot).is_some_and(|(_, policy)| policy.concerns_part(part));
            for part in self.workspace.parts().iter().filter(concerned) {
                outcomes.extend(self.rule(*slot, profile, (Subject::Part(part), &part.address), tally));
            }
        }
        outcomes
    }

    // One policy that breaks must not take the run with it.
    fn rule(
        &self,
        slot: usize,
        profile: &Profile<'p>,
        (subject, address): (Subject<'w>, &str),
        tally: &mut Tally,
    ) -> Vec<Outcome<'w>> {
        let Some((_, policy)) = self.slots.get(slot).copied() else { return Vec::new() };
        if matches!(subject, Subject::Object(_, operation) if !policy.operations.admits(operation)) {
            return Vec::new();
        }
        let Some(terms) = profile.terms(slot) else { return Vec::new() };
        let Some(judge) = self.profiles.judges.get(terms.judge) else { return Vec::new() };
        let Terms { level, severity, judge: number } = terms;
        let standing = Standing { environment: profile.environment, level, severity, judge: number };
        let word = catch_unwind(AssertUnwindSafe(|| rule(policy, &judge.scope(policy, subject), subject, standing)));
        let Ok(Word { ruling, passes, information }) = word else {
            return vec![Outcome::Panicked(policy.id.to_string(), address.to_owned())];
        };
        tally.count(slot, passes);
        let said = information.into_iter().map(|message| {
            Outcome::Said(Information {
                policy: policy.id.clone(),
                policy_file: policy.file.clone(),
                address: address.to_owned(),
                operation: subject.operation().as_str(),
                message,
            })
        });
        let ruled = ruling.map(|ruling| Outcome::Ruled(Box::new(ruling)));
        ruled.into_iter().chain(said).collect()
    }
}

impl Settings {
    // Whether the command line leaves a policy in.
    fn selects(&self, policy: &Policy) -> bool {
        let about = &policy.about;
        let is_named = |name: &String| {
            *name == *policy.id || *name == *about.category || about.aliases.iter().any(|alias| alias == name)
        };
        self.only.is_empty() || self.only.iter().any(is_named)
    }
}

/// Sorts findings as every report prints them: level, severity, path, line, column, policy, address.
pub fn sort(findings: &mut [Finding], sources: &SourceMap) {
    findings.sort_by_cached_key(|finding| {
        let place = finding.location.map(|span| (sources.path(span).to_owned(), sources.start(span)));
        let loudest = std::cmp::Reverse((finding.level, finding.severity));
        // What has no place comes behind what has one.
        let place = place.map_or((true, String::new(), None), |(path, start)| (false, path, Some(start)));
        (
            loudest,
            place,
            finding.policy.clone(),
            finding.policy_file.clone(),
            finding.address.clone(),
            finding.operation,
        )
    });
}
