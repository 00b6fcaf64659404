//! What a report says of policies in general, beside what they say of objects.

use std::sync::Arc;

use super::{Remedy, Severity};

/// A policy that took part: all blocks of one id in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The policy's id.
    pub id: Arc<str>,
    /// The file that the policy stands in; `None` for the pack.
    pub file: Option<Arc<str>>,
    /// Its file, also of the pack: `policies/multi_az/load_balancer_one_az.policy.hcl`.
    pub path: Arc<str>,
    /// The problem in a few words.
    pub title: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// How much it hurts.
    pub severity: Severity,
    /// Off unless asked for.
    pub pedantic: bool,
    /// Ids of the same check elsewhere, and former ids.
    pub aliases: Vec<String>,
    /// Documents to read.
    pub references: Vec<String>,
    /// Why it hurts.
    pub why: String,
    /// How to put it right.
    pub fix: String,
    /// Ways out.
    pub ways: Vec<Ways>,
    /// Objects that it has found to be as they should be.
    pub passed: usize,
}

/// The ways out for some of a policy's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// Which types.
    pub types: Vec<Arc<str>>,
    /// The options, the recommended one first.
    pub options: Arc<[Remedy]>,
}

impl Ways {
    /// Adds a type and its options to the others of its policy; types with the same options stand together.
    pub fn add(ways: &mut Vec<Self>, kind: &Arc<str>, options: &Arc<[Remedy]>) {
        match ways.iter_mut().find(|ways| ways.options == *options) {
            Some(ways) if ways.types.contains(kind) => {}
            Some(ways) => ways.types.push(kind.clone()),
            None if options.is_empty() => {}
            None => ways.push(Self { types: vec![kind.clone()], options: options.clone() }),
        }
    }
}
