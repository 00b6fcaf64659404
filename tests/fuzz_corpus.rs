//! The corpus of the fuzzer, replayed: what it has found once must stay found.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/targets.rs"]
mod targets;

fn replay(target: &str, run: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "the corpus of {target} is gone");
    for path in paths {
        run(&fs::read(path).unwrap());
    }
}

#[test]
fn no_policy_of_the_corpus_makes_the_parser_panic() {
    replay("policy_parse", targets::policy_parse);
}

#[test]
fn no_test_of_the_corpus_makes_a_policy_break_off() {
    replay("policy_test", targets::policy_test);
}

#[test]
fn no_policy_of_the_corpus_makes_the_evaluator_panic() {
    replay("policy_evaluate", targets::policy_evaluate);
}

#[test]
fn no_configuration_of_the_corpus_makes_the_loader_panic() {
    replay("config_load", targets::config_load);
}

#[test]
fn no_module_of_the_corpus_makes_the_evaluation_panic() {
    replay("hcl_module", targets::hcl_module);
}
