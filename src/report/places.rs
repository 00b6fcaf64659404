//! Paths and positions as one format wants them.
//!
//! The paths of a [`SourceMap`] are relative to one base; some readers need another one whatever the run was told. Paths
//! come out of here safe to show.

use std::borrow::Cow;

use super::sanitise;
use crate::source::{LineColumn, SourceFile, SourceMap, Span};

/// What the paths of a format are relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base<'b> {
    /// What `--path-base` says.
    Chosen,
    /// The git root.
    Root,
    /// A directory below the git root, empty for the root itself.
    Below(&'b str),
}

/// The places of a report as one format prints them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'s> {
    pub(super) sources: &'s SourceMap,
    pub(super) base: Base<'s>,
}

impl<'s> Places<'s> {
    /// Places relative to what `--path-base` says.
    pub(super) const fn chosen(sources: &'s SourceMap) -> Self {
        Self { sources, base: Base::Chosen }
    }

    /// Places relative to the git root.
    pub(super) const fn from_root(sources: &'s SourceMap) -> Self {
        Self { sources, base: Base::Root }
    }

    /// The file of a span; `None` for a span of another map.
    pub(super) fn file(self, span: Span) -> Option<&'s SourceFile> {
        self.sources.file(span.file)
    }

    /// The path of a span's file; empty for a span of another map.
    pub(super) fn path(self, span: Span) -> Cow<'s, str> {
        sanitise::line_of(self.raw_path(span))
    }

    fn raw_path(self, span: Span) -> Cow<'s, str> {
        let Some(file) = self.file(span) else { return Cow::Borrowed("") };
        match self.base {
            // What is built in is below nothing.
            _ if file.is_built_in() => Cow::Borrowed(file.path()),
            Base::Chosen => Cow::Borrowed(file.path()),
            Base::Root => Cow::Owned(self.sources.from_root(file.path())),
            Base::Below(directory) => Cow::Owned(self.sources.seen_from(directory, file.path())),
        }
    }

    /// The path of a span whose file lies in the repository: what readers can open.
    pub(super) fn path_in_repository(self, span: Span) -> Option<Cow<'s, str>> {
        let file = self.file(span).filter(|file| !file.is_built_in())?;
        let from_root = self.sources.from_root(file.path());
        let is_inside = from_root.split('/').next() != Some("..") && !from_root.is_empty();
        is_inside.then(|| self.path(span))
    }

    /// Where a span starts.
    pub(super) fn start(self, span: Span) -> LineColumn {
        self.sources.start(span)
    }

    /// Where a span ends (exclusive).
    pub(super) fn end(self, span: Span) -> LineColumn {
        self.sources.end(span)
    }

    /// "infra/main.tf line 3"; `None` for a span of another map.
    pub(super) fn in_words(self, span: Span) -> Option<String> {
        let file = self.file(span)?;
        let start = file.line_column(span.start);
        Some(format!("{} line {}", self.path(span), start.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(sources: &mut SourceMap, path: &str) -> Span {
        Span { file: sources.add(path, "a = 1\n"), start: 0, end: 1 }
    }

    #[test]
    fn each_base_sees_its_own_path() {
        let mut sources = SourceMap::default();
        sources.set_base("infra");
        let (inner, outer, far) = (
            span(&mut sources, "prd/a.tf"),
            span(&mut sources, "../modules/a.tf"),
            span(&mut sources, "../../else/a.tf"),
        );
        let built_in = Span { file: sources.add_built_in("policies/p.policy.hcl", ""), start: 0, end: 0 };
        let seen = |base| {
            let places = Places { sources: &sources, base };
            [inner, outer, far, built_in].map(|span| places.path(span).into_owned())
        };
        let pack = "policies/p.policy.hcl";
        assert_eq!(seen(Base::Chosen), ["prd/a.tf", "../modules/a.tf", "../../else/a.tf", pack]);
        assert_eq!(seen(Base::Root), ["infra/prd/a.tf", "modules/a.tf", "../else/a.tf", pack]);
        assert_eq!(seen(Base::Below("infra/prd")), ["a.tf", "../../modules/a.tf", "../../../else/a.tf", pack]);
        let places = Places::from_root(&sources);
        let inside = [inner, outer, far, built_in].map(|span| places.path_in_repository(span).is_some());
        assert_eq!(inside, [true, true, false, false]);
    }
}
