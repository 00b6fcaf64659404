//! Inputs that a test gives to the policies: those of the mock, then those of its file, then the defaults.

use std::sync::Arc;

use super::parse::Given;
use crate::expr::functions::nearest;
use crate::expr::{Expr, Fault, Kind};
use crate::policy::{Input, PolicyFile};
use crate::value::Value;

/// The file with these values in place of its defaults. Of one name the last one counts.
pub(super) fn with(file: &PolicyFile, given: &[&Given]) -> PolicyFile {
    let mut file = file.clone();
    for input in &mut file.inputs {
        if let Some(given) = given_to(input, given.iter().copied()) {
            let value = input.kind.convert(&given.value).ok();
            // What does not fit is told elsewhere; the default would say something else than the test.
            input.default = None;
            input.value = value.map(|value| value.mark(input.sensitive));
        }
    }
    file
}

/// The inputs of some policies. Of policies that share a name, the first counts.
pub(super) fn of(files: &[&PolicyFile]) -> Vec<Input> {
    let mut all: Vec<Input> = Vec::new();
    for input in inputs(files) {
        if all.iter().all(|known| known.name != input.name) {
            all.push(input.clone());
        }
    }
    all
}

/// What `input.x` is in a test that gives some values, the last of one name: what the policies get.
pub(super) fn settled(inputs: &[Input], given: &[Given]) -> Vec<(Arc<str>, Expr)> {
    let strange = given.iter().filter(|given| inputs.iter().all(|input| input.name != given.name));
    let strange = strange.map(|given| (given.name.clone(), given.value.clone(), given.span));
    let own = inputs.iter().filter_map(|input| {
        // What does not fit is told elsewhere.
        let converted = |given: &Given| input.kind.convert(&given.value).unwrap_or_else(|_| given.value.clone());
        let given = given_to(input, given.iter()).map(|given| converted(given).mark(input.sensitive));
        let value = given.or_else(|| input.value.clone()).or_else(|| input.fallback())?;
        Some((input.name.clone(), value, input.span))
    });
    let literal = |(name, value, span)| (name, Expr { kind: Kind::Literal(value), span });
    own.chain(strange).map(literal).collect()
}

// The last one of its name; null for an input that is never null is no value.
fn given_to<'g>(input: &Input, mut given: impl DoubleEndedIterator<Item = &'g Given>) -> Option<&'g Given> {
    let last = given.rfind(|given| given.name == input.name);
    last.filter(|given| input.nullable || !matches!(given.value, Value::Null))
}

/// Inputs that no policy of the test asks for (a typing error would go unseen), and values of another type.
pub(super) fn faults(files: &[&PolicyFile], given: &[&Given]) -> Vec<Fault> {
    let known = |name: &str| inputs(files).any(|input| *input.name == *name);
    let strange = given.iter().filter(|given| !known(&given.name));
    let misfits = given.iter().filter_map(|given| {
        let mut asked = inputs(files).filter(|input| input.name == given.name);
        let misfit = asked.find_map(|input| input.kind.convert(&given.value).err());
        misfit
            .map(|message| *Fault::new(given.span, format!("the value of \"{}\" does not fit: {message}", given.name)))
    });
    strange
        .map(|given| {
            let near = nearest(&given.name, inputs(files).map(|input| &*input.name));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let message = format!("no policy of this test has an input \"{}\"{hint}", given.name);
            *Fault::new(given.span, message)
        })
        .chain(misfits)
        .collect()
}

fn inputs<'f>(files: &'f [&'f PolicyFile]) -> impl Iterator<Item = &'f Input> {
    files.iter().flat_map(|file| &file.inputs)
}
