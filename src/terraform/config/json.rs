//! The JSON syntax of a configuration (`.tf.json`): gives the same blocks and attributes as the native syntax.
//!
//! Labels are keys of nested objects, a block is an object or each member of a list of objects, texts are templates, and
//! `//` is a comment (Terraform's documentation, "JSON Configuration Syntax"). In the body of a resource JSON alone does
//! not say whether an object is a block or a map, and there is no schema here: see [`is_block`]. Start at [`blocks`].

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::functions::unevaluated;
use super::syntax::{References, compiled, first_line};
use super::variables::type_of;
use super::{Attribute, Block, Maps, Traversal};
use crate::expr::compile::{Compiler, fold_list};
use crate::expr::types::Type;
use crate::expr::{Expr, Kind};
use crate::source::hcl::{self, Outline, SyntaxError};
use crate::source::{FileId, Span};
use crate::value::{Number, Value};
use tree::{Json, Member, Node};

mod tree;

/// The types of variables, by name.
type Types = Vec<(Arc<str>, Type)>;

/// The top-level blocks of a file, and the types of the variables among them. References are added to the module's.
///
/// # Errors
///
/// The first thing that is no JSON, or a template or expression in it that cannot be parsed.
pub(super) fn blocks(
    file: FileId,
    text: &str,
    maps: &Maps,
    references: &mut Vec<Traversal>,
) -> Result<(Vec<Block>, Types), SyntaxError> {
    let root = tree::read(text)?;
    let mut reader = Reader { file, text, references };
    let mut blocks = Vec::new();
    for member in members_of(&root) {
        let header = Header::new(member, labels_of(&member.name));
        reader.expand(&header, &member.value, Body::of_top_level(&member.name, maps), &mut blocks)?;
    }
    Ok((blocks, types(file, &root)))
}

fn types(file: FileId, root: &Node<'_>) -> Types {
    let variables = members_of(root).into_iter().filter(|member| member.name == "variable");
    let declared = |variable: &Member<'_>| {
        let member = members_of(&variable.value).into_iter().find(|member| member.name == "type")?;
        let Json::Text(text) = &member.value.json else { return None };
        let written = hcl::parse_expression(text).ok()?;
        Some((Arc::from(&*variable.name), type_of(file, text, &written)?))
    };
    variables.flat_map(|member| members_of(&member.value)).filter_map(declared).collect()
}

/// What the file means for other directories; nothing if it is no JSON.
#[must_use]
pub(super) fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let Ok(root) = tree::read(text) else { return outline };
    for member in members_of(&root) {
        let inner = members_of(&member.value);
        match &*member.name {
            "terraform" => outline.is_root |= inner.iter().any(|member| matches!(&*member.name, "backend" | "cloud")),
            "module" => outline.sources.extend(inner.into_iter().filter_map(source)),
            _ => {}
        }
    }
    outline
}

fn source(call: &Member<'_>) -> Option<String> {
    let member = members_of(&call.value).into_iter().find(|member| member.name == "source")?;
    match &member.value.json {
        Json::Text(source) => Some(source.clone().into_owned()),
        _ => None,
    }
}

// Of an object or a list of objects; comments are none.
fn members_of<'n, 't>(node: &'n Node<'t>) -> Vec<&'n Member<'t>> {
    match &node.json {
        Json::Object(members) => members.iter().filter(|member| member.name != "//").collect(),
        Json::List(items) => items.iter().flat_map(members_of).collect(),
        Json::Scalar(_) | Json::Text(_) => Vec::new(),
    }
}

fn labels_of(kind: &str) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" => 2,
        "module" | "variable" | "output" | "provider" | "check" => 1,
        _ => 0,
    }
}

/// What stands before a body.
#[derive(Clone)]
struct Header {
    kind: Arc<str>,
    labels: Vec<Arc<str>>,
    /// Labels that are still to come.
    missing: usize,
    place: Range<usize>,
}

impl Header {
    fn new(member: &Member<'_>, missing: usize) -> Self {
        Self { kind: Arc::from(&*member.name), labels: Vec::new(), missing, place: member.range.clone() }
    }

    fn labelled(&self, member: &Member<'_>) -> Self {
        let labels = self.labels.iter().cloned().chain([Arc::from(&*member.name)]).collect();
        Self { kind: self.kind.clone(), labels, missing: self.missing - 1, place: member.range.clone() }
    }

    fn at(&self, node: &Node<'_>) -> Self {
        Self { place: node.range.start..node.range.start + 1, ..self.clone() }
    }
}

/// What may stand in a body.
#[derive(Clone, Copy)]
struct Body<'k> {
    /// The block's kind; empty for blocks of a provider.
    kind: &'k str,
    /// The provider has a say in it.
    is_open: bool,
    maps: &'k Maps,
}

/// How the texts of an argument are read.
#[derive(Clone, Copy)]
enum Texts {
    /// As they are.
    Literal,
    Template,
    /// What would stand there in the native syntax: a reference, a type.
    Expression,
}

impl<'k> Body<'k> {
    fn of_top_level(kind: &'k str, maps: &'k Maps) -> Self {
        Self { kind, is_open: matches!(kind, "resource" | "data" | "ephemeral" | "provider"), maps }
    }

    /// The number of labels and the body, if the member is a block.
    fn nested(self, name: &'k str, value: &Node<'_>) -> Option<(usize, Self)> {
        let closed = |labels| Some((labels, Self { kind: name, is_open: false, ..self }));
        match (self.kind, name) {
            ("dynamic", "content") => Some((0, Self { kind: "", is_open: true, ..self })),
            ("dynamic", _) | ("resource" | "data" | "ephemeral", "for_each" | "count" | "provider" | "depends_on") => {
                None
            }
            ("resource" | "data" | "ephemeral" | "removed", "lifecycle" | "connection")
            | ("provisioner", "connection")
            | ("lifecycle" | "output", "precondition" | "postcondition")
            | ("variable", "validation")
            | ("check", "assert")
            | ("terraform", "cloud" | "required_providers")
            | ("cloud", "workspaces") => closed(0),
            ("terraform", "backend" | "provider_meta") | ("resource" | "removed", "provisioner") => closed(1),
            ("check", "data") => Some((2, Self::of_top_level(name, self.maps))),
            (_, "dynamic") if self.is_open => Some((1, Self { kind: name, is_open: true, ..self })),
            _ if self.is_open && !self.maps.contain(name) && is_block(value) => {
                Some((0, Self { kind: "", is_open: true, ..self }))
            }
            _ => None,
        }
    }

    fn texts(self, name: &str) -> Texts {
        match (self.kind, name) {
            ("variable", "type")
            | ("resource" | "data" | "ephemeral" | "module" | "output" | "check", "depends_on")
            | ("lifecycle", "ignore_changes" | "replace_triggered_by")
            | ("resource" | "data" | "ephemeral" | "import", "provider")
            | ("module", "providers")
            | ("moved" | "removed" | "import", "from" | "to")
            | ("dynamic", "iterator") => Texts::Expression,
            ("variable" | "terraform" | "backend" | "cloud" | "workspaces" | "required_providers", _)
            | ("module", "source" | "version")
            | ("provider", "alias" | "version") => Texts::Literal,
            _ => Texts::Template,
        }
    }
}

// An object is a block, and a list of objects are blocks, if every key can be the name of an argument. Of a map with such
// keys the plan shows an object and we a list; a schema would tell.
fn is_block(value: &Node<'_>) -> bool {
    let is_argument = |name: &str| {
        name == "//" || name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let is_body = |node: &Node<'_>| match &node.json {
        Json::Object(members) => members.iter().all(|member| is_argument(&member.name)),
        _ => false,
    };
    match &value.json {
        Json::List(items) => !items.is_empty() && items.iter().all(is_body),
        _ => is_body(value),
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    references: &'a mut Vec<Traversal>,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        hcl::span_of(self.file, Some(range))
    }

    // The blocks of a header: one for each way through its labels and lists.
    fn expand(
        &mut self,
        header: &Header,
        node: &Node<'_>,
        body: Body<'_>,
        blocks: &mut Vec<Block>,
    ) -> Result<(), SyntaxError> {
        match &node.json {
            Json::List(items) => {
                for item in items {
                    let header = if header.missing == 0 { &header.at(item) } else { header };
                    self.expand(header, item, body, blocks)?;
                }
            }
            Json::Object(members) if header.missing > 0 => {
                for member in members.iter().filter(|member| member.name != "//") {
                    self.expand(&header.labelled(member), &member.value, body, blocks)?;
                }
            }
            Json::Object(_) => {
                let block = self.block(header, node, body)?;
                blocks.push(block);
            }
            Json::Scalar("null") => {}
            Json::Scalar(_) | Json::Text(_) => {
                let message = format!("\"{}\" wants an object here, or a list of objects", header.kind);
                return Err(SyntaxError { message, offset: node.range.start, redefined: None });
            }
        }
        Ok(())
    }

    fn block(&mut self, header: &Header, node: &Node<'_>, body: Body<'_>) -> Result<Block, SyntaxError> {
        let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
        for member in members_of(node) {
            if let Some((labels, inner)) = body.nested(&member.name, &member.value) {
                self.expand(&Header::new(member, labels), &member.value, inner, &mut blocks)?;
                continue;
            }
            attributes.push(Attribute {
                name: Arc::from(&*member.name),
                span: first_line(self.text, self.span(member.range.start..member.value.range.end)),
                value: self.expression(&member.value, body.texts(&member.name))?,
            });
        }
        Ok(Block {
            kind: header.kind.clone(),
            labels: header.labels.clone(),
            header: self.span(header.place.clone()),
            attributes,
            blocks,
            by_name: OnceLock::new(),
        })
    }

    fn expression(&mut self, node: &Node<'_>, texts: Texts) -> Result<Expr, SyntaxError> {
        let kind = match &node.json {
            Json::Text(text) => return self.text(text, &node.range, texts),
            Json::Scalar("null") => Kind::Literal(Value::Null),
            Json::Scalar("true") => Kind::Literal(Value::Bool(true)),
            Json::Scalar("false") => Kind::Literal(Value::Bool(false)),
            Json::Scalar(text) => {
                let number = Number::parse(text).map_or_else(|| Value::unknown("this is no number"), Value::Number);
                Kind::Literal(number)
            }
            Json::List(items) => {
                let items = items.iter().map(|item| self.expression(item, texts));
                fold_list(items.collect::<Result<_, _>>()?)
            }
            Json::Object(members) => {
                let entries = members.iter().map(|member| {
                    let key = if matches!(texts, Texts::Expression) { Texts::Literal } else { texts };
                    Ok((self.text(&member.name, &member.range, key)?, self.expression(&member.value, texts)?))
                });
                Kind::Object(entries.collect::<Result<_, _>>()?)
            }
        };
        Ok(Expr { kind, span: self.span(node.range.clone()) })
    }

    // Places inside of a text that has escapes are a few bytes off; they stay on its line.
    fn text(&mut self, text: &str, range: &Range<usize>, texts: Texts) -> Result<Expr, SyntaxError> {
        let start = range.start + 1;
        let moved = |error: SyntaxError| SyntaxError { offset: (error.offset + start).min(range.end), ..error };
        let is_plain = !text.contains("${") && !text.contains("%{");
        let mut names = References { table: self.references };
        let mut compiler = Compiler::within(self.file, text, start, &mut names);
        match texts {
            Texts::Template if !is_plain => {
                let expr = compiler.compile_template(&hcl::parse_template(text).map_err(moved)?);
                Ok(if compiler.take_faults().is_empty() { expr } else { unevaluated(expr.span) })
            }
            Texts::Expression => Ok(compiled(&mut compiler, &hcl::parse_expression(text).map_err(moved)?)),
            Texts::Template | Texts::Literal => {
                Ok(Expr { kind: Kind::Literal(Value::string(text)), span: self.span(range.clone()) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn read(text: &str) -> Vec<Block> {
        let maps = Maps::read("argument\ntags\n");
        blocks(SourceMap::default().add("a.tf.json", text), text, &maps, &mut Vec::new()).unwrap().0
    }

    // Kinds, labels and names of arguments.
    fn shown(block: &Block) -> String {
        let labels: Vec<&str> = block.labels.iter().map(|label| &**label).collect();
        let attributes = block.attributes.iter().map(|attribute| attribute.name.to_string());
        let inner: Vec<String> = attributes.chain(block.blocks.iter().map(shown)).collect();
        format!("{}[{}]{{{}}}", block.kind, labels.join(","), inner.join(" "))
    }

    #[test]
    fn labels_are_keys_and_blocks_are_objects_or_lists_of_them() {
        let table = [
            (r#"{"resource":{"a":{"b":{"//":"c","x":1}}}}"#, "resource[a,b]{x}"),
            (r#"{"resource":[{"a":{"b":[{"x":1}]}},{"a":{"c":{}}}]}"#, "resource[a,b]{x} resource[a,c]{}"),
            (r#"[{"locals":{"a":1}},{"locals":[{"b":1},{"c":1}]}]"#, "locals[]{a} locals[]{b} locals[]{c}"),
            (r#"{"provider":{"p":[{"alias":"x"},{}]},"//":1}"#, "provider[p]{alias} provider[p]{}"),
            (
                r#"{"resource":{"a":{"b":{"tags":{"k":1},"net":{"x":1},"on":[{"y":1},{"y":2}],"m":{"K":1},"e":[]}}}}"#,
                "resource[a,b]{tags m e net[]{x} on[]{y} on[]{y}}",
            ),
            (
                r#"{"resource":{"a":{"b":{"for_each":{"k":{}},"lifecycle":{"ignore_changes":"all"},
                   "dynamic":{"net":{"for_each":[{"q":1}],"content":{"dynamic":{"z":{"content":{}}}}}}}}}}"#,
                "resource[a,b]{for_each lifecycle[]{ignore_changes} dynamic[net]{for_each content[]{dynamic[z]{content[]{}}}}}",
            ),
            (
                r#"{"module":{"m":{"source":"./m","net":{"x":1}}},"variable":{"v":{"default":{"a":1}}}}"#,
                "module[m]{source net} variable[v]{default}",
            ),
            (
                r#"{"terraform":{"backend":{"s3":{"bucket":"b"}},"required_providers":{"aws":{"source":"x"}}}}"#,
                "terraform[]{backend[s3]{bucket} required_providers[]{aws}}",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(read(text).iter().map(shown).collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_templates_references_or_themselves() {
        let text =
            r#"{"module":{"m":{"source":"${x}","a":"${var.b}","c":"x","d":["${1}","é\n"],"depends_on":["a.b"]}}}"#;
        let mut references = Vec::new();
        let file = SourceMap::default().add("a.tf.json", text);
        let (blocks, _) = blocks(file, text, &Maps::default(), &mut references).unwrap();
        let block = &blocks[0];
        let literal = |name: &str| block.attribute(name).unwrap().value.as_literal().and_then(Value::as_str);
        assert_eq!((literal("source"), literal("c")), (Some("${x}"), Some("x")));
        let heads: Vec<&str> = references.iter().map(|reference| &*reference.head).collect();
        assert_eq!(heads, ["var", "a"]);
        let reference = &block.attribute("a").unwrap().value;
        assert!(matches!(reference.kind, Kind::Reference(_)));
        assert_eq!(text.get(reference.span.start as usize..reference.span.end as usize), Some("${var.b}"));
        let list = block.attribute("d").unwrap().value.as_literal().unwrap().as_list().unwrap();
        assert!(matches!(list[0], Value::Number(_)));
        assert_eq!(list[1].as_str(), Some("é\n"));
    }

    #[test]
    fn what_terraform_refuses_has_its_place() {
        for (text, part) in [
            (r#"{"resource": 1}"#, "1"),
            (r#"{"locals": {"a": "${"}}"#, "${"),
            (r#"{"moved": {"from": "a b"}}"#, "b\""),
            (r#"{"locals": {"a" 1}}"#, "1}"),
        ] {
            let file = SourceMap::default().add("a.tf.json", text);
            let error = blocks(file, text, &Maps::default(), &mut Vec::new()).unwrap_err();
            assert!(error.offset.abs_diff(text.find(part).unwrap()) <= 2, "{text}: {error:?}");
        }
    }

    #[test]
    fn an_outline_has_calls_and_backends() {
        let text = r#"{"module":[{"a":{"source":"./a"}},{"b":[{"source":"../b"}],"//":"c"}],"terraform":{"cloud":{}}}"#;
        assert_eq!(outline(text), Outline { sources: vec!["./a".to_owned(), "../b".to_owned()], is_root: true });
        assert_eq!(outline("{"), Outline::default());
    }
}
