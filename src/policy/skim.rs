//! The text of a policy without what a run may not need: examples, what is told of a policy where it is reported, and how
//! it judges, which nobody asks before there is an object of its type.
//!
//! To parse a part takes a hundred times as long as to pass over it. So those parts are left out of the text before it is
//! parsed ([`skim`]), rules, documents and ways out are kept for whoever asks for them ([`Late`](super::Late)), and places
//! are told as if nothing were missing ([`Skimmed::shift`]). This is for the pack, which is formatted: what belongs to a
//! policy starts two blanks from the margin, its blocks end there, and a list of references is one line.

use std::ops::Range;

use memchr::{memchr, memmem};

/// A text, and what was left out of it.
#[derive(Debug, Default)]
pub(super) struct Skimmed {
    /// What is left.
    pub(super) text: String,
    whole: &'static str,
    /// In the order of the text.
    left_out: Vec<LeftOut>,
}

/// A part of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Whole {
    pub(super) text: &'static str,
    /// Where it begins.
    start: usize,
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
    /// `enforcement_level`, `locals`, `filter` and `enforce`
    Rules,
    /// `error_message`
    Message,
    /// What nobody asks for.
    Rest,
}

/// How far a part goes.
#[derive(Clone, Copy)]
enum Extent {
    Line,
    /// A line, and those behind it that are indented further or start with a bracket.
    Attribute,
    Block,
}

/// How the first line of a message begins, with the line break in front of it.
const MESSAGE: &str = "\n    error_message ";

/// How the first lines of the parts begin.
const BEGINNINGS: [(&str, Part, Extent); 11] = [
    ("  enforcement_level ", Part::Rules, Extent::Line),
    ("  locals {", Part::Rules, Extent::Block),
    ("  filter ", Part::Rules, Extent::Attribute),
    ("  enforce {", Part::Rules, Extent::Block),
    ("  #", Part::Rest, Extent::Line),
    ("  docs {", Part::Docs, Extent::Block),
    ("  references ", Part::Docs, Extent::Line),
    ("  option \"", Part::Option, Extent::Block),
    ("  pass \"", Part::Rest, Extent::Block),
    ("  fail \"", Part::Rest, Extent::Block),
    ("#", Part::Rest, Extent::Line),
];

/// The last line of a block, with the line break in front of it.
const END: &[u8] = b"\n  }\n";

/// Leaves out what a run may not need.
pub(super) fn skim(whole: &'static str) -> Skimmed {
    let mut skimmed = Skimmed { text: String::new(), whole, left_out: Vec::new() };
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

/// Leaves out everything of a policy but its first line and its rules, and of these the messages.
pub(super) fn rules(policy: Whole) -> Skimmed {
    let Whole { text: whole, start: base } = policy;
    let mut skimmed = Skimmed { text: String::new(), whole, left_out: Vec::new() };
    let header = whole.find('\n').map_or(whole.len(), |end| end + 1);
    let message = memmem::Finder::new(MESSAGE);
    let rules = parts(whole).filter(|(part, _)| *part == Part::Rules).map(|(_, range)| range);
    for Range { mut start, end } in std::iter::once(0..header).chain(rules) {
        while let Some(found) = whole.as_bytes().get(start..end).and_then(|rest| message.find(rest)) {
            let begin = start + found + 1;
            skimmed.keep(base, start..begin);
            let text = whole.get(begin..end).unwrap_or_default();
            let text = text.get(..attribute(text, "    ")).unwrap_or_default();
            start = begin + text.len();
            let at = skimmed.text.len();
            skimmed.left_out.push(LeftOut { part: Part::Message, at, sum: base + start - at, text });
        }
        skimmed.keep(base, start..end);
    }
    skimmed.text.push_str("}\n");
    skimmed
}

/// A part as it stands.
pub(super) fn as_written(part: Whole) -> Skimmed {
    let mut skimmed = Skimmed { text: String::new(), whole: part.text, left_out: Vec::new() };
    skimmed.keep(part.start, 0..part.text.len());
    skimmed
}

impl Skimmed {
    // Goes on with a part of the whole text, which itself begins at `base`.
    fn keep(&mut self, base: usize, range: Range<usize>) {
        let at = self.text.len();
        self.left_out.push(LeftOut { part: Part::Rest, at, sum: base + range.start - at, text: "" });
        self.text.push_str(self.whole.get(range).unwrap_or_default());
    }

    /// The part of the whole text from the start to the end of something that stands in what is left.
    pub(super) fn whole(&self, range: Range<usize>) -> Whole {
        let place = |at: usize| at + self.shift(at);
        let (start, end) = (place(range.start), range.end.checked_sub(1).map_or(0, |last| place(last) + 1));
        Whole { text: self.whole.get(start..end).unwrap_or_default(), start }
    }

    /// How far in front of its place in the file something stands in what is left.
    pub(super) fn shift(&self, at: usize) -> usize {
        let before = self.left_out.partition_point(|part| part.at <= at);
        before.checked_sub(1).and_then(|last| self.left_out.get(last)).map_or(0, |part| part.sum)
    }

    /// The parts of a kind that stood in a range of what is left.
    pub(super) fn within(&self, part: Part, range: Range<usize>) -> impl Iterator<Item = Whole> {
        let found = self.left_out.iter().filter(move |left_out| left_out.part == part && range.contains(&left_out.at));
        found.map(|LeftOut { at, sum, text, .. }| Whole { text, start: at + sum - text.len() })
    }
}

// The parts of a text, in their order.
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
                Some((_, _, Extent::Attribute)) => attribute(rest, "  "),
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

// How long an attribute is that stands so far from the margin.
fn attribute(text: &str, indent: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let goes_on = match line.strip_prefix(indent) {
            Some(rest) => rest.starts_with([' ', ')', ']', '}']),
            None => line.trim().is_empty(),
        };
        if length > 0 && !goes_on {
            break;
        }
        length += line.len();
    }
    length
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
        let docs: Vec<&str> = skimmed.within(Part::Docs, all.clone()).map(|part| part.text).collect();
        assert_eq!(docs, ["  docs {\n    why = \"x\"\n  }\n"]);
        assert_eq!(skimmed.within(Part::Docs, 0..1).count(), 0);
        assert_eq!(skimmed.within(Part::Option, all).count(), 0);
    }
}
