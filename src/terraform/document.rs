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

mod scan;

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
pub trait Sink<'a> {
    /// Takes one.
    fn take(&mut self, change: ResourceChange<'a>);

    /// Forgets those taken so far: they are read once more.
    fn restart(&mut self);
}

/// Takes no change.
pub struct NoChanges;

impl Sink<'_> for NoChanges {
    fn take(&mut self, _change: ResourceChange<'_>) {}

    fn restart(&mut self) {}
}

/// Reads the top level of a file and tells what it is. The changes of a plan go to `sink`.
///
/// # Errors
///
/// What the file looks like instead, and what to run.
pub fn read<'a>(text: &'a Text, sink: &mut dyn Sink<'a>) -> Result<(Document<'a>, Kind), InputError> {
    let body = text.body()?;
    let (document, end) = match scan::read(body, sink) {
        Some(read) => read,
        None => {
            sink.restart();
            parsed(body, sink).map_err(|error| text.json_error(&error))?
        }
    };
    let is_marked = || memmem::find(body.as_bytes(), skim::MARK.as_bytes()).is_some();
    if text.is_cut() && document.prior_state == PriorState::Whole && is_marked() {
        // Something deeper down looked like the prior state. The whole file is read now, so nobody is told.
        return Err(InputError::Truncated { line: 1, column: 1 });
    }
    let kind = classify(&document.facts());
    text.check_tail(end, &kind)?;
    match kind.refusal() {
        Some(refusal) => Err(refusal),
        None => Ok((document, kind)),
    }
}

/// The same with a parser of any JSON, which says what is wrong. The end of the document comes with it.
fn parsed<'a>(body: &'a str, sink: &mut dyn Sink<'a>) -> Result<(Document<'a>, usize), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(body);
    let document = deserializer.deserialize_map(DocumentVisitor(sink))?;
    Ok((document, deserializer.into_iter::<IgnoredAny>().byte_offset()))
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

/// Where the value behind a key is read from.
trait Values<'de> {
    type Error;

    fn value<T: Deserialize<'de>>(&mut self) -> Result<T, Self::Error>;

    fn ignore(&mut self) -> Result<(), Self::Error>;

    /// Hands on the members of `resource_changes`; whether there is such a list.
    fn changes(&mut self, sink: &mut dyn Sink<'de>) -> Result<bool, Self::Error>;
}

impl<'a> Document<'a> {
    fn take<V: Values<'a>>(&mut self, key: Str<'a>, values: &mut V, sink: &mut dyn Sink<'a>) -> Result<(), V::Error> {
        match &*key.0 {
            "format_version" => self.format_version = values.value()?,
            "terraform_version" => self.terraform_version = values.value()?,
            "timestamp" => self.timestamp = values.value()?,
            "version" => self.version = values.value::<Lenient<u64>>()?.0,
            "serial" => self.serial = values.value::<Lenient<u64>>()?.0,
            "lineage" => self.lineage = values.value()?,
            "errored" => self.errored = values.value::<Option<bool>>()?.unwrap_or(false),
            "complete" => self.complete = values.value()?,
            "resource_changes" => self.has_resource_changes = values.changes(sink)?,
            "resource_drift" => self.resource_drift = values.value()?,
            "deferred_changes" => {
                let changes: Option<&RawValue> = values.value()?;
                self.has_deferred_changes = changes.is_some_and(|list| !is_empty_list(list));
            }
            "planned_values" => self.planned_values = values.value()?,
            "prior_state" => self.data_sources = values.value()?,
            skim::MARK => {
                self.data_sources = values.value()?;
                self.prior_state = PriorState::DataSources;
            }
            "configuration" => self.configuration = values.value()?,
            "variables" => self.variables = values.value()?,
            "values" => self.values = values.value()?,
            "resources" => self.resources = values.value()?,
            "modules" => self.modules = values.value()?,
            _ => values.ignore()?,
        }
        if self.keys.len() < 10 {
            self.keys.push(key.0.into_owned());
        }
        Ok(())
    }
}

struct DocumentVisitor<'s, 'a>(&'s mut dyn Sink<'a>);

impl<'de> Visitor<'de> for DocumentVisitor<'_, 'de> {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document<'de>, A::Error> {
        let mut document = Document::default();
        let mut members = Members(map);
        while let Some(key) = members.0.next_key::<Str<'de>>()? {
            document.take(key, &mut members, &mut *self.0)?;
        }
        Ok(document)
    }
}

/// The values of a parser's map.
struct Members<A>(A);

impl<'de, A: MapAccess<'de>> Values<'de> for Members<A> {
    type Error = A::Error;

    fn value<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        self.0.next_value()
    }

    fn ignore(&mut self) -> Result<(), A::Error> {
        self.0.next_value::<IgnoredAny>().map(|_| ())
    }

    fn changes(&mut self, sink: &mut dyn Sink<'de>) -> Result<bool, A::Error> {
        self.0.next_value_seed(Changes(sink))
    }
}

/// Hands on the members of `resource_changes`; whether there is such a list.
struct Changes<'s, 'a>(&'s mut dyn Sink<'a>);

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
            self.0.take(change);
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
