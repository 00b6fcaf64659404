//! A generated plan on its way through planfit: text, document and changes, workspace, findings.

use planfit::engine::{self, Judged, Settings};
use planfit::policy::PolicyFile;
use planfit::policy::library::{self, Examples};
use planfit::source::SourceMap;
use planfit::terraform::config::Configuration;
use planfit::terraform::document::{self, Sink};
use planfit::terraform::input::{self, Text};
use planfit::terraform::plan::ResourceChange;
use planfit::workspace::build::Shared;
use planfit::workspace::{Workspace, text};

use crate::plan::{self as generated, Variant};

/// The pack, compiled.
pub struct Pack {
    files: Vec<PolicyFile>,
    sources: SourceMap,
}

impl Pack {
    /// Loads it as the command does.
    #[must_use]
    pub fn load() -> Self {
        let mut sources = SourceMap::default();
        let files = library::load(&mut sources, Examples::Skip).into_iter().map(|parsed| parsed.file).collect();
        Self { files, sources }
    }

    /// What all workspaces under the pack have in common.
    #[must_use]
    pub fn shared(&self) -> Shared {
        let mentions = self.files.iter().map(PolicyFile::mentions);
        text::shared(mentions, library::facts().unwrap_or_default(), Configuration::default())
    }

    /// Everything that the pack finds.
    #[must_use]
    pub fn judge(&self, workspace: &Workspace<'_>) -> Judged {
        let files: Vec<&PolicyFile> = self.files.iter().collect();
        engine::evaluate(&files, workspace, &Settings::default(), &self.sources)
    }
}

/// The bytes of a generated plan.
#[must_use]
pub fn bytes(variant: Variant, resources: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    drop(generated::write(variant, resources, &mut bytes));
    bytes
}

/// What a plan's bytes say.
#[must_use]
pub fn text(bytes: Vec<u8>) -> Text {
    input::decode(bytes)
}

/// How many changes the document holds.
#[must_use]
pub fn read(text: &Text) -> usize {
    let mut count = Count(0);
    drop(document::read(text, &mut count));
    count.0
}

struct Count(usize);

impl Sink<'_> for Count {
    fn take(&mut self, _change: ResourceChange<'_>) {
        self.0 += 1;
    }

    fn restart(&mut self) {
        self.0 = 0;
    }
}

/// The workspace of a plan; none if the plan cannot be read, which a bench must notice.
#[must_use]
pub fn workspace<'t>(text: &'t Text, shared: &Shared) -> Option<Workspace<'t>> {
    text::workspace(text, "plan.json", shared).ok()
}
