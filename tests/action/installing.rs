//! How planfit gets into a step: from the path, from a release, from source.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::runner::{STUB, Step};

const LINUX: &str = "#!/usr/bin/env bash\n[[ $1 == -s ]] && echo Linux || echo x86_64\n";

/// Counts its calls and hands out the archive that lies in the world.
const CURL: &str = r#"#!/usr/bin/env bash
printf '%s\n' "${@: -1}" >>"$HOME/downloads"
while [[ $1 != --output ]]; do shift; done
[[ -f $HOME/archive.tar.gz ]] || exit 22
cp "$HOME/archive.tar.gz" "$2"
"#;

/// Installs the stub, and writes down what it was asked.
const CARGO: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >"$HOME/cargo-asked"
while [[ $1 != --root ]]; do shift; done
mkdir -p "$2/bin"
cp "$HOME/stub" "$2/bin/planfit"
chmod +x "$2/bin/planfit"
"#;

/// A world with a platform, a network and an archive of a release; its checksum.
fn world() -> (Step, String) {
    let step = Step::new();
    step.tool("uname", LINUX);
    step.tool("curl", CURL);
    let planfit = step.world.write("release/planfit", STUB);
    fs::set_permissions(planfit, fs::Permissions::from_mode(0o755)).unwrap();
    let archive = step.path("archive.tar.gz");
    let made =
        Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(step.path("release")).arg("planfit").status();
    assert!(made.unwrap().success());
    let output =
        Command::new("sh").args(["-c", "sha256sum \"$1\" || shasum -a 256 \"$1\"", "-"]).arg(&archive).output();
    let sum = String::from_utf8(output.unwrap().stdout).unwrap().split_once(' ').unwrap().0.to_owned();
    step.world.write("the action/action/version", "9.8.7\n");
    (step, sum)
}

fn expect(step: &Step, sum: &str) {
    let other = "0".repeat(64);
    let lines = format!("{other}  planfit-macos-aarch64.tar.gz\n{sum}  planfit-linux-x86_64.tar.gz\n");
    step.world.write("the action/action/checksums.txt", lines);
}

fn with_cargo(step: &Step) {
    step.world.write("stub", STUB);
    step.tool("cargo", CARGO);
}

#[test]
fn what_is_on_the_path_comes_first() {
    let (step, sum) = world();
    expect(&step, &sum);
    step.tool("planfit", STUB);
    assert_eq!(step.run().code, 0);
    assert_eq!(step.started(), "[WORLD]/bin/planfit");
    assert!(!step.path("downloads").exists());
}

#[test]
fn a_shim_that_cannot_run_is_passed_over() {
    let (step, sum) = world();
    expect(&step, &sum);
    step.tool("planfit", "#!/usr/bin/env bash\necho 'command is not found' >&2\nexit 1\n");
    let done = step.run();
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(step.started(), "[WORLD]/temp/planfit-bin/planfit");
}

#[test]
fn a_release_is_downloaded_once_and_checked_each_time() {
    let (step, sum) = world();
    expect(&step, &sum);
    let kept = step.path(&format!("cache/planfit/{sum}/planfit-linux-x86_64.tar.gz"));
    for _ in 0..2 {
        assert_eq!(step.run().code, 0);
        let url = "https://github.com/planfit/planfit/releases/download/v9.8.7/planfit-linux-x86_64.tar.gz\n";
        assert_eq!(fs::read_to_string(step.path("downloads")).unwrap(), url);
        assert!(kept.is_file());
    }
    // What somebody put into the cache is not run, and goes.
    fs::write(&kept, "something else").unwrap();
    fs::remove_dir_all(step.path("temp/planfit-bin")).unwrap();
    fs::remove_file(step.path("arguments")).unwrap();
    let done = step.run();
    assert_eq!((done.code, done.arguments), (2, None));
    assert!(done.stdout.starts_with("::error title=planfit::checksum mismatch"), "{}", done.stdout);
    assert!(!kept.exists());
    assert_eq!(step.run().code, 0, "the next run downloads it again");
}

#[test]
fn a_wrong_checksum_ends_the_run() {
    let (step, _) = world();
    expect(&step, &"1".repeat(64));
    with_cargo(&step);
    let done = step.run();
    assert_eq!((done.code, done.arguments), (2, None));
    assert!(
        done.stdout.contains("checksum mismatch: planfit-linux-x86_64.tar.gz of release v9.8.7"),
        "{}",
        done.stdout
    );
    assert_eq!(done.outputs["outcome"], "error");
    assert!(!step.path("cargo-asked").exists(), "it never falls through");
    assert!(!step.path("temp/planfit-bin/planfit").exists(), "nothing is unpacked");
}

#[test]
fn what_cannot_be_downloaded_or_has_no_checksum_is_built() {
    let (step, sum) = world();
    with_cargo(&step);
    // The first release is still to come.
    assert_eq!(step.run().code, 0);
    assert!(!step.path("downloads").exists());
    expect(&step, &sum);
    fs::remove_file(step.path("archive.tar.gz")).unwrap();
    let done = step.run();
    assert_eq!((done.code, step.started().as_str()), (0, "[WORLD]/temp/planfit-root/bin/planfit"));
    let kept: Vec<_> = fs::read_dir(step.path(&format!("cache/planfit/{sum}"))).unwrap().collect();
    assert!(kept.is_empty(), "nothing half is left: {kept:?}");
    let asked = fs::read_to_string(step.path("cargo-asked")).unwrap();
    assert!(asked.starts_with("install --locked --quiet --root ") && asked.contains("the action/action/.."), "{asked}");
}

#[test]
fn each_way_can_be_asked_for_alone() {
    let (step, sum) = world();
    expect(&step, &sum);
    with_cargo(&step);
    step.tool("planfit", STUB);
    let mut step = step;
    for (way, program) in
        [("path", "bin/planfit"), ("release", "temp/planfit-bin/planfit"), ("source", "temp/planfit-root/bin/planfit")]
    {
        step = step.input("install", way);
        assert_eq!(step.run().code, 0, "{way}");
        assert_eq!(step.started(), format!("[WORLD]/{program}"));
    }
}

#[test]
fn a_way_that_leads_nowhere_is_told() {
    for (way, platform) in
        [("auto", "plan9/mips"), ("path", "Linux/x86_64"), ("release", "MINGW64_NT/x86_64"), ("source", "Linux/x86_64")]
    {
        let (step, _) = world();
        let (system, machine) = platform.split_once('/').unwrap();
        step.tool("uname", &format!("#!/usr/bin/env bash\n[[ $1 == -s ]] && echo {system} || echo {machine}\n"));
        let done = step.input("install", way).run();
        let message =
            format!("::error title=planfit::no planfit for {platform} by this way of installing (install: {way})\n");
        assert_eq!((done.code, done.stdout), (2, message));
    }
}

#[test]
fn to_install_is_to_put_it_on_the_path() {
    let (step, sum) = world();
    expect(&step, &sum);
    let step = step.input("command", "install");
    let done = step.run();
    assert_eq!((done.code, done.arguments, done.outputs["outcome"].as_str()), (0, None, "pass"));
    assert_eq!(done.path, format!("{}\n", step.path("temp/planfit-bin").display()));
    step.tool("planfit", STUB);
    assert_eq!(step.run().path, "", "it is there already");
}
