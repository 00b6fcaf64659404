//! Files that are cut off, broken or have more in them.

use planfit::terraform::{document, input};
use serde_json::json;

use crate::inputs::{SHOW, fixture, gym, refusal, small_plan};

fn read_error(bytes: &[u8]) -> Option<String> {
    document::read(&input::decode(bytes.to_vec()), &mut document::NoChanges).err().map(|error| error.to_string())
}

/// Through the library: hundreds of runs of the binary would take minutes.
#[test]
fn a_plan_cut_off_anywhere_is_truncated() {
    let plan = gym();
    let whole = plan.trim_ascii_end().len();
    assert_eq!(read_error(&plan[..whole]), None);
    assert!(read_error(b"").unwrap().contains("the file is empty"));
    let offsets = (1..200).chain((200..whole).step_by(1499)).chain(whole - 60..whole);
    for offset in offsets {
        let message = read_error(&plan[..offset]).unwrap_or_else(|| panic!("{offset} bytes are taken for a plan"));
        let expected = format!("at line 1, column {offset}: the file is truncated. Write it again.");
        assert!(message.ends_with(&expected), "{offset} bytes: {message}");
    }
}

#[test]
fn a_truncated_plan_ends_the_run_with_a_place() {
    let plan = gym();
    for offset in [1, 17, 4096, plan.len() / 2, plan.len() - 3] {
        let message = refusal(&plan[..offset]);
        assert!(message.contains(&format!("at line 1, column {offset}: the file is truncated")), "{message}");
    }
}

#[test]
fn lines_are_counted_with_crlf_and_columns_in_characters() {
    let plan = "{\r\n  \"format_version\": \"1.2\",\r\n  \"日本\": tru\r\n}";
    let message = refusal(plan.as_bytes());
    assert!(message.contains("not JSON at line 3, column 12"), "{message}");
    assert!(message.contains(SHOW), "{message}");
}

#[test]
fn a_state_cut_off_anywhere_is_truncated() {
    for state in [fixture("fixtures/fitness_gym/state.json"), fixture("fixtures/fitness_gym/terraform.tfstate")] {
        let whole = state.trim_ascii_end().len();
        for offset in (1..whole).step_by(1999).chain([whole - 1]) {
            let message =
                read_error(&state[..offset]).unwrap_or_else(|| panic!("{offset} bytes are taken for a state"));
            assert!(message.contains("the file is truncated"), "{offset} bytes: {message}");
        }
    }
}

#[test]
fn what_follows_the_json_is_an_error_at_its_place() {
    let plan = small_plan().to_string();
    let column = plan.len() + 1;
    let table = [
        (format!("{plan}{plan}"), format!("a second JSON object begins at line 1, column {column}")),
        (format!("{plan}\n\n{plan}"), "a second JSON object begins at line 3, column 1".to_owned()),
        (format!("{plan}}}"), format!("more text behind the JSON, at line 1, column {column}")),
        (format!("{plan}\nReleasing state lock.\n"), "more text behind the JSON, at line 2, column 1".to_owned()),
        (format!("{plan}\0"), format!("more text behind the JSON, at line 1, column {column}")),
    ];
    for (content, reason) in table {
        let message = refusal(content.as_bytes());
        assert!(message.contains(&reason), "{message}");
    }
}

#[test]
fn a_key_of_another_type_is_refused_without_its_value() {
    for (key, value) in [
        ("resource_changes", json!({"hunter2": 1})),
        ("resource_changes", json!("hunter2")),
        ("format_version", json!(1.2)),
        ("errored", json!("hunter2")),
        ("complete", json!([])),
    ] {
        let mut plan = small_plan();
        plan[key] = value;
        let message = refusal(plan.to_string().as_bytes());
        assert!(message.contains("has a type that Terraform never writes there. Write the file again."), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_hundred_megabytes_on_one_line_are_refused() {
    let line = vec![b'x'; 100_000_000];
    let message = refusal(&line);
    assert!(message.starts_with("this is text, not JSON; it begins with `xxxx"), "{message}");
    assert!(message.len() < 200, "the line is in the message");
    let braces = vec![b'{'; 100_000_000];
    assert!(refusal(&braces).starts_with("not JSON at line 1, column 2"));
    assert!(refusal(&vec![0; 10_000_000]).starts_with("this is a binary file"));
    let mut string = br#"{"resource_changes":""#.to_vec();
    string.resize(5_000_000, b'x');
    assert!(refusal(&string).contains("the file is truncated"));
}
