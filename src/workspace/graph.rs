//! The graph of references: which object names which other, and in which attribute.
//!
//! Edges come from the table in `links.rs`: only the attributes that it lists are looked at, so an order that is written
//! in `depends_on` is no edge. A value names an object by symbol if the object is still to come, else by text: the whole
//! text, or a part of it that ends where a name can end (`REPOSITORY:TAG`, `ARN:*`). Start at [`Workspace::referrers`],
//! [`Workspace::referred`] and [`Workspace::reaches`].

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::{any_of, are_too_many};
use super::links::{Class, Link, LinkStep, Links, Target};
use super::{Trail, Workspace, fragments};
use crate::value::json;
use crate::value::unknown::Part;
use crate::value::{Handle, Side, Unknown, Value, Via};

/// An edge: the object at the other end, the attribute, and whether it is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    object: u32,
    via: Via,
    certain: bool,
}

/// The edges that keep their target alive, from both ends.
#[derive(Debug, Default)]
pub(super) struct Graph {
    to: FxHashMap<u32, Vec<Edge>>,
    from: FxHashMap<u32, Vec<Edge>>,
    /// Objects with an attribute of which nothing is known, by the type that it may name and by their own.
    open: FxHashMap<Arc<str>, FxHashMap<Arc<str>, Vec<Edge>>>,
    /// The types that an object may refer to by an attribute of which nothing is known.
    vague: FxHashMap<u32, FxHashSet<Arc<str>>>,
    /// The paths that edges go by.
    paths: Vec<Arc<str>>,
}

/// What one attribute refers to.
#[derive(Debug, Default)]
struct Found {
    edges: Vec<(u32, bool)>,
    /// The types that it may refer to, where nothing more is known.
    open: Vec<Arc<str>>,
    /// Whether the link is an attribute with nothing below that could be a block.
    is_plain: bool,
}

/// Levels of a value that are gone through for names; policies in JSON stay far below.
const MAX_DEPTH: usize = 32;

/// Pieces of a text that are tried as names. A name with more colons and slashes behind it is none.
const MAX_PIECES: usize = 16;

impl Workspace<'_> {
    /// The objects that stay and refer to an object by an edge of use, as a list of handles; those that may, as maybe
    /// members. `kinds`: only objects of these types; none: of all types.
    #[must_use]
    pub fn referrers(&self, id: u32, kinds: &[Arc<str>]) -> Vec<Value> {
        let graph = self.graph();
        let edges = graph.to.get(&id).into_iter().flatten().copied();
        let kind = self.object(id).map(|object| object.kind.clone()).unwrap_or_default();
        let open: Vec<&[Edge]> = [&*kind, "*"].into_iter().flat_map(|kind| graph.open_to(kind, kinds)).collect();
        let count = open.iter().map(|edges| edges.len()).sum();
        if are_too_many(count) {
            let mut known = self.handles(edges.filter(|edge| edge.object != id), kinds);
            known.extend(any_of(count));
            return known;
        }
        let open = open.into_iter().flatten().copied();
        self.handles(edges.chain(open).filter(|edge| edge.object != id), kinds)
    }

    /// The objects that an object refers to, likewise. One that goes away is asked for its values before. If there may be
    /// more of which nothing is known, the last member is a maybe without a value.
    #[must_use]
    pub fn referred(&self, id: u32, kinds: &[Arc<str>]) -> Vec<Value> {
        let graph = self.graph();
        let edges = graph.from.get(&id).map_or(&[][..], Vec::as_slice);
        let mut found = self.handles(edges.iter().copied(), kinds);
        let vague = graph.vague.get(&id);
        if vague
            .is_some_and(|open| open.contains("*") || kinds.is_empty() || kinds.iter().any(|kind| open.contains(kind)))
        {
            found.push(Value::unknown("which objects it refers to is known after apply only").maybe(true));
        }
        found
    }

    /// The objects that an object which goes away referred to, which stay, and to which no other object refers any more.
    /// One that the source mentions in an output, a local value, a call or a data source is not among them.
    #[must_use]
    pub fn left_behind(&self, id: u32, kinds: &[Arc<str>]) -> Vec<Value> {
        if self.object(id).is_none_or(|object| object.action.stays()) {
            return Vec::new();
        }
        let graph = self.graph();
        let is_left = |edge: &Edge| {
            let stays = self.object(edge.object).is_some_and(|object| object.action.stays());
            let is_used = graph.to.get(&edge.object).is_some_and(|edges| edges.iter().any(|edge| edge.certain));
            stays && !is_used && !self.is_handed_on(edge.object)
        };
        let edges = graph.from.get(&id).into_iter().flatten().copied().filter(is_left);
        let doubt = |edge: Edge| {
            let kind = self.object(edge.object).map(|object| object.kind.clone()).unwrap_or_default();
            let doubtful = graph.to.contains_key(&edge.object) || graph.open.contains_key(&kind);
            Edge { certain: edge.certain && !doubtful && !graph.open.contains_key("*"), ..edge }
        };
        self.handles(edges.map(doubt), kinds)
    }

    fn is_handed_on(&self, id: u32) -> bool {
        let users = self.mentioned_in(id).unwrap_or_default();
        users.iter().any(|user| matches!(&**user, "output" | "locals" | "module") || user.starts_with("data."))
    }

    /// Whether a chain of edges of use leads from an object to one of a type; `None` if that is not known yet.
    #[must_use]
    pub fn reaches(&self, id: u32, kind: &str) -> Option<bool> {
        let graph = self.graph();
        let (mut seen, mut doubtful) = (FxHashSet::default(), Vec::new());
        let mut next = vec![id];
        let mut vague = false;
        let mut certain = true;
        // First along what is certain, then along the rest.
        loop {
            while let Some(at) = next.pop() {
                vague |= graph.vague.contains_key(&at);
                for edge in graph.from.get(&at).into_iter().flatten() {
                    if certain && !(edge.certain && self.is_certain(edge.object)) {
                        doubtful.push(edge.object);
                        continue;
                    }
                    if seen.insert(edge.object) {
                        if self.object(edge.object).is_some_and(|object| *object.kind == *kind) {
                            return certain.then_some(true);
                        }
                        next.push(edge.object);
                    }
                }
            }
            if !certain || doubtful.is_empty() {
                return (!vague).then_some(false);
            }
            certain = false;
            for object in doubtful.drain(..) {
                if self.object(object).is_some_and(|object| *object.kind == *kind) {
                    return None;
                }
                if seen.insert(object) {
                    next.push(object);
                }
            }
        }
    }

    /// The attribute through which an edge goes, as the table writes it.
    pub(super) fn via(&self, via: Via) -> Option<&Arc<str>> {
        self.graph().paths.get(usize::from(via.get()) - 1)
    }

    // In the workspace's order, each object once; certain wins.
    fn handles(&self, edges: impl Iterator<Item = Edge>, kinds: &[Arc<str>]) -> Vec<Value> {
        let wanted = |edge: &Edge| {
            kinds.is_empty() || self.object(edge.object).is_some_and(|object| kinds.contains(&object.kind))
        };
        let mut edges: Vec<Edge> = edges.filter(wanted).collect();
        edges.sort_unstable_by_key(|edge| (edge.object, !edge.certain, edge.via));
        edges.dedup_by_key(|edge| edge.object);
        let handle = |edge: Edge| {
            let stays = self.object(edge.object).is_some_and(|object| object.action.stays());
            let side = if stays { Side::Planned } else { Side::Prior };
            self.perhaps(Value::Handle(Handle { object: edge.object, side, via: Some(edge.via) }).maybe(!edge.certain))
        };
        edges.into_iter().map(handle).collect()
    }

    fn graph(&self) -> &Graph {
        self.graph.get_or_init(|| self.make_graph(self.facts().links()))
    }

    fn make_graph(&self, links: &Links) -> Graph {
        let mut graph = Graph::default();
        let mut paths: FxHashMap<Arc<str>, Via> = FxHashMap::default();
        for (id, object) in (0..).zip(&self.objects) {
            if object.deposed {
                continue;
            }
            let stays = object.action.stays();
            let side = if stays { Side::Planned } else { Side::Prior };
            for link in links.of(&object.kind) {
                let Some(via) = graph.numbered(&mut paths, &link.path) else { continue };
                let found = self.follow_link(Handle { object: id, side, via: None }, link);
                for (target, certain) in found.edges.into_iter().filter(|(target, _)| *target != id) {
                    graph.from.entry(id).or_default().push(Edge { object: target, via, certain });
                    // What goes away uses nothing any more.
                    if stays {
                        graph.to.entry(target).or_default().push(Edge { object: id, via, certain });
                    }
                }
                if !found.open.is_empty() {
                    graph.vague.entry(id).or_default().extend(found.open.iter().cloned());
                }
                for kind in found.open.into_iter().filter(|_| stays) {
                    let open = graph.open.entry(kind).or_default().entry(object.kind.clone()).or_default();
                    open.push(Edge { object: id, via, certain: false });
                }
            }
        }
        graph
    }

    fn follow_link(&self, handle: Handle, link: &Link) -> Found {
        let mut found = Found::default();
        let Some((LinkStep::Name(attribute), rest)) = link.steps.split_first() else { return found };
        found.is_plain = rest.is_empty() || rest.first() == Some(&LinkStep::Json) || rest == [LinkStep::Each];
        let value = match handle.side {
            Side::Planned => self.attribute(handle, attribute),
            Side::Prior => self.base(handle, attribute).cloned(),
        };
        let users: Vec<&Target> = link.targets.iter().filter(|target| target.class != Class::Ornament).collect();
        if let Some(value) = value.filter(|_| !users.is_empty()) {
            self.leaves(&value, rest, &users, MAX_DEPTH, &mut found);
        }
        found
    }

    // Goes along the steps of a link, through lists wherever there are some, and resolves what is at their end.
    fn leaves(&self, value: &Value, steps: &[LinkStep], targets: &[&Target], depth: usize, found: &mut Found) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let value = value.member().0.unmark().0;
        match (value, steps) {
            (Value::List(items), [LinkStep::Each, rest @ ..] | rest @ ([LinkStep::Name(_), ..] | [])) => {
                items.iter().for_each(|item| self.leaves(item, rest, targets, depth, found));
            }
            (Value::List(items), [LinkStep::Any, ..]) => {
                items.iter().for_each(|item| self.leaves(item, steps, targets, depth, found));
            }
            (Value::Object(object), [LinkStep::Any, ..]) => {
                object.iter().for_each(|(_, inner)| self.leaves(inner, steps, targets, depth, found));
            }
            (Value::Object(object), [LinkStep::Name(name), rest @ ..]) => {
                if let Some(inner) = object.get(name) {
                    self.leaves(inner, rest, targets, depth, found);
                }
            }
            (Value::String(text), [LinkStep::Json, rest @ ..]) => {
                if let Ok(inner) = json::open(text) {
                    self.leaves(&inner, rest, targets, depth, found);
                }
            }
            (Value::Unknown(unknown), [LinkStep::Json, rest @ ..]) => match &**unknown {
                Unknown::Encoded(inner) => self.leaves(inner, rest, targets, depth, found),
                Unknown::Template(parts) => match fragments::open(parts) {
                    Some(inner) => self.leaves(&inner, rest, targets, depth, found),
                    None => self.open(value, targets, found),
                },
                _ => self.open(value, targets, found),
            },
            (_, [LinkStep::Each, rest @ ..]) => self.leaves(value, rest, targets, depth, found),
            (Value::String(_) | Value::Unknown(_), [] | [LinkStep::Any]) => self.leaf(value, targets, found),
            (Value::Unknown(_), _) => self.open(value, targets, found),
            _ => {}
        }
    }

    // A value of which nothing is known may name anything, unless it is one that the provider fills in: nobody has
    // written a reference there. Whether a whole block is written, the source alone says (it may be `dynamic`).
    fn open(&self, value: &Value, targets: &[&Target], found: &mut Found) {
        if let Some(Unknown::Symbol(own)) = value.as_unknown().map(|unknown| &**unknown) {
            let trail = Trail::default();
            let is_attribute = own.path.as_attribute().is_some() && found.is_plain;
            if (is_attribute || self.has_source(own.object, &trail))
                && self.is_configured(own.object, &own.path, &trail) == Some(false)
            {
                return;
            }
        }
        found.open.extend(targets.iter().map(|target| target.kind.clone()));
    }

    fn leaf(&self, value: &Value, targets: &[&Target], found: &mut Found) {
        let fits = |object: u32| {
            let kind = self.object(object).map(|object| &object.kind);
            targets.iter().any(|target| &*target.kind == "*" || kind == Some(&target.kind))
        };
        match value {
            Value::String(text) => {
                let by_path = targets.iter().any(|target| target.is_path);
                let named = names_in(text, by_path).into_iter().find_map(|name| {
                    let objects = self.named(name).iter().copied().filter(|object| fits(*object));
                    let objects: Vec<u32> = objects.collect();
                    (!objects.is_empty()).then_some(objects)
                });
                // A name that several objects share says only that one of them is meant.
                let named = named.unwrap_or_default();
                let certain = named.len() == 1;
                found.edges.extend(named.into_iter().map(|object| (object, certain)));
            }
            Value::Unknown(unknown) => match &**unknown {
                Unknown::Symbol(symbol) if self.is_identity(symbol) => {
                    if fits(symbol.object) {
                        found.edges.push((symbol.object, true));
                    }
                }
                Unknown::OneOf(members) if members.iter().all(|member| self.is_identity(member)) => {
                    found
                        .edges
                        .extend(members.iter().map(|member| member.object).filter(|o| fits(*o)).map(|o| (o, false)));
                }
                Unknown::Template(parts) => {
                    let symbols = parts.iter().filter_map(|part| match part {
                        Part::Symbol(symbol) => Some(symbol.object),
                        _ => None,
                    });
                    let hits: Vec<u32> = symbols.filter(|object| fits(*object)).collect();
                    let certain = hits.len() == 1;
                    if hits.is_empty() && parts.iter().any(|part| matches!(part, Part::Any(_))) {
                        self.open(value, targets, found);
                    }
                    found.edges.extend(hits.into_iter().map(|object| (object, certain)));
                }
                _ => self.open(value, targets, found),
            },
            _ => {}
        }
    }
}

impl Graph {
    // The edges of which it is not known where they lead, to a type from some types; from none: from all.
    fn open_to<'g>(&'g self, target: &str, kinds: &'g [Arc<str>]) -> impl Iterator<Item = &'g [Edge]> {
        let wanted = move |kind: &Arc<str>| kinds.is_empty() || kinds.contains(kind);
        let open = self.open.get(target).into_iter().flatten();
        open.filter(move |(kind, _)| wanted(kind)).map(|(_, edges)| edges.as_slice())
    }

    // Paths are numbered from 1, so that a handle has room for "by no edge"; the table has about a thousand.
    fn numbered(&mut self, known: &mut FxHashMap<Arc<str>, Via>, path: &Arc<str>) -> Option<Via> {
        if let Some(via) = known.get(path) {
            return Some(*via);
        }
        self.paths.push(path.clone());
        let via = Via::new(u16::try_from(self.paths.len()).ok()?)?;
        known.insert(path.clone(), via);
        Some(via)
    }
}

/// What a text may name: itself, then shorter and shorter parts of it that end before `:` or `/`; with `by_path` also
/// its last step.
fn names_in(text: &str, by_path: bool) -> Vec<&str> {
    let ends = text.rmatch_indices([':', '/']).map(|(at, _)| at);
    let shorter = ends.filter_map(|at| text.get(..at)).filter(|name| !name.is_empty()).take(MAX_PIECES);
    let last = text.rsplit_once('/').map(|(_, last)| last).filter(|_| by_path);
    std::iter::once(text).chain(last).chain(shorter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_is_tried_first() {
        assert_eq!(names_in("repo/app:12", false), ["repo/app:12", "repo/app", "repo"]);
        assert_eq!(names_in("service/main/api", true)[1], "api");
        assert_eq!(names_in("", false), [""]);
        assert_eq!(names_in(&":".repeat(1000), false).len(), 1 + MAX_PIECES);
    }
}
