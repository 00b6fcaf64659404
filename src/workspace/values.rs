//! The values of one side of an object: raw text that is opened when somebody asks.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use once_cell::race::OnceBox;

use super::names::NamesOf;
use crate::value::json::{self, Masked, OpenError};
use crate::value::{Object, Place, Value};

/// One side of a change: the raw text, and what was opened of it. A plan has a hundred thousand of these, so every
/// word counts: what one object in many has is boxed, and what is opened late costs one pointer until then.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    raw: Raw<'a>,
    // None where the text is nested too deep.
    opened: OnceBox<Option<Opened>>,
}

/// The raw text of one side.
#[derive(Debug, Default)]
enum Raw<'a> {
    /// There is none.
    #[default]
    Nothing,
    /// Of a plan: the value and its masks.
    Change(Masked<'a>),
    /// Of a state.
    State(Box<StateText<'a>>),
}

/// The values of an object of a state.
#[derive(Debug)]
pub(super) struct StateText<'a> {
    pub(super) values: Cow<'a, str>,
    pub(super) sensitive: Cow<'a, str>,
    /// Whether attributes of any type are wrapped with their type.
    pub(super) wrapped: bool,
}

/// What was opened: apart from the text, because most objects of a large plan are never looked at.
#[derive(Debug, Default)]
struct Opened {
    wanted: Object,
    every: OnceBox<Option<Object>>,
    // The wanted attributes of which more is known than the input says.
    traced: OnceBox<Object>,
    // There are none of these, as with most objects.
    is_plain: AtomicBool,
}

/// Attributes of which nothing more is to be found out.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'w> {
    wanted: &'w Object,
    traced: Option<&'w Object>,
}

impl<'w> Settled<'w> {
    /// The same as [`Settled::get`] for a name that is asked of many objects.
    #[must_use]
    pub fn get_at(self, name: &str, place: &Place) -> Option<&'w Value> {
        let value = self.wanted.get_at(name, place)?;
        Some(self.traced.and_then(|traced| traced.get(name)).unwrap_or(value))
    }

    /// An attribute; `None` says nothing: it may be one that no policy mentions.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'w Value> {
        let value = self.wanted.get(name)?;
        Some(self.traced.and_then(|traced| traced.get(name)).unwrap_or(value))
    }
}

impl<'a> Values<'a> {
    pub(super) fn of_change(texts: Masked<'a>) -> Self {
        Self { raw: Raw::Change(texts), ..Self::default() }
    }

    pub(super) fn of_state(text: StateText<'a>) -> Self {
        Self { raw: Raw::State(Box::new(text)), ..Self::default() }
    }

    pub(super) fn of(object: Object) -> Self {
        let values = Self::default();
        let every = OnceBox::with_value(Box::new(Some(object.clone())));
        let opened = Opened { wanted: object, every, ..Opened::default() };
        let _ = values.opened.set(Box::new(Some(opened)));
        values
    }

    pub(super) fn is_there(&self) -> bool {
        match self.texts().value {
            Some(text) => text != "null",
            None => self.opened.get().is_some(),
        }
    }

    fn texts(&self) -> Masked<'_> {
        match &self.raw {
            Raw::Nothing => Masked::default(),
            Raw::Change(texts) => *texts,
            Raw::State(text) => Masked { value: Some(&text.values), unknown: None, sensitive: Some(&text.sensitive) },
        }
    }

    /// The wanted attributes, if everything that is known of them has been found out: the way that nearly every question
    /// goes.
    pub(super) fn settled(&self) -> Option<Settled<'_>> {
        let opened = self.opened.get()?.as_ref()?;
        let traced = opened.traced.get();
        let is_settled = traced.is_some() || opened.is_plain.load(Ordering::Acquire);
        is_settled.then_some(Settled { wanted: &opened.wanted, traced })
    }

    /// The attributes of an object that somebody may ask for.
    pub(super) fn wanted(&self, object: u32, names: NamesOf<'_>) -> Option<&Object> {
        self.opened(object, names).map(|opened| &opened.wanted)
    }

    /// All attributes of an object.
    pub(super) fn all(&self, object: u32, names: NamesOf<'_>) -> Option<&Object> {
        let opened = self.opened(object, names)?;
        opened.every.get_or_init(|| Box::new(self.open(object, &json::All).ok())).as_ref()
    }

    /// The wanted attributes of which more is known than the input says; `trace` finds them out.
    pub(super) fn traced(&self, trace: impl FnOnce(&Object) -> Option<Object>) -> Option<&Object> {
        let opened = self.opened.get()?.as_ref()?;
        if opened.traced.get().is_none() && !opened.is_plain.load(Ordering::Acquire) {
            // What two threads find out is the same.
            match trace(&opened.wanted) {
                Some(traced) => drop(opened.traced.set(Box::new(traced))),
                None => opened.is_plain.store(true, Ordering::Release),
            }
        }
        opened.traced.get()
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
        let open = || Some(Opened { wanted: self.open(object, &names).ok()?, ..Opened::default() });
        self.opened.get_or_init(|| Box::new(open())).as_ref()
    }

    fn open(&self, object: u32, wanted: &dyn json::Wanted) -> Result<Object, OpenError> {
        let opened = json::open_object(self.texts(), object, wanted)?;
        match &self.raw {
            Raw::State(text) if text.wrapped => {}
            _ => return Ok(opened),
        }
        Ok(opened.map(|_, value| unwrapped(value)))
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
