//! Paths that begin at the root of the machine: `path.cwd`, `abspath`.
//!
//! Terraform is run in the root module's directory, and where that lies differs from machine to machine: no report may
//! hold it. So such a path is a text of which only the end is known; but a function that reads files finds its way.

use std::sync::Arc;

use crate::terraform::config::load::join;
use crate::value::unknown::Part;
use crate::value::{Cause, Unknown, Value};

/// Steps up from the root module that are told apart.
const MAX_UP: usize = 16;

/// `path.cwd`, or a directory so many steps above it.
fn above(up: usize) -> Arc<str> {
    let place = if up == 0 { String::new() } else { format!("{up} above the one ") };
    Arc::from(format!("the directory {place}that Terraform runs in differs from machine to machine"))
}

/// The directory that Terraform runs in.
pub(super) fn current() -> Value {
    Value::Unknown(Arc::new(Unknown::Opaque(Cause::Reason(above(0)))))
}

/// `abspath` of a path.
pub(super) fn absolute(path: &str) -> Value {
    if path.starts_with('/') {
        return Value::string(&join(path, ""));
    }
    let path = join(path, "");
    let mut rest = path.as_str();
    let mut up = 0;
    while let Some(behind) = rest.strip_prefix("..") {
        (rest, up) = (behind.trim_start_matches('/'), up + 1);
    }
    let reason = Cause::Reason(above(up));
    let unknown = match rest {
        "" | "." => Unknown::Opaque(reason),
        rest => Unknown::Template(Arc::from([Part::Any(reason), Part::Text(Arc::from(format!("/{rest}")))])),
    };
    Value::Unknown(Arc::new(unknown))
}

/// The way from the root module to where such a path leads; none if the value is another one.
pub(super) fn path(value: &Value) -> Option<String> {
    let (reason, rest) = match &**value.unmark().0.as_unknown()? {
        Unknown::Opaque(Cause::Reason(reason)) => (reason, ""),
        Unknown::Template(parts) => match &**parts {
            [Part::Any(Cause::Reason(reason)), Part::Text(rest)] if rest.starts_with('/') => (reason, &**rest),
            _ => return None,
        },
        _ => return None,
    };
    let up = (0..=MAX_UP).find(|up| *above(*up) == **reason)?;
    Some(join(&"../".repeat(up), rest.trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_from_the_root_of_the_machine_leads_back_to_where_it_began() {
        for (given, expected) in
            [("a/b.txt", "a/b.txt"), ("./a/../b", "b"), ("../../m/x", "../../m/x"), (".", "."), ("..", "..")]
        {
            assert_eq!(path(&absolute(given)).as_deref(), Some(expected), "{given}");
        }
        assert_eq!(absolute("/a/./b/").as_str(), Some("/a/b"));
        assert_eq!(path(&Value::unknown("anything else")), None);
        assert_eq!(path(&current()).as_deref(), Some("."));
    }
}
