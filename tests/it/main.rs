//! The one integration test binary: a module for each part that is tested from outside.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "functions beside the tests are tests too, which clippy.toml cannot know"
)]

mod aws;
mod cli;
mod config;
mod contract;
mod dns;
#[cfg(target_os = "linux")]
mod hostile;
mod layers;
mod organisations;
#[cfg(unix)]
mod pty;
mod readme;
mod scan;
mod sim_dns;
mod tui;
