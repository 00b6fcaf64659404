//! The text of a policy without what a run does not read: examples, and what is told of a policy where it is reported.
//!
//! To parse a block takes a hundred times as long as to pass over it, and of two policies in three nothing is told. So those
//! blocks are left out of the text before it is parsed ([`skim`]), the texts of `docs` and `option` are kept for whoever
//! asks for them ([`Late`](super::Late)), and places are told as if nothing were missing ([`Skimmed::shift`]). This is for
//! the pack, which is formatted: such a block starts and ends two blanks from the margin.

use std::ops::Range;

use memchr::{memchr, memmem};

/// A text, and what was left out of it.
#[derive(Debug, Default)]
pub(super) struct Skimmed {
    /// What is left.
    pub(super) text: String,
    /// In the order of the text.
    left_out: Vec<LeftOut>,
}

/// A block that is not there.
#[derive(Debug)]
struct LeftOut {
    /// Which block it is.
    name: &'static str,
    /// Where it would stand in what is left.
    at: usize,
    /// How much is left out up to its end.
    sum: usize,
    text: &'static str,
}

const BLOCKS: [&str; 4] = ["docs", "option", "pass", "fail"];

/// The last line of such a block, with the line break in front of it.
const END: &[u8] = b"\n  }\n";

/// Leaves out what a run does not read.
pub(super) fn skim(whole: &'static str) -> Skimmed {
    let mut skimmed = Skimmed { text: String::with_capacity(whole.len()), left_out: Vec::new() };
    let (mut at, mut sum) = (0, 0);
    for (name, Range { start, end }) in blocks(whole) {
        skimmed.text.push_str(whole.get(at..start).unwrap_or_default());
        sum += end - start;
        let text = whole.get(start..end).unwrap_or_default();
        skimmed.left_out.push(LeftOut { name, at: skimmed.text.len(), sum, text });
        at = end;
    }
    skimmed.text.push_str(whole.get(at..).unwrap_or_default());
    skimmed
}

impl Skimmed {
    /// How far in front of its place in the file something stands in what is left.
    pub(super) fn shift(&self, at: usize) -> usize {
        let before = self.left_out.partition_point(|block| block.at <= at);
        before.checked_sub(1).and_then(|last| self.left_out.get(last)).map_or(0, |block| block.sum)
    }

    /// The texts of the blocks of a kind that stood in a part of what is left.
    pub(super) fn within(&self, name: &'static str, part: Range<usize>) -> impl Iterator<Item = &'static str> {
        let found = self.left_out.iter().filter(move |block| block.name == name && part.contains(&block.at));
        found.map(|block| block.text)
    }
}

fn blocks(text: &str) -> impl Iterator<Item = (&'static str, Range<usize>)> {
    let end = memmem::Finder::new(END);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let start = at;
            if let Some(name) = opened(rest)
                && let Some(length) = end.find(rest.as_bytes())
            {
                at += length + END.len();
                return Some((name, start..at));
            }
            at += memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        }
    })
}

// The block that the first line of a text opens.
fn opened(text: &str) -> Option<&'static str> {
    let line = text.strip_prefix("  ")?;
    let opens =
        |name: &&str| line.strip_prefix(*name).is_some_and(|rest| rest.starts_with(" \"") || rest.starts_with(" {"));
    BLOCKS.into_iter().find(opens)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "r \"t\" \"p\" {\n  docs {\n    why = \"x\"\n  }\n\n  a = 1\n  pass \"p\" {\n    b {\n    }\n  }\n  c = 2\n}\n";

    #[test]
    fn blocks_are_left_out_and_places_are_those_of_the_whole() {
        let skimmed = skim(TEXT);
        assert_eq!(skimmed.text, "r \"t\" \"p\" {\n\n  a = 1\n  c = 2\n}\n");
        for part in ["r \"t\"", "a = 1", "c = 2"] {
            let at = skimmed.text.find(part).unwrap();
            assert_eq!(at + skimmed.shift(at), TEXT.find(part).unwrap(), "{part}");
        }
    }

    #[test]
    fn what_was_left_out_is_kept_with_its_kind_and_place() {
        let skimmed = skim(TEXT);
        let all = 0..skimmed.text.len();
        assert_eq!(skimmed.within("docs", all.clone()).collect::<Vec<_>>(), ["  docs {\n    why = \"x\"\n  }\n"]);
        assert_eq!(skimmed.within("docs", 0..1).count(), 0);
        assert_eq!(skimmed.within("option", all).count(), 0);
    }
}
