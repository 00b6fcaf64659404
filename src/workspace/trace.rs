//! Traces an unknown value through the HCL: evaluates the expression that sets it, with symbols for what does not exist
//! yet.
//!
//! The expression is evaluated as Terraform would, in its module instance and with its `count` or `for_each` key; an
//! attribute of another object is that object's value if it is known, else what *it* is traced to, else its symbol.
//! Start at [`Workspace::traced_in_source`].

use std::sync::Arc;

use super::{Input, Trail, Workspace, references};
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::{Expr, Fault, Kind, Reference, compare};
use crate::source::Span;
use crate::terraform::address::{Address, Key, Mode, ModuleInstance};
use crate::terraform::config::{Block, Module, Traversal};
use crate::value::{Handle, ListKind, Path, Side, Step, Symbol, Unknown, Value};

/// An expression of the source that sets an attribute, and the steps that lead on inside of its value.
struct Written<'w> {
    expr: &'w Expr,
    rest: Vec<Step>,
    rounds: Vec<Round>,
}

/// One round of a `dynamic` block: the name of its iterator, and what that stands for.
type Round = (Arc<str>, Value);

/// Where an expression is evaluated.
struct Scope<'w, 'a> {
    workspace: &'w Workspace<'a>,
    instance: ModuleInstance,
    module: &'w Module,
    block: Option<&'w Block>,
    key: Option<Key>,
    rounds: Vec<Round>,
    trail: &'w Trail,
}

impl Workspace<'_> {
    /// The block of the source that declares an object.
    pub(super) fn source_block(&self, address: &Address) -> Option<(&Module, &Block)> {
        let module = self.configuration.module(&address.module.config_path())?;
        let kind = if address.mode == Mode::Data { "data" } else { "resource" };
        Some((module, module.block(kind, &[&address.kind, &address.name])?))
    }

    /// The `lifecycle` of an object's block, with what is not written as Terraform takes it; `None` without source.
    #[must_use]
    pub fn lifecycle(&self, id: u32) -> Option<Value> {
        let address = self.object(id)?.parsed_address()?;
        let (module, block) = self.source_block(&address)?;
        let written = |name: &str| block.nested("lifecycle").find_map(|lifecycle| lifecycle.attribute(name));
        let flag = |name: &str| {
            let value = written(name).map(|attribute| attribute.value.as_literal().cloned());
            match value {
                None => Value::Bool(false),
                Some(Some(value)) => value,
                Some(None) => Value::unknown(format!("lifecycle.{name} is not constant")),
            }
        };
        let names = |name: &str| {
            let list = written(name).map_or_else(Vec::new, |attribute| traversal_texts(module, &attribute.value));
            Value::list(list.iter().map(|text| Value::string(text)).collect())
        };
        Some(Value::object(vec![
            (Arc::from("create_before_destroy"), flag("create_before_destroy")),
            (Arc::from("prevent_destroy"), flag("prevent_destroy")),
            (Arc::from("ignore_changes"), names("ignore_changes")),
            (Arc::from("replace_triggered_by"), names("replace_triggered_by")),
        ]))
    }

    /// Whether the source writes an attribute or block; `None` if the block is not there.
    pub(super) fn written_in_source(&self, address: &Address, path: &Path) -> Option<bool> {
        let (_, mut block) = self.source_block(address)?;
        let mut steps = path.steps().iter().peekable();
        while let Some(step) = steps.next() {
            let Step::Name(name) = step else { return Some(true) };
            if block.attribute(name).is_some() || block.dynamic(name).is_some() {
                return Some(true);
            }
            let mut nested = block.nested(name);
            let first = nested.next();
            let Some(first) = first else { return Some(false) };
            steps.next_if(|step| matches!(step, Step::Index(_)));
            if steps.peek().is_none() {
                return Some(true);
            }
            // Which of several blocks is meant is not known: the order of a set's members is not that of the source.
            if nested.next().is_some() {
                let rest: Path = steps.cloned().collect();
                let several: Vec<bool> = block.nested(name).filter_map(|block| writes(block, &rest)).collect();
                return if several.iter().all(|written| Some(written) == several.first()) {
                    several.first().copied()
                } else {
                    None
                };
            }
            block = first;
        }
        Some(true)
    }

    /// What the source says of an attribute; `None` if it does not say, or only what it cannot evaluate.
    pub(super) fn traced_in_source(&self, id: u32, address: &Address, path: &Path, trail: &Trail) -> Option<Value> {
        let (module, block) = self.source_block(address)?;
        let scope = Scope {
            workspace: self,
            instance: address.module.clone(),
            module,
            block: Some(block),
            key: address.key.clone(),
            rounds: Vec::new(),
            trail,
        };
        let whole = self.base(Handle::new(id, Side::Planned), path.steps().first().and_then(name)?);
        let mut written = Vec::new();
        scope.find(block, path.steps(), whole, &mut written)?;
        let values = written.iter().map(|written| {
            let value = scope.in_rounds(&written.rounds).eval(written.expr, 0).ok()?;
            references::inside(&value, &written.rest).map(Value::untyped)
        });
        one_of(values.collect::<Option<Vec<Value>>>()?)
    }

    /// The value of an expression of a block that belongs to no object.
    pub(super) fn written_value(
        &self,
        instance: &ModuleInstance,
        module: &Module,
        block: &Block,
        expr: &Expr,
        trail: &Trail,
    ) -> Evaluated {
        trail.steps.set(0);
        let scope = Scope {
            workspace: self,
            instance: instance.clone(),
            module,
            block: Some(block),
            key: None,
            rounds: Vec::new(),
            trail,
        };
        scope.eval(expr, 0)
    }
}

fn name(step: &Step) -> Option<&str> {
    match step {
        Step::Name(name) => Some(name),
        Step::Index(_) => None,
    }
}

fn member(value: &Value, index: usize) -> Option<&Value> {
    match value.unmark().0 {
        Value::List(items) => items.get(index),
        other => Some(other),
    }
}

// A known value as a text, as Terraform converts it.
fn plain(value: &Value) -> Option<String> {
    match value.unmark().0 {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

// Key and value of each round of a collection; `None` if it is not known which there are.
fn rounds_of(collection: &Value) -> Option<Vec<(Value, Value)>> {
    match collection.unmark().0 {
        Value::Object(object) => {
            Some(object.iter().map(|(key, value)| (Value::String(key.clone()), value.clone())).collect())
        }
        Value::List(items) if items.iter().all(|item| !item.member().1) => {
            // The key of a set's member is the member.
            let is_set = items.kind() == ListKind::Set;
            let key = |at: usize, item: &Value| if is_set { item.clone() } else { Value::int(at) };
            Some(items.iter().enumerate().map(|(at, item)| (key(at, item), item.clone())).collect())
        }
        _ => None,
    }
}

// One of several values, of which nobody can say which.
fn one_of(mut values: Vec<Value>) -> Option<Value> {
    if values.len() < 2 {
        return values.pop();
    }
    let mut symbols = Vec::new();
    for value in &values {
        symbols.extend_from_slice(compare::symbols(value.as_unknown()?)?);
    }
    symbols.sort();
    symbols.dedup();
    Some(Value::Unknown(Arc::new(Unknown::OneOf(Arc::from(symbols)))))
}

// `[desired_count, tags["x"]]` as texts; `all` alone is itself.
fn traversal_texts(module: &Module, expr: &Expr) -> Vec<String> {
    match &expr.kind {
        Kind::List(items) => items.iter().flat_map(|item| traversal_texts(module, item)).collect(),
        Kind::Literal(Value::List(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Kind::Reference(reference) => {
            let traversal = module.traversal(*reference).into_iter();
            let text = |traversal: &Traversal| {
                let steps = traversal.steps.iter().map(|step| format!(".{step}"));
                std::iter::once(traversal.head.to_string()).chain(steps).collect::<String>()
            };
            traversal.map(text).collect()
        }
        Kind::Access(base, _) => traversal_texts(module, base),
        _ => Vec::new(),
    }
}

fn writes(block: &Block, path: &Path) -> Option<bool> {
    match path.steps() {
        [Step::Name(name)] => Some(block.writes(name)),
        _ => None,
    }
}

impl<'w> Scope<'w, '_> {
    fn eval(&self, expr: &Expr, depth: usize) -> Evaluated {
        let Some(_step) = self.trail.step() else {
            return Err(Fault::new(expr.span, "the chain of references is too long"));
        };
        // The compiler makes null of what it does not understand; a null that is meant says nothing either.
        if matches!(expr.kind, Kind::Literal(Value::Null)) {
            return Ok(Value::Null);
        }
        Evaluator::new(self, depth).eval(expr)
    }

    fn in_rounds(&self, rounds: &[Round]) -> Self {
        Self {
            workspace: self.workspace,
            instance: self.instance.clone(),
            module: self.module,
            block: self.block,
            key: self.key.clone(),
            rounds: rounds.to_vec(),
            trail: self.trail,
        }
    }

    // The attributes that may set the value at a path: one, unless it lies in one of several blocks of a kind. `None` if
    // it is not known which blocks there are.
    fn find(
        &self,
        block: &'w Block,
        steps: &[Step],
        planned: Option<&Value>,
        found: &mut Vec<Written<'w>>,
    ) -> Option<()> {
        let (Step::Name(name), rest) = steps.split_first()? else { return Some(()) };
        if let Some(attribute) = block.attribute(name) {
            found.push(Written { expr: &attribute.value, rest: rest.to_vec(), rounds: self.rounds.clone() });
            return Some(());
        }
        let (index, rest) = match rest {
            [Step::Index(index), rest @ ..] => (*index, rest),
            rest => (0, rest),
        };
        let Some(next) = rest.first().and_then(self::name) else { return Some(()) };
        let item = planned.and_then(|value| member(value, index));
        let inner = match item.map(Value::unmark) {
            Some((Value::Object(object), _)) => object.get(next),
            _ => None,
        };
        let candidates = self.blocks(block, name)?;
        // The order of blocks is that of a list, not that of a set, and the plan does not say which it is.
        let candidates: Vec<(&Block, Self)> = match (self.workspace.input, candidates.len()) {
            (Input::Configuration, _) => candidates.into_iter().nth(index).into_iter().collect(),
            (_, 0 | 1) => candidates,
            _ => candidates.into_iter().filter(|(block, scope)| scope.agrees(block, item)).collect(),
        };
        for (candidate, scope) in candidates {
            scope.find(candidate, rest, inner, found)?;
        }
        Some(())
    }

    // The blocks of a kind, those of `dynamic` blocks once for each round.
    fn blocks(&self, block: &'w Block, kind: &str) -> Option<Vec<(&'w Block, Self)>> {
        let mut blocks = Vec::new();
        for nested in &block.blocks {
            if &*nested.kind == kind {
                blocks.push((nested, self.in_rounds(&self.rounds)));
            } else if &*nested.kind == "dynamic" && nested.labels.first().is_some_and(|label| &**label == kind) {
                let content = nested.nested("content").next()?;
                let named = nested.attribute("iterator").map(|named| traversal_texts(self.module, &named.value));
                let iterator = named.and_then(|mut names| names.pop()).unwrap_or_else(|| kind.to_owned());
                let collection = self.eval(&nested.attribute("for_each")?.value, 0).ok()?;
                for (key, value) in rounds_of(&collection)? {
                    let each = Value::object(vec![(Arc::from("key"), key), (Arc::from("value"), value)]);
                    let mut scope = self.in_rounds(&self.rounds);
                    scope.rounds.push((Arc::from(iterator.as_str()), each));
                    blocks.push((content, scope));
                }
            }
        }
        Some(blocks)
    }

    // Whether what is known of a block is what is planned.
    fn agrees(&self, block: &Block, planned: Option<&Value>) -> bool {
        let Some(Value::Object(planned)) = planned.map(|value| value.unmark().0) else { return true };
        block.attributes.iter().all(|attribute| {
            let Some(known) = planned.get(&attribute.name).and_then(plain) else { return true };
            let written = self.eval(&attribute.value, 0).ok();
            written.as_ref().and_then(plain).is_none_or(|written| written == known)
        })
    }

    fn in_module(&self, instance: ModuleInstance, module: &'w Module) -> Self {
        Self {
            workspace: self.workspace,
            instance,
            module,
            block: None,
            key: None,
            rounds: Vec::new(),
            trail: self.trail,
        }
    }

    fn variable(&self, name: &str, span: Span, depth: usize) -> Evaluated {
        let declared = self.module.block("variable", &[name]);
        let is_sensitive = declared
            .and_then(|block| block.attribute("sensitive"))
            .and_then(|attribute| attribute.value.as_literal()?.as_bool())
            .unwrap_or(false);
        let value = match self.instance.split_last() {
            None => match self.workspace.root_variable(name) {
                Some(value) => value,
                None => self.default(declared, span, depth)?,
            },
            Some((parent, step)) => {
                let module = self.workspace.configuration.module(&parent.config_path());
                let call = module.and_then(|module| Some((module, module.block("module", &[&step.name])?)));
                let Some((module, call)) = call else { return Err(Fault::new(span, "the module call is not at hand")) };
                match call.attribute(name) {
                    Some(argument) => {
                        let mut scope = self.in_module(parent, module);
                        scope.block = Some(call);
                        scope.key.clone_from(&step.key);
                        scope.eval(&argument.value, depth)?
                    }
                    None => self.default(declared, span, depth)?,
                }
            }
        };
        Ok(value.mark(is_sensitive))
    }

    fn default(&self, declared: Option<&Block>, span: Span, depth: usize) -> Evaluated {
        match declared.and_then(|block| block.attribute("default")) {
            Some(default) => self.eval(&default.value, depth),
            None => Err(Fault::new(span, "the variable has no value here")),
        }
    }

    fn each(&self, what: &str, span: Span, depth: usize) -> Evaluated {
        let key = self.key.as_ref().ok_or_else(|| Fault::new(span, "there is no each here"))?;
        if what == "key" {
            return Ok(key_value(key));
        }
        let collection = self.block.and_then(|block| block.attribute("for_each"));
        let collection = collection.ok_or_else(|| Fault::new(span, "there is no for_each here"))?;
        let outer = Scope {
            workspace: self.workspace,
            instance: self.instance.clone(),
            module: self.module,
            block: None,
            key: None,
            rounds: Vec::new(),
            trail: self.trail,
        };
        let collection = outer.eval(&collection.value, depth)?;
        let (inner, sensitive) = collection.unmark();
        let value = match (inner, key) {
            (Value::Object(object), Key::Str(key)) => object.get(key).cloned(),
            (Value::List(_), key) => Some(key_value(key)),
            _ => None,
        };
        value.map(|value| value.mark(sensitive)).ok_or_else(|| Fault::new(span, "the value of each is not known"))
    }

    // An output of one instance, or of all: `module.m.out`, `module.m["a"].out`, `module.m`.
    fn call(&self, steps: &[Arc<str>], span: Span, depth: usize) -> Evaluated {
        let (name, rest) = steps.split_first().ok_or_else(|| Fault::new(span, "which module?"))?;
        let path = self.instance.child(name.clone(), None).config_path();
        let module = self.workspace.configuration.module(&path);
        let call = self.module.block("module", &[name]);
        let (Some(module), Some(call)) = (module, call) else {
            return Err(Fault::new(span, format!("module.{name} is not at hand")));
        };
        if let (None, None) = (call.attribute("count"), call.attribute("for_each")) {
            let child = self.in_module(self.instance.child(name.clone(), None), module);
            return child.outputs(rest, span, depth);
        }
        let keys = self.workspace.call_keys(&self.instance, name);
        if let [key, rest @ ..] = rest
            && let Some(key) = keys.iter().flatten().find(|known| matches!(known, Key::Str(text) if text == key))
        {
            let child = self.in_module(self.instance.child(name.clone(), Some(key.clone())), module);
            return child.outputs(rest, span, depth);
        }
        let instances = keyed(keys.iter().flatten().map(|key| {
            let child = self.in_module(self.instance.child(name.clone(), Some(key.clone())), module);
            Ok((key.clone(), child.outputs(&[], span, depth)?))
        }))?;
        Ok(follow(&instances, rest))
    }

    fn outputs(&self, steps: &[Arc<str>], span: Span, depth: usize) -> Evaluated {
        let Some((name, rest)) = steps.split_first() else {
            let outputs = self.module.blocks("output").filter_map(|output| {
                let name = output.labels.first()?;
                let value = self.outputs(std::slice::from_ref(name), span, depth);
                Some((name.clone(), value.unwrap_or_else(|fault| Value::unknown(fault.message))))
            });
            return Ok(Value::object(outputs.collect()));
        };
        let output = self.module.block("output", &[name]).and_then(|output| output.attribute("value"));
        let output = output.ok_or_else(|| Fault::new(span, format!("there is no output {name}")))?;
        Ok(follow(&self.eval(&output.value, depth)?, rest))
    }

    fn objects(&self, mode: Mode, kind: &str, steps: &[Arc<str>], span: Span) -> Evaluated {
        let (name, rest) = steps.split_first().ok_or_else(|| Fault::new(span, format!("which {kind}?")))?;
        let block_kind = if mode == Mode::Data { "data" } else { "resource" };
        let Some(block) = self.module.block(block_kind, &[kind, name]) else {
            return Err(Fault::new(span, format!("{kind}.{name} is not declared in this module")));
        };
        let instances = self.workspace.instances(&self.instance, mode, kind, name);
        let handle = |object: u32| Value::Handle(Handle::new(object, Side::Planned));
        if block.attribute("count").is_none() && block.attribute("for_each").is_none() {
            let only =
                instances.first().ok_or_else(|| Fault::new(span, format!("{kind}.{name} is not in the plan")))?;
            return Ok(handle(only.1));
        }
        let values = instances.iter().filter_map(|(key, object)| Some(Ok((key.clone()?, handle(*object)))));
        let values = keyed(values)?;
        // An empty list of a counted block is a list, not a map.
        let values =
            if instances.is_empty() && block.attribute("count").is_some() { Value::list(Vec::new()) } else { values };
        Ok(follow(&values, rest))
    }

    fn traversal(&self, traversal: &Traversal, span: Span, depth: usize) -> Evaluated {
        let steps = traversal.steps.as_slice();
        let first = steps.first().map_or("", |step| &**step);
        if let Some((_, round)) = self.rounds.iter().rfind(|(iterator, _)| *iterator == traversal.head) {
            return Ok(follow(round, steps));
        }
        match (&*traversal.head, steps) {
            ("var", _) => self.variable(first, span, depth),
            ("local", _) => {
                let local = self.module.local(first).ok_or_else(|| Fault::new(span, "there is no such local"))?;
                let scope = self.in_module(self.instance.clone(), self.module);
                scope.eval(local, depth)
            }
            ("each", _) => self.each(first, span, depth),
            ("count", _) => {
                let key = self.key.as_ref().ok_or_else(|| Fault::new(span, "there is no count here"))?;
                Ok(key_value(key))
            }
            ("module", steps) => self.call(steps, span, depth),
            ("data", [kind, rest @ ..]) => self.objects(Mode::Data, kind, rest, span),
            ("path" | "terraform" | "self" | "ephemeral", _) => {
                Ok(Value::unknown(format!("{}.{first} is not in the plan", traversal.head)))
            }
            (kind, steps) => self.objects(Mode::Managed, kind, steps, span),
        }
    }
}

fn key_value(key: &Key) -> Value {
    match key {
        Key::Int(index) => Value::Number((*index).into()),
        Key::Str(text) => Value::String(text.clone()),
        Key::Any => Value::unknown("which instances there are is not known"),
    }
}

// Members by key: a list for whole numbers, else a map.
fn keyed(members: impl Iterator<Item = Result<(Key, Value), Box<Fault>>>) -> Evaluated {
    let mut members = members.collect::<Result<Vec<_>, _>>()?;
    members.sort_by(|left, right| left.0.cmp(&right.0));
    let counted = members.iter().all(|(key, _)| matches!(key, Key::Int(_))) && !members.is_empty();
    if counted {
        return Ok(Value::list(members.into_iter().map(|(_, value)| value).collect()));
    }
    let entries = members.into_iter().map(|(key, value)| match key {
        Key::Str(text) => (text, value),
        Key::Int(index) => (Arc::from(index.to_string()), value),
        Key::Any => (Arc::from("*"), value),
    });
    Ok(Value::object(entries.collect()))
}

// Steps behind a name that belong to its value; a step that leads nowhere makes an unknown, not an error.
fn follow(value: &Value, steps: &[Arc<str>]) -> Value {
    let steps: Vec<Step> = steps.iter().map(|step| Step::Name(step.clone())).collect();
    references::inside(value, &steps).unwrap_or_else(|| Value::unknown("what it refers to is not in the plan"))
}

impl Host for Scope<'_, '_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        let traversal = self.module.traversal(reference);
        let traversal = traversal.ok_or_else(|| Fault::new(span, "this name is not known"))?;
        self.traversal(traversal, span, depth)
    }

    fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        let path = Path::attribute(name);
        match self.workspace.base(handle, name) {
            Some(value) if value.has_unknown() => Some(self.workspace.trace(handle.object, &path, value, self.trail)),
            Some(value) => Some(value.clone()),
            None if self.workspace.input == Input::Configuration => {
                Some(Value::Unknown(Arc::new(Unknown::Symbol(Symbol { object: handle.object, path }))))
            }
            None => None,
        }
    }

    fn expand(&self, handle: Handle) -> Value {
        self.workspace.expand_untraced(handle)
    }

    fn address(&self, handle: Handle) -> String {
        self.workspace.object(handle.object).map_or_else(String::new, |object| object.address.to_string())
    }

    fn call(&self, _function: u32, _arguments: &[Value], span: Span) -> Evaluated {
        Err(Fault::new(span, "this function is not evaluated here"))
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        self.workspace.same(left, right)
    }

    fn symbol_is(&self, _symbol: &Symbol, _text: &str) -> Option<bool> {
        None
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        self.workspace.is_identity(symbol)
    }
}
