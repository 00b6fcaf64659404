//! The outputs of a step of GitHub Actions: `$GITHUB_OUTPUT` (`spec/ci-integration.md` 4.4).

use crate::io::{self, Environment, FileError};

/// Adds outputs for later steps. Without the variable nothing is written.
pub(super) fn write(environment: &Environment, outputs: &[(&str, String)]) -> Result<(), FileError> {
    let Some(path) = &environment.github_output else { return Ok(()) };
    let text: String = outputs.iter().map(|(name, value)| output(name, value, io::random_bits)).collect();
    io::append_file(path, text.as_bytes())
}

// Between two lines that do not occur in the value, so that no value can become an output of its own.
fn output(name: &str, value: &str, mut bits: impl FnMut() -> String) -> String {
    loop {
        let end = format!("planfit_{}", bits());
        if !value.contains(&end) {
            return format!("{name}<<{end}\n{value}\n{end}\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn the_end_of_a_value_is_not_in_it() {
        let mut ends = ["0", "1"].into_iter();
        let text = output("a", "x\nplanfit_0\nb=c", || ends.next().unwrap().to_owned());
        assert_eq!(text, "a<<planfit_1\nx\nplanfit_0\nb=c\nplanfit_1\n");
    }
}
