//! Drives the ports: reads all accounts at once, each at its own pace, and says what it learned as facts on one channel.
//!
//! Invariant: nothing is concluded here and no inventory is held. What could not be read leaves as a fact too, and a list
//! of zones is never called complete unless its number was confirmed.

pub mod backoff;
mod board;
pub mod command;
mod commons;
pub mod limits;
mod listing;
mod paging;
pub mod progress;
mod queue;
mod reader;
pub mod scan;
mod task;
mod worker;

pub use board::Monitor;
