//! The adapter to AWS: the only code that uses the AWS SDK. It implements the ports `Route53`, `Identity`, `Exact`, `Writer`
//! and `Desk`.
//!
//! Invariants: one request per call; only what is on the allow-list of `guard` is ever sent; no credentials sign a
//! request before they were found to belong to the pinned account.

mod account;
mod body;
mod chain;
mod clients;
mod convert;
mod device;
mod discover;
mod endpoint;
mod error;
mod exact;
mod guard;
mod method;
mod policy;
mod process;
mod profiles;
mod provider;
mod role;
mod route53;
mod session;
mod setup;
mod token;
mod transport;
mod watch;
mod write;

pub use account::Account;
pub use discover::{Candidate, Discovery, FoundAccount};
pub use policy::{Partition, read_policy};
pub use setup::{Options, Setup};
pub use write::{Accounts, Writing};
