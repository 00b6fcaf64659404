//! What names mean in a test file: `local.x`, another mock (`aws_vpc.main`, `data.aws_vpc.main`), Terraform's functions.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::expr::compile::Names;
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::functions::{Function, builtin, names, nearest};
use crate::expr::{Expr, Fault, Reference};
use crate::instant::Instant;
use crate::source::Span;
use crate::value::{Handle, Step, Symbol, Value};

/// Parts of one value: more than any resource has. A value may hold another one many times and share it; whoever walks
/// over it does not.
const LARGEST: usize = 100_000;

/// Levels of one value: as deep as Terraform's own JSON is read.
const DEEPEST: usize = 128;

/// The names that the expressions of a file use, by number: `local.x`, `aws_vpc.main`, `data.aws_vpc.main`.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<String>);

impl Names for Table {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let used = if head == "data" { 2 } else { 1 };
        if steps.len() < used {
            return Err(format!("\"{head}\" stands for nothing here; another mock is called TYPE.LABEL"));
        }
        let names = std::iter::once(head).chain(steps.iter().take(used).map(|step| &**step));
        self.0.push(names.collect::<Vec<_>>().join("."));
        Ok((Reference(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX)), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        if let ([] | ["core"], Some(function)) = (namespace, builtin(name)) {
            return Ok(function);
        }
        let hint = nearest(name, names()).filter(|_| matches!(namespace, [] | ["core"]));
        let hint = hint.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        let written = namespace.iter().copied().chain([name]).collect::<Vec<_>>().join("::");
        Err(format!("there is no function {written} in a test file{hint}"))
    }
}

/// Evaluates what a test file says.
pub(super) struct Scope<'s> {
    pub(super) table: &'s Table,
    /// Locals and mocks by name; a mock stands for its attributes.
    pub(super) known: &'s [(String, Option<Expr>)],
    now: Option<Instant>,
    open: RefCell<Vec<String>>,
    // Locals that use a local twice, in a chain, would take twice the time for each link.
    cache: RefCell<FxHashMap<usize, Evaluated>>,
}

impl<'s> Scope<'s> {
    pub(super) fn new(table: &'s Table, known: &'s [(String, Option<Expr>)], now: Option<Instant>) -> Self {
        Self { table, known, now, open: RefCell::default(), cache: RefCell::default() }
    }

    pub(super) fn eval(&self, expr: &Expr) -> Evaluated {
        self.bounded(expr, 0)
    }

    fn bounded(&self, expr: &Expr, depth: usize) -> Evaluated {
        let value = Evaluator::new(self, depth).eval(expr)?;
        let mut room = LARGEST;
        if fits(&value, DEEPEST, &mut room) {
            return Ok(value);
        }
        Err(Fault::new(
            expr.span,
            format!("this is nested deeper than {DEEPEST} levels or has more than {LARGEST} parts"),
        ))
    }

    /// The same with the name open, so that what refers to itself is found at its start.
    pub(super) fn eval_as(&self, name: &str, expr: &Expr) -> Evaluated {
        self.open.borrow_mut().push(name.to_owned());
        let value = self.eval(expr);
        self.open.borrow_mut().pop();
        value
    }

    fn missing(&self, name: &str) -> String {
        let near = nearest(name, self.known.iter().map(|(known, _)| known.as_str()));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        format!("there is no {name} in this test file{hint}")
    }
}

impl Host for Scope<'_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        let name = self.table.0.get(reference.0 as usize).map_or("", String::as_str);
        if let Some(start) = self.open.borrow().iter().position(|open| open == name) {
            let open = self.open.borrow();
            let members: Vec<&str> = open.iter().skip(start).map(String::as_str).chain([name]).take(12).collect();
            return Err(Fault::new(span, format!("these refer to each other: {}", members.join(" → "))));
        }
        let found = self.known.iter().enumerate().find(|(_, (known, _))| known == name);
        let (number, (_, expr)) = found.ok_or_else(|| Fault::new(span, self.missing(name)))?;
        if let Some(value) = self.cache.borrow().get(&number) {
            return value.clone();
        }
        let expr =
            expr.as_ref().ok_or_else(|| Fault::new(span, format!("{name} has neither attrs nor prior_attrs")))?;
        self.open.borrow_mut().push(name.to_owned());
        let value = self.bounded(expr, depth);
        self.open.borrow_mut().pop();
        self.cache.borrow_mut().insert(number, value.clone());
        value
    }

    fn attribute(&self, _handle: Handle, _name: &str) -> Option<Value> {
        None
    }

    fn expand(&self, _handle: Handle) -> Value {
        Value::Null
    }

    fn address(&self, _handle: Handle) -> String {
        String::new()
    }

    fn call(&self, _function: u32, _arguments: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "this function means nothing in a test file"))
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        (left == right).then_some(true)
    }

    fn symbol_is(&self, _symbol: &Symbol, _text: &str) -> Option<bool> {
        None
    }

    fn now(&self) -> Option<Instant> {
        self.now
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        matches!(symbol.path.steps(), [Step::Name(name)] if &**name == "id")
    }
}

fn fits(value: &Value, depth: usize, room: &mut usize) -> bool {
    if depth == 0 || *room == 0 {
        return false;
    }
    *room -= 1;
    match value {
        Value::List(items) => items.iter().all(|item| fits(item, depth - 1, room)),
        Value::Object(object) => object.iter().all(|(_, member)| fits(member, depth - 1, room)),
        Value::Sensitive(inner) | Value::Maybe(inner) => fits(inner, depth - 1, room),
        _ => true,
    }
}
