//! `planfit policy explain`: all that is known of one policy.

use clap::{Args, ValueEnum};

use super::{Common, Library, Shelf, Sink, write};
use crate::cli::common::complain;
use crate::expr::functions::nearest;
use crate::finding::Outcome;
use crate::policy::sheet::Sheet;
use crate::report::policy::{json, markdown, page};

/// Arguments of `policy explain`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// The policy's id, or an alias
    #[arg(value_name = "ID")]
    id: String,
    /// How it is printed: human, markdown or json, with =PATH into a file; repeatable
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
    Markdown,
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Shelf { sheets, outcome, style } = arguments.library.open(&arguments.common);
    let found = called(&arguments.id, &sheets);
    if found.is_empty() {
        complain(&missing(&arguments.id, &sheets));
        return Outcome::CouldNotRun;
    }
    write(&arguments.common, &arguments.output, Format::Human, style, outcome, |format, style, out| match format {
        Format::Human => each(&found, out, |sheet, out| page::write(sheet, style, out)),
        Format::Markdown => each(&found, out, |sheet, out| markdown::write(sheet, out)),
        Format::Json => json::pages(&found, out),
    })
}

// An id is one policy; an alias may stand for several.
fn called<'s>(name: &str, sheets: &'s [Sheet]) -> Vec<&'s Sheet> {
    let by_id: Vec<&Sheet> = sheets.iter().filter(|sheet| *sheet.id == *name).collect();
    if by_id.is_empty() { sheets.iter().filter(|sheet| sheet.is_called(name)).collect() } else { by_id }
}

fn each(
    sheets: &[&Sheet],
    out: &mut Vec<u8>,
    mut draw: impl FnMut(&Sheet, &mut Vec<u8>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    for (number, sheet) in sheets.iter().enumerate() {
        if number > 0 {
            out.push(b'\n');
        }
        draw(sheet, out)?;
    }
    Ok(())
}

fn missing(name: &str, sheets: &[Sheet]) -> String {
    let names = sheets.iter().flat_map(|sheet| std::iter::once(&*sheet.id).chain(sheet.aliases.iter().map(|it| &**it)));
    let near = nearest(name, names);
    let next =
        near.map_or_else(|| "`planfit policy list` lists all".to_owned(), |near| format!("did you mean {near}?"));
    format!("there is no policy or alias \"{name}\"; {next}")
}
