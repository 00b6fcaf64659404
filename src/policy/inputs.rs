//! Inputs of a policy file: how they are declared, and where their values come from (`spec/policy-language.md` 7).
//!
//! [`Given`] gathers the values of a run; [`Given::fill`] gives each input of a file the one that wins. A value on the
//! command line or in the environment is a text for `string`, `number` and `bool`, and an expression for all other
//! types, as Terraform takes `-var`.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::parse::Reader;
use super::{Input, PolicyFile};
use crate::expr::Fault;
use crate::expr::composed;
use crate::expr::constant::{constant, from_text};
use crate::expr::functions::nearest;
use crate::expr::types::Type;
use crate::value::Value;

/// Where a value was given, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Argument,
    Environment,
    File,
    /// Defaults of the settings file.
    Settings,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Value(Value),
}

/// The values that a run gives to inputs.
#[derive(Clone, Debug, Default)]
pub struct Given {
    entries: Vec<(Origin, String, Content)>,
}

impl Given {
    /// A value of `--input NAME=VALUE`; of several the last one counts.
    pub fn argument(&mut self, name: &str, text: &str) {
        self.entries.push((Origin::Argument, name.to_owned(), Content::Text(text.to_owned())));
    }

    /// A value of the environment variable `TFPOLICY_INPUT_<name>`.
    pub fn environment(&mut self, name: &str, text: &str) {
        self.entries.push((Origin::Environment, name.to_owned(), Content::Text(text.to_owned())));
    }

    /// A value of a file; of several the last one counts.
    pub fn file(&mut self, name: &str, value: Value) {
        self.entries.push((Origin::File, name.to_owned(), Content::Value(value)));
    }

    /// A value of the settings file that stands in for a default.
    pub fn settings(&mut self, name: &str, value: Value) {
        self.entries.push((Origin::Settings, name.to_owned(), Content::Value(value)));
    }

    /// The names on the command line that no file declares, with the name that was meant perhaps.
    #[must_use]
    pub fn undeclared<'f>(&self, files: impl Iterator<Item = &'f PolicyFile>) -> Vec<(String, Option<String>)> {
        let declared: Vec<&str> = files.flat_map(|file| &file.inputs).map(|input| &*input.name).collect();
        let mut strange: Vec<(String, Option<String>)> = Vec::new();
        for (origin, name, _) in &self.entries {
            let new = strange.iter().all(|(known, _)| known != name);
            if *origin == Origin::Argument && new && !declared.contains(&name.as_str()) {
                strange.push((name.clone(), nearest(name, declared.iter().copied()).map(str::to_owned)));
            }
        }
        strange
    }

    /// Gives the inputs of a file their values, and says which of them have none or one that does not fit.
    #[must_use]
    pub fn fill(&self, file: &mut PolicyFile) -> Vec<Fault> {
        let path = file.path.clone();
        let mut faults = Vec::new();
        for input in &mut file.inputs {
            match self.value(input) {
                Ok(value) => input.value = Some(value.mark(input.sensitive)),
                Err(message) => faults.push(Fault::at(input.span, format!("{path}: {message}"))),
            }
        }
        faults
    }

    /// Gives the inputs of a file those values that are given. The others are left as they are: a test may have values
    /// for them.
    #[must_use]
    pub fn offer(&self, file: &mut PolicyFile) -> Vec<Fault> {
        let path = file.path.clone();
        let mut faults = Vec::new();
        for input in &mut file.inputs {
            match self.given(input) {
                Ok(Some(value)) if input.nullable || !matches!(value, Value::Null) => {
                    input.value = Some(value.mark(input.sensitive));
                }
                Ok(_) => {}
                Err(message) => faults.push(Fault::at(input.span, format!("{path}: {message}"))),
            }
        }
        faults
    }

    fn given(&self, input: &Input) -> Result<Option<Value>, String> {
        let mut best: Option<&(Origin, String, Content)> = None;
        for entry in self.entries.iter().filter(|entry| *entry.1 == *input.name) {
            if best.is_none_or(|best| entry.0 <= best.0) {
                best = Some(entry);
            }
        }
        let Some((origin, name, content)) = best else { return Ok(None) };
        let value = content.value(&input.kind).map_err(|message| format!("{} {message}", origin.place(name)))?;
        Ok(Some(value))
    }

    fn value(&self, input: &Input) -> Result<Value, String> {
        match (self.given(input)?, &input.default) {
            (Some(Value::Null), Some(default)) if !input.nullable => Ok(default.clone()),
            (Some(Value::Null), None) if !input.nullable => {
                Err(format!("the input \"{}\" is given null, and it is not nullable", input.name))
            }
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) if input.nullable => Ok(Value::Null),
            (None, None) => Err(format!(
                "the input \"{0}\" has no value; give one with --input {0}=… or --input-file, or write a default",
                input.name
            )),
        }
    }
}

impl Origin {
    fn place(self, name: &str) -> String {
        match self {
            Self::Argument => format!("--input {name}:"),
            Self::Environment => format!("TFPOLICY_INPUT_{name}:"),
            Self::File => format!("--input-file, {name}:"),
            Self::Settings => format!(".planfit.hcl, {name}:"),
        }
    }
}

impl Content {
    // The text is not quoted in a message: it may be a secret.
    fn value(&self, kind: &Type) -> Result<Value, String> {
        let value = match self {
            Self::Text(text) if kind.is_primitive() => composed::value(text),
            Self::Text(text) => from_text(text).ok_or("this is no constant value in Terraform's syntax")?,
            Self::Value(value) => value.clone(),
        };
        kind.convert(&value).map_err(|message| format!("the value does not fit: {message}"))
    }
}

const ATTRIBUTES: [&str; 5] = ["type", "default", "description", "sensitive", "nullable"];

impl Reader<'_> {
    /// Reads an `input` block.
    pub(super) fn input(&mut self, block: &Block) {
        let span = self.header(block);
        if !self.labels(block, &["its name"]) {
            return;
        }
        let name: Arc<str> = block.labels.first().map_or_else(|| Arc::from(""), |label| Arc::from(label.as_str()));
        if let Some(first) = self.input_names.get(&name).and_then(|number| self.inputs.get(*number)) {
            let fault = Fault::at(span, format!("the input \"{name}\" is declared twice"));
            let fault = fault.with(first.span, "first declared here");
            return self.faults.push(fault);
        }
        let body = &block.body;
        self.known(body, Some(&ATTRIBUTES), &[], "an input");
        let kind = self.input_type(body, &name, block);
        let default = body.get_attribute("default").map(|attribute| {
            let value = self.constant(&attribute.value);
            kind.convert(&value).unwrap_or_else(|message| {
                let place = self.span(&attribute.value);
                self.fault(place, format!("the default does not fit the type: {message}"));
                Value::Null
            })
        });
        if let Some(description) = body.get_attribute("description") {
            self.text(description);
        }
        let sensitive = self.flag(body, "sensitive");
        let nullable = self.flag(body, "nullable");
        Arc::make_mut(&mut self.input_names).insert(name.clone(), self.inputs.len());
        self.inputs.push(Input { name, kind, default, value: None, sensitive, nullable, span });
    }

    fn input_type(&mut self, body: &Body, name: &str, block: &Block) -> Type {
        let Some(attribute) = body.get_attribute("type") else {
            let span = self.header(block);
            self.fault(span, format!("the input \"{name}\" needs a type, as in type = string"));
            return Type::Any;
        };
        let mut faults = Vec::new();
        let (file, text) = (self.file, self.text);
        let mut default = |expression: &Expression| match constant(file, text, expression) {
            Ok(value) => Some(value),
            Err(more) => {
                faults.extend(more);
                None
            }
        };
        let read = Type::read(&attribute.value, &mut default);
        match read {
            Ok(kind) => kind,
            Err((part, message)) => {
                let span = self.span(part);
                if faults.is_empty() {
                    self.fault(span, message);
                }
                self.faults.extend(faults);
                Type::Any
            }
        }
    }
}
