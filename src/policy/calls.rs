//! Answers the host functions (`host.rs`) on one subject.

use std::sync::Arc;

use super::host::{self, Action};
use super::scope::Scope;
use super::{net, window};
use crate::expr::Fault;
use crate::expr::compare;
use crate::expr::eval::{Evaluated, decided};
use crate::expr::functions::HIDDEN;
use crate::source::Span;
use crate::terraform::plan;
use crate::value::{Handle, Path, Side, Value};
use crate::workspace::Input;

impl Scope<'_, '_, '_> {
    /// What a host function gives.
    pub(super) fn answer(&self, function: u32, arguments: &[Value], span: Span) -> Evaluated {
        let first = arguments.first().unwrap_or(&Value::Null);
        match host::action(function) {
            Some(Action::GetResources) => self.resources(first, arguments.get(1), span),
            Some(Action::GetDataSource) => self.data_source(first, arguments.get(1), span),
            Some(Action::HttpRequest) => Ok(Value::unknown("HTTP requests are not made")),
            Some(Action::Before) => self.side(Side::Prior, &path_of(first, span)?, span),
            Some(Action::After) => self.side(Side::Planned, &path_of(first, span)?, span),
            Some(Action::Changed) => self.changed(&path_of(first, span)?, span),
            Some(Action::Configured) => {
                let path = path_of(first, span)?;
                let answer = self.workspace().configured(self.object(span)?, &path);
                Ok(answer.map_or_else(
                    || Value::unknown("neither the plan nor the source says what is configured"),
                    Value::Bool,
                ))
            }
            Some(Action::Resources) => self.with_deleted(first, span),
            Some(Action::Matching) => self.matching(arguments, span),
            Some(Action::Known) => Ok(Value::Bool(!first.has_unknown())),
            Some(Action::Referrers) => {
                let kinds = self.kinds(arguments, span)?;
                Ok(self.workspace().listed(self.workspace().referrers(self.object(span)?, &kinds)))
            }
            Some(Action::References) => {
                let kinds = self.kinds(arguments, span)?;
                Ok(self.workspace().listed(self.workspace().referred(self.object(span)?, &kinds)))
            }
            Some(Action::LeftBehind) => {
                let kinds = self.kinds(arguments, span)?;
                Ok(Value::list(self.workspace().left_behind(self.object(span)?, &kinds)))
            }
            Some(Action::MentionedIn) => {
                let users = self.workspace().mentioned_in(self.object(span)?);
                let list = |users: Vec<Arc<str>>| Value::list(users.into_iter().map(Value::String).collect());
                Ok(users.map_or_else(|| Value::unknown("no source is at hand"), list))
            }
            Some(Action::Reaches) => self.reaches(first, span),
            Some(Action::IsPublic) => pure(arguments, span, |[range]| net::is_public(range)),
            Some(Action::Overlaps) => pure(arguments, span, |[one, other]| net::overlaps(one, other)),
            Some(Action::Contains) => pure(arguments, span, |[outer, inner]| net::contains(outer, inner)),
            Some(Action::WindowOverlaps) => {
                pure(arguments, span, |[window, hours, zone]| window::overlaps(window, hours, zone))
            }
            Some(Action::Cost) => Ok(Value::unknown("planfit does not price resources yet")),
            Some(Action::Metrics) => Ok(Value::unknown("no export of metrics is given")),
            Some(Action::Plugin) => Ok(Value::unknown("plugin functions are not run")),
            None => Err(Fault::new(span, "this function is not known")),
        }
    }

    /// The list of resources of a type that there is none of: no filter changes it. A test shall fail for what is wrong in a
    /// filter, so there it is not passed over.
    pub(super) fn without_objects(&self, function: u32, kind: &Value) -> Option<Value> {
        let workspace = self.workspace();
        let is_join = host::action(function) == Some(Action::GetResources) && !workspace.is_made_up();
        let kind = kind.as_str().filter(|_| is_join)?;
        let has_any = kind.contains('*') || workspace.has_type(kind);
        (!has_any).then(|| workspace.listed(Vec::new()))
    }

    fn changed(&self, path: &Path, span: Span) -> Evaluated {
        let (prior, planned) = (self.side(Side::Prior, path, span)?, self.side(Side::Planned, path, span)?);
        let same = compare::equal(self, &prior, &planned);
        Ok(decided(same.map(|same| !same), &[&planned, &prior]))
    }

    // What a no-op leaves as it is has one side only in states.
    fn side(&self, side: Side, path: &Path, span: Span) -> Evaluated {
        let object = self.object(span)?;
        let stays = self.resource().is_some_and(|object| object.action == plan::Action::NoOp);
        let side = if stays { Side::Planned } else { side };
        Ok(self.workspace().side(object, side, path))
    }

    fn resources(&self, kind: &Value, filter: Option<&Value>, span: Span) -> Evaluated {
        if kind.as_unknown().is_some() {
            return Ok(decided(None, &[kind]));
        }
        let kind = kind.as_str().ok_or_else(|| Fault::new(span, "the resource type is a string"))?;
        match filter.map_or(&Value::Null, |filter| filter.unmark().0) {
            Value::Null if self.workspace().is_counted() => Ok(Value::List(self.workspace().staying(kind).into())),
            Value::Null => Ok(self.workspace().listed(self.workspace().staying(kind).to_vec())),
            Value::Object(filter) => Ok(self.workspace().listed(self.workspace().having(kind, filter))),
            filter @ Value::Unknown(_) => Ok(decided(None, &[filter])),
            other => Err(Fault::new(span, format!("a filter is an object, not a {}", other.type_name()))),
        }
    }

    fn matching(&self, arguments: &[Value], span: Span) -> Evaluated {
        let [kind, attribute, pattern] = arguments else {
            return Err(Fault::new(span, "matching takes three arguments"));
        };
        let (Some(kind), Some(attribute)) = (kind.as_str(), attribute.as_str()) else {
            return Err(Fault::new(span, "the resource type and the attribute are strings"));
        };
        match pattern.unmark() {
            (Value::String(_) | Value::Unknown(_), sensitive) => {
                let workspace = self.workspace();
                Ok(workspace.listed(workspace.matching(kind, attribute, pattern)).mark(sensitive))
            }
            (other, _) => Err(Fault::new(span, format!("a pattern is a string, not a {}", other.type_name()))),
        }
    }

    // Those that go away show their values before.
    fn with_deleted(&self, kind: &Value, span: Span) -> Evaluated {
        let kind = kind.as_str().ok_or_else(|| Fault::new(span, "the resource type is a string"))?;
        let workspace = self.workspace();
        let handle = |id: &u32| {
            let stays = workspace.object(*id).is_some_and(|object| object.action.stays());
            Value::Handle(Handle::new(*id, if stays { Side::Planned } else { Side::Prior }))
        };
        Ok(Value::list(workspace.of_type(kind).iter().map(handle).collect()))
    }

    // The types that a graph function is asked for; none: all.
    fn kinds(&self, arguments: &[Value], span: Span) -> Result<Vec<Arc<str>>, Box<Fault>> {
        let kind = |argument: &Value| match argument.unmark().0 {
            Value::String(kind) => Ok(self.workspace().facts().canonical_type(kind).unwrap_or(kind).clone()),
            other => Err(Fault::new(span, format!("a resource type is a string, not a {}", other.type_name()))),
        };
        arguments.iter().map(kind).collect()
    }

    fn reaches(&self, kind: &Value, span: Span) -> Evaluated {
        let kinds = self.kinds(std::slice::from_ref(kind), span)?;
        let Some(kind) = kinds.first() else { return Ok(Value::Bool(false)) };
        let answer = self.workspace().reaches(self.object(span)?, kind);
        let open = || Value::unknown(format!("whether it leads to a {kind} depends on values that are not known yet"));
        Ok(answer.map_or_else(open, Value::Bool))
    }

    fn data_source(&self, kind: &Value, filter: Option<&Value>, span: Span) -> Evaluated {
        let kind = kind.as_str().ok_or_else(|| Fault::new(span, "the data source's type is a string"))?;
        let workspace = self.workspace();
        let handles = workspace.data_of_type(kind).iter().map(|id| Value::Handle(Handle::new(*id, Side::Planned)));
        let found = handles.into_iter().find(|handle| match filter.map(Value::unmark) {
            Some((Value::Object(filter), _)) => {
                compare::all(filter.iter().map(|(name, wanted)| workspace.matches(handle, name, wanted))) == Some(true)
            }
            _ => true,
        });
        // A test makes up the whole world: what is not in it is not there, as for Terraform Policy.
        if found.is_none() && workspace.input == Input::Mocks {
            return Err(Fault::new(span, format!("the test has no data source \"{kind}\" with these attributes")));
        }
        Ok(found.unwrap_or_else(|| Value::unknown("the plan holds no such data source, and none is read here")))
    }
}

// A function of texts alone: not decided if one of them is not known, sensitive if one of them is.
fn pure<const N: usize>(
    arguments: &[Value],
    span: Span,
    function: impl Fn([&str; N]) -> Result<bool, String>,
) -> Evaluated {
    let operands: Vec<&Value> = arguments.iter().collect();
    if arguments.iter().any(|argument| argument.as_unknown().is_some()) {
        return Ok(decided(None, &operands));
    }
    let sensitive = arguments.iter().any(Value::has_sensitive);
    let text = |argument: &'_ Value| -> Result<Arc<str>, Box<Fault>> {
        match argument.unmark().0 {
            Value::String(text) => Ok(text.clone()),
            other => Err(Fault::new(span, format!("a string is needed here, not a {}", other.type_name()))),
        }
    };
    let texts = arguments.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    let texts: [&str; N] = texts.try_into().map_err(|_| Fault::new(span, format!("{N} arguments are needed")))?;
    let hide = |message| if sensitive { HIDDEN.to_owned() } else { message };
    function(texts).map(|truth| Value::Bool(truth).mark(sensitive)).map_err(|message| Fault::new(span, hide(message)))
}

fn path_of(argument: &Value, span: Span) -> Result<Path, Box<Fault>> {
    let text = argument.as_str().ok_or_else(|| Fault::new(span, "a path is a string, as in \"a.b[0].c\""))?;
    Ok(Path::parse(text))
}
