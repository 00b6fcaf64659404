//! Templates: texts with `${ … }` and `%{ … }` in them, in quotes, as heredocs, or alone.
//!
//! Terraform takes a template as a row of pieces: a heredoc's text ends a piece at each line break. A `~` takes blanks
//! from the neighbouring piece alone, and `<<-` takes from the pieces that begin a line as many blanks as all of them
//! have. [`Pieces`] does both over the whole template, directives with all that is in them; then the parts are compiled.

use std::borrow::Cow;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::template::{
    Directive, Element, ForDirective, HeredocTemplate, IfDirective, StringTemplate, Strip, Template,
};

use super::super::functions::builtin;
use super::super::{Call, Expr, For, Kind, composed};
use super::Compiler;
use crate::source::{Span, hcl};
use crate::value::Value;

/// How the text between the markers is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// In quotes, on one line.
    Quoted,
    /// As it stands.
    Plain,
    /// `<<-`: indented like what is around it.
    Indented,
}

/// What a literal of a template becomes, in the order of the template.
type Texts = std::vec::IntoIter<String>;

impl Compiler<'_> {
    /// Compiles a template that is no part of an expression.
    pub fn compile_template(&mut self, template: &Template) -> Expr {
        let elements: Vec<&Element> = template.iter().collect();
        // The parser gives no place to a template that is a whole text.
        let range = template.span().unwrap_or(0..self.text.len());
        Expr { kind: self.whole(&elements, Layout::Plain), span: self.span(Some(range)) }
    }

    pub(super) fn quoted(&mut self, template: &StringTemplate) -> Kind {
        let elements: Vec<&Element> = template.iter().collect();
        self.whole(&elements, Layout::Quoted)
    }

    pub(super) fn heredoc(&mut self, heredoc: &HeredocTemplate, span: Span) -> Kind {
        let elements: Vec<&Element> = heredoc.template.iter().collect();
        let is_indented = self.source(span).is_some_and(|text| text.starts_with("<<-"));
        self.whole(&elements, if is_indented { Layout::Indented } else { Layout::Plain })
    }

    fn whole(&mut self, elements: &[&Element], layout: Layout) -> Kind {
        let mut parts = if layout == Layout::Quoted && elements.iter().all(|element| keeps_blanks(element)) {
            elements.iter().map(|element| self.as_written(element)).collect()
        } else {
            let mut pieces = Pieces { layout, row: Vec::new(), literals: 0, strips: false };
            pieces.read(elements, self);
            let mut texts = pieces.into_texts().into_iter();
            self.parts(elements, &mut texts)
        };
        let is_alone = matches!(elements, [Element::Literal(_) | Element::Interpolation(_)]);
        match parts.pop() {
            None => Kind::Literal(Value::string("")),
            // `"${x}"` is `x` itself; a directive always makes a text.
            Some(only) if is_alone => only.kind,
            Some(last) => {
                parts.push(last);
                Kind::Template(parts)
            }
        }
    }

    // A part of a text in which nothing takes blanks from another: nearly all in quotes are like that.
    fn as_written(&mut self, element: &Element) -> Expr {
        let Element::Literal(literal) = element else { return self.part(element, &mut Texts::default()) };
        let span = self.span(literal.span());
        let written = self.source(span).unwrap_or(literal.value());
        let text = unquoted(written).unwrap_or(Cow::Borrowed(literal.value()));
        Expr { kind: Kind::Literal(composed::value(&text)), span }
    }

    fn parts(&mut self, elements: &[&Element], texts: &mut Texts) -> Vec<Expr> {
        elements.iter().map(|element| self.part(element, texts)).collect()
    }

    fn part(&mut self, element: &Element, texts: &mut Texts) -> Expr {
        match element {
            Element::Literal(literal) => {
                let text = texts.next().unwrap_or_default();
                Expr { kind: Kind::Literal(composed::value(&text)), span: self.span(literal.span()) }
            }
            Element::Interpolation(interpolation) => self.compile(&interpolation.expr),
            Element::Directive(directive) => {
                let span = self.span(directive.span());
                let kind = match &**directive {
                    Directive::If(directive) => self.if_directive(directive, span, texts),
                    Directive::For(directive) => self.for_directive(directive, span, texts),
                };
                Expr { kind, span }
            }
        }
    }

    fn nested(&mut self, template: &Template, texts: &mut Texts) -> Expr {
        let elements: Vec<&Element> = template.iter().collect();
        Expr { kind: Kind::Template(self.parts(&elements, texts)), span: self.span(template.span()) }
    }

    fn if_directive(&mut self, directive: &IfDirective, span: Span, texts: &mut Texts) -> Kind {
        let condition = self.compile(&directive.if_expr.cond_expr);
        let then = self.nested(&directive.if_expr.template, texts);
        let other = match &directive.else_expr {
            Some(branch) => self.nested(&branch.template, texts),
            None => Expr { kind: Kind::Literal(Value::string("")), span },
        };
        Kind::Conditional(Box::new((condition, then, other)))
    }

    // `%{ for }` is `join("", [for …])`.
    fn for_directive(&mut self, directive: &ForDirective, span: Span, texts: &mut Texts) -> Kind {
        let intro = &directive.for_expr;
        let collection = self.compile(&intro.collection_expr);
        let outer = self.bind(intro.key_var.as_deref(), &intro.value_var);
        let value = self.nested(&intro.template, texts);
        self.bound.truncate(outer);
        let with_key = intro.key_var.is_some();
        let repeated = For { collection, with_key, key: None, value, grouping: false, condition: None };
        let empty = Expr { kind: Kind::Literal(Value::string("")), span };
        let arguments = vec![empty, Expr { kind: Kind::For(Box::new(repeated)), span }];
        match builtin("join") {
            Some(function) => Kind::Call(Box::new(Call { function, arguments, expand: false, pattern: None })),
            None => self.fault(span, "there is no function join"),
        }
    }
}

/// A template as a row of pieces.
struct Pieces {
    layout: Layout,
    row: Vec<Piece>,
    literals: usize,
    /// Whether the marker before ends with `~}`.
    strips: bool,
}

enum Piece {
    /// Text of the literal with that number.
    Text(usize, String),
    /// `${ … }`, or a marker of a directive.
    Marker,
}

impl Pieces {
    fn read(&mut self, elements: &[&Element], compiler: &Compiler<'_>) {
        for element in elements {
            match element {
                Element::Literal(literal) => {
                    let written = compiler.source(compiler.span(literal.span())).unwrap_or(literal.value());
                    self.literal(literal.value(), written);
                }
                Element::Interpolation(interpolation) => self.marker(interpolation.strip),
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => self.conditional(directive, compiler),
                    Directive::For(directive) => {
                        self.marker(directive.for_expr.strip);
                        self.read(&directive.for_expr.template.iter().collect::<Vec<_>>(), compiler);
                        self.marker(directive.endfor_expr.strip);
                    }
                },
            }
        }
    }

    fn conditional(&mut self, directive: &IfDirective, compiler: &Compiler<'_>) {
        self.marker(directive.if_expr.strip);
        self.read(&directive.if_expr.template.iter().collect::<Vec<_>>(), compiler);
        if let Some(branch) = &directive.else_expr {
            self.marker(branch.strip);
            self.read(&branch.template.iter().collect::<Vec<_>>(), compiler);
        }
        self.marker(directive.endif_expr.strip);
    }

    fn marker(&mut self, strip: Strip) {
        if strip.strip_start()
            && let Some(Piece::Text(_, text)) = self.row.last_mut()
        {
            text.truncate(text.trim_end().len());
        }
        self.strips = strip.strip_end();
        self.row.push(Piece::Marker);
    }

    fn literal(&mut self, read: &str, written: &str) {
        let number = self.literals;
        self.literals += 1;
        let text = match self.layout {
            Layout::Plain => read.to_owned(),
            // The parser leaves escapes as they are inside of directives.
            Layout::Quoted => unquoted(written).map_or_else(|| read.to_owned(), Cow::into_owned),
            // The parser has taken blanks from the lines, by a rule that is not Terraform's; the source still has them.
            Layout::Indented => written.replace("$${", "${").replace("%%{", "%{"),
        };
        let lines = text.split_inclusive('\n').map(str::to_owned);
        let texts: Vec<String> = if self.layout == Layout::Quoted { vec![text] } else { lines.collect() };
        for text in texts {
            let strips = std::mem::take(&mut self.strips);
            let text = if strips { text.trim_start().to_owned() } else { text };
            self.row.push(Piece::Text(number, text));
        }
    }

    fn into_texts(mut self) -> Vec<String> {
        if self.layout == Layout::Indented {
            self.outdent();
        }
        let mut texts = vec![String::new(); self.literals];
        for piece in self.row {
            if let Piece::Text(number, piece) = piece
                && let Some(text) = texts.get_mut(number)
            {
                text.push_str(&piece);
            }
        }
        texts
    }

    // Blank lines have no say in how many blanks go, and keep theirs.
    fn outdent(&mut self) {
        let mut common: Option<usize> = None;
        let mut starting: Vec<&mut String> = Vec::new();
        let mut is_start = true;
        for piece in &mut self.row {
            let starts = std::mem::take(&mut is_start);
            let text = match piece {
                Piece::Marker if starts => return,
                Piece::Marker => continue,
                Piece::Text(_, text) => text,
            };
            is_start = text.ends_with('\n');
            let blanks = text.chars().take_while(|character| character.is_whitespace()).count();
            let is_blank = text.trim_start().is_empty() && is_start;
            if starts && !is_blank {
                common = Some(common.map_or(blanks, |common| common.min(blanks)));
                starting.push(text);
            }
        }
        for text in starting {
            *text = text.chars().skip(common.unwrap_or(0)).collect();
        }
    }
}

fn keeps_blanks(element: &Element) -> bool {
    match element {
        Element::Literal(_) => true,
        Element::Interpolation(interpolation) => interpolation.strip == Strip::None,
        Element::Directive(_) => false,
    }
}

fn unquoted(written: &str) -> Option<Cow<'_, str>> {
    // Most texts have nothing to unescape, and parsing each would cost as much as the file.
    if !written.contains(['\\', '$', '%', '"', '\n']) {
        return Some(Cow::Borrowed(written));
    }
    match hcl::parse_expression(&format!("\"{written}\"")) {
        Ok(Expression::String(text)) => Some(Cow::Owned(text.value().clone())),
        _ => None,
    }
}
