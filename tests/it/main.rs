//! The one integration test binary: a module for each part that is tested from outside.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "functions beside the tests are tests too, which clippy.toml cannot know"
)]

mod apply;
mod aws;
mod cli;
mod config;
mod conformance;
mod contract;
mod dns;
mod doh;
#[cfg(target_os = "linux")]
mod hostile;
mod layers;
mod organisations;
mod plans;
#[cfg(unix)]
mod pty;
mod readme;
mod scan;
mod sim_dns;
mod tui;
