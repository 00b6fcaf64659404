//! Which attributes are opened: those that policies mention, by resource type.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use crate::value::json;

/// The attribute names that somebody may ask for, by resource type: these are opened together, all others only when
/// they are asked for after all.
#[derive(Debug, Default)]
pub struct Names {
    everywhere: FxHashSet<Arc<str>>,
    by_kind: FxHashMap<Arc<str>, FxHashSet<Arc<str>>>,
    patterns: Vec<(Arc<str>, FxHashSet<Arc<str>>)>,
}

/// The names of one type.
#[derive(Clone, Copy)]
pub(super) struct NamesOf<'n> {
    everywhere: &'n FxHashSet<Arc<str>>,
    own: Option<&'n FxHashSet<Arc<str>>>,
}

impl Names {
    /// The names that some files of policies ask for, and those that name objects.
    #[must_use]
    pub fn new<'m>(mentions: impl Iterator<Item = Mentions<'m>>, facts: &Facts) -> Self {
        let mut names = Self { everywhere: facts.identity_names().collect(), ..Self::default() };
        for Mentions { kinds, attributes } in mentions {
            for kind in kinds {
                match kind.strip_suffix('*') {
                    Some(prefix) => names.patterns.push((Arc::from(prefix), attributes.clone())),
                    None => names.by_kind.entry(kind).or_default().extend(attributes.iter().cloned()),
                }
            }
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
}

impl json::Wanted for NamesOf<'_> {
    fn wanted(&self, name: &str) -> Option<Arc<str>> {
        self.everywhere.get(name).or_else(|| self.own?.get(name)).cloned()
    }
}

impl NamesOf<'_> {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.everywhere.contains(name) || self.own.is_some_and(|own| own.contains(name))
    }
}
