//! Which names sound like a secret (`policies/secret_names.csv`). Which arguments are sensitive says the schema of a
//! provider, and that stands neither in the source nor in the `configuration` of a plan.

use super::facts::{TableError, rows};

/// Words in the names of what must not be shown.
#[derive(Debug, Default)]
pub struct SecretNames(Vec<Box<str>>);

impl SecretNames {
    /// Reads the table: a word a line.
    ///
    /// # Errors
    ///
    /// The first line that is no word, and a table without any: nothing would be hidden.
    pub(super) fn read(table: &str) -> Result<Self, TableError> {
        let error = |line, reason| TableError::new("secret_names.csv", line, reason);
        let mut words = Vec::new();
        for (line, row) in rows(table) {
            match row.as_slice() {
                [word] if !word.is_empty() && *word == word.to_ascii_lowercase() => {
                    words.push(Box::from(word.as_ref()));
                }
                _ => return Err(error(line, "this is no word in small letters")),
            }
        }
        if words.is_empty() { Err(error(1, "there is no word")) } else { Ok(Self(words)) }
    }

    /// Whether an argument of a module or of a provider is hidden: its name has one of the words in it, because people
    /// choose such names freely.
    #[must_use]
    pub fn hide_argument(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.0.iter().any(|word| name.contains(&**word))
    }

    /// Whether an attribute of an object is hidden: its name ends in one of the words. `secret_arn` and `token_validity`
    /// say where a secret is or how long it lasts, which policies may show.
    #[must_use]
    pub fn hide_attribute(&self, name: &str) -> bool {
        self.0.iter().any(|word| name.ends_with(&**word))
    }
}

#[cfg(test)]
mod tests {
    use super::SecretNames;

    #[test]
    fn arguments_are_hidden_by_a_word_in_their_name_and_attributes_by_its_end() {
        let names = SecretNames::read("word\npassword\napi_key\n").unwrap();
        for (name, argument, attribute) in [
            ("master_password", true, true),
            ("MASTER_PASSWORD", true, false),
            ("password_length", true, false),
            ("datadog_api_key", true, true),
            ("key", false, false),
        ] {
            assert_eq!((names.hide_argument(name), names.hide_attribute(name)), (argument, attribute), "{name}");
        }
    }

    #[test]
    fn a_table_that_hides_nothing_is_refused() {
        for (table, message) in [
            ("word\n", "secret_names.csv, line 1: there is no word"),
            ("word\nToken\n", "secret_names.csv, line 2: this is no word in small letters"),
            ("word\ntoken,x\n", "secret_names.csv, line 2: this is no word in small letters"),
        ] {
            assert_eq!(SecretNames::read(table).unwrap_err().to_string(), message);
        }
    }
}
