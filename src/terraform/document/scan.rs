//! The top level of a file at the speed of passing over it. Nine changes of ten in a large plan change nothing and say twice
//! what there is, so the second text is compared with the first instead of being parsed.
//!
//! What is read here is what serde reads, at most one level deeper (a test compares them). Where something is no JSON, or another kind of value than
//! Terraform writes, nothing is: then serde reads the file, and says what is wrong.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Document, Sink, Str, Values};
use crate::terraform::plan::{Action, Change, ResourceChange};
use crate::value::json::Checked;

/// Something that serde has to read.
struct Unlike;

/// The document and where it ends.
pub(super) fn read<'a>(body: &'a str, sink: &mut dyn Sink<'a>) -> Option<(Document<'a>, usize)> {
    let mut scan = Scan { body, cursor: Checked::new(body, 0) };
    let mut document = Document::default();
    if !scan.cursor.eat(b'{') {
        return None;
    }
    let mut more = !scan.cursor.eat(b'}');
    while more {
        let key = plain(scan.cursor.name()?)?;
        document.take(Str(Cow::Borrowed(key)), &mut scan, sink).ok()?;
        more = scan.cursor.next(b'}')?;
    }
    Some((document, scan.cursor.offset()))
}

struct Scan<'a> {
    body: &'a str,
    cursor: Checked<'a>,
}

impl<'a> Values<'a> for Scan<'a> {
    type Error = Unlike;

    fn value<T: Deserialize<'a>>(&mut self) -> Result<T, Unlike> {
        self.cursor.peek();
        let at = self.cursor.offset();
        let mut parser = serde_json::Deserializer::from_str(self.body.get(at..).unwrap_or_default());
        let value = T::deserialize(&mut parser).map_err(|_| Unlike)?;
        self.cursor.go_to(at + parser.into_iter::<IgnoredAny>().byte_offset());
        Ok(value)
    }

    fn ignore(&mut self) -> Result<(), Unlike> {
        pass(&mut self.cursor)
    }

    fn changes(&mut self, sink: &mut dyn Sink<'a>) -> Result<bool, Unlike> {
        if self.cursor.peek() == Some(b'n') {
            return self.ignore().map(|()| false);
        }
        self.list(sink).map(|()| true)
    }
}

impl<'a> Scan<'a> {
    fn list(&mut self, sink: &mut dyn Sink<'a>) -> Result<(), Unlike> {
        let cursor = &mut self.cursor;
        expect(cursor.eat(b'['))?;
        let mut more = !cursor.eat(b']');
        while more {
            sink.take(resource_change(cursor)?);
            more = cursor.next(b']').ok_or(Unlike)?;
        }
        Ok(())
    }
}

fn resource_change<'a>(cursor: &mut Checked<'a>) -> Result<ResourceChange<'a>, Unlike> {
    let (mut read, mut seen) = (ResourceChange::default(), 0);
    members(cursor, |cursor, name| match name {
        "address" => once(&mut seen, 0, &mut read.address, text(cursor)?),
        "previous_address" => once(&mut seen, 1, &mut read.previous_address, text(cursor)?),
        "mode" => once(&mut seen, 2, &mut read.mode, text(cursor)?),
        "type" => once(&mut seen, 3, &mut read.kind, text(cursor)?),
        "provider_name" => once(&mut seen, 4, &mut read.provider_name, text(cursor)?),
        "deposed" => once(&mut seen, 5, &mut read.deposed, text(cursor)?),
        "action_reason" => once(&mut seen, 6, &mut read.action_reason, text(cursor)?),
        "change" => once(&mut seen, 7, &mut read.change, change(cursor)?),
        _ => pass(cursor),
    })?;
    Ok(read)
}

fn change<'a>(cursor: &mut Checked<'a>) -> Result<Option<Change<'a>>, Unlike> {
    if is_null(cursor) {
        return Ok(None);
    }
    let (mut read, mut actions, mut seen) = (Change::default(), None, 0);
    members(cursor, |cursor, name| match name {
        "actions" => once(&mut seen, 0, &mut actions, Some(self::actions(cursor)?)),
        "before" => once(&mut seen, 1, &mut read.before, raw(cursor, None)?),
        "after" => once(&mut seen, 2, &mut read.after, raw(cursor, read.before)?),
        "after_unknown" => once(&mut seen, 3, &mut read.after_unknown, raw(cursor, None)?),
        "before_sensitive" => once(&mut seen, 4, &mut read.before_sensitive, raw(cursor, None)?),
        "after_sensitive" => once(&mut seen, 5, &mut read.after_sensitive, raw(cursor, read.before_sensitive)?),
        "replace_paths" => once(&mut seen, 6, &mut read.replace_paths, raw(cursor, None)?),
        "importing" => once(&mut seen, 7, &mut read.importing, raw(cursor, None)?),
        _ => pass(cursor),
    })?;
    read.actions = actions.unwrap_or_default();
    Ok(Some(read))
}

fn actions(cursor: &mut Checked<'_>) -> Result<Action, Unlike> {
    match cursor.value() {
        Some(r#"["no-op"]"#) => Ok(Action::NoOp),
        other => other.and_then(|actions| serde_json::from_str(actions).ok()).ok_or(Unlike),
    }
}

/// Goes over the members of an object.
fn members<'a>(
    cursor: &mut Checked<'a>,
    mut member: impl FnMut(&mut Checked<'a>, &'a str) -> Result<(), Unlike>,
) -> Result<(), Unlike> {
    expect(cursor.eat(b'{'))?;
    let mut more = !cursor.eat(b'}');
    while more {
        let name = cursor.name().and_then(plain).ok_or(Unlike)?;
        member(cursor, name)?;
        more = cursor.next(b'}').ok_or(Unlike)?;
    }
    Ok(())
}

fn expect(is_there: bool) -> Result<(), Unlike> {
    if is_there { Ok(()) } else { Err(Unlike) }
}

fn pass(cursor: &mut Checked<'_>) -> Result<(), Unlike> {
    expect(cursor.value().is_some())
}

// A field that stands twice is an error for serde. Each has a number in `seen`.
fn once<T>(seen: &mut u8, number: u8, field: &mut Option<T>, value: Option<T>) -> Result<(), Unlike> {
    let bit = 1 << number;
    let is_first = *seen & bit == 0;
    *seen |= bit;
    *field = value;
    expect(is_first)
}

fn raw<'a>(cursor: &mut Checked<'a>, like: Option<&str>) -> Result<Option<&'a str>, Unlike> {
    let value = cursor.value_like(like).ok_or(Unlike)?;
    Ok(Some(value).filter(|value| *value != "null"))
}

fn text<'a>(cursor: &mut Checked<'a>) -> Result<Option<Str<'a>>, Unlike> {
    if is_null(cursor) {
        return Ok(None);
    }
    let quoted = cursor.string().ok_or(Unlike)?;
    let text = match plain(quoted) {
        Some(plain) => Cow::Borrowed(plain),
        None => Cow::Owned(unescaped(quoted).ok_or(Unlike)?),
    };
    Ok(Some(Str(text)))
}

// An address with a key in it has quotes, and they are all that is escaped in it.
fn unescaped(quoted: &str) -> Option<String> {
    let mut pieces = quoted.strip_prefix('"')?.strip_suffix('"')?.split(r#"\""#);
    let first = pieces.next()?;
    let mut text = String::with_capacity(quoted.len());
    text.push_str(first);
    for piece in pieces {
        text.push('"');
        text.push_str(piece);
    }
    if text.contains('\\') { serde_json::from_str(quoted).ok() } else { Some(text) }
}

fn is_null(cursor: &mut Checked<'_>) -> bool {
    cursor.peek() == Some(b'n') && cursor.value().is_some()
}

/// A string without its quotes, if there is no escape in it.
fn plain(quoted: &str) -> Option<&str> {
    let inside = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('\\')).then_some(inside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::parsed;
    use super::*;

    #[derive(Default)]
    struct Taken(Vec<String>);

    impl Sink<'_> for Taken {
        fn take(&mut self, change: ResourceChange<'_>) {
            self.0.push(format!("{change:?}"));
        }

        fn restart(&mut self) {
            self.0.clear();
        }
    }

    type Told = (String, usize, Vec<String>);

    fn scanned(text: &str) -> Option<Told> {
        let mut taken = Taken::default();
        let (document, end) = read(text, &mut taken)?;
        Some((format!("{document:?}"), end, taken.0))
    }

    fn serde(text: &str) -> Option<Told> {
        let mut taken = Taken::default();
        let (document, end) = parsed(text, &mut taken).ok()?;
        Some((format!("{document:?}"), end, taken.0))
    }

    const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
        {"address":"a.b[\"c\"]","mode":"managed","type":"a","name":"b","index":"c","provider_name":"p","deposed":null,
         "change":{"actions":["no-op"],"before":{"x":[1,{}],"y":"}"},"after":{"x":[1,{}],"y":"}"},"after_unknown":{},
                   "before_sensitive":{"x":[]},"after_sensitive":{"x":[true]},"importing":null}},
        {"address":"a.c","type":"a","change":{"actions":["delete","create"],"before":{"n":1},"after":{"n":12},
                   "replace_paths":[["n"]],"future":{"a":1}},"action_reason":"replace_because_cannot_update"},
        {"address":"a.d","change":null}],"prior_state":{"values":{}},"configuration":{"root_module":{}},"complete":true} rest"#;

    #[test]
    fn a_plan_is_read_as_serde_reads_it() {
        let told = scanned(PLAN).unwrap();
        assert_eq!(told.2.len(), 3);
        assert_eq!(Some(told), serde(PLAN));
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        let end = PLAN.rfind('}').unwrap();
        for cut in (0..=end).filter_map(|at| PLAN.get(..at)) {
            assert_eq!(scanned(cut), None, "{cut}");
        }
    }

    #[test]
    fn what_serde_refuses_is_left_to_serde() {
        for (known, odd) in [
            (r#""address":"a.c""#, r#""address":1"#),
            (r#""address":"a.c""#, r#""address":"a.c","address":"a.d""#),
            (r#""address":"a.c""#, r#""address":"a.c","action_reason":null"#),
            (r#""change":null"#, r#""change":true"#),
            (r#"["delete","create"]"#, "[1]"),
            (r#"{"n":12}"#, r#"{"n":012}"#),
            (r#"{"n":12}"#, "{\"n\":\"\n\"}"),
            (r#""complete":true"#, r#""complete":"yes""#),
        ] {
            let text = PLAN.replacen(known, odd, 1);
            assert_ne!(text, PLAN);
            assert_eq!((scanned(&text), serde(&text)), (None, None), "{odd}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i8>().prop_map(Value::from),
            "[a\"\\\\\u{e9}]{0,3}".prop_map(Value::from),
            Just(json!(["no-op"])),
        ];
        let name = prop::sample::select(vec![
            "format_version",
            "version",
            "resource_changes",
            "address",
            "change",
            "actions",
            "before",
            "after",
            "after_sensitive",
            "before_sensitive",
            "deposed",
            "x",
        ]);
        leaf.prop_recursive(5, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..6).prop_map(|entries| Value::Object(
                    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_serde_reads(document in any_value(), change in any_value(), inner in any_value(), cut: prop::sample::Index, put in "[\\[\\]{}:,\"0n]{0,1}") {
            let mut document = document;
            let mut change = change;
            if let (Some(change), true) = (change.as_object_mut(), inner.is_object()) {
                change.insert("change".to_owned(), inner);
            }
            if let (Some(document), true) = (document.as_object_mut(), change.is_object()) {
                document.insert("resource_changes".to_owned(), json!([change]));
            }
            let mut text = document.to_string();
            let at = (0..=cut.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            for _ in 0..2 {
                if let Some(told) = scanned(&text) {
                    prop_assert_eq!(Some(told), serde(&text));
                }
                text.insert_str(at, &put);
            }
        }
    }
}
