//! AWS accounts: who owns a zone, and how much of it was read.

use std::fmt;
use std::str::FromStr;

use super::text::Untrusted;

/// An AWS account id: twelve digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId([u8; 12]);

/// A text that is no account id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account id has exactly 12 digits")]
pub struct BadAccountId;

impl AccountId {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII digits are stored")
    }
}

impl FromStr for AccountId {
    type Err = BadAccountId;

    fn from_str(text: &str) -> Result<Self, BadAccountId> {
        let digits: [u8; 12] = text.as_bytes().try_into().map_err(|_| BadAccountId)?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
            .ok_or(BadAccountId)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The place of an account in the inventory; given out by the configuration, in its order, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountIx(pub u32);

/// What the environment of an account is; unknown counts as production wherever something could be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Env {
    /// Production: shown as a badge.
    Prod,
    /// Anything that is named and is not production.
    NonProd,
    /// Not said and not to be told from the name.
    #[default]
    Unknown,
}

/// An account as configured, and what became of reading it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name in the configuration, or the profile's.
    pub name: Untrusted,
    /// The id that was pinned or that the account itself stated.
    pub id: Option<AccountId>,
    /// The profile that reads it, for commands to copy.
    pub profile: Option<Untrusted>,
    /// The environment's own word (`prod`, `dev`), as configured.
    pub env_label: Option<Untrusted>,
    /// The class of the environment.
    pub env: Env,
    /// How far it was read.
    pub status: AccountStatus,
}

/// How far an account was read. Only `Complete` lets an absence mean something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AccountStatus {
    /// Nothing was asked yet.
    #[default]
    Waiting,
    /// The scan is at it; its zones are not all listed yet.
    Reading,
    /// All zones are listed, and their number was confirmed by `GetHostedZoneCount`.
    Complete,
    /// The list of zones is cut short or does not add up.
    Partial(Problem),
    /// Nothing could be read.
    Failed(Problem),
    /// What is shown comes from the cache.
    Stale,
    /// It is the same account as the one at that place, which is read under that name alone.
    Merged(AccountIx),
}

impl AccountStatus {
    /// The stable word for reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Complete => "complete",
            Self::Partial(_) => "partial",
            Self::Failed(problem) => problem.kind.word(),
            Self::Stale => "stale",
            Self::Merged(_) => "merged",
        }
    }

    /// Whether no zone is lacking that should stand under this account.
    pub fn is_listed(&self) -> bool {
        matches!(self, Self::Complete | Self::Merged(_))
    }

    /// What went wrong, if anything did.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Partial(problem) | Self::Failed(problem) => Some(problem),
            _ => None,
        }
    }
}

/// Why something could not be read, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The class, which decides what is shown and which exit code follows.
    pub kind: ProblemKind,
    /// One line for a person.
    pub message: Untrusted,
    /// The exact command that mends it, where there is one.
    pub remedy: Option<Untrusted>,
    /// The AWS request id, for a support ticket.
    pub request_id: Option<Untrusted>,
}

/// The classes of failure to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// No login, or an expired one.
    Credentials,
    /// The login works, and the action is not allowed.
    Denied,
    /// The profile leads to another account than the pinned one; nothing of it was read.
    Quarantined,
    /// The rate limit held until the deadline.
    Throttled,
    /// No answer, a broken one, or an error of the service.
    Service,
    /// Answers that do not add up: a count that differs, a marker that repeats, a list that is cut short.
    Inconsistent,
    /// The person stopped the scan.
    Cancelled,
}

impl ProblemKind {
    /// The stable word for reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Credentials => "no-credentials",
            Self::Denied => "denied",
            Self::Quarantined => "quarantined",
            Self::Throttled => "throttled",
            Self::Service => "error",
            Self::Inconsistent => "inconsistent",
            Self::Cancelled => "cancelled",
        }
    }
}
