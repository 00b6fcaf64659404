//! Functions on lists and maps. Those that join objects decide in three values: a list may hold members that may not
//! be there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    ANY, Arguments, Builtin, HIDDEN, Takes, bare, characters, counting, lifted, limits, no_number, own, raw, sequence,
    taking, tested, text,
};
use crate::expr::compare;
use crate::expr::eval::{self, Host, cause_of};
use crate::expr::types::{Type, unified, unify};
use crate::value::unknown::Part;
use crate::value::{ListKind, Mapping, Number, ObjectKind, Unknown, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    own(("alltrue", "list", 1, 1, "Whether every member is true; an empty list is."), |arguments| {
        truths(arguments, true)
    }),
    own(("anytrue", "list", 1, 1, "Whether some member is true; in an empty list none is."), |arguments| {
        truths(arguments, false)
    }),
    own(("coalesce", "values...", 1, ANY, "The first value that is neither null nor an empty string."), coalesce),
    own(("coalescelist", "lists...", 1, ANY, "The first list that is not empty."), coalescelist),
    tested(
        own(("contains", "list, value", 2, 2, "Whether the value is a member of the list."), contains),
        |host, list, wanted| match wanted.unmark().0 {
            Value::Null => None,
            _ => has_member(host, list.as_list()?, wanted),
        },
    ),
    own(("element", "list, index", 2, 2, "The member at the index; behind the end the list starts again."), element),
    own(("index", "list, value", 2, 2, "The index of the first member that equals the value."), index),
    own(("keys", "map", 1, 1, "The keys, in order."), keys),
    counting(
        own(("length", "value", 1, 1, "The number of members, or of the characters of a string."), length),
        |value| match value {
            Value::List(items) if items.iter().all(|item| !item.member().1) => Some(items.len()),
            Value::Object(object) => Some(object.len()),
            Value::String(text) if text.is_ascii() => Some(characters_of_ascii(text)),
            _ => None,
        },
    ),
    raw(("lookup", "map, key, default", 2, 3, "The value under the key, or else the default."), lookup),
    own(("merge", "maps...", 0, ANY, "One map of all; of equal keys the last one wins."), merge),
    own(("one", "list", 1, 1, "The only member, or null if there is none."), one),
    taking(Takes::Lists, lifted(("sum", "list", 1, 1, "The sum of the numbers."), sum)),
    taking(
        Takes::Maps,
        lifted(
            ("transpose", "map", 1, 1, "A map of lists, turned: each member with the keys it stood under."),
            transpose,
        ),
    ),
    own(("values", "map", 1, 1, "The values, in the order of their keys."), values),
    own(("zipmap", "keys, values", 2, 2, "A map of keys and the values at the same places."), zipmap),
];

// `every` is `alltrue`: false decides; else `anytrue`: true decides.
fn truths(arguments: &Arguments<'_>, every: bool) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let mut undecided = None;
    let mut decided = false;
    for item in arguments.list(0)?.iter() {
        let (value, maybe) = item.member();
        let truth = match value.unmark().0 {
            Value::Null => Some(false),
            other => eval::truth(other)?,
        };
        match truth {
            Some(truth) if truth != every && !maybe => decided = true,
            Some(truth) if truth == every => {}
            _ => undecided = undecided.or(Some(item)),
        }
    }
    Ok(arguments.marked(match undecided {
        _ if decided => Value::Bool(!every),
        Some(item) => eval::decided(None, &[item]),
        None => Value::Bool(every),
    }))
}

fn coalesce(arguments: &Arguments<'_>) -> Result<Value, String> {
    if let Some(only) = only_one(arguments.values) {
        return Ok(only);
    }
    let values = arguments.copies();
    for value in one_type(&values)?.iter() {
        match value.unmark().0 {
            Value::Unknown(unknown) if is_never_empty(arguments, unknown) => return Ok(value.clone()),
            Value::Unknown(_) => return Ok(arguments.unknown()),
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            _ => return Ok(value.clone()),
        }
    }
    Err("every argument is null or empty".to_owned())
}

// The argument that is taken, where the type of all shows at a look: beside it stand nulls and an empty `[]` alone, as in
// `coalesce(c.secrets, [])`.
fn only_one(values: &[&Value]) -> Option<Value> {
    let (mut only, mut has_list) = (None, false);
    for value in values {
        match value {
            Value::Null => {}
            Value::List(items) if only.is_some() && items.is_empty() && items.kind() == ListKind::Tuple => {
                has_list = true;
            }
            other if only.is_none() => only = Some(*other),
            _ => return None,
        }
    }
    match only? {
        Value::List(items) if !has_list || matches!(items.kind(), ListKind::Open | ListKind::List) => {
            Some(Value::List(items.clone()))
        }
        Value::List(items) if items.kind() == ListKind::Tuple && is_uniform(items) => {
            Some(Value::List(items.with_kind(ListKind::List)))
        }
        Value::String(text) if !has_list && !text.is_empty() => Some(Value::String(text.clone())),
        value @ (Value::Bool(_) | Value::Number(_) | Value::Object(_)) if !has_list => Some(value.clone()),
        _ => None,
    }
}

// Whether all members are of one type, as far as that shows without a look at many types.
fn is_uniform(items: &[Value]) -> bool {
    items.iter().all(|item| items.first().is_some_and(|first| is_like(first, item)))
}

fn is_like(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => true,
        (Value::Object(one), Value::Object(other)) => {
            let pairs = || one.iter().zip(other.iter());
            one.kind() == other.kind()
                && one.has_keys_of(other)
                && pairs().all(|((_, one), (_, other))| is_like(one, other))
        }
        _ => false,
    }
}

// The blocks of one kind that source writes differ in their attributes, where those of a plan have all of them.
fn one_type(values: &[Value]) -> Result<Cow<'_, [Value]>, String> {
    let is_list = |value: &Value| matches!(value.unmark().0, Value::Null | Value::List(_));
    unified(values).or_else(|reason| {
        values.iter().try_for_each(limits::weigh)?;
        if values.iter().all(is_list) { Ok(Cow::Borrowed(values)) } else { Err(reason) }
    })
}

// What names an object is neither null nor empty, and neither is a text of which a piece is known.
fn is_never_empty(arguments: &Arguments<'_>, unknown: &Unknown) -> bool {
    match (unknown, compare::symbols(unknown)) {
        (Unknown::Template(parts), _) => parts.iter().any(|part| matches!(part, Part::Text(_))),
        (_, Some([symbol])) => arguments.host.is_never_null(symbol),
        _ => false,
    }
}

fn coalescelist(arguments: &Arguments<'_>) -> Result<Value, String> {
    let is_open = |value: &Value| matches!(value, Value::Null | Value::Unknown(_));
    // Those behind the one that is taken must be lists, too.
    for (position, _) in arguments.values.iter().enumerate().filter(|(_, value)| !is_open(value)) {
        arguments.ordered(position)?;
    }
    for (position, value) in arguments.values.iter().enumerate() {
        match value {
            Value::Unknown(_) => return Ok(arguments.unknown()),
            Value::Null => {}
            _ => {
                let items = arguments.ordered(position)?;
                if items.iter().any(|item| !item.member().1) {
                    return Ok(arguments.marked((*value).clone()));
                }
                if !items.is_empty() {
                    return Ok(arguments.unknown());
                }
            }
        }
    }
    Err("every list is empty".to_owned())
}

fn contains(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    arguments.not_null(1)?;
    Ok(match has_member(arguments.host, arguments.list(0)?, arguments.get(1)) {
        Some(truth) => arguments.marked(Value::Bool(truth)),
        None => arguments.unknown(),
    })
}

fn has_member(host: &dyn Host, items: &[Value], wanted: &Value) -> Option<bool> {
    compare::any(items.iter().map(|item| match item.member() {
        (value, false) => compare::equal(host, value, wanted),
        (value, true) => compare::equal(host, value, wanted).filter(|equal| !equal),
    }))
}

fn element(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let items = arguments.ordered(0)?;
    if items.iter().any(|item| item.member().1) {
        return Ok(arguments.unknown());
    }
    let index = usize::try_from(arguments.whole(1)?).map_err(|_| "an index is 0 or more".to_owned())?;
    let index = index.checked_rem(items.len()).ok_or("the list is empty")?;
    items.get(index).cloned().ok_or_else(|| "the list is empty".to_owned())
}

fn index(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    arguments.not_null(1)?;
    for (position, item) in arguments.ordered(0)?.iter().enumerate() {
        match (arguments.equal(item.member().0, arguments.get(1)), item.member().1) {
            (Some(true), false) => return Ok(arguments.marked(Value::int(position))),
            (Some(false), false) => {}
            _ => return Ok(arguments.unknown()),
        }
    }
    Err("the list has no such member".to_owned())
}

fn keys(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let object = arguments.object(0)?;
    let names = object.iter().map(|(key, _)| Value::String(key.clone()));
    Ok(Value::list_of(object.kind().members(), names.collect()))
}

fn values(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let object = arguments.object(0)?;
    let values = object.iter().map(|(_, value)| value.clone());
    Ok(Value::list_of(object.kind().members(), values.collect()))
}

fn length(arguments: &Arguments<'_>) -> Result<Value, String> {
    match arguments.get(0) {
        Value::Unknown(_) => Ok(arguments.unknown()),
        Value::List(items) => Ok(list_length(items)),
        Value::Object(object) => Ok(Value::int(object.len())),
        Value::String(text) if text.is_ascii() => Ok(Value::int(characters_of_ascii(text))),
        Value::String(text) => Ok(Value::int(characters::count(text))),
        other => Err(format!("a {} has no length", other.type_name())),
    }
}

// Of ASCII characters only a carriage return and the line feed behind it are one.
fn characters_of_ascii(text: &str) -> usize {
    text.len() - text.matches("\r\n").count()
}

fn list_length(items: &[Value]) -> Value {
    let certain = items.iter().filter(|item| !item.member().1).count();
    if certain == items.len() {
        return Value::int(certain);
    }
    let uncertain: Vec<&Value> = items.iter().filter(|item| item.member().1).collect();
    Value::Unknown(Arc::new(Unknown::Count { min: certain, max: items.len(), cause: Box::new(cause_of(&uncertain)) }))
}

// A mark of the default shows only where the default is taken.
fn lookup(arguments: &Arguments<'_>) -> Result<Value, String> {
    let [map, key] = [0, 1].map(|index| bare(arguments.host, arguments.get(index), false));
    let is_marked = |index: usize| arguments.get(index).unmark().1;
    let plain = Arguments { values: &[&map, &key], ..*arguments };
    let found = looked_up(&plain, arguments.values.get(2).copied());
    let found = if (0..3).any(is_marked) { found.map_err(|_| HIDDEN.to_owned()) } else { found };
    found.map(|value| value.mark(is_marked(0) || is_marked(1)))
}

fn looked_up(arguments: &Arguments<'_>, default: Option<&Value>) -> Result<Value, String> {
    if arguments.is_unknown(0) || arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let key = arguments.text(1)?;
    let object = arguments.object(0)?;
    let default = default.map(|default| default_of(object, default)).transpose()?;
    match (object.get(&key), default) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(format!("the map has no key \"{key}\"")),
    }
}

// The values of a map have one type, and the default is one of them.
fn default_of(object: &Mapping, default: &Value) -> Result<Value, String> {
    if object.kind() != ObjectKind::Map {
        return Ok(default.clone());
    }
    let types: Vec<Type> = object.iter().map(|(_, value)| Type::of(value)).collect();
    let fits = unify(&types).unwrap_or(Type::Any).convert(default);
    fits.map_err(|message| format!("the default does not fit the values of the map: {message}"))
}

fn merge(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.values.iter().any(|value| value.as_unknown().is_some()) {
        return Ok(arguments.unknown());
    }
    let mut entries = Vec::new();
    let mut objects = Vec::new();
    for (position, value) in arguments.values.iter().enumerate() {
        if !matches!(value, Value::Null) {
            let object = arguments.object(position)?;
            objects.push(object);
            entries.extend(object.to_entries());
            limits::members(entries.len())?;
        }
    }
    Ok(Value::object_of(merged_kind(&objects), entries))
}

// Maps of one type make a map, maps of unlike values an object.
fn merged_kind(objects: &[&Mapping]) -> ObjectKind {
    let Some(first) = objects.first() else { return ObjectKind::Object };
    let values = |object: &Mapping| object.iter().map(|(_, value)| Type::of(value)).collect::<Vec<_>>();
    match ObjectKind::joined(objects.iter().map(|object| object.kind())) {
        ObjectKind::Map => {
            let one = unify(&values(first)).unwrap_or(Type::Any);
            let alike =
                |object: &&Mapping| unify(&values(object)).is_none_or(|other| other.is(&one) || object.is_empty());
            if objects.iter().all(alike) { ObjectKind::Map } else { ObjectKind::Object }
        }
        kind => kind,
    }
}

fn one(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) {
        return Ok(arguments.unknown());
    }
    let items = arguments.list(0)?;
    let certain = items.iter().filter(|item| !item.member().1).count();
    match &**items {
        [] => Ok(Value::Null),
        [only] if certain == 1 => Ok(only.clone().mark(only.has_sensitive())),
        _ if certain > 1 => Err(format!("a list of at most one member is asked for, and this has {certain}")),
        _ => Ok(arguments.unknown()),
    }
}

fn zipmap(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) || arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let (keys, values) = (arguments.list(0)?, arguments.ordered(1)?);
    if keys.iter().any(Value::has_unknown) || values.iter().any(|value| value.member().1) {
        return Ok(arguments.unknown());
    }
    if keys.len() != values.len() {
        return Err(format!("{} keys and {} values do not match", keys.len(), values.len()));
    }
    let mut entries = Vec::new();
    let mut sensitive = false;
    for (key, value) in keys.iter().zip(values.iter()) {
        let (key, hidden) = key.unmark();
        sensitive |= hidden;
        entries.push((text(key).map_err(|name| format!("a key must be a string, not a {name}"))?, value.clone()));
    }
    let kind = match values.kind() {
        ListKind::Open => ObjectKind::Open,
        ListKind::Tuple => ObjectKind::Object,
        ListKind::List | ListKind::Set => ObjectKind::Map,
    };
    Ok(Value::object_of(kind, entries).mark(sensitive))
}

fn sum(arguments: &Arguments<'_>) -> Result<Value, String> {
    let numbers = sequence::numbers(arguments.list(0)?)?;
    let mut numbers = numbers.into_iter();
    let first = numbers.next().ok_or_else(|| "the list is empty".to_owned())?;
    let plus = |total: Number, next: Number| total.plus(&next).ok_or_else(|| no_number(&[&total, &next]));
    numbers.try_fold(first, plus).map(Value::Number)
}

fn transpose(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, members) in arguments.object(0)?.iter() {
        let Value::List(members) = members else {
            return Err(format!("the values must be lists of strings, not a {}", members.type_name()));
        };
        for member in members.iter() {
            let member = text(member).map_err(|name| format!("a member must be a string, not a {name}"))?;
            turned.entry(member).or_default().push(Value::String(key.clone()));
        }
    }
    let entries = turned.into_iter().map(|(member, keys)| (member, Value::list_of(ListKind::List, keys)));
    Ok(Value::object_of(ObjectKind::Map, entries.collect()))
}
