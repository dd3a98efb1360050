//! What goes wrong on purpose: scripted in a world's file or set while it runs. Nothing goes wrong by itself.
//!
//! Actions are named as Route 53 and STS name them (`ListHostedZones`, `GetCallerIdentity`); `*` stands for every action.

use std::time::Duration;

use serde::Deserialize;

use crate::model::account::AccountId;

/// The faults of one account.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Milliseconds that each call takes.
    pub latency_ms: u64,
    /// The share of calls, 0 to 1, that are throttled whatever the token buckets hold.
    pub throttle: f64,
    /// The share of calls that end in a 500 or 503 without being applied.
    pub server_errors: f64,
    /// The share of connections that are reset before the call is applied.
    pub reset_before: f64,
    /// The share of connections that are reset after the call was applied.
    pub reset_after: f64,
    /// The actions that end in `AccessDenied`.
    pub deny: Vec<String>,
    /// Whether its roles are only for sessions with a multi-factor device.
    pub wants_mfa: bool,
    /// Whether every credential of the account has expired.
    pub expired: bool,
    /// The actions that are never answered.
    pub hang: Vec<String>,
    /// The account that `GetCallerIdentity` states instead of the true one.
    #[serde(deserialize_with = "account_id")]
    pub identity: Option<AccountId>,
    /// After how many true answers `identity` sets in.
    pub identity_after: u64,
    /// What is added to the number that `GetHostedZoneCount` tells.
    pub count_off_by: i64,
    /// A page of a list that gets lost.
    pub lost_page: Option<LostPage>,
    /// The list action whose second page leads back to the first.
    pub marker_cycle: Option<String>,
    /// Where bodies end too early.
    pub truncate: Option<Truncation>,
    /// Milliseconds after a write during which lists still show the old record sets, and no zone that was created.
    pub read_lag_ms: u64,
    /// Milliseconds after a change of a zone during which a further one ends in `PriorRequestNotComplete`.
    pub prior_request_ms: u64,
    /// Whether `InvalidChangeBatch` comes in the bare form that the service used until 2024.
    pub bare_change_errors: bool,
    /// The token bucket of the account, and of each of its actions that has none of its own; Route 53's where not given.
    pub rate: Option<Rate>,
}

/// A page that a list loses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostPage {
    /// The list action.
    pub action: String,
    /// Which page of a listing, from 1.
    pub page: u64,
    /// How it is lost.
    pub how: PageLoss,
    /// How often; always, where not given.
    pub times: Option<u64>,
}

/// How a page is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageLoss {
    /// The page before it says that it is the last one.
    EndsEarly,
    /// The page before it leads to the page after it.
    Skipped,
    /// It comes without its items.
    Emptied,
}

/// A body that ends too early.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truncation {
    /// The action; `*` for every one.
    pub action: String,
    /// After how many octets of the body the connection is closed.
    pub at: usize,
    /// How the end of the body is marked.
    pub framing: Framing,
}

/// How HTTP marks the end of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// By a `Content-Length`, which a cut belies.
    ContentLength,
    /// By chunks, whose last one a cut leaves out.
    Chunked,
    /// By the end of the connection: a cut cannot be told from the end.
    UntilClose,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many tokens it holds.
    pub burst: f64,
    /// How many it gains a second.
    pub per_second: f64,
}

impl Faults {
    /// How long each call takes.
    pub fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }

    /// How long after a write reads still show what was before.
    pub fn read_lag(&self) -> Duration {
        Duration::from_millis(self.read_lag_ms)
    }

    /// How long after a change of a zone a further one is refused.
    pub fn prior_request(&self) -> Duration {
        Duration::from_millis(self.prior_request_ms)
    }

    /// Whether an action is denied.
    pub fn denies(&self, action: &str) -> bool {
        names(&self.deny, action)
    }

    /// Whether an action is never answered.
    pub fn hangs(&self, action: &str) -> bool {
        names(&self.hang, action)
    }
}

/// Whether a list of actions names one; `route53:` and `sts:` before a name may be given or left out.
pub fn names(actions: &[String], action: &str) -> bool {
    actions.iter().any(|listed| {
        let (_, bare) = listed.split_once(':').unwrap_or(("", listed));
        bare == "*" || bare == action
    })
}

fn account_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<AccountId>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}
