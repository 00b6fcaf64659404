//! Functions on strings. Characters are what people call so (grapheme clusters), as in Terraform.

use super::characters::{characters, count};
use super::limits::{self, Text};
use super::{ANY, Arguments, Builtin, Takes, lifted, plain, taking, text};
use crate::value::{ListKind, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("chomp", "string", 1, 1, "The string without line breaks at its end."), |arguments| {
        Ok(Value::string(arguments.text(0)?.trim_end_matches(['\n', '\r'])))
    }),
    plain(("indent", "spaces, string", 2, 2, "The string with so many blanks before each line but the first."), indent),
    taking(
        Takes::TextAndLists,
        lifted(
            ("join", "separator, lists...", 2, ANY, "The strings of the lists, with the separator between them."),
            join,
        ),
    ),
    plain(("lower", "string", 1, 1, "The string in small letters."), |arguments| {
        let text = arguments.text(0)?;
        limits::text(if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(small).collect() })
    }),
    plain(("split", "separator, string", 2, 2, "The pieces of the string between the separators."), split),
    plain(("strrev", "string", 1, 1, "The characters in opposite order."), |arguments| {
        let text = arguments.text(0)?;
        let characters: Vec<&str> = characters(&text).collect();
        limits::text(characters.into_iter().rev().collect::<String>())
    }),
    plain(
        (
            "substr",
            "string, offset, length",
            3,
            3,
            "So many characters from the offset on; length -1 is the whole rest.",
        ),
        substr,
    ),
    plain(("title", "string", 1, 1, "The string with a capital at the start of each word."), title),
    plain(("trim", "string, characters", 2, 2, "The string without these characters at either end."), |arguments| {
        let cut: Vec<char> = arguments.text(1)?.chars().collect();
        Ok(Value::string(arguments.text(0)?.trim_matches(cut.as_slice())))
    }),
    plain(("trimprefix", "string, prefix", 2, 2, "The string without the prefix, if it has it."), |arguments| {
        let text = arguments.text(0)?;
        Ok(Value::string(text.strip_prefix(&*arguments.text(1)?).unwrap_or(&text)))
    }),
    plain(("trimspace", "string", 1, 1, "The string without blanks at either end."), |arguments| {
        Ok(Value::string(arguments.text(0)?.trim()))
    }),
    plain(("trimsuffix", "string, suffix", 2, 2, "The string without the suffix, if it has it."), |arguments| {
        let text = arguments.text(0)?;
        Ok(Value::string(text.strip_suffix(&*arguments.text(1)?).unwrap_or(&text)))
    }),
    plain(("upper", "string", 1, 1, "The string in capitals."), |arguments| {
        let text = arguments.text(0)?;
        limits::text(if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(capital).collect() })
    }),
];

// Go changes the case of one character to one character: ß stays, and a sigma at the end is like any other.
fn capital(character: char) -> char {
    // What has an iota below it has a capital of one character, and another of two in words of capitals.
    let with_iota = match character {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    if let Some(capital) = char::from_u32(u32::from(character) + with_iota).filter(|_| with_iota > 0) {
        return capital;
    }
    let mut capitals = character.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

// The capital at the start of a word: of two letters in one character only the first is large, and Georgian has none.
fn initial(character: char) -> char {
    match character {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10ff}' => character,
        other => capital(other),
    }
}

fn small(character: char) -> char {
    // The one letter whose small form is two characters.
    if character == 'İ' { 'i' } else { character.to_lowercase().next().unwrap_or(character) }
}

fn indent(arguments: &Arguments<'_>) -> Result<Value, String> {
    let width = usize::try_from(arguments.whole(0)?).map_err(|_| "the number of spaces is 0 or more".to_owned())?;
    let text = arguments.text(1)?;
    let mut result = Text::default();
    for (position, line) in text.split('\n').enumerate() {
        if position > 0 {
            result.push("\n")?;
            result.repeat(" ", width)?;
        }
        result.push(line)?;
    }
    Ok(result.into_value())
}

fn join(arguments: &Arguments<'_>) -> Result<Value, String> {
    let separator = arguments.text(0)?;
    let mut result = Text::default();
    let mut first = true;
    for position in 1..arguments.len() {
        for item in arguments.list(position)?.iter() {
            let piece = text(item).map_err(|name| format!("only strings are joined, not a {name}"))?;
            if !std::mem::take(&mut first) {
                result.push(&separator)?;
            }
            result.push(&piece)?;
        }
    }
    Ok(result.into_value())
}

fn split(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (separator, text) = (arguments.text(0)?, arguments.text(1)?);
    let mut pieces = Vec::new();
    let mut add = |piece: &str| {
        limits::members(pieces.len() + 1)?;
        pieces.push(Value::string(piece));
        Ok::<(), String>(())
    };
    if separator.is_empty() {
        text.chars().try_for_each(|piece| add(piece.encode_utf8(&mut [0; 4])))?;
    } else {
        text.split(&*separator).try_for_each(&mut add)?;
    }
    Ok(Value::list_of(ListKind::List, pieces))
}

fn substr(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, offset, length) = (arguments.text(0)?, arguments.whole(1)?, arguments.whole(2)?);
    let skipped = match usize::try_from(offset) {
        Ok(offset) => offset,
        Err(_) => {
            let count = i64::try_from(count(&text)).unwrap_or(i64::MAX);
            usize::try_from(offset.saturating_add(count)).unwrap_or(0)
        }
    };
    // None from the end on is all of it: Terraform counts up to a length that it has passed.
    let length = usize::try_from(length).ok().filter(|length| *length > 0 || offset >= 0).unwrap_or(usize::MAX);
    Ok(Value::string(&characters(&text).skip(skipped).take(length).collect::<String>()))
}

// A word begins behind anything but letters, digits and the underscore.
fn title(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut start = true;
    let mut result = String::new();
    for character in arguments.text(0)?.chars() {
        result.push(if start { initial(character) } else { character });
        start = if character.is_ascii() {
            !character.is_ascii_alphanumeric() && character != '_'
        } else {
            character.is_whitespace()
        };
    }
    limits::text(result)
}
