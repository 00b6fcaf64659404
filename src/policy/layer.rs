//! Lists that go on where another list ends: what a file declares is numbered before what a policy of it declares, and no
//! policy has a copy of it.

use std::sync::Arc;

/// A list with those that come before it.
#[derive(Clone, Debug)]
pub(super) struct Layer<T> {
    outer: Option<Arc<Layer<T>>>,
    first: usize,
    pub(super) own: Vec<T>,
}

impl<T> Default for Layer<T> {
    fn default() -> Self {
        Self { outer: None, first: 0, own: Vec::new() }
    }
}

impl<T> Layer<T> {
    /// An empty list behind another one.
    pub(super) fn behind(outer: &Arc<Self>) -> Self {
        Self { outer: Some(outer.clone()), first: outer.len(), own: Vec::new() }
    }

    /// A list in the place of this one.
    pub(super) fn replaced(&self, own: Vec<T>) -> Self {
        Self { outer: self.outer.clone(), first: self.first, own }
    }

    /// The number of its first member.
    pub(super) fn first(&self) -> usize {
        self.first
    }

    pub(super) fn len(&self) -> usize {
        self.first + self.own.len()
    }

    pub(super) fn push(&mut self, member: T) {
        self.own.push(member);
    }

    pub(super) fn get(&self, number: usize) -> Option<&T> {
        match number.checked_sub(self.first) {
            Some(own) => self.own.get(own),
            None => self.outer.as_ref()?.get(number),
        }
    }

    /// A member of its own; those before it are settled.
    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.own.get_mut(number.checked_sub(self.first)?)
    }
}
