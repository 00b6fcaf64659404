//! Inputs that a test gives to the policies: those of the mock, then those of its file, then the defaults.

use super::parse::Given;
use crate::expr::Fault;
use crate::expr::functions::nearest;
use crate::policy::{Input, PolicyFile};

/// The file with these values in place of its defaults. Of one name the last one counts.
pub(super) fn with(file: &PolicyFile, given: &[&Given]) -> PolicyFile {
    let mut file = file.clone();
    for input in &mut file.inputs {
        if let Some(given) = given.iter().rev().find(|given| given.name == input.name) {
            input.default = Some(given.value.clone());
        }
    }
    file
}

/// Inputs that no policy of the test asks for: a typing error would go unseen.
pub(super) fn strangers(files: &[&PolicyFile], given: &[&Given]) -> Vec<Fault> {
    let known = |name: &str| inputs(files).any(|input| *input.name == *name);
    let strange = given.iter().filter(|given| !known(&given.name));
    strange
        .map(|given| {
            let near = nearest(&given.name, inputs(files).map(|input| &*input.name));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let message = format!("no policy of this test has an input \"{}\"{hint}", given.name);
            *Fault::new(given.span, message)
        })
        .collect()
}

fn inputs<'f>(files: &'f [&'f PolicyFile]) -> impl Iterator<Item = &'f Input> {
    files.iter().flat_map(|file| &file.inputs)
}
