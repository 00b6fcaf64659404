//! Terraform's regular expressions are Go's. Those of the `regex` crate are nearly the same: both run in linear time.
//! [`translate`] rewrites what differs, so that a pattern means here what it means there.
//!
//! What stays different: `\B` and `(?i)` look at Unicode, and a few malformed patterns are accepted.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Look, LookSet};

use super::limits::MAX_PATTERN;

/// Repetitions that Go's engine accepts.
const MAX_REPEAT: u32 = 1000;

/// Characters in the braces of a repetition; more are too large a number anyway.
const MAX_BOUNDS: usize = 24;

/// Compiles a pattern of Go's syntax.
pub(super) fn compile(source: &str) -> Result<Regex, String> {
    if source.len() > MAX_PATTERN {
        return Err(too_large());
    }
    let translated = translate(source).ok_or_else(|| format!("\"{source}\" is no regular expression"))?;
    let compiled = RegexBuilder::new(&translated).size_limit(MAX_PATTERN).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => too_large(),
        _ => format!("\"{source}\" is no regular expression"),
    })
}

/// Where a piece of a text stands in it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) first: bool,
    pub(super) last: bool,
}

/// What a pattern asks of the text around a match: `^` and `$` want its ends, `\b` looks at its neighbours.
pub(super) struct Looks(Option<LookSet>);

impl Looks {
    /// Whether a match in the piece is one in the whole text, whatever the rest of it is.
    pub(super) fn fit(&self, place: Place) -> bool {
        let Self(Some(looks)) = self else { return false };
        looks.iter().all(|look| match look {
            Look::Start => place.first,
            Look::End => place.last,
            _ => false,
        })
    }
}

/// See [`Looks`].
pub(super) fn looks(pattern: &Regex) -> Looks {
    Looks(regex_syntax::parse(pattern.as_str()).ok().map(|parsed| parsed.properties().look_set()))
}

fn too_large() -> String {
    format!("the regular expression takes more than {MAX_PATTERN} bytes")
}

/// The name of a group as the pattern has it: see [`group_name`].
pub(super) fn original(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, name)| name)
}

/// The pattern in the syntax of the `regex` crate; `None` if Go refuses it.
fn translate(source: &str) -> Option<String> {
    let mut out = String::with_capacity(source.len());
    let mut names = Vec::new();
    let mut rest = source.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => escape(&mut rest, &mut out)?,
            '[' => class(&mut rest, &mut out)?,
            '(' => group(&mut rest, &mut out, &mut names)?,
            '{' => brace(&mut rest, &mut out)?,
            '*' | '+' | '?' => {
                out.push(character);
                repeat_once(&mut rest, &mut out)?;
            }
            other => out.push(other),
        }
    }
    Some(out)
}

// Classes of ASCII, as Go has them; `None` for what is the same in both.
fn perl_class(letter: char, inside: bool) -> Option<&'static str> {
    Some(match (letter, inside) {
        ('d', true) => "0-9",
        ('d', false) => "[0-9]",
        ('D', _) => "[^0-9]",
        ('w', true) => "0-9A-Za-z_",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', _) => "[^0-9A-Za-z_]",
        ('s', true) => r"\t\n\f\r ",
        ('s', false) => r"[\t\n\f\r ]",
        ('S', _) => r"[^\t\n\f\r ]",
        _ => return None,
    })
}

fn escape(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    let letter = rest.next()?;
    if let Some(class) = perl_class(letter, false) {
        out.push_str(class);
        return Some(());
    }
    match letter {
        'b' => out.push_str(r"(?-u:\b)"),
        'Q' => quoted(rest, out),
        'E' => {}
        'A' | 'B' | 'z' => out.extend(['\\', letter]),
        other => return plain_escape(other, rest, out),
    }
    Some(())
}

// Everything between \Q and \E is itself.
fn quoted(rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    while let Some(character) = rest.next() {
        if character == '\\' && rest.next_if_eq(&'E').is_some() {
            return;
        }
        out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }
}

// Escapes of one character, in and out of classes.
fn plain_escape(letter: char, rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    match letter {
        'a' | 'f' | 'n' | 'r' | 't' | 'v' => out.extend(['\\', letter]),
        'x' | 'p' | 'P' => {
            out.extend(['\\', letter]);
            if rest.next_if_eq(&'{').is_some() {
                out.push('{');
                out.extend(rest.by_ref().take_while(|next| *next != '}'));
                out.push('}');
            }
        }
        '0'..='7' => octal(letter, rest, out)?,
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => {
            push_code(u32::from(other), out);
        }
        _ => return None,
    }
    Some(())
}

// \0, and \101 of up to three digits; \1 would be a reference to a group, which there is not.
fn octal(first: char, rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    let mut code = first.to_digit(8)?;
    if first != '0' && !matches!(rest.peek(), Some('0'..='7')) {
        return None;
    }
    for _ in 0..2 {
        let Some(digit) = rest.next_if(|digit| digit.is_digit(8)) else { break };
        code = code * 8 + digit.to_digit(8)?;
    }
    push_code(code, out);
    Some(())
}

fn push_code(code: u32, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\\x{{{code:x}}}");
}

fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if rest.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut first = true;
    loop {
        let character = rest.next()?;
        match character {
            ']' if !first => break,
            '[' if rest.peek() == Some(&':') => named_class(rest, out)?,
            '\\' => {
                let letter = rest.next()?;
                match perl_class(letter, true) {
                    Some(class) => out.push_str(class),
                    None => plain_escape(letter, rest, out)?,
                }
            }
            '-' => hyphen(rest, out, first)?,
            // The crate has set operations, nested classes and `~~`.
            '[' | ']' | '&' | '~' => out.extend(['\\', character]),
            other => out.push(other),
        }
        first = false;
    }
    out.push(']');
    Some(())
}

// A hyphen at either end is itself; a second one in a row ends nothing and is refused.
fn hyphen(rest: &mut Peekable<Chars<'_>>, out: &mut String, first: bool) -> Option<()> {
    let class_before = ["0-9", "0-9A-Za-z_", r"\f\r "].iter().any(|end| out.ends_with(end));
    match rest.peek()? {
        _ if first || class_before => out.push_str(r"\-"),
        ']' => out.push_str(r"\-"),
        '-' => return None,
        _ => out.push('-'),
    }
    Some(())
}

// `[:alpha:]`, or a bracket that only looks like one.
fn named_class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    let ahead: String = rest.clone().take(12).collect();
    match ahead.find(":]").and_then(|end| ahead.get(..end + 2)) {
        Some(name) if name.len() > 3 => {
            out.push('[');
            out.push_str(name);
            rest.nth(name.chars().count() - 1)?;
        }
        _ => out.push_str(r"\["),
    }
    Some(())
}

// Go knows the flags i, m, s and U, and no look-around (which the crate refuses as well).
fn group(rest: &mut Peekable<Chars<'_>>, out: &mut String, names: &mut Vec<String>) -> Option<()> {
    out.push('(');
    if rest.next_if_eq(&'?').is_none() {
        return Some(());
    }
    out.push('?');
    match rest.peek() {
        Some(')') => out.push(':'),
        Some('<') => return group_name(rest, out, names),
        _ => {}
    }
    while let Some(flag) = rest.next_if(|flag| flag.is_ascii_alphabetic() || *flag == '-') {
        out.push(flag);
        match flag {
            'P' => return group_name(rest, out, names),
            'i' | 'm' | 's' | 'U' | '-' => {}
            _ => return None,
        }
    }
    Some(())
}

// A name of Go may begin with a digit and come twice. Here such a name has its number before it, and a point, which none
// of Go has.
fn group_name(rest: &mut Peekable<Chars<'_>>, out: &mut String, names: &mut Vec<String>) -> Option<()> {
    rest.next_if_eq(&'<')?;
    let name: String = rest.by_ref().take_while(|next| *next != '>').collect();
    let is_word = |next: char| next.is_ascii_alphanumeric() || next == '_';
    if name.is_empty() || !name.chars().all(is_word) {
        return None;
    }
    let is_plain = !name.starts_with(|first: char| first.is_ascii_digit()) && !names.contains(&name);
    let prefix = if is_plain { String::new() } else { format!("_{}.", names.len()) };
    let _ = write!(out, "<{prefix}{name}>");
    names.push(name);
    Some(())
}

// `{` begins a repetition only if a whole one follows.
fn brace(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    let Some(bounds) = bounds(rest) else {
        out.push_str(r"\{");
        return Some(());
    };
    let fits = |text: &str| text.is_empty() || text.parse::<u32>().is_ok_and(|count| count <= MAX_REPEAT);
    if !bounds.split(',').all(fits) {
        return None;
    }
    out.push('{');
    out.push_str(&bounds);
    out.push('}');
    rest.nth(bounds.len())?;
    repeat_once(rest, out)
}

// What stands in the braces of a repetition, `2`, `2,` or `2,3`, if that comes next.
fn bounds(rest: &Peekable<Chars<'_>>) -> Option<String> {
    let bounds: String =
        rest.clone().take_while(|next| next.is_ascii_digit() || *next == ',').take(MAX_BOUNDS).collect();
    let (min, max) = bounds.split_once(',').unwrap_or((&bounds, ""));
    let closed = rest.clone().nth(bounds.len()) == Some('}');
    (closed && !min.is_empty() && !max.contains(',')).then_some(bounds)
}

// Behind a repetition may be one `?`, and no other repetition.
fn repeat_once(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    if rest.next_if_eq(&'?').is_some() {
        out.push('?');
    }
    match rest.peek() {
        Some('*' | '+' | '?') => None,
        Some('{') => {
            let mut inner = rest.clone();
            inner.next();
            bounds(&inner).is_none().then_some(())
        }
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_understands_is_rewritten() {
        let table = [
            (r"\d+", "[0-9]+"),
            (r"[\w-]", r"[0-9A-Za-z_\-]"),
            ("[[]", r"[\[]"),
            ("[]a]", r"[\]a]"),
            ("a{,2}", r"a\{,2}"),
            ("a{1,2}", "a{1,2}"),
            (r"\Qa.b\E.", r"a\.b."),
            (r"\<", r"\x{3c}"),
            (r"\101", r"\x{41}"),
            ("[a&&b]", r"[a\&\&b]"),
            ("[[:alpha:]_]", "[[:alpha:]_]"),
            ("(?P<n>a)(?<n>b)(?P<1>c)", "(?P<n>a)(?<_1.n>b)(?P<_2.1>c)"),
        ];
        for (source, expected) in table {
            assert_eq!(translate(source).as_deref(), Some(expected), "{source}");
            assert!(compile(source).is_ok(), "{source}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for source in [
            "(",
            "a**",
            "a++",
            "x{1001}",
            r"\Z",
            r"\1",
            "(?x)a",
            "[z-a]",
            "[a",
            r"\",
            "(?=a)",
            "[a--b]",
            "(?P<a.b>c)",
            "(?<>a)",
        ] {
            assert!(compile(source).is_err(), "{source}");
        }
    }

    #[test]
    fn a_large_pattern_is_an_error() {
        let message = compile(r"(\pL{1000}){100}").unwrap_err();
        assert_eq!(message, "the regular expression takes more than 2500000 bytes");
    }
}
