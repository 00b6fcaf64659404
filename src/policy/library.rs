//! The pack that is built in: `policies/`, as it was when planfit was compiled.

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use rayon::prelude::*;

use super::parse::{Parsed, parse};
use crate::source::SourceMap;
use crate::terraform::config::Maps;
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

/// Whether the examples of policies are wanted: a third of the pack's text, and a run does not look at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examples {
    /// Read them.
    Read,
    /// Pass over them.
    Skip,
}

/// Parses and compiles the policies of the pack, in the order of their paths.
#[must_use]
pub fn load(sources: &mut SourceMap, examples: Examples) -> Vec<Parsed> {
    let files: Vec<_> = files(".policy.hcl")
        .into_iter()
        .map(|file| {
            let shown = format!("policies/{}", file.path);
            (sources.add_built_in(shown.clone(), Arc::from(file.text)), shown, file)
        })
        .collect();
    files
        .par_iter()
        .map(|(id, shown, file)| {
            let category = file.path.split('/').next().unwrap_or("custom");
            let mut parsed = match examples {
                Examples::Read => parse(shown, *id, file.text, category),
                Examples::Skip => parse(shown, *id, &without_examples(file.text), category),
            };
            parsed.file.is_built_in = true;
            parsed.file.policies.iter_mut().for_each(|policy| policy.file = None);
            parsed
        })
        .collect()
}

/// The text with every `pass` and `fail` block blanked, so that places stay. The pack is formatted: such a block starts
/// and ends two blanks from the margin.
fn without_examples(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        inside |= line.starts_with("  pass \"") || line.starts_with("  fail \"");
        if inside {
            result.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            inside = !line.starts_with("  }");
        } else {
            result.push_str(line);
        }
    }
    result
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
        references: table("references.csv"),
        secrets: table("secret_names.csv"),
    })
}

/// The arguments that are maps with any provider (`policies/map_arguments.csv`).
#[must_use]
pub fn map_arguments() -> &'static Maps {
    static TABLE: OnceLock<Maps> = OnceLock::new();
    let text = || PACK.get_file("map_arguments.csv").and_then(|file| file.contents_utf8()).unwrap_or_default();
    TABLE.get_or_init(|| Maps::read(text()))
}

/// Where tags are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPlace {
    /// In the resource.
    Resource,
    /// In the configuration of its provider, for all of them.
    Provider,
}

/// The attributes that hold tags (`policies/tag_attributes.csv`), the first ones first.
#[must_use]
pub fn tag_attributes() -> &'static [(TagPlace, &'static str)] {
    static TABLE: OnceLock<Vec<(TagPlace, &'static str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = PACK.get_file("tag_attributes.csv").and_then(|file| file.contents_utf8()).unwrap_or_default();
        let rows = text.lines().skip(1).filter_map(|row| row.split_once(','));
        let place = |place| if place == "provider" { TagPlace::Provider } else { TagPlace::Resource };
        rows.map(|(word, attribute)| (place(word), attribute)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_examples_the_pack_is_the_same() {
        let (mut whole, mut short) = (SourceMap::default(), SourceMap::default());
        let whole = load(&mut whole, Examples::Read);
        let short = load(&mut short, Examples::Skip);
        for (whole, short) in whole.iter().zip(&short) {
            let places = |parsed: &Parsed| parsed.file.policies.iter().map(|policy| policy.span).collect::<Vec<_>>();
            assert_eq!((places(whole), &whole.faults), (places(short), &short.faults), "{}", whole.file.path);
            let about = |parsed: &Parsed| parsed.file.policies.first().map(|policy| policy.about.clone());
            assert!(about(short).is_some_and(|about| about.examples.is_empty()), "{}", short.file.path);
            assert_eq!(about(whole).map(|about| about.title.clone()), about(short).map(|about| about.title.clone()));
        }
    }
}
