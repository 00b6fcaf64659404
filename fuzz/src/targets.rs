//! What the fuzzer calls with its bytes. `tests/fuzz_corpus.rs` calls the same with the kept corpus.

#![allow(clippy::allow_attributes, dead_code, reason = "each target uses one function")]

use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::policytest::suite::Unreadable;
use planfit::policytest::{Suite, Tree};
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::input;
use planfit::workspace::text;

/// Parses and compiles the bytes as a policy file.
pub(crate) fn policy_parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.policy.hcl", text);
    drop(parse("fuzz.policy.hcl", file, text, "custom"));
}

/// Between the policy file and the plan or test.
const SEPARATOR: &str = "\n---\n";

/// Judges a plan under a policy file: the text before the separator is the file, the rest the plan. A policy that breaks
/// off is caught in a run, and is a fault here.
pub(crate) fn policy_evaluate(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((policy, plan)) = text.split_once(SEPARATOR) else { return };
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.policy.hcl", policy);
    let mut parsed = parse("fuzz.policy.hcl", file, policy, "custom");
    drop(Given::default().fill(&mut parsed.file));
    let Ok(facts) = library::facts() else { return };
    let shared = text::shared(std::iter::once(parsed.file.mentions()), facts, Configuration::default());
    let plan = input::decode(plan.as_bytes().to_vec());
    let Ok(workspace) = text::workspace(&plan, "plan.json", &shared) else { return };
    let settings = Settings { pedantic: true, show_unknown: true, explain: true, ..Settings::default() };
    let judged = engine::evaluate(&[&parsed.file], &workspace, &settings, &sources);
    assert_eq!(judged.panicked, []);
}

/// A policy file and its test.
struct Pair<'t> {
    policy: &'t str,
    test: &'t str,
}

impl Tree for Pair<'_> {
    fn find(&self, _path: &str, ending: &str, _closed: &mut Unreadable) -> Vec<String> {
        let files = ["fuzz.policy.hcl", "fuzz.policytest.hcl"].into_iter();
        files.filter(|file| file.ends_with(ending)).map(str::to_owned).collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        Ok(if path.ends_with(".policytest.hcl") { self.test } else { self.policy }.to_owned())
    }

    fn is_directory(&self, _path: &str) -> bool {
        false
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn category(&self, _path: &str) -> String {
        "custom".to_owned()
    }
}

/// Runs a test of policies: the text before the separator is the policy file, the rest its test.
pub(crate) fn policy_test(data: &[u8]) {
    let Ok(files) = std::str::from_utf8(data) else { return };
    let Some((policy, test)) = files.split_once(SEPARATOR) else { return };
    let mut sources = SourceMap::default();
    let suite = Suite::load(&[".".to_owned()], &Pair { policy, test }, &mut sources);
    let Ok(facts) = library::facts() else { return };
    for case in suite.run(&Arc::new(facts), &sources) {
        let broke_off = case.notes.iter().find(|note| note.message.ends_with("this is a fault of planfit"));
        assert_eq!(broke_off, None, "{}", case.name);
    }
}
