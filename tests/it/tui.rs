//! The terminal program from outside: keys in, screen out, over an inventory in memory.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy exempts test functions, not the functions they call"
)]

mod bytes;
mod hostile;
mod keymap;
mod look;
mod mash;
mod mfa;
mod names;
mod picture;
mod privacy;
mod scan;
pub mod sizes;
mod stage;
mod stories;
mod trace;

/// Whether everything is to be tried, as `.ci/run` wants it, and not a tenth.
pub fn is_full() -> bool {
    std::env::var_os("ZONECUT_FULL").is_some()
}
