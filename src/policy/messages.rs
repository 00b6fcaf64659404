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
    match &mut message.kind {
        Kind::Literal(value) => fold(value, true, true),
        Kind::Template(parts) => {
            let last = parts.len().saturating_sub(1);
            for (at, part) in parts.iter_mut().enumerate() {
                if let Kind::Literal(value) = &mut part.kind {
                    fold(value, at == 0, at == last);
                }
            }
        }
        _ => {}
    }
    message
}

// Each line break with the blanks around it becomes one blank, and nothing at the ends of the message.
fn fold(value: &mut Value, is_first: bool, is_last: bool) {
    let Value::String(text) = &*value else { return };
    if !text.contains('\n') {
        return;
    }
    let lines = text.split('\n').count();
    let mut folded = String::with_capacity(text.len());
    for (at, line) in text.split('\n').enumerate() {
        let line = if at == 0 && !is_first { line } else { line.trim_start() };
        let line = if at + 1 == lines && !is_last { line } else { line.trim_end() };
        let is_start = is_first && folded.is_empty();
        let is_end = at + 1 == lines && is_last && line.is_empty();
        if at > 0 && !is_start && !is_end && !folded.ends_with(' ') {
            folded.push(' ');
        }
        folded.push_str(line);
    }
    if is_last {
        folded.truncate(folded.trim_end().len());
    }
    *value = Value::string(&folded);
}

#[cfg(test)]
mod tests {
    use super::fold;
    use crate::value::Value;

    #[test]
    fn lines_become_one() {
        for (text, first, last, expected) in [
            ("one\ntwo\n", true, true, "one two"),
            ("\n  one  \n\n  two\n\n", true, true, "one two"),
            ("one line ", true, true, "one line "),
            (" is\nlong and ", false, false, " is long and "),
            ("\n", false, true, ""),
            ("\n", true, false, ""),
            ("\n", false, false, " "),
            ("a\n", true, false, "a "),
        ] {
            let mut value = Value::string(text);
            fold(&mut value, first, last);
            assert_eq!(value.as_str(), Some(expected), "{text:?}");
        }
    }
}
