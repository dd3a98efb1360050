//! The one integration test binary: a module for each part that is tested from outside.

mod config;
mod contract;
mod organisations;
mod sim_dns;
