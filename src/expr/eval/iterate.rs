//! `for` expressions: lists and objects made of others, of which members may be absent.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Evaluated, Evaluator, MEMBER_WORK, decided};
use crate::expr::{Fault, For, Kind, functions};
use crate::value::{ListKind, ObjectKind, Value};

impl<'h> Evaluator<'h> {
    pub(super) fn for_expression(&mut self, expression: &'h For) -> Evaluated {
        let collection = self.operand(&expression.collection)?;
        let (made, work) = {
            let mut inside = self.inside();
            (inside.go_over(expression, &collection), inside.work)
        };
        self.work = work;
        made
    }

    /// An evaluator with the same variables for what lives less long than they do.
    pub(super) fn inside(&self) -> Evaluator<'_> {
        let bound = self.bound.iter().map(|value| Cow::Borrowed(&**value)).collect();
        Evaluator { host: self.host, bound, depth: self.depth, trying: self.trying, work: self.work }
    }

    // The members of the collection are looked at where they lie.
    fn go_over(&mut self, expression: &'h For, collection: &'h Value) -> Evaluated {
        let (inner, sensitive) = collection.unmark();
        if let Value::Handle(handle) = inner {
            let expanded = self.host.expand(*handle);
            let (made, work) = {
                let mut inside = self.inside();
                (inside.go_over(expression, &expanded), inside.work)
            };
            self.work = work;
            return made.map(|value| value.mark(sensitive));
        }
        if let Value::List(items) = inner
            && self.is_copy(expression)
            && expression.condition.is_none()
        {
            self.spend(items.len().saturating_mul(MEMBER_WORK), expression.collection.span)?;
            return Ok(Value::List(items.with_kind(ListKind::Tuple)).mark(sensitive));
        }
        let members = inner_len(inner);
        let mut result = Collected::new(expression, if expression.condition.is_none() { members } else { 0 });
        match inner {
            Value::List(items) => {
                let is_set = items.kind() == ListKind::Set;
                for (index, item) in items.iter().enumerate() {
                    let (value, maybe) = item.member();
                    // The key of a set's member is the member.
                    let key = || if is_set { Cow::Borrowed(value) } else { Cow::Owned(Value::int(index)) };
                    self.iterate(expression, key, value, maybe, &mut result)?;
                }
            }
            Value::Object(object) => {
                for (key, value) in object.iter() {
                    let key = || Cow::Owned(Value::String(key.clone()));
                    self.iterate(expression, key, value, false, &mut result)?;
                }
            }
            Value::Unknown(unknown) => return Ok(Value::Unknown(Arc::new(unknown.derived())).mark(sensitive)),
            other => {
                let message = format!("a for expression goes over a list or a map, not a {}", other.type_name());
                return Err(Fault::new(expression.collection.span, message));
            }
        }
        Ok(result.finish().mark(sensitive))
    }

    /// Whether the members are taken as they are: `[for x in xs : x]`.
    pub(super) fn is_copy(&self, expression: &For) -> bool {
        let own = self.bound.len() + usize::from(expression.with_key);
        expression.key.is_none() && matches!(expression.value.kind, Kind::Bound(position) if position == own)
    }

    fn iterate(
        &mut self,
        expression: &'h For,
        key: impl FnOnce() -> Cow<'h, Value>,
        value: &'h Value,
        maybe: bool,
        result: &mut Collected,
    ) -> Result<(), Box<Fault>> {
        self.spend(MEMBER_WORK, expression.collection.span)?;
        let outer = self.bound.len();
        if expression.with_key {
            self.bound.push(key());
        }
        self.bound.push(Cow::Borrowed(value));
        let outcome = self.collect(expression, maybe, result);
        self.bound.truncate(outer);
        outcome
    }

    fn collect(&mut self, expression: &'h For, maybe: bool, result: &mut Collected) -> Result<(), Box<Fault>> {
        let mut maybe = maybe;
        if let Some(condition) = &expression.condition {
            match self.decide(condition)? {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => maybe = true,
            }
        }
        let Some(key) = &expression.key else {
            let value = self.eval(&expression.value)?;
            result.items.push(value.maybe(maybe));
            return Ok(());
        };
        let name = self.eval(key)?;
        if maybe || name.as_unknown().is_some() {
            result.undecided.get_or_insert_with(|| decided(None, &[&name]));
            return Ok(());
        }
        let (name, hidden) = name.unmark();
        let name = functions::text(name)
            .map_err(|name| Fault::new(key.span, format!("a key must be a string, not a {name}")))?;
        let value = self.eval(&expression.value)?;
        result.insert(&name, value).map_err(|()| {
            let shown = if hidden { "a sensitive key".to_owned() } else { format!("the key \"{name}\"") };
            Fault::new(key.span, format!("two members have {shown}; add \"...\" behind the value to group them"))
        })
    }
}

/// The members that a `for` expression has produced so far.
struct Collected {
    is_object: bool,
    items: Vec<Value>,
    entries: BTreeMap<Arc<str>, Vec<Value>>,
    grouping: bool,
    undecided: Option<Value>,
}

impl Collected {
    fn new(expression: &For, members: usize) -> Self {
        Self {
            is_object: expression.key.is_some(),
            items: Vec::with_capacity(members),
            entries: BTreeMap::new(),
            grouping: expression.grouping,
            undecided: None,
        }
    }

    fn insert(&mut self, name: &Arc<str>, value: Value) -> Result<(), ()> {
        let values = self.entries.entry(name.clone()).or_default();
        if !values.is_empty() && !self.grouping {
            return Err(());
        }
        values.push(value);
        Ok(())
    }

    fn finish(self) -> Value {
        if let Some(unknown) = self.undecided {
            return unknown;
        }
        if !self.is_object {
            return Value::list_of(ListKind::Tuple, self.items);
        }
        let grouping = self.grouping;
        let member = |mut values: Vec<Value>| {
            if grouping { Some(Value::list_of(ListKind::Tuple, values)) } else { values.pop() }
        };
        let entries = self.entries.into_iter().filter_map(|(name, values)| Some((name, member(values)?)));
        Value::object_of(ObjectKind::Object, entries.collect())
    }
}

fn inner_len(collection: &Value) -> usize {
    match collection {
        Value::List(items) => items.len(),
        Value::Object(object) => object.len(),
        _ => 0,
    }
}
