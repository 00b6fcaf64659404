//! The pack: every example and every mock of a policy is a test of its own, and the set as a whole is in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use planfit::policy::library::Examples;
use planfit::policy::parse::Parsed;
use planfit::policy::{PolicyFile, library};
use planfit::policytest::{Mocks, example};
use planfit::source::SourceMap;
use planfit::workspace::Facts;

fn main() {
    let arguments = Arguments::from_args();
    let mut sources = SourceMap::default();
    let parsed = Arc::new(library::load(&mut sources, Examples::Read));
    let facts = Arc::new(library::facts().unwrap_or_default());
    let sources = Arc::new(sources);
    let mut trials = Vec::new();
    let set = parsed.clone();
    trials.push(Trial::test("the_pack_loads", move || loads(&set, &sources)));
    let set = parsed.clone();
    trials.push(Trial::test("the_set_is_in_order", move || in_order(&set)));
    trials.extend(example_trials(&parsed, &facts));
    trials.extend(mock_trials(&parsed, &facts));
    libtest_mimic::run(&arguments, trials).exit();
}

fn failed(problems: &[String]) -> Result<(), Failed> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

fn loads(parsed: &[Parsed], sources: &SourceMap) -> Result<(), Failed> {
    let faults = parsed.iter().flat_map(|parsed| &parsed.faults);
    let problems: Vec<String> = faults
        .map(|fault| {
            let start = sources.start(fault.span);
            format!("{}:{}:{}: {}", sources.path(fault.span), start.line, start.column, fault.message)
        })
        .collect();
    failed(&problems)
}

fn in_order(parsed: &[Parsed]) -> Result<(), Failed> {
    let mut problems: Vec<String> = library::facts().err().map(|error| error.to_string()).into_iter().collect();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut categories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in parsed.iter().map(|parsed| &parsed.file) {
        let stem = file.path.trim_start_matches("policies/").trim_end_matches(".policy.hcl");
        let (directory, name) = stem.split_once('/').unwrap_or(("", stem));
        for policy in &file.policies {
            let about = &policy.about;
            let mut complain = |what: &str| problems.push(format!("{}: {what}", policy.id));
            if *policy.id != *name || *about.category != *directory {
                complain(&format!("stands in {}", file.path));
            }
            if about.title.is_empty() || about.why.is_empty() || about.fix.is_empty() {
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

fn example_trials(parsed: &Arc<Vec<Parsed>>, facts: &Arc<Facts>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (at, file) in parsed.iter().map(|parsed| &parsed.file).enumerate() {
        let mut seen = BTreeSet::new();
        for policy in &file.policies {
            for (number, entry) in policy.about.examples.iter().enumerate() {
                let word = if entry.passes { "pass" } else { "fail" };
                let name = format!("{}::{word}::{}", policy.id, entry.label);
                if !seen.insert(name.clone()) {
                    continue;
                }
                let (parsed, facts, about, id) =
                    (parsed.clone(), facts.clone(), policy.about.clone(), policy.id.clone());
                trials.push(Trial::test(name, move || {
                    let (Some(parsed), Some(entry)) = (parsed.get(at), about.examples.get(number)) else {
                        return Err("the example is gone".into());
                    };
                    example(&parsed.file, &id, entry, &facts).map_err(Failed::from)
                }));
            }
        }
    }
    trials
}

fn mock_trials(parsed: &Arc<Vec<Parsed>>, facts: &Arc<Facts>) -> Vec<Trial> {
    let tests = library::files(".policytest.hcl");
    let trials = tests.into_iter().map(|test| {
        let (parsed, facts) = (parsed.clone(), facts.clone());
        Trial::test(test.path, move || {
            let mut sources = SourceMap::default();
            let file = sources.add(test.path, test.text);
            let mocks = Mocks::parse(file, test.text).map_err(|faults| format!("{faults:?}"))?;
            let directory = test.path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let is_target = |file: &PolicyFile| {
                mocks.targets.iter().any(|target| *file.path == format!("policies/{directory}/{target}"))
            };
            let files: Vec<&PolicyFile> =
                parsed.iter().map(|parsed| &parsed.file).filter(|file| is_target(file)).collect();
            if files.len() != mocks.targets.len() || files.is_empty() {
                return Err("a target matches nothing".into());
            }
            let results = mocks.run(&files, &facts);
            if results.is_empty() {
                return Err("there is no mock to judge".into());
            }
            let problems =
                results.into_iter().filter_map(|result| Some(format!("{}: {}", result.address, result.problem?)));
            failed(&problems.collect::<Vec<_>>())
        })
    });
    trials.collect()
}
