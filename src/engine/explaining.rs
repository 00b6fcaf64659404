//! Which parts of a condition decided, for each finding that is printed: one for all instances, and only if somebody asks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::ruling::Ruling;
use crate::expr::explain::{Explained, explain};
use crate::finding::{Explanation, Finding, MAX_OMITTED, Step};
use crate::policy::scope::Judge;
use crate::source::{SourceMap, Span};

/// Characters of a policy's text that an explanation repeats.
const MAX_WRITTEN: usize = 400;

/// Gives each finding its explanation; the findings whose policy breaks off on the way come back by their numbers.
pub(super) fn explain_all(
    findings: &mut [(Finding, Ruling<'_>)],
    judges: &[Judge<'_, '_>],
    sources: &SourceMap,
) -> Vec<usize> {
    let broken = findings.par_iter_mut().enumerate().filter_map(|(number, (finding, ruling))| {
        let judge = judges.get(ruling.file)?;
        let parts = || {
            let scope = judge.scope(ruling.policy, ruling.subject);
            explain(&scope, &scope, ruling.decided, MAX_OMITTED)
        };
        match catch_unwind(AssertUnwindSafe(parts)) {
            Ok(explained) => {
                finding.explanation = explanation(ruling.decided.span, &explained, sources);
                None
            }
            Err(_) => Some(number),
        }
    });
    broken.collect()
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
    match line.char_indices().nth(MAX_WRITTEN) {
        Some((end, _)) => line.get(..end).unwrap_or_default().to_owned() + "…",
        None => line,
    }
}
