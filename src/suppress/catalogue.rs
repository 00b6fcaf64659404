//! Which policies an id in a suppression means: a policy's own id, or an alias.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::expr::functions::nearest;
use crate::policy::PolicyFile;
use crate::source::comments::Tool;

/// Ids, aliases and categories of all policies of a run, whether or not they are in force.
#[derive(Debug, Default)]
pub struct Catalogue {
    names: BTreeMap<String, BTreeSet<Arc<str>>>,
    categories: BTreeSet<String>,
}

impl Catalogue {
    /// The names of the policies in some files.
    #[must_use]
    pub fn new<'f>(files: impl Iterator<Item = &'f PolicyFile>) -> Self {
        let mut catalogue = Self::default();
        for policy in files.flat_map(|file| &file.policies) {
            let own = std::iter::once(policy.id.to_string());
            for name in own.chain(policy.about.aliases.iter().cloned()) {
                catalogue.names.entry(name).or_default().insert(policy.id.clone());
            }
            catalogue.categories.insert(policy.about.category.to_string());
        }
        catalogue
    }

    /// The policies that an id in a comment means; none if it is not known.
    pub(super) fn find(&self, tool: Tool, name: &str) -> BTreeSet<Arc<str>> {
        let spellings = match tool {
            Tool::Planfit | Tool::Checkov => vec![name.to_owned()],
            // trivy has two forms of its ids, and does not look at their case.
            Tool::Trivy => {
                let upper = name.to_ascii_uppercase();
                vec![upper.strip_prefix("AVD-").unwrap_or(&upper).to_owned(), format!("AVD-{upper}"), upper]
            }
            Tool::Tflint => vec![format!("tfl:{name}"), name.to_owned()],
        };
        spellings.iter().filter_map(|name| self.names.get(name)).flatten().cloned().collect()
    }

    /// The policies whose id or alias satisfies a test.
    pub(super) fn matching(&self, test: impl Fn(&str) -> bool) -> BTreeSet<Arc<str>> {
        self.names.iter().filter(|(name, _)| test(name)).flat_map(|(_, ids)| ids).cloned().collect()
    }

    /// What to say of an id that is not known: the id, and what may be meant.
    pub(super) fn unknown(&self, name: &str) -> String {
        if self.categories.contains(name) {
            return format!("{name} (a category; name its policies)");
        }
        let near = nearest(name, self.names.keys().map(String::as_str));
        near.map_or_else(|| name.to_owned(), |near| format!("{name} (did you mean {near}?)"))
    }
}
