//! Bytes to text, in no more memory than the file itself where that is possible.
//!
//! Start at [`decode`]. UTF-8 becomes a string as it is. UTF-16 is half as long in UTF-8 where it is ASCII, so it is
//! rewritten in its own buffer; Windows PowerShell 5 writes it whenever somebody uses `>`.

use std::collections::VecDeque;

use super::InputError;

const ZIP: &[u8] = b"PK\x03\x04";
const GZIP: &[u8] = b"\x1f\x8b";
const UTF8_MARK: &str = "\u{feff}";

// A binary file shows itself early: half of its bytes are no text.
const BINARY_WINDOW: usize = 512;
const UTF16_WINDOW: usize = 64;
const BLOCK: usize = 64 * 1024;

// The promise of memory is one and a half times the file and this; text that outgrows its buffer is copied, so only
// a small file may do it: the file, its text of up to 1.5 times, and the half that waits.
const ALLOWANCE: usize = 20_000_000;
const COPYABLE: usize = ALLOWANCE / 2;

/// A file's text and what had to be done to get it.
#[derive(Default)]
pub(super) struct Decoded {
    text: String,
    // Behind the byte order mark, which is skipped rather than moved away.
    start: usize,
    /// The file was written in UTF-16.
    pub(super) was_utf16: bool,
    /// Something was no text and has been replaced.
    pub(super) damaged: bool,
}

impl Decoded {
    /// The text without its byte order mark.
    pub(super) fn text(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// Makes text of a file, or says which kind of binary file it is.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, InputError> {
    if bytes.starts_with(ZIP) {
        return Err(InputError::BinaryPlan);
    }
    if bytes.starts_with(GZIP) {
        return Err(InputError::Gzip);
    }
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => from_utf16(bytes, Order::Little, 2),
        [0xfe, 0xff, ..] => from_utf16(bytes, Order::Big, 2),
        start => match unmarked_utf16(start) {
            Some(order) => from_utf16(bytes, order, 0),
            None => from_utf8(bytes),
        },
    }
}

// JSON begins with ASCII, so that in UTF-16 every second byte is zero and no other.
fn unmarked_utf16(bytes: &[u8]) -> Option<Order> {
    let window = bytes.get(..UTF16_WINDOW).unwrap_or(bytes);
    let (pairs, _) = window.as_chunks::<2>();
    if pairs.is_empty() {
        None
    } else if pairs.iter().all(|pair| matches!(pair, [1..=255, 0])) {
        Some(Order::Little)
    } else if pairs.iter().all(|pair| matches!(pair, [0, 1..=255])) {
        Some(Order::Big)
    } else {
        None
    }
}

// Control characters that no text has. JSON may hold them by mistake, and is then told apart by its brace.
fn is_binary(bytes: &[u8]) -> bool {
    let window = bytes.get(..BINARY_WINDOW).unwrap_or(bytes);
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    window.iter().any(is_control) && !window.trim_ascii_start().starts_with(b"{")
}

fn from_utf8(bytes: Vec<u8>) -> Result<Decoded, InputError> {
    if is_binary(&bytes) {
        return Err(InputError::Binary);
    }
    let (text, damaged) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (mend(error.into_bytes()), true),
    };
    let start = if text.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    Ok(Decoded { text, start, was_utf16: false, damaged })
}

// U+FFFD is longer than most of what it stands for, so the text needs a buffer of its own.
fn mend(bytes: Vec<u8>) -> String {
    let length = bytes.utf8_chunks().map(|chunk| chunk.valid().len() + substitute(chunk.invalid()).len()).sum();
    if length > bytes.len() / 2 + ALLOWANCE {
        return mend_in_place(bytes);
    }
    let mut text = String::with_capacity(length);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(substitute(chunk.invalid()));
    }
    text
}

fn substitute(invalid: &[u8]) -> &'static str {
    if invalid.is_empty() { "" } else { "\u{fffd}" }
}

// A large file keeps its buffer, at the price of a substitute that is also an ordinary character.
fn mend_in_place(mut bytes: Vec<u8>) -> String {
    let mut from = 0;
    while let Some(Err(error)) = bytes.get(from..).map(str::from_utf8) {
        let start = from + error.valid_up_to();
        from = error.error_len().map_or(bytes.len(), |length| start + length);
        if let Some(invalid) = bytes.get_mut(start..from) {
            invalid.fill(b'?');
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn from_utf16(bytes: Vec<u8>, order: Order, start: usize) -> Result<Decoded, InputError> {
    let mut rewrite = Rewrite { bytes, order, read: start, written: 0, ahead: VecDeque::new(), damaged: false };
    loop {
        let units = rewrite.next_block();
        if units.is_empty() {
            return rewrite.finish();
        }
        rewrite.write(units);
    }
}

// UTF-16 turning into UTF-8 in one buffer: text up to `written`, free room up to `read`, UTF-16 from there.
struct Rewrite {
    bytes: Vec<u8>,
    order: Order,
    read: usize,
    written: usize,
    // Text for which there is no room yet: three bytes for two, as long as the text is not ASCII.
    ahead: VecDeque<u8>,
    damaged: bool,
}

impl Rewrite {
    // Never ends between the two halves of a character, except at the end of the file.
    fn next_block(&mut self) -> Vec<u16> {
        let end = self.bytes.len().min(self.read + BLOCK);
        let (pairs, _) = self.bytes.get(self.read..end).unwrap_or_default().as_chunks::<2>();
        let order = self.order;
        let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair, order)).collect();
        if end < self.bytes.len() && units.last().is_some_and(|unit| matches!(unit, 0xd800..0xdc00)) {
            units.pop();
        }
        self.read += units.len() * 2;
        units
    }

    fn write(&mut self, units: Vec<u16>) {
        let mut text = String::with_capacity(units.len());
        for character in char::decode_utf16(units) {
            self.damaged |= character.is_err();
            text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.ahead.extend(text.as_bytes());
        self.fill();
    }

    fn fill(&mut self) {
        let length = self.ahead.len().min(self.read - self.written);
        let room = self.bytes.get_mut(self.written..self.written + length).unwrap_or_default();
        for (slot, byte) in room.iter_mut().zip(self.ahead.drain(..length)) {
            *slot = byte;
        }
        self.written += length;
    }

    fn finish(mut self) -> Result<Decoded, InputError> {
        if self.read < self.bytes.len() {
            self.damaged = true;
            self.read = self.bytes.len();
            self.ahead.extend(substitute(b"odd").as_bytes());
            self.fill();
        }
        // More than half of such a text is neither ASCII nor Latin: no JSON of Terraform.
        if !self.ahead.is_empty() && self.bytes.len() > COPYABLE {
            return Err(InputError::Binary);
        }
        self.bytes.truncate(self.written);
        self.bytes.reserve_exact(self.ahead.len());
        self.bytes.extend(self.ahead);
        if is_binary(&self.bytes) {
            return Err(InputError::Binary);
        }
        let text = String::from_utf8(self.bytes).unwrap_or_default();
        Ok(Decoded { text, start: 0, was_utf16: true, damaged: self.damaged })
    }
}

fn unit(pair: [u8; 2], order: Order) -> u16 {
    match order {
        Order::Little => u16::from_le_bytes(pair),
        Order::Big => u16::from_be_bytes(pair),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, order: Order) -> Vec<u8> {
        let bytes = |unit: u16| match order {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn marked(text: &str, order: Order) -> Vec<u8> {
        utf16(&format!("\u{feff}{text}"), order)
    }

    #[test]
    fn utf8_is_not_copied_and_loses_its_mark() {
        for (bytes, text) in [("{}", "{}"), ("\u{feff}{}", "{}"), ("\u{feff}", ""), ("", "")] {
            let bytes = bytes.as_bytes().to_vec();
            let address = bytes.as_ptr();
            let decoded = decode(bytes).unwrap();
            assert_eq!(decoded.text(), text);
            assert_eq!(decoded.text.as_ptr(), address);
            assert!(!decoded.damaged && !decoded.was_utf16);
        }
    }

    #[test]
    fn utf16_stays_in_its_buffer() {
        let text = r#"{"tag":"日本"}"#.repeat(BLOCK);
        for order in [Order::Little, Order::Big] {
            let bytes = marked(&text, order);
            let address = bytes.as_ptr();
            let decoded = decode(bytes).unwrap();
            assert_eq!(decoded.text(), text);
            assert_eq!(decoded.text.as_ptr(), address);
        }
    }

    #[test]
    fn surrogate_pairs_survive_the_end_of_a_block() {
        // Block sizes are even, so one of the two texts has a pair across the end of the first block.
        for text in ["{\"".to_owned() + &"😀".repeat(BLOCK), "{\"1".to_owned() + &"😀".repeat(BLOCK)] {
            let decoded = decode(marked(&text, Order::Little)).unwrap();
            assert!(decoded.text() == text && !decoded.damaged);
        }
    }

    #[test]
    fn what_is_no_text_is_replaced_and_remembered() {
        let cases: [(&[u8], &str); 6] = [
            (b"{\"a\":\"\xe9\"}", "{\"a\":\"\u{fffd}\"}"),
            (b"{\"\xe3\x81", "{\"\u{fffd}"),
            (b"\xef\xbb\xbf{\xff}", "{\u{fffd}}"),
            (b"\xff\xfe{\0\x00\xd8}\0", "{\u{fffd}}"),
            (b"\xff\xfe{\0}\0\n", "{}\u{fffd}"),
            (b"\xff\xfe{\0\x00\xd8", "{\u{fffd}"),
        ];
        for (bytes, text) in cases {
            let decoded = decode(bytes.to_vec()).unwrap();
            assert_eq!(decoded.text(), text);
            assert!(decoded.damaged, "{text}");
        }
    }

    #[test]
    fn a_large_damaged_file_keeps_its_length() {
        assert_eq!(mend_in_place(b"{\"\xe9\xe3\x81\":\"\xe3\x81\x82\xff\"}\xe3\x81".to_vec()), "{\"???\":\"あ?\"}??");
    }

    #[test]
    fn binary_files_are_refused() {
        let cases: [(&[u8], InputError); 6] = [
            (b"PK\x03\x04\x14\0\x08\0", InputError::BinaryPlan),
            (b"\x1f\x8b\x08\0\0", InputError::Gzip),
            (b"\x7fELF\x02\x01\x01", InputError::Binary),
            (b"\0\0\0\0", InputError::Binary),
            (b"\x89PNG\r\n\x1a\n", InputError::Binary),
            (b"\xff\xfe\0\0{\0\0\0", InputError::Binary),
        ];
        for (bytes, error) in cases {
            assert_eq!(decode(bytes.to_vec()).err(), Some(error));
        }
    }

    proptest! {
        #[test]
        fn utf8_is_decoded_as_the_standard_library_does(bytes: Vec<u8>) {
            let text = String::from_utf8_lossy(&bytes);
            prop_assert_eq!(mend(bytes.clone()), text.as_ref());
            prop_assert_eq!(mend_in_place(bytes.clone()).len(), bytes.len());
        }

        #[test]
        fn utf16_round_trips(content in "[^\u{0}-\u{1f}\u{7f}\u{feff}]{0,80}", crlf: bool) {
            let text = if crlf { format!("{{\r\n{content}") } else { format!("{{{content}") };
            for order in [Order::Little, Order::Big] {
                let decoded = decode(marked(&text, order));
                prop_assert_eq!(decoded.as_ref().map(Decoded::text).ok(), Some(text.as_str()));
            }
        }

        #[test]
        fn unmarked_utf16_round_trips(start in "\\{[ -~\r\n]{32}", rest in "[^\u{0}-\u{1f}\u{7f}]{0,80}") {
            let text = start + &rest;
            for order in [Order::Little, Order::Big] {
                let decoded = decode(utf16(&text, order));
                prop_assert_eq!(decoded.as_ref().map(Decoded::text).ok(), Some(text.as_str()));
            }
        }
    }
}
