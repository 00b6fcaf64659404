//! What the fuzzer calls with its bytes. `tests/fuzz_corpus.rs` calls the same with the kept corpus.

#![allow(clippy::allow_attributes, dead_code, reason = "each target uses one function")]

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::policytest::suite::Unreadable;
use planfit::policytest::{Suite, Tree};
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::config::load::{self, Files};
use planfit::terraform::config::names::join;
use planfit::terraform::config::roots::{self, Listing, Select};
use planfit::terraform::config::values::{self, Outside};
use planfit::terraform::input;
use planfit::terraform::plan::Action;
use planfit::value::{Handle, Side};
use planfit::workspace::build;
use planfit::workspace::source::{self, Place};
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
    let mut queue = roots::find(files.listings(), Select::Modules, &files).queue(&files, library::map_arguments());
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

/// A module, the module in `m` and the files of values, all in one text.
struct Parts<'t>([&'t str; 3]);

const PARTS: [&str; 3] = ["main.tf", "m/main.tf", "terraform.tfvars"];

impl Files for Parts<'_> {
    fn list(&self, directory: &str) -> Vec<String> {
        let names: &[&str] = match directory {
            "." => &["main.tf", "terraform.tfvars"],
            "m" => &["main.tf"],
            _ => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let part = PARTS.iter().position(|part| *part == path).and_then(|at| self.0.get(at));
        part.map(|text| (*text).to_owned()).ok_or_else(|| "there is no such file".to_owned())
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

    fn data_directory(&self, _root: &str) -> String {
        ".terraform".to_owned()
    }
}

/// Loads and evaluates a root module, one that it may call as `./m`, and a file of values, between separators.
pub(crate) fn hcl_module(data: &[u8]) {
    let Ok(all) = std::str::from_utf8(data) else { return };
    let mut texts = all.splitn(3, SEPARATOR);
    let mut next = || texts.next().unwrap_or_default();
    let files = Parts([next(), next(), next()]);
    let mut sources = SourceMap::default();
    let (configuration, _) = load::load(".", &files, library::map_arguments(), &mut sources);
    let (variables, _) = values::gather(".", &configuration, &Outside::default(), &files, &mut sources);
    let Ok(facts) = library::facts() else { return };
    let shared = text::shared(std::iter::empty(), facts, configuration);
    let given = source::Given { variables, workspace: None };
    let place = Place { files: &files, root: "." };
    let (workspace, _) = build::from_configuration(Arc::from("."), &shared, Action::NoOp, &given, Some(place));
    for id in (0..).take(workspace.objects.len()) {
        drop(workspace.expand(Handle::new(id, Side::Planned)));
        drop(workspace.locate(id, None));
    }
}
