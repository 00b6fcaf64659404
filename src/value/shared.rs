//! Texts that come again and again in a plan (names and values of tags, zones, engines, words such as `enabled`, ARNs), and
//! the keys of its objects. They are kept once, not once for each of a hundred thousand objects. Callers keep secrets out.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher as _};
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHasher;

use super::Value;

/// Places for texts and for sets of keys; a later one takes the place of an earlier one.
const PLACES: usize = 1024;

/// The most keys that are kept together. Larger maps are seldom alike.
const MAX_KEYS: usize = 128;

/// The longest text that is kept: an ARN, which is the id of many objects and what others name them by. Longer ones are
/// seldom alike.
const MAX_LENGTH: usize = 160;

/// Keys of an object, in order.
type Keys = Arc<[Arc<str>]>;

thread_local! {
    static KEYS: RefCell<Vec<Option<Keys>>> = const { RefCell::new(Vec::new()) };
    static TEXTS: RefCell<Vec<Option<Arc<str>>>> = const { RefCell::new(Vec::new()) };
}

static NO_MEMBERS: LazyLock<Arc<[Value]>> = LazyLock::new(|| Arc::from([]));

// The upper bits of these hashes are the good ones.
fn place(hash: u64) -> usize {
    usize::try_from(hash >> (64 - PLACES.ilog2())).unwrap_or_default()
}

/// A text, shared with an equal one that this thread has seen lately.
pub(crate) fn text(text: &str) -> Arc<str> {
    if text.len() > MAX_LENGTH {
        return Arc::from(text);
    }
    let hash = BuildHasherDefault::<FxHasher>::default().hash_one(text);
    TEXTS.with_borrow_mut(|texts| {
        texts.resize(PLACES, None);
        let Some(kept) = texts.get_mut(place(hash)) else { return Arc::from(text) };
        match kept {
            Some(known) if **known == *text => known.clone(),
            _ => kept.insert(Arc::from(text)).clone(),
        }
    })
}

/// The keys of some entries, if an object of the same keys was made on this thread lately; they are in order. What names
/// an attribute is mostly one text in memory already, so nobody has to read it.
pub(super) fn known_keys(entries: &[(Arc<str>, Value)]) -> Option<Keys> {
    let is_same = |known: &&Keys| {
        known.len() == entries.len() && known.iter().zip(entries).all(|(known, (key, _))| Arc::ptr_eq(known, key))
    };
    KEYS.with_borrow(|all| all.get(place_of(entries))?.as_ref().filter(is_same).cloned())
}

/// The keys of entries in order, for other objects to share.
pub(super) fn keys(entries: &[(Arc<str>, Value)]) -> Keys {
    let keys: Keys = entries.iter().map(|(key, _)| key.clone()).collect();
    if entries.len() <= MAX_KEYS {
        KEYS.with_borrow_mut(|all| {
            all.resize(PLACES, None);
            if let Some(kept) = all.get_mut(place_of(entries)) {
                *kept = Some(keys.clone());
            }
        });
    }
    keys
}

fn place_of(entries: &[(Arc<str>, Value)]) -> usize {
    let mut hasher = FxHasher::default();
    for (key, _) in entries {
        hasher.write_usize(key.as_ptr().addr());
    }
    place(hasher.finish())
}

/// The members of a list; all lists without members share none.
pub(super) fn members(items: impl ExactSizeIterator<Item = Value>) -> Arc<[Value]> {
    if items.len() == 0 { NO_MEMBERS.clone() } else { items.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_and_others_are_themselves() {
        let words: Vec<String> = (0..5000).map(|number| format!("word-{number}")).collect();
        for word in &words {
            assert_eq!(*text(word), **word);
        }
        assert!(Arc::ptr_eq(&text("production"), &text("production")));
        let long = "x".repeat(MAX_LENGTH + 1);
        assert!(!Arc::ptr_eq(&text(&long), &text(&long)));
        assert_eq!(*text(""), *"");
    }
}
