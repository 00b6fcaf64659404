//! Functions of the configuration that are not pure: they read files, or only a provider knows them.
//!
//! They are compiled to calls of the embedding; whoever evaluates the configuration answers what it can and says of the
//! rest that it is not known.

use crate::expr::functions::{Function, HostFunction, builtin};
use crate::expr::{Call, Expr, Kind};
use crate::source::Span;

/// What a call of the embedding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Something that cannot be known before apply, or that planfit does not understand.
    Unevaluated,
    /// The text of a file.
    File,
    /// A file as base64.
    FileBase64,
    /// Whether a file is there.
    FileExists,
    /// A template with variables.
    TemplateFile,
    /// The files below a directory that fit a pattern.
    FileSet,
    /// A path that begins at the root of the machine.
    Absolute,
    /// A path with the home directory in the place of `~`.
    Home,
    /// A hash of a file: the function of texts that gives the same.
    Hash(&'static str),
}

impl Ask {
    /// Whether only where a path leads counts, not how it is written.
    #[must_use]
    pub fn follows(self) -> bool {
        !matches!(self, Self::Unevaluated | Self::Home)
    }
}

const UNEVALUATED: HostFunction = HostFunction { name: "function", number: 0, min: 0, max: usize::MAX };

const TABLE: [(&str, usize, Ask); 13] = [
    ("file", 1, Ask::File),
    ("filebase64", 1, Ask::FileBase64),
    ("fileexists", 1, Ask::FileExists),
    ("templatefile", 2, Ask::TemplateFile),
    ("fileset", 2, Ask::FileSet),
    ("abspath", 1, Ask::Absolute),
    ("pathexpand", 1, Ask::Home),
    ("filemd5", 1, Ask::Hash("md5")),
    ("filesha1", 1, Ask::Hash("sha1")),
    ("filesha256", 1, Ask::Hash("sha256")),
    ("filesha512", 1, Ask::Hash("sha512")),
    ("filebase64sha256", 1, Ask::Hash("base64sha256")),
    ("filebase64sha512", 1, Ask::Hash("base64sha512")),
];

/// The function of a name in a configuration; what is not known by name is [`Ask::Unevaluated`].
#[must_use]
pub fn function(namespace: &[&str], name: &str) -> Function {
    let own = matches!(namespace, [] | ["core"]);
    let pure = if own { builtin(name) } else { None };
    pure.unwrap_or_else(|| {
        let found = TABLE.iter().zip(1..).find(|((known, _, _), _)| own && *known == name);
        Function::Host(found.map_or(UNEVALUATED, |((name, arguments, _), number)| HostFunction {
            name,
            number,
            min: *arguments,
            max: *arguments,
        }))
    })
}

/// What the function of a number asks for.
#[must_use]
pub fn asked(number: u32) -> Ask {
    let row = usize::try_from(number).ok().and_then(|number| TABLE.get(number.checked_sub(1)?));
    row.map_or(Ask::Unevaluated, |(_, _, ask)| *ask)
}

/// An expression of which nothing is known: what stands in for one that could not be compiled.
#[must_use]
pub fn unevaluated(span: Span) -> Expr {
    let call = Call { function: Function::Host(UNEVALUATED), arguments: Vec::new(), expand: false, pattern: None };
    Expr { kind: Kind::Call(Box::new(call)), span }
}
