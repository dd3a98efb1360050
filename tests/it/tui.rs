//! The terminal program from outside: keys in, screen out, over an inventory in memory.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy exempts test functions, not the functions they call"
)]

mod bytes;
mod handover;
mod hostile;
mod keymap;
mod look;
mod mash;
mod mfa;
mod names;
mod picture;
mod plans;
mod privacy;
mod records;
mod round;
mod scan;
mod sets;
pub mod sizes;
mod stage;
mod stories;
mod trace;
mod wizard;

/// Whether everything is to be tried, as `.ci/run` wants it, and not a tenth.
pub fn is_full() -> bool {
    std::env::var_os("ZONECUT_FULL").is_some()
}
