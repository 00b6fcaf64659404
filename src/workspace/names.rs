//! Which attributes are opened: those that policies mention, by resource type.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use super::matching::is_like;
use crate::value::{Path, json, shared};

/// Attribute names with their paths.
type Paths = FxHashMap<Arc<str>, Path>;

/// What files of policies may ask for.
#[derive(Debug, Default)]
pub struct Names {
    files: Vec<Spoken>,
    needs_graph: bool,
    // A repository has thousands of workspaces, and they have the same types.
    known: Mutex<Known>,
}

/// What was found out for some types.
#[derive(Debug, Default)]
struct Known {
    kinds: FxHashMap<Arc<str>, Arc<OfKind>>,
    /// One path for each name, however many types have it.
    paths: Paths,
}

/// What one file of policies speaks of: every type that is named in it may be asked for every attribute that is.
#[derive(Debug)]
pub struct Mentions {
    /// Resource types and patterns.
    pub kinds: Vec<Arc<str>>,
    /// Names that stand in it, of attributes and of types.
    pub attributes: Arc<FxHashSet<Arc<str>>>,
    /// Whether the graph of references is asked for, and with it every attribute that it goes by.
    pub graph: bool,
}

/// One file with its patterns apart.
#[derive(Debug)]
struct Spoken {
    kinds: FxHashSet<Arc<str>>,
    patterns: Vec<Arc<str>>,
    attributes: Arc<FxHashSet<Arc<str>>>,
}

/// The attribute names that somebody may ask for, by the types that there are: these are opened together, all others only
/// when they are asked for after all.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    kinds: FxHashMap<Arc<str>, Arc<OfKind>>,
    others: Paths,
}

#[derive(Debug)]
struct OfKind {
    paths: Paths,
    is_spoken_of: bool,
}

/// The names of one type.
#[derive(Clone, Copy)]
pub(super) struct NamesOf<'n>(&'n Paths);

impl Names {
    /// What some files of policies ask for.
    #[must_use]
    pub fn new(mentions: impl Iterator<Item = Mentions>) -> Self {
        let mut names = Self::default();
        for Mentions { kinds, attributes, graph } in mentions {
            names.needs_graph |= graph;
            let patterns = kinds.iter().chain(&*attributes).filter(|name| name.contains('*')).cloned().collect();
            names.files.push(Spoken { kinds: kinds.into_iter().collect(), patterns, attributes });
        }
        names
    }

    /// The names for the types of a workspace: what policies ask for, what names the objects, and what the graph of
    /// references goes by. The facts are those of the run.
    pub(super) fn for_kinds<'k>(&self, kinds: impl Iterator<Item = &'k Arc<str>>, facts: &Facts) -> Wanted {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wanted = Wanted::default();
        facts.identities_of("").for_each(|name| known.add(&mut wanted.others, name));
        for kind in kinds {
            let of_kind = match known.kinds.get(kind) {
                Some(of_kind) => of_kind.clone(),
                None => {
                    let of_kind = Arc::new(self.of_kind(kind, facts, &mut known));
                    known.kinds.insert(kind.clone(), of_kind.clone());
                    of_kind
                }
            };
            wanted.kinds.insert(kind.clone(), of_kind);
        }
        wanted
    }

    fn of_kind(&self, kind: &str, facts: &Facts, known: &mut Known) -> OfKind {
        let links = self.needs_graph.then(|| facts.links());
        let has_links = links.is_some_and(|links| links.has(kind));
        let mut files: Vec<&Spoken> = self.files.iter().filter(|file| file.names(kind)).collect();
        // Of a type that others name, what a pattern asks for is opened when it does: most such policies are about what
        // goes away.
        if files.is_empty() && !has_links {
            files.extend(self.files.iter().filter(|file| file.covers(kind)));
        }
        let mut paths = Paths::default();
        let edges = links.map_or(&[][..], |links| links.of(kind)).iter().filter_map(|link| link.attribute());
        let names = facts.identities_of(kind).chain(files.iter().flat_map(|file| &*file.attributes)).chain(edges);
        names.for_each(|name| known.add(&mut paths, name));
        OfKind { paths, is_spoken_of: !files.is_empty() || has_links }
    }
}

impl Known {
    fn add(&mut self, paths: &mut Paths, name: &Arc<str>) {
        if !paths.contains_key(name) {
            let path = self.paths.entry(name.clone()).or_insert_with(|| Path::attribute(name)).clone();
            let name = self.paths.get_key_value(name).map_or_else(|| name.clone(), |(name, _)| name.clone());
            paths.insert(name, path);
        }
    }
}

impl Spoken {
    // A type may be named in any text of the file; an attribute's name that looks like one does no harm.
    fn names(&self, kind: &str) -> bool {
        self.kinds.contains(kind) || self.attributes.contains(kind)
    }

    fn covers(&self, kind: &str) -> bool {
        self.patterns.iter().any(|pattern| is_like(pattern, kind))
    }
}

impl Wanted {
    /// Whether some policy speaks of a type.
    pub(super) fn speaks_of(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_some_and(|of_kind| of_kind.is_spoken_of)
    }

    /// The names of a type.
    pub(super) fn of(&self, kind: &str) -> NamesOf<'_> {
        NamesOf(self.kinds.get(kind).map_or(&self.others, |of_kind| &of_kind.paths))
    }
}

impl json::Wanted for NamesOf<'_> {
    fn wanted(&self, name: &str) -> Option<Arc<str>> {
        self.entry(name).map(|(name, _)| name.clone())
    }

    fn path(&self, name: &Arc<str>) -> Path {
        self.entry(name).map_or_else(|| Path::attribute(name), |(_, path)| path.clone())
    }

    // What policies ask for inside of blocks, they mention as they do attributes.
    fn nested(&self, name: &str) -> Arc<str> {
        self.wanted(name).unwrap_or_else(|| shared::text(name))
    }
}

impl<'n> NamesOf<'n> {
    fn entry(self, name: &str) -> Option<(&'n Arc<str>, &'n Path)> {
        self.0.get_key_value(name)
    }

    /// The shared path of a wanted name.
    pub(super) fn path_of(self, name: &str) -> Option<Path> {
        self.entry(name).map(|(_, path)| path.clone())
    }

    /// The shared text of a wanted name.
    pub(super) fn shared(self, name: &str) -> Option<&'n Arc<str>> {
        self.entry(name).map(|(name, _)| name)
    }

    pub(super) fn contains(self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
