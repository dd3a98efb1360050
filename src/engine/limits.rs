//! How an account may be asked: how fast, how often, and for how long.

use std::time::Duration;

/// How an account may be asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Requests a second; Route 53 allows an account 10, shared with everything else that uses it.
    pub rps: f64,
    /// Requests that may be sent at once after a rest; Route 53 allows 50.
    pub burst: u32,
    /// Requests under way at the same time.
    pub in_flight: usize,
    /// How long an account may fail in a row before what is left of it is given up.
    pub patience: Duration,
    /// How long the reading of an account may take at all.
    pub deadline: Option<Duration>,
    /// The span of the first wait after a failure; it doubles with each further one.
    pub back_off: Duration,
    /// The longest span that a wait is drawn from.
    pub longest_back_off: Duration,
    /// How long one request may take before it counts as failed. Adapters have limits of their own; this one only has to
    /// be longer, and longer than a person may take to type a code.
    pub timeout: Duration,
}

impl From<&crate::config::Scan> for Limits {
    fn from(scan: &crate::config::Scan) -> Self {
        Self {
            rps: scan.rps,
            burst: scan.burst,
            in_flight: scan.in_flight as usize,
            deadline: Some(scan.deadline),
            // A program of a credential_process may have to wait for its turn.
            timeout: Self::default().timeout.max(scan.process_timeout.saturating_mul(3)),
            ..Self::default()
        }
    }
}

impl Default for Limits {
    /// Four fifths of what Route 53 allows, so that other users of the account are not throttled.
    fn default() -> Self {
        Self {
            rps: 8.0,
            burst: 40,
            in_flight: 8,
            patience: Duration::from_secs(600),
            deadline: None,
            back_off: Duration::from_millis(200),
            longest_back_off: Duration::from_secs(30),
            timeout: Duration::from_secs(330),
        }
    }
}
