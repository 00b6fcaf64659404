//! `yamlencode`: YAML as Terraform writes it. Keys and strings stand in double quotes, texts of several lines in blocks,
//! and long strings are folded at blanks.

use super::limits::Text;
use super::{Arguments, json};
use crate::value::Value;

/// Where a long string is folded, as in Terraform.
const WIDTH: usize = 80;

/// Bytes of a key that stands on the line of its value, as in Terraform.
const MAX_KEY: usize = 128;

pub(super) fn yamlencode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut writer = Writer { out: Text::default(), column: 0 };
    let value = arguments.get(0);
    writer.node(value, 0)?;
    // A document of a plain scalar has no other end.
    if matches!(value, Value::Null | Value::Bool(_) | Value::Number(_)) {
        writer.push("...\n")?;
    }
    Ok(writer.out.into_value())
}

struct Writer {
    out: Text,
    column: usize,
}

impl Writer {
    fn push(&mut self, piece: &str) -> Result<(), String> {
        let last = piece.rsplit('\n').next().unwrap_or_default();
        let start = if piece.contains('\n') { 0 } else { self.column };
        self.column = start + last.chars().count();
        self.out.push(piece)
    }

    // The rest of a line and the lines below it, whose members stand at `indent`.
    fn node(&mut self, value: &Value, indent: usize) -> Result<(), String> {
        match value {
            Value::List(items) if items.is_empty() => self.push("[]\n"),
            Value::Object(object) if object.is_empty() => self.push("{}\n"),
            Value::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.indent(position, indent)?;
                    self.push("- ")?;
                    self.node(item, indent + 2)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                for (position, (key, item)) in object.iter().enumerate() {
                    self.indent(position, indent)?;
                    self.entry(key, item, indent)?;
                }
                Ok(())
            }
            Value::String(text) => self.string(text, indent.max(2)),
            Value::Number(number) => {
                self.push(&number.to_string())?;
                self.push("\n")
            }
            scalar => {
                self.push(&json::text(scalar)?)?;
                self.push("\n")
            }
        }
    }

    // A key that is long or has several lines stands behind a question mark.
    fn entry(&mut self, key: &str, value: &Value, indent: usize) -> Result<(), String> {
        if key.len() <= MAX_KEY
            && !key.contains(|character| is_break(character) || matches!(character, '\r' | '\u{85}'))
        {
            self.push(&quoted(key))?;
            self.push(":")?;
            return self.member(value, indent);
        }
        self.push("? ")?;
        self.string(key, indent + 2)?;
        self.out.repeat(" ", indent)?;
        self.push(": ")?;
        self.node(value, indent + 2)
    }

    // A map below a key goes two to the right; a list does not.
    fn member(&mut self, value: &Value, indent: usize) -> Result<(), String> {
        match value {
            Value::List(items) if !items.is_empty() => {
                self.push("\n")?;
                self.out.repeat(" ", indent)?;
                self.node(value, indent)
            }
            Value::Object(object) if !object.is_empty() => {
                self.push("\n")?;
                self.out.repeat(" ", indent + 2)?;
                self.node(value, indent + 2)
            }
            other => {
                self.push(" ")?;
                self.node(other, indent + 2)
            }
        }
    }

    // The first member stands where its parent left off.
    fn indent(&mut self, position: usize, indent: usize) -> Result<(), String> {
        if position > 0 {
            self.out.repeat(" ", indent)?;
        }
        self.column = indent;
        Ok(())
    }

    fn string(&mut self, text: &str, indent: usize) -> Result<(), String> {
        if text.contains('\n') && fits_block(text) {
            return self.block(text, indent);
        }
        self.push("\"")?;
        let characters: Vec<char> = text.chars().collect();
        let mut blank = false;
        for (position, character) in characters.iter().enumerate() {
            let inside = position > 0 && position + 1 < characters.len();
            if *character == ' ' && !blank && inside && self.column > WIDTH {
                self.push("\n")?;
                self.push(&" ".repeat(indent))?;
                if characters.get(position + 1) == Some(&' ') {
                    self.push("\\")?;
                }
            } else {
                self.push(&escaped(*character))?;
            }
            blank = *character == ' ';
        }
        self.push("\"\n")
    }

    // The sign behind `|` says which line breaks at the end count; a digit where the text begins with a blank.
    fn block(&mut self, text: &str, indent: usize) -> Result<(), String> {
        let hint = if text.starts_with(|first| first == ' ' || is_break(first)) { "2" } else { "" };
        let mut ends = text.chars().rev().map(is_break);
        let chomp = match (ends.next(), ends.next()) {
            (Some(true), None | Some(true)) => "+",
            (Some(true), Some(false)) => "",
            _ => "-",
        };
        self.push(&format!("|{hint}{chomp}\n"))?;
        for line in text.split_inclusive(is_break) {
            if !line.starts_with(is_break) {
                self.out.repeat(" ", indent)?;
            }
            self.push(line)?;
        }
        if text.ends_with(is_break) { Ok(()) } else { self.push("\n") }
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{2028}' | '\u{2029}')
}

// Only what reads the same as it is written: no blank before a line break, nothing to escape.
fn fits_block(text: &str) -> bool {
    let plain = |character: char| is_break(character) || is_printable(character) && character != '\u{85}';
    let mut blank = false;
    let ends_in_blank = |character: char| std::mem::replace(&mut blank, character == ' ') && is_break(character);
    text.chars().all(plain) && !text.ends_with(' ') && !text.chars().any(ends_in_blank)
}

// Terraform escapes what lies beyond the first 65,536 characters, and the byte order mark.
fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn quoted(text: &str) -> String {
    let inner: String = text.chars().map(escaped).collect();
    format!("\"{inner}\"")
}

fn escaped(character: char) -> String {
    let named = match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        other if is_printable(other) => return other.to_string(),
        other => {
            let code = u32::from(other);
            return match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    named.to_owned()
}
