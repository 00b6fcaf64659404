//! Traversals: names behind points, indexes in brackets, splats.

use std::iter::Peekable;
use std::sync::Arc;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::{Decorated, Span as _};

use super::Compiler;
use crate::expr::{Access, Attribute, Expr, Kind};
use crate::source::Span;
use crate::value::{Value, shared};

type Operators<'o> = Peekable<std::slice::Iter<'o, Decorated<TraversalOperator>>>;

type Steps = Vec<(Access, Span)>;

impl Compiler<'_> {
    pub(super) fn traversal(&mut self, traversal: &Traversal) -> Kind {
        let operators = &traversal.operators;
        let start = traversal.span().unwrap_or_default().start;
        let (mut kind, used) = match &traversal.expr {
            Expression::Variable(name) => {
                let steps: Vec<Arc<str>> =
                    operators.iter().map_while(|operator| literal_step(operator.value())).collect();
                let span = self.span(traversal.span());
                self.variable(name.as_str(), &steps, span)
            }
            other => (self.compile(other).kind, 0),
        };
        let mut end = traversal.expr.span().unwrap_or_default().end;
        for operator in operators.iter().take(used) {
            end = operator.span().unwrap_or(end..end).end;
        }
        let mut rest = operators.get(used..).unwrap_or_default().iter().peekable();
        while let Some(operator) = rest.next() {
            let base = Box::new(Expr { kind, span: self.span(Some(start..end)) });
            end = operator.span().unwrap_or(end..end).end;
            kind = match operator.value() {
                TraversalOperator::AttrSplat(_) => Kind::Splat(base, self.named_steps(&mut rest)),
                // All that follows belongs to each member, further splats with it.
                TraversalOperator::FullSplat(_) => Kind::Splat(base, self.each(&mut rest)),
                step => match self.step(step) {
                    Some((access, _)) => Kind::Access(base, access),
                    None => base.kind,
                },
            };
        }
        kind
    }

    fn each(&mut self, rest: &mut Operators<'_>) -> Steps {
        let mut steps = Vec::new();
        while let Some(next) = rest.next() {
            let span = self.span(next.span());
            match next.value() {
                TraversalOperator::AttrSplat(_) => steps.push((Access::Each(self.named_steps(rest)), span)),
                TraversalOperator::FullSplat(_) => steps.push((Access::Each(self.each(rest)), span)),
                step => steps.extend(self.step(step)),
            }
        }
        steps
    }

    // `.*` takes names and numbers behind points; an index in brackets is one into the list that it makes.
    fn named_steps(&mut self, rest: &mut Operators<'_>) -> Steps {
        let is_named = |step: &TraversalOperator| {
            matches!(step, TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_))
        };
        let mut steps = Vec::new();
        while let Some(next) = rest.next_if(|next| is_named(next.value())) {
            steps.extend(self.step(next.value()));
        }
        steps
    }

    fn step(&mut self, operator: &TraversalOperator) -> Option<(Access, Span)> {
        let span = self.span(operator.span());
        let access = match operator {
            TraversalOperator::GetAttr(name) => Access::Name(Attribute::new(self.mention(name.as_str()))),
            TraversalOperator::Index(Expression::String(key)) => {
                Access::Name(Attribute::new(self.mention(key.value())))
            }
            TraversalOperator::Index(index) => Access::Index(self.boxed(index)),
            TraversalOperator::LegacyIndex(index) => {
                let index = Value::int(usize::try_from(*index.value()).unwrap_or(usize::MAX));
                Access::Index(Box::new(Expr { kind: Kind::Literal(index), span }))
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => return None,
        };
        Some((access, span))
    }
}

fn literal_step(operator: &TraversalOperator) -> Option<Arc<str>> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(shared::text(name.as_str())),
        TraversalOperator::Index(Expression::String(key)) => Some(Arc::from(key.value().as_str())),
        _ => None,
    }
}
