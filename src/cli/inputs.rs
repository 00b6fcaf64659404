//! Values of inputs from outside: `--input`, `--input-file`, `TFPOLICY_INPUT_…` (`spec/policy-language.md` 7).

use clap::Args;

use crate::expr::Fault;
use crate::expr::constant::read_values;
use crate::io::{self, Disk};
use crate::policy::inputs::Given;
use crate::source::{SourceMap, hcl};
use crate::terraform::config::load::Files as _;
use crate::terraform::config::values;

/// Options of the commands that evaluate policies.
#[derive(Args, Debug)]
pub(super) struct Inputs {
    /// The value of an input of a policy file; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    input: Vec<(String, String)>,
    /// A file with values of inputs, .tfvars or .tfvars.json; repeatable, the last one wins
    #[arg(long, value_name = "FILE")]
    input_file: Vec<String>,
}

/// What the options and the environment give.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The values.
    pub(super) given: Given,
    /// What is wrong in files of values.
    pub(super) faults: Vec<Fault>,
    /// Files that could not be read, and why.
    pub(super) unreadable: Vec<(String, String)>,
}

impl Inputs {
    /// The names that the command line gives values to.
    pub(super) fn names(&self) -> Vec<String> {
        self.input.iter().map(|(name, _)| name.clone()).collect()
    }

    // The command line is stronger than the environment, which is stronger than a file.
    pub(super) fn gather(&self, disk: &Disk, sources: &mut SourceMap) -> Gathered {
        let mut gathered = Gathered::default();
        for path in &self.input_file {
            gathered.read(path, disk.shown(path), sources);
        }
        for (name, text) in io::variables("TFPOLICY_INPUT_") {
            gathered.given.environment(&name, &text);
        }
        for (name, text) in &self.input {
            gathered.given.argument(name, text);
        }
        gathered
    }
}

impl Gathered {
    fn read(&mut self, path: &str, shown: String, sources: &mut SourceMap) {
        let text = match io::read_text(path) {
            Ok(text) => hcl::clean(text),
            Err(error) => return self.unreadable.push((shown, error.reason())),
        };
        if values::is_json(path) {
            return match values::from_json(&text) {
                Ok(values) => values.for_each(|(name, value)| self.given.file(&name, value)),
                Err(reason) => self.unreadable.push((shown, reason.to_owned())),
            };
        }
        let file = sources.add(shown, text.clone());
        match read_values(file, &text) {
            Ok(values) => values.into_iter().for_each(|(name, value)| self.given.file(&name, value)),
            Err(faults) => self.faults.extend(faults),
        }
    }
}

/// That no policy file has an input of a name on the command line.
pub(super) fn undeclared(name: &str, near: Option<String>) -> String {
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    format!("--input {name}: no policy file declares an input of that name{hint}")
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("an input is given as NAME=VALUE")?;
    let name = name.trim();
    if name.is_empty() {
        Err("an input needs a name before the =".to_owned())
    } else {
        Ok((name.to_owned(), value.to_owned()))
    }
}
