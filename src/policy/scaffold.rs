//! The text that a new policy starts from.
//!
//! It loads, its examples pass, and every sentence in it says what belongs in its place. It is about `terraform_data`,
//! which belongs to Terraform itself.

/// How long the parts of a name may be: they become the name of a file.
const LONGEST: usize = 100;

/// A policy to be: its category and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPolicy {
    /// The directory.
    pub category: String,
    /// The id, which names the problem.
    pub id: String,
}

impl NewPolicy {
    /// Reads `CATEGORY/ID`.
    ///
    /// # Errors
    ///
    /// What is wrong with the name, and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let advice = "a policy is named CATEGORY/ID, as in multi_az/database_without_standby";
        let (category, id) = text.split_once('/').ok_or_else(|| format!("\"{text}\" has no category: {advice}"))?;
        for (what, name) in [("category", category), ("id", id)] {
            if let Some(problem) = problem(name) {
                return Err(format!("the {what} \"{name}\" {problem}; {advice}"));
            }
        }
        Ok(Self { category: category.to_owned(), id: id.to_owned() })
    }

    /// The file below the directory of the policies.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}.policy.hcl", self.category, self.id)
    }

    /// The text of the file, formatted as `terraform fmt` does.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { category, id } = self;
        format!(
            r#"# Say in one paragraph why the problem matters: who loses what, and when.
resource_policy "terraform_data" "{id}" {{
  title             = "Say the problem in a few words"
  category          = "{category}"
  severity          = "medium"
  references        = ["A document that says so"]
  enforcement_level = "mandatory_overridable"

  docs {{
    why = "Say what happens, and to whom, when this stays as it is."
    fix = "Say what to change, and what to look out for."
  }}

  # What must hold. A filter, if there is one, says whom it concerns.
  enforce {{
    condition     = core::try(attrs.input, null) != null
    at            = attrs.input
    error_message = "${{meta.address}} has no input."
  }}

  option "set_input" {{
    title    = "Set input"
    merits   = ["what is gained"]
    demerits = ["what it costs"]
    downtime = "none"
    effort   = "S"
  }}

  pass "with_input" {{
    resource "terraform_data" "main" {{
      input = "a value"
    }}
  }}

  fail "without_input" {{
    resource "terraform_data" "main" {{
      triggers_replace = "another value"
    }}
  }}
}}
"#
        )
    }
}

fn problem(name: &str) -> Option<&'static str> {
    let is_known = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == '_';
    if name.is_empty() {
        Some("is empty")
    } else if name.len() > LONGEST {
        Some("is too long")
    } else if !name.starts_with(|ch: char| ch.is_ascii_lowercase()) {
        Some("does not start with a small letter")
    } else if !name.chars().all(is_known) {
        Some("has other characters than small letters, digits and _")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_category_and_an_id() {
        assert_eq!(NewPolicy::parse("a/b_2").unwrap().path(), "a/b_2.policy.hcl");
        for wrong in ["a", "a/", "/b", "a/b/c", "A/b", "a/2b", "a/b-c", "a/..", "../b", "a/b c"] {
            assert!(NewPolicy::parse(wrong).unwrap_err().contains("CATEGORY/ID"), "{wrong}");
        }
        assert!(NewPolicy::parse(&format!("a/{}", "b".repeat(101))).is_err());
    }
}
