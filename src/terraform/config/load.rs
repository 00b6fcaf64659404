//! Reads modules from directories: files, overrides, module calls (`spec/plan-json.md` 9).

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::modules::Origin;
use super::names::{is_below, is_local};
pub use super::names::{join, source_files};
use super::{Block, Configuration, Maps, Module, Modules};
use crate::source::{SourceMap, Span, hcl};

/// Calls of calls that are followed, so that the stack is not used up. Terraform has no bound.
const MAX_DEPTH: usize = 128;

/// Calls of modules that are followed from one root. Thirty modules that each call the next one twice make a billion.
const MAX_CALLS: usize = 100_000;

/// Directories that one root leads to.
const MAX_DIRECTORIES: usize = 10_000;

const ABSENT: &str = "this module is not at hand, so its places are not known; terraform init fetches it";

/// The files around a root module. Paths are `/`-separated and may be relative to the current directory.
pub trait Files: Sync {
    /// The names of a directory's files, in no order; empty if it cannot be read.
    fn list(&self, directory: &str) -> Vec<String>;

    /// The paths of all files below a directory, seen from it, in order.
    ///
    /// # Errors
    ///
    /// Why they are not known, in words.
    fn below(&self, directory: &str) -> Result<Vec<String>, String> {
        Err(format!("the files below {directory} are not listed here"))
    }

    /// A file's text.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self, path: &str) -> Result<String, String>;

    /// The text of a file in HCL, as the parser takes it.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn source(&self, path: &str) -> Result<Arc<str>, String> {
        self.read(path).map(hcl::clean)
    }

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
pub fn load(root: &str, files: &dyn Files, maps: &Maps, sources: &mut SourceMap) -> (Configuration, Vec<Trouble>) {
    load_with(root, &mut Modules::new(maps), files, sources)
}

/// The same with modules that other roots may have read.
#[must_use]
pub fn load_with(
    root: &str,
    modules: &mut Modules,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> (Configuration, Vec<Trouble>) {
    let mut loader = Loader {
        files,
        sources,
        modules,
        root: root.to_owned(),
        manifest: manifest(root, files),
        configuration: Configuration { root: join(root, ""), ..Configuration::default() },
        troubles: Vec::new(),
        trail: Vec::new(),
        seen: FxHashSet::default(),
        is_full: false,
    };
    loader.module("", &join(root, ""));
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
        hcl_edit::expr::Expression::String(version) => Some(Arc::from(version.value().as_str())),
        _ => None,
    };
    let blocks = body.get_blocks("provider");
    blocks.filter_map(|block| Some((block.labels.first()?.as_str().to_owned(), version(block)?))).collect()
}

struct Loader<'a> {
    files: &'a dyn Files,
    sources: &'a mut SourceMap,
    modules: &'a mut Modules,
    root: String,
    manifest: Manifest,
    configuration: Configuration,
    troubles: Vec<Trouble>,
    /// The directories of the calls that lead to the one that is read.
    trail: Vec<String>,
    /// The directories that were met: a link to a directory above makes new paths without end.
    seen: FxHashSet<String>,
    /// There was more than is followed, and it was said.
    is_full: bool,
}

/// A call of a module, as far as loading it goes.
pub(super) struct Call {
    /// Names of calls from the root.
    pub(super) path: String,
    pub(super) source: Option<String>,
    header: Span,
}

impl Loader<'_> {
    fn module(&mut self, path: &str, directory: &str) {
        let is_copy = is_below(directory, &self.files.data_directory(&self.root));
        let origin = if is_copy { Origin::Copy } else { Origin::Here };
        let (module, troubles) = self.modules.module(directory, origin, self.files, self.sources);
        if module.first_file.is_none() && troubles.is_empty() && !path.is_empty() {
            return;
        }
        self.troubles.extend(troubles);
        let calls = calls(&module, path);
        self.configuration.modules.insert(path.to_owned(), module);
        self.trail.push(directory.to_owned());
        self.seen.insert(directory.to_owned());
        for call in calls {
            self.call(&call, directory);
        }
        self.trail.pop();
    }

    fn call(&mut self, call: &Call, directory: &str) {
        let Some(called) = self.directory_of(&call.path, directory, call.source.as_deref()) else {
            return self.trouble(call, ABSENT);
        };
        if self.trail.contains(&called) {
            return self
                .trouble(call, "this call leads back to the module that it stands in, so it is not followed; Terraform refuses it, too");
        }
        if self.trail.len() >= MAX_DEPTH {
            return self.trouble(call, "calls of modules are nested deeper than 128 levels; this one is not followed");
        }
        if self.configuration.modules.len() >= MAX_CALLS || self.seen.len() >= MAX_DIRECTORIES {
            if !std::mem::replace(&mut self.is_full, true) {
                self.trouble(call, "there are too many calls of modules to follow this one and the rest");
            }
            return;
        }
        self.module(&call.path, &called);
        if self.configuration.module(&call.path).is_none() {
            self.trouble(call, ABSENT);
        }
    }

    fn trouble(&mut self, call: &Call, message: &str) {
        self.configuration.lacks_modules = true;
        self.troubles.push(Trouble {
            kind: TroubleKind::Module,
            subject: format!("module.{}", call.path.replace('.', ".module.")),
            message: message.to_owned(),
            span: Some(call.header),
        });
    }

    // A local source says itself where it is, also when the manifest is stale.
    fn directory_of(&self, path: &str, parent: &str, source: Option<&str>) -> Option<String> {
        match source {
            Some(source) if is_local(source) => Some(join(parent, source)),
            _ => {
                let entry = self.manifest.modules.iter().find(|entry| entry.key == path)?;
                Some(self.files.resolve(&join(&self.root, &entry.directory)))
            }
        }
    }
}

pub(super) fn calls(module: &Module, path: &str) -> Vec<Call> {
    let call = |block: &Block| {
        let name = block.labels.first()?;
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        Some(Call { path, source: source(block), header: block.header })
    };
    module.blocks("module").filter_map(call).collect()
}

fn source(call: &Block) -> Option<String> {
    call.attribute("source")?.value.as_literal()?.as_str().map(str::to_owned)
}
