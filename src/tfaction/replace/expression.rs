//! A regular expression of JavaScript in the words of the regex crate.
//!
//! The two mean nearly the same. In JavaScript `\d`, `\w` and `\b` are about ASCII only, and within brackets `[`, `&&`,
//! `--` and `~~` are plain characters. All else is handed on as it is.

use std::iter::Peekable;
use std::str::Chars;

pub(super) fn translate(regexp: &str) -> String {
    let mut result = String::with_capacity(regexp.len() + 16);
    let mut chars = regexp.chars().peekable();
    let mut is_set = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => escape(&mut chars, is_set, &mut result),
            '[' if !is_set => {
                is_set = true;
                result.push('[');
                result.extend(chars.next_if_eq(&'^'));
                // In JavaScript `[]` is closed at once, and nothing is in it.
                if chars.next_if_eq(&']').is_some() {
                    is_set = false;
                    let is_all = result.ends_with('^');
                    result.truncate(result.len() - if is_all { 2 } else { 1 });
                    result.push_str(if is_all { r"[\s\S]" } else { r"[^\s\S]" });
                }
            }
            ']' if is_set => {
                is_set = false;
                result.push(']');
            }
            // A dash that another one follows is a character, too.
            '-' if is_set && chars.peek() == Some(&'-') => result.push_str(r"\-"),
            '[' | '&' | '~' if is_set => {
                result.push('\\');
                result.push(char);
            }
            other => result.push(other),
        }
    }
    result
}

fn escape(chars: &mut Peekable<Chars<'_>>, is_set: bool, result: &mut String) {
    let Some(char) = chars.next() else { return result.push('\\') };
    match (char, is_set) {
        ('d', true) => result.push_str("0-9"),
        ('d', false) => result.push_str("[0-9]"),
        ('D', _) => result.push_str("[^0-9]"),
        ('w', true) => result.push_str("0-9A-Za-z_"),
        ('w', false) => result.push_str("[0-9A-Za-z_]"),
        ('W', _) => result.push_str("[^0-9A-Za-z_]"),
        ('b', true) => result.push_str(r"\x08"),
        ('b', false) => result.push_str(r"(?-u:\b)"),
        // Here `\<` and `\>` are ends of words, in JavaScript characters.
        ('<' | '>', _) => result.push(char),
        _ => {
            result.push('\\');
            result.push(char);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn classes_are_about_ascii_and_brackets_hold_characters() {
        let table = [
            (r"a\/b", r"a\/b"),
            (r"\d\D", "[0-9][^0-9]"),
            (r"[^\d\-]", r"[^0-9\-]"),
            (r"\b\w", r"(?-u:\b)[0-9A-Za-z_]"),
            ("[[&~]]", r"[\[\&\~]]"),
            ("[]|[^]", r"[^\s\S]|[\s\S]"),
            (r"\[[a]", r"\[[a]"),
            ("[a--b]", r"[a\--b]"),
            (r"\<", "<"),
            ("\\", "\\"),
        ];
        for (javascript, rust) in table {
            assert_eq!(translate(javascript), rust);
        }
    }
}
