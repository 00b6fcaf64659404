//! The policies that `.planfit.hcl` names, for commands that read about policies or test them.

use super::{Common, OnDisk, eprint_bytes};
use crate::cli::common::complain;
use crate::cli::settings;
use crate::report::human::Style;
use crate::report::policy::faults;
use crate::source::SourceMap;

/// What the settings file says of policies.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The directories of `policy_paths`, seen from where we are.
    pub(super) paths: Vec<String>,
    /// Whether the settings file could be read, or there is none.
    pub(super) is_whole: bool,
}

impl Own {
    /// Reads the file of `--config`, else the nearest one. What is wrong in it goes to standard error.
    pub(super) fn read(common: &Common, on_disk: &OnDisk) -> Self {
        let mut sources = SourceMap::default();
        let read = settings::read(common.config.as_deref(), &[], &on_disk.disk, &mut sources);
        if let Some(remark) = &read.unreadable {
            complain(&remark.message);
        }
        if !read.faults.is_empty() {
            let (all, style) =
                (read.faults.iter().collect::<Vec<_>>(), Style { width: 100, colour: false, verbose: false });
            let mut text = Vec::new();
            let _ = faults::write(&all, &[], &sources, style, &mut text);
            eprint_bytes(&text);
        }
        let is_whole = read.unreadable.is_none() && read.faults.is_empty();
        let named = read.settings.map(|settings| settings.policies()).unwrap_or_default();
        Self { paths: named.into_iter().map(|named| named.path).collect(), is_whole }
    }
}
