//! Conversions of a value to a type, as Terraform makes them.

use std::sync::Arc;

use super::{Field, Type, is_unsettled, unified};
use crate::expr::functions::{self, set_of};
use crate::value::{ListKind, ObjectKind, Value};

impl Type {
    /// The value as one of this type, with Terraform's conversions.
    ///
    /// # Errors
    ///
    /// Which part does not fit, in Terraform's words: `[0]: a number is required`.
    pub fn convert(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Null | Value::Unknown(_) => return Ok(value.clone()),
            Value::Maybe(inner) => return self.convert(inner).map(|value| value.maybe(true)),
            Value::Sensitive(inner) => {
                let converted = self.convert(inner).map(|value| value.mark(true));
                return converted.map_err(|_| "a sensitive value does not fit".to_owned());
            }
            _ => {}
        }
        match self {
            Self::Any => Ok(value.clone()),
            Self::String => functions::text(value).map(Value::String).map_err(|_| "a string is required".to_owned()),
            Self::Number => functions::number(value).map(Value::Number).map_err(|_| "a number is required".to_owned()),
            Self::Bool => to_bool(value),
            Self::List(element) => Ok(Value::list_of(ListKind::List, elements(element, value, "a list")?)),
            Self::Set(element) => to_set(element, value),
            Self::Map(element) => to_map(element, value),
            Self::Tuple(kinds) => to_tuple(kinds, value),
            Self::Object(fields) => to_object(fields, value),
        }
    }
}

// "1" and "0" convert, too (Terraform 1.11, observed).
fn to_bool(value: &Value) -> Result<Value, String> {
    match value {
        Value::Bool(truth) => Ok(Value::Bool(*truth)),
        Value::String(text) if matches!(&**text, "true" | "1") => Ok(Value::Bool(true)),
        Value::String(text) if matches!(&**text, "false" | "0") => Ok(Value::Bool(false)),
        _ => Err("a bool is required".to_owned()),
    }
}

// Members that are not known yet cannot be put in order, and each of them may be one of the others.
fn to_set(element: &Type, value: &Value) -> Result<Value, String> {
    let members = elements(element, value, "a set")?;
    let members = if members.iter().any(is_unsettled) { members } else { set_of(&members)? };
    Ok(Value::list_of(ListKind::Set, members))
}

fn to_map(element: &Type, value: &Value) -> Result<Value, String> {
    let Value::Object(object) = value else { return Err("a map is required".to_owned()) };
    let (names, values): (Vec<_>, Vec<_>) = object.to_entries().into_iter().unzip();
    let at = |index: usize| names.get(index).map_or_else(String::new, |name| format!("[\"{name}\"]"));
    let values = convert_all(element, &values, &at)?;
    Ok(Value::object_of(ObjectKind::Map, names.iter().cloned().zip(values).collect()))
}

// What is open stays so: a document may have a list where a tuple is read.
fn to_tuple(kinds: &[Type], value: &Value) -> Result<Value, String> {
    let items = match value {
        Value::List(items) if items.kind() != ListKind::Set => items,
        _ => return Err("a tuple is required".to_owned()),
    };
    if items.len() != kinds.len() {
        return Err(format!("a tuple of {} elements is required, and this has {}", kinds.len(), items.len()));
    }
    let converted = kinds.iter().zip(items.iter()).enumerate();
    let converted = converted
        .map(|(index, (kind, item))| kind.convert(item).map_err(|message| inside(&format!("[{index}]"), &message)));
    let kind = if items.kind() == ListKind::Open { ListKind::Open } else { ListKind::Tuple };
    Ok(Value::list_of(kind, converted.collect::<Result<_, _>>()?))
}

// Attributes beyond the type are dropped, as Terraform does.
fn to_object(fields: &[Field], value: &Value) -> Result<Value, String> {
    let Value::Object(object) = value else { return Err("an object is required".to_owned()) };
    let mut entries = Vec::with_capacity(fields.len());
    for field in fields {
        let given = object.get(&field.name);
        let value = match (given, &field.default) {
            (None | Some(Value::Null), Some(default)) => default.clone(),
            (None, None) if field.optional => Value::Null,
            (None, None) => return Err(format!("attribute \"{}\" is required", field.name)),
            (Some(given), _) => {
                field.kind.convert(given).map_err(|message| inside(&format!(".{}", field.name), &message))?
            }
        };
        entries.push((Arc::clone(&field.name), value));
    }
    let kind = if object.kind() == ObjectKind::Open { ObjectKind::Open } else { ObjectKind::Object };
    Ok(Value::object_of(kind, entries))
}

fn elements(kind: &Type, value: &Value, what: &str) -> Result<Vec<Value>, String> {
    let Value::List(items) = value else { return Err(format!("{what} is required")) };
    convert_all(kind, items, &|index| format!("[{index}]"))
}

fn convert_all(kind: &Type, items: &[Value], at: &dyn Fn(usize) -> String) -> Result<Vec<Value>, String> {
    if matches!(kind, Type::Any) {
        let items = unified(items).map_err(|_| "all elements must have the same type".to_owned())?;
        return Ok(items.into_owned());
    }
    let converted = items.iter().enumerate();
    converted.map(|(index, item)| kind.convert(item).map_err(|message| inside(&at(index), &message))).collect()
}

fn inside(step: &str, message: &str) -> String {
    if message.starts_with(['[', '.']) { format!("{step}{message}") } else { format!("{step}: {message}") }
}

#[cfg(test)]
mod tests {
    use hcl_edit::expr::Expression;

    use super::*;
    use crate::value::json;

    fn kind(text: &str) -> Type {
        let expression: Expression = text.parse().unwrap();
        let mut constant = |expression: &Expression| match expression {
            Expression::Number(number) => number.value().as_i64().map(|number| Value::Number(number.into())),
            _ => None,
        };
        Type::read(&expression, &mut constant).unwrap()
    }

    fn converted(kind_text: &str, value: &str) -> Result<String, String> {
        kind(kind_text).convert(&json::decode(value).unwrap()).map(|value| format!("{:?}", value.untyped()))
    }

    // What `terraform console` of Terraform 1.11 shows for a variable of that type and default.
    #[test]
    fn values_become_what_terraform_makes_of_them() {
        let table = [
            ("object({ a = string, b = optional(number, 3) })", r#"{"a":1,"z":9}"#, r#"{"a":"1","b":3}"#),
            ("object({ b = optional(number, 3) })", r#"{"b":null}"#, r#"{"b":3}"#),
            ("list(any)", r#"["x",1]"#, r#"["x","1"]"#),
            ("list(any)", r#"[{"a":1},{"a":"x"}]"#, r#"[{"a":"1"},{"a":"x"}]"#),
            ("map(any)", r#"{"a":1,"b":"x"}"#, r#"{"a":"1","b":"x"}"#),
            ("tuple([string, number])", r#"[1,"2"]"#, r#"["1",2]"#),
            ("set(string)", r#"["b","a","b"]"#, r#"["a","b"]"#),
            ("list(number)", "[1,null]", "[1,null]"),
            ("bool", r#""0""#, "false"),
        ];
        for (kind, value, expected) in table {
            let expected = format!("{:?}", json::open(expected).unwrap());
            assert_eq!(converted(kind, value), Ok(expected), "{kind} {value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        let table = [
            ("object({ a = string })", "{}", "attribute \"a\" is required"),
            ("list(number)", r#"["a"]"#, "[0]: a number is required"),
            ("map(object({ a = bool }))", r#"{"k":{"a":"x"}}"#, "[\"k\"].a: a bool is required"),
        ];
        for (kind, value, expected) in table {
            assert_eq!(converted(kind, value), Err(expected.to_owned()));
        }
    }
}
