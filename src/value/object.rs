//! Maps and objects: keys in order, as Terraform iterates them.

use std::sync::Arc;

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
            // Most keys differ in length, and a key of the same text is mostly the same text in memory.
            let is_key = |name: &str| name.len() == key.len() && (name.as_ptr() == key.as_ptr() || name == key);
            return self.entries.iter().find(|(name, _)| is_key(name)).map(|(_, value)| value);
        }
        let at = self.entries.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        self.entries.get(at).map(|(_, value)| value)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_wins() {
        let object =
            Object::new(vec![("b".into(), Value::int(1)), ("a".into(), Value::int(2)), ("b".into(), Value::int(3))]);
        assert_eq!(object.len(), 2);
        assert!(matches!(object.get("b"), Some(Value::Number(number)) if *number == 3.into()));
    }
}
