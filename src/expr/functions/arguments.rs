//! The arguments of a call, taken out with Terraform's conversions.

use std::borrow::Cow;
use std::sync::Arc;

use regex::Regex;

use super::{Pattern, number, pattern, text};
use crate::expr::compare;
use crate::expr::eval::{Host, decided};
use crate::value::{List, ListKind, Mapping, Number, Value};

/// The arguments of a call; how far they are free of marks says the function's `Unknowns`.
pub(super) struct Arguments<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) values: &'a [&'a Value],
    pub(super) pattern: Option<&'a Pattern>,
}

impl<'a> Arguments<'a> {
    pub(super) fn get(&self, index: usize) -> &'a Value {
        self.values.get(index).copied().unwrap_or(&Value::Null)
    }

    pub(super) fn copies(&self) -> Vec<Value> {
        self.values.iter().map(|value| (*value).clone()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn text(&self, index: usize) -> Result<Arc<str>, String> {
        text(self.get(index)).map_err(|name| format!("argument {} must be a string, not a {name}", index + 1))
    }

    pub(super) fn number(&self, index: usize) -> Result<Number, String> {
        number(self.get(index)).map_err(|name| format!("argument {} must be a number, not a {name}", index + 1))
    }

    pub(super) fn whole(&self, index: usize) -> Result<i64, String> {
        let number = self.number(index)?;
        number.as_i64().ok_or_else(|| format!("argument {} must be a whole number, not {number}", index + 1))
    }

    /// Compiles a regular expression, or takes the one compiled before.
    pub(super) fn regex(&self, source: &str) -> Result<Cow<'a, Regex>, String> {
        let kept = self.pattern.map(|kept| kept.0.get_or_init(|| (Box::from(source), pattern::compile(source))));
        match kept {
            Some((known, regex)) if **known == *source => regex.as_ref().map(Cow::Borrowed).map_err(Clone::clone),
            _ => pattern::compile(source).map(Cow::Owned),
        }
    }

    /// A list of any kind.
    pub(super) fn list(&self, index: usize) -> Result<&'a List, String> {
        match self.get(index) {
            Value::List(items) => Ok(items),
            other => Err(format!("argument {} must be a list, not a {}", index + 1, other.type_name())),
        }
    }

    /// A list whose members have an index. A set becomes none by itself.
    pub(super) fn ordered(&self, index: usize) -> Result<&'a List, String> {
        match self.list(index)? {
            set if set.kind() == ListKind::Set => {
                Err(format!("argument {} must be a list, not a set; tolist(…) makes one of it", index + 1))
            }
            list => Ok(list),
        }
    }

    pub(super) fn object(&self, index: usize) -> Result<&'a Mapping, String> {
        match self.get(index) {
            Value::Object(object) => Ok(object),
            other => Err(format!("argument {} must be a map, not a {}", index + 1, other.type_name())),
        }
    }

    /// An error if an argument is null.
    pub(super) fn not_null(&self, index: usize) -> Result<(), String> {
        match self.get(index) {
            Value::Null => Err(format!("argument {} must not be null", index + 1)),
            _ => Ok(()),
        }
    }

    pub(super) fn is_unknown(&self, index: usize) -> bool {
        self.get(index).as_unknown().is_some()
    }

    pub(super) fn unknown(&self) -> Value {
        decided(None, self.values)
    }

    pub(super) fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        compare::equal(self.host, left, right)
    }

    /// The value, sensitive if something inside of an argument is.
    pub(super) fn marked(&self, value: Value) -> Value {
        value.mark(self.values.iter().any(|value| value.has_sensitive()))
    }
}
