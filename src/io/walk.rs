//! Walks directories for Terraform's files.
//!
//! Hidden names (`.terraform` among them) and what `.gitignore` names are passed over, as in ripgrep. Links to directories
//! are not followed: they lead to what is found anyway, or around in circles. The order is that of the paths, whatever the
//! file system says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::{directory_of, is_directory, is_file};
use crate::terraform::config::names::join;
use crate::terraform::config::roots::Listing;

/// What the given paths lead to.
#[derive(Debug, Default)]
pub struct Walked {
    /// Directories with the names of their files, by path. A path to a file selects its directory alone.
    pub listings: Vec<Listing>,
    /// Paths that could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// Looks at each path: at a directory with all that is below it, at a file's directory alone.
#[must_use]
pub fn walk<'p>(paths: impl IntoIterator<Item = &'p str>) -> Walked {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unreadable = Vec::new();
    for path in paths {
        let (start, depth) = if is_directory(path) {
            (path.to_owned(), None)
        } else if is_file(path) {
            (directory_of(path), Some(1))
        } else {
            unreadable.push((path.to_owned(), "there is no such file or directory".to_owned()));
            continue;
        };
        below(&start, depth, &mut names, &mut unreadable);
    }
    let listings = names.into_iter().map(|(directory, mut names)| {
        names.sort_unstable();
        names.dedup();
        Listing { directory, names }
    });
    Walked { listings: listings.collect(), unreadable }
}

/// Entries that are looked at to list all files of a directory. More belong to no configuration.
const MAX_ENTRIES: usize = 20_000;

/// The paths of all files below a directory, seen from it, in order; hidden and ignored ones as well. A function of the
/// configuration asks for them, and Terraform leaves nothing out.
///
/// # Errors
///
/// Why they are not known.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub(super) fn all_below(start: &str) -> Result<Vec<String>, String> {
    let (mut files, mut open, mut left) = (Vec::new(), vec![String::new()], MAX_ENTRIES);
    while let Some(directory) = open.pop() {
        let path = join(start, &directory);
        let unreadable = |error: std::io::Error| format!("the directory {path} cannot be read: {error}");
        for entry in fs::read_dir(&path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            left =
                left.checked_sub(1).ok_or_else(|| format!("there are more than {MAX_ENTRIES} files below {start}"))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry.file_type().map_err(unreadable)?;
            let below = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            let at = join(start, &below);
            match (kind.is_dir(), kind.is_symlink() && is_directory(&at)) {
                (_, true) => return Err(format!("{at} is a link to a directory, which is not followed")),
                (true, _) => open.push(below),
                _ if is_file(&at) => files.push(below),
                _ => {}
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn below(
    start: &str,
    depth: Option<usize>,
    names: &mut BTreeMap<String, Vec<String>>,
    unreadable: &mut Vec<(String, String)>,
) {
    // Settings of the user play no part: the same files on every machine.
    let walk = WalkBuilder::new(start).max_depth(depth).require_git(false).git_global(false).ignore(false).build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                if let Some((directory, name)) = file(&entry) {
                    names.entry(directory).or_default().push(name);
                }
            }
            Err(error) => unreadable.push((start.to_owned(), error.to_string())),
        }
    }
}

/// The files of some names below a directory, relative to it: for what git would list, where there is no git. Directories
/// whose names begin with a dot count, as they do for git.
#[must_use]
pub fn named(start: &str, names: &[&str]) -> Vec<String> {
    let is_ours = |entry: &DirEntry| !matches!(entry.file_name().to_str(), Some(".git" | ".terraform"));
    let walk = WalkBuilder::new(start)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .ignore(false)
        .filter_entry(is_ours)
        .build();
    let below = |entry: DirEntry| Some(entry.path().strip_prefix(start).ok()?.to_str()?.to_owned());
    let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()));
    let mut files: Vec<String> =
        files.filter_map(below).filter(|path| names.iter().any(|name| ends(path, name))).collect();
    files.sort_unstable();
    files
}

fn ends(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

// Directory and name, if it is a file or a link to one.
fn file(entry: &DirEntry) -> Option<(String, String)> {
    let kind = entry.file_type()?;
    let path = entry.path();
    if kind.is_dir() || (kind.is_symlink() && !path.is_file()) {
        return None;
    }
    let directory = path.parent().unwrap_or(Path::new(".")).to_str()?;
    Some((join(directory, ""), path.file_name()?.to_str()?.to_owned()))
}
