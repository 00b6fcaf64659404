//! Numbers of a text for which the parser has no room.

use super::{Frame, Scanner};

/// The text with a small number of as many digits for each number above 1.8e308, so that places stay; none if there are no
/// such numbers. Who reads a number reads its digits from the text that was written.
pub(in crate::source::hcl) fn with_small_numbers(text: &str) -> Option<String> {
    shrunk(text, Scanner::new(text))
}

/// The same for a template that stands alone.
pub(in crate::source::hcl) fn with_small_numbers_inside(text: &str) -> Option<String> {
    // As a heredoc whose end never comes.
    let frames = vec![Frame::Heredoc { start: usize::MAX, end: usize::MAX }];
    shrunk(text, Scanner { frames, ..Scanner::new(text) })
}

fn shrunk(text: &str, mut scanner: Scanner<'_>) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    // Where the word or number that was met last ends: what stands in it begins none.
    let mut end = 0;
    loop {
        let (at, is_code) = (scanner.at, !matches!(scanner.top(), Frame::Quoted | Frame::Heredoc { .. }));
        if is_code && at >= end {
            let rest = text.get(at..).unwrap_or_default();
            let number = number_at(rest);
            end = at + number.map_or_else(|| word_at(rest), str::len);
            if number.is_some_and(|number| number.parse::<f64>().is_ok_and(f64::is_infinite)) {
                shrink(bytes.get_mut(at..end).unwrap_or_default());
                changed = true;
            }
        }
        if scanner.next().is_none() {
            break;
        }
    }
    String::from_utf8(bytes).ok().filter(|_| changed)
}

// Not to zero: that is a number that is looked for.
fn shrink(number: &mut [u8]) {
    let mantissa = number.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(number.len());
    number.iter_mut().filter(|byte| byte.is_ascii_digit()).for_each(|byte| *byte = b'0');
    if let Some(last) = number.get_mut(..mantissa).and_then(<[u8]>::last_mut) {
        *last = b'1';
    }
}

// `12`, `1.5`, `1e400`
fn number_at(text: &str) -> Option<&str> {
    let digits = |at: usize| text.get(at..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(0);
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    if byte(end) == b'.' && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if matches!(byte(end), b'e' | b'E') {
        let sign = usize::from(matches!(byte(end + 1), b'+' | b'-'));
        match digits(end + 1 + sign) {
            0 => {}
            exponent => end += 1 + sign + exponent,
        }
    }
    text.get(..end)
}

// The length of a word, in which a digit begins no number.
fn word_at(text: &str) -> usize {
    let is_start = |ch: char| ch.is_alphabetic() || ch == '_';
    let is_part = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '-');
    if text.starts_with(is_start) { text.find(|ch| !is_part(ch)).unwrap_or(text.len()) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_template_only_interpolations_have_numbers() {
        assert_eq!(with_small_numbers_inside("1e400\n\n${1e400}").as_deref(), Some("1e400\n\n${1e000}"));
        assert_eq!(with_small_numbers_inside("1e400 \"1e400\""), None);
    }

    #[test]
    fn large_numbers_become_small_and_places_stay() {
        let long = "9".repeat(400);
        let table = [
            ("a = 1e400\n", "a = 1e000\n".to_owned()),
            ("a = -1.5E+400 - 1e400\n", "a = -0.1E+000 - 1e000\n".to_owned()),
            (&format!("a = {long}.5"), format!("a = {}.1", "0".repeat(400))),
            ("a = \"1e400 ${1e400}\"", "a = \"1e400 ${1e000}\"".to_owned()),
            ("é = 1e400", "é = 1e000".to_owned()),
        ];
        for (text, expected) in table {
            assert_eq!(with_small_numbers(text), Some(expected), "{text}");
        }
        for text in ["a = 1e300", "a = x1e400", "a = a-1e400", "# 1e400\n", "a = <<E\n1e400\nE\n", "a = 1e-400"] {
            assert_eq!(with_small_numbers(text), None, "{text}");
        }
    }
}
