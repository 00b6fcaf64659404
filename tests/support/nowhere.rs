//! A world without objects and names, for expressions that stand alone.

#![allow(clippy::allow_attributes, dead_code, reason = "each test program uses a part")]

use planfit::expr::compile::{Compiler, FunctionsOnly};
use planfit::expr::eval::{Evaluated, Evaluator, Host};
use planfit::expr::{Fault, Reference};
use planfit::instant::Instant;
use planfit::source::{SourceMap, Span, hcl};
use planfit::value::{Handle, Symbol, Value};

/// Nothing is around an expression but, perhaps, a clock.
#[derive(Default)]
pub(crate) struct Nowhere {
    pub(crate) now: Option<Instant>,
}

impl Host for Nowhere {
    fn reference(&self, _: Reference, span: Span, _: usize) -> Evaluated {
        Err(Fault::new(span, "there are no names"))
    }

    fn attribute(&self, _: Handle, _: &str) -> Option<Value> {
        None
    }

    fn expand(&self, _: Handle) -> Value {
        Value::object(Vec::new())
    }

    fn address(&self, _: Handle) -> String {
        String::new()
    }

    fn call(&self, _: u32, _: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "there are no host functions"))
    }

    fn same(&self, _: &Symbol, _: &Symbol) -> Option<bool> {
        None
    }

    fn symbol_is(&self, _: &Symbol, _: &str) -> Option<bool> {
        None
    }

    fn is_never_null(&self, _: &Symbol) -> bool {
        false
    }

    fn now(&self) -> Option<Instant> {
        self.now
    }
}

/// The value of an expression, or what planfit says instead.
pub(crate) fn evaluate(expression: &str, host: &dyn Host) -> Result<Value, String> {
    let file = SourceMap::default().add("expression", expression);
    let parsed = hcl::parse_expression(expression).map_err(|error| error.message)?;
    let mut names = FunctionsOnly;
    let mut compiler = Compiler::new(file, expression, &mut names);
    let expression = compiler.compile(&parsed);
    if let Some(fault) = compiler.take_faults().into_iter().next() {
        return Err(fault.message);
    }
    Evaluator::new(host, 0).eval(&expression).map_err(|fault| fault.message)
}
