//! Functions on lists and maps. Those that join objects decide in three values: a list may hold members that may not
//! be there.

use std::sync::Arc;

use super::{ANY, Arguments, Builtin, lifted, own, text};
use crate::expr::compare;
use crate::expr::eval::cause_of;
use crate::value::{Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    own("alltrue", 1, 1, |arguments| truths(arguments, true)),
    own("anytrue", 1, 1, |arguments| truths(arguments, false)),
    lifted("chunklist", 2, 2, chunklist),
    own("coalesce", 1, ANY, coalesce),
    own("coalescelist", 1, ANY, coalescelist),
    own("compact", 1, 1, compact),
    own("concat", 0, ANY, concat),
    own("contains", 2, 2, contains),
    own("distinct", 1, 1, distinct),
    own("element", 2, 2, element),
    own("flatten", 1, 1, flatten),
    own("index", 2, 2, index),
    own("keys", 1, 1, keys),
    own("length", 1, 1, length),
    own("lookup", 2, 3, lookup),
    own("merge", 0, ANY, merge),
    own("one", 1, 1, one),
    own("reverse", 1, 1, reverse),
    lifted("setintersection", 1, ANY, setintersection),
    lifted("setsubtract", 2, 2, setsubtract),
    own("setunion", 0, ANY, setunion),
    lifted("slice", 3, 3, slice),
    lifted("sort", 1, 1, sort),
    own("values", 1, 1, values),
    lifted("zipmap", 2, 2, zipmap),
];

// `every` is `alltrue`: false decides; else `anytrue`: true decides.
fn truths(arguments: &Arguments<'_>, every: bool) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let mut undecided = None;
    for item in arguments.list(0)? {
        let (value, maybe) = item.member();
        let truth = match value.unmark().0 {
            Value::Null => Some(false),
            other => crate::expr::eval::truth(other)?,
        };
        match truth {
            Some(truth) if truth != every && !maybe => return Ok(Value::Bool(!every)),
            Some(truth) if truth == every => {}
            _ => undecided = undecided.or(Some(item)),
        }
    }
    Ok(match undecided {
        Some(item) => crate::expr::eval::decided(None, &[item]),
        None => Value::Bool(every),
    })
}

fn chunklist(arguments: &Arguments<'_>) -> Result<Value, String> {
    let items = arguments.list(0)?;
    let size = usize::try_from(arguments.whole(1)?).map_err(|_| "a chunk's size is 0 or more".to_owned())?;
    let size = if size == 0 { items.len().max(1) } else { size };
    Ok(Value::list(items.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
}

fn coalesce(arguments: &Arguments<'_>) -> Result<Value, String> {
    for value in arguments.values {
        match value.unmark().0 {
            Value::Unknown(_) => return Ok(arguments.unknown()),
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            _ => return Ok(value.clone()),
        }
    }
    Err("every argument is null or empty".to_owned())
}

fn coalescelist(arguments: &Arguments<'_>) -> Result<Value, String> {
    for (position, value) in arguments.values.iter().enumerate() {
        match value {
            Value::Unknown(_) => return Ok(arguments.unknown()),
            Value::Null => {}
            _ => {
                let items = arguments.list(position)?;
                if items.iter().any(|item| !item.member().1) {
                    return Ok(value.clone());
                }
                if !items.is_empty() {
                    return Ok(arguments.unknown());
                }
            }
        }
    }
    Err("every list is empty".to_owned())
}

fn compact(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let mut kept = Vec::new();
    for item in arguments.list(0)? {
        match item.member().0.unmark().0 {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Unknown(_) => kept.push(item.clone().maybe(true)),
            _ => kept.push(item.clone()),
        }
    }
    Ok(Value::list(kept))
}

fn concat(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let mut all = Vec::new();
    for position in 0..arguments.len() {
        all.extend_from_slice(arguments.list(position)?);
    }
    Ok(Value::list(all))
}

fn contains(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let wanted = arguments.get(1);
    let answers = arguments.list(0)?.iter().map(|item| match item.member() {
        (value, false) => arguments.equal(value, wanted),
        (value, true) => arguments.equal(value, wanted).filter(|equal| !equal),
    });
    Ok(match compare::any(answers) {
        Some(truth) => Value::Bool(truth),
        None => arguments.unknown(),
    })
}

// Of two members that may be equal both stay, the later one as a maybe.
fn distinct(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let mut kept: Vec<Value> = Vec::new();
    for item in arguments.list(0)? {
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
    Ok(Value::list(kept))
}

fn element(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let items = arguments.list(0)?;
    if items.iter().any(|item| item.member().1) {
        return Ok(arguments.unknown());
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let index = arguments.whole(1)?.checked_rem_euclid(length).ok_or("the list is empty")?;
    let member = usize::try_from(index).ok().and_then(|index| items.get(index));
    member.cloned().ok_or_else(|| "the list is empty".to_owned())
}

fn flatten(arguments: &Arguments<'_>) -> Result<Value, String> {
    fn flat(items: &[Value], maybe: bool, result: &mut Vec<Value>) {
        for item in items {
            let (value, uncertain) = item.member();
            match value.unmark() {
                (Value::List(inner), sensitive) => {
                    let start = result.len();
                    flat(inner, maybe || uncertain, result);
                    for value in result.iter_mut().skip(start).filter(|_| sensitive) {
                        *value = value.clone().mark(true);
                    }
                }
                _ => result.push(value.clone().maybe(maybe || uncertain)),
            }
        }
    }
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let mut result = Vec::new();
    flat(arguments.list(0)?, false, &mut result);
    // An unknown member may be a list of any length.
    let open =
        |value: &Value| matches!(value.member().0.as_unknown().map(|unknown| &**unknown), Some(Unknown::Opaque(_)));
    Ok(if result.iter().any(open) { arguments.unknown() } else { Value::list(result) })
}

fn index(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    for (position, item) in arguments.list(0)?.iter().enumerate() {
        match (arguments.equal(item.member().0, arguments.get(1)), item.member().1) {
            (Some(true), false) => return Ok(Value::int(position)),
            (Some(false), false) => {}
            _ => return Ok(arguments.unknown()),
        }
    }
    Err("the list has no such member".to_owned())
}

fn keys(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let names = arguments.object(0)?.iter().map(|(key, _)| Value::String(key.clone()));
    Ok(Value::list(names.collect()))
}

fn values(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    Ok(Value::list(arguments.object(0)?.iter().map(|(_, value)| value.clone()).collect()))
}

fn length(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Unknown(_) => Ok(arguments.unknown()),
        Value::List(items) => Ok(list_length(items)),
        Value::Object(object) => Ok(Value::int(object.len())),
        Value::String(text) => Ok(Value::int(text.chars().count())),
        other => Err(format!("a {} has no length", other.type_name())),
    }
}

fn list_length(items: &[Value]) -> Value {
    let certain = items.iter().filter(|item| !item.member().1).count();
    if certain == items.len() {
        return Value::int(certain);
    }
    let uncertain: Vec<&Value> = items.iter().filter(|item| item.member().1).collect();
    Value::Unknown(Arc::new(Unknown::Count { min: certain, max: items.len(), cause: Box::new(cause_of(&uncertain)) }))
}

fn lookup(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() || arguments.get(1).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let key = arguments.text(1)?;
    match (arguments.object(0)?.get(&key), arguments.values.get(2)) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(format!("the map has no key \"{key}\"")),
    }
}

fn merge(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let mut entries = Vec::new();
    for (position, value) in arguments.values.iter().enumerate() {
        if !matches!(value, Value::Null) {
            entries.extend(arguments.object(position)?.to_entries());
        }
    }
    Ok(Value::object(entries))
}

fn one(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    let items = arguments.list(0)?;
    let certain = items.iter().filter(|item| !item.member().1).count();
    match items {
        [] => Ok(Value::Null),
        [only] if certain == 1 => Ok(only.clone()),
        _ if certain > 1 => Err(format!("a list of at most one member is asked for, and this has {certain}")),
        _ => Ok(arguments.unknown()),
    }
}

fn reverse(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.get(0).as_unknown().is_some() {
        return Ok(arguments.unknown());
    }
    Ok(Value::list(arguments.list(0)?.iter().rev().cloned().collect()))
}

fn has(arguments: &Arguments<'_>, items: &[Value], value: &Value) -> bool {
    items.iter().any(|item| arguments.equal(item, value) == Some(true))
}

fn setintersection(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut kept = unique(arguments, arguments.list(0)?);
    for position in 1..arguments.len() {
        let other = arguments.list(position)?;
        kept.retain(|value| has(arguments, other, value));
    }
    Ok(Value::list(kept))
}

fn setsubtract(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut kept = unique(arguments, arguments.list(0)?);
    let other = arguments.list(1)?;
    kept.retain(|value| !has(arguments, other, value));
    Ok(Value::list(kept))
}

fn setunion(arguments: &Arguments<'_>) -> Result<Value, String> {
    let all = concat(arguments)?;
    distinct(&Arguments { host: arguments.host, values: &[all], pattern: None })
}

fn unique(arguments: &Arguments<'_>, items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !has(arguments, &kept, item) {
            kept.push(item.clone());
        }
    }
    kept
}

fn slice(arguments: &Arguments<'_>) -> Result<Value, String> {
    let items = arguments.list(0)?;
    let bound = |index| usize::try_from(arguments.whole(index)?).map_err(|_| "an index is 0 or more".to_owned());
    let (start, end) = (bound(1)?, bound(2)?);
    let part =
        items.get(start..end).ok_or_else(|| format!("[{start}, {end}) is no part of {} members", items.len()))?;
    Ok(Value::list(part.to_vec()))
}

fn sort(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut texts = Vec::new();
    for item in arguments.list(0)? {
        texts.push(text(item).map_err(|name| format!("only strings are sorted, not a {name}"))?);
    }
    texts.sort();
    Ok(Value::list(texts.into_iter().map(Value::String).collect()))
}

fn zipmap(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (keys, values) = (arguments.list(0)?, arguments.list(1)?);
    if keys.len() != values.len() {
        return Err(format!("{} keys and {} values do not match", keys.len(), values.len()));
    }
    let mut entries = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        entries.push((text(key).map_err(|name| format!("a key must be a string, not a {name}"))?, value.clone()));
    }
    Ok(Value::object(entries))
}
