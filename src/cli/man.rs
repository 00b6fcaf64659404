//! `planfit man`: pages for man, one a command.

use clap::{Args, Command};
use clap_mangen::Man;

use super::common::complain;
use super::output::write_stdout;
use crate::finding::Outcome;
use crate::io;

/// Arguments of `man`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A directory for the pages, one file a command; without it all go to standard output
    #[arg(long, value_name = "DIR")]
    output: Option<String>,
}

pub(super) fn run(arguments: &Arguments, command: Command) -> Outcome {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let written = pages(&command).and_then(|pages| match &arguments.output {
        Some(directory) => files(&pages, directory),
        None => {
            let all: Vec<u8> = pages.into_iter().flat_map(|(_, page)| page).collect();
            write_stdout(&all).map_err(|error| format!("standard output: {error}"))
        }
    });
    match written {
        Ok(()) => Outcome::Pass,
        Err(message) => {
            complain(&message);
            Outcome::CouldNotRun
        }
    }
}

// The page of a command and those of its commands: the name of the file, and its text.
fn pages(command: &Command) -> Result<Vec<(String, Vec<u8>)>, String> {
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| error.to_string())?;
    let mut pages = vec![(page.get_filename(), text)];
    for inner in command.get_subcommands() {
        pages.extend(self::pages(inner)?);
    }
    Ok(pages)
}

fn files(pages: &[(String, Vec<u8>)], directory: &str) -> Result<(), String> {
    let directory = directory.trim_end_matches('/');
    for (name, page) in pages {
        io::write_file(&format!("{directory}/{name}"), page).map_err(|error| error.to_string())?;
    }
    Ok(())
}
