//! Where names lead to: the page of a policy, a line of the repository, the run.

use super::escape::code;
use crate::finding::{Rule, Run, Workflow};
use crate::report::places::Places;
use crate::report::uri::uri;
use crate::source::Span;

/// Where planfit is published.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The page of a policy that is built in, as it was in this version.
pub(in crate::report) fn page(rule: &Rule) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    rule.file.is_none().then(|| format!("{HOME}/blob/v{version}/{}", uri(&rule.path)))
}

/// Links into the workflow's repository, as far as the run says which it is.
#[derive(Clone, Debug, Default)]
pub(in crate::report) struct Links {
    /// `https://github.com/owner/name`
    repository: Option<String>,
    commit: String,
    run: String,
}

impl Links {
    /// What the run allows. A server with characters that are not of an address gives no links.
    pub(in crate::report) fn new(run: &Run) -> Self {
        let Some(Workflow { server, repository, commit, id, .. }) = &run.workflow else { return Self::default() };
        let is_plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, ':' | '/' | '.' | '-' | '_');
        let is_server = server.starts_with("https://") || server.starts_with("http://");
        let known = is_server && server.chars().all(is_plain) && !repository.is_empty();
        let repository = known.then(|| format!("{}/{}", server.trim_end_matches('/'), uri(repository)));
        Self { repository, commit: uri(commit), run: uri(id) }
    }

    /// The page of the run.
    pub(in crate::report) fn run(&self) -> Option<String> {
        let repository = self.repository.as_ref().filter(|_| !self.run.is_empty())?;
        Some(format!("{repository}/actions/runs/{}", self.run))
    }

    fn blob(&self, path: &str) -> Option<String> {
        let repository = self.repository.as_ref().filter(|_| !self.commit.is_empty())?;
        Some(format!("{repository}/blob/{}/{}", self.commit, uri(path)))
    }

    /// A place as a code span, with a link to its line where the repository has it.
    pub(in crate::report) fn place(&self, span: Span, places: Places<'_>) -> String {
        let line = places.start(span).line;
        let shown = code(&format!("{}:{line}", places.path(span)));
        let from_root = Places::from_root(places.sources);
        let url = from_root.path_in_repository(span).and_then(|path| self.blob(&path));
        url.map_or_else(|| shown.clone(), |url| format!("[{shown}]({url}#L{line})"))
    }

    /// The id of a policy as a code span, with a link to its page or to its file in the repository.
    pub(in crate::report) fn policy(&self, rule: &Rule, places: Places<'_>) -> String {
        let own = || {
            let path = places.sources.from_root(&rule.path);
            (!path.starts_with("../")).then(|| self.blob(&path)).flatten()
        };
        let shown = code(&rule.id);
        let url = page(rule).or_else(own);
        url.map_or_else(|| shown.clone(), |url| format!("[{shown}]({url})"))
    }
}
