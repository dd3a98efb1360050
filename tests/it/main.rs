//! The one integration test binary: a module for each part that is tested from outside.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "functions beside the tests are tests too, which clippy.toml cannot know"
)]

mod aws;
mod config;
mod contract;
mod organisations;
mod scan;
mod sim_dns;
