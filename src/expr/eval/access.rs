//! Members of values: an attribute, an index, a splat.

use std::sync::Arc;

use super::{Evaluated, Evaluator, MEMBER_WORK, decided};
use crate::expr::{Access, Fault, functions};
use crate::source::Span;
use crate::value::{Handle, ListKind, Object, Step, Symbol, Unknown, Value};

impl<'h> Evaluator<'h> {
    pub(super) fn access(&mut self, base: &Value, access: &'h Access, span: Span) -> Evaluated {
        match access {
            Access::Name(attribute) => {
                self.attribute(base, &attribute.name).map_err(|message| Fault::new(span, message))
            }
            Access::Index(index) => {
                let index = self.operand(index)?;
                self.index(base, &index).map_err(|message| Fault::new(span, message))
            }
            Access::Each(steps) => self.splat(base, steps, span),
        }
    }

    fn attribute(&self, base: &Value, name: &Arc<str>) -> Result<Value, String> {
        match base {
            Value::Object(object) => object.get(name).cloned().ok_or_else(|| self.no_attribute(object, name)),
            Value::Handle(handle) => {
                self.host.attribute(*handle, name).ok_or_else(|| self.no_attribute_of(*handle, name))
            }
            Value::Unknown(unknown) => Ok(inside(unknown, &Step::Name(name.clone()))),
            Value::Sensitive(inner) => self.attribute(inner, name).map(|value| value.mark(true)),
            Value::Null => Err(self.complaint(|| format!("null has no attribute \"{name}\""))),
            Value::List(items) if items.kind() == ListKind::Set => {
                Err(self
                    .complaint(|| format!("a set has no attribute \"{name}\"; go over its members, as in [*].{name}")))
            }
            Value::List(_) => match name.parse() {
                Ok(index) => self.index(base, &Value::int(index)),
                Err(_) => Err(self.complaint(|| {
                    format!("a list has no attribute \"{name}\"; take a member first, as in [0].{name}")
                })),
            },
            other => Err(self.complaint(|| format!("a {} has no attribute \"{name}\"", other.type_name()))),
        }
    }

    // Inside of `try` and `can` nobody reads what is wrong, and most attempts of a policy fail on purpose.
    fn complaint(&self, message: impl FnOnce() -> String) -> String {
        if self.trying { String::new() } else { message() }
    }

    fn no_attribute(&self, object: &Object, name: &str) -> String {
        self.complaint(|| format!("there is no attribute \"{name}\"{}", meant(object, name)))
    }

    fn no_attribute_of(&self, handle: Handle, name: &str) -> String {
        self.complaint(|| {
            let hint = match self.host.expand(handle).unmark().0 {
                Value::Object(object) => meant(object, name),
                _ => String::new(),
            };
            format!("{} has no attribute \"{name}\"{hint}", self.host.address(handle))
        })
    }

    fn index(&self, base: &Value, index: &Value) -> Result<Value, String> {
        let (base, sensitive) = base.unmark();
        let (index, hidden) = index.unmark();
        let value = self.bare_index(base, index);
        let value = if hidden { value.map_err(|_| functions::HIDDEN.to_owned()) } else { value };
        value.map(|value| value.mark(sensitive || hidden))
    }

    fn bare_index(&self, base: &Value, index: &Value) -> Result<Value, String> {
        if let Value::Unknown(unknown) = index {
            return Ok(Value::Unknown(Arc::new(unknown.derived())));
        }
        let value = match (base, index) {
            (Value::Unknown(unknown), Value::String(key)) => inside(unknown, &Step::Name(key.clone())),
            (Value::Unknown(unknown), index) => {
                let position = position(index)?;
                inside(unknown, &Step::Index(position))
            }
            (Value::List(items), _) if items.kind() == ListKind::Set => {
                return Err("the members of a set have no index; tolist(…) makes a list of it".to_owned());
            }
            (Value::List(items), index) => self.list_member(items, position(index)?)?,
            (Value::Object(_) | Value::Handle(_), index) => {
                let key = functions::text(index).map_err(|name| format!("a map's key is a string, not a {name}"))?;
                self.attribute(base, &key)?
            }
            (Value::Null, _) => return Err(self.complaint(|| "null has no members".to_owned())),
            (other, _) => return Err(self.complaint(|| format!("a {} has no members", other.type_name()))),
        };
        Ok(value)
    }

    fn list_member(&self, items: &[Value], index: usize) -> Result<Value, String> {
        let before = items.get(..=index).unwrap_or(items);
        if before.iter().any(|item| item.member().1) {
            return Ok(decided(None, &[&Value::list(before.to_vec())]));
        }
        let missing = || match items.len() {
            0 => "the list is empty".to_owned(),
            length => format!("the list has {length} members, and [{index}] is asked for"),
        };
        items.get(index).cloned().ok_or_else(|| self.complaint(missing))
    }

    pub(super) fn splat(&mut self, base: &Value, steps: &'h [(Access, Span)], span: Span) -> Evaluated {
        let (inner, sensitive) = base.unmark();
        let (kind, items): (_, &[Value]) = match inner {
            Value::Null => (ListKind::Tuple, &[]),
            Value::List(items) => (items.kind().in_order(), items),
            Value::Unknown(unknown) => return Ok(Value::Unknown(Arc::new(unknown.derived())).mark(sensitive)),
            single => (ListKind::Tuple, std::slice::from_ref(single)),
        };
        self.spend(items.len().saturating_mul(MEMBER_WORK), span)?;
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            let (mut value, maybe) = (item.member().0.clone(), item.member().1);
            for (access, span) in steps {
                value = self.access(&value, access, *span)?;
            }
            results.push(value.maybe(maybe));
        }
        Ok(Value::list_of(kind, results).mark(sensitive))
    }
}

fn meant(object: &Object, name: &str) -> String {
    let near = functions::nearest(name, object.iter().map(|(key, _)| &**key));
    near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"))
}

fn inside(unknown: &Arc<Unknown>, step: &Step) -> Value {
    let extend = |symbol: &Symbol| Symbol { object: symbol.object, path: symbol.path.join(step.clone()) };
    let inner = match &**unknown {
        Unknown::Symbol(symbol) => Unknown::Symbol(extend(symbol)),
        Unknown::OneOf(members) => Unknown::OneOf(members.iter().map(extend).collect()),
        other => other.derived(),
    };
    Value::Unknown(Arc::new(inner))
}

fn position(index: &Value) -> Result<usize, String> {
    let number = functions::number(index).map_err(|name| format!("a list's index is a number, not a {name}"))?;
    number.as_usize().ok_or_else(|| format!("{number} is no index; indexes are whole numbers from 0"))
}
