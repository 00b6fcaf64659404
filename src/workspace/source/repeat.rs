//! How often a block is repeated: `count` and `for_each`.

use std::sync::Arc;

use super::Source;
use super::scope::Scope;
use crate::expr::{Expr, Fault, Kind, functions};
use crate::terraform::address::Key;
use crate::terraform::config::{Attribute, Block};
use crate::value::{Unknown, Value};

/// One round of a repeated block: what `each` and `count` are in it.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) key: Option<Key>,
    /// `each.key` and `each.value`
    pub(super) each: Option<(Value, Value)>,
    /// `count.index`
    pub(super) index: Option<Value>,
}

/// How often a block is there.
pub(super) enum Repeats {
    /// It has neither `count` nor `for_each`.
    Once,
    /// As often as `count` says.
    Counted(Vec<Round>),
    /// Once for each member of `for_each`.
    Keyed(Vec<(Arc<str>, Round)>),
    /// Once or not at all; why that is not known.
    Perhaps(Box<Round>, String),
    /// Nobody knows how often, and why.
    Unknown(Box<Round>, String),
}

/// Instances of one block. More are not looked at one by one.
const MAX_COUNT: usize = 10_000;

impl<'c> Source<'c> {
    /// How often a block of a module is there.
    pub(super) fn repeats(&self, scope: &Scope<'_, 'c>, block: &'c Block) -> Repeats {
        if let Some(count) = block.attribute("count") {
            return self.counted(scope, count);
        }
        match block.attribute("for_each") {
            Some(for_each) => self.keyed(scope, for_each),
            None => Repeats::Once,
        }
    }

    fn counted(&self, scope: &Scope<'_, 'c>, count: &'c Attribute) -> Repeats {
        let value = scope.eval(&count.value).unwrap_or_else(|fault| self.lost(&fault));
        let value = value.unmark().0;
        if value.has_unknown() {
            let reason = self.reason(value, "count");
            return if is_switch(value, &count.value) {
                let round = Round { key: Some(Key::Int(0)), each: None, index: Some(Value::int(0)) };
                Repeats::Perhaps(Box::new(round), reason)
            } else {
                unknown_count(reason)
            };
        }
        match functions::number(value).ok().and_then(|number| number.as_usize()) {
            Some(count) if count <= MAX_COUNT => Repeats::Counted((0..count).map(numbered).collect()),
            Some(count) => unknown_count(format!("count is {count}; up to {MAX_COUNT} are looked at one by one")),
            None => {
                let fault = Fault::new(count.value.span, "count is a whole number from 0, and this is something else");
                self.lost(&fault);
                unknown_count(fault.message)
            }
        }
    }

    fn keyed(&self, scope: &Scope<'_, 'c>, for_each: &'c Attribute) -> Repeats {
        let value = scope.eval(&for_each.value).unwrap_or_else(|fault| self.lost(&fault));
        let value = value.unmark().0;
        let rounds: Option<Vec<(Arc<str>, Round)>> = match value {
            Value::Object(object) => {
                Some(object.iter().map(|(key, value)| (key.clone(), with_key(key, value.clone()))).collect())
            }
            Value::List(items) => items.iter().map(text_round).collect(),
            _ => None,
        };
        match rounds {
            Some(mut rounds) if rounds.len() <= MAX_COUNT => {
                rounds.sort_by(|left, right| left.0.cmp(&right.0));
                rounds.dedup_by(|left, right| left.0 == right.0);
                Repeats::Keyed(rounds)
            }
            Some(rounds) => unknown_keys(format!(
                "for_each has {} members; up to {MAX_COUNT} are looked at one by one",
                rounds.len()
            )),
            None if value.has_unknown() => unknown_keys(self.reason(value, "for_each")),
            None => {
                let fault = Fault::new(for_each.value.span, "for_each is a map or a set of texts, and this is neither");
                self.lost(&fault);
                unknown_keys(fault.message)
            }
        }
    }

    fn reason(&self, value: &Value, what: &str) -> String {
        match value.cause() {
            Some(cause) => format!("{what} is not known: {}", self.cause(&cause)),
            None => format!("{what} is not known"),
        }
    }
}

fn numbered(index: usize) -> Round {
    Round { key: i64::try_from(index).ok().map(Key::Int), each: None, index: Some(Value::int(index)) }
}

fn with_key(key: &Arc<str>, value: Value) -> Round {
    Round { key: Some(Key::Str(key.clone())), each: Some((Value::String(key.clone()), value)), index: None }
}

// A member of a set of texts.
fn text_round(item: &Value) -> Option<(Arc<str>, Round)> {
    match item.unmark().0 {
        Value::String(text) => Some((text.clone(), with_key(text, Value::String(text.clone())))),
        _ => None,
    }
}

fn unknown_count(reason: String) -> Repeats {
    let index = Value::unknown(reason.as_str());
    Repeats::Unknown(Box::new(Round { key: Some(Key::Any), each: None, index: Some(index) }), reason)
}

fn unknown_keys(reason: String) -> Repeats {
    let each = Value::unknown(reason.as_str());
    Repeats::Unknown(Box::new(Round { key: Some(Key::Any), each: Some((each.clone(), each)), index: None }), reason)
}

// `condition ? 1 : 0`, or a length of which 1 is the most.
fn is_switch(value: &Value, expr: &Expr) -> bool {
    if let Some(unknown) = value.as_unknown()
        && let Unknown::Count { max, .. } = &**unknown
    {
        return *max <= 1;
    }
    let at_most_one = |expr: &Expr| match expr.as_literal() {
        Some(Value::Number(number)) => number.as_usize().is_some_and(|number| number <= 1),
        _ => false,
    };
    match &expr.kind {
        Kind::Conditional(parts) => at_most_one(&parts.1) && at_most_one(&parts.2),
        _ => false,
    }
}
