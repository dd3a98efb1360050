//! What was really sent: one note for each request that left the program, credential requests included.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::account::AccountIx;
use crate::model::text::Untrusted;

/// One request that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it was sent.
    pub at: Timestamp,
    /// The account it was sent for.
    pub account: AccountIx,
    /// The operation, as IAM names it: `route53:ListHostedZones`.
    pub action: &'static str,
    /// The id of the zone it was about.
    pub subject: Option<Untrusted>,
    /// The HTTP status; none where no answer came.
    pub status: Option<u16>,
    /// The code of the service where it refused, or what became of the connection.
    pub failure: Option<Untrusted>,
    /// From sending to the end of the answer.
    pub took: Duration,
}

/// Where the notes go; it must not block.
pub type AttemptSink = Arc<dyn Fn(Attempt) + Send + Sync>;
