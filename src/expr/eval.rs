//! The evaluator: three-valued, lazy, short-circuiting (`spec/policy-language.md` 4).
//!
//! A tree walk over [`Expr`] with borrowed constants. Everything about the world is asked of the [`Host`]: what a
//! reference is, which attribute an object has, what a host function gives, when two symbols are one.
//! Start at [`Evaluator::eval`] and [`truth`].

use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::functions;
use super::{Access, Attribute, Expr, Fault, Kind, Operator, Reference, compare, composed};
use crate::instant::Instant;
use crate::source::Span;
use crate::value::unknown::{Cause, Part};
use crate::value::{Handle, ListKind, ObjectKind, Path, Step, Symbol, Unknown, Value};

mod access;
mod arithmetic;
mod call;
mod decide;
mod iterate;
mod look;

/// Depth of evaluation: nested expressions and the locals that refer to each other. The parser caps one expression at
/// 64 levels and 128 chained operators; this keeps chains of locals finite, too, on a stack of 2 MiB.
const MAX_DEPTH: usize = 300;

/// Work that one expression may take, in bytes of text produced; going over a member of a list counts as
/// [`MEMBER_WORK`]. Loops in loops over large lists, and texts that double, must end.
const MAX_WORK: usize = 64 << 20;

/// Room for the text of a template. Most are shorter.
const TEXT: usize = 64;

/// See [`MAX_WORK`]: four million members.
const MEMBER_WORK: usize = 16;

/// The outcome of an evaluation.
pub type Evaluated = Result<Value, Box<Fault>>;

/// A value to look at, borrowed where it is at hand.
type Looked<'h> = Result<Cow<'h, Value>, Box<Fault>>;

/// The world around an expression.
pub trait Host {
    /// The value of a name that was resolved at load. `depth` is passed on to evaluators started on the way.
    ///
    /// # Errors
    ///
    /// The fault inside of what the name stands for.
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated;

    /// An attribute of an object; `None` if the object has none of that name.
    fn attribute(&self, handle: Handle, name: &str) -> Option<Value>;

    /// An object with all its attributes.
    fn expand(&self, handle: Handle) -> Value;

    /// The object's address, for messages.
    fn address(&self, handle: Handle) -> String;

    /// Calls a host function.
    ///
    /// # Errors
    ///
    /// A fault at `span`.
    fn call(&self, function: u32, arguments: &[Value], span: Span) -> Evaluated;

    /// What a host function gives whatever its other arguments are, if its first one tells: then they are not evaluated.
    fn foregone(&self, _function: u32, _first: &Value) -> Option<Value> {
        None
    }

    /// Whether two attributes of objects to come are the same value (`spec/policy-language.md` 4.2).
    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool>;

    /// Whether an attribute to come will be this text.
    fn symbol_is(&self, symbol: &Symbol, text: &str) -> Option<bool>;

    /// Whether an attribute to come is certain not to be null.
    fn is_never_null(&self, symbol: &Symbol) -> bool;

    /// An attribute that needs no copy to be looked at. `None` says nothing: [`Host::attribute`] answers.
    fn peek(&self, _handle: Handle, _name: &str) -> Option<&Value> {
        None
    }

    /// What a name stands for, if that is at hand. `None` says nothing: [`Host::reference`] answers.
    fn at_hand(&self, _reference: Reference) -> Option<&Value> {
        None
    }

    /// An attribute of the object that a name stands for, if it is at hand. `None` says nothing.
    fn attribute_at_hand(&self, _reference: Reference, _attribute: &Attribute) -> Option<&Value> {
        None
    }

    /// The run's one reading of the clock; none was given by default.
    fn now(&self) -> Option<Instant> {
        None
    }
}

/// Evaluates expressions against a host. What lies in the expression or at the host is borrowed.
pub struct Evaluator<'h> {
    host: &'h dyn Host,
    bound: SmallVec<[Cow<'h, Value>; 2]>,
    depth: usize,
    // Inside of `try` and `can` nobody reads what was meant perhaps, and looking for it costs more than the rest.
    trying: bool,
    work: usize,
}

/// Whether a condition holds: `None` if it is not decided.
///
/// # Errors
///
/// A sentence if the value is no boolean.
pub fn truth(value: &Value) -> Result<Option<bool>, String> {
    match value.unmark().0 {
        Value::Bool(truth) => Ok(Some(*truth)),
        Value::Unknown(_) => Ok(None),
        Value::String(text) if matches!(&**text, "true" | "1") => Ok(Some(true)),
        Value::String(text) if matches!(&**text, "false" | "0") => Ok(Some(false)),
        Value::Null => Err("a condition must be true or false, and this is null".to_owned()),
        other => Err(format!("a condition must be true or false, and this is a {}", other.type_name())),
    }
}

impl<'h> Evaluator<'h> {
    /// An evaluator; `depth` is 0 or what [`Host::reference`] was given.
    #[must_use]
    pub fn new(host: &'h dyn Host, depth: usize) -> Self {
        Self { host, bound: SmallVec::new(), depth, trying: false, work: 0 }
    }

    /// An evaluator that does no more than some work, in bytes of text.
    #[must_use]
    pub(super) fn with_work(host: &'h dyn Host, work: usize) -> Self {
        Self { work: MAX_WORK.saturating_sub(work), ..Self::new(host, 0) }
    }

    /// The same as [`Self::eval`]; `None` if there was too much to do.
    pub(super) fn eval_or_exhausted(&mut self, expr: &'h Expr) -> Option<Evaluated> {
        let result = self.eval(expr);
        (self.work <= MAX_WORK).then_some(result)
    }

    /// The value of an expression.
    ///
    /// # Errors
    ///
    /// The first fault, with its place.
    pub fn eval(&mut self, expr: &'h Expr) -> Evaluated {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new(expr.span, format!("the evaluation is deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let result = self.kind(&expr.kind, expr.span);
        self.depth -= 1;
        result
    }

    fn spend(&mut self, work: usize, span: Span) -> Result<(), Box<Fault>> {
        self.work = self.work.saturating_add(work);
        if self.work > MAX_WORK {
            let limit = MAX_WORK / MEMBER_WORK;
            let message = format!("this goes over more than {limit} members, or makes more than 64 MiB of text");
            return Err(Fault::new(span, message));
        }
        Ok(())
    }

    // What a function has made: its own room bounds one call, this bounds calls in a loop.
    fn spend_on(&mut self, value: &Value, span: Span) -> Result<(), Box<Fault>> {
        match value.unmark().0 {
            Value::String(text) => self.spend(text.len(), span),
            Value::List(items) => self.spend(items.len().saturating_mul(MEMBER_WORK), span),
            _ => Ok(()),
        }
    }

    // Apart from `eval`: its frame is large, and the common cases do without it.
    #[inline(never)]
    fn kind(&mut self, kind: &'h Kind, span: Span) -> Evaluated {
        match kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Reference(reference) => self.host.reference(*reference, span, self.depth),
            Kind::Bound(position) => self.variable(*position, span).map(Cow::into_owned),
            Kind::Access(base, access) => self.member(base, access, span).map(Cow::into_owned),
            Kind::Splat(base, steps) => {
                let base = self.operand(base)?;
                self.splat(&base, steps, span)
            }
            Kind::List(items) => {
                let mut members = Vec::with_capacity(items.len());
                for item in items {
                    members.push(self.eval(item)?);
                }
                Ok(Value::list_of(ListKind::Tuple, members))
            }
            Kind::Object(entries) => self.object(entries),
            Kind::Template(parts) => self.template(parts),
            Kind::Call(call) => self.call(call, span),
            Kind::Not(operand) => {
                let value = self.eval(operand)?;
                truth_at(&value, operand.span).map(|truth| decided(truth.map(|truth| !truth), &[&value]))
            }
            Kind::Negate(operand) => {
                let value = self.eval(operand)?;
                arithmetic::negated(&value).map_err(|message| Fault::new(span, message))
            }
            Kind::Binary(operator, operands) => self.binary(*operator, &operands.0, &operands.1),
            Kind::Conditional(parts) => {
                let (condition, then, other) = &**parts;
                let value = self.eval(condition)?;
                // Which branch was taken tells the condition.
                let sensitive = value.unmark().1;
                match truth_at(&value, condition.span)? {
                    Some(true) => self.eval(then).map(|value| value.mark(sensitive)),
                    Some(false) => self.eval(other).map(|value| value.mark(sensitive)),
                    None => Ok(decided(None, &[&value])),
                }
            }
            Kind::For(expression) => self.for_expression(expression),
            Kind::Converted(inner, fit) => {
                let value = self.eval(inner)?;
                fit.apply(value).map_err(|message| Fault::new(span, message))
            }
            Kind::Faulty(message) => Err(Fault::new(span, &**message)),
        }
    }

    fn binary(&mut self, operator: Operator, left: &'h Expr, right: &'h Expr) -> Evaluated {
        if let Operator::And | Operator::Or = operator {
            return self.logic(operator == Operator::Or, left, right);
        }
        let (one, other) = (self.operand(left)?, self.operand(right)?);
        let operands = [&*one, &*other];
        match operator {
            Operator::Equal => Ok(decided(compare::equal(self.host, &one, &other), &operands)),
            Operator::NotEqual => Ok(decided(compare::equal(self.host, &one, &other).map(|truth| !truth), &operands)),
            Operator::Less => arithmetic::ordering(&operands, std::cmp::Ordering::is_lt, left, right),
            Operator::LessOrEqual => arithmetic::ordering(&operands, std::cmp::Ordering::is_le, left, right),
            Operator::Greater => arithmetic::ordering(&operands, std::cmp::Ordering::is_gt, left, right),
            Operator::GreaterOrEqual => arithmetic::ordering(&operands, std::cmp::Ordering::is_ge, left, right),
            _ => arithmetic::arithmetic(operator, &one, &other).map_err(|message| Fault::new(left.span, message)),
        }
    }

    // `winner` is the operand that decides alone: false for `&&`, true for `||`.
    fn logic(&mut self, winner: bool, left: &'h Expr, right: &'h Expr) -> Evaluated {
        let one = self.eval(left)?;
        let first = truth_at(&one, left.span)?;
        if first == Some(winner) {
            return Ok(decided(first, &[&one]));
        }
        let other = self.eval(right)?;
        let second = truth_at(&other, right.span)?;
        match (first, second) {
            (_, Some(truth)) if truth == winner => Ok(decided(second, &[&other])),
            (Some(_), Some(_)) => Ok(decided(Some(!winner), &[&one, &other])),
            _ => Ok(decided(None, &[&one, &other])),
        }
    }

    fn object(&mut self, entries: &'h [(Expr, Expr)]) -> Evaluated {
        let mut result = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            // Most keys are written as they are.
            if let (Kind::Literal(Value::String(name)), true) = (&key.kind, self.depth < MAX_DEPTH) {
                result.push((name.clone(), self.eval(value)?));
                continue;
            }
            let name = self.eval(key)?;
            if let Value::Unknown(unknown) = name.unmark().0 {
                return Ok(Value::Unknown(Arc::new(unknown.derived())));
            }
            let name = functions::text(name.unmark().0)
                .map_err(|name| Fault::new(key.span, format!("a key must be a string, not a {name}")))?;
            result.push((name, self.eval(value)?));
        }
        Ok(Value::object_of(ObjectKind::Object, result))
    }

    fn template(&mut self, parts: &'h [Expr]) -> Evaluated {
        // What is known lies together in one text until something unknown comes.
        let (mut pieces, mut text): (Vec<Part>, String) = (Vec::new(), String::with_capacity(TEXT));
        let mut sensitive = false;
        for part in parts {
            let value = self.operand(part)?;
            sensitive |= value.has_sensitive();
            match value.unmark().0 {
                Value::Unknown(unknown) => {
                    pieces.extend(known_part(&mut text));
                    pieces.extend(unknown_parts(unknown));
                    if let Some(Part::Text(last)) = pieces.pop_if(|part| matches!(part, Part::Text(_))) {
                        text.push_str(&last);
                    }
                }
                known => {
                    let piece = functions::text(known).map_err(|name| {
                        Fault::new(
                            part.span,
                            format!("a {name} cannot be put into a text; only strings, numbers and booleans can"),
                        )
                    })?;
                    self.spend(piece.len(), part.span)?;
                    text.push_str(&piece);
                }
            }
        }
        let value = if pieces.is_empty() {
            if text.is_ascii() { Value::string(&text) } else { composed::value(&text) }
        } else {
            pieces.extend(known_part(&mut text));
            Value::Unknown(Arc::new(Unknown::Template(Arc::from(pieces))))
        };
        Ok(value.mark(sensitive))
    }
}

fn truth_at(value: &Value, span: Span) -> Result<Option<bool>, Box<Fault>> {
    truth(value).map_err(|message| Fault::new(span, message))
}

/// A truth as a value; not decided, it is unknown for the reason of the first operand that is. The sensitive mark of
/// an operand stays.
#[must_use]
pub fn decided(truth: Option<bool>, operands: &[&Value]) -> Value {
    let sensitive = operands.iter().any(|operand| operand.has_sensitive());
    let value = match truth {
        Some(truth) => Value::Bool(truth),
        None => Value::Unknown(Arc::new(Unknown::Opaque(cause_of(operands)))),
    };
    value.mark(sensitive)
}

/// Why some part of the values is not known.
#[must_use]
pub fn cause_of(values: &[&Value]) -> Cause {
    let known = || Cause::Reason(Arc::from("it depends on values that are known after apply only"));
    values.iter().find_map(|value| value.cause()).unwrap_or_else(known)
}

/// The pieces of text that an unknown value stands for inside a template.
fn unknown_parts(unknown: &Unknown) -> Vec<Part> {
    match unknown {
        Unknown::Symbol(symbol) => vec![Part::Symbol(symbol.clone())],
        Unknown::Template(parts) => parts.to_vec(),
        other => vec![Part::Any(other.cause())],
    }
}

fn known_part(text: &mut String) -> Option<Part> {
    let part = (!text.is_empty()).then(|| Part::Text(Arc::from(text.as_str())));
    text.clear();
    part
}

/// The path that a chain of accesses names, if all its steps are constant: `a.b[0].c` below `base`.
#[must_use]
pub fn constant_path(expr: &Expr, is_base: &dyn Fn(Reference) -> bool) -> Option<Path> {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            Kind::Reference(reference) if is_base(*reference) => break,
            Kind::Access(base, Access::Name(attribute)) => {
                steps.push(Step::Name(attribute.name.clone()));
                at = base;
            }
            Kind::Access(base, Access::Index(index)) => {
                let Value::Number(number) = index.as_literal()? else { return None };
                steps.push(Step::Index(number.as_usize()?));
                at = base;
            }
            _ => return None,
        }
    }
    Some(steps.into_iter().rev().collect())
}
