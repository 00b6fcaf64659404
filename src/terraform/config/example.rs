//! A configuration that stands in the body of a block of another file: the examples of policies.

use std::sync::Arc;

use hcl_edit::structure::Body;

use super::load::{calls, join};
use super::names::is_local;
use super::syntax::{self, Role, add};
use super::{Configuration, Module, variables};
use crate::source::FileId;

/// The block that stands for a directory with a module.
const DIRECTORY: &str = "directory";

/// Calls that are followed: a directory may call itself.
const MAX_CALLS: usize = 100;

/// The root module is the body itself, but for its blocks `directory "PATH"`: they are the modules that it calls.
#[must_use]
pub fn from_body(file: FileId, text: &str, body: &Body) -> Configuration {
    let mut root = body.clone();
    let directories: Vec<(String, Body)> = root
        .remove_blocks(DIRECTORY)
        .into_iter()
        .filter_map(|block| Some((join(block.labels.first()?.as_str(), ""), block.body)))
        .collect();
    let mut configuration = Configuration::default();
    let root = module(file, text, &root, "");
    let mut waiting = calls(&root, "");
    configuration.modules.insert(String::new(), Arc::new(root));
    while let Some(call) = waiting.pop() {
        let parent = call.path.rsplit_once('.').map_or("", |(parent, _)| parent);
        let at = configuration.module(parent).map_or("", |module| &module.directory);
        let source = call.source.as_deref().filter(|source| is_local(source));
        let called = source.map(|source| join(at, source));
        let has_room = configuration.modules.len() < MAX_CALLS;
        match directories.iter().find(|(path, _)| has_room && called.as_ref() == Some(path)) {
            Some((path, body)) => {
                let called = module(file, text, body, path);
                waiting.extend(calls(&called, &call.path));
                configuration.modules.insert(call.path, Arc::new(called));
            }
            None => configuration.lacks_modules = true,
        }
    }
    configuration
}

fn module(file: FileId, text: &str, body: &Body, directory: &str) -> Module {
    let mut module = Module { is_ours: true, directory: directory.to_owned(), ..Module::default() };
    let blocks = syntax::blocks(file, text, body, &mut module.references);
    module.types.extend(variables::types(file, text, body));
    module.usage.read(file, text, body);
    add(&mut module, blocks, Role::Primary);
    module
}
