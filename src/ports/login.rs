//! How an account is logged in to, as far as this machine's own files tell it: nothing is asked over the network.

use jiff::Timestamp;

use crate::model::text::Untrusted;

/// How an account is logged in to, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The way in a few words: `SSO acme`, `aws login`, `static keys`.
    pub how: Untrusted,
    /// Whether it holds.
    pub state: LoginState,
    /// The exact command that logs in (again), where there is one.
    pub remedy: Option<Untrusted>,
}

/// Whether a login holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginState {
    /// It holds until then.
    Until(Timestamp),
    /// It holds, or the SDK renews it by itself.
    Renewable,
    /// It ended, and only a person can renew it.
    Expired(Timestamp),
    /// Nobody logged in on this machine.
    Missing,
    /// No file tells: keys, a program or a server gives the credentials.
    Untold,
}

impl LoginState {
    /// Whether a request may be worth sending.
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Until(_) | Self::Renewable | Self::Untold)
    }
}
