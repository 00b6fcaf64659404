//! Which attributes are opened: those that policies mention, by resource type.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use super::links::Links;
use crate::value::{Path, json, shared};

/// Attribute names with their paths.
type Paths = FxHashMap<Arc<str>, Path>;

/// The attribute names that somebody may ask for, by resource type: these are opened together, all others only when
/// they are asked for after all.
#[derive(Debug, Default)]
pub struct Names {
    everywhere: Paths,
    by_kind: FxHashMap<Arc<str>, Paths>,
    patterns: Vec<(Arc<str>, Paths)>,
}

/// The names of one type.
#[derive(Clone, Copy)]
pub(super) struct NamesOf<'n> {
    everywhere: &'n Paths,
    own: Option<&'n Paths>,
}

impl Names {
    /// The names that some files of policies ask for, and those that name objects.
    #[must_use]
    pub fn new<'m>(mentions: impl Iterator<Item = Mentions<'m>>, facts: &Facts) -> Self {
        // One path for each name, however many types have it.
        let mut paths: Paths = FxHashMap::default();
        let mut with_path = |name: &Arc<str>| {
            let path = paths.entry(name.clone()).or_insert_with(|| Path::attribute(name));
            (name.clone(), path.clone())
        };
        let everywhere = facts.identity_names().map(|name| with_path(&name)).collect();
        let mut names = Self { everywhere, ..Self::default() };
        let mut needs_graph = false;
        for Mentions { kinds, attributes, graph } in mentions {
            needs_graph |= graph;
            for kind in kinds {
                let attributes = attributes.iter().map(&mut with_path);
                match kind.strip_suffix('*') {
                    Some(prefix) => names.patterns.push((Arc::from(prefix), attributes.collect())),
                    None => names.by_kind.entry(kind).or_default().extend(attributes),
                }
            }
        }
        let links = needs_graph.then(|| facts.links());
        for (kind, attributes) in links.map_or_else(Vec::new, Links::sources) {
            names.by_kind.entry(kind.clone()).or_default().extend(attributes.iter().map(&mut with_path));
        }
        for kind in links.into_iter().flat_map(Links::targets) {
            names.by_kind.entry(kind.clone()).or_default();
        }
        names
    }

    /// Whether some policy speaks of a type.
    pub(super) fn speaks_of(&self, kind: &str) -> bool {
        self.by_kind.contains_key(kind) || self.patterns.iter().any(|(prefix, _)| kind.starts_with(&**prefix))
    }

    /// The names of a type. A type that only a pattern covers is opened as a whole.
    pub(super) fn of(&self, kind: &str) -> NamesOf<'_> {
        let pattern = self.patterns.iter().find(|(prefix, _)| kind.starts_with(&**prefix)).map(|(_, names)| names);
        NamesOf { everywhere: &self.everywhere, own: self.by_kind.get(kind).or(pattern) }
    }
}

/// What one file of policies speaks of: every type that is named in it may be asked for every attribute that is.
#[derive(Debug)]
pub struct Mentions<'m> {
    /// Resource types and patterns.
    pub kinds: Vec<Arc<str>>,
    /// Attributes.
    pub attributes: &'m FxHashSet<Arc<str>>,
    /// Whether the graph of references is asked for, and with it every attribute that it goes by.
    pub graph: bool,
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
    fn entry(&self, name: &str) -> Option<(&'n Arc<str>, &'n Path)> {
        self.everywhere.get_key_value(name).or_else(|| self.own?.get_key_value(name))
    }

    /// The shared path of a wanted name.
    pub(super) fn path_of(&self, name: &str) -> Option<Path> {
        self.entry(name).map(|(_, path)| path.clone())
    }

    /// The shared text of a wanted name.
    pub(super) fn shared(&self, name: &str) -> Option<&'n Arc<str>> {
        self.entry(name).map(|(name, _)| name)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }
}
