//! Type constraints of inputs and variables, and Terraform's conversions to them.
//!
//! [`Type::read`] takes a constraint as it is written; [`Type::convert`] makes a value fit, or says in Terraform's words
//! which part of it does not.

use std::sync::Arc;

use hcl_edit::expr::{Expression, FuncCall, Object as Literal, ObjectKey};

use super::functions::{self, nearest};
use crate::value::{Object, Value};

/// A type constraint.
#[derive(Clone, Debug)]
pub enum Type {
    /// `any`
    Any,
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
    /// `list(…)`
    List(Box<Self>),
    /// `set(…)`
    Set(Box<Self>),
    /// `map(…)`
    Map(Box<Self>),
    /// `tuple([…])`
    Tuple(Vec<Self>),
    /// `object({…})`
    Object(Vec<Field>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub kind: Type,
    /// Whether it may be absent.
    pub optional: bool,
    /// What it is when it is absent or null.
    pub default: Option<Value>,
}

const WORDS: [&str; 9] = ["any", "string", "number", "bool", "list", "set", "map", "tuple", "object"];

/// Why an expression is no type constraint: a sentence, and the part of the expression that is meant.
pub type NotAType<'e> = (&'e Expression, String);

impl Type {
    /// Reads a constraint. `constant` gives the value of an expression without names, for defaults of attributes.
    ///
    /// # Errors
    ///
    /// A sentence, and the part that is meant.
    pub fn read<'e>(
        expression: &'e Expression,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Self, NotAType<'e>> {
        match expression {
            Expression::Variable(name) => Self::word(name.as_str()).map_err(|message| (expression, message)),
            // Terraform's oldest form: the word in quotes.
            Expression::String(word) => Self::word(word.value()).map_err(|message| (expression, message)),
            Expression::Parenthesis(inner) => Self::read(inner.inner(), constant),
            Expression::FuncCall(call) => Self::call(expression, call, constant),
            _ => Err((expression, "this is no type; a type is string, number, bool, any, list(…), set(…), map(…), tuple([…]) or object({…})".to_owned())),
        }
    }

    fn word(word: &str) -> Result<Self, String> {
        match word {
            "any" => Ok(Self::Any),
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "bool" => Ok(Self::Bool),
            // Terraform takes these for list(any) and map(any).
            "list" => Ok(Self::List(Box::new(Self::Any))),
            "map" => Ok(Self::Map(Box::new(Self::Any))),
            "set" | "tuple" | "object" => {
                Err(format!("the type {word} needs to know of what, as in {}", example(word)))
            }
            other => {
                let hint = nearest(other, WORDS.into_iter())
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                Err(format!("there is no type \"{other}\"{hint}"))
            }
        }
    }

    fn call<'e>(
        whole: &'e Expression,
        call: &'e FuncCall,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Self, NotAType<'e>> {
        let name = call.name.name.as_str();
        let arguments: Vec<&Expression> = call.args.iter().collect();
        let [argument] = arguments.as_slice() else {
            return Err((whole, format!("the type {name} takes one argument, as in {}", example(name))));
        };
        match (name, *argument) {
            ("list", element) => Ok(Self::List(Box::new(Self::read(element, constant)?))),
            ("set", element) => Ok(Self::Set(Box::new(Self::read(element, constant)?))),
            ("map", element) => Ok(Self::Map(Box::new(Self::read(element, constant)?))),
            ("tuple", Expression::Array(items)) => {
                Ok(Self::Tuple(items.iter().map(|item| Self::read(item, constant)).collect::<Result<_, _>>()?))
            }
            ("object", Expression::Object(fields)) => Self::fields(fields, constant).map(Self::Object),
            ("tuple" | "object", other) => Err((other, format!("the type {name} is written {}", example(name)))),
            ("optional", _) => Err((whole, "optional(…) belongs to an attribute of an object type".to_owned())),
            (other, _) => match Self::word(other) {
                Ok(_) => Err((whole, format!("the type {other} takes no argument"))),
                Err(message) => Err((whole, message)),
            },
        }
    }

    fn fields<'e>(
        fields: &'e Literal,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Vec<Field>, NotAType<'e>> {
        let mut result = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            let name: Arc<str> = match key {
                ObjectKey::Ident(name) => Arc::from(name.as_str()),
                ObjectKey::Expression(Expression::String(name)) => Arc::from(name.value().as_str()),
                ObjectKey::Expression(other) => {
                    return Err((other, "an attribute of an object type has a name".to_owned()));
                }
            };
            result.push(Self::field(name, value.expr(), constant)?);
        }
        Ok(result)
    }

    fn field<'e>(
        name: Arc<str>,
        expression: &'e Expression,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Field, NotAType<'e>> {
        let call = match expression {
            Expression::FuncCall(call) if call.name.name.as_str() == "optional" => call,
            other => return Ok(Field { name, kind: Self::read(other, constant)?, optional: false, default: None }),
        };
        let arguments: Vec<&Expression> = call.args.iter().collect();
        let (kind, default) = match arguments.as_slice() {
            [kind] => (Self::read(kind, constant)?, None),
            [kind, default] => {
                let kind = Self::read(kind, constant)?;
                let value = constant(default).ok_or_else(|| (*default, "a default is a constant".to_owned()))?;
                let value = kind
                    .convert(&value)
                    .map_err(|message| (*default, format!("the default does not fit: {message}")))?;
                (kind, Some(value))
            }
            _ => return Err((expression, "optional takes a type and perhaps a default".to_owned())),
        };
        Ok(Field { name, kind, optional: true, default })
    }

    /// Whether it is `string`, `number` or `bool`: such values are given as plain text on the command line.
    #[must_use]
    pub const fn is_primitive(&self) -> bool {
        matches!(self, Self::String | Self::Number | Self::Bool)
    }

    /// The value as one of this type, with Terraform's conversions.
    ///
    /// # Errors
    ///
    /// Which part does not fit, in Terraform's words: `[0]: a number is required`.
    pub fn convert(&self, value: &Value) -> Result<Value, String> {
        if matches!(value, Value::Null | Value::Unknown(_)) {
            return Ok(value.clone());
        }
        if let Value::Maybe(inner) = value {
            return self.convert(inner).map(|value| value.maybe(true));
        }
        if let Value::Sensitive(inner) = value {
            return self
                .convert(inner)
                .map(|value| value.mark(true))
                .map_err(|_| "a sensitive value does not fit".to_owned());
        }
        match self {
            Self::Any => Ok(value.clone()),
            Self::String => functions::text(value).map(Value::String).map_err(|_| "a string is required".to_owned()),
            Self::Number => functions::number(value).map(Value::Number).map_err(|_| "a number is required".to_owned()),
            Self::Bool => to_bool(value),
            Self::List(element) => {
                let items = elements(element, value, "a list")?;
                Ok(Value::list(items))
            }
            Self::Set(element) => Ok(Value::list(as_set(elements(element, value, "a set")?))),
            Self::Map(element) => {
                let Value::Object(object) = value else { return Err("a map is required".to_owned()) };
                let (names, values): (Vec<_>, Vec<_>) = object.to_entries().into_iter().unzip();
                let at = |index: usize| names.get(index).map_or_else(String::new, |name| format!("[\"{name}\"]"));
                let values = convert_all(element, &values, &at)?;
                Ok(Value::object(names.iter().cloned().zip(values).collect()))
            }
            Self::Tuple(kinds) => to_tuple(kinds, value),
            Self::Object(fields) => to_object(fields, value),
        }
    }
}

fn example(word: &str) -> &'static str {
    match word {
        "tuple" => "tuple([string, number])",
        "object" => "object({ name = string })",
        "set" => "set(string)",
        "map" => "map(string)",
        _ => "list(string)",
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

fn to_tuple(kinds: &[Type], value: &Value) -> Result<Value, String> {
    let Value::List(items) = value else { return Err("a tuple is required".to_owned()) };
    if items.len() != kinds.len() {
        return Err(format!("a tuple of {} elements is required, and this has {}", kinds.len(), items.len()));
    }
    let converted = kinds.iter().zip(items.iter()).enumerate();
    let converted = converted
        .map(|(index, (kind, item))| kind.convert(item).map_err(|message| inside(&format!("[{index}]"), &message)));
    Ok(Value::list(converted.collect::<Result<_, _>>()?))
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
        entries.push((field.name.clone(), value));
    }
    Ok(Value::object(entries))
}

fn elements(kind: &Type, value: &Value, what: &str) -> Result<Vec<Value>, String> {
    let Value::List(items) = value else { return Err(format!("{what} is required")) };
    convert_all(kind, items, &|index| format!("[{index}]"))
}

fn convert_all(kind: &Type, items: &[Value], at: &dyn Fn(usize) -> String) -> Result<Vec<Value>, String> {
    if matches!(kind, Type::Any) {
        return unify(items.to_vec()).ok_or_else(|| "all elements must have the same type".to_owned());
    }
    let converted = items.iter().enumerate();
    converted.map(|(index, item)| kind.convert(item).map_err(|message| inside(&at(index), &message))).collect()
}

fn inside(step: &str, message: &str) -> String {
    if message.starts_with(['[', '.']) { format!("{step}{message}") } else { format!("{step}: {message}") }
}

/// The values as values of one type, as the elements of a `list(any)` are; `None` if there is no such type.
fn unify(mut items: Vec<Value>) -> Option<Vec<Value>> {
    let known = || items.iter().filter(|item| !matches!(item, Value::Null));
    let first = known().next().cloned();
    let Some(first) = first else { return Some(items) };
    if known().all(|item| item.type_name() == first.type_name()) {
        return match &first {
            Value::Object(first) => unify_members(&items, first),
            _ => Some(items),
        };
    }
    if !known().all(|item| functions::text(item).is_ok()) {
        return None;
    }
    for item in &mut items {
        if let Ok(text) = functions::text(item) {
            *item = Value::String(text);
        }
    }
    Some(items)
}

// Objects with the same attributes are unified attribute by attribute; others stay as they are.
fn unify_members(items: &[Value], first: &Object) -> Option<Vec<Value>> {
    let same = |object: &Object| {
        object.len() == first.len() && object.iter().zip(first.iter()).all(|(one, other)| one.0 == other.0)
    };
    let objects: Vec<&Object> = items
        .iter()
        .filter_map(|item| match item {
            Value::Object(object) => Some(&**object),
            _ => None,
        })
        .collect();
    if objects.len() != items.len() || !objects.iter().all(|object| same(object)) {
        return Some(items.to_vec());
    }
    let mut rows: Vec<Vec<(Arc<str>, Value)>> = vec![Vec::new(); objects.len()];
    for (name, _) in first.iter() {
        let column = objects.iter().filter_map(|object| object.get(name).cloned()).collect();
        for (row, value) in rows.iter_mut().zip(unify(column)?) {
            row.push((name.clone(), value));
        }
    }
    Some(rows.into_iter().map(Value::object).collect())
}

// Terraform goes over a set of strings or numbers in their order.
fn as_set(mut items: Vec<Value>) -> Vec<Value> {
    let key = |value: &Value| match value {
        Value::Number(number) => (Some(number.clone()), None),
        other => (None, functions::text(other).ok()),
    };
    if items.iter().all(|item| functions::text(item).is_ok()) {
        items.sort_by_cached_key(key);
        items.dedup_by_key(|item| key(item));
    }
    items
}

#[cfg(test)]
mod tests {
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
        kind(kind_text).convert(&json::open(value).unwrap()).map(|value| format!("{value:?}"))
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
