//! What shows of the type of an expression without its value.

use super::closed::tried;
use crate::expr::functions::{Builtin, Function};
use crate::expr::types::{Field, Type, unify};
use crate::expr::{Call, Expr, Fit, Kind, Operator};
use crate::value::Value;

/// What is known of a type.
#[derive(Default)]
pub(super) struct Outlook {
    /// Of which sort it is, if that shows.
    pub(super) shape: Option<Shape>,
    /// The type, if it shows. Parts of which nothing shows have any type.
    pub(super) kind: Option<Type>,
    /// Whether there are no such parts.
    pub(super) is_whole: bool,
    /// Whether there is a value at all.
    pub(super) certainty: Certainty,
}

/// Whether an expression has a value. One that fails has no type, and Terraform does not look at the branch that is not
/// taken any further.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It depends.
    #[default]
    Open,
    /// It has.
    Sound,
    /// It has not.
    Fails,
}

/// The sorts of types. Of unlike ones none becomes the other, but that a text takes numbers and booleans.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    String,
    Number,
    Bool,
    Sequence,
    Mapping,
}

impl Shape {
    pub(super) fn excludes(self, other: Self) -> bool {
        let is_plain = |shape: Self| !matches!(shape, Self::Sequence | Self::Mapping);
        let has_text = self == Self::String || other == Self::String;
        self != other && !(is_plain(self) && is_plain(other) && has_text)
    }

    fn of(kind: &Type) -> Option<Self> {
        Some(match kind {
            Type::Any => return None,
            Type::String => Self::String,
            Type::Number => Self::Number,
            Type::Bool => Self::Bool,
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => Self::Sequence,
            Type::Map(_) | Type::Object(_) => Self::Mapping,
        })
    }
}

impl Outlook {
    fn whole(kind: Type) -> Self {
        Self { shape: Shape::of(&kind), kind: Some(kind), is_whole: true, certainty: Certainty::Open }
    }

    fn of(kind: Type, is_whole: bool) -> Self {
        Self { is_whole, ..Self::whole(kind) }
    }

    fn shaped(shape: Shape) -> Self {
        Self { shape: Some(shape), ..Self::default() }
    }

    /// The word for it in messages.
    pub(super) fn word(&self) -> &'static str {
        match (&self.kind, self.shape) {
            (Some(Type::Set(_)), _) => "a set",
            (Some(Type::Map(_)), _) => "a map",
            (_, Some(Shape::String)) => "a string",
            (_, Some(Shape::Number)) => "a number",
            (_, Some(Shape::Bool)) => "a bool",
            (_, Some(Shape::Sequence)) => "a list",
            (_, Some(Shape::Mapping)) => "an object",
            (_, None) => "a value",
        }
    }
}

/// What shows of an expression, and its value where that is the same everywhere.
pub(super) fn outlook(expr: &Expr, in_loop: bool) -> Outlook {
    let written = written(expr);
    let (certainty, seen) = match tried(expr, in_loop) {
        // The type of a null does not show by the value.
        Some(Some(value)) if written.is_whole || matches!(value, Value::Null) => (Certainty::Sound, written),
        Some(Some(value)) => (Certainty::Sound, Outlook::whole(Type::of(&value))),
        Some(None) => (Certainty::Fails, Outlook::default()),
        None if is_sound(expr) => (Certainty::Sound, written),
        None => (Certainty::Open, written),
    };
    Outlook { certainty, ..seen }
}

/// Whether a tuple has lists or objects in it beside nulls that are written: such members have no type in common.
pub(super) fn mixes_nulls(kind: &Type) -> bool {
    let Type::Tuple(members) = kind else { return false };
    let is_composed = |member: &Type| matches!(Shape::of(member), Some(Shape::Sequence | Shape::Mapping));
    members.iter().any(is_composed) && members.iter().any(|member| matches!(member, Type::Any))
}

// Whether an expression that depends on others has a value whenever these have.
fn is_sound(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Literal(_) | Kind::Reference(_) | Kind::Bound(_) => true,
        Kind::List(items) => items.iter().all(is_sound),
        Kind::Object(entries) => entries.iter().all(|(key, value)| key.as_literal().is_some() && is_sound(value)),
        Kind::Converted(inner, _) => is_sound(inner),
        _ => false,
    }
}

/// What shows by how it is written.
pub(super) fn written(expr: &Expr) -> Outlook {
    match &expr.kind {
        Kind::Literal(Value::Unknown(_)) => Outlook::default(),
        Kind::Literal(value) => Outlook::whole(Type::of(value)),
        Kind::List(items) => {
            let (kinds, is_whole) = parts(items.iter());
            Outlook::of(Type::Tuple(kinds), is_whole)
        }
        Kind::Object(entries) => object(entries),
        Kind::Template(_) => Outlook::whole(Type::String),
        Kind::Not(_) => Outlook::whole(Type::Bool),
        Kind::Negate(_) => Outlook::whole(Type::Number),
        Kind::Binary(operator, _) => Outlook::whole(match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Modulo => {
                Type::Number
            }
            _ => Type::Bool,
        }),
        Kind::Conditional(branches) => {
            let (one, another) = (written(&branches.1), written(&branches.2));
            let kind = one.kind.zip(another.kind).and_then(|(kind, like)| unify(&[kind, like]));
            let is_whole = one.is_whole && another.is_whole;
            kind.map_or_else(Outlook::default, |kind| Outlook::of(kind, is_whole))
        }
        Kind::Converted(_, Fit::To { kind, strict }) => Outlook::of((**kind).clone(), *strict || kind.is_primitive()),
        Kind::For(members) if members.key.is_some() => Outlook::shaped(Shape::Mapping),
        Kind::For(_) | Kind::Splat(..) => Outlook::shaped(Shape::Sequence),
        Kind::Call(call) => made_by(call),
        _ => Outlook::default(),
    }
}

fn parts<'e>(parts: impl Iterator<Item = &'e Expr>) -> (Vec<Type>, bool) {
    let mut is_whole = true;
    let kinds = parts.map(|part| {
        let part = written(part);
        is_whole &= part.is_whole;
        part.kind.unwrap_or(Type::Any)
    });
    (kinds.collect(), is_whole)
}

fn object(entries: &[(Expr, Expr)]) -> Outlook {
    let names = entries.iter().map(|(key, _)| match key.as_literal() {
        Some(Value::String(name)) => Some(name.clone()),
        _ => None,
    });
    let Some(names) = names.collect::<Option<Vec<_>>>() else { return Outlook::shaped(Shape::Mapping) };
    let (kinds, is_whole) = parts(entries.iter().map(|(_, value)| value));
    let mut fields: Vec<Field> = names.into_iter().zip(kinds).map(|(name, kind)| Field::required(name, kind)).collect();
    fields.sort_by(|left, right| left.name.cmp(&right.name));
    Outlook::of(Type::Object(fields), is_whole)
}

fn made_by(call: &Call) -> Outlook {
    match call.function {
        Function::Can => Outlook::whole(Type::Bool),
        Function::Builtin(builtin) => made_by_builtin(builtin, call.arguments.first()),
        Function::Try | Function::Host(_) => Outlook::default(),
    }
}

fn made_by_builtin(builtin: &Builtin, first: Option<&Expr>) -> Outlook {
    let any = || Box::new(Type::Any);
    let argument = || first.map(written).unwrap_or_default();
    match builtin.name {
        "sensitive" | "nonsensitive" | "ephemeralasnull" => argument(),
        "toset" => collected(&argument(), Type::Set),
        "tolist" => collected(&argument(), Type::List),
        "tomap" => collected(&argument(), Type::Map),
        "setunion" | "setintersection" | "setsubtract" => Outlook::of(Type::Set(any()), false),
        "distinct" | "chunklist" | "matchkeys" | "csvdecode" | "regexall" => Outlook::of(Type::List(any()), false),
        "split" | "sort" | "compact" | "formatlist" | "cidrsubnets" => {
            Outlook::whole(Type::List(Box::new(Type::String)))
        }
        "range" => Outlook::whole(Type::List(Box::new(Type::Number))),
        "keys" | "values" => members(argument(), builtin.name == "keys"),
        "concat" | "flatten" | "reverse" | "setproduct" | "slice" => Outlook::shaped(Shape::Sequence),
        "merge" | "transpose" | "zipmap" => Outlook::shaped(Shape::Mapping),
        name => match scalar(name) {
            Some(kind) => Outlook::whole(kind),
            None => Outlook::default(),
        },
    }
}

// The keys or values of a map or object.
fn members(argument: Outlook, keys: bool) -> Outlook {
    let member = |kind: Type| if keys { Type::String } else { kind };
    let kind = match argument.kind {
        Some(Type::Object(fields)) => Type::Tuple(fields.into_iter().map(|field| member(field.kind)).collect()),
        Some(Type::Map(value)) => Type::List(Box::new(member(*value))),
        _ => return Outlook::shaped(Shape::Sequence),
    };
    Outlook::of(kind, keys || argument.is_whole)
}

// The members of a collection have one type.
fn collected(argument: &Outlook, of: fn(Box<Type>) -> Type) -> Outlook {
    let members = match &argument.kind {
        Some(Type::Tuple(members)) => members.clone(),
        Some(Type::Object(fields)) => fields.iter().map(|field| field.kind.clone()).collect(),
        Some(Type::List(member) | Type::Set(member) | Type::Map(member)) => vec![(**member).clone()],
        _ => return Outlook::of(of(Box::new(Type::Any)), false),
    };
    match unify(&members) {
        Some(member) => Outlook::of(of(Box::new(member)), argument.is_whole),
        None => Outlook::of(of(Box::new(Type::Any)), false),
    }
}

// What functions give that always give a text, a number or a boolean.
fn scalar(name: &str) -> Option<Type> {
    Some(match name {
        "base64decode" | "base64encode" | "base64gzip" | "base64sha256" | "base64sha512" | "chomp" | "cidrhost"
        | "cidrnetmask" | "cidrsubnet" | "format" | "formatdate" | "indent" | "join" | "jsonencode" | "lower"
        | "md5" | "plantimestamp" | "replace" | "sha1" | "sha256" | "sha512" | "strrev" | "substr"
        | "templatestring" | "textdecodebase64" | "textencodebase64" | "timeadd" | "timestamp" | "title"
        | "tostring" | "trim" | "trimprefix" | "trimspace" | "trimsuffix" | "type" | "upper" | "urlencode"
        | "uuidv5" | "valuetostring" | "yamlencode" => Type::String,
        "abs" | "ceil" | "floor" | "index" | "length" | "log" | "max" | "min" | "parseint" | "pow" | "semvercmp"
        | "signum" | "sum" | "timecmp" | "tonumber" => Type::Number,
        "alltrue" | "anytrue" | "contains" | "contains_substring" | "endswith" | "issensitive" | "regex_match"
        | "semverconstraint" | "startswith" | "strcontains" | "tobool" => Type::Bool,
        _ => return None,
    })
}
