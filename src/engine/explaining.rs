//! Which parts of a condition decided, for each finding that is printed: one for all instances, and only if somebody asks.
//! And for what is not decided: which part is not known, and why.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::ruling::Ruling;
use crate::expr::explain::{Explained, because, explain};
use crate::finding::{Explanation, Finding, MAX_OMITTED, Step};
use crate::policy::scope::{Judge, Scope};
use crate::source::{SourceMap, Span};
use crate::value::Cause;

/// Characters of a policy's text that an explanation repeats.
const MAX_WRITTEN: usize = 400;

/// Characters of it that a sentence repeats.
const MAX_QUOTED: usize = 80;

/// Gives each finding its explanation, if `all` of them are asked for, and what is not decided its message; the findings
/// whose policy breaks off on the way come back by their numbers.
pub(super) fn explain_all(
    findings: &mut [(Finding, Ruling<'_>)],
    all: bool,
    judges: &[Judge<'_, '_>],
    sources: &SourceMap,
) -> Vec<usize> {
    let broken = findings.par_iter_mut().enumerate().filter_map(|(number, (finding, ruling))| {
        let judge = judges.get(ruling.judge).filter(|_| all || ruling.cause.is_some())?;
        let explained = || {
            let scope = judge.scope(ruling.policy, ruling.subject);
            let explained = explain(&scope, &scope, ruling.decided, MAX_OMITTED);
            if let Some(cause) = &ruling.cause {
                finding.message = undecided(&scope, &explained, cause, sources);
            }
            if all {
                finding.explanation = explanation(ruling.decided.span, &explained, sources);
            }
        };
        catch_unwind(AssertUnwindSafe(explained)).err().map(|_| number)
    });
    broken.collect()
}

// The part that is not known, and why: "attrs.vpc_id is not known: it comes from aws_vpc.main.id, which …".
fn undecided(scope: &Scope<'_, '_, '_>, explained: &Explained, cause: &Cause, sources: &SourceMap) -> String {
    let part = explained.open();
    let cause = part.and_then(|part| part.cause.as_ref()).unwrap_or(cause);
    let written =
        part.map_or_else(|| "the condition".to_owned(), |part| short(written(part.span, sources), MAX_QUOTED));
    let Cause::Attribute(symbol) = cause else { return format!("{written} is not known: {}", because(scope, cause)) };
    let name = scope.symbol_name(symbol);
    let is_own = name.strip_prefix(&scope.subject()) == written.strip_prefix("attrs");
    match (is_own, scope.is_computed(symbol)) {
        (true, true) => format!("{name} is not set, and what the provider makes of it is known after apply only"),
        (true, false) => format!("{name} is not known until apply"),
        (false, true) => {
            format!("{written} is not known: it comes from {name}, which nobody sets and the provider computes")
        }
        (false, false) => format!("{written} is not known: {}", because(scope, cause)),
    }
}

fn explanation(span: Span, explained: &Explained, sources: &SourceMap) -> Option<Explanation> {
    if explained.parts.is_empty() {
        return None;
    }
    let steps = explained.parts.iter().map(|part| Step {
        text: written(part.span, sources),
        value: part.value.clone(),
        depth: part.depth,
    });
    Some(Explanation { condition: written(span, sources), span, steps: steps.collect(), omitted: explained.omitted })
}

// The text of the policy, on one line.
fn written(span: Span, sources: &SourceMap) -> String {
    let text = sources.file(span.file).and_then(|file| file.text().get(span.start as usize..span.end as usize));
    let line = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    short(line, MAX_WRITTEN)
}

fn short(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}
