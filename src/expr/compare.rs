//! Equality and order of values in three values: `Some(true)`, `Some(false)`, and `None` for *not decided*.
//!
//! The rules for symbols are those of `spec/policy-language.md` 4.2; what two attributes of one object have in common
//! is known to the [`Host`].

use std::cmp::Ordering;

use super::eval::Host;
use super::functions;
use super::types::is_unsettled;
use crate::value::unknown::Part;
use crate::value::{List, ListKind, Mapping, Number, Symbol, Unknown, Value};

/// Whether two values are equal.
#[must_use]
pub fn equal(host: &dyn Host, left: &Value, right: &Value) -> Option<bool> {
    // Most of what is compared.
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => return Some(left == right),
        (Value::String(left), Value::String(right)) => return Some(left == right),
        _ => {}
    }
    let (left, right) = (left.unmark().0, right.unmark().0);
    match (left, right) {
        (Value::Unknown(unknown), other) | (other, Value::Unknown(unknown)) if !matches!(other, Value::Unknown(_)) => {
            unknown_equal(host, unknown, other)
        }
        (Value::Unknown(left), Value::Unknown(right)) => unknowns_equal(host, left, right),
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::Number(left), Value::Number(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::List(left), Value::List(right)) => lists_equal(host, left, right),
        (Value::Object(left), Value::Object(right)) => objects_equal(host, left, right),
        (Value::Handle(left), Value::Handle(right)) if left == right => Some(true),
        (Value::Handle(handle), other @ (Value::Object(_) | Value::Handle(_)))
        | (other @ Value::Object(_), Value::Handle(handle)) => equal(host, &host.expand(*handle), other),
        _ => Some(false),
    }
}

/// Whether `test` holds of the order of two numbers or numeric strings; counts with bounds are decided where all that
/// lies between the bounds agrees.
///
/// # Errors
///
/// The name of the type that has no order.
pub fn ordered(left: &Value, right: &Value, test: fn(Ordering) -> bool) -> Result<Option<bool>, &'static str> {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return Ok(Some(test(left.cmp(right))));
    }
    let (Some(left), Some(right)) = (range(left)?, range(right)?) else { return Ok(None) };
    let answers = [(&left.0, &right.0), (&left.0, &right.1), (&left.1, &right.0), (&left.1, &right.1)];
    let answers = answers.map(|(left, right)| test(left.cmp(right)));
    Ok(answers.iter().all(|answer| *answer == answers[0]).then_some(answers[0]))
}

// The smallest and the largest number that a value may be; `None` if nothing is known.
fn range(value: &Value) -> Result<Option<(Number, Number)>, &'static str> {
    match value.unmark().0 {
        Value::Unknown(unknown) => Ok(match &**unknown {
            Unknown::Count { min, max, .. } => Some((count(*min), count(*max))),
            _ => None,
        }),
        known => functions::number(known).map(|number| Some((number.clone(), number))),
    }
}

fn count(count: usize) -> Number {
    Number::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn unknown_equal(host: &dyn Host, unknown: &Unknown, known: &Value) -> Option<bool> {
    match (unknown, known) {
        (Unknown::Symbol(symbol), Value::Null) => host.is_never_null(symbol).then_some(false),
        (Unknown::Symbol(symbol), Value::String(text)) => names(host, symbol, text),
        (Unknown::OneOf(members), Value::String(text)) => {
            none_of(members.iter().map(|symbol| names(host, symbol, text)))
        }
        (Unknown::Template(_) | Unknown::Encoded(_) | Unknown::Count { .. } | Unknown::Present(_), Value::Null) => {
            Some(false)
        }
        (Unknown::Template(parts), Value::String(text)) => template_may_be(parts, text),
        (Unknown::Count { min, max, .. }, Value::Number(number)) => match number.as_usize() {
            Some(number) if (*min..=*max).contains(&number) => None,
            _ => Some(false),
        },
        _ => None,
    }
}

// What names an object has a letter or a digit: it is neither empty nor the "-" that stands for nothing.
fn names(host: &dyn Host, symbol: &Symbol, text: &str) -> Option<bool> {
    let nothing = !text.chars().any(char::is_alphanumeric) && host.is_never_null(symbol);
    if nothing { Some(false) } else { host.symbol_is(symbol, text) }
}

fn unknowns_equal(host: &dyn Host, left: &Unknown, right: &Unknown) -> Option<bool> {
    match (left, right) {
        (Unknown::Symbol(left), Unknown::Symbol(right)) => host.same(left, right),
        (Unknown::Symbol(symbol), Unknown::OneOf(members)) | (Unknown::OneOf(members), Unknown::Symbol(symbol)) => {
            none_of(members.iter().map(|member| host.same(member, symbol)))
        }
        (Unknown::OneOf(left), Unknown::OneOf(right)) => {
            none_of(left.iter().flat_map(|one| right.iter().map(|other| host.same(one, other))))
        }
        (Unknown::Template(left), Unknown::Template(right)) => templates_equal(host, left, right),
        _ => None,
    }
}

// "One of these" is never certain to be a certain one, but it can be certain to be none.
fn none_of(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answers = answers;
    answers.all(|answer| answer == Some(false)).then_some(false)
}

fn template_may_be(parts: &[Part], text: &str) -> Option<bool> {
    let starts = match parts.first() {
        Some(Part::Text(prefix)) => text.starts_with(&**prefix),
        _ => true,
    };
    let ends = match parts.last() {
        Some(Part::Text(suffix)) => text.ends_with(&**suffix),
        _ => true,
    };
    if starts && ends { None } else { Some(false) }
}

fn templates_equal(host: &dyn Host, left: &[Part], right: &[Part]) -> Option<bool> {
    if let (Some(Part::Text(left)), Some(Part::Text(right))) = (left.first(), right.first())
        && !left.starts_with(&**right)
        && !right.starts_with(&**left)
    {
        return Some(false);
    }
    if left.len() != right.len() {
        return None;
    }
    let mut differing = 0;
    for pair in left.iter().zip(right) {
        match pair {
            (Part::Text(left), Part::Text(right)) if left == right => {}
            (Part::Text(_), Part::Text(_)) => differing += 1,
            (Part::Symbol(left), Part::Symbol(right)) => match host.same(left, right) {
                Some(true) => {}
                Some(false) => differing += 1,
                None => return None,
            },
            _ => return None,
        }
    }
    // One part that differs between equal texts makes the whole differ; two could make up for each other.
    match differing {
        0 => Some(true),
        1 => Some(false),
        _ => None,
    }
}

// Lists of different types are never equal, whatever is in them.
fn lists_equal(host: &dyn Host, left: &List, right: &List) -> Option<bool> {
    if !left.kind().fits(right.kind()) {
        return Some(false);
    }
    if left.kind() == ListKind::Set || right.kind() == ListKind::Set {
        return sets_equal(host, left, right);
    }
    members_equal(host, left, right)
}

// A set that comes from a document is in no order that is known.
fn sets_equal(host: &dyn Host, left: &[Value], right: &[Value]) -> Option<bool> {
    if !left.iter().chain(right).any(is_unsettled) {
        if left.len() != right.len() {
            return Some(false);
        }
        return all(sorted(left).into_iter().zip(sorted(right)).map(|(left, right)| equal(host, left, right)));
    }
    if members_equal(host, left, right) == Some(true) {
        return Some(true);
    }
    // One that is certain to be there and is none of the others decides.
    let lacks = |items: &[Value], others: &[Value]| {
        let is_certain = |item: &&Value| !item.member().1;
        let is_other = |item: &Value| any(others.iter().map(|other| equal(host, item, other.member().0)));
        items.iter().filter(is_certain).any(|item| is_other(item) == Some(false))
    };
    if lacks(left, right) || lacks(right, left) { Some(false) } else { None }
}

fn sorted(items: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = items.iter().collect();
    sorted.sort_by_cached_key(|item| functions::key(item));
    sorted
}

fn members_equal(host: &dyn Host, left: &[Value], right: &[Value]) -> Option<bool> {
    let certain = |items: &[Value]| items.iter().filter(|item| !item.member().1).count();
    if certain(left) > right.len() || certain(right) > left.len() {
        return Some(false);
    }
    if left.iter().chain(right).any(|item| item.member().1) {
        return None;
    }
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().zip(right).map(|(left, right)| equal(host, left, right)))
}

fn objects_equal(host: &dyn Host, left: &Mapping, right: &Mapping) -> Option<bool> {
    if !left.kind().fits(right.kind()) {
        return Some(false);
    }
    if left.len() != right.len() || left.iter().zip(right.iter()).any(|(left, right)| left.0 != right.0) {
        return Some(false);
    }
    all(left.iter().zip(right.iter()).map(|(left, right)| equal(host, left.1, right.1)))
}

/// Three-valued *and* of many answers.
pub fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// Three-valued *or* of many answers.
pub fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|truth| !truth))).map(|truth| !truth)
}

/// The symbols that an unknown string may stand for, if these are all known.
#[must_use]
pub fn symbols(unknown: &Unknown) -> Option<&[Symbol]> {
    match unknown {
        Unknown::Symbol(symbol) => Some(std::slice::from_ref(symbol)),
        Unknown::OneOf(members) => Some(members),
        _ => None,
    }
}
