//! Walks over the syntax of a module's files and notes what they declare and mention.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncName, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::visit::{self, Visit};
use smallvec::SmallVec;

use super::{Declaration, DeclarationKind, Usage};
use crate::source::{FileId, Span, hcl};
use crate::terraform::config::syntax::first_line;
use crate::value::shared;

/// Steps of a traversal that are kept: `module.NAME["key"].OUTPUT`.
const STEPS: usize = 3;

impl Usage {
    /// Takes a file of the module in.
    pub fn read(&mut self, file: FileId, text: &str, body: &Body) {
        for block in body.blocks() {
            self.declare(file, text, block);
            self.user = user(block);
            self.visit_block(block);
        }
    }

    /// Takes the values of a `.tfvars` file in.
    pub fn read_values(&mut self, file: FileId, text: &str, body: &Body) {
        for attribute in body.attributes() {
            let name = attribute.key.as_str();
            let place = line(file, text, attribute.span());
            self.add(Declaration::new(DeclarationKind::VariableValue, name, place));
        }
    }

    fn declare(&mut self, file: FileId, text: &str, block: &Block) {
        let header = hcl::header_span(file, block);
        let labels: Vec<&str> = block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
        match (block.ident.as_str(), labels.as_slice()) {
            ("variable", [name]) => self.add(Declaration::new(DeclarationKind::Variable, name, header)),
            ("output", [name]) => self.add(Declaration::new(DeclarationKind::Output, name, header)),
            ("locals", _) => {
                for attribute in block.body.attributes() {
                    let place = line(file, text, attribute.span());
                    self.add(Declaration::new(DeclarationKind::Local, attribute.key.as_str(), place));
                }
            }
            ("terraform", _) => {
                let entries = block.body.get_blocks("required_providers").flat_map(|block| block.body.attributes());
                for entry in entries {
                    let place = line(file, text, entry.span());
                    self.add(Declaration::new(DeclarationKind::Provider, entry.key.as_str(), place));
                }
            }
            ("provider", [name]) => self.mention(&format!("provider name {name}")),
            ("resource" | "ephemeral" | "data", [kind, name]) => self.object(file, text, block, kind, name),
            ("module", [name]) => self.repeated(file, text, block, &format!("module.{name}")),
            ("moved", _) => self.refactoring(file, text, block, DeclarationKind::Moved, "to"),
            ("import", _) => self.refactoring(file, text, block, DeclarationKind::Import, "to"),
            ("removed", _) => self.refactoring(file, text, block, DeclarationKind::Removed, "from"),
            _ => {}
        }
    }

    fn object(&mut self, file: FileId, text: &str, block: &Block, kind: &str, name: &str) {
        let provider = kind.split_once('_').map_or(kind, |(provider, _)| provider);
        self.mention(&format!("provider type {provider}"));
        if block.ident.as_str() != "data" {
            self.repeated(file, text, block, &format!("{kind}.{name}"));
            return;
        }
        let lifecycle = block.body.get_blocks("lifecycle").next();
        let conditions = |kind: &str| lifecycle.is_some_and(|block| block.body.get_blocks(kind).next().is_some());
        let declaration =
            Declaration::new(DeclarationKind::Data, &format!("{kind}.{name}"), hcl::header_span(file, block));
        let has_conditions = conditions("postcondition") || conditions("precondition");
        self.add(Declaration { has_conditions, ..declaration });
        self.repeated(file, text, block, &format!("data.{kind}.{name}"));
    }

    fn repeated(&mut self, file: FileId, text: &str, block: &Block, address: &str) {
        let empty = block.body.attributes().find(|attribute| match attribute.key.as_str() {
            "count" => is_zero(&attribute.value),
            "for_each" => is_empty(&attribute.value),
            _ => false,
        });
        if let Some(attribute) = empty {
            self.add(Declaration::new(DeclarationKind::Nothing, address, line(file, text, attribute.span())));
        }
        let Some(count) = block.body.get_attribute("count") else { return };
        let Some(list) = measured(&count.value).and_then(|range| text.get(range)).map(str::trim) else { return };
        let body = block.span().and_then(|range| text.get(range)).unwrap_or_default();
        let takes = [format!("{list}[count.index]"), format!("({list}, count.index)")];
        if takes.iter().any(|written| body.contains(written.as_str())) {
            self.add(Declaration::new(DeclarationKind::Counted, address, line(file, text, count.span())));
        }
    }

    fn refactoring(&mut self, file: FileId, text: &str, block: &Block, kind: DeclarationKind, subject: &str) {
        let written = |name: &str| {
            let range = block.body.get_attribute(name)?.value.span()?;
            let address: String = text.get(range)?.chars().filter(|c| !c.is_whitespace()).collect();
            (!address.is_empty()).then_some(address)
        };
        let Some(name) = written(subject) else { return };
        let from = if kind == DeclarationKind::Moved { written("from") } else { None };
        let declaration = Declaration::new(kind, &name, hcl::header_span(file, block));
        // Two objects may have moved into one, one after the other.
        self.declarations.push(Declaration { from: from.map(Arc::from), ..declaration });
    }
}

impl Visit for Usage {
    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(head) = &node.expr {
            let steps = node.operators.iter().map_while(|operator| step(operator.value())).take(STEPS);
            let steps: SmallVec<[&str; STEPS]> = steps.collect();
            self.names(head.as_str(), &steps);
            node.operators.iter().for_each(|operator| self.visit_traversal_operator(operator.value()));
            return;
        }
        visit::visit_traversal(self, node);
    }

    fn visit_expr(&mut self, node: &Expression) {
        if let Expression::Variable(name) = node {
            self.names(name.as_str(), &[]);
        }
        visit::visit_expr(self, node);
    }

    fn visit_func_name(&mut self, node: &FuncName) {
        if let [first, name, ..] = node.namespace.as_slice()
            && first.as_str() == "provider"
        {
            self.mention(&format!("provider name {}", name.as_str()));
        }
    }
}

impl Usage {
    fn names(&mut self, head: &str, steps: &[&str]) {
        match (head, steps) {
            ("data", [kind, name, ..]) => self.mention(&["data", kind, name].join(".")),
            ("var" | "local", [name, ..]) => self.mention(&[head, name].join(".")),
            _ => self.mention(head),
        }
        match (head, steps) {
            ("module", _) => self.outputs_read.push(steps.iter().copied().map(Box::from).collect()),
            ("var" | "local" | "data", _) | (_, []) => {}
            (_, [name, ..]) => {
                let resource = [head, name].join(".").into_boxed_str();
                self.users.entry(resource).or_default().insert(self.user.clone());
            }
        }
    }
}

fn user(block: &Block) -> Arc<str> {
    match (block.ident.as_str(), block.labels.first()) {
        ("resource" | "ephemeral", Some(kind)) => shared::text(kind.as_str()),
        ("data", Some(kind)) => shared::text(&format!("data.{}", kind.as_str())),
        (kind, _) => shared::text(kind),
    }
}

fn step(operator: &TraversalOperator) -> Option<&str> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        TraversalOperator::Index(Expression::String(key)) => Some(key.value().as_str()),
        _ => None,
    }
}

fn is_zero(value: &Expression) -> bool {
    matches!(value, Expression::Number(number) if number.value().as_u64() == Some(0))
}

// The place of `x` in `length(x)`.
fn measured(value: &Expression) -> Option<Range<usize>> {
    let Expression::FuncCall(call) = value else { return None };
    let is_length = call.name.namespace.is_empty() && call.name.name.as_str() == "length";
    call.args.iter().next().filter(|_| is_length)?.span()
}

fn is_empty(value: &Expression) -> bool {
    match value {
        Expression::Array(items) => items.is_empty(),
        Expression::Object(entries) => entries.is_empty(),
        Expression::FuncCall(call) => {
            let name = call.name.name.as_str();
            let is_set = call.name.namespace.is_empty() && matches!(name, "toset" | "tomap");
            is_set && call.args.iter().all(is_empty) && call.args.iter().next().is_some()
        }
        _ => false,
    }
}

fn line(file: FileId, text: &str, range: Option<Range<usize>>) -> Span {
    first_line(text, hcl::span_of(file, range))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn usage(text: &str) -> Usage {
        let mut sources = SourceMap::default();
        let file = sources.add("main.tf", text);
        let mut usage = Usage::default();
        usage.read(file, text, &hcl::parse(text).unwrap());
        usage
    }

    fn declared(text: &str) -> Vec<(&'static str, String)> {
        let declarations = usage(text).declarations;
        declarations.iter().map(|one| (one.kind.as_str(), one.name.to_string())).collect()
    }

    #[test]
    fn names_are_seen_wherever_an_expression_can_stand() {
        let text = r#"
            resource "t_x" "a" {
              plain    = var.plain
              text     = "a${var.in_text}b"
              file     = templatefile("a.tpl", { x = var.in_a_call })
              lists    = [for x in var.in_a_loop : x if x != var.in_its_condition]
              key      = local.map[var.as_a_key].name
              heredoc  = <<-END
                %{ if var.in_a_directive }x%{ endif }
              END
              (var.as_an_object) = 1
              object   = { (var.in_an_object_key) = 1 }
              splat    = data.t_y.b[*].id
              dynamic "block" {
                for_each = var.in_a_dynamic_block
                content {}
              }
            }"#;
        let text = text.replace("              (var.as_an_object) = 1\n", "");
        let usage = usage(&text);
        for name in [
            "var.plain",
            "var.in_text",
            "var.in_a_call",
            "var.in_a_loop",
            "var.in_its_condition",
            "var.as_a_key",
            "var.in_a_directive",
            "var.in_an_object_key",
            "var.in_a_dynamic_block",
            "local.map",
            "data.t_y.b",
        ] {
            assert_eq!(usage.mentions(name), 1, "{name}");
        }
        assert_eq!(usage.mentions("var.nothing"), 0);
    }

    #[test]
    fn a_group_as_a_whole_uses_each_of_its_names() {
        assert_eq!(usage("locals {\n  a = local[var.x]\n}").mentions("local.a"), 1);
    }

    #[test]
    fn a_provider_is_used_by_types_blocks_arguments_and_functions() {
        let table = [
            ("resource \"aws_x\" \"a\" {}", true),
            ("data \"aws_x\" \"a\" {}", true),
            ("provider \"aws\" {}", true),
            ("resource \"b_x\" \"a\" {\n  provider = aws.west\n}", true),
            ("module \"m\" {\n  providers = { other = aws }\n}", true),
            ("locals {\n  a = provider::aws::arn_parse(\"x\")\n}", true),
            ("resource \"awsx_y\" \"a\" {}", false),
            ("variable \"aws\" {}", false),
        ];
        for (text, expected) in table {
            assert_eq!(usage(text).uses_provider("aws"), expected, "{text}");
        }
    }

    #[test]
    fn an_output_is_read_by_name_or_with_all_others() {
        let known = |name: &str| ["id", "arn"].contains(&name);
        let table = [
            ("module.m.id", true),
            ("module.m[\"a\"].id", true),
            ("module.m[\"a\"].arn", false),
            ("module.m.arn", false),
            ("module.m", true),
            ("module.m[0].arn", true),
            ("module.m[*].arn", true),
            ("module.n.id", false),
        ];
        for (expression, expected) in table {
            let usage = usage(&format!("locals {{\n  a = {expression}\n}}"));
            assert_eq!(usage.reads_output("m", "id", &known) > 0, expected, "{expression}");
        }
    }

    #[test]
    fn blocks_that_create_nothing_are_those_with_a_written_zero() {
        let block = |argument: &str| format!("resource \"t_x\" \"a\" {{\n  {argument}\n}}");
        for argument in ["count = 0", "for_each = {}", "for_each = []", "for_each = toset([])"] {
            assert_eq!(declared(&block(argument)), [("nothing", "t_x.a".to_owned())], "{argument}");
        }
        for argument in ["count = 1", "count = var.n", "for_each = { a = 1 }", "for_each = toset([\"a\"])"] {
            assert_eq!(declared(&block(argument)), [], "{argument}");
        }
    }

    #[test]
    fn an_object_for_each_member_of_a_list_is_counted() {
        let block =
            |count: &str, name: &str| format!("resource \"t_x\" \"a\" {{\n  count = {count}\n  name = {name}\n}}");
        for (count, name, expected) in [
            ("length(var.names)", "var.names[count.index]", 1),
            ("length(var.names)", "element(var.names, count.index)", 1),
            ("length(var.names)", "\"server-${count.index}\"", 0),
            ("length(var.names)", "t_y.b[count.index].id", 0),
            ("var.number", "var.names[count.index]", 0),
        ] {
            assert_eq!(declared(&block(count, name)).len(), expected, "{count} {name}");
        }
    }

    #[test]
    fn a_resource_knows_what_mentions_it() {
        let text = r#"
            output "a" { value = t_x.a[*].id }
            resource "t_y" "b" { x = "${t_x.a["k"].arn}/*" }
            data "t_z" "c" { x = t_x.a.arn }
            moved {
              from = t_x.b
              to   = t_x.c
            }"#;
        let users: Vec<String> = usage(text).users("t_x", "a").map(ToString::to_string).collect();
        assert_eq!(users, ["data.t_z", "output", "t_y"]);
    }

    #[test]
    fn refactoring_blocks_name_what_they_are_about() {
        let text =
            "moved {\n  from = t_x.a\n  to   = t_x.b[\"k\"]\n}\nimport {\n  to = module.m.t_x.c\n  id = \"i\"\n}\n";
        assert_eq!(declared(text), [("moved", "t_x.b[\"k\"]".to_owned()), ("import", "module.m.t_x.c".to_owned())]);
    }
}
