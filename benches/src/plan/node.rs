//! The values in a template: written with the masks that Terraform lays over them.

use serde_json::Value as Json;

use super::scope::{Moment, Variable, View};
use super::shapes::texts;

/// A value and what is to be known of it.
pub(crate) enum Node {
    /// JSON text that is the same everywhere.
    Literal(String),
    Number(Variable),
    Text(Vec<Piece>),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
    /// Not written: the provider's default.
    Default(Box<Self>),
    /// Not written: known after apply.
    Computed(Box<Self>),
    Refers(Box<Self>, Reference),
}

/// A piece of a text, already escaped for JSON.
pub(crate) enum Piece {
    Text(String),
    Variable(Variable),
}

/// The references of an expression.
pub(crate) struct Reference {
    names: Vec<String>,
    /// The template in the same module that it comes from.
    pub(crate) target: Option<usize>,
    /// The value is known as soon as it is written.
    pub(crate) is_known: bool,
    /// It comes through a variable, from objects that are new on a first apply.
    pub(crate) is_new_at_first: bool,
}

impl Node {
    pub(crate) fn wrapped(wrap: &str, node: Self) -> Self {
        if wrap == "$default" { Self::Default(Box::new(node)) } else { Self::Computed(Box::new(node)) }
    }

    pub(crate) fn read(value: &Json, addresses: &[String]) -> Self {
        match value {
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::List(items.iter().map(|item| Self::read(item, addresses)).collect()),
            Json::Object(members) => {
                if let Some(names) = members.get("$refs") {
                    let inner = members.get("value").unwrap_or(&Json::Null);
                    return Self::Refers(
                        Box::new(Self::read(inner, addresses)),
                        Reference::read(names, value, addresses),
                    );
                }
                for wrap in ["$default", "$computed"] {
                    if let Some(inner) = members.get(wrap) {
                        return Self::wrapped(wrap, Self::read(inner, addresses));
                    }
                }
                Self::Map(members.iter().map(|(name, value)| (name.clone(), Self::read(value, addresses))).collect())
            }
            plain => Self::Literal(plain.to_string()),
        }
    }

    fn text(text: &str) -> Self {
        if let Some(variable) = text.strip_prefix('#').and_then(Variable::read) {
            return Self::Number(variable);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            pieces.push(Piece::Text(escaped(before)));
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            pieces.extend(Variable::read(name).map(Piece::Variable));
            rest = after;
        }
        pieces.push(Piece::Text(escaped(rest)));
        Self::Text(pieces)
    }

    pub(crate) fn refers_to_new(&self, view: &View<'_>) -> bool {
        match self {
            Self::Refers(_, reference) => view.is_new(reference),
            Self::List(items) => items.iter().any(|item| item.refers_to_new(view)),
            Self::Map(members) => members.iter().any(|(_, member)| member.refers_to_new(view)),
            _ => false,
        }
    }

    fn is_unknown(&self, view: &View<'_>) -> bool {
        match self {
            Self::Computed(_) => view.moment == Moment::After && view.is_made,
            Self::Refers(_, reference) => view.moment == Moment::After && view.is_new(reference),
            _ => false,
        }
    }

    // Terraform knows the length of a list of unknown members.
    pub(crate) fn is_hidden(&self, view: &View<'_>) -> bool {
        let is_list = matches!(self, Self::Refers(inner, _) if matches!(**inner, Self::List(_)));
        self.is_unknown(view) && !is_list
    }

    fn is_null(&self) -> bool {
        match self {
            Self::Literal(text) => text == "null",
            Self::Default(inner) | Self::Computed(inner) | Self::Refers(inner, _) => inner.is_null(),
            _ => false,
        }
    }

    pub(crate) fn value(&self, view: &View<'_>, out: &mut String) {
        match self {
            Self::Literal(text) => out.push_str(text),
            Self::Number(variable) => variable.write(view, out),
            Self::Text(pieces) => {
                out.push('"');
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(text),
                        Piece::Variable(variable) => variable.write(view, out),
                    }
                }
                out.push('"');
            }
            Self::List(items) => list(out, items, |item, out| item.value(view, out)),
            Self::Map(members) => object(out, members, |member, out| {
                let shown = !member.is_hidden(view);
                if shown {
                    member.value(view, out);
                }
                shown
            }),
            Self::Refers(inner, _) if self.is_unknown(view) => match &**inner {
                Self::List(items) => list(out, items, |_, out| out.push_str("null")),
                _ => out.push_str("null"),
            },
            Self::Default(inner) | Self::Computed(inner) | Self::Refers(inner, _) => inner.value(view, out),
        }
    }

    // Scalars that are known have no place in the mask of an object.
    pub(crate) fn unknown(&self, view: &View<'_>, out: &mut String) -> bool {
        match self {
            Self::Computed(_) if self.is_unknown(view) => out.push_str("true"),
            Self::Refers(inner, _) if self.is_unknown(view) => match &**inner {
                Self::List(items) => list(out, items, |_, out| out.push_str("true")),
                _ => out.push_str("true"),
            },
            Self::List(items) => list(out, items, |item, out| {
                if !item.unknown(view, out) {
                    out.push_str("false");
                }
            }),
            Self::Map(members) => object(out, members, |member, out| member.unknown(view, out)),
            Self::Default(inner) | Self::Computed(inner) | Self::Refers(inner, _) => return inner.unknown(view, out),
            Self::Literal(_) | Self::Number(_) | Self::Text(_) => return false,
        }
        true
    }

    pub(crate) fn has_structure(&self) -> bool {
        match self {
            Self::List(_) | Self::Map(_) => true,
            Self::Default(inner) | Self::Computed(inner) | Self::Refers(inner, _) => inner.has_structure(),
            _ => false,
        }
    }

    pub(crate) fn nothing_sensitive(&self, out: &mut String) {
        match self {
            Self::List(items) => list(out, items, Node::nothing_sensitive),
            Self::Map(members) => object(out, members, |member, out| {
                let shown = member.has_structure();
                if shown {
                    member.nothing_sensitive(out);
                }
                shown
            }),
            Self::Default(inner) | Self::Computed(inner) | Self::Refers(inner, _) => inner.nothing_sensitive(out),
            Self::Literal(_) | Self::Number(_) | Self::Text(_) => out.push_str("false"),
        }
    }

    pub(crate) fn expression(&self, view: &View<'_>, out: &mut String) -> bool {
        match self {
            Self::Default(_) | Self::Computed(_) => return false,
            node if node.is_null() => return false,
            Self::Refers(_, reference) => {
                out.push_str("{\"references\":[");
                out.push_str(&reference.names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(","));
                out.push_str("]}");
            }
            Self::List(items) if items.iter().any(|item| matches!(item, Self::Map(_))) => {
                list(out, items, |item, out| {
                    item.members(view, out);
                });
            }
            constant => {
                out.push_str("{\"constant_value\":");
                constant.value(view, out);
                out.push('}');
            }
        }
        true
    }

    fn members(&self, view: &View<'_>, out: &mut String) {
        let members = if let Self::Map(members) = self { members.as_slice() } else { &[] };
        object(out, members, |member, out| member.expression(view, out));
    }
}

impl Reference {
    fn read(names: &Json, options: &Json, addresses: &[String]) -> Self {
        let names = texts(Some(names));
        let first = names.first().map_or("", String::as_str);
        let belongs = |address: &String| first.strip_prefix(address).is_some_and(|rest| !rest.starts_with(is_name));
        Self {
            target: addresses.iter().position(belongs),
            is_known: options.get("known").is_some(),
            is_new_at_first: options.get("fresh").is_some(),
            names,
        }
    }
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn escaped(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}

pub(crate) fn key(out: &mut String, name: &str, first: &mut bool) {
    if !std::mem::take(first) {
        out.push(',');
    }
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
}

/// An object of those members that `write` has something to say about.
pub(crate) fn object(out: &mut String, members: &[(String, Node)], write: impl Fn(&Node, &mut String) -> bool) {
    let mut first = true;
    out.push('{');
    for (name, node) in members {
        let (length, was_first) = (out.len(), first);
        key(out, name, &mut first);
        if !write(node, out) {
            out.truncate(length);
            first = was_first;
        }
    }
    out.push('}');
}

fn list(out: &mut String, items: &[Node], write: impl Fn(&Node, &mut String)) {
    out.push('[');
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}
