//! Terraform's pure functions (`spec/policy-language.md` 5.2), by room: collections, strings, numbers, encodings, types.
//!
//! A [`Builtin`] is a name, a number of arguments and a plain function. Most functions say nothing of the unknown: with
//! an unknown in an argument the result is unknown, with a sensitive one it is sensitive ([`Builtin::call`] sees to
//! both). The few that know better are marked `Unknowns::Own`.

use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::eval::{Host, decided};
use crate::value::{Number, Object, Value};

mod collection;
mod encoding;
mod numeric;
mod string;
mod types;

/// What a call calls.
#[derive(Clone, Copy, Debug)]
pub enum Function {
    /// `try`: takes expressions.
    Try,
    /// `can`: takes an expression.
    Can,
    /// A pure function.
    Builtin(&'static Builtin),
    /// A function of the embedding.
    Host(HostFunction),
}

/// A function that the embedding answers.
#[derive(Clone, Copy, Debug)]
pub struct HostFunction {
    /// Its full name, for messages.
    pub name: &'static str,
    /// Its number, for the embedding.
    pub number: u32,
    /// The least number of arguments.
    pub min: usize,
    /// The largest number of arguments.
    pub max: usize,
}

/// A pure function.
#[derive(Debug)]
pub struct Builtin {
    /// Its name without namespace.
    pub name: &'static str,
    min: usize,
    max: usize,
    unknowns: Unknowns,
    body: Body,
}

/// Who sees to unknown and sensitive arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknowns {
    /// The call: an unknown anywhere inside makes the result unknown, a sensitive one makes it sensitive.
    Lifted,
    /// The function itself, for unknowns; marks on the arguments themselves move to the result.
    Own,
}

type Body = fn(&Arguments<'_>) -> Result<Value, String>;

/// A regular expression that is the same at every call.
#[derive(Clone, Debug, Default)]
pub struct Pattern(OnceLock<Result<Regex, String>>);

/// The arguments of a call, free of marks.
struct Arguments<'a> {
    host: &'a dyn Host,
    values: &'a [Value],
    pattern: Option<&'a Pattern>,
}

const ANY: usize = usize::MAX;

/// What is said of a fault in which a sensitive value takes part.
pub const HIDDEN: &str = "this fails on a sensitive value";

const fn lifted(name: &'static str, min: usize, max: usize, body: Body) -> Builtin {
    Builtin { name, min, max, unknowns: Unknowns::Lifted, body }
}

const fn own(name: &'static str, min: usize, max: usize, body: Body) -> Builtin {
    Builtin { name, min, max, unknowns: Unknowns::Own, body }
}

/// Every pure function, by room.
fn all() -> impl Iterator<Item = &'static Builtin> {
    let rooms = [collection::FUNCTIONS, string::FUNCTIONS, numeric::FUNCTIONS, encoding::FUNCTIONS, types::FUNCTIONS];
    rooms.into_iter().flatten()
}

/// The function of that name (`try` and `can` included).
#[must_use]
pub fn builtin(name: &str) -> Option<Function> {
    match name {
        "try" => Some(Function::Try),
        "can" => Some(Function::Can),
        _ => all().find(|function| function.name == name).map(Function::Builtin),
    }
}

/// The names of all pure functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["try", "can"].into_iter().chain(all().map(|function| function.name))
}

/// The name that was meant perhaps.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .map(|(_, candidate)| candidate)
}

impl Function {
    /// Whether so many arguments can be given.
    #[must_use]
    pub fn accepts(self, count: usize) -> bool {
        let (min, max) = self.arity();
        (min..=max).contains(&count)
    }

    fn arity(self) -> (usize, usize) {
        match self {
            Self::Try => (1, ANY),
            Self::Can => (1, 1),
            Self::Builtin(builtin) => (builtin.min, builtin.max),
            Self::Host(function) => (function.min, function.max),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Try => "try",
            Self::Can => "can",
            Self::Builtin(builtin) => builtin.name,
            Self::Host(function) => function.name,
        }
    }

    /// A sentence on a wrong number of arguments.
    #[must_use]
    pub fn arity_message(self, count: usize) -> String {
        let wanted = match self.arity() {
            (min, max) if min == max => min.to_string(),
            (min, ANY) => format!("at least {min}"),
            (min, max) => format!("{min} to {max}"),
        };
        format!("{} takes {wanted} arguments, and {count} are given", self.name())
    }
}

impl Builtin {
    /// Calls the function.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong with the arguments.
    pub fn call(&self, host: &dyn Host, arguments: &[Value], pattern: Option<&Pattern>) -> Result<Value, String> {
        let lifted = self.unknowns == Unknowns::Lifted;
        let sensitive = arguments.iter().any(|argument| match argument {
            Value::Sensitive(_) => true,
            other => lifted && other.has_sensitive(),
        });
        let values: Vec<Value> = arguments.iter().map(|argument| bare(host, argument, lifted)).collect();
        if lifted && values.iter().any(Value::has_unknown) {
            return Ok(decided(None, &values.iter().collect::<Vec<_>>()).mark(sensitive));
        }
        let result = (self.body)(&Arguments { host, values: &values, pattern });
        // A message may quote an argument.
        let quiet = |message: String| if sensitive { HIDDEN.to_owned() } else { message };
        result.map(|value| value.mark(sensitive)).map_err(quiet)
    }
}

// An argument without the mark on top; for lifted functions without any mark, and with every object opened.
fn bare(host: &dyn Host, value: &Value, deep: bool) -> Value {
    match value.unmark().0 {
        Value::Handle(handle) => host.expand(*handle),
        Value::List(items) if deep => Value::list(items.iter().map(|item| bare(host, item, true)).collect()),
        Value::Object(object) if deep => {
            Value::object(object.iter().map(|(key, value)| (key.clone(), bare(host, value, true))).collect())
        }
        other => other.clone(),
    }
}

impl<'a> Arguments<'a> {
    fn get(&self, index: usize) -> &'a Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    fn text(&self, index: usize) -> Result<Arc<str>, String> {
        text(self.get(index)).map_err(|name| format!("argument {} must be a string, not a {name}", index + 1))
    }

    fn number(&self, index: usize) -> Result<Number, String> {
        number(self.get(index)).map_err(|name| format!("argument {} must be a number, not a {name}", index + 1))
    }

    fn whole(&self, index: usize) -> Result<i64, String> {
        let number = self.number(index)?;
        number.as_i64().ok_or_else(|| format!("argument {} must be a whole number, not {number}", index + 1))
    }

    /// Compiles a regular expression, or takes the one compiled before.
    fn regex(&self, pattern: &str) -> Result<Regex, String> {
        let compile = || Regex::new(pattern).map_err(|_| format!("\"{pattern}\" is no regular expression"));
        self.pattern.map_or_else(compile, |kept| kept.0.get_or_init(compile).clone())
    }

    fn list(&self, index: usize) -> Result<&'a [Value], String> {
        match self.get(index) {
            Value::List(items) => Ok(items),
            other => Err(format!("argument {} must be a list, not a {}", index + 1, other.type_name())),
        }
    }

    fn object(&self, index: usize) -> Result<&'a Object, String> {
        match self.get(index) {
            Value::Object(object) => Ok(object),
            other => Err(format!("argument {} must be a map, not a {}", index + 1, other.type_name())),
        }
    }

    fn unknown(&self) -> Value {
        decided(None, &self.values.iter().collect::<Vec<_>>())
    }

    fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        super::compare::equal(self.host, left, right)
    }
}

/// The value as text, with Terraform's conversions.
///
/// # Errors
///
/// The name of a type that has no text.
pub fn text(value: &Value) -> Result<Arc<str>, &'static str> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(Arc::from(number.to_string())),
        Value::Bool(truth) => Ok(Arc::from(if *truth { "true" } else { "false" })),
        other => Err(other.type_name()),
    }
}

/// The value as a number, with Terraform's conversions.
///
/// # Errors
///
/// The name of a type that has no number.
pub fn number(value: &Value) -> Result<Number, &'static str> {
    match value {
        Value::Number(number) => Ok(number.clone()),
        Value::String(text) => Number::parse(text).ok_or("string"),
        other => Err(other.type_name()),
    }
}
