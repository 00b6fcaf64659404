//! Where a report comes from.

/// What kind of input was judged, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// `plan`, `state`, `hcl` (of several inputs, joined with `+`).
    pub mode: String,
    /// tfaction's target.
    pub target: Option<String>,
    /// The directory of the configuration, relative to the git root.
    pub working_directory: Option<String>,
    /// The workflow of GitHub Actions around the run.
    pub workflow: Option<Workflow>,
}

/// A run of GitHub Actions: what links, and marks that other tools read, are made of. What is not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflow {
    /// `GITHUB_SERVER_URL`
    pub server: String,
    /// `GITHUB_REPOSITORY`: owner and name.
    pub repository: String,
    /// `GITHUB_SHA`: the commit; on a pull request that of the merge.
    pub commit: String,
    /// `GITHUB_RUN_ID`
    pub id: String,
    /// `GITHUB_JOB`
    pub job: String,
}
