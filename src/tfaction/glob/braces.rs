//! Braces: `{a,b}` is one or the other, `{1..3}` and `{a..c}` are all between. They are written out before anything else.
//!
//! Braces without a comma or a range, those that are not closed, and `${…}` stand for themselves.

/// Patterns that one may stand for.
const MAX_PATTERNS: usize = 10_000;

/// All patterns that one stands for, in the order in which they are written.
pub(super) fn expand(pattern: &str) -> Result<Vec<String>, String> {
    let chars: Vec<char> = pattern.chars().collect();
    whole(&chars)
}

fn whole(chars: &[char]) -> Result<Vec<String>, String> {
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        let end = if *char == '{' { closing(chars, at) } else { None };
        let body = end.and_then(|end| chars.get(at + 1..end)).unwrap_or_default();
        let is_variable = at > 0 && chars.get(at - 1) == Some(&'$');
        let (texts, next) = match end {
            Some(end) if is_variable => (vec![chars.get(at..=end).unwrap_or_default().iter().collect()], end + 1),
            Some(end) => match alternatives(body)? {
                Some(texts) => (texts, end + 1),
                None => (vec!["{".to_owned()], at + 1),
            },
            None if *char == '\\' => {
                let escaped = chars.get(at..(at + 2).min(chars.len())).unwrap_or_default();
                (vec![escaped.iter().collect()], at + 2)
            }
            None => (vec![char.to_string()], at + 1),
        };
        found = product(&found, &texts)?;
        at = next;
    }
    Ok(found)
}

fn product(before: &[String], texts: &[String]) -> Result<Vec<String>, String> {
    if before.len().saturating_mul(texts.len()) > MAX_PATTERNS {
        return Err(format!("its braces stand for more than {MAX_PATTERNS} patterns"));
    }
    Ok(before.iter().flat_map(|before| texts.iter().map(move |text| format!("{before}{text}"))).collect())
}

// Where the brace at `open` is closed.
fn closing(chars: &[char], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(char) = chars.get(at) {
        match char {
            '\\' => at += 1,
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

fn alternatives(body: &[char]) -> Result<Option<Vec<String>>, String> {
    if let Some(range) = range(&body.iter().collect::<String>()) {
        return range.map(Some);
    }
    let parts = parts(body);
    if parts.len() == 1 {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for part in parts {
        texts.extend(whole(part)?);
    }
    Ok(Some(texts))
}

// What stands between commas that are in no inner braces.
fn parts(body: &[char]) -> Vec<&[char]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(char) = body.get(at) {
        match char {
            '\\' => at += 1,
            '{' => at = closing(body, at).unwrap_or(at),
            ',' => {
                parts.extend(body.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.extend(body.get(start..));
    parts
}

// `1..3`, `a..e`, with a step behind it perhaps; zeros in front keep the width.
fn range(body: &str) -> Option<Result<Vec<String>, String>> {
    let mut bounds = body.split("..");
    let (first, last, step) = (bounds.next()?, bounds.next()?, bounds.next());
    if bounds.next().is_some() {
        return None;
    }
    let step = step.map_or(Some(1), |step| whole_number(step).map(|step| step.unsigned_abs().max(1)))?;
    let letter = |text: &str| {
        text.parse().ok().filter(char::is_ascii_alphabetic).map(|letter: char| i64::from(u32::from(letter)))
    };
    let (from, to, width) = match (letter(first), letter(last)) {
        (Some(from), Some(to)) => (from, to, None),
        _ => {
            let padded = [first, last]
                .iter()
                .any(|bound| bound.trim_start_matches('-').len() > 1 && bound.trim_start_matches('-').starts_with('0'));
            let width = if padded { first.len().max(last.len()) } else { 0 };
            (whole_number(first)?, whole_number(last)?, Some(width))
        }
    };
    let count = from.abs_diff(to) / step + 1;
    if count > MAX_PATTERNS as u64 {
        return Some(Err(format!("its braces stand for more than {MAX_PATTERNS} patterns")));
    }
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let numbers = (0..).map(|index: i64| if from <= to { from + index * step } else { from - index * step });
    let numbers = numbers.take(usize::try_from(count).unwrap_or(0));
    Some(Ok(numbers.filter_map(|number| shown(number, width)).collect()))
}

fn shown(number: i64, width: Option<usize>) -> Option<String> {
    match width {
        Some(width) => Some(format!("{number:0width$}")),
        None => u32::try_from(number).ok().and_then(char::from_u32).map(String::from),
    }
}

fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.len() < 16 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_written_out_as_the_shell_does() {
        let table = [
            ("a", "a"),
            ("a{b,c}d", "abd acd"),
            ("{a,b}{c,d}", "ac ad bc bd"),
            ("a{b,{c,d}}", "ab ac ad"),
            ("a{,b}", "a ab"),
            ("{a}", "{a}"),
            ("{{a,b}}", "{a} {b}"),
            ("{a{b,c}", "{ab {ac"),
            ("a{b,c", "a{b,c"),
            ("${a,b}", "${a,b}"),
            (r"{a\,b,c}", r"a\,b c"),
            (r"\{a,b}", r"\{a,b}"),
            ("{1..3}", "1 2 3"),
            ("{3..1}", "3 2 1"),
            ("{1..5..2}", "1 3 5"),
            ("{-1..1}", "-1 0 1"),
            ("{08..10}", "08 09 10"),
            ("{a..c}", "a b c"),
            ("{c..a..2}", "c a"),
            ("{a..3}", "{a..3}"),
            ("{1..2..3..4}", "{1..2..3..4}"),
        ];
        for (pattern, written) in table {
            assert_eq!(expand(pattern).unwrap().join(" "), written, "{pattern}");
        }
    }
}
