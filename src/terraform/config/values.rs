//! Values of the root module's variables from outside: the environment, files of values, options, in Terraform's order.
//!
//! Later ones win: `TF_VAR_…`, `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by
//! name, then `--var-file` and `--var` in the order of the command line. A text of the environment or an option is taken as it is for a variable of type string,
//! number or bool and for one without a type; for others it is an expression.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::load::{Files, Trouble, TroubleKind, join};
use super::{Configuration, Module};
use crate::expr::constant::{from_text, read_values};
use crate::expr::types::Type;
use crate::source::{SourceMap, hcl};
use crate::value::Value;
use crate::value::json::{self, Checked};

/// What a run gives to variables beside the files of the root module.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Variables of the environment, without `TF_VAR_`.
    pub environment: Vec<(String, String)>,
    /// What the command line asks for, in its order.
    pub asked: Vec<Asked>,
}

/// What an option gives to variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A file of values.
    File(String),
    /// One value.
    Text {
        /// The variable.
        name: String,
        /// Its value as a text.
        text: String,
    },
}

/// The values that are given to a root module, not converted to the variables' types.
pub type Values = FxHashMap<Arc<str>, Value>;

/// Gathers the values for the variables of a root module, and what could not be read of them.
#[must_use]
pub fn gather(
    root: &str,
    configuration: &Configuration,
    outside: &Outside,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> (Values, Vec<Trouble>) {
    let mut gathered = Gathered { files, sources, values: Values::default(), troubles: Vec::new() };
    let module = configuration.module("");
    for (name, text) in &outside.environment {
        gathered.text("TF_VAR_", name, text, module);
    }
    for name in automatic(files.list(root)) {
        gathered.file(&join(root, &name));
    }
    for asked in &outside.asked {
        match asked {
            Asked::File(path) => gathered.file(path),
            Asked::Text { name, text } => gathered.text("--var ", name, text, module),
        }
    }
    (gathered.values, gathered.troubles)
}

struct Gathered<'g> {
    files: &'g dyn Files,
    sources: &'g mut SourceMap,
    values: Values,
    troubles: Vec<Trouble>,
}

impl Gathered<'_> {
    fn file(&mut self, path: &str) {
        let shown = self.files.shown(path);
        let text = match self.files.read(path) {
            Ok(text) => hcl::clean(text),
            Err(message) => return self.trouble(shown, message),
        };
        if is_json(path) {
            return match from_json(&text) {
                Ok(values) => self.values.extend(values),
                Err(message) => self.trouble(shown, message.to_owned()),
            };
        }
        let file = self.sources.add(shown.clone(), text.clone());
        match read_values(file, &text) {
            Ok(values) => self.values.extend(values),
            Err(faults) => self.troubles.extend(faults.into_iter().map(|fault| Trouble {
                kind: TroubleKind::File,
                subject: shown.clone(),
                message: fault.message,
                span: Some(fault.span),
            })),
        }
    }

    // The text is not quoted in a message: it may be a secret.
    fn text(&mut self, place: &str, name: &str, text: &str, module: Option<&Module>) {
        if module.is_none_or(|module| module.block("variable", &[name]).is_none()) {
            return;
        }
        let is_plain = module.and_then(|module| module.type_of(name)).is_none_or(Type::is_primitive);
        let value = if is_plain { Some(Value::string(text)) } else { from_text(text) };
        match value {
            Some(value) => drop(self.values.insert(Arc::from(name), value)),
            None => {
                let message = "this is no constant value in Terraform's syntax".to_owned();
                self.trouble(format!("{place}{name}"), message);
            }
        }
    }

    fn trouble(&mut self, subject: String, message: String) {
        self.troubles.push(Trouble { kind: TroubleKind::File, subject, message, span: None });
    }
}

/// Whether a file of values is one of JSON, which its name tells.
#[must_use]
pub fn is_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "json")
}

/// The values of a file of JSON. Texts are taken as they are: there are no templates in them.
///
/// # Errors
///
/// A sentence on what it is instead.
pub fn from_json(text: &str) -> Result<impl Iterator<Item = (Arc<str>, Value)>, &'static str> {
    let object = Checked::is_value(text).then(|| json::open(text.trim_start()));
    match object {
        Some(Ok(Value::Object(object))) => Ok(object.to_entries().into_iter()),
        _ => Err("this file of values is no JSON object"),
    }
}

/// Of the files of a directory those whose values are taken without being asked for, the strongest last.
pub(super) fn automatic(names: Vec<String>) -> Vec<String> {
    let mut ranked: Vec<(i32, String)> = names.into_iter().filter_map(|name| Some((rank(&name)?, name))).collect();
    ranked.sort();
    ranked.into_iter().map(|(_, name)| name).collect()
}

/// Whether the values of a file are taken without being asked for.
pub(super) fn is_automatic(name: &str) -> bool {
    rank(name).is_some()
}

fn rank(name: &str) -> Option<i32> {
    match name {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        name if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The order of Terraform's documentation of input variables, "Variable Definition Precedence".
    #[test]
    fn files_of_values_are_read_in_terraforms_order() {
        let names = ["b.auto.tfvars", "x.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "terraform.tfvars"];
        let read = automatic(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(read, ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "b.auto.tfvars"]);
    }
}
