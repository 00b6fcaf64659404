//! Texts in other forms: Base64, character encodings, CSV, URLs, JSON, YAML, gzip.

use std::borrow::Cow;
use std::io::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use flate2::Compression;
use flate2::write::GzEncoder;
use rustc_hash::FxHashSet;

use super::limits;
use super::{Arguments, Builtin, json, lifted, nullable, own, plain, yaml, yaml_text};
use crate::expr::composed;
use crate::value::{ListKind, ObjectKind, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("base64decode", "string", 1, 1, "The text that the Base64 string stands for."), base64decode),
    plain(("base64encode", "string", 1, 1, "The text in Base64."), |arguments| {
        limits::text(STANDARD.encode(arguments.text(0)?.as_bytes()))
    }),
    plain(("base64gzip", "string", 1, 1, "The text packed with gzip, in Base64."), base64gzip),
    plain(
        ("csvdecode", "string", 1, 1, "A list of maps, one for each line below the header of a CSV text."),
        csvdecode,
    ),
    own(("jsondecode", "string", 1, 1, "The value that the JSON text stands for."), json::jsondecode),
    own(("jsonencode", "value", 1, 1, "The value as JSON text."), json::jsonencode),
    plain(
        ("textdecodebase64", "string, encoding", 2, 2, "The text of a Base64 string in a character encoding."),
        textdecode,
    ),
    plain(("textencodebase64", "string, encoding", 2, 2, "The text in a character encoding, in Base64."), textencode),
    plain(("urlencode", "string", 1, 1, "The text as a part of a URL's query."), urlencode),
    nullable(plain(("yamldecode", "string", 1, 1, "The value that the YAML text stands for."), yaml::yamldecode)),
    lifted(("yamlencode", "value", 1, 1, "The value as YAML text."), yaml_text::yamlencode),
];

/// Go does not look at the bits behind the last byte.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    // As Go does, line breaks are read past.
    let text: String = text.chars().filter(|character| !matches!(character, '\n' | '\r')).collect();
    LENIENT.decode(text).map_err(|_| "the text is no Base64".to_owned())
}

fn base64decode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let bytes = bytes(&arguments.text(0)?)?;
    let text = String::from_utf8(bytes).map_err(|_| "what the Base64 stands for is no UTF-8 text".to_owned())?;
    Ok(Value::String(composed::shared(text)))
}

// Other bytes than Go's packer makes, and the same text when unpacked.
fn base64gzip(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let bytes = packer.write_all(arguments.text(0)?.as_bytes()).and_then(|()| packer.finish());
    limits::text(STANDARD.encode(bytes.map_err(|error| error.to_string())?))
}

fn csvdecode(arguments: &Arguments<'_>) -> Result<Value, String> {
    // As Go does: a line ends with a line feed, and a carriage return before it is no part of the line.
    let text = arguments.text(0)?.replace("\r\n", "\n");
    let text = text.strip_suffix('\r').unwrap_or(&text);
    check_quotes(text)?;
    // The reader passes over one byte order mark; to Terraform it is a character of the first name.
    let text = if text.starts_with('\u{feff}') { Cow::Owned(format!("\u{feff}{text}")) } else { Cow::Borrowed(text) };
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n'));
    let mut reader = reader.from_reader(text.as_bytes());
    let mut records = reader.records();
    let wrong = |error: csv::Error| format!("the text is no CSV: {error}");
    let header = records.next().ok_or("the CSV has no header line")?.map_err(wrong)?;
    let names: Vec<Arc<str>> = header.iter().map(|name| Arc::from(composed::composed(name))).collect();
    let mut seen = FxHashSet::default();
    if let Some(name) = names.iter().find(|name| !seen.insert(*name)) {
        return Err(format!("two columns of the CSV are called \"{name}\""));
    }
    let mut rows = Vec::new();
    for (position, record) in records.enumerate() {
        let record = record.map_err(wrong)?;
        if record.len() != names.len() {
            return Err(format!(
                "row {} of the CSV has {} fields, and the header {}",
                position + 2,
                record.len(),
                names.len()
            ));
        }
        limits::members((rows.len() + 1).saturating_mul(names.len()))?;
        let entries = names.iter().cloned().zip(record.iter().map(composed::value));
        rows.push(Value::object_of(ObjectKind::Object, entries.collect()));
    }
    Ok(Value::list_of(ListKind::List, rows))
}

// The crate takes a quote in the middle of a field, and an end within quotes; Terraform takes neither.
fn check_quotes(text: &str) -> Result<(), String> {
    let mut inside = false;
    let mut before = ',';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if inside && character == '"' {
            if characters.next_if_eq(&'"').is_none() {
                inside = false;
                if !matches!(characters.peek(), None | Some(',' | '\n')) {
                    return Err("in the CSV something follows a closing quote".to_owned());
                }
            }
        } else if !inside && character == '"' {
            if !matches!(before, ',' | '\n') {
                return Err("in the CSV a quote stands within a field without quotes".to_owned());
            }
            inside = true;
        }
        before = character;
    }
    if inside { Err("a quote of the CSV is not closed".to_owned()) } else { Ok(()) }
}

/// The encodings that are known here; Terraform knows more names of the IANA.
enum Encoding {
    Utf8,
    Utf16(Order),
    /// UTF-16 with a mark of the order of bytes.
    Marked,
    Latin1,
    Ascii,
    /// One that browsers know, too.
    Other(&'static encoding_rs::Encoding),
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

// None: Terraform knows it, and planfit does not.
fn encoding(name: &str) -> Result<Option<Encoding>, String> {
    let upper = name.to_ascii_uppercase();
    let known = match upper.as_str() {
        "UTF-8" => Encoding::Utf8,
        "UTF-16LE" => Encoding::Utf16(Order::Little),
        "UTF-16BE" => Encoding::Utf16(Order::Big),
        "UTF-16" => Encoding::Marked,
        "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "L1" => Encoding::Latin1,
        "US-ASCII" => Encoding::Ascii,
        _ if upper.starts_with("IBM") => return Ok(None),
        // Browsers take this for another one, and it is no name of the IANA.
        "ASCII" => return Err(strange(name)),
        _ => Encoding::Other(
            encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(|| strange(name))?,
        ),
    };
    Ok(Some(known))
}

fn strange(name: &str) -> String {
    format!("there is no encoding {name}")
}

// Not an error: Terraform knows it.
fn open(name: &str) -> Value {
    Value::unknown(format!("the encoding {name} is not known to planfit"))
}

fn textencode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, name) = (arguments.text(0)?, arguments.text(1)?);
    let Some(encoding) = encoding(&name)? else { return Ok(open(&name)) };
    let missing = || format!("{name} has no form of one of the characters");
    let below = |bound: u32| {
        let byte = |character: char| u8::try_from(character).ok().filter(|byte| u32::from(*byte) < bound);
        text.chars().map(byte).collect::<Option<Vec<u8>>>().ok_or_else(missing)
    };
    let bytes = match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16(order) => utf16(&text, order),
        Encoding::Marked => [0xfe, 0xff].into_iter().chain(utf16(&text, Order::Big)).collect(),
        Encoding::Latin1 => below(256)?,
        Encoding::Ascii => below(128)?,
        Encoding::Other(encoding) => match encoding.encode(&text) {
            (bytes, _, false) => bytes.into_owned(),
            (_, _, true) => return Err(missing()),
        },
    };
    limits::text(STANDARD.encode(bytes))
}

fn utf16(text: &str, order: Order) -> Vec<u8> {
    let pair = |unit: u16| match order {
        Order::Little => unit.to_le_bytes(),
        Order::Big => unit.to_be_bytes(),
    };
    text.encode_utf16().flat_map(pair).collect()
}

fn textdecode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (text, name) = (arguments.text(0)?, arguments.text(1)?);
    let Some(encoding) = encoding(&name)? else { return Ok(open(&name)) };
    let bytes = bytes(&text)?;
    let decoded = match encoding {
        Encoding::Utf8 => String::from_utf8(bytes).ok(),
        Encoding::Utf16(order) => from_utf16(&bytes, order),
        Encoding::Marked => match bytes.as_slice() {
            [0xff, 0xfe, rest @ ..] => from_utf16(rest, Order::Little),
            [0xfe, 0xff, rest @ ..] | rest => from_utf16(rest, Order::Big),
        },
        Encoding::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Encoding::Ascii => bytes.is_ascii().then(|| bytes.iter().map(|byte| char::from(*byte)).collect()),
        Encoding::Other(encoding) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes).map(Cow::into_owned)
        }
    };
    decoded.ok_or_else(|| format!("the bytes are no text in {name}")).and_then(limits::text)
}

fn from_utf16(bytes: &[u8], order: Order) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| match order {
        Order::Little => u16::from_le_bytes(*pair),
        Order::Big => u16::from_be_bytes(*pair),
    };
    let text = char::decode_utf16(pairs.iter().map(unit)).collect::<Result<String, _>>().ok();
    text.filter(|_| rest.is_empty())
}

fn urlencode(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut out = limits::Text::default();
    for byte in arguments.text(0)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte).encode_utf8(&mut [0; 4]))?;
            }
            b' ' => out.push("+")?,
            other => out.push(&format!("%{other:02X}"))?,
        }
    }
    Ok(out.into_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_csv_are_checked() {
        for text in ["a\nb\"c", "a\n\"b", "a\n\"b\"c"] {
            assert!(check_quotes(text).is_err(), "{text}");
        }
        for text in ["a,\"b,\"\"c\"\"\"\n", "\"\"\n\"x\""] {
            assert_eq!(check_quotes(text), Ok(()), "{text}");
        }
    }
}
