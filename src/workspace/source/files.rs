//! Functions that read files: `file`, `templatefile`, hashes. They see the repository and nothing around it.

use super::Source;
use super::scope::Scope;
use crate::expr::eval::decided;
use crate::expr::functions::{Function, builtin};
use crate::terraform::config::functions::Ask;
use crate::terraform::config::load::join;
use crate::value::Value;

/// Largest file that a function reads, in bytes. Terraform has no bound; policies and templates are a few kilobytes.
const MAX_SIZE: usize = 4 << 20;

impl Source<'_> {
    /// What a function that is not pure gives.
    pub(super) fn answer(&self, ask: Ask, scope: &Scope<'_, '_>, arguments: &[Value]) -> Value {
        let operands: Vec<&Value> = arguments.iter().collect();
        let first = arguments.first().map_or(&Value::Null, |first| first.unmark().0);
        let path = match (ask, first) {
            (Ask::Unevaluated, _) => return Value::unknown("this expression is not evaluated"),
            (_, Value::String(path)) => path,
            (_, Value::Unknown(_)) => return decided(None, &operands),
            _ => return Value::unknown("a path is a text"),
        };
        let sensitive = arguments.first().is_some_and(Value::has_sensitive);
        let value = match ask {
            Ask::Basename => Ok(Value::string(base(path))),
            Ask::Dirname => Ok(Value::string(&directory(path))),
            Ask::FileExists => self.exists(path).map(Value::Bool),
            Ask::File | Ask::Unevaluated => self.text(path).map(|text| Value::string(&text)),
            Ask::FileBase64 => self.text(path).and_then(|text| pure("base64encode", scope, &[Value::string(&text)])),
            Ask::Hash(function) => self.text(path).and_then(|text| pure(function, scope, &[Value::string(&text)])),
            Ask::TemplateFile => self.text(path).and_then(|text| {
                let variables = arguments.get(1).cloned().unwrap_or(Value::Null);
                pure("templatestring", scope, &[Value::string(&text), variables])
            }),
        };
        value.unwrap_or_else(Value::unknown).mark(sensitive)
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

// As Go's filepath.Base and filepath.Dir have them.
fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".",
        (_, "") => "/",
        (_, trimmed) => trimmed.rsplit_once('/').map_or(trimmed, |(_, last)| last),
    }
}

fn directory(path: &str) -> String {
    match path.rsplit_once('/') {
        None => ".".to_owned(),
        Some((before, _)) if before.trim_matches('/').is_empty() => "/".to_owned(),
        Some((before, _)) => join(before, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // What `terraform console` of Terraform 1.11 gives.
    #[test]
    fn paths_come_apart_as_in_terraform() {
        for (path, last, before) in [
            ("a/b/c.txt", "c.txt", "a/b"),
            ("c.txt", "c.txt", "."),
            ("/c", "c", "/"),
            ("a/b/", "b", "a/b"),
            ("", ".", "."),
        ] {
            assert_eq!((base(path), directory(path).as_str()), (last, before), "{path}");
        }
    }
}
