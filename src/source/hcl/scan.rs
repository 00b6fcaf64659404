//! A look at HCL text without parsing it: brackets, strings, comments and where the members of a body begin.
//!
//! The parser is strict about line breaks, slow on large objects, and does not say where a name was defined first.
//! [`joined`], [`crowded`], [`first_definition`], [`without_repeated`] and [`with_small_numbers`] make up for that, and [`outline`]
//! says what a file means for other directories at a fraction of the parser's cost. On text that is no HCL the answers may be wrong, and the
//! parser has the last word; nothing here fails or recurses.

use std::ops::Range;

use memchr::{memchr, memmem};
use rustc_hash::FxHashMap;

mod numbers;

pub(super) use numbers::{with_small_numbers, with_small_numbers_inside};

/// What encloses a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// `( … )` or `[ … ]`
    Bracket,
    /// The body of a block or file.
    Body { fresh: bool, members: usize },
    /// `{ … }` with members.
    Object { fresh: bool, members: usize },
    /// `{ for … }`
    For,
    /// `"…"`
    Quoted,
    /// `${ … }` or `%{ … }`
    Interpolation,
    /// A heredoc, with the range of its end marker.
    Heredoc { start: usize, end: usize },
}

enum Event {
    /// A member of a body or object begins here.
    Member(usize),
    /// A line break, as far as it stands in code.
    Newline(usize),
    Comment(Range<usize>),
    /// An object literal ends that had so many members.
    Object(usize),
    Other,
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    frames: Vec<Frame>,
    /// The last byte of code that is no blank.
    last: u8,
    /// The line break here ends a heredoc's marker.
    behind_heredoc: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        let frames = vec![Frame::Body { fresh: true, members: 0 }];
        Self { bytes: text.as_bytes(), at: 0, frames, last: b'\n', behind_heredoc: false }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn top(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame::Body { fresh: false, members: 0 })
    }

    fn next(&mut self) -> Option<Event> {
        if self.at >= self.bytes.len() {
            return None;
        }
        Some(match self.top() {
            Frame::Quoted => self.quoted(),
            Frame::Heredoc { start, end } => self.heredoc(start..end),
            _ => self.code(),
        })
    }

    fn quoted(&mut self) -> Event {
        match self.peek(0) {
            b'\\' => self.at += 2,
            b'"' | b'\n' => {
                self.frames.pop();
                self.at += 1;
            }
            _ => self.text(),
        }
        Event::Other
    }

    // A character of a template, or what begins inside of it.
    fn text(&mut self) {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'$', b'$', b'{') | (b'%', b'%', b'{') => self.at += 3,
            (b'$' | b'%', b'{', _) => {
                self.frames.push(Frame::Interpolation);
                self.last = b'{';
                self.at += 2;
            }
            // A heredoc may end with the next line.
            (b'\n', ..) => self.at += 1,
            _ => {
                self.at += 1;
                self.skip(|byte| !matches!(byte, b'\\' | b'"' | b'\n' | b'$' | b'%'));
            }
        }
    }

    // Passes over bytes that mean nothing one by one.
    fn skip(&mut self, means_nothing: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !means_nothing(*byte)).unwrap_or(rest.len());
    }

    fn heredoc(&mut self, marker: Range<usize>) -> Event {
        let starts_line = self.at.checked_sub(1).and_then(|before| self.bytes.get(before)) == Some(&b'\n');
        if starts_line {
            let line_end = self.line_end();
            let line = self.bytes.get(self.at..line_end).unwrap_or_default().trim_ascii();
            if Some(line) == self.bytes.get(marker) {
                self.frames.pop();
                self.at = line_end;
                self.last = b'"';
                self.behind_heredoc = true;
                return Event::Other;
            }
        }
        self.text();
        Event::Other
    }

    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + memchr(b'\n', rest).unwrap_or(rest.len())
    }

    fn code(&mut self) -> Event {
        let start = self.at;
        match (self.peek(0), self.peek(1)) {
            (b'\n', _) => return self.newline(),
            (b' ' | b'\t' | b'\r', _) => {
                self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
                return Event::Other;
            }
            (b'#', _) | (b'/', b'/') => {
                self.at = self.line_end();
                return Event::Comment(start..self.at);
            }
            (b'/', b'*') => {
                let rest = self.bytes.get(start + 2..).unwrap_or_default();
                let length = rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |at| at + 2);
                self.at = start + 2 + length;
                return Event::Comment(start..self.at);
            }
            _ => {}
        }
        let member = self.begin_member();
        let event = self.significant();
        if let Event::Other = event
            && member
        {
            Event::Member(start)
        } else {
            event
        }
    }

    fn newline(&mut self) -> Event {
        let at = self.at;
        self.at += 1;
        self.refresh();
        self.last = b'\n';
        if std::mem::take(&mut self.behind_heredoc) { Event::Other } else { Event::Newline(at) }
    }

    fn refresh(&mut self) {
        if let Some(Frame::Body { fresh, .. } | Frame::Object { fresh, .. }) = self.frames.last_mut() {
            *fresh = true;
        }
    }

    // Whether a member begins with the byte here.
    fn begin_member(&mut self) -> bool {
        let closes = matches!(self.peek(0), b'}' | b',');
        match self.frames.last_mut() {
            Some(Frame::Body { fresh, members } | Frame::Object { fresh, members }) if *fresh && !closes => {
                *fresh = false;
                *members += 1;
                true
            }
            _ => false,
        }
    }

    fn significant(&mut self) -> Event {
        let byte = self.peek(0);
        let mut event = Event::Other;
        match (byte, self.peek(1)) {
            (b'"', _) => self.frames.push(Frame::Quoted),
            (b'<', b'<') if self.begin_heredoc() => return Event::Other,
            (b'(' | b'[', _) => self.frames.push(Frame::Bracket),
            (b'{', _) => {
                let frame = self.brace();
                self.frames.push(frame);
            }
            (b')' | b']' | b'}', _) if self.frames.len() > 1 => {
                if let Some(Frame::Object { members, .. }) = self.frames.pop() {
                    event = Event::Object(members);
                }
            }
            (b',', _) => self.refresh(),
            _ => {}
        }
        self.last = byte;
        self.at += 1;
        // The rest of a word. A number is none: a `-` behind it begins something new.
        if byte.is_ascii_alphabetic() {
            self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            self.last = self.bytes.get(self.at - 1).copied().unwrap_or(byte);
        }
        event
    }

    // `name {` and `"label" {` open a body, everything else an object.
    fn brace(&self) -> Frame {
        let is_block = self.last == b'"' || self.last.is_ascii_alphanumeric() || matches!(self.last, b'_' | b'-');
        if is_block && matches!(self.top(), Frame::Body { .. }) {
            return Frame::Body { fresh: true, members: 0 };
        }
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default().trim_ascii_start();
        let is_for = rest.strip_prefix(b"for").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_whitespace));
        if is_for { Frame::For } else { Frame::Object { fresh: true, members: 0 } }
    }

    fn begin_heredoc(&mut self) -> bool {
        let start = self.at + 2 + usize::from(self.peek(2) == b'-');
        let line_end = self.line_end();
        let marker = self.bytes.get(start..line_end).unwrap_or_default().trim_ascii_end();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
        if marker.is_empty() || !marker.iter().all(is_name) {
            return false;
        }
        self.frames.push(Frame::Heredoc { start, end: start + marker.len() });
        self.at = (line_end + 1).min(self.bytes.len());
        true
    }
}

/// The text with the line breaks and comments inside of brackets as blanks, so that places stay; none if there are none.
/// Terraform ignores line breaks there.
pub(super) fn joined(text: &str) -> Option<String> {
    let mut scanner = Scanner::new(text);
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    loop {
        let ignores = matches!(scanner.top(), Frame::Bracket | Frame::Interpolation | Frame::For);
        let Some(event) = scanner.next() else { break };
        let range = match event {
            Event::Newline(at) => at.saturating_sub(1)..at + 1,
            Event::Comment(range) => range,
            _ => continue,
        };
        let cleared = bytes.get_mut(range).filter(|_| ignores).unwrap_or_default();
        let is_line_break = cleared.len() == 2 && cleared.last() == Some(&b'\n');
        for (index, byte) in cleared.iter_mut().enumerate() {
            // Before a line break only a carriage return goes.
            if !is_line_break || index == 1 || *byte == b'\r' {
                *byte = b' ';
                changed = true;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|_| changed)
}

/// The comments of a text, in order. What stands in a string or heredoc is none.
pub(in crate::source) fn comments(text: &str) -> Vec<Range<usize>> {
    let mut scanner = Scanner::new(text);
    let mut comments = Vec::new();
    while let Some(event) = scanner.next() {
        if let Event::Comment(range) = event {
            comments.push(range.start..range.end.min(text.len()));
        }
    }
    comments
}

/// Where the object literals of a text become too large to parse: the work is the sum of the squares of their numbers
/// of members.
pub(super) fn crowded(text: &str, work: usize) -> Option<usize> {
    // A member has two bytes at least.
    let most = text.len() / 2;
    if most.saturating_mul(most) <= work {
        return None;
    }
    let mut scanner = Scanner::new(text);
    let mut left = work;
    while let Some(event) = scanner.next() {
        let members = match (event, scanner.top()) {
            (Event::Object(members), _) => members,
            // An object without end is as slow.
            (Event::Member(_), Frame::Object { members, .. }) if members.saturating_mul(members) > left => members,
            _ => continue,
        };
        match left.checked_sub(members.saturating_mul(members)) {
            Some(rest) => left = rest,
            None => return Some(scanner.at.min(text.len())),
        }
    }
    None
}

/// What a file means for the directories around its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The sources of its module calls, as far as they are plain texts.
    pub sources: Vec<String>,
    /// It says where state is kept (`backend` or `cloud`), which only a root module does.
    pub is_root: bool,
}

/// The outline of a file in native syntax, without parsing it.
#[must_use]
pub fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let may_call = has("module") && has("source");
    let may_keep_state = has("terraform") && (has("backend") || has("cloud"));
    if !may_call && !may_keep_state {
        return outline;
    }
    let mut scanner = Scanner::new(text);
    let mut block = "";
    loop {
        let depth = scanner.frames.len();
        let Some(event) = scanner.next() else { return outline };
        let Event::Member(at) = event else { continue };
        let name = text.get(at..).and_then(name_at).unwrap_or_default();
        match (depth, block, name) {
            (1, _, name) => block = name,
            (2, "module", "source") => outline.sources.extend(text.get(at..).and_then(plain_text).map(str::to_owned)),
            (2, "terraform", "backend" | "cloud") => outline.is_root = true,
            _ => {}
        }
    }
}

// `name = "text"`
fn plain_text(member: &str) -> Option<&str> {
    let (_, value) = member.split_once('=')?;
    let quoted = value.trim_start_matches([' ', '\t']).strip_prefix('"')?;
    quoted.get(..quoted.find(['"', '\n'])?).filter(|text| !text.contains(['\\', '$', '%']))
}

/// A member of a body, and an earlier one of the same name.
pub(super) struct Redefined {
    /// The name, where it comes again.
    pub(super) again: Range<usize>,
    /// The name, where it came first.
    pub(super) first: Range<usize>,
}

/// Of the member that begins at an offset: where the same body or object has its name first.
pub(super) fn first_definition(text: &str, offset: usize) -> Option<Redefined> {
    let name = name_at(text.get(offset..)?)?;
    let mut scanner = Scanner::new(text);
    let mut found: Vec<Option<usize>> = Vec::new();
    loop {
        found.resize(scanner.frames.len(), None);
        let Event::Member(at) = scanner.next()? else { continue };
        let slot = found.last_mut()?;
        if at == offset {
            let first = (*slot)?;
            return Some(Redefined { again: offset..offset + name.len(), first: first..first + name.len() });
        }
        let behind = text.get(at..).and_then(|rest| rest.strip_prefix(name));
        let is_same = behind.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(['=', ':']));
        if slot.is_none() && is_same {
            *slot = Some(at);
        }
    }
}

// A name, or a text in quotes.
fn name_at(text: &str) -> Option<&str> {
    let is_name = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '-');
    let end = match text.strip_prefix('"') {
        Some(rest) => rest.find('"')? + 2,
        None => text.find(|ch| !is_name(ch)).unwrap_or(text.len()),
    };
    text.get(..end).filter(|name| !name.is_empty())
}

/// Bytes of a key that are looked at, so that braces in braces do not cost their square.
const MAX_KEY: usize = 1024;

// All that stands before the `=` or `:` of a member: a name, a text, an expression.
fn key_at(text: &str) -> Option<&str> {
    let mut scanner = Scanner { frames: vec![Frame::Bracket], ..Scanner::new(text) };
    while scanner.frames.len() > 1 || !matches!(scanner.peek(0), b'=' | b':') {
        scanner.next()?;
        if scanner.at > MAX_KEY || (scanner.frames.len() == 1 && scanner.last == b'\n') {
            return None;
        }
    }
    text.get(..scanner.at).map(str::trim_end).filter(|key| !key.is_empty())
}

/// The members of an object so far: where each begins, and which one has a key.
#[derive(Default)]
struct Members<'t> {
    starts: Vec<usize>,
    by_key: FxHashMap<&'t str, usize>,
}

/// The text with all members of an object but the last of each key as blanks, as they count for nothing in Terraform;
/// none if there are no equal keys.
pub(super) fn without_repeated(text: &str) -> Option<String> {
    let mut scanner = Scanner::new(text);
    let mut bytes = text.as_bytes().to_vec();
    let mut open: Vec<Members<'_>> = Vec::new();
    let mut changed = false;
    loop {
        let is_object = matches!(scanner.top(), Frame::Object { .. });
        open.resize_with(scanner.frames.len(), Members::default);
        let Some(event) = scanner.next() else { break };
        let (Event::Member(at), Some(members), true) = (event, open.last_mut(), is_object) else { continue };
        members.starts.push(at);
        let Some(key) = text.get(at..).and_then(key_at) else { continue };
        let Some(earlier) = members.by_key.insert(key, members.starts.len() - 1) else { continue };
        let range = members.starts.get(earlier).zip(members.starts.get(earlier + 1));
        if let Some(member) = range.and_then(|(start, end)| bytes.get_mut(*start..*end)) {
            member.fill(b' ');
            changed = true;
        }
    }
    String::from_utf8(bytes).ok().filter(|_| changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_inside_of_brackets_go_and_places_stay() {
        let table = [
            ("a = [\n  1 # one\n]\n", "a = [   1       ]\n"),
            ("a = f(\r\n1)\nb = 2", "a = f(  1)\nb = 2"),
            ("a = { for k in x :\n k => 1 }\n", "a = { for k in x :  k => 1 }\n"),
            ("a = \"${\nx}\"\n", "a = \"${ x}\"\n"),
        ];
        for (text, expected) in table {
            assert_eq!(joined(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["a {\n b = 1\n}\n", "a = {\n b = 1\n}\n", "a = <<E\n(\n[\nE\nb = 1\n", "a = \"[\"\nb = \"]\"\n"] {
            assert_eq!(joined(text), None, "{text}");
        }
    }

    #[test]
    fn members_of_objects_are_counted_and_those_of_bodies_are_not() {
        let many = (0..100).fold(String::new(), |text, number| text + &format!("k{number} = 1\n"));
        assert!(crowded(&format!("a = {{\n{many}}}\n"), 100 * 100 - 1).is_some());
        assert!(crowded(&format!("a = {{\n{many}}}\n"), 100 * 100).is_none());
        assert!(crowded(&format!("a {{\n{many}}}\n"), 1000).is_none());
        assert!(crowded(&format!("a = {{\n{many}"), 1000).is_some(), "without an end");
    }

    #[test]
    fn the_first_definition_is_that_of_the_same_body() {
        let text = "x = 1\nb {\n  x = 2\n  c {\n    x = 3\n  }\n  x = 4\n}\n";
        let second = text.rfind('x').unwrap();
        let first = text.find("x = 2").unwrap();
        let found = first_definition(text, second).unwrap();
        assert_eq!((found.again, found.first), (second..second + 1, first..first + 1));
    }

    #[test]
    fn of_equal_keys_the_last_stays() {
        let table = [
            ("a = { x = 1, y = 2, x = 3 }", "a = {        y = 2, x = 3 }"),
            ("a = {\n\"x\" = { z = 1 }\n\"x\" = 3\n}", "a = {\n                \"x\" = 3\n}"),
            ("a = { (v.x) = 1, (v.x) = 2 }", "a = {            (v.x) = 2 }"),
            ("a = { v[\"=\"] : 1, v[\"=\"] : 2 }", "a = {             v[\"=\"] : 2 }"),
            ("a = { x = { x = 1, x = 2 } }", "a = { x = {        x = 2 } }"),
            ("a = { x = 1, x = 2, x = 3 }", "a = {               x = 3 }"),
        ];
        for (text, expected) in table {
            assert_eq!(without_repeated(text).as_deref(), Some(expected));
        }
        for text in ["a = { x = { y = 1 }, y = 2 }", "b {\n x = 1\n x = 2\n}", "a = [{ x = 1 }, { x = 2 }]"] {
            assert_eq!(without_repeated(text), None, "{text}");
        }
    }

    #[test]
    fn an_outline_has_local_calls_and_backends() {
        let text = "module \"a\" {\n  source = \"./a\" # here\n}\nmodule \"b\" { source = \"x/y/aws\" }\n\
                    resource \"r\" \"module\" {\n  source = \"./c\"\n  module {\n source = \"./d\" }\n}\n";
        assert_eq!(outline(text), Outline { sources: vec!["./a".to_owned(), "x/y/aws".to_owned()], is_root: false });
        assert!(outline("terraform {\n  required_version = \"1\"\n  backend \"s3\" {}\n}\n").is_root);
        assert!(outline("terraform {\n  cloud {\n  }\n}\n").is_root);
        assert!(!outline("locals {\n  cloud = 1\n}\nterraform {\n  x {\n  backend = 1\n }\n}\n").is_root);
    }
}
