//! Joins: the objects of a type whose attribute has a value, found without looking at all of them.
//!
//! An index is built on first use, for one type and one attribute. What equals what, and what may, are the rules of
//! `expr/compare.rs` and of [`Workspace`]'s symbols, turned into look-ups.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Names, Workspace};
use crate::expr::compare;
use crate::value::{Handle, Side, Unknown, Value};

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
    /// By the value itself.
    exact: FxHashMap<Key, Vec<u32>>,
    /// By an object that the value may name, one of several.
    candidates: FxHashMap<u32, Vec<u32>>,
    /// The value names an object to come.
    symbols: Vec<u32>,
    /// The value is a text that names no object of the workspace.
    foreign: Vec<u32>,
    /// The value must be compared each time.
    compared: Vec<u32>,
    /// Nothing is known of the value.
    open: Vec<u32>,
}

/// What an attribute is compared by. All symbols that name one object are one key.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Text(Arc<str>),
    Number(String),
    Bool(bool),
    Null,
    Object(u32),
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
        let wanted = wanted.unmark().0;
        let (certain, uncertain) = match wanted {
            Value::Unknown(unknown) => match &**unknown {
                Unknown::Symbol(symbol) if self.is_identity(symbol) => self.naming(by_value, symbol.object),
                _ => return None,
            },
            known => self.equal_to(by_value, known)?,
        };
        let mut hits: BTreeMap<u32, bool> = by_value.open.iter().map(|id| (*id, true)).collect();
        hits.extend(uncertain.into_iter().map(|id| (id, true)));
        for id in &by_value.compared {
            match self.compare(*id, attribute, wanted) {
                Some(true) => hits.insert(*id, false),
                Some(false) => None,
                None => hits.insert(*id, true),
            };
        }
        hits.extend(certain.into_iter().map(|id| (id, false)));
        Some(hits.into_iter().map(|(id, maybe)| planned(id).maybe(maybe)).collect())
    }

    /// The objects whose value names `object`, and those whose value may.
    fn naming(&self, by_value: &ByValue, object: u32) -> (Vec<u32>, Vec<u32>) {
        let mut certain = by_value.exact.get(&Key::Object(object)).cloned().unwrap_or_default();
        for name in self.names_of(object) {
            certain.extend(by_value.exact.get(&Key::Text(name)).into_iter().flatten());
        }
        let mut uncertain = by_value.foreign.clone();
        uncertain.extend(by_value.candidates.get(&object).into_iter().flatten());
        (certain, uncertain)
    }

    /// The objects whose value equals a known one, and those whose value may.
    fn equal_to(&self, by_value: &ByValue, known: &Value) -> Option<(Vec<u32>, Vec<u32>)> {
        let key = plain_key(known)?;
        let mut certain = by_value.exact.get(&key).cloned().unwrap_or_default();
        let mut uncertain = Vec::new();
        if let Some(text) = known.as_str() {
            match self.named(text) {
                [] if !text.is_empty() => {
                    uncertain.extend(&by_value.symbols);
                    uncertain.extend(by_value.candidates.values().flatten());
                }
                objects => {
                    for object in objects {
                        certain.extend(by_value.exact.get(&Key::Object(*object)).into_iter().flatten());
                        uncertain.extend(by_value.candidates.get(object).into_iter().flatten());
                    }
                }
            }
        }
        Some((certain, uncertain))
    }

    fn compare(&self, id: u32, attribute: &str, wanted: &Value) -> Option<bool> {
        let value = self.attribute(Handle { object: id, side: Side::Planned }, attribute)?;
        compare::equal(self, &value, wanted)
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
            // An attribute that is not there is null to a filter.
            let value = self.attribute(*handle, attribute).unwrap_or(Value::Null);
            self.file(&mut index, handle.object, value.unmark().0);
        }
        index
    }

    fn file(&self, index: &mut ByValue, id: u32, value: &Value) {
        let Value::Unknown(unknown) = value else {
            match plain_key(value) {
                Some(key) => {
                    if let Key::Text(text) = &key
                        && !text.is_empty()
                        && self.named(text).is_empty()
                    {
                        index.foreign.push(id);
                    }
                    index.exact.entry(key).or_default().push(id);
                }
                None => index.compared.push(id),
            }
            return;
        };
        match &**unknown {
            Unknown::Symbol(symbol) if self.is_identity(symbol) => {
                index.exact.entry(Key::Object(symbol.object)).or_default().push(id);
                index.symbols.push(id);
            }
            Unknown::OneOf(members) if members.iter().all(|member| self.is_identity(member)) => {
                for member in members.iter() {
                    index.candidates.entry(member.object).or_default().push(id);
                }
            }
            Unknown::Symbol(_) | Unknown::OneOf(_) | Unknown::Template(_) => index.compared.push(id),
            Unknown::Encoded(_) | Unknown::Count { .. } | Unknown::Opaque(_) => index.open.push(id),
        }
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
