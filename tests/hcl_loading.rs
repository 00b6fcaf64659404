//! Reading modules from directories: walking, finding roots, loading them with their overrides and JSON files.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use planfit::expr::Kind;
use planfit::io::walk::{Walked, walk};
use planfit::io::{Disk, Environment};
use planfit::policy::library;
use planfit::source::SourceMap;
use planfit::terraform::config::load::{self, Trouble};
use planfit::terraform::config::roots::{self, Select};
use planfit::terraform::config::{Configuration, Module};
use planfit::value::Value;

/// A directory that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("planfit-loading-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn load(&self) -> (Configuration, Vec<Trouble>, SourceMap) {
        let mut sources = SourceMap::default();
        let (configuration, troubles) =
            load::load(self.path(), &Disk::new(&Environment::default()), library::map_arguments(), &mut sources);
        (configuration, troubles, sources)
    }

    fn listed(&self) -> (Vec<String>, Walked) {
        let walked = walk([self.path()]);
        let below = |path: &str| path.strip_prefix(self.path()).unwrap().trim_start_matches('/').to_owned();
        (walked.listings.iter().map(|listing| below(&listing.directory)).collect(), walked)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text_of(module: &Module, kind: &str, labels: &[&str], name: &str) -> Option<String> {
    let attribute = module.block(kind, labels)?.attribute(name)?;
    attribute.value.as_literal().and_then(Value::as_str).map(str::to_owned)
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hcl").join(name).to_str().unwrap().to_owned()
}

#[test]
fn hidden_and_ignored_paths_are_passed_over() {
    let scratch = Scratch::new("ignored");
    for path in ["a/x.tf", ".terraform/modules/m/x.tf", ".hidden/x.tf", "build/x.tf", "a/cache/x.tf", "b/c/.x.tf"] {
        scratch.write(path, "");
    }
    scratch.write(".gitignore", "/build/\n").write("a/.gitignore", "cache\n").write("b/c/y.tf", "");
    assert_eq!(scratch.listed().0, ["a", "b/c"]);
}

#[cfg(unix)]
#[test]
fn links_that_go_around_in_circles_end() {
    let scratch = Scratch::new("links");
    scratch.write("a/main.tf", "").write("shared/versions.tf", "locals {}\n");
    std::os::unix::fs::symlink("..", scratch.0.join("a/up")).unwrap();
    std::os::unix::fs::symlink("../shared/versions.tf", scratch.0.join("a/versions.tf")).unwrap();
    std::os::unix::fs::symlink("nowhere", scratch.0.join("a/dead.tf")).unwrap();
    let (directories, walked) = scratch.listed();
    assert_eq!(directories, ["a", "shared"]);
    assert_eq!(walked.listings[0].names, ["main.tf", "versions.tf"], "a link to a file is a file");
    assert!(walked.unreadable.is_empty(), "{:?}", walked.unreadable);
}

#[test]
fn a_file_selects_its_directory_alone() {
    let scratch = Scratch::new("file");
    scratch.write("a/main.tf", "").write("a/other.tf", "").write("a/b/main.tf", "");
    let path = format!("{}/a/main.tf", scratch.path());
    let walked = walk([&*path, "no/such/path"]);
    assert_eq!(walked.listings.len(), 1);
    assert_eq!(walked.listings[0].names, ["main.tf", "other.tf"]);
    assert_eq!(walked.unreadable, [("no/such/path".to_owned(), "there is no such file or directory".to_owned())]);
}

#[test]
fn roots_of_the_fixtures_are_found_and_their_modules_are_not() {
    let root = fixture("");
    let disk = Disk::new(&Environment::default());
    let found = roots::find(walk([&*root]).listings, Select::Roots, &disk);
    let names: Vec<&str> = found.roots().iter().filter_map(|root| root.rsplit('/').next()).collect();
    let mut expected: Vec<String> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!(expected.len(), 10);
}

#[test]
fn every_fixture_is_loaded_whole() {
    let disk = Disk::new(&Environment::default());
    let modules: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("conditional_creation", &[""][..]),
        ("dynamic_in_dynamic", &[""]),
        ("heredocs", &[""]),
        ("hundred_calls", &["", "locker_000", "locker_099"]),
        ("json_syntax", &["", "desk"]),
        ("nested_modules", &["", "site", "site.room", "site.hall"]),
        ("no_instances", &["", "sauna", "pool", "steam"]),
        ("optional_attributes", &[""]),
        ("overrides", &["", "desk"]),
        ("tfvars_layers", &[""]),
    ]);
    for (name, modules) in modules {
        let mut sources = SourceMap::default();
        let (configuration, troubles) = load::load(&fixture(name), &disk, library::map_arguments(), &mut sources);
        assert!(troubles.is_empty(), "{name}: {troubles:?}");
        assert!(modules.iter().all(|module| configuration.module(module).is_some()), "{name}");
    }
}

// The values are those of fixtures/hcl/overrides/expected.json.
#[test]
fn overrides_change_arguments_and_replace_blocks() {
    let mut sources = SourceMap::default();
    let (configuration, _) =
        load::load(&fixture("overrides"), &Disk::new(&Environment::default()), library::map_arguments(), &mut sources);
    let root = configuration.module("").unwrap();
    assert_eq!(text_of(root, "module", &["desk"], "name").as_deref(), Some("b"), "from JSON");
    let group = root.block("resource", &["aws_security_group", "api"]).unwrap();
    let descriptions: Vec<&str> =
        group.blocks.iter().filter_map(|block| block.attribute("description")?.value.as_literal()?.as_str()).collect();
    assert_eq!(descriptions, ["main", "a"], "egress stays, both ingress blocks go");
    let log_group = root.block("resource", &["aws_cloudwatch_log_group", "api"]).unwrap();
    let place = sources.path(log_group.attribute("retention_in_days").unwrap().span);
    assert!(place.ends_with("a_override.tf"), "{place}");
    assert_eq!(root.local("name").and_then(|local| local.as_literal()?.as_str()), Some("last"));
}

#[test]
fn an_override_of_lifecycle_changes_only_what_it_writes_and_dynamic_counts_as_its_block() {
    let scratch = Scratch::new("lifecycle");
    scratch.write(
        "main.tf",
        "resource \"a\" \"b\" {\n  lifecycle {\n    prevent_destroy = true\n    create_before_destroy = true\n  }\n  \
         net {\n    x = 1\n  }\n  dynamic \"disk\" {\n    for_each = []\n    content {}\n  }\n}\n",
    );
    scratch.write(
        "override.tf",
        "resource \"a\" \"b\" {\n  lifecycle {\n    prevent_destroy = false\n  }\n  dynamic \"net\" {\n    \
         for_each = []\n    content {}\n  }\n  disk {\n    y = 1\n  }\n}\n",
    );
    let (configuration, ..) = scratch.load();
    let block = configuration.module("").unwrap().block("resource", &["a", "b"]).unwrap();
    let lifecycle = block.nested("lifecycle").next().unwrap();
    let flags: Vec<(&str, Option<bool>)> = lifecycle
        .attributes
        .iter()
        .map(|attribute| (&*attribute.name, attribute.value.as_literal().and_then(Value::as_bool)))
        .collect();
    assert_eq!(flags, [("create_before_destroy", Some(true)), ("prevent_destroy", Some(false))]);
    assert!(block.nested("net").next().is_none() && block.dynamic("net").is_some());
    assert!(block.nested("disk").next().is_some() && block.dynamic("disk").is_none());
}

// What the parser alone would refuse (spec/performance.md), each before a block whose place must stay right.
#[test]
fn places_stay_right_behind_what_the_parser_would_refuse() {
    for (name, text) in [
        ("equal keys", "a = { k = 1, k = 2, (v.x) = 1,\n (v.x) = 2 }\n"),
        ("byte order mark", "\u{feff}a = 1\n\n"),
        ("line break in a for value", "a = { for k in v : k =>\n k }\n"),
        ("line break behind a question mark", "a = [for k in v : k ?\n 1 : 2]\n"),
        ("carriage return behind for", "a = [for\r\n k in v : k]\r\n"),
        ("heredoc in a call", "a = f(<<E\nE\n)"),
        ("carriage returns", "a = [\r\n]\r\n"),
    ] {
        let scratch = Scratch::new("places");
        let (mark, text) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
        let text = format!("{mark}locals {{\n{text}\n}}\nresource \"x\" \"é\" {{\n  y = 1\n}}\n");
        scratch.write("main.tf", &text);
        let (configuration, troubles, sources) = scratch.load();
        assert!(troubles.is_empty(), "{name}: {troubles:?}");
        let block = configuration.module("").unwrap().block("resource", &["x", "é"]).unwrap();
        let line = text.lines().position(|line| line.starts_with("resource")).unwrap() + 1;
        assert_eq!(sources.start(block.header).line, line, "{name}");
        let attribute = block.attribute("y").unwrap();
        assert_eq!((sources.start(attribute.span).line, sources.start(attribute.span).column), (line + 1, 3), "{name}");
    }
}

#[test]
fn a_file_that_is_no_hcl_or_no_json_is_said_and_the_rest_is_read() {
    let scratch = Scratch::new("broken");
    scratch.write("a.tf", "resource \"a\" {\n  x =\n}\n").write("b.tf.json", "{\n  \"locals\": {\"a\": \"${\"}\n}");
    scratch.write("c.tf", "a = \"b").write("main.tf", "resource \"x\" \"y\" {}\n").write("d.tf.json", "{\n  x\n}");
    let (configuration, troubles, sources) = scratch.load();
    assert!(configuration.module("").unwrap().block("resource", &["x", "y"]).is_some());
    let places: Vec<(&str, usize)> = troubles
        .iter()
        .map(|trouble| {
            let span = trouble.span.unwrap();
            (sources.path(span).rsplit('/').next().unwrap(), sources.start(span).line)
        })
        .collect();
    assert_eq!(places, [("a.tf", 2), ("b.tf.json", 2), ("c.tf", 1), ("d.tf.json", 2)]);
}

#[test]
fn a_file_beyond_the_bound_is_not_read() {
    let scratch = Scratch::new("large");
    let file = fs::File::create(scratch.0.join("main.tf")).unwrap();
    file.set_len((16 << 20) + 1).unwrap();
    let (_, troubles, _) = scratch.load();
    assert_eq!(troubles.len(), 1);
    assert_eq!(troubles[0].message, "the file is larger than 16 MiB");
}

#[test]
fn what_cannot_be_evaluated_is_not_null() {
    let scratch = Scratch::new("functions");
    scratch.write("main.tf", "locals {\n  a = provider::x::y(1)\n  b = [no_such_function()]\n}\n");
    let (configuration, ..) = scratch.load();
    let root = configuration.module("").unwrap();
    let is_null = |name: &str| root.local(name).unwrap().as_literal().is_some_and(|value| matches!(value, Value::Null));
    assert!(!is_null("a"));
    assert!(
        matches!(&root.local("b").unwrap().kind, Kind::List(items) if items.iter().all(|item| item.as_literal().is_none()))
    );
}
