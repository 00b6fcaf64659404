//! Messages are one sentence on one line, however they are written; and what is told of a failure is read when something
//! fails.

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::structure::{Attribute, Block};

use super::names::Used;
use super::parse::Reader;
use super::reading::{Shared, names_graph};
use super::rules::Within;
use super::skim::{Part, as_written};
use super::{Late, Message, Target};
use crate::expr::{Expr, Fault, Kind};
use crate::source::{FileId, hcl};
use crate::value::{Value, shared};

/// What a message is read with.
pub(super) struct Around {
    pub(super) outer: Arc<Shared>,
    /// The same for the policy, with its own locals.
    pub(super) own: Shared,
    pub(super) target: Target,
}

/// A message, and what was found out on the way; what is read late tells nothing.
#[derive(Default)]
pub(super) struct Told {
    pub(super) message: Option<Arc<Late<Message>>>,
    pub(super) used: Used,
    pub(super) is_broken: bool,
    pub(super) faults: Vec<Fault>,
}

impl Reader<'_> {
    /// The `error_message` of an `enforce` block: read now, or, if it was left out of the text, when it is told.
    pub(super) fn error_message(&mut self, block: &Block, around: &Arc<Around>) -> Told {
        if let Some(whole) = self.left_out(block, Part::Message).pop() {
            self.mention_words(whole.text);
            self.uses_graph |= names_graph(whole.text);
            let (file, around) = (self.file, around.clone());
            let late = Late::new(Box::new(move || {
                let skimmed = as_written(whole);
                let body = hcl::parse(&skimmed.text).unwrap_or_default();
                let reader = around.own.reader(file, &skimmed.text, Some(&skimmed));
                match body.attributes().next() {
                    Some(attribute) => around.read(reader, attribute).0,
                    None => nothing(file),
                }
            }));
            return Told { message: Some(Arc::new(late)), ..Told::default() };
        }
        let Some(attribute) = block.body.get_attribute("error_message") else { return Told::default() };
        let text = self.text;
        self.mention_words(text.get(attribute.value.span().unwrap_or_default()).unwrap_or_default());
        let (message, told) = around.read(around.own.reader(self.file, text, self.skimmed), attribute);
        self.uses_graph |= told.used.graph;
        Told { message: Some(Arc::new(Late::new(Box::new(move || message)))), ..told }
    }

    // Names of attributes and types in a message: words behind a dot or a quotation mark. That one is none does no harm.
    fn mention_words(&mut self, text: &str) {
        for behind in text.split(['.', '"']).skip(1) {
            let end = behind.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-');
            let word = behind.get(..end.unwrap_or(behind.len())).unwrap_or_default();
            if !word.is_empty() && !self.mentioned.contains(word) {
                Arc::make_mut(&mut self.mentioned).insert(shared::text(word));
            }
        }
    }
}

// In the place of a message that is none; tests see that the pack has no such.
fn nothing(file: FileId) -> Message {
    Message { expr: Expr { kind: Kind::Literal(Value::Null), span: hcl::span_of(file, None) }, names: Vec::new() }
}

impl Around {
    // The names of the message go on behind those of the policy.
    fn read(&self, mut reader: Reader<'_>, attribute: &Attribute) -> (Message, Told) {
        let mut within = Within::new([&self.outer.declared, &self.own.declared], self.target);
        let mut expr = on_one_line(reader.judged(attribute, &mut within));
        reader.settle_patterns(Some(&mut expr), &mut []);
        let is_broken = !reader.faults.is_empty() || reader.reads_broken(std::iter::once(&expr));
        let message = Message { expr, names: reader.table.own().to_vec() };
        (message, Told { message: None, used: within.used, is_broken, faults: reader.faults })
    }
}

/// The message with its lines joined, as where it is written as a heredoc. A line break that a value brings along stays:
/// reports make it visible.
pub(super) fn on_one_line(mut message: Expr) -> Expr {
    if has_lines(&message) {
        join_lines(&mut message, [true, true], false);
    }
    message
}

// Whether the message is written over several lines.
fn has_lines(part: &Expr) -> bool {
    match &part.kind {
        Kind::Literal(value) => value.as_str().is_some_and(|text| text.contains('\n')),
        Kind::Template(parts) => parts.iter().any(has_lines),
        Kind::Conditional(branches) => has_lines(&branches.1) || has_lines(&branches.2),
        Kind::Converted(inner, _) => has_lines(inner),
        _ => repeated(part).is_some_and(has_lines),
    }
}

/// Joins the lines of a part. `ends` says whether the message begins and ends with it, `blank` whether a blank stands
/// before it; whether one stands at its end comes back.
fn join_lines(part: &mut Expr, ends: [bool; 2], blank: bool) -> bool {
    let [is_first, is_last] = ends;
    match &mut part.kind {
        Kind::Literal(value) => fold(value, ends, blank),
        Kind::Template(parts) => {
            let says =
                |part: &Expr| part.as_literal().and_then(Value::as_str).is_none_or(|text| !text.trim().is_empty());
            let (first, last) = (parts.iter().position(says), parts.iter().rposition(says));
            let parts = parts.iter_mut().enumerate();
            parts.fold(blank, |blank, (at, part)| {
                let is_first = is_first && first.is_none_or(|first| at <= first);
                let is_last = is_last && last.is_none_or(|last| at >= last);
                join_lines(part, [is_first, is_last], blank)
            })
        }
        // `%{ if … }`, or a choice between two texts.
        Kind::Conditional(branches) => {
            let then = join_lines(&mut branches.1, ends, blank);
            join_lines(&mut branches.2, ends, blank) && then
        }
        Kind::Converted(inner, _) => join_lines(inner, ends, blank),
        // What is repeated stands behind itself, too.
        _ => repeated_mut(part).is_some_and(|body| {
            let all = join_lines(body, [false, false], false) && blank;
            if all {
                join_lines(body, [false, false], true);
            }
            all
        }),
    }
}

// The body of `%{ for … }`, which puts its texts together with nothing between them.
fn repeated(part: &Expr) -> Option<&Expr> {
    let Kind::Call(call) = &part.kind else { return None };
    match call.arguments.as_slice() {
        [between, Expr { kind: Kind::For(repeated), .. }] if is_empty(between) => Some(&repeated.value),
        _ => None,
    }
}

fn repeated_mut(part: &mut Expr) -> Option<&mut Expr> {
    let Kind::Call(call) = &mut part.kind else { return None };
    match call.arguments.as_mut_slice() {
        [between, Expr { kind: Kind::For(repeated), .. }] if is_empty(between) => Some(&mut repeated.value),
        _ => None,
    }
}

fn is_empty(part: &Expr) -> bool {
    part.as_literal().and_then(Value::as_str) == Some("")
}

// Each run of blanks and line breaks becomes one blank, and nothing at the ends of the message or behind another blank.
fn fold(value: &mut Value, [is_first, is_last]: [bool; 2], blank: bool) -> bool {
    let Value::String(text) = &*value else { return false };
    let mut folded = String::with_capacity(text.len());
    let mut is_blank = blank || is_first;
    for character in text.chars() {
        let is_space = matches!(character, ' ' | '\t' | '\r' | '\n');
        if !is_space {
            folded.push(character);
        } else if !is_blank {
            folded.push(' ');
        }
        is_blank = is_space;
    }
    if is_last {
        folded.truncate(folded.trim_end().len());
    }
    *value = Value::string(&folded);
    is_blank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceMap, hcl};

    fn literal(text: &str) -> Expr {
        let file = SourceMap::default().add("x", "");
        Expr { kind: Kind::Literal(Value::string(text)), span: hcl::span_of(file, None) }
    }

    #[test]
    fn lines_become_one() {
        for (text, first, last, expected) in [
            ("one\ntwo\n", true, true, "one two"),
            ("\n  one  \n\n  two\n\n", true, true, "one two"),
            (" is\nlong and ", false, false, " is long and "),
            ("\n", false, true, ""),
            ("\n", true, false, ""),
            ("\n", false, false, " "),
            ("a\n", true, false, "a "),
        ] {
            let mut value = Value::string(text);
            fold(&mut value, [first, last], false);
            assert_eq!(value.as_str(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_message_of_one_line_stays_as_it_is() {
        for text in ["one line ", "  two  words"] {
            let message = on_one_line(literal(text));
            assert_eq!(message.as_literal().and_then(Value::as_str), Some(text));
        }
    }
}
