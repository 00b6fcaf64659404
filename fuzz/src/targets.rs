//! What the fuzzer calls with its bytes. `tests/fuzz_corpus.rs` calls the same with the kept corpus.

#![allow(clippy::allow_attributes, dead_code, reason = "each target uses one function")]

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::config::load::Files;
use planfit::terraform::config::names::join;
use planfit::terraform::config::roots::{self, Listing, Select};
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

/// Files in memory: each begins with a line `--- PATH`.
struct Memory(BTreeMap<String, String>);

impl Memory {
    fn read(text: &str) -> Self {
        let parts = text.split("--- ").filter_map(|part| part.split_once('\n'));
        Self(parts.map(|(path, text)| (join("", path), text.to_owned())).collect())
    }

    fn listings(&self) -> Vec<Listing> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in self.0.keys() {
            let (directory, name) = path.rsplit_once('/').unwrap_or((".", path));
            names.entry(directory.to_owned()).or_default().push(name.to_owned());
        }
        names.into_iter().map(|(directory, names)| Listing { directory, names }).collect()
    }
}

impl Files for Memory {
    fn list(&self, directory: &str) -> Vec<String> {
        let listings = self.listings().into_iter();
        listings.filter(|listing| listing.directory == directory).flat_map(|listing| listing.names).collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn is_ours(&self, _directory: &str) -> bool {
        true
    }

    fn resolve(&self, directory: &str) -> String {
        directory.to_owned()
    }

    fn data_directory(&self, root: &str) -> String {
        join(root, ".terraform")
    }
}

/// Finds and loads the roots of a tree of files, and looks at the place of everything that was wrong.
pub(crate) fn config_load(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files = Memory::read(text);
    let mut sources = SourceMap::default();
    let mut queue = roots::find(files.listings(), Select::Modules, &files).queue(&files);
    loop {
        let batch = queue.next_batch(&mut sources);
        if batch.is_empty() {
            return;
        }
        for span in batch.iter().flat_map(|loaded| &loaded.troubles).filter_map(|trouble| trouble.span) {
            let text = sources.file(span.file).map_or(0, |file| file.text().len());
            assert!(span.start <= span.end && span.end as usize <= text, "{span:?}");
        }
    }
}
