//! Evaluates the expressions of a policy on one object: what `attrs`, `meta`, `local` and the host functions are there.
//!
//! [`Judge`] belongs to one file and one workspace and keeps what does not depend on the object; [`Scope`] belongs to one
//! object and one operation.

use std::cell::{Cell, OnceCell};
use std::sync::OnceLock;

use super::{Local, Message, Name, Policy, PolicyFile, Rules};
use crate::expr::eval::{Evaluated, Evaluator, Host};
use crate::expr::explain::World;
use crate::expr::{Attribute, Expr, Fault, Reference};
use crate::instant::Instant;
use crate::source::Span;
use crate::terraform::plan;
use crate::value::unknown::Part as Piece;
use crate::value::{Handle, Side, Symbol, Unknown, Value};
use crate::workspace::parts::Part;
use crate::workspace::{Resource, Settled, Workspace};

mod meta;

/// The half of a change that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// A new object.
    Create,
    /// A change in place.
    Update,
    /// An object that goes away.
    Delete,
    /// An object that stays as it is.
    NoOp,
}

impl Operation {
    /// The word used in policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::NoOp => "no-op",
        }
    }

    /// The halves of a change, in the order in which they are judged.
    #[must_use]
    pub const fn of(action: plan::Action) -> &'static [Self] {
        use plan::Action;
        match action {
            Action::NoOp => &[Self::NoOp],
            Action::Create => &[Self::Create],
            Action::Update => &[Self::Update],
            Action::Delete | Action::Forget => &[Self::Delete],
            Action::DeleteCreate | Action::CreateDelete | Action::CreateForget => &[Self::Delete, Self::Create],
            Action::Read | Action::Other => &[],
        }
    }
}

/// What a policy judges.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'w> {
    /// An object of the workspace, and the half of its change.
    Object(u32, Operation),
    /// A module call, a provider, the run.
    Part(&'w Part),
}

impl Subject<'_> {
    /// The half of the change; what is no object stays as it is.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Object(_, operation) => operation,
            Self::Part(_) => Operation::NoOp,
        }
    }
}

/// Levels of nesting of a local's value, and parts of it. Locals made of locals grow with each step, and whoever walks
/// over a value must come to an end.
const MAX_DEPTH: usize = 512;

/// See [`MAX_DEPTH`].
const MAX_PARTS: usize = 1 << 20;

/// A file's inputs and object-independent locals, on one workspace.
pub struct Judge<'w, 'a> {
    file: &'w PolicyFile,
    workspace: &'w Workspace<'a>,
    environment: Option<&'w str>,
    /// Values of inputs that hold here and not in the whole file, by number.
    inputs: Vec<(usize, Value)>,
    shared: Cells,
    /// The same of the policies, by number.
    own: Vec<OnceLock<Cells>>,
}

/// Room for the values of locals.
type Cells = Box<[OnceLock<Evaluated>]>;

fn cells(locals: &[Local]) -> Cells {
    locals.iter().map(|_| OnceLock::new()).collect()
}

/// One subject of one policy.
pub struct Scope<'j, 'w, 'a> {
    judge: &'j Judge<'w, 'a>,
    subject: Subject<'w>,
    rules: &'j Rules,
    /// The names of the message that was told last.
    told: Cell<&'j [Name]>,
    /// The number of the policy.
    policy: usize,
    locals: OnceCell<Box<[OnceCell<Evaluated>]>>,
    // The subject's attributes, once all that is known of them has been found out.
    settled: Cell<Option<Settled<'w>>>,
}

impl<'w, 'a> Judge<'w, 'a> {
    /// A judge for a file. `environment` is the label of the environment that the directory belongs to.
    #[must_use]
    pub fn new(file: &'w PolicyFile, workspace: &'w Workspace<'a>, environment: Option<&'w str>) -> Self {
        let own = file.policies.iter().map(|_| OnceLock::new()).collect();
        Self { file, workspace, environment, inputs: Vec::new(), shared: cells(&file.locals), own }
    }

    /// The same with other values of some inputs, by their numbers.
    #[must_use]
    pub fn with_inputs(self, inputs: Vec<(usize, Value)>) -> Self {
        Self { inputs, ..self }
    }

    /// The scope of one subject under one policy of the file.
    #[must_use]
    pub fn scope<'j>(&'j self, policy: &'j Policy, subject: Subject<'w>) -> Scope<'j, 'w, 'a> {
        Scope {
            judge: self,
            subject,
            rules: &policy.rules,
            told: Cell::new(&[]),
            policy: policy.number,
            locals: OnceCell::new(),
            settled: Cell::new(None),
        }
    }
}

impl<'w, 'a> Scope<'_, 'w, 'a> {
    pub(super) fn workspace(&self) -> &'w Workspace<'a> {
        self.judge.workspace
    }

    pub(super) fn resource(&self) -> Option<&'w Resource<'a>> {
        match self.subject {
            Subject::Object(object, _) => self.judge.workspace.object(object),
            Subject::Part(_) => None,
        }
    }

    // The number of the object; a file's own local may ask for one in a policy that has none.
    pub(super) fn object(&self, span: Span) -> Result<u32, Box<Fault>> {
        match self.subject {
            Subject::Object(object, _) => Ok(object),
            Subject::Part(_) => Err(Fault::new(span, "this asks about a resource, and none is judged here")),
        }
    }
}

impl<'j> Scope<'j, '_, '_> {
    /// The value of a message of the policy; its parts can be evaluated from then on.
    ///
    /// # Errors
    ///
    /// The first fault, with its place in the policy file.
    pub fn tell(&self, message: &'j Message) -> Evaluated {
        self.told.set(&message.names);
        self.eval(&message.expr)
    }

    /// The value of an expression of the file.
    ///
    /// # Errors
    ///
    /// The first fault, with its place in the policy file.
    pub fn eval(&self, expr: &Expr) -> Evaluated {
        Evaluator::new(self, 0).eval(expr)
    }

    /// Whether a condition of the file holds; `None` if it is not decided or faulty, which [`Scope::eval`] explains.
    #[must_use]
    pub fn decide(&self, expr: &Expr) -> Option<bool> {
        Evaluator::new(self, 0).decide(expr).ok().flatten()
    }

    fn local(&self, number: usize, span: Span, depth: usize) -> Evaluated {
        let missing = || Fault::new(span, "this local is not known");
        let local = self.declared(number).ok_or_else(missing)?;
        let compute = || {
            let value = Evaluator::new(self, depth).eval(&local.value)?;
            let fits = !local.builds || value.is_within(MAX_DEPTH, &mut { MAX_PARTS });
            let too_large = || {
                let message = format!("local.{} has more than {MAX_DEPTH} levels or {MAX_PARTS} parts", local.name);
                Fault::new(local.value.span, message)
            };
            if fits { Ok(value) } else { Err(too_large()) }
        };
        if local.is_per_object {
            return self.slot(number).ok_or_else(missing)?.get_or_init(compute).clone();
        }
        let cell = self.shared(number).ok_or_else(missing)?;
        // Not get_or_init: a local that waits for another thread's local could wait for ever.
        match cell.get() {
            Some(value) => value.clone(),
            None => {
                let value = compute();
                let _ = cell.set(value.clone());
                value
            }
        }
    }

    // The numbers of a policy's names go on behind those of the file, those of a message behind these.
    fn name(&self, reference: Reference) -> Option<&'j Name> {
        let number = reference.0 as usize;
        let of_file = &self.judge.file.names;
        of_file.get(number).or_else(|| {
            let number = number.checked_sub(of_file.len())?;
            let own = &self.rules.names;
            own.get(number).or_else(|| self.told.get().get(number.checked_sub(own.len())?))
        })
    }

    // The numbers of the policy's locals go on behind those of the file.
    fn declared(&self, number: usize) -> Option<&Local> {
        let of_file = &self.judge.file.locals;
        of_file.get(number).or_else(|| self.rules.locals.get(number.checked_sub(of_file.len())?))
    }

    // Room for the value of a local that is the same for every object.
    fn shared(&self, number: usize) -> Option<&OnceLock<Evaluated>> {
        let of_file = &self.judge.shared;
        let own = || self.judge.own.get(self.policy).map(|own| own.get_or_init(|| cells(&self.rules.locals)));
        of_file.get(number).or_else(|| own()?.get(number.checked_sub(of_file.len())?))
    }

    // Room for the locals of the file's top level and of the policy; most objects ask for none.
    fn slot(&self, number: usize) -> Option<&OnceCell<Evaluated>> {
        let count = self.judge.file.locals.len() + self.rules.locals.len();
        let slots = self.locals.get_or_init(|| (0..count).map(|_| OnceCell::new()).collect());
        slots.get(number)
    }

    // The value that somebody has given to an input.
    fn given(&self, number: usize) -> Option<&Value> {
        let own = self.judge.inputs.iter().find(|(own, _)| *own == number).map(|(_, value)| value);
        own.or_else(|| self.judge.file.inputs.get(number)?.value.as_ref())
    }

    fn input(&self, number: usize, span: Span) -> Evaluated {
        let input = self.judge.file.inputs.get(number).ok_or_else(|| Fault::new(span, "this input is not known"))?;
        if let Some(value) = self.given(number) {
            return Ok(value.clone());
        }
        let missing = || Fault::new(span, format!("the input \"{}\" has no value and no default", input.name));
        input.fallback().ok_or_else(missing)
    }

    fn all_inputs(&self, span: Span) -> Evaluated {
        let inputs = self.judge.file.inputs.iter().enumerate();
        let entries = inputs.map(|(number, input)| Ok((input.name.clone(), self.input(number, span)?)));
        entries.collect::<Result<_, Box<Fault>>>().map(Value::object)
    }

    fn attrs(&self, side: Side) -> Value {
        let (object, operation) = match (self.subject, side) {
            (Subject::Object(object, operation), _) => (object, operation),
            (Subject::Part(part), Side::Planned) => return Value::Object(part.attrs.clone().into()),
            (Subject::Part(_), Side::Prior) => return Value::Null,
        };
        let there = match (side, operation) {
            (Side::Prior, Operation::Update | Operation::Delete) | (Side::Planned, _) => true,
            (Side::Prior, Operation::Create | Operation::NoOp) => false,
        };
        if there { Value::Handle(Handle::new(object, side)) } else { Value::Null }
    }
}

impl Host for Scope<'_, '_, '_> {
    fn reference(&self, reference: Reference, span: Span, depth: usize) -> Evaluated {
        match self.name(reference) {
            Some(Name::Attrs) => Ok(self.attrs(Side::Planned)),
            Some(Name::PriorAttrs) => Ok(self.attrs(Side::Prior)),
            Some(Name::Meta(name)) => self.meta(name, span),
            Some(Name::AllMeta) => self.all_meta(span),
            Some(Name::Stack(fact)) => self.stack(fact, span),
            Some(Name::AllInputs) => self.all_inputs(span),
            Some(Name::Input(number)) => self.input(*number, span),
            Some(Name::Local(number)) => self.local(*number, span, depth),
            None => Err(Fault::new(span, "this name is not known")),
        }
    }

    fn attribute(&self, handle: Handle, name: &str) -> Option<Value> {
        // The new half of a replacement has planned values, the old half has none.
        if let Subject::Object(object, Operation::Delete) = self.subject
            && handle.object == object
            && handle.side == Side::Planned
            && !name.starts_with('_')
        {
            return Some(Value::Null);
        }
        self.workspace().attribute(handle, name)
    }

    fn expand(&self, handle: Handle) -> Value {
        self.workspace().expand(handle)
    }

    fn address(&self, handle: Handle) -> String {
        self.workspace().object(handle.object).map_or_else(String::new, |object| object.address.to_string())
    }

    fn call(&self, function: u32, arguments: &[Value], span: Span) -> Evaluated {
        self.answer(function, arguments, span)
    }

    fn foregone(&self, function: u32, first: &Value) -> Option<Value> {
        self.without_objects(function, first)
    }

    fn same(&self, left: &Symbol, right: &Symbol) -> Option<bool> {
        self.workspace().same(left, right)
    }

    fn symbol_is(&self, symbol: &Symbol, text: &str) -> Option<bool> {
        self.workspace().symbol_is(symbol, text)
    }

    fn peek(&self, handle: Handle, name: &str) -> Option<&Value> {
        // See `attribute`: what goes away has no planned values.
        if handle.side == Side::Prior || self.subject.operation() == Operation::Delete {
            return None;
        }
        self.workspace().peek(handle.object, name)
    }

    fn at_hand(&self, reference: Reference) -> Option<&Value> {
        match self.name(reference)? {
            Name::Input(number) => self.given(*number),
            Name::Local(number) => {
                let local = self.declared(*number)?;
                let value =
                    if local.is_per_object { self.slot(*number)?.get()? } else { self.shared(*number)?.get()? };
                value.as_ref().ok()
            }
            _ => None,
        }
    }

    fn attribute_at_hand(&self, reference: Reference, attribute: &Attribute) -> Option<&Value> {
        match (self.name(reference)?, self.subject) {
            // See `attribute`: what goes away has no planned values.
            (Name::Attrs, Subject::Object(id, operation)) if operation != Operation::Delete => {
                let settled = match self.settled.get() {
                    Some(settled) => settled,
                    None => {
                        let settled = self.workspace().settled(id)?;
                        self.settled.set(Some(settled));
                        settled
                    }
                };
                settled.get_at(&attribute.name, &attribute.place)
            }
            (Name::Attrs, Subject::Part(part)) => part.attrs.get_at(&attribute.name, &attribute.place),
            _ => None,
        }
    }

    fn now(&self) -> Option<Instant> {
        self.workspace().run.now
    }

    fn is_never_null(&self, symbol: &Symbol) -> bool {
        self.workspace().is_never_null(symbol)
    }
}

impl World for Scope<'_, '_, '_> {
    fn inside(&self, reference: Reference) -> Option<&Expr> {
        match self.name(reference) {
            Some(Name::Local(number)) => self.declared(*number).map(|local| &local.value),
            _ => None,
        }
    }

    fn name(&self, symbol: &Symbol) -> String {
        self.symbol_name(symbol)
    }
}

/// What reports say of the subject.
impl Scope<'_, '_, '_> {
    /// The subject's address.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.subject {
            Subject::Object(..) => self.resource().map_or_else(String::new, |object| object.address.to_string()),
            Subject::Part(part) => part.address.clone(),
        }
    }

    /// A name for an attribute to come.
    #[must_use]
    pub fn symbol_name(&self, symbol: &Symbol) -> String {
        self.workspace().symbol_name(symbol)
    }

    /// Whether nobody sets an attribute to come, so that the provider makes it.
    #[must_use]
    pub fn is_computed(&self, symbol: &Symbol) -> bool {
        self.workspace().configured(symbol.object, &symbol.path) == Some(false)
    }

    /// A text of which some parts are not known yet.
    #[must_use]
    pub fn partly_known(&self, value: &Value) -> String {
        let Some(unknown) = value.as_unknown() else { return String::new() };
        let Unknown::Template(parts) = &**unknown else { return "(known after apply)".to_owned() };
        let pieces = parts.iter().map(|part| match part {
            Piece::Text(text) => text.to_string(),
            Piece::Symbol(symbol) => self.symbol_name(symbol),
            Piece::Any(_) => "(known after apply)".to_owned(),
        });
        pieces.collect()
    }
}
