//! The changes of a plan (`spec/plan-json.md` 3): typed on top, raw values below.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::document::Str;

/// One entry of `resource_changes`. A deposed object shares the address of the current one.
#[derive(Debug, Default, Deserialize)]
pub struct ResourceChange<'a> {
    /// The absolute address with instance keys.
    #[serde(borrow, default)]
    pub address: Option<Str<'a>>,
    /// The address before a move.
    #[serde(borrow, default)]
    pub previous_address: Option<Str<'a>>,
    /// `managed` or `data`; some files lack it.
    #[serde(borrow, default)]
    pub mode: Option<Str<'a>>,
    /// The resource type.
    #[serde(borrow, default, rename = "type")]
    pub kind: Option<Str<'a>>,
    /// `HOST/NAMESPACE/TYPE`, or the bare type in Terraform 0.12.
    #[serde(borrow, default)]
    pub provider_name: Option<Str<'a>>,
    /// The key of a deposed object.
    #[serde(borrow, default)]
    pub deposed: Option<Str<'a>>,
    /// Why Terraform chose the action; any word.
    #[serde(borrow, default)]
    pub action_reason: Option<Str<'a>>,
    /// The change.
    #[serde(borrow, default)]
    pub change: Option<Change<'a>>,
}

/// The change of one object.
#[derive(Debug, Default, Deserialize)]
pub struct Change<'a> {
    /// What Terraform will do.
    #[serde(default)]
    pub actions: Action,
    /// Values before; `null` on create.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub before: Option<&'a str>,
    /// Values after; `null` on delete.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub after: Option<&'a str>,
    /// Mask of what is not known until apply.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub after_unknown: Option<&'a str>,
    /// Mask of what must not be shown, before.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub before_sensitive: Option<&'a str>,
    /// Mask of what must not be shown, after.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub after_sensitive: Option<&'a str>,
    /// Which attributes force a replacement. A path may hold a secret: a set's element is written as its value.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub replace_paths: Option<&'a str>,
    /// Present when the object is imported; comes with no-op or update.
    #[serde(borrow, default, deserialize_with = "raw")]
    pub importing: Option<&'a str>,
}

/// The JSON text of a value.
fn raw<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a str>, D::Error> {
    Ok(Option::<&RawValue>::deserialize(deserializer)?.map(RawValue::get))
}

/// The class of a change's `actions` (`spec/plan-json.md` 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// `["no-op"]`
    NoOp,
    /// `["create"]`
    Create,
    /// `["read"]`: a data source read during apply.
    Read,
    /// `["update"]`
    Update,
    /// `["delete"]`
    Delete,
    /// `["delete","create"]`: destroyed first.
    DeleteCreate,
    /// `["create","delete"]`: `create_before_destroy`.
    CreateDelete,
    /// `["forget"]`: leaves the state, keeps living.
    Forget,
    /// `["create","forget"]`: a new object; the old one stays, unmanaged.
    CreateForget,
    /// Absent, empty, or a word of a newer version.
    #[default]
    Other,
}

impl Action {
    /// The list as Terraform writes it; empty for [`Action::Other`].
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::NoOp => &["no-op"],
            Self::Create => &["create"],
            Self::Read => &["read"],
            Self::Update => &["update"],
            Self::Delete => &["delete"],
            Self::DeleteCreate => &["delete", "create"],
            Self::CreateDelete => &["create", "delete"],
            Self::Forget => &["forget"],
            Self::CreateForget => &["create", "forget"],
            Self::Other => &[],
        }
    }

    const ALL: [Self; 9] = [
        Self::NoOp,
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::DeleteCreate,
        Self::CreateDelete,
        Self::Forget,
        Self::CreateForget,
    ];

    /// The action of a list that Terraform writes.
    #[must_use]
    pub fn from_names(names: &[&str]) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.names() == names)
    }

    /// The operation that the object is left with, as policies name it: a replacement ends with a new object.
    #[must_use]
    pub const fn last_operation(self) -> &'static str {
        match self {
            Self::Create | Self::DeleteCreate | Self::CreateDelete | Self::CreateForget => "create",
            Self::Update => "update",
            Self::Delete | Self::Forget => "delete",
            Self::NoOp | Self::Read | Self::Other => "no-op",
        }
    }

    /// Whether the object is there afterwards, under Terraform's care.
    #[must_use]
    pub const fn stays(self) -> bool {
        !matches!(self, Self::Delete | Self::Forget)
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ActionVisitor)
    }
}

struct ActionVisitor;

impl<'de> Visitor<'de> for ActionVisitor {
    type Value = Action;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of actions")
    }

    fn visit_unit<E>(self) -> Result<Action, E> {
        Ok(Action::Other)
    }

    fn visit_str<E>(self, name: &str) -> Result<Action, E> {
        Ok(Action::from_names(&[name]).unwrap_or_default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Action, A::Error> {
        let mut names: Vec<Str<'de>> = Vec::with_capacity(2);
        while let Some(name) = items.next_element()? {
            names.push(name);
        }
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        Ok(Action::from_names(&names).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(text: &str) -> Action {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn actions_are_read_leniently() {
        assert_eq!(action(r#"["delete","create"]"#), Action::DeleteCreate);
        assert_eq!(action(r#"["create","forget"]"#), Action::CreateForget);
        for odd in ["null", "[]", r#"["dance"]"#, r#"["create","update"]"#] {
            assert_eq!(action(odd), Action::Other, "{odd}");
        }
    }

    #[test]
    fn every_field_of_a_change_is_optional() {
        let change: ResourceChange<'_> = serde_json::from_str(r#"{"future":[1],"address":null}"#).unwrap();
        assert!(change.address.is_none() && change.change.is_none());
    }
}
