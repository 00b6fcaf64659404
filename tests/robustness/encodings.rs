//! Encodings, and bytes that are none.

use serde_json::Value;

use crate::inputs::{GYM, gym, messages, report, root};
use crate::support::run;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Findings, counts and remarks of the gym's plan in this form.
fn gym_as(bytes: &[u8]) -> (Value, Value, Vec<String>) {
    let output = run(&["check", "-", "--dir", GYM, "--output", "json"], bytes, &[], root());
    let report = report(&output);
    assert_eq!(output.code, 1, "{}", report["remarks"]);
    (report["findings"].clone(), report["summary"].clone(), messages(&report, "warning"))
}

#[test]
fn every_encoding_gives_the_same_findings() {
    let text = String::from_utf8(gym()).unwrap();
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    let expected = gym_as(text.as_bytes());
    assert!(expected.0.as_array().unwrap().len() > 20);
    assert_eq!(expected.2, Vec::<String>::new());
    let marked = format!("\u{feff}{text}");
    let forms = [
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16 LE", utf16(&text, u16::to_le_bytes)),
        ("UTF-16 BE", utf16(&text, u16::to_be_bytes)),
        ("UTF-16 LE with a mark", utf16(&marked, u16::to_le_bytes)),
        ("UTF-16 BE with a mark", utf16(&marked, u16::to_be_bytes)),
        ("many lines", pretty.clone().into_bytes()),
        ("CRLF", pretty.replace('\n', "\r\n").into_bytes()),
        (
            "UTF-16 LE with a mark and CRLF",
            utf16(&format!("\u{feff}{}", pretty.replace('\n', "\r\n")), u16::to_le_bytes),
        ),
    ];
    for (name, bytes) in forms {
        assert!(gym_as(&bytes) == expected, "{name}");
    }
}

#[test]
fn stray_bytes_are_read_around_and_named() {
    let mut plan = gym();
    let place = plan.windows(6).position(|window| window == b"1.11.4").unwrap();
    plan[place + 5] = 0xff;
    let (findings, summary, warnings) = gym_as(&plan);
    let (expected, counts, _) = gym_as(&gym());
    assert_eq!((findings, summary), (expected, counts));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("standard input: the file's encoding is damaged"), "{warnings:?}");
}
