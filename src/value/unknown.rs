//! What is known of the unknown: where the value will come from, which strings it may be, between which numbers it
//! lies (`spec/policy-language.md` 4.2).

use std::sync::Arc;

use super::{Handle, Path, Value};

/// An attribute of an object that does not exist yet: the name under which its value is known today.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol {
    /// Index of the object in its workspace.
    pub object: u32,
    /// The attribute.
    pub path: Path,
}

impl Symbol {
    /// The number that no object has: a symbol of it is a variable of the root module to which nobody gives a value.
    const VARIABLE: u32 = u32::MAX;

    /// The value of a variable of the root module.
    #[must_use]
    pub fn variable(name: &str) -> Self {
        Self { object: Self::VARIABLE, path: Path::attribute(name) }
    }

    /// Whether it is a variable's value or a part of it.
    #[must_use]
    pub const fn is_variable(&self) -> bool {
        self.object == Self::VARIABLE
    }
}

/// A value that is not known yet.
#[derive(Clone, Debug)]
pub enum Unknown {
    /// Exactly what this attribute will be.
    Symbol(Symbol),
    /// What one of these attributes will be, and nothing else.
    OneOf(Arc<[Symbol]>),
    /// A string of known and unknown parts.
    Template(Arc<[Part]>),
    /// The JSON text of a value of which some parts are not known.
    Encoded(Arc<Value>),
    /// A whole number between two bounds, both possible.
    Count {
        /// The smallest.
        min: usize,
        /// The largest.
        max: usize,
        /// Why it is not decided. Boxed, so that the many symbols of a first apply stay small.
        cause: Box<Cause>,
    },
    /// Nothing more is known than that it is not null: what most functions make of an unknown argument.
    Present(Cause),
    /// Nothing more is known.
    Opaque(Cause),
}

/// A piece of a string template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Known text; never empty.
    Text(Arc<str>),
    /// An attribute that is not known yet.
    Symbol(Symbol),
    /// Anything.
    Any(Cause),
}

/// Why a value is not known; for the reader of the report.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// It comes from this attribute, which is known after apply.
    Attribute(Symbol),
    /// It comes from one of these attributes.
    OneOf(Arc<[Symbol]>),
    /// Whether this object is a member is not known.
    Member(Handle),
    /// Any other reason, in words.
    Reason(Arc<str>),
}

impl Part {
    fn attribute(&self) -> Option<Cause> {
        match self {
            Self::Symbol(symbol) => Some(Cause::Attribute(symbol.clone())),
            Self::Text(_) | Self::Any(_) => None,
        }
    }

    fn reason(&self) -> Option<Cause> {
        match self {
            Self::Any(cause) => Some(cause.clone()),
            Self::Text(_) | Self::Symbol(_) => None,
        }
    }
}

impl Unknown {
    /// The first reason for not knowing.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Symbol(symbol) => Cause::Attribute(symbol.clone()),
            Self::OneOf(members) => match &**members {
                [only] => Cause::Attribute(only.clone()),
                [] => Cause::Reason(Arc::from("no object that it may come from is known")),
                _ => Cause::OneOf(members.clone()),
            },
            // An attribute says more than a reason.
            Self::Template(parts) => (parts.iter().find_map(Part::attribute))
                .or_else(|| parts.iter().find_map(Part::reason))
                .unwrap_or_else(|| Cause::Reason(Arc::from("a part of the text is known after apply only"))),
            Self::Encoded(value) => {
                value.cause().unwrap_or_else(|| Cause::Reason(Arc::from("a part of it is known after apply only")))
            }
            Self::Count { cause, .. } => (**cause).clone(),
            Self::Present(cause) | Self::Opaque(cause) => cause.clone(),
        }
    }

    /// An unknown of which only the reason is kept: what an operation makes of an unknown operand.
    #[must_use]
    pub fn derived(&self) -> Self {
        Self::Opaque(self.cause())
    }
}
