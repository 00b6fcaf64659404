//! Names of files and directories: which files belong to a module, in which order, and how paths are joined.

use super::syntax::Role;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `.tf`, `.tofu`
    Native,
    /// `.tf.json`, `.tofu.json`
    Json,
}

/// Name without ending, and the ending, of a module's file.
fn parts(name: &str) -> Option<(&str, &str)> {
    [".tf", ".tofu", ".tf.json", ".tofu.json"].into_iter().find_map(|ending| Some((name.strip_suffix(ending)?, ending)))
}

/// Of some file names those of module files, overrides last, each group in order.
#[must_use]
pub fn source_files(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| {
        let noise = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
        parts(name).is_some() && !noise
    });
    // A file of OpenTofu takes the place of the one of Terraform.
    let hidden: Vec<String> = names
        .iter()
        .filter_map(|name| match parts(name)? {
            (stem, ".tofu") => Some(format!("{stem}.tf")),
            (stem, ".tofu.json") => Some(format!("{stem}.tf.json")),
            _ => None,
        })
        .collect();
    names.retain(|name| !hidden.contains(name));
    names.sort_by_key(|name| (role(name) == Role::Override, name.clone()));
    names
}

/// Whether a module's file is an override.
pub(super) fn role(name: &str) -> Role {
    let stem = parts(name).map_or(name, |(stem, _)| stem);
    if stem == "override" || stem.ends_with("_override") { Role::Override } else { Role::Primary }
}

/// The syntax of a module's file.
pub(super) fn form(name: &str) -> Form {
    match parts(name) {
        Some((_, ".tf.json" | ".tofu.json")) => Form::Json,
        _ => Form::Native,
    }
}

/// Whether a module's source is a directory beside the one that calls it.
pub(super) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../")
}

/// A path seen from a directory, without `.` and as few `..` as can be.
#[must_use]
pub fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| *part != "." && !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.is_empty() && directory.starts_with('/') => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (directory.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The way from the root module to a directory, as `path.module` says it.
pub(super) fn from_root(root: &str, directory: &str) -> String {
    let (root, directory) = (join(root, ""), join(directory, ""));
    let steps = |path: &'_ str| path.split('/').filter(|step| *step != ".").map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (steps(&root), steps(&directory));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(shared).map(|_| "..".to_owned());
    let way: Vec<String> = up.chain(to.into_iter().skip(shared)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

pub(super) fn is_below(path: &str, directory: &str) -> bool {
    let (path, directory) = (join(path, ""), join(directory, ""));
    path.strip_prefix(&directory).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_come_last_and_tofu_hides_tf() {
        let names = ["override.tf", "b.tf", "a_override.tf", ".x.tf", "c.tf~", "#d.tf#", "b.tofu", "z.md", "a.tf"];
        let files = source_files(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(files, ["a.tf", "b.tofu", "a_override.tf", "override.tf"]);
    }

    #[test]
    fn json_files_belong_to_the_module() {
        let names = ["z.tf", "override.tf.json", "b_override.tofu.json", "a.tf.json", "a.tofu.json", "a.tf", "x.json"];
        let files = source_files(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(files, ["a.tf", "a.tofu.json", "z.tf", "b_override.tofu.json", "override.tf.json"]);
    }

    #[test]
    fn the_way_from_the_root_is_path_module() {
        let table = [
            (".", ".", "."),
            (".", "modules/a", "modules/a"),
            ("envs/prod", "modules/a", "../../modules/a"),
            ("/x/envs", "/x/envs/m", "m"),
            ("envs/prod", "envs/shared", "../shared"),
            (".", "../a", "../a"),
        ];
        for (root, directory, expected) in table {
            assert_eq!(from_root(root, directory), expected);
        }
    }

    #[test]
    fn paths_are_joined_without_dots() {
        let table = [
            (".", "./modules/a", "modules/a"),
            ("x/y", "../z", "x/z"),
            ("/a", "b/./c", "/a/b/c"),
            ("a", "..", "."),
            (".", "../a", "../a"),
            ("/a", "../../../b", "/b"),
        ];
        for (directory, path, expected) in table {
            assert_eq!(join(directory, path), expected);
        }
        assert!(is_below("./x/.terraform/modules/m", "x/.terraform") && !is_below("x/.terraform2/m", "x/.terraform"));
    }
}
