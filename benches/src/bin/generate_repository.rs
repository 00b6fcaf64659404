//! Writes a repository of Terraform code: `cargo run --release --package planfit-benches --bin generate_repository -- DIR [FILES]`.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use planfit_benches::repository;

/// As many as the budget of `repository` speaks of.
const FILES: usize = 12_000;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (directory, files) = (arguments.next(), arguments.next().map_or(Some(FILES), |number| number.parse().ok()));
    let (Some(directory), Some(files)) = (directory, files) else {
        let _ = writeln!(io::stderr(), "usage: generate_repository DIR [FILES]");
        return ExitCode::from(2);
    };
    match repository::write(Path::new(&directory), files) {
        Ok((files, bytes)) => {
            let _ = writeln!(io::stdout(), "{files} files, {bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "generate_repository: {error}");
            ExitCode::FAILURE
        }
    }
}
