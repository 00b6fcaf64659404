//! Mutants of the pack: every condition and every filter, negated, must break an example or a test of its policy.
//! What survives is asserted by nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use planfit::expr::Expr;
use planfit::instant::Instant;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::policytest::suite::{PACK, Pack, Tree, Unreadable};
use planfit::policytest::{Status, Suite};
use planfit::source::SourceMap;
use planfit::workspace::Facts;
use rayon::prelude::*;

/// The pack with another text for one of its files.
struct Mutated<'t> {
    pack: Pack,
    path: &'t str,
    text: &'t str,
}

impl Tree for Mutated<'_> {
    fn find(&self, path: &str, ending: &str, closed: &mut Unreadable) -> Vec<String> {
        self.pack.find(path, ending, closed)
    }

    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.path { Ok(self.text.to_owned()) } else { self.pack.read(path) }
    }

    fn is_directory(&self, path: &str) -> bool {
        self.pack.is_directory(path)
    }

    fn now(&self) -> Option<Instant> {
        self.pack.now
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn category(&self, path: &str) -> String {
        self.pack.category(path)
    }
}

/// Whether some example or test of the file breaks.
fn breaks(path: &str, text: &str, facts: &Arc<Facts>) -> bool {
    let pack = Pack { now: Instant::parse("2026-11-25T09:00:00Z") };
    let mut sources = SourceMap::default();
    let suite = Suite::load(&[path.to_owned()], &Mutated { pack, path, text }, &mut sources);
    let faults = suite.faults(&sources);
    assert!(faults.is_empty(), "{path}: {faults:?}\n{text}");
    suite.run(facts, &sources).iter().any(|case| case.status == Status::Failed)
}

/// A place, and the text of the file with the expression there negated.
fn negated(path: &str, text: &str, what: &str, expr: &Expr) -> (String, String) {
    let (start, end) = (expr.span.start as usize, expr.span.end as usize);
    let (before, rest) = text.split_at(start);
    let (inner, after) = rest.split_at(end - start);
    let line = before.matches('\n').count() + 1;
    (format!("{path}:{line} {what}"), format!("{before}!({inner}){after}"))
}

fn mutants(path: &str, text: &'static str) -> Vec<(String, String)> {
    let mut sources = SourceMap::default();
    let file = sources.add(path.to_owned(), text);
    let parsed = parse(path, file, text, "custom");
    let mut mutants = Vec::new();
    for policy in &parsed.file.policies {
        mutants.extend(policy.rules.filter.iter().map(|filter| negated(path, text, "filter", filter)));
        let conditions = policy.rules.enforce.iter().map(|enforce| &enforce.condition);
        mutants.extend(conditions.map(|condition| negated(path, text, "condition", condition)));
    }
    mutants
}

#[test]
fn no_negated_condition_and_no_negated_filter_goes_unnoticed() {
    let facts = Arc::new(library::facts().unwrap());
    let files = library::files(".policy.hcl").into_iter();
    let files: Vec<(String, &'static str)> = files.map(|file| (format!("{PACK}/{}", file.path), file.text)).collect();
    let all: Vec<(usize, BTreeSet<String>)> = files
        .par_iter()
        .map(|(path, text)| {
            let mutants = mutants(path, text);
            let survivors = mutants.iter().filter(|(_, text)| !breaks(path, text, &facts));
            (mutants.len(), survivors.map(|(place, _)| place.clone()).collect())
        })
        .collect();
    let count: usize = all.iter().map(|(count, _)| count).sum();
    assert!(count > 600, "{count} mutants");
    let survivors: BTreeSet<String> = all.into_iter().flat_map(|(_, survivors)| survivors).collect();
    assert!(survivors.is_empty(), "{} of {count} mutants survive: {survivors:#?}", survivors.len());
}
