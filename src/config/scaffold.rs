//! A first `.planfit.hcl`, from what a repository shows: `planfit init`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is known of a repository. Paths are relative to the directory that the file will stand in.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Directories with `.tf` files.
    pub directories: BTreeSet<String>,
    /// Directories with policy files.
    pub policies: BTreeSet<String>,
    /// `working_directory` of the target groups of tfaction.
    pub groups: Vec<String>,
}

/// An environment that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub label: &'static str,
    /// Globs over its directories.
    pub paths: BTreeSet<String>,
    /// How many directories with `.tf` files they hold.
    pub count: usize,
}

/// Names of environments, and the words for them in names of directories.
const WORDS: [(&str, &[&str]); 3] = [
    ("production", &["production", "prod", "prd"]),
    ("staging", &["staging", "stage", "stg"]),
    ("development", &["development", "develop", "dev"]),
];

/// Globs of one environment; more are put together by the word alone.
const MAX_PATHS: usize = 6;

impl Repository {
    /// The environments that directories and target groups are named after.
    #[must_use]
    pub fn environments(&self) -> Vec<Found> {
        let mut paths: BTreeMap<usize, BTreeSet<(String, &str)>> = BTreeMap::new();
        let mut counts = [0; WORDS.len()];
        let names = self.groups.iter().map(|group| (group, 0)).chain(self.directories.iter().map(|name| (name, 1)));
        for (name, count) in names {
            let Some((number, path, word)) = environment(name) else { continue };
            paths.entry(number).or_default().insert((path, word));
            if let Some(total) = counts.get_mut(number) {
                *total += count;
            }
        }
        let found = paths.into_iter().filter_map(|(number, paths)| {
            let count = counts.get(number).copied().unwrap_or_default();
            let (label, _) = WORDS.get(number)?;
            let paths = if paths.len() > MAX_PATHS {
                paths.into_iter().map(|(_, word)| format!("**/{word}/**")).collect()
            } else {
                paths.into_iter().map(|(path, _)| format!("{path}/**")).collect()
            };
            Some(Found { label, paths, count })
        });
        found.collect()
    }

    /// The text of the file.
    #[must_use]
    pub fn settings(&self) -> String {
        let mut text = TOP.to_owned();
        let found = self.environments();
        for Found { label, paths, .. } in &found {
            let paths: Vec<String> = paths.iter().map(|path| quoted(path)).collect();
            let _ = writeln!(text, "\nenvironment {} {{\n  paths = [{}]\n}}", quoted(label), paths.join(", "));
        }
        if found.is_empty() {
            text.push_str(NO_ENVIRONMENT);
        }
        text.push_str(LEVEL);
        match self.policies.len() {
            0 => text.push_str("# policy_paths = [\"policies\"]\n"),
            _ => {
                let paths: Vec<String> = self.policies.iter().map(|path| quoted(path)).collect();
                let _ = writeln!(text, "policy_paths = [{}]", paths.join(", "));
            }
        }
        text.push_str(REST);
        text
    }
}

// The environment of a directory, the path down to the step that says so, and that step.
fn environment(name: &str) -> Option<(usize, String, &str)> {
    let steps: Vec<&str> = name.trim_end_matches('/').split('/').collect();
    let at = |word: &str| WORDS.iter().position(|(_, words)| words.contains(&word));
    let (end, number) = steps.iter().enumerate().find_map(|(end, step)| Some((end, at(step)?)))?;
    Some((number, steps.get(..=end)?.join("/"), steps.get(end)?))
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
    format!("\"{escaped}\"")
}

const TOP: &str = r#"# Settings of planfit. Paths are relative to the directory of this file; `**` crosses directories.
# planfit config show DIR prints what holds for a directory, and which line says so.

# Which directory belongs to which environment. Policies know the name "production": what matters there only is
# skipped in other environments, and warns at most where no environment is known.
"#;

const NO_ENVIRONMENT: &str = r#"#
# No directory here is named after an environment. One is written like this:
#
# environment "production" {
#   paths      = ["envs/prd/**"]
#   workspaces = ["prd"]
#   tags       = { env = ["production"] }
# }
"#;

const LEVEL: &str = r#"
# Findings from this severity on fail the run: "critical", "high", "medium", "low" or "none".
# fail_level = "high"

# Also run policies that are off by default.
# pedantic = false

# Directories that are never judged.
# exclude = ["examples/**"]

# Directories with policies of your own.
"#;

const REST: &str = r#"
# Settings of policies: the last rule that matches wins, for each setting by itself.
# planfit policy list prints the policies.
#
# rule {
#   policies     = ["log_group_retention_too_short"]
#   environments = ["production"]
#   inputs       = { min_days = 90 }
# }
#
# rule {
#   categories   = ["redundancy"]
#   environments = ["staging"]
#   level        = "advisory" # "mandatory", "mandatory_overridable"; or enabled = false
# }

# Findings that are known and accepted. They stay counted.
#
# ignore {
#   policies  = ["rds_instance_without_standby"]
#   addresses = ["module.reporting.*"]
#   reason    = "can be down for a day"
#   until     = "2027-03-31"
# }
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::source::SourceMap;

    fn repository(directories: &[&str], groups: &[&str]) -> Repository {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Repository {
            directories: texts(directories).into_iter().collect(),
            policies: BTreeSet::new(),
            groups: texts(groups),
        }
    }

    #[test]
    fn environments_are_read_from_names_of_directories() {
        let found =
            repository(&["envs/prd/app", "envs/prd/db", "stg", "modules/product", "a/development"], &["x/prod/*"]);
        let shown: Vec<String> = found
            .environments()
            .iter()
            .map(|found| format!("{} {:?} {}", found.label, found.paths, found.count))
            .collect();
        assert_eq!(
            shown,
            [
                "production {\"envs/prd/**\", \"x/prod/**\"} 2",
                "staging {\"stg/**\"} 1",
                "development {\"a/development/**\"} 1"
            ]
        );
        let many: Vec<String> = (0..9).map(|number| format!("app{number}/prd")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let found = repository(&many, &[]).environments();
        assert_eq!(found[0].paths.iter().collect::<Vec<_>>(), ["**/prd/**"]);
    }

    #[test]
    fn what_is_written_is_a_settings_file_and_so_are_its_examples() {
        let mut full = repository(&["envs/prd/a\"b", "stg"], &[]);
        full.policies.insert("policies".to_owned());
        for text in [full.settings(), Repository::default().settings()] {
            let uncommented: String = text
                .lines()
                .map(|line| match line.strip_prefix("# ") {
                    Some(code) if code.contains(" = ") || code.ends_with('{') || code == "}" => format!("{code}\n"),
                    _ => format!("{line}\n"),
                })
                .collect();
            for (text, labels) in [(text, false), (uncommented, true)] {
                let mut sources = SourceMap::default();
                let file = sources.add("", text.as_str());
                let (_, faults) = config::parse(file, &text);
                let faults: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
                // The examples may name environments that are not there.
                let strange = faults.iter().find(|fault| !labels || !fault.starts_with("no environment block has"));
                assert_eq!(strange, None, "{text}");
            }
        }
    }
}
