//! Values as Terraform has them: null, bool, number, string, list, object; and, beyond these, *unknown* (with the
//! reason, and the object it will come from), *sensitive*, and *maybe* members of a list.
//!
//! Values are cheap to clone (`Arc` inside). Start at [`Value`]; `json.rs` reads them from a plan's text, `unknown.rs`
//! says what is known of the unknown, `path.rs` names places inside values.

use std::sync::Arc;

pub mod digits;
pub mod float;
pub mod json;
pub mod number;
pub mod object;
pub mod path;
pub(crate) mod shared;
pub mod typed;
pub mod unknown;

pub use number::Number;
pub use object::{Object, Place};
pub use path::{Path, Step};
pub use typed::{List, ListKind, Mapping, ObjectKind};
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
    /// A list, tuple or set.
    List(List),
    /// A map or object, in the order of its keys.
    Object(Mapping),
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

    /// A list, tuple or set; which one is not known, as in a document.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::list_of(ListKind::Open, items)
    }

    /// A list, tuple or set. The members of a set are in order and each there once.
    #[must_use]
    pub fn list_of(kind: ListKind, items: Vec<Self>) -> Self {
        Self::List(List::new(kind, shared::members(items.into_iter())))
    }

    /// A map or object; which one is not known, as in a document. Of equal keys the last one wins.
    #[must_use]
    pub fn object(entries: Vec<(Arc<str>, Self)>) -> Self {
        Self::object_of(ObjectKind::Open, entries)
    }

    /// A map or object; of equal keys the last one wins.
    #[must_use]
    pub fn object_of(kind: ObjectKind, entries: Vec<(Arc<str>, Self)>) -> Self {
        Self::Object(Mapping::new(kind, Arc::new(Object::new(entries))))
    }

    /// The value as a document has it: of no list and no object in it is the type known. What an expression has made
    /// becomes this where it is given to an attribute, for the provider says what type that has.
    #[must_use]
    pub fn untyped(self) -> Self {
        if self.is_untyped() {
            return self;
        }
        match self {
            Self::List(items) => Self::list(items.iter().cloned().map(Self::untyped).collect()),
            Self::Object(object) => {
                Self::object(object.iter().map(|(key, value)| (key.clone(), value.clone().untyped())).collect())
            }
            Self::Sensitive(inner) => Self::Sensitive(Arc::new(Self::clone(&inner).untyped())),
            Self::Maybe(inner) => Self::Maybe(Arc::new(Self::clone(&inner).untyped())),
            other => other,
        }
    }

    /// The value with its own type not known; its parts keep theirs.
    #[must_use]
    pub fn opened(self) -> Self {
        match self {
            Self::List(items) => Self::List(items.with_kind(ListKind::Open)),
            Self::Object(object) => Self::Object(object.with_kind(ObjectKind::Open)),
            Self::Sensitive(inner) => Self::Sensitive(Arc::new(Self::clone(&inner).opened())),
            other => other,
        }
    }

    fn is_untyped(&self) -> bool {
        match self {
            Self::List(items) => items.kind() == ListKind::Open && items.iter().all(Self::is_untyped),
            Self::Object(object) => {
                object.kind() == ObjectKind::Open && object.iter().all(|(_, value)| value.is_untyped())
            }
            Self::Sensitive(inner) | Self::Maybe(inner) => inner.is_untyped(),
            _ => true,
        }
    }

    /// A value that is not known, for `reason`.
    #[must_use]
    pub fn unknown(reason: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Arc::new(Unknown::Opaque(Cause::Reason(reason.into()))))
    }

    /// The number of something as a value.
    #[must_use]
    pub fn int(number: usize) -> Self {
        Self::Number(Number::counted(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    /// The word Terraform uses for the type in messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(items) if items.kind() == ListKind::Set => "set",
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

#[cfg(test)]
mod tests {
    use super::*;

    // A plan is opened into millions of these, and all of them are passed around.
    #[test]
    fn a_value_takes_three_words() {
        assert_eq!((size_of::<Value>(), size_of::<Option<Value>>()), (24, 24));
    }
}
