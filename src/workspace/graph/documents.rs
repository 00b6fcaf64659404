//! What a JSON text names: policies of IAM, definitions of containers. The text is read along the steps of a link, and
//! nothing of it is opened: a plan has thousands of such texts, and a link asks for a name or two of each.

use super::super::Workspace;
use super::super::links::{LinkStep, Target};
use crate::value::json::{OpenError, Reader};

/// Where a reading of one text is.
struct Reading<'r, 'w, 'a> {
    workspace: &'w Workspace<'a>,
    targets: &'r [&'r Target],
    edges: Vec<(u32, bool)>,
}

impl Workspace<'_> {
    /// The objects that a JSON text names at the end of some steps, and whether for certain; none if it does not end as it
    /// begins. What lies aside of the steps, or deeper than `depth` levels, is not read and not checked.
    pub(super) fn edges_in(
        &self,
        text: &str,
        steps: &[LinkStep],
        targets: &[&Target],
        depth: usize,
    ) -> Vec<(u32, bool)> {
        let mut reading = Reading { workspace: self, targets, edges: Vec::new() };
        match reading.document(text, steps, depth) {
            Ok(()) => reading.edges,
            Err(_) => Vec::new(),
        }
    }
}

impl Reading<'_, '_, '_> {
    fn document(&mut self, text: &str, steps: &[LinkStep], depth: usize) -> Result<(), OpenError> {
        let mut reader = Reader::new(text);
        self.value(&mut reader, steps, depth)?;
        if reader.peek().is_none() { Ok(()) } else { Err(OpenError::Malformed) }
    }

    // The same steps through lists and objects as those of opened values (`edges.rs`).
    fn value(&mut self, reader: &mut Reader<'_>, steps: &[LinkStep], depth: usize) -> Result<(), OpenError> {
        let Some(depth) = depth.checked_sub(1) else { return reader.skip() };
        match (reader.peek(), steps) {
            (Some(b'['), [LinkStep::Each, rest @ ..] | rest @ ([LinkStep::Name(_) | LinkStep::Any, ..] | [])) => {
                reader.array(1, |reader| self.value(reader, rest, depth))
            }
            (Some(b'{'), [LinkStep::Any, ..]) => reader.object(1, |reader, _| self.value(reader, steps, depth)),
            (Some(b'{'), [LinkStep::Name(name), rest @ ..]) => reader
                .object(1, |reader, key| if *key == **name { self.value(reader, rest, depth) } else { reader.skip() }),
            (_, [LinkStep::Each, rest @ ..]) => self.value(reader, rest, depth),
            (Some(b'"'), [LinkStep::Json, rest @ ..]) => {
                let inner = self.workspace.edges_in(&reader.string()?, rest, self.targets, depth);
                self.edges.extend(inner);
                Ok(())
            }
            (Some(b'"'), [] | [LinkStep::Any]) => {
                let text = reader.string()?;
                self.workspace.named_in(&text, self.targets, &mut self.edges);
                Ok(())
            }
            _ => reader.skip(),
        }
    }
}
