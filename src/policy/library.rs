//! The pack that is built in: `policies/`, as it was when planfit was compiled.

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use rayon::prelude::*;

use super::parse::{Parsed, parse, parse_skimmed};
use super::skim::skim;
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

/// Whether everything is wanted, or what every run needs: a twelfth of the pack's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examples {
    /// Read everything, examples as well.
    Read,
    /// Pass over the examples, and read rules and what is told of policies when somebody asks for it.
    Skip,
}

/// Reads the policies of the pack, in the order of their paths.
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
                Examples::Skip => parse_skimmed(shown, *id, &skim(file.text), category),
            };
            parsed.file.is_built_in = true;
            parsed.file.policies.iter_mut().for_each(|policy| policy.file = None);
            parsed
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
    use std::sync::LazyLock;

    use super::*;
    use rustc_hash::FxHashSet;

    use crate::policy::{Enforce, Late, Policy, PolicyFile, Rules};
    use crate::workspace::Outlook;

    #[test]
    fn a_file_of_which_a_part_is_left_out_is_the_same_but_for_its_examples() {
        let (mut whole, mut skimmed) = (SourceMap::default(), SourceMap::default());
        let whole = load(&mut whole, Examples::Read);
        let skimmed = load(&mut skimmed, Examples::Skip);
        for (whole, skimmed) in whole.iter().zip(&skimmed) {
            let path = &whole.file.path;
            assert!(skimmed.file.policies.iter().all(|policy| policy.about.examples.is_empty()), "{path}");
            assert_eq!(whole.faults, skimmed.faults, "{path}");
            assert_eq!(whole.file.mentioned, skimmed.file.mentioned, "{path}");
            assert_eq!(mentioned(&whole.file), mentioned(&skimmed.file), "{path}");
            assert_eq!(all(&whole.file), all(&skimmed.file), "{path}");
        }
    }

    // All that a file says, with every place.
    fn all(file: &PolicyFile) -> String {
        let policies: Vec<Policy> = file.policies.iter().map(without_examples).collect();
        let PolicyFile { settings, inputs, locals, names, .. } = file;
        format!("{policies:#?}{settings:#?}{inputs:#?}{locals:#?}{names:#?}")
    }

    // Sets of names have no order.
    fn mentioned(file: &PolicyFile) -> Vec<&FxHashSet<Arc<str>>> {
        file.policies.iter().map(|policy| &*policy.rules.mentioned).collect()
    }

    fn without_examples(policy: &Policy) -> Policy {
        let options = Arc::clone(&policy.about.options);
        let about = policy.about.with_options(Late::new(Box::new(|| options)));
        LazyLock::force(&about.docs);
        LazyLock::force(&about.options);
        let rules = &policy.rules;
        let rules = Rules {
            enforcement: rules.enforcement.clone(),
            locals: rules.locals.clone(),
            filter: rules.filter.clone(),
            enforce: rules.enforce.iter().map(with_message).collect(),
            names: rules.names.clone(),
            mentioned: Arc::default(),
            uses_graph: rules.uses_graph,
        };
        let rules = Late::new(Box::new(|| rules));
        LazyLock::force(&rules);
        Policy { about: Arc::new(about), rules: Arc::new(rules), outlook: Outlook::default(), ..policy.clone() }
    }

    fn with_message(enforce: &Enforce) -> Enforce {
        if let Some(message) = &enforce.error_message {
            LazyLock::force(message);
        }
        enforce.clone()
    }

    #[test]
    fn a_message_alone_may_ask_for_the_graph() {
        let uses_graph = |message: &str| {
            let text = format!(
                "resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition     = false\n    error_message = {message}\n  }}\n}}\n"
            );
            let mut sources = SourceMap::default();
            let id = sources.add("a.policy.hcl".to_owned(), Arc::from(text.as_str()));
            let parsed = parse("a.policy.hcl", id, &text, "");
            parsed.file.policies.iter().map(Policy::uses_graph).collect::<Vec<_>>()
        };
        assert_eq!(uses_graph("\"${core::length(graph::referrers())}\""), [true]);
        assert_eq!(uses_graph("\"none\""), [false]);
    }

    #[test]
    fn what_is_told_of_a_policy_before_it_is_read_holds_afterwards() {
        let mut sources = SourceMap::default();
        for parsed in load(&mut sources, Examples::Skip) {
            for policy in parsed.file.policies {
                let id = &policy.id;
                assert!(policy.outlook.is_late, "{id}");
                assert_eq!(policy.uses_graph(), policy.rules.uses_graph, "{id}");
            }
        }
    }
}
