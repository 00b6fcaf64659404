//! Expressions of HCL: compiled once from `hcl-edit`'s syntax, evaluated often and in three values.
//!
//! [`compile`] resolves names, functions and constants; [`eval`] computes with values that may be unknown. What a name
//! means is the embedding's business: [`compile::Names`] gives it a number at load, [`eval::Host`] the value at run time.

use std::fmt;
use std::sync::Arc;

use crate::source::Span;
use crate::value::Value;

pub mod compare;
pub mod compile;
pub mod eval;
pub mod functions;

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
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub enum Access {
    /// `.name` or `["name"]`.
    Name(Arc<str>),
    /// `[expression]`.
    Index(Box<Expr>),
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
        Box::new(Self { span, message: message.into() })
    }
}

impl Expr {
    /// The constant, if it is one.
    #[must_use]
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Literal(value) => Some(value),
            _ => None,
        }
    }
}
