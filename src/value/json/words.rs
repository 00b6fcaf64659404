//! Searches in JSON strings, eight bytes at a time: names and most values end within a few words, before a search over many
//! bytes at once has begun.

use memchr::memchr2;

/// Words that are looked at one by one before the search goes over many bytes at once.
const NEAR: usize = 4;

const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);

/// Where the first `"` or `\` is.
pub(super) fn quote_or_escape(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().take(NEAR).enumerate() {
        let word = u64::from_le_bytes(*word);
        if let Some(at) = first(equal_to(word, b'"') | equal_to(word, b'\\')) {
            return Some(number * 8 + at);
        }
    }
    let behind = words.len().min(NEAR) * 8;
    memchr2(b'"', b'\\', bytes.get(behind..)?).map(|at| behind + at)
}

/// Where the first `"`, `\` or control character is.
pub(super) fn end_of_plain(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(SPACES) & !word & HIGH;
        if let Some(at) = first(control | equal_to(word, b'"') | equal_to(word, b'\\')) {
            return Some(number * 8 + at);
        }
    }
    let at = rest.iter().position(|byte| matches!(byte, 0..b' ' | b'"' | b'\\'))?;
    Some(words.len() * 8 + at)
}

// The high bits of the bytes of a word that are `byte`. Of those that are marked, the lowest is one.
fn equal_to(word: u64, byte: u8) -> u64 {
    let differs = word ^ (LOW * u64::from(byte));
    differs.wrapping_sub(LOW) & !differs & HIGH
}

fn first(marks: u64) -> Option<usize> {
    (marks != 0).then(|| (marks.trailing_zeros() / 8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_is_found_wherever_it_stands() {
        for length in 0..100 {
            for end in ['"', '\\', '\n', '\0', '\u{1f}'] {
                let before = "#! ]£\u{7f}\u{80}é".chars().cycle().take(length).collect::<String>();
                let text = format!("{before}{end}\"#\\é");
                let at = |is: fn(u8) -> bool| text.bytes().position(is);
                assert_eq!(quote_or_escape(text.as_bytes()), at(|byte| matches!(byte, b'"' | b'\\')), "{text:?}");
                assert_eq!(end_of_plain(text.as_bytes()), Some(before.len()), "{text:?}");
            }
        }
        for text in ["", "é", "éééééééééééééééééééééééééééééééééé!"] {
            assert_eq!((quote_or_escape(text.as_bytes()), end_of_plain(text.as_bytes())), (None, None));
        }
    }
}
