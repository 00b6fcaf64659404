//! What a name means in an expression of a module instance, and what its variables are.

use std::rc::Rc;
use std::sync::Arc;

use super::repeat::Round;
use super::tree::Instance;
use super::{Source, machine, remembered};
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::types::{Field, Type};
use crate::expr::{Expr, Fault, Reference};
use crate::source::Span;
use crate::terraform::config::functions::asked;
use crate::terraform::config::{Block, Traversal};
use crate::value::{Cause, Handle, Symbol, Unknown, Value};

/// Where an expression is evaluated.
pub(super) struct Scope<'s, 'c> {
    pub(super) source: &'s Source<'c>,
    pub(super) module: Rc<Instance<'c>>,
    pub(super) round: Rc<Round>,
    /// The rounds of `dynamic` blocks around it, the innermost last: the iterator's name and what it stands for.
    pub(super) iterators: Vec<(Arc<str>, Value)>,
}

/// What an attribute of another object costs of the evaluator's depth: it begins an expression of its own, of which
/// the evaluator cannot say how deep it is nested in the first.
const HOP: usize = 16;

/// The depth at which no attribute of another object is opened any more; the evaluator stops at 300.
const MAX_DEPTH: usize = 260;

impl<'s, 'c> Scope<'s, 'c> {
    pub(super) fn new(source: &'s Source<'c>, module: Rc<Instance<'c>>) -> Self {
        Self { source, module, round: Rc::default(), iterators: Vec::new() }
    }

    pub(super) fn in_round(source: &'s Source<'c>, module: Rc<Instance<'c>>, round: Rc<Round>) -> Self {
        Self { source, module, round, iterators: Vec::new() }
    }

    pub(super) fn with_iterator(&self, name: Arc<str>, value: Value) -> Self {
        let mut iterators = self.iterators.clone();
        iterators.push((name, value));
        Self { source: self.source, module: self.module.clone(), round: self.round.clone(), iterators }
    }

    pub(super) fn eval(&self, expr: &Expr) -> Evaluated {
        let depth = self.source.depth.get();
        let value = Evaluator::new(self, depth).eval(expr);
        self.source.depth.set(depth);
        value
    }

    fn traversal(&self, traversal: &Traversal, span: Span) -> Evaluated {
        let steps = traversal.steps.as_slice();
        if let Some((_, round)) = self.iterators.iter().rfind(|(iterator, _)| *iterator == traversal.head) {
            return self.follow(round.clone(), steps, span);
        }
        let first = steps.first().ok_or_else(|| Fault::new(span, format!("\"{}\" alone is no value", traversal.head)));
        match (&*traversal.head, steps) {
            ("var", _) => self.source.variable(&self.module, first?, span),
            ("local", _) => self.local(first?, span),
            ("each", _) => self.each(first?, span),
            ("count", _) => self.round.index.clone().ok_or_else(|| Fault::new(span, "there is no count here")),
            ("path", _) => Ok(self.path(first?)),
            ("terraform", _) => Ok(self.workspace(first?)),
            ("module", [name, rest @ ..]) => self.block("module", &[name], rest, span),
            ("data", [kind, name, rest @ ..]) => self.block("data", &[kind, name], rest, span),
            ("self" | "ephemeral", _) => Ok(Value::unknown("it is known during apply only")),
            (kind, [name, rest @ ..]) => self.block("resource", &[kind, name], rest, span),
            (head, []) => Err(Fault::new(span, format!("there is no \"{head}\" here"))),
        }
    }

    fn block(&self, kind: &str, labels: &[&str], rest: &[Arc<str>], span: Span) -> Evaluated {
        let Some(block) = self.module.module.block(kind, labels) else {
            return Err(Fault::new(span, format!("{} is not declared in this module", labels.join("."))));
        };
        self.follow(self.source.group(&self.module, block)?, rest, span)
    }

    // Steps behind a name that the compiler has taken for a part of it.
    fn follow(&self, value: Value, steps: &[Arc<str>], span: Span) -> Evaluated {
        steps.iter().try_fold(value, |value, step| {
            let (inner, sensitive) = value.unmark();
            let next = match inner {
                Value::Object(object) => object.get(step).cloned(),
                Value::Handle(handle) => self.attribute(*handle, step),
                Value::Unknown(unknown) => Some(Value::Unknown(Arc::new(unknown.derived()))),
                _ => None,
            };
            let missing = || Fault::new(span, format!("there is no \"{step}\" in it"));
            next.map(|next| next.mark(sensitive)).ok_or_else(missing)
        })
    }

    fn local(&self, name: &Arc<str>, span: Span) -> Evaluated {
        let module = &self.module;
        let local = module.module.local(name).ok_or_else(|| Fault::new(span, format!("there is no local.{name}")))?;
        remembered(&module.locals, name, span, || Scope::new(self.source, module.clone()).eval(local))
    }

    fn each(&self, what: &str, span: Span) -> Evaluated {
        let (key, value) = self.round.each.as_ref().ok_or_else(|| Fault::new(span, "there is no each here"))?;
        match what {
            "key" => Ok(key.clone()),
            "value" => Ok(value.clone()),
            other => Err(Fault::new(span, format!("each has a key and a value, and no \"{other}\""))),
        }
    }

    fn path(&self, what: &str) -> Value {
        match what {
            "root" => Value::string("."),
            "module" => Value::string(&self.source.configuration.from_root(self.module.module)),
            "cwd" => machine::current(),
            _ => Value::unknown(format!("there is no path.{what}")),
        }
    }

    fn workspace(&self, what: &str) -> Value {
        match (&self.source.given.workspace, what) {
            (Some(name), "workspace") => Value::String(name.clone()),
            _ => Value::unknown(format!("terraform.{what} is not known here; --workspace gives it")),
        }
    }

    // As `convert`, which does not open objects: of a handle it takes the attributes that the type names.
    fn opened(&self, kind: &Type, value: &Value) -> Value {
        match (kind, value) {
            (_, Value::Sensitive(inner)) => self.opened(kind, inner).mark(true),
            (_, Value::Maybe(inner)) => self.opened(kind, inner).maybe(true),
            (Type::Object(fields), Value::Handle(handle)) => {
                let entries = fields.iter().filter_map(|field| {
                    Some((field.name.clone(), self.opened(&field.kind, &self.attribute(*handle, &field.name)?)))
                });
                Value::object(entries.collect())
            }
            (Type::Map(_), Value::Handle(handle)) => self.opened(kind, &self.expand(*handle)),
            (Type::Object(fields), Value::Object(object)) => {
                let field = |name: &str| fields.iter().find(|field: &&Field| *field.name == *name);
                let entries = object.iter().map(|(name, value)| {
                    (name.clone(), field(name).map_or_else(|| value.clone(), |field| self.opened(&field.kind, value)))
                });
                Value::object(entries.collect())
            }
            (Type::List(element) | Type::Set(element), Value::List(items)) => {
                Value::list(items.iter().map(|item| self.opened(element, item)).collect())
            }
            (Type::Map(element), Value::Object(object)) => {
                let entries = object.iter().map(|(name, value)| (name.clone(), self.opened(element, value)));
                Value::object(entries.collect())
            }
            _ => value.clone(),
        }
    }
}

impl<'c> Source<'c> {
    /// The value of a variable of a module instance, as its type has it.
    pub(super) fn variable(&self, at: &Rc<Instance<'c>>, name: &Arc<str>, span: Span) -> Evaluated {
        let declared = at.module.block("variable", &[name]);
        let declared = declared.ok_or_else(|| Fault::new(span, format!("there is no variable \"{name}\"")))?;
        remembered(&at.variables, name, span, || {
            let flag = |flag: &str| at.module.flag("variable", name, flag);
            let given = self
                .given_to(at, name)
                .filter(|value| flag("nullable") != Some(false) || !matches!(value.unmark().0, Value::Null));
            let value = match given {
                Some(value) => Some(value),
                None => self.default(at, declared),
            };
            let value = value.unwrap_or_else(|| match &at.call {
                None => Value::Unknown(Arc::new(Unknown::Symbol(Symbol::variable(name)))),
                Some(_) => Value::unknown(format!("{} gives no value to {name}", at.at)),
            });
            Ok(self.as_declared(at, name, declared, &value).mark(flag("sensitive") == Some(true)))
        })
    }

    fn given_to(&self, at: &Instance<'c>, name: &str) -> Option<Value> {
        let Some((parent, call)) = &at.call else { return self.given.variables.get(name).cloned() };
        let argument = call.attribute(name)?;
        let scope = Scope::in_round(self, parent.clone(), at.round.clone());
        Some(scope.eval(&argument.value).unwrap_or_else(|fault| self.lost(&fault)))
    }

    fn default(&self, at: &Rc<Instance<'c>>, declared: &Block) -> Option<Value> {
        let default = declared.attribute("default")?;
        let scope = Scope::new(self, at.clone());
        Some(scope.eval(&default.value).unwrap_or_else(|fault| self.lost(&fault)))
    }

    fn as_declared(&self, at: &Rc<Instance<'c>>, name: &str, declared: &Block, value: &Value) -> Value {
        let Some(kind) = at.module.type_of(name) else { return value.clone() };
        let value = Scope::new(self, at.clone()).opened(kind, value);
        kind.convert(&value).unwrap_or_else(|message| {
            let place = at.call.as_ref().and_then(|(_, call)| Some(call.attribute(name)?.span));
            let message = format!("the value of {name} does not fit its type: {message}");
            self.lost(&Fault::at(place.unwrap_or(declared.header), message))
        })
    }

    /// An output of a module instance; `None` if it has none of that name.
    pub(super) fn output(&self, at: &Rc<Instance<'c>>, name: &str) -> Option<Value> {
        let block = at.module.block("output", &[name])?;
        let (label, value) = (block.labels.first()?, block.attribute("value")?);
        let output = remembered(&at.outputs, label, value.span, || {
            let value = Scope::new(self, at.clone()).eval(&value.value)?;
            Ok(value.mark(at.module.flag("output", name, "sensitive") == Some(true)))
        });
        Some(output.unwrap_or_else(|fault| self.lost(&fault)))
    }

    /// Why a value is not known, in words.
    pub(super) fn cause(&self, cause: &Cause) -> String {
        match cause {
            Cause::Attribute(symbol) if symbol.is_variable() => format!("var.{} has no value here", symbol.path),
            Cause::Attribute(symbol) => {
                let address = self.node(symbol.object).map_or_else(String::new, |node| node.address());
                format!("{address}.{} is not known until apply", symbol.path)
            }
            Cause::OneOf(_) => "it is one of several that are not known until apply".to_owned(),
            Cause::Member(handle) => {
                let address = self.node(handle.object).map_or_else(String::new, |node| node.address());
                format!("whether {address} exists is not known until apply")
            }
            Cause::Reason(reason) => reason.to_string(),
        }
    }
}

impl Host for Scope<'_, '_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        let traversal = self.module.module.traversal(reference);
        let traversal = traversal.ok_or_else(|| Fault::new(span, "this name is not known"))?;
        self.source.depth.set(depth + 1);
        self.traversal(traversal, span)
    }

    fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        let depth = self.source.depth.get();
        if depth > MAX_DEPTH {
            return Some(Value::unknown("the chain of references is too long"));
        }
        self.source.depth.set(depth + HOP);
        let value = match self.source.module_of(handle) {
            Some(module) => self.source.output(&module, name),
            None => self.source.node(handle.object).map(|node| self.source.attribute(&node, name)),
        };
        self.source.depth.set(depth);
        value
    }

    fn expand(&self, handle: Handle) -> Value {
        let source = self.source;
        if let Some(module) = source.module_of(handle) {
            let names = module.module.blocks("output").filter_map(|output| output.labels.first());
            let outputs = names.filter_map(|name| Some((name.clone(), self.attribute(handle, name)?)));
            return Value::object(outputs.collect());
        }
        let Some(node) = source.node(handle.object) else { return Value::Null };
        let mut entries = source.written(&node);
        for name in source.facts.identities_of(&node.kind) {
            if entries.iter().all(|(known, _)| known != name) {
                entries.push((name.clone(), node.symbol(name)));
            }
        }
        Value::object(entries)
    }

    fn address(&self, handle: Handle) -> String {
        match self.source.module_of(handle) {
            Some(module) => module.at.to_string(),
            None => self.source.node(handle.object).map_or_else(String::new, |node| node.address()),
        }
    }

    fn call(&self, function: u32, arguments: &[Value], _span: Span) -> Evaluated {
        Ok(self.source.answer(asked(function), self, arguments))
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        if left == right {
            return Some(true);
        }
        let names = |symbol: &Symbol| {
            let node = self.source.node(symbol.object)?;
            symbol.path.as_attribute().map(|name| self.source.facts.is_identity(&node.kind, name))
        };
        let both = names(left) == Some(true) && names(right) == Some(true);
        both.then_some(left.object == right.object)
    }

    fn symbol_is(&self, _symbol: &Symbol, _text: &str) -> Option<bool> {
        None
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        let node = self.source.node(symbol.object);
        let name = symbol.path.as_attribute();
        node.zip(name).is_some_and(|(node, name)| self.source.facts.is_identity(&node.kind, name))
    }
}
