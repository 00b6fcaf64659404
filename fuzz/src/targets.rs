//! What the fuzzer calls with its bytes. `tests/fuzz_corpus.rs` calls the same with the kept corpus.

#![allow(clippy::allow_attributes, dead_code, reason = "each target uses one function")]

use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::{document, input};
use planfit::workspace::Names;
use planfit::workspace::build::{self, Changes, Shared};

/// Parses and compiles the bytes as a policy file.
pub(crate) fn policy_parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.policy.hcl", text);
    drop(parse("fuzz.policy.hcl", file, text, "custom"));
}

/// Between the policy file and the plan.
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
    let wanted = Names::new(std::iter::once(parsed.file.mentions()), &facts);
    let shared = Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(Configuration::default()));
    let bytes = input::decode(plan.as_bytes().to_vec());
    let mut changes = Changes::default();
    let Ok((document, _)) = document::read(&bytes, &mut |change| changes.push(change, &shared)) else { return };
    let Ok((workspace, _)) = build::from_plan(&document, changes, Arc::from("plan.json"), &shared) else { return };
    let settings = Settings {
        fail_level: None,
        environment: None,
        pedantic: true,
        only: Vec::new(),
        show_unknown: true,
        explain: true,
    };
    let judged = engine::evaluate(&[&parsed.file], &workspace, &settings, &sources);
    assert_eq!(judged.panicked, []);
}
