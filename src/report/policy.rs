//! What the `policy` commands print: lists and pages of policies, results of tests, faults in files.
//!
//! As for the other reports: plain data in, bytes out, nothing decided here. One file a form: [`list`], [`page`] (a
//! terminal), [`markdown`], [`json`], [`results`], [`junit`], [`faults`].

use std::fmt;
use std::io::{self, Write};

use crate::report::human::text::harmless;

pub mod faults;
pub mod json;
pub mod junit;
pub mod list;
pub mod markdown;
pub mod page;
pub mod results;

/// Writes what `draw` draws, without lines that a runner would take for commands.
fn print(out: &mut dyn Write, draw: impl FnOnce(&mut String) -> fmt::Result) -> io::Result<()> {
    let mut text = String::new();
    draw(&mut text).map_err(io::Error::other)?;
    out.write_all(harmless(&text).as_bytes())
}
