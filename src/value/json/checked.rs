//! A cursor over text that is JSON or not: it passes over values and checks each byte of them (RFC 8259), as a parser does,
//! but makes nothing of them.

use super::words::end_of_plain;

/// A cursor over text that may be JSON. `None` always means that it is none, or was cut off.
pub(crate) struct Checked<'a> {
    text: &'a str,
    at: usize,
    /// For each bracket that is open, whether it is a brace.
    open: Vec<bool>,
}

impl<'a> Checked<'a> {
    /// A cursor at an offset.
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, open: Vec::new() }
    }

    /// Whether a text is one value and nothing else.
    pub(crate) fn is_value(text: &str) -> bool {
        let mut checked = Checked::new(text, 0);
        checked.value().is_some() && checked.peek().is_none()
    }

    /// The byte offset of what comes next.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Goes on at another offset.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// What is left of the text.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return Some(other),
            }
        }
    }

    /// Passes over a byte, if it comes next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Behind a member of a list or an object: whether another one comes, or `closing`.
    pub(crate) fn next(&mut self, closing: u8) -> Option<bool> {
        if self.eat(b',') {
            return Some(true);
        }
        self.eat(closing).then_some(false)
    }

    /// The name of a member, in quotes as it is written; behind it comes the value.
    pub(crate) fn name(&mut self) -> Option<&'a str> {
        self.peek()?;
        let name = self.string()?;
        self.eat(b':').then_some(name)
    }

    /// A string, in quotes as it is written.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.pass_string()?;
        self.text.get(start..self.at)
    }

    fn pass_string(&mut self) -> Option<()> {
        if self.byte()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            self.at += end_of_plain(self.text.as_bytes().get(self.at..)?)?;
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    fn pass_name(&mut self) -> Option<()> {
        self.peek()?;
        self.pass_string()?;
        self.eat(b':').then_some(())
    }

    fn escape(&mut self) -> Option<()> {
        self.at += 1;
        let length = match self.byte()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 1,
            b'u' => {
                let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(5)?
            }
            _ => return None,
        };
        self.at += length;
        Some(())
    }

    /// One value as it is written. It may be nested to any depth.
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        self.open.clear();
        loop {
            let is_begun = match self.peek()? {
                b'"' => self.pass_string().map(|()| false)?,
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    self.enter(bracket == b'{')?
                }
                b'-' | b'0'..=b'9' => self.number().map(|()| false)?,
                _ => self.word().map(|()| false)?,
            };
            if !is_begun && self.leave()? {
                return self.text.get(start..self.at);
            }
        }
    }

    /// The same where it is likely to be a value that was passed over before.
    pub(crate) fn value_like(&mut self, known: Option<&str>) -> Option<&'a str> {
        self.peek()?;
        let rest = self.rest();
        if let Some(known) = known
            && rest.starts_with(known)
            && matches!(rest.as_bytes().get(known.len()), Some(b',' | b'}' | b']'))
        {
            self.at += known.len();
            return rest.get(..known.len());
        }
        self.value()
    }

    // Behind an opening bracket. Whether a value comes next; none does in an empty pair.
    fn enter(&mut self, is_brace: bool) -> Option<bool> {
        if self.eat(if is_brace { b'}' } else { b']' }) {
            return Some(false);
        }
        if is_brace {
            self.pass_name()?;
        }
        self.open.push(is_brace);
        Some(true)
    }

    // Behind a value: closes what ends there. Whether nothing is open any more; if not, a value comes next.
    fn leave(&mut self) -> Option<bool> {
        while let Some(is_brace) = self.open.last().copied() {
            if self.eat(b',') {
                if is_brace {
                    self.pass_name()?;
                }
                return Some(false);
            }
            if !self.eat(if is_brace { b'}' } else { b']' }) {
                return None;
            }
            self.open.pop();
        }
        Some(true)
    }

    fn word(&mut self) -> Option<()> {
        let rest = self.rest();
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
        self.at += word.len();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> bool {
        let mut checked = Checked::new(text, 0);
        checked.value().is_some_and(|value| value == text.trim_matches([' ', '\n', '\r', '\t']))
            && checked.peek().is_none()
    }

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    }

    #[test]
    fn a_value_is_what_a_parser_takes() {
        for text in [
            "",
            "null",
            "nul",
            "true",
            "truefalse",
            "-",
            "-0",
            "01",
            "0.",
            "1.5e",
            "1E+5",
            "1e-05",
            ".5",
            "+1",
            "[",
            "[]",
            "[,]",
            "[1,]",
            "[1 2]",
            "{}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":[{}, {\"b\" : null}]} ",
            "\"",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u00e\"",
            "\"\\ud800\"",
            "\"a\tb\"",
            "\"a\\tb\"",
            "}",
            "]",
            "[}",
            "{]",
            "\u{feff}1",
            "1 1",
        ] {
            assert_eq!(whole(text), is_json(text), "{text:?}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(whole(&deep));
    }

    #[test]
    fn a_value_like_another_ends_where_it_ends() {
        for (text, known, value) in [
            ("{\"a\":1},", "{\"a\":1}", "{\"a\":1}"),
            ("12,", "1", "12"),
            ("{\"a\":2},", "{\"a\":1}", "{\"a\":2}"),
            (" 1 ,", "1", "1"),
        ] {
            assert_eq!(Checked::new(text, 0).value_like(Some(known)), Some(value), "{text}");
        }
        assert_eq!(Checked::new("[1", 0).value_like(Some("[1]")), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_it_is_a_value_for_both_or_for_none(text in "[\\[\\]{}:,\"\\\\ntrufalse0-9eE.+ \\n\u{1}é-]{0,12}") {
            prop_assert_eq!(whole(&text), is_json(&text));
        }
    }
}
