//! `planfit init`: writes a settings file to start from, after a look at the repository.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;

use super::common::complain;
use super::output::write_stdout;
use crate::config::FILE_NAME;
use crate::config::scaffold::{Found, Repository};
use crate::finding::Outcome;
use crate::io::{self, Disk, Environment};
use crate::report::sanitise;
use crate::terraform::config::load::Files as _;
use crate::tfaction::root::Root;

/// Arguments of `init`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where the file is written; default: the git root, without git the current directory
    #[arg(value_name = "DIR")]
    directory: Option<String>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// The file of tfaction at the git root.
const TFACTION: &str = "tfaction-root.yaml";

pub(super) fn run(arguments: &Arguments, quiet: bool) -> Outcome {
    let disk = Disk::new(&Environment::read());
    let directory = arguments.directory.clone().unwrap_or_else(|| disk.below_root("."));
    if !io::is_directory(&directory) {
        complain(&format!("{directory}: there is no such directory"));
        return Outcome::CouldNotRun;
    }
    let path = format!("{}/{FILE_NAME}", directory.trim_end_matches('/'));
    let shown = disk.shown(&path);
    if io::is_file(&path) && !arguments.force {
        complain(&format!("{shown} is there already and stays as it is; --force writes over it"));
        return Outcome::CouldNotRun;
    }
    let (repository, note) = look(&directory);
    let text = repository.settings();
    let write = if arguments.force { io::write_file } else { io::write_new };
    let written = write(&path, text.as_bytes());
    if let Err(error) = written {
        complain(&format!("{shown}: {}", error.reason()));
        return Outcome::CouldNotRun;
    }
    if quiet {
        return Outcome::Pass;
    }
    let told = tell(&shown, &repository, note.as_deref());
    match write_stdout(told.as_bytes()) {
        Ok(()) => Outcome::Pass,
        Err(error) => {
            complain(&format!("standard output: {error}"));
            Outcome::CouldNotRun
        }
    }
}

// What the repository shows, and what could not be read of it.
fn look(directory: &str) -> (Repository, Option<String>) {
    let start = format!("{}/", directory.trim_end_matches('/'));
    let below = |ending: &str| -> BTreeSet<String> {
        let (files, _) = io::files_below(directory, ending);
        let inside = files.iter().map(|file| io::directory_of(file.strip_prefix(&start).unwrap_or(file)));
        inside.filter(|directory| directory != ".").collect()
    };
    let first = |path: String| path.split('/').next().unwrap_or_default().to_owned();
    let mut repository = Repository {
        directories: below(".tf"),
        policies: below(".policy.hcl").into_iter().map(first).collect(),
        groups: Vec::new(),
    };
    let tfaction = format!("{start}{TFACTION}");
    if !io::is_file(&tfaction) {
        return (repository, None);
    }
    let root = io::read_text(&tfaction).map_err(|error| error.reason()).and_then(|text| Root::parse(&text));
    match root {
        Ok(root) => {
            let groups = root.target_groups.unwrap_or_default().into_iter();
            repository.groups = groups.filter_map(|group| group.working_directory).collect();
            (repository, None)
        }
        Err(error) => (repository, Some(format!("{TFACTION} could not be read: {error}"))),
    }
}

fn tell(shown: &str, repository: &Repository, note: Option<&str>) -> String {
    let mut text = format!("Wrote {}.\n", sanitise::line(shown));
    let found = repository.environments();
    for Found { label, paths, count } in &found {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let directories = if *count == 1 { "1 directory".to_owned() } else { format!("{count} directories") };
        let _ = writeln!(text, "  {label}: {} ({directories} with .tf files)", sanitise::line(&paths.join(", ")));
    }
    if found.iter().all(|found| found.label != crate::config::PRODUCTION) {
        text.push_str(
            "  No directory is named after production (production, prod, prd). Until the file says which one it is,\n  \
             policies for production warn at most.\n",
        );
    }
    if !repository.policies.is_empty() {
        let paths: Vec<&str> = repository.policies.iter().map(String::as_str).collect();
        let _ = writeln!(text, "  policies of your own: {}", sanitise::line(&paths.join(", ")));
    }
    if let Some(note) = note {
        let _ = writeln!(text, "  {}", sanitise::line(note));
    }
    text.push_str("Look through it, then try: planfit config show\n");
    text
}
