//! Functions on strings.

use std::sync::Arc;

use regex::{Captures, Regex};

use super::{ANY, Arguments, Builtin, lifted, own, text};
use crate::value::unknown::Part;
use crate::value::{Unknown, Value};

/// Bytes that a function makes at most.
const MAX_TEXT: usize = 16 << 20;

pub(super) const FUNCTIONS: &[Builtin] = &[
    lifted("chomp", 1, 1, |arguments| Ok(Value::string(arguments.text(0)?.trim_end_matches(['\n', '\r'])))),
    own("endswith", 2, 2, |arguments| affix(arguments, false)),
    lifted("format", 1, ANY, format),
    lifted("join", 2, ANY, join),
    lifted("lower", 1, 1, |arguments| Ok(Value::string(&arguments.text(0)?.to_lowercase()))),
    lifted("regex", 2, 2, regex),
    lifted("regex_match", 2, 2, |arguments| {
        Ok(Value::Bool(arguments.regex(&arguments.text(0)?)?.is_match(&arguments.text(1)?)))
    }),
    lifted("regexall", 2, 2, regexall),
    lifted("replace", 3, 3, replace),
    lifted("split", 2, 2, split),
    own("startswith", 2, 2, |arguments| affix(arguments, true)),
    lifted("strcontains", 2, 2, substring),
    lifted("contains_substring", 2, 2, substring),
    lifted("strrev", 1, 1, |arguments| Ok(Value::string(&arguments.text(0)?.chars().rev().collect::<String>()))),
    lifted("substr", 3, 3, substr),
    lifted("title", 1, 1, title),
    lifted("trim", 2, 2, |arguments| {
        let cut: Vec<char> = arguments.text(1)?.chars().collect();
        Ok(Value::string(arguments.text(0)?.trim_matches(cut.as_slice())))
    }),
    lifted("trimprefix", 2, 2, |arguments| {
        let text = arguments.text(0)?;
        Ok(Value::string(text.strip_prefix(&*arguments.text(1)?).unwrap_or(&text)))
    }),
    lifted("trimspace", 1, 1, |arguments| Ok(Value::string(arguments.text(0)?.trim()))),
    lifted("trimsuffix", 2, 2, |arguments| {
        let text = arguments.text(0)?;
        Ok(Value::string(text.strip_suffix(&*arguments.text(1)?).unwrap_or(&text)))
    }),
    lifted("upper", 1, 1, |arguments| Ok(Value::string(&arguments.text(0)?.to_uppercase()))),
];

fn bounded(text: String) -> Result<Value, String> {
    if text.len() > MAX_TEXT {
        return Err(format!("the text is longer than {} MiB", MAX_TEXT >> 20));
    }
    Ok(Value::String(Arc::from(text)))
}

// The known start or end of a template may decide.
fn affix(arguments: &Arguments<'_>, prefix: bool) -> Result<Value, String> {
    if arguments.get(1).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let wanted = arguments.text(1)?;
    let fits = |text: &str| if prefix { text.starts_with(&*wanted) } else { text.ends_with(&*wanted) };
    let Some(unknown) = arguments.get(0).as_unknown() else {
        return Ok(Value::Bool(fits(&arguments.text(0)?)));
    };
    if let Unknown::Template(parts) = &**unknown
        && let Some(Part::Text(known)) = if prefix { parts.first() } else { parts.last() }
    {
        let contradicts = if prefix { !wanted.starts_with(&**known) } else { !wanted.ends_with(&**known) };
        if fits(known) {
            return Ok(Value::Bool(true));
        }
        if contradicts {
            return Ok(Value::Bool(false));
        }
    }
    Ok(arguments.unknown())
}

fn join(arguments: &Arguments<'_>) -> Result<Value, String> {
    let separator = arguments.text(0)?;
    let mut result = String::new();
    let mut first = true;
    for position in 1..arguments.len() {
        for item in arguments.list(position)? {
            let piece = text(item).map_err(|name| format!("only strings are joined, not a {name}"))?;
            if !std::mem::take(&mut first) {
                result.push_str(&separator);
            }
            result.push_str(&piece);
            if result.len() > MAX_TEXT {
                return bounded(result);
            }
        }
    }
    bounded(result)
}

fn regex(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (pattern, text) = (arguments.regex(&arguments.text(0)?)?, arguments.text(1)?);
    pattern
        .captures(&text)
        .map(|found| captured(&pattern, &found))
        .ok_or_else(|| "the pattern matches nothing".to_owned())
}

fn regexall(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (pattern, text) = (arguments.regex(&arguments.text(0)?)?, arguments.text(1)?);
    Ok(Value::list(pattern.captures_iter(&text).map(|found| captured(&pattern, &found)).collect()))
}

// The whole match, or the list of groups, or the map of named groups.
fn captured(pattern: &Regex, found: &Captures<'_>) -> Value {
    let group = |index: usize| found.get(index).map_or(Value::Null, |group| Value::string(group.as_str()));
    if pattern.captures_len() == 1 {
        return group(0);
    }
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.iter().any(Option::is_some) {
        let entries = names.iter().enumerate().filter_map(|(at, name)| Some((Arc::from((*name)?), group(at + 1))));
        return Value::object(entries.collect());
    }
    Value::list((1..pattern.captures_len()).map(group).collect())
}

fn replace(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, search, with) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    match search.strip_prefix('/').and_then(|search| search.strip_suffix('/')) {
        Some(pattern) if search.len() > 1 => bounded(arguments.regex(pattern)?.replace_all(&text, &*with).into_owned()),
        _ => bounded(text.replace(&*search, &with)),
    }
}

fn split(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (separator, text) = (arguments.text(0)?, arguments.text(1)?);
    let pieces: Vec<Value> = if separator.is_empty() {
        text.chars().map(|piece| Value::string(piece.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(&*separator).map(Value::string).collect()
    };
    Ok(Value::list(pieces))
}

fn substring(arguments: &Arguments<'_>) -> Result<Value, String> {
    Ok(Value::Bool(arguments.text(0)?.contains(&*arguments.text(1)?)))
}

fn substr(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, offset, length) = (arguments.text(0)?, arguments.whole(1)?, arguments.whole(2)?);
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 { offset.saturating_add(count) } else { offset };
    let start = usize::try_from(start).map_err(|_| "the offset lies before the text".to_owned())?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(Value::string(&text.chars().skip(start).take(length).collect::<String>()))
}

fn title(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut start = true;
    let mut result = String::new();
    for character in arguments.text(0)?.chars() {
        if start {
            result.extend(character.to_uppercase());
        } else {
            result.push(character);
        }
        start = !character.is_alphanumeric() && character != '_' && character != '\'';
    }
    bounded(result)
}

// The verbs that policies use: %s %d %v %q %f with width, precision and the flags `0` and `-`; %%.
fn format(arguments: &Arguments<'_>) -> Result<Value, String> {
    let specification = arguments.text(0)?;
    let mut result = String::new();
    let mut characters = specification.chars().peekable();
    let mut next = 1;
    while let Some(character) = characters.next() {
        if character != '%' {
            result.push(character);
            continue;
        }
        let mut directive = String::new();
        while let Some(flag) = characters.next_if(|next| matches!(next, '0'..='9' | '-' | '.' | '+' | ' ')) {
            directive.push(flag);
        }
        match characters.next() {
            Some('%') => result.push('%'),
            Some(verb) => {
                let value = arguments.values.get(next).ok_or("there are fewer arguments than verbs")?;
                result.push_str(&formatted(&directive, verb, value)?);
                next += 1;
            }
            None => return Err("the format ends within a verb".to_owned()),
        }
    }
    if next != arguments.len() {
        return Err("there are more arguments than verbs".to_owned());
    }
    bounded(result)
}

fn formatted(directive: &str, verb: char, value: &Value) -> Result<String, String> {
    let (width, precision) = directive.split_once('.').unwrap_or((directive, ""));
    let left = width.contains('-');
    let zero = width.starts_with('0');
    let width: usize = width.trim_start_matches(['-', '+', ' ', '0']).parse().unwrap_or(0).min(MAX_TEXT);
    let wrong = |name: &str| format!("%{verb} does not take a {name}");
    let body = match verb {
        's' => text(value).map_err(wrong)?.to_string(),
        'v' => match value {
            Value::Null => "null".to_owned(),
            other => text(other).map_err(wrong)?.to_string(),
        },
        'q' => serde_json::to_string(&*text(value).map_err(wrong)?).map_err(|error| error.to_string())?,
        'd' => {
            let number = super::number(value).map_err(wrong)?;
            number.as_decimal().map_or_else(|| number.to_string(), |decimal| decimal.trunc().to_string())
        }
        'f' => {
            let number = super::number(value).map_err(wrong)?;
            let decimal = number.as_decimal().ok_or("a number is too large to format")?;
            format!("{:.*}", precision.parse().unwrap_or(6).min(28), decimal)
        }
        other => return Err(format!("%{other} is no verb of format")),
    };
    let length = body.chars().count();
    let padding = width.saturating_sub(length);
    Ok(match (left, zero) {
        (true, _) => body + &" ".repeat(padding),
        (false, true) => "0".repeat(padding) + &body,
        (false, false) => " ".repeat(padding) + &body,
    })
}
