//! Locals of a file and of its policies: declared first, so that they may stand in any order, then compiled, then
//! checked for cycles.

use std::sync::Arc;

use hcl_edit::structure::Block;

use super::Local;
use super::names::{Locals, Roots, Used};
use super::parse::Reader;
use crate::expr::{Expr, Fault, Kind};
use crate::source::hcl;
use crate::value::Value;

/// Locals that refer to each other in a chain. Real files have a handful.
const MAX_CHAIN: usize = 512;

/// Names of a cycle that a message lists.
const MAX_SHOWN: usize = 12;

impl Reader<'_> {
    /// Gives the locals of some blocks their numbers.
    pub(super) fn declare<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>) -> Locals {
        let mut declared = Locals::default();
        for block in blocks {
            self.labels(block, &[]);
            self.known(&block.body, None, &[], "a locals block");
            for attribute in block.body.attributes() {
                let name: Arc<str> = Arc::from(attribute.key.as_str());
                let span = self.span(&attribute.key);
                if let Some((_, first)) = declared.get(&name) {
                    let message = format!("the local \"{name}\" is declared twice");
                    self.faults.push(Fault::at(span, message).with(*first, "first declared here"));
                    continue;
                }
                declared.insert(name.clone(), (self.locals.len(), span));
                let value = Expr { kind: Kind::Literal(Value::Null), span };
                self.locals.push(Local { name, value, is_per_object: false, is_broken: false, builds: false });
                self.uses.push(Used::default());
            }
        }
        declared
    }

    /// Compiles the locals that [`Reader::declare`] has numbered.
    pub(super) fn compile_locals<'b>(
        &mut self,
        blocks: impl Iterator<Item = &'b Block>,
        visible: [&Locals; 2],
        own: &Locals,
        roots: Roots,
    ) {
        for attribute in blocks.flat_map(|block| block.body.attributes()) {
            let span = self.span(&attribute.key);
            // The second of two declarations has no number.
            let Some((number, _)) = own.get(attribute.key.as_str()).filter(|(_, first)| *first == span) else {
                continue;
            };
            let before = self.faults.len();
            let (value, used) = self.expression(&attribute.value, visible, roots);
            let is_broken = self.faults.len() > before;
            if let Some(local) = self.locals.get_mut(*number) {
                local.builds = builds(&value);
                local.value = value;
                local.is_broken = is_broken;
            }
            if let Some(slot) = self.uses.get_mut(*number) {
                *slot = used;
            }
        }
    }

    /// Marks the locals that depend on the object, and names cycles; those of the file have been checked before.
    pub(super) fn check_locals(&mut self) {
        let mut state = States { first: self.locals.first(), own: vec![State::New; self.locals.own.len()] };
        for number in self.locals.first()..self.locals.len() {
            self.visit(number, &mut state, &mut Vec::new());
        }
    }

    // The recursion is as deep as the path, which is bounded.
    fn visit(&mut self, number: usize, state: &mut States, path: &mut Vec<usize>) {
        match state.own.get(number.wrapping_sub(state.first)) {
            Some(State::New) if path.len() < MAX_CHAIN => {}
            Some(State::New) => return self.cycle(number, path, "the chain of locals is too long"),
            Some(State::Open) => return self.cycle(number, path, "locals that refer to each other"),
            Some(State::Done) | None => return,
        }
        state.set(number, State::Open);
        path.push(number);
        let used = self.uses.get(number).cloned().unwrap_or_default();
        let mut per_object = used.object;
        for inner in used.locals {
            self.visit(inner, state, path);
            per_object |= self.locals.get(inner).is_some_and(|local| local.is_per_object);
        }
        path.pop();
        state.set(number, State::Done);
        if let Some(local) = self.locals.get_mut(number) {
            local.is_per_object = per_object;
        }
    }

    fn cycle(&mut self, number: usize, path: &[usize], what: &str) {
        let start = path.iter().position(|known| *known == number).unwrap_or(0);
        let members = path.iter().skip(start).chain([&number]).take(MAX_SHOWN);
        let names: Vec<String> =
            members.filter_map(|member| Some(format!("local.{}", self.locals.get(*member)?.name))).collect();
        let span = self.locals.get(number).map_or_else(|| hcl::span_of(self.file, None), |local| local.value.span);
        self.fault(span, format!("{what}: {}", names.join(" → ")));
        for member in path.iter().skip(start).chain([&number]) {
            if let Some(local) = self.locals.get_mut(*member) {
                local.value.kind = Kind::Literal(Value::Null);
                local.is_broken = true;
            }
        }
    }
}

#[derive(Clone, Copy)]
enum State {
    New,
    Open,
    Done,
}

/// How far each local is, from a number on.
struct States {
    first: usize,
    own: Vec<State>,
}

impl States {
    fn set(&mut self, number: usize, value: State) {
        if let Some(slot) = number.checked_sub(self.first).and_then(|own| self.own.get_mut(own)) {
            *slot = value;
        }
    }
}

// A chain of locals may make each value of the one before, twice over.
fn builds(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        found |= matches!(part.kind, Kind::List(_) | Kind::Object(_) | Kind::For(_) | Kind::Call(_) | Kind::Splat(..));
    });
    found
}
