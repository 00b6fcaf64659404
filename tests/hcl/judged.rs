//! Files in memory, and what evaluating them gives, as lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use planfit::expr::functions::{Function, builtin};
use planfit::policy::library;
use planfit::source::SourceMap;
use planfit::terraform::config::load::{self, Files, Trouble};
use planfit::terraform::config::values::{self, Outside};
use planfit::terraform::plan::Action;
use planfit::value::{Cause, Handle, Side, Value};
use planfit::workspace::build::{self, Shared};
use planfit::workspace::source::{Gaps, Given, Place};
use planfit::workspace::{Names, Workspace};

/// Files by path.
struct Memory(BTreeMap<&'static str, &'static str>);

impl Files for Memory {
    fn list(&self, directory: &str) -> Vec<String> {
        let paths = self.0.keys().map(|path| path.rsplit_once('/').unwrap_or((".", path)));
        paths.filter(|(parent, _)| *parent == directory).map(|(_, name)| name.to_owned()).collect()
    }

    fn below(&self, directory: &str) -> Result<Vec<String>, String> {
        let prefix = if directory == "." { String::new() } else { format!("{directory}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).map(|text| (*text).to_owned()).ok_or_else(|| "there is no such file".to_owned())
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    fn is_ours(&self, directory: &str) -> bool {
        !directory.starts_with("..")
    }

    fn resolve(&self, directory: &str) -> String {
        directory.to_owned()
    }

    fn data_directory(&self, root: &str) -> String {
        load::join(root, ".terraform")
    }
}

/// What became of some files.
pub(crate) struct Judged {
    /// `ADDRESS = VALUE` of each object, the value of `input` as JSON or why it is not known.
    pub(crate) lines: Vec<String>,
    pub(crate) gaps: Gaps,
    pub(crate) troubles: Vec<Trouble>,
}

/// Evaluates files that are nowhere but here.
pub(crate) fn judged(files: &[(&'static str, &'static str)], outside: &Outside, workspace: Option<&str>) -> Judged {
    let memory = Memory(files.iter().copied().collect());
    let mut sources = SourceMap::default();
    let (configuration, mut troubles) = load::load(".", &memory, library::map_arguments(), &mut sources);
    let (variables, more) = values::gather(".", &configuration, outside, &memory, &mut sources);
    troubles.extend(more);
    let facts = library::facts().unwrap();
    let wanted = Names::new(std::iter::empty());
    let shared = Shared::new(Arc::new(facts), Arc::new(wanted), Arc::new(configuration));
    let given = Given { variables, workspace: workspace.map(Arc::from) };
    let place = Place { files: &memory, root: "." };
    let (workspace, gaps) = build::from_configuration(Arc::from("."), &shared, Action::NoOp, &given, Some(place));
    let mut lines: Vec<String> = (0..)
        .zip(&workspace.objects)
        .map(|(id, object)| {
            let input = workspace.attribute(Handle::new(id, Side::Planned), "input");
            format!("{} = {}", object.address, input.map_or_else(|| "-".to_owned(), |input| shown(&workspace, &input)))
        })
        .collect();
    lines.sort();
    Judged { lines, gaps, troubles }
}

fn shown(workspace: &Workspace<'_>, value: &Value) -> String {
    if let Value::Sensitive(inner) = value {
        return format!("sensitive {}", shown(workspace, inner));
    }
    let Some(Function::Builtin(encode)) = builtin("jsonencode") else { panic!("there is no jsonencode") };
    match encode.call(workspace, &[value], None) {
        Ok(Value::String(text)) => text.to_string(),
        Ok(unknown) => match unknown.cause() {
            Some(Cause::Attribute(symbol)) => format!("? {}", workspace.symbol_name(&symbol)),
            Some(Cause::Reason(reason)) => format!("? {reason}"),
            Some(other) => format!("? {other:?}"),
            None => format!("{unknown:?}"),
        },
        Err(message) => format!("! {message}"),
    }
}

/// The same without anything from outside; the lines must be these.
#[track_caller]
pub(crate) fn expect(files: &[(&'static str, &'static str)], expected: &[&str]) -> Judged {
    let judged = judged(files, &Outside::default(), None);
    assert_eq!(judged.lines, expected, "{:?} {:?}", judged.gaps, judged.troubles);
    judged
}
