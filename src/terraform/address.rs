//! Addresses: what Terraform calls a resource, `module.web["a"].aws_instance.main[0]`, in parts.
//!
//! Nothing here splits at dots, because a key may hold dots, quotes and brackets. An [`Address`] is read with
//! [`Address::parse`] and printed exactly as Terraform prints it; it is sorted by its parts, so that `[10]` comes
//! behind `[9]`. [`parse_reference`] takes a reference of the plan's `configuration` apart, which goes on into the
//! attributes (spec/plan-json.md 8.1). What an address points to is not known here.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::value::shared;

mod tokens;

use tokens::Cursor;
pub use tokens::{AddressError, Key, Step, Steps, parse_reference};

const MODULE: &str = "module";
const DATA: &str = "data";

thread_local! {
    // The calls that the address read last began with: what stands next to each other in a plan is in one module.
    static LATEST: RefCell<(String, ModuleInstance)> = RefCell::default();
}

/// One call of a module: `module.NAME` with the key of the instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    /// The name of the call, not of the module's source.
    pub name: Arc<str>,
    /// Which instance, if the call has `count` or `for_each`.
    pub key: Option<Key>,
}

/// An instance of a module: the calls that lead to it from the root, which has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleInstance(Arc<[ModuleStep]>);

/// Whether Terraform manages an object or only reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A `resource` block.
    Managed,
    /// A `data` block.
    Data,
}

/// The address of a resource instance, or of all instances of a block when it has no key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Where the resource is.
    pub module: ModuleInstance,
    /// Managed or read.
    pub mode: Mode,
    /// The resource type.
    pub kind: Arc<str>,
    /// The name of the block.
    pub name: Arc<str>,
    /// Which instance, if the block has `count` or `for_each`.
    pub key: Option<Key>,
}

impl ModuleInstance {
    /// Reads `module.a["k"].module.b`; an empty text is the root.
    ///
    /// # Errors
    ///
    /// The text is not the address of a module.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        match Self::split(&parse_reference(text)?) {
            (module, []) => Ok(module),
            _ => Err(AddressError::NotAModule),
        }
    }

    /// The calls from the root downwards.
    #[must_use]
    pub fn steps(&self) -> &[ModuleStep] {
        &self.0
    }

    /// The instance that makes the last call, and that call; `None` for the root.
    #[must_use]
    pub fn split_last(&self) -> Option<(Self, &ModuleStep)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.into()), last))
    }

    /// Whether this is the root module.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The instance that holds the call of this one; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, parents)| Self(parents.into()))
    }

    /// The instance that a call in this one makes.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>, key: Option<Key>) -> Self {
        let step = ModuleStep { name: name.into(), key };
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The names of the calls joined with `.`, as in `modules.json`: one for all instances, empty for the root.
    #[must_use]
    pub fn config_path(&self) -> String {
        self.0.iter().map(|step| &*step.name).collect::<Vec<_>>().join(".")
    }

    // The calls at the start of a list of steps, and what follows.
    fn split(mut steps: &[Step]) -> (Self, &[Step]) {
        let mut calls = Vec::new();
        while let [Step::Name(word), Step::Name(name), rest @ ..] = steps
            && &**word == MODULE
        {
            let (key, rest) = split_key(rest);
            calls.push(ModuleStep { name: name.clone(), key });
            steps = rest;
        }
        (Self(calls.into()), steps)
    }

    // The calls at the start of an address, and the text behind them.
    fn leading(text: &str) -> Option<(Self, &str)> {
        if !Cursor::new(text).eat_word(MODULE) {
            return Some((Self::default(), text));
        }
        LATEST.with_borrow_mut(|(known, module)| {
            let behind = text.strip_prefix(&**known).and_then(|rest| rest.strip_prefix('.'));
            if let Some(rest) = behind.filter(|rest| !Cursor::new(rest).eat_word(MODULE)) {
                return Some((module.clone(), rest));
            }
            let (mut cursor, mut calls) = (Cursor::new(text), Vec::new());
            while cursor.eat_word(MODULE) {
                let name = shared::text(cursor.name().ok()?);
                calls.push(ModuleStep { name, key: cursor.key_if_any().ok()? });
                if !cursor.eat(".") {
                    return None;
                }
            }
            let rest = cursor.rest();
            known.clear();
            known.push_str(text.strip_suffix(rest)?.strip_suffix('.')?);
            *module = Self(calls.into());
            Some((module.clone(), rest))
        })
    }

    fn without_keys(&self) -> Self {
        Self(self.0.iter().map(|step| ModuleStep { name: step.name.clone(), key: None }).collect())
    }
}

impl fmt::Display for ModuleInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{MODULE}.{}", step.name)?;
            write_key(f, step.key.as_ref())?;
        }
        Ok(())
    }
}

impl Address {
    /// Reads an absolute address, or one relative to a module as it stands in `configuration`.
    ///
    /// # Errors
    ///
    /// The text is no address, or the address of something else: a module, or an attribute of a resource.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        // Only who asks in vain wants to know why.
        Self::read(text).ok_or_else(|| parse_reference(text).err().unwrap_or(AddressError::NotAResource))
    }

    /// Whether a text is such an address.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        Parts::read(text).is_some()
    }

    fn read(text: &str) -> Option<Self> {
        let Parts { module, mode, kind, name, key } = Parts::read(text)?;
        Some(Self { module, mode, kind: shared::text(kind), name: shared::text(name), key })
    }

    /// The address of all instances of the block in the same module instance.
    #[must_use]
    pub fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// The address of the block itself, without any key: the same for all instances in all instances of its module.
    #[must_use]
    pub fn static_path(&self) -> Self {
        Self { module: self.module.without_keys(), ..self.without_key() }
    }
}

/// An address of which the names are where they stand.
struct Parts<'t> {
    module: ModuleInstance,
    mode: Mode,
    kind: &'t str,
    name: &'t str,
    key: Option<Key>,
}

impl<'t> Parts<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let (module, rest) = ModuleInstance::leading(text)?;
        let mut cursor = Cursor::new(rest);
        let mode = if cursor.eat_word(DATA) { Mode::Data } else { Mode::Managed };
        let kind = cursor.name().ok()?;
        if !cursor.eat(".") {
            return None;
        }
        let name = cursor.name().ok()?;
        let key = cursor.key_if_any().ok()?;
        cursor.rest().is_empty().then_some(Self { module, mode, kind, name, key })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            write!(f, "{DATA}.")?;
        }
        write!(f, "{}.{}", self.kind, self.name)?;
        write_key(f, self.key.as_ref())
    }
}

fn write_key(f: &mut fmt::Formatter<'_>, key: Option<&Key>) -> fmt::Result {
    key.map_or(Ok(()), |key| write!(f, "{key}"))
}

fn split_key(steps: &[Step]) -> (Option<Key>, &[Step]) {
    match steps {
        [Step::Key(key), rest @ ..] => (Some(key.clone()), rest),
        _ => (None, steps),
    }
}

#[cfg(test)]
mod tests {
    use proptest::option;
    use proptest::prelude::*;

    use super::tokens::tests::{any_key, any_name};
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn an_address_comes_apart() {
        let address = address(r#"module.m["a.b"].module.inner.data.aws_ami.main[3]"#);
        assert_eq!(address.module, ModuleInstance::default().child("m", Some("a.b".into())).child("inner", None));
        assert_eq!((address.mode, &*address.kind, &*address.name), (Mode::Data, "aws_ami", "main"));
        assert_eq!(address.key, Some(Key::Int(3)));
    }

    #[test]
    fn addresses_print_as_they_are_read() {
        for text in [
            "aws_instance.main",
            "aws_instance.main[0]",
            r#"aws_instance.main["0"]"#,
            "data.aws_ami.main",
            r#"module.m["a"].module.inner.aws_instance.web-1["x.y[0]"]"#,
            r#"module.m["$${a\n.b"].terraform_data.r[0]"#,
            "module.data.terraform_data.module",
            "terraform_data.日本",
        ] {
            assert_eq!(address(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_resource_is_an_error() {
        for text in [
            "module.m",
            "aws_instance",
            "data.aws_ami",
            "aws_instance.main.id",
            "aws_instance.main[0].id",
            "aws_instance.main[0][1]",
            "aws_instance[0].main",
            "module.m[0][1].aws_instance.main",
            "module",
        ] {
            assert_eq!(Address::parse(text), Err(AddressError::NotAResource), "{text}");
        }
    }

    #[test]
    fn keys_are_dropped_one_by_one() {
        let address = address(r#"module.m["a"].module.inner[0].aws_instance.main[2]"#);
        assert_eq!(address.without_key().to_string(), r#"module.m["a"].module.inner[0].aws_instance.main"#);
        assert_eq!(address.static_path().to_string(), "module.m.module.inner.aws_instance.main");
        assert_eq!(address.module.config_path(), "m.inner");
    }

    #[test]
    fn modules_know_their_relatives() {
        let module = ModuleInstance::parse(r#"module.m["a"].module.inner"#).unwrap();
        let parent = module.parent().unwrap();
        assert_eq!(parent.to_string(), r#"module.m["a"]"#);
        assert_eq!(parent.child("inner", None), module);
        assert_eq!(module.steps().len(), 2);
        let root = parent.parent().unwrap();
        assert!(root.is_root() && root.parent().is_none());
        assert_eq!((root.to_string(), root.config_path()), (String::new(), String::new()));
        assert_eq!(ModuleInstance::parse(""), Ok(root));
        assert_eq!(ModuleInstance::parse("module.m.out"), Err(AddressError::NotAModule));
        assert_eq!(ModuleInstance::parse("aws_instance.main"), Err(AddressError::NotAModule));
    }

    #[test]
    fn numeric_keys_sort_as_numbers_and_before_texts() {
        let sorted = ["aws_x.y", "aws_x.y[2]", "aws_x.y[10]", r#"aws_x.y["1"]"#, r#"aws_x.y["a"]"#, "module.a.aws_x.y"];
        let mut addresses: Vec<Address> = sorted.iter().rev().map(|text| address(text)).collect();
        addresses.sort();
        assert_eq!(addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), sorted);
    }

    prop_compose! {
        fn any_module()(steps in prop::collection::vec((any_name(), option::of(any_key())), 0..3)) -> ModuleInstance {
            ModuleInstance(steps.into_iter().map(|(name, key)| ModuleStep { name, key }).collect())
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_agree(
            module in any_module(),
            mode in prop_oneof![Just(Mode::Managed), Just(Mode::Data)],
            kind in any_name(),
            name in any_name(),
            key in option::of(any_key()),
        ) {
            prop_assert_eq!(ModuleInstance::parse(&module.to_string()), Ok(module.clone()));
            let address = Address { module, mode, kind, name, key };
            prop_assert_eq!(Address::parse(&address.to_string()), Ok(address));
        }

        #[test]
        fn no_text_makes_it_panic(text: String, like in "(module|data|aws_x|[.\\[\\]\"\\\\$%{]|[0-9]){0,12}") {
            let _ = Address::parse(&text);
            let _ = ModuleInstance::parse(&like);
            if let Ok(address) = Address::parse(&like) {
                prop_assert_eq!(Address::parse(&address.to_string()), Ok(address));
            }
        }
    }
}
