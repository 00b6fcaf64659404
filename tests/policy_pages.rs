//! The pages of the pack below docs/policies, and the counts of the README, are what the pack says.
//! `SNAPSHOTS=overwrite cargo test --test policy_pages` writes them anew.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests fail like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use planfit::policy::library::{self, Examples};
use planfit::policy::sheet::{self, Sheet};
use planfit::report::policy::markdown;
use planfit::source::SourceMap;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn overwrites() -> bool {
    env::var("SNAPSHOTS").as_deref() == Ok("overwrite")
}

fn sheets() -> Vec<Sheet> {
    let files = library::files(".policy.hcl");
    let parsed = library::load(&mut SourceMap::default(), Examples::Read);
    let mut sheets: Vec<Sheet> =
        parsed.iter().zip(files).flat_map(|(parsed, file)| sheet::sheets(&parsed.file, file.text)).collect();
    sheets.sort_by(|one, other| (&one.category, &one.id).cmp(&(&other.category, &other.id)));
    sheets
}

fn row(sheet: &Sheet) -> String {
    let pedantic = if sheet.pedantic { ", pedantic" } else { "" };
    format!("| [{0}]({0}.md) | {1}{pedantic} | {2} |\n", sheet.id, sheet.severity.as_str(), sheet.title)
}

fn by_category(sheets: &[Sheet]) -> String {
    let mut text =
        String::from("# Policies\n\nGenerated from [policies/](../../policies). By alias: [aliases.md](aliases.md).\n");
    let categories: BTreeSet<&str> = sheets.iter().map(|sheet| &*sheet.category).collect();
    for category in categories {
        write!(text, "\n## {category}\n\n| policy | severity | problem |\n|---|---|---|\n").unwrap();
        text.extend(sheets.iter().filter(|sheet| &*sheet.category == category).map(row));
    }
    text
}

fn by_alias(sheets: &[Sheet]) -> String {
    let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for sheet in sheets {
        for alias in &sheet.aliases {
            of.entry(alias).or_default().push(&sheet.id);
        }
    }
    let mut text = String::from(
        "# Policies by alias\n\nIds of the same check in other tools; planfit takes them wherever it takes an id.\n\n| alias | policies |\n|---|---|\n",
    );
    for (alias, ids) in of {
        let ids: Vec<String> = ids.iter().map(|id| format!("[{id}]({id}.md)")).collect();
        writeln!(text, "| `{alias}` | {} |", ids.join(", ")).unwrap();
    }
    text
}

fn pages(sheets: &[Sheet]) -> BTreeMap<String, String> {
    let page = |sheet: &Sheet| {
        let mut text = Vec::new();
        markdown::write(sheet, &mut text).unwrap();
        (format!("{}.md", sheet.id), String::from_utf8(text).unwrap())
    };
    let mut pages: BTreeMap<String, String> = sheets.iter().map(page).collect();
    pages.insert("README.md".to_owned(), by_category(sheets));
    pages.insert("aliases.md".to_owned(), by_alias(sheets));
    pages
}

#[test]
fn the_pages_are_those_of_the_pack() {
    let directory = root().join("docs/policies");
    let pages = pages(&sheets());
    if overwrites() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        for (name, text) in &pages {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    let there = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.collect();
    assert_eq!(there, pages.keys().cloned().collect(), "the pages that there are");
    for (name, text) in pages {
        let written = fs::read_to_string(directory.join(&name)).unwrap();
        assert!(
            written == text,
            "docs/policies/{name}: SNAPSHOTS=overwrite cargo test --test policy_pages writes it anew"
        );
    }
}

/// The counts come from the pack; the words beside them are the README's own.
#[test]
fn the_table_of_the_readme_counts_the_pack() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (start, end) = ("<!-- categories:begin -->\n", "<!-- categories:end -->");
    let (before, rest) = readme.split_once(start).unwrap();
    let (table, after) = rest.split_once(end).unwrap();
    let words: BTreeMap<String, &str> = table.lines().filter_map(words).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for sheet in sheets() {
        *counts.entry(sheet.category.to_string()).or_default() += 1;
    }
    let mut wanted = String::from("| category | policies | what it is about |\n|---|---:|---|\n");
    for (category, count) in counts {
        let words = words.get(&category).copied().unwrap_or("?");
        assert_ne!(words, "?", "the README says nothing of {category}");
        writeln!(wanted, "| `{category}` | {count} | {words} |").unwrap();
    }
    if overwrites() {
        fs::write(root().join("README.md"), format!("{before}{start}{wanted}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(table, wanted, "SNAPSHOTS=overwrite cargo test --test policy_pages writes it anew");
}

fn words(row: &str) -> Option<(String, &str)> {
    let mut cells = row.strip_prefix("| `")?.trim_end_matches(" |").splitn(3, " | ");
    let category = cells.next()?.trim_end_matches('`').to_owned();
    let _count = cells.next()?;
    Some((category, cells.next()?))
}
