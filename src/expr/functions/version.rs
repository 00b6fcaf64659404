//! Versions: `semvercmp` and `semverconstraint` of Terraform Policy.

use super::{Builtin, plain};
use crate::value::{Number, Value};
use crate::version::{Constraints, Version};

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(
        ("semvercmp", "a, b", 2, 2, "-1, 0 or 1: the first version is older than the second, as old, newer."),
        |arguments| {
            let order = Version::parse(&arguments.text(0)?)?.order(&Version::parse(&arguments.text(1)?)?);
            Ok(Value::Number(Number::from(order as i64)))
        },
    ),
    plain(
        (
            "semverconstraint",
            "version, constraint",
            2,
            2,
            "Whether the version fits constraints such as \">= 1.2, < 2.0\".",
        ),
        |arguments| {
            let version = Version::parse(&arguments.text(0)?)?;
            Ok(Value::Bool(Constraints::parse(&arguments.text(1)?)?.allow(&version)))
        },
    ),
];
