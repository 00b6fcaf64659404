//! Opens JSON text as a [`Value`], with Terraform's masks laid over it.
//!
//! Plans are large and little of them is looked at: `serde_json` cuts the text into raw slices and this module opens
//! the slices somebody asks for, and of those only the wanted attributes. Start at [`open_object`].
//!
//! The reader expects text that a JSON parser has accepted; on anything else it gives an error, never a panic.

use std::sync::Arc;

use super::{List, ListKind, Mapping, Number, Object, ObjectKind, Path, Step, Symbol, Unknown, Value, shared};

mod checked;
mod mask;
mod reader;
mod words;

pub(crate) use checked::Checked;
use mask::{Mask, open_mask};
pub(crate) use reader::Reader;

/// Levels of nesting that are opened. Terraform's own schemas stay below 20; the bound keeps recursion finite.
pub const MAX_DEPTH: usize = 128;

/// Why a text could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Deeper than [`MAX_DEPTH`].
    #[error("a value is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Not JSON after all.
    #[error("a value is not valid JSON")]
    Malformed,
}

/// Which attributes to open.
pub trait Wanted {
    /// The attribute's shared name if it is wanted.
    fn wanted(&self, name: &str) -> Option<Arc<str>>;

    /// The path of a wanted attribute; shared, because in a first apply most attributes are symbols of their own place.
    fn path(&self, name: &Arc<str>) -> Path {
        Path(Arc::from([Step::Name(name.clone())]))
    }

    /// The name of a key inside of an attribute; shared where it can be.
    fn nested(&self, name: &str) -> Arc<str> {
        shared::text(name)
    }
}

/// Everything is wanted.
pub struct All;

impl Wanted for All {
    fn wanted(&self, name: &str) -> Option<Arc<str>> {
        Some(shared::text(name))
    }
}

/// The texts of one side of a change: the value and the masks that belong to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Masked<'a> {
    /// `before` or `after`.
    pub value: Option<&'a str>,
    /// `after_unknown`; none for `before`.
    pub unknown: Option<&'a str>,
    /// `before_sensitive` or `after_sensitive`.
    pub sensitive: Option<&'a str>,
}

/// Opens the wanted attributes of an object. Unknown ones become the symbol of `object` and their path.
///
/// A text that is no object (`null`, absent) gives no attributes.
///
/// # Errors
///
/// [`OpenError`] if the text is nested too deep or is no JSON.
pub fn open_object(masked: Masked<'_>, object: u32, wanted: &dyn Wanted) -> Result<Object, OpenError> {
    let unknown = masked.unknown.map_or(Ok(Mask::No), |text| open_mask(text, wanted))?;
    let sensitive = masked.sensitive.map_or(Ok(Mask::No), |text| open_mask(text, wanted))?;
    let plain = Plain { wanted, kinds: Kinds::OPEN, shares: true };
    let mut begun = Begun::default();
    let mut steps = Vec::new();
    if let Some(text) = masked.value {
        let mut reader = Reader::new(text);
        if reader.peek() == Some(b'{') {
            reader.object(1, |reader, name| {
                let Some(name) = wanted.wanted(name) else { return reader.skip() };
                let (unknown, sensitive) = (unknown.field(&name), sensitive.field(&name));
                let overlay = Overlay { object, plain, unknown, sensitive };
                let value = match (unknown, sensitive) {
                    (Mask::No, Mask::No) => plain.value(reader, &mut begun, 2)?,
                    (Mask::Yes, _) => {
                        reader.skip()?;
                        overlay.symbol(wanted.path(&name))
                    }
                    _ => {
                        steps.push(Step::Name(name.clone()));
                        let value = overlay.value(reader, &mut begun, &mut steps, 2)?;
                        steps.clear();
                        value
                    }
                };
                begun.entries.push((name, value));
                Ok(())
            })?;
        }
    }
    if let Mask::Fields(fields) = &unknown {
        for (name, inner) in fields {
            if begun.entries.iter().any(|(known, _)| known == name) {
                continue;
            }
            let overlay = Overlay { object, plain, unknown: inner, sensitive: sensitive.field(name) };
            let value = match inner {
                Mask::Yes => overlay.symbol(wanted.path(name)),
                _ => missing(inner, overlay.sensitive, object, &mut vec![Step::Name(name.clone())]),
            };
            begun.entries.push((name.clone(), value));
        }
    }
    Ok(begun.object(0))
}

/// Opens a whole JSON text without masks, as a document: of which type its lists and objects are is not known.
///
/// # Errors
///
/// [`OpenError`] if the text is nested too deep or is no JSON.
pub fn open(text: &str) -> Result<Value, OpenError> {
    open_as(text, Kinds::OPEN)
}

/// The same as `jsondecode` has it: its lists are tuples, its objects are no maps.
///
/// # Errors
///
/// As those of [`open`].
pub fn decode(text: &str) -> Result<Value, OpenError> {
    open_as(text, Kinds { list: ListKind::Tuple, object: ObjectKind::Object })
}

fn open_as(text: &str, kinds: Kinds) -> Result<Value, OpenError> {
    let mut reader = Reader::new(text);
    let value = Plain { wanted: &All, kinds, shares: false }.value(&mut reader, &mut Begun::default(), 1)?;
    if reader.peek().is_none() { Ok(value) } else { Err(OpenError::Malformed) }
}

/// What is made of brackets and braces.
#[derive(Clone, Copy)]
struct Kinds {
    list: ListKind,
    object: ObjectKind,
}

impl Kinds {
    const OPEN: Self = Self { list: ListKind::Open, object: ObjectKind::Open };
}

/// The members of lists and objects that are not read to their ends: those of the innermost come last. Whatever ends takes
/// its own away, so that it has the room it needs and nothing has grown for it.
#[derive(Default)]
struct Begun {
    entries: Vec<(Arc<str>, Value)>,
    items: Vec<Value>,
}

impl Begun {
    fn object(&mut self, start: usize) -> Object {
        Object::of_last(&mut self.entries, start)
    }

    fn list(&mut self, kind: ListKind, start: usize) -> Value {
        let start = start.min(self.items.len());
        Value::List(List::new(kind, shared::members(self.items.drain(start..))))
    }
}

/// What lies below no mask, which is most of a plan.
#[derive(Clone, Copy)]
struct Plain<'m> {
    wanted: &'m dyn Wanted,
    kinds: Kinds,
    /// Whether texts are shared: a text of its own may come out of a secret, and no mask says so.
    shares: bool,
}

impl Plain<'_> {
    fn value(&self, reader: &mut Reader<'_>, begun: &mut Begun, depth: usize) -> Result<Value, OpenError> {
        Ok(match reader.peek() {
            Some(b'{') => {
                let start = begun.entries.len();
                reader.object(depth, |reader, name| {
                    let entry = (self.wanted.nested(name), self.value(reader, begun, depth + 1)?);
                    begun.entries.push(entry);
                    Ok(())
                })?;
                Value::Object(Mapping::new(self.kinds.object, Arc::new(begun.object(start))))
            }
            Some(b'[') => {
                let start = begun.items.len();
                reader.array(depth, |reader| {
                    let item = self.value(reader, begun, depth + 1)?;
                    begun.items.push(item);
                    Ok(())
                })?;
                begun.list(self.kinds.list, start)
            }
            Some(b'"') if self.shares => Value::String(shared::text(&reader.string()?)),
            Some(b'"') => Value::String(Arc::from(&*reader.string()?)),
            Some(_) => scalar(reader.scalar()?),
            None => return Err(OpenError::Malformed),
        })
    }
}

/// The masks above one place of a value.
struct Overlay<'m> {
    object: u32,
    plain: Plain<'m>,
    unknown: &'m Mask,
    sensitive: &'m Mask,
}

impl Overlay<'_> {
    fn symbol(&self, path: Path) -> Value {
        let symbol = Symbol { object: self.object, path };
        Value::Unknown(Arc::new(Unknown::Symbol(symbol))).mark(*self.sensitive == Mask::Yes)
    }

    fn value(
        &self,
        reader: &mut Reader<'_>,
        begun: &mut Begun,
        path: &mut Vec<Step>,
        depth: usize,
    ) -> Result<Value, OpenError> {
        let sensitive = *self.sensitive == Mask::Yes;
        if *self.unknown == Mask::Yes {
            reader.skip()?;
            return Ok(self.symbol(path.iter().cloned().collect()));
        }
        let value = match (self.unknown, reader.peek()) {
            (Mask::No, _) if *self.sensitive == Mask::No => self.plain.value(reader, begun, depth)?,
            (_, Some(b'{')) => self.object(reader, begun, path, depth)?,
            (_, Some(b'[')) => self.list(reader, begun, path, depth)?,
            // What is secret is shared with nobody.
            _ => Plain { shares: self.plain.shares && !sensitive, ..self.plain }.value(reader, begun, depth)?,
        };
        Ok(value.mark(sensitive))
    }

    fn object(
        &self,
        reader: &mut Reader<'_>,
        begun: &mut Begun,
        path: &mut Vec<Step>,
        depth: usize,
    ) -> Result<Value, OpenError> {
        let mut entries = Vec::new();
        reader.object(depth, |reader, name| {
            let name = self.plain.wanted.nested(name);
            let (unknown, sensitive) = (self.unknown.field(&name), self.sensitive.field(&name));
            let inner = Overlay { unknown, sensitive, ..*self };
            path.push(Step::Name(name.clone()));
            let value = inner.value(reader, begun, path, depth + 1)?;
            path.pop();
            entries.push((name, value));
            Ok(())
        })?;
        add_missing(&mut entries, self.unknown, self.sensitive, self.object, path);
        Ok(Value::object_of(self.plain.kinds.object, entries))
    }

    fn list(
        &self,
        reader: &mut Reader<'_>,
        begun: &mut Begun,
        path: &mut Vec<Step>,
        depth: usize,
    ) -> Result<Value, OpenError> {
        let mut items = Vec::new();
        reader.array(depth, |reader| {
            let at = items.len();
            let (unknown, sensitive) = (self.unknown.item(at), self.sensitive.item(at));
            let inner = Overlay { unknown, sensitive, ..*self };
            path.push(Step::Index(at));
            items.push(inner.value(reader, begun, path, depth + 1)?);
            path.pop();
            Ok(())
        })?;
        Ok(Value::list_of(self.plain.kinds.list, items))
    }
}

// An unknown member of an object has no key in the value, only in the mask.
fn add_missing(
    entries: &mut Vec<(Arc<str>, Value)>,
    unknown: &Mask,
    sensitive: &Mask,
    object: u32,
    path: &mut Vec<Step>,
) {
    let Mask::Fields(fields) = unknown else { return };
    for (name, inner) in fields {
        if entries.iter().any(|(key, _)| key == name) {
            continue;
        }
        path.push(Step::Name(name.clone()));
        let value = missing(inner, sensitive.field(name), object, path);
        path.pop();
        entries.push((name.clone(), value));
    }
}

fn missing(unknown: &Mask, sensitive: &Mask, object: u32, path: &mut Vec<Step>) -> Value {
    let value = match unknown {
        Mask::Yes => symbol(object, path),
        Mask::No => Value::Null,
        Mask::Fields(_) => {
            let mut entries = Vec::new();
            add_missing(&mut entries, unknown, sensitive, object, path);
            Value::object(entries)
        }
        Mask::Items(items) => {
            let mut values = Vec::new();
            for (at, item) in items.iter().enumerate() {
                path.push(Step::Index(at));
                values.push(missing(item, sensitive.item(at), object, path));
                path.pop();
            }
            Value::list(values)
        }
    };
    value.mark(*sensitive == Mask::Yes)
}

fn symbol(object: u32, path: &[Step]) -> Value {
    Value::Unknown(Arc::new(Unknown::Symbol(Symbol { object, path: path.iter().cloned().collect::<Path>() })))
}

fn scalar(text: &str) -> Value {
    match text {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        number => Number::parse(number).map_or_else(|| Value::string(number), Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(value: &str, unknown: &str, sensitive: &str) -> Object {
        let masked = Masked { value: Some(value), unknown: Some(unknown), sensitive: Some(sensitive) };
        open_object(masked, 7, &All).unwrap()
    }

    #[test]
    fn only_true_in_a_mask_means_unknown() {
        let object = opened(r#"{"a":1,"tags":{"x":"y"}}"#, r#"{"a":false,"b":true,"tags":{},"l":[],"m":[{}]}"#, "{}");
        assert_eq!(object.iter().map(|(key, _)| &**key).collect::<Vec<_>>(), ["a", "b", "tags"]);
        assert!(object.get("b").unwrap().as_unknown().is_some());
    }

    #[test]
    fn unknown_elements_keep_their_position() {
        let object = opened(r#"{"l":["x",null]}"#, r#"{"l":[false,true]}"#, "false");
        let items = object.get("l").unwrap().as_list().unwrap();
        assert_eq!(items[0].as_str(), Some("x"));
        let Unknown::Symbol(symbol) = &**items[1].as_unknown().unwrap() else { panic!("no symbol") };
        assert_eq!((symbol.object, symbol.path.to_string().as_str()), (7, "l[1]"));
    }

    #[test]
    fn an_unknown_member_of_a_nested_block_is_found_in_the_mask_only() {
        let object = opened(r#"{"b":[{"k":1}]}"#, r#"{"b":[{"arn":true}],"c":{"d":{"e":true}}}"#, "{}");
        let block = object.get("b").unwrap().as_list().unwrap()[0].clone();
        let Value::Object(block) = block else { panic!("no object") };
        assert!(block.get("arn").unwrap().as_unknown().is_some());
        assert!(object.get("c").unwrap().has_unknown());
    }

    #[test]
    fn a_sensitive_branch_covers_what_is_below() {
        let object = opened(r#"{"a":{"b":"secret"},"c":"open"}"#, "{}", r#"{"a":true}"#);
        assert!(matches!(object.get("a"), Some(Value::Sensitive(_))));
        assert!(!object.get("c").unwrap().has_sensitive());
    }

    #[test]
    fn unwanted_attributes_are_not_opened_however_deep() {
        struct Only;
        impl Wanted for Only {
            fn wanted(&self, name: &str) -> Option<Arc<str>> {
                (name == "a").then(|| Arc::from(name))
            }
        }
        let deep = format!(r#"{{"deep":{}1{},"a":"\u00e9\n"}}"#, "[".repeat(5000), "]".repeat(5000));
        let masked = Masked { value: Some(&deep), unknown: None, sensitive: None };
        let object = open_object(masked, 0, &Only).unwrap();
        assert_eq!(object.get("a").unwrap().as_str(), Some("é\n"));
        assert_eq!(open_object(masked, 0, &All).unwrap_err(), OpenError::TooDeep);
    }

    #[test]
    fn broken_text_is_an_error() {
        for text in ["", "{", "[1", "{\"a\":}", "\"x", "\"\\", "}", "1 2", "{\"a\" 1}", "\u{e9}"] {
            assert!(open(text).is_err(), "{text}");
        }
    }
}
