//! Which attributes are opened: those that policies mention, by resource type.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use super::matching::is_like;
use crate::value::{Path, json, shared};

/// Attribute names with their paths.
type Paths = FxHashMap<Arc<str>, Path>;

/// What policies may ask for.
#[derive(Debug, Default)]
pub struct Names {
    policies: Vec<Spoken>,
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
    /// The numbers of the policies that are read, because they are about a type that there is.
    read: BTreeSet<usize>,
}

/// What a file of policies speaks of.
#[derive(Debug)]
pub struct Mentions {
    /// Its policies.
    pub policies: Vec<Spoken>,
}

/// What a policy speaks of: its type and every type that is named in it may be asked for every attribute that is.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// The resource type or pattern that it is about.
    pub kind: Option<Arc<str>>,
    /// Names that stand in what it shares with its file.
    pub shared: Arc<FxHashSet<Arc<str>>>,
    /// What is known of it before it is read.
    pub outlook: Outlook,
    /// What is known of it then.
    pub said: Arc<dyn Said>,
}

/// What is known of a policy before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outlook {
    /// Whether it is yet to be read.
    pub is_late: bool,
    /// Whether it may ask for the graph of references, and with it for every attribute that it goes by.
    pub uses_graph: bool,
}

/// What a policy says once it is read.
pub trait Said: Debug + Send + Sync {
    /// Names that stand in it, of attributes and of types.
    fn attributes(&self) -> &FxHashSet<Arc<str>>;
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
        let policies: Vec<Spoken> = mentions.flat_map(|mentions| mentions.policies).collect();
        let needs_graph = policies.iter().any(|policy| policy.outlook.uses_graph);
        Self { policies, needs_graph, known: Mutex::default() }
    }

    /// The names for the types of a workspace: what policies ask for, what names the objects, and what the graph of
    /// references goes by. The facts are those of the run.
    pub(super) fn for_kinds<'k>(&self, kinds: impl Iterator<Item = &'k Arc<str>>, facts: &Facts) -> Wanted {
        let kinds: BTreeSet<&str> = kinds.map(|kind| &**kind).collect();
        let mut known = self.read_about(&kinds);
        let mut wanted = Wanted::default();
        facts.identities_of("").for_each(|name| known.add(&mut wanted.others, name));
        for kind in kinds {
            let (kind, of_kind) = match known.kinds.get_key_value(kind) {
                Some((kind, of_kind)) => (kind.clone(), of_kind.clone()),
                None => {
                    let (kind, of_kind) = (Arc::from(kind), Arc::new(self.of_kind(kind, facts, &mut known)));
                    known.kinds.insert(Arc::clone(&kind), of_kind.clone());
                    (kind, of_kind)
                }
            };
            wanted.kinds.insert(kind, of_kind);
        }
        wanted
    }

    // Reads the policies about some types on all threads; the lock is not held meanwhile. A policy that judges nothing here
    // is not read: nobody will ask what it asks for.
    fn read_about(&self, kinds: &BTreeSet<&str>) -> MutexGuard<'_, Known> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let unread: Vec<(usize, &Spoken)> = {
            let known = known();
            let numbered = self.policies.iter().enumerate();
            let concerned = |policy: &Spoken| !policy.outlook.is_late || policy.is_about(kinds);
            numbered.filter(|(number, policy)| !known.read.contains(number) && concerned(policy)).collect()
        };
        if unread.is_empty() {
            return known();
        }
        unread.par_iter().for_each(|(_, policy)| {
            policy.said.attributes();
        });
        let mut known = known();
        known.read.extend(unread.into_iter().map(|(number, _)| number));
        known.kinds.clear();
        known
    }

    fn of_kind(&self, kind: &str, facts: &Facts, known: &mut Known) -> OfKind {
        let links = self.needs_graph.then(|| facts.links());
        let has_links = links.is_some_and(|links| links.has(kind));
        let read = || known.read.iter().filter_map(|number| self.policies.get(*number));
        let mut policies: Vec<&Spoken> = read().filter(|policy| policy.names(kind)).collect();
        // Of a type that others name, what a pattern asks for is opened when it does: most such policies are about what
        // goes away.
        if policies.is_empty() && !has_links {
            policies.extend(read().filter(|policy| policy.covers(kind)));
        }
        let is_spoken_of = has_links || !policies.is_empty() || self.speak_of(kind);
        let mut paths = Paths::default();
        let edges = links.map_or(&[][..], |links| links.of(kind)).iter().filter_map(|link| link.attribute());
        let asked = policies.iter().flat_map(|policy| policy.attributes());
        let names = facts.identities_of(kind).chain(asked).chain(edges);
        names.for_each(|name| known.add(&mut paths, name));
        OfKind { paths, is_spoken_of }
    }

    // Whether a policy speaks of a type of which none that is read does. A pattern for all types, as the pack has one, says
    // so without reading the others.
    fn speak_of(&self, kind: &str) -> bool {
        self.policies.iter().any(|policy| policy.is_about(&BTreeSet::from([kind])))
            || self.policies.iter().any(|policy| policy.names(kind) || policy.covers(kind))
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
    // Whether it judges objects of some types.
    fn is_about(&self, kinds: &BTreeSet<&str>) -> bool {
        match self.kind.as_deref() {
            Some(pattern) if pattern.contains('*') => kinds.iter().any(|kind| is_like(pattern, kind)),
            Some(kind) => kinds.contains(kind),
            None => false,
        }
    }

    fn attributes(&self) -> impl Iterator<Item = &Arc<str>> {
        self.shared.iter().chain(self.said.attributes())
    }

    // A type may be named in any text of a policy; an attribute's name that looks like one does no harm.
    fn names(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind) || self.shared.contains(kind) || self.said.attributes().contains(kind)
    }

    fn covers(&self, kind: &str) -> bool {
        let names = self.kind.iter().chain(self.attributes());
        names.filter(|name| name.contains('*')).any(|pattern| is_like(pattern, kind))
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
