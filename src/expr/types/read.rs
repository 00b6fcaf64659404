//! Type constraints as they are written: `list(string)`, `object({ a = optional(number, 1) })`.

use std::sync::Arc;

use hcl_edit::expr::{Expression, FuncCall, Object as Literal, ObjectKey};

use super::{Field, Type};
use crate::expr::functions::nearest;
use crate::value::Value;

const WORDS: [&str; 9] = ["any", "string", "number", "bool", "list", "set", "map", "tuple", "object"];

/// Why an expression is no type constraint: a sentence, and the part of the expression that is meant.
pub type NotAType<'e> = (&'e Expression, String);

impl Type {
    /// Reads a constraint. `constant` gives the value of an expression without names, for defaults of attributes.
    ///
    /// # Errors
    ///
    /// A sentence, and the part that is meant.
    pub fn read<'e>(
        expression: &'e Expression,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Self, NotAType<'e>> {
        match expression {
            Expression::Variable(name) => Self::word(name.as_str()).map_err(|message| (expression, message)),
            // Terraform's oldest form: the word in quotes.
            Expression::String(word) => Self::word(word.value()).map_err(|message| (expression, message)),
            Expression::Parenthesis(inner) => Self::read(inner.inner(), constant),
            Expression::FuncCall(call) => Self::call(expression, call, constant),
            _ => Err((expression, "this is no type; a type is string, number, bool, any, list(…), set(…), map(…), tuple([…]) or object({…})".to_owned())),
        }
    }

    fn word(word: &str) -> Result<Self, String> {
        match word {
            "any" => Ok(Self::Any),
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "bool" => Ok(Self::Bool),
            // Terraform takes these for list(any) and map(any).
            "list" => Ok(Self::List(Box::new(Self::Any))),
            "map" => Ok(Self::Map(Box::new(Self::Any))),
            "set" | "tuple" | "object" => {
                Err(format!("the type {word} needs to know of what, as in {}", example(word)))
            }
            other => {
                let hint = nearest(other, WORDS.into_iter())
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                Err(format!("there is no type \"{other}\"{hint}"))
            }
        }
    }

    fn call<'e>(
        whole: &'e Expression,
        call: &'e FuncCall,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Self, NotAType<'e>> {
        let name = call.name.name.as_str();
        let arguments: Vec<&Expression> = call.args.iter().collect();
        let [argument] = arguments.as_slice() else {
            return Err((whole, format!("the type {name} takes one argument, as in {}", example(name))));
        };
        match (name, *argument) {
            ("list", element) => Ok(Self::List(Box::new(Self::read(element, constant)?))),
            ("set", element) => Ok(Self::Set(Box::new(Self::read(element, constant)?))),
            ("map", element) => Ok(Self::Map(Box::new(Self::read(element, constant)?))),
            ("tuple", Expression::Array(items)) => {
                Ok(Self::Tuple(items.iter().map(|item| Self::read(item, constant)).collect::<Result<_, _>>()?))
            }
            ("object", Expression::Object(fields)) => Self::fields(fields, constant).map(Self::Object),
            ("tuple" | "object", other) => Err((other, format!("the type {name} is written {}", example(name)))),
            ("optional", _) => Err((whole, "optional(…) belongs to an attribute of an object type".to_owned())),
            (other, _) => match Self::word(other) {
                Ok(_) => Err((whole, format!("the type {other} takes no argument"))),
                Err(message) => Err((whole, message)),
            },
        }
    }

    fn fields<'e>(
        fields: &'e Literal,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Vec<Field>, NotAType<'e>> {
        let mut result = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            let name: Arc<str> = match key {
                ObjectKey::Ident(name) => Arc::from(name.as_str()),
                ObjectKey::Expression(Expression::String(name)) => Arc::from(name.value().as_str()),
                ObjectKey::Expression(other) => {
                    return Err((other, "an attribute of an object type has a name".to_owned()));
                }
            };
            result.push(Self::field(name, value.expr(), constant)?);
        }
        Ok(result)
    }

    fn field<'e>(
        name: Arc<str>,
        expression: &'e Expression,
        constant: &mut dyn FnMut(&Expression) -> Option<Value>,
    ) -> Result<Field, NotAType<'e>> {
        let call = match expression {
            Expression::FuncCall(call) if call.name.name.as_str() == "optional" => call,
            other => return Ok(Field { name, kind: Self::read(other, constant)?, optional: false, default: None }),
        };
        let arguments: Vec<&Expression> = call.args.iter().collect();
        let (kind, default) = match arguments.as_slice() {
            [kind] => (Self::read(kind, constant)?, None),
            [kind, default] => {
                let kind = Self::read(kind, constant)?;
                let value = constant(default).ok_or_else(|| (*default, "a default is a constant".to_owned()))?;
                let value = kind
                    .convert(&value)
                    .map_err(|message| (*default, format!("the default does not fit: {message}")))?;
                (kind, Some(value))
            }
            _ => return Err((expression, "optional takes a type and perhaps a default".to_owned())),
        };
        Ok(Field { name, kind, optional: true, default })
    }
}

fn example(word: &str) -> &'static str {
    match word {
        "tuple" => "tuple([string, number])",
        "object" => "object({ name = string })",
        "set" => "set(string)",
        "map" => "map(string)",
        _ => "list(string)",
    }
}
