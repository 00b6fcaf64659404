//! Characters as people count them: grapheme clusters of Unicode 15, whose rules Terraform has. Later rules, which the
//! tables here follow, keep consonants together that a virama joins.

use unicode_segmentation::UnicodeSegmentation as _;

/// The characters of a text.
pub(super) fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|cluster| Pieces { rest: cluster })
}

/// How many there are.
pub(super) fn count(text: &str) -> usize {
    characters(text).count()
}

struct Pieces<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let mut before = self.rest.char_indices().next()?.1;
        let mut split = self.rest.len();
        for (at, character) in self.rest.char_indices().skip(1) {
            if is_joined_letter(before, character) {
                split = at;
                break;
            }
            before = character;
        }
        let (piece, rest) = self.rest.split_at_checked(split)?;
        self.rest = rest;
        Some(piece)
    }
}

// A letter that would be a character of its own, were there nothing but the one before it.
fn is_joined_letter(before: char, letter: char) -> bool {
    let has_viramas = matches!(letter, '\u{900}'..='\u{1fff}' | '\u{a800}'..='\u{abff}' | '\u{10a00}'..='\u{11fff}');
    has_viramas && letter.is_alphabetic() && String::from_iter([before, letter]).graphemes(true).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    // Terraform 1.11 in its console.
    #[test]
    fn consonants_are_apart_and_what_belongs_together_is_not() {
        let table = [("नमस्ते", 4), ("क्ष", 2), ("क्‍ष", 2), ("กำ", 1), ("각", 1), ("e\u{301}👨‍👩‍👧🇯🇵\r\n", 4), ("", 0)];
        for (text, expected) in table {
            assert_eq!(count(text), expected, "{text}");
            assert_eq!(characters(text).collect::<String>(), text);
        }
    }
}
