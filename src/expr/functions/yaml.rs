//! `yamldecode`: YAML as Terraform reads it. Events and styles come from the parser; what a plain scalar is (`yes` is
//! true, `017` is 17, `1_000` is text) is decided here.

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use rustc_hash::FxHashMap;

use super::{Arguments, limits, yaml_tabs};
use crate::expr::composed;
use crate::instant::Instant;
use crate::value::json::MAX_DEPTH;
use crate::value::{ListKind, Number, ObjectKind, Value};

/// The tags that YAML itself defines: `!!str` and its like.
const NAMESPACE: &str = "tag:yaml.org,2002:";

pub(super) fn yamldecode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let text = arguments.text(0)?;
    if yaml_tabs::are_misplaced(&text) {
        return Err("in YAML a tab stands where blanks are wanted".to_owned());
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if lines.next().is_some_and(|line| line.starts_with("...")) {
        return Err("the YAML text ends before it begins".to_owned());
    }
    let mut reader = Reader {
        events: Parser::new_from_str(&text),
        place: Span::default(),
        open_end: text
            .lines()
            .last()
            .filter(|_| !text.ends_with('\n'))
            .filter(|last| !last.trim().is_empty())
            .map(|_| text.chars().count()),
        anchors: FxHashMap::default(),
        members: 0,
    };
    reader.document()
}

struct Reader<'t> {
    events: Parser<'t, granit_parser::StrInput<'t>>,
    /// Where the last event stands.
    place: Span,
    /// Where the text ends, if its last line has something on it and no line break.
    open_end: Option<usize>,
    /// Values that an alias can stand for, with the members they have in all.
    anchors: FxHashMap<usize, (Value, usize)>,
    /// All members so far, those behind aliases counted each time.
    members: usize,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Value, String> {
        let mut result = None;
        loop {
            match self.next()? {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                // Terraform reads YAML 1.1 and refuses what calls itself otherwise.
                Event::DocumentStart(_, Some(version)) if (version.major, version.minor) != (1, 1) => {
                    return Err(format!("YAML {}.{} is not read, only 1.1", version.major, version.minor));
                }
                Event::DocumentStart(..) if result.is_some() => {
                    return Err("the text has more than one YAML document".to_owned());
                }
                Event::DocumentStart(..) => {
                    let event = self.next()?;
                    result = Some(self.value(event, 0)?);
                }
                _ => return Err("the text is no YAML".to_owned()),
            }
        }
        result.ok_or_else(|| "the YAML text is empty".to_owned())
    }

    fn next(&mut self) -> Result<Event<'t>, String> {
        match self.events.next_event() {
            Some(Ok((event, place))) => {
                self.place = place;
                Ok(event)
            }
            // The parser's own words may quote the text.
            Some(Err(error)) => Err(format!("the text is no YAML (line {})", error.marker().line())),
            None => Err("the YAML text ends too early".to_owned()),
        }
    }

    fn value(&mut self, event: Event<'t>, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("YAML is read to a depth of {MAX_DEPTH}"));
        }
        let before = self.members;
        self.count(1)?;
        let (anchor, value) = match event {
            Event::Scalar(text, style @ (ScalarStyle::Literal | ScalarStyle::Folded), anchor, tag) => {
                (anchor, self.block(&text, style, tag.as_deref(), depth)?)
            }
            Event::Scalar(text, style, anchor, tag) => (anchor, scalar(&text, style, tag.as_deref())?),
            Event::SequenceStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), "seq")?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), "map")?;
                (anchor, self.mapping(depth)?)
            }
            Event::Alias(anchor) => {
                // An anchor is known when its value is complete: no value holds itself.
                let (value, members) =
                    self.anchors.get(&anchor).cloned().ok_or("a YAML anchor cannot refer to itself")?;
                self.count(members)?;
                return Ok(value);
            }
            _ => return Err("the text is no YAML".to_owned()),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), self.members - before));
        }
        Ok(value)
    }

    // Of YAML 1.1, where a block has no more line breaks than are written and stands one to the right at least.
    fn block(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, depth: usize) -> Result<Value, String> {
        if depth == 0 && self.place.start.col() == 0 && text.contains(|character| character != '\n') {
            return Err("a block of YAML text stands to the right of what it belongs to".to_owned());
        }
        let is_open = self.open_end.is_some_and(|end| self.place.end.index() >= end);
        let text = if is_open { text.strip_suffix('\n').unwrap_or(text) } else { text };
        // Without a tag it is read like any scalar, and then as text: `|-` and 0x1f is "31".
        match (tag, plain(text)) {
            (Some(_), _) => scalar(text, style, tag),
            (None, Ok(Value::Null)) => Ok(Value::Null),
            (None, value) => super::text(&value?).map(Value::String).map_err(str::to_owned),
        }
    }

    fn count(&mut self, members: usize) -> Result<(), String> {
        self.members = self.members.saturating_add(members);
        limits::members(self.members)
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::list_of(ListKind::Tuple, items)),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, String> {
        let mut entries = Vec::new();
        loop {
            let event = match self.next()? {
                Event::MappingEnd => return Ok(Value::object_of(ObjectKind::Object, entries)),
                event => event,
            };
            let merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.value(event, depth + 1)?;
            let event = self.next()?;
            let value = self.value(event, depth + 1)?;
            match (merge, &value) {
                (true, Value::Object(merged)) => entries.extend(merged.to_entries()),
                (true, _) => return Err("<< of YAML takes one map".to_owned()),
                (false, _) => {
                    let name = super::text(&key).map_err(|name| format!("a key of YAML is text, not a {name}"))?;
                    entries.push((name, value));
                }
            }
        }
    }
}

fn check_tag(tag: Option<&Tag>, expected: &str) -> Result<(), String> {
    match tag.map(|tag| tag.suffix_in_namespace(NAMESPACE)) {
        None => Ok(()),
        Some(Some(name)) if name == expected => Ok(()),
        Some(_) => Err(strange_tag(tag)),
    }
}

fn strange_tag(tag: Option<&Tag>) -> String {
    format!("the YAML tag {} is not known here", tag.map_or_else(String::new, Tag::original))
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let name = match tag.map(|tag| tag.suffix_in_namespace(NAMESPACE)) {
        None => None,
        Some(Some(name)) => Some(name),
        Some(None) => return Err(strange_tag(tag)),
    };
    match name.as_deref() {
        None | Some("int" | "float" | "bool" | "null" | "timestamp") if style != ScalarStyle::Plain => {
            Ok(composed::value(text))
        }
        None | Some("bool") => plain(text),
        Some("str" | "binary") => Ok(composed::value(text)),
        Some("null") => Ok(Value::Null),
        Some("int" | "float") => match plain(text)? {
            number @ Value::Number(_) => Ok(number),
            _ => Err("what is tagged as a number in YAML is none".to_owned()),
        },
        Some("timestamp") => timestamp(text)
            .map(|instant| Value::string(&instant.to_string()))
            .ok_or_else(|| "what is tagged as a timestamp in YAML is none".to_owned()),
        Some(_) => Err(strange_tag(tag)),
    }
}

fn plain(text: &str) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::Number(Number::infinity(false)),
        "-.inf" | "-.Inf" | "-.INF" => Value::Number(Number::infinity(true)),
        ".nan" | ".NaN" | ".NAN" => return Err(format!("{text} of YAML is no number here")),
        _ => match number(text) {
            Some(number) => Value::Number(number),
            None => match timestamp(text) {
                Some(instant) => Value::string(&instant.to_string()),
                None => composed::value(text),
            },
        },
    })
}

fn number(text: &str) -> Option<Number> {
    let based = |digits: &str, base| {
        let number =
            digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u128::from_str_radix(digits, base).ok());
        number.flatten().and_then(|number| Number::parse(&number.to_string()))
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let digit = |character: char| character.is_ascii_digit();
    let starts = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !starts.starts_with(digit) && !starts.strip_prefix('.').is_some_and(|rest| rest.starts_with(digit)) {
        return None;
    }
    Number::parse(text)
}

// `2026-1-2`, with a time behind `T`, `t` or a blank; without an offset it is in UTC.
fn timestamp(text: &str) -> Option<Instant> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len());
    if parts.next().is_some() || year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    let Some(time) = time else { return Instant::parse(&format!("{date}T00:00:00Z")) };
    let zoned = time.ends_with('Z') || time.contains(['+', '-']);
    // A blank stands before a time without an offset, a letter before one with.
    if zoned == text.contains(' ') {
        return None;
    }
    let zone = if zoned { "" } else { "Z" };
    let mut clock = time.splitn(3, ':');
    let (hour, minute, rest) = (clock.next()?, clock.next()?, clock.next()?);
    Instant::parse(&format!("{date}T{hour:0>2}:{minute:0>2}:{rest}{zone}"))
}
