//! The words of an address: names, and keys in brackets. Start at [`parse_reference`] and [`Steps`], which prints.
//!
//! Terraform writes keys in two ways, sometimes within one text: those of resources and modules quoted as HCL does
//! (`$${`, `\u0007`), those of attributes as Go does (`${`, `\a`). Both are read; HCL's is written.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use thiserror::Error;

/// What stands between brackets. Whole numbers sort before texts, and `0` is not `"0"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// An index: `[0]`.
    Int(i64),
    /// A key: `["a"]`.
    Str(Arc<str>),
    /// `[*]`: the key is not known, and the one stands for all instances there may be.
    Any,
}

/// One part of a reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A name: the first word, or what follows a dot.
    Name(Arc<str>),
    /// A key in brackets.
    Key(Key),
}

/// Prints steps as Terraform writes a reference.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a>(pub &'a [Step]);

/// Why a text is no address. Positions count characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddressError {
    /// A name is missing.
    #[error("a name is expected at character {at} of the address")]
    Name {
        /// Where.
        at: usize,
    },
    /// Behind a name or a key stands neither a dot nor a bracket.
    #[error("`.` or `[` is expected at character {at} of the address")]
    Separator {
        /// Where.
        at: usize,
    },
    /// The brackets hold neither a number nor a quoted text, or do not close.
    #[error("a number or a text in quotes, and then `]`, is expected at character {at} of the address")]
    Key {
        /// Where.
        at: usize,
    },
    /// A backslash with something unknown behind it.
    #[error("an escape such as `\\n` or `\\u0041` is expected at character {at} of the address")]
    Escape {
        /// Where: behind the backslash.
        at: usize,
    },
    /// An address, but not of a resource.
    #[error("this is not the address of a resource: write TYPE.NAME, with its modules and key if it has any")]
    NotAResource,
    /// An address, but not of a module.
    #[error("this is not the address of a module: write module.NAME, with its key if it has one")]
    NotAModule,
}

/// Takes a reference apart: `module.m["a.b"].out.x[0]`, `each.value.c`, `data.x.y.outputs.vpc`.
///
/// A number that is not whole, as in `var.m[1.5]`, is the key of a map, which makes it a text.
///
/// # Errors
///
/// Says what is expected where.
pub fn parse_reference(text: &str) -> Result<Vec<Step>, AddressError> {
    let mut cursor = Cursor::new(text);
    let mut steps = vec![Step::Name(cursor.name()?.into())];
    while !cursor.rest.is_empty() {
        steps.push(cursor.step()?);
    }
    Ok(steps)
}

/// Reads the words of an address one by one.
pub(super) struct Cursor<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Passes over a word and the dot behind it, if they are next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word).and_then(|rest| rest.strip_prefix('.'));
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The key that stands next, if a bracket opens.
    pub(super) fn key_if_any(&mut self) -> Result<Option<Key>, AddressError> {
        if self.eat("[") { self.key().map(Some) } else { Ok(None) }
    }

    fn step(&mut self) -> Result<Step, AddressError> {
        if self.eat(".") {
            self.name().map(|name| Step::Name(name.into()))
        } else if self.eat("[") {
            self.key().map(Step::Key)
        } else {
            Err(AddressError::Separator { at: self.at() })
        }
    }

    pub(super) fn name(&mut self) -> Result<&'a str, AddressError> {
        match self.take_while(is_name_character) {
            // Nothing was taken, so this is where a name is missing.
            "" => Err(AddressError::Name { at: self.at() }),
            name => Ok(name),
        }
    }

    fn key(&mut self) -> Result<Key, AddressError> {
        let key = if self.eat("\"") {
            Key::Str(self.quoted()?)
        } else if self.eat("*") {
            Key::Any
        } else {
            self.number()?
        };
        if self.eat("]") { Ok(key) } else { Err(AddressError::Key { at: self.at() }) }
    }

    fn number(&mut self) -> Result<Key, AddressError> {
        let start = self.rest;
        let text = self.take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e'));
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        if !unsigned.starts_with(|c: char| c.is_ascii_digit()) || text.parse::<f64>().is_err() {
            return Err(AddressError::Key { at: self.position(start) });
        }
        Ok(text.parse().map_or_else(|_| Key::Str(text.into()), Key::Int))
    }

    // The text up to the closing quote, which it takes away.
    fn quoted(&mut self) -> Result<Arc<str>, AddressError> {
        let mut text = String::new();
        loop {
            if self.eat("$${") {
                text.push_str("${");
                continue;
            }
            if self.eat("%%{") {
                text.push_str("%{");
                continue;
            }
            match self.next() {
                Some('"') => return Ok(text.into()),
                Some('\\') => text.push(self.escape()?),
                Some(character) => text.push(character),
                None => return Err(AddressError::Key { at: self.at() }),
            }
        }
    }

    fn escape(&mut self) -> Result<char, AddressError> {
        let start = self.rest;
        let character = match self.next() {
            Some(character @ ('"' | '\\' | '/')) => Some(character),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('a') => Some('\u{7}'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('v') => Some('\u{b}'),
            Some('x') => self.hexadecimal(2),
            Some('u') => self.hexadecimal(4),
            Some('U') => self.hexadecimal(8),
            _ => None,
        };
        character.ok_or_else(|| AddressError::Escape { at: self.position(start) })
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<char> {
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.next()?.to_digit(16)?;
        }
        char::from_u32(code)
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next();
        self.rest = characters.as_str();
        character
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|character| !accept(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn at(&self) -> usize {
        self.position(self.rest)
    }

    // Counting characters costs more than reading them, so only an error does it.
    fn position(&self, rest: &str) -> usize {
        self.text.chars().count() - rest.chars().count() + 1
    }
}

// Wider than HCL's identifiers, because resources are named by people and by tools, but no pattern such as `*`.
fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

impl fmt::Display for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if index == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "{key}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(index) => write!(f, "[{index}]"),
            Self::Str(text) => {
                f.write_str("[\"")?;
                write_quoted(f, text)?;
                f.write_str("\"]")
            }
            Self::Any => f.write_str("[*]"),
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<i64> for Key {
    fn from(index: i64) -> Self {
        Self::Int(index)
    }
}

// As `toHCLQuotedString` of Terraform's addrs package does it, seen in plans of Terraform 1.11.
fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '$' | '%' if characters.peek() == Some(&'{') => write!(f, "{character}{character}")?,
            _ if is_printable(character) => f.write_char(character)?,
            '\0'..='\u{ffff}' => write!(f, "\\u{:04x}", u32::from(character))?,
            _ => write!(f, "\\U{:08x}", u32::from(character))?,
        }
    }
    Ok(())
}

// What Go's `unicode.IsPrint` takes for printable, of which Rust's debug output is the nearest. Behind another
// character, because at the start of a text it escapes combining marks too.
fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\0'..='\u{7f}' => false,
        _ => format!("a{character}").escape_debug().nth(1) == Some(character),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in super::super) fn any_name() -> impl Strategy<Value = Arc<str>> {
        "[a-z_][a-z0-9_-]{0,6}"
            .prop_filter("a keyword", |name| !["module", "data"].contains(&name.as_str()))
            .prop_map(Arc::from)
    }

    pub(in super::super) fn any_key() -> impl Strategy<Value = Key> {
        let special =
            prop::sample::select(vec!["\"", "\\", ".", "[", "]", "\n", "\r\t", "$", "%", "{", "}", "${", "%{"]);
        let piece = prop_oneof![special.prop_map(str::to_owned), any::<char>().prop_map(String::from)];
        let text = prop::collection::vec(piece, 0..8).prop_map(|pieces| Key::Str(pieces.concat().into()));
        prop_oneof![any::<i64>().prop_map(Key::Int), text]
    }

    fn key(text: &str) -> Result<Key, AddressError> {
        parse_reference(&format!("x{text}")).map(|steps| match steps.as_slice() {
            [_, Step::Key(key)] => key.clone(),
            other => panic!("{other:?}"),
        })
    }

    // Each pair is the `index` and the end of the `address` of one resource in a plan of Terraform 1.11.4.
    #[test]
    fn keys_are_written_as_terraform_does() {
        for (value, text) in [
            ("", r#"[""]"#),
            ("$", r#"["$"]"#),
            ("$$x", r#"["$$x"]"#),
            ("$${x}", r#"["$$${x}"]"#),
            ("${x}", r#"["$${x}"]"#),
            ("%", r#"["%"]"#),
            ("%{if}", r#"["%%{if}"]"#),
            ("[0]", r#"["[0]"]"#),
            ("a\"b", r#"["a\"b"]"#),
            ("back\\slash", r#"["back\\slash"]"#),
            ("bell\u{7}", r#"["bell\u0007"]"#),
            ("dot.ted", r#"["dot.ted"]"#),
            ("e😀", r#"["e😀"]"#),
            ("nb\u{a0}sp", r#"["nb\u00a0sp"]"#),
            ("new\nline", r#"["new\nline"]"#),
            ("pua\u{e000}", r#"["pua\ue000"]"#),
            ("q'q", r#"["q'q"]"#),
            ("tab\tr\r", r#"["tab\tr\r"]"#),
            ("zw\u{200b}", r#"["zw\u200b"]"#),
            ("กำิ", r#"["กำิ"]"#),
            ("日本", r#"["日本"]"#),
            ("\u{e0001}", r#"["\U000e0001"]"#),
        ] {
            assert_eq!(Key::from(value).to_string(), text);
            assert_eq!(key(text), Ok(Key::from(value)));
        }
    }

    #[test]
    fn keys_of_attributes_are_quoted_as_go_does() {
        for (text, value) in [
            (r#"["new\nb\a"]"#, "new\nb\u{7}"),
            (r#"["x\n\u200b${y}"]"#, "x\n\u{200b}${y}"),
            (r#"["\b\f\v\x1b\/"]"#, "\u{8}\u{c}\u{b}\u{1b}/"),
        ] {
            assert_eq!(key(text), Ok(Key::from(value)));
        }
    }

    #[test]
    fn numbers_that_are_not_whole_are_keys_of_maps() {
        assert_eq!(key("[0]"), Ok(Key::Int(0)));
        assert_eq!(key("[-1]"), Ok(Key::Int(-1)));
        assert_eq!(key("[1.5]"), Ok("1.5".into()));
        assert_eq!(key("[1e+10]"), Ok("1e+10".into()));
    }

    #[test]
    fn references_come_apart() {
        let name = |text: &str| Step::Name(text.into());
        let cases = [
            (
                r#"module.m["a.b"].out.x[0]"#,
                vec![
                    name("module"),
                    name("m"),
                    Step::Key("a.b".into()),
                    name("out"),
                    name("x"),
                    Step::Key(Key::Int(0)),
                ],
            ),
            (r#"aws_x.y["k"].id"#, vec![name("aws_x"), name("y"), Step::Key("k".into()), name("id")]),
            ("var.a.b", vec![name("var"), name("a"), name("b")]),
            ("each.value.c", vec![name("each"), name("value"), name("c")]),
            ("data.x.y.outputs.vpc", ["data", "x", "y", "outputs", "vpc"].map(name).to_vec()),
            ("count.index", vec![name("count"), name("index")]),
            ("aws_x.y.0.id", vec![name("aws_x"), name("y"), name("0"), name("id")]),
            ("self", vec![name("self")]),
        ];
        for (text, steps) in cases {
            assert_eq!(Steps(&steps).to_string(), text);
            assert_eq!(parse_reference(text), Ok(steps));
        }
    }

    #[test]
    fn errors_say_where() {
        for (text, error) in [
            ("", AddressError::Name { at: 1 }),
            ("a.", AddressError::Name { at: 3 }),
            ("日本..a", AddressError::Name { at: 4 }),
            ("a.*", AddressError::Name { at: 3 }),
            ("a b", AddressError::Separator { at: 2 }),
            ("a[0]b", AddressError::Separator { at: 5 }),
            ("a[]", AddressError::Key { at: 3 }),
            ("a[*", AddressError::Key { at: 4 }),
            ("a[x]", AddressError::Key { at: 3 }),
            ("a[0", AddressError::Key { at: 4 }),
            ("a[--1]", AddressError::Key { at: 3 }),
            ("a[1.2.3]", AddressError::Key { at: 3 }),
            ("a[\"b", AddressError::Key { at: 5 }),
            ("a[\"b\"", AddressError::Key { at: 6 }),
            ("a[\"\\q\"]", AddressError::Escape { at: 5 }),
            ("a[\"\\u12\"]", AddressError::Escape { at: 5 }),
            ("a[\"\\ud800\"]", AddressError::Escape { at: 5 }),
            ("a[\"\\", AddressError::Escape { at: 5 }),
        ] {
            assert_eq!(parse_reference(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_agree(
            first in any_name(),
            rest in prop::collection::vec(prop_oneof![any_name().prop_map(Step::Name), any_key().prop_map(Step::Key)], 0..6),
        ) {
            let steps: Vec<Step> = std::iter::once(Step::Name(first)).chain(rest).collect();
            prop_assert_eq!(parse_reference(&Steps(&steps).to_string()), Ok(steps));
        }

        #[test]
        fn no_text_makes_it_panic(text: String, like in "[ab.\\[\\]\"\\\\$%{0-9unx]{0,20}") {
            let _ = parse_reference(&text);
            if let Ok(steps) = parse_reference(&like) {
                prop_assert_eq!(parse_reference(&Steps(&steps).to_string()), Ok(steps));
            }
        }
    }
}
