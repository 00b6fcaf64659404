//! `planfit policy list`: which policies there are.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use super::{Common, Library, Shelf, Sink, write};
use crate::cli::common::complain;
use crate::expr::functions::nearest;
use crate::finding::{Outcome, Severity};
use crate::policy::sheet::Sheet;
use crate::report::policy::{json, list};

/// Arguments of `policy list`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// Only this category; repeatable
    #[arg(long, value_name = "CATEGORY")]
    category: Vec<String>,
    /// Only this severity; repeatable
    #[arg(long, value_enum, value_name = "SEVERITY")]
    severity: Vec<Word>,
    /// Only policies that are off by default
    #[arg(long)]
    pedantic: bool,
    /// How it is printed: human or json, with =PATH into a file; repeatable
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = Sink::<Format>::parse)]
    output: Vec<Sink<Format>>,
    #[command(flatten)]
    library: Library,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Word {
    Critical,
    High,
    Medium,
    Low,
}

impl Word {
    fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Shelf { mut sheets, outcome, style } = arguments.library.open(&arguments.common);
    let outcome = if known(&arguments.category, &sheets) { outcome } else { Outcome::CouldNotRun };
    sheets.retain(|sheet| selects(arguments, sheet));
    write(&arguments.common, &arguments.output, Format::Human, style, outcome, |format, style, out| match format {
        Format::Human => list::write(&sheets, style.colour, out),
        Format::Json => json::list(&sheets, out),
    })
}

fn selects(arguments: &Arguments, sheet: &Sheet) -> bool {
    let severities = &arguments.severity;
    (arguments.category.is_empty() || arguments.category.iter().any(|category| **category == *sheet.category))
        && (severities.is_empty() || severities.iter().any(|word| word.severity() == sheet.severity))
        && (sheet.pedantic || !arguments.pedantic)
}

// A category that is not there must not look like one without policies.
fn known(asked: &[String], sheets: &[Sheet]) -> bool {
    let known: BTreeSet<&str> = sheets.iter().map(|sheet| &*sheet.category).collect();
    let mut all = true;
    for category in asked.iter().filter(|category| !known.contains(category.as_str())) {
        let near = nearest(category, known.iter().copied());
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        complain(&format!("--category {category}: there is no such category{hint}"));
        all = false;
    }
    all
}
