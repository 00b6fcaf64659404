//! Texts that come again and again in a plan: names and values of tags, zones, engines, words such as `enabled`. They are
//! kept once, not once for each of a hundred thousand objects. Callers keep secrets out.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, BuildHasherDefault};
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHasher;

use super::Value;

/// Places for texts; a later text takes the place of an earlier one.
const PLACES: usize = 1024;

/// The longest text that is kept. Longer ones are seldom alike.
const MAX_LENGTH: usize = 40;

thread_local! {
    static TEXTS: RefCell<Vec<Option<Arc<str>>>> = const { RefCell::new(Vec::new()) };
}

static NO_MEMBERS: LazyLock<Arc<[Value]>> = LazyLock::new(|| Arc::from([]));

/// A text, shared with an equal one that this thread has seen lately.
pub(crate) fn text(text: &str) -> Arc<str> {
    if text.len() > MAX_LENGTH {
        return Arc::from(text);
    }
    let hash = BuildHasherDefault::<FxHasher>::default().hash_one(text);
    // The upper bits of this hash are the good ones.
    let place = usize::try_from(hash >> 54).unwrap_or_default();
    TEXTS.with_borrow_mut(|texts| {
        texts.resize(PLACES, None);
        let Some(kept) = texts.get_mut(place) else { return Arc::from(text) };
        match kept {
            Some(known) if **known == *text => known.clone(),
            _ => kept.insert(Arc::from(text)).clone(),
        }
    })
}

/// The members of a list; all lists without members share none.
pub(super) fn members(items: Vec<Value>) -> Arc<[Value]> {
    if items.is_empty() { NO_MEMBERS.clone() } else { Arc::from(items) }
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
