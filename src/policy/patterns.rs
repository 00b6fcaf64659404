//! Which argument of `core::regex_match` is the pattern.
//!
//! Terraform Policy has been described with both orders, and files are written in both. One of the two arguments is nearly
//! always fixed by the file, and that one is the pattern; where both are equally fixed, the first one is.

use super::Policy;
use super::names::{Name, Table};
use super::parse::Reader;
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
    pub(super) fn settle_patterns(&mut self, policies: &mut [Policy]) {
        let mut locals = std::mem::take(&mut self.locals);
        let names = Names { table: &self.table, per_object: locals.iter().map(|local| local.is_per_object).collect() };
        for local in &mut locals {
            names.settle(&mut local.value, &mut Vec::new());
        }
        for policy in policies {
            let messages = policy.enforce.iter_mut().flat_map(|enforce| {
                let others = enforce.error_message.iter_mut().chain(&mut enforce.info_message);
                std::iter::once(&mut enforce.condition).chain(others).chain(&mut enforce.covers)
            });
            policy.filter.iter_mut().chain(messages).for_each(|expr| names.settle(expr, &mut Vec::new()));
        }
        self.locals = locals;
    }
}

struct Names<'t> {
    table: &'t Table,
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
            Some(Name::Local(number)) => self.per_object.get(*number).copied().unwrap_or(false),
            Some(_) => true,
        };
        if by_object { Settled::ByObject } else { Settled::ByFile }
    }
}
