//! Asks git what changed. Its output is read as a stream, line by line, and never kept whole.
//!
//! Variables that a hook sets (`GIT_DIR`, `GIT_INDEX_FILE`) are kept away: they are about the commit that is made, not
//! about the directory that is asked for. Nothing here touches the network.

use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::changed::{Changed, Diff};

/// Bytes of a line that are looked at: the longest path, in quotes.
const MAX_LINE: usize = 20_000;

/// Bytes of a short answer and of a message.
const MAX_ANSWER: u64 = 1 << 16;

/// Files beside the repository that are taken in.
const MAX_UNTRACKED: usize = 200_000;

/// Files that findings can lie in.
const FILES: [&str; 7] = ["*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "*.tfvars", "*.tfvars.json", "*.hcl"];

/// Why git does not say what changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be started.
    #[error("git cannot be started: {0}")]
    NotThere(io::Error),
    /// The directory is in no repository.
    #[error("{directory} is in no git repository: {reason}")]
    NoRepository {
        /// The directory.
        directory: String,
        /// What git says.
        reason: String,
    },
    /// There is no such commit.
    #[error("git knows no commit {0}; fetch it first (in a workflow: fetch-depth: 0 of actions/checkout)")]
    UnknownRevision(String),
    /// The histories do not meet, perhaps because the clone is shallow.
    #[error(
        "{0} and HEAD have no common commit here; is this a shallow clone? (in a workflow: fetch-depth: 0 of \
         actions/checkout)"
    )]
    NoMergeBase(String),
    /// Anything else.
    #[error("git {command} failed: {reason}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What git says.
        reason: String,
    },
}

/// What git says of a repository.
#[derive(Debug)]
pub struct Changes {
    /// The root of the repository.
    pub root: String,
    /// What changed, by path below the root.
    pub changed: Changed,
}

/// What is different in a directory's repository since it left a revision: in commits, in the index, in the working tree,
/// and in files that git does not know yet.
///
/// # Errors
///
/// Why git does not say it.
pub fn changes(directory: &str, revision: &str) -> Result<Changes, Error> {
    let root = root(directory)?;
    // What begins with a dash would be an option.
    let unknown = || Error::UnknownRevision(revision.to_owned());
    if revision.starts_with('-') || revision.is_empty() {
        return Err(unknown());
    }
    let commit = format!("{revision}^{{commit}}");
    let commit = answer(&root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    let commit = commit.map_err(|_| unknown())?;
    let base = answer(&root, &["merge-base", &commit, "HEAD"])?;
    let base = base.map_err(|_| Error::NoMergeBase(revision.to_owned()))?;
    let mut changed = difference(&root, &base)?;
    untracked(&root, &mut changed)?;
    Ok(Changes { root, changed })
}

/// Files that git knows.
#[derive(Debug)]
pub struct Tracked {
    /// The root of the repository.
    pub root: String,
    /// Their paths below it.
    pub files: Vec<String>,
}

/// The files of some names that the repository of a directory knows, wherever they are in it.
///
/// # Errors
///
/// Why git does not say it.
pub fn tracked(directory: &str, names: &[&str]) -> Result<Tracked, Error> {
    let root = root(directory)?;
    let patterns: Vec<String> = names.iter().map(|name| format!(":(glob)**/{}", literal(name))).collect();
    let mut arguments = vec!["ls-files", "-z", "--"];
    arguments.extend(patterns.iter().map(String::as_str));
    let mut files = Vec::new();
    stream(&root, &arguments, 0, |name| {
        let name = std::str::from_utf8(name).map_err(|_| "the path of a file is not UTF-8".to_owned())?;
        files.push(name.to_owned());
        Ok(())
    })?;
    Ok(Tracked { root, files })
}

fn root(directory: &str) -> Result<String, Error> {
    let root = answer(directory, &["rev-parse", "--show-toplevel"])?;
    root.map_err(|reason| Error::NoRepository { directory: directory.to_owned(), reason })
}

// A name in which nothing is a pattern.
fn literal(name: &str) -> String {
    let escaped =
        name.chars().flat_map(|char| matches!(char, '*' | '?' | '[' | '\\').then_some('\\').into_iter().chain([char]));
    escaped.collect()
}

fn difference(root: &str, base: &str) -> Result<Changed, Error> {
    let mut arguments = vec![
        "diff",
        "--unified=0",
        "--inter-hunk-context=0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--text",
        "--no-relative",
        "--find-renames",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        base,
        "--",
    ];
    arguments.extend(FILES);
    let mut diff = Diff::default();
    stream(root, &arguments, b'\n', |line| {
        diff.line(line);
        Ok(())
    })?;
    Ok(diff.finish())
}

fn untracked(root: &str, changed: &mut Changed) -> Result<(), Error> {
    let mut arguments = vec!["ls-files", "--others", "--exclude-standard", "-z", "--"];
    arguments.extend(FILES);
    let mut count = 0;
    stream(root, &arguments, 0, |name| {
        count += 1;
        if count > MAX_UNTRACKED {
            return Err(format!("there are more than {MAX_UNTRACKED} untracked files"));
        }
        if let Ok(name) = std::str::from_utf8(name) {
            changed.add_new(name.to_owned());
        }
        Ok(())
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn git(directory: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-C", directory]).args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_") && !is_kept(name)) {
            command.env_remove(name);
        }
    }
    command.envs([
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        // A partial clone would fetch what it lacks.
        ("GIT_NO_LAZY_FETCH", "1"),
        ("LC_ALL", "C"),
    ]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn is_kept(name: &str) -> bool {
    ["GIT_SSH", "GIT_SSL", "GIT_CONFIG_"].iter().any(|prefix| name.starts_with(prefix))
        || matches!(name, "GIT_EXEC_PATH" | "GIT_ASKPASS")
}

// One line, or the first line of what went wrong.
fn answer(directory: &str, arguments: &[&str]) -> Result<Result<String, String>, Error> {
    if !Path::new(directory).is_dir() {
        return Ok(Err("there is no such directory".to_owned()));
    }
    let mut child = git(directory, arguments).spawn().map_err(Error::NotThere)?;
    let complaint = complaint(&mut child);
    let mut text = String::new();
    let read = child.stdout.take().map(|out| out.take(MAX_ANSWER).read_to_string(&mut text)).transpose();
    let status = child.wait().map_err(Error::NotThere)?;
    let reason = complaint.join().unwrap_or_default();
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    Ok(match read {
        Ok(_) if status.success() && !text.is_empty() => Ok(text),
        Ok(_) => Err(if reason.is_empty() { "git says nothing".to_owned() } else { reason }),
        Err(error) => Err(error.to_string()),
    })
}

// Gives each piece of the output to `take`, cut at `MAX_LINE`.
fn stream(
    directory: &str,
    arguments: &[&str],
    end: u8,
    mut take: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), Error> {
    let failed =
        |reason: String| Error::Failed { command: arguments.first().copied().unwrap_or_default().to_owned(), reason };
    let mut child = git(directory, arguments).spawn().map_err(Error::NotThere)?;
    let complaint = complaint(&mut child);
    let read = child.stdout.take().map_or(Ok(()), |out| pieces(&mut BufReader::new(out), end, &mut take));
    if read.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(Error::NotThere)?;
    let reason = complaint.join().unwrap_or_default();
    read.map_err(failed)?;
    if status.success() { Ok(()) } else { Err(failed(reason)) }
}

fn pieces(
    reader: &mut impl BufRead,
    end: u8,
    take: &mut impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut piece: Vec<u8> = Vec::new();
    loop {
        let buffer = reader.fill_buf().map_err(|error| error.to_string())?;
        if buffer.is_empty() {
            return if piece.is_empty() { Ok(()) } else { take(&piece) };
        }
        let found = buffer.iter().position(|byte| *byte == end);
        let part = buffer.get(..found.unwrap_or(buffer.len())).unwrap_or_default();
        let room = MAX_LINE.saturating_sub(piece.len()).min(part.len());
        piece.extend(part.get(..room).unwrap_or_default());
        let used = part.len() + usize::from(found.is_some());
        reader.consume(used);
        if found.is_some() {
            take(&piece)?;
            piece.clear();
        }
    }
}

// Reads what git complains about beside its output: a full pipe would stop both.
fn complaint(child: &mut Child) -> std::thread::JoinHandle<String> {
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        let Some(mut stderr) = stderr else { return String::new() };
        let mut bytes = Vec::new();
        let _ = stderr.by_ref().take(MAX_ANSWER).read_to_end(&mut bytes);
        let _ = io::copy(&mut stderr, &mut io::sink());
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        line.trim_start_matches("fatal: ").chars().take(300).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_and_the_next_one_is_whole() {
        let text = [vec![b'x'; MAX_LINE * 3], b"\nnext\n\nlast".to_vec()].concat();
        let mut found = Vec::new();
        let mut reader = BufReader::with_capacity(7, &*text);
        pieces(&mut reader, b'\n', &mut |piece| {
            found.push((piece.len(), piece.first().copied()));
            Ok(())
        })
        .unwrap();
        assert_eq!(found, [(MAX_LINE, Some(b'x')), (4, Some(b'n')), (0, None), (4, Some(b'l'))]);
    }

    #[test]
    fn variables_of_a_hook_are_kept_away() {
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_CONFIG"] {
            assert!(!is_kept(name), "{name}");
        }
        for name in ["GIT_EXEC_PATH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_CONFIG_COUNT", "GIT_ASKPASS"] {
            assert!(is_kept(name), "{name}");
        }
    }
}
