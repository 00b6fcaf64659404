//! From rulings to findings: places, fingerprints, and one finding for all instances of a block.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Settings;
use super::ruling::{Ruling, level};
use crate::expr::functions;
use crate::finding::{Finding, Level, Related, Severity, Verdict};
use crate::policy::scope::{Operation, Subject};
use crate::source::{SourceMap, Span};
use crate::terraform::address::Address;
use crate::workspace::locate::Place;
use crate::workspace::parts::PartKind;
use crate::workspace::{Input, Resource, Workspace};

/// The findings that rulings make, each with the ruling that it tells: with places, and one for all instances of a block.
pub(super) fn findings<'w>(
    mut rulings: Vec<Ruling<'w>>,
    workspace: &Workspace<'_>,
    settings: &Settings,
    sources: &SourceMap,
) -> Vec<(Finding, Ruling<'w>)> {
    rulings.sort_by_cached_key(|ruling| match ruling.subject {
        Subject::Object(object, _) => (address(workspace, object), None),
        Subject::Part(part) => (None, Some((part.kind, part.address.clone()))),
    });
    let mut groups: FxHashMap<GroupKey<'_>, usize> = FxHashMap::default();
    let mut findings: Vec<(Finding, Ruling<'w>)> = Vec::new();
    for ruling in rulings {
        let Some(about) = About::new(&ruling, workspace) else { continue };
        let key = GroupKey::new(&about, &ruling, settings);
        match groups.get(&key).and_then(|at| findings.get_mut(*at)) {
            Some((group, _)) => {
                group.changes = group.changes.max(about.changes);
                group.instances.push(about.address);
                group.covers.extend(ruling.covers);
            }
            None => {
                groups.insert(key, findings.len());
                findings.push((finding(&ruling, about, workspace, settings, sources), ruling));
            }
        }
    }
    findings
}

fn address(workspace: &Workspace<'_>, object: u32) -> Option<Address> {
    workspace.object(object).and_then(Resource::parsed_address)
}

/// What makes several findings one: the block and how bad it is there.
#[derive(PartialEq, Eq, Hash)]
struct GroupKey<'w> {
    policy: &'w str,
    policy_file: Option<&'w str>,
    verdict: Verdict,
    level: Level,
    severity: Severity,
    location: Option<Span>,
    goes_away: bool,
    environment: Option<&'w str>,
    // Two blocks may share a place: the call of a module that is not ours.
    block: Option<String>,
    // The calls of modules around it: each may be silenced on its own.
    enclosing: Vec<Span>,
}

impl<'w> GroupKey<'w> {
    fn new(about: &About, ruling: &Ruling<'w>, settings: &Settings) -> Self {
        Self {
            policy: &ruling.policy.id,
            policy_file: ruling.policy.file.as_deref(),
            verdict: ruling.verdict,
            level: level(ruling, settings),
            severity: ruling.severity,
            location: about.place.primary,
            environment: ruling.environment,
            goes_away: ruling.subject.operation() == Operation::Delete,
            block: about.block.clone(),
            enclosing: about.enclosing.clone(),
        }
    }
}

/// What a finding says of its subject: the address, the address without keys, the block, the place, what is around it.
struct About {
    address: String,
    static_path: String,
    block: Option<String>,
    place: Place,
    enclosing: Vec<Span>,
    changes: Option<bool>,
}

impl About {
    fn new(ruling: &Ruling<'_>, workspace: &Workspace<'_>) -> Option<Self> {
        let id = match ruling.subject {
            Subject::Object(id, _) => id,
            Subject::Part(part) => {
                return Some(Self {
                    address: part.address.clone(),
                    static_path: part.address.clone(),
                    block: Some(part.address.clone()),
                    place: workspace.locate_part(part, ruling.at),
                    enclosing: workspace.enclosing_part(part),
                    // What is said of a plan as a whole is about this change.
                    changes: (part.kind == PartKind::Run).then_some(true),
                });
            }
        };
        let object = workspace.object(id)?;
        // What forces a replacement is the place of what its delete means; the new object is judged for what it is.
        let is_deleted = ruling.subject.operation() == Operation::Delete;
        let forced = if is_deleted { object.replace_path() } else { None };
        let place = workspace.locate(id, ruling.at.or(forced.as_ref()));
        let address = object.address.to_string();
        let parsed = object.parsed_address();
        let static_path = parsed.as_ref().map_or_else(|| address.clone(), |parsed| parsed.static_path().to_string());
        let block = parsed.map(|parsed| format!("{}.{}", parsed.kind, parsed.name));
        // A plan says itself what changes; elsewhere only the lines of the source do.
        let changes = ruling.subject.operation() != Operation::NoOp;
        let changes = (workspace.input == Input::Plan).then_some(changes);
        Some(Self { address, static_path, block, place, enclosing: workspace.enclosing(id), changes })
    }
}

fn finding(
    ruling: &Ruling<'_>,
    About { address, static_path, block: _, place, enclosing, changes }: About,
    workspace: &Workspace<'_>,
    settings: &Settings,
    sources: &SourceMap,
) -> Finding {
    let policy = ruling.policy;
    let about = &policy.about;
    let mut related = place.related;
    if let Some(span) = ruling.fault {
        related.push(Related { span, message: "the expression of the policy".to_owned() });
    }
    let path = place.primary.map_or_else(String::new, |span| sources.from_root(sources.path(span)));
    // Ids are unique within a file; those of the pack are unique and stay the same wherever its files are.
    let fingerprint = match &policy.file {
        Some(file) => fingerprint(&[&policy.id, &static_path, &path, &sources.from_root(file)]),
        None => fingerprint(&[&policy.id, &static_path, &path]),
    };
    Finding {
        policy: policy.id.clone(),
        policy_file: policy.file.clone(),
        category: about.category.clone(),
        title: about.title.clone(),
        severity: ruling.severity,
        enforcement: ruling.enforcement,
        level: level(ruling, settings),
        verdict: ruling.verdict,
        environment: ruling.environment.map(Arc::from),
        instances: vec![address.clone()],
        address,
        operation: ruling.subject.operation().as_str(),
        message: if place.is_removed && ruling.cause.is_none() {
            format!("{} Its block is removed in this change.", ruling.message)
        } else {
            ruling.message.clone()
        },
        location: place.primary,
        condition: Some(ruling.decided.span),
        explanation: None,
        related,
        assumed: assumed(ruling, workspace),
        input: workspace.path.clone(),
        options: Arc::clone(&about.options),
        covered_by: about.covered_by.clone(),
        covers: ruling.covers.clone(),
        fingerprint,
        root: root(workspace, sources),
        changes,
        enclosing,
        silence: None,
    }
}

/// The directory of the root module, relative to the git root; without source, what tfaction says.
#[must_use]
pub fn root(workspace: &Workspace<'_>, sources: &SourceMap) -> Arc<str> {
    match workspace.configuration.module("") {
        Some(module) => Arc::from(sources.from_root(&module.directory)),
        None => workspace.run.working_directory.clone().unwrap_or_default(),
    }
}

// An API default that decided, because nobody has set the attribute.
fn assumed(ruling: &Ruling<'_>, workspace: &Workspace<'_>) -> Option<String> {
    let Subject::Object(object, operation) = ruling.subject else { return None };
    // What a plan or state has at rest was read from the API.
    if operation != Operation::Create && workspace.input != Input::Configuration {
        return None;
    }
    let path = ruling.at?;
    let value = workspace.assumed(object, path)?;
    let text = functions::text(value).ok()?;
    Some(format!("{path} is not set; the default is {text}"))
}

/// 128 bits of FNV-1a over the parts, in hex: stable for ever, and nothing to attack.
fn fingerprint(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}
