//! Expressions of HCL: compiled once from `hcl-edit`'s syntax, evaluated often and in three values.
//!
//! [`compile`] resolves names, functions and constants; [`eval`] computes with values that may be unknown. What a name
//! means is the embedding's business: [`compile::Names`] gives it a number at load, [`eval::Host`] the value at run time.

use std::fmt;
use std::sync::Arc;

use crate::source::hcl::{self, SyntaxError};
use crate::source::{FileId, Related, Span};
use crate::value::{Place, Value};

pub mod compare;
pub mod compile;
pub(crate) mod composed;
pub mod constant;
pub mod eval;
pub mod explain;
pub mod functions;
pub mod types;

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it is written.
    pub span: Span,
}

/// A name that the embedding resolved; its number means something to the embedding only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference(pub u32);

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A constant.
    Literal(Value),
    /// A name outside of the expression.
    Reference(Reference),
    /// A variable of an enclosing `for`: its position from the outermost one.
    Bound(usize),
    /// `base.name` or `base[index]`.
    Access(Box<Expr>, Access),
    /// `base[*]…` or `base.*…`.
    Splat(Box<Expr>, Vec<(Access, Span)>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ k = v }`.
    Object(Vec<(Expr, Expr)>),
    /// `"text ${x}"` of at least two parts.
    Template(Vec<Expr>),
    /// `f(a, b…)`.
    Call(Box<Call>),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b`
    Binary(Operator, Box<(Expr, Expr)>),
    /// `c ? a : b`
    Conditional(Box<(Expr, Expr, Expr)>),
    /// `[for …]`, `{for …}`.
    For(Box<For>),
    /// A branch of a conditional that takes the type of the other one, too.
    Converted(Box<Expr>, Fit),
    /// What can have no value, and why. It is no mistake until somebody asks for the value: `try` may stand around it.
    Faulty(Arc<str>),
}

/// What becomes of a branch of a conditional.
#[derive(Clone, Debug)]
pub enum Fit {
    /// It gets the type that both branches share.
    To {
        /// That type.
        kind: Box<types::Type>,
        /// Whether it is certain to be that type; then a value that does not fit is a mistake.
        strict: bool,
    },
    /// It gets a type that is not known, because that of the other branch is not.
    Open,
}

impl Fit {
    // Whether nothing becomes of a value, seen without a look inside.
    fn is_met_by(&self, value: &Value) -> bool {
        match (value, self) {
            (Value::String(_), Self::To { kind, .. }) => matches!(**kind, types::Type::String),
            (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), fit) => matches!(fit, Self::Open),
            (Value::Unknown(_) | Value::Handle(_), _) => true,
            (Value::List(_) | Value::Object(_) | Value::Sensitive(_) | Value::Maybe(_), _) => false,
        }
    }

    // A branch that does not fit keeps its members, unless all of its type shows.
    fn apply(&self, value: Value) -> Result<Value, String> {
        match self {
            _ if self.is_met_by(&value) => Ok(value),
            Self::To { kind, strict } => match kind.convert(&value) {
                Err(message) if *strict => Err(format!("a branch does not fit the type of both: {message}")),
                converted => Ok(converted.unwrap_or_else(|_| value.opened())),
            },
            Self::Open => Ok(value.opened()),
        }
    }
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub enum Access {
    /// `.name` or `["name"]`.
    Name(Attribute),
    /// `[expression]`.
    Index(Box<Expr>),
    /// A splat inside of a splat: what follows, taken of each member.
    Each(Vec<(Access, Span)>),
}

/// The name of an attribute that is asked of many objects.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where it stood before.
    pub place: Place,
}

impl Attribute {
    /// A name that has not been looked for yet.
    #[must_use]
    pub fn new(name: Arc<str>) -> Self {
        Self { name, place: Place::default() }
    }
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which function.
    pub function: functions::Function,
    /// Its arguments.
    pub arguments: Vec<Expr>,
    /// Whether the last argument is a list to spread (`f(xs...)`).
    pub expand: bool,
    /// A constant regular expression among the arguments, compiled when it is first needed.
    pub pattern: Option<functions::Pattern>,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub struct For {
    /// What is iterated.
    pub collection: Expr,
    /// Whether the key or index has a variable, too (it comes first).
    pub with_key: bool,
    /// The key of an object's member; a list has none.
    pub key: Option<Expr>,
    /// The member.
    pub value: Expr,
    /// `…` after the value: members of equal keys become lists.
    pub grouping: bool,
    /// `if …`
    pub condition: Option<Expr>,
}

/// An expression that cannot be evaluated, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Further places: the first of two declarations.
    pub related: Vec<Related>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Box<Self> {
        Box::new(Self::at(span, message))
    }

    /// The same without the box, for lists of faults.
    #[must_use]
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), related: Vec::new() }
    }

    /// The fault of a file that cannot be parsed.
    #[must_use]
    pub fn syntax(file: FileId, error: SyntaxError) -> Self {
        match error.redefined {
            Some((again, first)) => {
                let fault = Self::at(hcl::span_of(file, Some(again)), "this attribute is set twice in one block");
                fault.with(hcl::span_of(file, Some(first)), "first set here")
            }
            None => Self::at(hcl::span_of(file, Some(error.offset..error.offset)), error.message),
        }
    }

    /// Adds a place that belongs to it.
    #[must_use]
    pub fn with(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }
}

impl Expr {
    /// Calls `see` with the expression and every one inside of it, in no promised order.
    pub fn visit(&self, see: &mut dyn FnMut(&Self)) {
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            see(expr);
            open.extend(expr.parts());
        }
    }

    fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Literal(_) | Kind::Reference(_) | Kind::Bound(_) | Kind::Faulty(_) => Vec::new(),
            Kind::Access(base, access) => std::iter::once(&**base).chain(access.indexes()).collect(),
            Kind::Splat(base, steps) => {
                std::iter::once(&**base).chain(steps.iter().flat_map(|(access, _)| access.indexes())).collect()
            }
            Kind::List(items) | Kind::Template(items) => items.iter().collect(),
            Kind::Object(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            Kind::Call(call) => call.arguments.iter().collect(),
            Kind::Not(operand) | Kind::Negate(operand) | Kind::Converted(operand, _) => vec![&**operand],
            Kind::Binary(_, operands) => vec![&operands.0, &operands.1],
            Kind::Conditional(parts) => vec![&parts.0, &parts.1, &parts.2],
            Kind::For(expression) => {
                let inner = [&expression.collection, &expression.value];
                inner.into_iter().chain(&expression.key).chain(&expression.condition).collect()
            }
        }
    }

    /// The expressions that it is made of.
    pub(crate) fn parts_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            Kind::Literal(_) | Kind::Reference(_) | Kind::Bound(_) | Kind::Faulty(_) => Vec::new(),
            Kind::Access(base, access) => std::iter::once(&mut **base).chain(access.indexes_mut()).collect(),
            Kind::Splat(base, steps) => {
                let indexes = steps.iter_mut().flat_map(|(access, _)| access.indexes_mut());
                std::iter::once(&mut **base).chain(indexes).collect()
            }
            Kind::List(items) | Kind::Template(items) => items.iter_mut().collect(),
            Kind::Object(entries) => entries.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
            Kind::Call(call) => call.arguments.iter_mut().collect(),
            Kind::Not(operand) | Kind::Negate(operand) | Kind::Converted(operand, _) => vec![&mut **operand],
            Kind::Binary(_, operands) => vec![&mut operands.0, &mut operands.1],
            Kind::Conditional(parts) => vec![&mut parts.0, &mut parts.1, &mut parts.2],
            Kind::For(expression) => {
                let inner = [&mut expression.collection, &mut expression.value];
                inner.into_iter().chain(&mut expression.key).chain(&mut expression.condition).collect()
            }
        }
    }

    /// The constant, if it is one.
    #[must_use]
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Literal(value) => Some(value),
            _ => None,
        }
    }
}

impl Access {
    fn indexes(&self) -> Vec<&Expr> {
        match self {
            Self::Name(_) => Vec::new(),
            Self::Index(index) => vec![&**index],
            Self::Each(steps) => steps.iter().flat_map(|(access, _)| access.indexes()).collect(),
        }
    }
    fn indexes_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Name(_) => Vec::new(),
            Self::Index(index) => vec![&mut **index],
            Self::Each(steps) => steps.iter_mut().flat_map(|(access, _)| access.indexes_mut()).collect(),
        }
    }
}
