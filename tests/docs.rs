//! Documentation that could go stale is compared with what it tells of.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use planfit::policy::library::{self, Examples};
use planfit::source::SourceMap;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

#[test]
fn the_table_of_categories_counts_the_pack() {
    let mut pack: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for parsed in library::load(&mut SourceMap::default(), Examples::Skip) {
        for policy in parsed.file.policies {
            pack.entry(policy.about.category.to_string()).or_default().insert(policy.id.to_string());
        }
    }
    let pack: Vec<String> = pack.iter().map(|(category, ids)| format!("| `{category}` | {} |", ids.len())).collect();
    let readme = text("README.md");
    let table = between(&readme, "<!-- categories:begin -->", "<!-- categories:end -->");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<String> = rows.map(|row| row.split_inclusive('|').take(3).collect()).collect();
    assert_eq!(rows, pack);
}

#[test]
fn the_policy_in_contributing_is_the_one_in_the_pack() {
    let contributing = text("CONTRIBUTING.md");
    let path = between(&contributing, "<!-- file:", " -->");
    let shown = between(&contributing, &format!("<!-- file:{path} -->\n```hcl\n"), "```\n");
    assert_eq!(shown, text(path));
}
