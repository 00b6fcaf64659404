//! Whatever the text, loading and judging end without a panic.

use planfit::policy::inputs::Given;
use planfit::policy::library;
use planfit::policy::parse::parse;
use planfit::source::SourceMap;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{create, judged};

/// Parses and compiles a text, and judges what it holds.
fn run(text: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("t.policy.hcl", text);
    let mut parsed = parse("t.policy.hcl", file, text, "custom");
    let sound = parsed.faults.is_empty() && Given::default().fill(&mut parsed.file).is_empty();
    if sound {
        let plan = create(r#"{"x":[1,{"x":null}],"multi_az":false}"#, r#"{"y":true}"#);
        assert_eq!(judged(text, &plan, &Given::default()).panicked, []);
    }
}

const WORDS: &[&str] = &[
    "attrs",
    ".x",
    "[0]",
    "[*]",
    "core::",
    "length",
    "merge",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "for",
    " k, v in ",
    " : ",
    " => ",
    " if ",
    "?",
    "&&",
    "||",
    "==",
    "<",
    "+",
    "-",
    "!",
    "1",
    "\"a\"",
    "\"${",
    "}\"",
    "null",
    "true",
    ",",
    "...",
    "jsondecode",
    "try",
    "input.y",
    "local.z",
    "meta.key",
    " ",
    "\n",
    "<<E\n",
    "\nE\n",
    "%{",
    "~}",
    "#",
    "/*",
    "plugin::a::b(",
];

/// What is put into a real file: pieces of the language, and characters that break it.
const PIECES: &[&str] = &[
    "",
    "{",
    "}",
    "[",
    "(",
    "\"",
    "\n",
    "=",
    "${",
    "%{",
    "<<-X\n",
    "#",
    "/*",
    "\\",
    "\u{0}",
    "é",
    "local.a",
    "input.b-c",
    "prior_attrs.x",
    "resource_policy \"*\" \"p\" {",
    "operations = [\"delete\"]",
    "type = object({ a = optional(string, 1) })",
    "for x in",
    "null",
    "-1e999",
    "99999999999999999999999999",
    "enforce {}",
    "core::try(",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_the_loader_panic(text in "(?s).{0,200}") {
        run(&text);
    }

    #[test]
    fn no_expression_makes_the_loader_or_the_evaluator_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..24)
    ) {
        let condition = words.concat();
        run(&format!("resource_policy \"t_x\" \"p\" {{\n  enforce {{\n    condition = {condition}\n  }}\n}}\n"));
    }

    #[test]
    fn no_change_of_a_real_file_makes_the_loader_or_the_evaluator_panic(
        file in any::<Index>(),
        changes in proptest::collection::vec(
            (any::<Index>(), 0_usize..40, proptest::sample::select(PIECES)),
            1..4,
        ),
    ) {
        let files = library::files(".policy.hcl");
        let mut text: Vec<char> = file.get(&files).text.chars().collect();
        for (at, length, piece) in changes {
            let start = at.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, piece.chars());
        }
        run(&text.into_iter().collect::<String>());
    }
}
