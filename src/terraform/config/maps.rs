//! Which arguments are maps. The JSON syntax does not tell a map from a block, and there is no schema here, so the names of
//! those that are maps with any provider are data (`policies/map_arguments.csv`), passed down to the readers.

use std::collections::BTreeSet;

/// Arguments that are maps with any provider.
#[derive(Clone, Debug, Default)]
pub struct Maps(BTreeSet<Box<str>>);

impl Maps {
    /// Reads a table: a heading, then a name in each line.
    #[must_use]
    pub fn read(table: &str) -> Self {
        Self(table.lines().skip(1).map(str::trim).filter(|name| !name.is_empty()).map(Box::from).collect())
    }

    pub(super) fn contain(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
