//! The parts of a path, as Go's `filepath` has them on Unix. Nothing is looked up.

use super::{Builtin, limits, plain};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("basename", "path", 1, 1, "The last step of a path."), |arguments| {
        limits::text(base(&arguments.text(0)?).to_owned())
    }),
    plain(("dirname", "path", 1, 1, "The path without its last step."), |arguments| {
        limits::text(directory(&arguments.text(0)?))
    }),
];

fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".",
        (_, "") => "/",
        (_, trimmed) => trimmed.rsplit_once('/').map_or(trimmed, |(_, last)| last),
    }
}

fn directory(path: &str) -> String {
    let before = path.rsplit_once('/').map_or("", |(before, _)| before);
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut steps: Vec<&str> = Vec::new();
    for step in before.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            // Above the root there is only the root.
            ".." if !root.is_empty() => {}
            step => steps.push(step),
        }
    }
    let path = format!("{root}{}", steps.join("/"));
    if path.is_empty() { ".".to_owned() } else { path }
}
