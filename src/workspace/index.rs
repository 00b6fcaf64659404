//! Joins: the objects of a type that have a value in an attribute, found without looking at all of them.
//!
//! An index is built on first use, for one type and one path (`load_balancer_arn`, `default_action.target_group_arn`:
//! any block of a list counts). What equals what, and what may, are the rules of `expr/compare.rs` and of
//! [`Workspace`]'s symbols, turned into look-ups. Start at [`Workspace::having`].

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::Workspace;
use super::ids::Ids;
use super::matching::{LAST_STEP, is_like, last_step};
use crate::expr::compare;
use crate::value::{Handle, Object, Side, Symbol, Unknown, Value};

/// The indexes of all types.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    types: FxHashMap<Arc<str>, TypeIndex>,
}

/// An index that is built by whoever needs it first.
type Lazy = Arc<OnceLock<Arc<ByValue>>>;

/// The objects of one type that stay, and an index for each path that was asked for.
#[derive(Debug, Default)]
struct TypeIndex {
    staying: OnceLock<Arc<[Value]>>,
    // Which paths policies ask for shows when they do; the lock is held for the look-up alone.
    paths: Mutex<FxHashMap<Box<[Arc<str>]>, Lazy>>,
}

/// The objects of one type by the values at one path.
#[derive(Debug, Default)]
struct ByValue {
    /// By the value itself.
    exact: FxHashMap<Key, Ids>,
    /// By an object that the value may name, one of several.
    candidates: FxHashMap<u32, Ids>,
    /// The value names an object to come.
    symbols: Vec<u32>,
    /// The value must be compared each time.
    compared: Vec<(u32, Value)>,
    /// Nothing is known of the value.
    open: Vec<u32>,
    /// The value is a text that names no object of the workspace. In order, each object once.
    foreign: OnceLock<Vec<u32>>,
}

/// What a value is compared by. All symbols that name one object are one key.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Text(Arc<str>),
    Number(String),
    Bool(bool),
    Null,
    Object(u32),
}

/// Objects that may fit, up to which each is a member of what a join gives. Of a join that may be about any of thousands of
/// objects, none decides anything; to look at all of them for each object would take the square of the time.
const MAX_UNCERTAIN: usize = 128;

/// The objects that have a value for certain, and those that may have it.
#[derive(Debug, Default)]
struct Hits<'i> {
    certain: Vec<u32>,
    uncertain: Vec<u32>,
    /// More that may have it, as the index keeps them: in order, each once.
    foreign: &'i [u32],
}

impl Indexes {
    pub(super) fn new<'t>(types: impl Iterator<Item = &'t Arc<str>>) -> Self {
        Self { types: types.map(|kind| (kind.clone(), TypeIndex::default())).collect() }
    }
}

impl Workspace<'_> {
    /// The current managed objects of a type that are not going away, as a list of handles. A `*` in a type stands for
    /// any text.
    #[must_use]
    pub fn staying(&self, kind: &str) -> Arc<[Value]> {
        if kind.contains('*') {
            let mut kinds: Vec<&Arc<str>> = self.by_type.keys().filter(|one| is_like(kind, one)).collect();
            kinds.sort();
            return kinds.into_iter().flat_map(|kind| self.staying_of(kind).to_vec()).collect();
        }
        self.staying_of(kind)
    }

    // Of one type; a broken plan may have one with a star in it.
    fn staying_of(&self, kind: &str) -> Arc<[Value]> {
        let Some(index) = self.index.types.get(kind) else { return Arc::from([]) };
        let staying = index.staying.get_or_init(|| {
            let stays = |id: &u32| self.object(*id).is_some_and(|object| object.action.stays());
            self.of_type(kind).iter().copied().filter(stays).map(planned).map(|object| self.perhaps(object)).collect()
        });
        staying.clone()
    }

    /// Of these, the objects whose attributes are those of `filter`; a map in it is compared key by key with some block
    /// of a list. Objects that may fit are maybe members.
    #[must_use]
    pub fn having(&self, kind: &str, filter: &Object) -> Vec<Value> {
        // Most joins are by one attribute.
        if let Some((path, wanted)) = filter.only()
            && let Some(found) = self.with_value(kind, path, wanted)
        {
            return found;
        }
        let leaves = leaves(filter);
        // The value that fewest objects may have: one join may be open for all of them, another name a single one.
        let rarest = match leaves.as_slice() {
            [only] => Some(only),
            several => several.iter().min_by_key(|(path, wanted)| self.reach(kind, path, wanted).unwrap_or(usize::MAX)),
        };
        let indexed = rarest.and_then(|(path, wanted)| self.with_value(kind, path, wanted));
        let sufficient = indexed.is_some() && leaves.len() == 1;
        let candidates = indexed.unwrap_or_else(|| self.staying(kind).to_vec());
        if sufficient {
            return candidates;
        }
        let kept = candidates.into_iter().filter_map(|candidate| {
            let object = candidate.member().0;
            let answers = filter.iter().map(|(name, wanted)| self.matches(object, name, wanted));
            compare::all(answers).map_or(Some((object.clone(), true)), |fits| fits.then(|| (object.clone(), false)))
        });
        let kept: Vec<(Value, bool)> = kept.collect();
        // Stand-ins of others stay as they are.
        let has_objects_only = kept.iter().all(|(object, _)| matches!(object, Value::Handle(_)));
        let uncertain = if has_objects_only { kept.iter().filter(|(_, maybe)| *maybe).count() } else { 0 };
        bounded(kept.into_iter(), uncertain).into_iter().map(|object| self.perhaps(object)).collect()
    }

    /// Whether an attribute of a value is `wanted`.
    pub(crate) fn matches(&self, value: &Value, name: &str, wanted: &Value) -> Option<bool> {
        let inner = match value.unmark().0 {
            Value::Handle(handle) => self.attribute(*handle, name),
            Value::Object(object) => object.get(name).cloned(),
            Value::Unknown(_) => return None,
            _ => None,
        };
        let inner = inner.unwrap_or(Value::Null);
        match (wanted.unmark().0, inner.unmark().0) {
            (Value::Object(wanted), Value::List(items)) => compare::any(items.iter().map(|item| {
                let (item, maybe) = item.member();
                let answer = compare::all(wanted.iter().map(|(name, wanted)| self.matches(item, name, wanted)));
                if maybe { answer.filter(|matches| !matches) } else { answer }
            })),
            (Value::Object(wanted), inner) if !matches!(inner, Value::Null) => {
                compare::all(wanted.iter().map(|(name, wanted)| self.matches(inner, name, wanted)))
            }
            (wanted, inner) => compare::equal(self, inner, wanted),
        }
    }

    /// The objects with a value at a path; `None` if the value is none that an index is kept for.
    pub(super) fn with_value(&self, kind: &str, path: &[Arc<str>], wanted: &Value) -> Option<Vec<Value>> {
        let wanted = wanted.unmark().0;
        let symbols = self.key_symbols(kind, wanted)?;
        let Some(by_value) = self.values_at(kind, path) else { return Some(Vec::new()) };
        if symbols.is_empty() && by_value.is_known() {
            let mut certain = plain_key(wanted).map_or_else(Vec::new, |key| by_value.equal(&key).to_vec());
            // Two blocks of one object may have the value.
            certain.dedup();
            return Some(certain.into_iter().map(|id| self.perhaps(planned(id))).collect());
        }
        let mut hits = match symbols {
            [] => self.equal_to(&by_value, wanted),
            [symbol] => self.naming(&by_value, symbol.object),
            several => {
                let named: Vec<Hits<'_>> = several.iter().map(|symbol| self.naming(&by_value, symbol.object)).collect();
                let foreign = named.first().map(|hits| hits.foreign).unwrap_or_default();
                let uncertain = named.into_iter().flat_map(|hits| hits.certain.into_iter().chain(hits.uncertain));
                Hits { certain: Vec::new(), uncertain: uncertain.collect(), foreign }
            }
        };
        for (id, value) in &by_value.compared {
            match compare::equal(self, value, wanted) {
                Some(true) => hits.certain.push(*id),
                Some(false) => {}
                None => hits.uncertain.push(*id),
            }
        }
        hits.uncertain.extend(&by_value.open);
        Some(hits.members().into_iter().map(|object| self.perhaps(object)).collect())
    }

    // About how many objects `with_value` would give, without making the list.
    fn reach(&self, kind: &str, path: &[Arc<str>], wanted: &Value) -> Option<usize> {
        let wanted = wanted.unmark().0;
        let symbols = self.key_symbols(kind, wanted)?;
        let Some(by_value) = self.values_at(kind, path) else { return Some(0) };
        let certain = plain_key(wanted).and_then(|key| by_value.exact.get(&key)).map_or(0, |ids| ids.as_slice().len());
        let unsure = if symbols.is_empty() { by_value.symbols.len() } else { symbols.len() };
        Some(certain + unsure + by_value.compared.len() + by_value.open.len())
    }

    // The objects that a value to be looked up may name, none for a known value; `None` if no index is kept for it.
    fn key_symbols<'v>(&self, kind: &str, wanted: &'v Value) -> Option<&'v [Symbol]> {
        let symbols = wanted.as_unknown().and_then(|unknown| compare::symbols(unknown)).unwrap_or_default();
        let names = !symbols.is_empty() && symbols.iter().all(|symbol| self.is_identity(symbol));
        let has_index = (names || plain_key(wanted).is_some()) && !kind.contains('*');
        has_index.then_some(symbols)
    }

    // The index of a path; `None` if there is no object of the type.
    fn values_at(&self, kind: &str, path: &[Arc<str>]) -> Option<Arc<ByValue>> {
        let index = self.index.types.get(kind)?;
        let cell = {
            let mut paths = index.paths.lock().unwrap_or_else(PoisonError::into_inner);
            match paths.get(path) {
                Some(cell) => cell.clone(),
                None => paths.entry(Box::from(path)).or_default().clone(),
            }
        };
        Some(cell.get_or_init(|| Arc::new(self.by_value(&self.staying(kind), path))).clone())
    }

    /// The objects whose value names `object`, and those whose value may.
    fn naming<'i>(&self, by_value: &'i ByValue, object: u32) -> Hits<'i> {
        let mut certain = by_value.equal(&Key::Object(object)).to_vec();
        let mut uncertain = Vec::new();
        for name in self.names_of(object) {
            let hits = if self.keeps_name(object, name) { &mut certain } else { &mut uncertain };
            hits.extend(by_value.equal(&Key::Text(name.clone())));
        }
        uncertain.extend(by_value.candidates_for(object));
        Hits { certain, uncertain, foreign: by_value.foreign.get_or_init(|| self.foreign(by_value)) }
    }

    /// The objects whose value equals a known one, and those whose value may.
    fn equal_to(&self, by_value: &ByValue, known: &Value) -> Hits<'static> {
        let key = plain_key(known);
        let mut hits = Hits::default();
        hits.certain.extend(key.map_or(&[][..], |key| by_value.equal(&key)));
        let Some(text) = known.as_str() else { return hits };
        if by_value.symbols.is_empty() && by_value.candidates.is_empty() {
            return hits;
        }
        match self.named(text).as_slice() {
            [] if !text.is_empty() => {
                hits.uncertain.extend(&by_value.symbols);
                let mut several: Vec<u32> = by_value.candidates.values().flat_map(Ids::as_slice).copied().collect();
                several.sort_unstable();
                hits.uncertain.extend(several);
            }
            objects => {
                for object in objects {
                    let named = if self.keeps_name(*object, text) { &mut hits.certain } else { &mut hits.uncertain };
                    named.extend(by_value.equal(&Key::Object(*object)));
                    hits.uncertain.extend(by_value.candidates_for(*object));
                }
            }
        }
        hits
    }

    fn foreign(&self, by_value: &ByValue) -> Vec<u32> {
        let mut foreign: Vec<u32> = by_value
            .exact
            .iter()
            .filter(|(key, _)| matches!(key, Key::Text(text) if !text.is_empty() && self.named(text).is_empty()))
            .flat_map(|(_, ids)| ids.as_slice().iter().copied())
            .collect();
        foreign.sort_unstable();
        foreign.dedup();
        foreign
    }

    fn by_value(&self, objects: &[Value], path: &[Arc<str>]) -> ByValue {
        let mut index = ByValue::default();
        let Some((first, rest)) = path.split_first() else { return index };
        for object in objects {
            let Value::Handle(handle) = object.member().0 else { continue };
            // An attribute that is not there is null to a filter.
            let value = self.attribute(*handle, first).unwrap_or(Value::Null);
            self.file(&mut index, handle.object, &value, rest);
        }
        index
    }

    fn file(&self, index: &mut ByValue, id: u32, value: &Value, rest: &[Arc<str>]) {
        let (value, maybe) = value.member();
        let value = value.unmark().0;
        if maybe {
            return index.open.push(id);
        }
        let Some((name, rest)) = rest.split_first() else { return self.file_leaf(index, id, value) };
        if &**name == LAST_STEP {
            return match last_step(value) {
                Some(last) => self.file_leaf(index, id, &last),
                None if matches!(value, Value::Unknown(_)) => index.open.push(id),
                None => {}
            };
        }
        match value {
            Value::List(items) => {
                for item in items.iter() {
                    match item.unmark().0 {
                        Value::Object(object) => {
                            let inner = object.get(name).unwrap_or(&Value::Null);
                            self.file(index, id, inner, rest);
                        }
                        Value::Unknown(_) | Value::Maybe(_) => index.open.push(id),
                        _ => {}
                    }
                }
            }
            Value::Object(object) => self.file(index, id, object.get(name).unwrap_or(&Value::Null), rest),
            Value::Unknown(_) => index.open.push(id),
            _ => {}
        }
    }

    fn file_leaf(&self, index: &mut ByValue, id: u32, value: &Value) {
        let Value::Unknown(unknown) = value else {
            match plain_key(value) {
                Some(key) => Ids::add(&mut index.exact, key, id),
                None => index.compared.push((id, value.clone())),
            }
            return;
        };
        match &**unknown {
            Unknown::Symbol(symbol) if self.is_identity(symbol) => {
                Ids::add(&mut index.exact, Key::Object(symbol.object), id);
                index.symbols.push(id);
            }
            Unknown::OneOf(members) if members.iter().all(|member| self.is_identity(member)) => {
                for member in members.iter() {
                    Ids::add(&mut index.candidates, member.object, id);
                }
            }
            Unknown::Symbol(_) | Unknown::OneOf(_) | Unknown::Template(_) => index.compared.push((id, value.clone())),
            Unknown::Encoded(_) | Unknown::Count { .. } | Unknown::Present(_) | Unknown::Opaque(_) => {
                index.open.push(id);
            }
        }
    }
}

impl ByValue {
    /// Whether every value is known, and can be looked up.
    fn is_known(&self) -> bool {
        self.symbols.is_empty() && self.candidates.is_empty() && self.compared.is_empty() && self.open.is_empty()
    }

    fn equal(&self, key: &Key) -> &[u32] {
        self.exact.get(key).map_or(&[], Ids::as_slice)
    }

    fn candidates_for(&self, object: u32) -> &[u32] {
        self.candidates.get(&object).map_or(&[], Ids::as_slice)
    }
}

impl Hits<'_> {
    // In the workspace's order, each object once; certain wins.
    fn members(mut self) -> Vec<Value> {
        if self.foreign.len() <= MAX_UNCERTAIN + self.certain.len() {
            self.uncertain.extend(self.foreign);
            self.foreign = &[];
        }
        let uncertain = self.uncertain.iter().map(|id| (*id, true));
        let mut hits: Vec<(u32, bool)> = self.certain.iter().map(|id| (*id, false)).chain(uncertain).collect();
        hits.sort_unstable();
        hits.dedup_by_key(|(id, _)| *id);
        // Of thousands of others it is enough to know how many they are.
        let is_foreign = |id: u32| self.foreign.binary_search(&id).is_ok();
        let more = hits.iter().filter(|(id, maybe)| *maybe && !is_foreign(*id)).count();
        let fewer = hits.iter().filter(|(id, maybe)| !maybe && is_foreign(*id)).count();
        let uncertain = (self.foreign.len() + more).saturating_sub(fewer);
        bounded(hits.into_iter().map(|(id, maybe)| (planned(id), maybe)), uncertain)
    }
}

/// Objects as members, each with whether it is not known that it fits; of too many that may, stand-ins.
fn bounded(objects: impl Iterator<Item = (Value, bool)>, uncertain: usize) -> Vec<Value> {
    let is_bounded = are_too_many(uncertain);
    let listed = objects.filter(|(_, maybe)| !(is_bounded && *maybe)).map(|(object, maybe)| object.maybe(maybe));
    listed.chain(is_bounded.then(|| any_of(uncertain)).into_iter().flatten()).collect()
}

/// Whether so many objects may fit that they are no members of their own.
pub(super) const fn are_too_many(uncertain: usize) -> bool {
    uncertain > MAX_UNCERTAIN
}

/// Members that stand for so many objects that none of them is looked at.
pub(super) fn any_of(count: usize) -> impl Iterator<Item = Value> {
    let any = Value::unknown(format!("which of {count} objects are meant is known after apply only")).maybe(true);
    std::iter::repeat_n(any, MAX_UNCERTAIN)
}

/// Every path of a filter that ends in a value.
fn leaves(filter: &Object) -> Vec<(Vec<Arc<str>>, &Value)> {
    let mut leaves = Vec::new();
    for (name, wanted) in filter.iter() {
        match wanted.unmark().0 {
            Value::Object(inner) => leaves.extend(self::leaves(inner).into_iter().map(|(mut path, wanted)| {
                path.insert(0, name.clone());
                (path, wanted)
            })),
            _ => leaves.push((vec![name.clone()], wanted)),
        }
    }
    leaves
}

fn planned(object: u32) -> Value {
    Value::Handle(Handle::new(object, Side::Planned))
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
