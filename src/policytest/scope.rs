//! What names mean in a test file: `local.x`, `input.x`, another mock (`aws_vpc.main`, `data.aws_vpc.main`), Terraform's
//! functions.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::expr::compile::Names;
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::functions::{Function, builtin, names, nearest};
use crate::expr::{Expr, Fault, Kind, Reference};
use crate::instant::Instant;
use crate::policy::{did_you_mean, host};
use crate::source::Span;
use crate::value::{Handle, Step, Symbol, Value};

/// Parts of one value: more than any resource has. A value may hold another one many times and share it; whoever walks
/// over it does not.
const LARGEST: usize = 100_000;

/// Levels of one value: as deep as Terraform's own JSON is read.
const DEEPEST: usize = 128;

/// The names that the expressions of a file use, by number.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Named>);

/// A name with the attribute behind it, if it is a mock's: two mocks may read different attributes of each other.
#[derive(Debug, Default)]
struct Named {
    /// `local.x`, `input.x`, `aws_vpc.main`, `data.aws_vpc.main`
    name: String,
    attribute: Option<Arc<str>>,
    /// Whether it is written `aws_vpc.main.attrs.id`, as in published tests.
    behind_attrs: bool,
}

/// What stands between a mock and its attributes, if somebody writes it.
const ATTRS: &str = "attrs";

/// The head of the inputs of the policies that are tested.
const INPUT: &str = "input";

/// How an input is called.
pub(super) fn input(name: &str) -> String {
    format!("{INPUT}.{name}")
}

impl Table {
    /// Whether some expression of the file reads an input.
    pub(super) fn reads_inputs(&self) -> bool {
        self.0.iter().any(Named::is_input)
    }
}

impl Named {
    fn is_input(&self) -> bool {
        self.name.split_once('.').is_some_and(|(head, _)| head == INPUT)
    }
}

impl Names for Table {
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        let used = if head == "data" { 2 } else { 1 };
        if steps.len() < used {
            return Err(format!("\"{head}\" stands for nothing here; another mock is called TYPE.LABEL"));
        }
        let names = std::iter::once(head).chain(steps.iter().take(used).map(|step| &**step));
        let name = names.collect::<Vec<_>>().join(".");
        let rest = steps.get(used..).filter(|_| !matches!(head, "local" | INPUT)).unwrap_or_default();
        let (attribute, behind_attrs) = match rest {
            [attrs, attribute, ..] if &**attrs == ATTRS => (Some(attribute.clone()), true),
            [attribute, ..] => (Some(attribute.clone()), false),
            [] => (None, false),
        };
        let used = used + usize::from(attribute.is_some()) + usize::from(behind_attrs);
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push(Named { name, attribute, behind_attrs });
        Ok((Reference(number), used))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        if let ([] | ["core"], Some(function)) = (namespace, builtin(name)) {
            return Ok(function);
        }
        if let ["plugin", _] = namespace {
            return host::find(namespace, name).map(|(function, _)| function);
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
    /// Locals, inputs and mocks by name; a mock stands for its attributes.
    known: Vec<(String, Option<Expr>)>,
    now: Option<Instant>,
    open: RefCell<Vec<String>>,
    // Locals that use a local twice, in a chain, would take twice the time for each link.
    cache: RefCell<FxHashMap<Slot, Evaluated>>,
}

/// The number of what is known, and the attribute of it.
type Slot = (usize, Option<Arc<str>>);

impl<'s> Scope<'s> {
    pub(super) fn new(table: &'s Table, known: Vec<(String, Option<Expr>)>, now: Option<Instant>) -> Self {
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
        Err(Box::new(too_large(expr)))
    }

    /// The value of what stands under a name, which is open meanwhile: what refers back to it is found.
    pub(super) fn eval_as(&self, name: &str, expr: &Expr) -> Evaluated {
        self.opened(name, expr, 0)
    }

    /// The same for the attributes of a mock, each of which is a name of its own.
    pub(super) fn eval_attributes(&self, name: &str, expr: &Expr) -> Evaluated {
        self.attributes(name, expr, 0)
    }

    fn opened(&self, name: &str, expr: &Expr, depth: usize) -> Evaluated {
        self.check_open(name, &[name], expr.span)?;
        self.open.borrow_mut().push(name.to_owned());
        let value = self.bounded(expr, depth);
        self.open.borrow_mut().pop();
        value
    }

    // What is not written out attribute by attribute (`merge(…)`) is one thing.
    fn attributes(&self, name: &str, expr: &Expr, depth: usize) -> Evaluated {
        let Some(written) = written(expr) else { return self.opened(name, expr, depth) };
        let mut entries = Vec::with_capacity(written.len());
        for (key, value) in written {
            entries.push((key.clone(), self.opened(&format!("{name}.{key}"), value, depth)?));
        }
        let value = Value::object(entries);
        if fits(&value, DEEPEST, &mut { LARGEST }) { Ok(value) } else { Err(Box::new(too_large(expr))) }
    }

    // Whether one of the names is open: then it refers to itself.
    fn check_open(&self, shown: &str, names: &[&str], span: Span) -> Result<(), Box<Fault>> {
        let open = self.open.borrow();
        let Some(start) = open.iter().position(|open| names.contains(&open.as_str())) else { return Ok(()) };
        let members: Vec<&str> = open.iter().skip(start).map(String::as_str).chain([shown]).take(12).collect();
        Err(Fault::new(span, format!("these refer to each other: {}", members.join(" → "))))
    }

    fn attribute(&self, named: &Named, expr: &Expr, span: Span, depth: usize) -> Evaluated {
        let Some(attribute) = &named.attribute else { return self.attributes(&named.name, expr, depth) };
        let find =
            |wanted: &str| written(expr)?.into_iter().rfind(|(key, _)| ***key == *wanted).map(|(_, value)| value);
        if named.behind_attrs
            && let Some(value) = find(ATTRS)
        {
            let whole = self.opened(&format!("{}.{ATTRS}", named.name), value, depth)?;
            return read(&whole, &named.name, attribute, span);
        }
        match find(attribute) {
            Some(value) => self.opened(&format!("{}.{attribute}", named.name), value, depth),
            None if &**attribute == ATTRS => self.attributes(&named.name, expr, depth),
            None if written(expr).is_some() => {
                let entries = written(expr).unwrap_or_default();
                let known = entries.iter().map(|(key, _)| &***key);
                Err(Box::new(no_attribute(&named.name, attribute, known, span)))
            }
            None => read(&self.attributes(&named.name, expr, depth)?, &named.name, attribute, span),
        }
    }

    fn missing(&self, named: &Named) -> String {
        let name = &named.name;
        let near = nearest(name, self.known.iter().map(|(known, _)| known.as_str()));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        if named.is_input() {
            return format!(
                "{name} has no value: no policy of this test has a default for it, and the test gives none{hint}"
            );
        }
        format!("there is no {name} in this test file{hint}")
    }
}

impl Host for Scope<'_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        let nameless = Named::default();
        let named = self.table.0.get(reference.0 as usize).unwrap_or(&nameless);
        let full = named.attribute.as_ref().map_or_else(|| named.name.clone(), |part| format!("{}.{part}", named.name));
        self.check_open(&full, &[&full, &named.name], span)?;
        let found = self.known.iter().enumerate().find(|(_, (known, _))| *known == named.name);
        let (number, (_, expr)) = found.ok_or_else(|| Fault::new(span, self.missing(named)))?;
        let slot = (number, named.attribute.clone());
        if let Some(value) = self.cache.borrow().get(&slot) {
            return value.clone();
        }
        let expr = expr
            .as_ref()
            .ok_or_else(|| Fault::new(span, format!("{} has neither attrs nor prior_attrs", named.name)))?;
        let value = self.attribute(named, expr, span, depth);
        self.cache.borrow_mut().insert(slot, value.clone());
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

    fn call(&self, function: u32, _arguments: &[Value], span: Span) -> Evaluated {
        if host::action(function) == Some(host::Action::Plugin) {
            return Ok(Value::unknown("plugin functions are not run"));
        }
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

fn read(whole: &Value, name: &str, attribute: &str, span: Span) -> Evaluated {
    let (inner, sensitive) = whole.unmark();
    let Value::Object(object) = inner else {
        let message = format!("{name} is a {}, and has no attribute \"{attribute}\"", inner.type_name());
        return Err(Fault::new(span, message));
    };
    let found = object.get(attribute).cloned().map(|value| value.mark(sensitive));
    found.ok_or_else(|| Box::new(no_attribute(name, attribute, object.iter().map(|(key, _)| &**key), span)))
}

fn no_attribute<'n>(name: &str, attribute: &str, known: impl Iterator<Item = &'n str>, span: Span) -> Fault {
    let hint = did_you_mean("", attribute, known);
    Fault::at(span, format!("{name} has no attribute \"{attribute}\"{hint}"))
}

fn too_large(expr: &Expr) -> Fault {
    Fault::at(expr.span, format!("this is nested deeper than {DEEPEST} levels or has more than {LARGEST} parts"))
}

// The attributes of an object that names each of them.
fn written(expr: &Expr) -> Option<Vec<(&Arc<str>, &Expr)>> {
    let Kind::Object(entries) = &expr.kind else { return None };
    entries
        .iter()
        .map(|(key, value)| match key.as_literal() {
            Some(Value::String(name)) => Some((name, value)),
            _ => None,
        })
        .collect()
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
