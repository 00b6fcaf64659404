//! Targets of tfaction: one line of JSON for a matrix, and a table for people.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::sanitise;
use crate::tfaction::targets::Target;

/// All on one line. What is hidden in a log, or could pass for a command there, is written as `\uXXXX`, which means the
/// same.
///
/// # Errors
///
/// Only what `out` reports.
pub fn json(targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string(targets)?;
    let mut shown = String::with_capacity(text.len());
    for char in text.replace("##[", r"\u0023#[").chars() {
        if sanitise::is_hidden(char) {
            // Outside of texts JSON has nothing of the kind, and all of these have four digits.
            let _ = write!(shown, r"\u{:04x}", u32::from(char));
        } else {
            shown.push(char);
        }
    }
    writeln!(out, "{shown}")
}

/// Target and directory, one a line.
///
/// # Errors
///
/// Only what `out` reports.
pub fn human(targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
    let width = targets.iter().map(|target| target.target.chars().count()).max().unwrap_or(0);
    for target in targets {
        let line = format!("{:width$}  {}", sanitise::line(&target.target), sanitise::line(&target.working_directory));
        writeln!(out, "{}", sanitise::log(&line))?;
    }
    Ok(())
}
