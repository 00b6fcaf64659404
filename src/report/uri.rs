//! Paths as URIs.

use std::fmt::Write as _;

/// A relative path as a URI reference: everything but unreserved characters and slashes is percent-encoded, so that no
/// name of a file can be read as a scheme, a query or a fragment.
pub(in crate::report) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_characters_stay() {
        assert_eq!(uri("infra/main.tf"), "infra/main.tf");
        assert_eq!(uri("a b/ü?#%.tf"), "a%20b/%C3%BC%3F%23%25.tf");
        assert_eq!(uri("data:x,<b>"), "data%3Ax%2C%3Cb%3E");
    }
}
