//! The text of a policy without what a run does not read: examples, and what is told of a policy where it is reported.
//!
//! To parse a part takes a hundred times as long as to pass over it, and of two policies in three nothing is told. So those
//! parts are left out of the text before it is parsed ([`skim`]), documents and ways out are kept for whoever asks for
//! them ([`Late`](super::Late)), and places are told as if nothing were missing ([`Skimmed::shift`]). This is for the pack,
//! which is formatted: such a block starts and ends two blanks from the margin, and a list of references is one line.

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

/// A part that is not there.
#[derive(Debug)]
struct LeftOut {
    part: Part,
    /// Where it would stand in what is left.
    at: usize,
    /// How much is left out up to its end.
    sum: usize,
    text: &'static str,
}

/// What can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `docs` and `references`
    Docs,
    /// `option`
    Option,
    /// What nobody asks for.
    Rest,
}

/// How far a part goes.
#[derive(Clone, Copy)]
enum Extent {
    Line,
    Block,
}

/// How the first lines of the parts begin.
const BEGINNINGS: [(&str, Part, Extent); 6] = [
    ("  docs {", Part::Docs, Extent::Block),
    ("  references ", Part::Docs, Extent::Line),
    ("  option \"", Part::Option, Extent::Block),
    ("  pass \"", Part::Rest, Extent::Block),
    ("  fail \"", Part::Rest, Extent::Block),
    ("#", Part::Rest, Extent::Line),
];

/// The last line of a block, with the line break in front of it.
const END: &[u8] = b"\n  }\n";

/// Leaves out what a run does not read.
pub(super) fn skim(whole: &'static str) -> Skimmed {
    let mut skimmed = Skimmed { text: String::with_capacity(whole.len()), left_out: Vec::new() };
    let (mut at, mut sum) = (0, 0);
    for (part, Range { start, end }) in parts(whole) {
        skimmed.text.push_str(whole.get(at..start).unwrap_or_default());
        sum += end - start;
        let text = whole.get(start..end).unwrap_or_default();
        skimmed.left_out.push(LeftOut { part, at: skimmed.text.len(), sum, text });
        at = end;
    }
    skimmed.text.push_str(whole.get(at..).unwrap_or_default());
    skimmed
}

impl Skimmed {
    /// How far in front of its place in the file something stands in what is left.
    pub(super) fn shift(&self, at: usize) -> usize {
        let before = self.left_out.partition_point(|part| part.at <= at);
        before.checked_sub(1).and_then(|last| self.left_out.get(last)).map_or(0, |part| part.sum)
    }

    /// The texts of the parts of a kind that stood in a range of what is left.
    pub(super) fn within(&self, part: Part, range: Range<usize>) -> impl Iterator<Item = &'static str> {
        let found = self.left_out.iter().filter(move |left_out| left_out.part == part && range.contains(&left_out.at));
        found.map(|left_out| left_out.text)
    }
}

// The parts of a file that are left out, in their order.
fn parts(text: &str) -> impl Iterator<Item = (Part, Range<usize>)> {
    let end = memmem::Finder::new(END);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let line = || memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            let begun = BEGINNINGS.into_iter().find(|(beginning, ..)| rest.starts_with(beginning));
            let length = match begun {
                Some((_, _, Extent::Block)) => end.find(rest.as_bytes()).map_or_else(line, |last| last + END.len()),
                Some((_, _, Extent::Line)) | None => line(),
            };
            let start = at;
            at += length;
            if let Some((_, part, _)) = begun {
                return Some((part, start..at));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# c\nr \"t\" \"p\" {\n  docs {\n    why = \"x\"\n  }\n\n  a = 1\n  pass \"p\" {\n    b {\n    }\n  }\n  c = 2\n}\n";

    #[test]
    fn parts_are_left_out_and_places_are_those_of_the_whole() {
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
        assert_eq!(skimmed.within(Part::Docs, all.clone()).collect::<Vec<_>>(), ["  docs {\n    why = \"x\"\n  }\n"]);
        assert_eq!(skimmed.within(Part::Docs, 0..1).count(), 0);
        assert_eq!(skimmed.within(Part::Option, all).count(), 0);
    }
}
