//! Directories of HCL as inputs of `check`: which there are, and what their variables are given.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use crate::expr::functions::nearest;
use crate::io::{self, Disk};
use crate::source::SourceMap;
use crate::terraform::config::Configuration;
use crate::terraform::config::load::{Files as _, Trouble, source_files};
use crate::terraform::config::roots::Select;
use crate::terraform::config::values::{self, Asked, Outside};
use crate::workspace::source::Given;
use given::Values;

mod given;

/// Options of the commands that judge HCL alone.
#[derive(Args, Debug)]
#[group(id = "source")]
pub(super) struct Options {
    #[command(flatten)]
    values: Values,
    /// Take values of variables from the environment, too (`TF_VAR_NAME`)
    #[arg(long)]
    env_vars: bool,
    /// Also judge modules that others call, each on its own
    #[arg(long)]
    module: bool,
    /// The name of the Terraform workspace (`terraform.workspace`)
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
}

/// Whether a path stands for HCL: a directory, or a file that selects its own. All else is a plan or state.
pub(super) fn is_source(path: &str) -> bool {
    let is_hcl = [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars"].iter().any(|ending| path.ends_with(ending));
    path != "-" && (is_hcl || io::is_directory(path))
}

/// The directory that a path stands for: itself, or that of a file.
pub(super) fn directory_of(path: &str) -> String {
    if io::is_directory(path) { path.to_owned() } else { io::directory_of(path) }
}

/// Whether a directory holds a module.
pub(super) fn has_source(directory: &str, disk: &Disk) -> bool {
    !source_files(disk.list(directory)).is_empty()
}

impl Options {
    /// Which directories are judged on their own.
    pub(super) fn select(&self) -> Select {
        if self.module { Select::Modules } else { Select::Roots }
    }

    /// What the variables of a root module are given, and what of it could not be read.
    pub(super) fn given(
        &self,
        root: &str,
        configuration: &Configuration,
        disk: &Disk,
        sources: &mut SourceMap,
    ) -> (Given, Vec<Trouble>) {
        let outside = Outside {
            environment: if self.env_vars { io::variables("TF_VAR_") } else { Vec::new() },
            asked: self.values.0.clone(),
        };
        let (variables, troubles) = values::gather(root, configuration, &outside, disk, sources);
        (Given { variables, workspace: self.workspace.as_deref().map(Arc::from) }, troubles)
    }

    /// Files of values that were asked for and are not there.
    pub(super) fn missing_files(&self) -> impl Iterator<Item = &String> {
        let files = self.values.0.iter().filter_map(|asked| match asked {
            Asked::File(path) => Some(path),
            Asked::Text { .. } => None,
        });
        files.filter(|path| !io::is_file(path))
    }

    /// The names of `--var` that a root module does not declare, with what was meant perhaps.
    pub(super) fn undeclared(&self, configuration: &Configuration) -> Vec<(String, String)> {
        let root = configuration.module("");
        let declared: Vec<&str> = root
            .into_iter()
            .flat_map(|root| root.blocks("variable"))
            .filter_map(|block| block.labels.first().map(|name| &**name))
            .collect();
        let names = self.values.0.iter().filter_map(|asked| match asked {
            Asked::Text { name, .. } => Some(name),
            Asked::File(_) => None,
        });
        let strange: BTreeSet<&String> = names.filter(|name| !declared.contains(&name.as_str())).collect();
        strange
            .into_iter()
            .map(|name| {
                let near = nearest(name, declared.iter().copied());
                (name.clone(), near.map_or_else(String::new, |near| format!("; did you mean {near}?")))
            })
            .collect()
    }
}
