//! The map of zonecut.
//!
//! A pure core knows what is true ([`model`]), what is wrong ([`findings`]) and what to change ([`plan`]); [`ports`] name what must
//! be asked of the outside; adapters answer; two front ends show the same things.

pub mod aws;
pub mod cli;
pub mod config;
pub mod dns;
pub mod engine;
pub mod findings;
pub mod model;
pub mod plan;
pub mod ports;
pub mod report;
pub mod sim;
pub mod store;
pub mod tui;
