//! The `zonecut` program: it reads its arguments, does what they say, and ends with the code that says how it went.

use std::process::ExitCode;

fn main() -> ExitCode {
    zonecut::cli::run().into()
}
