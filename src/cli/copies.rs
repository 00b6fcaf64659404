//! Which inputs are older copies of another one: raw states of one lineage with a lower serial
//! (`spec/plan-json.md` 6.2). Judged together, they would report what is long put right.

use std::collections::BTreeMap;

use crate::io;
use crate::terraform::document::{self, NoChanges};

/// A raw state among the inputs.
struct Copy {
    input: usize,
    serial: u64,
}

/// The inputs that another one replaces: by their number, the number of the newest and both serials.
pub(super) fn older(paths: &[String]) -> BTreeMap<usize, (usize, u64, u64)> {
    let mut lineages: BTreeMap<String, Vec<Copy>> = BTreeMap::new();
    // One input has no copy, and standard input can be read once only.
    let several = paths.iter().enumerate().filter(|(_, path)| paths.len() > 1 && *path != "-");
    for (input, path) in several {
        if let Some((lineage, serial)) = lineage(path) {
            lineages.entry(lineage).or_default().push(Copy { input, serial });
        }
    }
    let mut older = BTreeMap::new();
    for copies in lineages.values() {
        // Of equal ones the first counts.
        let newest = copies.iter().rev().max_by_key(|copy| copy.serial);
        let Some(newest) = newest else { continue };
        let others = copies.iter().filter(|copy| copy.input != newest.input);
        older.extend(others.map(|copy| (copy.input, (newest.input, copy.serial, newest.serial))));
    }
    older
}

// What cannot be read is reported when it is judged.
fn lineage(path: &str) -> Option<(String, u64)> {
    let text = io::read_input(path).ok()?;
    let (document, _) = document::read(&text, &mut NoChanges).ok()?;
    let lineage = document.lineage.filter(|lineage| !lineage.is_empty())?;
    Some((lineage.0.into_owned(), document.serial?))
}
