//! A bound on how far references are followed, and the little that is kept on the way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::terraform::address::Address;

/// How far a chain of references has been followed. Configurations that refer to themselves, or to one local a million
/// times over, must end.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub(super) depth: Cell<usize>,
    pub(super) steps: Cell<usize>,
    // The address of the object that was asked about last: its attributes come one after the other.
    pub(super) address: RefCell<Option<(u32, Rc<Address>)>>,
}

/// References behind references. Real chains have a handful.
const MAX_TRACE_DEPTH: usize = 48;

/// References followed for one attribute.
const MAX_TRACE_STEPS: usize = 20_000;

/// One level of a [`Trail`]; leaving it goes back up.
pub(super) struct TrailStep<'t>(&'t Trail);

impl Trail {
    pub(super) fn step(&self) -> Option<TrailStep<'_>> {
        self.steps.set(self.steps.get() + 1);
        if self.depth.get() >= MAX_TRACE_DEPTH || self.steps.get() > MAX_TRACE_STEPS {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        Some(TrailStep(self))
    }
}

impl Drop for TrailStep<'_> {
    fn drop(&mut self) {
        self.0.depth.set(self.0.depth.get() - 1);
    }
}
