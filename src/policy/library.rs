//! The pack that is built in: `policies/`, as it was when planfit was compiled.

use std::sync::Arc;

use include_dir::{Dir, include_dir};
use rayon::prelude::*;

use super::parse::{Parsed, parse};
use crate::source::SourceMap;
use crate::workspace::facts::{Facts, TableError, Tables};

static PACK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// A file of the pack: its path below `policies/` and its text.
#[derive(Clone, Copy, Debug)]
pub struct PackFile {
    /// `multi_az/rds_instance_without_standby.policy.hcl`
    pub path: &'static str,
    /// The text.
    pub text: &'static str,
}

/// The files of the pack whose name ends so, sorted by path.
#[must_use]
pub fn files(ending: &str) -> Vec<PackFile> {
    let mut found = Vec::new();
    let mut open = vec![&PACK];
    while let Some(directory) = open.pop() {
        open.extend(directory.dirs());
        let files = directory
            .files()
            .filter_map(|file| Some(PackFile { path: file.path().to_str()?, text: file.contents_utf8()? }));
        found.extend(files.filter(|file| file.path.ends_with(ending)));
    }
    found.sort_by_key(|file| file.path);
    found
}

/// Parses and compiles the policies of the pack, in the order of their paths.
#[must_use]
pub fn load(sources: &mut SourceMap) -> Vec<Parsed> {
    let files: Vec<_> = files(".policy.hcl")
        .into_iter()
        .map(|file| {
            let shown = format!("policies/{}", file.path);
            (sources.add(shown.clone(), Arc::from(file.text)), shown, file)
        })
        .collect();
    files
        .par_iter()
        .map(|(id, shown, file)| {
            let category = file.path.split('/').next().unwrap_or("custom");
            parse(shown, *id, file.text, category)
        })
        .collect()
}

/// The facts about providers that come with the pack.
///
/// # Errors
///
/// The first line of a table that does not fit.
pub fn facts() -> Result<Facts, TableError> {
    let table = |name: &str| PACK.get_file(name).and_then(|file| file.contents_utf8()).unwrap_or_default();
    Facts::read(Tables {
        defaults: table("provider_defaults.csv"),
        identities: table("identity_attributes.csv"),
        aliases: table("type_aliases.csv"),
    })
}
