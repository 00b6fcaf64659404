//! Sets: their members in the order in which Terraform goes over them, each once.
//!
//! Whether two members are one is decided by their JSON text, in time that grows with the list and not with its square;
//! only lists with something unknown are compared member by member.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ANY, Arguments, Builtin, Takes, json, lifted, limits, order, own, taking};
use crate::expr::types::{is_unsettled, unified};
use crate::value::{ListKind, Number, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    taking(
        Takes::Lists,
        lifted(("setintersection", "sets...", 1, ANY, "The members that are in every set."), |arguments| {
            combined(arguments, |count, sets| count == sets)
        }),
    ),
    own(("setproduct", "sets...", 2, ANY, "Every combination of a member of each set."), setproduct),
    taking(
        Takes::Lists,
        lifted(("setsubtract", "a, b", 2, 2, "The members of the first set that are not in the second."), setsubtract),
    ),
    own(("setunion", "sets...", 1, ANY, "The members that are in any of the sets."), setunion),
];

/// The place of a member in the order of a set.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::expr) enum Key {
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    // The text that says the order, and the one that tells members apart.
    Composed(String, String),
    Null,
}

/// What tells a known member from others.
pub(in crate::expr) fn key(value: &Value) -> Key {
    match value.unmark().0 {
        Value::Bool(truth) => Key::Bool(*truth),
        Value::Number(number) => Key::Number(number.clone()),
        Value::String(text) => Key::String(text.clone()),
        Value::Null => Key::Null,
        other => Key::Composed(order::text(other), json::unbounded(other)),
    }
}

/// A list as a set: members of one type, each once, in order. Known members only.
pub(in crate::expr) fn set_of(items: &[Value]) -> Result<Vec<Value>, String> {
    let items = unified(items)?;
    let mut members = BTreeMap::new();
    for item in items.iter() {
        members.entry(key(item)).or_insert_with(|| item.clone());
    }
    Ok(members.into_values().collect())
}

fn set(members: Vec<Value>) -> Value {
    Value::list_of(ListKind::Set, members)
}

fn all_members(arguments: &Arguments<'_>) -> Result<Vec<Value>, String> {
    let mut all = Vec::new();
    for position in 0..arguments.len() {
        all.extend_from_slice(arguments.list(position)?);
        limits::members(all.len())?;
    }
    Ok(all)
}

// The members for which `keep` holds of the number of sets they are in.
fn combined(arguments: &Arguments<'_>, keep: fn(usize, usize) -> bool) -> Result<Value, String> {
    let all = all_members(arguments)?;
    let all = unified(&all)?;
    let mut members: BTreeMap<Key, (&Value, usize, usize)> = BTreeMap::new();
    let mut start = 0;
    for position in 0..arguments.len() {
        let length = arguments.list(position)?.len();
        for item in all.iter().skip(start).take(length) {
            let entry = members.entry(key(item)).or_insert((item, 0, usize::MAX));
            if entry.2 != position {
                *entry = (entry.0, entry.1 + 1, position);
            }
        }
        start += length;
    }
    let kept = members.into_values().filter(|(_, count, _)| keep(*count, arguments.len()));
    Ok(set(kept.map(|(item, _, _)| item.clone()).collect()))
}

fn setsubtract(arguments: &Arguments<'_>) -> Result<Value, String> {
    let all = all_members(arguments)?;
    let all = unified(&all)?;
    let (first, second) = all.split_at(arguments.list(0)?.len().min(all.len()));
    let mut members: BTreeMap<Key, &Value> = first.iter().map(|item| (key(item), item)).collect();
    for item in second {
        members.remove(&key(item));
    }
    Ok(set(members.into_values().cloned().collect()))
}

fn setunion(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let all = all_members(arguments)?;
    all.iter().try_for_each(limits::weigh)?;
    let members = if all.iter().any(is_unsettled) { super::sequence::once(arguments, &all) } else { set_of(&all)? };
    Ok(arguments.marked(set(members)))
}

fn setproduct(arguments: &Arguments<'_>) -> Result<Value, String> {
    arguments.values.iter().try_for_each(|value| limits::weigh(value))?;
    for position in (0..arguments.len()).filter(|position| !arguments.is_unknown(*position)) {
        arguments.list(position)?;
    }
    if arguments.values.iter().any(|value| value.has_unknown()) {
        return Ok(arguments.unknown());
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut kinds = Vec::with_capacity(arguments.len());
    for position in 0..arguments.len() {
        let list = arguments.list(position)?;
        kinds.push(list.kind());
        let members = unified(list)?;
        limits::members(rows.len().saturating_mul(members.len()).saturating_mul(arguments.len()))?;
        let with = |row: &Vec<Value>, item: &Value| row.iter().chain(std::iter::once(item)).cloned().collect();
        rows = rows.iter().flat_map(|row| members.iter().map(move |item| with(row, item))).collect();
    }
    let rows = rows.into_iter().map(|row| Value::list_of(ListKind::Tuple, row)).collect::<Vec<_>>();
    // One set among them makes a set of all.
    if kinds.contains(&ListKind::Set) {
        return set_of(&rows).map(set);
    }
    let kind = if kinds.contains(&ListKind::Open) { ListKind::Open } else { ListKind::List };
    Ok(Value::list_of(kind, rows))
}
