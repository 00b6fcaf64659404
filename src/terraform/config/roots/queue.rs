//! Reading the roots: each file is parsed once, and a module is let go behind the last root that calls it.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Found;
use crate::source::SourceMap;
use crate::terraform::config::load::{self, Files, Trouble};
use crate::terraform::config::{Configuration, Maps, Modules};

/// Bytes of source whose modules are held at a time, as far as roots do not share them.
const BATCH: usize = 1 << 20;

/// Roots that are held at a time.
const MAX_ROOTS: usize = 64;

impl Found {
    /// Reads the roots in their order.
    #[must_use]
    pub fn queue<'f>(mut self, files: &'f dyn Files, maps: &Maps) -> Queue<'f> {
        let reached: VecDeque<(String, Vec<String>)> = self
            .roots
            .iter()
            .map(|root| (root.clone(), self.reached(root).into_iter().map(str::to_owned).collect()))
            .collect();
        let mut uses: FxHashMap<String, usize> = FxHashMap::default();
        for directory in reached.iter().flat_map(|(_, directories)| directories) {
            *uses.entry(directory.clone()).or_default() += 1;
        }
        // What no root leads to is not kept.
        self.directories.retain(|path, _| uses.contains_key(path));
        let bytes = self.directories.iter().map(|(path, skimmed)| (path.clone(), skimmed.bytes)).collect();
        let (mut texts, mut names) = (FxHashMap::default(), FxHashMap::default());
        for (path, skimmed) in self.directories {
            names.insert(path, skimmed.names);
            texts.extend(skimmed.texts);
        }
        let files = Held { files, texts, names };
        Queue { files, roots: reached, uses, bytes, modules: Modules::new(maps) }
    }
}

/// Roots that are still to be read.
pub struct Queue<'f> {
    files: Held<'f>,
    /// Each with the directories that it leads to.
    roots: VecDeque<(String, Vec<String>)>,
    /// How many roots still lead to a directory.
    uses: FxHashMap<String, usize>,
    bytes: FxHashMap<String, usize>,
    modules: Modules,
}

/// A root with all that it calls.
#[derive(Debug)]
pub struct Loaded {
    /// Its directory.
    pub root: String,
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
            let (configuration, troubles) = load::load_with(&root, &mut self.modules, &self.files, sources);
            loaded.push(Loaded { root, configuration, troubles });
            for directory in directories {
                self.release(&directory);
            }
        }
        loaded
    }

    fn take(&mut self) -> Vec<(String, Vec<String>)> {
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

    fn below(&self, directory: &str) -> Result<Vec<String>, String> {
        self.files.below(directory)
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
    use crate::terraform::config::roots::tests::{Memory, call};
    use crate::terraform::config::roots::{Select, find};

    #[test]
    fn a_module_of_many_calls_is_read_once() {
        let calls: String = (0..100).map(|number| call(&format!("m{number}"), "../m")).collect();
        let files =
            Memory::new(&[("r/main.tf", &calls), ("s/main.tf", &calls), ("m/main.tf", "x = [\n"), ("m/a.tf", "")]);
        let mut sources = SourceMap::default();
        let mut queue = find(files.listings(), Select::Roots, &files).queue(&files, &Maps::default());
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
        let mut queue = find(files.listings(), Select::Roots, &files).queue(&files, &Maps::default());
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
