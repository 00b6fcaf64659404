//! `templatestring`: a template that is a value, compiled when it is met.

use std::sync::Arc;

use super::{Arguments, Builtin, Function, HIDDEN, builtin, limits, own, text};
use crate::expr::compile::{Compiler, Names};
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::{Fault, Reference};
use crate::instant::Instant;
use crate::source::{SourceMap, Span, hcl};
use crate::value::{Handle, Object, Symbol, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[own(
    ("templatestring", "template, variables", 2, 2, "The text of a template whose names are the keys of the map."),
    templatestring,
)];

/// Bytes of a template: it is compiled at each call, and no template of a file is longer.
const MAX_TEMPLATE: usize = 64 << 10;

fn templatestring(arguments: &Arguments<'_>) -> Result<Value, String> {
    if arguments.is_unknown(0) || arguments.is_unknown(1) {
        return Ok(arguments.unknown());
    }
    let Value::String(source) = arguments.get(0) else {
        return Err(format!("argument 1 must be a string, not a {}", arguments.get(0).type_name()));
    };
    let variables = arguments.object(1)?;
    let quiet = |message: String| if arguments.get(1).has_sensitive() { HIDDEN.to_owned() } else { message };
    let value = render(arguments.host, source, variables).map_err(quiet)?;
    match value.unmark().0 {
        Value::Unknown(_) => Ok(value),
        known => {
            let text = text(known).map_err(|name| format!("a template gives a text, and this gives a {name}"))?;
            limits::text(text.to_string()).map(|text| text.mark(value.has_sensitive()))
        }
    }
}

fn render(host: &dyn Host, source: &str, variables: &Object) -> Result<Value, String> {
    if source.len() > MAX_TEMPLATE {
        return Err(format!("a template has at most {} KiB", MAX_TEMPLATE >> 10));
    }
    if let Some((name, _)) = variables.iter().find(|(name, _)| hcl_edit::Ident::try_new(&***name).is_err()) {
        return Err(format!("\"{name}\" is no name of a variable"));
    }
    let template = hcl::parse_template(source).map_err(|_| "the text is no template".to_owned())?;
    let mut names = Variables(variables);
    let mut compiler = Compiler::new(SourceMap::default().add("template", source), source, &mut names);
    let expression = compiler.compile_template(&template);
    if let Some(fault) = compiler.take_faults().into_iter().next() {
        return Err(format!("in the template: {}", fault.message));
    }
    let scope = Scope { host, variables };
    Evaluator::new(&scope, 0).eval(&expression).map_err(|fault| format!("in the template: {}", fault.message))
}

/// Only the keys of the map are names.
struct Variables<'v>(&'v Object);

impl Names for Variables<'_> {
    fn resolve(&mut self, head: &str, _steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let position = self.0.iter().position(|(name, _)| &**name == head);
        let position = position.and_then(|position| u32::try_from(position).ok());
        position.map(|position| (Reference(position), 0)).ok_or_else(|| format!("there is no variable \"{head}\""))
    }

    // A template within a template could go on for ever.
    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        let known = matches!(namespace, [] | ["core"]) && name != "templatestring";
        known.then(|| builtin(name)).flatten().ok_or_else(|| format!("the function {name} is not known in a template"))
    }
}

/// The world around the call, with other names.
struct Scope<'s> {
    host: &'s dyn Host,
    variables: &'s Object,
}

impl Host for Scope<'_> {
    fn reference(&self, reference: Reference, span: Span, _depth: usize) -> Evaluated {
        let value = self.variables.iter().nth(reference.0 as usize).map(|(_, value)| value.clone());
        value.ok_or_else(|| Fault::new(span, "this name is not known"))
    }

    fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        self.host.attribute(handle, name)
    }

    fn expand(&self, handle: Handle) -> Value {
        self.host.expand(handle)
    }

    fn address(&self, handle: Handle) -> String {
        self.host.address(handle)
    }

    fn call(&self, function: u32, arguments: &[Value], span: Span) -> Evaluated {
        self.host.call(function, arguments, span)
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        self.host.same(left, right)
    }

    fn symbol_is(&self, symbol: &Symbol, text: &str) -> Option<bool> {
        self.host.symbol_is(symbol, text)
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        self.host.is_never_null(symbol)
    }

    fn now(&self) -> Option<Instant> {
        self.host.now()
    }
}
