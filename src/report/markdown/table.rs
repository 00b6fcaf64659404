//! Text that must stay below a size: rows as long as there is room, and then how many are missing.

/// What sizes are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters as JavaScript counts them, which is never fewer than there are.
    Characters,
}

impl Unit {
    /// The size of a text.
    pub(in crate::report) fn of(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// A text that grows within its room.
#[derive(Clone, Debug)]
pub(in crate::report) struct Room {
    text: String,
    left: usize,
    unit: Unit,
}

impl Room {
    /// An empty text of at most this size.
    pub(in crate::report) fn new(size: usize, unit: Unit) -> Self {
        Self { text: String::new(), left: size, unit }
    }

    /// Adds a part if it fits with as much behind it.
    pub(in crate::report) fn put(&mut self, part: &str, reserve: usize) -> bool {
        let size = self.unit.of(part);
        let fits = size.checked_add(reserve).is_some_and(|size| size <= self.left);
        if fits {
            self.left -= size;
            self.text.push_str(part);
        }
        fits
    }

    /// What has found room.
    pub(in crate::report) fn into_text(self) -> String {
        self.text
    }
}

/// Rows behind a heading, in their order, as long as they fit; then `more` says how many do not. Nothing if there is no
/// row, or no room for the heading and the word on what is missing.
pub(in crate::report) fn rows<T>(
    heading: &str,
    items: &[T],
    size: usize,
    unit: Unit,
    row: impl Fn(&T) -> String,
    more: impl Fn(usize) -> String,
) -> String {
    let mut room = Room::new(size, unit);
    // No row of digits is longer than that of all items.
    let reserve = unit.of(&more(items.len()));
    if items.is_empty() || !room.put(heading, reserve) {
        return String::new();
    }
    let fitting = items.iter().take_while(|item| room.put(&row(item), reserve)).count();
    if fitting < items.len() {
        room.put(&more(items.len() - fitting), 0);
    }
    room.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(size: usize, unit: Unit) -> String {
        let items = ["aa", "éé", "😀😀"];
        rows("H\n", &items, size, unit, |item| format!("{item}\n"), |count| format!("{count} more\n"))
    }

    #[test]
    fn rows_are_cut_whole_and_counted() {
        assert_eq!(cut(1_000, Unit::Bytes), "H\naa\néé\n😀😀\n");
        // Each row leaves room for the word on what is missing.
        assert_eq!(cut(2 + 3 + 5 + 9 + 7, Unit::Bytes), "H\naa\néé\n😀😀\n");
        assert_eq!(cut(2 + 3 + 5 + 9 + 6, Unit::Bytes), "H\naa\néé\n1 more\n");
        assert_eq!(cut(2 + 3 + 3 + 5 + 6, Unit::Characters), "H\naa\néé\n1 more\n");
        assert_eq!(cut(2 + 3 + 3 + 5 + 7, Unit::Characters), "H\naa\néé\n😀😀\n");
        assert_eq!(cut(9, Unit::Bytes), "H\n3 more\n");
        assert_eq!(cut(8, Unit::Bytes), "");
    }

    #[test]
    fn no_size_is_ever_exceeded() {
        for size in 0..60 {
            assert!(cut(size, Unit::Bytes).len() <= size);
            assert!(Unit::Characters.of(&cut(size, Unit::Characters)) <= size);
        }
    }
}
