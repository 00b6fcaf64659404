//! What can be wrong with an input file, and the sentences that say so. Nothing of a plan's content is in them.

use thiserror::Error;

const SHOW: &str = "terraform show -json PLAN > plan.json";

// Enough to recognise a file by, too little to give one away.
const QUOTED: usize = 40;

/// Why a file cannot be read: what was found and what to do next. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing, or only white space.
    #[error("the file is empty. Did the step that writes the plan fail? Write it with `{}`.", SHOW)]
    Empty,
    /// A zip archive, which is what `terraform plan -out` writes.
    #[error("this is a zip archive, probably the binary plan. Run `{}` and pass plan.json.", SHOW)]
    BinaryPlan,
    /// Compressed with gzip.
    #[error("the file is compressed with gzip. Unpack it first.")]
    Gzip,
    /// Neither text nor a known binary format.
    #[error("this is a binary file, not JSON. Write the plan with `{}`.", SHOW)]
    Binary,
    /// Text with terminal colours.
    #[error("this is coloured terminal text, probably the plan for people. Run `{}` and pass plan.json.", SHOW)]
    ColouredText,
    /// What `terraform plan` or `terraform show` without `-json` prints.
    #[error("this is the plan for people, not JSON. Run `{}` and pass plan.json.", SHOW)]
    HumanPlan,
    /// HTML or XML.
    #[error("this is a web page or XML, not JSON: perhaps an answer of a server that refused the download.")]
    Markup,
    /// Other text.
    #[error("this is text, not JSON{beginning}. Write the plan with `{}`.", SHOW)]
    PlainText {
        /// Empty, or "; it begins with …".
        beginning: String,
    },
    /// A JSON array.
    #[error("this is a JSON array, but a plan or state is an object. Pass its elements as files of their own.")]
    Array,
    /// The JSON ends before its last brace.
    #[error("the JSON ends too early, at line {line}, column {column}: the file is truncated. Write it again.")]
    Truncated {
        /// Line of the end.
        line: usize,
        /// Column of the end.
        column: usize,
    },
    /// No JSON any more, because a shell changed the encoding.
    #[error(
        "not JSON at line {line}, column {column}: a change of encoding has swallowed characters. \
         Write the file with `{}` in bash, cmd or PowerShell 7.4.",
        SHOW
    )]
    Reencoded {
        /// Line of the failure.
        line: usize,
        /// Column of the failure.
        column: usize,
    },
    /// Deeper than the parser goes.
    #[error("the JSON is nested deeper than 128 levels at line {line}, column {column}. Is it a plan?")]
    TooDeep {
        /// Line of the level that is too deep.
        line: usize,
        /// Column of the level that is too deep.
        column: usize,
    },
    /// JSON, but a value has another type than Terraform gives it.
    #[error(
        "the value at line {line}, column {column} has a type that Terraform never writes there. Write the file again."
    )]
    WrongType {
        /// Line of the value.
        line: usize,
        /// Column of the value.
        column: usize,
    },
    /// No JSON.
    #[error("not JSON at line {line}, column {column}: {cause}. Write the file with `{}`.", SHOW)]
    Malformed {
        /// Line of the failure.
        line: usize,
        /// Column of the failure.
        column: usize,
        /// What the parser says, without any content.
        cause: String,
    },
    /// A second JSON object follows.
    #[error("a second JSON object begins at line {line}, column {column}. Pass each in a file of its own.")]
    SeveralValues {
        /// Line of the second object.
        line: usize,
        /// Column of the second object.
        column: usize,
    },
    /// Other text follows the JSON.
    #[error(
        "there is more text behind the JSON, at line {line}, column {column}. Write only `{}` into the file.",
        SHOW
    )]
    ExtraData {
        /// Line of the text.
        line: usize,
        /// Column of the text.
        column: usize,
    },
    /// The file in which `terraform init` remembers the backend.
    #[error(
        "this is no state: `.terraform/terraform.tfstate` only remembers the backend. \
         Run `terraform state pull > state.json` and pass state.json."
    )]
    BackendPseudoState,
    /// Encrypted by OpenTofu.
    #[error("this state is encrypted. Export it with `tofu show -json > state.json` and pass state.json.")]
    EncryptedState,
    /// JSON of somebody else.
    #[error("this JSON is neither a plan nor a state: it has {keys}. Write the plan with `{}`.", SHOW)]
    UnknownJson {
        /// "no keys", or "the keys …".
        keys: String,
    },
}

impl InputError {
    /// Text that is no JSON, quoted up to where a value may begin. The rest of a plan that lost its beginning looks
    /// like JSON and is not quoted at all.
    pub(super) fn plain_text(text: &str) -> Self {
        let start = if text.contains("\":") { "" } else { text.lines().next().unwrap_or_default() };
        let quote = excerpt(start.split(['"', '{', '}', '[', '=', ':']).next().unwrap_or_default());
        let beginning = if quote.is_empty() { quote } else { format!("; it begins with `{quote}`") };
        Self::PlainText { beginning }
    }

    /// JSON that is nothing of Terraform's. Keys are no values, so they may be named.
    pub(super) fn unknown_json(keys: &[String]) -> Self {
        let names: Vec<String> = keys.iter().map(|key| excerpt(key)).collect();
        let keys = if names.is_empty() { "no keys".to_owned() } else { format!("the keys {}", names.join(", ")) };
        Self::UnknownJson { keys }
    }
}

// What cannot be printed is escaped: a terminal must not obey a file.
fn excerpt(text: &str) -> String {
    let printable = |c: char| if c == '\'' { c.to_string() } else { c.escape_debug().to_string() };
    text.trim().chars().take(QUOTED).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_short_and_obeys_nothing() {
        let cases = [
            ("hello", "; it begins with `hello`"),
            ("it's\u{7}\u{202e}", "; it begins with `it's\\u{7}\\u{202e}`"),
            ("two\nlines", "; it begins with `two`"),
            ("password=hunter2", "; it begins with `password`"),
            ("token: hunter2", "; it begins with `token`"),
            ("\"password\": \"hunter2\"", ""),
            ("hunter2\",\n\"username\": \"x\"", ""),
        ];
        for (text, beginning) in cases {
            assert_eq!(InputError::plain_text(text), InputError::PlainText { beginning: beginning.to_owned() });
        }
        let InputError::PlainText { beginning } = InputError::plain_text(&"x".repeat(1000)) else { panic!() };
        assert_eq!(beginning.matches('x').count(), QUOTED);
    }
}
