//! Messages are one sentence on one line, however they are written.

use crate::expr::{Expr, Kind};
use crate::value::Value;

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
