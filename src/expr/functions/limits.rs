//! What a function may make at most (`spec/policy-language.md` 4.4): past a bound the result is an error that names it.

use crate::expr::composed;
use crate::value::Value;

/// Bytes of a text: as much as the largest file that is read (`source::hcl::MAX_FILE_SIZE`).
pub(super) const MAX_TEXT: usize = 16 << 20;

/// Members of a list or map: ten times the objects of the largest plans that were seen.
pub(super) const MAX_MEMBERS: usize = 1 << 20;

/// Values in an argument that is looked at as a whole. Lists that hold one list several times are small in memory and
/// endless to walk through.
const MAX_WEIGHT: usize = 10 * MAX_MEMBERS;

/// Bytes of a compiled regular expression: a quarter of what the engine allows by itself; a list of 1,000 names takes
/// a fifth of it.
pub(super) const MAX_PATTERN: usize = 2_500_000;

/// Columns that a width or a precision of `format` asks for: no line of a report is longer.
pub(super) const MAX_WIDTH: usize = 10_000;

/// Members that `range` makes, as in Terraform.
pub(super) const MAX_RANGE: usize = 1024;

/// A text that grows no further than [`MAX_TEXT`].
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn push(&mut self, piece: &str) -> Result<(), String> {
        if self.0.len() + piece.len() > MAX_TEXT {
            return Err(text_too_long());
        }
        self.0.push_str(piece);
        Ok(())
    }

    pub(super) fn repeat(&mut self, piece: &str, times: usize) -> Result<(), String> {
        if piece.len().saturating_mul(times) > MAX_TEXT {
            return Err(text_too_long());
        }
        (0..times).try_for_each(|_| self.push(piece))
    }

    pub(super) fn into_value(self) -> Value {
        Value::String(composed::shared(self.0))
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

pub(super) fn text_too_long() -> String {
    format!("the text would be longer than {} MiB", MAX_TEXT >> 20)
}

/// The text as a value, if it is within the bound.
pub(super) fn text(text: String) -> Result<Value, String> {
    if text.len() > MAX_TEXT { Err(text_too_long()) } else { Ok(Value::String(composed::shared(text))) }
}

/// Whether a value can be walked through.
pub(in crate::expr) fn weigh(value: &Value) -> Result<(), String> {
    let mut budget = MAX_WEIGHT;
    if walk(value, &mut budget) { Ok(()) } else { Err(format!("an argument holds more than {MAX_WEIGHT} values")) }
}

fn walk(value: &Value, budget: &mut usize) -> bool {
    let Some(rest) = budget.checked_sub(1) else { return false };
    *budget = rest;
    match value {
        Value::List(items) => items.iter().all(|item| walk(item, budget)),
        Value::Object(object) => object.iter().all(|(_, item)| walk(item, budget)),
        Value::Sensitive(inner) | Value::Maybe(inner) => walk(inner, budget),
        _ => true,
    }
}

/// Whether so many members may be made.
pub(super) fn members(count: usize) -> Result<(), String> {
    if count > MAX_MEMBERS {
        return Err(format!("the list would have more than {MAX_MEMBERS} members"));
    }
    Ok(())
}
