//! The `operations` of a resource policy, and what cannot stand together (`spec/policy-language.md` 3).

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Attribute;

use super::Operations;
use super::names::did_you_mean;
use super::parse::Reader;
use crate::expr::Fault;
use crate::source::Span;

const WORDS: [&str; 4] = ["create", "update", "delete", "no-op"];
const ASKED_FOR: &str = "a policy that reads prior_attrs must say its operations: update, delete or both";
const READ_HERE: &str = "prior_attrs is read here";

impl Reader<'_> {
    /// Reads `operations`; `prior` is where the policy reads `prior_attrs`, if it does.
    pub(super) fn operations(
        &mut self,
        attribute: Option<&Attribute>,
        prior: Option<Span>,
        header: Span,
    ) -> Operations {
        let words = attribute.map_or_else(Vec::new, |attribute| self.words(&attribute.value));
        if words.is_empty() {
            if let Some(prior) = prior {
                let span = attribute.map_or(header, |attribute| self.span(attribute));
                self.faults.push(Fault::at(span, ASKED_FOR).with(prior, READ_HERE));
            }
            return Operations::DEFAULT;
        }
        let place = |word: &str| words.iter().find(|(known, _)| **known == *word).map(|(_, span)| *span);
        let (create, update, delete, no_op) = (place("create"), place("update"), place("delete"), place("no-op"));
        for (word, other) in [("create", create), ("no-op", no_op)] {
            if let (Some(delete), Some(other)) = (delete, other) {
                let message = format!("delete cannot stand with {word}: a deleted object has no attrs");
                self.faults.push(Fault::at(delete, message).with(other, format!("{word} stands here")));
            }
            if let (Some(prior), Some(other)) = (prior, other) {
                let message = format!("{word} cannot be judged with prior_attrs: there is nothing before it");
                self.faults.push(Fault::at(other, message).with(prior, READ_HERE));
            }
        }
        let is = |place: Option<Span>| place.is_some();
        Operations { create: is(create), update: is(update), delete: is(delete), no_op: is(no_op) }
    }

    /// Refuses `operations` in a policy that is about no resource.
    pub(super) fn no_operations(&mut self, attribute: Option<&Attribute>) -> Operations {
        if let Some(attribute) = attribute {
            let span = self.span(attribute);
            self.fault(span, "only a resource_policy has operations: nothing else is created, updated or deleted");
        }
        Operations::DEFAULT
    }

    fn words(&mut self, expression: &Expression) -> Vec<(Arc<str>, Span)> {
        let Expression::Array(items) = expression else {
            let span = self.span(expression);
            self.fault(span, "operations is a list, as in [\"create\", \"update\"]");
            return Vec::new();
        };
        let mut words: Vec<(Arc<str>, Span)> = Vec::new();
        for item in items {
            let span = self.span(item);
            let word = match item {
                Expression::String(word) => word.value().as_str(),
                _ => {
                    self.fault(span, "an operation is a text: \"create\", \"update\", \"delete\" or \"no-op\"");
                    continue;
                }
            };
            if !WORDS.contains(&word) {
                let hint = did_you_mean("", word, WORDS.into_iter());
                let message =
                    format!("there is no operation \"{word}\"; there are create, update, delete and no-op{hint}");
                self.fault(span, message);
            }
            if let Some((_, first)) = words.iter().find(|(known, _)| **known == *word) {
                let fault = Fault::at(span, format!("the operation \"{word}\" is named twice"));
                self.faults.push(fault.with(*first, "first named here"));
                continue;
            }
            words.push((Arc::from(word), span));
        }
        words
    }
}
