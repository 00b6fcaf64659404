//! Which argument of `core::regex_match` is the pattern.
//!
//! Terraform Policy has been described with both orders, and files are written in both. One of the two arguments is nearly
//! always fixed by the file, and that one is the pattern; where both are equally fixed, the first one is.

use super::layer::Layer;
use super::names::{Name, Table};
use super::parse::Reader;
use super::{Enforce, Local};
use crate::expr::functions::Function;
use crate::expr::{Expr, Kind, Reference};

/// What decides over a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Settled {
    /// The text itself.
    Written,
    /// Inputs and locals that are the same for every object.
    ByFile,
    /// The object that is judged, or others.
    ByObject,
}

impl Reader<'_> {
    /// Puts the pattern first. Locals must have been checked: they tell what depends on the object.
    pub(super) fn settle_patterns(&mut self, filter: Option<&mut Expr>, enforce: &mut [Enforce]) {
        let mut locals = std::mem::take(&mut self.locals.own);
        let per_object = locals.iter().map(|local| local.is_per_object).collect();
        let names = Names { table: &self.table, outer: &self.locals, per_object };
        for local in &mut locals {
            names.settle(&mut local.value, &mut Vec::new());
        }
        let enforced = enforce.iter_mut().flat_map(|enforce| {
            std::iter::once(&mut enforce.condition).chain(&mut enforce.info_message).chain(&mut enforce.covers)
        });
        filter.into_iter().chain(enforced).for_each(|expr| names.settle(expr, &mut Vec::new()));
        self.locals.own = locals;
    }
}

struct Names<'t> {
    table: &'t Table,
    outer: &'t Layer<Local>,
    /// Whether each of the locals behind those depends on the object.
    per_object: Vec<bool>,
}

impl Names<'_> {
    // `loops` says what decides over each variable of the loops around it.
    fn settle(&self, expr: &mut Expr, loops: &mut Vec<Settled>) {
        if let Kind::For(expression) = &mut expr.kind {
            self.settle(&mut expression.collection, loops);
            let outer = loops.len();
            let variables = if expression.with_key { 2 } else { 1 };
            loops.resize(outer + variables, self.settled(&expression.collection, loops));
            let inner = std::iter::once(&mut expression.value).chain(&mut expression.key);
            inner.chain(&mut expression.condition).for_each(|part| self.settle(part, loops));
            return loops.truncate(outer);
        }
        for part in expr.parts_mut() {
            self.settle(part, loops);
        }
        if let Kind::Call(call) = &mut expr.kind
            && matches!(call.function, Function::Builtin(builtin) if builtin.name == "regex_match")
            && let [first, second] = call.arguments.as_mut_slice()
            && self.settled(first, loops) > self.settled(second, loops)
        {
            std::mem::swap(first, second);
        }
    }

    fn settled(&self, expr: &Expr, loops: &[Settled]) -> Settled {
        if expr.as_literal().is_some() {
            return Settled::Written;
        }
        let mut settled = Settled::ByFile;
        expr.visit(&mut |part| {
            settled = settled.max(match &part.kind {
                // What a loop inside of it is over is looked at as well.
                Kind::Bound(position) => loops.get(*position).copied().unwrap_or(Settled::ByFile),
                Kind::Call(call) if matches!(call.function, Function::Host(_)) => Settled::ByObject,
                Kind::Reference(reference) => self.named(*reference),
                _ => Settled::ByFile,
            });
        });
        settled
    }

    fn named(&self, reference: Reference) -> Settled {
        let by_object = match self.table.get(reference) {
            Some(Name::Input(_) | Name::AllInputs) | None => false,
            Some(Name::Local(number)) => match number.checked_sub(self.outer.first()) {
                Some(own) => self.per_object.get(own).copied().unwrap_or(false),
                None => self.outer.get(*number).is_some_and(|local| local.is_per_object),
            },
            Some(_) => true,
        };
        if by_object { Settled::ByObject } else { Settled::ByFile }
    }
}
