//! The pack: every example and every mock of a policy is a test of its own, and the set as a whole is in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use planfit::instant::Instant;
use planfit::policy::library;
use planfit::policytest::suite::{PACK, Pack};
use planfit::policytest::{Case, Status, Suite};
use planfit::source::SourceMap;
use planfit::workspace::Facts;

fn main() {
    let arguments = Arguments::from_args();
    let mut sources = SourceMap::default();
    // A day that does not change: some policies compare dates.
    let pack = Pack { now: Instant::parse("2026-11-25T09:00:00Z") };
    let suite = Arc::new(Suite::load(&[PACK.to_owned()], &pack, &mut sources));
    let facts = Arc::new(library::facts().unwrap_or_default());
    let sources = Arc::new(sources);
    let mut all = Vec::new();
    let (set, texts) = (suite.clone(), sources.clone());
    all.push(Trial::test("the_pack_loads", move || loads(&set, &texts)));
    let set = suite.clone();
    all.push(Trial::test("the_set_is_in_order", move || in_order(&set)));
    all.extend(trials(&suite, &sources, &facts));
    libtest_mimic::run(&arguments, all).exit();
}

fn failed(problems: &[String]) -> Result<(), Failed> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

fn loads(suite: &Suite, sources: &SourceMap) -> Result<(), Failed> {
    let problems: Vec<String> = suite
        .faults(sources)
        .into_iter()
        .map(|fault| {
            let start = sources.start(fault.span);
            format!("{}:{}:{}: {}", sources.path(fault.span), start.line, start.column, fault.message)
        })
        .chain(suite.unreadable.iter().map(|(path, reason)| format!("{path}: {reason}")))
        .collect();
    failed(&problems)
}

fn in_order(suite: &Suite) -> Result<(), Failed> {
    let mut problems: Vec<String> = library::facts().err().map(|error| error.to_string()).into_iter().collect();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut categories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mocks = mocks();
    for file in suite.policies().iter().map(|loaded| &loaded.parsed.file) {
        let stem = file.path.trim_start_matches("policies/").trim_end_matches(".policy.hcl");
        let (directory, name) = stem.split_once('/').unwrap_or(("", stem));
        for policy in &file.policies {
            let about = &policy.about;
            let mut complain = |what: &str| problems.push(format!("{}: {what}", policy.id));
            if *policy.id != *name || *about.category != *directory {
                complain(&format!("stands in {}", file.path));
            }
            if about.title.is_empty() || about.docs.why.is_empty() || about.docs.fix.is_empty() {
                complain("lacks a title or docs");
            }
            if about.options.is_empty() {
                complain("offers no way out");
            }
            for option in about.options.iter() {
                if option.title.is_empty() || option.downtime.is_empty() || !["S", "M", "L"].contains(&&*option.effort)
                {
                    complain(&format!("option {} lacks title, downtime or effort", option.id));
                }
            }
            for (passes, what) in [(true, "pass"), (false, "fail")] {
                let mocked = mocks.get(&*policy.id).is_some_and(|verdicts| verdicts.contains(&passes));
                // The first block of an id has the examples of all.
                let blocks = file.policies.iter().filter(|block| block.id == policy.id);
                let mut examples = blocks.flat_map(|block| &block.about.examples);
                if !mocked && examples.all(|example| example.passes != passes) {
                    complain(&format!("has no example and no mock that must {what}"));
                }
            }
            categories.entry(directory).or_default().insert(name);
            let other = seen.entry(format!("{} {}", policy.kind, policy.id)).or_insert(&file.path);
            if **other != *file.path {
                complain(&format!("is declared in {other}, too"));
            }
        }
    }
    let count = |names: &[&str]| names.iter().filter_map(|name| categories.get(name)).map(BTreeSet::len).sum::<usize>();
    for group in [&["redundancy", "multi_az"][..], &["log_retention"], &["release"], &["orphan"]] {
        if count(group) < 5 {
            problems.push(format!("{group:?} has fewer than five policies"));
        }
    }
    failed(&problems)
}

/// The verdicts that the mocks beside a policy ask for, by its id: true is a pass.
fn mocks() -> BTreeMap<String, BTreeSet<bool>> {
    let verdicts = |text: &'static str| {
        let mut sources = SourceMap::default();
        let file = sources.add(String::new(), text);
        let test = planfit::policytest::parse::parse(file, text, &sources, None);
        test.mocks.iter().filter(|mock| !mock.skip).map(|mock| !mock.expect_failure).collect()
    };
    let id = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".policytest.hcl").to_owned();
    library::files(".policytest.hcl").iter().map(|file| (id(file.path), verdicts(file.text))).collect()
}

fn trials(suite: &Arc<Suite>, sources: &Arc<SourceMap>, facts: &Arc<Facts>) -> Vec<Trial> {
    let mut seen = BTreeSet::new();
    let mut trials = Vec::new();
    for unit in suite.units() {
        let name = suite.name(unit);
        assert!(seen.insert(name.clone()), "two examples are called {name}");
        let (suite, sources, facts) = (suite.clone(), sources.clone(), facts.clone());
        trials.push(Trial::test(name, move || {
            let cases = suite.run_unit(unit, &facts, &sources);
            if cases.is_empty() {
                return Err("there is nothing to judge".into());
            }
            failed(&cases.iter().filter(|case| case.status == Status::Failed).map(told).collect::<Vec<_>>())
        }));
    }
    trials
}

fn told(case: &Case) -> String {
    let notes: Vec<&str> = case.notes.iter().map(|note| note.message.as_str()).collect();
    format!("{}: {}", case.name, notes.join("; "))
}
