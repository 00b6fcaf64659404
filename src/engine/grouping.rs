//! From rulings to findings: places, fingerprints, and one finding for all instances of a block.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Settings;
use super::ruling::{Ruling, level};
use crate::expr::functions;
use crate::finding::{Finding, Level, Related, Severity, Verdict};
use crate::policy::scope::Operation;
use crate::source::{SourceMap, Span};
use crate::workspace::{Resource, Workspace};

/// The findings that rulings make: with places, and one for all instances of a block.
pub(super) fn findings(
    mut rulings: Vec<Ruling<'_>>,
    workspace: &Workspace<'_>,
    settings: &Settings,
    sources: &SourceMap,
) -> Vec<Finding> {
    rulings.sort_by_cached_key(|ruling| workspace.object(ruling.object).and_then(Resource::parsed_address));
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
        let address = workspace.object(ruling.object).and_then(Resource::parsed_address);
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
        condition: ruling.condition,
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
