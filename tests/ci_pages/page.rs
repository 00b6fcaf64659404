//! Pages and workflows, taken apart.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    /// Its page and line.
    pub(crate) place: String,
    /// What it says it is: `yaml`, `sh`.
    pub(crate) language: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn files(directory: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(directory)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let names = paths.filter_map(|path: PathBuf| path.file_name()?.to_str().map(str::to_owned));
    let mut found: Vec<String> =
        names.filter(|name| name.ends_with(ending)).map(|name| format!("{directory}/{name}")).collect();
    found.sort();
    assert!(!found.is_empty(), "{directory}");
    found
}

pub(crate) fn pages() -> Vec<String> {
    let mut pages = files("docs/ci", ".md");
    pages.extend(["README.md", "docs/outputs.md"].map(str::to_owned));
    pages
}

pub(crate) fn workflows() -> Vec<String> {
    files(".github/workflows", ".yml")
}

/// The blocks of a page; one in a list is moved to the left.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let text = text(page);
    let mut blocks: Vec<Block> = Vec::new();
    let mut indent = None;
    for (number, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, indent) {
            (Some(language), None) => {
                indent = Some(line.len() - line.trim_start().len());
                let place = format!("{page}:{}", number + 1);
                blocks.push(Block { place, language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => indent = None,
            (None, Some(indent)) => {
                let block = blocks.last_mut().unwrap();
                block.text += line.get(indent..).unwrap_or("");
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert_eq!(indent, None, "{page}: a block is not closed");
    blocks
}

/// All YAML that is there: blocks of pages, workflows.
pub(crate) fn documents() -> Vec<(String, Value)> {
    let blocks = pages().into_iter().flat_map(|page| blocks(&page)).filter(|block| block.language == "yaml");
    let blocks = blocks.map(|block| (block.place, block.text));
    let workflows = workflows().into_iter().map(|path| (path.clone(), text(&path)));
    let parse = |(place, text): (String, String)| {
        let value = serde_saphyr::from_str(&text).unwrap_or_else(|error| unreachable!("{place}: {error}"));
        (place, value)
    };
    blocks.chain(workflows).map(parse).collect()
}

/// Every object in a document.
pub(crate) fn objects(value: &Value) -> Vec<&serde_json::Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        Value::Object(fields) => std::iter::once(fields).chain(fields.values().flat_map(objects)).collect(),
        _ => Vec::new(),
    }
}
