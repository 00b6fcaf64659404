//! What a policy says of itself: title, documents, ways out, examples (`spec/policy-language.md` 6).

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::names::did_you_mean;
use super::parse::Reader;
use super::skim::{Part, Whole};
use super::{About, Docs, Environments, Example, Late};
use crate::finding::{Remedy, Severity};
use crate::source::hcl;
use crate::terraform::config::example;

const OPTION: [&str; 5] = ["title", "merits", "demerits", "downtime", "effort"];
const SCOPES: [&str; 3] = ["production", "production_data", "non_production"];

impl Reader<'_> {
    /// What is said of the policies of an id: by its first block; options may be each block's own.
    pub(super) fn shared_about(&mut self, block: &Block, id: &Arc<str>, category: &str) -> Arc<About> {
        let first = self.described.get(id).cloned();
        match first {
            Some(about) if self.has_options(block) => Arc::new(about.with_options(self.options(block))),
            Some(about) => about,
            None => {
                let about = Arc::new(self.about(block, id, category));
                self.described.insert(id.clone(), about.clone());
                about
            }
        }
    }

    fn has_options(&self, block: &Block) -> bool {
        block.body.has_blocks("option") || !self.left_out(block, Part::Option).is_empty()
    }

    /// The texts of the parts of a block that were left out.
    pub(super) fn left_out(&self, block: &Block, part: Part) -> Vec<Whole> {
        let range = block.span().unwrap_or_default();
        self.skimmed.map_or_else(Vec::new, |skimmed| skimmed.within(part, range).collect())
    }

    // What `read` makes of some parts of a block: now, or when somebody asks for it if they were left out.
    fn late<T: Send + Sync + 'static>(
        &mut self,
        block: &Block,
        part: Part,
        read: fn(&mut Reader<'_>, &Body) -> T,
    ) -> Late<T> {
        let left_out = self.left_out(block, part);
        if left_out.is_empty() {
            let value = read(self, &block.body);
            return Late::new(Box::new(move || value));
        }
        let file = self.file;
        Late::new(Box::new(move || {
            let text: String = left_out.iter().map(|part| part.text).collect();
            read(&mut Reader::new(file, &text), &hcl::parse(&text).unwrap_or_default())
        }))
    }

    fn options(&mut self, block: &Block) -> Late<Arc<[Remedy]>> {
        self.late(block, Part::Option, options)
    }

    fn about(&mut self, block: &Block, id: &str, category: &str) -> About {
        let body = &block.body;
        let mut text = |name: &str| body.get_attribute(name).and_then(|attribute| self.text(attribute));
        let title = text("title").unwrap_or_else(|| id.replace('_', " "));
        let category = text("category").unwrap_or_else(|| category.to_owned());
        text("description");
        let severity = body.get_attribute("severity").and_then(|attribute| self.severity(attribute));
        let environments = body.get_attribute("scope").and_then(|attribute| self.scope(attribute));
        let docs = Arc::new(self.late(block, Part::Docs, docs));
        About {
            title: Arc::from(title),
            category: Arc::from(category),
            severity: severity.unwrap_or_else(|| unsaid_severity(body)),
            aliases: self.texts(body, "aliases"),
            covered_by: self.texts(body, "covered_by").into(),
            environments: environments.unwrap_or_default(),
            pedantic: self.flag(body, "pedantic"),
            docs,
            options: self.options(block),
            examples: self.examples(body),
        }
    }

    fn scope(&mut self, attribute: &Attribute) -> Option<Environments> {
        let word = self.text(attribute)?;
        let environments = Environments::parse(&word);
        if environments.is_none() {
            let span = self.span(&attribute.value);
            let hint = did_you_mean("", &word, SCOPES.into_iter());
            self.fault(span, format!("a scope is \"production\", \"production_data\" or \"non_production\"{hint}"));
        }
        environments
    }

    fn texts(&mut self, body: &Body, name: &str) -> Vec<String> {
        let Some(attribute) = body.get_attribute(name) else { return Vec::new() };
        let before = self.faults.len();
        let value = self.constant(&attribute.value);
        let items = value.as_list().map(|items| items.iter().map(|item| item.as_str().map(str::to_owned)));
        let texts: Option<Vec<String>> = items.and_then(Iterator::collect);
        if texts.is_none() && self.faults.len() == before {
            let span = self.span(&attribute.value);
            self.fault(span, format!("\"{name}\" is a list of texts"));
        }
        texts.unwrap_or_default()
    }

    // `set` and `add` belong to whoever prices an option; what is literal in them can be suggested as it stands.
    fn option(&mut self, block: &Block) -> Remedy {
        let body = &block.body;
        self.labels(block, &["its name"]);
        self.known(body, Some(&OPTION), &["set", "add"], "an option");
        let mut text = |name: &str| -> String {
            body.get_attribute(name).and_then(|attribute| self.text(attribute)).unwrap_or_default()
        };
        let (title, downtime, effort) = (text("title"), text("downtime"), text("effort"));
        let id = block.labels.first().map_or_else(String::new, |label| label.as_str().to_owned());
        let (merits, demerits) = (self.texts(body, "merits"), self.texts(body, "demerits"));
        Remedy { id, title, merits, demerits, downtime, effort, literals: literals(body) }
    }

    fn examples(&mut self, body: &Body) -> Vec<Example> {
        let blocks = body.blocks().filter(|block| matches!(block.ident.as_str(), "pass" | "fail"));
        let mut examples = Vec::new();
        for block in blocks {
            self.labels(block, &["what it shows"]);
            let configuration = example::from_body(self.file, self.text, &block.body);
            examples.push(Example {
                label: block.labels.first().map_or_else(String::new, |label| label.as_str().to_owned()),
                passes: block.ident.as_str() == "pass",
                expect: self.texts(&block.body, "expect"),
                configuration: Arc::new(configuration),
                span: self.header(block),
            });
        }
        examples
    }
}

// Terraform Policy knows no severity: there, what is mandatory stops a run.
fn unsaid_severity(body: &Body) -> Severity {
    match body.get_attribute("enforcement_level").map(|attribute| &attribute.value) {
        Some(Expression::String(level)) if level.as_str() == "advisory" => Severity::Medium,
        _ => Severity::High,
    }
}

fn docs(reader: &mut Reader<'_>, body: &Body) -> Docs {
    reader.once(body, "docs");
    let references = reader.texts(body, "references");
    let Some(docs) = body.get_blocks("docs").next() else { return Docs { references, ..Docs::default() } };
    reader.labels(docs, &[]);
    reader.known(&docs.body, Some(&["why", "fix"]), &[], "docs");
    let mut doc = |name: &str| {
        let text = docs.body.get_attribute(name).and_then(|attribute| reader.text(attribute));
        text.unwrap_or_default().trim().to_owned()
    };
    Docs { why: doc("why"), fix: doc("fix"), references }
}

fn options(reader: &mut Reader<'_>, body: &Body) -> Arc<[Remedy]> {
    body.get_blocks("option").map(|block| reader.option(block)).collect()
}

// Nothing, if an option adds something or sets what must be computed: then its literals are half of it.
fn literals(option: &Body) -> Vec<(String, String)> {
    if option.has_blocks("add") {
        return Vec::new();
    }
    let set = option.get_blocks("set").flat_map(|block| &block.body);
    let literal = |structure: &Structure| {
        let attribute = structure.as_attribute()?;
        Some((attribute.key.as_str().to_owned(), written(&attribute.value)?))
    };
    set.map(literal).collect::<Option<_>>().unwrap_or_default()
}

fn written(value: &Expression) -> Option<String> {
    if let Some(text) = value.as_str() {
        let is_plain = !text.contains(['"', '\\', '$', '%']) && !text.contains(char::is_control);
        return is_plain.then(|| format!("\"{text}\""));
    }
    value.as_bool().map(|value| value.to_string()).or_else(|| value.as_number().map(ToString::to_string))
}
