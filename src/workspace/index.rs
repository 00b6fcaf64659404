//! Joins: the objects of a type whose attribute has a value, found without looking at all of them.
//!
//! An index is built on first use, for one type and one attribute, and holds three groups: objects by the key of their
//! value, objects whose value may be one of several symbols, and objects of whose value nothing is known.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Names, Workspace};
use crate::expr::compare;
use crate::value::{Handle, Side, Symbol, Unknown, Value};

/// The indexes of all types.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    types: FxHashMap<Arc<str>, OnceLock<TypeIndex>>,
}

/// The objects of one type that stay, and an index for each attribute that policies mention.
#[derive(Debug)]
struct TypeIndex {
    staying: Arc<[Value]>,
    attributes: FxHashMap<Arc<str>, OnceLock<ByValue>>,
}

/// The objects of one type by the value of one attribute.
#[derive(Debug, Default)]
struct ByValue {
    exact: FxHashMap<Key, Vec<u32>>,
    symbols: Vec<u32>,
    open: Vec<u32>,
}

/// What an attribute is compared by. The identity symbols of one object are one key.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Text(Arc<str>),
    Number(String),
    Bool(bool),
    Null,
    Object(u32),
    Symbol(Symbol),
}

impl Indexes {
    pub(super) fn new<'t>(types: impl Iterator<Item = &'t Arc<str>>) -> Self {
        Self { types: types.map(|kind| (kind.clone(), OnceLock::new())).collect() }
    }
}

impl Workspace<'_> {
    /// The current managed objects of a type that are not going away, as a list of handles. A type that ends with `*`
    /// stands for every type with that prefix.
    #[must_use]
    pub fn staying(&self, kind: &str) -> Arc<[Value]> {
        if let Some(prefix) = kind.strip_suffix('*') {
            let mut kinds: Vec<&Arc<str>> = self.by_type.keys().filter(|kind| kind.starts_with(prefix)).collect();
            kinds.sort();
            return kinds.into_iter().flat_map(|kind| self.staying(kind).to_vec()).collect();
        }
        self.type_index(kind).map_or_else(|| Arc::from([]), |index| index.staying.clone())
    }

    /// Of these, the objects whose attribute equals `wanted`; those that may equal it are maybe members. `None` if no
    /// index can tell (a value that is no plain one, an attribute that no policy mentions).
    #[must_use]
    pub fn staying_with(&self, kind: &str, attribute: &str, wanted: &Value) -> Option<Vec<Value>> {
        let index = self.type_index(kind)?;
        let by_value = index.attributes.get(attribute)?.get_or_init(|| self.by_value(&index.staying, attribute));
        let mut hits: Vec<(u32, bool)> = by_value.open.iter().map(|id| (*id, true)).collect();
        match wanted.unmark().0 {
            Value::Unknown(unknown) => {
                let Unknown::Symbol(symbol) = &**unknown else { return None };
                hits.extend(by_value.exact.get(&self.symbol_key(symbol)).into_iter().flatten().map(|id| (*id, false)));
                // A symbol may be equal to one of several, to another attribute, or to a text.
                let undecided = by_value.symbols.iter().filter(|id| self.may_be(**id, attribute, wanted));
                hits.extend(undecided.map(|id| (*id, true)));
                if !self.is_identity(symbol) {
                    return None;
                }
            }
            known => {
                let key = plain_key(known)?;
                hits.extend(by_value.exact.get(&key).into_iter().flatten().map(|id| (*id, false)));
                let undecided = by_value.symbols.iter().filter(|id| self.may_be(**id, attribute, wanted));
                hits.extend(undecided.map(|id| (*id, true)));
            }
        }
        hits.sort_unstable();
        hits.dedup_by_key(|hit| hit.0);
        Some(hits.into_iter().map(|(id, maybe)| planned(id).maybe(maybe)).collect())
    }

    fn may_be(&self, id: u32, attribute: &str, wanted: &Value) -> bool {
        let value = self.attribute(Handle { object: id, side: Side::Planned }, attribute);
        value.is_some_and(|value| compare::equal(self, &value, wanted).is_none())
    }

    fn type_index(&self, kind: &str) -> Option<&TypeIndex> {
        let cell = self.index.types.get(kind)?;
        Some(cell.get_or_init(|| {
            let ids = self.of_type(kind).iter().copied();
            let stays = |id: &u32| self.object(*id).is_some_and(|object| object.action.stays());
            TypeIndex {
                staying: ids.filter(stays).map(planned).collect(),
                attributes: self.wanted.iter().map(|name| (name.clone(), OnceLock::new())).collect(),
            }
        }))
    }

    fn by_value(&self, objects: &[Value], attribute: &str) -> ByValue {
        let mut index = ByValue::default();
        for object in objects {
            let Value::Handle(handle) = object else { continue };
            let Some(value) = self.attribute(*handle, attribute) else { continue };
            let id = handle.object;
            match value.unmark().0 {
                Value::Unknown(unknown) => match &**unknown {
                    Unknown::Symbol(symbol) => {
                        index.exact.entry(self.symbol_key(symbol)).or_default().push(id);
                        index.symbols.push(id);
                    }
                    Unknown::OneOf(_) | Unknown::Template(_) => index.symbols.push(id),
                    _ => index.open.push(id),
                },
                known => match plain_key(known) {
                    Some(key) => index.exact.entry(key).or_default().push(id),
                    None => index.symbols.push(id),
                },
            }
        }
        index
    }

    fn symbol_key(&self, symbol: &Symbol) -> Key {
        if self.is_identity(symbol) { Key::Object(symbol.object) } else { Key::Symbol(symbol.clone()) }
    }
}

impl Names {
    fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter()
    }
}

fn planned(object: u32) -> Value {
    Value::Handle(Handle { object, side: Side::Planned })
}

fn plain_key(value: &Value) -> Option<Key> {
    match value {
        Value::String(text) => Some(Key::Text(text.clone())),
        Value::Number(number) => Some(Key::Number(number.to_string())),
        Value::Bool(truth) => Some(Key::Bool(*truth)),
        Value::Null => Some(Key::Null),
        _ => None,
    }
}
