//! The values of one side of an object: raw text that is opened when somebody asks.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::value::json::{self, Masked, OpenError};
use crate::value::{Object, Value};

/// One side of a change: the raw text, and what was opened of it.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    pub(super) text: Option<Cow<'a, str>>,
    pub(super) unknown: Option<&'a str>,
    pub(super) sensitive: Option<Cow<'a, str>>,
    pub(super) wrapped: bool,
    // None where the text is nested too deep.
    pub(super) some: OnceLock<Option<Box<Object>>>,
    pub(super) every: OnceLock<Option<Box<Object>>>,
    // The wanted attributes of which more is known than the input says.
    pub(super) traced: OnceLock<Option<Box<Object>>>,
}

impl Values<'_> {
    pub(super) fn is_there(&self) -> bool {
        match &self.text {
            Some(text) => text != "null",
            None => self.every.get().is_some(),
        }
    }

    pub(super) fn opened(object: Object) -> Self {
        let values = Self::default();
        let _ = values.some.set(Some(Box::new(object.clone())));
        let _ = values.every.set(Some(Box::new(object)));
        values
    }

    pub(super) fn all(&self, object: u32) -> Option<&Object> {
        self.every.get_or_init(|| self.open(object, &json::All).ok().map(Box::new)).as_deref()
    }

    pub(super) fn open(&self, object: u32, wanted: &dyn json::Wanted) -> Result<Object, OpenError> {
        let masked =
            Masked { value: self.text.as_deref(), unknown: self.unknown, sensitive: self.sensitive.as_deref() };
        let opened = json::open_object(masked, object, wanted)?;
        if !self.wrapped {
            return Ok(opened);
        }
        Ok(Object::new(opened.iter().map(|(name, value)| (name.clone(), unwrapped(value))).collect()))
    }
}

// A raw state wraps an attribute of any type in `{"value", "type"}` (`spec/plan-json.md` 6.2).
fn unwrapped(value: &Value) -> Value {
    let Value::Object(object) = value else { return value.clone() };
    let is_type = |kind: &Value| match kind {
        Value::String(_) => true,
        Value::List(parts) => parts
            .first()
            .and_then(Value::as_str)
            .is_some_and(|name| matches!(name, "object" | "tuple" | "list" | "set" | "map")),
        _ => false,
    };
    match (object.len(), object.get("value"), object.get("type")) {
        (2, Some(inner), Some(kind)) if is_type(kind) => inner.clone(),
        _ => value.clone(),
    }
}
