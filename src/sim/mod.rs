//! A small internet for the demo, the tests and the benchmarks: accounts, hosted zones and faults, served over the real protocols.
//!
//! [`world`] is the state and its semantics, without IO; what serves it stands beside it.

pub mod api;
pub mod dns;
pub mod faults;
mod http;
pub mod iam;
pub mod order;
pub mod record;
pub mod rival;
pub mod service;
pub mod simulator;
pub mod world;
