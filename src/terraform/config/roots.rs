//! Which directories are root modules, and reading them one batch after the other.
//!
//! A directory with Terraform files is a root if no other directory here calls it as a module, or if it says where its
//! state is kept (`backend`, `cloud`) or has a `tfaction.yaml`. Files are only skimmed for that. [`Found::queue`] then
//! parses them, each once, and lets a module go behind the last root that calls it, so that a repository of any size takes
//! little memory. Walking directories is not done here; [`find`] gets lists of names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::json;
use super::load::Files;
use super::names::{Form, form, is_below, is_local, join, source_files};
use crate::source::hcl::{self, Outline};
pub use queue::{Loaded, Queue};

mod queue;

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
    directories: BTreeMap<String, Skimmed>,
    select: Select,
    /// Directories that are never judged.
    excluded: BTreeSet<String>,
    /// What is judged, by path.
    roots: Vec<String>,
}

/// What was seen of a directory without parsing.
#[derive(Debug, Default)]
struct Skimmed {
    /// The names of all its files.
    names: Vec<String>,
    /// Paths and texts of its module files.
    texts: Vec<(String, Result<Arc<str>, String>)>,
    /// Directories that it calls.
    calls: BTreeSet<String>,
    bytes: usize,
    is_root: bool,
}

/// Finds the roots among directories; those without module files are passed over.
#[must_use]
pub fn find(listings: Vec<Listing>, select: Select, files: &dyn Files) -> Found {
    let directories = listings.into_par_iter().filter_map(|list| skim(list, files));
    let directories = directories.collect::<Vec<_>>().into_iter().collect();
    let mut found = Found { directories, select, excluded: BTreeSet::new(), roots: Vec::new() };
    found.roots = found.choose();
    found
}

fn skim(listing: Listing, files: &dyn Files) -> Option<(String, Skimmed)> {
    let path = join(&listing.directory, "");
    let mut skimmed = Skimmed { is_root: listing.names.iter().any(|name| name == TARGET_FILE), ..Skimmed::default() };
    let sources = source_files(listing.names.clone());
    if sources.is_empty() {
        return None;
    }
    skimmed.names = listing.names;
    for name in sources {
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
    pub fn roots(&self) -> &[String] {
        &self.roots
    }

    /// The directories that have module files, by path.
    pub fn directories(&self) -> impl Iterator<Item = &str> {
        self.directories.keys().map(String::as_str)
    }

    /// Whether a directory or one below it has module files.
    #[must_use]
    pub fn has_below(&self, directory: &str) -> bool {
        let directory = join(directory, "");
        let is_below = |path: &String| directory == "." || *path == directory || is_below(path, &directory);
        self.directories.keys().any(is_below)
    }

    /// Takes directories out of the search: they are no roots, and a module that only they call is judged by itself. What
    /// roots call is read wherever it lies. Gives the roots that are none any more.
    pub fn exclude(&mut self, mut is_excluded: impl FnMut(&str) -> bool) -> Vec<String> {
        self.excluded = self.directories.keys().filter(|path| is_excluded(path)).cloned().collect();
        let before = std::mem::take(&mut self.roots);
        self.roots = self.choose();
        before.into_iter().filter(|root| self.excluded.contains(root)).collect()
    }

    /// Leaves the roots that lead to one of some directories.
    pub fn retain_leading_to(&mut self, mut is_wanted: impl FnMut(&str) -> bool) {
        let wanted: BTreeSet<&str> =
            self.directories.keys().map(String::as_str).filter(|path| is_wanted(path)).collect();
        let leads = |root: &String| self.reached(root).iter().any(|path| wanted.contains(path));
        self.roots = self.roots.iter().filter(|root| leads(root)).cloned().collect();
    }

    /// Takes in what was found elsewhere, or among fewer directories.
    pub fn take_in(&mut self, other: Self) {
        self.directories.extend(other.directories);
        self.excluded.extend(other.excluded);
        self.roots.extend(other.roots);
        self.roots.sort_unstable();
        self.roots.dedup();
    }

    // Directories that only call each other are reached from no root; the first of them stands for all, so that the
    // circle is said.
    fn choose(&self) -> Vec<String> {
        let judged = || self.directories.iter().filter(|(path, _)| !self.excluded.contains(*path));
        let calls = judged().flat_map(|(path, skimmed)| skimmed.calls.iter().filter(move |called| *called != path));
        let called: BTreeSet<&String> = calls.collect();
        let is_root = |path: &String, skimmed: &Skimmed| {
            !called.contains(path) || skimmed.is_root || self.select == Select::Modules
        };
        let mut roots: Vec<String> =
            judged().filter(|(path, skimmed)| is_root(path, skimmed)).map(|(path, _)| path.clone()).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for root in &roots {
            self.reach(root, &mut seen);
        }
        let mut more = Vec::new();
        for (path, _) in judged() {
            if !seen.contains(path.as_str()) {
                more.push(path.clone());
                self.reach(path, &mut seen);
            }
        }
        roots.extend(more);
        roots.sort_unstable();
        roots
    }

    // What a directory leads to, itself with it.
    fn reached(&self, start: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        self.reach(start, &mut seen);
        seen
    }

    fn reach<'d>(&'d self, start: &str, seen: &mut BTreeSet<&'d str>) {
        let mut open = vec![start];
        while let Some(path) = open.pop() {
            if let Some((path, skimmed)) = self.directories.get_key_value(path)
                && seen.insert(path)
            {
                open.extend(skimmed.calls.iter().map(String::as_str));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::terraform::config::Maps;

    /// Files in memory.
    #[derive(Default)]
    pub(super) struct Memory(BTreeMap<String, String>);

    impl Memory {
        pub(super) fn new(files: &[(&str, &str)]) -> Self {
            Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
        }

        pub(super) fn listings(&self) -> Vec<Listing> {
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
        find(files.listings(), select, files).roots().to_vec()
    }

    pub(super) fn call(name: &str, source: &str) -> String {
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
        let loaded =
            find(files.listings(), Select::Roots, &files).queue(&files, &Maps::default()).next_batch(&mut sources);
        let troubles = loaded.iter().flat_map(|loaded| &loaded.troubles);
        let subjects: Vec<&str> = troubles.map(|trouble| &*trouble.subject).collect();
        assert_eq!(subjects, ["module.b.module.a", "module.b.module.a2", "module.c"]);
    }

    #[test]
    fn excluded_directories_are_no_roots_and_call_nothing() {
        let files = Memory::new(&[
            ("main.tf", ""),
            ("examples/simple/main.tf", &call("it", "../..")),
            ("envs/prod/main.tf", &call("m", "../../old/m")),
            ("old/m/main.tf", ""),
            ("old/n/main.tf", ""),
        ]);
        let mut found = find(files.listings(), Select::Roots, &files);
        assert_eq!(found.roots(), ["envs/prod", "examples/simple", "old/n"]);
        let excluded = found.exclude(|path| path.starts_with("examples") || path.starts_with("old"));
        assert_eq!(excluded, ["examples/simple", "old/n"]);
        assert_eq!(found.roots(), [".", "envs/prod"]);
        let loaded = found.queue(&files, &Maps::default()).next_batch(&mut SourceMap::default());
        let configuration = &loaded.iter().find(|loaded| loaded.root == "envs/prod").unwrap().configuration;
        assert!(configuration.module("m").is_some(), "what is called is read wherever it lies");
    }

    #[test]
    fn a_directory_is_reached_from_the_roots_that_lead_to_it() {
        let files = Memory::new(&[
            ("a/main.tf", &call("m", "../m")),
            ("b/main.tf", &call("n", "../n")),
            ("m/main.tf", &call("n", "../n")),
            ("n/main.tf", ""),
            ("o/main.tf", ""),
        ]);
        for (wanted, expected) in [("n", &["a", "b"][..]), ("m", &["a"]), ("a", &["a"]), ("o", &["o"]), ("x", &[])] {
            let mut found = find(files.listings(), Select::Roots, &files);
            found.retain_leading_to(|path| path == wanted);
            assert_eq!(found.roots(), expected, "{wanted}");
        }
    }
}
