//! The `policy` block of a file: which versions it is for.
//!
//! `required_version` is checked against what wrote the plan. Providers and plugins are named for other tools: planfit
//! asks no provider and starts no plugin, so these are read for mistakes only.

use std::sync::Arc;

use hcl_edit::structure::{Block, Body};

use super::parse::Reader;
use crate::expr::Fault;
use crate::source::Span;
use crate::version::{Constraints, Version};

/// What the `policy` block says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `terraform_config.required_version`
    pub required_version: Option<RequiredVersion>,
}

/// The versions of Terraform that a file is for.
#[derive(Clone, Debug)]
pub struct RequiredVersion {
    /// As written.
    pub text: Arc<str>,
    /// Read.
    pub constraints: Constraints,
    /// Where.
    pub span: Span,
}

impl Settings {
    /// Why the file is not for a version of Terraform; `None` if it is, or if the version is not known.
    #[must_use]
    pub fn excludes(&self, version: Option<&str>) -> Option<String> {
        let required = self.required_version.as_ref()?;
        let version = version?;
        let allowed = Version::parse(version).map_or(true, |version| required.constraints.allow(&version));
        (!allowed).then(|| {
            format!(
                "these policies are for Terraform {}, and the input is of {version}: they are skipped",
                required.text
            )
        })
    }
}

const BLOCKS: [&str; 3] = ["required_providers", "terraform_config", "plugins"];

impl Reader<'_> {
    /// Reads the `policy` block of a file.
    pub(super) fn settings(&mut self, body: &Body) {
        self.once(body, "policy");
        let Some(block) = body.get_blocks("policy").next() else { return };
        self.labels(block, &[]);
        self.known(&block.body, Some(&[]), &BLOCKS, "a policy block");
        for name in BLOCKS {
            self.once(&block.body, name);
        }
        for inner in block.body.get_blocks("terraform_config") {
            self.terraform_config(inner);
        }
        for (name, keys) in [("required_providers", &["source", "version"][..]), ("plugins", &["source", "version"])] {
            for inner in block.body.get_blocks(name) {
                self.sources(inner, name, keys);
            }
        }
    }

    fn terraform_config(&mut self, block: &Block) {
        self.labels(block, &[]);
        self.known(&block.body, Some(&["required_version"]), &[], "terraform_config");
        let Some(attribute) = block.body.get_attribute("required_version") else { return };
        let span = self.span(&attribute.value);
        let value = self.constant(&attribute.value);
        let read = value.as_str().and_then(|text| Some((Arc::from(text), Constraints::parse(text).ok()?)));
        match read {
            Some((text, constraints)) => {
                self.settings.required_version = Some(RequiredVersion { text, constraints, span });
            }
            None => self.fault(span, "this is no version constraint; one is written \">= 1.5, < 2.0\""),
        }
    }

    // `NAME = { source = "…", version = "…" }`
    fn sources(&mut self, block: &Block, what: &str, keys: &[&str]) {
        self.labels(block, &[]);
        self.known(&block.body, None, &[], what);
        for attribute in block.body.attributes() {
            let span = self.span(&attribute.value);
            let value = self.constant(&attribute.value);
            match &value {
                crate::value::Value::Object(object) => {
                    let strange = object.iter().find(|(key, _)| !keys.contains(&&***key));
                    if let Some((key, _)) = strange {
                        let hint = super::names::did_you_mean("", key, keys.iter().copied());
                        self.fault(span, format!("an entry of {what} has no \"{key}\"{hint}"));
                    }
                }
                crate::value::Value::String(_) => {}
                _ => self.fault(span, format!("an entry of {what} is written {{ source = \"…\", version = \"…\" }}")),
            }
        }
    }

    /// Reports a second block of a kind that may occur once.
    pub(super) fn once(&mut self, body: &Body, name: &str) {
        let mut blocks = body.get_blocks(name);
        let Some(first) = blocks.next() else { return };
        let first = self.header(first);
        for second in blocks {
            let span = self.header(second);
            let fault = Fault::at(span, format!("there is a second {name} block, and only one is read"));
            self.faults.push(fault.with(first, "the first one"));
        }
    }
}
