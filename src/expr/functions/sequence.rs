//! Functions that make lists of lists: cut, join, turn, order.

use super::{ANY, Arguments, Builtin, Takes, lifted, limits, no_number, number, own, plain, sets, taking, text};
use crate::expr::types::{is_unsettled, unified};
use crate::value::{List, ListKind, Number, Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    own(("chunklist", "list, size", 2, 2, "The list in pieces of the given size."), chunklist),
    own(("compact", "list", 1, 1, "The strings of the list that are neither empty nor null."), compact),
    own(("concat", "lists...", 1, ANY, "The lists as one, in their order."), concat),
    own(("distinct", "list", 1, 1, "The list with each member once, at its first place."), distinct),
    own(("flatten", "list", 1, 1, "The list with the members of inner lists in place of these."), flatten),
    taking(
        Takes::Pairs,
        lifted(
            (
                "matchkeys",
                "values, keys, searchset",
                3,
                3,
                "The values whose key, at the same place, is in the search set.",
            ),
            matchkeys,
        ),
    ),
    plain(("range", "start, limit, step", 1, 3, "Numbers from the start up to the limit, which is left out."), range),
    own(("reverse", "list", 1, 1, "The list in opposite order."), reverse),
    own(("slice", "list, start, end", 3, 3, "The members from the start index up to the end index."), slice),
    taking(Takes::Lists, lifted(("sort", "list", 1, 1, "The strings in the order of their characters."), sort)),
];

fn chunklist(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) || arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let items = unified(arguments.list(0)?)?;
    // One that may be absent moves all that follow.
    if items.iter().any(|item| item.member().1) {
        return Ok(arguments.unknown());
    }
    let number = arguments.whole(1)?;
    if items.is_empty() {
        return Ok(list(Vec::new()));
    }
    let size = usize::try_from(number).map_err(|_| "a chunk's size is 0 or more".to_owned())?;
    let size = if size == 0 { items.len() } else { size };
    Ok(list(items.chunks(size).map(|chunk| list(chunk.to_vec())).collect()))
}

fn list(items: Vec<Value>) -> Value {
    Value::list_of(ListKind::List, items)
}

fn compact(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let mut kept = Vec::new();
    for item in arguments.list(0)?.iter() {
        let (value, maybe) = item.member();
        let (value, sensitive) = value.unmark();
        match value {
            Value::Null => {}
            Value::Unknown(_) => kept.push(item.clone().maybe(true)),
            value => {
                let text = text(value).map_err(|name| format!("only strings can be empty, not a {name}"))?;
                if !text.is_empty() {
                    kept.push(Value::String(text).mark(sensitive).maybe(maybe));
                }
            }
        }
    }
    Ok(arguments.marked(list(kept)))
}

fn concat(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let mut all = Vec::new();
    let mut kinds = Vec::with_capacity(arguments.len());
    for position in 0..arguments.len() {
        let items = arguments.ordered(position)?;
        limits::members(all.len() + items.len())?;
        kinds.push(items.kind());
        all.extend_from_slice(items);
    }
    // Lists are one list if their members are of one type, else a tuple.
    match ListKind::joined(kinds.into_iter()) {
        ListKind::List => Ok(match unified(&all) {
            Ok(all) => list(all.into_owned()),
            Err(_) => Value::list_of(ListKind::Tuple, all),
        }),
        kind => Ok(Value::list_of(kind, all)),
    }
}

fn distinct(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let items = unified(arguments.list(0)?)?;
    let members = if items.iter().any(is_unsettled) {
        once(arguments, &items)
    } else {
        let mut seen = std::collections::BTreeSet::new();
        items.iter().filter(|item| seen.insert(sets::key(item))).cloned().collect()
    };
    Ok(arguments.marked(list(members)))
}

/// Each member once; of two that may be equal both stay, the later one as a maybe.
pub(super) fn once(arguments: &Arguments<'_>, items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        let (value, mut maybe) = item.member();
        let mut known = false;
        for other in &kept {
            let (other, uncertain) = other.member();
            match arguments.equal(value, other) {
                Some(true) if !uncertain => known = true,
                Some(false) => {}
                _ => maybe = true,
            }
        }
        if !known {
            kept.push(value.clone().maybe(maybe));
        }
    }
    kept
}

fn flatten(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let mut result = Vec::new();
    let sensitive = flat(arguments.list(0)?, false, &mut result)?;
    // An unknown member may be a list of any length.
    let open = |value: &Value| {
        let unknown = value.member().0.as_unknown().map(|unknown| &**unknown);
        matches!(unknown, Some(Unknown::Present(_) | Unknown::Opaque(_)))
    };
    Ok(if result.iter().any(open) {
        arguments.unknown()
    } else {
        Value::list_of(ListKind::Tuple, result).mark(sensitive)
    })
}

// Whether one of the inner lists was sensitive: then it shows by the length of the whole.
fn flat(items: &[Value], maybe: bool, result: &mut Vec<Value>) -> Result<bool, String> {
    let mut any = false;
    for item in items {
        let (value, uncertain) = item.member();
        match value.unmark() {
            (Value::List(inner), sensitive) => any |= flat(inner, maybe || uncertain, result)? || sensitive,
            _ => {
                limits::members(result.len() + 1)?;
                result.push(value.clone().maybe(maybe || uncertain));
            }
        }
    }
    Ok(any)
}

/// An error unless there is a key for each value.
pub(super) fn in_pairs(values: &List, keys: &List) -> Result<(), String> {
    if values.len() == keys.len() {
        return Ok(());
    }
    Err(format!("{} values and {} keys do not match", values.len(), keys.len()))
}

fn matchkeys(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (values, keys, wanted) = (arguments.list(0)?, arguments.list(1)?, arguments.list(2)?);
    in_pairs(values, keys)?;
    let values = unified(values)?;
    let both = [&**keys, &**wanted].concat();
    let both = unified(&both)?;
    let (keys, wanted) = both.split_at(keys.len().min(both.len()));
    let wanted: std::collections::BTreeSet<sets::Key> = wanted.iter().map(sets::key).collect();
    let kept = values.iter().zip(keys).filter(|(_, key)| wanted.contains(&sets::key(key)));
    Ok(list(kept.map(|(value, _)| value.clone()).collect()))
}

fn range(arguments: &Arguments<'_>) -> Result<Value, String> {
    let at = |index: usize| arguments.number(index);
    let zero = Number::counted(0);
    let (start, limit) = if arguments.len() == 1 { (zero.clone(), at(0)?) } else { (at(0)?, at(1)?) };
    let down = limit < start;
    let default = Number::counted(if down { -1 } else { 1 });
    let step = if arguments.len() == 3 { at(2)? } else { default };
    if start != limit && (step == zero || (step < zero) != down) {
        return Err("the step leads away from the limit".to_owned());
    }
    let mut result = Vec::new();
    let mut next = start;
    while if down { next > limit } else { next < limit } {
        if result.len() == limits::MAX_RANGE {
            return Err(format!("a range has {} members at most", limits::MAX_RANGE));
        }
        result.push(Value::Number(next.clone()));
        next = next.plus(&step).ok_or_else(|| no_number(&[&next, &step]))?;
    }
    Ok(list(result))
}

fn reverse(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let items = arguments.list(0)?;
    Ok(Value::list_of(items.kind().in_order(), items.iter().rev().cloned().collect()))
}

fn slice(arguments: &Arguments<'_>) -> Result<Value, String> {
    if (0..3).any(|index| arguments.is_unknown(index)) {
        return Ok(arguments.unknown());
    }
    let items = arguments.ordered(0)?;
    let bound = |index| usize::try_from(arguments.whole(index)?).map_err(|_| "an index is 0 or more".to_owned());
    let (start, end) = (bound(1)?, bound(2)?);
    let part =
        items.get(start..end).ok_or_else(|| format!("[{start}, {end}) is no part of {} members", items.len()))?;
    // One that may be absent moves all that follow.
    if items.iter().any(|item| item.member().1) {
        return Ok(arguments.unknown());
    }
    Ok(Value::list_of(items.kind(), part.to_vec()))
}

fn sort(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut texts = Vec::new();
    for item in arguments.list(0)?.iter() {
        texts.push(text(item).map_err(|name| format!("only strings are sorted, not a {name}"))?);
    }
    texts.sort();
    Ok(list(texts.into_iter().map(Value::String).collect()))
}

/// The numbers of a list.
pub(super) fn numbers(items: &[Value]) -> Result<Vec<Number>, String> {
    let one = |item| number(item).map_err(|name| format!("only numbers are summed, not a {name}"));
    items.iter().map(one).collect()
}
