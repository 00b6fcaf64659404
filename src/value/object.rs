//! Maps and objects: keys in order, as Terraform iterates them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Value;

/// Entries up to which looking at each is faster than a binary search, which reads the keys themselves.
const FEW: usize = 24;

/// A map from string keys to values, sorted by key.
#[derive(Clone, Debug, Default)]
pub struct Object {
    entries: Box<[(Arc<str>, Value)]>,
}

impl Object {
    /// Sorts the entries; of equal keys the last one wins, as in Terraform.
    #[must_use]
    pub fn new(mut entries: Vec<(Arc<str>, Value)>) -> Self {
        if !entries.is_sorted_by(|left, right| left.0 < right.0) {
            entries.reverse();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            entries.dedup_by(|later, earlier| later.0 == earlier.0);
        }
        // A plan is a hundred thousand objects, and an allocator does not shrink what is more than half full.
        if entries.len() < entries.capacity() {
            let mut exact = Vec::with_capacity(entries.len());
            exact.append(&mut entries);
            entries = exact;
        }
        Self { entries: entries.into_boxed_slice() }
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        if self.entries.len() <= FEW {
            return self.entries.iter().find(|(name, _)| is_key(name, key)).map(|(_, value)| value);
        }
        let at = self.entries.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        self.entries.get(at).map(|(_, value)| value)
    }

    /// The value under a key that is looked up in many objects; `place` belongs to the key.
    #[must_use]
    #[inline]
    pub fn get_at(&self, key: &str, place: &Place) -> Option<&Value> {
        match self.entries.get(place.get()) {
            Some((name, value)) if is_key(name, key) => Some(value),
            _ => self.find(key, place),
        }
    }

    #[cold]
    fn find(&self, key: &str, place: &Place) -> Option<&Value> {
        let found = self.get(key)?;
        let at = self.entries.iter().position(|(_, value)| std::ptr::eq(value, found));
        place.set(at.unwrap_or(Place::NOWHERE));
        Some(found)
    }

    /// All entries, in the order of their keys.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, to build another object from.
    #[must_use]
    pub fn to_entries(&self) -> Vec<(Arc<str>, Value)> {
        self.entries.to_vec()
    }
}

// Most keys differ in length, and a key of the same text is mostly the same text in memory.
#[inline]
fn is_key(name: &str, key: &str) -> bool {
    name.len() == key.len() && (name.as_ptr() == key.as_ptr() || name == key)
}

/// Where a key stood in the first object that had it. Objects of one type have their keys at the same places, so it is
/// looked for there first.
#[derive(Debug)]
pub struct Place(AtomicUsize);

impl Place {
    const NOWHERE: usize = usize::MAX;

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    // Once and for all: a place that changed with each object would be written by all threads in turn.
    fn set(&self, at: usize) {
        let _ = self.0.compare_exchange(Self::NOWHERE, at, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Default for Place {
    fn default() -> Self {
        Self(AtomicUsize::new(Self::NOWHERE))
    }
}

impl Clone for Place {
    fn clone(&self) -> Self {
        Self(AtomicUsize::new(self.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        let of =
            |names: &[&str]| Object::new(names.iter().map(|name| (Arc::from(*name), Value::string(name))).collect());
        let (place, many) = (Place::default(), (0..100).map(|at| format!("k{at}")).collect::<Vec<_>>());
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        many.push("b");
        for names in [&["a", "b"][..], &["b"], &["a", "aa", "b", "c"], &many, &["a", "b"]] {
            assert_eq!(of(names).get_at("b", &place).and_then(Value::as_str), Some("b"), "{names:?}");
            assert!(of(names).get_at("z", &place).is_none());
        }
        assert!(of(&["a", "c"]).get_at("b", &place).is_none());
    }

    #[test]
    fn the_last_of_equal_keys_wins() {
        let object =
            Object::new(vec![("b".into(), Value::int(1)), ("a".into(), Value::int(2)), ("b".into(), Value::int(3))]);
        assert_eq!(object.len(), 2);
        assert!(matches!(object.get("b"), Some(Value::Number(number)) if *number == 3.into()));
    }
}
