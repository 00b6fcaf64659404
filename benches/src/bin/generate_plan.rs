//! Prints a large plan: `cargo run --release --package planfit-benches --bin generate_plan -- 100000 [steady|first-apply] > plan.json`.

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use planfit_benches::plan::{self, Variant};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let resources = arguments.next().and_then(|number| number.parse().ok());
    let variant = match arguments.next().as_deref() {
        None | Some("steady") => Some(Variant::Steady),
        Some("first-apply") => Some(Variant::FirstApply),
        Some(_) => None,
    };
    let (Some(resources), Some(variant)) = (resources, variant) else {
        let _ = writeln!(io::stderr(), "usage: generate_plan RESOURCES [steady|first-apply] > plan.json");
        return ExitCode::from(2);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match plan::write(variant, resources, &mut out).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "generate_plan: {error}");
            ExitCode::FAILURE
        }
    }
}
