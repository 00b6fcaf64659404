//! The graph of references: which object names which other, and in which attribute.
//!
//! Edges come from the table in `links.rs`: only the attributes that it lists are looked at, so an order that is written
//! in `depends_on` is no edge. A value names an object by symbol if the object is still to come, else by text: the whole
//! text, or a part of it that ends where a name can end (`REPOSITORY:TAG`, `ARN:*`). `graph/edges.rs` finds them. Start at
//! [`Workspace::referrers`], [`Workspace::referred`] and [`Workspace::reaches`].

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Workspace;
use super::index::{any_of, are_too_many};
use crate::value::{Handle, Side, Value, Via};

mod documents;
mod edges;

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
    to: Edges,
    from: Edges,
    /// Objects with an attribute of which nothing is known, by the type that it may name and by their own.
    open: FxHashMap<Arc<str>, FxHashMap<Arc<str>, Vec<Edge>>>,
    /// The types that an object may refer to by an attribute of which nothing is known.
    vague: FxHashMap<u32, FxHashSet<Arc<str>>>,
}

/// Edges by the object at one end.
#[derive(Debug, Default)]
struct Edges {
    /// The number of an object and where its edges begin; those of the next object follow.
    starts: Vec<(u32, u32)>,
    edges: Vec<Edge>,
}

impl Workspace<'_> {
    /// The objects that stay and refer to an object by an edge of use, as a list of handles; those that may, as maybe
    /// members. `kinds`: only objects of these types; none: of all types.
    #[must_use]
    pub fn referrers(&self, id: u32, kinds: &[Arc<str>]) -> Vec<Value> {
        let graph = self.graph();
        let edges = graph.to.of(id).iter().copied();
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
        let mut found = self.handles(graph.from.of(id).iter().copied(), kinds);
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
            let is_used = graph.to.of(edge.object).iter().any(|edge| edge.certain);
            stays && !is_used && !self.is_handed_on(edge.object)
        };
        let edges = graph.from.of(id).iter().copied().filter(is_left);
        let doubt = |edge: Edge| {
            let kind = self.object(edge.object).map(|object| object.kind.clone()).unwrap_or_default();
            let doubtful = !graph.to.of(edge.object).is_empty() || graph.open.contains_key(&kind);
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
                for edge in graph.from.of(at) {
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
        self.facts().links().path(via)
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
        self.graph.get_or_init(|| self.make_graph())
    }

    /// Makes the graph on all threads, for many objects whose policies will ask for it.
    pub fn draw_graph(&self) {
        if self.graph.get().is_none() {
            self.name_all();
            let _ = self.graph.set(self.make_graph_together());
        }
    }
}

impl Edges {
    fn new(mut all: Vec<(u32, Edge)>) -> Self {
        // Stable, so that the edges of an object keep their order.
        all.sort_by_key(|(id, _)| *id);
        let (mut starts, mut edges) = (Vec::new(), Vec::with_capacity(all.len()));
        for (id, edge) in all {
            if starts.last().is_none_or(|(last, _)| *last != id) {
                starts.push((id, u32::try_from(edges.len()).unwrap_or(u32::MAX)));
            }
            edges.push(edge);
        }
        Self { starts, edges }
    }

    /// The edges of an object.
    fn of(&self, id: u32) -> &[Edge] {
        let Ok(at) = self.starts.binary_search_by_key(&id, |(id, _)| *id) else { return &[] };
        let start = |at: usize| self.starts.get(at).map(|(_, start)| *start as usize);
        let (from, to) = (start(at).unwrap_or_default(), start(at + 1).unwrap_or(self.edges.len()));
        self.edges.get(from..to).unwrap_or_default()
    }
}

impl Graph {
    // The edges of which it is not known where they lead, to a type from some types; from none: from all.
    fn open_to<'g>(&'g self, target: &str, kinds: &'g [Arc<str>]) -> impl Iterator<Item = &'g [Edge]> {
        let wanted = move |kind: &Arc<str>| kinds.is_empty() || kinds.contains(kind);
        let open = self.open.get(target).into_iter().flatten();
        open.filter(move |(kind, _)| wanted(kind)).map(|(_, edges)| edges.as_slice())
    }
}
