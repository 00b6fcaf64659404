//! `primaryLocationLineHash`: what tells GitHub that an alert is still the same when its line moves.
//!
//! GitHub's uploader works the value out itself where it is missing, and warns of each result with another one. So this
//! is its algorithm to the letter: over the UTF-16 units of the file without blanks and tabs, a rolling hash of the 100
//! units from the start of a line on, and how often that hash has occurred.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Units that the hash of a line covers.
const WINDOW: usize = 100;

const FACTOR: u64 = 37;

/// What stands behind the last unit of a file.
const END: u16 = u16::MAX;

const LINE_FEED: u16 = 0x0a;
const CARRIAGE_RETURN: u16 = 0x0d;
const TAB: u16 = 0x09;
const BLANK: u16 = 0x20;

/// The hashes of some lines of a text, counted from 1; `wanted` is sorted.
pub(super) fn line_hashes(text: &str, wanted: &[usize]) -> BTreeMap<usize, String> {
    let mut hasher = Hasher::new(wanted);
    for unit in text.encode_utf16() {
        hasher.take(unit);
    }
    hasher.take(END);
    for _ in 0..WINDOW {
        hasher.put(0);
    }
    hasher.hashes
}

struct Hasher<'w> {
    wanted: &'w [usize],
    hashes: BTreeMap<usize, String>,
    /// How often each hash has occurred.
    seen: FxHashMap<u64, usize>,
    hash: u64,
    window: [u16; WINDOW],
    /// The line that starts at a place of the window, 0 for none.
    starts: [usize; WINDOW],
    at: usize,
    line: usize,
    at_start: bool,
    after_return: bool,
    /// `FACTOR` to the power of `WINDOW`.
    leaving: u64,
}

impl<'w> Hasher<'w> {
    fn new(wanted: &'w [usize]) -> Self {
        Self {
            wanted,
            hashes: BTreeMap::new(),
            seen: FxHashMap::default(),
            hash: 0,
            window: [0; WINDOW],
            starts: [0; WINDOW],
            at: 0,
            line: 0,
            at_start: true,
            after_return: false,
            leaving: (0..WINDOW).fold(1, |power: u64, _| power.wrapping_mul(FACTOR)),
        }
    }

    fn take(&mut self, unit: u16) {
        let skipped = matches!(unit, BLANK | TAB) || (self.after_return && unit == LINE_FEED);
        self.after_return = !skipped && unit == CARRIAGE_RETURN;
        if skipped {
            return;
        }
        let unit = if unit == CARRIAGE_RETURN { LINE_FEED } else { unit };
        self.finish();
        if self.at_start {
            self.line += 1;
            if let Some(start) = self.starts.get_mut(self.at) {
                *start = self.line;
            }
        }
        self.at_start = unit == LINE_FEED;
        self.roll(unit);
    }

    fn put(&mut self, unit: u16) {
        self.finish();
        self.roll(unit);
    }

    // A whole window has passed since the line at this place began.
    fn finish(&mut self) {
        let Some(line) = self.starts.get_mut(self.at).map(std::mem::take).filter(|line| *line > 0) else { return };
        let count = self.seen.entry(self.hash).or_default();
        *count += 1;
        if self.wanted.binary_search(&line).is_ok() {
            self.hashes.insert(line, format!("{:x}:{count}", self.hash));
        }
    }

    fn roll(&mut self, unit: u16) {
        let Some(place) = self.window.get_mut(self.at) else { return };
        let old = std::mem::replace(place, unit);
        let old = self.leaving.wrapping_mul(u64::from(old));
        self.hash = self.hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit)).wrapping_sub(old);
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let lines: Vec<usize> = (1..50).collect();
        line_hashes(text, &lines).into_values().collect()
    }

    #[test]
    fn hashes_are_those_of_the_uploader() {
        let vectors = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(all(" a\nb\n  \t\tc\n d"), vectors);
        assert_eq!(all(" a\r\nb\r\n  \t\tc\r\n d"), vectors, "a carriage return is no other line");
        assert_eq!(all(" a\rb\r  \t\tc\r d"), vectors);
        assert_eq!(all(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn equal_lines_are_counted() {
        let same = format!("{}\n", "x".repeat(150));
        let hashes = all(&format!("{same}{same}b\n{same}"));
        let (first, count) = hashes[0].split_once(':').unwrap();
        assert_eq!(count, "1");
        assert_eq!(hashes[1], format!("{first}:2"));
        assert_eq!(hashes[3], format!("{first}:3"));
        assert_eq!(hashes.len(), 5, "the end of the file is a line");
    }

    #[test]
    fn units_are_those_of_utf_16() {
        // Two units, so the window ends one character earlier.
        let (wide, narrow) = (all(&format!("😀{}", "a".repeat(99))), all(&format!("😀{}", "a".repeat(98))));
        assert_eq!(wide, narrow);
        assert_ne!(all("é"), all("e\u{301}"));
    }

    #[test]
    fn only_wanted_lines_are_given_and_counts_stay() {
        let text = "a\n".repeat(300);
        let one = line_hashes(&text, &[120]);
        let lines: Vec<usize> = (1..300).collect();
        assert_eq!(one.get(&120), line_hashes(&text, &lines).get(&120));
        assert_eq!(one.len(), 1);
    }
}
