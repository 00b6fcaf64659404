//! What reviewdog can offer as a change: the other value of a switch that is written as `true` or `false`.

use crate::finding::{Finding, Verdict};
use crate::report::places::Places;
use crate::source::Span;

/// The place of the value that the finding points at, and what the first option puts there that changes nothing else.
pub(super) fn suggestion(finding: &Finding, places: Places<'_>) -> Option<(Span, String)> {
    if finding.verdict != Verdict::Fail || finding.operation == "delete" {
        return None;
    }
    let span = finding.location?;
    let text = places.file(span)?.text().get(span.start as usize..span.end as usize)?;
    let (name, written) = text.split_once('=')?;
    let value = written.trim();
    let sole = finding.options.iter().filter_map(|option| match option.literals.as_slice() {
        [(attribute, value)] => Some((attribute, value)),
        _ => None,
    });
    let (_, better) = sole.into_iter().find(|(attribute, _)| *attribute == name.trim())?;
    if !is_bool(value) || !is_bool(better) || value == better {
        return None;
    }
    let blanks = written.len() - written.trim_start().len();
    let start = span.start + u32::try_from(name.len() + 1 + blanks).ok()?;
    let end = start + u32::try_from(value.len()).ok()?;
    Some((Span { start, end, ..span }, better.clone()))
}

// What an input of the policy asks for may be more than the number that an option names; true is the other of false.
fn is_bool(value: &str) -> bool {
    matches!(value, "true" | "false")
}
