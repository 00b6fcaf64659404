//! A body of `.planfit.hcl` against its table (`schema.rs`): what is wrong in it is told, what is right is handed out.

use std::sync::Arc;

use hcl_edit::structure::{self, Attribute, BlockLabel, Structure};
use rust_decimal::Decimal;

use super::At;
use super::date::Date;
use super::glob::{Pattern, Patterns, Style};
use super::literal::{Entry, Literal, Source};
use super::schema::{Block, Key, Kind, Text};
use crate::expr::Fault;
use crate::expr::functions::nearest;
use crate::policy::window;
use crate::source::{Span, hcl};
use crate::value::{Number, Value};

/// What is right in a block.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) table: &'static Block,
    pub(super) label: At<String>,
    keys: Vec<(&'static str, Literal)>,
    /// Keys that are written and wrong.
    wrong: Vec<&'static str>,
    blocks: Vec<Self>,
}

/// Blocks of one file. Nobody writes as many; each costs with every policy and object.
const MAX_BLOCKS: usize = 2_000;

/// Reads the body of a block, and tells every fault in it.
pub(super) fn read(
    body: &structure::Body,
    table: &'static Block,
    label: At<String>,
    source: Source<'_>,
    faults: &mut Vec<Fault>,
) -> Section {
    let mut section = Section { table, label, keys: Vec::new(), wrong: Vec::new(), blocks: Vec::new() };
    for part in body.iter().take(MAX_BLOCKS) {
        match part {
            Structure::Attribute(attribute) => section.attribute(attribute, source, faults),
            Structure::Block(block) => section.block(block, source, faults),
        }
    }
    if let Some(part) = body.iter().nth(MAX_BLOCKS) {
        let span = source.span(part);
        faults.push(Fault::at(span, format!("there are more than {MAX_BLOCKS} blocks and keys here")));
    }
    for key in table.keys.iter().filter(|key| key.required && !body.has_attribute(key.name)) {
        let message = format!("{} needs {}: {}", table.called(), key.name, key.about);
        faults.push(Fault::at(section.label.span, message));
    }
    section
}

impl Block {
    fn called(&self) -> String {
        if self.name.is_empty() { "this file".to_owned() } else { format!("a block {}", self.name) }
    }

    // That there is no such key or block; perhaps there is one, written in the other form.
    fn strange(&self, what: &str, name: &str, other: Option<&str>) -> String {
        let hint = match other {
            Some(form) => format!("; {name} is {form}"),
            None => {
                let keys = self.keys.iter().map(|key| key.name);
                let near = nearest(name, keys.chain(self.blocks.iter().map(|block| block.name)));
                near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
            }
        };
        format!("{} has no {what} \"{name}\"{hint}", self.called())
    }
}

impl Section {
    fn attribute(&mut self, attribute: &Attribute, source: Source<'_>, faults: &mut Vec<Fault>) {
        let name = attribute.key.as_str();
        let Some(key) = self.table.key(name) else {
            let other = self.table.block(name).map(|_| "a block and written without =");
            let message = self.table.strange("key", name, other);
            return faults.push(Fault::at(source.span(&attribute.key), message));
        };
        let before = faults.len();
        match source.literal(&attribute.value) {
            Ok(literal) => {
                check(key, &literal, faults);
                if faults.len() == before {
                    return self.keys.push((key.name, literal));
                }
            }
            Err(more) => faults.extend(more),
        }
        self.wrong.push(key.name);
    }

    fn block(&mut self, block: &structure::Block, source: Source<'_>, faults: &mut Vec<Fault>) {
        let (name, span) = (block.ident.as_str(), hcl::header_span(source.file, block));
        let Some(table) = self.table.block(name) else {
            let other = self.table.key(name).map(|_| "a key and written with =");
            let message = self.table.strange("block", name, other);
            return faults.push(Fault::at(span, message));
        };
        let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
        let label = match (table.label, labels.as_slice()) {
            (None, []) => String::new(),
            (Some(_), [label]) if !label.is_empty() => (*label).to_owned(),
            (None, _) => {
                return faults.push(Fault::at(span, format!("a block {name} has no label")));
            }
            (Some(what), _) => {
                let message = format!("a block {name} has one label, {what}: {name} \"…\" {{ }}");
                return faults.push(Fault::at(span, message));
            }
        };
        let earlier = self.blocks.iter().find(|other| other.table.name == name && other.label.value == label);
        if let Some(earlier) = earlier.filter(|_| !table.repeatable || table.label.is_some()) {
            let message = match table.label {
                Some(_) => format!("there is a second {name} \"{label}\""),
                None => format!("there is a second block {name}, and only one is read"),
            };
            faults.push(Fault::at(span, message).with(earlier.label.span, "the first one"));
        }
        self.blocks.push(read(&block.body, table, At::new(label, span), source, faults));
    }

    /// The literal of a key, if it is written and right.
    pub(super) fn get(&self, name: &str) -> Option<&Literal> {
        debug_assert!(self.table.key(name).is_some(), "{} has the key {name}", self.table.name);
        self.keys.iter().find(|(key, _)| *key == name).map(|(_, literal)| literal)
    }

    /// Whether a key is written, right or wrong.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.get(name).is_some() || self.wrong.contains(&name)
    }

    /// The blocks of a name, in their order.
    pub(super) fn blocks(&self, name: &str) -> impl Iterator<Item = &Self> {
        debug_assert!(self.table.block(name).is_some(), "{} has the block {name}", self.table.name);
        self.blocks.iter().filter(move |block| block.table.name == name)
    }

    pub(super) fn bool(&self, name: &str) -> Option<At<bool>> {
        let literal = self.get(name)?;
        Some(At::new(literal.as_bool()?, literal.span))
    }

    pub(super) fn text(&self, name: &str) -> Option<At<String>> {
        let literal = self.get(name)?;
        Some(At::new(literal.as_text()?.to_owned(), literal.span))
    }

    pub(super) fn date(&self, name: &str) -> Option<Date> {
        Date::parse(self.get(name)?.as_text()?)
    }

    pub(super) fn whole(&self, name: &str) -> Option<u64> {
        u64::try_from(self.get(name)?.as_number()?.as_i64()?).ok()
    }

    pub(super) fn number(&self, name: &str) -> Option<Decimal> {
        self.get(name)?.as_number()?.as_decimal()
    }

    pub(super) fn texts(&self, name: &str) -> Vec<At<String>> {
        let items = self.get(name).and_then(Literal::as_list).unwrap_or_default();
        items.iter().filter_map(|item| Some(At::new(item.as_text()?.to_owned(), item.span))).collect()
    }

    /// The texts without their places.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.texts(name).into_iter().map(|text| text.value).collect()
    }

    pub(super) fn patterns(&self, name: &str) -> Patterns {
        let style = match self.table.key(name).map(|key| key.kind) {
            Some(Kind::List(Text::Glob)) => Style::Path,
            _ => Style::Name,
        };
        let patterns = self.words(name).into_iter().filter_map(|text| Pattern::new(&text, style).ok());
        Patterns::new(patterns.collect())
    }

    /// A map of texts.
    pub(super) fn map(&self, name: &str) -> Vec<(String, String)> {
        let entry = |entry: &Entry| Some((entry.key.to_string(), entry.value.as_text()?.to_owned()));
        self.entries(name).iter().filter_map(entry).collect()
    }

    /// A map of lists of texts.
    pub(super) fn lists(&self, name: &str) -> Vec<(String, Vec<String>)> {
        let texts = |items: &[Literal]| items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect();
        let entry = |entry: &Entry| Some((entry.key.to_string(), texts(entry.value.as_list()?)));
        self.entries(name).iter().filter_map(entry).collect()
    }

    /// A map of any values.
    pub(super) fn values(&self, name: &str) -> Vec<(Arc<str>, At<Value>)> {
        let entry = |entry: &Entry| (entry.key.clone(), At::new(entry.value.to_value(), entry.span));
        self.entries(name).iter().map(entry).collect()
    }

    fn entries(&self, name: &str) -> &[Entry] {
        self.get(name).and_then(Literal::as_map).unwrap_or_default()
    }
}

fn check(key: &Key, literal: &Literal, faults: &mut Vec<Fault>) {
    let name = key.name;
    let mut fault = |span: Span, message: String| faults.push(Fault::at(span, message));
    let wrong = |wanted: &str| format!("{name} is {wanted}, and this is {}", literal.kind());
    match key.kind {
        Kind::Bool if literal.as_bool().is_some() => {}
        Kind::Bool => fault(literal.span, wrong("true or false")),
        Kind::Text(form) => match literal.as_text() {
            Some(text) => check_text(name, text, form, literal.span, faults),
            None => fault(literal.span, wrong("a text")),
        },
        Kind::Word(words) => match literal.as_text() {
            Some(text) if words.contains(&text) => {}
            Some(text) => {
                let hint = nearest(text, words.iter().copied()).map(|near| format!("; did you mean {near}?"));
                let message = format!("{name} is {}{}", one_of(words), hint.unwrap_or_default());
                fault(literal.span, message);
            }
            None => fault(literal.span, wrong(&one_of(words))),
        },
        Kind::Whole(least, most) => match literal.as_number().map(Number::as_i64) {
            Some(Some(number)) if (least..=most).contains(&number) => {}
            Some(_) => fault(literal.span, format!("{name} is a whole number from {least} to {most}")),
            None => fault(literal.span, wrong("a whole number")),
        },
        Kind::Number(least, most) => match literal.as_number().map(Number::as_decimal) {
            Some(Some(number)) if (Decimal::from(least)..=Decimal::from(most)).contains(&number) => {}
            Some(_) => fault(literal.span, format!("{name} is a number from {least} to {most}")),
            None => fault(literal.span, wrong("a number")),
        },
        Kind::List(form) => match literal.as_list() {
            Some(items) => items.iter().for_each(|item| match item.as_text() {
                Some(text) => check_text(name, text, form, item.span, faults),
                None => faults.push(Fault::at(
                    item.span,
                    format!("{name} is a list of texts, and this in it is {}", item.kind()),
                )),
            }),
            None => fault(literal.span, wrong("a list of texts")),
        },
        Kind::Map(from, to) => match literal.as_map() {
            Some(entries) => entries.iter().for_each(|entry| {
                check_text(name, &entry.key, from, entry.span, faults);
                match entry.value.as_text() {
                    Some(text) => check_text(name, text, to, entry.value.span, faults),
                    None => faults.push(Fault::at(
                        entry.value.span,
                        format!("{name} is a map of texts, and this in it is {}", entry.value.kind()),
                    )),
                }
            }),
            None => fault(literal.span, wrong("a map of texts")),
        },
        Kind::Lists => match literal.as_map() {
            Some(entries) => {
                for entry in entries {
                    let items = entry.value.as_list();
                    if !items.is_some_and(|items| items.iter().all(|item| item.as_text().is_some())) {
                        let example = format!("{name} = {{ {} = [\"…\"] }}", entry.key);
                        fault(entry.value.span, format!("{name} is a map of lists of texts: {example}"));
                    }
                }
            }
            None => fault(literal.span, wrong("a map of lists of texts")),
        },
        Kind::Values if literal.as_map().is_some() => {}
        Kind::Values => fault(literal.span, wrong("a map")),
        Kind::Fields(keys) => match literal.as_map() {
            Some(entries) => entries.iter().for_each(|entry| field(name, keys, entry, faults)),
            None => fault(literal.span, wrong("an object")),
        },
    }
}

fn field(name: &str, keys: &'static [Key], entry: &Entry, faults: &mut Vec<Fault>) {
    match keys.iter().find(|key| key.name == &*entry.key) {
        Some(key) => check(key, &entry.value, faults),
        None => {
            let near = nearest(&entry.key, keys.iter().map(|key| key.name));
            let hint = near.map_or_else(
                || format!("; it has {}", one_of(&keys.iter().map(|key| key.name).collect::<Vec<_>>())),
                |near| format!("; did you mean {near}?"),
            );
            faults.push(Fault::at(entry.span, format!("{name} has no \"{}\"{hint}", entry.key)));
        }
    }
}

fn one_of(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn check_text(name: &str, text: &str, form: Text, span: Span, faults: &mut Vec<Fault>) {
    let said = match form {
        Text::Any | Text::Category | Text::Environment | Text::Policy | Text::Path if text.trim().is_empty() => {
            Some("this text is empty".to_owned())
        }
        Text::Any | Text::Category | Text::Environment | Text::Policy | Text::Path => None,
        Text::Glob => Pattern::new(text, Style::Path).err(),
        Text::Address => Pattern::new(text, Style::Name).err(),
        Text::Date => Date::parse(text).is_none().then(|| "a day is written \"2027-03-31\"".to_owned()),
        Text::Age => days(text).is_none().then(|| "an age is a number of days, as in \"14d\"".to_owned()),
        Text::Currency => (text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_uppercase()))
            .then(|| "a currency has three capital letters, as in \"JPY\"".to_owned()),
        Text::Hours => {
            (!window::is_hours(text)).then(|| "hours look like \"Mon-Sat 06:00-24:00, Sun 08:00-20:00\"".to_owned())
        }
        Text::Zone => (!window::is_zone(text)).then(|| "a time zone looks like \"Asia/Tokyo\" or \"UTC\"".to_owned()),
    };
    faults.extend(said.map(|said| Fault::at(span, format!("{name}: {said}"))));
}

/// The days of an age.
pub(super) fn days(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('d')?;
    let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}
