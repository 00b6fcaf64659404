//! The modules of directories: each directory is read once, however many calls and roots lead to it.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::load::{Files, Trouble, TroubleKind};
use super::names::{Form, form, join, role, source_files};
use super::syntax::add;
use super::values::{automatic, is_automatic};
use super::{Block, Maps, Module, json, syntax, variables};
use crate::source::hcl::SyntaxError;
use crate::source::{FileId, SourceMap, Span, hcl};

/// What was read so far, by directory.
#[derive(Debug, Default)]
pub struct Modules {
    read: FxHashMap<String, Read>,
    maps: Maps,
}

/// A directory as a module. What is wrong with its files is said once.
#[derive(Debug)]
struct Read {
    module: Arc<Module>,
    troubles: Vec<Trouble>,
}

/// Where a directory comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Somebody wrote it there.
    Here,
    /// `terraform init` has put it there.
    Copy,
}

/// The files of a directory in the order in which they count.
struct Directory {
    path: String,
    shown: String,
    is_ours: bool,
    files: Vec<File>,
    values: Vec<File>,
}

struct File {
    name: String,
    shown: String,
    text: Result<Arc<str>, String>,
}

/// A file that is known to the map of sources.
struct Source<'f> {
    name: &'f str,
    shown: &'f str,
    text: Arc<str>,
    file: FileId,
}

impl Modules {
    /// Nothing so far; `maps` says which arguments of the JSON syntax are no blocks.
    #[must_use]
    pub fn new(maps: &Maps) -> Self {
        Self { read: FxHashMap::default(), maps: maps.clone() }
    }

    /// Reads directories that were not read before, in parallel.
    pub fn read(&mut self, directories: &[String], files: &dyn Files, sources: &mut SourceMap) {
        self.read_from(directories, Origin::Here, files, sources);
    }

    fn read_from(&mut self, directories: &[String], origin: Origin, files: &dyn Files, sources: &mut SourceMap) {
        let mut new: Vec<&String> = directories.iter().filter(|path| !self.read.contains_key(*path)).collect();
        new.sort_unstable();
        new.dedup();
        let texts: Vec<Directory> = new.par_iter().map(|path| texts(path, origin, files)).collect();
        // Numbers of files are given in one order, whatever thread was first.
        let numbered: Vec<(&Directory, Vec<Source<'_>>)> =
            texts.iter().map(|directory| (directory, directory.numbered(sources))).collect();
        let maps = &self.maps;
        let read: Vec<Read> = numbered.par_iter().map(|(directory, files)| directory.module(files, maps)).collect();
        let paths = texts.into_iter().map(|directory| directory.path);
        self.read.extend(paths.zip(read));
    }

    /// The module of a directory, and what is wrong with its files if it was not said before.
    pub(super) fn module(
        &mut self,
        directory: &str,
        origin: Origin,
        files: &dyn Files,
        sources: &mut SourceMap,
    ) -> (Arc<Module>, Vec<Trouble>) {
        if !self.read.contains_key(directory) {
            self.read_from(&[directory.to_owned()], origin, files, sources);
        }
        match self.read.get_mut(directory) {
            Some(read) => (read.module.clone(), std::mem::take(&mut read.troubles)),
            None => (Arc::default(), Vec::new()),
        }
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read.is_empty()
    }

    /// Lets a directory go that nobody calls any more.
    pub fn forget(&mut self, directory: &str) {
        self.read.remove(directory);
    }
}

fn texts(path: &str, origin: Origin, files: &dyn Files) -> Directory {
    let listed = files.list(path);
    let values = automatic(listed.clone());
    let read = |name: String| {
        let file = join(path, &name);
        File { name, shown: files.shown(&file), text: files.source(&file) }
    };
    Directory {
        path: path.to_owned(),
        shown: files.shown(path),
        is_ours: origin == Origin::Here && files.is_ours(path),
        files: source_files(listed).into_iter().map(read).collect(),
        values: values.into_iter().map(read).collect(),
    }
}

impl Directory {
    fn numbered(&self, sources: &mut SourceMap) -> Vec<Source<'_>> {
        let numbered = self.files.iter().chain(&self.values).filter_map(|File { name, shown, text }| {
            let text = text.as_ref().ok()?.clone();
            let file = sources.add(shown.clone(), text.clone());
            Some(Source { name, shown, text, file })
        });
        numbered.collect()
    }

    fn module(&self, sources: &[Source<'_>], maps: &Maps) -> Read {
        let unreadable = self.files.iter().filter_map(|file| {
            let message = file.text.as_ref().err()?.clone();
            Some(Trouble { kind: TroubleKind::File, subject: file.shown.clone(), message, span: None })
        });
        let mut troubles: Vec<Trouble> = unreadable.collect();
        let mut module = Module {
            directory: self.shown.clone(),
            path: self.path.clone(),
            is_ours: self.is_ours,
            first_file: sources.first().filter(|source| !is_automatic(source.name)).map(|source| Span {
                file: source.file,
                start: 0,
                end: 0,
            }),
            files: sources.iter().map(|source| source.file).collect(),
            ..Module::default()
        };
        module.usage.is_partial = !troubles.is_empty();
        let (values, sources): (Vec<&Source<'_>>, Vec<&Source<'_>>) =
            sources.iter().partition(|source| is_automatic(source.name));
        // Whoever evaluates reads the values on their own; here they are declarations. One that is no HCL declares nothing.
        for source in values {
            if let Ok(body) = hcl::parse(&source.text) {
                module.usage.read_values(source.file, &source.text, &body);
            }
        }
        for source in sources {
            match source.blocks(&mut module, maps) {
                Ok(blocks) => add(&mut module, blocks, role(source.name)),
                Err(error) => {
                    module.usage.is_partial = true;
                    troubles.push(source.trouble(error));
                }
            }
        }
        module.is_broken = !troubles.is_empty();
        Read { module: Arc::new(module), troubles }
    }
}

impl Source<'_> {
    fn blocks(&self, module: &mut Module, maps: &Maps) -> Result<Vec<Block>, SyntaxError> {
        match form(self.name) {
            Form::Json => {
                let (blocks, types) = json::blocks(self.file, &self.text, maps, &mut module.references)?;
                module.types.extend(types);
                // What the JSON syntax mentions is not gathered.
                module.usage.is_partial = true;
                module.usage.read_json(&self.text, &blocks);
                Ok(blocks)
            }
            Form::Native => {
                let body = hcl::parse(&self.text)?;
                module.types.extend(variables::types(self.file, &self.text, &body));
                module.usage.read(self.file, &self.text, &body);
                Ok(syntax::blocks(self.file, &self.text, &body, &mut module.references))
            }
        }
    }

    fn trouble(&self, error: SyntaxError) -> Trouble {
        let place = match error.redefined {
            Some((again, _)) => again,
            None => error.offset..error.offset,
        };
        Trouble {
            kind: TroubleKind::File,
            subject: self.shown.to_owned(),
            message: error.message,
            span: Some(hcl::span_of(self.file, Some(place))),
        }
    }
}
