//! One type for many values, as Terraform makes of the members of a list: `[1, "a"]` becomes `["1", "a"]`.
//!
//! Our values do not tell a tuple from a list nor an object from a map, so a list is taken for a tuple and a map for an
//! object until they have to share a type. Where something is not known yet, or an object of the workspace is not
//! opened, nothing is converted. Start at [`unified`].

use std::borrow::Cow;
use std::sync::Arc;

use super::{limits, number, text};
use crate::value::{Object, Value};

/// The type of a value, as far as it matters for conversions.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    /// Of null.
    Any,
    Bool,
    Number,
    String,
    Tuple(Vec<Type>),
    List(Box<Type>),
    Object(Vec<(Arc<str>, Type)>),
    Map(Box<Type>),
}

/// The values, all converted to the one type that takes them all.
///
/// # Errors
///
/// A sentence if there is no such type.
pub(super) fn unified(values: &[Value]) -> Result<Cow<'_, [Value]>, String> {
    if same_kind(values) {
        return Ok(Cow::Borrowed(values));
    }
    values.iter().try_for_each(limits::weigh)?;
    if values.iter().any(is_open) {
        return Ok(Cow::Borrowed(values));
    }
    let types: Vec<Type> = values.iter().map(type_of).collect();
    let wanted = unify(&types).ok_or_else(|| "the members have types that do not fit together".to_owned())?;
    Ok(Cow::Owned(values.iter().map(|value| convert(value, &wanted)).collect()))
}

// The common case, without a look inside: scalars of one type, some of them null.
fn same_kind(values: &[Value]) -> bool {
    let mut first = None;
    values.iter().all(|value| {
        let kind = match value.member().0.unmark().0 {
            Value::Null => return true,
            Value::Bool(_) => 1,
            Value::Number(_) => 2,
            Value::String(_) => 3,
            _ => return false,
        };
        *first.get_or_insert(kind) == kind
    })
}

/// Whether some part is not known, may be absent or is not opened.
pub(super) fn is_open(value: &Value) -> bool {
    match value {
        Value::Unknown(_) | Value::Maybe(_) | Value::Handle(_) => true,
        Value::Sensitive(inner) => is_open(inner),
        Value::List(items) => items.iter().any(is_open),
        Value::Object(object) => object.iter().any(|(_, value)| is_open(value)),
        _ => false,
    }
}

fn type_of(value: &Value) -> Type {
    match value.unmark().0 {
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::List(items) => Type::Tuple(items.iter().map(type_of).collect()),
        Value::Object(object) => {
            Type::Object(object.iter().map(|(key, value)| (key.clone(), type_of(value))).collect())
        }
        _ => Type::Any,
    }
}

fn unify(types: &[Type]) -> Option<Type> {
    let mut types: Vec<&Type> = types.iter().filter(|other| **other != Type::Any).collect();
    types.dedup();
    let Some(first) = types.first() else { return Some(Type::Any) };
    if types.len() == 1 {
        return Some((*first).clone());
    }
    let is_scalar = |other: &&Type| matches!(other, Type::Bool | Type::Number | Type::String);
    if types.iter().all(is_scalar) {
        return types.contains(&&Type::String).then_some(Type::String);
    }
    match first {
        Type::Tuple(_) | Type::List(_) => unify_lists(&types),
        Type::Object(_) | Type::Map(_) => unify_objects(&types),
        _ => None,
    }
}

fn unify_lists(types: &[&Type]) -> Option<Type> {
    let mut rows: Vec<&[Type]> = Vec::with_capacity(types.len());
    for other in types {
        match other {
            Type::Tuple(members) => rows.push(members),
            Type::List(member) => rows.push(std::slice::from_ref(member)),
            _ => return None,
        }
    }
    let width = rows.first().map_or(0, |row| row.len());
    let tuples = types.iter().all(|other| matches!(other, Type::Tuple(_)));
    if tuples && rows.iter().all(|row| row.len() == width) {
        let column = |at: usize| rows.iter().filter_map(|row| row.get(at).cloned()).collect::<Vec<_>>();
        return (0..width).map(|at| unify(&column(at))).collect::<Option<_>>().map(Type::Tuple);
    }
    unify(&rows.concat()).map(|member| Type::List(Box::new(member)))
}

fn unify_objects(types: &[&Type]) -> Option<Type> {
    let mut members: Vec<Type> = Vec::new();
    let mut rows: Vec<&[(Arc<str>, Type)]> = Vec::with_capacity(types.len());
    for other in types {
        match other {
            Type::Object(entries) => rows.push(entries),
            Type::Map(member) => members.push((**member).clone()),
            _ => return None,
        }
    }
    let names = rows.first().copied().unwrap_or_default();
    let same = |row: &[(Arc<str>, Type)]| row.iter().map(|(name, _)| name).eq(names.iter().map(|(name, _)| name));
    if members.is_empty() && rows.iter().all(|row| same(row)) {
        let column = |at: usize| rows.iter().filter_map(|row| Some(row.get(at)?.1.clone())).collect::<Vec<_>>();
        let entries = names.iter().enumerate().map(|(at, (name, _))| Some((name.clone(), unify(&column(at))?)));
        return entries.collect::<Option<_>>().map(Type::Object);
    }
    members.extend(rows.iter().flat_map(|row| row.iter().map(|(_, member)| member.clone())));
    unify(&members).map(|member| Type::Map(Box::new(member)))
}

// The type comes from `unify` of the value's own type, so every conversion is possible.
fn convert(value: &Value, wanted: &Type) -> Value {
    let (inner, sensitive) = value.unmark();
    let converted = match (wanted, inner) {
        (Type::String, scalar) => text(scalar).map_or(Value::Null, Value::String),
        (Type::Number, scalar) => number(scalar).map_or(Value::Null, Value::Number),
        (Type::Tuple(members), Value::List(items)) => {
            Value::list(items.iter().zip(members).map(|(item, member)| convert(item, member)).collect())
        }
        (Type::List(member), Value::List(items)) => {
            Value::list(items.iter().map(|item| convert(item, member)).collect())
        }
        (Type::Object(members), Value::Object(object)) => {
            let entries = object.iter().zip(members);
            Value::object(entries.map(|((key, item), (_, member))| (key.clone(), convert(item, member))).collect())
        }
        (Type::Map(member), Value::Object(object)) => {
            Value::object(object.iter().map(|(key, item)| (key.clone(), convert(item, member))).collect())
        }
        (_, other) => other.clone(),
    };
    converted.mark(sensitive)
}

/// The map with all its values of one type.
///
/// # Errors
///
/// A sentence if there is no such type.
pub(super) fn unified_map(object: &Object) -> Result<Value, String> {
    let values: Vec<Value> = object.iter().map(|(_, value)| value.clone()).collect();
    let values = unified(&values)?;
    Ok(Value::object(object.iter().zip(values.iter()).map(|((key, _), value)| (key.clone(), value.clone())).collect()))
}
