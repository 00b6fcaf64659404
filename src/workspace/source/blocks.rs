//! The values of an object: attributes are evaluated, nested blocks become lists, `dynamic` blocks are written out.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::scope::Scope;
use super::tree::Node;
use super::{Source, remembered};
use crate::expr::{Expr, Fault, Kind};
use crate::terraform::config::Block;
use crate::value::{ListKind, Path, Value};

/// What belongs to Terraform, not to the object.
const META_ARGUMENTS: [&str; 7] =
    ["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"];

/// The one block that providers of every kind have once at most, so that it is an object in plans.
const SINGLE: &str = "timeouts";

/// Blocks in blocks, and blocks of one kind that `dynamic` makes.
const MAX_DEPTH: usize = 32;

/// See [`MAX_DEPTH`].
const MAX_BLOCKS: usize = 10_000;

/// Kinds of blocks in one block; each is looked for among all of them. No provider has so many.
const MAX_KINDS: usize = 1_000;

/// Key and value of one round of a `dynamic` block.
type Members = Vec<(Value, Value)>;

impl<'c> Source<'c> {
    /// Everything that the block of an object writes.
    pub(super) fn written(&self, node: &Rc<Node<'c>>) -> Vec<(Arc<str>, Value)> {
        let names = self.names(node.block).into_iter().filter(|name| !META_ARGUMENTS.contains(&&**name));
        names.map(|name| (name.clone(), self.settled(&self.written_as(node, &name)))).collect()
    }

    /// What an expression that mentions an attribute of an object gets: what is written, the provider's default, else
    /// the name under which it will be known.
    pub(super) fn attribute(&self, node: &Rc<Node<'c>>, name: &str) -> Value {
        let own = Arc::from(name);
        let written = node.block.writes(name) && !META_ARGUMENTS.contains(&name);
        let value = if written { self.written_as(node, &own) } else { Value::Null };
        if !matches!(value, Value::Null) {
            return value;
        }
        let default = self.facts.default_of(&node.kind, &Path::attribute(name));
        default.cloned().unwrap_or_else(|| node.symbol(name))
    }

    fn written_as(&self, node: &Rc<Node<'c>>, name: &Arc<str>) -> Value {
        let value = remembered(&node.attributes, name, node.block.header, || {
            let scope = Scope::in_round(self, node.module.clone(), node.round.clone());
            Ok(scope.member(node.block, name, 0).untyped())
        });
        value.unwrap_or_else(|fault| self.lost(&fault))
    }

    /// The names of the attributes and blocks that a block writes, each once.
    pub(super) fn names(&self, block: &Block) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = block.attributes.iter().map(|attribute| attribute.name.clone()).collect();
        let mut seen: FxHashSet<Arc<str>> =
            if block.blocks.is_empty() { FxHashSet::default() } else { names.iter().cloned().collect() };
        let most = names.len() + MAX_KINDS;
        for nested in &block.blocks {
            let name = if &*nested.kind == "dynamic" { nested.labels.first() } else { Some(&nested.kind) };
            names.extend(name.filter(|name| seen.insert((*name).clone())).cloned());
            if names.len() > most {
                let message =
                    format!("there are more than {MAX_KINDS} kinds of blocks in this one; the rest is not read");
                self.lost(&Fault::new(nested.header, message));
                break;
            }
        }
        names
    }

    /// A value as the workspace has it: module instances are written out, because it knows objects only.
    pub(super) fn settled(&self, value: &Value) -> Value {
        match value {
            Value::Handle(handle) => match self.module_of(*handle) {
                Some(module) => {
                    let whole = Scope::new(self, module).expand_whole(*handle);
                    self.settled(&whole)
                }
                None => value.clone(),
            },
            Value::Sensitive(inner) => self.settled(inner).mark(true),
            Value::Maybe(inner) => self.settled(inner).maybe(true),
            Value::List(items) if items.iter().any(holds_handles) => {
                Value::list(items.iter().map(|item| self.settled(item)).collect())
            }
            Value::Object(object) if object.iter().any(|(_, value)| holds_handles(value)) => {
                let entries = object.iter().map(|(name, value)| (name.clone(), self.settled(value)));
                Value::object(entries.collect())
            }
            other => other.clone(),
        }
    }
}

fn holds_handles(value: &Value) -> bool {
    match value {
        Value::Handle(_) => true,
        Value::Sensitive(inner) | Value::Maybe(inner) => holds_handles(inner),
        Value::List(items) => items.iter().any(holds_handles),
        Value::Object(object) => object.iter().any(|(_, value)| holds_handles(value)),
        _ => false,
    }
}

impl<'c> Scope<'_, 'c> {
    // An attribute, or all blocks of a kind.
    pub(super) fn member(&self, block: &'c Block, name: &str, depth: usize) -> Value {
        match block.attribute(name) {
            Some(attribute) => {
                let value = self.eval(&attribute.value).unwrap_or_else(|fault| self.source.lost(&fault));
                let secrets = &self.source.facts.secrets;
                let hidden = secrets.hide_attribute(name) && matches!(value, Value::String(_) | Value::Unknown(_));
                value.mark(hidden)
            }
            None => self.blocks(block, name, depth),
        }
    }

    fn blocks(&self, block: &'c Block, kind: &str, depth: usize) -> Value {
        let mut items: Vec<Value> = Vec::new();
        for nested in &block.blocks {
            if &*nested.kind == kind {
                items.push(self.body(nested, depth + 1));
            } else if &*nested.kind == "dynamic" && nested.labels.first().is_some_and(|label| &**label == kind) {
                match self.dynamic(nested, kind, depth) {
                    Ok(made) => items.extend(made),
                    Err(unknown) => return unknown,
                }
            }
            if items.len() > MAX_BLOCKS {
                return Value::unknown(format!("there are more than {MAX_BLOCKS} {kind} blocks"));
            }
        }
        match items.pop() {
            Some(only) if kind == SINGLE && items.is_empty() => only,
            last => {
                items.extend(last);
                Value::list(items)
            }
        }
    }

    fn body(&self, block: &'c Block, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::unknown("the blocks are nested too deep");
        }
        let entries = self.source.names(block).into_iter().map(|name| {
            let value = self.member(block, &name, depth);
            (name, value)
        });
        Value::object(entries.collect())
    }

    // The blocks that a `dynamic` block makes; the error is the unknown list of which nobody knows the members.
    fn dynamic(&self, block: &'c Block, kind: &str, depth: usize) -> Result<Vec<Value>, Value> {
        let (Some(content), Some(for_each)) = (block.nested("content").next(), block.attribute("for_each")) else {
            return Ok(Vec::new());
        };
        let collection = self.eval(&for_each.value).map_err(|fault| self.source.lost(&fault))?;
        let iterator = block.attribute("iterator").and_then(|named| self.name(&named.value));
        let iterator = iterator.unwrap_or_else(|| Arc::from(kind));
        let (members, sensitive) = self.members(&collection)?;
        if members.len() > MAX_BLOCKS {
            return Err(Value::unknown(format!("there are more than {MAX_BLOCKS} {kind} blocks")));
        }
        let made = members.into_iter().map(|(key, value)| {
            let each = vec![(Arc::from("key"), key), (Arc::from("value"), value.mark(sensitive))];
            self.with_iterator(iterator.clone(), Value::object(each)).body(content, depth + 1)
        });
        Ok(made.collect())
    }

    fn members(&self, collection: &Value) -> Result<(Members, bool), Value> {
        let (inner, sensitive) = collection.unmark();
        let members = match inner {
            Value::Object(object) => {
                object.iter().map(|(key, value)| (Value::String(key.clone()), value.clone())).collect()
            }
            // The key of a set's member is the member.
            Value::List(items) if items.iter().all(|item| !item.member().1) => {
                let is_set = items.kind() == ListKind::Set;
                let key = |(at, item): (usize, &Value)| if is_set { item.clone() } else { Value::int(at) };
                items.iter().enumerate().map(|(at, item)| (key((at, item)), item.clone())).collect()
            }
            Value::Handle(handle) => {
                let Value::Object(object) = self.expand_whole(*handle) else { return Ok((Vec::new(), sensitive)) };
                object.iter().map(|(key, value)| (Value::String(key.clone()), value.clone())).collect()
            }
            Value::Null => Vec::new(),
            other => {
                let reason = other.cause().map(|cause| self.source.cause(&cause));
                let reason = reason.unwrap_or_else(|| "for_each is neither a map nor a list".to_owned());
                return Err(Value::unknown(format!("which blocks there are is not known: {reason}")));
            }
        };
        Ok((members, sensitive))
    }

    fn expand_whole(&self, handle: crate::value::Handle) -> Value {
        use crate::expr::eval::Host as _;
        self.expand(handle)
    }

    // `iterator = name`
    fn name(&self, expr: &Expr) -> Option<Arc<str>> {
        match expr.kind {
            Kind::Reference(reference) => Some(self.module.module.traversal(reference)?.head.clone()),
            _ => None,
        }
    }
}
