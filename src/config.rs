//! `.planfit.hcl`, the one settings file (`spec/config.md`): what it says, typed and with places.
//!
//! Nothing here reads files. [`glob`] matches its patterns.

use crate::source::Span;
pub use date::Date;
pub use glob::{Pattern, Patterns, Style};

mod date;
pub mod glob;

/// An `ignore` block: findings that are silenced. They stay counted.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Ids and aliases of policies, with `*`; at least one.
    pub policies: Patterns,
    /// Addresses; none: every address.
    pub addresses: Patterns,
    /// Paths of files, relative to the directory of the settings file; none: every path.
    pub paths: Patterns,
    /// Labels of environments; none: every environment.
    pub environments: Vec<String>,
    /// Why. Not written is a matter of `require_reason`.
    pub reason: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where the block's header stands.
    pub span: Span,
}

impl Ignore {
    /// Whether the block names a policy, by its id or one of its aliases.
    #[must_use]
    pub fn names(&self, id: &str, aliases: &[String]) -> bool {
        self.policies.matches(id) || aliases.iter().any(|alias| self.policies.matches(alias))
    }

    /// Whether the block holds in an environment; one that is not known belongs to none.
    #[must_use]
    pub fn holds_in(&self, environment: Option<&str>) -> bool {
        self.environments.is_empty()
            || environment.is_some_and(|name| self.environments.iter().any(|label| label == name))
    }
}
