//! What the documents in JUnit's format share: how they become text.

use std::io;

use quick_junit::Report;

/// The document as the schema of Jenkins has it, which other readers follow: what is skipped is counted by each suite and
/// not at the root. Characters that XML forbids are dropped.
pub(super) fn text(document: &Report) -> io::Result<String> {
    let text = document.to_string().map_err(io::Error::other)?;
    // Before it stand only a name and a number, both ours.
    let text = text.replacen(&format!(" skipped=\"{}\"", document.skipped), "", 1);
    // quick-junit drops control characters; these two are left.
    let is_forbidden = |ch| matches!(ch, '\u{fffe}' | '\u{ffff}');
    Ok(if text.contains(is_forbidden) { text.replace(is_forbidden, "") } else { text })
}
