//! What the fuzzer calls with its bytes. `tests/fuzz_corpus.rs` calls the same with the kept corpus.

#![allow(clippy::allow_attributes, dead_code, reason = "each target uses one function")]

use std::sync::Arc;

use planfit::engine::{self, Settings};
use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::config::load::{self, Files};
use planfit::terraform::config::values::{self, Outside};
use planfit::terraform::plan::Action;
use planfit::terraform::{document, input};
use planfit::value::{Handle, Side};
use planfit::workspace::Names;
use planfit::workspace::build::{self, Changes, Shared};
use planfit::workspace::source::{self, Place};

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
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut texts = text.splitn(3, SEPARATOR);
    let mut next = || texts.next().unwrap_or_default();
    let files = Parts([next(), next(), next()]);
    let mut sources = SourceMap::default();
    let (configuration, _) = load::load(".", &files, &mut sources);
    let (variables, _) = values::gather(".", &configuration, &Outside::default(), &files, &mut sources);
    let Ok(facts) = library::facts() else { return };
    let wanted = Names::new(std::iter::empty(), &facts);
    let shared = Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(configuration));
    let given = source::Given { variables, workspace: None };
    let place = Place { files: &files, root: "." };
    let (workspace, _) = build::from_configuration(Arc::from("."), &shared, Action::NoOp, &given, Some(place));
    for id in (0..).take(workspace.objects.len()) {
        drop(workspace.expand(Handle::new(id, Side::Planned)));
        drop(workspace.locate(id, None));
    }
}
