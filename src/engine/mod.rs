//! Drives the ports: reads all accounts at once, each at its own pace, and says what it learned as facts on one channel.
//!
//! Invariant: nothing is concluded here and no inventory is held. What could not be read leaves as a fact too, and a list
//! of zones is never called complete unless its number was confirmed.
//!
//! A front end starts a [`Scan`](scan::Scan), feeds its events to a [`Picture`](picture::Picture) and sends on what that
//! wants; [`Session`](session::Session) does so for a command without screen.

pub mod apply;
pub mod ask;
pub mod atlas;
pub mod backoff;
mod board;
mod bucket;
pub mod check;
pub mod command;
mod commons;
pub mod draft;
pub mod limits;
mod listing;
pub mod live;
mod paging;
mod patience;
pub mod picture;
pub mod preflight;
pub mod progress;
mod queue;
mod reader;
pub mod scan;
pub mod session;
mod task;
pub mod trace;
mod trial;
pub mod walk;
pub mod wants;
mod worker;

pub use board::Monitor;

#[cfg(test)]
mod tests;
