//! Terraform's pure functions (`spec/policy-language.md` 5.1 and 5.2), by room: collections, strings, numbers, …
//!
//! A [`Builtin`] is a name, a number of arguments, a line of documentation and a plain function. Most functions say
//! nothing of the unknown: with an unknown in an argument the result is unknown, with a sensitive one it is sensitive
//! ([`Builtin::call`] sees to both). The few that know better are marked `Unknowns::Own` or `Unknowns::Raw`.
//!
//! `tests/terraform_functions.rs` compares the functions with Terraform's answers and lists the differences.

use std::sync::{Arc, LazyLock, OnceLock};

use regex::Regex;
use rustc_hash::FxHashMap;

use self::arguments::Arguments;
pub(super) use self::limits::weigh;
pub(super) use self::sets::{key, set_of};
use super::eval::{Host, cause_of};
use crate::value::{Number, Unknown, Value};

mod arguments;
mod characters;
mod collection;
mod digits;
mod encoding;
mod format;
mod hash;
mod json;
mod limits;
mod network;
mod numeric;
mod order;
mod path;
mod pattern;
mod power;
mod search;
mod sequence;
mod sets;
mod string;
mod template;
mod time;
mod types;
mod version;
mod yaml;
mod yaml_tabs;
mod yaml_text;

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
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name without namespace.
    pub name: &'static str,
    /// The names of its parameters, as documentation writes them.
    pub parameters: &'static str,
    /// What it gives, in a sentence.
    pub description: &'static str,
    min: usize,
    max: usize,
    unknowns: Unknowns,
    takes: Takes,
    /// Whether it may give null.
    nullable: bool,
    body: Body,
    test: Option<Test>,
    count: Option<Count>,
}

/// The short way of a predicate of two arguments, where both are plain: no value is made. `None` leaves it to the body,
/// with which it always agrees.
pub type Test = fn(&dyn Host, &Value, &Value) -> Option<bool>;

/// The short way of a function of one argument that counts, where the argument is plain. `None` leaves it to the body, with
/// which it always agrees.
pub type Count = fn(&Value) -> Option<usize>;

/// A line of the documentation of functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name without namespace.
    pub name: &'static str,
    /// How it is called: `abs(number)`.
    pub signature: String,
    /// What it gives, in a sentence.
    pub description: &'static str,
    /// What it is about: `string`, `collection`, …
    pub group: &'static str,
}

/// Who sees to unknown and sensitive arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknowns {
    /// The call: an unknown anywhere inside makes the result unknown, a sensitive one makes it sensitive.
    Lifted,
    /// The function itself, for unknowns; marks on the arguments themselves move to the result.
    Own,
    /// The function itself, for unknowns and marks.
    Raw,
}

/// What a function takes, as far as it is the same for many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// It says so itself.
    Any,
    /// Texts, numbers and booleans.
    Plain,
    /// A text, and whatever it says itself.
    TextAndAny,
    /// A text, and lists.
    TextAndLists,
    /// Lists.
    Lists,
    /// Lists, the first two of one length.
    Pairs,
    /// Maps.
    Maps,
}

impl Takes {
    // Whether a value that is known, at least from outside, may be the argument at that place.
    fn may_be(self, index: usize, value: &Value) -> bool {
        let takes = match (self, index) {
            (Self::TextAndAny | Self::TextAndLists, 0) => Self::Plain,
            (Self::TextAndAny, _) => Self::Any,
            (Self::TextAndLists, _) => Self::Lists,
            (takes, _) => takes,
        };
        match value {
            Value::Unknown(_) | Value::Sensitive(_) | Value::Maybe(_) => true,
            Value::List(_) => matches!(takes, Self::Any | Self::Lists | Self::Pairs),
            Value::Object(_) | Value::Handle(_) => matches!(takes, Self::Any | Self::Maps),
            Value::Null => takes == Self::Any,
            Value::Bool(_) | Value::Number(_) | Value::String(_) => matches!(takes, Self::Any | Self::Plain),
        }
    }

    // What is wrong with arguments whatever their unknown parts turn out to be.
    fn check(self, values: &[&Value]) -> Result<(), String> {
        let wrong = values.iter().enumerate().find(|(index, value)| !self.may_be(*index, value));
        if let Some((index, wrong)) = wrong {
            return Err(format!("argument {} must not be a {}", index + 1, wrong.type_name()));
        }
        match values {
            [Value::List(first), Value::List(second), ..] if self == Self::Pairs => {
                let certain = first.iter().chain(second.iter()).all(|item| !item.member().1);
                if certain { sequence::in_pairs(first, second) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }
}

type Body = fn(&Arguments<'_>) -> Result<Value, String>;

/// The regular expression of a call, compiled at the first one. It is the same at most calls: a constant or an input.
#[derive(Clone, Debug, Default)]
pub struct Pattern(OnceLock<(Box<str>, Result<Regex, String>)>);

const ANY: usize = usize::MAX;

/// What is said of a fault in which a sensitive value takes part.
pub const HIDDEN: &str = "this fails on a sensitive value";

/// Name, parameters, the least and the largest number of them, and what it gives.
type Head = (&'static str, &'static str, usize, usize, &'static str);

const fn lifted(head: Head, body: Body) -> Builtin {
    builtin_of(head, Unknowns::Lifted, body)
}

/// The same for a function that takes nothing but texts, numbers and booleans.
const fn plain(head: Head, body: Body) -> Builtin {
    taking(Takes::Plain, lifted(head, body))
}

const fn taking(takes: Takes, builtin: Builtin) -> Builtin {
    Builtin { takes, ..builtin }
}

const fn own(head: Head, body: Body) -> Builtin {
    builtin_of(head, Unknowns::Own, body)
}

const fn raw(head: Head, body: Body) -> Builtin {
    builtin_of(head, Unknowns::Raw, body)
}

const fn builtin_of((name, parameters, min, max, description): Head, unknowns: Unknowns, body: Body) -> Builtin {
    let (takes, nullable) = (Takes::Any, false);
    Builtin { name, parameters, description, min, max, unknowns, takes, nullable, body, test: None, count: None }
}

const fn nullable(builtin: Builtin) -> Builtin {
    Builtin { nullable: true, ..builtin }
}

const fn counting(builtin: Builtin, count: Count) -> Builtin {
    Builtin { count: Some(count), ..builtin }
}

const fn tested(builtin: Builtin, test: Test) -> Builtin {
    Builtin { test: Some(test), ..builtin }
}

/// Every pure function, by room.
const ROOMS: [(&str, &[Builtin]); 15] = [
    ("collection", collection::FUNCTIONS),
    ("collection", sequence::FUNCTIONS),
    ("collection", sets::FUNCTIONS),
    ("string", string::FUNCTIONS),
    ("string", search::FUNCTIONS),
    ("string", format::FUNCTIONS),
    ("string", template::FUNCTIONS),
    ("numeric", numeric::FUNCTIONS),
    ("path", path::FUNCTIONS),
    ("encoding", encoding::FUNCTIONS),
    ("hash", hash::FUNCTIONS),
    ("network", network::FUNCTIONS),
    ("date and time", time::FUNCTIONS),
    ("version", version::FUNCTIONS),
    ("type", types::FUNCTIONS),
];

fn all() -> impl Iterator<Item = &'static Builtin> {
    ROOMS.into_iter().flat_map(|(_, functions)| functions)
}

// A repository calls functions a hundred thousand times.
static BY_NAME: LazyLock<FxHashMap<&str, &Builtin>> =
    LazyLock::new(|| all().map(|function| (function.name, function)).collect());

/// The function of that name (`try` and `can` included).
#[must_use]
pub fn builtin(name: &str) -> Option<Function> {
    match name {
        "try" => Some(Function::Try),
        "can" => Some(Function::Can),
        _ => BY_NAME.get(name).copied().map(Function::Builtin),
    }
}

/// The names of all pure functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["try", "can"].into_iter().chain(all().map(|function| function.name))
}

/// What stands in place of a function that Terraform has withdrawn.
#[must_use]
pub fn withdrawn(name: &str) -> Option<&'static str> {
    match name {
        "list" => Some("tolist([…])"),
        "map" => Some("tomap({…})"),
        _ => None,
    }
}

/// A line of documentation for each pure function, by group and name.
pub fn catalogue() -> impl Iterator<Item = Entry> {
    let entry = |group, name, parameters, description| Entry {
        name,
        signature: format!("{name}({parameters})"),
        description,
        group,
    };
    let rooms =
        ROOMS.into_iter().flat_map(|(group, functions)| functions.iter().map(move |function| (group, function)));
    let mut entries: Vec<Entry> =
        rooms.map(|(group, function)| entry(group, function.name, function.parameters, function.description)).collect();
    entries.push(entry("type", "try", "expressions...", "The value of the first expression that has no error."));
    entries.push(entry("type", "can", "expression", "Whether the expression has a value and no error."));
    entries.sort_by(|left, right| (left.group, left.name).cmp(&(right.group, right.name)));
    entries.into_iter()
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
    /// Whether a predicate holds, if that shows without a call.
    #[must_use]
    pub fn holds(&self, host: &dyn Host, first: &Value, second: &Value) -> Option<bool> {
        self.test.and_then(|test| test(host, first, second))
    }

    /// What a function counts, if that shows without a call.
    #[must_use]
    pub fn counts(&self, argument: &Value) -> Option<usize> {
        self.count.and_then(|count| count(argument))
    }

    /// Calls the function.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong with the arguments.
    pub fn call(&self, host: &dyn Host, arguments: &[&Value], pattern: Option<&Pattern>) -> Result<Value, String> {
        if self.unknowns == Unknowns::Raw {
            return (self.body)(&Arguments { host, values: arguments, pattern });
        }
        let lifted = self.unknowns == Unknowns::Lifted;
        // Most calls: nothing to take off, so nothing to copy.
        if arguments.iter().all(|argument| is_bare(argument, lifted)) {
            return (self.body)(&Arguments { host, values: arguments, pattern });
        }
        if lifted {
            arguments.iter().try_for_each(|argument| weigh(argument))?;
        }
        let sensitive = arguments.iter().any(|argument| match argument {
            Value::Sensitive(_) => true,
            other => lifted && other.has_sensitive(),
        });
        let values: Vec<Value> = arguments.iter().map(|argument| bare(host, argument, lifted)).collect();
        let values: Vec<&Value> = values.iter().collect();
        if lifted && values.iter().any(|value| value.has_unknown()) {
            self.takes.check(&values)?;
            let cause = cause_of(&values);
            let result = if self.nullable { Unknown::Opaque(cause) } else { Unknown::Present(cause) };
            return Ok(Value::Unknown(Arc::new(result)).mark(sensitive));
        }
        let result = (self.body)(&Arguments { host, values: &values, pattern });
        // A message may quote an argument.
        let quiet = |message: String| if sensitive { HIDDEN.to_owned() } else { message };
        result.map(|value| value.mark(sensitive)).map_err(quiet)
    }
}

// Whether an argument is as `bare` would give it, seen without a look inside.
fn is_bare(value: &Value, deep: bool) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::List(_) | Value::Object(_) | Value::Unknown(_) => !deep,
        Value::Sensitive(_) | Value::Maybe(_) | Value::Handle(_) => false,
    }
}

// An argument without the mark on top; for lifted functions without any mark, and with every object opened.
fn bare(host: &dyn Host, value: &Value, deep: bool) -> Value {
    match value.unmark().0 {
        Value::Handle(handle) => host.expand(*handle),
        Value::List(items) if deep => {
            Value::list_of(items.kind(), items.iter().map(|item| bare(host, item, true)).collect())
        }
        Value::Object(object) if deep => {
            let entries = object.iter().map(|(key, value)| (key.clone(), bare(host, value, true)));
            Value::object_of(object.kind(), entries.collect())
        }
        other => other.clone(),
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
        Value::String(text) => Number::parse(text).or_else(|| digits::spelled(text)).ok_or("string"),
        other => Err(other.type_name()),
    }
}

/// What is said where arithmetic gives no number: it has no room for it (`value::float`), or infinity took part.
pub(super) fn no_number(operands: &[&Number]) -> String {
    let infinite = operands.iter().any(|operand| operand.is_infinite());
    if infinite { "this cannot be computed with infinity".to_owned() } else { too_large() }
}

fn too_large() -> String {
    "a number is too large to compute with".to_owned()
}
