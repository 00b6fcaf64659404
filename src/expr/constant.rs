//! Values that are written as constants: in files of values (`.tfvars`), on the command line, as defaults.
//!
//! Start at [`read_values`] for a file, [`from_text`] for one value, [`constant`] for an expression of a larger text.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;

use super::compile::{Compiler, Names};
use super::functions::Function;
use super::{Expr, Fault, Kind, Reference};
use crate::source::{FileId, SourceMap, hcl};
use crate::value::{ListKind, ObjectKind, Value};

/// The value of a text that is one expression without names and functions, as `-var` takes it.
#[must_use]
pub fn from_text(text: &str) -> Option<Value> {
    let expression = hcl::parse_expression(text).ok()?;
    let file = SourceMap::default().add("", "");
    constant(file, text, &expression).ok()
}

/// The value of an expression without names and functions.
///
/// # Errors
///
/// Every fault in it.
pub fn constant(file: FileId, text: &str, expression: &Expression) -> Result<Value, Vec<Fault>> {
    let mut names = NoNames;
    let mut compiler = Compiler::new(file, text, &mut names);
    let expr: Expr = compiler.compile(expression);
    let (faults, _) = compiler.finish();
    match constant_value(&expr) {
        Some(value) if faults.is_empty() => Ok(value),
        _ if faults.is_empty() => Err(vec![Fault::at(expr.span, "a constant is asked for here")]),
        _ => Err(faults),
    }
}

/// Reads a file of values (`.tfvars`).
///
/// # Errors
///
/// Every fault in it.
pub fn read_values(file: FileId, text: &str) -> Result<Vec<(Arc<str>, Value)>, Vec<Fault>> {
    let body: Body = hcl::parse(text).map_err(|error| vec![Fault::syntax(file, error)])?;
    let mut faults = Vec::new();
    for block in body.blocks() {
        let span = hcl::header_span(file, block);
        faults.push(Fault::at(span, "a file of values holds lines of the form name = value, and no blocks"));
    }
    let mut values = Vec::new();
    for attribute in body.attributes() {
        match constant(file, text, &attribute.value) {
            Ok(value) => values.push((Arc::from(attribute.key.as_str()), value)),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

struct NoNames;

impl Names for NoNames {
    fn resolve(&mut self, head: &str, _steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        Err(format!("a value cannot refer to \"{head}\"; a text stands in quotes"))
    }

    fn function(&mut self, _namespace: &[&str], name: &str) -> Result<Function, String> {
        Err(format!("a value cannot call a function, and {name} is one"))
    }
}

/// The value of a compiled expression without names and calls.
#[must_use]
pub fn constant_value(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        Kind::Literal(value) => Some(value.clone()),
        Kind::List(items) => {
            Some(Value::list_of(ListKind::Tuple, items.iter().map(constant_value).collect::<Option<_>>()?))
        }
        Kind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some((Arc::from(key.as_literal()?.as_str()?), constant_value(value)?)));
            Some(Value::object_of(ObjectKind::Object, entries.collect::<Option<_>>()?))
        }
        _ => None,
    }
}
