//! JUnit against the schema that its readers share (`tests/schemas`).

use uppsala::{XsdValidator, parse};

/// What is wrong with a document.
pub(crate) fn faults(document: &str) -> Vec<String> {
    let schema = parse(include_str!("../schemas/junit-10.xsd")).unwrap();
    let schema = XsdValidator::from_schema(&schema).unwrap();
    match parse(document) {
        Ok(document) => schema.validate(&document).iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[track_caller]
pub(crate) fn keeps_to_the_schema(document: &str, what: &str) {
    let faults = faults(document);
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}
