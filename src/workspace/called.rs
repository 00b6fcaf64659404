//! Which objects a text names: today, or after apply. Start at [`Workspace::named`].
//!
//! A plan of a hundred thousand objects has three hundred thousand names, and all of them stand in the objects already. So
//! the table has none of them: it knows the objects by the hash of a name, and asks them.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::{Resource, Workspace};
use crate::value::{Handle, Side, Value};

/// The objects by the hashes of their names.
#[derive(Debug)]
pub(super) struct Called {
    /// Hashes and objects, in order.
    entries: Box<[(u32, u32)]>,
    /// For each start of a hash, where the entries begin that have it; one more at the end.
    starts: Box<[u32]>,
    /// How far a hash is shifted to get its start.
    shift: u32,
}

/// Entries with the same start of their hashes, on average.
const TOGETHER: usize = 2;

impl Called {
    fn new(mut entries: Vec<(u32, u32)>) -> Self {
        entries.sort_unstable();
        entries.shrink_to_fit();
        let bits = (entries.len() / TOGETHER).max(2).next_power_of_two().ilog2();
        let shift = u32::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for (hash, _) in &entries {
            if let Some(count) = starts.get_mut((hash >> shift) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { entries: entries.into_boxed_slice(), starts: starts.into_boxed_slice(), shift }
    }

    /// The objects that may have the name, in order; few others.
    fn candidates(&self, name: &str) -> impl Iterator<Item = u32> {
        let hash = hash(name);
        let at = (hash >> self.shift) as usize;
        let start = |at: usize| self.starts.get(at).map_or(self.entries.len(), |start| *start as usize);
        let entries = self.entries.get(start(at)..start(at + 1)).unwrap_or_default();
        entries.iter().filter(move |(known, _)| *known == hash).map(|(_, id)| *id)
    }
}

fn hash(name: &str) -> u32 {
    // The upper half of this hash is the good one.
    u32::try_from(FxBuildHasher.hash_one(name) >> 32).unwrap_or_default()
}

impl Workspace<'_> {
    /// The objects that a text names today, or will after apply, in the input's order.
    pub(super) fn named(&self, text: &str) -> Vec<u32> {
        self.named_of(text, |_| true)
    }

    /// Of these, the ones that `fits` takes; it is asked of others, too.
    pub(super) fn named_of(&self, text: &str, fits: impl Fn(u32) -> bool) -> Vec<u32> {
        let called =
            self.called.get_or_init(|| Called::new((0..).zip(&self.objects).flat_map(|of| self.entries(of)).collect()));
        let candidates = called.candidates(text).filter(|id| fits(*id));
        let mut named: Vec<u32> = candidates.filter(|id| self.sides_of(*id).any(|name| **name == *text)).collect();
        // Two names of one object may have one hash.
        named.dedup();
        named
    }

    /// Finds the names of all objects on all threads, before somebody asks for one.
    pub(super) fn name_all(&self) {
        if self.called.get().is_none() {
            let objects: Vec<(u32, &Resource<'_>)> = (0..).zip(&self.objects).collect();
            let entries = objects.par_iter().flat_map_iter(|of| self.entries(*of)).collect();
            let _ = self.called.set(Called::new(entries));
        }
    }

    // The entries of an object. One of which no policy speaks is not opened for it.
    fn entries(&self, (id, object): (u32, &Resource<'_>)) -> impl Iterator<Item = (u32, u32)> {
        let names = if self.wanted.speaks_of(&object.kind) { self.names_of(id) } else { Vec::new() };
        names.into_iter().map(move |name| (hash(name), id))
    }

    /// The texts that name an object, after the change and before it, each once.
    pub(super) fn names_of(&self, id: u32) -> Vec<&Arc<str>> {
        let mut names: Vec<&Arc<str>> = Vec::new();
        for name in self.sides_of(id) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn sides_of(&self, id: u32) -> impl Iterator<Item = &Arc<str>> {
        [Side::Planned, Side::Prior].into_iter().flat_map(move |side| self.names_on(id, side))
    }

    fn names_on(&self, id: u32, side: Side) -> impl Iterator<Item = &Arc<str>> {
        let attributes = self.object(id).into_iter().flat_map(|object| self.facts.identities_of(&object.kind));
        let values = attributes.filter_map(move |name| self.base(Handle::new(id, side), name));
        values.filter_map(|value| match value.unmark().0 {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => None,
        })
    }

    /// Whether a text that names an object will name it after apply. A name of before alone may: whether the object
    /// keeps it is what is not known, for it has one that is to come.
    pub(super) fn keeps_name(&self, id: u32, text: &str) -> bool {
        self.names_on(id, Side::Planned).any(|name| **name == *text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_entries_of_a_hash_are_found_and_no_others() {
        for count in [0, 1, 2, 3, 1000] {
            let names: Vec<String> = (0..count).map(|number| format!("name-{}", number / 2)).collect();
            let entries = (0..).zip(&names).map(|(id, name)| (hash(name), id)).collect();
            let called = Called::new(entries);
            for (id, name) in (0..).zip(&names) {
                let found: Vec<u32> = called.candidates(name).collect();
                let expected: Vec<u32> =
                    (0..).zip(&names).filter(|(_, other)| *other == name).map(|(id, _)| id).collect();
                assert!(found.contains(&id) && expected.iter().all(|id| found.contains(id)), "{name}");
                assert!(found.is_sorted());
            }
            assert_eq!(called.candidates("else").count(), 0);
        }
    }
}
