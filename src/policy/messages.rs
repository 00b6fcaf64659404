//! Messages are one sentence on one line, however they are written.

use crate::expr::{Expr, Kind};
use crate::value::Value;

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
