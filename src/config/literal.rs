//! Values as they stand in `.planfit.hcl`: plain ones, each part with its place.

use std::sync::Arc;

use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};

use crate::expr::compile::{Compiler, Names};
use crate::expr::functions::Function;
use crate::expr::{Fault, Kind, Reference};
use crate::source::{FileId, Span, hcl};
use crate::value::{Number, Value};

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    pub(super) span: Span,
    pub(super) form: Form,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// Null, a bool, a number, a text.
    Scalar(Value),
    List(Vec<Literal>),
    Map(Vec<Entry>),
}

/// An entry of a map.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Arc<str>,
    pub(super) span: Span,
    pub(super) value: Literal,
}

/// Levels of nesting. The deepest key of ours has three; a value of an input may have more.
const MAX_DEPTH: usize = 32;

/// A text that is read for literals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
}

impl Source<'_> {
    pub(super) fn span(self, node: &impl hcl_edit::Span) -> Span {
        hcl::span_of(self.file, node.span())
    }

    /// The value of an expression.
    pub(super) fn literal(self, expression: &Expression) -> Result<Literal, Vec<Fault>> {
        self.at_depth(expression, MAX_DEPTH)
    }

    fn at_depth(self, expression: &Expression, depth: usize) -> Result<Literal, Vec<Fault>> {
        let span = self.span(expression);
        let Some(depth) = depth.checked_sub(1) else {
            return Err(vec![Fault::at(span, format!("values here have at most {MAX_DEPTH} levels"))]);
        };
        let form = match expression {
            Expression::Parenthesis(inner) => return self.at_depth(inner.inner(), depth),
            Expression::Array(items) => Form::List(gather(items.iter().map(|item| self.at_depth(item, depth)))?),
            Expression::Object(entries) => {
                Form::Map(gather(entries.iter().map(|(key, value)| self.entry(key, value.expr(), depth)))?)
            }
            Expression::UnaryOp(negated) if *negated.operator.value() == UnaryOperator::Neg => {
                Form::Scalar(self.negative(&negated.expr, span)?)
            }
            scalar => Form::Scalar(self.scalar(scalar, span)?),
        };
        Ok(Literal { span, form })
    }

    fn entry(self, key: &ObjectKey, value: &Expression, depth: usize) -> Result<Entry, Vec<Fault>> {
        let (text, span) = match key {
            ObjectKey::Ident(name) => (Arc::from(name.as_str()), self.span(name)),
            ObjectKey::Expression(key) => {
                let span = self.span(key);
                let value = self.scalar(key, span)?;
                let text = value.as_str().map(Arc::from);
                (text.ok_or_else(|| vec![Fault::at(span, "a name of a map is a text")])?, span)
            }
        };
        Ok(Entry { key: text, span, value: self.at_depth(value, depth)? })
    }

    fn negative(self, expression: &Expression, span: Span) -> Result<Value, Vec<Fault>> {
        let plain = matches!(expression, Expression::Number(_)).then(|| self.text.get(bytes(self.span(expression))));
        let number = plain.flatten().and_then(|digits| Number::parse(&format!("-{digits}")));
        number.map(Value::Number).ok_or_else(|| vec![not_plain(span)])
    }

    fn scalar(self, expression: &Expression, span: Span) -> Result<Value, Vec<Fault>> {
        let mut names = NoNames;
        let mut compiler = Compiler::new(self.file, self.text, &mut names);
        let expr = compiler.compile(expression);
        let (faults, _) = compiler.finish();
        let is_plain = matches!(
            expression,
            Expression::Null(_)
                | Expression::Bool(_)
                | Expression::Number(_)
                | Expression::String(_)
                | Expression::StringTemplate(_)
                | Expression::HeredocTemplate(_)
        );
        match expr.kind {
            Kind::Literal(value) if is_plain && faults.is_empty() => Ok(value),
            _ if faults.is_empty() => Err(vec![not_plain(span)]),
            _ => Err(faults),
        }
    }
}

fn bytes(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

fn not_plain(span: Span) -> Fault {
    Fault::at(span, "this file holds plain values only: texts, numbers, true, false, lists and maps")
}

// All of them, or every fault in them.
fn gather<T>(items: impl Iterator<Item = Result<T, Vec<Fault>>>) -> Result<Vec<T>, Vec<Fault>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Ok(item) => found.push(item),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

struct NoNames;

impl Names for NoNames {
    fn resolve(&mut self, head: &str, _steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        Err(format!("this file holds plain values and cannot refer to \"{head}\"; a text stands in quotes"))
    }

    fn function(&mut self, _namespace: &[&str], name: &str) -> Result<Function, String> {
        Err(format!("this file holds plain values and calls no functions, and {name} is one"))
    }
}

impl Literal {
    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.form {
            Form::Scalar(value) => value.as_str(),
            Form::List(_) | Form::Map(_) => None,
        }
    }

    /// The bool, if it is one.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match &self.form {
            Form::Scalar(Value::Bool(truth)) => Some(*truth),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(super) fn as_number(&self) -> Option<&Number> {
        match &self.form {
            Form::Scalar(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The members, if it is a list.
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        match &self.form {
            Form::List(items) => Some(items),
            Form::Scalar(_) | Form::Map(_) => None,
        }
    }

    /// The entries, if it is a map.
    pub(super) fn as_map(&self) -> Option<&[Entry]> {
        match &self.form {
            Form::Map(entries) => Some(entries),
            Form::Scalar(_) | Form::List(_) => None,
        }
    }

    /// The entry of a name.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|entry| *entry.key == *name).map(|entry| &entry.value)
    }

    /// The value without places.
    pub(super) fn to_value(&self) -> Value {
        match &self.form {
            Form::Scalar(value) => value.clone(),
            Form::List(items) => Value::list(items.iter().map(Self::to_value).collect()),
            Form::Map(entries) => {
                Value::object(entries.iter().map(|entry| (entry.key.clone(), entry.value.to_value())).collect())
            }
        }
    }

    /// What it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match &self.form {
            Form::Scalar(Value::Bool(_)) => "true or false",
            Form::Scalar(Value::Number(_)) => "a number",
            Form::Scalar(Value::Null) => "null",
            Form::Scalar(_) => "a text",
            Form::List(_) => "a list",
            Form::Map(_) => "a map",
        }
    }
}
