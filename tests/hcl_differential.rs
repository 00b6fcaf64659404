//! The stacks of `fixtures/hcl`, evaluated from source alone, against Terraform's own plans of them: the same instances,
//! and for every argument the same value. `tests/hcl/regenerate.sh` writes what is expected.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use planfit::io::{Disk, Environment};
use planfit::policy::library;
use planfit::source::SourceMap;
use planfit::terraform::config::load;
use planfit::terraform::config::values::{self, Outside};
use planfit::terraform::plan::Action;
use planfit::value::{Handle, Side, Value};
use planfit::workspace::Names;
use planfit::workspace::build::{self, Shared};
use planfit::workspace::source::{Given, Place};
use serde_json::Value as Json;

/// Arguments by name, by the address of the instance.
type Instances = BTreeMap<String, BTreeMap<String, Json>>;

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hcl").join(name)
}

fn expected(name: &str) -> Instances {
    serde_json::from_str(&fs::read_to_string(directory(name).join("expected.json")).unwrap()).unwrap()
}

/// What differs between Terraform's plan and our evaluation, one sentence each.
fn differences(name: &str) -> Vec<String> {
    let root = directory(name).to_str().unwrap().to_owned();
    let disk = Disk::new(&Environment::default());
    let mut sources = SourceMap::default();
    let (configuration, troubles) = load::load(&root, &disk, library::map_arguments(), &mut sources);
    let outside = Outside::default();
    let (variables, more) = values::gather(&root, &configuration, &outside, &disk, &mut sources);
    let mut found: Vec<String> = troubles.iter().chain(&more).map(|trouble| format!("{trouble:?}")).collect();
    let shared = Shared::new(Arc::new(library::facts().unwrap()), Arc::new(Names::default()), Arc::new(configuration));
    let given = Given { variables, workspace: None };
    let place = Place { files: &disk, root: &root };
    let (workspace, gaps) = build::from_configuration(Arc::from(name), &shared, Action::Create, &given, Some(place));
    found.extend(gaps.faults.iter().map(|fault| format!("a fault: {}", fault.message)));
    found.extend(gaps.uncounted.iter().map(|(address, reason)| format!("{address}: not counted, {reason}")));

    let expected = expected(name);
    let ours: BTreeMap<String, u32> = (0..)
        .map_while(|id| Some((workspace.object(id)?.address.to_string(), id)))
        .filter(|(address, _)| !address.split('.').any(|part| part == "data"))
        .collect();
    let (theirs, mine): (BTreeSet<&String>, BTreeSet<&String>) = (expected.keys().collect(), ours.keys().collect());
    found.extend(theirs.difference(&mine).map(|address| format!("{address}: Terraform has it, we do not")));
    found.extend(mine.difference(&theirs).map(|address| format!("{address}: we have it, Terraform does not")));
    for (address, arguments) in &expected {
        let Some(id) = ours.get(address) else { continue };
        for (argument, theirs) in arguments {
            let path = format!("{address}.{argument}");
            match workspace.attribute(Handle::new(*id, Side::Planned), argument) {
                Some(ours) => differ(theirs, &ours, &path, &mut found),
                None => found.push(format!("{path}: Terraform has {theirs}, we have nothing")),
            }
        }
    }
    found
}

// A provider's schema says what type an argument has; without it a number may stand where a text will be.
fn differ(theirs: &Json, ours: &Value, path: &str, found: &mut Vec<String>) {
    match (theirs, ours.unmark().0) {
        (Json::Array(theirs), Value::List(ours)) => lists(theirs, ours, path, found),
        (Json::Object(theirs), Value::Object(ours)) => {
            for (key, theirs) in theirs {
                let path = format!("{path}.{key}");
                match ours.get(key) {
                    Some(ours) => differ(theirs, ours, &path, found),
                    // What nobody writes the schema fills in.
                    None if theirs.is_null() || theirs.as_array().is_some_and(Vec::is_empty) => {}
                    None => found.push(format!("{path}: Terraform has {theirs}, we have nothing")),
                }
            }
            let more =
                ours.iter().filter(|(key, value)| !theirs.contains_key(&***key) && !matches!(value, Value::Null));
            found.extend(more.map(|(key, _)| format!("{path}.{key}: Terraform does not have it")));
        }
        (theirs, ours) => {
            let known = match ours {
                Value::Null => Some("null".to_owned()),
                Value::Bool(truth) => Some(truth.to_string()),
                Value::Number(number) => Some(number.to_string()),
                Value::String(text) => Some(text.to_string()),
                _ => None,
            };
            let wanted = theirs.as_str().map_or_else(|| theirs.to_string(), str::to_owned);
            if known.as_deref() != Some(&wanted) {
                found.push(format!("{path}: Terraform has {wanted:?}, we have {known:?} ({ours:?})"));
            }
        }
    }
}

// Blocks of a set come in an order of the provider's.
fn lists(theirs: &[Json], ours: &[Value], path: &str, found: &mut Vec<String>) {
    if theirs.len() != ours.len() {
        return found.push(format!("{path}: Terraform has {} members, we have {}", theirs.len(), ours.len()));
    }
    let agrees = |theirs: &Json, ours: &Value| {
        let mut found = Vec::new();
        differ(theirs, ours, "", &mut found);
        found.is_empty()
    };
    let mut rest: Vec<&Value> = ours.iter().collect();
    for (index, theirs) in theirs.iter().enumerate() {
        match rest.iter().position(|ours| agrees(theirs, ours)) {
            Some(at) => drop(rest.remove(at)),
            None => match ours.get(index) {
                Some(ours) => differ(theirs, ours, &format!("{path}[{index}]"), found),
                None => found.push(format!("{path}[{index}]: we have nothing")),
            },
        }
    }
}

macro_rules! fixtures {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                let found = differences(stringify!($name));
                assert!(found.is_empty(), "{}", found.join("\n"));
            }
        )*

        #[test]
        fn every_fixture_is_compared() {
            let mut names: Vec<String> =
                fs::read_dir(directory("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

fixtures!(
    conditional_creation,
    dynamic_in_dynamic,
    heredocs,
    hundred_calls,
    json_syntax,
    nested_modules,
    no_instances,
    optional_attributes,
    overrides,
    tfvars_layers,
);

// The comparison itself: it must be able to fail.
#[test]
fn a_value_that_differs_is_found() {
    let number = |number: usize| Value::int(number);
    for (theirs, ours, differs) in [
        (serde_json::json!("12"), number(12), false),
        (serde_json::json!(13), number(12), true),
        (serde_json::json!([1, 2]), Value::list(vec![number(2), number(1)]), false),
        (serde_json::json!([1, 1]), Value::list(vec![number(1), number(2)]), true),
        (serde_json::json!({"a": null}), Value::object(Vec::new()), false),
        (serde_json::json!({"a": 1}), Value::object(Vec::new()), true),
        (serde_json::json!({}), Value::object(vec![(Arc::from("a"), number(1))]), true),
        (serde_json::json!(1), Value::unknown("no reason"), true),
    ] {
        let mut found = Vec::new();
        differ(&theirs, &ours, "x", &mut found);
        assert_eq!(!found.is_empty(), differs, "{theirs}: {found:?}");
    }
}
