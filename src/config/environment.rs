//! `environment` blocks: which environment a directory, a run or a resource belongs to.

use std::sync::Arc;

use super::Config;
use super::glob::Patterns;
use super::section::Section;
use crate::source::Span;

/// An `environment` block.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub label: Arc<str>,
    /// Working directories.
    pub paths: Patterns,
    /// Targets of tfaction.
    pub targets: Patterns,
    /// Workspaces of Terraform.
    pub workspaces: Patterns,
    /// Values of tags, by name; `None` if the block does not speak of tags.
    pub tags: Option<Vec<(String, Vec<String>)>>,
    /// Where the block's header stands.
    pub span: Span,
}

/// What is known of a run, or of a part of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whereabouts<'w> {
    /// The working directory, relative to that of the settings file; `None` if it is not below it.
    pub directory: Option<&'w str>,
    /// The target of tfaction.
    pub target: Option<&'w str>,
    /// The workspace of Terraform.
    pub workspace: Option<&'w str>,
}

/// The tags of a resource.
pub type Tags = Vec<(Arc<str>, Arc<str>)>;

/// The tags that say an environment by themselves, if no block speaks of tags.
const OWN_WORDS: [&str; 2] = ["env", "environment"];

impl Environment {
    pub(super) fn read(section: &Section) -> Self {
        Self {
            label: Arc::from(section.label.value.as_str()),
            paths: section.patterns("paths"),
            targets: section.patterns("targets"),
            workspaces: section.patterns("workspaces"),
            tags: section.get("tags").map(|_| section.lists("tags")),
            span: section.label.span,
        }
    }

    /// Whether a run belongs to it, whatever its resources say.
    #[must_use]
    pub fn holds(&self, run: Whereabouts<'_>) -> bool {
        let fits = |patterns: &Patterns, text: Option<&str>| text.is_some_and(|text| patterns.matches(text));
        fits(&self.paths, run.directory) || fits(&self.targets, run.target) || fits(&self.workspaces, run.workspace)
    }

    fn has_tag(&self, tags: &Tags) -> bool {
        let wanted = self.tags.as_deref().unwrap_or_default();
        wanted.iter().any(|(name, values)| {
            tags.iter().any(|(tag, value)| **tag == **name && values.iter().any(|wanted| **wanted == **value))
        })
    }
}

impl Config {
    /// The environment of a resource: the last block that matches. `tags` is asked only if tags decide.
    pub fn environment(&self, run: Whereabouts<'_>, tags: impl FnOnce() -> Tags) -> Option<&Environment> {
        if self.environments.iter().any(|environment| environment.tags.is_some()) {
            let tags = tags();
            return self.environments.iter().rfind(|block| block.holds(run) || block.has_tag(&tags));
        }
        let by_run = self.environments.iter().rfind(|block| block.holds(run));
        if by_run.is_some() || self.environments.is_empty() {
            return by_run;
        }
        let tags = tags();
        let mut said = tags.iter().filter(|(name, _)| OWN_WORDS.contains(&&**name));
        said.find_map(|(_, value)| self.environments.iter().find(|block| *block.label == **value))
    }

    /// The environment of a run of which no resource is looked at.
    #[must_use]
    pub fn environment_of_run(&self, run: Whereabouts<'_>) -> Option<&Environment> {
        self.environments.iter().rfind(|block| block.holds(run))
    }

    /// Whether two resources of one run can belong to different environments.
    #[must_use]
    pub fn asks_for_tags(&self, run: Whereabouts<'_>) -> bool {
        !self.environments.is_empty()
            && (self.environments.iter().any(|block| block.tags.is_some()) || self.environment_of_run(run).is_none())
    }
}
