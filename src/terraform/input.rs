//! What an input file is, found out from its content: the step before anything is read from it.
//!
//! A file may come from a shell that changed its encoding, from a step that wrapped it in its own output, or may not be
//! JSON at all. [`decode()`] makes clean text of the bytes, [`Text::body`] gives the JSON or says what the file is
//! instead, [`classify`] tells a plan from the kinds of state by the keys of the top level (spec/plan-json.md 1).
//!
//! The JSON itself is parsed elsewhere and once: a plan may be hundreds of megabytes on one line. The reader runs a
//! `serde_json::StreamDeserializer` over [`Text::body`], takes one value, and then asks [`Text::check_tail`] about the
//! rest, or [`Text::json_error`] about a failure. No message ever quotes JSON, because plans hold secrets.

use std::fmt;

use serde_json::error::Category;

mod decode;
mod error;
mod kind;
pub mod skim;

use decode::Decoded;
pub use error::InputError;
pub use kind::{Facts, Kind, classify};

// How much of a text without JSON is looked at to say what it is.
const HEAD: usize = 64 * 1024;

// A broken quote is noticed at the next one, which is the next key or value: not far behind.
const DAMAGE_WINDOW: usize = 1024;

// What the plan written for people says near its top, in all versions of Terraform and OpenTofu.
const PLAN_PHRASES: [&str; 7] = [
    "used the selected providers to generate the following execution plan",
    "An execution plan has been generated",
    "will perform the following actions",
    "Resource actions are indicated with the following symbols",
    "Your infrastructure matches the configuration",
    "Objects have changed outside of",
    "Refreshing state...",
];

/// A file's text, decoded, with the place where its JSON begins.
pub struct Text {
    decoded: Decoded,
    // Where the JSON begins in `decoded.text()`.
    body: Result<usize, InputError>,
    notes: Vec<Note>,
    is_cut: bool,
}

/// Something that was put right on the way and that the user should put right at the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Note {
    /// The output of setup-terraform's wrapper stood around the JSON.
    Wrapper,
    /// Other text stood before the JSON.
    Preamble,
    /// Bytes that are no text in the file's encoding became U+FFFD (`?` in large files).
    DamagedEncoding,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wrapper => {
                "skipped the lines that setup-terraform wrote around the JSON: set `terraform_wrapper: false`"
            }
            Self::Preamble => "skipped the text before the JSON: write nothing else into the file",
            Self::DamagedEncoding => "the file's encoding is damaged: some characters in names and messages are lost",
        })
    }
}

// Without the text: plans hold secrets, and a debug line ends up in a log.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("body", &self.body).field("notes", &self.notes).finish_non_exhaustive()
    }
}

/// Makes text of a file's bytes and finds the JSON in it.
///
/// Never fails: what is wrong with the file is the answer of [`Text::body`]. Valid UTF-8 is not copied, UTF-16 is
/// rewritten in its own buffer; no file takes more than one and a half times its size and 20 MB.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> Text {
    let (decoded, body) = match decode::decode(bytes) {
        Ok(decoded) => {
            let body = find_body(decoded.text());
            (decoded, body)
        }
        Err(refusal) => (Decoded::default(), Err(refusal)),
    };
    let front = body.as_ref().ok().and_then(|at| decoded.text().get(..*at)).and_then(note_on_front);
    let damage = decoded.damaged.then_some(Note::DamagedEncoding);
    let notes = front.into_iter().chain(damage).collect();
    Text { decoded, body, notes, is_cut: false }
}

impl Text {
    /// The text of a plan that was read past its planned values ([`skim`]).
    #[must_use]
    pub fn cut(self) -> Self {
        Self { is_cut: true, ..self }
    }

    /// Whether the file was read past its planned values. If such a text is no JSON, the whole file is to be read before
    /// anything is said of it.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The text from the first brace of the JSON to the end of the file. What stands behind the JSON is still there:
    /// see [`Text::check_tail`].
    ///
    /// # Errors
    ///
    /// Says what the file is when it holds no JSON object.
    pub fn body(&self) -> Result<&str, InputError> {
        match &self.body {
            Ok(at) => Ok(self.decoded.text().get(*at..).unwrap_or_default()),
            Err(refusal) => Err(refusal.clone()),
        }
    }

    /// What was put right. The tail may add one more: see [`Text::check_tail`].
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Judges what follows the first JSON value. `consumed` is the `byte_offset` of the deserializer in
    /// [`Text::body`], `kind` what the value turned out to be.
    ///
    /// White space is fine, and so is the wrapper's output, which gives a note when [`Text::notes`] has none yet. A
    /// kind that may hold several values ([`Kind::holds_several`]) has its rest read by its own reader.
    ///
    /// # Errors
    ///
    /// Anything else is an error at its line and column.
    pub fn check_tail(&self, consumed: usize, kind: &Kind) -> Result<Option<Note>, InputError> {
        let rest = self.body()?.get(consumed..).unwrap_or_default();
        let tail = rest.trim_start();
        if tail.is_empty() {
            return Ok(None);
        }
        if is_wrapper_tail(tail) {
            return Ok((!self.notes.contains(&Note::Wrapper)).then_some(Note::Wrapper));
        }
        if kind.holds_several() {
            return Ok(None);
        }
        let (line, column) = self.position(consumed + rest.len() - tail.len());
        if tail.starts_with('{') {
            return Err(InputError::SeveralValues { line, column });
        }
        Err(InputError::ExtraData { line, column })
    }

    /// Explains why [`Text::body`] did not parse. `error` must come from parsing the body, not a part of it: its
    /// line and column are turned into those of the file.
    #[must_use]
    pub fn json_error(&self, error: &serde_json::Error) -> InputError {
        let offset = self.offset(error.line(), error.column());
        let (line, column) = self.position(offset);
        let message = error.to_string();
        let cause = message.rsplit_once(" at line ").map_or(message.as_str(), |(cause, _)| cause);
        match error.classify() {
            Category::Eof => InputError::Truncated { line, column },
            // The message of a wrong type quotes the value, which may be a secret.
            Category::Data => InputError::WrongType { line, column },
            _ if cause == "recursion limit exceeded" => InputError::TooDeep { line, column },
            _ if self.is_damaged_before(offset) => InputError::Reencoded { line, column },
            _ => InputError::Malformed { line, column, cause: cause.to_owned() },
        }
    }

    // A place that serde_json names, as an offset in the body. Its columns count bytes.
    fn offset(&self, line: usize, column: usize) -> usize {
        let body = self.body().unwrap_or_default();
        let line_start = match line.checked_sub(2) {
            None => 0,
            Some(breaks) => body.match_indices('\n').nth(breaks).map_or(body.len(), |(at, _)| at + 1),
        };
        line_start.saturating_add(column.saturating_sub(1))
    }

    // Line and column in the file of an offset in the body, both from 1, the column in characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let lines = self.before(offset).split(|byte| *byte == b'\n');
        let (line, last) = lines.fold((0, [].as_slice()), |(count, _), line| (count + 1, line));
        (line, last.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count() + 1)
    }

    // A shell that read UTF-8 in a code page and wrote it again takes a quote for half of a character.
    fn is_damaged_before(&self, offset: usize) -> bool {
        let before = self.before(offset);
        let window = before.get(before.len().saturating_sub(DAMAGE_WINDOW)..).unwrap_or_default();
        self.decoded.damaged
            || self.decoded.was_utf16 && !window.is_ascii()
            || String::from_utf8_lossy(window).contains(char::REPLACEMENT_CHARACTER)
    }

    fn before(&self, offset: usize) -> &[u8] {
        let text = self.decoded.text().as_bytes();
        let end = self.body.as_ref().map_or(0, |at| at.saturating_add(offset));
        text.get(..end).unwrap_or(text)
    }
}

fn find_body(text: &str) -> Result<usize, InputError> {
    // A file that was decoded and encoded twice has a second byte order mark.
    let content = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let blank = text.len() - content.len();
    if content.is_empty() {
        return Err(InputError::Empty);
    }
    if content.starts_with('{') {
        return Ok(blank);
    }
    if is_array(content) {
        return Err(InputError::Array);
    }
    if is_markup(content) {
        return Err(InputError::Markup);
    }
    content.find("\n{").map(|at| blank + at + 1).ok_or_else(|| describe(head(content)))
}

// Not the `[command]` of the wrapper, nor a log line such as `[INFO] …` or `[2026-01-31 …`.
fn is_array(content: &str) -> bool {
    content.strip_prefix('[').is_some_and(|inside| inside.trim_start().starts_with(['{', '[', '"', ']']))
}

fn is_markup(content: &str) -> bool {
    ["<!doctype", "<html", "<?xml"]
        .iter()
        .any(|tag| content.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)))
}

fn describe(head: &str) -> InputError {
    if head.contains("\u{1b}[") {
        InputError::ColouredText
    } else if PLAN_PHRASES.iter().any(|phrase| head.contains(phrase)) {
        InputError::HumanPlan
    } else {
        InputError::plain_text(head)
    }
}

// The first characters, cut between two of them.
fn head(text: &str) -> &str {
    (0..4).find_map(|back| text.get(..HEAD - back)).unwrap_or(text)
}

fn note_on_front(front: &str) -> Option<Note> {
    let front = front.trim_start_matches('\u{feff}');
    if front.trim().is_empty() {
        return None;
    }
    let wrapped = head(front).lines().any(|line| line.starts_with("[command]") || is_workflow_command(line));
    Some(if wrapped { Note::Wrapper } else { Note::Preamble })
}

// setup-terraform ends the JSON with an escaped line break and sets its outputs on the lines that follow.
fn is_wrapper_tail(tail: &str) -> bool {
    tail.starts_with("%0A") || tail.lines().all(|line| line.trim().is_empty() || is_workflow_command(line))
}

fn is_workflow_command(line: &str) -> bool {
    line.trim_start().strip_prefix("::").is_some_and(|command| command.starts_with(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;
    use serde_json::Value;

    use super::*;

    // What a reader does: one value, then the tail.
    fn read(text: &Text, kind: &Kind) -> Result<(Value, Option<Note>), InputError> {
        let mut values = serde_json::Deserializer::from_str(text.body()?).into_iter();
        let value = values.next().unwrap().map_err(|error| text.json_error(&error))?;
        Ok((value, text.check_tail(values.byte_offset(), kind)?))
    }

    fn failure(file: impl Into<Vec<u8>>) -> InputError {
        read(&decode(file.into()), &Kind::Plan).unwrap_err()
    }

    #[test]
    fn clean_files_give_no_note() {
        for file in ["{\"a\":1}", "\u{feff}{\"a\":1}\r\n", "\n  {\r\n\"a\": 1\r\n}\n\n", "\u{feff}\u{feff}{\"a\":1}"] {
            let text = decode(file.into());
            assert_eq!(text.notes(), [], "{file:?}");
            assert_eq!(read(&text, &Kind::Plan), Ok((serde_json::json!({"a": 1}), None)), "{file:?}");
        }
    }

    #[test]
    fn the_wrapper_of_setup_terraform_is_stripped() {
        let front = "[command]/home/runner/work/_temp/1/terraform-bin show -json plan.tfplan\n";
        let tail = "%0A\n::set-output name=stderr::\n::set-output name=exitcode::0\n";
        for (file, notes, more) in [
            (format!("{front}{{\"a\":1}}{tail}"), vec![Note::Wrapper], None),
            (format!("{front}{{\"a\":1}}\n\n::debug::Terraform exited with code 0.\n"), vec![Note::Wrapper], None),
            (format!("::debug::x\r\n{front}{{\"a\":1}}\r\n"), vec![Note::Wrapper], None),
            (format!("{{\"a\":1}}{tail}"), vec![], Some(Note::Wrapper)),
            ("{\"a\":1}\n::set-output name=exitcode::0".to_owned(), vec![], Some(Note::Wrapper)),
            ("Warning: {\n{\"a\":1}".to_owned(), vec![Note::Preamble], None),
            ("[INFO] x\n{\"a\":1}".to_owned(), vec![Note::Preamble], None),
        ] {
            let text = decode(file.clone().into());
            assert_eq!(text.notes(), notes, "{file}");
            assert_eq!(read(&text, &Kind::Plan), Ok((serde_json::json!({"a": 1}), more)), "{file}");
        }
        assert!(Note::Wrapper.to_string().contains("terraform_wrapper: false"));
    }

    #[test]
    fn damage_is_noted_once() {
        let text = decode(b"x\n{\"a\":\"\xff\xff\"}".to_vec());
        assert_eq!(text.notes(), [Note::Preamble, Note::DamagedEncoding]);
        assert_eq!(text.body(), Ok("{\"a\":\"\u{fffd}\u{fffd}\"}"));
    }

    #[test]
    fn what_is_no_json_is_named() {
        let plain = |beginning: &str| InputError::PlainText { beginning: beginning.to_owned() };
        let cases: [(&[u8], InputError); 19] = [
            (b"", InputError::Empty),
            (b" \r\n\t", InputError::Empty),
            (b"\xef\xbb\xbf", InputError::Empty),
            (b"\xff\xfe", InputError::Empty),
            (b"\xff\xfe\r\0\n\0", InputError::Empty),
            (b"PK\x03\x04\x14\0", InputError::BinaryPlan),
            (b"\x1f\x8b\x08", InputError::Gzip),
            (b"\x7fELF\x02", InputError::Binary),
            (b"\n\x1b[0m\x1b[1maws_x.y: Refreshing state...", InputError::ColouredText),
            (b"\nTerraform will perform the following actions:\n\n  # aws_x.y", InputError::HumanPlan),
            (b"No changes. Your infrastructure matches the configuration.", InputError::HumanPlan),
            (b"<!DOCTYPE html>\n<style>\n{", InputError::Markup),
            (b"<HTML><body>", InputError::Markup),
            (b"<?xml version=\"1.0\"?><Error>", InputError::Markup),
            (b"[ {\"a\":1}]", InputError::Array),
            (b"[]", InputError::Array),
            (b"[command]/bin/terraform show -json", plain("")),
            (b"Hello\nworld", plain("; it begins with `Hello`")),
            (b"hunter2\",\"user\":\"x\"}", plain("")),
        ];
        for (file, error) in cases {
            assert_eq!(decode(file.to_vec()).body(), Err(error), "{}", file.escape_ascii());
        }
    }

    #[test]
    fn what_follows_the_json_is_judged() {
        for (file, error) in [
            ("{\"a\":1}{\"b\":2}", InputError::SeveralValues { line: 1, column: 8 }),
            ("x\r\n{\"a\":\"é\"}\r\n {\"b\":2}", InputError::SeveralValues { line: 3, column: 2 }),
            ("{\"a\":\"é\"} }", InputError::ExtraData { line: 1, column: 11 }),
            ("{}\nError: x", InputError::ExtraData { line: 2, column: 1 }),
            ("{}\n::set-output name=a::b\nx", InputError::ExtraData { line: 2, column: 1 }),
            ("{}\n::1", InputError::ExtraData { line: 2, column: 1 }),
        ] {
            assert_eq!(failure(file), error, "{file}");
        }
    }

    #[test]
    fn a_log_and_pages_may_hold_several_values() {
        let text = decode(b"{\"@level\":\"info\",\"@message\":\"x\"}\n{\"@level\":".to_vec());
        assert!(read(&text, &Kind::MachineLog).is_ok());
        assert!(read(&text, &Kind::Other(Vec::new())).is_ok());
        assert!(read(&text, &Kind::RawState).is_err());
    }

    #[test]
    fn broken_json_is_explained_at_its_place_in_the_file() {
        let malformed = |line, column, cause: &str| InputError::Malformed { line, column, cause: cause.to_owned() };
        let deep = format!("{{\"a\":{}", "[".repeat(200));
        for (file, error) in [
            ("{\"a\":[1,", InputError::Truncated { line: 1, column: 8 }),
            ("{\r\n\"a\": \"x", InputError::Truncated { line: 2, column: 7 }),
            (deep.as_str(), InputError::TooDeep { line: 1, column: 132 }),
            ("{\"a\" 1}", malformed(1, 6, "expected `:`")),
            ("[command]x\n{\"a\":\n  \"é\" 1}", malformed(3, 7, "expected `,` or `}`")),
            ("\n  {\"a\":x}", malformed(2, 8, "expected value")),
            ("{\"a\":\"\u{fffd}, \"b\":1}", InputError::Reencoded { line: 1, column: 11 }),
        ] {
            assert_eq!(failure(file), error, "{file}");
        }
    }

    #[test]
    fn a_quote_swallowed_by_a_code_page_is_recognised() {
        let file: Vec<u8> = "{\"a\":\"譌･譛ｬ, \"b\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xff\xfe".to_vec(), file].concat();
        assert!(matches!(failure(marked), InputError::Reencoded { line: 1, .. }));
        assert!(matches!(failure("{\"a\":\"日本, \"b\":1}"), InputError::Malformed { .. }));
    }

    #[test]
    fn a_wrong_type_does_not_give_the_value_away() {
        let text = decode(b"{\n\"a\":\"hunter2\"}".to_vec());
        let parsed = serde_json::from_str::<std::collections::BTreeMap<String, u64>>(text.body().unwrap());
        let error = text.json_error(&parsed.unwrap_err());
        assert_eq!(error, InputError::WrongType { line: 2, column: 13 });
        assert!(!format!("{error} {error:?} {text:?}").contains("hunter2"));
    }

    #[test]
    fn a_long_line_is_not_copied_into_the_message() {
        let error = failure("x".repeat(1_000_000));
        assert!(error.to_string().len() < 200, "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, like in "[command\\]{}\"\u{feff}é%0A:\n\r ]{0,40}") {
            for file in [bytes, like.clone().into_bytes(), like.encode_utf16().flat_map(u16::to_be_bytes).collect()] {
                let text = decode(file);
                if let Ok(body) = text.body() {
                    prop_assert_eq!(body.chars().next(), Some('{'));
                    let mut values = serde_json::Deserializer::from_str(body).into_iter::<IgnoredAny>();
                    if let Some(Err(error)) = values.next() {
                        let _ = text.json_error(&error);
                    }
                    let _ = text.check_tail(values.byte_offset(), &Kind::Plan);
                }
            }
        }

        #[test]
        fn no_place_makes_it_panic(line: usize, column: usize, consumed: usize) {
            let text = decode("x\n{\"é\":\n1}".into());
            let _ = text.position(text.offset(line, column));
            let _ = text.check_tail(consumed, &Kind::Plan);
        }
    }
}
