//! Maps and objects: keys in order, as Terraform iterates them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Value, shared};

/// Entries up to which looking at each is faster than a binary search, which reads the keys themselves.
const FEW: usize = 24;

/// A map from string keys to values, sorted by key.
///
/// The keys are apart from the values, and objects with the same keys share them: a plan has a hundred thousand objects of
/// some dozen types, and whoever looks for a key finds it in memory that he has just read.
#[derive(Clone, Debug, Default)]
pub struct Object {
    keys: Arc<[Arc<str>]>,
    // One for each key.
    values: Box<[Value]>,
}

impl Object {
    /// Sorts the entries; of equal keys the last one wins, as in Terraform.
    #[must_use]
    pub fn new(mut entries: Vec<(Arc<str>, Value)>) -> Self {
        Self::of_last(&mut entries, 0)
    }

    /// The same of the entries from `start` on, which are taken away.
    pub(super) fn of_last(entries: &mut Vec<(Arc<str>, Value)>, start: usize) -> Self {
        let last = entries.get(start..).unwrap_or_default();
        if let Some(keys) = shared::known_keys(last) {
            return Self { keys, values: entries.drain(start..).map(|(_, value)| value).collect() };
        }
        let mut own: Vec<(Arc<str>, Value)> = entries.drain(start.min(entries.len())..).collect();
        if !own.is_sorted_by(|left, right| left.0 < right.0) {
            own.reverse();
            own.sort_by(|left, right| left.0.cmp(&right.0));
            own.dedup_by(|later, earlier| later.0 == earlier.0);
        }
        Self { keys: shared::keys(&own), values: own.into_iter().map(|(_, value)| value).collect() }
    }

    /// The key and the value of an object with one entry; the key in a list.
    #[must_use]
    pub fn only(&self) -> Option<(&[Arc<str>], &Value)> {
        match &*self.values {
            [value] => Some((&self.keys, value)),
            _ => None,
        }
    }

    /// The same keys with other values.
    #[must_use]
    pub fn map(&self, mut value: impl FnMut(&Arc<str>, &Value) -> Value) -> Self {
        Self { keys: self.keys.clone(), values: self.iter().map(|(key, old)| value(key, old)).collect() }
    }

    /// Whether it shares its keys with another object. If not, they may be the same for all that.
    #[must_use]
    pub fn has_keys_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys)
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(self.position(key)?)
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.keys.len() <= FEW {
            return self.keys.iter().position(|name| is_key(name, key));
        }
        self.keys.binary_search_by(|name| (**name).cmp(key)).ok()
    }

    /// The value under a key that is looked up in many objects; `place` belongs to the key.
    #[must_use]
    #[inline]
    pub fn get_at(&self, key: &str, place: &Place) -> Option<&Value> {
        let at = place.get();
        match self.keys.get(at) {
            Some(name) if is_key(name, key) => self.values.get(at),
            _ => self.find(key, place),
        }
    }

    #[cold]
    fn find(&self, key: &str, place: &Place) -> Option<&Value> {
        let at = self.position(key)?;
        place.set(at);
        self.values.get(at)
    }

    /// All entries, in the order of their keys.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.keys.iter().zip(&self.values)
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The entries, to build another object from.
    #[must_use]
    pub fn to_entries(&self) -> Vec<(Arc<str>, Value)> {
        self.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
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
