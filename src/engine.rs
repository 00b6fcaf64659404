//! Policies × workspace → findings: in parallel, in a fixed order.
//!
//! [`evaluate`] judges every object under every policy that concerns it, turns what fails into [`Finding`]s with places,
//! and puts the instances of one block under one policy together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::config::root::Root;
use crate::finding::{Finding, Information, Severity, Verdict};
use crate::policy::scope::{Operation, Subject};
use crate::policy::{Policy, PolicyFile};
use crate::source::{SourceMap, Span};
use crate::terraform::address::Mode;
use crate::workspace::Workspace;
use crate::workspace::parts::Part;
use grouping::findings;
pub use grouping::root;
use profile::{Making, Profile, Profiles, Terms};
pub use roster::{Passed, Roster};
use ruling::{Ruling, Standing, Word, rule};
use tally::Tally;

pub mod callers;
pub mod covering;
mod explaining;
mod grouping;
mod profile;
mod roster;
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
    /// The objects that are as each of them wants them.
    pub passed: Passed,
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
    Roster::new(files.to_vec(), settings).judge(workspace, configured, sources)
}

impl<'p> Roster<'p> {
    /// Judges a workspace under what `.planfit.hcl` says.
    #[must_use]
    pub fn judge(&self, workspace: &Workspace<'_>, configured: Option<&Configured>, sources: &SourceMap) -> Judged {
        let settings = self.settings;
        let plan = Plan::new(self, workspace, configured, sources);
        let objects: Vec<u32> = plan.objects();
        let (outcomes, mut tally) = plan.judge_all(&objects);
        let parts = plan.judge_parts(&mut tally);
        let outcomes = outcomes.into_iter().chain(parts);
        let orders = plan.profiles.orders();
        let mut judged = Judged {
            policies: roster::active(&orders),
            passed: Passed::new(orders, tally.counts()),
            resources: count_managed(workspace),
            skipped: self.excluded(workspace).map(|(_, reason, place)| (reason, place)).collect(),
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

    /// The policies that judge every object of a workspace that they are about.
    #[must_use]
    pub fn in_force(
        &self,
        workspace: &Workspace<'_>,
        configured: Option<&Configured>,
        sources: &SourceMap,
    ) -> Vec<&'p Policy> {
        let profiles = Profiles::new(&Making { roster: self, concerned: &[], workspace, configured, sources });
        let everywhere = self.slots.iter().enumerate().filter(|(slot, _)| profiles.runs_everywhere(*slot));
        everywhere.map(|(_, (_, policy))| *policy).collect()
    }
}

fn count_managed(workspace: &Workspace<'_>) -> usize {
    workspace.objects.iter().filter(|object| object.mode == Mode::Managed && !object.deposed).count()
}

/// The policies that take part, by the types that there are.
struct Plan<'r, 'p, 'w, 'a> {
    workspace: &'w Workspace<'a>,
    roster: &'r Roster<'p>,
    /// Numbers of slots.
    by_type: FxHashMap<Arc<str>, Vec<usize>>,
    profiles: Profiles<'p, 'w, 'a>,
    /// Whether some of them may ask for the graph of references.
    uses_graph: bool,
}

impl<'p: 'w, 'w, 'a> Plan<'_, 'p, 'w, 'a> {
    fn new<'r>(
        roster: &'r Roster<'p>,
        workspace: &'w Workspace<'a>,
        configured: Option<&'p Configured>,
        sources: &SourceMap,
    ) -> Plan<'r, 'p, 'w, 'a> {
        let mut by_type: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
        for object in workspace.objects.iter().filter(|object| object.mode == Mode::Managed) {
            if !by_type.contains_key(&object.kind) {
                by_type.insert(object.kind.clone(), roster.about(&object.kind));
            }
        }
        let mut concerned: Vec<usize> = by_type.values().flatten().chain(&roster.others).copied().collect();
        concerned.sort_unstable();
        concerned.dedup();
        let profiles = Profiles::new(&Making { roster, concerned: &concerned, workspace, configured, sources });
        let by_type = by_type.into_iter().map(|(kind, mut slots)| {
            slots.retain(|slot| profiles.runs(*slot));
            (kind, slots)
        });
        let by_type: FxHashMap<Arc<str>, Vec<usize>> = by_type.collect();
        let policy_of = |slot: &usize| roster.slots.get(*slot).map(|(_, policy)| policy);
        let uses_graph = by_type.values().flatten().filter_map(policy_of).any(|policy| policy.uses_graph());
        Plan { workspace, roster, by_type, profiles, uses_graph }
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
        if objects.len() <= CHUNK {
            return self.judge_some(objects);
        }
        if self.uses_graph {
            self.workspace.draw_graph();
        }
        let chunks: Vec<(Vec<Outcome<'w>>, Tally)> =
            objects.par_chunks(CHUNK).map(|chunk| self.judge_some(chunk)).collect();
        let mut all = Tally::new(self.roster.slots.len());
        let mut outcomes = Vec::new();
        for (some, tally) in chunks {
            outcomes.extend(some);
            all.add(&tally);
        }
        (outcomes, all)
    }

    // One type after another: the policies of a type are read from memory once for all its objects.
    fn judge_some(&self, objects: &[u32]) -> (Vec<Outcome<'w>>, Tally) {
        let kind = |id: &u32| self.workspace.object(*id).map(|object| &object.kind);
        let mut tally = Tally::new(self.roster.slots.len());
        let mut by_kind = objects.to_vec();
        by_kind.sort_by(|left, right| kind(left).cmp(&kind(right)));
        let mut judged: Vec<(u32, Outcome<'w>)> = Vec::new();
        for object in by_kind {
            judged.extend(self.judge(object, &mut tally).into_iter().map(|outcome| (object, outcome)));
        }
        judged.sort_by_key(|(object, _)| *object);
        (judged.into_iter().map(|(_, outcome)| outcome).collect(), tally)
    }

    fn judge(&self, object: u32, tally: &mut Tally) -> Vec<Outcome<'w>> {
        let Some(resource) = self.workspace.object(object) else { return Vec::new() };
        if !resource.has_address() {
            return vec![Outcome::Misnamed(resource.address.to_string())];
        }
        let policies = self.by_type.get(&resource.kind).map_or(&[][..], Vec::as_slice);
        let operations = Operation::of(resource.action);
        // Nobody opens an object for a policy on deletes that it does not concern; and a verdict on values that could
        // not be read would be a guess.
        let is_judged = |operation: &Operation| {
            policies.iter().any(|slot| {
                self.roster.slots.get(*slot).is_some_and(|(_, policy)| policy.operations.admits(*operation))
            })
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
        for slot in self.roster.others.iter().filter(|slot| profile.terms(**slot).is_some()) {
            let concerned =
                |part: &&Part| self.roster.slots.get(*slot).is_some_and(|(_, policy)| policy.concerns_part(part));
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
        let Some((_, policy)) = self.roster.slots.get(slot).copied() else { return Vec::new() };
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
