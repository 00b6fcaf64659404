//! How far the blocks and attributes of a file reach.
//!
//! Places of findings are short: a block's header, the first line of an attribute. Who asks what belongs to a block (a
//! comment above it, a line that changed inside of it) needs the whole. Start at [`extents`].

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::structure::{Body, Structure};

use super::hcl;

/// A block or attribute, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// From its name to its end.
    pub range: Range<usize>,
    /// Whether it is a block.
    pub is_block: bool,
    /// Where the top-level block or attribute begins that it stands in; its own start if it is one.
    pub top: usize,
    /// The kind of that block (`resource`), the name of that attribute.
    pub kind: Arc<str>,
}

impl Extent {
    /// Whether it is a call of a module.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.is_block && self.top == self.range.start && &*self.kind == "module"
    }
}

/// The blocks and attributes of a text in the order of their starts, the outer one first; `None` if it is no HCL.
#[must_use]
pub fn extents(text: &str) -> Option<Vec<Extent>> {
    let mut extents = Vec::new();
    collect(&hcl::parse(text).ok()?, None, &mut extents);
    Some(extents)
}

// The parser bounds the nesting.
fn collect(body: &Body, top: Option<(usize, &Arc<str>)>, extents: &mut Vec<Extent>) {
    for structure in body {
        let Some(range) = structure.span() else { continue };
        let (name, inner) = match structure {
            Structure::Attribute(attribute) => (attribute.key.as_str(), None),
            Structure::Block(block) => (block.ident.as_str(), Some(&block.body)),
        };
        let (top, kind) = top.map_or_else(|| (range.start, Arc::from(name)), |(top, kind)| (top, kind.clone()));
        extents.push(Extent { range, is_block: inner.is_some(), top, kind: kind.clone() });
        if let Some(inner) = inner {
            collect(inner, Some((top, &kind)), extents);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reaches_from_its_name_to_its_brace() {
        let text = "# c\nresource \"a\" \"b\" {\n  x = [\n    1,\n  ]\n  y {\n    z = 1\n  }\n}\nv = 1\n";
        let told =
            |extent: &Extent| (text.get(extent.range.clone()).unwrap().to_owned(), extent.top, extent.kind.to_string());
        let found: Vec<_> = extents(text).unwrap().iter().map(told).collect();
        let whole = text.get(4..text.len() - 7).unwrap().to_owned();
        let resource = |part: &str| (part.to_owned(), 4, "resource".to_owned());
        let expected = [
            resource(&whole),
            resource("x = [\n    1,\n  ]"),
            resource("y {\n    z = 1\n  }"),
            resource("z = 1"),
            ("v = 1".to_owned(), text.len() - 6, "v".to_owned()),
        ];
        assert_eq!(found, expected);
        assert!(extents("resource {").is_none());
    }
}
