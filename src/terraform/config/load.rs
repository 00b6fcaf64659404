//! Reads modules from directories: files, overrides, module calls (`spec/plan-json.md` 9).

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::functions::{function, unevaluated};
use super::variables;
use super::{Attribute, Block, Configuration, Module, Traversal, block_key};
use crate::expr::compile::{Compiler, Names};
use crate::expr::functions::Function;
use crate::expr::{Expr, Reference};
use crate::source::{FileId, SourceMap, Span, hcl};

/// Calls of calls that are followed. Terraform has no bound; ours keeps the stack small.
const MAX_DEPTH: usize = 64;

/// Modules by path of calls. A chain of modules that each call the next one twice doubles with each step.
const MAX_MODULES: usize = 100_000;

/// The files around a root module. Paths are `/`-separated and may be relative to the current directory.
pub trait Files {
    /// The names of a directory's files, in no order; empty if it cannot be read.
    fn list(&self, directory: &str) -> Vec<String>;

    /// A file's text.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self, path: &str) -> Result<String, String>;

    /// The path as reports print it: relative to their base.
    fn shown(&self, path: &str) -> String;

    /// Whether a directory exists and lies inside the repository, links followed.
    fn is_ours(&self, directory: &str) -> bool;

    /// The directory that a link stands for; others are themselves. `terraform init` links absolute sources.
    fn resolve(&self, directory: &str) -> String;

    /// Where `terraform init` puts modules: `.terraform` or `$TF_DATA_DIR`, below or beside the root module.
    fn data_directory(&self, root: &str) -> String;
}

/// Something that could not be taken in: what to say, and where.
#[derive(Debug)]
pub struct Trouble {
    /// What kind of thing it is.
    pub kind: TroubleKind,
    /// The path, as reports print it, or the module's address.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// Where, if the file could be read.
    pub span: Option<Span>,
}

/// What could not be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// A file that cannot be read or parsed.
    File,
    /// A module whose directory is not there.
    Module,
}

/// Reads the root module in `root` and all modules that it calls, as far as their directories are there.
#[must_use]
pub fn load(root: &str, files: &dyn Files, sources: &mut SourceMap) -> (Configuration, Vec<Trouble>) {
    let mut loader = Loader {
        files,
        sources,
        root: root.to_owned(),
        manifest: manifest(root, files),
        configuration: Configuration::default(),
        read: FxHashMap::default(),
        troubles: Vec::new(),
    };
    loader.module("", &join(root, ""), &mut Vec::new());
    loader.configuration.locked = locked(root, files);
    (loader.configuration, loader.troubles)
}

/// `modules.json`, as far as we need it.
#[derive(Default, Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<ManifestEntry>,
}

#[derive(Deserialize)]
struct ManifestEntry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    directory: String,
}

fn manifest(root: &str, files: &dyn Files) -> Manifest {
    let path = join(&files.data_directory(root), "modules/modules.json");
    files.read(&path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

// A lock file that is not there or not understood locks nothing.
fn locked(root: &str, files: &dyn Files) -> FxHashMap<String, Arc<str>> {
    let text = files.read(&join(root, ".terraform.lock.hcl")).ok().map(hcl::clean);
    let body = text.and_then(|text| hcl::parse(&text).ok()).unwrap_or_default();
    let version = |block: &hcl_edit::structure::Block| match &block.body.get_attribute("version")?.value {
        Expression::String(version) => Some(Arc::from(version.value().as_str())),
        _ => None,
    };
    let blocks = body.get_blocks("provider");
    blocks.filter_map(|block| Some((block.labels.first()?.as_str().to_owned(), version(block)?))).collect()
}

struct Loader<'a> {
    files: &'a dyn Files,
    sources: &'a mut SourceMap,
    root: String,
    manifest: Manifest,
    configuration: Configuration,
    read: FxHashMap<String, Arc<Module>>,
    troubles: Vec<Trouble>,
}

impl Loader<'_> {
    // `open` are the directories of the modules that lead to this one.
    fn module(&mut self, path: &str, directory: &str, open: &mut Vec<String>) {
        let Some(module) = self.read(directory, path.is_empty()) else { return };
        self.configuration.modules.insert(path.to_owned(), module.clone());
        open.push(directory.to_owned());
        for call in module.blocks("module") {
            if let Some(name) = call.labels.first() {
                let child = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                self.call(&child, directory, call, open);
            }
        }
        open.pop();
    }

    fn call(&mut self, child: &str, parent: &str, call: &Block, open: &mut Vec<String>) {
        let directory = self.directory_of(child, parent, source(call).as_deref());
        let full = self.configuration.modules.len() >= MAX_MODULES;
        let message = match &directory {
            Some(directory) if open.contains(directory) => {
                "this call leads back to the module that it stands in, so it is not followed; Terraform refuses it, too"
            }
            _ if full => "there are too many module calls, so this one is not followed; 100,000 are the most",
            _ if open.len() > MAX_DEPTH => "the calls of modules are nested too deep, so this one is not followed",
            _ => "this module is not at hand, so its places are not known; terraform init fetches it",
        };
        if let Some(directory) = directory.filter(|directory| !open.contains(directory))
            && !full
            && open.len() <= MAX_DEPTH
        {
            self.module(child, &directory, open);
        }
        if self.configuration.module(child).is_none() {
            let subject = format!("module.{}", child.replace('.', ".module."));
            let kind = TroubleKind::Module;
            self.troubles.push(Trouble { kind, subject, message: message.to_owned(), span: Some(call.header) });
        }
    }

    // A directory is read once, however many calls lead to it.
    fn read(&mut self, directory: &str, is_root: bool) -> Option<Arc<Module>> {
        if let Some(known) = self.read.get(directory) {
            return Some(known.clone());
        }
        let names = source_files(self.files.list(directory));
        if names.is_empty() && !is_root {
            return None;
        }
        let below_data = is_below(directory, &self.files.data_directory(&self.root));
        let mut module = Module {
            directory: self.files.shown(directory),
            from_root: from_root(&self.root, directory),
            is_ours: !below_data && self.files.is_ours(directory),
            ..Module::default()
        };
        for name in names {
            self.file(&join(directory, &name), is_override(&name), &mut module);
        }
        let module = Arc::new(module);
        self.read.insert(directory.to_owned(), module.clone());
        Some(module)
    }

    // A local source says itself where it is, also when the manifest is stale.
    fn directory_of(&self, path: &str, parent: &str, source: Option<&str>) -> Option<String> {
        let source = source.unwrap_or_default();
        if source.starts_with("./") || source.starts_with("../") {
            return Some(join(parent, source));
        }
        let entry = self.manifest.modules.iter().find(|entry| entry.key == path)?;
        Some(self.files.resolve(&join(&self.root, &entry.directory)))
    }

    fn file(&mut self, path: &str, overrides: bool, module: &mut Module) {
        let shown = self.files.shown(path);
        let text = match self.files.read(path) {
            Ok(text) => hcl::clean(text),
            Err(message) => {
                return self.troubles.push(Trouble { kind: TroubleKind::File, subject: shown, message, span: None });
            }
        };
        let file = self.sources.add(shown.clone(), text.clone());
        module.first_file.get_or_insert(Span { file, start: 0, end: 0 });
        match hcl::parse(&text) {
            Ok(body) => {
                let mut names = References { table: &mut module.references };
                let mut compiler = Compiler::new(file, &text, &mut names);
                let blocks = structures(file, &text, &body, &mut compiler).1;
                module.types.extend(variables::types(file, &text, &body));
                add_blocks(module, blocks, overrides);
            }
            Err(error) => {
                let span = hcl::span_of(file, Some(error.offset..error.offset));
                self.troubles.push(Trouble {
                    kind: TroubleKind::File,
                    subject: shown,
                    message: error.message,
                    span: Some(span),
                });
            }
        }
    }
}

/// A configuration of one module whose blocks stand in the body of another file (the examples of policies).
#[must_use]
pub fn from_body(file: FileId, text: &str, body: &Body) -> Configuration {
    let mut module = Module { is_ours: true, ..Module::default() };
    let mut names = References { table: &mut module.references };
    let mut compiler = Compiler::new(file, text, &mut names);
    let blocks = structures(file, text, body, &mut compiler).1;
    module.types.extend(variables::types(file, text, body));
    add_blocks(&mut module, blocks, false);
    let mut configuration = Configuration::default();
    configuration.modules.insert(String::new(), Arc::new(module));
    configuration
}

/// Of some file names those of module files, overrides last, each group in order.
#[must_use]
pub fn source_files(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| {
        let noise = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
        let is_source = name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "tf" | "tofu"));
        is_source && !noise
    });
    let hidden: Vec<String> =
        names.iter().filter_map(|name| Some(format!("{}.tf", name.strip_suffix(".tofu")?))).collect();
    names.retain(|name| !hidden.contains(name));
    names.sort_by_key(|name| (is_override(name), name.clone()));
    names
}

fn is_override(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem == "override" || stem.ends_with("_override")
}

fn source(call: &Block) -> Option<String> {
    call.attribute("source")?.value.as_literal()?.as_str().map(str::to_owned)
}

fn structures(file: FileId, text: &str, body: &Body, compiler: &mut Compiler<'_>) -> (Vec<Attribute>, Vec<Block>) {
    let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => attributes.push(Attribute {
                name: Arc::from(attribute.key.as_str()),
                span: first_line(text, hcl::span_of(file, attribute.span())),
                value: compiled(compiler, &attribute.value, hcl::span_of(file, attribute.value.span())),
            }),
            Structure::Block(block) => {
                let (inner, nested) = structures(file, text, &block.body, compiler);
                blocks.push(Block {
                    kind: Arc::from(block.ident.as_str()),
                    labels: block.labels.iter().map(|label| Arc::from(label.as_str())).collect(),
                    header: hcl::header_span(file, block),
                    attributes: inner,
                    blocks: nested,
                });
            }
        }
    }
    (attributes, blocks)
}

// What is not understood is not known; it is not null.
fn compiled(compiler: &mut Compiler<'_>, expression: &Expression, span: Span) -> Expr {
    let expr = compiler.compile(expression);
    if compiler.take_faults().is_empty() { expr } else { unevaluated(span) }
}

// A place is one line: of an attribute that goes on over many, the first.
fn first_line(text: &str, span: Span) -> Span {
    let inside = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let length = inside.find(['\r', '\n']).unwrap_or(inside.len());
    Span { end: span.start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)), ..span }
}

fn add_blocks(module: &mut Module, blocks: Vec<Block>, overrides: bool) {
    for block in blocks {
        if &*block.kind == "locals" {
            let values = block.attributes.into_iter().map(|attribute| (attribute.name, attribute.value));
            module.locals.extend(values);
            continue;
        }
        let key = block_key(&block.kind, block.labels.iter().map(|label| &**label));
        let earlier = module.index.get(&key).and_then(|at| module.blocks.get_mut(*at));
        match earlier {
            Some(earlier) if overrides => override_block(earlier, block),
            _ => {
                module.index.entry(key).or_insert(module.blocks.len());
                module.blocks.push(block);
            }
        }
    }
}

// An argument of an override wins; nested blocks of a kind replace all blocks of that kind.
fn override_block(earlier: &mut Block, later: Block) {
    for attribute in later.attributes {
        earlier.attributes.retain(|known| known.name != attribute.name);
        earlier.attributes.push(attribute);
    }
    earlier.blocks.retain(|known| !later.blocks.iter().any(|block| block.kind == known.kind));
    earlier.blocks.extend(later.blocks);
}

/// Gives every name a number; what it means is found out when it is evaluated.
struct References<'a> {
    table: &'a mut Vec<Traversal>,
}

impl Names for References<'_> {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let used = steps.len().min(match head {
            "module" => 3,
            "data" => 2,
            _ => 1,
        });
        let steps = steps.iter().take(used).cloned().collect();
        let number = u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        self.table.push(Traversal { head: Arc::from(head), steps });
        Ok((Reference(number), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        Ok(function(namespace, name))
    }
}

/// A path below a directory, without `.` and `..`.
#[must_use]
pub fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| *part != "." && !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (directory.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

// As `path.module` says it: the way from the root module.
fn from_root(root: &str, directory: &str) -> String {
    let (root, directory) = (join(root, ""), join(directory, ""));
    let steps = |path: &'_ str| path.split('/').filter(|step| *step != ".").map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (steps(&root), steps(&directory));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(shared).map(|_| "..".to_owned());
    let way: Vec<String> = up.chain(to.into_iter().skip(shared)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

fn is_below(path: &str, directory: &str) -> bool {
    let (path, directory) = (join(path, ""), join(directory, ""));
    path.strip_prefix(&directory).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_come_last_and_tofu_hides_tf() {
        let names = ["override.tf", "b.tf", "a_override.tf", ".x.tf", "c.tf~", "#d.tf#", "b.tofu", "z.md", "a.tf"];
        let files = source_files(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(files, ["a.tf", "b.tofu", "a_override.tf", "override.tf"]);
    }

    #[test]
    fn the_way_from_the_root_is_path_module() {
        let table = [
            (".", ".", "."),
            (".", "modules/a", "modules/a"),
            ("envs/prod", "modules/a", "../../modules/a"),
            ("/x/envs", "/x/envs/m", "m"),
            ("envs/prod", "envs/shared", "../shared"),
            (".", "../a", "../a"),
        ];
        for (root, directory, expected) in table {
            assert_eq!(from_root(root, directory), expected);
        }
    }

    #[test]
    fn paths_are_joined_without_dots() {
        let table = [
            (".", "./modules/a", "modules/a"),
            ("x/y", "../z", "x/z"),
            ("/a", "b/./c", "/a/b/c"),
            ("a", "..", "."),
            (".", "../a", "../a"),
        ];
        for (directory, path, expected) in table {
            assert_eq!(join(directory, path), expected);
        }
        assert!(is_below("./x/.terraform/modules/m", "x/.terraform") && !is_below("x/.terraform2/m", "x/.terraform"));
    }
}
