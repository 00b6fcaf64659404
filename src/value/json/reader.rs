//! A cursor over JSON text that a parser has accepted.

use std::borrow::Cow;

use super::words::quote_or_escape;
use super::{MAX_DEPTH, OpenError};

/// A cursor over JSON text.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte offset of what comes next.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.byte()
    }

    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), OpenError> {
        if self.peek() != Some(byte) {
            return Err(OpenError::Malformed);
        }
        self.at += 1;
        Ok(())
    }

    pub(crate) fn object(
        &mut self,
        depth: usize,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        self.expect(b'{')?;
        if depth > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
        if self.peek() == Some(b'}') {
            return self.expect(b'}');
        }
        loop {
            self.peek();
            let name = self.string()?;
            self.expect(b':')?;
            member(self, &name)?;
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                return self.expect(b'}');
            }
        }
    }

    pub(crate) fn array(
        &mut self,
        depth: usize,
        mut item: impl FnMut(&mut Self) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        self.expect(b'[')?;
        if depth > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
        if self.peek() == Some(b']') {
            return self.expect(b']');
        }
        loop {
            item(self)?;
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                return self.expect(b']');
            }
        }
    }

    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, OpenError> {
        let start = self.at;
        if !self.skip_string()? {
            let inside = self.text.get(start + 1..self.at - 1);
            return inside.map(Cow::Borrowed).ok_or(OpenError::Malformed);
        }
        let quoted = self.text.get(start..self.at).ok_or(OpenError::Malformed)?;
        let read = serde_json::from_str(quoted).or_else(|_| serde_json::from_str(&without_halves(quoted)));
        read.map(Cow::Owned).map_err(|_| OpenError::Malformed)
    }

    /// Passes over a string; whether there was an escape in it.
    fn skip_string(&mut self) -> Result<bool, OpenError> {
        if self.byte() != Some(b'"') {
            return Err(OpenError::Malformed);
        }
        self.at += 1;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let next = quote_or_escape(rest).ok_or(OpenError::Malformed)?;
            self.at += next + 1;
            if rest.get(next) == Some(&b'"') {
                return Ok(escaped);
            }
            escaped = true;
            self.at += 1;
        }
    }

    pub(crate) fn scalar(&mut self) -> Result<&'a str, OpenError> {
        if self.peek() == Some(b'"') {
            let start = self.at;
            self.skip_string()?;
            return self.text.get(start..self.at).ok_or(OpenError::Malformed);
        }
        let start = self.at;
        while matches!(self.byte(), Some(b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' | b'-' | b'+' | b'.')) {
            self.at += 1;
        }
        match self.text.get(start..self.at) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(OpenError::Malformed),
        }
    }

    /// Passes over one value without opening it; no recursion, so any depth is fine.
    pub(crate) fn skip(&mut self) -> Result<(), OpenError> {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => {
                    open += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    open = open.checked_sub(1).ok_or(OpenError::Malformed)?;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => self.at += 1,
                Some(b'"') => {
                    self.skip_string()?;
                }
                Some(_) => {
                    self.scalar()?;
                }
                None => return Err(OpenError::Malformed),
            }
            if open == 0 {
                return Ok(());
            }
        }
    }
}

// A text in quotes with each half of a pair of surrogates that stands alone replaced, as Terraform reads it.
fn without_halves(quoted: &str) -> String {
    let mut out = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            _ => 2,
        };
        let (escape, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}

// The number of an escape `\u0041` that a text begins with.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}
