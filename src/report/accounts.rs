//! `zonecut accounts`: which logins work, and the exact command for those that do not.

use serde::Serialize;

use super::basis::Backdrop;
use super::outside::Outside;

/// The logins.
#[derive(Debug, Clone, Serialize)]
pub struct AccountsReport {
    /// The version of the document.
    pub schema: u32,
    /// RFC 3339, UTC.
    pub generated_at: String,
    /// The URL that requests go to instead of AWS.
    pub endpoint_override: Option<Outside>,
    /// Who answers there.
    #[serde(skip)]
    pub backdrop: Backdrop,
    /// The accounts, in the order of the configuration.
    pub accounts: Vec<Login>,
}

/// One login.
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    /// The name in the configuration.
    pub name: Outside,
    /// Twelve digits: stated by the account, else pinned.
    pub id: Option<String>,
    /// The profile that reads it.
    pub profile: Option<Outside>,
    /// The environment's own word, `PROD` for production.
    pub env: Option<Outside>,
    /// The way it is logged in to, in a few words.
    pub how: Outside,
    /// When the login ends or ended, where files of this machine tell.
    pub expires_at: Option<String>,
    /// `ready`, or why it is not.
    pub status: &'static str,
    /// The ARN of the principal.
    pub arn: Option<Outside>,
    /// How many zones the account says it has.
    pub expected_zones: Option<u64>,
    /// The name of an earlier login that leads to the same account: it is read by that one, once.
    pub same_as: Option<Outside>,
    /// What went wrong.
    pub error: Option<Outside>,
    /// The command that mends it.
    pub remedy: Option<Outside>,
    /// The AWS request id.
    pub request_id: Option<Outside>,
}

/// The status of a login that works.
pub const READY: &str = "ready";

impl Login {
    /// Whether the account can be read.
    pub fn is_ready(&self) -> bool {
        self.status == READY
    }
}
