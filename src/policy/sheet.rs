//! What readers are told about a policy: everything on one page, as plain data.
//!
//! The parsed policy holds what a run needs. A page also shows things as their author wrote them (inputs, examples), and
//! those are taken from the text of the file. Start at [`sheets`].

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::{About, Docs, Environments, Operations, Policy, PolicyFile};
use crate::expr::constant::constant;
use crate::finding::{Rule, Severity, Ways};
use crate::source::{SourceMap, Span, hcl};
use crate::value::Value;

/// A policy as a reader meets it: all blocks of one id in one file.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The policy's id.
    pub id: Arc<str>,
    /// The problem in a few words.
    pub title: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// How much it hurts.
    pub severity: Severity,
    /// Off unless asked for.
    pub pedantic: bool,
    /// What it is about: resource types, in the order of the file.
    pub types: Vec<Arc<str>>,
    /// What it judges: `create`, `update`, `delete`, `no-op`.
    pub operations: Vec<&'static str>,
    /// `enforcement_level`: a word, or the expression as written.
    pub enforcement: String,
    /// Where it holds.
    pub environments: Environments,
    /// Ids of the same check elsewhere, and former ids.
    pub aliases: Vec<String>,
    /// Documents to read.
    pub references: Vec<String>,
    /// Policies whose finding on the same object stands for one of this policy.
    pub covered_by: Arc<[String]>,
    /// Why it hurts.
    pub why: String,
    /// How to put it right.
    pub fix: String,
    /// Ways out.
    pub ways: Vec<Ways>,
    /// What a team may see differently.
    pub inputs: Vec<Setting>,
    /// Terraform that passes or fails.
    pub examples: Vec<Written>,
    /// The file, as reports print it.
    pub path: Arc<str>,
}

/// An `input` block, as written.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Its default; `None` if a value must be given.
    pub default: Option<String>,
    /// What it is for.
    pub description: String,
}

/// A `pass` or `fail` block, as written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its label.
    pub label: String,
    /// Whether it must pass.
    pub passes: bool,
    /// The addresses that must fail; empty: all.
    pub expect: Vec<String>,
    /// What stands in it, from the margin on.
    pub text: String,
}

/// A sheet for each id of the file, in the order of the file. `text` is the file's text.
#[must_use]
pub fn sheets(file: &PolicyFile, text: &str) -> Vec<Sheet> {
    let body = hcl::parse(text).unwrap_or_default();
    let inputs: Vec<Setting> = body.get_blocks("input").map(|block| setting(block, text)).collect();
    let mut sheets: Vec<Sheet> = Vec::new();
    for policy in &file.policies {
        match sheets.iter_mut().find(|sheet| sheet.id == policy.id) {
            Some(sheet) => sheet.add(policy),
            None => sheets.push(sheet(file, policy, inputs.clone(), &body, text)),
        }
    }
    sheets
}

/// What reports are told of the file's policies: a rule for each id, in the order of the file. Documents and ways out are
/// only of those that a report tells more of.
#[must_use]
pub fn rules(file: &PolicyFile, is_told: impl Fn(&Policy) -> bool) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for policy in &file.policies {
        let at = rules.iter().position(|rule| rule.id == policy.id).unwrap_or_else(|| {
            rules.push(rule(file, policy));
            rules.len() - 1
        });
        if let Some(rule) = rules.get_mut(at).filter(|_| is_told(policy)) {
            let Docs { why, fix, references } = (**policy.about.docs).clone();
            (rule.why, rule.fix, rule.references) = (why, fix, references);
            Ways::add(&mut rule.ways, &policy.kind, &policy.about.options);
        }
    }
    rules
}

fn rule(file: &PolicyFile, policy: &Policy) -> Rule {
    let about = &policy.about;
    Rule {
        id: policy.id.clone(),
        file: policy.file.clone(),
        path: file.path.clone(),
        title: about.title.clone(),
        category: about.category.clone(),
        severity: about.severity,
        pedantic: about.pedantic,
        aliases: about.aliases.clone(),
        references: Vec::new(),
        why: String::new(),
        fix: String::new(),
        ways: Vec::new(),
        passed: 0,
    }
}

fn sheet(file: &PolicyFile, policy: &Policy, inputs: Vec<Setting>, body: &Body, text: &str) -> Sheet {
    let about: &About = &policy.about;
    let written = policy.rules.enforcement.as_ref().map(|expr| slice(text, expr.span));
    let literal = policy.rules.enforcement.as_ref().and_then(|expr| expr.as_literal()?.as_str());
    let enforcement = literal.or(written).unwrap_or("mandatory");
    let mut sheet = Sheet {
        id: policy.id.clone(),
        title: about.title.clone(),
        category: about.category.clone(),
        severity: about.severity,
        pedantic: about.pedantic,
        types: Vec::new(),
        operations: Vec::new(),
        enforcement: enforcement.to_owned(),
        environments: about.environments,
        aliases: about.aliases.clone(),
        references: about.docs.references.clone(),
        covered_by: about.covered_by.clone(),
        why: about.docs.why.clone(),
        fix: about.docs.fix.clone(),
        ways: Vec::new(),
        inputs,
        examples: examples(about, &policy.id, body, text),
        path: file.path.clone(),
    };
    sheet.add(policy);
    sheet
}

impl Sheet {
    fn add(&mut self, policy: &Policy) {
        if !self.types.contains(&policy.kind) {
            self.types.push(policy.kind.clone());
        }
        let more = words(policy.operations);
        self.operations =
            ALL.into_iter().filter(|word| self.operations.contains(word) || more.contains(word)).collect();
        Ways::add(&mut self.ways, &policy.kind, &policy.about.options);
    }

    /// Whether it is called so: by its id or an alias.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        *self.id == *name || self.aliases.iter().any(|alias| alias == name)
    }
}

const ALL: [&str; 4] = ["create", "update", "delete", "no-op"];

fn words(operations: Operations) -> Vec<&'static str> {
    let admitted = [operations.create, operations.update, operations.delete, operations.no_op];
    ALL.into_iter().zip(admitted).filter(|(_, admitted)| *admitted).map(|(word, _)| word).collect()
}

impl Environments {
    /// Where it holds, in a few words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Production => "production only",
            Self::ProductionData => "production; advisory in other environments",
            Self::NonProduction => "environments other than production",
        }
    }

    /// The word of the `scope` attribute; none for everywhere.
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Everywhere => None,
            Self::Production => Some("production"),
            Self::ProductionData => Some("production_data"),
            Self::NonProduction => Some("non_production"),
        }
    }
}

fn setting(block: &Block, text: &str) -> Setting {
    let written = |name: &str| {
        let attribute = block.body.get_attribute(name)?;
        Some(written(&attribute.value, text))
    };
    let is_sensitive = written("sensitive").is_some_and(|written| written != "false");
    Setting {
        name: block.labels.first().map_or_else(String::new, |label| label.as_str().to_owned()),
        kind: written("type").unwrap_or_else(|| "any".to_owned()),
        default: written("default").map(|default| if is_sensitive { "(sensitive)".to_owned() } else { default }),
        description: block.body.get_attribute("description").map(|it| told(&it.value, text)).unwrap_or_default(),
    }
}

fn written(expression: &Expression, text: &str) -> String {
    use hcl_edit::Span as _;
    expression.span().and_then(|range| text.get(range)).unwrap_or_default().trim().to_owned()
}

// A description is a plain text, in quotes or as a heredoc; if it is more, it is shown as it is written.
fn told(expression: &Expression, text: &str) -> String {
    let mut sources = SourceMap::default();
    let told = constant(sources.add("", ""), text, expression).ok();
    let told = told.as_ref().and_then(Value::as_str).map(|told| told.trim().to_owned());
    told.unwrap_or_else(|| written(expression, text))
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn examples(about: &About, id: &str, body: &Body, text: &str) -> Vec<Written> {
    let blocks = body.blocks().filter(|block| block.ident.as_str().ends_with("_policy"));
    // Examples stand in the first block of an id.
    let own = blocks.into_iter().find(|block| block.labels.get(1).is_some_and(|label| label.as_str() == id));
    let own = own.into_iter().flat_map(|block| block.body.blocks());
    let written = own.filter(|block| matches!(block.ident.as_str(), "pass" | "fail"));
    let examples = about.examples.iter().zip(written);
    examples
        .map(|(example, block)| Written {
            label: example.label.clone(),
            passes: example.passes,
            expect: example.expect.clone(),
            text: inside(block, text),
        })
        .collect()
}

// The lines between the braces, moved to the margin; what is expected of them is said elsewhere.
fn inside(block: &Block, text: &str) -> String {
    use hcl_edit::Span as _;
    let whole = block.span().unwrap_or_default();
    let hidden = block.body.get_attribute("expect").and_then(hcl_edit::Span::span).unwrap_or_default();
    let mut kept = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        // The lines of the header and of the last brace are not inside.
        let is_inside = whole.start < start && end < whole.end;
        let is_hidden = start < hidden.end && hidden.start < end;
        if is_inside && !is_hidden {
            kept.push_str(line);
        }
    }
    dedented(&kept)
}

fn dedented(text: &str) -> String {
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let margin = lines().map(blanks).min().unwrap_or(0);
    let moved: Vec<&str> = text.lines().map(|line| line.get(margin..).unwrap_or("").trim_end()).collect();
    let moved = moved.join("\n");
    // Blank lines around are not part of it; blanks of the first line are.
    let mut shown = moved.trim_end().to_owned();
    while let Some(rest) = shown.strip_prefix('\n') {
        shown = rest.to_owned();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::parse::parse;
    use crate::source::SourceMap;

    const TEXT: &str = r#"
input "days" {
  type        = number
  default     = 7
  description = "Fewest days."
}

input "exempt" {
  type        = set(string)
  description = <<-EOT
    Names that are left out.
    "*" is all.
  EOT
  default     = []
}

resource_policy "t_a" "short" {
  operations        = ["create"]
  enforcement_level = input.days > 3 ? "advisory" : "mandatory"

  enforce {
    condition = attrs.days >= input.days
  }

  option "more" {
    title = "Keep more"
  }

  pass "week" {
    resource "t_a" "main" {
      days = 7
    }
  }

  fail "day" {
    # Two of them.
    resource "t_a" "main" {
      days = 1
    }

    resource "t_a" "other" {
      days = 8
    }
    expect = ["t_a.main"]
  }
}

resource_policy "t_b" "short" {
  operations = ["delete"]

  enforce {
    condition = prior_attrs.days >= input.days
  }
}
"#;

    fn short() -> Sheet {
        let mut sources = SourceMap::default();
        let file = sources.add("x.policy.hcl", TEXT);
        let parsed = parse("x.policy.hcl", file, TEXT, "custom");
        assert_eq!(parsed.faults, []);
        let mut sheets = sheets(&parsed.file, TEXT);
        assert_eq!(sheets.len(), 1);
        sheets.remove(0)
    }

    #[test]
    fn the_blocks_of_an_id_make_one_sheet() {
        let sheet = short();
        assert_eq!(sheet.types.iter().map(|kind| &**kind).collect::<Vec<_>>(), ["t_a", "t_b"]);
        assert_eq!(sheet.operations, ["create", "delete"]);
        assert_eq!(sheet.enforcement, r#"input.days > 3 ? "advisory" : "mandatory""#);
        assert_eq!(sheet.ways.len(), 1);
    }

    #[test]
    fn inputs_and_examples_are_as_written() {
        let sheet = short();
        let input = sheet.inputs.first().unwrap();
        let of = (&*input.name, &*input.kind, input.default.as_deref(), &*input.description);
        assert_eq!(of, ("days", "number", Some("7"), "Fewest days."));
        let heredoc = sheet.inputs.get(1).map(|input| &*input.description);
        assert_eq!(heredoc, Some("Names that are left out.\n\"*\" is all."));
        let texts: Vec<&str> = sheet.examples.iter().map(|example| &*example.text).collect();
        let week = "resource \"t_a\" \"main\" {\n  days = 7\n}";
        let day =
            "# Two of them.\nresource \"t_a\" \"main\" {\n  days = 1\n}\n\nresource \"t_a\" \"other\" {\n  days = 8\n}";
        assert_eq!(texts, [week, day]);
        assert_eq!(sheet.examples.last().unwrap().expect, ["t_a.main"]);
    }
}
