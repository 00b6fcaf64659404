//! The functions that planfit and Terraform Policy add to Terraform's own (`spec/policy-language.md` 5.1 and 5.4): their
//! names, and which of them depend on the object that is judged.

use crate::expr::functions::{Function, HostFunction, builtin, names, nearest, withdrawn};

/// What a host function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `core::getresources(type, filter?)`
    GetResources,
    /// `core::getdatasource(type, filter?)`
    GetDataSource,
    /// `core::gethttprequest(url, options?)`: never executed.
    HttpRequest,
    /// `plan::before(path)`
    Before,
    /// `plan::after(path)`
    After,
    /// `plan::changed(path)`
    Changed,
    /// `plan::configured(path)`
    Configured,
    /// `plan::resources(type)`: also those that go away.
    Resources,
}

struct Entry {
    namespace: &'static str,
    function: HostFunction,
    action: Action,
    per_object: bool,
}

const fn entry(
    number: u32,
    namespace: &'static str,
    name: &'static str,
    arity: (usize, usize),
    action: Action,
    per_object: bool,
) -> Entry {
    Entry { namespace, function: HostFunction { name, number, min: arity.0, max: arity.1 }, action, per_object }
}

const FUNCTIONS: [Entry; 8] = [
    entry(0, "core", "getresources", (1, 2), Action::GetResources, false),
    entry(1, "core", "getdatasource", (1, 2), Action::GetDataSource, false),
    entry(2, "core", "gethttprequest", (1, 2), Action::HttpRequest, false),
    entry(3, "plan", "before", (1, 1), Action::Before, true),
    entry(4, "plan", "after", (1, 1), Action::After, true),
    entry(5, "plan", "changed", (1, 1), Action::Changed, true),
    entry(6, "plan", "configured", (1, 1), Action::Configured, true),
    entry(7, "plan", "resources", (1, 1), Action::Resources, false),
];

/// What a host function's number stands for.
#[must_use]
pub fn action(number: u32) -> Option<Action> {
    FUNCTIONS.get(number as usize).map(|entry| entry.action)
}

/// A function of a policy file, and whether its result depends on the object that is judged.
///
/// # Errors
///
/// A sentence with what was meant perhaps.
pub fn find(namespace: &[&str], name: &str) -> Result<(Function, bool), String> {
    let full = |namespace: &str, name: &str| format!("{namespace}::{name}");
    let [namespace] = namespace else {
        let hint = if builtin(name).is_some() {
            format!("; Terraform's functions are called core::{name}")
        } else {
            String::new()
        };
        let written = namespace.iter().copied().chain([name]).collect::<Vec<_>>().join("::");
        return Err(format!("there is no function {written}{hint}"));
    };
    if let Some(entry) = FUNCTIONS.iter().find(|entry| entry.namespace == *namespace && entry.function.name == name) {
        return Ok((Function::Host(entry.function), entry.per_object));
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
    let known: Vec<String> = names()
        .map(|name| full("core", name))
        .chain(FUNCTIONS.iter().map(|entry| full(entry.namespace, entry.function.name)))
        .collect();
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
    fn numbers_are_positions() {
        for (number, entry) in (0..).zip(&FUNCTIONS) {
            assert_eq!((entry.function.number, action(number)), (number, Some(entry.action)));
        }
    }
}
