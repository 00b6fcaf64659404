//! Which parts of an expression decided, and what they are: for whoever debugs a policy.
//!
//! The walk takes the same way as the evaluator (short circuits, the branch taken) and leaves every value to it. One
//! evaluator does all the work, so that an explanation costs no more than an expression may. Start at [`explain`].

use super::eval::{Evaluated, Evaluator, Host, truth};
use super::functions::{self, Function};
use super::{Access, Call, Expr, Kind, Operator, Reference};
use crate::source::Span;
use crate::value::{Cause, ListKind, ObjectKind, Symbol, Value};

/// Characters of a value that are shown.
const MAX_SHOWN: usize = 80;

/// Steps of one explanation. Conditions that people write have a handful; a list of a thousand references is no help.
const MAX_STEPS: usize = 40;

/// The steps of an explanation, and how many more there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// The first parts that decided.
    pub parts: Vec<Part>,
    /// How many more.
    pub omitted: usize,
}

/// What an explanation needs to know beyond values.
pub trait World: Host {
    /// The expression that a name stands for, if it is a local.
    fn inside(&self, reference: Reference) -> Option<&Expr>;

    /// A name for an attribute to come.
    fn name(&self, symbol: &Symbol) -> String;
}

/// A part of an expression that decided, with its value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is written.
    pub span: Span,
    /// Its value; `(sensitive)` for what must not be shown.
    pub value: String,
    /// 0 for parts of the expression itself, 1 for what these are made of, and so on.
    pub depth: usize,
    /// Why it is not known, if it is not.
    pub cause: Option<Cause>,
}

impl Explained {
    /// The innermost part that is not known, and so keeps the expression from being decided.
    #[must_use]
    pub fn open(&self) -> Option<&Part> {
        let is_open = |part: &&Part| part.cause.is_some();
        let start = self.parts.iter().position(|part| part.cause.is_some())?;
        let (first, rest) = self.parts.get(start..)?.split_first()?;
        // What an open part is made of stands behind it, one step deeper.
        let inside = rest.iter().take_while(|part| part.depth > first.depth).filter(is_open);
        Some(inside.fold(first, |open, part| if part.depth == open.depth + 1 { part } else { open }))
    }
}

/// Why a value is not known, as the end of a sentence.
#[must_use]
pub fn because(world: &dyn World, cause: &Cause) -> String {
    match cause {
        Cause::Attribute(symbol) if symbol.is_variable() => {
            format!("{} has no value here; --var or a .tfvars file gives it one", world.name(symbol))
        }
        Cause::Attribute(symbol) => format!("it comes from {}, which is known after apply only", world.name(symbol)),
        Cause::OneOf(symbols) => format!("it comes from {}, known after apply only", one_of(world, symbols)),
        Cause::Member(handle) => {
            format!("whether {} belongs to it is known after apply only", world.address(*handle))
        }
        Cause::Reason(reason) => reason.to_string(),
    }
}

/// Names of candidates that a sentence lists.
const MAX_NAMES: usize = 3;

fn one_of(world: &dyn World, symbols: &[Symbol]) -> String {
    let names: Vec<String> = symbols.iter().take(MAX_NAMES).map(|symbol| world.name(symbol)).collect();
    match symbols.len().saturating_sub(names.len()) {
        0 => format!("one of {}", names.join(", ")),
        more => format!("one of {} and {more} more", names.join(", ")),
    }
}

/// The parts that decided what the expression is. Behind the first ones, up to `most` more are counted: a condition may
/// have a million parts.
#[must_use]
pub fn explain(world: &dyn World, host: &dyn Host, expr: &Expr, most: usize) -> Explained {
    let mut walk = Walk {
        world,
        most,
        evaluator: Evaluator::new(host, 0),
        result: Explained::default(),
        shown: Vec::new(),
        in_local: false,
    };
    walk.decide(expr, 0);
    walk.result
}

struct Walk<'w> {
    world: &'w dyn World,
    most: usize,
    evaluator: Evaluator<'w>,
    result: Explained,
    shown: Vec<Reference>,
    in_local: bool,
}

impl<'w> Walk<'w> {
    // The parser bounds the nesting of an expression, and only one local is entered at a time.
    fn decide(&mut self, expr: &'w Expr, depth: usize) {
        if self.result.omitted >= self.most {
            return;
        }
        match &expr.kind {
            Kind::Literal(_) | Kind::Faulty(_) => {}
            Kind::Binary(operator @ (Operator::And | Operator::Or), operands) => {
                self.logic(*operator, &operands.0, &operands.1, depth);
            }
            Kind::Binary(_, operands) => {
                self.decide(&operands.0, depth);
                self.decide(&operands.1, depth);
            }
            Kind::Not(operand) | Kind::Negate(operand) | Kind::Converted(operand, _) => self.decide(operand, depth),
            Kind::Conditional(parts) => {
                self.decide(&parts.0, depth);
                match self.truth(&parts.0) {
                    Some(true) => self.decide(&parts.1, depth),
                    Some(false) => self.decide(&parts.2, depth),
                    None => {}
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.decide(item, depth)),
            Kind::Object(entries) => entries.iter().for_each(|(_, value)| self.decide(value, depth)),
            Kind::Template(items) => {
                let _ = self.show(expr, depth);
                for item in items {
                    self.decide(item, depth + 1);
                }
            }
            Kind::Call(call) => self.call(expr, call, depth),
            Kind::For(expression) => {
                let value = self.show(expr, depth);
                self.decide(&expression.collection, depth + 1);
                if value.is_ok_and(|value| value.cause().is_some()) {
                    self.without_members(&expression.value, depth + 1);
                    expression.condition.iter().for_each(|condition| self.without_members(condition, depth + 1));
                }
            }
            // Once is enough.
            Kind::Reference(reference) if self.shown.contains(reference) => {}
            Kind::Reference(_) | Kind::Bound(_) | Kind::Access(..) | Kind::Splat(..) => {
                if let Kind::Reference(reference) = expr.kind {
                    self.shown.push(reference);
                }
                let value = self.show(expr, depth);
                let hidden = value.is_ok_and(|value| value.has_sensitive());
                self.chain(expr, depth + 1, hidden);
            }
        }
    }

    // The parts inside of a loop that are the same for each member; the others have no one value.
    fn without_members(&mut self, expr: &'w Expr, depth: usize) {
        let mut is_closed = true;
        expr.visit(&mut |part| is_closed &= !matches!(part.kind, Kind::Bound(_)));
        if is_closed {
            self.decide(expr, depth);
        } else {
            expr.parts().into_iter().for_each(|part| self.without_members(part, depth));
        }
    }

    fn logic(&mut self, operator: Operator, left: &'w Expr, right: &'w Expr, depth: usize) {
        let winner = operator == Operator::Or;
        let first = self.answer(left);
        if first.is_err() || first == Ok(Some(winner)) {
            return self.decide(left, depth);
        }
        let second = self.answer(right);
        if second.is_err() || second == Ok(Some(winner)) {
            return self.decide(right, depth);
        }
        // What is true on one side of `&&` does not keep the other side from being decided.
        let open = !winner && (first == Ok(None) || second == Ok(None));
        for (side, answer) in [(left, first), (right, second)] {
            if !open || answer == Ok(None) {
                self.decide(side, depth);
            }
        }
    }

    fn answer(&mut self, expr: &'w Expr) -> Result<Option<bool>, ()> {
        let value = self.evaluator.eval(expr).map_err(|_| ())?;
        truth(&value).map_err(|_| ())
    }

    fn truth(&mut self, expr: &'w Expr) -> Option<bool> {
        self.answer(expr).ok().flatten()
    }

    fn call(&mut self, expr: &'w Expr, call: &'w Call, depth: usize) {
        let value = self.show(expr, depth);
        if value.is_ok_and(|value| value.has_sensitive()) && self.in_local {
            return;
        }
        match call.function {
            Function::Try => {
                let used = call.arguments.iter().position(|argument| self.evaluator.eval(argument).is_ok());
                let used = used.unwrap_or(call.arguments.len().saturating_sub(1));
                if used > 0
                    && self.result.omitted == 0
                    && let Some(part) = self.result.parts.last_mut()
                {
                    part.value = format!("{} (argument {}; what stands before it fails)", part.value, used + 1);
                }
                if let Some(argument) = call.arguments.get(used) {
                    self.decide(argument, depth + 1);
                }
            }
            Function::Can => {}
            Function::Builtin(_) | Function::Host(_) => {
                call.arguments.iter().for_each(|argument| self.decide(argument, depth + 1));
            }
        }
    }

    // What a chain of accesses begins with, and the indexes on the way.
    fn chain(&mut self, expr: &'w Expr, depth: usize, hidden: bool) {
        match &expr.kind {
            Kind::Access(base, access) => {
                self.chain(base, depth, hidden);
                if let Access::Index(index) = access {
                    self.decide(index, depth);
                }
            }
            Kind::Splat(base, _) => self.chain(base, depth, hidden),
            Kind::Reference(reference) => {
                if let Some(local) = self.world.inside(*reference).filter(|_| !self.in_local && !hidden) {
                    self.in_local = true;
                    self.decide(local, depth);
                    self.in_local = false;
                }
            }
            Kind::Bound(_) => {}
            _ => self.decide(expr, depth),
        }
    }

    fn show(&mut self, expr: &'w Expr, depth: usize) -> Evaluated {
        let value = self.evaluator.eval(expr);
        if self.result.parts.len() >= MAX_STEPS {
            self.result.omitted += 1;
            return value;
        }
        let text = match &value {
            Ok(value) => shown(self.world, value),
            Err(fault) => format!("(fails: {})", clipped(&fault.message)),
        };
        let cause = value.as_ref().ok().and_then(Value::cause);
        self.result.parts.push(Part { span: expr.span, value: text, depth, cause });
        value
    }
}

/// A value as Terraform would print it, short; nothing of it if a part of it is sensitive.
#[must_use]
pub fn shown(world: &dyn World, value: &Value) -> String {
    if value.has_sensitive() {
        return "(sensitive)".to_owned();
    }
    let mut text = String::new();
    write(world, value, &mut text);
    if value.as_unknown().is_some() { text } else { clipped(&text) }
}

// Every level of nesting writes something, so the bound on the text bounds the recursion, too.
fn write(world: &dyn World, value: &Value, text: &mut String) {
    if text.len() > 4 * MAX_SHOWN {
        return;
    }
    match value {
        Value::Null => text.push_str("null"),
        Value::String(string) => text.push_str(&quoted(string)),
        Value::List(items) => {
            let (start, end) = match items.kind() {
                ListKind::List => ("tolist([", "])"),
                ListKind::Set => ("toset([", "])"),
                ListKind::Open | ListKind::Tuple => ("[", "]"),
            };
            text.push_str(start);
            for (number, item) in items.iter().take(MAX_SHOWN).enumerate() {
                text.push_str(if number > 0 { ", " } else { "" });
                write(world, item, text);
            }
            text.push_str(end);
        }
        Value::Object(object) => {
            let (start, end) = if object.kind() == ObjectKind::Map { ("tomap({", "})") } else { ("{", "}") };
            text.push_str(start);
            for (number, (key, value)) in object.iter().take(MAX_SHOWN).enumerate() {
                text.push_str(if number > 0 { ", " } else { "" });
                text.push_str(&clipped(key));
                text.push_str(" = ");
                write(world, value, text);
            }
            text.push_str(end);
        }
        Value::Unknown(unknown) => {
            let (start, rest) = match unknown.cause() {
                Cause::Attribute(symbol) => ("(known after apply: ", world.name(&symbol)),
                Cause::OneOf(symbols) => ("(known after apply: ", one_of(world, &symbols)),
                other => ("(not known: ", because(world, &other)),
            };
            text.extend([start, rest.as_str(), ")"]);
        }
        Value::Maybe(inner) => {
            text.push_str("perhaps ");
            write(world, inner, text);
        }
        Value::Sensitive(_) => text.push_str("(sensitive)"),
        Value::Handle(handle) => text.push_str(&world.address(*handle)),
        Value::Bool(_) | Value::Number(_) => text.push_str(&functions::text(value).unwrap_or_default()),
    }
}

fn quoted(string: &str) -> String {
    let start: String = string.chars().take(MAX_SHOWN + 1).collect();
    format!("\"{}\"", start.escape_debug())
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}
