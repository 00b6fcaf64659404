//! The masks of a plan: which parts of a value are unknown, or sensitive.

use std::sync::Arc;

use memchr::memmem;

use super::reader::Reader;
use super::{OpenError, Wanted};

/// A mask tree of which only `true` counts (`spec/plan-json.md` 3.3); empty branches are pruned.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mask {
    No,
    Yes,
    Fields(Vec<(Arc<str>, Mask)>),
    Items(Vec<Mask>),
}

impl Mask {
    pub(super) fn field(&self, name: &str) -> &Self {
        match self {
            Self::Yes => &Self::Yes,
            Self::Fields(fields) => fields.iter().find(|(key, _)| &**key == name).map_or(&Self::No, |(_, mask)| mask),
            _ => &Self::No,
        }
    }

    pub(super) fn item(&self, index: usize) -> &Self {
        match self {
            Self::Yes => &Self::Yes,
            Self::Items(items) => items.get(index).unwrap_or(&Self::No),
            _ => &Self::No,
        }
    }
}

pub(super) fn open_mask(text: &str, wanted: &dyn Wanted) -> Result<Mask, OpenError> {
    match text {
        "{}" | "false" | "null" => return Ok(Mask::No),
        "true" => return Ok(Mask::Yes),
        // Only `true` counts, and most masks are a tree of empty branches.
        _ if memmem::find(text.as_bytes(), b"true").is_none() => return Ok(Mask::No),
        _ => {}
    }
    let mut reader = Reader::new(text);
    if reader.peek() != Some(b'{') {
        return mask(&mut reader, 1);
    }
    let mut fields = Vec::new();
    reader.object(1, |reader, name| {
        let Some(name) = wanted.wanted(name) else { return reader.skip() };
        let inner = mask(reader, 2)?;
        if inner != Mask::No {
            fields.push((name, inner));
        }
        Ok(())
    })?;
    Ok(if fields.is_empty() { Mask::No } else { Mask::Fields(fields) })
}

fn mask(reader: &mut Reader<'_>, depth: usize) -> Result<Mask, OpenError> {
    match reader.peek() {
        Some(b'{') => {
            let mut fields = Vec::new();
            reader.object(depth, |reader, name| {
                let name = Arc::from(name);
                let inner = mask(reader, depth + 1)?;
                if inner != Mask::No {
                    fields.push((name, inner));
                }
                Ok(())
            })?;
            Ok(if fields.is_empty() { Mask::No } else { Mask::Fields(fields) })
        }
        Some(b'[') => {
            let mut items = Vec::new();
            reader.array(depth, |reader| {
                items.push(mask(reader, depth + 1)?);
                Ok(())
            })?;
            Ok(if items.iter().all(|item| *item == Mask::No) { Mask::No } else { Mask::Items(items) })
        }
        _ => Ok(if reader.scalar()? == "true" { Mask::Yes } else { Mask::No }),
    }
}
