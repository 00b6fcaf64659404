//! The top level of a plan or state file, read in one pass: what is typed is small, the rest stays raw text.
//!
//! Every key is optional, unknown keys are passed over, `null` is absence (`spec/plan-json.md` 1 and 2). Start at
//! [`read`].

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::input::{Facts, InputError, Kind, Text, classify, skim};
use super::plan::ResourceChange;
use super::state::DataSources;

/// A string that borrows from the file where it can (no escapes in it).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Str<'a>(pub Cow<'a, str>);

/// The top level of a file.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The keys as found, the first ten.
    pub keys: Vec<String>,
    /// `format_version`
    pub format_version: Option<Str<'a>>,
    /// `terraform_version`
    pub terraform_version: Option<Str<'a>>,
    /// `timestamp`
    pub timestamp: Option<Str<'a>>,
    /// `version` of a raw state.
    pub version: Option<u64>,
    /// `serial` of a raw state.
    pub serial: Option<u64>,
    /// `lineage` of a raw state.
    pub lineage: Option<Str<'a>>,
    /// `errored`: the plan stopped on an error.
    pub errored: bool,
    /// `complete`; absent in older versions.
    pub complete: Option<bool>,
    /// Whether there are `resource_changes`; they went to the sink of [`read`].
    pub has_resource_changes: bool,
    /// `resource_drift`: what has changed outside of Terraform.
    pub resource_drift: Option<&'a RawValue>,
    /// Whether there are `deferred_changes`.
    pub has_deferred_changes: bool,
    /// `planned_values`
    pub planned_values: Option<&'a RawValue>,
    /// The data sources in `prior_state`: those that were known when the plan was made.
    pub data_sources: DataSources<'a>,
    /// What was read of the prior state.
    pub prior_state: PriorState,
    /// `configuration`
    pub configuration: Option<&'a RawValue>,
    /// `variables` of the root module; they hold sensitive values.
    pub variables: Option<&'a RawValue>,
    /// `values` of a state.
    pub values: Option<&'a RawValue>,
    /// `resources` of a raw state.
    pub resources: Option<&'a RawValue>,
    /// `modules` of an old raw state.
    pub modules: Option<&'a RawValue>,
}

/// What was read of the prior state in a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriorState {
    /// All of it, if there is one.
    #[default]
    Whole,
    /// Only its data sources, which stand under [`skim::MARK`].
    DataSources,
}

/// Takes the changes of a plan, one after the other: a plan has a hundred thousand, and a list of them beside what
/// becomes of them would cost as much again.
pub type Sink<'s, 'a> = &'s mut dyn FnMut(ResourceChange<'a>);

/// Reads the top level of a file and tells what it is. The changes of a plan go to `sink`.
///
/// # Errors
///
/// What the file looks like instead, and what to run.
pub fn read<'a>(text: &'a Text, sink: Sink<'_, 'a>) -> Result<(Document<'a>, Kind), InputError> {
    let body = text.body()?;
    let mut deserializer = serde_json::Deserializer::from_str(body);
    let read = deserializer.deserialize_map(DocumentVisitor(sink));
    let document = read.map_err(|error| text.json_error(&error))?;
    let is_marked = || memmem::find(body.as_bytes(), skim::MARK.as_bytes()).is_some();
    if text.is_cut() && document.prior_state == PriorState::Whole && is_marked() {
        // Something deeper down looked like the prior state. The whole file is read now, so nobody is told.
        return Err(InputError::Truncated { line: 1, column: 1 });
    }
    let kind = classify(&document.facts());
    text.check_tail(deserializer.into_iter::<IgnoredAny>().byte_offset(), &kind)?;
    match kind.refusal() {
        Some(refusal) => Err(refusal),
        None => Ok((document, kind)),
    }
}

impl Document<'_> {
    fn facts(&self) -> Facts {
        Facts {
            keys: self.keys.clone(),
            version: self.version,
            has_values_object: self.values.is_some_and(|values| values.get().starts_with('{')),
            has_resources: self.resources.is_some_and(|list| !is_empty_list(list))
                || self.modules.is_some_and(|modules| modules.get().contains("\"primary\"")),
        }
    }

    /// The major part of `format_version`.
    #[must_use]
    pub fn format_major(&self) -> Option<u64> {
        self.format_version.as_ref()?.0.split('.').next()?.parse().ok()
    }
}

fn is_empty_list(list: &RawValue) -> bool {
    list.get().trim_start_matches('[').trim_start().starts_with(']')
}

struct DocumentVisitor<'s, 'a>(Sink<'s, 'a>);

impl<'de> Visitor<'de> for DocumentVisitor<'_, 'de> {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document<'de>, A::Error> {
        let mut document = Document::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            match &*key.0 {
                "format_version" => document.format_version = map.next_value()?,
                "terraform_version" => document.terraform_version = map.next_value()?,
                "timestamp" => document.timestamp = map.next_value()?,
                "version" => document.version = map.next_value::<Lenient<u64>>()?.0,
                "serial" => document.serial = map.next_value::<Lenient<u64>>()?.0,
                "lineage" => document.lineage = map.next_value()?,
                "errored" => document.errored = map.next_value::<Option<bool>>()?.unwrap_or(false),
                "complete" => document.complete = map.next_value()?,
                "resource_changes" => document.has_resource_changes = map.next_value_seed(Changes(&mut *self.0))?,
                "resource_drift" => document.resource_drift = map.next_value()?,
                "deferred_changes" => {
                    let changes: Option<&RawValue> = map.next_value()?;
                    document.has_deferred_changes = changes.is_some_and(|list| !is_empty_list(list));
                }
                "planned_values" => document.planned_values = map.next_value()?,
                "prior_state" => document.data_sources = map.next_value()?,
                skim::MARK => {
                    document.data_sources = map.next_value()?;
                    document.prior_state = PriorState::DataSources;
                }
                "configuration" => document.configuration = map.next_value()?,
                "variables" => document.variables = map.next_value()?,
                "values" => document.values = map.next_value()?,
                "resources" => document.resources = map.next_value()?,
                "modules" => document.modules = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if document.keys.len() < 10 {
                document.keys.push(key.0.into_owned());
            }
        }
        Ok(document)
    }
}

/// Hands on the members of `resource_changes`; whether there is such a list.
struct Changes<'s, 'a>(Sink<'s, 'a>);

impl<'de> DeserializeSeed<'de> for Changes<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Changes<'_, 'de> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resource changes")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut changes: A) -> Result<bool, A::Error> {
        while let Some(change) = changes.next_element()? {
            (self.0)(change);
        }
        Ok(true)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor)
    }
}

struct StrVisitor;

impl<'de> Visitor<'de> for StrVisitor {
    type Value = Str<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text.to_owned())))
    }
}

impl std::ops::Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A value of the wanted type, or nothing: other formats use the same key for other things.
struct Lenient<T>(Option<T>);

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer).map_err(D::Error::custom)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}
