//! Findings as results.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::MAX_RESULTS;
use super::hash::line_hashes;
use super::log::{Artifact, Fingerprints, Location, Logical, Physical, Region, Result, Suppression, Text};
use super::rules::Rules;
use crate::finding::{Finding, Level, Report, Silence, Suppressed, SuppressedBy};
use crate::report::places::Places;
use crate::report::sanitise;
use crate::report::uri::uri;
use crate::report::wording::{self, Limit, shortened};
use crate::source::{FileId, Span};

/// Longest message in characters.
const MESSAGE: usize = 4_000;

/// Further places of one result.
const MAX_RELATED: usize = 100;

/// The results of a log, and what is not among them.
pub(super) struct Results<'a> {
    pub(super) kept: Vec<Result<'a>>,
    /// How many are left out because the file would be too large.
    pub(super) omitted: usize,
    /// Findings without a place in the repository.
    pub(super) placeless: Vec<&'a Finding>,
}

impl<'a> Results<'a> {
    /// The worst findings come first, what is silenced comes last.
    pub(super) fn new(report: &'a Report, rules: &Rules<'a>, places: Places<'a>) -> Self {
        let all = report.findings.iter().chain(&report.silenced);
        let (located, placeless): (Vec<&Finding>, Vec<&Finding>) =
            all.partition(|finding| place(finding, places).is_some());
        let omitted = located.len().saturating_sub(MAX_RESULTS);
        let kept: Vec<(&Finding, Span)> = located
            .into_iter()
            .take(MAX_RESULTS)
            .filter_map(|finding| Some((finding, place(finding, places)?)))
            .collect();
        let hashes = Hashes::new(&kept, places);
        let kept = kept.iter().map(|(finding, span)| result(finding, *span, rules, places, &hashes)).collect();
        let placeless = placeless.into_iter().filter(|finding| finding.silence.is_none()).collect();
        Self { kept, omitted, placeless }
    }
}

fn place(finding: &Finding, places: Places<'_>) -> Option<Span> {
    finding.location.filter(|span| places.path_in_repository(*span).is_some())
}

fn result<'a>(finding: &'a Finding, span: Span, rules: &Rules<'_>, places: Places<'_>, hashes: &Hashes) -> Result<'a> {
    Result {
        rule_id: sanitise::line(&finding.policy),
        rule_index: rules.number(finding),
        level: level(finding.level),
        message: Text { text: message(finding) },
        locations: [Location {
            id: None,
            physical: physical(span, places),
            logical: vec![Logical {
                fully_qualified_name: shortened(sanitise::line(&finding.address).into_owned(), MESSAGE),
                kind: "resource",
            }],
            message: None,
        }],
        related_locations: related(finding, places),
        partial_fingerprints: Fingerprints { own: sanitise::line(&finding.fingerprint), line: hashes.of(span, places) },
        suppressions: finding.silence.iter().map(|silence| suppression(silence, places)).collect(),
    }
}

/// The word for a level.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "note",
    }
}

// The ways out are the rule's, the places inside stand beside the message.
fn message(finding: &Finding) -> String {
    let mut lines = vec![wording::sentence(finding).into_owned()];
    lines.extend(wording::instances(finding, Limit::Handful));
    lines.extend(finding.assumed.as_deref().map(|assumed| sanitise::line(assumed).into_owned()));
    escaped(&shortened(lines.join("\n"), MESSAGE))
}

/// A text in which nothing is a link: brackets would be one.
pub(super) fn escaped(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

fn related(finding: &Finding, places: Places<'_>) -> Vec<Location> {
    let related = finding.related.iter().take(MAX_RELATED).enumerate();
    let locations = related.map(|(number, related)| {
        let physical = physical(related.span, places);
        let message = sanitise::line(&related.message);
        // What is in no file of the repository is told in words.
        let told = match places.in_words(related.span).filter(|_| physical.is_none()) {
            Some(place) => format!("{place}: {message}"),
            None => message.into_owned(),
        };
        let message = Some(Text { text: escaped(&shortened(told, MESSAGE)) });
        Location { id: Some(number), physical, logical: Vec::new(), message }
    });
    locations.collect()
}

/// The place of a span, as far as it lies in the repository. In a pull request an alert shows only if all its lines are in
/// the change, so of several lines it is the first.
pub(super) fn physical(span: Span, places: Places<'_>) -> Option<Physical> {
    let path = places.path_in_repository(span)?;
    let (start, end) = (places.start(span), places.end(span));
    let line = || places.file(span).and_then(|file| file.line(start.line)).unwrap_or_default().chars().count() + 1;
    let end_column = if start.line == end.line { end.column } else { line().max(start.column) };
    let region = Region { start_line: start.line, start_column: start.column, end_line: start.line, end_column };
    Some(Physical { artifact_location: Artifact { uri: uri(&path) }, region })
}

fn suppression(silence: &Silence, places: Places<'_>) -> Suppression {
    let (kind, justification, place) = match silence {
        Silence::Suppressed(Suppressed { by, reason, place, .. }) => {
            let kind = match by {
                SuppressedBy::Comment | SuppressedBy::ForeignComment => "inSource",
                SuppressedBy::Configuration => "external",
            };
            (kind, reason.as_deref(), *place)
        }
        Silence::Baselined => ("external", Some("known: it is in the baseline"), None),
    };
    let justification = justification.map(|reason| shortened(sanitise::line(reason).into_owned(), MESSAGE));
    let physical = place.and_then(|span| physical(span, places));
    let location = physical.map(|physical| Location { physical: Some(physical), ..Location::default() });
    Suppression { kind, status: "accepted", justification, location }
}

/// The hashes of the lines that results start on.
struct Hashes(FxHashMap<FileId, BTreeMap<usize, String>>);

impl Hashes {
    fn new(results: &[(&Finding, Span)], places: Places<'_>) -> Self {
        let mut lines: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        for (_, span) in results {
            lines.entry(span.file).or_default().push(places.start(*span).line);
        }
        let hashes = lines.into_iter().map(|(file, mut lines)| {
            lines.sort_unstable();
            lines.dedup();
            let text = places.sources.file(file).map(|file| &**file.text()).unwrap_or_default();
            (file, line_hashes(text, &lines))
        });
        Self(hashes.collect())
    }

    fn of(&self, span: Span, places: Places<'_>) -> Option<String> {
        let line = places.start(span).line;
        // Blanks may stand for a byte order mark, which counts on the first line (`source::hcl::clean`).
        let starts_with_mark = line == 1 && places.file(span)?.text().starts_with("   ");
        self.0.get(&span.file)?.get(&line).filter(|_| !starts_with_mark).cloned()
    }
}
