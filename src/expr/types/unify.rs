//! One type for many values, as Terraform makes of the members of a list: `[1, "a"]` becomes `["1", "a"]`.
//!
//! What is open is taken for a tuple or an object until it has to share a type. Where something is not known yet, or an
//! object of the workspace is not opened, nothing is converted. Start at [`unified`] for values, [`unify`] for types.

use std::borrow::Cow;

use super::{Field, Type};
use crate::expr::functions::weigh;
use crate::value::{Mapping, ObjectKind, Value};

/// The values, all converted to the one type that takes them all.
///
/// # Errors
///
/// A sentence if there is no such type.
pub fn unified(values: &[Value]) -> Result<Cow<'_, [Value]>, String> {
    if same_kind(values) {
        return Ok(Cow::Borrowed(values));
    }
    values.iter().try_for_each(weigh)?;
    let unlike = || "the members have types that do not fit together".to_owned();
    if values.iter().any(is_unsettled) {
        return if are_alike(values) { Ok(Cow::Borrowed(values)) } else { Err(unlike()) };
    }
    let types: Vec<Type> = values.iter().map(Type::of).collect();
    let wanted = unify(&types).ok_or_else(unlike)?;
    values.iter().map(|value| wanted.convert(value)).collect::<Result<_, _>>().map(Cow::Owned)
}

/// The map with all its values of one type.
///
/// # Errors
///
/// A sentence if there is no such type.
pub fn unified_map(object: &Mapping) -> Result<Value, String> {
    let values: Vec<Value> = object.iter().map(|(_, value)| value.clone()).collect();
    let values = unified(&values)?;
    let entries = object.iter().zip(values.iter()).map(|((key, _), value)| (key.clone(), value.clone()));
    Ok(Value::object_of(ObjectKind::Map, entries.collect()))
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

// Whether the values may share a type, by what shows of them from outside.
fn are_alike(values: &[Value]) -> bool {
    let mut first = None;
    values.iter().all(|value| {
        let shape = match value.member().0.unmark().0 {
            Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
            Value::List(_) => 2,
            Value::Object(_) | Value::Handle(_) => 3,
            _ => return true,
        };
        *first.get_or_insert(shape) == shape
    })
}

/// Whether some part is not known, may be absent or is not opened.
#[must_use]
pub fn is_unsettled(value: &Value) -> bool {
    match value {
        Value::Unknown(_) | Value::Maybe(_) | Value::Handle(_) => true,
        Value::Sensitive(inner) => is_unsettled(inner),
        Value::List(items) => items.iter().any(is_unsettled),
        Value::Object(object) => object.iter().any(|(_, value)| is_unsettled(value)),
        _ => false,
    }
}

/// The type that takes values of all these types; `None` if there is none.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    let mut distinct: Vec<&Type> = Vec::new();
    for kind in types.iter().filter(|kind| !matches!(kind, Type::Any)) {
        if !distinct.iter().any(|known| known.is(kind)) {
            distinct.push(kind);
        }
    }
    match distinct.as_slice() {
        [] => Some(Type::Any),
        [only] => Some((*only).clone()),
        several if several.iter().all(|kind| kind.is_primitive()) => {
            several.iter().any(|kind| matches!(kind, Type::String)).then_some(Type::String)
        }
        several if several.iter().all(|kind| matches!(kind, Type::Map(_) | Type::Object(_))) => unify_objects(several),
        several if several.iter().all(|kind| matches!(kind, Type::List(_) | Type::Set(_) | Type::Tuple(_))) => {
            unify_lists(several)
        }
        _ => None,
    }
}

fn unify_lists(types: &[&Type]) -> Option<Type> {
    let is_set = |kind: &&&Type| matches!(kind, Type::Set(_));
    let is_list = |kind: &&&Type| matches!(kind, Type::List(_));
    let rows = types.iter().map(|kind| match kind {
        Type::Tuple(members) => members.as_slice(),
        Type::List(member) | Type::Set(member) => std::slice::from_ref(&**member),
        _ => &[],
    });
    let rows: Vec<&[Type]> = rows.collect();
    let of_all = || unify(&rows.concat()).map(Box::new);
    match (types.iter().filter(is_set).count(), types.iter().filter(is_list).count()) {
        (0, 0) => {
            let width = rows.first().map_or(0, |row| row.len());
            let same = rows.iter().all(|row| row.len() == width);
            let column = |at: usize| rows.iter().filter_map(|row| row.get(at).cloned()).collect::<Vec<_>>();
            let tuple = || (0..width).map(|at| unify(&column(at))).collect::<Option<Vec<_>>>().map(Type::Tuple);
            let tuple = if same { tuple() } else { None };
            tuple.or_else(|| of_all().map(Type::List))
        }
        (0, _) => of_all().map(Type::List),
        (sets, 0) if sets == types.len() => of_all().map(Type::Set),
        // Of unlike ones a list is preferred to a set, and a set to a tuple: the others become what it is.
        _ => types.iter().find(is_list).or_else(|| types.iter().find(is_set)).map(|kind| (*kind).clone()),
    }
}

fn unify_objects(types: &[&Type]) -> Option<Type> {
    let mut members: Vec<Type> = Vec::new();
    let mut rows: Vec<&[Field]> = Vec::with_capacity(types.len());
    for kind in types {
        match kind {
            Type::Object(fields) => rows.push(fields),
            Type::Map(member) => members.push((**member).clone()),
            _ => return None,
        }
    }
    let names = rows.first().copied().unwrap_or_default();
    let same = |row: &[Field]| row.iter().map(|field| &field.name).eq(names.iter().map(|field| &field.name));
    if members.is_empty() && rows.iter().all(|row| same(row)) {
        let column = |at: usize| rows.iter().filter_map(|row| Some(row.get(at)?.kind.clone())).collect::<Vec<_>>();
        let fields = names.iter().enumerate();
        let fields = fields.map(|(at, field)| Some(Field::required(field.name.clone(), unify(&column(at))?)));
        if let Some(fields) = fields.collect::<Option<Vec<_>>>() {
            return Some(Type::Object(fields));
        }
    }
    members.extend(rows.iter().flat_map(|row| row.iter().map(|field| field.kind.clone())));
    unify(&members).map(|member| Type::Map(Box::new(member)))
}
