//! Embeds the pack again when a policy changes: the macro that embeds it does not tell cargo.

fn main() {
    println!("cargo::rerun-if-changed=policies");
}
