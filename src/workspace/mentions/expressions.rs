//! The expressions of the plan's `configuration`: for each argument, which objects it mentions (`spec/plan-json.md` 8.4).
//!
//! They are read when they are first asked for, once for all instances of a block, and keep what references start from
//! only. Start at [`Lazy::node`] and [`Node::leaf`].

use std::borrow::Cow;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::terraform::address::{Step as Piece, parse_reference};
use crate::terraform::document::Str;
use crate::value::Step;

/// Blocks in blocks. Real ones have a handful of levels.
const MAX_DEPTH: usize = 64;

/// Expressions that are read when they are first asked for.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Lazy<'a> {
    text: Option<&'a RawValue>,
    node: OnceLock<Option<Box<Node<'a>>>>,
}

/// An expression, a block or a list of blocks.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// An expression without references, by its JSON text.
    Constant(&'a RawValue),
    /// An expression that mentions something: its longest references.
    Mentions(Box<[Cow<'a, str>]>),
    /// An expression of which the plan keeps nothing.
    Hidden,
    Block(Box<[(Cow<'a, str>, Self)]>),
    Blocks(Box<[Self]>),
    /// What is no expression.
    Other,
}

/// The expression that covers a path.
pub(super) enum Leaf<'n, 'a> {
    Found(&'n Node<'a>),
    Several(Vec<&'n Node<'a>>),
    Missing,
}

impl<'a> Lazy<'a> {
    /// The text, as the plan has it.
    pub(in crate::workspace) fn text(&self) -> Option<&'a str> {
        self.text.map(RawValue::get)
    }

    pub(super) fn is_written(&self) -> bool {
        self.text.is_some()
    }

    pub(super) fn node(&self) -> Option<&Node<'a>> {
        let node = self.node.get_or_init(|| self.text.map(|text| Box::new(Node::read(text, MAX_DEPTH))));
        node.as_deref()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Lazy<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<&'de RawValue>::deserialize(deserializer)?;
        Ok(Self { text, node: OnceLock::new() })
    }
}

impl<'a> Node<'a> {
    fn read(text: &'a RawValue, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::Other };
        if text.get().starts_with('[') {
            let Ok(items) = serde_json::from_str::<Vec<&'a RawValue>>(text.get()) else { return Self::Other };
            return Self::Blocks(items.into_iter().map(|item| Self::read(item, depth)).collect());
        }
        let Ok(Entries(entries)) = serde_json::from_str::<Entries<'a>>(text.get()) else { return Self::Other };
        if entries.is_empty() {
            return Self::Hidden;
        }
        if let [(key, constant)] = entries.as_slice()
            && key == "constant_value"
        {
            return Self::Constant(constant);
        }
        let references = entries.iter().find(|(key, _)| key == "references").map(|(_, list)| *list);
        let references = references.and_then(|list| serde_json::from_str::<Vec<Str<'a>>>(list.get()).ok());
        if let Some(references) = references {
            return Self::Mentions(heads(references));
        }
        Self::Block(entries.into_iter().map(|(key, value)| (key, Self::read(value, depth))).collect())
    }

    fn is_expression(&self) -> bool {
        matches!(self, Self::Constant(_) | Self::Mentions(_) | Self::Hidden)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Block(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The expression that sets what a path leads to.
    pub(super) fn leaf<'n>(&'n self, steps: &[Step]) -> Leaf<'n, 'a> {
        match (self, steps) {
            (Self::Constant(_) | Self::Mentions(_), _) | (Self::Hidden, []) => Leaf::Found(self),
            (Self::Block(_), [Step::Name(name), rest @ ..]) => {
                self.get(name).map_or(Leaf::Missing, |node| node.leaf(rest))
            }
            (Self::Blocks(blocks), [Step::Index(_), rest @ ..]) => match &**blocks {
                [only] => only.leaf(rest),
                several => {
                    let leaves = several.iter().filter_map(|block| match block.leaf(rest) {
                        Leaf::Found(leaf) => Some(leaf),
                        Leaf::Several(_) | Leaf::Missing => None,
                    });
                    let leaves: Vec<&Self> = leaves.collect();
                    if leaves.is_empty() { Leaf::Missing } else { Leaf::Several(leaves) }
                }
            },
            (Self::Block(_) | Self::Blocks(_), []) => Leaf::Several(self.leaves()),
            _ => Leaf::Missing,
        }
    }

    // Every expression below a node: what a block as a whole may hold.
    fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::Block(entries) => entries.iter().flat_map(|(_, node)| node.leaves()).collect(),
            Self::Blocks(items) => items.iter().flat_map(Self::leaves).collect(),
            node if node.is_expression() => vec![node],
            _ => Vec::new(),
        }
    }
}

/// The members of a JSON object, in the order of their keys, as `configuration` has no other.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Str(key), value)) = map.next_entry::<Str<'de>, &'de RawValue>()? {
                    entries.push((key, value));
                }
                // Of equal keys the last one wins, and no order of the file shows.
                entries.reverse();
                entries.sort_by(|left, right| left.0.cmp(&right.0));
                entries.dedup_by(|later, earlier| later.0 == earlier.0);
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Visitor).map(Entries)
    }
}

// An entry that is its predecessor without the last step was unwound from it (section 8.4).
fn heads(references: Vec<Str<'_>>) -> Box<[Cow<'_, str>]> {
    let mut heads = Vec::new();
    let mut previous: Option<Vec<Piece>> = None;
    for Str(text) in references {
        let Ok(reference) = parse_reference(&text) else { continue };
        let unwound = previous.as_ref().and_then(|previous| previous.split_last());
        if unwound.is_none_or(|(_, shorter)| shorter != reference.as_slice()) {
            heads.push(text);
        }
        previous = Some(reference);
    }
    heads.into_boxed_slice()
}
