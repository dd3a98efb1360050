//! What is wrong: one rule per file, one table of them, and the survey that keeps all verdicts up to date.
//!
//! Pure. A rule speaks only of what was read: what rests on an absence is `Confidence::Unknown` while an account is unread.

mod asked;
mod context;
mod delegation;
mod finding;
mod lame;
pub mod rules;
mod signed;
mod status;
mod suffix;
mod survey;
pub mod trace;

pub use context::Context;
pub use delegation::DelegationFault;
pub use finding::{Confidence, Finding, Ground, Rule, Severity, Subject, Topic, ZoneRef};
pub use rules::{RULES, rule};
pub use status::Status;
pub use survey::{CutVerdict, Survey};

#[cfg(test)]
mod tests;
