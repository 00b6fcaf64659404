//! The directory of the settings file: every path in it is relative to that.

/// Where the file stands, and where the paths of reports begin: both absolute, with `/`. They are never printed.
#[derive(Clone, Debug)]
pub struct Root {
    directory: String,
    base: String,
}

impl Root {
    /// `directory` holds the settings file; `base` is where the paths of reports begin.
    #[must_use]
    pub fn new(directory: &str, base: &str) -> Self {
        Self { directory: steps(directory).join("/"), base: base.to_owned() }
    }

    /// A path of a report, relative to the directory of the file; `None` if it is not below it.
    #[must_use]
    pub fn relative(&self, shown: &str) -> Option<String> {
        let absolute = shown.starts_with('/').then(|| shown.to_owned());
        let absolute = steps(&absolute.unwrap_or_else(|| format!("{}/{shown}", self.base))).join("/");
        let rest = absolute.strip_prefix(&self.directory)?;
        match rest.strip_prefix('/') {
            Some(inside) => Some(inside.to_owned()),
            None if rest.is_empty() => Some(".".to_owned()),
            // The root of the file system ends in its own separator.
            None if self.directory.is_empty() => Some(rest.to_owned()),
            None => None,
        }
    }
}

fn steps(path: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_reports_become_paths_of_the_file() {
        let table = [
            ("/r", "/r", "infra/main.tf", Some("infra/main.tf")),
            ("/r", "/r", ".", Some(".")),
            ("/r/infra", "/r", "infra/main.tf", Some("main.tf")),
            ("/r/infra", "/r", "infra", Some(".")),
            ("/r/infra", "/r", "infra2/main.tf", None),
            ("/r/infra", "/r", "modules/a", None),
            ("/r", "/r/infra", "main.tf", Some("infra/main.tf")),
            ("/r", "/r/infra", "../modules/a.tf", Some("modules/a.tf")),
            ("/r", "/elsewhere", "/r/a", Some("a")),
            ("/", "/r", "a", Some("r/a")),
        ];
        for (directory, base, shown, expected) in table {
            let root = Root::new(directory, base);
            assert_eq!(root.relative(shown).as_deref(), expected, "{directory} {base} {shown}");
        }
    }
}
