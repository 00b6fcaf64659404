//! An object of the workspace and what the input says of it beyond its values.

use std::borrow::Cow;
use std::sync::Arc;

use super::values::Values;
use crate::terraform::address::{Address, Mode, ModuleInstance};
use crate::terraform::plan::Action;
use crate::value::json;
use crate::value::{Object, Path, Side, Step, Value};

/// An object: a resource instance or a data source.
#[derive(Debug)]
pub struct Resource<'a> {
    /// The absolute address with instance keys.
    pub address: Cow<'a, str>,
    /// The type, under the name policies use.
    pub kind: Arc<str>,
    /// Managed or data.
    pub mode: Mode,
    pub(super) provider: ProviderId,
    /// What Terraform will do with it.
    pub action: Action,
    /// Whether it is a left-over of a failed replacement; it shares the address of the current object.
    pub deposed: bool,
    /// Whether it is imported.
    pub importing: bool,
    /// What only changes have.
    pub details: Option<Box<Details<'a>>>,
    pub(super) planned: Values<'a>,
    // An object that stays as it is, or is new, has one side.
    pub(super) prior: Option<Box<Values<'a>>>,
}

/// The number of a provider in its workspace: one text each would cost as much as an object's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ProviderId(pub(super) u16);

/// What a plan says beyond the action.
#[derive(Debug, Default)]
pub struct Details<'a> {
    /// The address before a move.
    pub previous_address: Option<Cow<'a, str>>,
    /// Why Terraform chose the action.
    pub action_reason: Option<Cow<'a, str>>,
    /// What forces a replacement, as JSON text.
    pub replace_paths: Option<Cow<'a, str>>,
    /// What a mock says of itself, in place of what would be told.
    pub meta: Option<Arc<Object>>,
}

impl Resource<'_> {
    pub(super) fn values(&self, side: Side) -> Option<&Values<'_>> {
        match side {
            Side::Prior => self.prior.as_deref(),
            Side::Planned => Some(&self.planned),
        }
    }

    /// Why Terraform chose the action.
    #[must_use]
    pub fn action_reason(&self) -> Option<&str> {
        self.details.as_ref()?.action_reason.as_deref()
    }

    /// The address before a move.
    #[must_use]
    pub fn previous_address(&self) -> Option<&str> {
        self.details.as_ref()?.previous_address.as_deref()
    }

    /// What a mock says of itself under that name of `meta`.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&Value> {
        self.details.as_ref()?.meta.as_ref()?.get(name)
    }

    /// What forces a replacement, as JSON text.
    #[must_use]
    pub fn replace_paths(&self) -> Option<&str> {
        self.details.as_ref()?.replace_paths.as_deref()
    }

    /// What forces the replacement, where the plan says it: the first path.
    #[must_use]
    pub fn replace_path(&self) -> Option<Path> {
        let Value::List(paths) = json::open(self.replace_paths()?).ok()? else { return None };
        // A set's element is written as its whole value; the steps before it are the place.
        let steps = paths.first()?.as_list()?.iter().map_while(|step| match step {
            Value::String(name) => Some(Step::Name(name.clone())),
            Value::Number(index) => index.as_usize().map(Step::Index),
            _ => None,
        });
        Some(steps.collect())
    }

    /// The address in its parts; `None` if the input holds something that is no address.
    #[must_use]
    pub fn parsed_address(&self) -> Option<Address> {
        Address::parse(&self.address).ok().or_else(|| self.labelled())
    }

    /// Whether the address has parts at all.
    #[must_use]
    pub fn has_address(&self) -> bool {
        Address::is_one(&self.address) || self.labelled().is_some()
    }

    // The label of a mock is any text.
    fn labelled(&self) -> Option<Address> {
        self.details.as_ref()?.meta.as_ref()?;
        let address = match self.mode {
            Mode::Managed => &*self.address,
            Mode::Data => self.address.strip_prefix("data.")?,
        };
        let (kind, label) = address.split_once('.')?;
        let (kind, name) = (Arc::from(kind), Arc::from(label));
        Some(Address { module: ModuleInstance::default(), mode: self.mode, kind, name, key: None })
    }
}
