//! Finds the edges of the graph: what the attributes of an object name.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Edge, Edges, Graph};
use crate::value::unknown::Part;
use crate::value::{Handle, Side, Unknown, Value, Via};
use crate::workspace::links::{Class, Link, LinkStep, Links, Target};
use crate::workspace::{Resource, Trail, Workspace, fragments};

/// Levels of a value that are gone through for names; policies in JSON stay far below.
const MAX_DEPTH: usize = 32;

/// Pieces of a text that are tried as names. A name with more colons and slashes behind it is none.
const MAX_PIECES: usize = 16;

/// Objects that one task looks at.
const CHUNK: usize = 128;

/// What one attribute refers to.
#[derive(Debug, Default)]
struct Found {
    edges: Vec<(u32, bool)>,
    /// The types that it may refer to, where nothing more is known.
    open: Vec<Arc<str>>,
    /// Whether the link is an attribute with nothing below that could be a block.
    is_plain: bool,
}

/// What the attributes of some objects refer to.
#[derive(Debug, Default)]
struct Drawn {
    /// From an object, over an edge.
    edges: Vec<(u32, Edge)>,
    /// From an object by an attribute to some type, where nothing more is known.
    open: Vec<(u32, Via, Arc<str>)>,
}

impl Workspace<'_> {
    /// Makes the graph on one thread.
    pub(super) fn make_graph(&self) -> Graph {
        let links = self.facts().links();
        let mut drawn = Drawn::default();
        for (id, object) in (0..).zip(&self.objects) {
            self.draw(id, object, links, &mut drawn);
        }
        self.joined([drawn])
    }

    /// The same on all threads. Not from within a task of theirs: it could wait for the graph that it is making.
    pub(super) fn make_graph_together(&self) -> Graph {
        let links = self.facts().links();
        let objects: Vec<(u32, &Resource<'_>)> = (0..).zip(&self.objects).collect();
        let draw = |chunk: &[(u32, &Resource<'_>)]| {
            let mut drawn = Drawn::default();
            for (id, object) in chunk {
                self.draw(*id, object, links, &mut drawn);
            }
            drawn
        };
        let drawn: Vec<Drawn> = objects.par_chunks(CHUNK).map(draw).collect();
        self.joined(drawn)
    }

    // In the workspace's order, whoever has drawn it.
    fn joined(&self, drawn: impl IntoIterator<Item = Drawn>) -> Graph {
        let mut graph = Graph::default();
        let (mut from, mut to) = (Vec::new(), Vec::new());
        let stays = |id: u32| self.object(id).is_some_and(|object| object.action.stays());
        for Drawn { edges, open } in drawn {
            // What goes away uses nothing any more.
            let used = edges.iter().filter(|(id, _)| stays(*id));
            to.extend(used.map(|(id, edge)| (edge.object, Edge { object: *id, ..*edge })));
            from.extend(edges);
            for (id, via, kind) in open {
                graph.vague.entry(id).or_default().insert(kind.clone());
                let own = self.object(id).filter(|object| object.action.stays()).map(|object| object.kind.clone());
                if let Some(own) = own {
                    let edges = graph.open.entry(kind).or_default().entry(own).or_default();
                    edges.push(Edge { object: id, via, certain: false });
                }
            }
        }
        (graph.from, graph.to) = (Edges::new(from), Edges::new(to));
        graph
    }

    fn draw(&self, id: u32, object: &Resource<'_>, links: &Links, drawn: &mut Drawn) {
        if object.deposed {
            return;
        }
        let side = if object.action.stays() { Side::Planned } else { Side::Prior };
        for link in links.of(&object.kind) {
            let found = self.follow_link(Handle { object: id, side, via: None }, link);
            let edges = found.edges.into_iter().filter(|(target, _)| *target != id);
            drawn.edges.extend(edges.map(|(object, certain)| (id, Edge { object, via: link.number, certain })));
            drawn.open.extend(found.open.into_iter().map(|kind| (id, link.number, kind)));
        }
    }

    fn follow_link(&self, handle: Handle, link: &Link) -> Found {
        let mut found = Found::default();
        let Some((LinkStep::Name(attribute), rest)) = link.steps.split_first() else { return found };
        let users: Vec<&Target> = link.targets.iter().filter(|target| target.class != Class::Ornament).collect();
        if users.is_empty() {
            return found;
        }
        found.is_plain = rest.is_empty() || rest.first() == Some(&LinkStep::Json) || rest == [LinkStep::Each];
        let value = match handle.side {
            Side::Planned => self.attribute(handle, attribute),
            Side::Prior => self.base(handle, attribute).cloned(),
        };
        if let Some(value) = value {
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
                found.edges.extend(self.edges_in(text, rest, targets, depth));
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

    /// The objects that a text names, itself or by a part of it.
    pub(super) fn named_in(&self, text: &str, targets: &[&Target], edges: &mut Vec<(u32, bool)>) {
        let by_path = targets.iter().any(|target| target.is_path);
        let named = names_in(text, by_path).find_map(|name| {
            let objects = self.named_of(name, |object| self.fits(object, targets));
            (!objects.is_empty()).then_some(objects)
        });
        // A name that several objects share says only that one of them is meant.
        let named = named.unwrap_or_default();
        let certain = named.len() == 1;
        edges.extend(named.into_iter().map(|object| (object, certain)));
    }

    fn fits(&self, object: u32, targets: &[&Target]) -> bool {
        let kind = self.object(object).map(|object| &object.kind);
        targets.iter().any(|target| &*target.kind == "*" || kind == Some(&target.kind))
    }

    fn leaf(&self, value: &Value, targets: &[&Target], found: &mut Found) {
        let fits = |object: u32| self.fits(object, targets);
        match value {
            Value::String(text) => self.named_in(text, targets, &mut found.edges),
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

/// What a text may name: itself, then shorter and shorter parts of it that end before `:` or `/`; with `by_path` also
/// its last step.
fn names_in(text: &str, by_path: bool) -> impl Iterator<Item = &str> {
    let ends = text.rmatch_indices([':', '/']).map(|(at, _)| at);
    let shorter = ends.filter_map(|at| text.get(..at)).filter(|name| !name.is_empty()).take(MAX_PIECES);
    let last = if by_path { text.rsplit_once('/').map(|(_, last)| last) } else { None };
    std::iter::once(text).chain(last).chain(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_is_tried_first() {
        assert_eq!(names_in("repo/app:12", false).collect::<Vec<_>>(), ["repo/app:12", "repo/app", "repo"]);
        assert_eq!(names_in("service/main/api", true).nth(1), Some("api"));
        assert_eq!(names_in("", false).collect::<Vec<_>>(), [""]);
        assert_eq!(names_in(&":".repeat(1000), false).count(), 1 + MAX_PIECES);
    }
}
