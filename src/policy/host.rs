//! The functions that planfit and Terraform Policy add to Terraform's own (`spec/policy-language.md` 5.1 and 5.4): their
//! names, what they are for, and which of them depend on the object that is judged. `calls.rs` answers them.

use crate::expr::functions::{Function, HostFunction, builtin, names, nearest, withdrawn};

/// What a host function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `core::getresources`
    GetResources,
    /// `core::getdatasource`
    GetDataSource,
    /// `core::gethttprequest`
    HttpRequest,
    /// `plan::before`
    Before,
    /// `plan::after`
    After,
    /// `plan::changed`
    Changed,
    /// `plan::configured`
    Configured,
    /// `plan::resources`
    Resources,
    /// `plan::matching`
    Matching,
    /// `plan::known`
    Known,
    /// `plan::mentioned_in`
    MentionedIn,
    /// `graph::referrers`
    Referrers,
    /// `graph::references`
    References,
    /// `graph::left_behind`
    LeftBehind,
    /// `graph::reaches`
    Reaches,
    /// `net::is_public`
    IsPublic,
    /// `net::overlaps`
    Overlaps,
    /// `net::contains`
    Contains,
    /// `time::window_overlaps`
    WindowOverlaps,
    /// Everything of `cost::`: prices are not known here.
    Cost,
    /// Everything of `metrics::`: measurements are not known here.
    Metrics,
    /// `plugin::NAME::FUNCTION`: never executed.
    Plugin,
}

/// A host function as the documentation shows it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// `core`, `plan`, …
    pub namespace: &'static str,
    /// Its name in there.
    pub name: &'static str,
    /// Its arguments, as in `(type, filter?)`.
    pub signature: &'static str,
    /// What it gives.
    pub description: &'static str,
    action: Action,
    arity: (usize, usize),
    subject: Subject,
}

/// What the answer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// The object that is judged.
    Object,
    /// The arguments and the workspace alone.
    None,
}

/// Types that may be named to a function of the graph.
const MAX_TYPES: usize = 64;

#[rustfmt::skip]
const FUNCTIONS: &[Entry] = &[
    entry("core", "getresources", "(type, filter?)", (1, 2), Action::GetResources, Subject::None,
        "the managed resources of a type that stay, each with its attributes on top. `filter` is an object of attributes that must be equal"),
    entry("core", "getdatasource", "(type, filter?)", (1, 2), Action::GetDataSource, Subject::None,
        "a data source of the plan or state; not decided if there is none, in a test an error. No provider is asked"),
    entry("core", "gethttprequest", "(url, options?)", (1, 2), Action::HttpRequest, Subject::None,
        "not decided: no request is made"),
    entry("plan", "before", "(path)", (1, 1), Action::Before, Subject::Object,
        "the value before the change, whatever is judged: `plan::before(\"engine\")`"),
    entry("plan", "after", "(path)", (1, 1), Action::After, Subject::Object,
        "the value after the change"),
    entry("plan", "changed", "(path)", (1, 1), Action::Changed, Subject::Object,
        "whether the change touches the attribute"),
    entry("plan", "configured", "(path)", (1, 1), Action::Configured, Subject::Object,
        "whether somebody has written the attribute or block"),
    entry("plan", "resources", "(type)", (1, 1), Action::Resources, Subject::None,
        "the managed resources of a type with those that go away, each with its `_operation`"),
    entry("plan", "matching", "(type, attribute, pattern)", (3, 3), Action::Matching, Subject::None,
        "the managed resources of a type that stay and of which the attribute fits the pattern; `*` stands for any text: \
         `plan::matching(\"aws_appautoscaling_target\", \"resource_id\", \"service/*/api\")`"),
    entry("plan", "known", "(value)", (1, 1), Action::Known, Subject::None,
        "whether the value is known now, with all that is in it; never undecided"),
    entry("plan", "mentioned_in", "()", (0, 0), Action::MentionedIn, Subject::Object,
        "what mentions this resource in the source, in order and each once: `\"output\"`, `\"locals\"`, `\"module\"`, `\"data.TYPE\"`, \
         the type of a resource. Not decided without the source"),
    entry("graph", "referrers", "(types...)", (0, MAX_TYPES), Action::Referrers, Subject::Object,
        "the resources that name this one in an attribute and so need it, each with its `_address`, `_type` and `_path`. \
         Resources that only decorate it (an alarm, a policy attachment) do not count, and neither does `depends_on`"),
    entry("graph", "references", "(types...)", (0, MAX_TYPES), Action::References, Subject::Object,
        "the resources that this one names and needs, likewise; for one that goes away, those it named before"),
    entry("graph", "left_behind", "(types...)", (0, MAX_TYPES), Action::LeftBehind, Subject::Object,
        "of a resource that goes away: the resources that it named and that stay, and that no resource, output, local value, \
         module or data source names any more"),
    entry("graph", "reaches", "(type)", (1, 1), Action::Reaches, Subject::Object,
        "whether a chain of such references leads from this resource to one of the type"),
    entry("net", "is_public", "(cidr)", (1, 1), Action::IsPublic, Subject::None,
        "whether an address range, or an address, holds addresses of the public internet"),
    entry("net", "overlaps", "(cidr, cidr)", (2, 2), Action::Overlaps, Subject::None,
        "whether two address ranges have an address in common"),
    entry("net", "contains", "(cidr, cidr)", (2, 2), Action::Contains, Subject::None,
        "whether the second range or address lies wholly in the first"),
    entry("time", "window_overlaps", "(window, hours, timezone)", (3, 3), Action::WindowOverlaps, Subject::None,
        "whether a maintenance window in UTC (`\"sun:17:00-sun:17:30\"`, or `\"17:00-17:30\"` for every day) meets weekly hours of a time zone \
         (`\"Mon-Sat 06:00-24:00, Sun 08:00-20:00\"`, `\"Asia/Tokyo\"`), in summer or in winter time"),
    entry("cost", "monthly", "(attrs?)", (0, 1), Action::Cost, Subject::Object,
        "what this resource costs in a month, in USD; not decided until planfit prices resources"),
    entry("cost", "delta", "()", (0, 0), Action::Cost, Subject::Object,
        "the cost after the change less the cost before; likewise"),
    entry("cost", "price", "(dimension, region)", (2, 2), Action::Cost, Subject::None,
        "a unit price; likewise"),
    entry("cost", "range", "(min, max, likely?)", (2, 3), Action::Cost, Subject::None,
        "a cost between two bounds; likewise"),
    entry("metrics", "sum", "(metric, days)", (2, 2), Action::Metrics, Subject::Object,
        "the sum of a metric of this resource; not decided without an export of metrics"),
    entry("metrics", "max", "(metric, days)", (2, 2), Action::Metrics, Subject::Object,
        "the largest value of a metric; likewise"),
    entry("metrics", "traffic", "(days)", (1, 1), Action::Metrics, Subject::Object,
        "`\"serving\"`, `\"inside_only\"`, `\"busy\"` or `\"none\"`; likewise"),
];

const fn entry(
    namespace: &'static str,
    name: &'static str,
    signature: &'static str,
    arity: (usize, usize),
    action: Action,
    subject: Subject,
    description: &'static str,
) -> Entry {
    Entry { namespace, name, signature, description, action, arity, subject }
}

/// Stands for every function of every plugin: these are programs, and none is started.
const PLUGIN: HostFunction = HostFunction { name: "a plugin's function", number: u32::MAX, min: 0, max: usize::MAX };

/// What a host function's number stands for.
#[must_use]
pub fn action(number: u32) -> Option<Action> {
    if number == PLUGIN.number {
        return Some(Action::Plugin);
    }
    FUNCTIONS.get(number as usize).map(|entry| entry.action)
}

/// All host functions, by namespace.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    FUNCTIONS
}

impl Entry {
    /// `graph::referrers`
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}::{}", self.namespace, self.name)
    }

    fn function(&self, number: u32) -> HostFunction {
        HostFunction { name: self.name, number, min: self.arity.0, max: self.arity.1 }
    }
}

/// A function of a policy file, and whether its result depends on the object that is judged.
///
/// # Errors
///
/// A sentence with what was meant perhaps.
pub fn find(namespace: &[&str], name: &str) -> Result<(Function, bool), String> {
    let full = |namespace: &str, name: &str| format!("{namespace}::{name}");
    if let ["plugin", _] = namespace {
        return Ok((Function::Host(PLUGIN), false));
    }
    let [namespace] = namespace else {
        let hint = if builtin(name).is_some() {
            format!("; Terraform's functions are called core::{name}")
        } else {
            String::new()
        };
        let written = namespace.iter().copied().chain([name]).collect::<Vec<_>>().join("::");
        return Err(format!("there is no function {written}{hint}"));
    };
    let mut entries = (0..).zip(FUNCTIONS);
    if let Some((number, entry)) = entries.find(|(_, entry)| entry.namespace == *namespace && entry.name == name) {
        return Ok((Function::Host(entry.function(number)), entry.subject == Subject::Object));
    }
    if *namespace == "core"
        && let Some(function) = builtin(name)
    {
        return Ok((function, false));
    }
    if *namespace == "core"
        && let Some(instead) = withdrawn(name)
    {
        return Err(format!("Terraform has withdrawn the function {name}; write core::{instead}"));
    }
    let known: Vec<String> =
        names().map(|name| full("core", name)).chain(FUNCTIONS.iter().map(Entry::full_name)).collect();
    let written = full(namespace, name);
    let hint = nearest(&written, known.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Err(format!("there is no function {written}{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_function_names_a_near_one() {
        assert_eq!(
            find(&["core"], "lenght").unwrap_err(),
            "there is no function core::lenght; did you mean core::length?"
        );
        assert!(find(&[], "length").unwrap_err().contains("core::length"));
        assert!(find(&["plan"], "before").unwrap().1);
    }

    #[test]
    fn a_withdrawn_function_names_what_stands_in_its_place() {
        assert_eq!(
            find(&["core"], "list").unwrap_err(),
            "Terraform has withdrawn the function list; write core::tolist([…])"
        );
        assert!(find(&["core"], "map").unwrap_err().ends_with("write core::tomap({…})"));
    }

    #[test]
    fn a_function_is_found_again_by_its_number() {
        for entry in FUNCTIONS {
            let (Function::Host(function), per_object) = find(&[entry.namespace], entry.name).unwrap() else {
                panic!("{} is no host function", entry.full_name());
            };
            assert_eq!(action(function.number), Some(entry.action), "{}", entry.full_name());
            assert_eq!(per_object, entry.subject == Subject::Object);
        }
    }
}
