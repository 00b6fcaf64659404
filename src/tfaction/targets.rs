//! The targets of a repository: what tfaction's `list-targets` would say of each working directory, if all had changed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::glob::Glob;
use super::replace::Replacements;
use super::root::{Directory, Drift, Environment, Group, Job, Root, Runner, Secret};

/// A directory with a file of tfaction. Its path is relative to the git root, `.` for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The path.
    pub path: String,
    /// What its `tfaction.yaml` says.
    pub file: Directory,
    /// Whether it is a module, by the name of its file or by what stands in it.
    pub is_module: bool,
}

/// Which directories are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// Modules, too.
    pub modules: bool,
    /// Only where drift is looked for.
    pub drift_only: bool,
}

/// What a job of a matrix needs. The names of the fields are those of `list-targets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The name.
    pub target: String,
    /// The directory.
    pub working_directory: String,
    /// The runner.
    pub runs_on: Runner,
    /// Always `terraform`.
    pub job_type: &'static str,
    /// Always `false`: nothing is left out because of what changed.
    pub skip_terraform: bool,
    /// The deployment environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Names of secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<Secret>>,
    /// `module` for a module.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The command in place of `terraform`.
    pub terraform_command: String,
    /// Set where what stands in the directory is to be destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destroy: Option<bool>,
}

/// The targets, by directory, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The targets.
    pub targets: Vec<Target>,
    /// Directories that no group is about.
    pub ungrouped: Vec<String>,
}

/// One run's part of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}

/// What `tfaction-root.yaml` says, ready to be asked.
struct Plan<'r> {
    root: &'r Root,
    groups: Vec<(&'r Group, Glob)>,
    templates: Vec<String>,
    replacements: Replacements,
}

/// Lists the targets.
///
/// # Errors
///
/// A sentence for each pattern that cannot be followed, else one for each name that two directories would have.
pub fn list(root: &Root, directories: &[Found], select: Select) -> Result<Listed, Vec<String>> {
    let plan = Plan::new(root)?;
    let mut listed = Listed::default();
    for found in plan.wanted(directories, select.modules) {
        let Some(group) = plan.group(&found.path) else {
            listed.ungrouped.push(found.path.clone());
            continue;
        };
        if !select.drift_only || looks_for_drift(root, group, &found.file) {
            listed.targets.push(plan.target(group, found));
        }
    }
    let doubles = doubles(&listed.targets);
    if doubles.is_empty() { Ok(listed) } else { Err(doubles) }
}

impl<'r> Plan<'r> {
    fn new(root: &'r Root) -> Result<Self, Vec<String>> {
        let (mut groups, mut wrong) = (Vec::new(), Vec::new());
        let all = root.target_groups.as_deref().unwrap_or_default();
        for (number, group) in all.iter().enumerate() {
            let Some(pattern) = &group.working_directory else {
                wrong.push(format!("target group {} has no working_directory", number + 1));
                continue;
            };
            match Glob::new(pattern) {
                Ok(glob) => groups.push((group, glob)),
                Err(reason) => wrong.push(format!("target group {}, working_directory: {reason}", number + 1)),
            }
        }
        let patterns = root.replace_target.as_ref().map_or(&[][..], |replace| &replace.patterns);
        let replacements = Replacements::new(patterns).unwrap_or_else(|reasons| {
            wrong.extend(reasons);
            Replacements::default()
        });
        let templates = all.iter().filter_map(|group| group.template_dir.as_deref().map(plain));
        let plan = Self { root, groups, templates: templates.collect(), replacements };
        if wrong.is_empty() { Ok(plan) } else { Err(wrong) }
    }

    // By path, each once; a working directory comes before a module of the same path.
    fn wanted<'d>(&self, directories: &'d [Found], modules: bool) -> impl Iterator<Item = &'d Found> {
        let mut by_path: BTreeMap<&str, &Found> = BTreeMap::new();
        for found in directories {
            by_path.entry(&found.path).or_insert(found);
        }
        by_path.retain(|path, found| {
            (modules || !found.is_module) && !self.templates.iter().any(|template| is_below(path, template))
        });
        by_path.into_values()
    }

    fn group(&self, directory: &str) -> Option<&'r Group> {
        self.groups.iter().find(|(_, glob)| glob.matches(directory)).map(|(group, _)| *group)
    }

    fn target(&self, group: &Group, found: &Found) -> Target {
        let none = Job::default();
        let plan = group.terraform_plan_config.as_ref().unwrap_or(&none);
        let command = [&found.file.terraform_command, &group.terraform_command, &self.root.terraform_command];
        Target {
            target: self.replacements.apply(&found.path),
            working_directory: found.path.clone(),
            runs_on: first([&plan.runs_on, &group.job.runs_on])
                .unwrap_or_else(|| Runner::Label("ubuntu-latest".to_owned())),
            job_type: "terraform",
            skip_terraform: false,
            environment: first([&plan.environment, &group.job.environment]),
            secrets: first([&plan.secrets, &group.job.secrets]),
            kind: found.is_module.then_some("module"),
            terraform_command: first(command).unwrap_or_else(|| "terraform".to_owned()),
            destroy: found.file.destroy.filter(|destroy| *destroy),
        }
    }
}

fn first<T: Clone, const N: usize>(choices: [&Option<T>; N]) -> Option<T> {
    choices.into_iter().flatten().next().cloned()
}

fn looks_for_drift(root: &Root, group: &Group, file: &Directory) -> bool {
    first([&file.drift_detection, &group.drift_detection, &root.drift_detection]).is_some_and(Drift::is_on)
}

// A path without `./`, doubled slashes and a slash at the end.
fn plain(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !matches!(*step, "" | ".")) {
        match (step, steps.last()) {
            ("..", Some(last)) if *last != ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    if steps.is_empty() { ".".to_owned() } else { steps.join("/") }
}

fn is_below(path: &str, directory: &str) -> bool {
    directory == "." || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn doubles(targets: &[Target]) -> Vec<String> {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for target in targets {
        by_name.entry(&target.target).or_default().push(&target.working_directory);
    }
    let several = by_name.into_iter().filter(|(_, directories)| directories.len() > 1);
    several
        .map(|(name, directories)| {
            format!(
                "{} are all the target \"{name}\"; replace_target must give each directory a name of its own",
                directories.join(" and ")
            )
        })
        .collect()
}

impl Listed {
    /// Leaves one part of the targets; the parts are as equal as can be.
    #[must_use]
    pub fn shard(mut self, shard: Shard) -> Self {
        let mut number = 0;
        self.targets.retain(|_| {
            number += 1;
            (number - 1) % shard.of.max(1) + 1 == shard.number
        });
        self
    }
}

impl Shard {
    /// Reads `I/N`.
    ///
    /// # Errors
    ///
    /// How it should be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "a part is given as I/N, as in 1/3: I from 1 to N".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let read = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
        match (read(number), read(of)) {
            (Some(number), Some(of)) if number <= of => Ok(Self { number, of }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Vec<Found> {
        paths.iter().map(|path| Found { path: (*path).to_owned(), ..Found::default() }).collect()
    }

    fn paths(root: &str, directories: &[Found], select: Select) -> Vec<String> {
        let listed = list(&Root::parse(root).unwrap(), directories, select).unwrap();
        listed.targets.into_iter().map(|target| target.working_directory).collect()
    }

    const ALL: Select = Select { modules: false, drift_only: false };

    #[test]
    fn templates_hold_no_targets() {
        let root = "target_groups:\n  - working_directory: '**'\n    template_dir: ./templates/aws/\n  - working_directory: x\n    template_dir: old\n";
        let directories = found(&["templates/aws", "templates/aws/a", "templates/aws2", "old/b", "b"]);
        assert_eq!(paths(root, &directories, ALL), ["b", "templates/aws2"]);
    }

    #[test]
    fn the_first_group_holds_and_what_has_none_is_told() {
        let root = "target_groups:\n  - working_directory: aws/a\n    runs_on: first\n  - working_directory: aws/*\n    \
                    runs_on: [a, b]\n    terraform_plan_config:\n      runs_on: plan\n";
        let listed = list(&Root::parse(root).unwrap(), &found(&["aws/b", "aws/a", "."]), ALL).unwrap();
        let runners: Vec<&Runner> = listed.targets.iter().map(|target| &target.runs_on).collect();
        assert_eq!(runners, [&Runner::Label("first".to_owned()), &Runner::Label("plan".to_owned())]);
        assert_eq!(listed.ungrouped, ["."]);
    }

    #[test]
    fn drift_is_looked_for_where_the_nearest_block_says_so() {
        let drift = |text: &str| Directory::parse(text).unwrap();
        let mut directories = found(&["on/a", "on/b", "off/a", "off/b", "plain"]);
        directories[1].file = drift("drift_detection: {enabled: false}");
        directories[3].file = drift("drift_detection: {}");
        let groups = "target_groups:\n  - working_directory: on/*\n    drift_detection: {}\n  - working_directory: off/*\n    \
                      drift_detection: {enabled: false}\n  - working_directory: '*'\n";
        let select = Select { drift_only: true, ..ALL };
        assert_eq!(paths(groups, &directories, select), ["off/b", "on/a"]);
        let root = format!("{groups}drift_detection: {{num_of_issues: 1}}\n");
        assert_eq!(paths(&root, &directories, select), ["off/b", "on/a", "plain"]);
    }

    #[test]
    fn one_name_for_two_directories_is_told() {
        let root = "target_groups:\n  - working_directory: '**'\nreplace_target:\n  patterns:\n    - {regexp: '.*/', replace: ''}\n";
        let wrong = list(&Root::parse(root).unwrap(), &found(&["a/x", "b/x", "c"]), ALL).unwrap_err();
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].starts_with("a/x and b/x are all the target \"x\""), "{wrong:?}");
    }

    #[test]
    fn parts_hold_everything_once() {
        let root = Root::parse("target_groups:\n  - working_directory: '*'\n").unwrap();
        let listed = list(&root, &found(&["a", "b", "c", "d", "e"]), ALL).unwrap();
        let part = |number| {
            let part = listed.clone().shard(Shard { number, of: 2 });
            part.targets.into_iter().map(|target| target.target).collect::<String>()
        };
        assert_eq!((part(1).as_str(), part(2).as_str()), ("ace", "bd"));
        for text in ["0/2", "3/2", "1", "a/b", "1/0", "1/2/3"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
