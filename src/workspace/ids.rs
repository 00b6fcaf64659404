//! The objects under one key of an index: nearly always one.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Numbers of objects, in the order they were added; at least one.
#[derive(Debug)]
pub(super) enum Ids {
    One(u32),
    #[expect(clippy::box_collection, reason = "a bare list would make each of the many ones half as large again")]
    Several(Box<Vec<u32>>),
}

impl Ids {
    /// Files an object under a key.
    pub(super) fn add<K: Hash + Eq>(index: &mut FxHashMap<K, Self>, key: K, id: u32) {
        index.entry(key).and_modify(|ids| ids.push(id)).or_insert(Self::One(id));
    }

    fn push(&mut self, id: u32) {
        match self {
            Self::One(first) => *self = Self::Several(Box::new(vec![*first, id])),
            Self::Several(ids) => ids.push(id),
        }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Several(ids) => ids,
        }
    }
}
