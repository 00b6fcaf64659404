//! Documentation that could go stale is compared with what it tells of.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use planfit::config::schema::{self, Block, Key, Kind};
use planfit::expr::functions;
use planfit::policy::library::{self, Examples};
use planfit::policy::parse::parse;
use planfit::policy::{host, sheet};
use planfit::policytest;
use planfit::report::human::Style;
use planfit::report::policy::{markdown, page};
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

/// A row of a table of functions.
struct Row {
    /// With its namespace.
    name: String,
    /// Its arguments, as in `(list, value)`.
    signature: String,
    /// One sentence; empty where nobody has written one.
    description: String,
    /// The heading it stands under.
    group: String,
}

/// Terraform's own functions.
fn functions() -> Vec<Row> {
    let row = |entry: functions::Entry| Row {
        name: format!("core::{}", entry.name),
        signature: entry.signature.trim_start_matches(entry.name).to_owned(),
        description: entry.description.to_owned(),
        group: entry.group.to_owned(),
    };
    functions::catalogue().map(row).collect()
}

/// The functions of Terraform Policy and planfit; what planfit adds is marked.
fn host_functions() -> Vec<Row> {
    let row = |entry: &host::Entry| Row {
        name: entry.full_name(),
        signature: entry.signature.to_owned(),
        description: format!("{}{}", entry.description, if entry.namespace == "core" { "" } else { " **(+)**" }),
        group: String::new(),
    };
    host::catalogue().iter().map(row).collect()
}

/// Functions by group, in the order in which the groups come: a table where they are described, else their names.
fn tables(rows: &[Row]) -> String {
    let mut groups: Vec<&str> = Vec::new();
    for row in rows {
        if !groups.contains(&&*row.group) {
            groups.push(&row.group);
        }
    }
    let mut text = String::new();
    for group in groups {
        let mut members: Vec<&Row> = rows.iter().filter(|row| row.group == group).collect();
        members.sort_by_key(|row| &row.name);
        if !group.is_empty() {
            text += &["\n### ", group, "\n"].concat();
        }
        if members.iter().any(|row| row.description.is_empty()) {
            let names: Vec<String> = members.iter().map(|row| format!("`{}`", row.name)).collect();
            text += &["\n", &names.join(", "), "\n"].concat();
            continue;
        }
        text += "\n| function | what it gives |\n|---|---|\n";
        for row in members {
            let call = format!("{}{}", row.name, row.signature).replace('|', "\\|");
            text += &["| `", &call, "` | ", &row.description.replace('|', "\\|"), " |\n"].concat();
        }
    }
    text + "\n"
}

/// Compares what stands between two markers with what is generated; `SNAPSHOTS=overwrite` writes it.
#[track_caller]
fn compare(path: &str, marker: &str, generated: &str) {
    let whole = text(path);
    let (start, end) = (format!("<!-- {marker}:begin -->"), format!("<!-- {marker}:end -->"));
    let written = between(&whole, &start, &end);
    let wanted = format!("\n{generated}");
    if env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        let whole = whole.replace(&format!("{start}{written}{end}"), &format!("{start}{wanted}{end}"));
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), whole).unwrap();
        return;
    }
    assert_eq!(written, wanted, "SNAPSHOTS=overwrite cargo test --test docs rewrites {path}");
}

/// A section for each block of the settings file, with a table of its keys.
fn settings(block: &Block, outer: &str, text: &mut String) {
    let path = if outer.is_empty() { block.name.to_owned() } else { format!("{outer}.{}", block.name) };
    let label = block.label.map_or_else(String::new, |label| format!(" \"{}\"", label.to_uppercase()));
    let inside = if outer.is_empty() { String::new() } else { format!("{outer}: ") };
    match block.name {
        "" => text.push_str("\n### Top level\n"),
        name => *text += &["\n### `", &inside, name, &label, "`\n"].concat(),
    }
    let often = if block.repeatable { " May occur more than once." } else { "" };
    if !block.about.is_empty() {
        *text += &["\n", block.about, often, "\n"].concat();
    }
    text.push_str("\n| key | value | default | meaning |\n|---|---|---|---|\n");
    for key in block.keys {
        *text += &row("", key);
    }
    for inner in block.blocks {
        settings(inner, &path, text);
    }
}

fn row(outer: &str, key: &Key) -> String {
    let default = if key.default.is_empty() { String::new() } else { format!("`{}`", key.default) };
    let must = if key.required { " **Required.**" } else { "" };
    let mut text = format!("| `{outer}{}` | {} | {default} | {}{must} |\n", key.name, key.kind.describe(), key.about);
    if let Kind::Fields(keys) = key.kind {
        for field in keys {
            text += &row(&format!("{outer}{}.", key.name), field);
        }
    }
    text
}

#[test]
fn the_tables_of_settings_are_those_that_are_checked() {
    let mut text = String::new();
    settings(&schema::FILE, "", &mut text);
    compare("docs/config.md", "keys", &(text + "\n"));
}

#[test]
fn the_settings_in_the_page_are_valid() {
    let page = text("docs/config.md");
    let shown = fenced(&page, "settings");
    let mut sources = SourceMap::default();
    let file = sources.add(".planfit.hcl", shown);
    let (config, faults) = planfit::config::parse(file, shown);
    assert_eq!((faults.as_slice(), config.environments.len(), config.rules.len()), (&[][..], 2, 3));
}

// One test for both tables: two that write one file would undo each other.
#[test]
fn the_tables_of_functions_are_those_of_the_language() {
    compare("docs/policy-language.md", "functions", &tables(&functions()));
    compare("docs/policy-language.md", "host-functions", &tables(&host_functions()));
}

/// The fenced block behind a marker.
fn fenced<'t>(text: &'t str, marker: &str) -> &'t str {
    between(text, &format!("<!-- {marker} -->\n```hcl\n"), "```\n")
}

#[test]
fn the_policies_and_the_test_in_the_language_page_are_valid() {
    let page = text("docs/policy-language.md");
    for marker in ["policy:smallest", "policy:examples"] {
        let shown = fenced(&page, marker);
        let mut sources = SourceMap::default();
        let file = sources.add(marker, shown);
        let parsed = parse(marker, file, shown, "custom");
        assert_eq!((parsed.faults.as_slice(), parsed.file.policies.len()), (&[][..], 1), "{marker}");
    }
    let shown = fenced(&page, "policytest");
    let mut sources = SourceMap::default();
    let file = sources.add("x.policytest.hcl", shown);
    let parsed = policytest::parse::parse(file, shown, &sources, None);
    assert_eq!((parsed.faults.as_slice(), parsed.mocks.len()), (&[][..], 3));
}

#[test]
fn every_policy_of_the_pack_has_a_page() {
    let style = Style { width: 60, colour: false, verbose: false };
    let files = library::files(".policy.hcl");
    for (parsed, file) in library::load(&mut SourceMap::default(), Examples::Read).iter().zip(files) {
        for sheet in sheet::sheets(&parsed.file, file.text) {
            let (mut kept, mut shown) = (Vec::new(), Vec::new());
            markdown::write(&sheet, &mut kept).unwrap();
            page::write(&sheet, style, &mut shown).unwrap();
            let (kept, shown) = (String::from_utf8(kept).unwrap(), String::from_utf8(shown).unwrap());
            assert!(kept.starts_with(&format!("# `{}`\n", sheet.id)), "{kept}");
            // What is deleted or replaced has tests in place of examples.
            for heading in ["Why", "How to fix", "Options", "References"] {
                assert!(kept.contains(&format!("\n## {heading}")), "{} lacks {heading}", sheet.id);
                assert!(shown.contains(&format!("\n{}", heading.to_uppercase())), "{} lacks {heading}", sheet.id);
            }
            // Names and code are shown as they are: only lines of prose are filled.
            let (_, prose) = shown.split_once("\nWHY").unwrap();
            let (prose, _) = prose.split_once("\nEXAMPLES").unwrap_or((prose, ""));
            let wide = prose.lines().find(|line| line.chars().count() > 60 && line.trim_start().contains(' '));
            assert_eq!(wide, None, "{}", sheet.id);
        }
    }
}
