//! From `hcl-edit`'s syntax to [`Expr`]: names and functions resolved, constants folded, spans kept.
//!
//! Start at [`Compiler::compile`]. The parser caps nesting at 64 and chains of operators at 128, which bounds the
//! recursion here and in the evaluator.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::expr::{BinaryOp, BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, TraversalOperator};
use hcl_edit::expr::{UnaryOp, UnaryOperator};
use hcl_edit::{Ident, Span as _};
use rustc_hash::FxHashSet;

use super::functions::{Function, Pattern, builtin, names, nearest, withdrawn};
use super::{Call, Expr, Fault, For, Kind, Operator, Reference, composed};
use crate::source::{FileId, Span, hcl};
use crate::value::{ListKind, Number, Value, shared};

mod branches;
mod closed;
mod nulls;
mod outlook;
mod template;
mod traversal;

/// What names mean to the embedding.
pub trait Names {
    /// Resolves a name followed by literal steps (`local.x` is `local` and `["x"]`); gives the reference and how many
    /// of the steps belong to it.
    ///
    /// # Errors
    ///
    /// A sentence for the reader: what is unknown, and what was meant perhaps.
    fn resolve(&mut self, head: &str, steps: &[Arc<str>]) -> Result<(Reference, usize), String>;

    /// Resolves a function.
    ///
    /// # Errors
    ///
    /// A sentence for the reader.
    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String>;
}

/// The names of an expression that stands alone: Terraform's functions without a namespace, and nothing else.
pub struct FunctionsOnly;

impl Names for FunctionsOnly {
    fn resolve(&mut self, head: &str, _steps: &[Arc<str>]) -> Result<(Reference, usize), String> {
        Err(format!("there is no \"{head}\" here; only functions can be used"))
    }

    fn function(&mut self, namespace: &[&str], name: &str) -> Result<Function, String> {
        let found = if matches!(namespace, [] | ["core"]) { builtin(name) } else { None };
        found.ok_or_else(|| match withdrawn(name) {
            Some(instead) => format!("Terraform has withdrawn the function {name}; write {instead}"),
            None => {
                let hint = nearest(name, names()).map_or_else(String::new, |near| format!("; did you mean {near}?"));
                format!("there is no function {name}{hint}")
            }
        })
    }
}

/// Compiles the expressions of one file.
pub struct Compiler<'a> {
    file: FileId,
    text: &'a str,
    /// Where the text begins in the file.
    start: usize,
    names: &'a mut dyn Names,
    /// The variables of enclosing loops.
    bound: Vec<Arc<str>>,
    mentioned: FxHashSet<Arc<str>>,
    faults: Vec<Fault>,
}

impl<'a> Compiler<'a> {
    /// A compiler for the expressions of `file`, whose text is `text`.
    #[must_use]
    pub fn new(file: FileId, text: &'a str, names: &'a mut dyn Names) -> Self {
        Self { file, text, start: 0, names, bound: Vec::new(), mentioned: FxHashSet::default(), faults: Vec::new() }
    }

    /// The same for a text that is a part of the file and begins at `start`.
    #[must_use]
    pub fn within(file: FileId, text: &'a str, start: usize, names: &'a mut dyn Names) -> Self {
        Self { start, ..Self::new(file, text, names) }
    }

    /// Compiles one expression. Faults are gathered (see [`Compiler::finish`]); a faulty part is not known.
    pub fn compile(&mut self, expression: &Expression) -> Expr {
        let span = self.span(expression.span());
        let kind = self.kind(expression, span);
        Expr { kind, span }
    }

    /// The faults of all that was compiled, and every attribute name and map key that is mentioned literally.
    #[must_use]
    pub fn finish(self) -> (Vec<Fault>, FxHashSet<Arc<str>>) {
        (self.faults, self.mentioned)
    }

    /// The faults so far.
    #[must_use]
    pub fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or_default();
        hcl::span_of(self.file, Some(range.start + self.start..range.end + self.start))
    }

    /// The text at a place that [`Self::span`] gave.
    fn source(&self, span: Span) -> Option<&str> {
        let start = (span.start as usize).checked_sub(self.start)?;
        self.text.get(start..(span.end as usize).checked_sub(self.start)?)
    }

    // Who goes on in spite of a fault must not take the part for null.
    fn fault(&mut self, span: Span, message: impl Into<String>) -> Kind {
        let message = message.into();
        let value = Value::unknown(message.clone());
        self.faults.push(Fault::at(span, message));
        Kind::Literal(value)
    }

    fn mention(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.mentioned.get(name) {
            return known.clone();
        }
        let name = shared::text(&composed::composed(name));
        self.mentioned.insert(name.clone());
        name
    }

    fn boxed(&mut self, expression: &Expression) -> Box<Expr> {
        Box::new(self.compile(expression))
    }

    fn kind(&mut self, expression: &Expression, span: Span) -> Kind {
        match expression {
            Expression::Null(_) => Kind::Literal(Value::Null),
            Expression::Bool(value) => Kind::Literal(Value::Bool(*value.value())),
            Expression::Number(_) => self.number(span),
            Expression::String(text) => Kind::Literal(composed::value(text.value())),
            Expression::Array(array) => fold_list(array.iter().map(|item| self.compile(item)).collect()),
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| (self.object_key(key), self.compile(value.expr())));
                Kind::Object(entries.collect())
            }
            Expression::StringTemplate(template) => self.quoted(template),
            Expression::HeredocTemplate(heredoc) => self.heredoc(heredoc, span),
            Expression::Parenthesis(inner) => self.compile(inner.inner()).kind,
            Expression::Variable(name) => self.variable(name.as_str(), &[], span).0,
            Expression::Conditional(conditional) => {
                let condition = self.compile(&conditional.cond_expr);
                let branches = (self.compile(&conditional.true_expr), self.compile(&conditional.false_expr));
                match branches::fitted(branches.0, branches.1, !self.bound.is_empty()) {
                    Ok((then, other)) => Kind::Conditional(Box::new((condition, then, other))),
                    Err(message) => Kind::Faulty(Arc::from(message)),
                }
            }
            Expression::FuncCall(call) => self.call(call, span),
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::UnaryOp(operation) => self.unary(operation),
            Expression::BinaryOp(operation) => self.binary(operation),
            Expression::ForExpr(expression) => self.for_expression(expression),
        }
    }

    // The text keeps digits that a float would lose.
    fn number(&mut self, span: Span) -> Kind {
        let text = self.source(span).unwrap_or_default();
        match Number::parse(text.trim()) {
            Some(number) => Kind::Literal(Value::Number(number)),
            None => self.fault(span, "this is no number"),
        }
    }

    fn object_key(&mut self, key: &ObjectKey) -> Expr {
        match key {
            ObjectKey::Ident(ident) => {
                let name = self.mention(ident.as_str());
                Expr { kind: Kind::Literal(Value::String(name)), span: self.span(ident.span()) }
            }
            // A word is a name, even one that means something elsewhere.
            ObjectKey::Expression(word @ Expression::Null(_)) => {
                let name = self.mention("null");
                Expr { kind: Kind::Literal(Value::String(name)), span: self.span(word.span()) }
            }
            ObjectKey::Expression(expression) => {
                if let Expression::String(text) = expression {
                    self.mention(text.value());
                }
                self.compile(expression)
            }
        }
    }

    fn variable(&mut self, head: &str, steps: &[Arc<str>], span: Span) -> (Kind, usize) {
        if let Some(position) = self.bound.iter().rposition(|variable| **variable == *head) {
            return (Kind::Bound(position), 0);
        }
        match self.names.resolve(head, steps) {
            Ok((reference, used)) => (Kind::Reference(reference), used),
            Err(message) => (self.fault(span, message), steps.len()),
        }
    }

    fn call(&mut self, call: &FuncCall, span: Span) -> Kind {
        let namespace: Vec<&str> = call.name.namespace.iter().map(|part| part.as_str()).collect();
        let name = call.name.name.as_str();
        let function = match self.names.function(&namespace, name) {
            Ok(function) => function,
            Err(message) => {
                let place = self.span(call.name.name.span());
                return self.fault(place, message);
            }
        };
        let arguments: Vec<Expr> = call.args.iter().map(|argument| self.compile(argument)).collect();
        self.mention_paths(function, &arguments);
        let expand = call.args.expand_final();
        if !expand && !function.accepts(arguments.len()) {
            return self.fault(span, function.arity_message(arguments.len()));
        }
        if name == "templatestring" && call.args.iter().next().is_some_and(|template| !is_reference(template)) {
            return Kind::Faulty(Arc::from("templatestring takes a template by its name, such as local.template"));
        }
        let arguments = match nulls::without_type(name, arguments) {
            Ok(arguments) => arguments,
            Err(kind) => return kind,
        };
        let takes_pattern = matches!(name, "regex" | "regexall" | "regex_match" | "replace");
        let pattern = takes_pattern.then(Pattern::default);
        Kind::Call(Box::new(Call { function, arguments, expand, pattern }))
    }

    // A path given to a host function as text names attributes, too.
    fn mention_paths(&mut self, function: Function, arguments: &[Expr]) {
        if !matches!(function, Function::Host(_)) {
            return;
        }
        for text in arguments.iter().filter_map(Expr::as_literal).filter_map(Value::as_str) {
            let head = text.split(['.', '[']).next().unwrap_or(text);
            self.mention(head);
        }
    }

    fn unary(&mut self, operation: &UnaryOp) -> Kind {
        let operand = self.boxed(&operation.expr);
        match (operation.operator.value(), operand.as_literal()) {
            (UnaryOperator::Neg, Some(Value::Number(number))) => Kind::Literal(Value::Number(number.negated())),
            (UnaryOperator::Neg, _) => Kind::Negate(operand),
            (UnaryOperator::Not, _) => Kind::Not(operand),
        }
    }

    fn binary(&mut self, operation: &BinaryOp) -> Kind {
        let operands = Box::new((self.compile(&operation.lhs_expr), self.compile(&operation.rhs_expr)));
        Kind::Binary(operator(*operation.operator.value()), operands)
    }

    fn for_expression(&mut self, expression: &ForExpr) -> Kind {
        let collection = self.compile(&expression.intro.collection_expr);
        let intro = &expression.intro;
        let outer = self.bind(intro.key_var.as_deref(), &intro.value_var);
        let result = For {
            collection,
            with_key: intro.key_var.is_some(),
            key: expression.key_expr.as_ref().map(|key| self.compile(key)),
            value: self.compile(&expression.value_expr),
            grouping: expression.grouping,
            condition: expression.cond.as_ref().map(|condition| self.compile(&condition.expr)),
        };
        self.bound.truncate(outer);
        Kind::For(Box::new(result))
    }

    // Binds the variables of a loop; gives how many there were before.
    fn bind(&mut self, key: Option<&Ident>, value: &Ident) -> usize {
        let outer = self.bound.len();
        self.bound.extend(key.into_iter().chain([value]).map(|name| Arc::from(name.as_str())));
        outer
    }
}

// A name, and steps behind it.
fn is_reference(expression: &Expression) -> bool {
    let is_step = |operator: &TraversalOperator| {
        !matches!(operator, TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_))
    };
    match expression {
        Expression::Variable(_) => true,
        Expression::Traversal(traversal) => {
            matches!(traversal.expr, Expression::Variable(_))
                && traversal.operators.iter().all(|operator| is_step(operator.value()))
        }
        _ => false,
    }
}

/// A list, as a constant if all its members are.
pub(crate) fn fold_list(items: Vec<Expr>) -> Kind {
    if items.iter().all(|item| item.as_literal().is_some()) {
        let values = items.into_iter().filter_map(|item| item.as_literal().cloned()).collect();
        return Kind::Literal(Value::list_of(ListKind::Tuple, values));
    }
    Kind::List(items)
}

fn operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::LessEq => Operator::LessOrEqual,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::GreaterEq => Operator::GreaterOrEqual,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
        BinaryOperator::Plus => Operator::Add,
        BinaryOperator::Minus => Operator::Subtract,
        BinaryOperator::Mul => Operator::Multiply,
        BinaryOperator::Div => Operator::Divide,
        BinaryOperator::Mod => Operator::Modulo,
    }
}
