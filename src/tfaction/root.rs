//! The shape of `tfaction-root.yaml` and `tfaction.yaml`, as far as planfit uses them. All other keys are passed over.

use serde::{Deserialize, Serialize};

/// What `tfaction-root.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Root {
    /// Groups of working directories; the first that matches a directory holds.
    pub target_groups: Option<Vec<Group>>,
    /// The file that makes a directory a working directory.
    pub working_directory_file: Option<String>,
    /// The file that makes a directory a module.
    pub module_file: Option<String>,
    /// How the path of a directory becomes the name of a target.
    pub replace_target: Option<Replace>,
    /// Whether drift is looked for where nothing nearer says it.
    pub drift_detection: Option<Drift>,
    /// The command of all directories that have no other.
    pub terraform_command: Option<String>,
}

/// A target group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// A glob over directories.
    pub working_directory: Option<String>,
    /// Where new directories are copied from. It holds no working directory.
    pub template_dir: Option<String>,
    /// What of the plan job is different from the group.
    pub terraform_plan_config: Option<Job>,
    /// What every job of the group needs.
    #[serde(flatten)]
    pub job: Job,
    /// Whether drift is looked for.
    pub drift_detection: Option<Drift>,
    /// The command in place of `terraform`.
    pub terraform_command: Option<String>,
}

/// What a job needs of GitHub Actions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Job {
    /// Its runner.
    pub runs_on: Option<Runner>,
    /// Its deployment environment.
    pub environment: Option<Environment>,
    /// The secrets that it is given.
    pub secrets: Option<Vec<Secret>>,
}

/// A runner: one label, or several that must all fit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Runner {
    /// One label.
    Label(String),
    /// Several.
    Labels(Vec<String>),
}

/// A deployment environment of GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Environment {
    /// Its name.
    Name(String),
    /// Its name, and the address that the deployment is shown with.
    WithAddress {
        /// Its name.
        name: String,
        /// The address.
        url: String,
    },
}

/// The name of a secret, and the variable that gets its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Secret {
    /// The variable.
    pub env_name: String,
    /// The secret.
    pub secret_name: String,
}

/// `replace_target`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Replace {
    /// Each is applied to what the one before it left.
    #[serde(default)]
    pub patterns: Vec<Pattern>,
}

/// A replacement, as JavaScript's `text.replace(RegExp(regexp, flags), replace)` has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Pattern {
    /// The expression.
    pub regexp: String,
    /// What stands in its place; `$1` and its relatives are filled in.
    pub replace: String,
    /// Letters such as `g`.
    pub flags: Option<String>,
}

/// `drift_detection`: on where the block is, unless it says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Drift {
    /// Whether it is on.
    pub enabled: Option<bool>,
}

/// What `tfaction.yaml` says of its directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Directory {
    /// `module`: the directory is a module with a job of its own.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether what stands in it is to be destroyed.
    pub destroy: Option<bool>,
    /// Whether drift is looked for.
    pub drift_detection: Option<Drift>,
    /// The command in place of `terraform`.
    pub terraform_command: Option<String>,
}

impl Root {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// What the parser says, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        read(text)
    }

    /// The name of the file that makes a directory a working directory.
    #[must_use]
    pub fn directory_file(&self) -> &str {
        self.working_directory_file.as_deref().unwrap_or("tfaction.yaml")
    }

    /// The name of the file that makes a directory a module.
    #[must_use]
    pub fn module_file(&self) -> &str {
        self.module_file.as_deref().unwrap_or("tfaction_module.yaml")
    }
}

impl Directory {
    /// Reads the file. It may be empty.
    ///
    /// # Errors
    ///
    /// What the parser says, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        read::<Option<Self>>(text).map(Option::unwrap_or_default)
    }

    /// Whether it says that it is a module.
    #[must_use]
    pub fn is_module(&self) -> bool {
        self.kind.as_deref() == Some("module")
    }
}

impl Drift {
    /// Whether drift is looked for.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.enabled.unwrap_or(true)
    }
}

// YAML 1.2 with merge keys: `yes` and `on` are words.
fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, String> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.without_snippet().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_used_is_passed_over_and_merge_keys_are_followed() {
        let text = "plan_workflow_name: test\ndrift_detection:\n  enabled: true\n  num_of_issues: 3\n\
                    x-base: &base\n  runs_on: [self-hosted, linux]\n  secrets:\n    - env_name: A\n      secret_name: B\n\
                    target_groups:\n  - <<: *base\n    working_directory: aws/**\n    aws_region: x\n    \
                    terraform_plan_config:\n      environment: {name: prd, url: https://example.com}\n  - working_directory: b\n";
        let root = Root::parse(text).unwrap();
        let groups = root.target_groups.unwrap();
        assert_eq!(groups[0].working_directory.as_deref(), Some("aws/**"));
        assert_eq!(groups[0].job.runs_on, Some(Runner::Labels(vec!["self-hosted".to_owned(), "linux".to_owned()])));
        assert_eq!(groups[0].job.secrets.as_ref().unwrap()[0].secret_name, "B");
        let plan = groups[0].terraform_plan_config.as_ref().unwrap();
        assert!(matches!(&plan.environment, Some(Environment::WithAddress { name, .. }) if name == "prd"));
        assert_eq!(groups[1], Group { working_directory: Some("b".to_owned()), ..Group::default() });
        assert!(root.drift_detection.unwrap().is_on());
    }

    #[test]
    fn a_file_of_a_directory_may_be_empty() {
        for text in ["", "{}", "# nothing\n", "---\n", "null\n"] {
            assert_eq!(Directory::parse(text), Ok(Directory::default()), "{text:?}");
        }
        let full =
            Directory::parse("type: module\ndestroy: true\nterraform_command: tofu\ndrift_detection: {}\n").unwrap();
        assert!(full.is_module() && full.destroy == Some(true) && full.drift_detection.unwrap().is_on());
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (text, place) in
            [("a: 1\ntarget_groups: 3\n", "line 2"), ("target_groups: [", "line 1"), ("a: b: c\n", "line 1")]
        {
            let message = Root::parse(text).unwrap_err();
            assert!(message.contains(place) && !message.contains('\n'), "{text:?}: {message}");
        }
        assert!(Directory::parse("destroy: yes\n").unwrap_err().contains("line 1"), "YAML 1.2 knows no yes");
    }
}
