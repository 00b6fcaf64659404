//! Builds a [`Workspace`] from what Terraform gives: a plan, a state.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::parts::{Part, Run};
use super::values::StateText;
use super::{Details, Facts, Input, Names, ProviderId, Resource, Values, Workspace, index, references, source};
use crate::terraform::address::{Address, Mode};
use crate::terraform::config::Configuration;
use crate::terraform::document::{Document, Sink, Str};
use crate::terraform::plan::{Action, Change, ResourceChange};
use crate::terraform::state::{self, StateObject};
use crate::value::Object;
use crate::value::json::Masked;

/// What every workspace of a run shares.
#[derive(Debug)]
pub struct Shared {
    /// Facts about providers.
    pub facts: Arc<Facts>,
    /// The attributes that policies mention.
    pub wanted: Arc<Names>,
    /// The configuration in HCL; empty if none is at hand.
    pub configuration: Arc<Configuration>,
    texts: RefCell<FxHashSet<Arc<str>>>,
    providers: RefCell<Vec<Arc<str>>>,
}

impl Shared {
    /// What every workspace of a run shares.
    #[must_use]
    pub fn new(facts: Arc<Facts>, wanted: Arc<Names>, configuration: Arc<Configuration>) -> Self {
        Self { facts, wanted, configuration, texts: RefCell::default(), providers: RefCell::default() }
    }

    // Types are few, objects are many.
    fn interned(&self, text: &str) -> Arc<str> {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let text: Arc<str> = Arc::from(text);
        texts.insert(text.clone());
        text
    }

    // A run has a handful of providers; the last place stands for all beyond what a number holds.
    fn provider(&self, text: &str) -> ProviderId {
        let mut providers = self.providers.borrow_mut();
        let known = providers.iter().position(|provider| &**provider == text);
        let at = known.unwrap_or_else(|| {
            providers.push(Arc::from(text));
            providers.len() - 1
        });
        ProviderId(u16::try_from(at).unwrap_or(u16::MAX))
    }
}

/// A workspace, and what could not be taken in: the subject and the reason.
pub type Built<'a> = (Workspace<'a>, Vec<(String, String)>);

/// The objects that the changes of a plan become, and the changes that could not be taken in.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    objects: Vec<Resource<'a>>,
    skipped: Vec<(String, String)>,
}

/// The least that a change takes in a plan of any size, in bytes. Room that is not used is never touched.
const LEAST_CHANGE: usize = 1024;

impl<'a> Changes<'a> {
    /// Room for the changes of a plan of so many bytes, so that the list need not grow: while it does, there are two.
    #[must_use]
    pub fn of_plan(bytes: usize) -> Self {
        Self { objects: Vec::with_capacity(bytes / LEAST_CHANGE), skipped: Vec::new() }
    }

    /// Takes in changes as they are read.
    pub fn intake<'c>(&'c mut self, shared: &'c Shared) -> impl Sink<'a> + use<'a, 'c> {
        Intake { changes: self, shared }
    }
}

struct Intake<'c, 'a> {
    changes: &'c mut Changes<'a>,
    shared: &'c Shared,
}

impl<'a> Sink<'a> for Intake<'_, 'a> {
    fn take(&mut self, change: ResourceChange<'a>) {
        let Changes { objects, skipped } = self.changes;
        objects.extend(change_object(change, self.shared, skipped));
    }

    fn restart(&mut self) {
        self.changes.objects.clear();
        self.changes.skipped.clear();
    }
}

/// The workspace of a plan. A plan without `resource_changes` is judged by its planned values.
///
/// # Errors
///
/// What serde says of a part that has another shape.
pub fn from_plan<'a>(
    document: &Document<'a>,
    changes: Changes<'a>,
    path: Arc<str>,
    shared: &Shared,
) -> Result<Built<'a>, serde_json::Error> {
    let Changes { mut objects, mut skipped } = changes;
    let partial = !document.has_resource_changes;
    if let Some(values) = document.planned_values.filter(|_| partial) {
        let planned = state::from_values(values)?;
        if !planned.is_empty() {
            let reason = "the plan has no resource_changes: judged by its planned values, unknown ones look unset";
            skipped.push((path.to_string(), reason.to_owned()));
        }
        let action = Action::Create;
        objects.extend(planned.into_iter().map(|object| state_object(object, action, shared)));
    }
    let data = document.data_sources.0.iter().cloned();
    objects.extend(data.map(|object| state_object(object, Action::NoOp, shared)));
    let references = references::References::new(document.configuration, document.variables);
    let mut workspace = workspace(objects, Input::Plan, path, shared, references);
    workspace.run = Run::read(document)?;
    Ok((workspace, skipped))
}

/// The workspace of a state, of whatever version.
///
/// # Errors
///
/// What serde says of a part that has another shape.
pub fn from_state<'a>(
    document: &Document<'a>,
    path: Arc<str>,
    shared: &Shared,
) -> Result<Workspace<'a>, serde_json::Error> {
    let objects = match (document.values, document.resources, document.modules) {
        (Some(values), _, _) => state::from_values(values)?,
        (_, Some(resources), _) => state::from_raw(resources)?,
        (_, _, Some(modules)) => state::from_old_raw(modules)?,
        _ => Vec::new(),
    };
    let objects = objects.into_iter().map(|object| state_object(object, Action::NoOp, shared)).collect();
    let mut workspace = workspace(objects, Input::State, path, shared, references::References::new(None, None));
    workspace.run = Run::read(document)?;
    Ok(workspace)
}

/// The workspace of a configuration alone, and what of it could not be evaluated. Its objects are at rest, or to be
/// created (the examples of policies).
#[must_use]
pub fn from_configuration(
    path: Arc<str>,
    shared: &Shared,
    action: Action,
    given: &source::Given,
    place: Option<source::Place<'_>>,
) -> (Workspace<'static>, source::Gaps) {
    let read = source::read(&shared.configuration, &shared.facts, given, place);
    let mut uncertain = FxHashMap::default();
    let mut objects = Vec::with_capacity(read.objects.len());
    for (id, found) in (0..).zip(read.objects) {
        if found.presence != source::Presence::Certain {
            uncertain.insert(id, found.presence);
        }
        let mode = if found.is_data { Mode::Data } else { Mode::Managed };
        let planned = Values::of(found.values);
        let address = Cow::Owned(found.address);
        let object = resource(address, &found.kind, mode, &found.provider, action, planned, shared);
        objects.push(Resource { importing: found.importing, ..object });
    }
    let references = references::References::of_variables(read.variables);
    let mut workspace = workspace(objects, Input::Configuration, path, shared, references);
    workspace.uncertain = uncertain;
    workspace.written = read.arguments;
    (workspace, read.gaps)
}

/// An object that a test makes up.
#[derive(Debug, Default)]
pub struct Mock {
    /// `TYPE.LABEL`
    pub address: String,
    /// Managed or data.
    pub is_data: bool,
    /// Values after the change.
    pub attrs: Option<Arc<Object>>,
    /// Values before the change.
    pub prior_attrs: Option<Arc<Object>>,
    /// What Terraform will do.
    pub action: Action,
    /// Why.
    pub action_reason: Option<String>,
    /// What forces a replacement, as JSON text.
    pub replace_paths: Option<String>,
    /// Whether it is imported.
    pub importing: bool,
    /// The address before a move.
    pub previous_address: Option<String>,
    /// What it says of itself: in place of what the rest tells, but for `operation`.
    pub meta: Arc<Object>,
}

/// The workspace of the mocks of a test. What they do not write is not there.
#[must_use]
pub fn from_mocks(mocks: Vec<Mock>, parts: Vec<Part>, path: Arc<str>, shared: &Shared) -> Workspace<'static> {
    let values = |side: Option<Arc<Object>>| side.map(|object| Values::of((*object).clone()));
    let objects = mocks.into_iter().map(|mock| {
        let kind = mock.address.trim_start_matches("data.").split('.').next().unwrap_or_default().to_owned();
        let mode = if mock.is_data { Mode::Data } else { Mode::Managed };
        let (planned, prior) = (values(mock.attrs).unwrap_or_default(), values(mock.prior_attrs));
        let address = Cow::Owned(mock.address);
        let mut object = resource(address, &kind, mode, "", mock.action, planned, shared);
        object.importing = mock.importing;
        object.prior = prior.map(Box::new);
        object.details = Some(Box::new(Details {
            previous_address: mock.previous_address.map(Cow::Owned),
            action_reason: mock.action_reason.map(Cow::Owned),
            replace_paths: mock.replace_paths.map(Cow::Owned),
            meta: Some(mock.meta),
        }));
        object
    });
    let objects = objects.collect();
    let mut workspace = workspace(objects, Input::Mocks, path, shared, references::References::new(None, None));
    workspace.parts = OnceLock::from(parts);
    workspace
}

fn workspace<'a>(
    objects: Vec<Resource<'a>>,
    input: Input,
    path: Arc<str>,
    shared: &Shared,
    references: references::References<'a>,
) -> Workspace<'a> {
    let mut by_type: FxHashMap<Arc<str>, Vec<u32>> = FxHashMap::default();
    let mut data_by_type: FxHashMap<Arc<str>, Vec<u32>> = FxHashMap::default();
    for (id, object) in (0..).zip(&objects).filter(|(_, object)| !object.deposed) {
        let of_mode = if object.mode == Mode::Managed { &mut by_type } else { &mut data_by_type };
        of_mode.entry(object.kind.clone()).or_default().push(id);
    }
    let index = index::Indexes::new(by_type.keys());
    let kinds: FxHashSet<&Arc<str>> = objects.iter().map(|object| &object.kind).collect();
    let wanted = shared.wanted.for_kinds(kinds.into_iter(), &shared.facts);
    Workspace {
        objects,
        input,
        path,
        configuration: shared.configuration.clone(),
        providers: shared.providers.borrow().clone(),
        facts: shared.facts.clone(),
        wanted,
        by_type,
        data_by_type,
        index,
        graph: OnceLock::new(),
        references,
        called: OnceLock::new(),
        uncertain: FxHashMap::default(),
        run: Run::default(),
        written: Vec::new(),
        parts: OnceLock::new(),
    }
}

fn change_object<'a>(
    change: ResourceChange<'a>,
    shared: &Shared,
    skipped: &mut Vec<(String, String)>,
) -> Option<Resource<'a>> {
    let address = change.address?.0;
    let Some((mode, kind)) = mode_and_kind(&address, change.mode.as_deref(), change.kind) else {
        skipped.push((address.into_owned(), "this is no resource address".to_owned()));
        return None;
    };
    let details = change.change.unwrap_or_default();
    if details.actions == Action::Other {
        skipped.push((address.into_owned(), "the plan says no action that planfit knows".to_owned()));
        return None;
    }
    let provider = change.provider_name.unwrap_or_default().0;
    let planned = planned_values(&details);
    let mut object = resource(address, &kind, mode, &provider, details.actions, planned, shared);
    object.deposed = change.deposed.is_some();
    object.importing = details.importing.is_some();
    if !matches!(details.actions, Action::NoOp | Action::Create) {
        object.prior = Some(Box::new(prior_values(&details)));
    }
    if change.previous_address.is_some() || change.action_reason.is_some() || details.replace_paths.is_some() {
        object.details = Some(Box::new(Details {
            previous_address: change.previous_address.map(|address| address.0),
            action_reason: change.action_reason.map(|reason| reason.0),
            replace_paths: details.replace_paths.map(Cow::Borrowed),
            meta: None,
        }));
    }
    Some(object)
}

// What the change says itself, else what its address says: taking every address apart is a tenth of a run.
fn mode_and_kind<'a>(address: &str, mode: Option<&str>, kind: Option<Str<'a>>) -> Option<(Mode, Cow<'a, str>)> {
    match (mode, kind) {
        (Some("managed"), Some(kind)) => Some((Mode::Managed, kind.0)),
        (Some("data"), Some(kind)) => Some((Mode::Data, kind.0)),
        (_, kind) => {
            let parsed = Address::parse(address).ok()?;
            Some((parsed.mode, kind.map_or_else(|| Cow::Owned(parsed.kind.to_string()), |kind| kind.0)))
        }
    }
}

fn planned_values<'a>(change: &Change<'a>) -> Values<'a> {
    Values::of_change(Masked { value: change.after, unknown: change.after_unknown, sensitive: change.after_sensitive })
}

fn prior_values<'a>(change: &Change<'a>) -> Values<'a> {
    Values::of_change(Masked { value: change.before, unknown: None, sensitive: change.before_sensitive })
}

fn state_object<'a>(object: StateObject<'a>, action: Action, shared: &Shared) -> Resource<'a> {
    let text = StateText { values: object.values, sensitive: object.sensitive, wrapped: object.wrapped };
    let planned = Values::of_state(text);
    let mut result = resource(object.address, &object.kind, object.mode, &object.provider, action, planned, shared);
    result.deposed = object.deposed;
    result
}

fn resource<'a>(
    address: Cow<'a, str>,
    kind: &str,
    mode: Mode,
    provider: &str,
    action: Action,
    planned: Values<'a>,
    shared: &Shared,
) -> Resource<'a> {
    Resource {
        address,
        kind: shared.facts.canonical_type(kind).cloned().unwrap_or_else(|| shared.interned(kind)),
        mode,
        provider: shared.provider(provider),
        action,
        deposed: false,
        importing: false,
        details: None,
        planned,
        prior: None,
    }
}
