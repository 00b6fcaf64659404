//! The prior state of a large plan: what is managed stands in the changes, too, so its data sources alone are kept.

use std::io::{self, Read};

use memchr::memmem::{self, Finder};
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::{MARK, OVERLAP, Window, end};

/// How the prior state begins, at the comma before it. It is a state of its own, with its own versions.
pub(super) const BEGIN: &[u8] = b",\"prior_state\":{\"format_version\":\"";

/// How a key begins that ends it; it is an object.
const ENDS: [&[u8]; 2] = [b"},\"configuration\":{\"provider_config\":", b"},\"configuration\":{\"root_module\":"];

/// What both have in common.
const END: &[u8] = b"},\"configuration\":{\"";

/// How a resource begins.
const RESOURCE: &[u8] = b"{\"address\":\"";

/// What stands behind the address of a data source. Inside of a text, the quotes would be escaped.
const DATA: &[u8] = b"\",\"mode\":\"data\",\"type\":\"";

/// The data sources of a prior state, as they were written, with commas between.
#[derive(Default)]
pub(super) struct Prior(Vec<u8>);

impl Prior {
    /// Goes to the comma behind the prior state that the window begins with. None if it has no end, or if something else is
    /// where a data source should be.
    pub(super) fn pass<R: Read>(window: &mut Window<R>) -> io::Result<Option<Self>> {
        let (ends, data) = (Finder::new(END), Finder::new(DATA));
        let mut prior = Self::default();
        loop {
            let (end, length) = (end(&ends, &ENDS, &window.bytes), window.bytes.len());
            let Some(looked) = prior.take(&data, window, end)? else { return Ok(None) };
            if let Some(end) = end.filter(|end| *end >= looked) {
                window.bytes.drain(..end);
                return Ok(Some(prior));
            }
            let is_longer = window.bytes.len() > length;
            window.bytes.drain(..looked);
            if end.is_none() && !is_longer {
                // A data source may have begun.
                let from = memmem::rfind(&window.bytes, RESOURCE);
                window.bytes.drain(..from.unwrap_or(window.bytes.len().saturating_sub(OVERLAP)));
                if !window.more()? {
                    return Ok(None);
                }
            }
        }
    }

    /// Takes the data sources that begin before `end`; where the last one ends.
    fn take<R: Read>(
        &mut self,
        data: &Finder<'_>,
        window: &mut Window<R>,
        end: Option<usize>,
    ) -> io::Result<Option<usize>> {
        let mut looked = 0;
        let limit = end.unwrap_or(window.bytes.len());
        while let Some(found) = window.bytes.get(looked..limit).and_then(|rest| data.find(rest)) {
            let Some(begin) = begin(&window.bytes, looked, looked + found) else { return Ok(None) };
            let Some(length) = length(window, begin)? else { return Ok(None) };
            let object = window.bytes.get(begin..begin + length).unwrap_or_default();
            if !self.0.is_empty() {
                self.0.push(b',');
            }
            self.0.extend_from_slice(object);
            looked = begin + length;
        }
        Ok(Some(looked))
    }

    /// Writes what stands for the prior state.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let begin = format!(",\"{MARK}\":{{\"values\":{{\"root_module\":{{\"resources\":[");
        for part in [begin.as_bytes(), &self.0, b"]}}}"] {
            out.extend_from_slice(part);
        }
    }
}

// Where the resource begins whose address ends at `end`, if there is nothing else between.
fn begin(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let begin = from + memmem::rfind(bytes.get(from..end)?, RESOURCE)?;
    let address = bytes.get(begin + RESOURCE.len() - 1..=end)?;
    serde_json::from_slice::<IgnoredAny>(address).is_ok().then_some(begin)
}

// The length of the object that begins there; it is read on to its end.
fn length<R: Read>(window: &mut Window<R>, begin: usize) -> io::Result<Option<usize>> {
    loop {
        let mut values = Deserializer::from_slice(window.bytes.get(begin..).unwrap_or_default()).into_iter();
        match values.next() {
            Some(Ok(IgnoredAny)) => return Ok(Some(values.byte_offset())),
            Some(Err(error)) if error.is_eof() => {}
            Some(Err(_)) | None => return Ok(None),
        }
        if !window.more()? {
            return Ok(None);
        }
    }
}
