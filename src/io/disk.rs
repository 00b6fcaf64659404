//! The files around the current directory: how reports print a path, what lies in the repository, what may be read.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::walk::all_below;
use super::{Environment, current_directory, directory_of, is_directory, lists, read_bytes};
use crate::config::root::Root;
use crate::source::hcl::MAX_FILE_SIZE;
use crate::terraform::config::load::{Files, join};

/// The file system around the current directory, and the base of the paths in reports.
#[derive(Clone, Debug)]
pub struct Disk {
    current: PathBuf,
    /// The root of the git repository around the current directory, without git that directory.
    repository: PathBuf,
    /// What the paths in reports are relative to.
    base: PathBuf,
    /// What is ours, links followed: the repository, and those of paths from elsewhere.
    own: Vec<PathBuf>,
    data_directory: Option<String>,
    max_file_size: Option<usize>,
}

impl Disk {
    /// The file system as it is now. Reports print paths relative to the git root, without git to the current directory.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let current = current_directory();
        let repository = root_above(&current).map_or_else(|| current.clone(), Path::to_path_buf);
        Self {
            current,
            base: repository.clone(),
            own: vec![real(&repository)],
            repository,
            data_directory: environment.data_directory.clone(),
            max_file_size: None,
        }
    }

    /// Reports print paths relative to the current directory.
    #[must_use]
    pub fn relative_to_current(self) -> Self {
        Self { base: self.current.clone(), ..self }
    }

    /// The base of the paths in reports, relative to the git root; empty for the root itself.
    #[must_use]
    pub fn base_below_root(&self) -> String {
        let root = root_above(&self.base);
        let below = root.and_then(|root| self.base.strip_prefix(root).ok()).unwrap_or(Path::new(""));
        let steps = below.components().map(|step| step.as_os_str().to_string_lossy().into_owned());
        steps.collect::<Vec<_>>().join("/")
    }

    /// The current directory, relative to the git root; empty for the root itself and without git.
    #[must_use]
    pub fn current_below_root(&self) -> String {
        self.clone().relative_to_current().base_below_root()
    }

    /// A path from the root of the file system on.
    #[must_use]
    pub fn absolute_path(&self, path: &str) -> String {
        self.absolute(path).to_string_lossy().into_owned()
    }

    /// The root of the repository that a directory lies in, if there is one.
    #[must_use]
    pub fn repository_of(&self, directory: &str) -> Option<PathBuf> {
        root_above(&self.absolute(directory)).map(Path::to_path_buf)
    }

    /// Takes what is judged as ours wherever it lies: with its repository, without git by itself.
    #[must_use]
    pub fn with_own<'p>(mut self, directories: impl IntoIterator<Item = &'p str>) -> Self {
        for directory in directories {
            let directory = self.absolute(directory);
            let own = real(root_above(&directory).unwrap_or(&directory));
            if !self.own.iter().any(|known| own.starts_with(known)) {
                self.own.push(own);
            }
        }
        self
    }

    /// A path as one that begins at the root of the repository, so that one directory has one name however it is given
    /// and whoever calls it. What lies elsewhere stays as it is.
    #[must_use]
    pub fn anchored(&self, path: &str) -> String {
        match self.absolute(path).strip_prefix(&self.repository) {
            Ok(rest) => join(&self.to_repository(), &rest.to_string_lossy()),
            Err(_) => path.to_owned(),
        }
    }

    /// The way to the root of a directory's repository, without git to the current directory.
    #[must_use]
    pub fn repository_around(&self, directory: &str) -> String {
        match self.repository_of(directory) {
            Some(root) if root != self.repository => root.to_string_lossy().into_owned(),
            _ => self.to_repository(),
        }
    }

    fn to_repository(&self) -> String {
        let below = self.current.strip_prefix(&self.repository).unwrap_or(Path::new(""));
        join(&"../".repeat(below.components().count()), "")
    }

    /// A path below the git root, seen from the current directory.
    #[must_use]
    pub fn below_root(&self, path: &str) -> String {
        self.base.join(path).to_string_lossy().into_owned()
    }

    /// HCL files that are larger are not read.
    #[must_use]
    pub fn with_max_file_size(self, bytes: usize) -> Self {
        Self { max_file_size: Some(bytes), ..self }
    }

    /// The nearest file of a name, from the common parent of some directories up to the git root; without git up to the
    /// current directory.
    #[must_use]
    pub fn nearest(&self, name: &str, directories: &[String]) -> Option<String> {
        let mut common = directories.first().map_or_else(|| self.current.clone(), |first| self.absolute(first));
        for other in directories.iter().skip(1).map(|other| self.absolute(other)) {
            while !other.starts_with(&common) && common.pop() {}
        }
        let top = root_above(&common).unwrap_or(if common.starts_with(&self.current) {
            self.current.as_path()
        } else {
            common.as_path()
        });
        let within = common.ancestors().take_while(|directory| directory.starts_with(top));
        let found = within.map(|directory| directory.join(name)).find(|path| path.is_file());
        // Seen from here, so that messages stay short.
        found.map(|path| path.strip_prefix(&self.current).unwrap_or(&path).to_string_lossy().into_owned())
    }

    /// What the paths of a settings file are relative to.
    #[must_use]
    pub fn root_of(&self, file: &str) -> Root {
        let directory = self.absolute(&directory_of(file));
        Root::new(&directory.to_string_lossy(), &self.base.to_string_lossy())
    }

    /// The workspace that was selected in a directory that `terraform init` has been run in.
    #[must_use]
    pub fn selected_workspace(&self, directory: &str) -> Option<String> {
        let data = self.data_directory(directory);
        let selected =
            || read_bytes(Path::new(&data).join("environment")).ok().and_then(|text| String::from_utf8(text).ok());
        // Terraform writes no file for the one that is there from the start.
        is_directory(&data).then(|| selected().map_or_else(|| "default".to_owned(), |name| name.trim().to_owned()))
    }

    fn absolute(&self, path: &str) -> PathBuf {
        let mut result = PathBuf::new();
        for component in self.current.join(path).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    result.pop();
                }
                other => result.push(other),
            }
        }
        result
    }
}

fn root_above(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|directory| directory.join(".git").exists())
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

impl Files for Disk {
    fn list(&self, directory: &str) -> Vec<String> {
        lists(directory)
    }

    fn below(&self, directory: &str) -> Result<Vec<String>, String> {
        all_below(directory)
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let size = fs::metadata(path).map_or(0, |found| found.len());
        if let Some(most) = self.max_file_size.filter(|most| size > *most as u64) {
            return Err(format!("the file has more than {most} bytes, and that is max_file_size"));
        }
        if size > MAX_FILE_SIZE as u64 {
            return Err(format!("the file is larger than {} MiB", MAX_FILE_SIZE >> 20));
        }
        let bytes = read_bytes(path).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())
    }

    fn shown(&self, path: &str) -> String {
        let absolute = self.absolute(path);
        let mut up = 0;
        let mut base = Some(self.base.as_path());
        while let Some(directory) = base {
            if let Ok(rest) = absolute.strip_prefix(directory) {
                let parts: Vec<String> = std::iter::repeat_n("..".to_owned(), up)
                    .chain(rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned()))
                    .collect();
                return if parts.is_empty() { ".".to_owned() } else { parts.join("/") };
            }
            up += 1;
            base = directory.parent();
        }
        absolute.to_string_lossy().into_owned()
    }

    fn is_ours(&self, directory: &str) -> bool {
        let directory = real(&self.absolute(directory));
        self.own.iter().any(|own| directory.starts_with(own))
    }

    fn resolve(&self, directory: &str) -> String {
        let link = fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.file_type().is_symlink());
        let real = link.then(|| fs::canonicalize(directory).ok()).flatten();
        real.map_or_else(|| directory.to_owned(), |path| path.to_string_lossy().into_owned())
    }

    fn data_directory(&self, root: &str) -> String {
        let name = self.data_directory.as_deref().unwrap_or(".terraform");
        Path::new(root).join(name).to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk() -> Disk {
        Disk {
            current: "/repo/infra".into(),
            repository: "/repo".into(),
            base: "/repo".into(),
            own: Vec::new(),
            data_directory: None,
            max_file_size: None,
        }
    }

    #[test]
    fn a_directory_of_the_repository_has_one_name() {
        let table = [
            (".", "../infra"),
            ("prd", "../infra/prd"),
            ("../modules/a/", "../modules/a"),
            ("..", ".."),
            ("/repo/infra/prd/../stg", "../infra/stg"),
            ("../../else", "../../else"),
            ("/else/x", "/else/x"),
        ];
        for (path, anchored) in table {
            assert_eq!(disk().anchored(path), anchored);
        }
        let at_root = Disk { current: "/repo".into(), ..disk() };
        assert_eq!((at_root.anchored("."), at_root.anchored("./a")), (".".to_owned(), "a".to_owned()));
    }

    #[test]
    fn paths_are_shown_from_the_root() {
        let table = [
            ("main.tf", "infra/main.tf"),
            ("../modules/a/x.tf", "modules/a/x.tf"),
            ("/repo", "."),
            ("/else/x", "../else/x"),
        ];
        for (path, shown) in table {
            assert_eq!(disk().shown(path), shown);
        }
    }
}
