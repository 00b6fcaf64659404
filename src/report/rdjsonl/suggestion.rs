//! What reviewdog can offer as a change: another value for an attribute that is written literally.

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
    if !is_literal(value) || value == better {
        return None;
    }
    let blanks = written.len() - written.trim_start().len();
    let start = span.start + u32::try_from(name.len() + 1 + blanks).ok()?;
    let end = start + u32::try_from(value.len()).ok()?;
    Some((Span { start, end, ..span }, better.clone()))
}

// A bool, a number, or a text with nothing to evaluate in it.
fn is_literal(value: &str) -> bool {
    let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let is_text = text.is_some_and(|text| !text.contains(['"', '\\', '$', '%', '\n']));
    is_text || matches!(value, "true" | "false") || value.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::is_literal;

    #[test]
    fn only_what_stands_for_itself_is_a_literal() {
        for value in ["true", "false", "3", "-1.5", "\"a b\"", "\"\""] {
            assert!(is_literal(value), "{value}");
        }
        for value in ["var.x", "\"${var.x}\"", "[1]", "\"a\" == \"b\"", "null", "inf", "NaN", "", "\"", "1 + 1"] {
            assert!(!is_literal(value), "{value}");
        }
    }
}
