//! Lists and objects together with what is known of their type.
//!
//! Terraform tells a list from a tuple and a set, and a map from an object, by the schema of a provider or by the function
//! that has made it. A document (plan, state, mock) has brackets and braces alone, so that what comes out of one is
//! *open*: it may be any of these, and is compared as what it is compared with. Start at [`List`] and [`Mapping`].

use std::ops::Deref;
use std::sync::Arc;

use super::{Object, Value};

/// A list, tuple or set.
pub type List = Typed<[Value], ListKind>;

/// A map or object.
pub type Mapping = Typed<Object, ObjectKind>;

/// Which type of list it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListKind {
    /// Not known.
    #[default]
    Open,
    /// Members of one type, in order.
    List,
    /// Members of any types, in order: `[1, "a"]`.
    Tuple,
    /// Members of one type, each once and without an index. They are kept in the order in which Terraform goes over them.
    Set,
}

/// Which type of object it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectKind {
    /// Not known.
    #[default]
    Open,
    /// Members of one type under any keys.
    Map,
    /// Attributes, each of its own type: `{ a = 1, b = "x" }`.
    Object,
}

impl ListKind {
    /// Whether both may be the same type.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        self == other || self == Self::Open || other == Self::Open
    }

    /// What a list is that is made of some lists: a tuple if one of them is, else a list if all are.
    #[must_use]
    pub fn joined(kinds: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::List;
        for kind in kinds {
            match kind {
                Self::Tuple => return Self::Tuple,
                Self::Open => result = Self::Open,
                Self::List | Self::Set => {}
            }
        }
        result
    }

    /// What a list of the same members is, in an order of their own.
    #[must_use]
    pub fn in_order(self) -> Self {
        if self == Self::Set { Self::List } else { self }
    }
}

impl ObjectKind {
    /// Whether both may be the same type.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        self == other || self == Self::Open || other == Self::Open
    }

    /// What an object is that is made of some: an object if one of them is, else a map if all are.
    #[must_use]
    pub fn joined(kinds: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::Map;
        for kind in kinds {
            match kind {
                Self::Object => return Self::Object,
                Self::Open => result = Self::Open,
                Self::Map => {}
            }
        }
        result
    }

    /// The type of a list of the members: of a map they are of one type.
    #[must_use]
    pub const fn members(self) -> ListKind {
        match self {
            Self::Open => ListKind::Open,
            Self::Map => ListKind::List,
            Self::Object => ListKind::Tuple,
        }
    }
}

/// Something shared, and the kind that is known of it. Looks like what is shared.
#[derive(Debug)]
pub struct Typed<T: ?Sized, K> {
    shared: Arc<T>,
    kind: K,
}

impl<T: ?Sized, K: Copy> Typed<T, K> {
    /// Gives something a kind.
    #[must_use]
    pub const fn new(kind: K, shared: Arc<T>) -> Self {
        Self { shared, kind }
    }

    /// Its kind.
    #[must_use]
    #[inline]
    pub const fn kind(&self) -> K {
        self.kind
    }

    /// The same with another kind.
    #[must_use]
    pub fn with_kind(&self, kind: K) -> Self {
        Self { shared: self.shared.clone(), kind }
    }

    /// What is shared.
    #[must_use]
    pub const fn shared(&self) -> &Arc<T> {
        &self.shared
    }
}

impl<T: ?Sized, K: Copy> Clone for Typed<T, K> {
    fn clone(&self) -> Self {
        self.with_kind(self.kind)
    }
}

impl<T: ?Sized, K> Deref for Typed<T, K> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.shared
    }
}

impl<T: ?Sized, K: Copy + Default> From<Arc<T>> for Typed<T, K> {
    fn from(shared: Arc<T>) -> Self {
        Self::new(K::default(), shared)
    }
}
