//! Functions about files: `file`, `templatefile`, `fileset`, hashes, paths. They see the repository and nothing around it.

use std::sync::Arc;

use globset::GlobBuilder;

use super::scope::Scope;
use super::{Source, machine};
use crate::expr::composed;
use crate::expr::eval::decided;
use crate::expr::functions::{Function, builtin};
use crate::terraform::config::functions::Ask;
use crate::terraform::config::load::join;
use crate::value::{ListKind, Value};

/// Largest file that a function reads, in bytes. Terraform has no bound; policies and templates are a few kilobytes.
const MAX_SIZE: usize = 4 << 20;

/// Files that one call of `fileset` gives.
const MAX_FILES: usize = 10_000;

impl Source<'_> {
    /// What a function that is not pure gives.
    pub(super) fn answer(&self, ask: Ask, scope: &Scope<'_, '_>, arguments: &[Value]) -> Value {
        if ask == Ask::Unevaluated {
            return Value::unknown("this expression is not evaluated");
        }
        let first = arguments.first().unwrap_or(&Value::Null);
        let path = match (first.unmark().0, machine::path(first)) {
            (Value::String(path), _) => path.clone(),
            (Value::Unknown(_), Some(path)) if ask.follows() => Arc::from(path),
            (Value::Unknown(_), _) => return decided(None, &arguments.iter().collect::<Vec<_>>()),
            _ => return Value::unknown("a path is a text"),
        };
        let sensitive = first.has_sensitive();
        let more = arguments.get(1).unwrap_or(&Value::Null);
        self.known(ask, scope, &path, more).unwrap_or_else(Value::unknown).mark(sensitive)
    }

    fn known(&self, ask: Ask, scope: &Scope<'_, '_>, path: &str, more: &Value) -> Result<Value, String> {
        let text = || self.text(path).map(|text| Value::string(&text));
        match ask {
            Ask::Unevaluated => Err("this expression is not evaluated".to_owned()),
            Ask::Absolute => Ok(machine::absolute(path)),
            Ask::Home if path.starts_with('~') => Err("the home directory differs from machine to machine".to_owned()),
            Ask::Home => Ok(Value::string(path)),
            Ask::FileExists => self.exists(path).map(Value::Bool),
            Ask::FileSet => self.set(path, more),
            Ask::File => self.text(path).map(|text| composed::value(&text)),
            Ask::FileBase64 => pure("base64encode", scope, &[text()?]),
            Ask::Hash(function) => pure(function, scope, &[text()?]),
            Ask::TemplateFile => pure("templatestring", scope, &[text()?, more.clone()]),
        }
    }

    fn text(&self, path: &str) -> Result<String, String> {
        let (place, path) = self.at(path)?;
        let text = place.files.read(&path).map_err(|reason| format!("the file {path} cannot be read: {reason}"))?;
        if text.len() > MAX_SIZE {
            return Err(format!("the file {path} is larger than {} MiB", MAX_SIZE >> 20));
        }
        Ok(text)
    }

    fn exists(&self, path: &str) -> Result<bool, String> {
        let (place, path) = self.at(path)?;
        let (directory, name) = path.rsplit_once('/').unwrap_or((".", &path));
        Ok(place.files.list(directory).iter().any(|file| file == name))
    }

    // Paths below a directory that fit a pattern, in order: the members of a set.
    fn set(&self, path: &str, pattern: &Value) -> Result<Value, String> {
        let Value::String(pattern) = pattern.unmark().0 else {
            return Err("the pattern of fileset is not known".to_owned());
        };
        let (place, path) = self.at(path)?;
        if !place.files.is_ours(&path) {
            return Err(format!("{path} lies outside of the repository, so it is not read"));
        }
        let glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
        let glob = glob.map_err(|error| format!("this is no pattern of files: {}", error.kind()))?.compile_matcher();
        let files: Vec<String> = place.files.below(&path)?.into_iter().filter(|file| glob.is_match(file)).collect();
        if files.len() > MAX_FILES {
            return Err(format!("there are more than {MAX_FILES} files that fit"));
        }
        Ok(Value::list_of(ListKind::Set, files.iter().map(|file| Value::string(file)).collect()))
    }

    fn at(&self, path: &str) -> Result<(super::Place<'_>, String), String> {
        let place = self.place.ok_or("files are not read here")?;
        if path.starts_with(['/', '~']) {
            return Err("a path that begins at the root of the machine is not read".to_owned());
        }
        let path = join(place.root, path);
        let directory = path.rsplit_once('/').map_or(".", |(directory, _)| directory);
        if !place.files.is_ours(directory) {
            return Err(format!("{path} lies outside of the repository, so it is not read"));
        }
        Ok((place, path))
    }
}

fn pure(name: &str, scope: &Scope<'_, '_>, arguments: &[Value]) -> Result<Value, String> {
    match builtin(name) {
        Some(Function::Builtin(function)) => function.call(scope, &arguments.iter().collect::<Vec<_>>(), None),
        _ => Err(format!("there is no function {name}")),
    }
}
