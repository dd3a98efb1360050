//! Whole organisations, from a simulated world to findings, in memory: told as stories, at random, and as the demo.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy exempts test functions, not the functions they call"
)]

mod demo;
mod generate;
mod hearing;
mod incremental;
mod keys;
mod plant;
mod random;
pub mod reading;
mod served;
mod story;
mod unread;
