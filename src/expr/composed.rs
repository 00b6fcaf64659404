//! Texts in the composed form of Unicode (NFC), which all of Terraform's have: an `e` and an accent behind it are one
//! character. Plans hold composed texts already; what is written, decoded or put together becomes one here.

use std::borrow::Cow;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::value::Value;

/// The text in the composed form. Nearly every text is.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The same as a value.
pub(crate) fn value(text: &str) -> Value {
    Value::string(&composed(text))
}

/// The same for a text that nobody else needs.
pub(super) fn shared(text: String) -> Arc<str> {
    match composed(&text) {
        Cow::Owned(composed) => Arc::from(composed),
        Cow::Borrowed(_) => Arc::from(text),
    }
}

/// The value with all its texts and keys in the composed form.
pub(super) fn throughout(value: &Value) -> Value {
    match value {
        Value::String(text) => self::value(text),
        Value::List(items) => Value::list_of(items.kind(), items.iter().map(throughout).collect()),
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| (Arc::from(composed(key)), throughout(value)));
            Value::object_of(object.kind(), entries.collect())
        }
        other => other.clone(),
    }
}
