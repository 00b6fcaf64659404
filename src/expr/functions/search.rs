//! Functions that look for something in a string.

use std::borrow::Cow;
use std::sync::Arc;

use regex::{Captures, Regex};

use super::limits::{self, Text};
use super::pattern::{self, Place};
use super::{Arguments, Builtin, own, plain, tested};
use crate::value::unknown::Part;
use crate::value::{ListKind, ObjectKind, Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    own(("contains_substring", "string, substring", 2, 2, "Whether the string has the other one in it."), substring),
    tested(
        own(("endswith", "string, suffix", 2, 2, "Whether the string ends with the other one."), |arguments| {
            affix(arguments, Side::End)
        }),
        |_, text, wanted| Some(text.as_str()?.ends_with(wanted.as_str()?)),
    ),
    plain(
        (
            "regex",
            "pattern, string",
            2,
            2,
            "The first match: its text, its groups as a list, or its named groups as a map.",
        ),
        regex,
    ),
    own(
        (
            "regex_match",
            "pattern, string",
            2,
            2,
            "Whether the pattern is found in the string. The string may also come first, where the pattern is the one that is fixed in the file.",
        ),
        regex_match,
    ),
    plain(("regexall", "pattern, string", 2, 2, "Every match, each as regex gives it."), regexall),
    plain(
        ("replace", "string, search, replacement", 3, 3, "The string with each find replaced; /…/ is a pattern."),
        replace,
    ),
    tested(
        own(("startswith", "string, prefix", 2, 2, "Whether the string starts with the other one."), |arguments| {
            affix(arguments, Side::Start)
        }),
        |_, text, wanted| Some(text.as_str()?.starts_with(wanted.as_str()?)),
    ),
    tested(
        own(("strcontains", "string, substring", 2, 2, "Whether the string has the other one in it."), substring),
        |_, text, wanted| Some(text.as_str()?.contains(wanted.as_str()?)),
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

impl Side {
    fn fits(self, text: &str, wanted: &str) -> bool {
        match self {
            Self::Start => text.starts_with(wanted),
            Self::End => text.ends_with(wanted),
        }
    }
}

// The known start or end of a template may decide.
fn affix(arguments: &Arguments<'_>, side: Side) -> Result<Value, String> {
    if arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let wanted = arguments.text(1)?;
    let Some(unknown) = arguments.get(0).as_unknown() else {
        return Ok(Value::Bool(side.fits(&arguments.text(0)?, &wanted)));
    };
    if let Unknown::Template(parts) = &**unknown
        && let Some(Part::Text(known)) = if side == Side::Start { parts.first() } else { parts.last() }
    {
        if side.fits(known, &wanted) {
            return Ok(Value::Bool(true));
        }
        if !side.fits(&wanted, known) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(arguments.unknown())
}

// What a known piece of a template has in it, the whole has.
fn substring(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let wanted = arguments.text(1)?;
    let Some(unknown) = arguments.get(0).as_unknown() else {
        return Ok(Value::Bool(arguments.text(0)?.contains(&*wanted)));
    };
    let found = pieces(unknown).any(|(text, _)| text.contains(&*wanted));
    Ok(if found { Value::Bool(true) } else { arguments.unknown() })
}

// So it is with a pattern, if it does not look beyond the piece.
fn regex_match(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let pattern = arguments.regex(&arguments.text(0)?)?;
    let Some(unknown) = arguments.get(1).as_unknown() else {
        return Ok(Value::Bool(pattern.is_match(&arguments.text(1)?)));
    };
    let looks = pattern::looks(&pattern);
    let found = pieces(unknown).any(|(text, place)| looks.fit(place) && pattern.is_match(text));
    Ok(if found { Value::Bool(true) } else { arguments.unknown() })
}

// The known texts of a template, each with what lies beyond it.
fn pieces(unknown: &Unknown) -> impl Iterator<Item = (&str, Place)> {
    let parts = if let Unknown::Template(parts) = unknown { &**parts } else { &[] };
    parts.iter().enumerate().filter_map(|(at, part)| match part {
        Part::Text(text) => Some((&**text, Place { first: at == 0, last: at + 1 == parts.len() })),
        Part::Symbol(_) | Part::Any(_) => None,
    })
}

fn regex(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (pattern, text) = (searching(arguments)?, arguments.text(1)?);
    pattern
        .captures(&text)
        .map(|found| captured(&pattern, &found))
        .ok_or_else(|| "the pattern matches nothing".to_owned())
}

fn regexall(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (pattern, text) = (searching(arguments)?, arguments.text(1)?);
    let mut found = Vec::new();
    for captures in pattern.captures_iter(&text) {
        limits::members((found.len() + 1).saturating_mul(pattern.captures_len()))?;
        found.push(captured(&pattern, &captures));
    }
    Ok(Value::list_of(ListKind::List, found))
}

// Terraform's result has one shape: groups are all named or none is.
fn searching<'a>(arguments: &Arguments<'a>) -> Result<Cow<'a, Regex>, String> {
    let pattern = arguments.regex(&arguments.text(0)?)?;
    let named = pattern.capture_names().skip(1).flatten().count();
    if named > 0 && named + 1 < pattern.captures_len() {
        return Err("either all groups of a pattern have names or none has".to_owned());
    }
    Ok(pattern)
}

// The whole match, or the list of groups, or the map of named groups.
fn captured(regex: &Regex, found: &Captures<'_>) -> Value {
    let group = |index: usize| found.get(index).map_or(Value::Null, |group| Value::string(group.as_str()));
    if regex.captures_len() == 1 {
        return group(0);
    }
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.iter().any(Option::is_some) {
        let entries = names.iter().enumerate();
        let entries = entries.filter_map(|(at, name)| Some((Arc::from(pattern::original((*name)?)), group(at + 1))));
        return Value::object_of(ObjectKind::Object, entries.collect());
    }
    Value::list_of(ListKind::Tuple, (1..regex.captures_len()).map(group).collect())
}

fn replace(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, search, with) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    match search.strip_prefix('/').and_then(|search| search.strip_suffix('/')) {
        Some(source) if search.len() > 1 => {
            let pattern = arguments.regex(source)?;
            replace_pattern(&pattern, &text, &with)
        }
        _ => replace_text(&text, &search, &with),
    }
}

fn replace_pattern(regex: &Regex, text: &str, with: &str) -> Result<Value, String> {
    let mut result = Text::default();
    let mut rest = 0;
    let mut expanded = String::new();
    for found in regex.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        // Each reference of the replacement may stand for the whole match.
        if with.matches('$').count().saturating_mul(whole.len()) > limits::MAX_TEXT {
            return Err(limits::text_too_long());
        }
        expanded.clear();
        expand(regex, &found, with, &mut expanded);
        result.push(text.get(rest..whole.start()).unwrap_or_default())?;
        result.push(&expanded)?;
        rest = whole.end();
    }
    result.push(text.get(rest..).unwrap_or_default())?;
    Ok(result.into_value())
}

// `$1`, `$name`, `${name}` stand for groups and `$$` for a dollar sign. The name is as long as it can be.
fn expand(regex: &Regex, found: &Captures<'_>, with: &str, out: &mut String) {
    let mut rest = with;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(behind) = after.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let (name, behind) = match after.strip_prefix('{') {
            Some(braced) => braced.split_once('}').unwrap_or_default(),
            None => {
                let end = after.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(after.len());
                after.split_at_checked(end).unwrap_or_default()
            }
        };
        if name.is_empty() || !name.chars().all(|next| next.is_alphanumeric() || next == '_') {
            out.push('$');
            rest = after;
            continue;
        }
        out.push_str(group(regex, found, name));
        rest = behind;
    }
    out.push_str(rest);
}

// A number without zeros before it, or a name: of several groups of one name, the first that has matched.
fn group<'t>(regex: &Regex, found: &Captures<'t>, name: &str) -> &'t str {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    if is_number {
        return name.parse().ok().and_then(|number| found.get(number)).map_or("", |group| group.as_str());
    }
    let named = regex.capture_names().enumerate().filter(|(_, own)| own.map(pattern::original) == Some(name));
    named.filter_map(|(at, _)| found.get(at)).map(|group| group.as_str()).next().unwrap_or_default()
}

fn replace_text(text: &str, search: &str, with: &str) -> Result<Value, String> {
    let mut result = Text::default();
    let mut rest = 0;
    for (at, found) in text.match_indices(search) {
        result.push(text.get(rest..at).unwrap_or_default())?;
        result.push(with)?;
        rest = at + found.len();
    }
    result.push(text.get(rest..).unwrap_or_default())?;
    Ok(result.into_value())
}
