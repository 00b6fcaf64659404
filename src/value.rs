//! Values as Terraform has them: null, bool, number, string, list, object; and, beyond these, *unknown* (with the
//! reason, and the object it will come from), *sensitive*, and *maybe* members of a list.
//!
//! Values are cheap to clone (`Arc` inside). Start at [`Value`]; `json.rs` reads them from a plan's text, `unknown.rs`
//! says what is known of the unknown, `path.rs` names places inside values.

use std::sync::Arc;

pub mod json;
pub mod number;
pub mod object;
pub mod path;
pub mod unknown;

pub use number::Number;
pub use object::Object;
pub use path::{Path, Step};
pub use unknown::{Cause, Symbol, Unknown};

/// A value (`spec/policy-language.md` 4.3).
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// A list, tuple or set: Terraform's JSON does not tell them apart.
    List(Arc<[Value]>),
    /// A map or object, in the order of its keys.
    Object(Arc<Object>),
    /// Not known yet.
    Unknown(Arc<Unknown>),
    /// A value that must not be shown.
    Sensitive(Arc<Value>),
    /// A member of a list that may or may not be there. Never outside of a list.
    Maybe(Arc<Value>),
    /// An object of the workspace whose attributes are opened when asked for.
    Handle(Handle),
}

/// An object of the workspace and the side of the change that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle {
    /// Index of the object in its workspace.
    pub object: u32,
    /// Before or after the change.
    pub side: Side,
    /// The reference that led to it, where one did.
    pub via: Option<Via>,
}

/// The number of the attribute in which one object names another, from 1.
pub type Via = std::num::NonZeroU16;

impl Handle {
    /// A side of an object, found by no reference.
    #[must_use]
    pub const fn new(object: u32, side: Side) -> Self {
        Self { object, side, via: None }
    }
}

/// A side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Values before the change (`prior_attrs`).
    Prior,
    /// Values after the change (`attrs`).
    Planned,
}

impl Value {
    /// A string value.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self::String(Arc::from(text))
    }

    /// A list value.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::from(items))
    }

    /// An object value; of equal keys the last one wins.
    #[must_use]
    pub fn object(entries: Vec<(Arc<str>, Self)>) -> Self {
        Self::Object(Arc::new(Object::new(entries)))
    }

    /// A value that is not known, for `reason`.
    #[must_use]
    pub fn unknown(reason: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Arc::new(Unknown::Opaque(Cause::Reason(reason.into()))))
    }

    /// The number as a value.
    #[must_use]
    pub fn int(number: usize) -> Self {
        Self::Number(Number::from(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    /// The word Terraform uses for the type in messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Object(_) | Self::Handle(_) => "object",
            Self::Unknown(_) => "unknown value",
            Self::Sensitive(inner) | Self::Maybe(inner) => inner.type_name(),
        }
    }

    /// The value without its sensitive mark, and whether it had one.
    #[must_use]
    #[inline]
    pub fn unmark(&self) -> (&Self, bool) {
        let (mut value, mut sensitive) = (self, false);
        while let Self::Sensitive(inner) = value {
            (value, sensitive) = (inner, true);
        }
        (value, sensitive)
    }

    /// The value with the sensitive mark, if `sensitive`.
    #[must_use]
    pub fn mark(self, sensitive: bool) -> Self {
        match self {
            Self::Sensitive(_) => self,
            other if sensitive => Self::Sensitive(Arc::new(other)),
            other => other,
        }
    }

    /// The value of a list's member, whether or not it is certain to be there.
    #[must_use]
    #[inline]
    pub fn member(&self) -> (&Self, bool) {
        match self {
            Self::Maybe(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// The value as a list's member that may not be there, if `maybe`.
    #[must_use]
    pub fn maybe(self, maybe: bool) -> Self {
        match self {
            Self::Maybe(_) => self,
            other if maybe => Self::Maybe(Arc::new(other)),
            other => other,
        }
    }

    /// The boolean, if it is one. Strings are not converted.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.unmark().0 {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.unmark().0 {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The list's members, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self.unmark().0 {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// What is not known of it, if it is unknown as a whole.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match self.unmark().0 {
            Self::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether some part of it is unknown or may be absent.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        match self {
            Self::Unknown(_) | Self::Maybe(_) => true,
            Self::Sensitive(inner) => inner.has_unknown(),
            Self::List(items) => items.iter().any(Self::has_unknown),
            Self::Object(object) => object.iter().any(|(_, value)| value.has_unknown()),
            _ => false,
        }
    }

    /// Whether it is nested no deeper than `depth` and has no more parts than `parts`, which is counted down. A shared
    /// part counts as often as it occurs, because whoever walks over the value walks over it as often.
    #[must_use]
    pub fn is_within(&self, depth: usize, parts: &mut usize) -> bool {
        let Some(left) = parts.checked_sub(1) else { return false };
        *parts = left;
        let Some(depth) = depth.checked_sub(1) else { return false };
        match self {
            Self::Sensitive(inner) | Self::Maybe(inner) => inner.is_within(depth, parts),
            Self::List(items) => items.iter().all(|item| item.is_within(depth, parts)),
            Self::Object(object) => object.iter().all(|(_, value)| value.is_within(depth, parts)),
            _ => true,
        }
    }

    /// Why some part of it is not known; `None` if all is.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::Unknown(unknown) => Some(unknown.cause()),
            Self::Sensitive(inner) => inner.cause(),
            Self::Maybe(inner) => inner.cause().or_else(|| {
                Some(match &**inner {
                    Self::Handle(handle) => Cause::Member(*handle),
                    _ => Cause::Reason(Arc::from("which members it has is known after apply only")),
                })
            }),
            Self::List(items) => items.iter().find_map(Self::cause),
            Self::Object(object) => object.iter().find_map(|(_, value)| value.cause()),
            _ => None,
        }
    }

    /// Whether some part of it must not be shown.
    #[must_use]
    pub fn has_sensitive(&self) -> bool {
        match self {
            Self::Sensitive(_) => true,
            Self::Maybe(inner) => inner.has_sensitive(),
            Self::Unknown(unknown) => matches!(&**unknown, Unknown::Encoded(value) if value.has_sensitive()),
            Self::List(items) => items.iter().any(Self::has_sensitive),
            Self::Object(object) => object.iter().any(|(_, value)| value.has_sensitive()),
            _ => false,
        }
    }
}
