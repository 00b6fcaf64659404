//! Types: of inputs and variables, as they are written (`read.rs`); of values; conversions to a type (`convert.rs`); the
//! one type that several values share (`unify.rs`).

use std::sync::Arc;

use crate::value::{ListKind, ObjectKind, Value};

mod convert;
mod read;
mod unify;

pub use read::NotAType;
pub use unify::{is_unsettled, unified, unified_map, unify};

/// A type, or a constraint on types.
#[derive(Clone, Debug)]
pub enum Type {
    /// `any`; of a value: not known.
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

impl Type {
    /// The type of a value. What is open counts as a tuple or an object; null, what is not known and what is not opened
    /// have any type.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value.member().0.unmark().0 {
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::List(items) => match items.kind() {
                ListKind::Open | ListKind::Tuple => Self::Tuple(items.iter().map(Self::of).collect()),
                ListKind::List => Self::List(Box::new(Self::of_members(items.iter()))),
                ListKind::Set => Self::Set(Box::new(Self::of_members(items.iter()))),
            },
            Value::Object(object) => match object.kind() {
                ObjectKind::Open | ObjectKind::Object => Self::Object(
                    object.iter().map(|(name, value)| Field::required(name.clone(), Self::of(value))).collect(),
                ),
                ObjectKind::Map => Self::Map(Box::new(Self::of_members(object.iter().map(|(_, value)| value)))),
            },
            _ => Self::Any,
        }
    }

    // The members of a list have one type, of which a null or an empty list among them shows nothing.
    fn of_members<'v>(members: impl Iterator<Item = &'v Value>) -> Self {
        let types: Vec<Self> = members.map(Self::of).collect();
        unify(&types).unwrap_or(Self::Any)
    }

    /// Whether it is `string`, `number` or `bool`: such values are given as plain text on the command line.
    #[must_use]
    pub const fn is_primitive(&self) -> bool {
        matches!(self, Self::String | Self::Number | Self::Bool)
    }

    /// Whether values of another type may become values of this one, as far as the types say: texts may be numbers.
    #[must_use]
    pub fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::String, other) => other.is_primitive(),
            (Self::Number, other) => matches!(other, Self::Number | Self::String),
            (Self::Bool, other) => matches!(other, Self::Bool | Self::String),
            (Self::List(member) | Self::Set(member), Self::Tuple(others)) => {
                others.iter().all(|other| member.takes(other))
            }
            (Self::List(member) | Self::Set(member), Self::List(other) | Self::Set(other))
            | (Self::Map(member), Self::Map(other)) => member.takes(other),
            (Self::Map(member), Self::Object(fields)) => fields.iter().all(|field| member.takes(&field.kind)),
            (Self::Tuple(members), Self::Tuple(others)) => {
                members.len() == others.len() && members.iter().zip(others).all(|(member, other)| member.takes(other))
            }
            (Self::Object(fields), Self::Map(other)) => fields.iter().all(|field| field.kind.takes(other)),
            (Self::Object(fields), Self::Object(others)) => fields.iter().all(|field| {
                let given = others.iter().find(|other| other.name == field.name);
                given.map_or(field.optional, |given| field.kind.takes(&given.kind))
            }),
            _ => false,
        }
    }

    /// Whether both are the same type.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any)
            | (Self::String, Self::String)
            | (Self::Number, Self::Number)
            | (Self::Bool, Self::Bool) => true,
            (Self::List(one), Self::List(other))
            | (Self::Set(one), Self::Set(other))
            | (Self::Map(one), Self::Map(other)) => one.is(other),
            (Self::Tuple(one), Self::Tuple(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is(other))
            }
            (Self::Object(one), Self::Object(other)) => {
                let is = |(one, other): (&Field, &Field)| one.name == other.name && one.kind.is(&other.kind);
                one.len() == other.len() && one.iter().zip(other).all(is)
            }
            _ => false,
        }
    }
}

impl Field {
    /// An attribute that every object of the type has.
    #[must_use]
    pub const fn required(name: Arc<str>, kind: Type) -> Self {
        Self { name, kind, optional: false, default: None }
    }
}
