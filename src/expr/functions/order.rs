//! The order of what is composed in a set: that of a text that Terraform makes of each member.

use std::fmt::Write as _;

use super::digits::Written;
use crate::value::{ListKind, Mapping, Number, ObjectKind, Value};

/// Digits of a number in the text.
const DIGITS: usize = 10;

/// The text of a member. Members that differ may have one text.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value.member().0.unmark().0 {
        Value::Bool(truth) => out.push(if *truth { 'T' } else { 'F' }),
        Value::Number(number) => out.push_str(&digits(number)),
        Value::String(text) => quote(text, out),
        Value::List(items) => {
            let is_tuple = matches!(items.kind(), ListKind::Tuple | ListKind::Open);
            out.push(if is_tuple { '<' } else { '[' });
            for item in items.iter() {
                write(item, out);
                out.push(';');
            }
            out.push(if is_tuple { '>' } else { ']' });
        }
        Value::Object(object) => write_object(object, out),
        Value::Null => out.push('~'),
        _ => out.push('?'),
    }
}

// The names of attributes are no part of it, the keys of a map are.
fn write_object(object: &Mapping, out: &mut String) {
    let is_map = object.kind() == ObjectKind::Map;
    out.push(if is_map { '{' } else { '<' });
    for (key, value) in object.iter() {
        if is_map {
            quote(key, out);
            out.push(':');
        }
        write(value, out);
        out.push(';');
    }
    out.push(if is_map { '}' } else { '>' });
}

fn digits(number: &Number) -> String {
    if number.is_infinite() {
        return number.to_string();
    }
    let written = Written::new(number);
    let sign = if written.is_negative() { "-" } else { "" };
    format!("{sign}{}", written.general(Some(DIGITS)))
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            // Writing to a string cannot fail.
            '\0'..='\u{1f}' | '\u{7f}' => drop(write!(out, "\\x{:02x}", u32::from(character))),
            other => out.push(other),
        }
    }
    out.push('"');
}
