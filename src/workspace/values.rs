//! The values of one side of an object: raw text that is opened when somebody asks.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::names::NamesOf;
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
    pub(super) opened: OnceLock<Option<Box<Opened>>>,
}

/// What was opened: apart from the text, because most objects of a large plan are never looked at.
#[derive(Debug, Default)]
pub(super) struct Opened {
    wanted: Object,
    every: OnceLock<Option<Box<Object>>>,
    // The wanted attributes of which more is known than the input says.
    traced: OnceLock<Option<Box<Object>>>,
}

impl Values<'_> {
    pub(super) fn is_there(&self) -> bool {
        match &self.text {
            Some(text) => text != "null",
            None => self.opened.get().is_some(),
        }
    }

    pub(super) fn of(object: Object) -> Self {
        let opened =
            Opened { wanted: object.clone(), every: OnceLock::from(Some(Box::new(object))), ..Opened::default() };
        Self { opened: OnceLock::from(Some(Box::new(opened))), ..Self::default() }
    }

    /// A wanted attribute, if everything that is known of the wanted attributes has been found out: the way that nearly
    /// every question goes.
    pub(super) fn known(&self, name: &str) -> Option<&Value> {
        let opened = self.opened.get()?.as_deref()?;
        let traced = opened.traced.get()?;
        let value = opened.wanted.get(name)?;
        Some(traced.as_deref().and_then(|traced| traced.get(name)).unwrap_or(value))
    }

    /// The attributes of an object that somebody may ask for.
    pub(super) fn wanted(&self, object: u32, names: NamesOf<'_>) -> Option<&Object> {
        self.opened(object, names).map(|opened| &opened.wanted)
    }

    /// All attributes of an object.
    pub(super) fn all(&self, object: u32, names: NamesOf<'_>) -> Option<&Object> {
        let opened = self.opened(object, names)?;
        opened.every.get_or_init(|| self.open(object, &json::All).ok().map(Box::new)).as_deref()
    }

    /// The wanted attributes of which more is known than the input says; `trace` finds them out.
    pub(super) fn traced(&self, trace: impl FnOnce(&Object) -> Option<Object>) -> Option<&Object> {
        let opened = self.opened.get()?.as_deref()?;
        opened.traced.get_or_init(|| trace(&opened.wanted).map(Box::new)).as_deref()
    }

    /// Whether the values were asked for and could not be opened.
    pub(super) fn is_closed(&self) -> bool {
        match self.opened.get() {
            Some(None) => true,
            Some(Some(opened)) => matches!(opened.every.get(), Some(None)),
            None => false,
        }
    }

    fn opened(&self, object: u32, names: NamesOf<'_>) -> Option<&Opened> {
        let open = || Some(Box::new(Opened { wanted: self.open(object, &names).ok()?, ..Opened::default() }));
        self.opened.get_or_init(open).as_deref()
    }

    fn open(&self, object: u32, wanted: &dyn json::Wanted) -> Result<Object, OpenError> {
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
