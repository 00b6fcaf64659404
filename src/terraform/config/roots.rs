//! Which directories are root modules, and reading them one batch after the other.
//!
//! A directory with Terraform files is a root if no other directory here calls it as a module, or if it says where its
//! state is kept (`backend`, `cloud`) or has a `tfaction.yaml`. Files are only skimmed for that. [`Found::queue`] then
//! parses them, each once, and lets a module go behind the last root that calls it, so that a repository of any size takes
//! little memory. Walking directories is not done here; [`find`] gets lists of names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::load::{self, Files, Trouble};
use super::names::{Form, form, is_below, is_local, join, source_files};
use super::{Configuration, Modules, json};
use crate::source::SourceMap;
use crate::source::hcl::{self, Outline};

/// Bytes of source whose modules are held at a time, as far as roots do not share them.
const BATCH: usize = 1 << 20;

/// Roots that are held at a time.
const MAX_ROOTS: usize = 64;

/// The mark of a root module of tfaction.
const TARGET_FILE: &str = "tfaction.yaml";

/// A directory and the names of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The path, as it is opened.
    pub directory: String,
    /// Names of files, in no order.
    pub names: Vec<String>,
}

/// Which directories are judged on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// Roots.
    Roots,
    /// Also what others call.
    Modules,
}

/// The root modules of some directories.
#[derive(Debug)]
pub struct Found {
    roots: Vec<Root>,
    directories: BTreeMap<String, Skimmed>,
}

/// A root module that is to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its directory.
    pub directory: String,
    /// Whether another directory calls it as a module.
    pub is_called: bool,
}

/// What was seen of a directory without parsing.
#[derive(Debug, Default)]
struct Skimmed {
    texts: Vec<(String, Result<Arc<str>, String>)>,
    /// Directories that it calls.
    calls: BTreeSet<String>,
    bytes: usize,
    is_root: bool,
}

/// Finds the roots among directories; those without module files are passed over.
#[must_use]
pub fn find(listings: Vec<Listing>, select: Select, files: &dyn Files) -> Found {
    let mut skimmed: Vec<(String, Skimmed)> = listings.into_par_iter().filter_map(|list| skim(list, files)).collect();
    skimmed.sort_by(|left, right| left.0.cmp(&right.0));
    let directories: BTreeMap<String, Skimmed> = skimmed.into_iter().collect();
    let called: BTreeSet<&String> = directories
        .iter()
        .flat_map(|(path, skimmed)| skimmed.calls.iter().filter(move |called| *called != path))
        .collect();
    let roots = directories.iter().filter_map(|(path, skimmed)| {
        let root = Root { directory: path.clone(), is_called: called.contains(path) };
        (!root.is_called || skimmed.is_root || select == Select::Modules).then_some(root)
    });
    let mut roots: Vec<Root> = roots.collect();
    roots.extend(uncalled(&directories, &roots));
    roots.sort_by(|left, right| left.directory.cmp(&right.directory));
    Found { roots, directories }
}

// Directories that only call each other are reached from no root; the first of them stands for all, so that the circle is
// said.
fn uncalled(directories: &BTreeMap<String, Skimmed>, roots: &[Root]) -> Vec<Root> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for root in roots {
        reach(directories, &root.directory, &mut seen);
    }
    let mut more = Vec::new();
    for path in directories.keys() {
        if !seen.contains(path.as_str()) {
            more.push(Root { directory: path.clone(), is_called: true });
            reach(directories, path, &mut seen);
        }
    }
    more
}

// What a directory leads to, itself with it.
fn reach<'d>(directories: &'d BTreeMap<String, Skimmed>, start: &str, seen: &mut BTreeSet<&'d str>) {
    let mut open = vec![start];
    while let Some(path) = open.pop() {
        if let Some((path, skimmed)) = directories.get_key_value(path)
            && seen.insert(path)
        {
            open.extend(skimmed.calls.iter().map(String::as_str));
        }
    }
}

fn skim(listing: Listing, files: &dyn Files) -> Option<(String, Skimmed)> {
    let path = join(&listing.directory, "");
    let mut skimmed = Skimmed { is_root: listing.names.iter().any(|name| name == TARGET_FILE), ..Skimmed::default() };
    let names = source_files(listing.names);
    if names.is_empty() {
        return None;
    }
    for name in names {
        let file = join(&path, &name);
        let text = files.source(&file);
        if let Ok(text) = &text {
            let Outline { sources, is_root } = match form(&name) {
                Form::Native => hcl::outline(text),
                Form::Json => json::outline(text),
            };
            skimmed.calls.extend(sources.iter().filter(|source| is_local(source)).map(|source| join(&path, source)));
            skimmed.is_root |= is_root;
            skimmed.bytes += text.len();
        }
        skimmed.texts.push((file, text));
    }
    Some((path, skimmed))
}

impl Found {
    /// The roots, by path.
    #[must_use]
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// Whether a directory or one below it has module files.
    #[must_use]
    pub fn has_below(&self, directory: &str) -> bool {
        let directory = join(directory, "");
        let is_below = |path: &String| directory == "." || *path == directory || is_below(path, &directory);
        self.directories.keys().any(is_below)
    }

    /// Leaves roots out; what the others call stays.
    pub fn retain(&mut self, mut keep: impl FnMut(&Root) -> bool) {
        self.roots.retain(|root| keep(root));
    }

    /// Reads the roots in their order.
    #[must_use]
    pub fn queue(self, files: &dyn Files) -> Queue<'_> {
        let Self { roots, mut directories } = self;
        let reached: Vec<(Root, Vec<String>)> = roots
            .into_iter()
            .map(|root| {
                let mut seen = BTreeSet::new();
                reach(&directories, &root.directory, &mut seen);
                let seen = seen.into_iter().map(str::to_owned).collect();
                (root, seen)
            })
            .collect();
        let mut uses: FxHashMap<String, usize> = FxHashMap::default();
        for directory in reached.iter().flat_map(|(_, directories)| directories) {
            *uses.entry(directory.clone()).or_default() += 1;
        }
        let bytes = directories.iter().map(|(path, skimmed)| (path.clone(), skimmed.bytes)).collect();
        let mut texts = FxHashMap::default();
        let mut names = FxHashMap::default();
        for (path, skimmed) in std::mem::take(&mut directories) {
            let listed = skimmed.texts.iter().filter_map(|(file, _)| file.rsplit('/').next());
            names.insert(path, listed.map(str::to_owned).collect());
            texts.extend(skimmed.texts);
        }
        let files = Held { files, texts, names };
        Queue { files, roots: reached.into(), uses, bytes, modules: Modules::default() }
    }
}

/// Roots that are still to be read.
pub struct Queue<'f> {
    files: Held<'f>,
    /// Each with the directories that it leads to.
    roots: VecDeque<(Root, Vec<String>)>,
    /// How many roots still lead to a directory.
    uses: FxHashMap<String, usize>,
    bytes: FxHashMap<String, usize>,
    modules: Modules,
}

/// A root with all that it calls.
#[derive(Debug)]
pub struct Loaded {
    /// The root.
    pub root: Root,
    /// Its configuration.
    pub configuration: Configuration,
    /// What could not be taken in. What is wrong with a file is said with the first root that reads it.
    pub troubles: Vec<Trouble>,
}

impl Queue<'_> {
    /// The next roots: about a megabyte of source, or one root. None are left if it is empty.
    pub fn next_batch(&mut self, sources: &mut SourceMap) -> Vec<Loaded> {
        let batch = self.take();
        let directories: Vec<String> = batch.iter().flat_map(|(_, directories)| directories.iter().cloned()).collect();
        self.modules.read(&directories, &self.files, sources);
        let mut loaded = Vec::with_capacity(batch.len());
        for (root, directories) in batch {
            let (configuration, troubles) = load::load_with(&root.directory, &mut self.modules, &self.files, sources);
            loaded.push(Loaded { root, configuration, troubles });
            for directory in directories {
                self.release(&directory);
            }
        }
        loaded
    }

    fn take(&mut self) -> Vec<(Root, Vec<String>)> {
        let mut batch = Vec::new();
        let mut size = 0;
        while let Some((root, directories)) = self.roots.pop_front() {
            // What an earlier root has read is there already.
            size += directories.iter().filter_map(|path| self.bytes.remove(path)).sum::<usize>();
            batch.push((root, directories));
            if size >= BATCH || batch.len() >= MAX_ROOTS {
                break;
            }
        }
        batch
    }

    fn release(&mut self, directory: &str) {
        if let Some(uses) = self.uses.get_mut(directory) {
            *uses = uses.saturating_sub(1);
            if *uses == 0 {
                self.modules.forget(directory);
            }
        }
    }
}

/// Files whose texts were read before.
struct Held<'f> {
    files: &'f dyn Files,
    texts: FxHashMap<String, Result<Arc<str>, String>>,
    names: FxHashMap<String, Vec<String>>,
}

impl Files for Held<'_> {
    fn list(&self, directory: &str) -> Vec<String> {
        self.names.get(directory).cloned().unwrap_or_else(|| self.files.list(directory))
    }

    fn read(&self, path: &str) -> Result<String, String> {
        self.files.read(path)
    }

    fn source(&self, path: &str) -> Result<Arc<str>, String> {
        self.texts.get(path).cloned().unwrap_or_else(|| self.files.source(path))
    }

    fn shown(&self, path: &str) -> String {
        self.files.shown(path)
    }

    fn is_ours(&self, directory: &str) -> bool {
        self.files.is_ours(directory)
    }

    fn resolve(&self, directory: &str) -> String {
        self.files.resolve(directory)
    }

    fn data_directory(&self, root: &str) -> String {
        self.files.data_directory(root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files in memory.
    #[derive(Default)]
    struct Memory(BTreeMap<String, String>);

    impl Memory {
        fn new(files: &[(&str, &str)]) -> Self {
            Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
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
            let lists = self.listings().into_iter();
            lists.filter(|list| list.directory == directory).flat_map(|list| list.names).collect()
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

    fn roots(files: &Memory, select: Select) -> Vec<String> {
        let found = find(files.listings(), select, files);
        found.roots().iter().map(|root| root.directory.clone()).collect()
    }

    fn call(name: &str, source: &str) -> String {
        format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n")
    }

    #[test]
    fn what_is_called_is_no_root_unless_it_keeps_a_state() {
        let prod = call("a", "../../modules/a") + &call("net", "registry/net/aws");
        let files = Memory::new(&[
            ("envs/prod/main.tf", &prod),
            ("modules/a/main.tf", &call("b", "../b")),
            ("modules/b/main.tf", "locals {}\n"),
            ("modules/c/main.tf.json", r#"{"module": {"d": {"source": "./d"}}}"#),
            ("modules/c/d/main.tf", "terraform {\n  backend \"s3\" {}\n}\n"),
            ("modules/e/main.tf", &call("f", "../f")),
            ("modules/f/main.tofu", ""),
            ("modules/f/tfaction.yaml", ""),
            ("docs/x.md", ""),
        ]);
        let expected = ["envs/prod", "modules/c", "modules/c/d", "modules/e", "modules/f"];
        assert_eq!(roots(&files, Select::Roots), expected);
        assert_eq!(roots(&files, Select::Modules).len(), 7);
    }

    #[test]
    fn of_a_circle_one_is_judged_and_the_circle_is_said() {
        let files = Memory::new(&[
            ("a/main.tf", &call("b", "../b")),
            ("b/main.tf", &(call("a", "../a") + &call("a2", "../a"))),
            ("c/main.tf", &call("c", "../c")),
        ]);
        assert_eq!(roots(&files, Select::Roots), ["a", "c"]);
        let mut sources = SourceMap::default();
        let loaded = find(files.listings(), Select::Roots, &files).queue(&files).next_batch(&mut sources);
        let troubles = loaded.iter().flat_map(|loaded| &loaded.troubles);
        let subjects: Vec<&str> = troubles.map(|trouble| &*trouble.subject).collect();
        assert_eq!(subjects, ["module.b.module.a", "module.b.module.a2", "module.c"]);
    }

    #[test]
    fn a_module_of_many_calls_is_read_once() {
        let calls: String = (0..100).map(|number| call(&format!("m{number}"), "../m")).collect();
        let files =
            Memory::new(&[("r/main.tf", &calls), ("s/main.tf", &calls), ("m/main.tf", "x = [\n"), ("m/a.tf", "")]);
        let mut sources = SourceMap::default();
        let mut queue = find(files.listings(), Select::Roots, &files).queue(&files);
        let loaded = queue.next_batch(&mut sources);
        assert!(queue.next_batch(&mut sources).is_empty());
        assert_eq!(loaded.iter().map(|loaded| loaded.troubles.len()).collect::<Vec<_>>(), [1, 0], "said once");
        for loaded in &loaded {
            assert!(loaded.configuration.module("m0").is_some() && loaded.configuration.module("m99").is_some());
        }
        assert_eq!(sources.len(), 4);
    }

    #[test]
    fn large_repositories_come_in_batches() {
        let filler = "#".repeat(BATCH / 2) + "\n" + &call("m", "../m");
        let files = Memory::new(&[
            ("a/main.tf", &filler),
            ("b/main.tf", &filler),
            ("c/main.tf", &filler),
            ("m/main.tf", "locals {}\n"),
        ]);
        let mut sources = SourceMap::default();
        let mut queue = find(files.listings(), Select::Roots, &files).queue(&files);
        let mut batches = Vec::new();
        loop {
            let batch = queue.next_batch(&mut sources);
            if batch.is_empty() {
                break;
            }
            assert!(batch.iter().all(|loaded| loaded.configuration.module("m").is_some()));
            batches.push(batch.len());
        }
        assert_eq!(batches, [2, 1]);
        assert!(queue.modules.is_empty(), "nothing is held behind the last root");
    }
}
