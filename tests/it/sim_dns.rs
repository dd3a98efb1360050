//! The simulated name servers and the resolver, asked over UDP and TCP with queries that hickory builds.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that finds something else than it expects must fail"
)]

mod ask;
mod authority;
mod broken;
mod created;
mod demo;
mod differential;
mod dig;
mod misbehaving;
mod resolver;
mod signed;
mod values;
mod walk;
mod writes;
