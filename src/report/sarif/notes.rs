//! What is no result: remarks about inputs, findings that nobody could place, and what was left out.

use super::MAX_RESULTS;
use super::log::{Location, Notification, RuleReference, Text};
use super::results::{Results, escaped, level, physical};
use super::rules::Rules;
use crate::finding::{Finding, Level, NotEvaluated, Remark, Report};
use crate::report::places::Places;
use crate::report::sanitise;
use crate::report::wording::{self, counted, shortened};

/// Longest message in characters.
const MESSAGE: usize = 4_000;

/// Notifications of each kind; a file that is too large is rejected whole.
const MOST: usize = 1_000;

/// The notifications of a log.
pub(super) fn notes(
    report: &Report,
    results: &Results<'_>,
    rules: &Rules<'_>,
    places: Places<'_>,
) -> Vec<Notification> {
    let mut notes = Vec::new();
    if results.omitted > 0 {
        let left_out = counted(results.omitted, "result is", "results are");
        let message = format!("{left_out} left out: a file of more than {MAX_RESULTS} is not taken in full.");
        notes.push(note(Level::Warning, message));
    }
    limited(&mut notes, &report.remarks, "remarks", |said| remark(said, places));
    limited(&mut notes, &results.placeless, "findings without a place", |finding| placeless(finding, rules));
    limited(&mut notes, &report.not_evaluated, "things that were not judged", gap);
    notes
}

fn limited<T>(notes: &mut Vec<Notification>, all: &[T], what: &str, each: impl Fn(&T) -> Notification) {
    notes.extend(all.iter().take(MOST).map(each));
    if all.len() > MOST {
        notes.push(note(Level::Warning, format!("{} more {what} are left out.", all.len() - MOST)));
    }
}

fn note(of: Level, message: String) -> Notification {
    let text = escaped(&shortened(message, MESSAGE));
    Notification { level: level(of), message: Text { text }, locations: Vec::new(), associated_rule: None }
}

fn remark(remark: &Remark, places: Places<'_>) -> Notification {
    let place = remark.span.and_then(|span| physical(span, places));
    let locations = place.map(|place| Location { physical: Some(place), ..Location::default() }).into_iter().collect();
    Notification { locations, ..note(remark.level, wording::told_of_remark(remark, places).join("\n")) }
}

fn placeless(finding: &Finding, rules: &Rules<'_>) -> Notification {
    let rule = RuleReference { id: sanitise::line(&finding.policy).into_owned(), index: rules.number(finding) };
    let message = format!("{}: {}", sanitise::line(&finding.policy), wording::sentence(finding));
    Notification { associated_rule: Some(rule), ..note(finding.level, message) }
}

fn gap(gap: &NotEvaluated) -> Notification {
    let [subject, reason] = [&gap.subject, &gap.reason].map(|text| sanitise::line(text));
    note(Level::Notice, format!("not judged: {subject}: {reason}"))
}
